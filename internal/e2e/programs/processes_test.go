package programs

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/examples/snippets/programs"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/internal/e2e/process"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// instanceEnv holds the orders of a process that is to be an instance and no test.
const instanceEnv = "SHOTENGAI_E2E_INSTANCE"

func TestMain(m *testing.M) {
	if given := os.Getenv(instanceEnv); given != "" {
		process.EndWithParent()
		if err := instance(given); err != nil {
			fmt.Fprintln(os.Stderr, "instance:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	engine.Main(m)
}

func newSealer(t *testing.T) *oauth.Sealer {
	t.Helper()
	sealer, err := sealer()
	require.NoError(t, err)
	return sealer
}

func sealer() (*oauth.Sealer, error) {
	key, err := oauth.ParseSealKey("1", base64.StdEncoding.EncodeToString(make([]byte, 32)))
	if err != nil {
		return nil, err
	}
	return oauth.NewSealer(key)
}

// orders are what an instance has to know: its database, and the fake in place of STORES.
type orders struct {
	DSN       string `json:"dsn"`
	API       string `json:"api"`
	ClientID  string `json:"client_id"`
	Key       []byte `json:"key"`
	AuthURL   string `json:"auth_url"`
	TokenURL  string `json:"token_url"`
	RevokeURL string `json:"revoke_url"`
	Address   string `json:"address"`
}

// instance runs the program on the socket that the test has handed over, to SIGTERM.
func instance(given string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var o orders
	if err := json.Unmarshal([]byte(given), &o); err != nil {
		return err
	}
	listener, err := net.FileListener(os.NewFile(process.FirstFile, "listener"))
	if err != nil {
		return err
	}
	db, err := sql.Open(engine.SQLiteDriver, o.DSN)
	if err != nil {
		return err
	}
	defer db.Close()
	store, err := sqlstore.New(db, sqlstore.SQLite)
	if err != nil {
		return err
	}
	provider, err := stores.OAuth(oauth.Client{ID: o.ClientID, RedirectURL: o.Address, Scopes: storestest.Scopes()}, o.Key)
	if err != nil {
		return err
	}
	provider.AuthURL, provider.TokenURL, provider.RevokeURL = o.AuthURL, o.TokenURL, o.RevokeURL
	sealer, err := sealer()
	if err != nil {
		return err
	}
	return programs.Instance(ctx, listener, provider, store, sealer, shotengai.WithHTTPClient(&http.Client{Transport: toFake(o.API)}))
}

// toFake sends what is meant for STORES to the fake of the test, which runs in another
// process.
type toFake string

func (to toFake) RoundTrip(r *http.Request) (*http.Response, error) {
	address, err := url.Parse(string(to))
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = address.Scheme, address.Host, ""
	return http.DefaultTransport.RoundTrip(r)
}

// Two instances share a grant whose refresh token works once. One is stopped in the middle
// of the refresh: it ends the request that it serves and saves the grant, and the other one
// goes on with it.
func TestInstances(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer()
	t.Cleanup(srv.Close)
	const address = "https://app.example/callback"
	provider, err := srv.Provider(address)
	require.NoError(t, err)
	dsn := engine.SQLiteDSN(t)
	permit(t, srv, provider, dsn)
	given, err := json.Marshal(orders{
		DSN: dsn, API: srv.URL, ClientID: srv.App().ClientID, Key: srv.App().Key, Address: address,
		AuthURL: provider.AuthURL, TokenURL: provider.TokenURL, RevokeURL: provider.RevokeURL,
	})
	require.NoError(t, err)
	workers := process.NewGroup(t, time.Minute)
	one, first := startInstance(t, workers, string(given))
	two, second := startInstance(t, workers, string(given))
	client := &http.Client{Timeout: time.Minute}
	page := "/shops/" + srv.Shop().ID
	want := srv.Shop().Name + "\n"
	assert.Equal(t, want, open(t, client, first+page))
	assert.Equal(t, want, open(t, client, second+page))

	srv.Shop().ExpireTokens()
	refreshing := make(chan struct{}, 1)
	srv.Fail(1, shotengaitest.Fault{Delay: time.Second / 2, Match: func(r shotengaitest.Request) bool {
		if !isRefresh(r) {
			return false
		}
		refreshing <- struct{}{}
		return true
	}})
	served := make(chan string, 1)
	go func() { served <- open(t, client, first+page) }()
	select {
	case <-refreshing:
	case text := <-served:
		require.Fail(t, "served without a refresh", text+one.Errors())
	}
	require.NoError(t, one.Terminate(), one.Errors())
	assert.Equal(t, want, <-served)
	assert.Equal(t, want, open(t, client, second+page))
	require.NoError(t, two.Terminate(), two.Errors())
	refreshes := 0
	for _, r := range srv.Requests() {
		if isRefresh(r) {
			refreshes++
		}
	}
	assert.Equal(t, 1, refreshes)
}

func isRefresh(r shotengaitest.Request) bool {
	return strings.Contains(string(r.Body), "grant_type=refresh_token")
}

// permit logs the shop's owner in and keeps the grant.
func permit(t *testing.T, srv *storestest.Server, provider *oauth.Provider, dsn string) {
	t.Helper()
	store, err := sqlstore.New(engine.OpenSQL(t, engine.SQLiteDriver, dsn), sqlstore.SQLite)
	require.NoError(t, err)
	require.NoError(t, store.Migrate(t.Context()))
	app, err := programs.NewStoresApp(provider, store, newSealer(t), srv.Options()...)
	require.NoError(t, err)
	login, err := provider.Begin()
	require.NoError(t, err)
	query, err := srv.Login(t.Context(), login.URL)
	require.NoError(t, err)
	grant, err := provider.Exchange(t.Context(), login, query)
	require.NoError(t, err)
	require.NoError(t, app.Grants.Put(t.Context(), srv.Shop().ID, grant))
	require.NoError(t, app.Grants.Close(t.Context()))
}

// startInstance starts a process that listens at the address.
func startInstance(t *testing.T, workers *process.Group, given string) (*process.Process, string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	socket, err := listener.(*net.TCPListener).File()
	require.NoError(t, err)
	defer socket.Close()
	return workers.Start([]string{instanceEnv + "=" + given}, socket), "http://" + listener.Addr().String()
}
