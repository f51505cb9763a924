package oauth

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	closeLimit = 30 * time.Second // when the context has no deadline
	breakLimit = time.Second      // for refreshes that Close has broken off
)

// launch runs a flight, unless the manager is closed.
func (m *Manager) launch(f *flight) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.count.flights.Add(1)
	m.flights.Go(func() {
		defer m.count.flights.Add(-1)
		defer m.unsetPending(f.place.key)
		f.run(m.base)
	})
	return true
}

func (m *Manager) setPending(key Key) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pending[key] = struct{}{}
}

func (m *Manager) unsetPending(key Key) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.pending, key)
}

func (m *Manager) unsaved() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.pending)
}

// Close refuses new refreshes and waits for those under way and for their grants to be
// stored, at most 30 s or until ctx ends. Access tokens in memory are still handed out
// as long as they are valid, so that a server can be drained before or after. An error
// matches [ErrUnsaved] and names the shops whose new grant is lost with the process.
func (m *Manager) Close(ctx context.Context) error {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()

	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, closeLimit)
		defer cancel()
	}
	done := make(chan struct{})
	go func() {
		m.flights.Wait()
		close(done)
	}()
	select {
	case <-done:
		m.stop(ErrClosed)
		return nil
	case <-ctx.Done():
	}
	if m.count.flights.Load() == 0 { // a context that had ended before
		m.stop(ErrClosed)
		return nil
	}
	m.mu.Lock()
	var shops []string
	for key := range m.pending {
		shops = append(shops, key.Shop)
	}
	m.mu.Unlock()
	m.stop(ErrClosed)
	select { // every wait of a refresh ends with the base context, if the store's do
	case <-done:
	case <-time.After(breakLimit):
	}
	if len(shops) > 0 {
		slices.Sort(shops)
		return fmt.Errorf("oauth: %s: close: %w: shops %q: %w", m.provider.Name, ErrUnsaved, shops, context.Cause(ctx))
	}
	return fmt.Errorf("oauth: %s: close: refreshes were broken off: %w", m.provider.Name, context.Cause(ctx))
}
