package oauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
)

// answering is a provider whose token endpoint returns one answer, without a network.
func answering(status int, body string) *oauth.Provider {
	return &oauth.Provider{
		Name: "fuzz", AuthURL: "https://shop.example/auth", TokenURL: "https://shop.example/token",
		Client:         oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: redirectURL},
		AccessLifetime: time.Hour,
		HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: status, Request: r, Header: http.Header{}, ContentLength: -1,
				Body: io.NopCloser(strings.NewReader(body)),
			}, nil
		})},
	}
}

func FuzzTokenResponse(f *testing.F) {
	for _, body := range []string{
		`{"access_token":"at","token_type":"bearer","expires_in":300,"refresh_token":"rt","scope":"a b"}`,
		`{"access_token":"at","expires_in":"1e3"}`, `{"error":"invalid_grant","error_description":"x"}`,
		`{"access_token":"a\r\n"}`, `{"access_token":"a","access_token":"b"}`, "", "null", "[]", "<html>", `{"error":{}}`,
	} {
		f.Add(200, body)
		f.Add(400, body)
		f.Add(503, body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			return
		}
		const sent = "rt-sent-0123456789-secret"
		g, err := answering(status, body).Refresh(t.Context(), &oauth.Grant{RefreshToken: sent})
		if err != nil {
			matched := 0
			for _, reason := range reasons {
				if errors.Is(err, reason) {
					matched++
				}
			}
			if matched != 1 || g != nil {
				t.Fatalf("%d reasons: %v", matched, err)
			}
			if e, ok := errors.AsType[*oauth.TokenError](err); ok && (len(e.Body) > 2<<10 || strings.Contains(err.Error()+e.Body, sent)) {
				t.Fatalf("excerpt of %d bytes: %v", len(e.Body), err)
			}
			return
		}
		if escaped := strings.Contains(body, `\`); status >= 300 || !escaped && !strings.Contains(body, `"`+g.AccessToken.Reveal()+`"`) {
			t.Fatalf("a grant from %d %q", status, body)
		}
		token := g.AccessToken.Reveal()
		if token == "" || len(token) > 16<<10 || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Fatalf("access token %q", token)
		}
		if g.RefreshToken == "" || strings.ContainsAny(g.RefreshToken.Reveal(), "\r\n\x00") {
			t.Fatalf("refresh token %q", g.RefreshToken.Reveal())
		}
		if life := g.Expiry.Sub(g.ObtainedAt); life < 0 || life > 366*24*time.Hour {
			t.Fatalf("lives %s", life)
		}
	})
}

// FuzzRefreshKeepsTokens: a whole answer to a refresh that holds both tokens once is never
// lost, whatever stands beside them.
func FuzzRefreshKeepsTokens(f *testing.F) {
	for _, body := range oddAnswers() {
		before, rest, _ := strings.Cut(body, "{")
		f.Add(before, "note", `1`, strings.TrimPrefix(rest, `"access_token":"AT","refresh_token":"RT"`))
	}
	f.Add("\ufeff", "scope", `{"a":[1,{}]}`, "}\x00")
	f.Add("", "a\xff", `"\xff\u0000"`, "")
	f.Fuzz(func(t *testing.T, before, name, value, rest string) {
		if strings.Contains(before+rest, "token") || strings.ContainsAny(before, `{}"`) || strings.ContainsAny(name, `"\`) ||
			strings.HasSuffix(name, "_token") || !json.Valid([]byte(value)) {
			return
		}
		body := before + `{"` + name + `":` + value + `,"access_token":"AT","refresh_token":"RT"` + rest
		g, err := answering(http.StatusOK, body).Refresh(t.Context(), &oauth.Grant{RefreshToken: "rt-old"})
		if err != nil || g.AccessToken.Reveal() != "AT" || g.RefreshToken.Reveal() != "RT" {
			t.Fatalf("%q: %v", body, err)
		}
	})
}

func FuzzCallback(f *testing.F) {
	p := answering(200, `{"access_token":"at"}`)
	begun, err := p.Begin()
	if err != nil {
		f.Fatal(err)
	}
	for _, query := range []string{
		"state=" + begun.State + "&code=c", "state=" + begun.State + "&error=access_denied&error_description=%00%0a",
		"state=" + begun.State + "&state=x", "code=a&code=b", "", "%zz", "state=%00", ";;;", "scope=a+b&state=" + begun.State + "&code=x",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, text string) {
		query, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		g, err := p.Exchange(context.WithoutCancel(t.Context()), begun, query)
		if err == nil {
			if query.Get("state") != begun.State || len(query["state"]) != 1 || len(query["code"]) != 1 || query.Get("error") != "" {
				t.Fatalf("a grant for %q", text)
			}
			return
		}
		if g != nil || strings.ContainsAny(err.Error(), "\r\n\x00") {
			t.Fatalf("%q: %q", text, err)
		}
	})
}

// FuzzLoginCookie: a callback is exchanged for the one cookie that the login has set, and for
// no other text in its place.
func FuzzLoginCookie(f *testing.F) {
	sent := 0
	p := answering(200, `{"access_token":"at"}`)
	next := p.HTTPClient.Transport
	p.HTTPClient.Transport = roundTripper(func(r *http.Request) (*http.Response, error) { sent++; return next.RoundTrip(r) })
	config := oauth.HandlerConfig{
		Provider: p, Sealer: newGrantSealer(f, "k1"),
		OnGrant: func(context.Context, *oauth.FinishedLogin) (string, error) { return "/home", nil },
	}
	newHandler := func(t testing.TB) *oauth.Handler {
		handler, err := oauth.NewHandler(config)
		require.NoError(t, err)
		return handler
	}
	begun := httptest.NewRecorder()
	newHandler(f).LoginHandler().ServeHTTP(begun, httptest.NewRequest(http.MethodGet, "/login", nil))
	address, err := url.Parse(begun.Header().Get("Location"))
	require.NoError(f, err)
	state, cookie := address.Query().Get("state"), begun.Result().Cookies()[0]
	good := cookie.Name + "=" + cookie.Value
	value := len(cookie.Name) + 1
	f.Add("", "", "", "", 0, 0)
	f.Add("", "", "", "; "+good, 0, 0)
	f.Add("", "a=b; ", "", "; c", 0, 0)
	f.Add("", "", `"`, `"`, value, 0)
	f.Add("", "", "", "A", 0, 0)
	f.Add("", "", "", "", len(good)-1, 1)
	f.Add("", "", "", "", 0, len("__Host-"))
	f.Add("", "", "", "", value, len(cookie.Value))
	f.Add("", "", "%00", "", value, 1)
	f.Add("", ";;;", "=", "", 0, value)
	f.Add("A", "", "", "", 0, 0)
	f.Fuzz(func(t *testing.T, more, before, insert, after string, at, drop int) {
		at = min(max(at, 0), len(good))
		drop = min(max(drop, 0), len(good)-at)
		header := before + good[:at] + insert + good[at+drop:] + after
		query := url.Values{"state": {state + more}, "code": {"c"}}
		r := httptest.NewRequest(http.MethodGet, "/callback?"+query.Encode(), nil)
		r.Header.Set("Cookie", header)
		sent = 0
		w := httptest.NewRecorder()
		newHandler(t).CallbackHandler().ServeHTTP(w, r) // a new one has finished no login
		cookies := r.CookiesNamed(cookie.Name)
		ours := more == "" && len(cookies) == 1 && cookies[0].Value == cookie.Value
		require.Equal(t, ours, sent == 1, "%d requests for %q and %q", sent, more, header)
		require.Equal(t, ours, w.Code == http.StatusSeeOther)
	})
}
