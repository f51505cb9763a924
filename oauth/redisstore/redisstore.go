package redisstore

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

// DefaultPrefix begins the names of all keys.
const DefaultPrefix = "shotengai:oauth:"

// Store is an [oauth.TokenStore] in Redis. It is safe for concurrent use.
type Store struct {
	client redis.UniversalClient
	prefix string
	mark   atomic.Pointer[string] // what the marker held at Check
}

var _ oauth.TokenStore = (*Store)(nil)

// Option is an option of [New].
type Option func(*Store) error

// WithPrefix begins the names of the keys with another text than [DefaultPrefix].
func WithPrefix(prefix string) Option {
	return func(s *Store) error {
		for _, r := range prefix {
			if r <= ' ' || r > '~' || r == '{' || r == '}' {
				return fmt.Errorf("prefix %q: printable ASCII without braces", prefix)
			}
		}
		s.prefix = prefix
		return nil
	}
}

// New returns a store on a client, which stays the caller's. It sends nothing.
func New(client redis.UniversalClient, opts ...Option) (*Store, error) {
	if client == nil {
		return nil, errors.New("redisstore: no client")
	}
	s := &Store{client: client, prefix: DefaultPrefix}
	for _, opt := range opts {
		if err := opt(s); err != nil {
			return nil, fmt.Errorf("redisstore: %w", err)
		}
	}
	return s, nil
}

// row is the key of a grant. The braces are the hash tag.
func (s *Store) row(key oauth.Key) string {
	return s.prefix + "{" + escape(key.Platform, key.App, key.Shop) + "}"
}

// index is the sorted set of the shops that ever had a grant.
func (s *Store) index(platform, app string) string {
	return s.prefix + "shops:{" + escape(platform, app) + "}"
}

// marker is a key that holds the same random text as long as the server has not lost its
// data.
func (s *Store) marker() string { return s.prefix + "marker" }

// escape joins parts so that no two lists of parts are the same, without braces.
func escape(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = url.QueryEscape(part)
	}
	return strings.Join(escaped, "/")
}

func micros(t time.Time) string {
	if t.IsZero() {
		return "0"
	}
	return strconv.FormatInt(t.UnixMicro(), 10)
}

func fromMicros(text string) (time.Time, error) {
	us, err := strconv.ParseInt(text, 10, 64)
	if err != nil || us == 0 {
		return time.Time{}, err
	}
	return time.UnixMicro(us).UTC(), nil
}

func explain(op string, err error) error {
	if err == nil || errors.Is(err, oauth.ErrNoGrant) || errors.Is(err, shotengai.ErrConflict) || errors.Is(err, oauth.ErrStoreLost) {
		return err
	}
	return fmt.Errorf("redisstore: %s: %w", op, err)
}

// fields are those of a record in the order that parse reads them; the grant is last,
// so that a listing can leave it out.
var fields = []string{"version", "save_id", "status", "reason", "expiry", "due", "ends", "updated", "sealed"}

// parse reads the values of fields. It returns ErrNotFound for a row that is not there.
func parse(values []any) (rec oauth.Record, err error) {
	texts := make([]string, len(fields))
	for i, value := range values {
		text, ok := value.(string)
		if !ok {
			return rec, oauth.ErrNoGrant
		}
		texts[i] = text
	}
	rec.SaveID, rec.Status, rec.Reason = texts[1], oauth.Status(texts[2]), texts[3]
	if texts[8] != "" {
		rec.Sealed = []byte(texts[8])
	}
	if rec.Version, err = strconv.ParseInt(texts[0], 10, 64); err != nil {
		return rec, errors.New("the row holds something else")
	}
	for i, at := range []*time.Time{&rec.Expiry, &rec.Due, &rec.Ends, &rec.UpdatedAt} {
		if *at, err = fromMicros(texts[4+i]); err != nil {
			return rec, errors.New("the row holds something else")
		}
	}
	return rec, nil
}

// Load returns the record. Where the row is missing and the whole server seems to have
// been emptied since Check, the error matches [oauth.ErrStoreLost].
func (s *Store) Load(ctx context.Context, key oauth.Key) (oauth.Record, error) {
	values, err := s.client.HMGet(ctx, s.row(key), fields...).Result()
	if err != nil {
		return oauth.Record{}, explain("load", err)
	}
	rec, err := parse(values)
	if errors.Is(err, oauth.ErrNoGrant) {
		err = s.missing(ctx)
	}
	return rec, explain("load", err)
}

// missing distinguishes a shop without a grant from a server without data.
func (s *Store) missing(ctx context.Context) error {
	want := s.mark.Load()
	if want == nil {
		return oauth.ErrNoGrant
	}
	mark, err := s.client.Get(ctx, s.marker()).Result()
	switch {
	case err != nil && !errors.Is(err, redis.Nil):
		return err
	case mark != *want:
		return fmt.Errorf("redisstore: %w: Redis was emptied", oauth.ErrStoreLost)
	}
	return oauth.ErrNoGrant
}

// Due lists records. It reads the rows of all shops, a page at a time.
func (s *Store) Due(ctx context.Context, query oauth.DueQuery) ([]oauth.Entry, error) {
	var entries []oauth.Entry
	for len(entries) < query.Limit {
		start := "-"
		if query.After != "" {
			start = "(" + query.After
		}
		shops, err := s.client.ZRangeArgs(ctx, redis.ZRangeArgs{
			Key: s.index(query.Platform, query.App), ByLex: true, Start: start, Stop: "+", Count: int64(query.Limit),
		}).Result()
		if err != nil {
			return nil, explain("due", err)
		}
		page, err := s.page(ctx, query, shops)
		if err != nil {
			return nil, explain("due", err)
		}
		entries = append(entries, page...)
		if len(shops) < query.Limit {
			break
		}
		query.After = shops[len(shops)-1]
	}
	return entries[:min(len(entries), query.Limit)], nil
}

// page reads the rows of some shops and keeps those that are asked for.
func (s *Store) page(ctx context.Context, query oauth.DueQuery, shops []string) ([]oauth.Entry, error) {
	pipe := s.client.Pipeline()
	replies := make([]*redis.SliceCmd, len(shops))
	for i, shop := range shops {
		key := oauth.Key{Platform: query.Platform, App: query.App, Shop: shop}
		replies[i] = pipe.HMGet(ctx, s.row(key), fields[:len(fields)-1]...)
	}
	if len(shops) > 0 {
		if _, err := pipe.Exec(ctx); err != nil {
			return nil, err
		}
	}
	var entries []oauth.Entry
	for i, reply := range replies {
		rec, err := parse(reply.Val())
		switch {
		case errors.Is(err, oauth.ErrNoGrant):
			continue // indexed, and never put
		case err != nil:
			return nil, err
		}
		if selected(rec, query.Before) {
			entries = append(entries, oauth.Entry{
				Key:    oauth.Key{Platform: query.Platform, App: query.App, Shop: shops[i]},
				Record: rec,
			})
		}
	}
	return entries, nil
}

func selected(rec oauth.Record, before time.Time) bool {
	if before.IsZero() {
		return rec.Status != oauth.StatusDeleted
	}
	return rec.Status == oauth.StatusActive && !rec.Due.IsZero() && !rec.Due.After(before)
}
