package oauth

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
)

// Group is the managers of an app that serves several platforms: one timer, one stop and one
// list for all of them. The managers may share a store, in which each sees the grants of its
// own platform and client id alone. It is safe for concurrent use.
type Group struct{ managers []*Manager }

// NewGroup puts managers together. They have to differ in platform or client id.
func NewGroup(managers ...*Manager) (*Group, error) {
	seen := make(map[Key]bool, len(managers))
	for i, m := range managers {
		if m == nil {
			return nil, fmt.Errorf("oauth: group: manager %d of %d is nil", i+1, len(managers))
		}
		app := Key{Platform: m.provider.Name, App: m.provider.Client.ID}
		if seen[app] {
			return nil, fmt.Errorf("oauth: group: two managers of %s with client id %q: one is enough", app.Platform, app.App)
		}
		seen[app] = true
	}
	return &Group{slices.Clone(managers)}, nil
}

// RefreshDue calls [Manager.RefreshDue] of all managers at once, so that no platform waits for
// another. It returns how many grants were refreshed in all, and the errors of all managers.
func (g *Group) RefreshDue(ctx context.Context) (int, error) {
	var mu sync.Mutex
	sum := 0
	err := g.all(func(m *Manager) error {
		n, err := m.RefreshDue(ctx)
		mu.Lock()
		defer mu.Unlock()
		sum += n
		return err
	})
	return sum, err
}

// Close calls [Manager.Close] of all managers at once, and returns the errors of all. They
// share the time that ctx leaves.
func (g *Group) Close(ctx context.Context) error {
	return g.all(func(m *Manager) error { return m.Close(ctx) })
}

// Grants lists the grants of all managers by platform, in the order of [NewGroup], and by
// shop: for one page that shows when grants end and who has to log in again. An error ends
// the list of its platform; the next platform follows if the loop goes on.
func (g *Group) Grants(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, m := range g.managers {
			for entry, err := range m.Grants(ctx) {
				if !yield(entry, err) {
					return
				}
			}
		}
	}
}

// all runs f for each manager, all at once.
func (g *Group) all(f func(*Manager) error) error {
	errs := make([]error, len(g.managers))
	var workers sync.WaitGroup
	for i, m := range g.managers {
		workers.Go(func() { errs[i] = f(m) })
	}
	workers.Wait()
	return errors.Join(errs...)
}
