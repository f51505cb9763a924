package hooks

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Retention is how long a ledger remembers a finished event. The longest schedule of
// the platforms, Color Me's, ends after 47.5 hours.
const Retention = 7 * 24 * time.Hour

// Limits of what a ledger has to store.
const (
	// MaxKey is the length of the longest [Claim.ID], [Claim.Shop] and [Claim.Owner],
	// in bytes.
	MaxKey = 191
	// MaxResult is the length of the longest [Outcome.Result], in bytes.
	MaxResult = 4096
)

// Ledger lets each event take effect once, on however many machines its deliveries
// arrive. It remembers three things: what became of each event, for [Retention], and for
// good the newest event of each shop and which of its installs have ended.
//
// A receiver calls Begin, runs the application's function when it is granted, and
// ends with Finish or Abandon. A process that dies in between is outlived by its
// claim's lease; then the event may be claimed again, with a higher attempt.
//
// Every method is idempotent for an owner: called again after a lost reply, with the
// same claim, it does nothing more and answers the same. Times are those of the
// ledger's own clock, not of its callers'. A Ledger is safe for concurrent use.
// Package ledgertest checks an implementation against all this.
type Ledger interface {
	// Begin asks for the event. It is Granted unless the event is Finished, or is
	// held by another owner, or another event of the same shop is: then it is Busy.
	Begin(ctx context.Context, claim Claim) (Decision, error)
	// Finish stores the outcome and gives up the claim. When another owner has taken
	// the event it stores nothing and fails with [ErrClaimLost].
	Finish(ctx context.Context, claim Claim, outcome Outcome) error
	// Abandon gives up the claim, so that the event may be claimed again at once. It
	// does nothing when the claim is not held.
	Abandon(ctx context.Context, claim Claim) error
}

// Claim is one attempt at one event.
type Claim struct {
	// ID is the same for every delivery of an event and for no other event.
	ID string
	// Shop is the key under which events run one at a time. Events without one are
	// neither ordered nor serialised.
	Shop string
	// Owner is made anew for every attempt.
	Owner string
	// Ref identifies the install of the shop that the event belongs to: a contract, for
	// instance. Empty: none is known.
	Ref string
	// Lease is how long the claim holds against others.
	Lease time.Duration
}

// Validate reports whether the claim keeps the limits: ID and Owner of 1 to [MaxKey]
// printable ASCII bytes, Shop and Ref of at most so many, and a lease of at least a
// millisecond. Implementations call it first. The error is an [ErrClaim].
func (c Claim) Validate() error {
	switch {
	case c.ID == "" || !printable(c.ID):
		return fmt.Errorf("%w: ID", ErrClaim)
	case c.Owner == "" || !printable(c.Owner):
		return fmt.Errorf("%w: Owner", ErrClaim)
	case !printable(c.Shop):
		return fmt.Errorf("%w: Shop", ErrClaim)
	case !printable(c.Ref):
		return fmt.Errorf("%w: Ref", ErrClaim)
	case c.Lease < time.Millisecond:
		return fmt.Errorf("%w: Lease", ErrClaim)
	}
	return nil
}

func printable(key string) bool {
	if len(key) > MaxKey {
		return false
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return false
		}
	}
	return true
}

// State is the answer to a claim.
type State string

// The answers to a claim.
const (
	// Granted means that the caller holds the event and its shop.
	Granted State = "granted"
	// Busy means that the event, or another event of its shop, is held by another owner.
	Busy State = "busy"
	// Finished means that the event was finished within its retention.
	Finished State = "finished"
)

// Decision is a ledger's answer to a claim.
type Decision struct {
	State State
	// Attempt counts the claims that were granted for this event, this one included.
	// Above 1, an earlier attempt may have taken effect. Only when Granted.
	Attempt int
	// First is when the event was first claimed. Only when Granted.
	First time.Time
	// Newest is the newest event of the shop. It is zero when none was marked. Only
	// when Granted.
	Newest Mark
	// Ended reports whether an event of the shop has ended the claim's Ref, however long
	// ago. Only when Granted.
	Ended bool
	// Result is what Finish stored. Only when Finished.
	Result []byte
}

// Mark is what a ledger keeps of the newest event of a shop.
type Mark struct {
	// Kind is the kind of the event, as in "colorme.install".
	Kind Kind
	// Ref identifies the install: a contract, for instance.
	Ref string
	// At is when the event happened, to the millisecond.
	At time.Time
}

// IsZero reports whether there is no mark.
func (m Mark) IsZero() bool { return m.Kind == "" }

// replaced returns the install that is over when next takes the place of the mark: a shop
// has one install at a time, and none comes back under its old contract or token.
func (m Mark) replaced(next Mark) []string {
	if m.Ref == "" || m.Ref == next.Ref {
		return nil
	}
	return []string{m.Ref}
}

// Outcome is what remains of a finished event.
type Outcome struct {
	// Result is the answer to later deliveries of the event. At most [MaxResult] bytes.
	Result []byte
	// Mark becomes the newest event of the shop, unless it is zero.
	Mark Mark
	// Ends are the installs of the shop that end with the event. They stay ended for good,
	// also when Keep is over. Without a shop they are ignored.
	Ends []string
	// Keep is how long the event stays finished: zero means [Retention]. Below zero it
	// is forgotten at once, for events in which nothing differs from the next.
	Keep time.Duration
}

// Validate reports whether the outcome keeps the limits. Implementations call it
// first. The error is an [ErrClaim].
func (o Outcome) Validate() error {
	switch {
	case len(o.Result) > MaxResult:
		return fmt.Errorf("%w: Result is longer than %d bytes", ErrClaim, MaxResult)
	case !printable(string(o.Mark.Kind)), !printable(o.Mark.Ref):
		return fmt.Errorf("%w: Mark", ErrClaim)
	case slices.ContainsFunc(o.Ends, func(ref string) bool { return ref == "" || !printable(ref) }):
		return fmt.Errorf("%w: Ends", ErrClaim)
	}
	return nil
}

// Retained returns Keep with its zero value resolved and never below zero.
func (o Outcome) Retained() time.Duration {
	if o.Keep == 0 {
		return Retention
	}
	return max(o.Keep, 0)
}
