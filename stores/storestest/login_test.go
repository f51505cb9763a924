package storestest_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// logIn goes through a whole login at a fake.
func logIn(t *testing.T, srv *storestest.Server) (*oauth.Provider, *oauth.Grant, error) {
	t.Helper()
	provider, err := srv.Provider("https://app.example/callback")
	require.NoError(t, err)
	begun, err := provider.Begin()
	require.NoError(t, err)
	query, err := srv.Login(t.Context(), begun.URL)
	require.NoError(t, err)
	grant, err := provider.Exchange(t.Context(), begun, query)
	return provider, grant, err
}

func TestLogin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, _ := start(t, storestest.WithOrders(0), storestest.InMemory())
		provider, grant, err := logIn(t, srv)
		require.NoError(t, err)
		assert.Equal(t, storestest.Scopes(), grant.Scopes)
		assert.Equal(t, 200, storeStatus(t, srv, grant.AccessToken.Reveal()))
		renewed, err := provider.Refresh(t.Context(), grant)
		require.NoError(t, err)
		require.NoError(t, provider.Revoke(t.Context(), renewed))
		assert.Equal(t, 401, storeStatus(t, srv, grant.AccessToken.Reveal()))

		app := srv.App()
		app.Key = []byte("{")
		assert.Panics(t, func() { srv.SetApp(app) })
		app.Key, app.KeySet = nil, []byte(`{"keys":[{"kty":"RSA"}]}`)
		assert.Panics(t, func() { srv.SetApp(app) })
		_, _, err = logIn(t, srv)
		require.NoError(t, err, "the app is what it was")
	})
}

func TestLoginToAnAppOfOnesOwn(t *testing.T) {
	t.Parallel()
	app := storestest.App{ClientID: "own", RedirectURIs: []string{"https://own.example/callback"}, Key: storestest.NewKey("own-1")}
	srv, _ := start(t, storestest.WithOrders(0), storestest.WithApp(app))
	assert.Equal(t, app, srv.App())
	grant := login(t.Context(), t, srv, provider(t, srv))
	assert.Equal(t, 200, storeStatus(t, srv, grant.AccessToken.Reveal()))
}

// TestBrowserIsKnown: a browser logs in once, and again where the app demands it.
func TestBrowserIsKnown(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(0))
	provider, err := srv.Provider(srv.URL + "/back") // any address that answers
	require.NoError(t, err)
	browser := srv.Browser()
	visit := func(opts ...oauth.LoginOption) {
		begun, err := provider.Begin(opts...)
		require.NoError(t, err)
		resp, err := browser.Get(begun.URL)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, "/back", resp.Request.URL.Path)
	}
	visit()
	visit()
	assert.Equal(t, 1, srv.Logins())
	visit(oauth.WithParam("prompt", "login"))
	assert.Equal(t, 2, srv.Logins())
}
