package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
)

// comeback is what comes back for an attempt, and how the retry table judges it: reads are
// repeated or not, writes are repeated or not, and a write is of unknown comeback or not.
type comeback struct {
	name    string
	fault   fake.Fault
	read    bool
	write   bool
	unknown bool
}

func outcomes() []comeback {
	table := []comeback{
		{name: "reset before an answer", fault: fake.Fault{Reset: true}, read: true, unknown: true},
		{name: "reset after the effect", fault: fake.Fault{ResetAfter: true}, read: true, unknown: true},
		{name: "truncated 200", fault: fake.Fault{Status: 200, Body: `{"id":1}`, Truncate: 3}, read: true, unknown: true},
		{name: "200 without its body", fault: fake.Fault{Status: 200, Body: `{"id":1}`, Truncate: -1}, read: true, unknown: true},
		{name: "200 that ends early", fault: fake.Fault{Status: 200, Body: `{"id":`}, read: true, unknown: true},
		{name: "200 of another shape", fault: fake.Fault{Status: 200, Body: `{"id":"x"}`}, unknown: true},
		{name: "200 HTML", fault: fake.Fault{Status: 200, Body: "<html>maintenance"}, read: true, unknown: true},
		{name: "200 empty", fault: fake.Fault{Status: 200}, read: true, unknown: true},
		{name: "truncated 404", fault: fake.Fault{Status: 404, Body: `{"id":1}`, Truncate: 3}},
		{name: "truncated 503", fault: fake.Fault{Status: 503, Body: `{"id":1}`, Truncate: 3}, read: true, unknown: true},
		{name: "429", fault: fake.Fault{Status: 429}, read: true, write: true},
	}
	for _, status := range []int{301, 302, 303} {
		table = append(table, comeback{name: strconv.Itoa(status), fault: fake.Fault{Status: status}, unknown: true})
	}
	for _, status := range []int{307, 308, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 412, 413, 415, 418, 422, 423, 425, 451} {
		table = append(table, comeback{name: strconv.Itoa(status), fault: fake.Fault{Status: status}})
	}
	for _, status := range []int{500, 507, 520, 599} {
		table = append(table, comeback{name: strconv.Itoa(status), fault: fake.Fault{Status: status}, unknown: true})
	}
	for _, status := range []int{502, 503, 504} {
		table = append(table, comeback{name: strconv.Itoa(status), fault: fake.Fault{Status: status}, read: true, unknown: true})
	}
	return table
}

// TestRetryTable holds safety × what came back × what was sent.
func TestRetryTable(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		safeties := []Safety{ByMethod}
		if method == "POST" {
			safeties = []Safety{ByMethod, Read, Write, RetryBusy, NeverAgain}
		}
		for _, safety := range safeties {
			for _, o := range outcomes() {
				if method == "HEAD" && (o.fault.Status == 200 || o.fault.Truncate != 0) {
					continue // it has no body
				}
				t.Run(fmt.Sprintf("%s %d %s", method, safety, o.name), func(t *testing.T) {
					t.Parallel()
					repeated, unknown := expect(method, safety, o)
					again, err := tryTwice(t, Request{Operation: method + " /v1", Safety: safety}, o.fault)
					assert.Equal(t, repeated, again, "repeated")
					if repeated {
						require.NoError(t, err)
						return
					}
					require.Error(t, err)
					assert.Equal(t, unknown, errorIs(err, shotengai.ErrOutcomeUnknown), "unknown: %v", err)
				})
			}
		}
	}
}

func expect(method string, safety Safety, o comeback) (repeated, unknown bool) {
	if safety == ByMethod {
		safety = Write
		if method == "GET" || method == "HEAD" {
			safety = Read
		}
	}
	switch busy := o.fault.Status == 503; safety {
	case Read:
		return o.read, false
	case RetryBusy:
		return o.write || busy, o.unknown && !busy
	case NeverAgain:
		return false, o.unknown
	default:
		return o.write, o.unknown
	}
}

// tryTwice lets the first attempt of a call meet a fault and reports whether there was a second.
func tryTwice(t *testing.T, r Request, fault fake.Fault, opts ...shotengai.CallOption) (again bool, err error) {
	t.Helper()
	srv := fake.NewServer(answer(200, "application/json", `{"id":1}`), fake.Config{})
	defer srv.Close()
	srv.Fail(1, fault)
	var out any = new(thing)
	if r.method() == "HEAD" {
		out = nil
	}
	client := srv.HTTPClient()
	defer client.CloseIdleConnections()
	err = newEngine(t, srv.URL, nil, shotengai.WithHTTPClient(client)).Do(t.Context(), r, out, opts...)
	return len(srv.Requests()) == 2, err
}

func TestWithRetryRepeatsAWrite(t *testing.T) {
	t.Parallel()
	for _, o := range outcomes() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			again, err := tryTwice(t, Request{Operation: "POST /v1"}, o.fault, shotengai.WithRetry())
			assert.Equal(t, o.read, again, "as a read")
			assert.Equal(t, !o.read && o.unknown, errorIs(err, shotengai.ErrOutcomeUnknown), "%v", err)
		})
	}
}

func TestWithRetryRepeatsNothingThatDoubles(t *testing.T) {
	t.Parallel()
	for _, o := range outcomes() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			again, err := tryTwice(t, Request{Operation: "POST /v1", Safety: NeverAgain}, o.fault, shotengai.WithRetry())
			assert.False(t, again)
			assert.Equal(t, o.unknown, errorIs(err, shotengai.ErrOutcomeUnknown), "%v", err)
		})
	}
}

// The first attempt may have been carried out, and no later refusal changes that.
func TestWithRetryLeavesTheOutcomeUnknown(t *testing.T) {
	t.Parallel()
	for _, last := range []fake.Fault{{Status: 409}, {Status: 422}, {Status: 503}, {Reset: true}} {
		srv := fake.NewServer(answer(200, "application/json", `{}`), fake.Config{})
		t.Cleanup(srv.Close)
		srv.Fail(1, fake.Fault{ResetAfter: true})
		srv.Fail(-1, last)
		err := newEngine(t, srv.URL, nil, shotengai.WithHTTPClient(srv.HTTPClient())).Do(t.Context(), Request{Operation: "POST /v1"}, nil, shotengai.WithRetry())
		require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown, "%+v", last)
	}
}

// A 503 that never ends is still a refusal where the platform says so.
func TestBusyIsARefusalWherePromised(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(503, "application/json", `{}`))
	for safety, attempts := range map[Safety]int{RetryBusy: 3, Write: 1} {
		err := newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "POST /v1", Safety: safety}, nil)
		require.ErrorIs(t, err, shotengai.ErrUnavailable)
		assert.Equal(t, attempts, asShop(t, err).Attempts)
		assert.Equal(t, safety == Write, errorIs(err, shotengai.ErrOutcomeUnknown))
	}
}

// A platform may say in its body that a 5xx was a refusal for being too fast.
func TestOutcomeIsJudgedAfterThePlatform(t *testing.T) {
	t.Parallel()
	p := shopPlatform()
	p.Classify = func(*Reply) Verdict { return Verdict{Kind: shotengai.ErrRateLimited} }
	srv := serve(t, answer(503, "application/json", `{"code":429}`))
	e, err := New(p, nil, shotengai.WithTestServer(srv.URL), impatient)
	require.NoError(t, err)
	err = e.Do(t.Context(), Request{Operation: "POST /v1"}, nil)
	require.ErrorIs(t, err, shotengai.ErrRateLimited)
	assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	assert.NotContains(t, err.Error(), "carried out")
	assert.Equal(t, 3, asShop(t, err).Attempts)
}

// H01: each form of Retry-After, as the wait that follows it.
func TestH01RetryAfter(t *testing.T) {
	t.Parallel()
	const ownBackoff = -1
	for name, tc := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"seconds":       {http.Header{"Retry-After": {"7"}}, 7 * time.Second},
		"spaces":        {http.Header{"Retry-After": {" 7 "}}, 7 * time.Second},
		"HTTP date":     {nil, 9 * time.Second},
		"past date":     {http.Header{"Retry-After": {"Mon, 01 Jan 1990 00:00:00 GMT"}}, ownBackoff},
		"negative":      {http.Header{"Retry-After": {"-1"}}, ownBackoff},
		"1e9":           {http.Header{"Retry-After": {"1e9"}}, ownBackoff},
		"1,000,000,000": {http.Header{"Retry-After": {"1000000000"}}, time.Minute},
		"beyond int64":  {http.Header{"Retry-After": {"99999999999999999999"}}, time.Minute},
		"far date":      {http.Header{"Retry-After": {"Fri, 01 Jan 2100 00:00:00 GMT"}}, time.Minute},
		"garbage":       {http.Header{"Retry-After": {"soon"}}, ownBackoff},
		"empty":         {http.Header{"Retry-After": {""}}, ownBackoff},
		"two values":    {http.Header{"Retry-After": {"7", "8"}}, ownBackoff},
		"absent":        {http.Header{}, ownBackoff},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if tc.header == nil {
					tc.header = http.Header{"Retry-After": {time.Now().Add(tc.want).UTC().Format(http.TimeFormat)}}
				}
				e, srv := bubbleEngine(t, answer(200, "application/json", `{}`), shotengai.WithRetryPolicy(shotengai.DefaultRetryPolicy()))
				defer srv.Close()
				srv.Fail(1, fake.Fault{Status: 429, Header: tc.header})
				started := time.Now()
				require.NoError(t, e.Do(t.Context(), Request{Operation: "POST /v1"}, nil))
				if tc.want == ownBackoff {
					assert.LessOrEqual(t, time.Since(started), 200*time.Millisecond)
					return
				}
				assert.Equal(t, tc.want, time.Since(started))
			})
		})
	}
}

// H01: a wait that the context would not outlive is not begun, one that it cuts short
// ends with it, and in both cases the refusal is reported.
func TestH01RetryAfterWithinTheContext(t *testing.T) {
	t.Parallel()
	t.Run("deadline", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			e, srv := bubbleEngine(t, answer(200, "application/json", `{}`))
			defer srv.Close()
			srv.Fail(-1, fake.Fault{Status: 429, RetryAfter: "7"})
			ctx, cancel := withTimeout(t, 5*time.Second)
			defer cancel()
			started := time.Now()
			err := e.Do(ctx, Request{Operation: "GET /v1"}, nil)
			require.ErrorIs(t, err, shotengai.ErrRateLimited)
			assert.Contains(t, err.Error(), "try again in 7s")
			assert.Zero(t, time.Since(started))
			assert.Len(t, srv.Requests(), 1)
		})
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			e, srv := bubbleEngine(t, answer(200, "application/json", `{}`))
			defer srv.Close()
			srv.Fail(-1, fake.Fault{Status: 429, RetryAfter: "7"})
			ctx, cancel := withCancelAfter(t, 3*time.Second)
			defer cancel()
			started := time.Now()
			err := e.Do(ctx, Request{Operation: "GET /v1"}, nil)
			require.ErrorIs(t, err, shotengai.ErrRateLimited)
			require.ErrorIs(t, err, ctx.Err())
			assert.Equal(t, 3*time.Second, time.Since(started))
		})
	})
}

// H03: an answer that breaks off is an error, and only a read asks again.
func TestH03Truncated(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]int{"GET": 3, "POST": 1} {
		srv := fake.NewServer(answer(200, "application/json", `{"id":1}`), fake.Config{})
		t.Cleanup(srv.Close)
		srv.Fail(-1, fake.Fault{Truncate: 4})
		var out thing
		err := newEngine(t, srv.URL, nil, shotengai.WithHTTPClient(srv.HTTPClient())).Do(t.Context(), Request{Operation: method + " /v1"}, &out)
		require.ErrorIs(t, err, shotengai.ErrUnavailable)
		require.ErrorContains(t, err, "broke off")
		assert.Len(t, srv.Requests(), want, method)
		assert.Zero(t, out)
		assert.Equal(t, 200, asShop(t, err).StatusCode)
	}
}

// H13: a write whose connection dies on the way is not sent again, and its error says
// what to do.
func TestH13ResetMidWrite(t *testing.T) {
	t.Parallel()
	var effects atomic.Int32
	srv := fake.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { effects.Add(1) }), fake.Config{})
	t.Cleanup(srv.Close)
	srv.Fail(-1, fake.Fault{ResetAfter: true})
	err := newEngine(t, srv.URL, nil, shotengai.WithHTTPClient(srv.HTTPClient())).
		Do(t.Context(), Request{Operation: "POST /v1/charges", Body: map[string]int{"price": 100}}, nil)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	require.ErrorIs(t, err, shotengai.ErrUnavailable)
	require.ErrorContains(t, err, "the call may have been carried out: look before repeating it")
	assert.EqualValues(t, 1, effects.Load())
}

// H14: a write that found no connection was not sent, and is tried again.
func TestH14NothingSent(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(answer(200, "application/json", `{}`))
	t.Cleanup(srv.Close)
	dials := &flakyDialer{failures: 2}
	e := newEngine(t, srv.URL, nil, shotengai.WithHTTPClient(&http.Client{Transport: &http.Transport{DialContext: dials.DialContext}}))
	var seen shotengai.Response
	require.NoError(t, e.Do(t.Context(), Request{Operation: "POST /v1"}, nil, shotengai.WithResponse(&seen)))
	assert.Equal(t, 3, seen.Attempts)

	dials = &flakyDialer{failures: 3}
	e = newEngine(t, srv.URL, nil, shotengai.WithHTTPClient(&http.Client{Transport: &http.Transport{DialContext: dials.DialContext}}))
	err := e.Do(t.Context(), Request{Operation: "POST /v1"}, nil)
	require.ErrorIs(t, err, errDial)
	assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	assert.Equal(t, 3, asShop(t, err).Attempts)
}

// H15: a connection that the server closed while it was idle: a GET is replayed, a POST
// that may have been read is not.
func TestH15KeepAliveClosed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		method string
		opts   []shotengai.CallOption
		calls  int32
	}{
		{"GET", nil, 3},
		{"POST", nil, 2},
		{"POST", []shotengai.CallOption{shotengai.WithHeader("Idempotency-Key", "k1")}, 3},
	} {
		t.Run(fmt.Sprintf("%s %d", tc.method, len(tc.opts)), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // in a bubble the connection is kept for certain
				var calls atomic.Int32
				e, _ := bubbleEngine(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if calls.Add(1) == 2 { // the second request on the kept connection
						panic(http.ErrAbortHandler)
					}
					answer(200, "application/json", `{}`)(w, r)
				}), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
				require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil))
				err := e.Do(t.Context(), Request{Operation: tc.method + " /v1", Body: map[string]int{}}, nil, tc.opts...)
				assert.Equal(t, tc.calls, calls.Load())
				if tc.calls == 2 {
					require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
					return
				}
				require.NoError(t, err)
			})
		})
	}
}

// H21: while the platform is down, retries stay a fifth of the calls.
func TestH21RetryStorm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var attempts atomic.Int32
		e, srv := bubbleEngine(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			attempts.Add(1)
			w.WriteHeader(503)
		}), shotengai.WithRetryPolicy(shotengai.DefaultRetryPolicy()))
		defer srv.Close()
		const calls = 500
		for range calls {
			require.ErrorIs(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil), shotengai.ErrUnavailable)
		}
		retries := int(attempts.Load()) - calls
		assert.LessOrEqual(t, retries, calls/5+reserve/5)
		assert.GreaterOrEqual(t, retries, calls/5)
	})
}

// Waiting out a 429 takes nothing from the budget.
func TestRateLimitedRetriesAreFree(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(429, "application/json", `{}`))
	e := newEngine(t, srv.URL, nil)
	for range 30 {
		assert.Equal(t, 3, asShop(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil)).Attempts)
	}
	assert.Equal(t, reserve, e.budget.fifths)
}

// H21: the back-off is full jitter, anything between nothing and the doubled delay.
func TestH21FullJitter(t *testing.T) {
	t.Parallel()
	p := shotengai.DefaultRetryPolicy()
	for attempt, ceiling := range map[int]time.Duration{1: 200 * time.Millisecond, 2: 400 * time.Millisecond, 6: 6400 * time.Millisecond, 9: 10 * time.Second} {
		below, above := false, false
		for range 1000 {
			d := p.Pause(attempt)
			require.GreaterOrEqual(t, d, time.Duration(0))
			require.Less(t, d, ceiling)
			below = below || d < ceiling/4
			above = above || d > ceiling*3/4
		}
		assert.True(t, below && above, "attempt %d is spread", attempt)
	}
	assert.Zero(t, shotengai.RetryPolicy{Attempts: 2}.Pause(1))
}
