package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
)

// The one refresh of a grant that goes on in a process. Its steps are in manager_steps.go.

var (
	errJustRenewed = errors.New("the platform refuses a token that was renewed because of a refusal a moment ago")
	errStillborn   = errors.New("the platform gave an access token that has expired already")
	errTooLong     = errors.New("other instances have not finished refreshing")
	errSpent       = errors.New("the access token has expired and there is no refresh token")

	errAgain = errors.New("the record has moved on") // never leaves the package
)

// flight is the one refresh of a grant that goes on in this process. It answers those
// who wait as soon as it can, and may have things to store after that.
type flight struct {
	manager *Manager
	place   *place
	goal    goal
	began   time.Time
	seen    *snapshot // the copy in memory as the flight knows it

	answered chan struct{} // closed when snap and err are set
	snap     *snapshot
	err      error
	ended    chan struct{}
	slot     bool
	unsaved  bool // under place.mu
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

// answer wakes those who wait. Only the first answer counts.
func (f *flight) answer(snap *snapshot, err error) {
	if isClosed(f.answered) {
		return
	}
	if err == nil && snap != nil && !f.goal.due && !snap.validAt(time.Now()) {
		err = f.temporary(f.holdOff(), errStillborn)
	}
	f.place.mu.Lock()
	f.snap, f.err = snap, err
	f.place.hold.note(err, f.manager.jitter(firstHold))
	f.place.mu.Unlock()
	close(f.answered)
}

func (f *flight) failures() int {
	f.place.mu.Lock()
	defer f.place.mu.Unlock()
	return f.place.hold.failures
}

// fly is the refresh protocol from its beginning, repeated while other instances are at
// work on the grant.
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
			return nil, f.temporary(f.manager.jitter(firstHold), errTooLong)
		}
		wait := f.manager.jitter(pause)
		if isBusy {
			wait = min(wait, busy.remaining+time.Millisecond)
		}
		if err := f.pause(ctx, wait); err != nil {
			return nil, err
		}
	}
}

const (
	firstPause = 25 * time.Millisecond
	maxPause   = time.Second
)

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
		if f.goal.good(cur, time.Now()) {
			f.idle(m.lease)
			return cur, nil
		}
		return nil, f.condemn(ctx, cur, StatusReauthorize, errSpent.Error(), shotengai.ErrReauthorize, errSpent)
	}
	t := &turn{flight: f, cur: cur, token: cur.grant, doubt: cur.doubt}
	if err := m.mayBegin(f.place.key); err != nil {
		return nil, err
	}
	if err := t.acquire(ctx); err != nil {
		if _, busy := errors.AsType[*busyError](err); busy && f.goal.good(cur, time.Now()) {
			f.idle(firstPause * 10)
			return cur, nil
		}
		return nil, err
	}
	if t.over {
		if err := t.giveWay(ctx); err != nil {
			return nil, err
		}
	}
	next, err := t.refresh(ctx)
	if err != nil {
		return nil, err
	}
	// Of two answers to the same refresh token the second may bring a token that has ended.
	forced := f.goal.rejected != "" && !t.second()
	snap, err := f.keep(ctx, cur, next, forced, t.second())
	if t.flaw != nil {
		f.emit(EventOddAnswer, cur.version+1, m.wrap(f.place.key, "refresh", t.flaw))
	}
	return snap, err
}

// idle puts off the next refresh in the background.
func (f *flight) idle(d time.Duration) {
	f.place.mu.Lock()
	defer f.place.mu.Unlock()
	f.place.hold.idle = time.Now().Add(f.manager.jitter(d))
}

// pause waits while another instance is at work on the grant.
func (f *flight) pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-f.manager.closing:
		return f.manager.mayBegin(f.place.key)
	case <-ctx.Done():
		return f.manager.wrap(f.place.key, "token", ended(ctx))
	}
}

// takeSlot waits for one of the places at the token endpoint.
func (f *flight) takeSlot(ctx context.Context) error {
	if err := f.manager.mayBegin(f.place.key); err != nil {
		return err
	}
	select {
	case f.manager.slots <- struct{}{}:
		f.slot = true
		return nil
	case <-f.manager.closing:
		return f.manager.mayBegin(f.place.key)
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

// busyError means that another instance has the lease.
type busyError struct{ remaining time.Duration }

func (busyError) Error() string { return "another instance is refreshing" }

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
func (f *flight) holdOff() time.Duration {
	return f.manager.jitter(min(firstHold<<min(f.failures(), 10), maxHold))
}

// jitter takes up to a quarter off.
func (m *Manager) jitter(d time.Duration) time.Duration { return m.less(d, 4) }

// less takes up to a part off, which is left to chance.
func (m *Manager) less(d, part time.Duration) time.Duration {
	return d - time.Duration(m.random(int64(d/part)+1))
}

// sleep is httpx.Sleep with the cause of the context's end.
func sleep(ctx context.Context, d time.Duration) error {
	if httpx.Sleep(ctx, d) != nil {
		return ended(ctx)
	}
	return nil
}

// ended returns how and why a context ended.
func ended(ctx context.Context) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, ctx.Err()) {
		return cause
	}
	return fmt.Errorf("%w: %w", ctx.Err(), cause)
}
