package interop_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/assertion"
	"github.com/shotengai/shotengai-go/oauth/idtoken"
)

const (
	redirectURL = "https://app.example/callback"
	// secret has the characters that Basic credentials have to be encoded for.
	secret = "s3cret+/%:&= and more of it"
	// clientKey is the key pair of the app that signs assertions.
	clientKey = `{"kty":"EC","crv":"P-256","kid":"app-1","use":"sig","alg":"ES256",
		"x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
		"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`
)

// server is a running authorisation server.
type server struct{ issuer string }

// settings of a server.
type settings struct {
	accessLifetime time.Duration // whole seconds
	keepAlive      time.Duration // of idle connections
}

// start runs a server until the test ends.
func start(t *testing.T, s settings) *server {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		absent(t, "node is not installed")
	}
	if _, err := os.Stat("node_modules/oidc-provider"); err != nil {
		absent(t, "oidc-provider is not installed: npm ci --prefix internal/e2e/interop")
	}
	var key map[string]string
	require.NoError(t, json.Unmarshal([]byte(clientKey), &key))
	delete(key, "d")
	client := map[string]any{
		"redirect_uris": []string{redirectURL}, "grant_types": []string{"authorization_code", "refresh_token"},
		"response_types": []string{"code"}, "scope": "openid offline_access read",
	}
	with := func(more map[string]any) map[string]any {
		maps.Copy(more, client)
		return more
	}
	config, err := json.Marshal(map[string]any{
		"accessLifetime": int(s.accessLifetime / time.Second), "keepAlive": s.keepAlive.Milliseconds(),
		"clients": []any{
			with(map[string]any{"client_id": "basic:1", "client_secret": secret, "token_endpoint_auth_method": "client_secret_basic"}),
			with(map[string]any{"client_id": "post", "client_secret": secret, "token_endpoint_auth_method": "client_secret_post"}),
			with(map[string]any{
				"client_id": "jwt", "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256",
				"jwks": map[string]any{"keys": []any{key}},
			}),
		},
	})
	require.NoError(t, err)
	node := exec.Command("node", "server.mjs", string(config))
	stdin, err := node.StdinPipe()
	require.NoError(t, err)
	stdout, err := node.StdoutPipe()
	require.NoError(t, err)
	node.Stderr = os.Stderr
	if !testing.Verbose() {
		node.Stderr = nil
	}
	require.NoError(t, node.Start())
	t.Cleanup(func() {
		_ = stdin.Close() // which ends it
		_ = node.Wait()
	})
	lines := bufio.NewScanner(stdout)
	require.True(t, lines.Scan(), "the server does not start")
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	return &server{issuer: lines.Text()}
}

func absent(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" && os.Getenv("SHOTENGAI_WITHOUT_NODE_SERVER") == "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// styles are the apps, by the way in which they prove themselves.
var styles = map[string]oauth.AuthStyle{
	"basic:1": oauth.SecretInHeader, "post": oauth.SecretInBody, "jwt": oauth.PrivateKeyJWT,
}

// provider describes the server to an app.
func (s *server) provider(t *testing.T, app string) *oauth.Provider {
	t.Helper()
	p, err := s.describe(app)
	require.NoError(t, err)
	return p
}

func (s *server) describe(app string) (*oauth.Provider, error) {
	verifier, err := idtoken.New(idtoken.Config{
		Issuer: s.issuer, ClientID: app, Algorithms: []string{"RS256"}, KeySetURL: s.issuer + "/jwks",
	})
	if err != nil {
		return nil, err
	}
	p := &oauth.Provider{
		Name: "interop",
		Client: oauth.Client{
			ID: app, RedirectURL: redirectURL, Scopes: []string{"openid", "offline_access", "read"},
		},
		Issuer: s.issuer, AuthURL: s.issuer + "/auth", TokenURL: s.issuer + "/token", RevokeURL: s.issuer + "/token/revocation",
		AuthStyle: styles[app], PKCE: true, Nonce: true, VerifyIDToken: verifier.Claims,
		AuthParams: url.Values{"prompt": {"consent"}}, RefreshScope: "offline_access", Rotates: true,
	}
	if p.AuthStyle != oauth.PrivateKeyJWT {
		p.Client.Secret = shotengai.Secret(secret)
		return p, nil
	}
	signer, err := assertion.New(app, []byte(clientKey))
	// The server takes its issuer alone for the audience.
	p.Assert = func(ctx context.Context, _ string) (string, error) { return signer.Assert(ctx, s.issuer) }
	return p, err
}

// authorize plays the browser of a shop's owner: it returns what the redirect brings.
func (s *server) authorize(t *testing.T, login oauth.Login, shop string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	arrived := errors.New("at the app")
	var back *url.URL
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), redirectURL) {
			back = r.URL
			return arrived
		}
		return nil
	}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, login.URL+"&login_hint="+url.QueryEscape(shop), nil)
	require.NoError(t, err)
	resp, err := browser.Do(req)
	if resp != nil {
		defer resp.Body.Close()
	}
	if err == nil {
		page, _ := io.ReadAll(resp.Body)
		t.Fatalf("the browser ends at %s with %d: %s", resp.Request.URL, resp.StatusCode, page)
	}
	require.ErrorIs(t, err, arrived)
	return back.Query()
}

// login goes through a whole login.
func (s *server) login(t *testing.T, p *oauth.Provider, shop string, opts ...oauth.LoginOption) (*oauth.Grant, error) {
	t.Helper()
	login, err := p.Begin(opts...)
	require.NoError(t, err)
	return p.Exchange(t.Context(), login, s.authorize(t, login, shop))
}

// good reports whether the server takes an access token.
func (s *server) good(t *testing.T, token string) bool {
	t.Helper()
	status, _ := s.get(t, "/me", token)
	return status == http.StatusOK
}

// connections is how many the server has accepted so far.
func (s *server) connections(t *testing.T) int {
	t.Helper()
	_, body := s.get(t, "/connections", "")
	n, err := strconv.Atoi(body)
	require.NoError(t, err)
	return n
}

func (s *server) get(t *testing.T, path, token string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.issuer+path, nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}
