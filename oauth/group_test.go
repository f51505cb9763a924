package oauth_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

// another is the world of another platform, whose managers share the store.
func (w *world) another(name string) *world {
	other := &world{t: w.t, srv: startServer(w.t, rotating()), store: w.store, sealer: w.sealer}
	provider := *w.provider
	provider.Name = name
	other.provider = point(&provider, other.srv)
	return other
}

func TestGroup(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		stores := w.another("stores")
		first, second := w.manager(), stores.manager()
		group, err := oauth.NewGroup(first, second)
		require.NoError(w.t, err)
		for _, shop := range []string{"b", "a"} {
			w.install(first, shop)
		}
		stores.install(second, "a")

		var listed []string
		for entry, err := range group.Grants(w.t.Context()) {
			require.NoError(w.t, err)
			listed = append(listed, entry.Platform+" "+entry.Shop)
		}
		assert.Equal(w.t, []string{"makeshop a", "makeshop b", "stores a"}, listed)

		after(7 * time.Hour) // more than half of a refresh token's life
		n, err := first.RefreshDue(w.t.Context())
		require.NoError(w.t, err)
		require.Equal(w.t, 2, n, "the grants of the other platform are not its own")
		require.Len(w.t, w.srv.TokenRequests(), 2)
		require.Empty(w.t, stores.srv.TokenRequests())
		n, err = group.RefreshDue(w.t.Context())
		require.NoError(w.t, err)
		assert.Equal(w.t, 1, n)
		assert.Len(w.t, stores.srv.TokenRequests(), 1)

		require.NoError(w.t, group.Close(w.t.Context()))
		after(10 * time.Minute)
		for _, m := range []*oauth.Manager{first, second} {
			_, err = m.TokenSource("a").TokenContext(w.t.Context())
			require.ErrorIs(w.t, err, oauth.ErrClosed)
		}
	})
}

// One platform in trouble keeps no other from its work, and its error is reported.
func TestGroupReportsAllErrors(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		down := errors.New("store is down")
		broken := w.manager(func(c *oauth.ManagerConfig) { c.Store = downStore{c.Store, down} })
		stores := w.another("stores")
		works := stores.manager()
		group, err := oauth.NewGroup(broken, works)
		require.NoError(w.t, err)
		stores.install(works, "a")

		after(7 * time.Hour)
		n, err := group.RefreshDue(w.t.Context())
		assert.Equal(w.t, 1, n)
		require.ErrorIs(w.t, err, down)

		var errs []error
		var shops []string
		for entry, err := range group.Grants(w.t.Context()) {
			if err != nil {
				errs = append(errs, err)
				continue
			}
			shops = append(shops, entry.Shop)
		}
		require.Len(w.t, errs, 1)
		require.ErrorIs(w.t, errs[0], down)
		assert.Equal(w.t, []string{"a"}, shops)
		for range group.Grants(w.t.Context()) {
			break
		}
	})
}

// downStore cannot list.
type downStore struct {
	oauth.TokenStore
	err error
}

func (s downStore) Due(context.Context, oauth.DueQuery) ([]oauth.Entry, error) { return nil, s.err }

func TestNewGroupRefuses(t *testing.T) {
	t.Parallel()
	bubble(t, oauthtest.Config{ClientID: "client-id", ClientSecret: "client-secret", InMemory: true}, func(w *world) {
		_, err := oauth.NewGroup(w.manager(), nil)
		require.EqualError(w.t, err, "oauth: group: manager 2 of 2 is nil")
		_, err = oauth.NewGroup(w.manager(), w.manager())
		require.EqualError(w.t, err, `oauth: group: two managers of makeshop with client id "client-id": one is enough`)
	})
}
