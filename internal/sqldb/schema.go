package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Schema is the tables of a package, and how it speaks of them.
type Schema struct {
	// Package begins the texts of errors.
	Package string
	// Prefix begins the names of the tables of an app that sets no other.
	Prefix string
	// Version is the version of the tables, which a row of the database holds. It is raised
	// when tables are added.
	Version int
	// Tables are the tables, but for that of the version. A version adds tables and leaves
	// those of earlier versions as they are, so that instances of both work side by side.
	Tables []Table
	// Unit is what the clock {now} of the statements counts.
	Unit time.Duration

	// Setup is what errors match when somebody has to set the database right: the tables
	// are missing or of another version, or the connection only reads.
	Setup error
	// Answers are errors of statements that are results and not failures: they are
	// returned as they are.
	Answers []error
}

// Table is one table.
type Table struct {
	Name string // without the prefix
	// Columns are the definitions of the columns and of the primary key. Types are {key},
	// {word}, {text}, {bytes} and {int}.
	Columns string
	// Index names the index over IndexOn; "" for none.
	Index, IndexOn string
}

// maxPrefix leaves room for the names of tables and indices in PostgreSQL.
const maxPrefix = 48

var prefixForm = regexp.MustCompile(`^[a-z_][a-z0-9_]*(\.([a-z_][a-z0-9_]*)?)?$`)

// check refuses an unknown dialect and a prefix that cannot begin a name.
func (s *Schema) check(d Dialect, prefix string) error {
	switch {
	case !slices.Contains([]Dialect{PostgreSQL, MySQL, SQLite}, d):
		return fmt.Errorf("%s: unknown dialect %q", s.Package, d)
	case len(prefix) > maxPrefix || !prefixForm.MatchString(prefix):
		return fmt.Errorf("%s: prefix %q: up to %d small letters, digits and underscores, and one dot behind a schema", s.Package, prefix, maxPrefix)
	case d == SQLite && strings.Contains(prefix, "."):
		return fmt.Errorf("%s: prefix %q: SQLite has no schemas", s.Package, prefix)
	}
	return nil
}

// SQL returns the statements that make the tables, each ended by a semicolon and a line
// break. It returns "" for a dialect or a prefix that Open refuses. An empty prefix is the
// package's own.
func (s *Schema) SQL(d Dialect, prefix string) string {
	if prefix == "" {
		prefix = s.Prefix
	}
	if s.check(d, prefix) != nil {
		return ""
	}
	return strings.Join(s.statements(d, prefix), ";\n") + ";\n"
}

func (s *Schema) statements(d Dialect, prefix string) []string {
	version := Table{Name: "schema", Columns: "id {int} NOT NULL PRIMARY KEY,\nversion {int} NOT NULL"}
	var statements []string
	for _, t := range append(slices.Clone(s.Tables), version) {
		statements = append(statements, t.statements(d, prefix)...)
	}
	return append(statements,
		d.insertNew(fmt.Sprintf("INTO %sschema (id, version) VALUES (1, %d)", prefix, s.Version)),
		// Last, so that a database has the version of which it has all tables.
		fmt.Sprintf("UPDATE %sschema SET version = %d WHERE id = 1 AND version < %[2]d", prefix, s.Version))
}

func (t Table) statements(d Dialect, prefix string) []string {
	columns := strings.NewReplacer(append(d.columnTypes(), "\n", "\n  ")...).Replace(t.Columns)
	options := ""
	if d == MySQL {
		options = " ENGINE=InnoDB"
		if t.Index != "" {
			columns += fmt.Sprintf(",\n  KEY %s (%s)", t.Index, t.IndexOn)
		}
	}
	statements := []string{fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s%s (\n  %s\n)%s", prefix, t.Name, columns, options)}
	if d != MySQL && t.Index != "" {
		unqualified := prefix[strings.Index(prefix, ".")+1:] // an index is made where its table is
		statements = append(statements, fmt.Sprintf("CREATE INDEX IF NOT EXISTS %s%s_%s ON %s%s (%s)",
			unqualified, t.Name, t.Index, prefix, t.Name, t.IndexOn))
	}
	return statements
}

// Migrate makes the tables that are missing, and raises the version. It leaves rows as they
// are, and tables of a newer version, for which it fails. Several instances may call it at
// once.
func (db *DB) Migrate(ctx context.Context) error {
	var err error
	for range tries {
		if err = db.makeTables(ctx); condition(err) != errBeingMade { //nolint:errorlint // condition returns the value itself
			break
		}
	}
	if err != nil {
		return db.Explain("migrate", err)
	}
	return db.checkVersion(ctx)
}

func (db *DB) makeTables(ctx context.Context) error {
	for _, statement := range db.schema.statements(db.Dialect, db.prefix) {
		if _, err := db.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// Check reports whether the tables are there in the right version and the connection
// writes. Its errors match Schema.Setup if somebody has to do something about it.
func (db *DB) Check(ctx context.Context) error {
	if err := db.checkVersion(ctx); err != nil {
		return err
	}
	_, err := db.Exec(ctx, "UPDATE "+db.prefix+"schema SET version = version WHERE id = 1")
	return db.Explain("check", err)
}

const missing = -1 // where no row holds the version

func (db *DB) checkVersion(ctx context.Context) error {
	version := missing
	err := db.Read(ctx, func(q Querier) error {
		err := q.QueryRowContext(ctx, "SELECT version FROM "+db.prefix+"schema WHERE id = 1").Scan(&version)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	switch {
	case err != nil:
		return db.Explain("check", err)
	case version == missing:
		return fmt.Errorf("%s: check: %w: the table %sschema is empty; run Migrate or Schema", db.schema.Package, db.schema.Setup, db.prefix)
	case version < db.schema.Version:
		return fmt.Errorf("%s: check: %w: the schema has version %d, this package works with %d; run Migrate or Schema", db.schema.Package, db.schema.Setup, version, db.schema.Version)
	case version > db.schema.Version:
		return fmt.Errorf("%s: check: %w: the schema has version %d, this package works with %d", db.schema.Package, db.schema.Setup, version, db.schema.Version)
	}
	return nil
}
