package makeshoptest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/oauth"
)

// provide goes through a whole login at a fake.
func provide(t *testing.T, srv *makeshoptest.Server) (*oauth.Provider, *oauth.Grant, error) {
	t.Helper()
	provider, err := srv.Provider("https://app.example/sso")
	require.NoError(t, err)
	login, err := provider.Begin()
	require.NoError(t, err)
	query, err := srv.Login(t.Context(), login.URL)
	require.NoError(t, err)
	grant, err := provider.Exchange(t.Context(), login, query)
	return provider, grant, err
}

func TestLogin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := makeshoptest.NewServer(makeshoptest.InMemory())
		defer srv.Close()
		app := srv.App()
		app.Issuer, app.ShopIDClaim, app.Operations = "https://issuer.example", "shop_id", []string{"getShop"}
		srv.SetApp(app)
		_, _, err := provide(t, srv)
		require.ErrorIs(t, err, oauth.ErrDenied, "the app is not installed")
		srv.Shop().Token()
		provider, grant, err := provide(t, srv)
		require.NoError(t, err)
		assert.Equal(t, []string{"getShop"}, grant.Scopes)
		var claims map[string]any
		require.NoError(t, json.Unmarshal(grant.Claims, &claims))
		assert.Equal(t, "https://issuer.example", claims["iss"])
		assert.Equal(t, srv.Shop().ID, claims["shop_id"])
		assert.True(t, works(t, srv, grant.AccessToken.Reveal()))
		renewed, err := provider.Refresh(t.Context(), grant)
		require.NoError(t, err)
		assert.True(t, works(t, srv, renewed.AccessToken.Reveal()))

		srv.RotateKeys()
		srv.DenyLogins(true)
		_, _, err = provide(t, srv)
		require.ErrorIs(t, err, oauth.ErrDenied)
		srv.DenyLogins(false)
		_, _, err = provide(t, srv)
		require.NoError(t, err)
		assert.Len(t, srv.App().RedirectURIs, 2, "an address is registered once")
		_, err = srv.Provider("")
		require.ErrorContains(t, err, "no redirect address")
	})
}

// TestUninstallEndsLogins, a code of the time before included, also after another install.
func TestUninstallEndsLogins(t *testing.T) {
	t.Parallel()
	srv := start(t)
	persistent := srv.Shop().Token()
	tokens := logIn(t, srv)
	q, err := srv.Login(t.Context(), loginURL(srv))
	require.NoError(t, err)
	_, err = srv.Uninstall(t.Context(), srv.Shop())
	require.NoError(t, err)
	again := srv.Shop().Token()
	assert.NotEqual(t, persistent, again)
	assert.False(t, works(t, srv, persistent))
	assert.False(t, works(t, srv, tokens["access_token"]))
	assert.True(t, works(t, srv, again))
	for _, form := range []map[string][]string{codeForm(srv, q.Get("code")), refreshForm(srv, tokens["refresh_token"])} {
		status, answer := exchange(t, srv, form)
		assert.Equal(t, http.StatusBadRequest, status)
		assert.Equal(t, "invalid_grant", answer["error"])
	}
}

// TestBrowser lets a browser come to the app, go to the platform and come back.
func TestBrowser(t *testing.T) {
	t.Parallel()
	srv := makeshoptest.NewServer()
	defer srv.Close()
	srv.Shop().Token()
	mux := http.NewServeMux()
	app := httptest.NewServer(mux)
	defer app.Close()
	provider, err := srv.Provider(app.URL + "/callback")
	require.NoError(t, err)
	login, err := provider.Begin()
	require.NoError(t, err)
	mux.Handle("/login", http.RedirectHandler(login.URL, http.StatusFound))
	mux.HandleFunc("/callback", func(_ http.ResponseWriter, r *http.Request) {
		_, err := provider.Exchange(r.Context(), login, r.URL.Query())
		assert.NoError(t, err)
	})
	resp, err := srv.Browser().Get(app.URL + "/login")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, "/callback", resp.Request.URL.Path)
}
