package makeshoptest_test

import (
	"encoding/json"
	"net/http"
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
		_, _, err = provide(t, srv)
		require.NoError(t, err)
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
