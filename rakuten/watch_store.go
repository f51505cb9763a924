package rakuten

import (
	"context"
	"slices"
	"sync"
	"time"
)

// WatchRecord is what a Watcher keeps of one shop. It holds no secret and may be stored as
// JSON.
type WatchRecord struct {
	Shop      string    `json:"shop"`
	Version   int64     `json:"version"`    // counts the saves; 0 for a shop that was never saved
	KeyID     string    `json:"key_id"`     // stands for the key without telling it
	SeenAt    time.Time `json:"seen_at"`    // when the key was first seen
	ExpiresAt time.Time `json:"expires_at"` // zero when not known
	CheckedAt time.Time `json:"checked_at"` // when the platform last told the date
	NextCheck time.Time `json:"next_check"` // nobody checks before; also the lease of a check under way
	Failures  int       `json:"failures"`   // checks in a row that found no date
	Raised    []string  `json:"raised"`     // events raised for the key
}

// WatchStore keeps the records of a Watcher, so that several instances share the work and
// raise each event once. It has to be safe for concurrent use.
type WatchStore interface {
	// Load returns a shop's record, and the zero WatchRecord with its Shop for one that
	// was never saved.
	Load(ctx context.Context, shop string) (WatchRecord, error)
	// Save stores the record with its version plus one, provided that the stored one still
	// has its version. It reports false, and stores nothing, when it has not.
	Save(ctx context.Context, record WatchRecord) (bool, error)
}

// MemoryWatchStore is a WatchStore for one process. The zero value is ready. After a
// restart it has forgotten which events were raised.
type MemoryWatchStore struct {
	mu      sync.Mutex
	records map[string]WatchRecord
}

// Load returns a shop's record.
func (s *MemoryWatchStore) Load(_ context.Context, shop string) (WatchRecord, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	record, ok := s.records[shop]
	if !ok {
		return WatchRecord{Shop: shop}, nil
	}
	record.Raised = slices.Clone(record.Raised)
	return record, nil
}

// Save stores a record if nobody else has meanwhile.
func (s *MemoryWatchStore) Save(_ context.Context, record WatchRecord) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.records[record.Shop].Version != record.Version {
		return false, nil
	}
	if s.records == nil {
		s.records = make(map[string]WatchRecord)
	}
	record.Version++
	record.Raised = slices.Clone(record.Raised)
	s.records[record.Shop] = record
	return true, nil
}
