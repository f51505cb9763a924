package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/sqldb"
	"github.com/shotengai/shotengai-go/oauth"
)

// Store is an [oauth.TokenStore] in an SQL database. It is safe for concurrent use.
type Store struct {
	db *sqldb.DB
}

var _ oauth.TokenStore = (*Store)(nil)

// Option is an option of [New].
type Option func(*options)

type options struct{ prefix string }

// WithPrefix begins the names of the tables with another word than [DefaultPrefix]: up to
// 48 small letters, digits and underscores. In PostgreSQL and MySQL it may name a schema,
// as in "apps.oauth_".
func WithPrefix(prefix string) Option {
	return func(o *options) { o.prefix = prefix }
}

// New returns a store on a pool of connections, which stays the caller's. It sends
// nothing: Check reports whether the database is fit.
func New(db *sql.DB, dialect Dialect, opts ...Option) (*Store, error) {
	o := options{prefix: DefaultPrefix}
	for _, opt := range opts {
		opt(&o)
	}
	opened, err := schema.Open(db, sqldb.Dialect(dialect), o.prefix)
	if err != nil {
		return nil, err
	}
	return &Store{db: opened}, nil
}

// Migrate makes the tables, or leaves them as they are if they have the right version.
// Several instances may call it at once.
func (s *Store) Migrate(ctx context.Context) error { return s.db.Migrate(ctx) }

// Check reports whether the store can work: call it at start. Its errors match
// [oauth.ErrStoreSetup] when the schema is missing or of another version, and when the
// connection only reads.
func (s *Store) Check(ctx context.Context) error { return s.db.Check(ctx) }

// text completes a statement: {key} is the condition that selects one row by three
// arguments.
func (s *Store) text(query string) string {
	return s.db.Text(strings.ReplaceAll(query, "{key}", "platform = ? AND app = ? AND shop = ?"))
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
	err := s.db.Explain("load", s.db.Read(ctx, func(q sqldb.Querier) error {
		row := q.QueryRowContext(ctx, s.text("SELECT "+headerColumns+", sealed FROM {p}grants WHERE {key}"), key.Platform, key.App, key.Shop)
		return notFound(row.Scan(append(h.into(), &h.rec.Sealed)...))
	}))
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
	err := s.db.Explain("due", s.db.Read(ctx, func(q sqldb.Querier) (err error) {
		entries, err = list(ctx, q, s.text("SELECT shop, "+headerColumns+" FROM {p}grants WHERE platform = ? AND app = ? AND shop > ? AND "+
			where+" ORDER BY shop LIMIT ?"), args)
		return err
	}))
	for i := range entries {
		entries[i].Platform, entries[i].App = query.Platform, query.App
	}
	return entries, err
}

func list(ctx context.Context, q sqldb.Querier, query string, args []any) ([]oauth.Entry, error) {
	rows, err := q.QueryContext(ctx, query, args...)
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
