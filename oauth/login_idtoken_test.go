package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/idtoken"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// memoryMakeshop is makeshop in memory, with an address for revocations if it shall revoke.
func memoryMakeshop(t *testing.T, revokes bool) (*oauthtest.Server, *oauth.Provider) {
	t.Helper()
	config := oauthtest.MakeShop()
	config.InMemory = true
	if revokes {
		config.RevokePath = "/oauth2/revoke"
	}
	srv := startServer(t, config)
	return srv, makeshop(t, srv)
}

// begun is a login that the owner has gone through.
func begun(t *testing.T, p *oauth.Provider, srv *oauthtest.Server) (oauth.Login, url.Values) {
	t.Helper()
	login, err := p.Begin()
	require.NoError(t, err)
	query, err := srv.Authorize(t.Context(), login.URL, "shop-1")
	require.NoError(t, err)
	return login, query
}

// The platform signs with a new key while the key set must not be fetched again. The code is
// used up by then.
func TestT56LoginWithANewKey(t *testing.T) {
	t.Parallel()
	t.Run("it is finished when the key is there", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			srv, p := memoryMakeshop(t, false)
			_, err := login(t.Context(), p, srv, "shop-1")
			require.NoError(t, err)
			after(12 * time.Second)
			srv.RotateKeys(true)
			l, query := begun(t, p, srv)
			g, err := p.Exchange(t.Context(), l, query)
			require.Nil(t, g)
			for range 2 {
				require.ErrorIs(t, err, oauth.ErrIDToken)
				require.ErrorIs(t, err, shotengai.ErrUnavailable)
				require.ErrorIs(t, err, idtoken.ErrKeysUnavailable)
				require.NotErrorIs(t, err, idtoken.ErrInvalidToken)
				given := srv.Grants()[1]
				assert.Empty(t, leaks(err, given.AccessToken, given.RefreshToken, l.Nonce.Reveal()))
				var unverified *oauth.UnverifiedError
				require.ErrorAs(t, err, &unverified)
				assert.Empty(t, leaks(*unverified, given.AccessToken, given.RefreshToken, l.Nonce.Reveal()))
				assert.Equal(t, 18*time.Second, unverified.RetryAfter)
				_, err = unverified.Finish(t.Context())
			}
			var unverified *oauth.UnverifiedError
			require.ErrorAs(t, err, &unverified)
			require.ErrorIs(t, unverified.Discard(t.Context()), oauth.ErrNotSupported)
			after(unverified.RetryAfter)
			g, err = unverified.Finish(t.Context())
			require.NoError(t, err)
			_, good := srv.Check(g.AccessToken.Reveal())
			assert.True(t, good)
			assert.NotEmpty(t, g.Claims)
			assert.Len(t, srv.TokenRequests(), 2, "one for each login")
		})
	})
	t.Run("by the handler itself", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			srv, p := memoryMakeshop(t, true)
			_, err := login(t.Context(), p, srv, "shop-1")
			require.NoError(t, err)
			var kept []*oauth.Grant
			callback := finishLogin(t, srv, p, func(_ context.Context, f *oauth.FinishedLogin) (string, error) {
				kept = append(kept, f.Grant)
				return "/home", nil
			})
			srv.RotateKeys(true)
			began := time.Now()
			resp := callback()
			assert.Equal(t, http.StatusSeeOther, resp.Code)
			assert.Equal(t, 30*time.Second, time.Since(began))
			require.Len(t, kept, 1)

			after(time.Hour)
			srv.Fail(-1, shotengaitest.Fault{Path: "/.well-known/jwks.json", Status: http.StatusServiceUnavailable})
			srv.RotateKeys(true)
			began = time.Now()
			resp = callback()
			assert.Equal(t, http.StatusServiceUnavailable, resp.Code, "the keys do not come")
			assert.Equal(t, 30*time.Second, time.Since(began))
			assert.Len(t, kept, 1)
			assert.Equal(t, "revoked", srv.Grants()[2].Dead)
		})
	})
}

// finishLogin returns a function that goes through a login of a handler, and answers the
// callback.
func finishLogin(t *testing.T, srv *oauthtest.Server, p *oauth.Provider,
	onGrant func(context.Context, *oauth.FinishedLogin) (string, error),
) func() *httptest.ResponseRecorder {
	t.Helper()
	handler, err := oauth.NewHandler(oauth.HandlerConfig{Provider: p, Sealer: newSealer(t), OnGrant: onGrant})
	require.NoError(t, err)
	return func() *httptest.ResponseRecorder {
		started := httptest.NewRecorder()
		handler.LoginHandler().ServeHTTP(started, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/login", nil))
		query, err := srv.Authorize(t.Context(), started.Header().Get("Location"), "shop-1")
		require.NoError(t, err)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/callback?"+query.Encode(), nil)
		r.AddCookie(started.Result().Cookies()[0])
		answer := httptest.NewRecorder()
		handler.CallbackHandler().ServeHTTP(answer, r)
		return answer
	}
}

// The ID token of a refresh has to have the login's nonce, if it has one.
func TestT12NonceOfARefresh(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*oauthtest.Config)
		taken  bool
	}{
		"the same": {func(*oauthtest.Config) {}, true},
		"none":     {func(c *oauthtest.Config) { c.RepeatNonce = false }, true},
		"another": {func(c *oauthtest.Config) {
			c.Claims = func(string) map[string]any { return map[string]any{"nonce": "another"} }
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, p := memoryMakeshop(t, false)
				g, err := login(t.Context(), p, srv, "shop-1")
				require.NoError(t, err)
				assert.NotEmpty(t, g.Nonce.Reveal())
				var events []oauth.Event
				m, err := oauth.NewManager(oauth.ManagerConfig{
					Provider: p, Store: oauth.NewMemoryStore(oauth.AllowVolatile()), OnEvent: func(e oauth.Event) { events = append(events, e) },
				})
				require.NoError(t, err)
				require.NoError(t, m.Put(t.Context(), "shop-1", g))
				srv.Update(tt.change)
				after(5*time.Minute + time.Second)
				token, err := m.TokenSource("shop-1").TokenContext(t.Context())
				require.NoError(t, err, "the grant lives either way")
				_, good := srv.Check(token.AccessToken)
				assert.True(t, good)
				require.NoError(t, m.Close(t.Context()))
				odd := slices.ContainsFunc(events, func(e oauth.Event) bool { return e.Kind == oauth.EventOddAnswer })
				assert.Equal(t, !tt.taken, odd)

				renewed, err := p.Refresh(t.Context(), &oauth.Grant{
					RefreshToken: shotengai.Secret(srv.Grants()[0].RefreshToken), IDToken: g.IDToken, Nonce: g.Nonce,
				})
				require.NoError(t, err)
				assert.Equal(t, tt.taken, g.IDToken.Reveal() != renewed.IDToken.Reveal())
				assert.Equal(t, g.Nonce, renewed.Nonce)
				for _, e := range events {
					assert.Empty(t, leaks(e, g.Nonce.Reveal(), g.IDToken.Reveal()))
				}
			})
		})
	}
}

// A grant that nobody keeps does not live on at the platform.
func TestDiscardedLoginIsRevoked(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(srv *oauthtest.Server, p *oauth.Provider, l *oauth.Login){
		"another nonce": func(_ *oauthtest.Server, _ *oauth.Provider, l *oauth.Login) { l.Nonce = "another" },
		"no ID token": func(srv *oauthtest.Server, _ *oauth.Provider, _ *oauth.Login) {
			srv.Malform(1, malformation(t, "id_token missing"))
		},
		"an odd answer": func(srv *oauthtest.Server, _ *oauth.Provider, _ *oauth.Login) {
			srv.Malform(1, malformation(t, "trailing garbage"))
		},
		"another type": func(srv *oauthtest.Server, _ *oauth.Provider, _ *oauth.Login) {
			srv.Malform(1, malformation(t, "token_type unknown"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for _, revokes := range []bool{true, false} {
					srv, p := memoryMakeshop(t, revokes)
					l, query := begun(t, p, srv)
					spoil(srv, p, &l)
					_, err := p.Exchange(t.Context(), l, query)
					require.Error(t, err)
					require.NotErrorIs(t, err, oauth.ErrNotSupported)
					assert.Equal(t, map[bool]string{true: "revoked"}[revokes], srv.Grants()[0].Dead)
				}
				srv, p := memoryMakeshop(t, true)
				l, query := begun(t, p, srv)
				spoil(srv, p, &l)
				srv.Fail(-1, shotengaitest.Fault{Path: "/oauth2/revoke", Delay: time.Hour})
				began := time.Now()
				_, err := p.Exchange(t.Context(), l, query)
				require.ErrorContains(t, err, "its grant was not revoked: oauth: makeshop: revoke: ")
				assert.Equal(t, 5*time.Second, time.Since(began))
			})
		})
	}
	for name, tt := range map[string]struct {
		err  error
		dead string
	}{
		"OnGrant refuses the shop":        {errors.New("another shop"), "revoked"},
		"OnGrant may have kept the grant": {oauth.ErrStoreUnavailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, p := memoryMakeshop(t, true)
				finishLogin(t, srv, p, func(context.Context, *oauth.FinishedLogin) (string, error) { return "", tt.err })()
				assert.Equal(t, tt.dead, srv.Grants()[0].Dead)
			})
		})
	}
}

// malformation finds one in the fake's list.
func malformation(t *testing.T, name string) oauthtest.Malformed {
	t.Helper()
	for _, how := range oauthtest.Malformations() {
		if how.Name == name {
			return how
		}
	}
	t.Fatalf("the fake has no malformed answer %q", name)
	return oauthtest.Malformed{}
}
