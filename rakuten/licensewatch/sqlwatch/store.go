package sqlwatch

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go/internal/sqldb"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

// Dialect is the SQL of a database. The types of the same name in oauth/sqlstore and
// hooks/sqlledger have the same values and convert to it.
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
const DefaultPrefix = "shotengai_licence_"

// ErrSetup means that the database answers but cannot be used as it is: the schema is
// missing or of another version, or the connection only reads.
var ErrSetup = errors.New("licence watch store not set up")

var schema = sqldb.Schema{
	Package: "sqlwatch",
	Prefix:  DefaultPrefix,
	Version: SchemaVersion,
	Unit:    time.Millisecond,
	Setup:   ErrSetup,
	Tables: []sqldb.Table{{
		Name: "watch",
		Columns: `shop {key} NOT NULL PRIMARY KEY,
version {int} NOT NULL,
record {text} NOT NULL`,
	}},
}

// Schema returns the statements that make the tables, each ended by a semicolon and a line
// break, for apps that run their own migrations. They may be repeated. The prefix is that of
// [WithPrefix], or "" for [DefaultPrefix]. Schema returns "" for a dialect or a prefix that
// [New] refuses.
func Schema(dialect Dialect, prefix string) string {
	return schema.SQL(sqldb.Dialect(dialect), prefix)
}

// Store is a [licensewatch.Store] in an SQL database. It is safe for concurrent use.
type Store struct {
	db                   *sqldb.DB
	load, insert, update string
}

var _ licensewatch.Store = (*Store)(nil)

// Option is an option of [New].
type Option func(*options)

type options struct{ prefix string }

// WithPrefix begins the names of the tables with another word than [DefaultPrefix]: up to
// 48 small letters, digits and underscores. In PostgreSQL and MySQL it may name a schema,
// as in "apps.licence_".
func WithPrefix(prefix string) Option {
	return func(o *options) { o.prefix = prefix }
}

// New returns a store on a pool of connections, which stays the caller's. It sends nothing:
// Check reports whether the database is fit.
func New(db *sql.DB, dialect Dialect, opts ...Option) (*Store, error) {
	o := options{prefix: DefaultPrefix}
	for _, opt := range opts {
		opt(&o)
	}
	opened, err := schema.Open(db, sqldb.Dialect(dialect), o.prefix)
	if err != nil {
		return nil, err
	}
	return &Store{
		db:     opened,
		load:   opened.Text(`SELECT version, record FROM {p}watch WHERE shop = ?`),
		insert: opened.InsertNew(`INTO {p}watch (record, shop, version) VALUES (?, ?, 1)`),
		update: opened.Text(`UPDATE {p}watch SET record = ?, version = version + 1 WHERE shop = ? AND version = ?`),
	}, nil
}

// Migrate makes the tables, and adds what is new to those of an older version. The rows
// stay as they are. Several instances may call it at once, and others may work meanwhile.
func (s *Store) Migrate(ctx context.Context) error { return s.db.Migrate(ctx) }

// Check reports whether the store can work: call it at start. Its errors match [ErrSetup]
// when the schema is missing or of another version, and when the connection only reads.
func (s *Store) Check(ctx context.Context) error { return s.db.Check(ctx) }

// Load implements [licensewatch.Store].
func (s *Store) Load(ctx context.Context, shop string) (licensewatch.Record, error) {
	record := licensewatch.Record{Shop: shop}
	var version int64
	var text []byte
	err := s.db.Read(ctx, func(q sqldb.Querier) error {
		return q.QueryRowContext(ctx, s.load, shop).Scan(&version, &text)
	})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return record, nil
	case err != nil:
		return record, s.db.Explain("load", err)
	}
	if err := json.Unmarshal(text, &record); err != nil {
		return record, fmt.Errorf("sqlwatch: load: shop %q: %w", shop, err)
	}
	record.Shop, record.Version = shop, version
	return record, nil
}

// Save implements [licensewatch.Store].
func (s *Store) Save(ctx context.Context, record licensewatch.Record) (bool, error) {
	before := record.Version
	record.Version++
	text, err := json.Marshal(record)
	if err != nil {
		return false, fmt.Errorf("sqlwatch: save: shop %q: %w", record.Shop, err)
	}
	var changed int64
	if before == 0 {
		changed, err = s.db.Exec(ctx, s.insert, string(text), record.Shop)
	} else {
		changed, err = s.db.Exec(ctx, s.update, string(text), record.Shop, before)
	}
	return changed == 1, s.db.Explain("save", err)
}
