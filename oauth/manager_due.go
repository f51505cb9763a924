package oauth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
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
	case errors.Is(err, shotengai.ErrReauthorize):
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
