package oauth

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// turn is one lease and what is sent under it.
type turn struct {
	*flight
	cur   *snapshot
	doubt bool     // an answer for this version may have been lost
	trust deadline // until then a request may begin
}

// acquire is step b. The trust counts from before the call, so that a process that was
// frozen finds out, and it ends early enough for the request to be over by the end of
// the lease.
func (t *turn) acquire(ctx context.Context) error {
	m, key := t.manager, t.place.key
	now := time.Now()
	t.trust = newDeadline(now, now.Add(m.lease-m.lease/15-m.timeout))
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	lease, err := m.store.Acquire(ctx, key, t.cur.version, m.owner, m.lease)
	switch {
	case errors.Is(err, shotengai.ErrConflict), errors.Is(err, ErrNoGrant):
		return errAgain
	case err != nil:
		return m.storeError(key, "acquire", err)
	case lease.HeldOff:
		return t.temporary(lease.Remaining, errors.New("the platform asked another instance to wait"))
	case !lease.Held:
		m.count.waits.Add(1)
		return &busyError{remaining: lease.Remaining}
	}
	t.doubt = t.doubt || lease.Attempts > 0
	return nil
}

// refresh is steps c and d: it brings a new grant, or says why there is none.
func (t *turn) refresh(ctx context.Context) (*Grant, error) {
	token, replayed := t.cur.grant, false
	for {
		if !t.trust.after(time.Now()) {
			return nil, errAgain // frozen meanwhile: the lease may be somebody else's
		}
		next, err := t.post(ctx, token)
		switch {
		case err == nil:
			return next, nil
		case errors.Is(err, ErrInvalidGrant):
			if err := t.moved(ctx); err != nil {
				return nil, err
			}
			other := t.takeSpare(t.cur.version)
			if other == nil {
				return nil, t.condemn(ctx, err)
			}
			token = other
		case errors.Is(err, ErrNotSent), errors.Is(err, ErrTemporary), errors.Is(err, ErrClientConfig):
			return nil, t.giveBack(ctx, err)
		default:
			if err := t.moved(ctx); err != nil {
				return nil, err
			}
			if replayed || ctx.Err() != nil {
				return nil, t.temporary(t.manager.lease, err)
			}
			replayed, t.doubt = true, true
			t.manager.count.replays.Add(1)
		}
		if err := t.acquire(ctx); err != nil { // the lease anew, for the second request
			return nil, err
		}
	}
}

// post sends the refresh token once.
func (t *turn) post(ctx context.Context, token *Grant) (*Grant, error) {
	ctx, cancel := context.WithTimeout(ctx, t.manager.timeout)
	defer cancel()
	next, err := t.manager.provider.Refresh(ctx, token)
	if err != nil {
		t.manager.count.failures.Add(1)
		return nil, err
	}
	t.manager.count.refreshes.Add(1)
	return next, nil
}

// moved returns errAgain if somebody else has changed the record.
func (t *turn) moved(ctx context.Context) error {
	rec, err := t.read(ctx)
	switch {
	case errors.Is(err, ErrNoGrant):
		return errAgain
	case err != nil:
		return t.manager.storeError(t.place.key, "load", err)
	case rec.Version != t.cur.version || rec.SaveID != t.cur.saveID:
		return errAgain
	}
	return nil
}

// giveBack ends the lease after a failure in which the refresh token was not used. Where
// the platform wants everybody to wait, the store makes the other instances wait too.
func (t *turn) giveBack(ctx context.Context, cause error) error {
	m, wait := t.manager, holdOff(t.failures())
	if answer, ok := errors.AsType[*TokenError](cause); ok {
		wait = max(wait, min(answer.RetryAfter, maxRetryAfter))
	}
	var everybody time.Duration
	if errors.Is(cause, ErrTemporary) {
		everybody = wait
	}
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	if err := m.store.Release(ctx, t.place.key, m.owner, everybody); err != nil {
		m.count.storeErrors.Add(1) // the lease runs out by itself
	}
	if errors.Is(cause, ErrClientConfig) {
		return t.held("refresh", wait, cause)
	}
	return t.temporary(wait, cause)
}

// condemn notes that the platform has refused the refresh token for good.
func (t *turn) condemn(ctx context.Context, cause error) error {
	m, key := t.manager, t.place.key
	status, kind, sentinel := StatusReauthorize, EventReauthorize, shotengai.ErrReauthorize
	if t.doubt {
		status, kind, sentinel = StatusInDoubt, EventInDoubt, ErrTokenInDoubt
	}
	rec, err := m.seal(key, t.cur)
	if err != nil {
		return err
	}
	rec.Version, rec.SaveID = t.cur.version+1, t.cur.saveID+"-"+string(status)
	rec.Status, rec.Reason = status, reason(cause)

	err = m.wrap(key, "refresh", sentinel, cause)
	if again := t.swap(nil, nil); again != nil {
		return again
	}
	t.freeSlot()
	saveErr := t.persist(ctx, t.cur.version, rec, func(Record, error) { t.answer(nil, err) })
	switch {
	case errors.Is(saveErr, shotengai.ErrConflict), errors.Is(saveErr, ErrNoGrant):
		return errAgain // somebody was faster, and may have a better grant
	case saveErr != nil:
		return err
	}
	m.count.lost.Add(1)
	if t.doubt {
		m.count.inDoubt.Add(1)
	}
	m.emit(kind, key, rec.Version, err)
	return err
}

const maxReason = 200

// reason is what the record says of a refusal.
func reason(cause error) string {
	answer, ok := errors.AsType[*TokenError](cause)
	if !ok {
		return ErrInvalidGrant.Error()
	}
	text := answer.Code
	if answer.Description != "" {
		text += ": " + answer.Description
	}
	return strings.ToValidUTF8(text[:min(len(text), maxReason)], "")
}
