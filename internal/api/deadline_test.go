package api

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
)

// H12: a call ends within 50 ms of its context, wherever it is at that time. In a bubble
// time passes only while all wait, so that a call that does not watch its context shows
// as one that took longer; and a bubble does not end while a goroutine is left in it.
func TestH12Cancelled(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault   fake.Fault
		opts    []shotengai.Option
		dial    bool
		unsent  bool
		already bool
	}{
		"before":                  {already: true, unsent: true},
		"during the dial":         {dial: true, unsent: true},
		"before the answer":       {fault: fake.Fault{Delay: time.Hour}},
		"mid-body":                {fault: fake.Fault{Drip: 400 * time.Millisecond}},
		"mid-body of a refusal":   {fault: fake.Fault{Status: 404, Body: strings.Repeat("x", 100), Drip: 400 * time.Millisecond}},
		"during the back-off":     {fault: fake.Fault{Status: 429, RetryAfter: "7"}},
		"waiting for the limiter": {opts: []shotengai.Option{shotengai.WithLimiter(stuck{})}, unsent: true},
		"waiting for its turn":    {opts: []shotengai.Option{shotengai.WithLimiter(taken())}, unsent: true},
	} {
		for _, method := range []string{"GET", "POST"} {
			t.Run(name+" "+method, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					opts := tc.opts
					if tc.dial {
						opts = append(opts, shotengai.WithHTTPClient(&http.Client{Transport: &http.Transport{DialContext: deadDial}}))
					}
					e, srv := bubbleEngine(t, answer(200, "application/json", `{"name":"`+strings.Repeat("x", 100)+`"}`), opts...)
					defer srv.Close()
					srv.Fail(-1, tc.fault)
					ctx, cancel := withCancelAfter(t, time.Second)
					defer cancel()
					if tc.already {
						cancel()
					}
					started := time.Now()
					err := e.Do(ctx, Request{Operation: method + " /v1"}, new(thing))
					require.ErrorIs(t, err, context.Canceled)
					assert.Equal(t, tc.opts != nil, strings.Contains(err.Error(), "waiting for the rate limit"), "%v", err)
					limit := time.Second + 50*time.Millisecond
					if tc.already {
						limit = 50 * time.Millisecond
					}
					assert.LessOrEqual(t, time.Since(started), limit)
					sent := method == "POST" && !tc.unsent && tc.fault.Status == 0
					assert.Equal(t, sent, errorIs(err, shotengai.ErrOutcomeUnknown), "%v", err)
					<-time.After(dialTimeout) // no longer than this is a goroutine left
				})
			})
		}
	}
}

type stuck struct{}

func (stuck) Wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// taken is a serial limiter whose turn another call holds for ever.
func taken() shotengai.Limiter { return &turnTaken{} }

type turnTaken struct{}

func (*turnTaken) Wait(ctx context.Context) error {
	l := shotengai.Serial(time.Second)
	if err := l.Wait(ctx); err != nil {
		return err
	}
	return l.Wait(ctx)
}

// deadDial is a dial that nobody answers. It ends by the dialer's own timeout, since
// http.Transport goes on dialling for the next call.
func deadDial(ctx context.Context, _, _ string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	<-ctx.Done()
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
}

// H12: deadlines are reported as such.
func TestH12Deadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, srv := bubbleEngine(t, answer(200, "application/json", `{}`))
		defer srv.Close()
		srv.Fail(-1, fake.Fault{Delay: time.Hour})
		ctx, cancel := withTimeout(t, 45*time.Second)
		defer cancel()
		started := time.Now()
		err := e.Do(ctx, Request{Operation: "GET /v1"}, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 45*time.Second, time.Since(started), "one attempt of 30 s, one of 15 s")
		assert.Equal(t, 2, asShop(t, err).Attempts)
	})
}

// An attempt that cannot be made any more does not hide what the last one met.
func TestLastAnswerIsTold(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(429, "application/json", `{"code":"slow down"}`))
	once := &onceLimiter{}
	err := newEngine(t, srv.URL, nil, shotengai.WithLimiter(once)).Do(t.Context(), Request{Operation: "GET /v1"}, nil)
	require.ErrorIs(t, err, shotengai.ErrRateLimited)
	require.ErrorIs(t, err, errDial)
	assert.Equal(t, 429, asShop(t, err).StatusCode)
	assert.Equal(t, 1, asShop(t, err).Attempts)
}

type onceLimiter struct{ used atomic.Bool }

func (l *onceLimiter) Wait(context.Context) error {
	if l.used.Swap(true) {
		return errDial
	}
	return nil
}

// H12: the body of a call that is given up is closed. The call is cancelled when its body
// is being read.
func TestH12BodyIsClosed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 404, 302} {
		ctx, cancel := context.WithCancel(t.Context())
		body := &watched{cancel: cancel}
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			body.ctx = r.Context()
			return &http.Response{StatusCode: status, ContentLength: -1, Body: body, Request: r}, nil
		})
		e := newEngine(t, "http://127.0.0.1:1", nil, shotengai.WithHTTPClient(&http.Client{Transport: transport}))
		err := e.Do(ctx, Request{Operation: "GET /v1"}, nil)
		require.ErrorIs(t, err, context.Canceled)
		assert.Positive(t, body.closed.Load())
	}
}

// watched is a body that never comes: the first read cancels the call.
type watched struct {
	ctx    context.Context
	cancel context.CancelFunc
	closed atomic.Int32
}

func (w *watched) Read([]byte) (int, error) {
	w.cancel()
	<-w.ctx.Done()
	return 0, w.ctx.Err()
}

func (w *watched) Close() error {
	w.closed.Add(1)
	return nil
}

// H19: names that resolve now and then, and an address that nobody answers at.
func TestH19Dialling(t *testing.T) {
	t.Parallel()
	t.Run("DNS flapping", func(t *testing.T) {
		t.Parallel()
		srv := serve(t, answer(200, "application/json", `{}`))
		var lookups atomic.Int32
		transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if lookups.Add(1) == 1 {
				return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "server misbehaving", Name: "api.shop.test", IsTemporary: true}}
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		}}
		for _, method := range []string{"GET", "POST"} {
			lookups.Store(0)
			transport.CloseIdleConnections()
			e := newEngine(t, srv.URL, nil, shotengai.WithHTTPClient(&http.Client{Transport: transport}))
			require.NoError(t, e.Do(t.Context(), Request{Operation: method + " /v1"}, nil))
			assert.EqualValues(t, 2, lookups.Load())
		}
	})
	t.Run("one dead address of two", func(t *testing.T) {
		t.Parallel()
		srv := serve(t, answer(200, "application/json", `{}`))
		_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
		require.NoError(t, err)
		transport := newTransport(nil)
		defer transport.CloseIdleConnections()
		// localhost is ::1 as well where IPv6 is configured, and nobody listens there.
		e := newEngine(t, "http://localhost:"+port, nil, shotengai.WithHTTPClient(&http.Client{Transport: transport}))
		require.NoError(t, e.Do(t.Context(), Request{Operation: "POST /v1"}, nil))
	})
	t.Run("no address answers", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			transport := &http.Transport{DialContext: deadDial}
			e := newEngine(t, "http://127.0.0.1:1", nil, shotengai.WithHTTPClient(&http.Client{Transport: transport}))
			started := time.Now()
			err := e.Do(t.Context(), Request{Operation: "POST /v1"}, nil)
			require.ErrorIs(t, err, shotengai.ErrUnavailable)
			assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
			assert.Equal(t, 3*dialTimeout, time.Since(started))
			transport.CloseIdleConnections()
		})
	})
}

// The engine's own transport has bounds of its own for each step.
func TestTransportBounds(t *testing.T) {
	t.Parallel()
	tr := newTransport(nil)
	assert.Equal(t, 10*time.Second, tr.TLSHandshakeTimeout)
	assert.False(t, tr.DisableCompression)
	assert.False(t, tr.DisableKeepAlives)
	require.NotNil(t, tr.Proxy)
	assert.Positive(t, tr.HTTP2.SendPingTimeout)
}

// A connection over HTTP/2 is served by the same code.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, 2, r.ProtoMajor)
		if calls.Add(1) == 2 {
			panic(http.ErrAbortHandler)
		}
		answer(200, "application/json", `{}`)(w, r)
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	e, err := New(shopPlatform(), nil, shotengai.WithTestServer(srv.URL), shotengai.WithHTTPClient(srv.Client()), impatient)
	require.NoError(t, err)
	require.NoError(t, e.Do(t.Context(), Request{Operation: "POST /v1"}, nil))
	err = e.Do(t.Context(), Request{Operation: "POST /v1"}, nil)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	assert.EqualValues(t, 2, calls.Load())
}
