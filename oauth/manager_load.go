package oauth

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
)

// load is step a: it brings the copy in memory in line with the store.
func (f *flight) load(ctx context.Context) (*snapshot, error) {
	m, key := f.manager, f.place.key
	rec, err := f.read(ctx)
	switch {
	case errors.Is(err, ErrNoGrant) && f.seen != nil:
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
	case errors.Is(err, shotengai.ErrConflict):
		return errAgain
	case err != nil:
		return m.storeError(f.place.key, "save", err)
	}
	return f.swap(&ours, errAgain)
}

// lost is the error of a grant that is not active.
func (m *Manager) lost(key Key, status Status, reason string) error {
	errs := []error{shotengai.ErrReauthorize}
	if status == StatusInDoubt {
		errs[0] = ErrTokenInDoubt
	}
	if reason != "" {
		errs = append(errs, errors.New(reason))
	}
	return m.wrap(key, "token", errs...)
}
