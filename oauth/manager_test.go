package oauth_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

func TestNewManager(t *testing.T) {
	t.Parallel()
	valid := func() oauth.ManagerConfig {
		return oauth.ManagerConfig{
			Provider: &oauth.Provider{
				Name: "makeshop", Rotates: true,
				Client:  oauth.Client{ID: "id", Secret: "secret", RedirectURL: redirectURL},
				AuthURL: "https://a.example", TokenURL: "https://a.example",
			},
			Store: newFaultyStore(), Sealer: oauth.NoSeal(),
		}
	}
	for name, c := range map[string]struct {
		change func(*oauth.ManagerConfig)
		want   string
	}{
		"as it should be":         {func(*oauth.ManagerConfig) {}, ""},
		"no provider":             {func(c *oauth.ManagerConfig) { c.Provider = nil }, "no provider"},
		"unfit provider":          {func(c *oauth.ManagerConfig) { c.Provider.Client.ID = "" }, "no client id"},
		"no store":                {func(c *oauth.ManagerConfig) { c.Store = nil }, "no store"},
		"no sealer":               {func(c *oauth.ManagerConfig) { c.Sealer = nil }, "no sealer"},
		"volatile":                {func(c *oauth.ManagerConfig) { c.Store = oauth.NewMemoryStore() }, "MemoryStore would lose every grant"},
		"volatile, as allowed":    {func(c *oauth.ManagerConfig) { c.Store, c.Sealer = oauth.NewMemoryStore(oauth.AllowVolatile()), nil }, ""},
		"volatile, no rotation":   {func(c *oauth.ManagerConfig) { c.Store, c.Provider.Rotates = oauth.NewMemoryStore(), false }, ""},
		"short lease":             {func(c *oauth.ManagerConfig) { c.Lease = 20 * time.Second }, "too short"},
		"long recheck":            {func(c *oauth.ManagerConfig) { c.Recheck = 8 * time.Second }, "room for less than 8s"},
		"short lease, no recheck": {func(c *oauth.ManagerConfig) { c.Timeout, c.Lease, c.Recheck = time.Second, 2*time.Second, -1 }, ""},
		"short lease and timeout": {func(c *oauth.ManagerConfig) { c.Timeout, c.Lease = time.Second, 1500*time.Millisecond }, ""},
		"long timeout":            {func(c *oauth.ManagerConfig) { c.Timeout, c.Lease = 21*time.Second, time.Minute }, "from 0 to 20s"},
		"negative parallel calls": {func(c *oauth.ManagerConfig) { c.Parallel = -1 }, "negative"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := valid()
			c.change(&config)
			m, err := oauth.NewManager(config)
			if c.want == "" {
				require.NoError(t, err)
				require.NoError(t, m.Close(t.Context()))
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := oauth.NewManager(oauth.ManagerConfig{Parallel: -1, Lease: time.Second})
	require.EqualError(t, err, "oauth: manager: a lease of 1s is too short for refreshes of up to 20s\n"+
		"oauth: manager: no store\n"+
		"oauth: manager: negative Parallel or Copies\n"+
		"oauth: manager: no provider", "all at once")
}

func TestT37RejectedToken(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m, other := w.manager(), w.manager()
		g := w.install(m, shop)
		refused := g.Token()
		w.srv.ExpireAccess(refused.AccessToken)
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				token, err := []*oauth.Manager{m, other}[i%2].TokenSource(shop).Reject(w.t.Context(), refused)
				if assert.NoError(w.t, err) {
					assert.NotEqual(w.t, refused.AccessToken, token.AccessToken)
				}
			})
		}
		wg.Wait()
		assert.Equal(w.t, 1, w.calls(), "exactly one forced refresh per version")

		again, err := m.TokenSource(shop).Token()
		require.NoError(w.t, err)
		for _, instance := range []*oauth.Manager{m, other, w.manager()} {
			_, err := instance.TokenSource(shop).Reject(w.t.Context(), again)
			require.ErrorIs(w.t, err, shotengai.ErrUnauthorized)
			require.NotErrorIs(w.t, err, shotengai.ErrReauthorize)
		}
		assert.Equal(w.t, 1, w.calls(), "then it fails: no storm")

		after(61 * time.Second)
		_, err = m.TokenSource(shop).Reject(w.t.Context(), again)
		require.NoError(w.t, err)
		assert.Equal(w.t, 2, w.calls())

		token, err := other.TokenSource(shop).Reject(w.t.Context(), refused)
		require.NoError(w.t, err)
		assert.Equal(w.t, again.AccessToken, token.AccessToken, "the copy at hand is newer than what was refused")
		token, err = m.TokenSource(shop).Reject(w.t.Context(), nil)
		require.NoError(w.t, err)
		assert.Equal(w.t, w.token(m, shop), token.AccessToken)
	})
}

func TestT38UnexpiringTokenRefused(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.AccessLifetime, config.RefreshLifetime, config.Rotate = 0, 0, false
	bubble(t, config, func(w *world) {
		m, other := w.manager(), w.manager()
		g := w.install(m, shop)
		after(1000 * time.Hour)
		assert.Equal(w.t, g.AccessToken.Reveal(), w.token(m, shop))
		w.token(other, shop)
		for _, instance := range []*oauth.Manager{m, m, other, m, w.manager()} {
			_, err := instance.TokenSource(shop).Reject(w.t.Context(), g.Token())
			require.ErrorIs(w.t, err, oauth.ErrRevoked)
			require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
		}
		assert.Zero(w.t, w.calls(), "there is nothing to refresh")
		assert.Equal(w.t, int64(1), m.Stats().Lost)
		assert.Equal(w.t, []oauth.EventKind{oauth.EventReauthorize}, w.kinds(), "one event among all instances")

		info, err := other.Status(w.t.Context(), shop)
		require.NoError(w.t, err)
		assert.Equal(w.t, oauth.StatusRevoked, info.Status)
		assert.Contains(w.t, info.Reason, "revoked")
		for _, instance := range []*oauth.Manager{m, w.manager()} {
			_, err := instance.Login(w.t.Context(), shop)
			require.ErrorIs(w.t, err, oauth.ErrRevoked, "to the login")
			assert.Equal(w.t, g.AccessToken.Reveal(), w.token(instance, shop), "should it have been the platform's fault")
		}

		again := w.install(other, shop)
		token, err := m.Login(w.t.Context(), shop)
		require.NoError(w.t, err, "the owner has been there, at another instance")
		assert.Equal(w.t, again.AccessToken.Reveal(), token.AccessToken)
		info, err = m.Status(w.t.Context(), shop)
		require.NoError(w.t, err)
		assert.Equal(w.t, oauth.StatusActive, info.Status)
		assert.Empty(w.t, info.Reason)
		token, err = m.TokenSource(shop).Reject(w.t.Context(), g.Token())
		require.NoError(w.t, err)
		assert.Equal(w.t, again.AccessToken.Reveal(), token.AccessToken, "the app was installed again")
	})
}

// A refusal that cannot be stored is reported rather twice than never.
func TestT38StoreFails(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.AccessLifetime, config.RefreshLifetime, config.Rotate = 0, 0, false
	bubble(t, config, func(w *world) {
		m := w.manager()
		refused := w.install(m, shop).Token()
		w.store.fail(errDown, "Save")
		_, err := m.TokenSource(shop).Reject(w.t.Context(), refused)
		require.ErrorIs(w.t, err, oauth.ErrRevoked)
		assert.Equal(w.t, []oauth.EventKind{oauth.EventReauthorize}, w.kinds())
		w.store.fail(nil, "Save")
		_, err = m.TokenSource(shop).Reject(w.t.Context(), refused)
		require.ErrorIs(w.t, err, oauth.ErrRevoked)
		info, err := m.Status(w.t.Context(), shop)
		require.NoError(w.t, err)
		assert.Equal(w.t, oauth.StatusRevoked, info.Status)
		_, err = m.TokenSource(shop).Reject(w.t.Context(), refused)
		require.ErrorIs(w.t, err, oauth.ErrRevoked)
		assert.Len(w.t, w.kinds(), 2)
	})
}

func TestNoRefreshToken(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.RefreshLifetime, config.Rotate = 0, false
	t.Run("it is used to its end", func(t *testing.T) {
		t.Parallel()
		bubble(t, config, func(w *world) {
			m, other := w.manager(), w.manager()
			g := w.install(m, shop)
			after(4 * time.Minute)
			assert.Equal(w.t, g.AccessToken.Reveal(), w.token(m, shop))
			w.token(other, shop)
			w.expire()
			for range 3 {
				for _, instance := range []*oauth.Manager{m, other} {
					_, err := instance.Login(w.t.Context(), shop)
					for _, err := range []error{err, w.fails(instance, shop)} {
						require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
						require.ErrorContains(w.t, err, "the access token has expired and there is no refresh token")
					}
				}
			}
			w.lostOnce(m, oauth.StatusReauthorize)
			assert.Zero(w.t, w.calls())
		})
	})
	t.Run("it is refused before its end", func(t *testing.T) {
		t.Parallel()
		bubble(t, config, func(w *world) {
			m := w.manager()
			g := w.install(m, shop)
			for range 3 {
				_, err := m.TokenSource(shop).Reject(w.t.Context(), g.Token())
				require.ErrorIs(w.t, err, oauth.ErrRevoked)
				require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
			}
			w.lostOnce(m, oauth.StatusRevoked)
			assert.Equal(w.t, g.AccessToken.Reveal(), w.token(m, shop), "should it have been the platform's fault")
			w.expire()
			_, err := m.TokenSource(shop).Reject(w.t.Context(), g.Token())
			require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
			w.lostOnce(m, oauth.StatusReauthorize)
			assert.Zero(w.t, w.calls())
		})
	})
}

// lostOnce asserts that the grant of the shop has a status and that one event was raised.
func (w *world) lostOnce(m *oauth.Manager, status oauth.Status) {
	w.t.Helper()
	assert.Equal(w.t, []oauth.EventKind{oauth.EventReauthorize}, w.kinds(), "one event among all instances")
	info, err := m.Status(w.t.Context(), shop)
	require.NoError(w.t, err)
	assert.Equal(w.t, status, info.Status)
	assert.NotEmpty(w.t, info.Reason)
}

// The server leaves out the refresh token that was asked for.
func TestT53RefreshTokenMissing(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.RefreshScope, config.RevokePath = "offline_access", ""
	bubble(t, config, func(w *world) {
		w.provider.Client.Scopes, w.provider.RefreshScope = []string{"read", "offline_access"}, "offline_access"
		m, other := w.manager(), w.manager()
		g, err := login(w.t.Context(), w.provider, w.srv, shop)
		require.NoError(w.t, err)
		assert.False(w.t, g.RefreshMissing)

		w.srv.Update(func(c *oauthtest.Config) { c.AppScopes = func() []string { return []string{"read"} } })
		g, err = login(w.t.Context(), w.provider, w.srv, shop)
		require.NoError(w.t, err)
		assert.True(w.t, g.RefreshMissing, "known at once")
		require.NoError(w.t, m.Put(w.t.Context(), shop, g))
		w.token(m, shop)
		n, err := m.RefreshDue(w.t.Context())
		require.NoError(w.t, err)
		assert.Zero(w.t, n)
		assert.Empty(w.t, w.kinds())

		w.expire()
		w.store.hook(w.store.before, "Save", func() error { after(time.Millisecond); return nil }) // all have read by then
		var wg sync.WaitGroup
		for _, instance := range []*oauth.Manager{m, other, w.manager()} {
			wg.Go(func() {
				n, err := instance.RefreshDue(w.t.Context())
				assert.NoError(w.t, err, "reported by the event")
				assert.Zero(w.t, n)
			})
		}
		wg.Wait()
		w.lostOnce(m, oauth.StatusReauthorize)
		require.ErrorIs(w.t, w.fails(other, shop), shotengai.ErrReauthorize)
		assert.Equal(w.t, 2, w.calls(), "the logins")
	})
}

func TestPutRefusesWhatCanGiveNoToken(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		kept := w.install(m, shop)
		for lifetime, refused := range map[time.Duration]bool{-time.Hour: true, 0: true, time.Hour: false} {
			g := &oauth.Grant{AccessToken: kept.AccessToken, Expiry: time.Now().Add(lifetime)}
			err := m.Put(w.t.Context(), "shop-1", g)
			if refused {
				require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
				require.EqualError(w.t, err, `oauth: makeshop shop "shop-1": put: `+
					"authorisation is needed again: the access token has expired and there is no refresh token")
				require.ErrorIs(w.t, m.Put(w.t.Context(), shop, g), shotengai.ErrReauthorize)
				assert.Equal(w.t, kept.AccessToken.Reveal(), w.token(m, shop), "the grant that is there stays")
			} else {
				require.NoError(w.t, err)
			}
			g.RefreshToken = kept.RefreshToken
			require.NoError(w.t, m.Put(w.t.Context(), "shop-2", g), "it can be refreshed")
		}
	})
}

func TestLogin(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		_, err := m.Login(w.t.Context(), shop)
		require.ErrorIs(w.t, err, oauth.ErrNoGrant)
		require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
		require.NotErrorIs(w.t, err, shotengai.ErrNotFound, "no answer of the platform said 404")
		require.ErrorIs(w.t, err, shotengai.ErrReauthorize, "absent: to the login")
		w.install(m, shop)
		_, err = m.Login(w.t.Context(), shop)
		require.NoError(w.t, err, "there")
		w.expire()
		token, err := m.Login(w.t.Context(), shop)
		require.NoError(w.t, err, "expired: refreshed")
		assert.Empty(w.t, token.RefreshToken, "nobody else can refresh")
		w.srv.RevokeShop(shop)
		w.expire()
		_, err = m.Login(w.t.Context(), shop)
		require.ErrorIs(w.t, err, shotengai.ErrReauthorize, "lost: to the login")

		for _, bad := range []string{"", "a\nb", "\xff", string(make([]byte, 300))} {
			_, err = m.Login(w.t.Context(), bad)
			require.ErrorContains(w.t, err, "key")
			require.Error(w.t, m.Put(w.t.Context(), bad, w.grant(shop)))
			require.ErrorContains(w.t, m.Forget(w.t.Context(), bad), "key")
		}
		assert.Zero(w.t, w.store.count("Delete"))
		require.ErrorContains(w.t, m.Put(w.t.Context(), shop, &oauth.Grant{}), "no access token")
	})
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		require.NoError(w.t, m.Revoke(w.t.Context(), shop))
		assert.Equal(w.t, "revoked", w.srv.Grants()[0].Dead)
		require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrNoGrant)
		require.ErrorIs(w.t, m.Revoke(w.t.Context(), shop), oauth.ErrNoGrant)
		require.NoError(w.t, m.Forget(w.t.Context(), shop), "forgetting twice is fine: notices come twice")
		_, err := m.Status(w.t.Context(), shop)
		require.ErrorIs(w.t, err, oauth.ErrNoGrant)

		w.install(m, shop)
		w.srv.Fail(1, shotengaitest.Fault{Path: "/oauth/revoke", Status: http.StatusServiceUnavailable})
		require.Error(w.t, m.Revoke(w.t.Context(), shop))
		require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrNoGrant, "gone all the same")
	})
}

func TestRefreshDue(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m, other := w.manager(), w.manager()
		const shops = 250
		for i := range shops {
			w.install(m, fmt.Sprintf("shop-%03d", i))
		}
		w.srv.RevokeShop("shop-007")
		n, err := m.RefreshDue(w.t.Context())
		require.NoError(w.t, err)
		assert.Zero(w.t, n)

		after(6*time.Hour + time.Second)
		var wg sync.WaitGroup
		for _, instance := range []*oauth.Manager{m, other} {
			wg.Go(func() {
				_, err := instance.RefreshDue(w.t.Context())
				assert.NoError(w.t, err, "a lost grant is reported by its event")
			})
		}
		wg.Wait()
		assert.Equal(w.t, shops-1, w.srv.Counts().Refreshes, "each one once")
		after(6*time.Hour + time.Minute)
		n, err = m.RefreshDue(w.t.Context())
		require.NoError(w.t, err)
		assert.Equal(w.t, shops-1, n, "so none is lost after 12 hours without a call")
		assert.Zero(w.t, w.srv.Counts().Killed)

		after(6*time.Hour + time.Minute)
		w.srv.Fail(-1, shotengaitest.Fault{Status: http.StatusServiceUnavailable})
		_, err = m.RefreshDue(w.t.Context())
		require.ErrorContains(w.t, err, "249 due grants were not refreshed")
		w.store.down(errDown)
		_, err = m.RefreshDue(w.t.Context())
		require.ErrorIs(w.t, err, oauth.ErrStoreUnavailable)
		for _, e := range m.Grants(w.t.Context()) {
			require.ErrorIs(w.t, e, oauth.ErrStoreUnavailable)
		}
	})
}

// A round that its context ends says so: there may be more due grants.
func TestRefreshDueEnds(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		after(6*time.Hour + time.Second)
		ctx, cancel := context.WithCancel(w.t.Context())
		defer cancel()
		w.store.hook(w.store.after, "Due", func() error { cancel(); return nil })
		n, err := m.RefreshDue(ctx)
		require.ErrorIs(w.t, err, context.Canceled)
		assert.Zero(w.t, n)
		assert.Zero(w.t, w.calls())
	})
}

// A grant that cannot be encoded does not take the place of the one that is there.
func TestPutOfWhatCannotBeStored(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		good := w.install(m, shop)
		odd := w.grant(shop)
		odd.Claims = []byte("{")
		require.ErrorContains(w.t, m.Put(w.t.Context(), shop, odd), "cannot be encoded")
		assert.Equal(w.t, 1, w.store.count("Put"))
		assert.Equal(w.t, good.AccessToken.Reveal(), w.token(w.manager(), shop))
	})
}

func TestGrants(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		installed := time.Now()
		for i := range 120 {
			w.install(m, fmt.Sprintf("shop-%03d", i))
		}
		require.NoError(w.t, m.Forget(w.t.Context(), "shop-003"))
		w.srv.RevokeShop("shop-005")
		w.expire()
		w.fails(m, "shop-005")
		var shops []string
		for info, err := range m.Grants(w.t.Context()) {
			require.NoError(w.t, err)
			shops = append(shops, info.Shop)
			if info.Shop == "shop-005" {
				assert.Equal(w.t, oauth.StatusReauthorize, info.Status)
				continue
			}
			assert.Equal(w.t, oauth.StatusActive, info.Status)
			assert.True(w.t, installed.Add(12*time.Hour).Equal(info.Ends))
			assert.True(w.t, installed.Add(6*time.Hour).Equal(info.Due))
			assert.True(w.t, installed.Add(5*time.Minute).Equal(info.Expiry))
		}
		assert.Len(w.t, shops, 119)
		assert.IsIncreasing(w.t, shops)
		for range m.Grants(w.t.Context()) {
			break
		}
	})
}

func TestS21ManyExpireTogether(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.BeforeRotation = 100 * time.Millisecond
	bubble(t, config, func(w *world) {
		m := w.manager()
		const shops = 400
		for i := range shops {
			w.install(m, fmt.Sprintf("shop-%03d", i))
		}
		w.expire()
		var running, most atomic.Int64
		w.intercept(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
			n := running.Add(1)
			defer running.Add(-1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			return next.RoundTrip(r)
		})
		var wg sync.WaitGroup
		for i := range shops {
			wg.Go(func() {
				_, err := m.TokenSource(fmt.Sprintf("shop-%03d", i)).Token()
				assert.NoError(w.t, err)
			})
		}
		wg.Wait()
		assert.Equal(w.t, int64(4), most.Load())
		assert.Equal(w.t, shops, w.calls())
	})
}

// Windows are spread by chance, so that shops that were installed together do not stay
// together.
func TestS21JitterOnTheWindow(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		for i := range 50 {
			w.install(m, fmt.Sprintf("shop-%03d", i))
		}
		after(3 * time.Minute) // 2 minutes before the end, where the window begins at its earliest
		for range 13 {
			for i := range 50 {
				w.token(m, fmt.Sprintf("shop-%03d", i))
			}
			after(time.Second)
			if n := w.srv.Counts().Refreshes; n > 0 && n < 50 {
				return
			}
		}
		w.t.Error("all shops have refreshed in the same second")
	})
}

func TestS22BoundedMemory(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager(func(c *oauth.ManagerConfig) { c.Copies = 10 })
		sources := make([]*oauth.TokenSource, 200)
		for i := range sources {
			name := fmt.Sprintf("shop-%03d", i)
			w.install(m, name)
			sources[i] = m.TokenSource(name)
		}
		for round := range 3 {
			for i, source := range sources {
				token, err := source.Token()
				require.NoError(w.t, err)
				_, ok := w.srv.Check(token.AccessToken)
				require.True(w.t, ok, "round %d shop %d", round, i)
			}
			w.expire()
		}
		assert.LessOrEqual(w.t, m.Stats().Copies, int64(10))
		assert.Equal(w.t, 2*len(sources), w.calls())

		// A shop in constant use keeps its place.
		busy := sources[0]
		_, err := busy.Token()
		require.NoError(w.t, err)
		loads := w.store.count("Load")
		for _, source := range sources[1:100] {
			_, err := busy.Token()
			require.NoError(w.t, err)
			_, _ = source.Token()
		}
		synctest.Wait()
		assert.LessOrEqual(w.t, w.store.count("Load")-loads, 99+4, "99 shops were read, the busy one hardly ever")
	})
}

// A place that was given up during a refresh would let a second one begin, under the
// same lease.
func TestS22RefreshKeepsItsPlace(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.BeforeRotation = 10 * time.Second
	bubble(t, config, func(w *world) {
		m := w.manager(func(c *oauth.ManagerConfig) { c.Copies = 1 })
		w.install(m, shop)
		w.expire()
		go func() { _, _ = m.TokenSource(shop).Token() }()
		synctest.Wait()
		for i := range 5 {
			w.install(m, fmt.Sprintf("shop-%d", i))
		}
		w.token(m, shop)
		assert.Equal(w.t, 1, w.calls())
	})
}

func TestPutEndsAHoldOff(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.srv.Fail(1, shotengaitest.Fault{Status: http.StatusServiceUnavailable, RetryAfter: "60"})
		w.fails(m, shop)
		g := w.grant(shop)
		g.Expiry = time.Now()
		require.NoError(w.t, m.Put(w.t.Context(), shop, g))
		w.token(m, shop)
		assert.Equal(w.t, 2, w.calls(), "the new consent is not held responsible")
	})
}

// A bubble ends only when every goroutine in it has ended.
func TestS22NoGoroutineLeft(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		for i := range 20 {
			w.install(m, fmt.Sprintf("shop-%03d", i))
		}
		w.srv.Fail(3, shotengaitest.Fault{Status: http.StatusTooManyRequests})
		w.store.hook(w.store.before, "Save", once(func() error { return errDown }))
		w.expire()
		for i := range 20 {
			_, _ = m.TokenSource(fmt.Sprintf("shop-%03d", i)).Token()
		}
		require.NoError(w.t, m.Close(w.t.Context()))
		assert.Zero(w.t, m.Stats().Flights)
	})
}

func TestFailureIsShared(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.srv.Fail(-1, shotengaitest.Fault{Status: http.StatusServiceUnavailable, Delay: 5 * time.Millisecond})
		source := m.TokenSource(shop)
		var wg sync.WaitGroup
		for i := range 1000 {
			wg.Go(func() {
				after(time.Duration(i%20) * time.Millisecond) // some wait, some come later
				_, err := source.Token()
				assert.ErrorIs(w.t, err, oauth.ErrTemporary)
			})
		}
		wg.Wait()
		assert.LessOrEqual(w.t, w.calls(), 2)
		assert.LessOrEqual(w.t, w.store.count("Load"), 2, "nor is the store asked for each of them")
	})
}

func TestHoldOffGrows(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.srv.Fail(-1, shotengaitest.Fault{Status: http.StatusServiceUnavailable})
		for range 600 {
			w.fails(m, shop)
			after(time.Second)
		}
		assert.LessOrEqual(w.t, w.calls(), 36, "10 minutes of a failing platform")
		assert.GreaterOrEqual(w.t, w.calls(), 20)
		w.srv.Heal()
		after(30 * time.Second)
		w.token(m, shop)
	})
}

func TestGrantErrorText(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		g := w.install(m, shop)
		w.expire()
		w.srv.Fail(1, shotengaitest.Fault{Status: http.StatusServiceUnavailable, RetryAfter: "40"})
		err := w.fails(m, shop)
		assert.Contains(w.t, err.Error(), `oauth: makeshop shop "PA01234567": refresh: `)
		assert.Contains(w.t, err.Error(), "; try again in 40s")
		assert.NotContains(w.t, fmt.Sprintf("%+v %#v", err, err), g.RefreshToken.Reveal())
		var e *oauth.TokenError
		require.ErrorAs(w.t, err, &e, "the platform's answer is at hand")
		assert.Equal(w.t, http.StatusServiceUnavailable, e.StatusCode)
	})
}

var _ oauth2.TokenSource = (*oauth.TokenSource)(nil)
