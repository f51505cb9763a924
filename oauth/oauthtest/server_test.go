package oauthtest_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

const redirectURL = "https://app.example/callback"

func start(t *testing.T, config oauthtest.Config) *oauthtest.Server {
	t.Helper()
	srv := oauthtest.NewServer(config)
	t.Cleanup(srv.Close)
	return srv
}

// reply is an answer of the token endpoint.
type reply struct {
	status       int
	text         string
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
	Scope        string `json:"scope"`
	TokenType    string `json:"token_type"`
	ExpiresIn    *int   `json:"expires_in"`
	CreatedAt    *int64 `json:"created_at"`
	Error        string `json:"error"`
	Description  string `json:"error_description"`
}

// post sends a form as a client would that knows nothing of this library.
func post(t *testing.T, srv *oauthtest.Server, address string, form url.Values, change func(*http.Request)) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if change != nil {
		change(req)
	}
	resp, err := srv.HTTPClient().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	r := reply{status: resp.StatusCode, text: string(body)}
	_ = json.Unmarshal(body, &r)
	return r
}

func basic(r *http.Request) { r.SetBasicAuth("client-id", "client-secret") }

func loginURL(srv *oauthtest.Server, changes url.Values) string {
	query := url.Values{
		"client_id": {"client-id"}, "response_type": {"code"}, "redirect_uri": {redirectURL}, "state": {"state12345"},
	}
	maps.Copy(query, changes)
	return srv.AuthURL + "?" + query.Encode()
}

// code logs a shop in.
func code(t *testing.T, srv *oauthtest.Server, changes url.Values) string {
	t.Helper()
	query, err := srv.Authorize(t.Context(), loginURL(srv, changes), "shop-7")
	require.NoError(t, err)
	require.NotEmpty(t, query.Get("code"), query.Encode())
	return query.Get("code")
}

func TestColorMe(t *testing.T) {
	t.Parallel()
	srv := start(t, oauthtest.ColorMe())
	form := func(changes url.Values) url.Values {
		f := url.Values{
			"grant_type": {"authorization_code"}, "client_id": {"client-id"}, "client_secret": {"client-secret"},
			"redirect_uri": {redirectURL}, "code": {"x"},
		}
		maps.Copy(f, changes)
		return f
	}
	first := code(t, srv, url.Values{"scope": {"read_sales write_sales"}})
	got := post(t, srv, srv.TokenURL, form(url.Values{"code": {first}}), nil)
	require.Equal(t, 200, got.status, got.text)
	assert.Equal(t, "Bearer", got.TokenType)
	assert.Equal(t, "read_sales write_sales", got.Scope)
	assert.Nil(t, got.ExpiresIn)
	assert.NotNil(t, got.CreatedAt)
	assert.Empty(t, got.RefreshToken)
	grant, good := srv.Check(got.AccessToken)
	assert.True(t, good)
	assert.Equal(t, "shop-7", grant.Shop)

	for name, tt := range map[string]struct {
		form   url.Values
		change func(*http.Request)
		status int
		code   string
	}{
		"unknown code":      {form(nil), nil, 400, "invalid_grant"},
		"no code":           {form(url.Values{"code": {""}}), nil, 400, "invalid_request"},
		"wrong secret":      {form(url.Values{"client_secret": {"x"}}), nil, 401, "invalid_client"},
		"no secret":         {form(url.Values{"client_secret": nil}), basic, 401, "invalid_client"},
		"both ways":         {form(nil), basic, 401, "invalid_client"},
		"other client":      {form(url.Values{"client_id": {"x"}}), nil, 401, "invalid_client"},
		"other grant type":  {form(url.Values{"grant_type": {"password"}}), nil, 403, ""},
		"refresh token":     {form(url.Values{"grant_type": {"refresh_token"}, "client_secret": {"x"}}), nil, 403, ""},
		"no redirect":       {form(url.Values{"redirect_uri": nil}), nil, 400, "invalid_request"},
		"no grant type":     {form(url.Values{"grant_type": nil}), nil, 400, "invalid_request"},
		"twice":             {form(url.Values{"code": {"a", "b"}}), nil, 400, "invalid_request"},
		"JSON":              {form(nil), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, 400, "invalid_request"},
		"in the query":      {form(nil), func(r *http.Request) { r.URL.RawQuery = "code=" + first }, 400, "invalid_request"},
		"by another method": {form(nil), func(r *http.Request) { r.Method = http.MethodPut }, 405, ""},
		"other redirect":    {form(url.Values{"code": {code(t, srv, nil)}, "redirect_uri": {redirectURL + "/"}}), nil, 400, "invalid_grant"},
	} {
		got := post(t, srv, srv.TokenURL, tt.form, tt.change)
		assert.Equal(t, tt.status, got.status, "%s: %s", name, got.text)
		assert.Equal(t, tt.code, got.Error, name)
		if tt.status == 403 {
			assert.Empty(t, got.text, "Color Me says nothing more")
		}
	}

	got = post(t, srv, srv.TokenURL, form(url.Values{"code": {first}}), nil)
	assert.Equal(t, "invalid_grant", got.Error, "a code serves once")
	_, good = srv.Check(grant.AccessToken)
	assert.False(t, good, "and its second use ends the grant")
	assert.Equal(t, "code reuse", srv.Grants()[0].Dead)
}

func TestAuthorize(t *testing.T) {
	t.Parallel()
	config := oauthtest.MakeShop()
	config.RedirectURLs = []string{redirectURL}
	config.Scopes = []string{"read"}
	srv := start(t, config)
	sum := sha256.Sum256([]byte("v"))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])

	for name, changes := range map[string]url.Values{
		"unknown client":     {"client_id": {"x"}},
		"unknown redirect":   {"redirect_uri": {redirectURL + "?x"}},
		"out of band":        {"redirect_uri": {"urn:ietf:wg:oauth:2.0:oob"}},
		"doubled parameters": {"state": {"state12345", "state12345"}},
	} {
		_, err := srv.Authorize(t.Context(), loginURL(srv, changes), "shop-7")
		require.ErrorContains(t, err, "answers 400", name)
	}
	for name, tt := range map[string]struct {
		changes url.Values
		code    string
	}{
		"response type":    {url.Values{"response_type": {"token"}}, "unsupported_response_type"},
		"scope":            {url.Values{"scope": {"read write"}}, "invalid_scope"},
		"plain challenge":  {url.Values{"code_challenge": {challenge}, "code_challenge_method": {"plain"}}, "invalid_request"},
		"no method":        {url.Values{"code_challenge": {challenge}}, "invalid_request"},
		"method alone":     {url.Values{"code_challenge_method": {"S256"}}, "invalid_request"},
		"bad challenge":    {url.Values{"code_challenge": {"x"}, "code_challenge_method": {"S256"}}, "invalid_request"},
		"all that is good": {url.Values{"code_challenge": {challenge}, "code_challenge_method": {"S256"}, "scope": {"read"}}, ""},
	} {
		query, err := srv.Authorize(t.Context(), loginURL(srv, tt.changes), "shop-7")
		require.NoError(t, err)
		assert.Equal(t, tt.code, query.Get("error"), name)
		assert.Equal(t, tt.code == "", query.Get("code") != "", name)
		assert.Equal(t, "state12345", query.Get("state"), name)
	}
	for _, state := range [][]string{nil, {"abc1234"}, {"abcdefgh-1"}} {
		query, err := srv.Authorize(t.Context(), loginURL(srv, url.Values{"state": state}), "shop-7")
		require.NoError(t, err)
		assert.Equal(t, "invalid_request", query.Get("error"), state)
		assert.False(t, query.Has("state"), "a bad state does not come back")
	}
	query, err := srv.Refuse(t.Context(), loginURL(srv, nil))
	require.NoError(t, err)
	assert.Equal(t, "access_denied", query.Get("error"))
	assert.Equal(t, "state12345", query.Get("state"))
	_, err = srv.Authorize(t.Context(), "://", "shop-7")
	require.Error(t, err)
}

func TestBrowser(t *testing.T) {
	t.Parallel()
	for consent, want := range map[oauthtest.Consent]string{oauthtest.Ask: "", oauthtest.Allow: "code=", oauthtest.Deny: "error=access_denied"} {
		config := oauthtest.ColorMe()
		config.Consent = consent
		srv := start(t, config)
		client := srv.HTTPClient()
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, loginURL(srv, url.Values{"state": {"<b>1"}}), nil)
		require.NoError(t, err)
		resp, err := client.Do(req)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		if want == "" {
			assert.Equal(t, 200, resp.StatusCode)
			assert.Contains(t, string(body), "<form")
			assert.NotContains(t, string(body), "<b>")
			continue
		}
		assert.Equal(t, 302, resp.StatusCode)
		assert.Contains(t, resp.Header.Get("Location"), redirectURL+"?"+want[:1])
		assert.Contains(t, resp.Header.Get("Location"), want)
	}
}

func TestOutOfBandPage(t *testing.T) {
	t.Parallel()
	config := oauthtest.ColorMe()
	config.Consent = oauthtest.Allow
	srv := start(t, config)
	address := loginURL(srv, url.Values{"redirect_uri": {"urn:ietf:wg:oauth:2.0:oob"}})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	resp, err := srv.HTTPClient().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	code, found := strings.CutPrefix(resp.Request.URL.Path, "/oauth/authorize/")
	assert.True(t, found)
	assert.Contains(t, string(body), code)
}

func TestMakeShopCode(t *testing.T) {
	t.Parallel()
	config := oauthtest.MakeShop()
	config.Claims = func(shop string) map[string]any { return map[string]any{"shop": shop, "sub": nil} }
	srv := start(t, config)
	verifier := strings.Repeat("v", 43)
	sum := sha256.Sum256([]byte(verifier))
	login := url.Values{
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(sum[:])},
		"code_challenge_method": {"S256"}, "nonce": {"n-1"},
	}
	form := func(code, verifier string) url.Values {
		f := url.Values{
			"grant_type": {"authorization_code"}, "client_id": {"client-id"}, "redirect_uri": {redirectURL}, "code": {code},
		}
		if verifier != "" {
			f.Set("code_verifier", verifier)
		}
		return f
	}
	assert.Equal(t, "invalid_grant", post(t, srv, srv.TokenURL, form(code(t, srv, login), ""), basic).Error)
	assert.Equal(t, "invalid_grant", post(t, srv, srv.TokenURL, form(code(t, srv, login), strings.Repeat("w", 43)), basic).Error)
	assert.Equal(t, "invalid_grant", post(t, srv, srv.TokenURL, form(code(t, srv, nil), verifier), basic).Error)
	without := form("x", "")
	without.Del("client_id")
	assert.Equal(t, "invalid_request", post(t, srv, srv.TokenURL, without, basic).Error, "the header alone is not enough")
	assert.Equal(t, "invalid_client", post(t, srv, srv.TokenURL, form("x", ""), nil).Error)

	got := post(t, srv, srv.TokenURL, form(code(t, srv, login), verifier), basic)
	require.Equal(t, 200, got.status, got.text)
	assert.Equal(t, "bearer", got.TokenType)
	assert.Equal(t, 300, *got.ExpiresIn)
	require.NotEmpty(t, got.RefreshToken)
	parts := strings.Split(got.IDToken, ".")
	require.Len(t, parts, 3)
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(payload, &claims))
	assert.Equal(t, "shop-7", claims["shop"])
	assert.Equal(t, "n-1", claims["nonce"])
	assert.Nil(t, claims["sub"])
}

// refresh uses a refresh token as makeshop's clients do.
func refresh(t *testing.T, srv *oauthtest.Server, token string) reply {
	t.Helper()
	return post(t, srv, srv.TokenURL, url.Values{
		"grant_type": {"refresh_token"}, "client_id": {"client-id"}, "refresh_token": {token},
	}, basic)
}

func TestRotation(t *testing.T) {
	t.Parallel()
	bubble := func(change func(*oauthtest.Config), test func(t *testing.T, srv *oauthtest.Server)) {
		synctest.Test(t, func(t *testing.T) {
			config := oauthtest.MakeShop()
			config.InMemory, config.Issuer = true, ""
			change(&config)
			srv := oauthtest.NewServer(config)
			defer srv.Close()
			test(t, srv)
		})
	}
	bubble(func(*oauthtest.Config) {}, func(t *testing.T, srv *oauthtest.Server) {
		first := srv.Grant("shop-7")
		second := refresh(t, srv, first.RefreshToken)
		require.Equal(t, 200, second.status, second.text)
		assert.NotEqual(t, first.RefreshToken, second.RefreshToken)
		assert.Equal(t, 2, srv.Grants()[0].Version)
		_, good := srv.Check(first.AccessToken)
		assert.True(t, good, "an access token lives on")

		assert.Equal(t, "invalid_grant", refresh(t, srv, first.RefreshToken).Error)
		assert.Equal(t, "invalid_grant", refresh(t, srv, second.RefreshToken).Error, "reuse has ended the grant")
		_, good = srv.Check(second.AccessToken)
		assert.False(t, good)
		assert.Equal(t, oauthtest.Counts{Refreshes: 1, Reuses: 1, Refused: 2, Killed: 1}, srv.Counts())
		assert.Equal(t, "invalid_grant", refresh(t, srv, "rt-unknown").Error)
		assert.Equal(t, "invalid_request", refresh(t, srv, "").Error)
	})
	bubble(func(c *oauthtest.Config) { c.Grace = 10 * time.Second }, func(t *testing.T, srv *oauthtest.Server) {
		first := srv.Grant("shop-7")
		second := refresh(t, srv, first.RefreshToken)
		srv.Advance(10 * time.Second)
		again := refresh(t, srv, first.RefreshToken)
		assert.Equal(t, second.RefreshToken, again.RefreshToken, "the same tokens within the grace")
		assert.Equal(t, 290, *again.ExpiresIn)
		third := refresh(t, srv, second.RefreshToken)
		require.Equal(t, 200, third.status)
		assert.Equal(t, "invalid_grant", refresh(t, srv, first.RefreshToken).Error, "two rotations ago")
		assert.Equal(t, 1, srv.Counts().Repeats)
		assert.Equal(t, 1, srv.Counts().Killed)
	})
	bubble(func(c *oauthtest.Config) { c.Grace, c.Lenient = time.Second, true }, func(t *testing.T, srv *oauthtest.Server) {
		first := srv.Grant("shop-7")
		second := refresh(t, srv, first.RefreshToken)
		srv.Advance(2 * time.Second)
		assert.Equal(t, "invalid_grant", refresh(t, srv, first.RefreshToken).Error)
		assert.Equal(t, 200, refresh(t, srv, second.RefreshToken).status, "a lenient server forgives")
	})
	bubble(func(c *oauthtest.Config) { c.Rotate = false }, func(t *testing.T, srv *oauthtest.Server) {
		first := srv.Grant("shop-7")
		for range 3 {
			assert.Equal(t, first.RefreshToken, refresh(t, srv, first.RefreshToken).RefreshToken)
			srv.Advance(11 * time.Hour)
		}
		srv.Advance(2 * time.Hour)
		assert.Contains(t, refresh(t, srv, first.RefreshToken).Description, "expired")
	})
	bubble(func(*oauthtest.Config) {}, func(t *testing.T, srv *oauthtest.Server) {
		g := srv.Grant("shop-7")
		_, good := srv.Check(g.AccessToken)
		require.True(t, good)
		srv.ExpireAccess(g.AccessToken)
		_, good = srv.Check(g.AccessToken)
		assert.False(t, good, "an early end")
		g = srv.Grant("shop-7")
		srv.Advance(5 * time.Minute)
		expired, good := srv.Check(g.AccessToken)
		assert.False(t, good)
		assert.Equal(t, g, expired)
		srv.RevokeShop("shop-7")
		dead, _ := srv.Check(g.AccessToken)
		assert.Empty(t, dead)
		assert.Contains(t, refresh(t, srv, g.RefreshToken).Description, "revoked")
		assert.Equal(t, 0, srv.Counts().Killed, "that was no reuse")
	})
	bubble(func(c *oauthtest.Config) { c.BeforeRotation, c.AfterRotation = time.Second, 3*time.Second }, func(t *testing.T, srv *oauthtest.Server) {
		g := srv.Grant("shop-7")
		began := time.Now()
		require.Equal(t, 200, refresh(t, srv, g.RefreshToken).status)
		assert.Equal(t, 4*time.Second, time.Since(began))
		srv.SetLatency(0, time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		form := url.Values{"grant_type": {"refresh_token"}, "client_id": {"client-id"}, "refresh_token": {srv.Grants()[0].RefreshToken}}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.TokenURL, strings.NewReader(form.Encode()))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		basic(req)
		_, err = srv.HTTPClient().Do(req)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 3, srv.Grants()[0].Version, "the rotation has happened all the same")
	})
}

func TestGrantAndItsScopes(t *testing.T) {
	t.Parallel()
	srv := start(t, oauthtest.STORES())
	assert.NotEmpty(t, srv.Grant("shop-7").RefreshToken, "one to begin a test with")
	assert.Empty(t, srv.Grant("shop-7", "retail.shop.read").RefreshToken, "offline_access was not asked for")
	plain := start(t, oauthtest.MakeShop()).Grant("shop-7")
	assert.NotEmpty(t, plain.RefreshToken)
	assert.Empty(t, plain.Scopes, "this server has none")
}

func TestLostAndMalformed(t *testing.T) {
	t.Parallel()
	config := oauthtest.MakeShop()
	config.Issuer = ""
	srv := start(t, config)
	names := make(map[string]bool)
	for _, how := range oauthtest.Malformations() {
		assert.False(t, names[how.Name], how.Name)
		names[how.Name] = true
		g := srv.Grant("shop-7")
		srv.Malform(1, how)
		got := post(t, srv, srv.TokenURL, url.Values{
			"grant_type": {"refresh_token"}, "client_id": {"client-id"}, "refresh_token": {g.RefreshToken},
		}, basic)
		assert.NotEqual(t, 400, got.status, how.Name)
		grants := srv.Grants()
		assert.Equal(t, 2, grants[len(grants)-1].Version, "the tokens were given: %s", how.Name)
	}
	srv.Malform(0, oauthtest.Malformations()[0])
	srv.Malform(-1, oauthtest.Malformations()[0])
	srv.LoseAnswers(-1)
	srv.Heal()
	got := refresh(t, srv, srv.Grant("shop-7").RefreshToken)
	assert.Equal(t, 200, got.status)
	assert.NotNil(t, got.ExpiresIn)
	assert.NotEmpty(t, srv.TokenRequests())
}

func TestNewServerPanics(t *testing.T) {
	t.Parallel()
	for _, keys := range []string{`{`, `{"kty":"RSA"}`, `{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}`} {
		config := oauthtest.STORES()
		config.ClientKeys = json.RawMessage(keys)
		assert.Panics(t, func() { oauthtest.NewServer(config) }, keys)
	}
}

func TestKeySet(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"ES256", "RS256"} {
		config := oauthtest.MakeShop()
		config.Algorithm = algorithm
		srv := start(t, config)
		first := srv.KeyID()
		assert.Contains(t, string(srv.KeySet()), first)
		srv.RotateKeys(false)
		assert.NotEqual(t, first, srv.KeyID())
		assert.Contains(t, string(srv.KeySet()), first)
		srv.RotateKeys(true)
		assert.NotContains(t, string(srv.KeySet()), first)
		assert.Len(t, strings.Split(srv.SignIDToken(nil, map[string]any{"sub": "x"}), "."), 3)
		assert.Len(t, strings.Split(srv.SignIDToken(map[string]any{"alg": "none"}, nil), "."), 3)
	}
}
