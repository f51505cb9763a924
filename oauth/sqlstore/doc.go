// Package sqlstore keeps grants in PostgreSQL, MySQL, MariaDB or SQLite, through
// database/sql and whatever driver the app uses.
//
//	db, err := sql.Open("pgx", dsn)
//	store, err := sqlstore.New(db, sqlstore.PostgreSQL)
//	err = store.Migrate(ctx) // or run sqlstore.Schema with the app's own migrations
//	err = store.Check(ctx)   // at start: schema there, connection writes
//
// One row stands for one grant. A refresh takes a lease in the row and holds neither a
// connection nor a transaction while the platform answers. Leases are measured by the
// database's clock, so the clocks of the instances do not matter.
//
// Every statement works on its own: there is no session state, no advisory lock and no
// prepared statement that outlives its call, so that a pooler in transaction mode, such
// as PgBouncer, may stand between (with pgx: default_query_exec_mode=exec or
// simple_protocol). In PostgreSQL a grant is written with synchronous_commit on,
// whatever the default of the database is, because a refresh token that is lost in a
// crash cannot be had again.
//
// All statements have to reach the primary. A connection to a replica is refused by
// Check and by every write; a router that sends reads to replicas must not be used.
//
// SQLite serves one machine: open the file with a busy timeout and write-ahead log, as
// in "file:grants.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)" with
// modernc.org/sqlite, and share it only between processes of that machine. Version 3.42
// or newer is needed.
package sqlstore
