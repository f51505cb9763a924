package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain lets the demo start this binary as a worker, and TestPace as a sender.
func TestMain(m *testing.M) {
	switch os.Getenv("FLEET_RUN") {
	case "":
	case "pace":
		log.Fatal(paceRun(context.Background()))
	default:
		main()
		return
	}
	_ = os.Setenv("LC_ALL", "C")
	os.Exit(m.Run())
}

// full reports whether the tests run in their full size.
func full() bool { return os.Getenv("SHOTENGAI_TEST_SIZE") == "full" }

// databaseURL is the database of the tests.
func databaseURL() string {
	return cmp.Or(os.Getenv("DATABASE_URL"), "postgres://127.0.0.1:5432/test?sslmode=disable")
}

// needPostgres skips where no PostgreSQL answers, and fails there in CI. It returns a pool
// for a schema that does not exist yet, and a context that ends with the time of the test.
func needPostgres(t *testing.T) (context.Context, *database) {
	t.Helper()
	limit := 2 * time.Minute
	if full() {
		limit = 5 * time.Minute
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	o := &options{database: databaseURL()}
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

// fleetRun runs a command on the database of the tests, and returns its output and its log.
func fleetRun(ctx context.Context, db *database, in string, args ...string) (out, log string, err error) {
	n := len(strings.Fields(args[0]))
	args = append(strings.Fields(args[0]), args[1:]...)
	args = slices.Insert(args, n, "-database", databaseURL(), "-schema", db.schema)
	var stdout, stderr bytes.Buffer
	err = run(ctx, args, strings.NewReader(in), &stdout, newConsole(&stderr))
	return stdout.String(), stderr.String(), err
}

// A fleet whose workers are killed in the middle of their work has the orders of all shops as
// the platform has them, changed and cancelled ones too, and stops only the shop that has
// withdrawn.
func TestFleet(t *testing.T) {
	t.Parallel()
	ctx, _ := needPostgres(t)
	args, shops, orders := []string{"-demo", "-database", databaseURL(), "-shops", "40"}, "39", []string{"390", "468", "546"}
	if full() {
		args, shops, orders = args[:3], "999", []string{"9990", "11988", "13986"}
	}
	var out, log bytes.Buffer
	require.NoError(t, run(ctx, args, nil, &out, newConsole(&log)), out.String())
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 5, out.String())
	for i, want := range [][]string{{"copy", "3", "5"}, {"changes", "3", "5"}, {"changes", "4", "0"}} {
		row := strings.Fields(lines[i+2])
		assert.Equal(t, append(want, shops, orders[i]), row[:5])
		assert.Equal(t, []string{"0", "0"}, row[6:8], "lost and wrong")
		assert.Equal(t, i > 0, row[5] != "0", "changes")
	}
	assert.Empty(t, log.String(), "no progress where there is no terminal")
}

// A demo that is stopped says what was missing and takes its schema with it.
func TestStoppedDemo(t *testing.T) {
	t.Parallel()
	ctx, db := needPostgres(t)
	dropAtEnd(t, db)
	ctx, stop := context.WithCancel(ctx)
	// The demo writes its first line when it has made all tables.
	var out bytes.Buffer
	err := run(ctx, []string{"-demo", "-database", databaseURL(), "-schema", db.schema, "-shops", "3", "-kills", "2"}, nil, writerFunc(func(line []byte) {
		out.Write(line)
		assert.True(t, exists(t, db))
		stop()
	}), newConsole(io.Discard))
	require.ErrorIs(t, err, context.Canceled)
	assert.Contains(t, out.String(), "ROUND", "what there is of the table")
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
	_, err := db.pool.Exec(ctx, `CREATE TABLE others AS SELECT generate_series(1, 5000) AS n;
		INSERT INTO shops (id, name, cursor) VALUES ('a', 'a shop', '')`)
	require.NoError(t, err)
	_, _, err = fleetRun(ctx, db, "", "-demo")
	require.ErrorContains(t, err, "already exists")
	assert.Equal(t, 1, exitCode(err))
	var rows, shops int
	require.NoError(t, db.pool.QueryRow(ctx, "SELECT (SELECT count(*) FROM others), (SELECT count(*) FROM shops)").Scan(&rows, &shops))
	assert.Equal(t, []int{5000, 1}, []int{rows, shops}, "the tables are left")
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
	for _, tt := range []struct {
		args string
		code int
		says string
	}{
		{"", 2, "a command is missing"},
		{"works", 2, `"works" is no command`},
		{"shops", 2, `"shops" is no command`},
		{"shops delete", 2, `"shops delete" is no command`},
		{"-database x work", 2, `"-database x" is no command`},
		{"work now", 2, `work does not take "now"`},
		{"status now", 2, `status does not take "now"`},
		{"shops remove", 2, "shops remove needs a SHOP"},
		{"shops remove a b", 2, `does not take "b"`},
		{"shops add -since yesterday", 2, `-since "yesterday" is no day`},
		{"work -evry 5m", 2, "not defined: -evry"},
		{"work -every 0", 2, "-every 0s is too short"},
		{"work -every -5m", 2, "-every -5m0s is too short"},
		{"work -schema A", 2, `-schema "A" has to be a plain name`},
		{"work -schema=", 2, "-schema has to be a name"},
		{"-demo -workers 0", 2, "-workers 0: at least 1"},
		{"-demo -workers -1", 2, "-workers -1: at least 1"},
		{"-demo -kills -1", 2, "cannot be negative"},
		{"-demo -orders -1", 2, "cannot be negative"},
		{"-demo -shops -1", 2, "-shops -1: at least 2"},
		{"-demo -shops 5", 2, "more than -kills"},
		{"-demo -workers many", 2, `invalid value "many" for flag -workers`},
		{"-demo -database postgres://127.0.0.1:1/none", 1, "PostgreSQL cannot be reached"},
		{"work -database postgres://%", 1, "the database address cannot be read"},
	} {
		var out, log bytes.Buffer
		err := run(t.Context(), strings.Fields(tt.args), strings.NewReader(""), &out, newConsole(&log))
		require.ErrorContains(t, err, tt.says, tt.args)
		assert.Equal(t, tt.code, exitCode(err), tt.args)
		assert.Empty(t, out.String()+log.String(), tt.args)
	}
}

// Help is a success and has a line for each command, or for each flag.
func TestHelp(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://me:secret@127.0.0.1/mine")
	for _, args := range []string{"-h", "--help", "help"} {
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), []string{args}, nil, &out, newConsole(io.Discard)))
		for _, c := range commands {
			assert.Equal(t, 1, strings.Count(out.String(), "  fleet "+c.name+" "), c.name)
		}
	}
	for _, c := range commands {
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), append(strings.Fields(c.name), "-h"), nil, &out, newConsole(io.Discard)))
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		flags := 0
		for _, line := range lines[2:] {
			assert.Regexp(t, `^  -\w+ \w+ +\S`, line)
			flags++
		}
		assert.GreaterOrEqual(t, flags, 2, c.name)
		assert.NotContains(t, out.String(), "secret")
	}
}

// The line of progress is on a terminal only, below what is logged.
func TestConsole(t *testing.T) {
	t.Parallel()
	for terminal, want := range map[bool]string{
		false: "logged\n",
		true:  clearLine + "1 of 2" + clearLine + "logged\n1 of 2" + clearLine + "2 of 2" + clearLine,
	} {
		var out bytes.Buffer
		c := newConsole(&out)
		c.terminal = terminal
		c.progress("1 of %d", 2)
		_, err := c.Write([]byte("logged\n"))
		require.NoError(t, err)
		c.progress("2 of %d", 2)
		c.progress("2 of %d", 2)
		c.clear()
		c.clear()
		assert.Equal(t, want, out.String())
	}
}
