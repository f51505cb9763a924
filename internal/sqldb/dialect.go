// Package sqldb is what the packages that keep rows in an SQL database share: dialects,
// placeholders, prefixes of tables, a schema with a version, and which failures are worth
// another try. It imports no driver.
package sqldb

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Dialect is the SQL of a database. The packages that show one declare a string type of
// their own with these values, because their users cannot name a type of this package.
type Dialect string

// The dialects.
const (
	PostgreSQL Dialect = "postgresql" // version 12 or newer
	MySQL      Dialect = "mysql"      // MySQL 8, and MariaDB 10.5 or newer
	SQLite     Dialect = "sqlite"     // version 3.42 or newer
)

// clock is the time of the database since 1970 in a unit, whatever the time zone of the
// session is.
func (d Dialect) clock(unit time.Duration) string {
	perSecond := time.Second / unit
	switch d {
	case PostgreSQL:
		return fmt.Sprintf("(extract(epoch from clock_timestamp()) * %d)::bigint", perSecond)
	case MySQL:
		return fmt.Sprintf("(TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6)) DIV %d)", unit/time.Microsecond)
	}
	return fmt.Sprintf("CAST(unixepoch('subsec') * %d AS INTEGER)", perSecond)
}

// bind writes the places of the arguments, each a question mark, as the database wants
// them.
func (d Dialect) bind(query string) string {
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

// insertNew makes an INSERT that leaves a row alone whose key is there already.
func (d Dialect) insertNew(into string) string {
	if d == MySQL {
		return "INSERT IGNORE " + into
	}
	return "INSERT " + into + " ON CONFLICT DO NOTHING"
}

// columnTypes are, in pairs, the column types of a [Table]. Keys and words compare byte by
// byte everywhere, and only they have a limit: 255 and 64 bytes in MySQL, where an index
// needs one.
func (d Dialect) columnTypes() []string {
	switch d {
	case PostgreSQL:
		return []string{"{key}", `text COLLATE "C"`, "{word}", `text COLLATE "C"`, "{text}", "text", "{bytes}", "bytea", "{int}", "bigint"}
	case MySQL:
		return []string{"{key}", "varbinary(255)", "{word}", "varbinary(64)", "{text}", "blob", "{bytes}", "longblob", "{int}", "bigint"}
	}
	return []string{"{key}", "text", "{word}", "text", "{text}", "text", "{bytes}", "blob", "{int}", "bigint"}
}
