package storestest_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// start runs a fake and a client that fails at members it does not know.
func start(t *testing.T, opts ...storestest.Option) (*storestest.Server, *stores.Client) {
	t.Helper()
	srv := storestest.NewServer(opts...)
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithStrictDecoding(), shotengai.WithLimiter(nil))
	require.NoError(t, err)
	return srv, client
}

// provider describes the fake's ID server.
func provider(t *testing.T, srv *storestest.Server, opts ...stores.OAuthOption) *oauth.Provider {
	t.Helper()
	app := srv.App()
	scopes := []string{stores.ScopeRead, stores.ScopeWrite, stores.ScopeOfflineAccess}
	p, err := stores.OAuth(oauth.Client{ID: app.ClientID, RedirectURL: app.RedirectURIs[0], Scopes: scopes}, app.Key, opts...)
	require.NoError(t, err)
	return point(p, srv)
}

func point(p *oauth.Provider, srv *storestest.Server) *oauth.Provider {
	p.AuthURL, p.TokenURL, p.RevokeURL = srv.URL+"/oauth2/auth", srv.URL+"/oauth2/token", srv.URL+"/oauth2/revoke"
	p.HTTPClient = srv.HTTPClient()
	return p
}

// visit opens a login address as a browser does, and returns what comes back to the app.
func visit(ctx context.Context, t *testing.T, srv *storestest.Server, address string, jar http.CookieJar) url.Values {
	t.Helper()
	browser := srv.HTTPClient()
	browser.Jar = jar
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	require.NoError(t, err)
	resp, err := browser.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusFound, resp.StatusCode)
	back, err := resp.Location()
	require.NoError(t, err)
	return back.Query()
}

// login runs a whole login of the first shop's owner.
func login(ctx context.Context, t *testing.T, srv *storestest.Server, p *oauth.Provider) *oauth.Grant {
	t.Helper()
	begun, err := p.Begin()
	require.NoError(t, err)
	grant, err := p.Exchange(ctx, begun, visit(ctx, t, srv, begun.URL, nil))
	require.NoError(t, err)
	return grant
}

func TestLoginAndOrders(t *testing.T) {
	t.Parallel()
	srv, client := start(t)
	grant := login(t.Context(), t, srv, provider(t, srv))
	require.NotEmpty(t, grant.RefreshToken)
	count := 0
	for order, err := range client.Orders.All(t.Context(), stores.ListOrdersParams{Limit: 7}) {
		require.NoError(t, err)
		require.NotEmpty(t, order.ID)
		count++
	}
	require.Equal(t, 38, count)
}
