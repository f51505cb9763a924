package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
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
	// OnEvent is told what happens to grants. It is called from the goroutine that
	// refreshes, which it must not hold up, and from several at once.
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
	owner    string

	copies *copies
	slots  chan struct{}
	count  counters

	base context.Context // refreshes belong to no caller; Close ends it
	stop context.CancelCauseFunc

	mu      sync.Mutex
	closed  bool
	flights sync.WaitGroup
	pending map[Key]struct{} // refreshed and not stored
}

// NewManager checks the configuration. It sends nothing and does not ask the store.
func NewManager(config ManagerConfig) (*Manager, error) {
	config.Parallel = orDefault(config.Parallel, DefaultParallel)
	config.Copies = orDefault(config.Copies, DefaultCopies)
	config.Timeout = orDefault(config.Timeout, DefaultTimeout)
	config.Lease = orDefault(config.Lease, DefaultLease)
	if err := config.check(); err != nil {
		return nil, fmt.Errorf("oauth: manager: %w", err)
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
		owner:    rand.Text(),
		copies:   newCopies(config.Copies),
		slots:    make(chan struct{}, config.Parallel),
		base:     base,
		stop:     stop,
		pending:  make(map[Key]struct{}),
	}, nil
}

func orDefault[T ~int | ~int64](value, fallback T) T {
	if value == 0 {
		return fallback
	}
	return value
}

func (c *ManagerConfig) check() error {
	switch {
	case c.Provider == nil:
		return errors.New("no provider")
	case c.Store == nil:
		return errors.New("no store")
	case c.Parallel < 0 || c.Copies < 0:
		return errors.New("negative Parallel or Copies")
	case c.Timeout < 0 || c.Timeout > tokenTimeout:
		return fmt.Errorf("a timeout of %s: from 0 to %s", c.Timeout, tokenTimeout)
	case c.Lease < c.Timeout+c.Timeout/2:
		return fmt.Errorf("a lease of %s is too short for refreshes of up to %s", c.Lease, c.Timeout)
	}
	if err := c.Provider.Validate(); err != nil {
		return err
	}
	memory, inMemory := c.Store.(*MemoryStore)
	switch {
	case inMemory && c.Provider.Rotates && !memory.volatile:
		return fmt.Errorf("%s replaces refresh tokens: a MemoryStore would lose every grant at a restart; "+
			"take oauth/sqlstore, or AllowVolatile if that does not matter", c.Provider.Name)
	case !inMemory && c.Sealer == nil:
		return errors.New("no sealer; NoSeal stores grants as they are")
	}
	return nil
}

func (m *Manager) key(shop string) (Key, error) {
	key := Key{Platform: m.provider.Name, App: m.provider.Client.ID, Shop: shop}
	return key, key.Validate()
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

// Put stores what a login of the shop has brought, in place of any grant that was
// there. A refresh of the old one that is under way cannot undo it. Put goes on when
// ctx ends, because the code of the login cannot be used again; should it fail, it may be
// called again with the same grant. A grant that can give no token, expired and without a
// refresh token, is refused with an error that matches [shotengai.ErrReauthorize].
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
	snap := m.snapshot(0, rand.Text(), rand.Text(), false, &g)
	if g.RefreshToken == "" && !snap.validAt(time.Now()) {
		return m.wrap(key, "put", shotengai.ErrReauthorize, errSpent)
	}
	rec, err := m.seal(key, snap)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	if snap.version, err = m.store.Put(ctx, key, rec); err != nil {
		return m.storeError(key, "put", err)
	}
	m.replace(key, snap)
	return nil
}

// replace makes a snapshot the copy in memory, and forgets what was known before.
func (m *Manager) replace(key Key, snap *snapshot) {
	p := m.place(key)
	defer p.mu.Unlock()
	p.copy.Store(snap)
	p.hold, p.spare = hold{}, nil
}

// Forget deletes the shop's grant without a word to the platform: for the platform's
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

// wrap names the shop in an error.
func (m *Manager) wrap(key Key, what string, errs ...error) error {
	return &GrantError{Key: key, Op: what, errs: errs}
}

func (m *Manager) absent(key Key) error { return m.wrap(key, "token", ErrNoGrant) }

// storeError says whether a failure of the store will pass.
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
