package oauth

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"
)

// Steps 1 to 3 of the protocol: what a process knows of a grant, and who waits for what.

// TokenSource hands out the access token of one shop. It implements
// [oauth2.TokenSource] and is safe for concurrent use. The tokens are shared: do not
// change them. They hold no refresh token, so that nobody else refreshes.
type TokenSource struct {
	manager *Manager
	key     Key
	err     error // the shop's id cannot be one
	place   atomic.Pointer[place]
}

// TokenSource returns the source of a shop. It asks nothing: whether there is a grant
// shows when a token is asked for. Sources of the same shop share everything, so that one may
// be made for each request: it finds a valid token without a lock.
func (m *Manager) TokenSource(shop string) *TokenSource {
	p := m.copies.find(Key{Platform: m.provider.Name, App: m.provider.Client.ID, Shop: shop})
	if p == nil {
		key, err := m.key(shop)
		return &TokenSource{manager: m, key: key, err: err}
	}
	if s := p.source.Load(); s != nil {
		return s
	}
	s := &TokenSource{manager: m, key: p.key}
	s.place.Store(p)
	p.source.Store(s)
	return s
}

// Token returns a valid access token. It waits for a refresh as long as that takes; use
// TokenContext to wait for less.
func (s *TokenSource) Token() (*oauth2.Token, error) {
	return s.TokenContext(s.manager.base)
}

// TokenContext returns a valid access token. The context ends the waiting for a
// refresh, never the refresh. Errors are [*GrantError].
func (s *TokenSource) TokenContext(ctx context.Context) (*oauth2.Token, error) {
	if p := s.place.Load(); p != nil {
		if snap := p.copy.Load(); snap.freshAt(time.Now()) {
			p.touch()
			return snap.token, nil
		}
	}
	return s.wait(ctx, goal{})
}

// Reject reports that the platform has refused a token before its time, and returns the
// token to use instead: one that is newer already, or the result of exactly one
// refresh, however many callers report it. A token that came from such a refresh less than
// a minute ago is not refreshed once more. Where there is no refresh token the error matches
// [ErrRevoked], and the grant gets [StatusRevoked].
func (s *TokenSource) Reject(ctx context.Context, t *oauth2.Token) (*oauth2.Token, error) {
	if t == nil || t.AccessToken == "" {
		return s.TokenContext(ctx)
	}
	return s.wait(ctx, goal{rejected: t.AccessToken})
}

func (s *TokenSource) wait(ctx context.Context, g goal) (*oauth2.Token, error) {
	if s.err != nil {
		return nil, s.err
	}
	snap, p, err := s.manager.obtain(ctx, s.key, g)
	s.place.Store(p)
	if err != nil {
		return nil, err
	}
	return snap.token, nil
}

// Login answers the question that starts a session: it returns the access token, after
// a refresh if the one at hand has expired, and an error that matches [shotengai.ErrReauthorize]
// if the shop's owner has to be sent to the login, because there is no grant or it is
// lost. Unlike a source it also takes [StatusRevoked] for an answer.
func (m *Manager) Login(ctx context.Context, shop string) (*oauth2.Token, error) {
	key, err := m.key(shop)
	if err != nil {
		return nil, err
	}
	snap, _, err := m.obtain(ctx, key, goal{})
	if err == nil && snap.revoked { // unless there is a new consent by now
		snap, _, err = m.obtain(ctx, key, goal{rejected: snap.token.AccessToken})
	}
	if err != nil {
		return nil, err
	}
	return snap.token, nil
}

// goal is what a caller wants of a grant.
type goal struct {
	rejected string // another access token than this one
	due      bool   // a refresh token in the first half of its life
}

func (g goal) met(s *snapshot, now time.Time) bool {
	switch {
	case s == nil:
		return false
	case g.rejected != "":
		return s.token.AccessToken != g.rejected && s.validAt(now)
	case g.due:
		return s.due.IsZero() || now.Before(s.due)
	}
	return s.freshAt(now)
}

// good reports whether a token can be handed out although the goal may not be met.
func (g goal) good(s *snapshot, now time.Time) bool {
	return !g.due && s.validAt(now) && s.token.AccessToken != g.rejected
}

// obtain returns a token that fits the goal, joining the refresh under way or starting
// one. It also returns the place, for the next time.
func (m *Manager) obtain(ctx context.Context, key Key, g goal) (*snapshot, *place, error) {
	for {
		p := m.place(key)
		snap, wait, f, err := m.join(p, g)
		p.mu.Unlock()
		if snap != nil || err != nil {
			return snap, p, err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, p, m.wrap(key, "token", ended(ctx))
		}
		now := time.Now()
		switch {
		case f == nil:
		case f.err == nil && (g.met(f.snap, now) || g.good(f.snap, now)):
			return f.snap, p, nil
		case f.goal == g:
			return f.snap, p, f.err
		}
	}
}

// join looks at a locked place: there is a token, or something to wait for, or neither.
func (m *Manager) join(p *place, g goal) (snap *snapshot, wait <-chan struct{}, f *flight, err error) {
	now := time.Now()
	have := p.copy.Load()
	good := g.good(have, now)
	switch {
	case g.met(have, now):
		return have, nil, nil, nil
	case good && (p.flight != nil || now.Before(p.hold.idle)):
		return have, nil, nil, nil
	case p.flight != nil:
		wait, f, err = m.await(p.flight)
		return nil, wait, f, err
	case now.Before(p.hold.until) && good:
		return have, nil, nil, nil
	case now.Before(p.hold.until):
		return nil, nil, nil, p.hold.err
	}
	f = &flight{manager: m, place: p, goal: g, seen: have, began: time.Now(), answered: make(chan struct{}), ended: make(chan struct{})}
	launched := m.launch(f)
	if launched {
		p.flight = f
	}
	switch {
	case good:
		return have, nil, nil, nil // renewed in the background, unless the manager is closed
	case !launched:
		return nil, nil, nil, m.wrap(p.key, "token", ErrClosed)
	}
	return nil, f.answered, f, nil
}

// await returns what to wait for in a flight that is under way at a locked place: its
// answer, or its end if it has answered others already.
func (m *Manager) await(f *flight) (wait <-chan struct{}, joined *flight, err error) {
	switch {
	case f.unsaved:
		return nil, nil, m.wrap(f.place.key, "token", ErrUnsaved, ErrTemporary)
	case isClosed(f.answered):
		return f.ended, nil, nil
	}
	return f.answered, f, nil
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// place is where a process keeps what it knows of one grant.
type place struct {
	key    Key
	copy   atomic.Pointer[snapshot]
	used   atomic.Bool                 // since the clock's hand came by
	source atomic.Pointer[TokenSource] // for all who ask for one from now on

	mu     sync.Mutex
	gone   bool // evicted: ask the manager for another place
	flight *flight
	hold   hold
	spare  *spare
	open   int64 // the version for which a request has no answer
}

// hold keeps a failed refresh from being repeated at once, by however many callers.
type hold struct {
	until    time.Time
	idle     time.Time // no refresh in the background until then
	err      error
	failures int
}

// note remembers a failure, so that it is not repeated at once. A store that did not
// answer is asked again by whoever needs it, but not in the background before the pause is over.
func (h *hold) note(err error, pause time.Duration) {
	switch {
	case err == nil:
		*h = hold{idle: h.idle}
		return
	case errors.Is(err, ErrStoreUnavailable):
		h.idle = time.Now().Add(pause)
	}
	if e, ok := errors.AsType[*GrantError](err); ok && e.RetryAfter > 0 {
		h.until, h.err = time.Now().Add(e.RetryAfter), err
		h.failures++
	}
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

// place returns the place of a key, locked.
func (m *Manager) place(key Key) *place {
	for {
		p := m.copies.place(key)
		p.mu.Lock()
		if !p.gone {
			return p
		}
		p.mu.Unlock()
	}
}

// copies is a bounded set of places. It forgets what was not used for the longest
// time, by the clock algorithm: a place that was used since the hand last came by gets
// a second chance.
type copies struct {
	limit int
	byKey sync.Map // of *place by Key; changed under the lock

	mu   sync.Mutex
	ring []*place
	hand int
}

func newCopies(limit int) *copies { return &copies{limit: limit} }

// find returns the place of a key, nil if there is none. It takes no lock.
func (c *copies) find(key Key) *place {
	p, _ := c.byKey.Load(key)
	found, _ := p.(*place)
	return found
}

func (c *copies) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ring)
}

// place returns the place of a key, making one if need be.
func (c *copies) place(key Key) *place {
	if p := c.find(key); p != nil {
		p.touch()
		return p
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.find(key); p != nil {
		p.touch()
		return p
	}
	p := &place{key: key}
	p.touch()
	c.byKey.Store(key, p)
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
		c.byKey.Delete(p.key)
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
