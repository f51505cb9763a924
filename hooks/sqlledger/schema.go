package sqlledger

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Dialect is the SQL of a database. Its values are those of the grants' sqlstore.
type Dialect string

// The databases.
const (
	PostgreSQL Dialect = "postgresql"
	// MySQL is also MariaDB.
	MySQL  Dialect = "mysql"
	SQLite Dialect = "sqlite"
)

// SchemaVersion is the version of the tables that this package works with.
const SchemaVersion = 1

// ErrSchema means that the tables are missing, or of another version: see [Ledger.Migrate].
var ErrSchema = errors.New("sqlledger: schema missing or of another version")

// now is the database's clock in milliseconds since 1970.
var now = map[Dialect]string{
	PostgreSQL: `(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint`,
	MySQL:      `(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)`,
	SQLite:     `CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)`,
}

// types are the column types: a key, an instant or counter, and bytes.
var types = map[Dialect][3]string{
	PostgreSQL: {"text COLLATE \"C\"", "bigint", "bytea"},
	MySQL:      {"varchar(191) CHARACTER SET ascii COLLATE ascii_bin", "bigint", "varbinary(4096)"},
	SQLite:     {"text", "integer", "blob"},
}

var tables = []string{
	`CREATE TABLE IF NOT EXISTS {p}events (
	id {key} NOT NULL PRIMARY KEY,
	shop {key} NOT NULL,
	owner {key} NOT NULL,
	attempt {int} NOT NULL,
	lease_until {int} NOT NULL,
	first_at {int} NOT NULL,
	done {int} NOT NULL,
	expires_at {int} NOT NULL,
	result {bytes}
)`,
	`CREATE TABLE IF NOT EXISTS {p}shops (
	shop {key} NOT NULL PRIMARY KEY,
	owner {key} NOT NULL,
	lease_until {int} NOT NULL,
	mark_kind {key} NOT NULL,
	mark_ref {key} NOT NULL,
	mark_at {int} NOT NULL
)`,
	`CREATE TABLE IF NOT EXISTS {p}once (
	id {key} NOT NULL PRIMARY KEY,
	done_at {int} NOT NULL
)`,
	`CREATE TABLE IF NOT EXISTS {p}schema (
	version {int} NOT NULL PRIMARY KEY
)`,
}

// Schema returns the statements that make the tables of [SchemaVersion], for an app
// that has migrations of its own. They may be run again. The prefix is that of
// [WithPrefix], or "" for the default.
func Schema(dialect Dialect, prefix string) ([]string, error) {
	if prefix == "" {
		prefix = defaultPrefix
	}
	kinds, ok := types[dialect]
	if !ok {
		return nil, fmt.Errorf("sqlledger: unknown dialect %q", dialect)
	}
	if !validPrefix(prefix) {
		return nil, fmt.Errorf("sqlledger: invalid prefix %q", prefix)
	}
	fill := strings.NewReplacer("{p}", prefix, "{key}", kinds[0], "{int}", kinds[1], "{bytes}", kinds[2])
	statements := make([]string, 0, len(tables)+1)
	for _, table := range tables {
		statements = append(statements, fill.Replace(table))
	}
	version := fmt.Sprintf("INTO %sschema (version) VALUES (%d)", prefix, SchemaVersion)
	return append(statements, ignoring(dialect, version)), nil
}

// ignoring makes an INSERT that leaves a row alone whose key is there already.
func ignoring(dialect Dialect, into string) string {
	if dialect == MySQL {
		return "INSERT IGNORE " + into
	}
	return "INSERT " + into + " ON CONFLICT DO NOTHING"
}

// Migrate makes the tables that are missing. Several processes may call it at once.
func (l *Ledger) Migrate(ctx context.Context) error {
	statements, err := Schema(l.dialect, l.prefix)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		// Two processes that make one table at once can collide in the catalogue.
		for try := 1; ; try++ {
			_, err := l.exec(ctx, statement)
			if err == nil {
				break
			}
			if try == 3 || ctx.Err() != nil {
				return fmt.Errorf("sqlledger: migrate: %w", err)
			}
		}
	}
	return l.Check(ctx)
}

// Check fails with [ErrSchema] when the tables are missing or of another version. Call
// it at the start of an app that migrates elsewhere.
func (l *Ledger) Check(ctx context.Context) error {
	var version int
	err := l.db.QueryRowContext(ctx, "SELECT MAX(version) FROM "+l.prefix+"schema").Scan(&version)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSchema, err)
	}
	if version != SchemaVersion {
		return fmt.Errorf("%w: found %d, want %d", ErrSchema, version, SchemaVersion)
	}
	return nil
}
