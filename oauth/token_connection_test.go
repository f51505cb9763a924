package oauth_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

type usesKey struct{}

// closingServer answers the first request on each connection, and closes the connection as
// soon as a second one arrives: a server whose idle time is over just then.
func closingServer(t *testing.T, http2 bool) (server *httptest.Server, connections *atomic.Int64) {
	t.Helper()
	connections = new(atomic.Int64)
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uses, _ := r.Context().Value(usesKey{}).(*atomic.Int64)
		if uses.Add(1) > 1 {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, `{"access_token":"at","refresh_token":"rt-new","token_type":"bearer"}`)
	}))
	server.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
		connections.Add(1)
		return context.WithValue(ctx, usesKey{}, new(atomic.Int64))
	}
	if server.EnableHTTP2 = http2; http2 {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server, connections
}

func TestT52NoKeptConnection(t *testing.T) {
	t.Parallel()
	for name, http2 := range map[string]bool{
		"no client": false, "no transport": false, "a pool": false, "another RoundTripper": false, "HTTP/2": true,
	} {
		server, connections := closingServer(t, http2)
		client := server.Client()
		pooled, ok := client.Transport.(*http.Transport)
		require.True(t, ok)
		switch name {
		case "no client":
			client = nil
		case "no transport":
			client = &http.Client{}
		case "another RoundTripper":
			client = &http.Client{Transport: roundTripper(pooled.RoundTrip)}
		}
		p := &oauth.Provider{
			Name: "shop", AuthURL: server.URL + "/auth", TokenURL: server.URL + "/token", RevokeURL: server.URL + "/revoke",
			Client:     oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: redirectURL},
			HTTPClient: client,
		}
		const requests = 200
		unknown := 0
		for i := range requests {
			if name == "a pool" || name == "HTTP/2" { // whose other requests leave idle connections
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
				require.NoError(t, err)
				if resp, err := client.Do(req); err == nil {
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
			}
			if errors.Is(tokenCall(t, p, i), shotengai.ErrOutcomeUnknown) {
				unknown++
			}
		}
		t.Logf("%s: %d requests, %d connections, %d unknown outcomes", name, requests, connections.Load(), unknown)
		assert.Zero(t, unknown, name)
		assert.GreaterOrEqual(t, connections.Load(), int64(requests), name)
		assert.False(t, pooled.DisableKeepAlives, "the caller's transport stays as it is")
	}
}

// tokenCall makes one of the three calls.
func tokenCall(t *testing.T, p *oauth.Provider, i int) error {
	t.Helper()
	switch i % 3 {
	case 0:
		_, err := p.Refresh(t.Context(), &oauth.Grant{RefreshToken: "rt-old"})
		return err
	case 1:
		return p.Revoke(t.Context(), &oauth.Grant{RefreshToken: "rt-old"})
	}
	begun, err := p.Begin()
	require.NoError(t, err)
	_, err = p.Exchange(t.Context(), begun, url.Values{"state": {begun.State}, "code": {"c"}})
	return err
}

func TestT54BasicCredentials(t *testing.T) {
	t.Parallel()
	const id, secret = "app:1+2 %", "s3cret+/%:&= 鍵"
	for name, tt := range map[string]struct {
		raw    bool
		header string
	}{
		"form-encoded": {false, "app%3A1%2B2+%25:s3cret%2B%2F%25%3A%26%3D+%E9%8D%B5"},
		"as they are":  {true, "app+1:" + secret},
	} {
		config := oauthtest.MakeShop()
		config.ClientID, config.ClientSecret, config.RawBasic = id, secret, tt.raw
		if tt.raw {
			config.ClientID = "app+1" // no colon: the first one ends the id
		}
		srv := startServer(t, config)
		p := makeshop(t, srv)
		p.Client.ID, p.Client.Secret, p.RawBasic = config.ClientID, secret, tt.raw
		p.VerifyIDToken = nil
		_, err := login(t.Context(), p, srv, "shop-1")
		require.NoError(t, err, name)
		sent := srv.TokenRequests()[0].Header.Get("Authorization")
		assert.Equal(t, "Basic "+base64.StdEncoding.EncodeToString([]byte(tt.header)), sent, name)

		p.RawBasic = !tt.raw
		_, err = login(t.Context(), p, srv, "shop-1")
		require.ErrorIs(t, err, oauth.ErrClientConfig, name)

		p.RawBasic = tt.raw
		srv.Fail(1, shotengaitest.Fault{
			Path: "/oauth2/token", Status: http.StatusBadRequest, Body: "<p>" + url.QueryEscape(secret) + " " + secret + " " + sent + "</p>",
		})
		_, err = p.Refresh(t.Context(), &oauth.Grant{RefreshToken: "rt"})
		require.Error(t, err)
		assert.Empty(t, leaks(err, secret, url.QueryEscape(secret), sent[len("Basic "):]), name)
	}
}

// A wrong token address shows in the error, without its query.
func TestWrongTokenAddress(t *testing.T) {
	t.Parallel()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page":
			_, _ = io.WriteString(w, "<html>login</html>")
		case "/moved":
			http.Redirect(w, r, "https://elsewhere.example/?key=hidden", http.StatusMovedPermanently)
		case "/json":
			_, _ = io.WriteString(w, `{"status":"ok"}`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(page.Close)
	for address, reason := range map[string]error{
		page.URL + "/none":         oauth.ErrClientConfig,
		page.URL + "/moved":        oauth.ErrClientConfig,
		page.URL + "/page":         shotengai.ErrOutcomeUnknown,
		page.URL + "/json":         shotengai.ErrOutcomeUnknown,
		"http://127.0.0.1:1/token": oauth.ErrNotSent,
	} {
		p := answering(0, "")
		p.TokenURL, p.HTTPClient = address+"?key=hidden", nil
		begun, err := p.Begin()
		require.NoError(t, err)
		_, exchangeErr := p.Exchange(t.Context(), begun, url.Values{"state": {begun.State}, "code": {"c"}})
		_, refreshErr := p.Refresh(t.Context(), &oauth.Grant{RefreshToken: "rt"})
		for _, err := range []error{exchangeErr, refreshErr} {
			assertReason(t, err, reason, address)
			require.ErrorContains(t, err, address)
			assert.NotContains(t, err.Error(), "hidden")
		}
	}
	srv := startServer(t, oauthtest.ColorMe())
	p := colorMe(srv)
	p.Client.Secret = "wrong"
	_, err := login(t.Context(), p, srv, "shop-1")
	require.ErrorIs(t, err, oauth.ErrClientConfig)
	assert.NotContains(t, err.Error(), srv.TokenURL, "an answer of the token endpoint itself")
}
