package stores_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// TestPresence goes through what may become of a shop: what the client finds out, and what
// the manager knows of the grant afterwards.
func TestPresence(t *testing.T) {
	t.Parallel()
	withdraw := func(srv *storestest.Server) { srv.Shop().Withdraw(true) }
	storeFails := func(f shotengaitest.Fault) func(*storestest.Server) {
		f.Path = "/retail/202211/store"
		return func(srv *storestest.Server) { srv.Fail(-1, f) }
	}
	for name, tt := range map[string]struct {
		withdrawal storestest.Withdrawal
		happens    func(*storestest.Server)
		want       stores.Presence
		status     oauth.Status
		// private is what an app with the shop's credential finds, which has nothing to
		// refresh.
		private stores.Presence
	}{
		"nothing": {
			happens: func(*storestest.Server) {}, want: stores.PresenceThere, status: oauth.StatusActive, private: stores.PresenceThere,
		},
		"withdrawn, and the grant ends": {
			happens: withdraw, want: stores.PresenceDisconnected, status: oauth.StatusReauthorize, private: stores.PresenceDoubtful,
		},
		"withdrawn, 403": {
			withdrawal: storestest.Withdrawal{KeepsGrants: true},
			happens:    withdraw, want: stores.PresenceDoubtful, status: oauth.StatusActive, private: stores.PresenceDoubtful,
		},
		"withdrawn, 404": {
			withdrawal: storestest.Withdrawal{Status: http.StatusNotFound, KeepsGrants: true},
			happens:    withdraw, want: stores.PresenceDoubtful, status: oauth.StatusActive, private: stores.PresenceDoubtful,
		},
		"withdrawn, 410": {
			withdrawal: storestest.Withdrawal{Status: http.StatusGone, KeepsGrants: true},
			happens:    withdraw, want: stores.PresenceDoubtful, status: oauth.StatusActive, private: stores.PresenceDoubtful,
		},
		"withdrawn, 410, and the grant ends": {
			withdrawal: storestest.Withdrawal{Status: http.StatusGone},
			happens:    withdraw, want: stores.PresenceDisconnected, status: oauth.StatusReauthorize, private: stores.PresenceDoubtful,
		},
		"un-linked": {
			happens: func(srv *storestest.Server) { srv.Shop().Unlink() },
			want:    stores.PresenceDisconnected, status: oauth.StatusReauthorize, private: stores.PresenceThere,
		},
		"deleted": {
			happens: func(srv *storestest.Server) { srv.Shop().Delete() },
			want:    stores.PresenceDisconnected, status: oauth.StatusReauthorize, private: stores.PresenceDisconnected,
		},
		"the platform is busy": {
			happens: storeFails(shotengaitest.Fault{Status: http.StatusServiceUnavailable, Body: `{"message":"x"}`}),
			want:    stores.PresenceUnknown, status: oauth.StatusActive, private: stores.PresenceUnknown,
		},
		"the edge refuses the caller": {
			happens: storeFails(shotengaitest.Fault{Status: http.StatusForbidden, Body: "<!DOCTYPE html><html></html>"}),
			want:    stores.PresenceUnknown, status: oauth.StatusActive, private: stores.PresenceUnknown,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := storestest.NewServer(storestest.WithOrders(0), storestest.WithWithdrawal(tt.withdrawal))
			defer srv.Close()
			p := idProvider(t, srv)
			manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
			require.NoError(t, err)
			defer func() { require.NoError(t, manager.Close(t.Context())) }()
			shop := srv.Shop()
			require.NoError(t, manager.Put(t.Context(), shop.ID, login(t.Context(), t, srv, p)))
			once := shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1})
			client, err := stores.NewClient(manager.TokenSource(shop.ID), append(srv.Options(), once)...)
			require.NoError(t, err)
			private, err := srv.Client(once)
			require.NoError(t, err)

			tt.happens(srv)
			for range 2 { // the second answer is the first one, whatever it was found out by
				got, err := client.Presence(t.Context())
				assert.Equal(t, tt.want, got)
				assert.Equal(t, tt.want == stores.PresenceThere, err == nil, "%v", err)
			}
			status, err := manager.Status(t.Context(), shop.ID)
			require.NoError(t, err)
			assert.Equal(t, tt.status, status.Status)
			got, err := private.Presence(t.Context())
			assert.Equal(t, tt.private, got)
			assert.Equal(t, tt.private == stores.PresenceThere, err == nil, "%v", err)
		})
	}
}

// A grant that the app never had says nothing of the shop, and a shop that opens again is
// there.
func TestPresenceOfOtherShops(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer(storestest.WithOrders(0), storestest.WithWithdrawal(storestest.Withdrawal{KeepsGrants: true}))
	defer srv.Close()
	p := idProvider(t, srv)
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
	require.NoError(t, err)
	defer func() { require.NoError(t, manager.Close(t.Context())) }()
	client, err := stores.NewClient(manager.TokenSource("stranger"), srv.Options()...)
	require.NoError(t, err)
	got, err := client.Presence(t.Context())
	require.ErrorIs(t, err, oauth.ErrNoGrant)
	assert.Equal(t, stores.PresenceUnknown, got)

	client, err = srv.Client()
	require.NoError(t, err)
	for _, withdrawn := range []bool{true, false} {
		srv.Shop().Withdraw(withdrawn)
		got, err = client.Presence(t.Context())
		assert.Equal(t, withdrawn, got == stores.PresenceDoubtful)
		assert.Equal(t, withdrawn, err != nil)
	}
	srv.Shop().Delete()
	begun, err := p.Begin()
	require.NoError(t, err)
	back, err := srv.Login(t.Context(), begun.URL)
	require.NoError(t, err)
	assert.Equal(t, "access_denied", back.Get("error"))
}

// A grant without a refresh token cannot be put to the test.
func TestPresenceWithoutOfflineAccess(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer(storestest.WithOrders(0))
	defer srv.Close()
	app := oauth.Client{ID: srv.App().ClientID, RedirectURL: "https://app.example/callback", Scopes: []string{stores.ScopeRead}}
	p, err := srv.Adopt(stores.OAuth(app, srv.App().Key, stores.WithoutOfflineAccess()))
	require.NoError(t, err)
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
	require.NoError(t, err)
	defer func() { require.NoError(t, manager.Close(t.Context())) }()
	shop := srv.Shop()
	require.NoError(t, manager.Put(t.Context(), shop.ID, login(t.Context(), t, srv, p)))
	client, err := stores.NewClient(manager.TokenSource(shop.ID), srv.Options()...)
	require.NoError(t, err)
	shop.Withdraw(true)
	got, err := client.Presence(t.Context())
	require.ErrorIs(t, err, shotengai.ErrForbidden)
	assert.Equal(t, stores.PresenceDoubtful, got)
}
