package colorme_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
)

// A token without an end that is refused has been revoked: nothing is refreshed, the
// manager notes it once, and a missing scope is no such refusal.
func TestT38Uninstalled(t *testing.T) {
	t.Parallel()
	srv, _ := startFake(t)
	var events []oauth.Event
	provider, err := colorme.OAuth(oauth.Client{
		ID: "id", Secret: "secret", RedirectURL: "https://app.example/callback", Scopes: []string{colorme.ScopeReadSales},
	})
	require.NoError(t, err)
	grants, err := oauth.NewManager(oauth.ManagerConfig{
		Provider: provider,
		Store:    oauth.NewMemoryStore(),
		OnEvent:  func(e oauth.Event) { events = append(events, e) },
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = grants.Close(t.Context()) })
	shop := srv.Shop()
	token := shop.Token(colorme.ScopeReadSales)
	require.NoError(t, grants.Put(t.Context(), shop.ID, &oauth.Grant{AccessToken: shotengai.Secret(token)}))
	client, err := colorme.NewClient(grants.TokenSource(shop.ID), append(srv.Options(), shotengai.WithLimiter(nil))...)
	require.NoError(t, err)
	require.NoError(t, client.Verify(t.Context()))

	_, err = client.Products.List(t.Context(), colorme.ListProductsParams{})
	require.ErrorIs(t, err, colorme.ErrScope)
	assert.Empty(t, events, "a scope is missing, the token lives")
	_, err = grants.Login(t.Context(), shop.ID)
	require.NoError(t, err)

	srv.Revoke(token)
	calls := len(srv.Requests())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := client.Sales.List(t.Context(), colorme.ListSalesParams{})
			assert.ErrorIs(t, err, oauth.ErrRevoked)
			assert.ErrorIs(t, err, shotengai.ErrReauthorize)
		})
	}
	wg.Wait()
	require.ErrorIs(t, client.Verify(t.Context()), oauth.ErrRevoked)
	assert.Len(t, srv.Requests(), calls+10, "one request each, one for the shop, and none to the token endpoint")
	require.Len(t, events, 1)
	assert.Equal(t, oauth.EventReauthorize, events[0].Kind)
	info, err := grants.Status(t.Context(), shop.ID)
	require.NoError(t, err)
	assert.Equal(t, oauth.StatusRevoked, info.Status)
	_, err = grants.Login(t.Context(), shop.ID)
	require.ErrorIs(t, err, shotengai.ErrReauthorize)

	again := shop.Token(colorme.ScopeReadSales) // the owner logs in once more
	require.NoError(t, grants.Put(t.Context(), shop.ID, &oauth.Grant{AccessToken: shotengai.Secret(again)}))
	_, err = client.Sales.List(t.Context(), colorme.ListSalesParams{})
	require.NoError(t, err)
}

func TestOAuthOfAnIncompleteClient(t *testing.T) {
	t.Parallel()
	for text, client := range map[string]oauth.Client{
		"no client id":        {Secret: "secret", RedirectURL: "https://app.example/callback"},
		"no client secret":    {ID: "id", RedirectURL: "https://app.example/callback"},
		"no redirect address": {ID: "id", Secret: "secret"},
	} {
		_, err := colorme.OAuth(client)
		require.EqualError(t, err, "oauth: colorme: "+text)
	}
}
