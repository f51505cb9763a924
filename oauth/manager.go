package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	mathrand "math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Defaults of [ManagerConfig]. A lease has to outlast the slowest answer of the token
// endpoint: with a shorter one two processes use the same refresh token, and a server
// that takes this for theft ends the grant.
const (
	DefaultLease    = 30 * time.Second
	DefaultTimeout  = tokenTimeout
	DefaultRecheck  = 3 * time.Second
	DefaultParallel = 4
	DefaultCopies   = 10_000
)

const (
	storeLimit  = 5 * time.Second // one call of the store
	flightLimit = 2 * time.Minute // waiting for other processes
)

// ManagerConfig describes a [Manager].
type ManagerConfig struct {
	// Provider is the platform; required.
	Provider *Provider
	// Store keeps the grants; required.
	Store TokenStore
	// Sealer encrypts them; required, but for a [MemoryStore]. [NoSeal] stores them as
	// they are.
	Sealer *Sealer
	// OnEvent is called for what happens to grants, in the goroutine that refreshes, which
	// it must not hold up. Several calls may run at once.
	OnEvent func(Event)

	// Parallel is how many refreshes may be under way in this instance; 0 means
	// [DefaultParallel].
	Parallel int
	// Copies is how many shops' grants are kept in memory; 0 means [DefaultCopies].
	Copies int
	// Timeout is how long a refresh may take; 0 means [DefaultTimeout], which is also the
	// most.
	Timeout time.Duration
	// Lease is how long a refresh keeps other instances away; 0 means [DefaultLease].
	// It has to be half as long again as Timeout at least.
	Lease time.Duration
	// Recheck is how long to wait before a refresh token that the platform has refused is
	// sent once more. The grant is lost only if it is refused again: a platform in trouble
	// may refuse tokens that are good, and a refused one has nothing left to lose. 0 means
	// [DefaultRecheck], or less where Lease has no room for it; a negative value takes the
	// first refusal for final.
	Recheck time.Duration
}

// Manager keeps the grants of one app on one platform, refreshes each of them once
// among all instances that share its store, and hands out token sources. It is safe
// for concurrent use. Close it before the process ends.
type Manager struct {
	provider *Provider
	store    TokenStore
	sealer   *Sealer
	onEvent  func(Event)
	lease    time.Duration
	timeout  time.Duration
	recheck  time.Duration
	room     time.Duration // of a lease, until a request has to begin
	owner    string
	random   func(n int64) int64 // below n; of the process, but in a test that repeats itself

	copies *copies
	slots  chan struct{}
	count  counters

	base context.Context // refreshes belong to no caller; Close ends it
	stop context.CancelCauseFunc

	closing chan struct{} // closed by the first Close

	mu      sync.Mutex
	closed  bool
	closeBy time.Time // when a Close breaks off what is under way
	flights sync.WaitGroup
	pending map[Key]struct{} // refreshed and not stored
}

// NewManager checks the configuration. It sends nothing and does not ask the store. Its error
// has all that is wrong, a line each.
func NewManager(config ManagerConfig) (*Manager, error) {
	config.Parallel = orDefault(config.Parallel, DefaultParallel)
	config.Copies = orDefault(config.Copies, DefaultCopies)
	config.Timeout = orDefault(config.Timeout, DefaultTimeout)
	config.Lease = orDefault(config.Lease, DefaultLease)
	config.Recheck = orDefault(config.Recheck, min(DefaultRecheck, config.room()/2))
	if err := config.check(); err != nil {
		return nil, err
	}
	if config.Sealer == nil {
		var err error
		if config.Sealer, err = processSealer(); err != nil {
			return nil, err
		}
	}
	base, stop := context.WithCancelCause(context.Background()) //nolint:forbidigo // see Manager.base
	return &Manager{
		provider: config.Provider,
		store:    config.Store,
		sealer:   config.Sealer,
		onEvent:  config.OnEvent,
		lease:    config.Lease,
		timeout:  config.Timeout,
		recheck:  config.Recheck,
		room:     config.room(),
		owner:    rand.Text(),
		random:   mathrand.Int64N,
		copies:   newCopies(config.Copies),
		slots:    make(chan struct{}, config.Parallel),
		base:     base,
		stop:     stop,
		closing:  make(chan struct{}),
		pending:  make(map[Key]struct{}),
	}, nil
}

func orDefault[T ~int | ~int64](value, fallback T) T {
	if value == 0 {
		return fallback
	}
	return value
}

// check reports everything that is wrong with the configuration, a line each.
func (c *ManagerConfig) check() error {
	wrong := []error{c.checkTimes(), c.checkStore()}
	if c.Parallel < 0 || c.Copies < 0 {
		wrong = append(wrong, errors.New("oauth: manager: negative Parallel or Copies"))
	}
	if c.Provider == nil {
		wrong = append(wrong, errors.New("oauth: manager: no provider"))
	} else if err := c.Provider.Validate(); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

func (c *ManagerConfig) checkTimes() error {
	switch {
	case c.Timeout < 0 || c.Timeout > tokenTimeout:
		return fmt.Errorf("oauth: manager: a timeout of %s: from 0 to %s", c.Timeout, tokenTimeout)
	case c.Lease < c.Timeout+c.Timeout/2:
		return fmt.Errorf("oauth: manager: a lease of %s is too short for refreshes of up to %s", c.Lease, c.Timeout)
	case c.Recheck >= c.room():
		return fmt.Errorf("oauth: manager: a recheck after %s: a lease of %s has room for less than %s", c.Recheck, c.Lease, c.room())
	}
	return nil
}

func (c *ManagerConfig) checkStore() error {
	memory, inMemory := c.Store.(*MemoryStore)
	switch {
	case c.Store == nil:
		return errors.New("oauth: manager: no store")
	case inMemory && c.Provider != nil && c.Provider.Rotates && !memory.volatile:
		return fmt.Errorf("oauth: manager: %s replaces refresh tokens: a MemoryStore would lose every grant at a restart; "+
			"take oauth/sqlstore, or AllowVolatile if that does not matter", c.Provider.Name)
	case !inMemory && c.Sealer == nil:
		return errors.New("oauth: manager: no sealer; NoSeal stores grants as they are")
	}
	return nil
}

// room is how late after the beginning of a lease a request may begin, so that it is over by
// the end of the lease.
func (c *ManagerConfig) room() time.Duration { return c.Lease - c.Lease/15 - c.Timeout }

func (m *Manager) key(shop string) (Key, error) {
	key := Key{Platform: m.provider.Name, App: m.provider.Client.ID, Shop: shop}
	return key, key.Validate()
}

// Put stores what a login of the shop has brought, in place of any grant that was
// there. A refresh of the old one that is under way cannot undo it. Put goes on when
// ctx ends, because the code of the login cannot be used again; should it fail, it may be
// called again with the same grant. It looks first whether the store has the grant already,
// by its tokens and ObtainedAt: then that stays, as it is or as it was refreshed since, and so
// do its Scopes and Claims. A grant without any use, expired and without a refresh token, is
// refused with an error that matches [shotengai.ErrReauthorize].
func (m *Manager) Put(ctx context.Context, shop string, grant *Grant) error {
	key, err := m.key(shop)
	switch {
	case err != nil:
		return err
	case grant == nil || grant.AccessToken == "":
		return fmt.Errorf("oauth: %s shop %q: the grant has no access token", key.Platform, shop)
	}
	g := *grant
	g.Scopes, g.Claims = slices.Clone(grant.Scopes), slices.Clone(grant.Claims)
	snap := m.snapshot(0, rand.Text(), g.id(), false, &g)
	if g.RefreshToken == "" && !snap.validAt(time.Now()) {
		return m.wrap(key, "put", shotengai.ErrReauthorize, errSpent)
	}
	rec, err := m.seal(key, snap)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	have, err := m.stored(ctx, key, snap.consent)
	switch {
	case err != nil:
		return m.storeError(key, "put", err)
	case have != nil:
		snap = have
	default:
		if snap.version, err = m.store.Put(ctx, key, rec); err != nil {
			return m.storeError(key, "put", err)
		}
	}
	m.replace(key, snap)
	return nil
}

// stored returns what has become of a consent that is in the store already: an earlier Put has
// worked although it failed. Another process may have refreshed the grant since, and to store the
// first version once more would bring back a spent refresh token.
func (m *Manager) stored(ctx context.Context, key Key, consent string) (*snapshot, error) {
	rec, err := m.store.Load(ctx, key)
	switch {
	case errors.Is(err, ErrNoGrant):
		return nil, nil
	case err != nil:
		return nil, err
	case rec.Status != StatusActive:
		return nil, nil
	}
	if snap, err := m.open(key, rec); err == nil && snap.consent == consent {
		return snap, nil
	}
	return nil, nil // also one that cannot be opened
}

// replace makes a snapshot the copy in memory, and forgets what was known before.
func (m *Manager) replace(key Key, snap *snapshot) {
	p := m.place(key)
	defer p.mu.Unlock()
	p.copy.Store(snap)
	p.hold, p.spare = hold{}, nil
}

// Forget deletes the shop's grant without a call of the platform: for the platform's
// notice that the app was uninstalled. Like Put it goes on when ctx ends. Other
// instances keep the access token they have in memory until its refresh window or the
// platform's refusal.
func (m *Manager) Forget(ctx context.Context, shop string) error {
	key, err := m.key(shop)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	if err := m.store.Delete(ctx, key); err != nil {
		return m.storeError(key, "delete", err)
	}
	m.replace(key, nil)
	return nil
}

// Revoke deletes the shop's grant and ends it at the platform, where the platform has
// an address for that. The grant is gone from the store even if the platform fails.
func (m *Manager) Revoke(ctx context.Context, shop string) error {
	key, err := m.key(shop)
	if err != nil {
		return err
	}
	rec, err := m.store.Load(ctx, key)
	if err != nil {
		return m.storeError(key, "load", err)
	}
	if rec.Status == StatusDeleted {
		return m.absent(key)
	}
	snap, openErr := m.open(key, rec)
	if err := m.Forget(ctx, shop); err != nil || openErr != nil {
		return errors.Join(openErr, err)
	}
	if m.provider.RevokeURL == "" {
		return nil
	}
	return m.provider.Revoke(ctx, snap.grant)
}

const pageSize = 100

// Grants lists the app's grants in the order of the shops' ids, without the deleted
// ones: for a page that shows when grants end and who has to log in again.
func (m *Manager) Grants(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		query := DueQuery{Platform: m.provider.Name, App: m.provider.Client.ID, Limit: pageSize}
		for {
			entries, err := m.store.Due(ctx, query)
			if err != nil {
				yield(Entry{}, m.storeError(Key{Platform: query.Platform, App: query.App}, "list", err))
				return
			}
			for _, entry := range entries {
				if !yield(entry, nil) {
					return
				}
			}
			if len(entries) < query.Limit {
				return
			}
			query.After = entries[len(entries)-1].Shop
		}
	}
}

// Status returns what the store has of one shop, or an error that matches
// [ErrNoGrant] if there is no grant.
func (m *Manager) Status(ctx context.Context, shop string) (Entry, error) {
	key, err := m.key(shop)
	if err != nil {
		return Entry{}, err
	}
	rec, err := m.store.Load(ctx, key)
	switch {
	case err != nil:
		return Entry{}, m.storeError(key, "load", err)
	case rec.Status == StatusDeleted:
		return Entry{}, m.absent(key)
	}
	rec.Sealed = nil
	return Entry{Key: key, Record: rec}, nil
}

// RefreshDue refreshes every grant whose refresh token has lived half of its life, so
// that a shop without calls does not lose its grant, and finds the grants that have ended
// because they have no refresh token. Call it from a timer, more often
// than a quarter of that life: once an hour suits every platform here. Any number of
// instances may do so at the same time. It returns how many grants it has found due and
// has now seen refreshed, and an error if others were due and could not be refreshed.
// Grants that turn out to need a new login are reported by events and are no error.
func (m *Manager) RefreshDue(ctx context.Context) (int, error) {
	var round dueRound
	query := DueQuery{Platform: m.provider.Name, App: m.provider.Client.ID, Before: time.Now(), Limit: pageSize}
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
		query.After = entries[len(entries)-1].Shop
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

const (
	closeLimit = 30 * time.Second // when the context has no deadline
	breakLimit = time.Second      // for refreshes that Close has broken off
)

// Close refuses new refreshes, ends those that have sent nothing yet with [ErrClosed],
// and waits for the answers to requests that were sent and for their grants to be stored,
// at most 30 s or until ctx ends. A lost answer is asked for once more only if there is
// time enough left to receive and store it: the next process does it otherwise. Access tokens in memory are still handed out
// as long as they are valid, so that a server can be drained before or after. An error
// matches [ErrUnsaved] and names the shops whose new grant is lost with the process.
func (m *Manager) Close(ctx context.Context) error {
	by, ok := ctx.Deadline()
	if !ok {
		by = time.Now().Add(closeLimit)
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, by)
		defer cancel()
	}
	m.beginClose(by)
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

// beginClose stops every refresh short of its next irreversible step.
func (m *Manager) beginClose(by time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		m.closeBy = earlier(m.closeBy, by)
		return
	}
	m.closed, m.closeBy = true, by
	close(m.closing)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// mayBegin returns ErrClosed once the manager is closed.
func (m *Manager) mayBegin(key Key) error {
	if isClosed(m.closing) {
		return m.wrap(key, "token", ErrClosed)
	}
	return nil
}

// mayRepeat is mayBegin for a further request of a refresh whose first was sent: a Close
// waits for it if there is time for its answer and for the save.
func (m *Manager) mayRepeat(key Key, wait time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed && time.Until(m.closeBy) < wait+m.timeout+storeLimit {
		return m.wrap(key, "token", ErrClosed)
	}
	return nil
}

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

// wrap names the shop in an error.
func (m *Manager) wrap(key Key, what string, errs ...error) error {
	return &GrantError{Key: key, Op: what, errs: errs}
}

func (m *Manager) absent(key Key) error { return m.wrap(key, "token", ErrNoGrant) }

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

// storeError reports whether a failure of the store will pass.
func (m *Manager) storeError(key Key, op string, err error) error {
	switch {
	case errors.Is(err, ErrNoGrant):
		return m.absent(key)
	case errors.Is(err, ErrStoreSetup), errors.Is(err, ErrStoreLost):
		m.count.storeErrors.Add(1)
		return m.wrap(key, op, err)
	}
	m.count.storeErrors.Add(1)
	return m.wrap(key, op, ErrStoreUnavailable, ErrTemporary, err)
}
