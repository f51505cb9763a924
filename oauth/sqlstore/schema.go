package sqlstore

import (
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/sqldb"
	"github.com/shotengai/shotengai-go/oauth"
)

// Dialect is the SQL of a database. Package hooks/sqlledger has a type of the same values,
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

// SchemaVersion is the version of the schema that this package works with.
const SchemaVersion = 1

// DefaultPrefix begins the names of the tables.
const DefaultPrefix = "shotengai_oauth_"

// schema has no limit on what a platform chooses the length of.
var schema = sqldb.Schema{
	Package: "sqlstore",
	Prefix:  DefaultPrefix,
	Version: SchemaVersion,
	Unit:    time.Microsecond,
	Setup:   oauth.ErrStoreSetup,
	Answers: []error{oauth.ErrNoGrant, shotengai.ErrConflict},
	Tables: []sqldb.Table{{
		Name: "grants",
		Columns: `platform {word} NOT NULL,
app {key} NOT NULL,
shop {key} NOT NULL,
version {int} NOT NULL,
save_id {word} NOT NULL,
status {word} NOT NULL,
reason {text} NOT NULL,
sealed {bytes} NOT NULL,
expiry {int} NOT NULL,
due {int} NOT NULL,
ends {int} NOT NULL,
updated {int} NOT NULL,
lease_owner {word} NOT NULL,
lease_until {int} NOT NULL,
attempts {int} NOT NULL,
PRIMARY KEY (platform, app, shop)`,
		Index:   "due",
		IndexOn: "platform, app, due",
	}},
}

// Schema returns the statements that make the tables, each ended by a semicolon and a line
// break, for apps that run their own migrations. They may be repeated. The prefix is that
// of [WithPrefix], or "" for [DefaultPrefix]. Schema returns "" for a dialect or a prefix
// that [New] refuses.
func Schema(dialect Dialect, prefix string) string {
	return schema.SQL(sqldb.Dialect(dialect), prefix)
}
