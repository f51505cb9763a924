// Package sqlwatch keeps what a watcher of Rakuten's licence keys has seen and raised in a
// database that the app already has: PostgreSQL, MySQL or MariaDB, or SQLite, by database/sql
// and whatever driver the app uses.
//
//	store, err := sqlwatch.New(db, sqlwatch.PostgreSQL)
//	err = store.Migrate(ctx) // or run sqlwatch.Schema with the app's own migrations
//	err = store.Check(ctx)   // at start: schema there, connection writes
//	watcher, err := licensewatch.New(licensewatch.Config{Store: store, …})
//
// All instances of an app share the table: each key is checked by one of them, and each event
// is raised once. The rows hold no licence key, only the fingerprint of one. The row of a shop
// that is no longer watched stays until the app deletes it.
package sqlwatch
