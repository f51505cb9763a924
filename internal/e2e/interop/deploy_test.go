package interop_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/internal/e2e/process"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

// workerEnv holds the orders of a process that is an instance of the app and no test.
const workerEnv = "SHOTENGAI_INTEROP_WORKER"

func TestMain(m *testing.M) {
	if text := os.Getenv(workerEnv); text != "" {
		process.EndWithParent()
		if err := work(text); err != nil {
			fmt.Fprintln(os.Stderr, "worker:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	engine.Main(m)
}

// The steps that an instance notes.
const (
	listens   = 'l' // it can be asked to end
	refreshes = 'r' // it sends a token request
)

// orders describe an instance of the app.
type orders struct {
	Issuer string `json:"issuer"`
	Prefix string `json:"prefix"`
}

var deployed = []string{"shop-1", "shop-2", "shop-3", "shop-4", "shop-5", "shop-6"}

// noting notes each token request. It keeps no connection, as the transport that a provider has
// without it: the server closes an idle one after a second.
type noting struct{}

var unkept = &http.Transport{DisableKeepAlives: true}

func (noting) RoundTrip(r *http.Request) (*http.Response, error) {
	process.Note(refreshes)
	return unkept.RoundTrip(r)
}

// manager opens the store that the instances share.
func (o orders) manager(change func(*oauth.Provider)) (*oauth.Manager, error) {
	p, err := (&server{issuer: o.Issuer}).describe("post")
	if err != nil {
		return nil, err
	}
	change(p)
	db, err := sql.Open(engine.PostgresDriver, engine.PostgresDSN(engine.PostgresAddr))
	if err != nil {
		return nil, err
	}
	store, err := sqlstore.New(db, sqlstore.PostgreSQL, sqlstore.WithPrefix(o.Prefix))
	if err != nil {
		return nil, err
	}
	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "1", Key: shotengai.Secret(strings.Repeat("k", 32))})
	if err != nil {
		return nil, err
	}
	return oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: store, Sealer: sealer})
}

// work asks for the tokens of all shops until a SIGTERM comes.
func work(text string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	process.Note(listens)
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	m, err := o.manager(func(p *oauth.Provider) { p.HTTPClient = &http.Client{Transport: noting{}} })
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	failed := make(chan error, len(deployed))
	for _, shop := range deployed {
		wg.Go(func() { failed <- use(ctx, m.TokenSource(shop)) })
	}
	wg.Wait()
	close(failed)
	err = m.Close(context.WithoutCancel(ctx))
	for lost := range failed {
		err = errors.Join(err, lost)
	}
	return err
}

// use asks for a shop's token, again and again. The error is that the grant is lost.
func use(ctx context.Context, source *oauth.TokenSource) error {
	turn := time.NewTicker(50 * time.Millisecond)
	defer turn.Stop()
	for {
		select {
		case <-turn.C:
		case <-ctx.Done():
			return nil
		}
		if _, err := source.TokenContext(ctx); errors.Is(err, shotengai.ErrReauthorize) {
			return err
		}
	}
}

// Instances are replaced in the middle of a refresh, and the server takes a spent refresh token
// for theft.
func TestDeploy(t *testing.T) {
	t.Parallel()
	db := engine.OpenSQL(t, engine.PostgresDriver, engine.PostgresDSN(engine.PostgresAddr))
	srv := start(t, settings{accessLifetime: 2 * time.Second, keepAlive: time.Second})
	o := orders{Issuer: srv.issuer, Prefix: engine.Prefix()}
	store, err := sqlstore.New(db, sqlstore.PostgreSQL, sqlstore.WithPrefix(o.Prefix))
	require.NoError(t, err)
	engine.DropTables(t, db, o.Prefix+"grants", o.Prefix+"schema")
	require.NoError(t, store.Migrate(t.Context()))
	m, err := o.manager(func(*oauth.Provider) {})
	require.NoError(t, err)
	for _, shop := range deployed {
		g, err := srv.login(t, srv.provider(t, "post"), shop)
		require.NoError(t, err)
		require.NoError(t, patiently(t, func() error { return m.Put(t.Context(), shop, g) }))
	}

	group := process.NewGroup(t, time.Duration(engine.Size(2, 10))*time.Minute)
	text, err := json.Marshal(o)
	require.NoError(t, err)
	launch := func() *process.Process { return group.Start([]string{workerEnv + "=" + string(text)}) }
	running := map[*process.Process]bool{launch(): true, launch(): true, launch(): true}
	end := func(p *process.Process) {
		delete(running, p)
		listening := p.Count(listens) > 0
		if err := p.Terminate(); listening { // before that, it had nothing to lose
			assert.NoError(t, err, p.Errors())
		}
	}
	times := engine.Size(8, 40)
	for n := range times {
		end(refreshing(group, running, n))
		running[launch()] = true
	}
	for p := range maps.Clone(running) {
		end(p)
	}
	for _, shop := range deployed {
		var token *oauth2.Token
		err := patiently(t, func() (err error) {
			token, err = m.TokenSource(shop).TokenContext(t.Context())
			return err
		})
		if assert.NoError(t, err, shop) {
			assert.True(t, srv.good(t, token.AccessToken), shop)
		}
	}
	assert.NoError(t, m.Close(t.Context()))
	t.Logf("%d instances ended by SIGTERM during a refresh; %d grants lost", times, m.Stats().Lost)
}

// patiently repeats what a database refuses that is too busy for a moment, as an app does.
func patiently(t *testing.T, do func() error) error {
	t.Helper()
	turn := time.NewTicker(200 * time.Millisecond)
	defer turn.Stop()
	for range 25 {
		if err := do(); !errors.Is(err, shotengai.ErrUnavailable) {
			return err
		}
		<-turn.C
	}
	return do()
}

// refreshing waits for an instance that has just sent a token request.
func refreshing(group *process.Group, running map[*process.Process]bool, n int) (found *process.Process) {
	before := make(map[*process.Process]int, len(running))
	for p := range running {
		before[p] = p.Count(refreshes)
	}
	group.Wait(func() bool {
		for p := range running {
			if p.Count(refreshes) > before[p] {
				found = p
			}
		}
		return found != nil
	}, func() string { return fmt.Sprintf("after %d terminations no instance refreshes a token", n) })
	return found
}
