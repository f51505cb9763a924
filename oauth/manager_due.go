package oauth

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"
)

const page = 100

// RefreshDue refreshes every grant whose refresh token has lived half of its life, so
// that a shop without calls does not lose its grant. Call it from a timer, more often
// than a quarter of that life: once an hour suits every platform here. Any number of
// instances may do so at the same time. It returns how many grants it has found due and
// has now seen refreshed, and an error if others were due and could not be refreshed.
// Grants that turn out to need a new login are told by events and are no error.
func (m *Manager) RefreshDue(ctx context.Context) (int, error) {
	var round dueRound
	query := DueQuery{Platform: m.provider.Name, App: m.provider.Client.ID, Before: time.Now(), Limit: page}
	for {
		entries, err := m.store.Due(ctx, query)
		if err != nil {
			return round.done, m.storeError(Key{Platform: query.Platform, App: query.App}, "due", err)
		}
		m.refreshAll(ctx, entries, &round)
		if err := ctx.Err(); err != nil {
			return round.done, fmt.Errorf("oauth: %s: refresh due grants: %w", m.provider.Name, ended(ctx))
		}
		if len(entries) < query.Limit {
			break
		}
		query.After = entries[len(entries)-1].Key.Shop
	}
	if round.failed > 0 {
		return round.done, fmt.Errorf("oauth: %s: %d due grants were not refreshed, the first one: %w",
			m.provider.Name, round.failed, round.first)
	}
	return round.done, nil
}

type dueRound struct {
	mu           sync.Mutex
	done, failed int
	first        error
}

func (r *dueRound) note(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil:
		r.done++
	case errors.Is(err, ErrReauthorize):
	default:
		r.failed++
		if r.first == nil {
			r.first = err
		}
	}
}

// refreshAll refreshes as many at a time as there are slots, so that the calls of users
// never wait behind a long row of idle shops.
func (m *Manager) refreshAll(ctx context.Context, entries []Entry, round *dueRound) {
	var workers sync.WaitGroup
	next := make(chan Key)
	for range min(cap(m.slots), len(entries)) {
		workers.Go(func() {
			for key := range next {
				_, _, err := m.obtain(ctx, key, goal{due: true})
				round.note(err)
			}
		})
	}
	for _, entry := range entries {
		if ctx.Err() != nil {
			break
		}
		next <- entry.Key
	}
	close(next)
	workers.Wait()
}

// GrantInfo is what may be shown of a grant.
type GrantInfo struct {
	// Shop is the shop's id.
	Shop string
	// Status says whether the grant can be used.
	Status Status
	// Reason is the platform's word on why not.
	Reason string
	// Expiry is when the access token ends; the zero time means never.
	Expiry time.Time
	// Due is when RefreshDue will refresh the grant; the zero time means never.
	Due time.Time
	// Ends is when the grant is lost if nothing refreshes it; the zero time means never,
	// or not known.
	Ends time.Time
	// UpdatedAt is when the grant was last stored, by the store's clock.
	UpdatedAt time.Time
}

// Grants lists the app's grants in the order of the shops' ids, without the deleted
// ones: for a page that shows when grants end and who has to log in again.
func (m *Manager) Grants(ctx context.Context) iter.Seq2[GrantInfo, error] {
	return func(yield func(GrantInfo, error) bool) {
		query := DueQuery{Platform: m.provider.Name, App: m.provider.Client.ID, Limit: page}
		for {
			entries, err := m.store.Due(ctx, query)
			if err != nil {
				yield(GrantInfo{}, m.storeError(Key{Platform: query.Platform, App: query.App}, "list", err))
				return
			}
			for _, entry := range entries {
				if !yield(info(entry.Key, entry.Record), nil) {
					return
				}
			}
			if len(entries) < query.Limit {
				return
			}
			query.After = entries[len(entries)-1].Key.Shop
		}
	}
}

// Status tells what the store has of one shop. It returns an error that matches
// [ErrNotFound] if there is no grant.
func (m *Manager) Status(ctx context.Context, shop string) (GrantInfo, error) {
	key, err := m.key(shop)
	if err != nil {
		return GrantInfo{}, err
	}
	rec, err := m.store.Load(ctx, key)
	switch {
	case err != nil:
		return GrantInfo{}, m.storeError(key, "load", err)
	case rec.Status == StatusDeleted:
		return GrantInfo{}, m.absent(key)
	}
	return info(key, rec), nil
}

func info(key Key, rec Record) GrantInfo {
	return GrantInfo{
		Shop:      key.Shop,
		Status:    rec.Status,
		Reason:    rec.Reason,
		Expiry:    rec.Expiry,
		Due:       rec.Due,
		Ends:      rec.Ends,
		UpdatedAt: rec.UpdatedAt,
	}
}
