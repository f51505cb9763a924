package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain lets the demo start this binary as a worker.
func TestMain(m *testing.M) {
	if os.Getenv("FLEET_RUN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// full reports whether the tests run in their full size.
func full() bool { return os.Getenv("SHOTENGAI_TEST_SIZE") == "full" }

// databaseURL is the database of the tests.
func databaseURL() string {
	return cmpOr(os.Getenv("DATABASE_URL"), "postgres://127.0.0.1:5432/test?sslmode=disable")
}

// needPostgres skips where no PostgreSQL answers, and fails there in CI. It returns a pool
// for a schema that does not exist yet, and a context that ends with the time of the test.
func needPostgres(t *testing.T) (context.Context, *database) {
	t.Helper()
	limit := time.Minute
	if full() {
		limit = 5 * time.Minute
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	o := options{database: databaseURL()}
	var err error
	o.schema, err = newSchemaName(ctx, o, "test")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("no PostgreSQL:", err)
	}
	require.NoError(t, err)
	db, err := open(ctx, o)
	require.NoError(t, err)
	t.Cleanup(db.pool.Close)
	removeOld.Do(func() { dropOld(ctx, t, db) })
	return ctx, db
}

var removeOld sync.Once

// dropOld drops what tests and demos that were killed have left, once it is an hour old.
func dropOld(ctx context.Context, t *testing.T, db *database) {
	t.Helper()
	rows, err := db.pool.Query(ctx, "SELECT nspname FROM pg_namespace WHERE nspname ~ '^fleet_(demo|test)_[0-9]{10}_[a-z2-7]{8}$'")
	require.NoError(t, err)
	schemas, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	now, err := db.now(ctx)
	require.NoError(t, err)
	for _, schema := range schemas {
		named, err := strconv.ParseInt(strings.Split(schema, "_")[2], 10, 64)
		require.NoError(t, err)
		if now.Sub(time.Unix(named, 0)) > time.Hour {
			old := &database{db.pool, schema}
			t.Log("left by an earlier run: ", schema, old.drop(ctx)) // another run may have been faster
		}
	}
}

// newSchema is needPostgres with the schema made, for the time of the test.
func newSchema(t *testing.T) (context.Context, *database) {
	t.Helper()
	ctx, db := needPostgres(t)
	require.NoError(t, db.create(ctx))
	dropAtEnd(t, db)
	return ctx, db
}

// dropAtEnd drops the schema, which the test has named, if the test leaves it.
func dropAtEnd(t *testing.T, db *database) {
	t.Helper()
	t.Cleanup(func() {
		if exists(t, db) {
			assert.NoError(t, db.drop(t.Context()))
		}
	})
}

// exists reports whether the schema is there.
func exists(t *testing.T, db *database) (found bool) {
	t.Helper()
	row := db.pool.QueryRow(context.WithoutCancel(t.Context()), "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", db.schema)
	require.NoError(t, row.Scan(&found))
	return found
}

// A fleet whose workers are killed in the middle of their work loses and doubles no order,
// and stops only the shop that has withdrawn.
func TestFleet(t *testing.T) {
	t.Parallel()
	ctx, _ := needPostgres(t)
	args, shops, orders := []string{"-demo", "-database", databaseURL(), "-shops", "100"}, "99", "990"
	if full() {
		args, shops, orders = args[:3], "999", "9990"
	}
	var out bytes.Buffer
	require.NoError(t, run(ctx, args, &out), out.String())
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 5, out.String())
	for i, want := range [][]string{{"3", "5"}, {"3", "0"}, {"4", "0"}} {
		row := strings.Fields(lines[i+2])
		assert.Equal(t, append(want, shops, orders, "0", "0"), row[:6])
	}
}

// A demo that is stopped says what was missing and takes its schema with it.
func TestStoppedDemo(t *testing.T) {
	t.Parallel()
	ctx, db := needPostgres(t)
	dropAtEnd(t, db)
	ctx, stop := context.WithCancel(ctx)
	// The demo writes its first line when it has made all tables.
	err := run(ctx, []string{"-demo", "-database", databaseURL(), "-schema", db.schema, "-shops", "3", "-kills", "2"}, writerFunc(func(line []byte) {
		assert.True(t, exists(t, db))
		stop()
	}))
	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "3 shops still wait after 0 of 2 kills")
	assert.False(t, exists(t, db))
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) {
	f(p)
	return len(p), nil
}

// A demo uses no schema that it has not made.
func TestDemoLeavesASchemaThatExists(t *testing.T) {
	t.Parallel()
	ctx, db := newSchema(t)
	require.NoError(t, db.migrate(ctx))
	err := run(ctx, []string{"-demo", "-database", databaseURL(), "-schema", db.schema}, io.Discard)
	require.ErrorContains(t, err, "already exists")
	var shops int
	require.NoError(t, db.pool.QueryRow(ctx, "SELECT count(*) FROM shops").Scan(&shops), "the tables are left")
}

// The workers of a demo that is killed end too.
func TestKilledDemo(t *testing.T) {
	t.Parallel()
	ctx, db := needPostgres(t)
	dropAtEnd(t, db) // the killed demo cannot

	// The standard error reaches its end when the demo and all of its workers have ended.
	stderr, workers, err := os.Pipe()
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	demo := exec.CommandContext(ctx, self, "-demo", "-database", databaseURL(), "-schema", db.schema, "-shops", "10", "-kills", "0")
	demo.Env = append(os.Environ(), "FLEET_RUN=1")
	defer stderr.Close()
	demo.Stderr = workers
	stdout, err := demo.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, demo.Start())
	require.NoError(t, workers.Close())
	defer func() { _, _ = demo.Process.Kill(), demo.Wait() }()
	_, err = bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err, "the demo has made its tables and shops")

	// The workers cannot read the grants while this transaction lasts, so the demo cannot end
	// before its kill.
	tx, err := db.pool.Begin(ctx)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	_, err = tx.Exec(ctx, "LOCK TABLE shotengai_oauth_grants")
	require.NoError(t, err)
	for busy := false; !busy; {
		row := db.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1::int = ANY (pg_blocking_pids(pid)))", tx.Conn().PgConn().PID())
		require.NoError(t, row.Scan(&busy), "no worker has begun")
	}
	require.NoError(t, demo.Process.Kill())
	require.NoError(t, tx.Rollback(ctx))

	deadline, _ := ctx.Deadline()
	require.NoError(t, stderr.SetReadDeadline(deadline))
	_, err = io.Copy(t.Output(), stderr)
	assert.NoError(t, err, "a worker is left")
}

// Only schemas of killed tests and demos are dropped, and only old ones.
func TestDropOld(t *testing.T) {
	t.Parallel()
	ctx, db := needPostgres(t)
	now, err := db.now(ctx)
	require.NoError(t, err)
	end := db.schema[len(db.schema)-8:]
	for purpose, tt := range map[string]struct {
		age   time.Duration
		stays bool
	}{
		"test":  {61 * time.Minute, false},
		"demo":  {62 * time.Minute, false},
		"owner": {63 * time.Minute, true},
	} {
		old := &database{db.pool, fmt.Sprintf("fleet_%s_%d_%s", purpose, now.Add(-tt.age).Unix(), end)}
		dropAtEnd(t, old)
		require.NoError(t, old.create(ctx))
		dropOld(ctx, t, db)
		assert.Equal(t, tt.stays, exists(t, old), old.schema)
	}
	require.NoError(t, db.create(ctx))
	dropAtEnd(t, db)
	dropOld(ctx, t, db)
	assert.True(t, exists(t, db), "it is new")
}

func TestMistakesAreSaidInOneSentence(t *testing.T) {
	t.Setenv("FLEET_SEAL_KEY", "")
	for want, args := range map[string][]string{
		"say -worker, or try it with -demo":    {},
		"FLEET_SEAL_KEY has to hold a key":     {"-worker"},
		`-schema "a b" has to be a plain name`: {"-worker", "-schema", "a b"},
		"PostgreSQL cannot be reached":         {"-demo", "-database", "postgres://127.0.0.1:1/none"},
		"more -shops than -kills":              {"-demo", "-shops", "5"},
		"the database address cannot be read":  {"-demo", "-database", "postgres://%"},
	} {
		err := run(t.Context(), args, io.Discard)
		require.ErrorContains(t, err, want)
	}
}
