package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
)

var (
	errNoScope = fmt.Errorf("no scope: %w", shotengai.ErrUnauthorized)
	errGone    = fmt.Errorf("gone: %w: %w", shotengai.ErrUnauthorized, shotengai.ErrReauthorize)
)

// alikePlatform refuses dead tokens and missing scopes with one body. Any living token may
// call "GET /alive".
func alikePlatform() *Platform {
	p := shopPlatform()
	p.Probe = "GET /alive"
	p.Classify = func(r *Reply) Verdict {
		switch {
		case string(r.Body) != `{"no":1}`:
			return Verdict{}
		case r.Operation == p.Probe:
			return Verdict{Kind: errGone}
		}
		return Verdict{IfAlive: errNoScope}
	}
	return p
}

// alike is a platform that knows no scope and a set of living tokens.
type alike struct {
	mu     sync.Mutex
	alive  map[string]bool
	probes int
	seen   []string // the tokens of the probes
	broken http.HandlerFunc
}

func (a *alike) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	token := r.Header.Get("Authorization")[len("Bearer "):]
	if r.URL.Path != "/base/alive" {
		answer(401, "application/json", `{"no":1}`)(w, r)
		return
	}
	a.probes++
	a.seen = append(a.seen, token)
	switch {
	case a.broken != nil:
		a.broken(w, r)
	case a.alive[token]:
		answer(200, "application/json", `{"shop":{}}`)(w, r)
	default:
		answer(401, "application/json", `{"no":1}`)(w, r)
	}
}

func (a *alike) engine(t *testing.T, auth Auth, opts ...shotengai.Option) *Engine {
	t.Helper()
	opts = append([]shotengai.Option{shotengai.WithTestServer(serve(t, a.ServeHTTP).URL + "/base"), impatient}, opts...)
	e, err := New(alikePlatform(), auth, opts...)
	require.NoError(t, err)
	return e
}

func TestProbeSettlesWhatARefusalMeans(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		alive  bool
		broken http.HandlerFunc
		probes int
		is     []error
		isNot  []error
		has    string
	}{
		"alive":           {alive: true, probes: 1, is: []error{errNoScope}, isNot: []error{shotengai.ErrReauthorize}},
		"dead":            {probes: 1, is: []error{errGone, shotengai.ErrReauthorize}, isNot: []error{errNoScope}},
		"busy":            {broken: answer(503, "application/json", `{}`), probes: 3, is: []error{shotengai.ErrUnavailable}, isNot: []error{shotengai.ErrReauthorize, errNoScope}, has: "was not found out"},
		"too fast":        {broken: answer(429, "application/json", `{}`), probes: 3, is: []error{shotengai.ErrRateLimited}, isNot: []error{shotengai.ErrReauthorize, errNoScope}},
		"a web page":      {broken: answer(200, "text/html", `<html>maintenance`), probes: 3, is: []error{shotengai.ErrUnavailable}, isNot: []error{shotengai.ErrReauthorize, errNoScope}},
		"a proxy's 401":   {broken: answer(401, "text/html", `<html>`), probes: 1, isNot: []error{shotengai.ErrReauthorize, errNoScope}, has: "was not found out"},
		"forbidden":       {broken: answer(403, "application/json", `{}`), probes: 1, isNot: []error{shotengai.ErrReauthorize, errNoScope, shotengai.ErrForbidden}},
		"an empty answer": {broken: answer(404, "application/json", ``), probes: 1, isNot: []error{shotengai.ErrReauthorize, errNoScope, shotengai.ErrNotFound}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			platform := &alike{alive: map[string]bool{"a": tc.alive}, broken: tc.broken}
			source := &renewing{token: "a"}
			e := platform.engine(t, Bearer(source))
			var sent atomic.Int64
			err := e.Do(t.Context(), Request{Operation: "POST /v1"}, nil, shotengai.WithRequestCount(&sent))
			require.ErrorIs(t, err, shotengai.ErrUnauthorized)
			for _, kind := range tc.is {
				require.ErrorIs(t, err, kind)
			}
			for _, kind := range tc.isNot {
				require.NotErrorIs(t, err, kind)
			}
			assert.ErrorContains(t, err, tc.has)
			assert.Equal(t, 401, asShop(t, err).StatusCode)
			assert.Equal(t, "POST /v1", asShop(t, err).Operation)
			assert.Equal(t, tc.probes, platform.probes)
			assert.EqualValues(t, 1+tc.probes, sent.Load(), "a probe counts")
			assert.Equal(t, errors.Is(err, shotengai.ErrReauthorize), len(source.rejected) == 1, "a token is given up when it is dead")
		})
	}
}

// An answer is kept for the token and the operation; that a token is dead holds for all
// operations.
func TestProbeAnswersAreKept(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 10, 3, 0, 0, 0, time.UTC)
	platform := &alike{alive: map[string]bool{"a": true}}
	e := platform.engine(t, Bearer(static("a")), shotengai.WithClock(func() time.Time { return now }))
	call := func(operation string, want error, probes int) {
		t.Helper()
		for range 3 {
			require.ErrorIs(t, e.Do(t.Context(), Request{Operation: operation}, nil), want)
		}
		assert.Equal(t, probes, platform.probes)
	}
	call("GET /one", errNoScope, 1)
	call("GET /two", errNoScope, 2)
	platform.alive["a"] = false
	call("GET /one", errNoScope, 2)
	call("GET /three", errGone, 3)
	call("GET /one", errGone, 3)
	now = now.Add(probeMemory)
	call("GET /two", errGone, 4)
	platform.alive["a"] = true
	now = now.Add(probeMemory)
	call("GET /two", errNoScope, 5)

	platform.broken = answer(503, "", "")
	now = now.Add(probeMemory)
	require.ErrorIs(t, e.Do(t.Context(), Request{Operation: "GET /two"}, nil), shotengai.ErrUnavailable)
	platform.broken = nil
	call("GET /two", errNoScope, 9)
}

// The probe asks about the token that was refused, not about the one in force by now, and a
// call whose token turned out to be dead is sent with the next one.
func TestProbeIsAboutTheRefusedToken(t *testing.T) {
	t.Parallel()
	platform := &alike{alive: map[string]bool{"b": true}}
	source := &renewing{token: "a", next: []string{"b"}}
	e := platform.engine(t, Bearer(source))
	require.ErrorIs(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil), errNoScope, "of the second token")
	assert.Equal(t, []string{"a", "b"}, platform.seen)
	assert.Equal(t, []string{"a"}, source.rejected)
}

// A credential that is no token is not probed, and nothing is said of it.
func TestNoProbeWithoutAToken(t *testing.T) {
	t.Parallel()
	platform := &alike{}
	e := platform.engine(t, Bearer(static("a")))
	err := e.Do(t.Context(), Request{Operation: "GET /v1", Auth: headerAuth{}}, nil)
	require.ErrorIs(t, err, shotengai.ErrUnauthorized)
	require.NotErrorIs(t, err, shotengai.ErrReauthorize)
	require.NotErrorIs(t, err, errNoScope)
	assert.Zero(t, platform.probes)
}

type headerAuth struct{}

func (headerAuth) Authorize(_ context.Context, h http.Header) (any, error) {
	h.Set("Authorization", "Bearer own")
	return nil, nil
}

func (headerAuth) Renew(context.Context, any) (bool, error) { return false, nil }

func bubbleAlike(t *testing.T, platform http.Handler, opts ...shotengai.Option) *Engine {
	t.Helper()
	srv := fake.NewServer(platform, fake.Config{InMemory: true})
	t.Cleanup(srv.Close)
	e, err := New(alikePlatform(), Bearer(static("a")), append([]shotengai.Option{
		shotengai.WithTestServer(srv.URL + "/base"), shotengai.WithHTTPClient(srv.HTTPClient()), impatient,
	}, opts...)...)
	require.NoError(t, err)
	return e
}

// slow lets each probe take a second.
type slow struct{ *alike }

func (s slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/base/alive" {
		<-time.After(time.Second)
	}
	s.alike.ServeHTTP(w, r)
}

func TestCallsSideBySideShareAProbe(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]http.HandlerFunc{"dead": nil, "not found out": answer(403, "application/json", `{}`)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				platform := &alike{broken: broken}
				e := bubbleAlike(t, slow{platform})
				var wg sync.WaitGroup
				for i := range 8 {
					wg.Go(func() {
						err := e.Do(t.Context(), Request{Operation: fmt.Sprintf("GET /v1/%c", 'a'+i)}, nil)
						assert.ErrorIs(t, err, shotengai.ErrUnauthorized)
						assert.Equal(t, broken == nil, errors.Is(err, shotengai.ErrReauthorize))
					})
				}
				wg.Wait()
				assert.Equal(t, 1, platform.probes)
			})
		})
	}
}

// Whoever waits for a probe whose caller goes away sends one of its own, and whoever waits
// and goes away does not wait on.
func TestProbeOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		platform := &alike{}
		e := bubbleAlike(t, slow{platform})
		started := time.Now()
		errs := make(chan error, 3)
		for i, patience := range []time.Duration{500 * time.Millisecond, time.Minute, 300 * time.Millisecond} {
			go func() {
				<-time.After(time.Duration(i) * time.Millisecond) // the impatient one is the first
				ctx, cancel := withCancelAfter(t, patience)
				defer cancel()
				errs <- e.Do(ctx, Request{Operation: "GET /v1"}, nil)
			}()
		}
		for _, want := range []error{context.Canceled, context.Canceled, shotengai.ErrReauthorize} {
			require.ErrorIs(t, <-errs, want)
		}
		assert.Equal(t, 1500*time.Millisecond, time.Since(started))
	})
}

// The probe waits for its turn as every call does.
func TestProbesArePaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := bubbleAlike(t, &alike{}, shotengai.WithLimiter(shotengai.PerMinute(60, 1)))
		started := time.Now()
		require.ErrorIs(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil), shotengai.ErrReauthorize)
		assert.Equal(t, time.Second, time.Since(started))
	})
}

// What is remembered is bounded, whatever paths and tokens there are.
func TestProbeMemoryIsBounded(t *testing.T) {
	t.Parallel()
	var p probes
	for i := range 3 * probeAnswers {
		about := question{operation: strconv.Itoa(i)}
		p.keep(about, nil, time.Time{})
		_, kept := p.answers[about]
		require.True(t, kept)
		require.LessOrEqual(t, len(p.answers), probeAnswers)
	}
}
