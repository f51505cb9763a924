package oauth

import (
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"time"

	"github.com/shotengai/shotengai-go"
)

var (
	errJustRenewed = errors.New("the platform refuses a token that was renewed because of a refusal a moment ago")
	errStillborn   = errors.New("the platform gave an access token that has expired already")
	errTooLong     = errors.New("other instances have not finished refreshing")
	errSpent       = errors.New("the access token has expired and there is no refresh token")
	errRefused     = errors.New("the platform refuses the access token and there is no refresh token")

	errAgain = errors.New("the record has moved on") // never leaves the package
)

// goal says what a caller wants of a grant.
type goal struct {
	rejected string // another access token than this one
	due      bool   // a refresh token in the first half of its life
}

func (g goal) met(s *snapshot, now time.Time) bool {
	switch {
	case s == nil:
		return false
	case g.rejected != "":
		return s.token.AccessToken != g.rejected && s.validAt(now)
	case g.due:
		return s.due.IsZero() || now.Before(s.due)
	}
	return s.freshAt(now)
}

// good reports whether a token can be handed out although the goal may not be met.
func (g goal) good(s *snapshot, now time.Time) bool {
	return !g.due && s.validAt(now) && s.token.AccessToken != g.rejected
}

// flight is the one refresh of a grant that goes on in this process. It answers those
// who wait as soon as it can, and may have things to store after that.
type flight struct {
	manager *Manager
	place   *place
	goal    goal
	seen    *snapshot // the copy in memory as the flight knows it

	answered chan struct{} // closed when snap and err are set
	snap     *snapshot
	err      error
	ended    chan struct{}
	slot     bool
	unsaved  bool // under place.mu
}

// obtain returns a token that fits the goal, joining the refresh under way or starting
// one. It also returns the place, for the next time.
func (m *Manager) obtain(ctx context.Context, key Key, g goal) (*snapshot, *place, error) {
	for {
		p := m.place(key)
		snap, wait, f, err := m.join(p, g)
		p.mu.Unlock()
		if snap != nil || err != nil {
			return snap, p, err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, p, m.wrap(key, "token", ended(ctx))
		}
		now := time.Now()
		switch {
		case f == nil:
		case f.err == nil && (g.met(f.snap, now) || g.good(f.snap, now)):
			return f.snap, p, nil
		case f.goal == g:
			return f.snap, p, f.err
		}
	}
}

// join looks at a locked place: there is a token, or something to wait for, or neither.
func (m *Manager) join(p *place, g goal) (snap *snapshot, wait <-chan struct{}, f *flight, err error) {
	now := time.Now()
	have := p.copy.Load()
	good := g.good(have, now)
	switch {
	case g.met(have, now):
		return have, nil, nil, nil
	case good && (p.flight != nil || now.Before(p.hold.idle)):
		return have, nil, nil, nil
	case p.flight != nil && p.flight.unsaved:
		return nil, nil, nil, m.wrap(p.key, "token", ErrUnsaved, ErrTemporary)
	case p.flight != nil && isClosed(p.flight.answered):
		return nil, p.flight.ended, nil, nil
	case p.flight != nil:
		return nil, p.flight.answered, p.flight, nil
	case now.Before(p.hold.until) && good:
		return have, nil, nil, nil
	case now.Before(p.hold.until):
		return nil, nil, nil, p.hold.err
	}
	f = &flight{manager: m, place: p, goal: g, seen: have, answered: make(chan struct{}), ended: make(chan struct{})}
	switch launched := m.launch(f); {
	case launched:
		p.flight = f
	case good:
		return have, nil, nil, nil
	default:
		return nil, nil, nil, m.wrap(p.key, "token", ErrClosed)
	}
	if good {
		return have, nil, nil, nil // renewed in the background
	}
	return nil, f.answered, f, nil
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (f *flight) run(ctx context.Context) {
	snap, err := f.fly(ctx)
	f.freeSlot()
	f.answer(snap, err)
	f.place.mu.Lock()
	f.place.flight = nil
	f.place.mu.Unlock()
	close(f.ended)
}

// answer tells those who wait. Only the first answer counts.
func (f *flight) answer(snap *snapshot, err error) {
	if isClosed(f.answered) {
		return
	}
	if err == nil && snap != nil && !f.goal.due && !snap.validAt(time.Now()) {
		err = f.temporary(holdOff(f.failures()), errStillborn)
	}
	f.place.mu.Lock()
	f.snap, f.err = snap, err
	f.place.hold.note(err)
	f.place.mu.Unlock()
	close(f.answered)
}

// note remembers a failure, so that it is not repeated at once. A store that did not
// answer is asked again by whoever needs it, but not in the background.
func (h *hold) note(err error) {
	switch {
	case err == nil:
		*h = hold{idle: h.idle}
		return
	case errors.Is(err, ErrStoreUnavailable):
		h.idle = time.Now().Add(jitter(firstHold))
	}
	if e, ok := errors.AsType[*GrantError](err); ok && e.RetryAfter > 0 {
		h.until, h.err = time.Now().Add(e.RetryAfter), err
		h.failures++
	}
}

func (f *flight) failures() int {
	f.place.mu.Lock()
	defer f.place.mu.Unlock()
	return f.place.hold.failures
}

// fly is the refresh protocol from its beginning. Its steps have letters, as the package
// comment tells them: a is load, b to d are a turn, e is keep, each in a file of its own.
func (f *flight) fly(ctx context.Context) (*snapshot, error) {
	began := time.Now()
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		if err := f.takeSlot(ctx); err != nil {
			return nil, err
		}
		snap, err := f.attempt(ctx)
		f.freeSlot()
		busy, isBusy := errors.AsType[*busyError](err)
		if !isBusy && !errors.Is(err, errAgain) {
			return snap, err
		}
		if time.Since(began) > flightLimit {
			return nil, f.temporary(holdOff(0), errTooLong)
		}
		wait := jitter(pause)
		if isBusy {
			wait = min(wait, busy.remaining+time.Millisecond)
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, f.manager.wrap(f.place.key, "token", err)
		}
	}
}

const (
	firstPause = 25 * time.Millisecond
	maxPause   = time.Second
)

// busyError means that another instance has the lease.
type busyError struct{ remaining time.Duration }

func (busyError) Error() string { return "another instance is refreshing" }

// attempt is steps a to e once.
func (f *flight) attempt(ctx context.Context) (*snapshot, error) {
	m := f.manager
	cur, err := f.load(ctx)
	if err != nil || f.goal.met(cur, time.Now()) {
		return cur, err
	}
	if f.goal.rejected != "" {
		if err := f.refusal(ctx, cur); err != nil {
			return nil, err
		}
	}
	if cur.grant.RefreshToken == "" {
		now := time.Now()
		switch {
		case f.goal.good(cur, now):
			f.idle(m.lease)
			return cur, nil
		case cur.validAt(now):
			return nil, m.wrap(f.place.key, "token", shotengai.ErrReauthorize, errRefused)
		}
		return nil, m.wrap(f.place.key, "token", shotengai.ErrReauthorize, errSpent)
	}
	t := &turn{flight: f, cur: cur}
	if err := t.acquire(ctx); err != nil {
		if _, busy := errors.AsType[*busyError](err); busy && f.goal.good(cur, time.Now()) {
			f.idle(firstPause * 10)
			return cur, nil
		}
		return nil, err
	}
	next, err := t.refresh(ctx)
	if err != nil {
		return nil, err
	}
	return f.keep(ctx, cur, next)
}

// idle puts off the next refresh in the background.
func (f *flight) idle(d time.Duration) {
	f.place.mu.Lock()
	defer f.place.mu.Unlock()
	f.place.hold.idle = time.Now().Add(jitter(d))
}

// takeSlot waits for one of the places at the token endpoint.
func (f *flight) takeSlot(ctx context.Context) error {
	select {
	case f.manager.slots <- struct{}{}:
		f.slot = true
		return nil
	case <-ctx.Done():
		return f.manager.wrap(f.place.key, "token", ended(ctx))
	}
}

func (f *flight) freeSlot() {
	if f.slot {
		f.slot = false
		<-f.manager.slots
	}
}

// temporary is a failure that is shared and held off.
func (f *flight) temporary(wait time.Duration, errs ...error) error {
	if !errors.Is(errors.Join(errs...), ErrTemporary) {
		errs = append(errs, ErrTemporary)
	}
	return f.held("refresh", wait, errs...)
}

// held is a failure that is shared and held off, and may not pass by itself.
func (f *flight) held(op string, wait time.Duration, errs ...error) error {
	return &GrantError{Key: f.place.key, Op: op, RetryAfter: wait, errs: errs}
}

const (
	firstHold = time.Second
	maxHold   = 30 * time.Second
	// maxRetryAfter is how much of a platform's Retry-After is believed.
	maxRetryAfter = time.Minute
)

// holdOff is how long a failure is not repeated: 1 s, doubled each time, up to 30 s.
func holdOff(failures int) time.Duration {
	return jitter(min(firstHold<<min(failures, 10), maxHold))
}

// jitter takes up to a quarter off.
func jitter(d time.Duration) time.Duration {
	return d - time.Duration(mathrand.Int64N(int64(d/4)+1))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ended(ctx)
	}
}

// ended says how and why a context ended.
func ended(ctx context.Context) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, ctx.Err()) {
		return cause
	}
	return fmt.Errorf("%w: %w", ctx.Err(), cause)
}
