package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// observed keeps what an observer is told. Calls of a test come one after the other.
type observed struct{ calls []shotengai.Call }

func (o *observed) observe(_ context.Context, c shotengai.Call) { o.calls = append(o.calls, c) }

func (o *observed) option() shotengai.Option { return shotengai.WithObserver(o.observe) }

// last is the one finished call.
func (o *observed) last(t *testing.T) shotengai.Call {
	t.Helper()
	require.NotEmpty(t, o.calls)
	c := o.calls[len(o.calls)-1]
	require.True(t, c.Finished)
	return c
}

func TestObserverSeesAttemptsAndTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen observed
		attempts := 0
		e, srv := bubbleEngine(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			attempts++

			<-time.After(time.Duration(attempts) * time.Second)
			if attempts == 1 {
				w.Header().Set("Retry-After", "7")
				answer(503, "application/json", `{"busy":true}`)(w, r)
				return
			}
			answer(200, "application/json", `{"id":1}`)(w, r)
		}), seen.option(), shotengai.WithLimiter(shotengai.PerSecond(1.0/16, 1)))
		defer srv.Close()
		err := e.Do(t.Context(), Request{Operation: "POST /v1/things/{id}", Path: ID(7), Safety: Read, Body: Content{Data: []byte("12345")}}, new(thing))
		require.NoError(t, err)

		require.Len(t, seen.calls, 3)
		first, second, call := seen.calls[0], seen.calls[1], seen.calls[2]
		require.ErrorIs(t, first.Err, shotengai.ErrUnavailable)
		require.Equal(t, 1, asShop(t, first.Err).Attempts)
		first.Err = nil
		assert.Equal(t, shotengai.Call{
			Platform: "shop", Operation: "POST /v1/things/{id}", Attempt: 1, StatusCode: 503, Kind: shotengai.KindUnavailable,
			Sent: 5, Received: 13, Took: time.Second, Wire: time.Second,
		}, first)
		// The second turn is 16 s after the first one, at which 8 s have passed.
		assert.Equal(t, shotengai.Call{
			Platform: "shop", Operation: "POST /v1/things/{id}", Attempt: 2, StatusCode: 200,
			Sent: 5, Received: 8, Took: 17 * time.Second, Waited: 7 * time.Second, Paced: 8 * time.Second, Wire: 2 * time.Second,
		}, second)
		assert.Equal(t, shotengai.Call{
			Platform: "shop", Operation: "POST /v1/things/{id}", Finished: true, Attempt: 2, StatusCode: 200,
			Sent: 10, Received: 21, Took: 18 * time.Second, Waited: 7 * time.Second, Paced: 8 * time.Second, Wire: 3 * time.Second,
		}, call)
	})
}

// What the credential takes is in the whole time, and in no part of it.
func TestObserverSeesTheTimeOfTheCredential(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen observed
		e, srv := bubbleEngine(t, answer(200, "application/json", `{}`), seen.option())
		defer srv.Close()
		require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1", Auth: slowAuth{}}, nil))
		for _, c := range seen.calls {
			assert.Equal(t, 3*time.Second, c.Took)
			assert.Zero(t, c.Paced+c.Waited+c.Wire)
		}
	})
}

type slowAuth struct{}

func (slowAuth) Authorize(context.Context, http.Header) (any, error) {
	<-time.After(3 * time.Second)
	return nil, nil
}

func (slowAuth) Renew(context.Context, any) (bool, error) { return false, nil }

// Why a failed call is not tried again is one of a few words.
func TestObserverSeesWhyNotRetried(t *testing.T) {
	t.Parallel()
	busy := answer(503, "application/json", `{}`)
	hangUp := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithTimeout(t.Context(), time.Hour)
	t.Cleanup(cancel)
	for name, tc := range map[string]struct {
		handler  http.HandlerFunc
		ctx      context.Context //nolint:containedctx // of a case
		request  Request
		auth     Auth
		opts     []shotengai.Option
		want     shotengai.NotRetried
		kind     shotengai.ErrorKind
		attempts int
	}{
		"no need":     {handler: answer(200, "", ""), attempts: 1},
		"refused":     {handler: answer(404, "", ""), want: shotengai.NotRetriedFinal, kind: shotengai.KindNotFound, attempts: 1},
		"a write":     {handler: busy, request: Request{Operation: "POST /v1"}, want: shotengai.NotRetriedUnsafe, kind: shotengai.KindOutcomeUnknown, attempts: 1},
		"hung up":     {handler: hangUp, request: Request{Operation: "POST /v1"}, want: shotengai.NotRetriedUnsafe, kind: shotengai.KindOutcomeUnknown, attempts: 1},
		"sent once":   {handler: answer(429, "", ""), request: Request{Operation: "POST /v1", Safety: NeverAgain}, want: shotengai.NotRetriedUnsafe, kind: shotengai.KindRateLimited, attempts: 1},
		"attempts":    {handler: busy, want: shotengai.NotRetriedAttempts, kind: shotengai.KindUnavailable, attempts: 3},
		"wrong input": {request: Request{Operation: "GET /v1/{id}", Path: []string{""}}, want: shotengai.NotRetriedFinal, kind: shotengai.KindInvalid},
		"cancelled":   {ctx: canceled, want: shotengai.NotRetriedCanceled, kind: shotengai.KindCanceled},
		"too late": {
			handler: busy, ctx: late, opts: []shotengai.Option{shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 3, MinDelay: 1 << 62, MaxDelay: 1 << 62})},
			want: shotengai.NotRetriedDeadline, kind: shotengai.KindUnavailable, attempts: 1,
		},
		"a late turn": {ctx: late, opts: []shotengai.Option{shotengai.WithLimiter(&counted{err: errors.New("tomorrow")})}, want: shotengai.NotRetriedDeadline, kind: shotengai.KindDeadline},
		"limiter": {
			opts: []shotengai.Option{shotengai.WithLimiter(&counted{err: errors.New("the store of the limiter is down")})},
			want: shotengai.NotRetriedLimiter, kind: shotengai.KindOther,
		},
		"no credential": {auth: Bearer(failingSource{shotengai.ErrReauthorize}), want: shotengai.NotRetriedCredential, kind: shotengai.KindReauthorize},
		"no other credential": {
			handler: answer(401, "", ""), auth: refusedAuth{}, want: shotengai.NotRetriedCredential, kind: shotengai.KindReauthorize, attempts: 1,
		},
		"not for good": {handler: answer(401, "", ""), auth: Bearer(static("token")), want: shotengai.NotRetriedFinal, kind: shotengai.KindUnauthorized, attempts: 1},
		"unreadable":   {handler: answer(200, "application/json", `{"id":"x"}`), want: shotengai.NotRetriedFinal, kind: shotengai.KindOther, attempts: 1},
		"judged": {
			handler: answer(200, "application/json", `{"id":1}`), want: shotengai.NotRetriedFinal, kind: shotengai.KindConflict, attempts: 1,
			request: Request{Operation: "GET /v1", Judge: func(*Reply) (kind, cause error) { return shotengai.ErrConflict, nil }},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen observed
			handler := tc.handler
			if handler == nil {
				handler = func(http.ResponseWriter, *http.Request) { t.Error("was sent") }
			}
			e := newEngine(t, serve(t, handler).URL, tc.auth, append(tc.opts, seen.option())...)
			if tc.ctx == nil {
				tc.ctx = t.Context()
			}
			if tc.request.Operation == "" {
				tc.request.Operation = "GET /v1"
			}
			var out any
			if name == "unreadable" || name == "judged" {
				out = new(thing)
			}
			err := e.Do(tc.ctx, tc.request, out)
			call := seen.last(t)
			assert.Equal(t, tc.want, call.NotRetried)
			assert.Equal(t, tc.kind, call.Kind)
			assert.Equal(t, tc.attempts, call.Attempt)
			assert.Equal(t, err, call.Err) //nolint:testifylint // the very error
			assert.Len(t, seen.calls, tc.attempts+1, "each attempt and the call")
			if e, ok := errors.AsType[*shotengai.Error](err); ok {
				assert.Equal(t, e.StatusCode, call.StatusCode)
				assert.Equal(t, e.Attempts, call.Attempt)
			}
		})
	}
}

// refusedAuth has a credential that cannot be renewed.
type refusedAuth struct{}

func (refusedAuth) Authorize(context.Context, http.Header) (any, error) { return 1, nil }
func (refusedAuth) Renew(context.Context, any) (bool, error) {
	return false, shotengai.ErrReauthorize
}

// A client whose retries are used up says so.
func TestObserverSeesTheBudget(t *testing.T) {
	t.Parallel()
	var seen observed
	e := newEngine(t, serve(t, answer(503, "", "")).URL, nil, seen.option())
	for range 10 {
		require.Error(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil))
	}
	assert.Equal(t, shotengai.NotRetriedBudget, seen.last(t).NotRetried)
}

// Observers are called in their order, with the context of the call, and none is called
// where there is none.
func TestObserversAreCalledInOrder(t *testing.T) {
	t.Parallel()
	type key struct{}
	var order []string
	note := func(name string) shotengai.Option {
		return shotengai.WithObserver(func(ctx context.Context, _ shotengai.Call) {
			assert.Equal(t, true, ctx.Value(key{}))
			order = append(order, name)
		})
	}
	e := newEngine(t, serve(t, answer(200, "", "")).URL, nil, note("a"), note("b"))
	require.NoError(t, e.Do(context.WithValue(t.Context(), key{}, true), Request{Operation: "GET /v1"}, nil))
	assert.Equal(t, []string{"a", "b", "a", "b"}, order)
}

// A body that breaks off counts with what came of it.
func TestObserverCountsWhatCame(t *testing.T) {
	t.Parallel()
	var seen observed
	e := newEngine(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"id":`)
	}).URL, nil, seen.option())
	require.ErrorIs(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, new(thing)), shotengai.ErrUnavailable)
	require.Len(t, seen.calls, 4)
	assert.EqualValues(t, 6, seen.calls[0].Received)
	assert.EqualValues(t, 18, seen.last(t).Received)
}

// An observer costs what the error of a failed attempt costs, and nothing for a success.
func TestAllocsOfAnObserver(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	body := []byte(`{"id":1,"name":"a"}`)
	without := memoryEngine(t, body, withLength)
	calls := 0
	with, err := New(shopPlatform(), Bearer(static("token")), shotengai.WithHTTPClient(&http.Client{Transport: memory{body: body}}),
		shotengai.WithObserver(func(context.Context, shotengai.Call) { calls++ }))
	require.NoError(t, err)
	plain := testing.AllocsPerRun(200, func() { get(t, without, nil, new(thing)) })
	assert.Equal(t, plain, testing.AllocsPerRun(200, func() { get(t, with, nil, new(thing)) }))
	assert.NotZero(t, calls)
}
