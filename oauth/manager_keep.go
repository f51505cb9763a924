package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/shotengai/shotengai-go"
)

// keep is step e: the new grant is used from memory at once and stored for everybody.
func (f *flight) keep(ctx context.Context, cur *snapshot, next *Grant) (*snapshot, error) {
	m, key := f.manager, f.place.key
	snap := m.snapshot(cur.version+1, rand.Text(), cur.consent, f.goal.rejected != "", next)
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
	if err == nil { // otherwise the event has told, and the token works as long as this process
		m.emit(EventRefreshed, key, snap.version, nil)
	}
	return snap, nil
}

const (
	firstSavePause = 50 * time.Millisecond
	maxSavePause   = 2 * time.Second
)

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
	for pause := firstSavePause; ; pause = min(2*pause, maxSavePause) {
		err := f.save(ctx, version, rec)
		if err == nil || errors.Is(err, shotengai.ErrConflict) || errors.Is(err, ErrNoGrant) {
			return err
		}
		m.count.storeErrors.Add(1)
		if stored, readErr := f.read(ctx); readErr == nil && stored.Version != version {
			if stored.SaveID == rec.SaveID {
				return nil // it was the answer that got lost
			}
			return shotengai.ErrConflict
		}
		if pause == firstSavePause {
			stuck(rec, err)
		}
		if sleep(ctx, jitter(pause)) != nil {
			return m.wrap(key, "save", ErrUnsaved, err)
		}
	}
}

func (f *flight) tellUnsaved(rec Record, err error) {
	m, key := f.manager, f.place.key
	f.place.mu.Lock()
	f.unsaved = true
	f.place.mu.Unlock()
	m.setPending(key)
	m.emit(EventUnsaved, key, rec.Version, m.wrap(key, "save", ErrUnsaved, err))
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
			if sleep(ctx, maxSavePause) != nil {
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
		return nil, f.revive(ctx, ours, rec.Version)
	}
}

// revive stores a grant over a record that was condemned for want of it.
func (f *flight) revive(ctx context.Context, ours *snapshot, over int64) error {
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
