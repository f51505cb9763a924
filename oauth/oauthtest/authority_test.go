package oauthtest_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

func TestMount(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	platform := httptest.NewServer(mux)
	defer platform.Close()
	config := oauthtest.ColorMe()
	config.Consent = oauthtest.Allow
	tokens := 0
	config.NewToken = func() string { tokens++; return strings.Repeat("x", tokens) }
	auth := oauthtest.Mount(mux, platform.URL, platform.Client(), config)
	assert.Equal(t, platform.URL+"/oauth/token", auth.TokenURL)
	assert.Empty(t, auth.RevokeURL)
	assert.Empty(t, auth.JWKSURL)

	auth.Update(func(c *oauthtest.Config) {
		c.ClientID, c.Shop, c.Scopes, c.RequireScope = "another", "shop-9", []string{"read"}, true
		c.TokenPath = "/elsewhere" // has no effect any more
	})
	login := func(change url.Values) url.Values {
		query := url.Values{
			"client_id": {"another"}, "response_type": {"code"}, "redirect_uri": {redirectURL}, "state": {"~"}, "scope": {"read"},
		}
		maps.Copy(query, change)
		back, err := auth.Login(t.Context(), auth.AuthURL+"?"+query.Encode())
		require.NoError(t, err)
		return back
	}
	assert.Equal(t, url.Values{"code": {"x"}, "state": {"~"}}, login(nil))
	for _, scope := range []string{"", "write", "read write"} {
		assert.Equal(t, "invalid_scope", login(url.Values{"scope": {scope}}).Get("error"), scope)
	}
	assert.Equal(t, url.Values{"code": {"xx"}}, login(url.Values{"redirect_uri": {"urn:ietf:wg:oauth:2.0:oob"}}))

	resp, err := platform.Client().PostForm(auth.TokenURL, url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"another"}, "client_secret": {"client-secret"},
		"redirect_uri": {redirectURL}, "code": {"x"},
	})
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, 200, resp.StatusCode)
	grant, good := auth.Check("xxx")
	require.True(t, good)
	assert.Equal(t, "shop-9", grant.Shop)
	auth.RevokeToken("nobody's")
	auth.RevokeToken("xxx")
	_, good = auth.Check("xxx")
	assert.False(t, good)

	auth.Update(func(c *oauthtest.Config) { c.Consent = oauthtest.Deny })
	assert.Equal(t, "access_denied", login(nil).Get("error"))
	assert.Panics(t, func() {
		auth.Update(func(c *oauthtest.Config) { c.ClientID, c.ClientKeys = "x", json.RawMessage("{") })
	})
	assert.Equal(t, "access_denied", login(nil).Get("error"), "a change that fails changes nothing")
	assert.Panics(t, func() { oauthtest.Mount(http.NewServeMux(), "://", nil, config) })
}

// TestBrowserKeepsItsSession goes to the server and back to an app, by one browser.
func TestBrowserKeepsItsSession(t *testing.T) {
	t.Parallel()
	var query url.Values
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { query = r.URL.Query() }))
	defer app.Close()
	for _, inMemory := range []bool{false, true} {
		config := oauthtest.STORES()
		config.Consent, config.InMemory = oauthtest.Allow, inMemory
		srv := start(t, config)
		browser := srv.Browser()
		visit := func(prompt ...string) {
			resp, err := browser.Get(loginURL(srv, url.Values{"redirect_uri": {app.URL}, "prompt": prompt}))
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, app.URL, "http://"+resp.Request.URL.Host)
		}
		visit()
		assert.NotEmpty(t, query.Get("code"))
		assert.Equal(t, 1, srv.Logins())
		visit()
		assert.Equal(t, 1, srv.Logins(), "the browser is known")
		visit("login")
		assert.Equal(t, 2, srv.Logins())
		visit("consent")
		assert.Equal(t, "invalid_request", query.Get("error"))
		browser = srv.Browser()
		visit()
		assert.Equal(t, 3, srv.Logins(), "another browser")
	}
}

func TestShopsThatAreRefused(t *testing.T) {
	t.Parallel()
	refused := ""
	config := oauthtest.MakeShop()
	config.Issuer = ""
	config.RefuseLogin = func(shop string) string {
		if shop == "shop-7" {
			return refused
		}
		return ""
	}
	config.RefuseRefresh = config.RefuseLogin
	srv := start(t, config)
	granted := srv.Grant("shop-7")
	refused = "the shop is closed"
	query, err := srv.Authorize(t.Context(), loginURL(srv, nil), "shop-7")
	require.NoError(t, err)
	assert.Equal(t, "access_denied", query.Get("error"))
	assert.Equal(t, refused, query.Get("error_description"))
	got := refresh(t, srv, granted.RefreshToken)
	assert.Equal(t, "invalid_grant", got.Error)
	assert.Equal(t, refused, got.Description)
	assert.Equal(t, 200, refresh(t, srv, srv.Grant("shop-8").RefreshToken).status)
	refused = ""
	assert.Equal(t, 200, refresh(t, srv, granted.RefreshToken).status, "it was for a time")
}

func TestRevokeShopEndsCodes(t *testing.T) {
	t.Parallel()
	srv := start(t, oauthtest.ColorMe())
	old := code(t, srv, nil)
	srv.RevokeShop("shop-7")
	got := post(t, srv, srv.TokenURL, url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"client-id"}, "client_secret": {"client-secret"},
		"redirect_uri": {redirectURL}, "code": {old},
	}, nil)
	assert.Equal(t, "invalid_grant", got.Error)
}

func TestScopesOfTheApp(t *testing.T) {
	t.Parallel()
	scopes := []string{"a", "b"}
	config := oauthtest.MakeShop()
	config.Issuer = ""
	config.AppScopes = func() []string { return scopes }
	srv := start(t, config)
	query, err := srv.Authorize(t.Context(), loginURL(srv, url.Values{"scope": {"c"}}), "shop-7")
	require.NoError(t, err)
	assert.Equal(t, "a b", query.Get("scope"))
	granted := srv.Grant("shop-7")
	scopes = []string{"a"}
	assert.Equal(t, "a", refresh(t, srv, granted.RefreshToken).Scope)
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	config := oauthtest.ColorMe()
	config.Refuse = func(r oauthtest.Refusal) oauthtest.Refusal {
		return oauthtest.Refusal{Status: r.Status, Code: "no " + r.Code, Description: http.StatusText(r.Status)}
	}
	srv := start(t, config)
	query, err := srv.Refuse(t.Context(), loginURL(srv, nil))
	require.NoError(t, err)
	assert.Equal(t, "no access_denied", query.Get("error"))
	assert.Equal(t, "Found", query.Get("error_description"))
	assert.Equal(t, "no invalid_client", post(t, srv, srv.TokenURL, nil, nil).Error)
	resp, err := srv.HTTPClient().Get(srv.AuthURL)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Contains(t, string(body), "Bad Request")
}

func TestEarlierKeys(t *testing.T) {
	t.Parallel()
	config := oauthtest.MakeShop()
	config.Algorithm, config.EarlierKeys = "ES256", 1
	srv := start(t, config)
	ids := []string{srv.KeyID()}
	for range 2 {
		srv.RotateKeys(false)
		ids = append(ids, srv.KeyID())
	}
	assert.NotContains(t, string(srv.KeySet()), ids[0])
	assert.Contains(t, string(srv.KeySet()), ids[1])
	assert.Contains(t, string(srv.KeySet()), ids[2])
}
