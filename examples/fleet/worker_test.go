package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// working is a running worker.
type working struct {
	stop     func()
	ended    chan error
	out, log syncBuffer
}

// syncBuffer may be read while it is written.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// startWork runs the command work. Its standard input is at its end.
func startWork(ctx context.Context, t *testing.T, db *database) *working {
	t.Helper()
	ctx, stop := context.WithCancel(ctx)
	w := &working{stop: stop, ended: make(chan error, 1)}
	go func() {
		args := []string{"work", "-database", databaseURL(), "-schema", db.schema, "-every", "1s"}
		w.ended <- run(ctx, args, strings.NewReader(""), &w.out, newConsole(&w.log))
	}()
	t.Cleanup(func() {
		stop()
		<-w.ended
	})
	return w
}

func newPlatform(t *testing.T) *colormetest.Server {
	t.Helper()
	srv := colormetest.NewServer(colormetest.WithSales(0))
	t.Cleanup(srv.Close)
	return srv
}

var testKey = base64.StdEncoding.EncodeToString(make([]byte, 32))

// until waits until the condition is true.
func until(ctx context.Context, t *testing.T, what string, condition func() bool) {
	t.Helper()
	for !condition() {
		require.NoError(t, sleep(ctx, 20*time.Millisecond), what)
	}
}

// From an empty database to shops that are kept in step, by commands alone. Shops come and go
// while a worker runs.
func TestCommands(t *testing.T) {
	srv := newPlatform(t)
	t.Setenv("FLEET_TEST_SERVER", srv.URL)
	t.Setenv("FLEET_SEAL_KEY", testKey)
	ctx, db := needPostgres(t)
	dropAtEnd(t, db)
	must := func(in string, args ...string) string {
		t.Helper()
		out, _, err := fleetRun(ctx, db, in, args...)
		require.NoError(t, err)
		return out
	}
	for _, c := range []string{"work", "status", "shops list", "shops add"} {
		_, _, err := fleetRun(ctx, db, "token", c)
		require.ErrorContains(t, err, "there are no tables in the schema "+db.schema+": run migrate first", c)
		assert.Equal(t, 1, exitCode(err))
	}
	assert.False(t, exists(t, db), "only migrate makes a schema")

	assert.Contains(t, must("", "migrate"), db.schema)
	assert.Contains(t, must("", "status"), "0: 0 in step, 0 stopped, 0 not read yet")
	_, _, err := fleetRun(ctx, db, "no-token", "shops add")
	require.ErrorContains(t, err, "the platform does not accept the token")
	_, _, err = fleetRun(ctx, db, " \n", "shops add")
	require.ErrorContains(t, err, "has to hold the shop's access token")

	w := startWork(ctx, t, db)
	first, second := newMember(srv.Shop(), 3, srv.Now()), newMember(srv.AddShop(colormetest.Seed{Name: "茶舗 みどり"}), 4, srv.Now())
	inStep := func(m *member) {
		t.Helper()
		until(ctx, t, "in step", func() bool {
			have, err := db.orders(ctx, m.shop.ID)
			require.NoError(t, err)
			return assert.ObjectsAreEqual(m.orders(), have)
		})
	}
	assert.Contains(t, must(first.token+"\n", "shops add"), first.shop.ID)
	inStep(first)
	assert.Contains(t, must(second.token, "shops add", "-since", second.opened.Format(time.DateOnly)), "茶舗 みどり")
	inStep(second)
	for _, m := range []*member{first, second} {
		m.live() // the rounds find it
		inStep(m)
	}
	assert.Contains(t, must("", "migrate"), db.schema, "again, beside a worker")
	inStep(first)
	assert.Regexp(t, first.shop.ID+` +`+strconv.Itoa(len(first.sales))+` +\d{4}-\d\d-\d\d .* works`, must("", "shops list"))

	assert.Contains(t, must("", "shops remove", first.shop.ID), fmt.Sprintf("its %d orders", len(first.sales)))
	_, _, err = fleetRun(ctx, db, "", "shops remove", first.shop.ID)
	require.ErrorContains(t, err, "there is no shop")
	assert.NotContains(t, must("", "shops list"), first.shop.ID)
	var grants int
	require.NoError(t, db.pool.QueryRow(ctx, "SELECT count(*) FROM shotengai_oauth_grants WHERE shop = $1 AND status <> 'deleted'", first.shop.ID).Scan(&grants))
	assert.Zero(t, grants)
	second.live()
	inStep(second)

	w.stop()
	require.NoError(t, <-w.ended)
	w.ended <- nil
	assert.Regexp(t, `^\d+ runs, \d+ orders saved, \d+ failures\n$`, w.out.String())
}

// What is wrong is in the log and in status, and a shop that has stopped works again with a
// new token.
func TestTroubleIsVisible(t *testing.T) {
	srv := newPlatform(t)
	t.Setenv("FLEET_TEST_SERVER", srv.URL)
	t.Setenv("FLEET_SEAL_KEY", testKey)
	ctx, db := newSchema(t)
	require.NoError(t, db.migrate(ctx))
	refused, broken := newMember(srv.Shop(), 1, srv.Now()), newMember(srv.AddShop(colormetest.Seed{}), 1, srv.Now())
	srv.Fail(-1, shotengaitest.Fault{Status: 500, Match: func(req shotengaitest.Request) bool {
		return req.Header.Get("Authorization") == "Bearer "+broken.token && strings.Contains(req.Path, "sales")
	}})
	for _, m := range []*member{refused, broken} {
		_, _, err := fleetRun(ctx, db, m.token, "shops add")
		require.NoError(t, err)
	}
	srv.Revoke(refused.token)
	w := startWork(ctx, t, db)
	status := func() string {
		out, _, err := fleetRun(ctx, db, "", "status")
		require.NoError(t, err)
		return out
	}
	until(ctx, t, "stopped", func() bool { return strings.Contains(status(), refused.shop.ID+"  stopped: ") })
	until(ctx, t, "failed", func() bool { return strings.Contains(status(), broken.shop.ID+"  failed ") })
	assert.Contains(t, status(), "2: 0 in step, 1 stopped, 1 not read yet")
	assert.Contains(t, status(), "500")
	for _, want := range []string{"a shop has stopped", "a job has failed", refused.shop.ID, broken.shop.ID} {
		assert.Contains(t, w.log.String(), want)
	}
	for _, m := range []*member{refused, broken} {
		assert.NotContains(t, w.log.String()+status(), m.token)
	}

	_, _, err := fleetRun(ctx, db, refused.shop.Token("read_sales"), "shops add")
	require.NoError(t, err)
	until(ctx, t, "works again", func() bool { return strings.Contains(status(), "1 in step, 0 stopped") })
	assert.NotContains(t, status(), refused.shop.ID)
}

// A round that fails is visible too: no shop would get a job.
func TestFailedRound(t *testing.T) {
	t.Parallel()
	ctx, db := newSchema(t)
	require.NoError(t, db.migrate(ctx))
	client, err := newRiver(db, river.Config{})
	require.NoError(t, err)
	_, err = client.Insert(ctx, roundArgs{}, nil)
	require.NoError(t, err)
	_, err = db.pool.Exec(ctx, `UPDATE river_job SET state = 'discarded', finalized_at = now(), errors = ARRAY['{"error": "no\nroom"}'::jsonb]`)
	require.NoError(t, err)
	out, _, err := fleetRun(ctx, db, "", "status")
	require.NoError(t, err)
	assert.Contains(t, out, "-     failed 1 times (the next round tries again): no room\n")
}

// A worker takes up the job of a process that died.
func TestRescue(t *testing.T) {
	srv := newPlatform(t)
	t.Setenv("FLEET_TEST_SERVER", srv.URL)
	t.Setenv("FLEET_SEAL_KEY", testKey)
	ctx, db := newSchema(t)
	require.NoError(t, db.migrate(ctx))
	m := newMember(srv.Shop(), 2, srv.Now())
	_, _, err := fleetRun(ctx, db, m.token, "shops add")
	require.NoError(t, err)
	_, err = db.pool.Exec(ctx, "UPDATE river_job SET state = 'running', attempt = 1, attempted_by = '{dead}', attempted_at = $1",
		time.Now().Add(-rescueAfter-time.Second))
	require.NoError(t, err)
	startWork(ctx, t, db)
	until(ctx, t, "in step", func() bool {
		have, err := db.orders(ctx, m.shop.ID)
		require.NoError(t, err)
		return assert.ObjectsAreEqual(m.orders(), have)
	})
}

// A database whose queue was made by an older release is refused.
func TestOldQueue(t *testing.T) {
	t.Parallel()
	ctx, db := newSchema(t)
	require.NoError(t, db.migrate(ctx))
	_, err := db.pool.Exec(ctx, "DELETE FROM river_migration WHERE version = (SELECT max(version) FROM river_migration)")
	require.NoError(t, err)
	_, err = openMigrated(ctx, &options{database: databaseURL(), schema: db.schema})
	require.ErrorContains(t, err, "are old: run migrate")
}
