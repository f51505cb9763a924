package oauth_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/internal/e2e/process"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/redisstore"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

// workerEnv holds the orders of a process that is to be a worker and no test.
const workerEnv = "SHOTENGAI_E2E_WORKER"

func TestMain(m *testing.M) {
	if orders := os.Getenv(workerEnv); orders != "" {
		process.EndWithParent()
		if err := work(orders); err != nil {
			fmt.Fprintln(os.Stderr, "worker:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	engine.Main(m)
}

// The steps that a worker notes.
const (
	listens   = 'l' // it can be asked to end
	refreshes = 'r' // it sends a token request
	calls     = 'c' // the API has accepted a call
	fails     = 'f' // there is no token for now
)

// orders describe an instance of an app.
type orders struct {
	Engine  string        `json:"engine"`
	Addr    string        `json:"addr"` // of the database
	Prefix  string        `json:"prefix"`
	AuthURL string        `json:"auth_url"`
	APIURL  string        `json:"api_url"`
	Shops   []string      `json:"shops"`
	Timeout time.Duration `json:"timeout"` // of a refresh

	Parallel int `json:"parallel"` // refreshes of a process
}

// report is what an instance says when it ends in peace.
type report struct {
	Calls   int64  `json:"calls"`   // API calls that were accepted
	Refused int64  `json:"refused"` // tokens that the API refused
	Failed  int64  `json:"failed"`  // times that there was no token for now
	Lost    int64  `json:"lost"`    // times that a shop was reported lost
	Err     string `json:"err"`
}

// The tokens of the tests live 2 s and are renewed from 1.2 s on.
const (
	accessLifetime = 2 * time.Second
	refreshWindow  = 800 * time.Millisecond
	goroutines     = 4
	callEvery      = 40 * time.Millisecond
)

// lease outlasts the longest request by half, as everywhere.
func (o orders) lease() time.Duration { return o.Timeout + o.Timeout/2 }

func (o orders) provider() *oauth.Provider {
	return &oauth.Provider{
		Name:           "makeshop",
		Client:         oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: "https://app.example/callback"},
		AuthURL:        o.AuthURL + "/oauth/authorize",
		TokenURL:       o.AuthURL + "/oauth/token",
		AccessLifetime: accessLifetime, RefreshLifetime: time.Hour, RefreshWindow: refreshWindow,
		Rotates:    true,
		HTTPClient: &http.Client{Transport: noting{}},
	}
}

// noting is a transport that notes each token request.
type noting struct{}

func (noting) RoundTrip(r *http.Request) (*http.Response, error) {
	process.Note(refreshes)
	return http.DefaultTransport.RoundTrip(r)
}

// open connects to the store; close ends the connection.
func (o orders) open() (store oauth.TokenStore, closeStore func() error, err error) {
	switch o.Engine {
	case "Redis":
		client := redis.NewClient(&redis.Options{Addr: o.Addr})
		store, err = redisstore.New(client, redisstore.WithPrefix(o.Prefix))
		return store, client.Close, err
	case "MariaDB":
		return o.openSQL("mysql", mysqlDSN(o.Addr), sqlstore.MySQL)
	default:
		return o.openSQL("pgx", postgresDSN(o.Addr), sqlstore.PostgreSQL)
	}
}

func (o orders) openSQL(driver, dsn string, dialect sqlstore.Dialect) (oauth.TokenStore, func() error, error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(4)
	store, err := sqlstore.New(db, dialect, sqlstore.WithPrefix(o.Prefix))
	return store, db.Close, err
}

func (o orders) manager(store oauth.TokenStore) (*oauth.Manager, error) {
	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "e2e", Key: shotengai.Secret(strings.Repeat("k", 32))})
	if err != nil {
		return nil, err
	}
	return oauth.NewManager(oauth.ManagerConfig{
		Provider: o.provider(), Store: store, Sealer: sealer, Lease: o.lease(), Timeout: o.Timeout, Parallel: o.Parallel,
	})
}

// work calls the API for all shops until a SIGTERM comes.
func work(text string) error {
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	process.Note(listens)
	store, closeStore, err := o.open()
	if err != nil {
		return err
	}
	m, err := o.manager(store)
	if err != nil {
		return err
	}
	var c caller
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() { c.loop(ctx, o, m) })
	}
	wg.Wait()
	r := report{Calls: c.calls.Load(), Refused: c.refused.Load(), Failed: c.failed.Load(), Lost: c.lost.Load()}
	if err := m.Close(context.WithoutCancel(ctx)); err != nil {
		r.Err = err.Error()
	}
	_ = closeStore()
	return json.NewEncoder(os.Stdout).Encode(r)
}

// caller counts what an instance meets.
type caller struct{ calls, refused, failed, lost atomic.Int64 }

func (c *caller) loop(ctx context.Context, o orders, m *oauth.Manager) {
	ticker := time.NewTicker(callEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		source := m.TokenSource(o.Shops[rand.N(len(o.Shops))])
		token, err := source.TokenContext(ctx)
		if err == nil && !accepted(o.APIURL, token.AccessToken) {
			c.refused.Add(1)
			token, err = source.Reject(ctx, token)
			if err == nil && !accepted(o.APIURL, token.AccessToken) {
				c.refused.Add(1)
				continue
			}
		}
		switch {
		case err == nil:
			c.calls.Add(1)
			process.Note(calls)
		case ctx.Err() != nil:
		case errors.Is(err, shotengai.ErrReauthorize):
			c.lost.Add(1)
			fmt.Fprintln(os.Stderr, "lost:", err)
		default:
			c.failed.Add(1)
			process.Note(fails)
		}
	}
}

var apiClient = &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: goroutines}}

// accepted calls the API. A call that fails otherwise is no word against the token.
func accepted(url, token string) bool {
	req, err := http.NewRequest(http.MethodGet, url, http.NoBody)
	if err != nil {
		return true
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := apiClient.Do(req)
	if err != nil {
		return true
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode != http.StatusUnauthorized
}
