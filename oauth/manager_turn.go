package oauth

import (
	"context"
	"errors"
	"strings"
	"time"
)

// load is step a: it brings the copy in memory in line with the store.
func (f *flight) load(ctx context.Context) (*snapshot, error) {
	m, key := f.manager, f.place.key
	rec, err := f.read(ctx)
	switch {
	case errors.Is(err, ErrNotFound) && f.seen != nil:
		err = f.held("load", holdOff(f.failures()), ErrStoreLost, errors.New("the row of a grant in use is gone"))
		m.count.storeErrors.Add(1)
		m.emit(EventStoreLost, key, f.seen.version, err)
		return nil, err
	case err != nil:
		return nil, m.storeError(key, "load", err)
	case rec.Status == StatusDeleted:
		return nil, f.swap(nil, m.absent(key))
	}
	snap, err := m.open(key, rec)
	if err == nil && f.outdone(rec, snap) {
		return nil, f.writeBack(ctx, rec.Version)
	}
	if rec.Status != StatusActive && rec.Status != StatusRevoked {
		return nil, f.swap(nil, m.lost(key, rec.Status, rec.Reason))
	}
	if err != nil {
		return nil, err
	}
	return snap, f.swap(snap, nil)
}

// read is one Load with its own limit.
func (f *flight) read(ctx context.Context) (Record, error) {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	return f.manager.store.Load(ctx, f.place.key)
}

// swap replaces the copy in memory and returns err. A consent that was put in the
// meantime stays, and is what the next round finds.
func (f *flight) swap(snap *snapshot, err error) error {
	if !f.place.copy.CompareAndSwap(f.seen, snap) {
		f.seen = f.place.copy.Load()
		return errAgain
	}
	f.seen = snap
	return err
}

// outdone reports whether the store has gone back behind the copy in memory, as Redis
// does when a replica takes over that had not seen the last writes. Where two versions
// of the same number differ, the stored one is used and ours kept as a spare.
func (f *flight) outdone(rec Record, stored *snapshot) bool {
	ours := f.seen
	switch {
	case ours == nil || ours.consent != stored.consent || ours.saveID == rec.SaveID:
		return false
	case rec.Version < ours.version:
		return true
	case rec.Version == ours.version && rec.Status == StatusActive:
		f.keepSpare(rec.Version, ours.grant)
		return false
	}
	return rec.Version == ours.version
}

func (f *flight) keepSpare(version int64, grant *Grant) {
	f.place.mu.Lock()
	defer f.place.mu.Unlock()
	f.place.spare = &spare{version: version, grant: grant}
}

// takeSpare returns the spare of a version, once.
func (f *flight) takeSpare(version int64) *Grant {
	f.place.mu.Lock()
	defer f.place.mu.Unlock()
	s := f.place.spare
	f.place.spare = nil
	if s == nil || s.version != version {
		return nil
	}
	return s.grant
}

// writeBack stores the newer copy in memory over what the store has.
func (f *flight) writeBack(ctx context.Context, over int64) error {
	m, ours := f.manager, *f.seen
	ours.version = max(ours.version, over) + 1
	rec, err := m.seal(f.place.key, &ours)
	if err != nil {
		return err
	}
	switch err := f.save(ctx, over, rec); {
	case errors.Is(err, ErrConflict):
		return errAgain
	case err != nil:
		return m.storeError(f.place.key, "save", err)
	}
	return f.swap(&ours, errAgain)
}

// save is one Save with its own limit.
func (f *flight) save(ctx context.Context, version int64, rec Record) error {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	return f.manager.store.Save(ctx, f.place.key, version, rec)
}

// lost is the error of a grant that is not active.
func (m *Manager) lost(key Key, status Status, reason string) error {
	errs := []error{ErrReauthorize}
	if status == StatusInDoubt {
		errs[0] = ErrTokenInDoubt
	}
	if reason != "" {
		errs = append(errs, errors.New(reason))
	}
	return m.wrap(key, "token", errs...)
}

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
	case errors.Is(err, ErrConflict), errors.Is(err, ErrNotFound):
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
	case errors.Is(err, ErrNotFound):
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
	status, kind, sentinel := StatusReauthorize, EventReauthorize, ErrReauthorize
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
	case errors.Is(saveErr, ErrConflict), errors.Is(saveErr, ErrNotFound):
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
