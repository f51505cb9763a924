package oauth_test

import (
	"context"
	"encoding/json"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/assertion"
	"github.com/shotengai/shotengai-go/oauth/idtoken"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

const redirectURL = "https://app.example/callback"

// clientKey is the key pair of a test client.
const clientKey = `{"kty":"EC","crv":"P-256","kid":"app-1",
	"x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
	"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
	"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`

func startServer(t testing.TB, config oauthtest.Config) *oauthtest.Server {
	t.Helper()
	srv := oauthtest.NewServer(config)
	t.Cleanup(srv.Close)
	return srv
}

// point lets a provider talk to srv.
func point(p *oauth.Provider, srv *oauthtest.Server) *oauth.Provider {
	p.AuthURL, p.TokenURL, p.RevokeURL = srv.AuthURL, srv.TokenURL, srv.RevokeURL
	p.HTTPClient = srv.HTTPClient()
	return p
}

// colorMe is a provider as Color Me's fact sheet describes it.
func colorMe(srv *oauthtest.Server) *oauth.Provider {
	return point(&oauth.Provider{
		Name: "colorme",
		Client: oauth.Client{
			ID: "client-id", Secret: "client-secret", RedirectURL: redirectURL,
			Scopes: []string{"read_products", "read_sales"},
		},
	}, srv)
}

// makeshop is a provider as makeshop's fact sheet describes it.
func makeshop(t testing.TB, srv *oauthtest.Server) *oauth.Provider {
	t.Helper()
	verifier, err := idtoken.New(idtoken.Config{
		Issuer: "https://app-auth.makeshop.jp", ClientID: "client-id",
		Algorithms: []string{"RS256"}, KeySetURL: srv.JWKSURL, HTTPClient: srv.HTTPClient(),
	})
	require.NoError(t, err)
	return point(&oauth.Provider{
		Name:      "makeshop",
		Client:    oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: redirectURL},
		AuthStyle: oauth.SecretInHeader,
		PKCE:      true, Nonce: true, VerifyIDToken: verifier.Claims,
		AccessLifetime: 5 * time.Minute, RefreshLifetime: 12 * time.Hour,
		RefreshWindow: 2 * time.Minute, Rotates: true,
	}, srv)
}

// stores is a provider as the fact sheet of STORES describes it.
func stores(t testing.TB, srv *oauthtest.Server) *oauth.Provider {
	t.Helper()
	signer, err := assertion.New("client-id", []byte(clientKey))
	require.NoError(t, err)
	return point(&oauth.Provider{
		Name: "stores",
		Client: oauth.Client{
			ID: "client-id", RedirectURL: redirectURL,
			Scopes: []string{"retail.shop.read", "offline_access"},
		},
		AuthStyle: oauth.PrivateKeyJWT, Assert: signer.Assert,
		AuthParams:     url.Values{"prompt": {"login"}},
		AccessLifetime: time.Hour, RefreshLifetime: 35 * 24 * time.Hour, Rotates: true,
	}, srv)
}

func storesConfig() oauthtest.Config {
	config := oauthtest.STORES()
	config.ClientKeys = json.RawMessage(clientKey)
	return config
}

// login goes through a whole login of a shop.
func login(ctx context.Context, p *oauth.Provider, srv *oauthtest.Server, shop string) (*oauth.Grant, error) {
	begun, err := p.Begin()
	if err != nil {
		return nil, err
	}
	query, err := srv.Authorize(ctx, begun.URL, shop)
	if err != nil {
		return nil, err
	}
	return p.Exchange(ctx, begun, query)
}

// rawServer answers every connection with the same bytes.
func rawServer(t *testing.T, answer string) *oauth.Provider {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4<<10))
			_, _ = conn.Write([]byte(answer))
			_ = conn.Close()
		}
	}()
	return &oauth.Provider{
		Name: "raw", AuthURL: "http://" + listener.Addr().String(), TokenURL: "http://" + listener.Addr().String(),
		Client: oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: redirectURL},
	}
}
