package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/oauth"
)

// Store is an [oauth.TokenStore] in an SQL database. It is safe for concurrent use.
type Store struct {
	db      *sql.DB
	dialect Dialect
	prefix  string
}

var _ oauth.TokenStore = (*Store)(nil)

// Option is an option of [New].
type Option func(*Store) error

var prefixForm = regexp.MustCompile(`^([a-z_][a-z0-9_]*\.)?[a-z_][a-z0-9_]*$`)

// WithPrefix begins the names of the tables with another word than [DefaultPrefix]. In
// PostgreSQL and MySQL it may name a schema, as in "apps.oauth_".
func WithPrefix(prefix string) Option {
	return func(s *Store) error {
		if !prefixForm.MatchString(prefix) || len(prefix) > 40 {
			return fmt.Errorf("prefix %q: up to 40 small letters, digits and underscores", prefix)
		}
		if s.dialect == SQLite && strings.Contains(prefix, ".") {
			return fmt.Errorf("prefix %q: SQLite has no schemas", prefix)
		}
		s.prefix = prefix
		return nil
	}
}

// New returns a store on a pool of connections, which stays the caller's. It sends
// nothing: Check says whether the database is fit.
func New(db *sql.DB, dialect Dialect, opts ...Option) (*Store, error) {
	s := &Store{db: db, dialect: dialect, prefix: DefaultPrefix}
	switch {
	case db == nil:
		return nil, errors.New("sqlstore: no database")
	case !slices.Contains([]Dialect{PostgreSQL, MySQL, SQLite}, dialect):
		return nil, fmt.Errorf("sqlstore: unknown dialect %q", dialect)
	}
	for _, opt := range opts {
		if err := opt(s); err != nil {
			return nil, fmt.Errorf("sqlstore: %w", err)
		}
	}
	return s, nil
}

// Schema returns the statements that Migrate runs.
func (s *Store) Schema() string { return schema(s.dialect, s.prefix) }

// Migrate makes the tables, or leaves them as they are if they have the right version.
// Several instances may call it at once.
func (s *Store) Migrate(ctx context.Context) error {
	var err error
	for range tries {
		if err = s.migrate(ctx); err == nil || condition(err) != errBeingMade { //nolint:errorlint // the value itself
			break
		}
	}
	if err != nil {
		return s.explain("migrate", err)
	}
	return s.checkVersion(ctx)
}

func (s *Store) migrate(ctx context.Context) error {
	for statement := range strings.SplitSeq(s.Schema(), ";\n") {
		if statement == "" {
			continue
		}
		if _, err := s.db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// Check reports whether the store can work: call it at start. Its errors match
// [oauth.ErrStoreSetup] when the schema is missing or of another version, and when the
// connection only reads.
func (s *Store) Check(ctx context.Context) error {
	if err := s.checkVersion(ctx); err != nil {
		return err
	}
	return s.try(ctx, "check", func(q querier) error {
		_, err := q.ExecContext(ctx, "UPDATE "+s.prefix+"schema SET version = version WHERE id = 1")
		return err
	})
}

func (s *Store) checkVersion(ctx context.Context) error {
	var version int
	err := s.db.QueryRowContext(ctx, "SELECT version FROM "+s.prefix+"schema WHERE id = 1").Scan(&version)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("sqlstore: check: %w: the table %sschema is empty; run Migrate or Schema", oauth.ErrStoreSetup, s.prefix)
	case err != nil:
		return s.explain("check", err)
	case version != SchemaVersion:
		return fmt.Errorf("sqlstore: check: %w: the schema has version %d, this package works with %d", oauth.ErrStoreSetup, version, SchemaVersion)
	}
	return nil
}

// sql completes a statement: T is the table, NOW the clock, KEY the condition that
// selects one row by three arguments.
func (s *Store) sql(query string) string {
	query = strings.NewReplacer(
		"{T}", s.prefix+"grants",
		"{NOW}", s.dialect.now(),
		"{KEY}", "platform = ? AND app = ? AND shop = ?",
	).Replace(query)
	return s.dialect.rebind(query)
}

func (s *Store) exec(ctx context.Context, q querier, query string, args ...any) (int64, error) {
	res, err := q.ExecContext(ctx, s.sql(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// micros is how times are stored; 0 is the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// header is a record without the grant, as it is scanned.
const headerColumns = "version, save_id, status, reason, expiry, due, ends, updated"

type header struct {
	rec                        oauth.Record
	status                     string
	expiry, due, ends, updated int64
}

func (h *header) into() []any {
	return []any{&h.rec.Version, &h.rec.SaveID, &h.status, &h.rec.Reason, &h.expiry, &h.due, &h.ends, &h.updated}
}

func (h *header) record() oauth.Record {
	rec := h.rec
	rec.Status = oauth.Status(h.status)
	rec.Expiry, rec.Due = fromMicros(h.expiry), fromMicros(h.due)
	rec.Ends, rec.UpdatedAt = fromMicros(h.ends), fromMicros(h.updated)
	return rec
}

// Load returns the record.
func (s *Store) Load(ctx context.Context, key oauth.Key) (oauth.Record, error) {
	var h header
	err := s.try(ctx, "load", func(q querier) error {
		row := q.QueryRowContext(ctx, s.sql("SELECT "+headerColumns+", sealed FROM {T} WHERE {KEY}"), key.Platform, key.App, key.Shop)
		return notFound(row.Scan(append(h.into(), &h.rec.Sealed)...))
	})
	if err != nil {
		return oauth.Record{}, err
	}
	return h.record(), nil
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return oauth.ErrNoGrant
	}
	return err
}

// Due lists records.
func (s *Store) Due(ctx context.Context, query oauth.DueQuery) ([]oauth.Entry, error) {
	where := "status <> 'deleted'"
	args := []any{query.Platform, query.App, query.After}
	if !query.Before.IsZero() {
		where = "status = 'active' AND due > 0 AND due <= ?"
		args = append(args, micros(query.Before))
	}
	args = append(args, query.Limit)
	var entries []oauth.Entry
	err := s.try(ctx, "due", func(querier) (err error) {
		entries, err = s.list(ctx, s.sql("SELECT shop, "+headerColumns+" FROM {T} WHERE platform = ? AND app = ? AND shop > ? AND "+
			where+" ORDER BY shop LIMIT ?"), args)
		return err
	})
	for i := range entries {
		entries[i].Key.Platform, entries[i].Key.App = query.Platform, query.App
	}
	return entries, err
}

func (s *Store) list(ctx context.Context, query string, args []any) ([]oauth.Entry, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var entries []oauth.Entry
	for rows.Next() {
		var h header
		var shop string
		if err := rows.Scan(append([]any{&shop}, h.into()...)...); err != nil {
			return nil, err
		}
		entries = append(entries, oauth.Entry{Key: oauth.Key{Shop: shop}, Record: h.record()})
	}
	return entries, rows.Err()
}
