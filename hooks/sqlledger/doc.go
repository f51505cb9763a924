// Package sqlledger keeps the hooks of an app in a database that it already has:
// PostgreSQL, MySQL or MariaDB, or SQLite, by database/sql and whatever driver the
// app uses.
//
//	ledger, err := sqlledger.New(db, sqlledger.PostgreSQL)
//	err = ledger.Migrate(ctx) // or run sqlledger.Schema with the app's own migrations
//	err = ledger.Check(ctx)   // at start: schema there, connection writes
//
// Every statement of a claim stands alone, touches one row and commits at once, so
// there is nothing to deadlock on and nothing to lose in a pooler that changes the
// connection between transactions. All times are those of the database's clock. The
// connection has to reach the primary: a read-only one fails.
//
// In PostgreSQL a claim is granted, an event finished and a transaction of [Ledger.Once] or
// [Ledger.Do] committed with synchronous_commit on, whatever the default of the database
// is. A crash that lost one of them would let an event act once more as if for the first
// time, let an event of an install that has ended in again, or lose the change of a delivery
// that was answered with success and never comes again.
//
// # Exactly once
//
// A ledger alone lets an effect happen once, unless a process dies between the effect
// and its record: then it happens again, with a higher attempt. Where the effect is a
// change in the same database, [Ledger.Do] closes that gap:
//
//	OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
//		return ledger.Do(ctx, func(ctx context.Context, tx *sql.Tx) error {
//			_, err := tx.ExecContext(ctx, "DELETE FROM shops WHERE id = $1", e.AccountID)
//			return err
//		})
//	}
//
// In a transaction of the app's own, [Ledger.Once] does.
package sqlledger
