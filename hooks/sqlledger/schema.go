package sqlledger

import (
	"errors"
	"time"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/internal/sqldb"
)

// Dialect is the SQL of a database. Package oauth/sqlstore has a type of the same values,
// to which this one converts: neither package may import the other, and both are built on
// one internal package whose types no user can name.
type Dialect string

const (
	// PostgreSQL is version 12 or newer.
	PostgreSQL = Dialect(sqldb.PostgreSQL)
	// MySQL is MySQL 8 and MariaDB 10.5 or newer.
	MySQL = Dialect(sqldb.MySQL)
	// SQLite is version 3.42 or newer.
	SQLite = Dialect(sqldb.SQLite)
)

// SchemaVersion is the version of the schema that this package works with. Version 2 has
// the table of installs that have ended, gone.
const SchemaVersion = 2

// DefaultPrefix begins the names of the tables.
const DefaultPrefix = "shotengai_hook_"

// ErrSetup means that the database answers but cannot be used as it is: the schema is
// missing or of another version, or the connection only reads.
var ErrSetup = errors.New("hook ledger not set up")

var schema = sqldb.Schema{
	Package: "sqlledger",
	Prefix:  DefaultPrefix,
	Version: SchemaVersion,
	Unit:    time.Millisecond,
	Setup:   ErrSetup,
	Answers: []error{hooks.ErrClaimLost},
	Tables: []sqldb.Table{
		{
			Name: "events",
			Columns: `id {key} NOT NULL PRIMARY KEY,
shop {key} NOT NULL,
owner {key} NOT NULL,
attempt {int} NOT NULL,
lease_until {int} NOT NULL,
first_at {int} NOT NULL,
done {int} NOT NULL,
expires_at {int} NOT NULL,
result {bytes}`,
		},
		{
			Name: "shops",
			Columns: `shop {key} NOT NULL PRIMARY KEY,
owner {key} NOT NULL,
lease_until {int} NOT NULL,
mark_kind {key} NOT NULL,
mark_ref {key} NOT NULL,
mark_at {int} NOT NULL`,
		},
		{
			Name: "gone",
			Columns: `shop {key} NOT NULL,
ref {key} NOT NULL,
PRIMARY KEY (shop, ref)`,
		},
		{
			Name: "once",
			Columns: `id {key} NOT NULL PRIMARY KEY,
done_at {int} NOT NULL`,
		},
	},
}

// Schema returns the statements that make the tables, each ended by a semicolon and a line
// break, for apps that run their own migrations. They may be repeated, and they bring tables
// of an older version to this one. The prefix is that
// of [WithPrefix], or "" for [DefaultPrefix]. Schema returns "" for a dialect or a prefix
// that [New] refuses.
func Schema(dialect Dialect, prefix string) string {
	return schema.SQL(sqldb.Dialect(dialect), prefix)
}
