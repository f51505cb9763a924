package shotengai

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"
	"weak"
)

// Clients keeps the clients of many shops, one for each, in a server that works for all of
// them. A client paces its own calls, so that two clients of a shop would send twice as many
// as the platform allows.
//
// At the limit the client that was not asked for the longest goes first. It is dropped only
// when that loses no pacing:
//
//   - Within a minute of its last Get a client stays, because its limiter may still hold back
//     calls. Up to twice the limit are kept for that; beyond it the oldest goes all the same.
//   - As long as anybody holds a client, Get returns that one, also after it was dropped.
//
// A Clients is safe for concurrent use.
type Clients[C any] struct {
	limit      int
	makeClient func(ctx context.Context, shop string) (*C, error)

	mu      sync.Mutex
	kept    map[string]*list.Element // of keptClient[C]
	order   list.List                // the last one asked for first
	dropped map[string]weak.Pointer[C]
	making  map[string]*clientCall[C]
}

type keptClient[C any] struct {
	shop   string
	client *C
	used   time.Time
}

// clientCall is one call of the function that makes clients.
type clientCall[C any] struct {
	done   chan struct{} // closed when client and err are set
	client *C
	err    error
}

const (
	limiterMemory = time.Minute // no published limit counts over a longer time
	makeTimeout   = time.Minute
)

// NewClients returns an empty Clients that keeps about limit clients. It calls makeClient for
// a shop of which it has none: once at a time for each shop, however many ask for it.
// The context of the call has the values of the first caller's and ends after a minute.
func NewClients[C any](limit int, makeClient func(ctx context.Context, shop string) (*C, error)) (*Clients[C], error) {
	switch {
	case limit < 1:
		return nil, fmt.Errorf("shotengai: a limit of %d clients: at least 1", limit)
	case makeClient == nil:
		return nil, errors.New("shotengai: clients without a function that makes one")
	}
	return &Clients[C]{
		limit:      limit,
		makeClient: makeClient,
		kept:       make(map[string]*list.Element),
		dropped:    make(map[string]weak.Pointer[C]),
		making:     make(map[string]*clientCall[C]),
	}, nil
}

// Get returns the shop's client, and makes it if there is none. An error of makeClient goes
// to all who wait for the client and is not kept: the next Get tries again. When ctx ends,
// Get returns its error, and the client is made for the others all the same.
func (c *Clients[C]) Get(ctx context.Context, shop string) (*C, error) {
	client, making := c.find(ctx, shop)
	if client != nil {
		return client, nil
	}
	select {
	case <-making.done:
		return making.client, making.err
	case <-ctx.Done():
		return nil, fmt.Errorf("shotengai: the client of shop %q: %w", shop, ctx.Err())
	}
}

// Forget drops the shop's client, so that the next Get makes a new one: after an uninstall,
// or when what clients are made of has changed. Whoever holds the old one can go on with it.
func (c *Clients[C]) Forget(shop string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.kept[shop]; ok {
		c.order.Remove(element)
		delete(c.kept, shop)
	}
	delete(c.dropped, shop)
	delete(c.making, shop)
}

// find returns the client, or the call that makes it.
func (c *Clients[C]) find(ctx context.Context, shop string) (*C, *clientCall[C]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.kept[shop]; ok {
		kept := element.Value.(*keptClient[C]) //nolint:errcheck // there is nothing else in the list
		kept.used = time.Now()
		c.order.MoveToFront(element)
		return kept.client, nil
	}
	if client := c.dropped[shop].Value(); client != nil {
		c.keep(shop, client)
		return client, nil
	}
	making, ok := c.making[shop]
	if !ok {
		making = &clientCall[C]{done: make(chan struct{}), err: errors.New("shotengai: the function that makes clients has ended its goroutine")}
		c.making[shop] = making
		go c.fill(context.WithoutCancel(ctx), shop, making)
	}
	return nil, making
}

// fill makes a client, and keeps it unless Forget was called meanwhile.
func (c *Clients[C]) fill(ctx context.Context, shop string, making *clientCall[C]) {
	ctx, cancel := context.WithTimeout(ctx, makeTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			making.err = fmt.Errorf("shotengai: making the client of shop %q panicked: %v", shop, p)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.making[shop] == making {
			delete(c.making, shop)
			if making.err == nil {
				c.keep(shop, making.client)
			}
		}
		close(making.done)
	}()
	making.client, making.err = c.makeClient(ctx, shop)
	if making.client == nil && making.err == nil {
		making.err = fmt.Errorf("shotengai: no client was made for shop %q, and no error returned", shop)
	}
}

// keep puts a client in front, and drops those at the end that are too many.
func (c *Clients[C]) keep(shop string, client *C) {
	now := time.Now()
	delete(c.dropped, shop)
	c.kept[shop] = c.order.PushFront(&keptClient[C]{shop, client, now})
	for last := c.order.Back(); c.order.Len() > c.limit; last = c.order.Back() {
		oldest := last.Value.(*keptClient[C]) //nolint:errcheck // there is nothing else in the list
		if now.Sub(oldest.used) < limiterMemory && c.order.Len() <= 2*c.limit {
			return
		}
		c.order.Remove(last)
		delete(c.kept, oldest.shop)
		c.dropped[oldest.shop] = weak.Make(oldest.client)
	}
	if len(c.dropped) > c.limit {
		maps.DeleteFunc(c.dropped, func(_ string, p weak.Pointer[C]) bool { return p.Value() == nil })
	}
}
