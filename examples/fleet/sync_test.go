package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// syncTest is a shop with a worker whose jobs the test does one by one.
type syncTest struct {
	*member
	db     *database
	srv    *colormetest.Server
	worker *syncWorker
	call   func(*http.Request) // before each call of the platform
	log    bytes.Buffer
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func newSyncTest(t *testing.T, orders int) (context.Context, *syncTest) {
	t.Helper()
	ctx, db := newSchema(t)
	require.NoError(t, db.migrate(ctx))
	s := &syncTest{db: db, srv: colormetest.NewServer(colormetest.WithSales(0), colormetest.WithoutRateLimits())}
	t.Cleanup(s.srv.Close)
	s.member = newMember(s.srv.Shop(), orders, s.srv.Now())
	client, err := s.shop.Client(shotengai.WithLimiter(nil), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}),
		shotengai.WithHTTPClient(&http.Client{Transport: transport(func(req *http.Request) (*http.Response, error) {
			if s.call != nil {
				s.call(req)
			}
			return http.DefaultTransport.RoundTrip(req)
		})}))
	require.NoError(t, err)
	s.worker = &syncWorker{
		db: db, client: func(string) (*colorme.Client, error) { return client, nil },
		log: slog.New(slog.NewTextHandler(&s.log, nil)), turn: time.Minute,
	}
	_, err = db.pool.Exec(ctx, "INSERT INTO shops (id, name, cursor) VALUES ($1, 'a shop', $2)", s.shop.ID, shotengai.CursorFrom(s.opened))
	require.NoError(t, err)
	return ctx, s
}

// start starts the shop's job on River. The channel has the end of each attempt.
func (s *syncTest) start(ctx context.Context, t *testing.T) (*river.Client[pgx.Tx], <-chan *river.Event) {
	t.Helper()
	workers := river.NewWorkers()
	river.AddWorker(workers, s.worker)
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}
	client, err := newRiver(s.db, river.Config{Queues: queues, Workers: workers, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	events, cancel := client.Subscribe(river.EventKindJobCancelled, river.EventKindJobCompleted, river.EventKindJobFailed,
		river.EventKindJobInterrupted, river.EventKindJobSnoozed)
	t.Cleanup(cancel)
	require.NoError(t, insertJobs(ctx, client, []string{s.shop.ID}))
	require.NoError(t, client.Start(ctx))
	return client, events
}

// run does the shop's job once, and returns the state and the error that it leaves.
func (s *syncTest) run(ctx context.Context, t *testing.T) (rivertype.JobState, string) {
	t.Helper()
	client, events := s.start(ctx, t)
	event := <-events
	require.NoError(t, client.Stop(ctx))
	_, err := s.db.pool.Exec(ctx, "DELETE FROM river_job")
	require.NoError(t, err)
	var said string
	if n := len(event.Job.Errors); n > 0 {
		said = event.Job.Errors[n-1].Error
	}
	return event.Job.State, said
}

func (s *syncTest) inStep(ctx context.Context, t *testing.T) {
	t.Helper()
	have, err := s.db.orders(ctx, s.shop.ID)
	require.NoError(t, err)
	assert.Equal(t, s.orders(), have)
}

func (s *syncTest) cursor(ctx context.Context, t *testing.T) (cursor string) {
	t.Helper()
	require.NoError(t, s.db.pool.QueryRow(ctx, "SELECT cursor FROM shops").Scan(&cursor))
	return cursor
}

// What is new and what has changed is taken over, and only that.
func TestSyncFollowsTheShop(t *testing.T) {
	t.Parallel()
	ctx, s := newSyncTest(t, 12)
	state, _ := s.run(ctx, t)
	require.Equal(t, rivertype.JobStateCompleted, state)
	s.inStep(ctx, t)
	for range 3 {
		s.live()
		state, _ := s.run(ctx, t)
		require.Equal(t, rivertype.JobStateCompleted, state)
		s.inStep(ctx, t)
	}
	assert.Less(t, s.worker.rows.Load(), int64(2*12+3*15), "unchanged orders of the past do not come again")
}

// What a run has read before an error stays, and the next run goes on from there.
func TestSyncKeepsWhatItHasRead(t *testing.T) {
	t.Parallel()
	ctx, s := newSyncTest(t, 60)
	first := s.cursor(ctx, t)
	list := func(req shotengaitest.Request) bool {
		return strings.HasSuffix(req.Path, "/sales.json") || strings.HasSuffix(req.Path, "/sales")
	}
	passed := 0
	s.srv.Fail(1, shotengaitest.Fault{Status: 500, Match: func(req shotengaitest.Request) bool {
		if list(req) {
			passed++
		}
		return passed > 5
	}})
	state, said := s.run(ctx, t)
	require.NotEqual(t, rivertype.JobStateCompleted, state)
	assert.Contains(t, said, "500")
	assert.NotEqual(t, first, s.cursor(ctx, t))
	kept, err := s.db.orders(ctx, s.shop.ID)
	require.NoError(t, err)
	assert.NotEmpty(t, kept)
	assert.Less(t, len(kept), 60)

	s.srv.Heal()
	state, _ = s.run(ctx, t)
	require.Equal(t, rivertype.JobStateCompleted, state)
	s.inStep(ctx, t)
	assert.Less(t, s.worker.rows.Load(), int64(2*60), "the second run goes on from the cursor")
}

// A job that is stopped in the middle saves what it has, and is there for another worker at
// once, with all its attempts.
func TestSyncIsStopped(t *testing.T) {
	t.Parallel()
	ctx, s := newSyncTest(t, 60)
	calls, waits := 0, make(chan struct{})
	s.call = func(req *http.Request) {
		if calls++; calls == 6 {
			close(waits)
			<-req.Context().Done()
		}
	}
	client, events := s.start(ctx, t)
	<-waits
	require.NoError(t, client.StopAndCancel(ctx))
	event := <-events
	assert.Equal(t, river.EventKindJobInterrupted, event.Kind)
	assert.Equal(t, rivertype.JobStateAvailable, event.Job.State)
	assert.Zero(t, event.Job.Attempt)
	have, err := s.db.orders(ctx, s.shop.ID)
	require.NoError(t, err)
	assert.NotEmpty(t, have)
}

// A long run lets the other shops go first, and goes on where it was. A turn does not end
// before the cursor has moved, as in a sale that
// brings many orders at once: the next one would begin at the same place.
func TestSyncTakesTurns(t *testing.T) {
	t.Parallel()
	ctx, s := newSyncTest(t, 130)
	s.worker.turn = 0
	state, _ := s.run(ctx, t)
	require.Equal(t, rivertype.JobStateAvailable, state)
	for turns := 0; state != rivertype.JobStateCompleted; turns++ {
		require.Less(t, turns, 10)
		state, _ = s.run(ctx, t)
	}
	s.inStep(ctx, t)

	for range 110 {
		s.sales = append(s.sales, s.shop.AddSale(nil))
	}
	state, _ = s.run(ctx, t)
	require.Equal(t, rivertype.JobStateCompleted, state)
	s.inStep(ctx, t)
}

// An order that cannot be read is reported and comes later; one that has vanished is deleted.
func TestSyncOddOrders(t *testing.T) {
	t.Parallel()
	ctx, s := newSyncTest(t, 3)
	odd := strconv.FormatInt(s.sales[0], 10)
	unread := func() (count int) {
		require.NoError(t, s.db.pool.QueryRow(ctx, "SELECT count(*) FROM unread WHERE id = $1", odd).Scan(&count))
		return count
	}
	oddRow := shotengaitest.Fault{Rewrite: func(body []byte) []byte {
		return bytes.Replace(body, []byte(`"id":`+odd+`,`), []byte(`"mobile":"odd","id":`+odd+`,`), 1)
	}}
	s.srv.Fail(-1, oddRow)
	state, _ := s.run(ctx, t)
	require.Equal(t, rivertype.JobStateCompleted, state)
	assert.Equal(t, 1, unread())
	assert.Contains(t, s.log.String(), "order="+odd)
	have, err := s.db.orders(ctx, s.shop.ID)
	require.NoError(t, err)
	assert.Len(t, have, 2, "the others are there")

	s.srv.Heal()
	_, _ = s.run(ctx, t)
	assert.Zero(t, unread())
	s.inStep(ctx, t)

	s.shop.PaySale(s.sales[1])
	odd = strconv.FormatInt(s.sales[1], 10)
	s.srv.Fail(-1, oddRow)
	_, _ = s.run(ctx, t)
	assert.Equal(t, 1, unread())
	s.srv.Heal()
	gone := colormetest.Refusal(404100, "")
	gone.Match = func(req shotengaitest.Request) bool { return strings.Contains(req.Path, odd) }
	s.srv.Fail(-1, gone)
	s.srv.Fail(-1, shotengaitest.Fault{Status: 200, Body: `{"sales":[],"meta":{"total":0,"limit":100,"offset":0}}`})
	_, _ = s.run(ctx, t)
	assert.Zero(t, unread())
	have, err = s.db.orders(ctx, s.shop.ID)
	require.NoError(t, err)
	assert.Len(t, have, 2)
	assert.NotContains(t, have, odd)
}

// A run whose cursor another run has moved saves nothing.
func TestSyncIsOvertaken(t *testing.T) {
	t.Parallel()
	ctx, s := newSyncTest(t, 1)
	c, err := s.worker.begin(ctx, s.shop.ID)
	require.NoError(t, err)
	require.NoError(t, c.take(&colorme.Sale{ID: 1, TotalPrice: 1}, nil))
	_, err = s.db.pool.Exec(ctx, "UPDATE shops SET cursor = 'moved'")
	require.NoError(t, err)
	require.ErrorIs(t, c.save(ctx, nil), errOvertaken)
	have, err := s.db.orders(ctx, s.shop.ID)
	require.NoError(t, err)
	assert.Empty(t, have)
	assert.Equal(t, "moved", s.cursor(ctx, t))
}

// The kind of an error decides what becomes of a job.
func TestJudge(t *testing.T) {
	t.Parallel()
	ctx, s := newSyncTest(t, 0)
	w, shop := s.worker, s.shop.ID

	var snooze *rivertype.JobSnoozeError
	limited := errors.Join(shotengai.ErrRateLimited, &shotengai.Error{RetryAfter: 7 * time.Second})
	require.ErrorAs(t, w.judge(ctx, shop, limited), &snooze)
	assert.Equal(t, 7*time.Second, snooze.Duration)

	broken := fmt.Errorf("broken: %w", shotengai.ErrUnavailable)
	assert.Equal(t, broken, w.judge(ctx, shop, broken), "River tries again")

	require.ErrorIs(t, w.judge(ctx, shop, shotengai.ErrReauthorize), river.JobCancel(nil))
	var stopped, said string
	row := s.db.pool.QueryRow(ctx, "SELECT stopped, said FROM shops JOIN notices ON shop = id")
	require.NoError(t, row.Scan(&stopped, &said))
	assert.NotEmpty(t, stopped)
	assert.Contains(t, said, "allow the app again")
}
