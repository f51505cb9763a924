package oauth_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

const (
	benchShops = 100
	benchPool  = 4
	// benchWindow is where a token of 2 s is renewed: at its end, as the form with FOR
	// UPDATE does.
	benchWindow  = 600 * time.Millisecond
	benchLatency = 300 * time.Millisecond
	benchTime    = 4 * time.Second
)

// BenchmarkManyShopsFewConnections compares API calls of 100 shops on a pool of 4
// connections: with the manager, which holds no connection while the platform answers,
// and with the form that reads the token FOR UPDATE and refreshes in the transaction.
// It reports calls per second, and how many times as many the manager reaches.
func BenchmarkManyShopsFewConnections(b *testing.B) {
	for b.Loop() {
		lease := callsPerSecond(b, leased)
		locked := callsPerSecond(b, forUpdate)
		b.ReportMetric(lease, "lease-calls/s")
		b.ReportMetric(locked, "forupdate-calls/s")
		b.ReportMetric(lease/locked, "times")
		require.GreaterOrEqual(b, lease/locked, 10.0)
	}
}

// tokens returns the access token of a shop.
type tokens func(ctx context.Context, shop string) (string, error)

// callsPerSecond lets every shop call the API all the time, for a while.
func callsPerSecond(b *testing.B, form func(b *testing.B, p *oauth.Provider) tokens) float64 {
	b.Helper()
	var n atomic.Int64
	platform := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		timer := time.NewTimer(benchLatency)
		defer timer.Stop()
		<-timer.C
		id := n.Add(1)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":"a%d","refresh_token":"r%d","token_type":"bearer","expires_in":2}`, id, id)
	}))
	defer platform.Close()
	get := form(b, orders{AuthURL: platform.URL}.provider())

	ctx, cancel := context.WithTimeout(b.Context(), benchTime)
	defer cancel()
	var calls atomic.Int64
	done := make(chan error, benchShops)
	for i := range benchShops {
		go func() { done <- callAll(ctx, get, fmt.Sprintf("shop-%03d", i), &calls) }()
	}
	for range benchShops {
		require.NoError(b, <-done)
	}
	return float64(calls.Load()) / benchTime.Seconds()
}

// callAll makes calls of 2 ms, one after the other.
func callAll(ctx context.Context, get tokens, shop string, calls *atomic.Int64) error {
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for {
		_, err := get(ctx, shop)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		calls.Add(1)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

func benchDB(b *testing.B) *sql.DB {
	b.Helper()
	db := openDB(b, "pgx", postgresDSN(postgresAddr))
	db.SetMaxOpenConns(benchPool)
	return db
}

func leased(b *testing.B, p *oauth.Provider) tokens {
	b.Helper()
	store, _ := newSQL(b, benchDB(b), sqlstore.PostgreSQL)
	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "b", Key: shotengai.Secret(strings.Repeat("k", 32))})
	require.NoError(b, err)
	p.RefreshWindow = benchWindow
	m, err := oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: store, Sealer: sealer, Parallel: benchShops})
	require.NoError(b, err)
	b.Cleanup(func() { _ = m.Close(context.WithoutCancel(b.Context())) })
	for i := range benchShops {
		now := time.Now()
		require.NoError(b, m.Put(b.Context(), fmt.Sprintf("shop-%03d", i), &oauth.Grant{
			AccessToken: "a", RefreshToken: "r", ObtainedAt: now, Expiry: now.Add(accessLifetime),
		}))
	}
	return func(ctx context.Context, shop string) (string, error) {
		token, err := m.TokenSource(shop).TokenContext(ctx)
		if err != nil {
			return "", err
		}
		return token.AccessToken, nil
	}
}

// forUpdate is the form not to use.
func forUpdate(b *testing.B, p *oauth.Provider) tokens {
	b.Helper()
	db := benchDB(b)
	table := engine.Prefix() + "locked"
	exec := func(query string, args ...any) {
		_, err := db.ExecContext(context.WithoutCancel(b.Context()), query, args...)
		require.NoError(b, err)
	}
	exec("CREATE TABLE " + table + " (shop text PRIMARY KEY, access text NOT NULL, refresh text NOT NULL, expiry bigint NOT NULL)")
	engine.DropTables(b, db, table)
	for i := range benchShops {
		exec("INSERT INTO "+table+" VALUES ($1, 'a', 'r', $2)", fmt.Sprintf("shop-%03d", i), time.Now().Add(accessLifetime).UnixMicro())
	}
	return func(ctx context.Context, shop string) (string, error) {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return "", err
		}
		defer func() { _ = tx.Rollback() }()
		var access, refresh string
		var expiry int64
		row := tx.QueryRowContext(ctx, "SELECT access, refresh, expiry FROM "+table+" WHERE shop = $1 FOR UPDATE", shop)
		if err := row.Scan(&access, &refresh, &expiry); err != nil {
			return "", err
		}
		if time.Now().Before(time.UnixMicro(expiry)) {
			return access, tx.Commit()
		}
		g, err := p.Refresh(ctx, &oauth.Grant{RefreshToken: shotengai.Secret(refresh)})
		if err != nil {
			return "", errors.Join(err, ctx.Err())
		}
		_, err = tx.ExecContext(ctx, "UPDATE "+table+" SET access = $1, refresh = $2, expiry = $3 WHERE shop = $4",
			g.AccessToken.Reveal(), g.RefreshToken.Reveal(), g.Expiry.UnixMicro(), shop)
		if err != nil {
			return "", err
		}
		return g.AccessToken.Reveal(), tx.Commit()
	}
}
