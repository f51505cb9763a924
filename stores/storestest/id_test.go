package storestest_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// sign makes an assertion by hand, so that it can be wrong.
func sign(t testing.TB, key []byte, header, claims map[string]any) string {
	t.Helper()
	var jwk struct{ D string }
	require.NoError(t, json.Unmarshal(key, &jwk))
	d, err := base64.RawURLEncoding.DecodeString(jwk.D)
	require.NoError(t, err)
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d)
	require.NoError(t, err)
	encode := func(v any) string {
		data, err := json.Marshal(v)
		require.NoError(t, err)
		return base64.RawURLEncoding.EncodeToString(data)
	}
	signed := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, private, digest[:])
	require.NoError(t, err)
	return signed + "." + base64.RawURLEncoding.EncodeToString(join(r, s))
}

func join(r, s *big.Int) []byte {
	out := make([]byte, 64)
	r.FillBytes(out[:32])
	s.FillBytes(out[32:])
	return out
}

// post sends a form to the ID server.
func post(ctx context.Context, t testing.TB, srv *storestest.Server, path string, form url.Values) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+path, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := do(t, srv, req)
	var body map[string]any
	if got.body != "" {
		require.NoError(t, json.Unmarshal([]byte(got.body), &body))
	}
	return got.status, body
}

// TestAssertions: the server takes what the app has signed for it and nothing else, and
// each assertion once.
func TestAssertions(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(0))
	app := srv.App()
	now := time.Now().Unix()
	header := map[string]any{"alg": "ES256", "kid": "shotengai-1"}
	claims := map[string]any{"iss": app.ClientID, "sub": app.ClientID, "aud": srv.URL + "/oauth2/token", "iat": now, "exp": now + 300, "jti": "good"}
	try := func(key []byte, header, claims map[string]any) int {
		return ask(t, srv, sign(t, key, header, claims))
	}
	with := func(base map[string]any, name string, value any) map[string]any {
		changed := maps.Clone(base)
		changed["jti"] = rand.Text()
		if changed[name] = value; value == nil {
			delete(changed, name)
		}
		return changed
	}
	assert.Equal(t, http.StatusBadRequest, try(app.Key, header, claims), "the app is known, the refresh token is not")
	assert.Equal(t, http.StatusUnauthorized, try(app.Key, header, claims), "the same jti")
	assert.Equal(t, http.StatusBadRequest, try(app.Key, map[string]any{"alg": "ES256"}, with(claims, "x", 1)), "a kid is not demanded")
	for name, wrong := range map[string]map[string]any{
		"iss": with(claims, "iss", "x"), "sub": with(claims, "sub", "x"), "aud": with(claims, "aud", srv.URL), "no aud": with(claims, "aud", nil),
		"expired": with(claims, "exp", now-120), "no exp": with(claims, "exp", nil), "two hours": with(claims, "exp", now+7200),
		"future": with(claims, "iat", now+600), "no jti": with(claims, "jti", ""), "aud of another type": with(claims, "aud", 7),
	} {
		assert.Equal(t, http.StatusUnauthorized, try(app.Key, header, wrong), name)
	}
	for name, wrong := range map[string]map[string]any{
		"none": {"alg": "none"}, "HS256": {"alg": "HS256"}, "another kid": {"alg": "ES256", "kid": "x"},
	} {
		assert.Equal(t, http.StatusUnauthorized, try(app.Key, wrong, with(claims, "x", 1)), name)
	}
	assert.Equal(t, http.StatusUnauthorized, try(storestest.NewKey("shotengai-1"), header, with(claims, "x", 1)), "another key")
	for _, text := range []string{"", "a", "a.b", "a.b.c", "..", sign(t, app.Key, header, with(claims, "x", 1)) + "A"} {
		assert.Equal(t, http.StatusUnauthorized, ask(t, srv, text), text)
	}
}

// ask tries to refresh with an assertion.
func ask(t testing.TB, srv *storestest.Server, assertion string) int {
	t.Helper()
	status, body := post(context.Background(), t, srv, "/oauth2/token", url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {"x"}, "client_id": {srv.App().ClientID}, "client_assertion": {assertion},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	})
	assert.NotEmpty(t, body["error"])
	return status
}

// TestRotation: a refresh replaces the refresh token, and one that is used twice ends the
// grant.
func TestRotation(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(0))
	p := provider(t, srv)
	first := login(t.Context(), t, srv, p)
	second, err := p.Refresh(t.Context(), first)
	require.NoError(t, err)
	assert.NotEqual(t, first.RefreshToken, second.RefreshToken)
	assert.Equal(t, 200, storeStatus(t, srv, second.AccessToken.Reveal()))
	_, err = p.Refresh(t.Context(), first)
	require.Error(t, err)
	assert.Equal(t, 401, storeStatus(t, srv, second.AccessToken.Reveal()))
	_, err = p.Refresh(t.Context(), second)
	require.Error(t, err)
}

func storeStatus(t testing.TB, srv *storestest.Server, token string) int {
	t.Helper()
	return call(context.Background(), t, srv, token, "GET", "/retail/202211/store", "").status
}

// TestLifetimes: a code 10 minutes, an access token an hour, a refresh token 35 days.
func TestLifetimes(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(0))
	p := provider(t, srv)
	begun, err := p.Begin()
	require.NoError(t, err)
	back, err := srv.Login(t.Context(), begun.URL)
	require.NoError(t, err)
	assert.Equal(t, "retail.shop.read retail.shop.write offline_access", back.Get("scope"))
	srv.Advance(10 * time.Minute)
	_, err = p.Exchange(t.Context(), begun, back)
	require.Error(t, err)

	grant := login(t.Context(), t, srv, p)
	srv.Advance(time.Hour - time.Second)
	assert.Equal(t, 200, storeStatus(t, srv, grant.AccessToken.Reveal()))
	srv.Advance(time.Second)
	assert.Equal(t, 401, storeStatus(t, srv, grant.AccessToken.Reveal()))
	srv.Advance(34 * 24 * time.Hour)
	grant, err = p.Refresh(t.Context(), grant)
	require.NoError(t, err)
	srv.Advance(35 * 24 * time.Hour)
	_, err = p.Refresh(t.Context(), grant)
	require.Error(t, err)
}

// TestCodesWorkOnce: a second use ends the grant of the first one.
func TestCodesWorkOnce(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(0))
	p := provider(t, srv)
	begun, err := p.Begin()
	require.NoError(t, err)
	back, err := srv.Login(t.Context(), begun.URL)
	require.NoError(t, err)
	grant, err := p.Exchange(t.Context(), begun, back)
	require.NoError(t, err)
	_, err = p.Exchange(t.Context(), begun, back)
	require.Error(t, err)
	assert.Equal(t, 401, storeStatus(t, srv, grant.AccessToken.Reveal()))
}

// TestRevokeEndsTheSibling, whichever of the two tokens is named.
func TestRevokeEndsTheSibling(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(0))
	p := provider(t, srv)
	for _, byAccess := range []bool{false, true} {
		grant := login(t.Context(), t, srv, p)
		whole := *grant
		if byAccess {
			grant.RefreshToken = ""
		}
		require.NoError(t, p.Revoke(t.Context(), grant))
		assert.Equal(t, 401, storeStatus(t, srv, whole.AccessToken.Reveal()))
		_, err := p.Refresh(t.Context(), &whole)
		require.Error(t, err)
		require.NoError(t, p.Revoke(t.Context(), grant), "again")
	}
}

// TestLoginPage: what the owner sees and what comes back.
func TestLoginPage(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(0))
	app := srv.App()
	page := func(change map[string]string) string {
		query := url.Values{
			"response_type": {"code"}, "client_id": {app.ClientID}, "redirect_uri": {app.RedirectURIs[0]}, "scope": {"retail.shop.read"}, "state": {"s t"},
		}
		for name, value := range change {
			query.Set(name, value)
		}
		return srv.URL + "/oauth2/auth?" + query.Encode()
	}
	browser := srv.Browser()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	visit := func(address string) url.Values {
		resp, err := browser.Get(address)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusFound, resp.StatusCode)
		back, err := resp.Location()
		require.NoError(t, err)
		return back.Query()
	}
	back := visit(page(nil))
	assert.Equal(t, "s t", back.Get("state"))
	assert.Equal(t, "retail.shop.read", back.Get("scope"))
	assert.NotEmpty(t, back.Get("code"))
	visit(page(nil))
	assert.Equal(t, 1, srv.Logins(), "the browser is known")
	visit(page(map[string]string{"prompt": "login"}))
	assert.Equal(t, 2, srv.Logins())
	for name, change := range map[string]map[string]string{
		"unsupported_response_type": {"response_type": "token"}, "invalid_scope": {"scope": "all"}, "invalid_request": {"prompt": "consent"},
	} {
		assert.Equal(t, name, visit(page(change)).Get("error"))
	}
	srv.DenyLogins(true)
	denied := visit(page(nil))
	assert.Equal(t, "access_denied", denied.Get("error"))
	assert.Equal(t, "s t", denied.Get("state"))
	for _, change := range []map[string]string{{"client_id": "x"}, {"redirect_uri": "https://evil.example/"}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page(change), nil)
		require.NoError(t, err)
		got := do(t, srv, req)
		assert.GreaterOrEqual(t, got.status, 400, "nobody is sent to an address that is not registered")
		assert.Contains(t, got.kind, "text/html")
	}
}

// TestShopOfALogin: an account may have several shops, and each grant is of one.
func TestShopOfALogin(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(0))
	second := srv.AddShop(storestest.Seed{Name: "二号店"})
	srv.LoginAs(second)
	p := provider(t, srv)
	grant := login(t.Context(), t, srv, p)
	assert.Contains(t, call(t.Context(), t, srv, grant.AccessToken.Reveal(), "GET", "/retail/202211/store", "").body, second.ID)
	second.Withdraw(true)
	assert.Equal(t, 403, storeStatus(t, srv, grant.AccessToken.Reveal()))
	_, err := p.Refresh(t.Context(), grant)
	require.Error(t, err)
	second.Withdraw(false)
	grant, err = p.Refresh(t.Context(), grant)
	require.NoError(t, err)
	second.Unlink()
	assert.Equal(t, 401, storeStatus(t, srv, grant.AccessToken.Reveal()))
	assert.Equal(t, 200, storeStatus(t, srv, second.Credential()))
}

func TestNoRefreshTokenWithoutOfflineAccess(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(0))
	p := provider(t, srv)
	p.RefreshScope, p.Client.Scopes = "", []string{stores.ScopeRead}
	assert.Empty(t, login(t.Context(), t, srv, p).RefreshToken)
}
