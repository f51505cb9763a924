package licensewatch

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go/rakuten"
)

// Record is what a Watcher keeps of one shop. It holds no secret and may be stored as
// JSON.
type Record struct {
	Shop       string          `json:"shop"`
	Version    int64           `json:"version"`     // counts the saves; 0 for a shop that was never saved
	KeyID      string          `json:"key_id"`      // the key's fingerprint, from which the key cannot be computed
	SeenAt     time.Time       `json:"seen_at"`     // when the key was first seen
	ExpiresAt  time.Time       `json:"expires_at"`  // zero when not known
	CheckedAt  time.Time       `json:"checked_at"`  // when the platform last returned the date
	AnsweredAt time.Time       `json:"answered_at"` // when the platform last said anything of the key
	NextCheck  time.Time       `json:"next_check"`  // nobody checks before; also the lease of a check under way
	Verdict    rakuten.Verdict `json:"verdict"`     // what the last check found
	Failures   int             `json:"failures"`    // checks in a row that found nothing out
	Raised     []string        `json:"raised"`      // events that were raised, each with its key, the newest last
}

// Store keeps the records of a Watcher, so that several instances share the work and
// raise each event once. It has to be safe for concurrent use.
type Store interface {
	// Load returns a shop's record, and the zero Record with its Shop for one that
	// was never saved.
	Load(ctx context.Context, shop string) (Record, error)
	// Save stores the record with its version plus one, provided that the stored one still
	// has its version. It reports false, and stores nothing, when it has not.
	Save(ctx context.Context, record Record) (bool, error)
}

// MemoryStore is a Store for one process. The zero value is ready. After a
// restart it has forgotten which events were raised.
type MemoryStore struct {
	mu      sync.Mutex
	records map[string]Record
}

// Load returns a shop's record.
func (s *MemoryStore) Load(_ context.Context, shop string) (Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	record, ok := s.records[shop]
	if !ok {
		return Record{Shop: shop}, nil
	}
	record.Raised = slices.Clone(record.Raised)
	return record, nil
}

// Save stores a record if nobody else has meanwhile.
func (s *MemoryStore) Save(_ context.Context, record Record) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.records[record.Shop].Version != record.Version {
		return false, nil
	}
	if s.records == nil {
		s.records = make(map[string]Record)
	}
	record.Version++
	record.Raised = slices.Clone(record.Raised)
	s.records[record.Shop] = record
	return true, nil
}

// use makes the record one of the licence in force. Events start anew for another key;
// those of the former stay, since an instance may hold it for a while longer.
func (r *Record) use(license rakuten.License, now time.Time) {
	if id := license.Fingerprint(); id != r.KeyID {
		*r = Record{Shop: r.Shop, Version: r.Version, KeyID: id, SeenAt: now, Raised: r.Raised}
	}
	if r.CheckedAt.IsZero() {
		r.ExpiresAt = license.Expiry()
	}
}

func (r *Record) status() Status {
	return Status{Shop: r.Shop, ExpiresAt: r.ExpiresAt, CheckedAt: r.CheckedAt, Verdict: r.Verdict}
}

// settling reports whether the key was first seen minutes ago.
func (r *Record) settling(now time.Time) bool { return now.Sub(r.SeenAt).Abs() < rakuten.SettlingTime }

// patient reports whether a check that found nothing out is no alarm yet. What is known of a
// key is good for two rounds, unless a key that worked is refused.
func (r *Record) patient(refused bool, every time.Duration, now time.Time) bool {
	return r.Failures < failuresAllowed || now.Sub(r.AnsweredAt).Abs() < 2*every && (!refused || r.Verdict != rakuten.VerdictWorks)
}

// ends is the event of the nearest level that was reached, unless it was raised.
func (r *Record) ends(now time.Time) []Event {
	days, known := r.status().DaysLeft(now)
	level, reached := levelOf(days)
	if !known || !reached {
		return nil
	}
	event := Event{Shop: r.Shop, Kind: Ends, Threshold: level, DaysLeft: days, ExpiresAt: r.ExpiresAt}
	if level == ended {
		event.Kind, event.Threshold = Expired, 0
	}
	return r.unraised(event)
}

// unraised is the event, unless it was raised for the key.
func (r *Record) unraised(event Event) []Event {
	if slices.Contains(r.Raised, r.mark(event)) {
		return nil
	}
	return []Event{event}
}

func (r *Record) mark(event Event) string { return r.KeyID + " " + event.name() }

// maxMarks is how many events a record remembers, enough for three keys.
const maxMarks = 40

func (r *Record) raise(event Event) {
	r.Raised = append(r.Raised, r.mark(event))
	r.Raised = r.Raised[max(0, len(r.Raised)-maxMarks):]
}

// forget drops the marks of what has to be raised again, should it come again: levels above
// which the key stands, as they were reached by a wrong clock or date, and causes of an
// alarm that are over since the key works.
func (r *Record) forget(now time.Time) {
	days, known := r.status().DaysLeft(now)
	works := r.Verdict == rakuten.VerdictWorks || r.Verdict == rakuten.VerdictExpiryNotEnabled
	r.Raised = slices.DeleteFunc(r.Raised, func(mark string) bool {
		name, ours := strings.CutPrefix(mark, r.KeyID+" ")
		if !ours {
			return false
		}
		if level, err := strconv.Atoi(name); err == nil {
			return known && level < days
		}
		return works && name != string(r.Verdict)
	})
}
