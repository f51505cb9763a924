package oauth

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
)

// MemoryStore is a [TokenStore] in the memory of one process: for tests, for tools and
// for grants that never change. A restart loses it all.
type MemoryStore struct {
	volatile bool

	mu   sync.Mutex
	rows map[Key]*memoryRow
}

type memoryRow struct {
	Record
	owner    string
	until    time.Time
	attempts int
}

// MemoryOption is an option of [NewMemoryStore].
type MemoryOption func(*MemoryStore)

// AllowVolatile accepts that the grants of a platform with rotating refresh tokens are
// lost with the process. Without it [NewManager] refuses the store for such a platform.
func AllowVolatile() MemoryOption {
	return func(s *MemoryStore) { s.volatile = true }
}

// NewMemoryStore returns an empty store.
func NewMemoryStore(opts ...MemoryOption) *MemoryStore {
	s := &MemoryStore{rows: make(map[Key]*memoryRow)}
	for _, opt := range opts {
		opt(s)
	}
	return s
}

// row finds a record that may be changed, which a deleted one may not.
func (s *MemoryStore) row(ctx context.Context, key Key) (*memoryRow, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	row, ok := s.rows[key]
	switch {
	case !ok:
		return nil, ErrNoGrant
	case row.Status == StatusDeleted:
		return nil, shotengai.ErrConflict
	}
	return row, nil
}

// Load returns the record.
func (s *MemoryStore) Load(ctx context.Context, key Key) (Record, error) {
	if err := ctx.Err(); err != nil {
		return Record{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	row, ok := s.rows[key]
	if !ok {
		return Record{}, ErrNoGrant
	}
	rec := row.Record
	rec.Sealed = slices.Clone(rec.Sealed)
	return rec, nil
}

// Put stores a new consent.
func (s *MemoryStore) Put(ctx context.Context, key Key, rec Record) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rec.Version = 1
	if old, ok := s.rows[key]; ok {
		rec.Version = old.Version + 1
	}
	s.rows[key] = newMemoryRow(rec)
	return rec.Version, nil
}

// Acquire takes the lease.
func (s *MemoryStore) Acquire(ctx context.Context, key Key, version int64, owner string, ttl time.Duration) (Lease, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row, err := s.row(ctx, key)
	switch {
	case err != nil:
		return Lease{}, err
	case row.Version != version || row.Status != StatusActive:
		return Lease{}, shotengai.ErrConflict
	}
	now := time.Now()
	taken := now.Before(row.until)
	if taken && row.owner != owner {
		return Lease{Remaining: row.until.Sub(now), HeldOff: row.owner == ""}, nil
	}
	if !taken {
		row.attempts++
	}
	row.owner, row.until = owner, now.Add(ttl)
	return Lease{Held: true, Attempts: row.attempts - 1}, nil
}

// Save replaces the record of a version.
func (s *MemoryStore) Save(ctx context.Context, key Key, version int64, rec Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	row, err := s.row(ctx, key)
	switch {
	case err != nil:
		return err
	case row.SaveID == rec.SaveID && row.Version == rec.Version:
		return nil
	case row.Version != version:
		return shotengai.ErrConflict
	}
	s.rows[key] = newMemoryRow(rec)
	return nil
}

// Release gives the lease back.
func (s *MemoryStore) Release(ctx context.Context, key Key, owner string, wait time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	row, err := s.row(ctx, key)
	if err != nil || row.owner != owner {
		return ctx.Err()
	}
	row.owner, row.until = "", time.Now().Add(wait)
	row.attempts = max(row.attempts-1, 0)
	return nil
}

// Delete marks the record as deleted.
func (s *MemoryStore) Delete(ctx context.Context, key Key) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	row, err := s.row(ctx, key)
	if err != nil {
		return ctx.Err()
	}
	s.rows[key] = newMemoryRow(Record{Version: row.Version + 1, Status: StatusDeleted})
	return nil
}

// Due lists records.
func (s *MemoryStore) Due(ctx context.Context, query DueQuery) ([]Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var entries []Entry
	for key, row := range s.rows {
		if key.Platform == query.Platform && key.App == query.App && key.Shop > query.After && row.selected(query.Before) {
			rec := row.Record
			rec.Sealed = nil
			entries = append(entries, Entry{Key: key, Record: rec})
		}
	}
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Shop, b.Shop) })
	return entries[:min(len(entries), query.Limit)], nil
}

func newMemoryRow(rec Record) *memoryRow {
	row := &memoryRow{Record: rec}
	row.Sealed = slices.Clone(rec.Sealed)
	row.UpdatedAt = time.Now()
	return row
}

func (r *memoryRow) selected(before time.Time) bool {
	if before.IsZero() {
		return r.Status != StatusDeleted
	}
	return r.Status == StatusActive && !r.Due.IsZero() && !r.Due.After(before)
}
