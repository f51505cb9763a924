package oauth_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

// shop is the shop of the tests that need one only.
const shop = "PA01234567"

// rotating is a strict server of 5-minute tokens in memory. It takes a moment, so that
// a spent token never comes back in the instant of its use.
func rotating() oauthtest.Config {
	return oauthtest.Config{
		ClientID: "client-id", ClientSecret: "client-secret", ClientAuth: oauthtest.SecretInBody,
		AccessLifetime: 5 * time.Minute, RefreshLifetime: 12 * time.Hour, Rotate: true,
		AfterRotation: 20 * time.Millisecond, RevokePath: "/oauth/revoke", InMemory: true,
	}
}

// world is a server, a store and whatever managers share them.
type world struct {
	t        *testing.T
	srv      *oauthtest.Server
	provider *oauth.Provider
	store    *faultyStore
	sealer   *oauth.Sealer

	mu     sync.Mutex
	events []oauth.Event
}

// bubble runs a test in a synctest bubble, in a world of its own.
func bubble(t *testing.T, config oauthtest.Config, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, srv: startServer(t, config), store: newFaultyStore(), sealer: newGrantSealer(t, "k1")}
		w.provider = point(&oauth.Provider{
			Name:            "makeshop",
			Client:          oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: redirectURL},
			AccessLifetime:  config.AccessLifetime,
			RefreshLifetime: config.RefreshLifetime,
			Rotates:         config.Rotate,
		}, w.srv)
		test(w)
	})
}

func newGrantSealer(t testing.TB, id string, earlier ...oauth.SealKey) *oauth.Sealer {
	t.Helper()
	sealer, err := oauth.NewSealer(sealKey(id), earlier...)
	require.NoError(t, err)
	return sealer
}

func sealKey(id string) oauth.SealKey {
	return oauth.SealKey{ID: id, Key: shotengai.Secret(strings.Repeat(id, 32)[:32])}
}

// manager returns one more instance of the app.
func (w *world) manager(change ...func(*oauth.ManagerConfig)) *oauth.Manager {
	w.t.Helper()
	config := oauth.ManagerConfig{Provider: w.provider, Store: w.store, Sealer: w.sealer, OnEvent: w.note}
	for _, c := range change {
		c(&config)
	}
	m, err := oauth.NewManager(config)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = m.Close(context.WithoutCancel(w.t.Context())) })
	return m
}

func (w *world) note(e oauth.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, e)
}

// kinds returns the kinds of the events so far.
func (w *world) kinds() []oauth.EventKind {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	var kinds []oauth.EventKind
	for _, e := range w.events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// install puts a grant that the server has just issued.
func (w *world) install(m *oauth.Manager, shop string) *oauth.Grant {
	w.t.Helper()
	g := w.grant(shop)
	require.NoError(w.t, m.Put(w.t.Context(), shop, g))
	return g
}

func (w *world) grant(shop string) *oauth.Grant {
	given := w.srv.Grant(shop)
	g := &oauth.Grant{
		AccessToken: shotengai.Secret(given.AccessToken), RefreshToken: shotengai.Secret(given.RefreshToken),
		TokenType: "Bearer", ObtainedAt: time.Now(),
	}
	if w.provider.AccessLifetime > 0 {
		g.Expiry = time.Now().Add(w.provider.AccessLifetime)
	}
	if w.provider.RefreshLifetime > 0 {
		g.RefreshExpiry = time.Now().Add(w.provider.RefreshLifetime)
	}
	return g
}

// expire lets the access tokens of 5 minutes run out.
func (w *world) expire() { after(5*time.Minute + time.Second) }

// after lets time pass in the bubble.
func after(d time.Duration) { <-time.After(d) }

// token asks for the shop's token, which the server has to accept.
func (w *world) token(m *oauth.Manager, shop string) string {
	w.t.Helper()
	token, err := m.TokenSource(shop).TokenContext(w.t.Context())
	require.NoError(w.t, err)
	_, ok := w.srv.Check(token.AccessToken)
	require.True(w.t, ok, "the token is good")
	return token.AccessToken
}

// fails asks for the shop's token and returns the error.
func (w *world) fails(m *oauth.Manager, shop string) error {
	w.t.Helper()
	token, err := m.TokenSource(shop).TokenContext(w.t.Context())
	require.Error(w.t, err)
	require.Nil(w.t, token)
	return err
}

func (w *world) calls() int { return len(w.srv.TokenRequests()) }

// faultyStore is a memory store on a line that can be cut before or after the effect.
type faultyStore struct {
	mu     sync.Mutex
	inner  *oauth.MemoryStore
	before map[string]func() error
	after  map[string]func() error
	calls  map[string]int
}

func newFaultyStore() *faultyStore {
	return &faultyStore{
		inner:  oauth.NewMemoryStore(),
		before: make(map[string]func() error),
		after:  make(map[string]func() error),
		calls:  make(map[string]int),
	}
}

// fail makes a method return err; nil heals it.
func (s *faultyStore) fail(err error, methods ...string) {
	for _, method := range methods {
		s.hook(s.before, method, func() error { return err })
	}
}

// down cuts every method off.
func (s *faultyStore) down(err error) {
	s.fail(err, "Load", "Put", "Acquire", "Save", "Release", "Delete", "Due")
}

func (s *faultyStore) hook(where map[string]func() error, method string, f func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	where[method] = f
}

// once makes a hook that acts the first time only.
func once(f func() error) func() error {
	var done atomic.Bool
	return func() error {
		if done.Swap(true) {
			return nil // also for the calls that f itself makes
		}
		return f()
	}
}

func (s *faultyStore) count(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

func (s *faultyStore) use(method string, call func(*oauth.MemoryStore) error) error {
	s.mu.Lock()
	s.calls[method]++
	before, after := s.before[method], s.after[method]
	s.mu.Unlock()
	if before != nil {
		if err := before(); err != nil {
			return err
		}
	}
	s.mu.Lock()
	inner := s.inner
	s.mu.Unlock()
	if err := call(inner); err != nil || after == nil {
		return err
	}
	return after()
}

func (s *faultyStore) Load(ctx context.Context, key oauth.Key) (rec oauth.Record, err error) {
	err = s.use("Load", func(m *oauth.MemoryStore) (err error) { rec, err = m.Load(ctx, key); return err })
	return rec, err
}

func (s *faultyStore) Put(ctx context.Context, key oauth.Key, rec oauth.Record) (version int64, err error) {
	err = s.use("Put", func(m *oauth.MemoryStore) (err error) { version, err = m.Put(ctx, key, rec); return err })
	return version, err
}

func (s *faultyStore) Acquire(ctx context.Context, key oauth.Key, version int64, owner string, ttl time.Duration) (lease oauth.Lease, err error) {
	err = s.use("Acquire", func(m *oauth.MemoryStore) (err error) {
		lease, err = m.Acquire(ctx, key, version, owner, ttl)
		return err
	})
	return lease, err
}

func (s *faultyStore) Save(ctx context.Context, key oauth.Key, version int64, rec oauth.Record) error {
	return s.use("Save", func(m *oauth.MemoryStore) error { return m.Save(ctx, key, version, rec) })
}

func (s *faultyStore) Release(ctx context.Context, key oauth.Key, owner string, wait time.Duration) error {
	return s.use("Release", func(m *oauth.MemoryStore) error { return m.Release(ctx, key, owner, wait) })
}

func (s *faultyStore) Delete(ctx context.Context, key oauth.Key) error {
	return s.use("Delete", func(m *oauth.MemoryStore) error { return m.Delete(ctx, key) })
}

func (s *faultyStore) Due(ctx context.Context, query oauth.DueQuery) (entries []oauth.Entry, err error) {
	err = s.use("Due", func(m *oauth.MemoryStore) (err error) { entries, err = m.Due(ctx, query); return err })
	return entries, err
}

// replace takes the store's place with another that holds one record, or none.
func (s *faultyStore) replace(t *testing.T, key oauth.Key, records ...oauth.Record) {
	t.Helper()
	inner := oauth.NewMemoryStore()
	for _, rec := range records {
		version, err := inner.Put(t.Context(), key, rec)
		require.NoError(t, err)
		if rec.Version > version {
			require.NoError(t, inner.Save(t.Context(), key, version, rec))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inner = inner
}

// tripper is a function that sends requests.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// intercept puts f between the provider and the server.
func (w *world) intercept(f func(next http.RoundTripper, r *http.Request) (*http.Response, error)) {
	client := w.srv.HTTPClient()
	next := client.Transport
	client.Transport = tripper(func(r *http.Request) (*http.Response, error) { return f(next, r) })
	w.provider.HTTPClient = client
}

func rowKey(shop string) oauth.Key {
	return oauth.Key{Platform: "makeshop", App: "client-id", Shop: shop}
}
