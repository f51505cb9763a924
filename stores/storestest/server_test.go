package storestest_test

import (
	"context"
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
func provider(t *testing.T, srv *storestest.Server) *oauth.Provider {
	t.Helper()
	p, err := srv.Provider("https://app.example/callback")
	require.NoError(t, err)
	return p
}

// login runs a whole login of the first shop's owner.
func login(ctx context.Context, t *testing.T, srv *storestest.Server, p *oauth.Provider) *oauth.Grant {
	t.Helper()
	begun, err := p.Begin()
	require.NoError(t, err)
	back, err := srv.Login(ctx, begun.URL)
	require.NoError(t, err)
	grant, err := p.Exchange(ctx, begun, back)
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
