package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// paceRun is what a process of TestPace does: it sends requests of one shop, three at a time,
// as fast as it may, until its standard input ends. For each it prints when, and how many turns
// it had missed before.
func paceRun(ctx context.Context) error {
	n, err := strconv.Atoi(os.Getenv("FLEET_PACE_REQUESTS"))
	if err != nil {
		return err
	}
	period, err := time.ParseDuration(os.Getenv("FLEET_PACE_PERIOD"))
	if err != nil {
		return err
	}
	db, err := open(ctx, &options{database: databaseURL(), schema: os.Getenv("FLEET_PACE_SCHEMA")})
	if err != nil {
		return err
	}
	go endWithDemo(os.Stdin)
	failed := make(chan error)
	for range 3 {
		l := newLimiter(db.pool, "PA00000001", n, period)
		go func() {
			for {
				if err := l.Wait(ctx); err != nil {
					failed <- err
					return
				}
				fmt.Println(time.Now().UnixNano(), l.missed.Swap(0))
			}
		}()
	}
	return <-failed
}

type request struct {
	at     int64 // in nanoseconds
	missed int
}

// paced is a database with a shop and room for its turns.
func paced(t *testing.T) (context.Context, *database) {
	t.Helper()
	ctx, db := newSchema(t)
	require.NoError(t, db.migrate(ctx))
	_, err := db.pool.Exec(ctx, "INSERT INTO shops (id, name, cursor) VALUES ('PA00000001', 'a shop', '')")
	require.NoError(t, err)
	return ctx, db
}

// Four processes together never send more of a shop's requests in any period than are allowed,
// and use 95 % of them. The period is 15 seconds here, where turns count as used that a busy
// machine missed, and the minute of Color Me in the full size. The processes share a clock.
func TestPace(t *testing.T) {
	t.Parallel()
	ctx, db := paced(t)
	n, period := 60, 15*time.Second
	if full() {
		n, period = 120, time.Minute
	}
	self, err := os.Executable()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sent := make(chan request)
	for range 4 {
		cmd := exec.CommandContext(ctx, self)
		cmd.Env = append(os.Environ(), "FLEET_RUN=pace", "FLEET_PACE_SCHEMA="+db.schema,
			"FLEET_PACE_REQUESTS="+strconv.Itoa(n), "FLEET_PACE_PERIOD="+period.String())
		cmd.Stderr = t.Output()
		stdin, err := cmd.StdinPipe()
		require.NoError(t, err)
		stdout, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		t.Cleanup(func() { _, _ = stdin.Close(), cmd.Wait() })
		go func() {
			for lines := bufio.NewScanner(stdout); lines.Scan(); {
				var r request
				_, err := fmt.Sscan(lines.Text(), &r.at, &r.missed)
				assert.NoError(t, err)
				select {
				case sent <- r:
				case <-ctx.Done():
					return
				}
			}
		}()
	}

	var times []int64
	turns := 2 * n
	for len(times) < 2*n+1 {
		select {
		case r := <-sent:
			times = append(times, r.at)
			if !full() {
				turns += r.missed
			}
		case <-ctx.Done():
			require.NoError(t, ctx.Err(), "%d requests were sent", len(times))
		}
	}
	slices.Sort(times)
	for i := range len(times) - n {
		assert.Greater(t, times[i+n]-times[i], int64(period), "%d requests from number %d on", n+1, i+1)
	}
	allowed := float64(n) * float64(times[2*n]-times[0]) / float64(period)
	assert.GreaterOrEqual(t, float64(turns), 0.95*allowed)
}

// A turn that would come after the deadline is not taken.
func TestPaceDeadline(t *testing.T) {
	t.Parallel()
	ctx, db := paced(t)
	l := newLimiter(db.pool, "PA00000001", 1, time.Hour)
	require.NoError(t, l.Wait(ctx))
	next := func() (at time.Time) {
		require.NoError(t, db.pool.QueryRow(ctx, "SELECT next FROM pace").Scan(&at))
		return at
	}
	before := next()
	soon, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	err := l.Wait(soon)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, soon.Err(), "the error comes at once")
	assert.Equal(t, before, next())
}

// A turn that has passed before it could be used is not used: another one is taken.
func TestPaceLate(t *testing.T) {
	t.Parallel()
	ctx, db := paced(t)
	l := newLimiter(db.pool, "PA00000001", 1000, time.Second)
	l.slack = -time.Hour // all are late
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- l.Wait(ctx) }()
	var first, at time.Time
	for at.Sub(first) <= 0 || first.IsZero() {
		select {
		case err := <-ended:
			require.FailNow(t, "a late turn was used", err)
		default:
		}
		_ = db.pool.QueryRow(ctx, "SELECT next FROM pace").Scan(&at) // no row yet
		if first.IsZero() {
			first = at
		}
	}
	stop()
	assert.Error(t, <-ended)
}

// Without the database nothing is sent.
func TestPaceWithoutDatabase(t *testing.T) {
	t.Parallel()
	ctx, db := paced(t)
	l := newLimiter(db.pool, "PA00000001", 120, time.Minute)
	other, err := open(ctx, &options{database: databaseURL(), schema: db.schema})
	require.NoError(t, err)
	l.pool = other.pool
	other.pool.Close()
	require.ErrorContains(t, l.Wait(ctx), "the turn of shop PA00000001: closed pool")
}
