package colormetest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// browse opens the authorise page without following its redirect.
func browse(t *testing.T, srv *colormetest.Server, query url.Values) (int, *url.URL) {
	t.Helper()
	client := srv.HTTPClient()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/oauth/authorize?"+query.Encode(), nil)
	require.NoError(t, err)
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	location, err := url.Parse(resp.Header.Get("Location"))
	require.NoError(t, err)
	return resp.StatusCode, location
}

func authorizeQuery(srv *colormetest.Server, change ...string) url.Values {
	q := url.Values{
		"client_id": {srv.App().ClientID}, "response_type": {"code"}, "scope": {"read_sales write_sales"},
		"redirect_uri": {"http://localhost/callback"}, "state": {"a b~c+d"},
	}
	for i := 0; i < len(change); i += 2 {
		q.Set(change[i], change[i+1])
	}
	return q
}

func TestAuthorize(t *testing.T) {
	t.Parallel()
	srv := start(t)

	status, to := browse(t, srv, authorizeQuery(srv))
	assert.Equal(t, http.StatusFound, status)
	assert.Equal(t, "http://localhost/callback", to.Scheme+"://"+to.Host+to.Path)
	assert.Len(t, to.Query().Get("code"), 64)
	assert.Equal(t, "a b~c+d", to.Query().Get("state"))
	assert.Contains(t, to.RawQuery, "state=a+b%7Ec%2Bd", "the state comes back as a form value")

	for name, change := range map[string][]string{
		"unknown client":     {"client_id", "other"},
		"other redirect":     {"redirect_uri", "http://localhost/callback/"},
		"other redirect URI": {"redirect_uri", "https://evil.example/"},
	} {
		status, to = browse(t, srv, authorizeQuery(srv, change...))
		assert.GreaterOrEqual(t, status, 400, name)
		assert.Empty(t, to.String(), name)
	}
	for want, change := range map[string][]string{
		"unsupported_response_type": {"response_type", "token"},
		"invalid_scope":             {"scope", "read_everything"},
	} {
		_, to = browse(t, srv, authorizeQuery(srv, change...))
		assert.Equal(t, want, to.Query().Get("error"))
	}

	srv.DenyLogins(true)
	status, to = browse(t, srv, authorizeQuery(srv))
	assert.Equal(t, http.StatusFound, status)
	assert.Equal(t, "access_denied", to.Query().Get("error"))
	assert.Equal(t, "a b~c+d", to.Query().Get("state"))
	assert.NotEmpty(t, to.Query().Get("error_description"))
	assert.Empty(t, to.Query().Get("code"))
}

func TestAuthorizeOutOfBand(t *testing.T) {
	t.Parallel()
	srv := start(t)
	_, to := browse(t, srv, authorizeQuery(srv, "redirect_uri", "urn:ietf:wg:oauth:2.0:oob"))
	code, ok := strings.CutPrefix(to.Path, "/oauth/authorize/")
	require.True(t, ok)
	status, page := api{t: t, srv: srv}.call(http.MethodGet, to.Path, nil)
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, string(page), code)
	status, _ = api{t: t, srv: srv}.call(http.MethodGet, "/oauth/authorize/other", nil)
	assert.Equal(t, http.StatusNotFound, status)
	srv.DenyLogins(true)
	status, to = browse(t, srv, authorizeQuery(srv, "redirect_uri", "urn:ietf:wg:oauth:2.0:oob"))
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Empty(t, to.String())
}

// exchange posts a form to the token endpoint.
func exchange(t *testing.T, srv *colormetest.Server, form url.Values) (int, object) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/oauth/token", strings.NewReader(form.Encode()))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := srv.HTTPClient().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	if len(raw) == 0 {
		return resp.StatusCode, nil
	}
	var out object
	require.NoError(t, json.Unmarshal(raw, &out))
	return resp.StatusCode, out
}

func tokenForm(srv *colormetest.Server, code string, change ...string) url.Values {
	form := url.Values{
		"client_id": {srv.App().ClientID}, "client_secret": {srv.App().ClientSecret.Reveal()}, "code": {code},
		"grant_type": {"authorization_code"}, "redirect_uri": {"http://localhost/callback"},
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

func newCode(t *testing.T, srv *colormetest.Server) string {
	t.Helper()
	_, to := browse(t, srv, authorizeQuery(srv))
	return to.Query().Get("code")
}

func TestExchange(t *testing.T) {
	t.Parallel()
	srv := start(t)
	code := newCode(t, srv)

	refusals := []struct {
		name   string
		form   url.Values
		status int
		code   any
	}{
		{"unknown code", tokenForm(srv, "other"), 400, "invalid_grant"},
		{"missing code", tokenForm(srv, ""), 400, "invalid_request"},
		{"other redirect", tokenForm(srv, code, "redirect_uri", "http://localhost/other"), 400, "invalid_grant"},
		{"wrong secret", tokenForm(srv, code, "client_secret", "wrong"), 401, "invalid_client"},
		{"unknown client", tokenForm(srv, code, "client_id", "other"), 401, "invalid_client"},
		{"unsupported grant", tokenForm(srv, code, "grant_type", "refresh_token"), 403, nil},
	}
	for _, tt := range refusals {
		status, body := exchange(t, srv, tt.form)
		assert.Equal(t, tt.status, status, tt.name)
		assert.Equal(t, tt.code, body["error"], tt.name)
		assert.Equal(t, tt.code != nil, body["error_description"] != nil, tt.name)
	}

	status, body := exchange(t, srv, tokenForm(srv, code))
	require.Equal(t, http.StatusOK, status)
	assertKeys(t, "access_token token_type scope created_at", body)
	assert.Equal(t, "Bearer", body["token_type"])
	assert.Equal(t, "read_sales write_sales", body["scope"])
	assert.EqualValues(t, noon.Unix(), body["created_at"])

	a := api{t: t, srv: srv, token: body["access_token"].(string)}
	a.get("/v1/sales")
	a.refused(http.MethodGet, "/v1/products", nil, 401010)

	status, body = exchange(t, srv, tokenForm(srv, code))
	assert.Equal(t, http.StatusBadRequest, status, "a code works once")
	assert.Equal(t, "invalid_grant", body["error"])

	srv.Revoke(a.token)
	a.refused(http.MethodGet, "/v1/shop", nil, 401010)
}

func TestCodeExpires(t *testing.T) {
	t.Parallel()
	srv := start(t)
	first, second := newCode(t, srv), newCode(t, srv)
	srv.Advance(10 * time.Minute)
	status, _ := exchange(t, srv, tokenForm(srv, first))
	assert.Equal(t, http.StatusOK, status)
	srv.Advance(time.Second)
	status, body := exchange(t, srv, tokenForm(srv, second))
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Equal(t, "invalid_grant", body["error"])
}

func TestLoginAs(t *testing.T) {
	t.Parallel()
	srv := start(t)
	other := srv.AddShop(colormetest.Seed{Plan: "free"})
	srv.LoginAs(other)
	_, body := exchange(t, srv, tokenForm(srv, newCode(t, srv)))
	a := api{t: t, srv: srv, token: body["access_token"].(string)}
	shop := a.get("/v1/shop")
	assert.Equal(t, other.ID, at(t, shop, "shop", "id"))
	assert.Equal(t, "free", at(t, shop, "shop", "contract_plan"))
}
