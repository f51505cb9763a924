package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// The steps of the protocol in the order of their letters, which the package comment
// explains.

// load is step a: it brings the copy in memory in line with the store.
func (f *flight) load(ctx context.Context) (*snapshot, error) {
	m, key := f.manager, f.place.key
	rec, err := f.read(ctx)
	switch {
	case errors.Is(err, ErrNoGrant) && f.seen != nil:
		err = f.held("load", f.holdOff(), ErrStoreLost, errors.New("the row of a grant in use is gone"))
		m.count.storeErrors.Add(1)
		f.emit(EventStoreLost, f.seen.version, err)
		return nil, err
	case err != nil:
		return nil, m.storeError(key, "load", err)
	case rec.Status == StatusDeleted:
		return nil, f.swap(nil, m.absent(key))
	}
	snap, err := m.open(key, rec)
	if err == nil && f.outdone(rec, snap) {
		return nil, f.writeBack(ctx, rec)
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

// writeBack stores the newer copy in memory over what the store has. Where that is a refusal,
// somebody has sent a refresh token that was spent for the newer copy, which may have ended it.
func (f *flight) writeBack(ctx context.Context, over Record) error {
	m, ours := f.manager, *f.seen
	ours.version = max(ours.version, over.Version) + 1
	ours.doubt = ours.doubt || over.Status != StatusActive
	rec, err := m.seal(f.place.key, &ours)
	if err != nil {
		return err
	}
	switch err := f.save(ctx, over.Version, rec); {
	case errors.Is(err, shotengai.ErrConflict):
		return errAgain
	case err != nil:
		return m.storeError(f.place.key, "save", err)
	}
	return f.swap(&ours, errAgain)
}

// forcedPause is how long a token must have lived before its refusal is answered by
// one more refresh, if it came from such a refresh itself.
const forcedPause = time.Minute

// refusal answers a Reject that no refresh can help, or returns nil.
func (f *flight) refusal(ctx context.Context, cur *snapshot) error {
	m, key := f.manager, f.place.key
	switch {
	case cur.grant.RefreshToken == "" && cur.token.AccessToken == f.goal.rejected && cur.validAt(time.Now()):
		if err := f.revoked(ctx, cur); err != nil {
			return err
		}
		return m.wrap(key, "token", ErrRevoked)
	case cur.forced && time.Since(cur.grant.ObtainedAt) < forcedPause:
		return m.wrap(key, "token", errJustRenewed, shotengai.ErrUnauthorized)
	}
	return nil
}

// revoked notes in the store that a token that cannot be renewed was refused, once among all
// instances.
func (f *flight) revoked(ctx context.Context, cur *snapshot) error {
	if cur.revoked {
		return nil
	}
	m, key := f.manager, f.place.key
	next := *cur
	next.version, next.saveID, next.revoked = cur.version+1, rand.Text(), true
	rec, err := m.seal(key, &next)
	if err != nil {
		return err
	}
	var again error
	switch err := f.save(ctx, cur.version, rec); {
	case errors.Is(err, shotengai.ErrConflict), errors.Is(err, ErrNoGrant):
		return errAgain
	case err != nil: // not known to be stored: better reported twice than never
		m.count.storeErrors.Add(1)
	default:
		again = f.swap(&next, nil)
	}
	m.count.lost.Add(1)
	f.emit(EventReauthorize, next.version, m.wrap(key, "token", ErrRevoked))
	return again
}

// turn is one lease and what is sent under it.
type turn struct {
	*flight
	cur   *snapshot
	token *Grant   // whose refresh token is sent
	doubt bool     // an answer for this version may have been lost
	trust deadline // until then a request may begin

	over    bool  // a lease ran out before this one
	open    bool  // a request of this process has no answer
	posted  bool  // a request was sent under this lease
	refusal error // of a token that was sent once more then
	unknown error // why one of the requests got no answer
	flaw    error // what is wrong with the answer that the new grant is from
}

// acquire is step b. The trust counts from before the call, so that a process that was
// frozen finds out, and it ends early enough for the request to be over by the end of
// the lease.
func (t *turn) acquire(ctx context.Context) error {
	m, key := t.manager, t.place.key
	now := time.Now()
	t.trust = newDeadline(now, now.Add(m.room))
	ctx, cancel := context.WithTimeout(ctx, m.writeLimit())
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
	t.over, t.open = lease.Attempts > 0, t.hasOpen()
	t.doubt = t.doubt || t.second()
	return nil
}

// second reports whether another request for the version was sent before, of which nobody knows
// the answer.
func (t *turn) second() bool { return t.over || t.open }

// hasOpen reports whether a request of this process for the version has no answer.
func (t *turn) hasOpen() bool {
	t.place.mu.Lock()
	defer t.place.mu.Unlock()
	return t.place.open == t.cur.version
}

func (t *turn) noteOpen() {
	t.place.mu.Lock()
	defer t.place.mu.Unlock()
	t.place.open = t.cur.version
	t.open = true
}

// giveWay lets the process whose lease ran out save the answer that it may have. In an outage
// of the store it could not; a request sent before it tries again would spend the refresh token
// a second time.
func (t *turn) giveWay(ctx context.Context) error {
	if err := t.pause(ctx, t.manager.giveWay()); err != nil {
		return t.leave(ctx, err)
	}
	return t.moved(ctx)
}

// refresh is steps c and d: it returns a new grant, or why there is none.
func (t *turn) refresh(ctx context.Context) (*Grant, error) {
	for {
		if !t.trust.after(time.Now()) {
			return nil, errAgain // frozen meanwhile: the lease may be somebody else's
		}
		if err := t.mayPost(); err != nil {
			return nil, t.leave(ctx, err)
		}
		next, err := t.post(ctx)
		switch {
		case err == nil:
			return next, nil
		case errors.Is(err, ErrInvalidGrant):
			err = t.refused(ctx, err)
		case errors.Is(err, ErrNotSent), errors.Is(err, ErrTemporary), errors.Is(err, ErrClientConfig):
			err = t.giveBack(ctx, err)
		case spent(err):
			err = t.giveUp(ctx, err)
		default:
			err = t.unanswered(ctx, err)
		}
		if err != nil {
			return nil, err
		}
	}
}

// refused decides what follows a refusal of the refresh token. It returns nil if a request is
// to be sent once more, under the lease taken anew: with the spare, or with the same token
// after a pause, because platforms have refused good tokens for a moment.
func (t *turn) refused(ctx context.Context, cause error) error {
	if err := t.moved(ctx); err != nil {
		return err
	}
	if other := t.takeSpare(t.cur.version); other != nil {
		t.token, t.doubt = other, true // one of two answers for the same refresh token
		return t.acquire(ctx)
	}
	switch {
	case t.refusal != nil:
		return t.condemn(ctx, t.refusal) // the second one may speak of the first
	case t.manager.recheck <= 0:
		return t.condemn(ctx, cause)
	}
	t.refusal = cause
	if err := t.acquire(ctx); err != nil {
		return err
	}
	if err := t.await(ctx, t.manager.recheck, cause); err != nil {
		return err
	}
	return t.moved(ctx) // a process that was frozen may have an answer
}

// await waits under the lease, unless a Close leaves no time for what comes then.
func (t *turn) await(ctx context.Context, wait time.Duration, cause error) error {
	m, end := t.manager, time.Now().Add(wait)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for closing := m.closing; ; closing = nil {
		if m.mayRepeat(t.place.key, time.Until(end)) != nil {
			return t.leave(ctx, m.wrap(t.place.key, "refresh", ErrClosed, cause))
		}
		select {
		case <-timer.C:
			return nil
		case <-closing:
		case <-ctx.Done():
			return m.wrap(t.place.key, "refresh", ended(ctx), cause)
		}
	}
}

// unanswered decides what follows a request whose outcome is not known. It returns nil if the
// same token is to be sent once more, under the lease taken anew.
func (t *turn) unanswered(ctx context.Context, cause error) error {
	t.noteOpen()
	if err := t.moved(ctx); err != nil {
		return err
	}
	if t.unknown != nil || ctx.Err() != nil {
		return t.temporary(t.manager.lease, cause)
	}
	if t.mayPost() != nil {
		return t.manager.wrap(t.place.key, "refresh", ErrClosed, cause) // the next lease finds out
	}
	t.unknown, t.doubt = cause, true
	t.manager.count.replays.Add(1)
	return t.acquire(ctx)
}

// mayPost returns ErrClosed if the manager is closed, and too soon for one more request.
func (t *turn) mayPost() error {
	if t.posted {
		return t.manager.mayRepeat(t.place.key, 0)
	}
	return t.manager.mayBegin(t.place.key)
}

// leave gives the lease back where no request has an unknown outcome.
func (t *turn) leave(ctx context.Context, cause error) error {
	if t.open {
		return cause
	}
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	if err := t.manager.store.Release(ctx, t.place.key, t.manager.owner, 0); err != nil {
		t.manager.count.storeErrors.Add(1) // the lease runs out by itself
	}
	return cause
}

// post sends the refresh token once.
func (t *turn) post(ctx context.Context) (*Grant, error) {
	t.posted = true
	ctx, cancel := context.WithTimeout(ctx, t.manager.timeout)
	defer cancel()
	next, flaw, err := t.manager.provider.refresh(ctx, t.token)
	if err != nil {
		t.manager.count.failures.Add(1)
		return nil, err
	}
	t.manager.count.refreshes.Add(1)
	t.flaw = flaw
	return next, nil
}

// spent reports whether an error is an answer that the refresh token was used up for.
func spent(err error) bool {
	e, ok := errors.AsType[*TokenError](err)
	return ok && e.spent
}

// giveUp ends a turn whose answer came and has no usable tokens in it. Where refresh tokens
// rotate the old one is spent, and to send it once more would be taken for theft.
func (t *turn) giveUp(ctx context.Context, cause error) error {
	if err := t.moved(ctx); err != nil {
		return err
	}
	if !t.manager.provider.Rotates {
		return t.giveBack(ctx, cause)
	}
	t.doubt = true
	return t.condemn(ctx, cause)
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
// the platform wants everybody to wait, the store makes the other instances wait too. After an
// earlier request without an answer the lease is kept: when it has run out, the next one knows.
func (t *turn) giveBack(ctx context.Context, cause error) error {
	m, wait := t.manager, t.holdOff()
	if answer, ok := errors.AsType[*TokenError](cause); ok {
		wait = max(wait, min(answer.RetryAfter, maxRetryAfter))
	}
	var everybody time.Duration
	if errors.Is(cause, ErrTemporary) {
		everybody = wait
	}
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	var err error
	if !t.open {
		err = m.store.Release(ctx, t.place.key, m.owner, everybody)
	} else {
		wait = max(wait, m.lease)
		_, err = m.store.Acquire(ctx, t.place.key, t.cur.version, m.owner, wait)
	}
	if err != nil {
		m.count.storeErrors.Add(1) // the lease runs out by itself
	}
	if errors.Is(cause, ErrClientConfig) {
		return t.held("refresh", wait, cause)
	}
	return t.temporary(wait, cause)
}

// condemn notes that the platform has refused the refresh token for good.
func (t *turn) condemn(ctx context.Context, cause error) error {
	status, errs := StatusReauthorize, []error{shotengai.ErrReauthorize, cause}
	if t.doubt {
		status, errs[0] = StatusInDoubt, ErrTokenInDoubt
	}
	if t.unknown != nil { // as a text alone: the outcome is known now
		errs = append(errs, errors.New("after "+t.unknown.Error()))
	}
	return t.flight.condemn(ctx, t.cur, status, t.reason(cause), errs...)
}

// condemn stores that a grant is over, and returns an error that says so by errs. The one who
// is the first to store it raises the event.
func (f *flight) condemn(ctx context.Context, cur *snapshot, status Status, reason string, errs ...error) error {
	m, key := f.manager, f.place.key
	rec, err := m.seal(key, cur)
	if err != nil {
		return err
	}
	rec.Version, rec.SaveID = cur.version+1, rand.Text()
	rec.Status, rec.Reason = status, reason

	err = m.wrap(key, "refresh", errs...)
	if again := f.swap(nil, nil); again != nil {
		return again
	}
	f.freeSlot()
	saveErr := f.persist(ctx, cur.version, rec, func(Record, error) { f.answer(nil, err) })
	switch {
	case errors.Is(saveErr, shotengai.ErrConflict), errors.Is(saveErr, ErrNoGrant):
		return errAgain // somebody was faster, and may have a better grant
	case saveErr != nil:
		return err
	}
	if cur.revoked { // which was reported
		return err
	}
	m.count.lost.Add(1)
	kind := EventReauthorize
	if status == StatusInDoubt {
		kind = EventInDoubt
		m.count.inDoubt.Add(1)
	}
	f.emit(kind, rec.Version, err)
	return err
}

const maxReason = 200

// reason is what the record says of a refusal.
func (t *turn) reason(cause error) string {
	text := ErrInvalidGrant.Error()
	if answer, ok := errors.AsType[*TokenError](cause); ok {
		text = answer.Code
		if answer.Description != "" {
			text += ": " + answer.Description
		}
		if answer.spent {
			text = answer.cause.Error()
		}
	}
	if t.unknown != nil {
		text += "; after " + t.unknown.Error()
	}
	return strings.ToValidUTF8(text[:min(len(text), maxReason)], "")
}

// keep is step e: the new grant is used from memory at once and stored for everybody.
func (f *flight) keep(ctx context.Context, cur *snapshot, next *Grant, forced, doubt bool) (*snapshot, error) {
	m, key := f.manager, f.place.key
	snap := m.snapshot(cur.version+1, rand.Text(), cur.consent, forced, next)
	snap.doubt = doubt
	rec, err := m.seal(key, snap)
	if err != nil {
		return nil, err
	}
	f.freeSlot()
	if f.swap(snap, nil) == nil {
		f.answer(snap, nil)
	} // else a new consent was put: what is used is that, and the save will find it
	err = f.persist(ctx, cur.version, rec, f.tellUnsaved)
	if errors.Is(err, shotengai.ErrConflict) || errors.Is(err, ErrNoGrant) {
		return f.settle(ctx, snap)
	}
	if err == nil { // otherwise EventUnsaved was sent, and the token works as long as this process
		f.emit(EventRefreshed, snap.version, nil)
	}
	return snap, nil
}

const (
	firstSavePause = 50 * time.Millisecond
	minWriteLimit  = 500 * time.Millisecond
)

// The times of a process that cannot save, and of the one that takes its lease over. When the
// store is back, the first one has saved within a call that hangs and a pause, a tenth of a lease.
// The other one waits longer than that, which leaves it half of what a lease has room for. It has
// no more time to take a lease than the first one to save.
func (m *Manager) savePause() time.Duration { return m.lease / 30 }

func (m *Manager) writeLimit() time.Duration { return min(max(m.lease/15, minWriteLimit), storeLimit) }

func (m *Manager) giveWay() time.Duration { return m.lease * 2 / 15 }

// save is one Save with its own limit.
func (f *flight) save(ctx context.Context, version int64, rec Record) error {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	return f.manager.store.Save(ctx, f.place.key, version, rec)
}

// persist saves until it is known to have worked or to have lost, or the manager is
// closed. It returns nil, shotengai.ErrConflict, ErrNoGrant, or ErrUnsaved. It calls stuck if the
// first try fails.
func (f *flight) persist(ctx context.Context, version int64, rec Record, stuck func(Record, error)) error {
	m, key := f.manager, f.place.key
	err := f.trySave(ctx, version, rec)
	if !unsure(err) {
		return err
	}
	stuck(rec, err)
	for pause := firstSavePause; ; pause = min(2*pause, m.savePause()) {
		if sleep(ctx, m.jitter(pause)) != nil {
			return m.wrap(key, "save", ErrUnsaved, err)
		}
		if err = f.trySave(ctx, version, rec); !unsure(err) {
			return err
		}
	}
}

// unsure reports whether a save may or may not have worked.
func unsure(err error) bool {
	return err != nil && !errors.Is(err, shotengai.ErrConflict) && !errors.Is(err, ErrNoGrant)
}

// trySave saves once. Where that is unsure it looks into the store.
func (f *flight) trySave(ctx context.Context, version int64, rec Record) error {
	saving, cancel := context.WithTimeout(ctx, f.manager.writeLimit())
	defer cancel()
	err := f.save(saving, version, rec)
	if !unsure(err) {
		return err
	}
	f.manager.count.storeErrors.Add(1)
	looking, cancel := context.WithTimeout(ctx, f.manager.writeLimit())
	defer cancel()
	stored, readErr := f.read(looking)
	switch {
	case readErr != nil || stored.Version == version:
		return err
	case stored.SaveID == rec.SaveID:
		return nil // it was the answer that got lost
	}
	return shotengai.ErrConflict
}

func (f *flight) tellUnsaved(rec Record, err error) {
	m, key := f.manager, f.place.key
	f.place.mu.Lock()
	f.unsaved = true
	f.place.mu.Unlock()
	m.setPending(key)
	f.emit(EventUnsaved, rec.Version, m.wrap(key, "save", ErrUnsaved, err))
}

// settle decides between a new grant and the record that has overtaken it.
func (f *flight) settle(ctx context.Context, ours *snapshot) (*snapshot, error) {
	m, key := f.manager, f.place.key
	m.count.conflicts.Add(1)
	for {
		rec, err := f.read(ctx)
		switch {
		case errors.Is(err, ErrNoGrant), err == nil && rec.Status == StatusDeleted:
			f.discard(ctx, ours)
			return nil, f.swap(nil, m.absent(key))
		case err != nil:
			if sleep(ctx, m.savePause()) != nil {
				return nil, m.storeError(key, "load", err)
			}
			continue
		}
		stored, err := m.open(key, rec)
		switch {
		case err != nil:
			return nil, err
		case stored.consent != ours.consent && rec.Status == StatusActive:
			return stored, f.swap(stored, nil) // a new login; the old grant is forgotten
		case stored.consent != ours.consent:
			return nil, f.swap(nil, m.lost(key, rec.Status, rec.Reason))
		case rec.Status == StatusActive:
			f.keepSpare(rec.Version, ours.grant)
			return stored, f.swap(stored, nil)
		}
		// Somebody was refused the token that we had spent: ours is the live one.
		return nil, f.revive(ctx, ours, rec)
	}
}

// revive stores a grant over a record that was condemned because it was missing.
func (f *flight) revive(ctx context.Context, ours *snapshot, over Record) error {
	if err := f.swap(ours, nil); err != nil {
		return err
	}
	return f.writeBack(ctx, over)
}

// discard ends a grant at the platform that nobody wants any more.
func (f *flight) discard(ctx context.Context, snap *snapshot) {
	m := f.manager
	if m.provider.RevokeURL == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, m.timeout)
	defer cancel()
	if m.provider.Revoke(ctx, snap.grant) != nil {
		m.count.failures.Add(1)
	}
}
