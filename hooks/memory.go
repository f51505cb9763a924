package hooks

import (
	"context"
	"slices"
	"sync"
	"time"
)

// VolatileLedger is a [Ledger] in the memory of one process: it is empty after a
// restart and knows nothing of other processes. That is enough for tests, and for an
// app of a single process whose functions are idempotent.
type VolatileLedger struct {
	now func() time.Time

	mu     sync.Mutex
	events map[string]*volatileEvent
	shops  map[string]*volatileShop
	swept  time.Time
}

type volatileEvent struct {
	owner   string
	until   time.Time
	attempt int
	first   time.Time
	done    bool
	expires time.Time
	result  []byte
}

type volatileShop struct {
	owner string
	until time.Time
	mark  Mark
	ended []string // a shop has few installs in its life
}

// NewVolatileLedger returns an empty ledger. A nil clock is time.Now.
func NewVolatileLedger(clock func() time.Time) *VolatileLedger {
	if clock == nil {
		clock = time.Now
	}
	return &VolatileLedger{
		now:    clock,
		events: map[string]*volatileEvent{},
		shops:  map[string]*volatileShop{},
	}
}

// Begin implements [Ledger].
func (l *VolatileLedger) Begin(ctx context.Context, claim Claim) (Decision, error) {
	if err := ctx.Err(); err != nil {
		return Decision{}, err
	}
	if err := claim.Validate(); err != nil {
		return Decision{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)

	event := l.events[claim.ID]
	if event != nil && event.done && !now.Before(event.expires) {
		event = nil
	}
	if event != nil && event.done {
		return Decision{State: Finished, Result: event.result}, nil
	}
	shop := l.shops[claim.Shop]
	if event != nil && held(event.owner, event.until, claim, now) ||
		shop != nil && held(shop.owner, shop.until, claim, now) {
		return Decision{State: Busy}, nil
	}

	return l.grant(claim, event, shop, now), nil
}

// grant makes the event and the shop the claim's, each nil where it is new.
func (l *VolatileLedger) grant(claim Claim, event *volatileEvent, shop *volatileShop, now time.Time) Decision {
	if event == nil {
		event = &volatileEvent{first: now}
		l.events[claim.ID] = event
	}
	if event.owner != claim.Owner {
		event.owner = claim.Owner
		event.attempt++
	}
	event.until = now.Add(claim.Lease)
	event.expires = now.Add(Retention)
	decision := Decision{State: Granted, Attempt: event.attempt, First: event.first}
	if claim.Shop != "" {
		if shop == nil {
			shop = &volatileShop{}
			l.shops[claim.Shop] = shop
		}
		shop.owner, shop.until = claim.Owner, event.until
		decision.Newest, decision.Ended = shop.mark, slices.Contains(shop.ended, claim.Ref)
	}
	return decision
}

// held reports whether somebody other than the claim's owner holds a lease.
func held(owner string, until time.Time, claim Claim, now time.Time) bool {
	return owner != "" && owner != claim.Owner && now.Before(until)
}

// Finish implements [Ledger].
func (l *VolatileLedger) Finish(ctx context.Context, claim Claim, outcome Outcome) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := outcome.Validate(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	event := l.events[claim.ID]
	if event == nil || event.owner != claim.Owner {
		return ErrClaimLost
	}
	if event.done {
		return nil
	}
	if claim.Shop != "" {
		shop := l.shops[claim.Shop]
		if shop.owner != claim.Owner {
			return ErrClaimLost
		}
		if !outcome.Mark.IsZero() {
			shop.mark = outcome.Mark
			shop.mark.At = outcome.Mark.At.Truncate(time.Millisecond)
		}
		for _, ref := range outcome.Ends {
			if !slices.Contains(shop.ended, ref) {
				shop.ended = append(shop.ended, ref)
			}
		}
		shop.owner = ""
	}
	event.done = true
	event.result = outcome.Result
	event.expires = l.now().Add(outcome.Retained())
	return nil
}

// Abandon implements [Ledger].
func (l *VolatileLedger) Abandon(ctx context.Context, claim Claim) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if event := l.events[claim.ID]; event != nil && event.owner == claim.Owner && !event.done {
		event.owner = ""
	}
	if shop := l.shops[claim.Shop]; shop != nil && shop.owner == claim.Owner {
		shop.owner = ""
	}
	return nil
}

// sweep drops, once an hour, the events whose retention is over.
func (l *VolatileLedger) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Hour {
		return
	}
	l.swept = now
	for id, event := range l.events {
		if !now.Before(event.expires) {
			delete(l.events, id)
		}
	}
}
