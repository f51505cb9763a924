package oauth

import (
	"sync"
	"sync/atomic"
	"time"
)

// place is where a process keeps what it knows of one grant.
type place struct {
	key  Key
	copy atomic.Pointer[snapshot]
	used atomic.Bool // since the clock's hand came by

	mu     sync.Mutex
	gone   bool // evicted: ask the manager for another place
	flight *flight
	hold   hold
	spare  *spare
}

// hold keeps a failed refresh from being repeated at once, by however many callers.
type hold struct {
	until    time.Time
	idle     time.Time // no refresh in the background until then
	err      error
	failures int
}

// spare is a refreshed grant that lost its place to another one: it is tried once
// should the other one, of the given version, be refused.
type spare struct {
	version int64
	grant   *Grant
}

// touch marks the place as used. The common case is a read, which leaves the cache
// line where it is.
func (p *place) touch() {
	if !p.used.Load() {
		p.used.Store(true)
	}
}

// copies is a bounded set of places. It forgets what was not used for the longest
// time, by the clock algorithm: a place that was used since the hand last came by gets
// a second chance.
type copies struct {
	limit int

	mu    sync.Mutex
	byKey map[Key]*place
	ring  []*place
	hand  int
}

func newCopies(limit int) *copies {
	return &copies{limit: limit, byKey: make(map[Key]*place)}
}

func (c *copies) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ring)
}

// place returns the place of a key, making one if need be.
func (c *copies) place(key Key) *place {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.byKey[key]; ok {
		p.touch()
		return p
	}
	p := &place{key: key}
	p.touch()
	c.byKey[key] = p
	if i, ok := c.evict(); ok {
		c.ring[i] = p
	} else {
		c.ring = append(c.ring, p)
	}
	return p
}

// evict empties a slot of a full ring. Places with a refresh under way are kept, even
// if that means to exceed the limit.
func (c *copies) evict() (slot int, ok bool) {
	if len(c.ring) < c.limit {
		return 0, false
	}
	for range 2 * len(c.ring) {
		slot = c.hand
		c.hand = (c.hand + 1) % len(c.ring)
		p := c.ring[slot]
		if p.used.Swap(false) || !p.leave() {
			continue
		}
		delete(c.byKey, p.key)
		return slot, true
	}
	return 0, false
}

// leave makes the place unusable, unless something goes on in it.
func (p *place) leave() bool {
	if !p.mu.TryLock() {
		return false
	}
	defer p.mu.Unlock()
	if p.flight != nil {
		return false
	}
	p.gone = true
	p.copy.Store(nil)
	return true
}
