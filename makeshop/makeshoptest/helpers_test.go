package makeshoptest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
)

// noon is the platform's time in most tests: a Tuesday in Japan.
var noon = time.Date(2026, time.November, 10, 3, 0, 0, 0, time.UTC)

type object = map[string]any

func start(t *testing.T, opts ...makeshoptest.Option) *makeshoptest.Server {
	t.Helper()
	base := []makeshoptest.Option{makeshoptest.WithClock(func() time.Time { return noon })}
	srv := makeshoptest.NewServer(append(base, opts...)...)
	t.Cleanup(srv.Close)
	return srv
}

// send sends a request and returns status, header and body. A header value of "-"
// takes a field away.
func send(t *testing.T, srv *makeshoptest.Server, method, address, body string, header ...string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
		if header[i+1] == "-" {
			req.Header.Del(header[i])
		}
	}
	client := srv.HTTPClient()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, string(answer)
}

func headers(srv *makeshoptest.Server, token string) []string {
	return []string{
		"Content-Type", "application/json", "Authorization", "Bearer " + token,
		"X-Api-Key", srv.App().APIKey.Reveal(), "X-Timestamp", strconv.FormatInt(srv.Now().Unix(), 10),
	}
}

// query sends a document with the first shop's persistent token.
func query(t *testing.T, srv *makeshoptest.Server, document string, variables any, header ...string) (int, object) {
	t.Helper()
	body, err := json.Marshal(object{"query": document, "variables": variables})
	require.NoError(t, err)
	status, _, answer := send(t, srv, http.MethodPost, srv.Endpoint(), string(body), append(headers(srv, srv.Shop().Token()), header...)...)
	var decoded object
	require.NoError(t, json.Unmarshal([]byte(answer), &decoded), answer)
	return status, decoded
}

// run sends a document that has to succeed and returns what is at the path.
func run(t *testing.T, srv *makeshoptest.Server, document string, input any, path string) any {
	t.Helper()
	variables := object{}
	if input != nil {
		variables["input"] = input
	}
	status, answer := query(t, srv, document, variables)
	require.Equal(t, http.StatusOK, status, "%v", answer)
	require.NotContains(t, answer, "errors")
	return at(answer["data"], path)
}

func at(v any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		if i, err := strconv.Atoi(step); err == nil {
			list, _ := v.([]any)
			if i >= len(list) {
				return nil
			}
			v = list[i]
			continue
		}
		member, _ := v.(object)
		v = member[step]
	}
	return v
}

func texts(v any, field string) []string {
	list, _ := v.([]any)
	out := []string{}
	for _, row := range list {
		s, _ := at(row, field).(string)
		out = append(out, s)
	}
	return out
}

// loginURL is a login address with changes; "-" takes a parameter away.
func loginURL(srv *makeshoptest.Server, changes ...string) string {
	app := srv.App()
	q := url.Values{
		"response_type": {"code"}, "client_id": {app.ClientID}, "redirect_uri": {app.RedirectURIs[0]}, "state": {"abcd1234"},
	}
	for i := 0; i < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "-" {
			q.Del(changes[i])
		}
	}
	return srv.LoginURL() + "?" + q.Encode()
}

// exchange posts to the token endpoint and returns status and answer.
func exchange(t *testing.T, srv *makeshoptest.Server, form url.Values, header ...string) (int, object) {
	t.Helper()
	app := srv.App()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.TokenURL(), nil)
	require.NoError(t, err)
	req.SetBasicAuth(app.ClientID, app.ClientSecret.Reveal())
	base := []string{"Content-Type", "application/x-www-form-urlencoded", "Authorization", req.Header.Get("Authorization")}
	status, _, answer := send(t, srv, http.MethodPost, srv.TokenURL(), form.Encode(), append(base, header...)...)
	var decoded object
	require.NoError(t, json.Unmarshal([]byte(answer), &decoded), answer)
	return status, decoded
}

func codeForm(srv *makeshoptest.Server, code string) url.Values {
	app := srv.App()
	return url.Values{
		"grant_type": {"authorization_code"}, "client_id": {app.ClientID}, "code": {code}, "redirect_uri": {app.RedirectURIs[0]},
	}
}

func refreshForm(srv *makeshoptest.Server, token any) url.Values {
	text, _ := token.(string)
	return url.Values{"grant_type": {"refresh_token"}, "client_id": {srv.App().ClientID}, "refresh_token": {text}}
}

// logIn logs the owner in and returns the tokens.
func logIn(t *testing.T, srv *makeshoptest.Server, changes ...string) object {
	t.Helper()
	q, err := srv.Login(t.Context(), loginURL(srv, changes...))
	require.NoError(t, err)
	status, tokens := exchange(t, srv, codeForm(srv, q.Get("code")))
	require.Equal(t, http.StatusOK, status, "%v", tokens)
	return tokens
}

// works reports whether the API takes a token.
func works(t *testing.T, srv *makeshoptest.Server, token any) bool {
	t.Helper()
	text, _ := token.(string)
	status, _, _ := send(t, srv, http.MethodPost, srv.Endpoint(), `{"query":"{ __typename }"}`, headers(srv, text)...)
	assert.Contains(t, []int{http.StatusOK, http.StatusUnauthorized, http.StatusForbidden}, status)
	return status == http.StatusOK
}
