package sqlstore

import (
	"fmt"
	"strconv"
	"strings"
)

// Dialect is the SQL of a database. Its values are those of the hooks' sqlledger.
type Dialect string

const (
	// PostgreSQL is version 12 or newer.
	PostgreSQL Dialect = "postgresql"
	// MySQL is MySQL 8 and MariaDB 10.5 or newer.
	MySQL Dialect = "mysql"
	// SQLite is version 3.42 or newer.
	SQLite Dialect = "sqlite"
)

// now is the database's clock in microseconds since 1970, whatever the time zone of the
// session is.
func (d Dialect) now() string {
	switch d {
	case PostgreSQL:
		return "(extract(epoch from clock_timestamp()) * 1000000)::bigint"
	case MySQL:
		return "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6))"
	}
	return "CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
}

// rebind writes placeholders as the database wants them.
func (d Dialect) rebind(query string) string {
	if d != PostgreSQL {
		return query
	}
	var b strings.Builder
	for i := 1; ; i++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(i))
		query = after
	}
}

// SchemaVersion is the version of the schema that this package works with.
const SchemaVersion = 1

// DefaultPrefix begins the names of the tables.
const DefaultPrefix = "shotengai_oauth_"

// Schema returns the statements that make the tables with the default prefix, each
// ended by a semicolon: for apps that run their own migrations. They may be repeated.
func Schema(d Dialect) string { return schema(d, DefaultPrefix) }

// types are the column types that differ. Keys compare byte by byte everywhere, and
// nothing that a platform chooses the length of has a limit.
func (d Dialect) types() (key, word, text, bytes string) {
	switch d {
	case PostgreSQL:
		return `text COLLATE "C"`, "text", "text", "bytea"
	case MySQL:
		return "varbinary(255)", "varbinary(64)", "blob", "longblob"
	}
	return "text", "text", "text", "blob"
}

func schema(d Dialect, prefix string) string {
	key, word, text, bytes := d.types()
	platform := key
	if d == MySQL {
		platform = word
	}
	var index, options string
	if d == MySQL {
		index, options = ",\n  KEY due (platform, app, due)", " ENGINE=InnoDB"
	}
	statements := []string{
		fmt.Sprintf(`CREATE TABLE IF NOT EXISTS %[1]sgrants (
  platform %[2]s NOT NULL,
  app %[3]s NOT NULL,
  shop %[3]s NOT NULL,
  version bigint NOT NULL,
  save_id %[4]s NOT NULL,
  status %[4]s NOT NULL,
  reason %[5]s NOT NULL,
  sealed %[6]s NOT NULL,
  expiry bigint NOT NULL,
  due bigint NOT NULL,
  ends bigint NOT NULL,
  updated bigint NOT NULL,
  lease_owner %[4]s NOT NULL,
  lease_until bigint NOT NULL,
  attempts bigint NOT NULL,
  PRIMARY KEY (platform, app, shop)%[7]s
)%[8]s`, prefix, platform, key, word, text, bytes, index, options),
	}
	if d != MySQL {
		statements = append(statements,
			fmt.Sprintf("CREATE INDEX IF NOT EXISTS %sgrants_due ON %sgrants (platform, app, due)", unqualified(prefix), prefix))
	}
	statements = append(statements,
		fmt.Sprintf("CREATE TABLE IF NOT EXISTS %sschema (id bigint NOT NULL PRIMARY KEY, version bigint NOT NULL)%s", prefix, options),
		insertVersion(d, prefix),
	)
	return strings.Join(statements, ";\n") + ";\n"
}

// unqualified is a prefix without the schema: an index is made where its table is.
func unqualified(prefix string) string {
	_, name, found := strings.Cut(prefix, ".")
	if !found {
		return prefix
	}
	return name
}

func insertVersion(d Dialect, prefix string) string {
	if d == MySQL {
		return fmt.Sprintf("INSERT IGNORE INTO %sschema (id, version) VALUES (1, %d)", prefix, SchemaVersion)
	}
	return fmt.Sprintf("INSERT INTO %sschema (id, version) VALUES (1, %d) ON CONFLICT (id) DO NOTHING", prefix, SchemaVersion)
}
