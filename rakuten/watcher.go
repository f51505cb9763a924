package rakuten

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

// WatcherConfig says what a Watcher watches. Shops, Client and Store are required.
type WatcherConfig struct {
	// Shops lists the shops to watch. It is asked in every round.
	Shops func(ctx context.Context) ([]string, error)
	// Client returns the client of a shop. Its licence source is asked for the key.
	Client func(ctx context.Context, shop string) (*Client, error)
	// Store keeps what was seen and raised. Instances that share it share the work.
	Store WatchStore

	// Every is the time between two checks of a key, 24 hours when 0. Up to a tenth of it
	// is taken off at random, so that keys are not checked all at once.
	Every time.Duration
	// Pace lets one check after the other begin; one a second when nil.
	Pace Limiter
	// Now replaces time.Now.
	Now func() time.Time
}

// Watcher checks the licence keys of many shops daily and raises an event when a key comes
// near its end or nothing can be found out about it. Each event is raised once per key,
// whichever instance does: at the first of 30, 14, 7, 3, 1 and 0 days that has been reached,
// and once for unknown. An instance that dies, or holds an event for more than 10 minutes,
// before that is written down makes another one raise it again. It is safe for concurrent
// use.
type Watcher struct{ config WatcherConfig }

// warningDays are the days before the end of a key at which an event is raised.
var warningDays = [...]int{30, 14, 7, 3, 1, 0}

// Times of a Watcher.
const (
	watchLease      = 10 * time.Minute // a check under way; another instance takes over after it
	watchRetry      = time.Hour        // after a check that found the platform out of reach
	watchIdle       = time.Hour        // the longest pause between rounds, so that new shops are seen
	watchShortest   = 5 * time.Minute  // the shortest pause between rounds
	failuresAllowed = 3                // checks in a row without an answer, after which nothing is known
)

// LicenseEventKind is why an event was raised.
type LicenseEventKind string

// Values of LicenseEventKind.
const (
	LicenseEnds       LicenseEventKind = "ends"    // the key ends in DaysLeft days
	LicenseHasExpired LicenseEventKind = "expired" // the key has ended
	LicenseUnknown    LicenseEventKind = "unknown" // when the key ends cannot be found out, or it is refused: an alarm
)

// LicenseEvent is something that a person has to know of a licence key.
type LicenseEvent struct {
	Shop      string
	Kind      LicenseEventKind
	Threshold int        // the one of 30, 14, 7, 3, 1 and 0 days that was reached; for LicenseEnds and LicenseHasExpired
	DaysLeft  int        // days of the calendar in Japan, 0 on the last one, negative after it; 0 when ExpiresAt is zero
	ExpiresAt time.Time  // zero when not known
	Diagnosis *Diagnosis // for LicenseUnknown after a refusal
	Err       error      // for LicenseUnknown: what the check failed with
}

// LicenseStatus is what is known of a shop's key.
type LicenseStatus struct {
	Shop      string
	ExpiresAt time.Time // zero when not known
	CheckedAt time.Time // when the platform last told the date; zero for never
}

// DaysLeft is the days of the calendar in Japan up to the last day of the key: 0 on that
// day, negative after it. It reports false when the end is not known.
func (s LicenseStatus) DaysLeft(now time.Time) (days int, known bool) {
	if s.ExpiresAt.IsZero() {
		return 0, false
	}
	last, today := DateOf(s.ExpiresAt).In(time.UTC), DateOf(now).In(time.UTC)
	days = int(last.Sub(today) / (24 * time.Hour))
	if days == 0 && now.After(s.ExpiresAt) {
		return -1, true
	}
	return days, true
}

// NewWatcher makes a watcher. It starts nothing.
func NewWatcher(config WatcherConfig) (*Watcher, error) {
	if config.Shops == nil || config.Client == nil || config.Store == nil {
		return nil, errors.New("rakuten: a watcher needs Shops, Client and Store")
	}
	if config.Every < 0 {
		return nil, errors.New("rakuten: a watcher's Every must not be negative")
	}
	config.Every = cmp.Or(config.Every, 24*time.Hour)
	if config.Pace == nil {
		config.Pace = api.PerSecond(1, 1)
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Watcher{config}, nil
}

// Run watches until the context ends and hands each event to handle. An event whose
// handle fails is raised again an hour later. Handle is also called with trouble that the
// watcher has itself, as an error and no event; what it returns then does not count.
func (w *Watcher) Run(ctx context.Context, handle func(LicenseEvent, error) error) error {
	for ctx.Err() == nil {
		next := w.round(ctx, handle)
		if err := wait(ctx, next); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Events watches until the context or the loop ends. An event counts as raised when the
// loop asks for the next one; leaving the loop raises it again later. An error is trouble
// that the watcher has itself and comes without an event; it does not end the iteration.
func (w *Watcher) Events(ctx context.Context) iter.Seq2[LicenseEvent, error] {
	return func(yield func(LicenseEvent, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		_ = w.Run(ctx, func(event LicenseEvent, err error) error {
			if ctx.Err() != nil {
				return errStopped
			}
			if !yield(event, err) {
				cancel()
				return errStopped
			}
			return nil
		})
	}
}

// Check makes one round over all shops whose check is due. Run makes them for ever.
func (w *Watcher) Check(ctx context.Context, handle func(LicenseEvent, error) error) error {
	w.round(ctx, handle)
	return ctx.Err()
}

var errStopped = errors.New("rakuten: the loop over events has ended")

// Statuses returns what is known of all shops, those that end first at the top and those
// of which nothing is known before them.
func (w *Watcher) Statuses(ctx context.Context) ([]LicenseStatus, error) {
	shops, err := w.config.Shops(ctx)
	if err != nil {
		return nil, fmt.Errorf("rakuten: watcher: %w", err)
	}
	statuses := make([]LicenseStatus, 0, len(shops))
	for _, shop := range shops {
		record, err := w.config.Store.Load(ctx, shop)
		if err != nil {
			return nil, fmt.Errorf("rakuten: watcher: shop %s: %w", shop, err)
		}
		statuses = append(statuses, LicenseStatus{Shop: shop, ExpiresAt: record.ExpiresAt, CheckedAt: record.CheckedAt})
	}
	slices.SortStableFunc(statuses, func(a, b LicenseStatus) int { return a.ExpiresAt.Compare(b.ExpiresAt) })
	return statuses, nil
}

// round checks the shops that are due and tells how long to wait for the next round.
func (w *Watcher) round(ctx context.Context, handle func(LicenseEvent, error) error) time.Duration {
	shops, err := w.config.Shops(ctx)
	if err != nil {
		_ = handle(LicenseEvent{}, fmt.Errorf("rakuten: watcher: %w", err))
		return watchIdle
	}
	next := w.config.Now().Add(watchIdle)
	for _, shop := range shops {
		due, err := w.shop(ctx, shop, handle)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			_ = handle(LicenseEvent{}, fmt.Errorf("rakuten: watcher: shop %s: %w", shop, err))
			continue
		}
		if due.Before(next) {
			next = due
		}
	}
	return max(next.Sub(w.config.Now()), watchShortest)
}

// shop checks one shop if it is due and tells when it is due next.
func (w *Watcher) shop(ctx context.Context, shop string, handle func(LicenseEvent, error) error) (time.Time, error) {
	record, err := w.config.Store.Load(ctx, shop)
	if err != nil {
		return time.Time{}, err
	}
	client, err := w.config.Client(ctx, shop)
	if err != nil {
		return time.Time{}, err
	}
	license, err := client.auth.licenses.License(ctx)
	if err != nil {
		return time.Time{}, err
	}
	now := w.config.Now()
	if id := keyID(license); id != record.KeyID { // a renewed key is looked at at once
		record = WatchRecord{Shop: shop, Version: record.Version, KeyID: id, SeenAt: now, ExpiresAt: license.Expiry()}
	}
	if now.Before(record.NextCheck) {
		return record.NextCheck, nil
	}
	record.NextCheck = now.Add(watchLease)
	if claimed, err := w.config.Store.Save(ctx, record); err != nil || !claimed {
		return record.NextCheck, err
	}
	record.Version++
	if err := w.config.Pace.Wait(ctx); err != nil {
		return record.NextCheck, err
	}
	events := w.check(ctx, client, license, &record)
	if ctx.Err() != nil {
		return record.NextCheck, ctx.Err()
	}
	for _, event := range events {
		if handle(event, nil) != nil {
			record.NextCheck = w.config.Now().Add(watchRetry)
			continue
		}
		record.Raised = append(record.Raised, event.name())
	}
	// The event was handled: it is written down even if the context has ended since.
	if _, err := w.config.Store.Save(context.WithoutCancel(ctx), record); err != nil {
		return record.NextCheck, err
	}
	return record.NextCheck, nil
}

// check asks the platform for the end of a key, writes down what it says and returns the
// events that are due.
func (w *Watcher) check(ctx context.Context, client *Client, license License, record *WatchRecord) []LicenseEvent {
	now := w.config.Now()
	record.NextCheck = now.Add(w.config.Every - rand.N(w.config.Every/10+1))
	expiry, err := client.Licenses.expiryOf(ctx, license)
	if err == nil {
		record.ExpiresAt, record.CheckedAt, record.Failures = expiry, now, 0
		return record.ends(now)
	}
	record.Failures++
	events := record.ends(now)
	unknown := LicenseEvent{Shop: record.Shop, Kind: LicenseUnknown, ExpiresAt: record.ExpiresAt, Err: err}
	unknown.DaysLeft, _ = LicenseStatus{ExpiresAt: record.ExpiresAt}.DaysLeft(now)
	settling := record.CheckedAt.IsZero() && (now.Sub(record.SeenAt) < SettlingTime || license.settling(now))
	switch {
	case refused(err) && settling:
		record.NextCheck = now.Add(watchLease)
		return events
	case !refused(err) && record.Failures < failuresAllowed:
		record.NextCheck = now.Add(watchRetry)
		return events
	}
	if slices.Contains(record.Raised, string(LicenseUnknown)) {
		return events
	}
	if refused(err) {
		license.ExpiresAt = record.ExpiresAt // what the platform told while it could
		unknown.Diagnosis = new(client.diagnose(ctx, license, time.Time{}, err, now))
	}
	return append(events, unknown)
}

// ends is the event of the nearest threshold that was reached, unless it was raised.
func (r *WatchRecord) ends(now time.Time) []LicenseEvent {
	days, known := LicenseStatus{ExpiresAt: r.ExpiresAt}.DaysLeft(now)
	if !known {
		return nil
	}
	event := LicenseEvent{Shop: r.Shop, Kind: LicenseEnds, Threshold: -1, DaysLeft: days, ExpiresAt: r.ExpiresAt}
	for _, threshold := range warningDays {
		if days <= threshold {
			event.Threshold = threshold
		}
	}
	if days < 0 {
		event.Kind = LicenseHasExpired
	}
	if event.Threshold < 0 || slices.Contains(r.Raised, event.name()) {
		return nil
	}
	return []LicenseEvent{event}
}

// name is how an event is written down as raised.
func (e LicenseEvent) name() string {
	if e.Kind == LicenseUnknown {
		return string(LicenseUnknown)
	}
	return strconv.Itoa(e.Threshold)
}

// keyID stands for a pair of credentials without telling it.
func keyID(license License) string {
	sum := sha256.Sum256([]byte(license.ServiceSecret.Reveal() + "\x00" + license.Key.Reveal()))
	return hex.EncodeToString(sum[:16])
}
