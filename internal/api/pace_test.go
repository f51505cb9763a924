package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
	"golang.org/x/time/rate"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
)

func TestLimiterPacesCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		started := time.Now()
		e, srv := bubbleEngine(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			at = append(at, time.Since(started))
		}), shotengai.WithLimiter(shotengai.PerMinute(120, 2)))
		defer srv.Close()
		for range 4 {
			require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil))
		}
		assert.Equal(t, []time.Duration{0, 0, 500 * time.Millisecond, time.Second}, at)
	})
}

func TestOperationLimiterComesOnTop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, srv := bubbleEngine(t, answer(200, "application/json", `{}`), shotengai.WithLimiter(shotengai.PerSecond(10, 1)))
		defer srv.Close()
		upload := Request{Operation: "POST /v1/images", Limiter: shotengai.PerSecond(0.5, 1)}
		started := time.Now()
		for range 3 {
			require.NoError(t, e.Do(t.Context(), upload, nil))
		}
		assert.Equal(t, 4*time.Second, time.Since(started))
	})
}

func TestNilLimiterTurnsPacingOff(t *testing.T) {
	t.Parallel()
	p := shopPlatform()
	p.Limiter = func() shotengai.Limiter { return rate.NewLimiter(0, 0) }
	srv := serve(t, answer(200, "application/json", `{}`))
	e, err := New(p, nil, shotengai.WithTestServer(srv.URL), shotengai.WithLimiter(nil))
	require.NoError(t, err)
	require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil))
}

// A call whose turn would come after its deadline does not wait for it.
func TestLimiterBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, srv := bubbleEngine(t, answer(200, "application/json", `{}`), shotengai.WithLimiter(shotengai.PerMinute(1, 1)))
		defer srv.Close()
		require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil))
		ctx, cancel := withTimeout(t, 30*time.Second)
		defer cancel()
		started := time.Now()
		err := e.Do(ctx, Request{Operation: "POST /v1"}, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "not sent: waiting for the rate limit")
		assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
		assert.Zero(t, time.Since(started))
		assert.Len(t, srv.Requests(), 1)
	})
}

// A serial limiter lets the next call start a pause after the answer of the last one has
// been read, whether it was an answer or not.
func TestSerial(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var running, most atomic.Int32
		e, srv := bubbleEngine(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			most.Store(max(most.Load(), running.Add(1)))
			<-time.After(3 * time.Second)
			running.Add(-1)
			if r.Method == "POST" {
				panic(http.ErrAbortHandler)
			}
		}), shotengai.WithLimiter(shotengai.Serial(time.Second)))
		defer srv.Close()
		started := time.Now()
		var wg sync.WaitGroup
		for i := range 5 {
			method := []string{"GET", "POST"}[i%2]
			wg.Go(func() { _ = e.Do(t.Context(), Request{Operation: method + " /v1"}, nil) })
		}
		wg.Wait()
		assert.EqualValues(t, 1, most.Load())
		assert.Equal(t, (5*3+4*1)*time.Second, time.Since(started))
	})
}

// A call that gives up while it waits does not keep the turn from the others.
func TestSerialGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := shotengai.Serial(10 * time.Second)
		require.NoError(t, l.Wait(t.Context()))
		ctx, cancel := withTimeout(t, time.Second)
		defer cancel()
		require.ErrorIs(t, l.Wait(ctx), context.DeadlineExceeded, "waiting for its turn")
		l.(interface{ Done() }).Done()
		ctx, cancel = withTimeout(t, time.Second)
		defer cancel()
		require.ErrorIs(t, l.Wait(ctx), context.DeadlineExceeded, "waiting for the pause")
		started := time.Now()
		require.NoError(t, l.Wait(t.Context()))
		assert.Equal(t, 9*time.Second, time.Since(started))
	})
}

// counted counts the calls of a limiter.
type counted struct {
	waits, dones atomic.Int32
	err          error
}

func (l *counted) Wait(context.Context) error { l.waits.Add(1); return l.err }
func (l *counted) Done()                      { l.dones.Add(1) }

func TestDoneFollowsEachWait(t *testing.T) {
	t.Parallel()
	client, operation := &counted{}, &counted{}
	srv := serve(t, answer(503, "application/json", `{}`))
	e := newEngine(t, srv.URL, nil, shotengai.WithLimiter(client))
	require.Error(t, e.Do(t.Context(), Request{Operation: "GET /v1", Limiter: operation}, nil))
	for _, l := range []*counted{client, operation} {
		assert.EqualValues(t, 3, l.waits.Load())
		assert.EqualValues(t, 3, l.dones.Load())
	}

	client.err = errors.New("the store of the limiter is down")
	err := e.Do(t.Context(), Request{Operation: "POST /v1", Limiter: operation}, nil)
	require.ErrorIs(t, err, client.err)
	assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	assert.EqualValues(t, 4, operation.dones.Load(), "the turn it had is given back")
	assert.EqualValues(t, 3, client.dones.Load())

	client.err = nil
	e = newEngine(t, srv.URL, Bearer(failingSource{errDial}), shotengai.WithLimiter(client))
	require.ErrorIs(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil), errDial)
	assert.EqualValues(t, 4, client.dones.Load())
}

// refusals counts what a limiter is told of refusals.
type refusals struct {
	counted

	after []time.Duration
}

func (l *refusals) Refused(retryAfter time.Duration) { l.after = append(l.after, retryAfter) }

func TestLimitersLearnOfRefusals(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	client, operation := &refusals{}, &refusals{}
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		status := []int{429, 429, 200, 503, 200}[calls.Add(1)-1]
		if calls.Load() == 2 {
			w.Header().Set("Retry-After", "1")
		}
		answer(status, "application/json", `{}`)(w, nil)
	})
	e := newEngine(t, srv.URL, nil, shotengai.WithLimiter(client))
	for range 2 {
		require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1", Limiter: operation}, nil))
	}
	for _, l := range []*refusals{client, operation} {
		assert.Equal(t, []time.Duration{0, time.Second}, l.after)
	}
}

// slowSource has a token at a time, for which everybody waits, and then at once.
type slowSource struct {
	oauth2.TokenSource

	ready time.Time
}

func (s slowSource) Token() (*oauth2.Token, error) {
	<-time.After(time.Until(s.ready))
	return s.TokenSource.Token()
}

// Calls that waited for the credential together are sent at the pace of the limiter all the
// same.
func TestCredentialThatIsLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var at []time.Duration
		began := time.Now()
		srv := fake.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			at = append(at, time.Since(began))
		}), fake.Config{InMemory: true})
		defer srv.Close()
		tokens := Bearer(slowSource{static("token"), began.Add(5 * time.Second)})
		e := newEngine(t, srv.URL, tokens, shotengai.WithHTTPClient(srv.HTTPClient()), shotengai.WithLimiter(shotengai.PerSecond(1, 1)))
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { assert.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil)) })
		}
		wg.Wait()
		assert.Equal(t, []time.Duration{5 * time.Second, 6 * time.Second, 7 * time.Second, 8 * time.Second}, at)
	})
}

// H20: a thousand goroutines on one client race for nothing, and a busy shop does not
// slow another one: each has the pace that is its own, first come, first served.
func TestH20ThousandGoroutines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		busy, srv := bubbleEngine(t, answer(200, "application/json", `{"id":1}`), shotengai.WithLimiter(shotengai.PerSecond(100, 1)))
		defer srv.Close()
		quiet := newEngine(t, srv.URL, nil, shotengai.WithHTTPClient(srv.HTTPClient()), shotengai.WithLimiter(shotengai.PerSecond(100, 1)))
		var mu sync.Mutex
		var done []int
		var wg sync.WaitGroup
		started := time.Now()
		for i := range 1000 {
			wg.Go(func() {
				var out thing
				assert.NoError(t, busy.Do(t.Context(), Request{Operation: "GET /v1"}, &out, shotengai.WithHeader("X-Number", "1")))
				assert.Equal(t, 1, out.ID)
				mu.Lock()
				defer mu.Unlock()
				done = append(done, i)
			})
			synctest.Wait() // each has queued, or is done, before the next one comes
		}
		require.NoError(t, quiet.Do(t.Context(), Request{Operation: "GET /v1"}, nil))
		assert.Zero(t, time.Since(started), "the other shop waits for nobody")
		wg.Wait()
		assert.Equal(t, 999*10*time.Millisecond, time.Since(started))
		assert.True(t, slices.IsSorted(done), "first come, first served")
	})
}

// H20: the same without pacing, over real connections, with refusals and renewals.
func TestH20ThousandGoroutinesOverSockets(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		status := []int{200, 401, 429, 503, 404}[calls.Add(1)%5]
		answer(status, "application/json", `{"id":1}`)(w, nil)
	})
	e := newEngine(t, srv.URL, Bearer(&renewing{token: "a"}), shotengai.WithDriftReport(func(shotengai.Drift) {}),
		shotengai.WithTimeout(time.Hour)) // however busy the machine is
	var wg sync.WaitGroup
	for range 1000 {
		wg.Go(func() {
			var seen shotengai.Response
			err := e.Do(t.Context(), Request{Operation: "GET /v1", Params: listParams{Limit: 1}}, new(thing), shotengai.WithResponse(&seen))
			assert.Equal(t, err == nil, seen.StatusCode == 200)
		})
	}
	wg.Wait()
}
