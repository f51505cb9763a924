package licensewatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/mail"
	"runtime/debug"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
	"github.com/shotengai/shotengai-go/rakuten"
)

// Config says what a Watcher watches. Shops, Client and Store are required.
type Config struct {
	// Shops lists the shops to watch. It is asked in every round.
	Shops func(ctx context.Context) ([]string, error)
	// Client returns the client of a shop. It is asked, and its licence source for the key,
	// in every round, which is every 5 minutes to an hour, so that a renewed key is looked
	// at within the hour: keep clients, do not make new ones.
	Client func(ctx context.Context, shop string) (*rakuten.Client, error)
	// Contacts returns the people who look after a shop's key, several if possible: one of
	// them may be away when the key ends. They are in events and statuses, in the notice and
	// the calendar. It is asked when an event is to be raised; an event whose contacts cannot
	// be found out is raised again an hour later. Nil for none.
	Contacts func(ctx context.Context, shop string) ([]mail.Address, error)
	// Store keeps what was seen and raised. Instances that share it share the work.
	Store Store

	// Every is the time between two checks of a key, 24 hours when 0. Up to a tenth of it
	// is taken off at random, so that keys are not checked all at once.
	Every time.Duration
	// Pace lets one check after the other begin; one a second and instance when nil.
	Pace shotengai.Limiter
	// Now replaces time.Now.
	Now func() time.Time
}

// Watcher checks the licence keys of many shops daily and raises an event when a key comes
// near its end, has ended, or nothing can be found out about it.
//
// Of 30, 14, 7, 3, 1 and 0 days left, the nearest that was reached is raised, in the first
// hours of its day in Japan; those that a late check has passed over are not. An alarm of
// kind Unknown is raised once for each cause, the verdict of its Diagnosis: when a
// key is refused, after the minutes that a new one may need; and when a key that nothing
// was known of cannot be asked about three times, or any for two days. It comes again when
// the key has worked in between.
//
// Each event is raised once per key, whichever instance does. It is handed over first and
// written down then: an instance that dies in between, cannot reach the store or holds an
// event for more than 10 minutes makes another one raise it again. So an event may come
// twice, and is not lost. A Watcher is safe for concurrent use, and calls handlers one
// after the other.
type Watcher struct{ config Config }

// watchHandler takes an event, or trouble of the watcher's own.
type watchHandler func(Event, error) error

// New makes a watcher. It starts nothing.
func New(config Config) (*Watcher, error) {
	if config.Shops == nil || config.Client == nil || config.Store == nil {
		return nil, errors.New("licensewatch: a watcher needs Shops, Client and Store")
	}
	if config.Every < 0 {
		return nil, errors.New("licensewatch: Every must not be negative")
	}
	config.Every = cmp.Or(config.Every, 24*time.Hour)
	if config.Pace == nil {
		config.Pace = shotengai.PerSecond(1, 1)
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Watcher{config}, nil
}

// Run watches until the context ends and hands each event to handle. An event whose
// handle fails or panics is raised again an hour later. Handle is also called with trouble
// that the watcher has itself, a panic of handle among it, as an error and no event; what
// it returns then does not count.
func (w *Watcher) Run(ctx context.Context, handle func(Event, error) error) error {
	if handle == nil {
		return errNoHandler
	}
	return w.run(ctx, recovering(handle))
}

func (w *Watcher) run(ctx context.Context, handle watchHandler) error {
	for ctx.Err() == nil {
		next := w.round(ctx, handle)
		if err := httpx.Sleep(ctx, next); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Events watches until the context or the loop ends. An event counts as raised when the
// loop asks for the next one; leaving the loop raises it again an hour later. An error is
// trouble that the watcher has itself and comes without an event; it does not end the
// iteration.
func (w *Watcher) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		_ = w.run(ctx, func(event Event, err error) error {
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

// Check makes one round over all shops whose check is due. Run makes them for ever. A key
// that no round has seen before may be so new that it does not work yet, so an alarm about it
// comes with a round half an hour later or after.
func (w *Watcher) Check(ctx context.Context, handle func(Event, error) error) error {
	if handle == nil {
		return errNoHandler
	}
	w.round(ctx, recovering(handle))
	return ctx.Err()
}

var (
	errStopped   = errors.New("licensewatch: the loop over events has ended")
	errNoHandler = errors.New("licensewatch: a watcher needs a handler for its events")
)

// HandlerPanicError is a panic of a Watcher's handler, as the handler sees it.
type HandlerPanicError struct {
	Shop  string // of the event; "" when it was none
	Value any    // what the handler panicked with
	Stack []byte
}

// Error is one line.
func (e *HandlerPanicError) Error() string {
	return fmt.Sprintf("licensewatch: shop %s: the handler panicked: %v", e.Shop, e.Value)
}

// recovering makes a panic of handle an error, so that one event does not end the watch
// over all shops.
func recovering(handle watchHandler) watchHandler {
	guarded := func(event Event, trouble error) (err error) {
		defer func() {
			if value := recover(); value != nil {
				err = &HandlerPanicError{Shop: event.Shop, Value: value, Stack: debug.Stack()}
			}
		}()
		return handle(event, trouble)
	}
	return func(event Event, trouble error) error {
		err := guarded(event, trouble)
		if panicked, ok := errors.AsType[*HandlerPanicError](err); ok && trouble == nil {
			_ = guarded(Event{}, panicked)
		}
		return err
	}
}

// Statuses returns what is known of all shops, those that end first at the top and those
// of which nothing is known before them.
func (w *Watcher) Statuses(ctx context.Context) ([]Status, error) {
	shops, err := w.config.Shops(ctx)
	if err != nil {
		return nil, fmt.Errorf("licensewatch: %w", err)
	}
	statuses := make([]Status, 0, len(shops))
	for _, shop := range shops {
		record, err := w.config.Store.Load(ctx, shop)
		if err != nil {
			return nil, fmt.Errorf("licensewatch: shop %s: %w", shop, err)
		}
		record.Shop = shop
		status := record.status()
		if status.Contacts, err = w.contacts(ctx, shop); err != nil {
			return nil, fmt.Errorf("licensewatch: shop %s: %w", shop, err)
		}
		statuses = append(statuses, status)
	}
	slices.SortStableFunc(statuses, func(a, b Status) int { return a.ExpiresAt.Compare(b.ExpiresAt) })
	return statuses, nil
}

// contacts are the people who look after the key of a shop.
func (w *Watcher) contacts(ctx context.Context, shop string) ([]mail.Address, error) {
	if w.config.Contacts == nil {
		return nil, nil
	}
	contacts, err := w.config.Contacts(ctx, shop)
	if err != nil {
		return nil, fmt.Errorf("contacts: %w", err)
	}
	return contacts, nil
}

// round checks the shops that are due and returns how long to wait for the next round.
func (w *Watcher) round(ctx context.Context, handle watchHandler) time.Duration {
	shops, err := w.config.Shops(ctx)
	if err != nil {
		if ctx.Err() == nil {
			_ = handle(Event{}, fmt.Errorf("licensewatch: %w", err))
		}
		return watchShortest
	}
	next := w.config.Now().Add(watchIdle)
	for _, shop := range shops {
		due, err := w.shop(ctx, shop, handle)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			_ = handle(Event{}, fmt.Errorf("licensewatch: shop %s: %w", shop, err))
			continue
		}
		if due.Before(next) {
			next = due
		}
	}
	return max(next.Sub(w.config.Now()), watchShortest)
}
