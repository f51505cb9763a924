package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errDial = errors.New("the dial failed")

func errorIs(err, target error) bool { return errors.Is(err, target) }

func withTimeout(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}

// withCancelAfter gives a context without a deadline that is cancelled after d.
func withCancelAfter(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	timer := time.AfterFunc(d, cancel)
	return ctx, func() { timer.Stop(); cancel() }
}

func proxyTo(t *testing.T, address string) func(*http.Request) (*url.URL, error) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return http.ProxyURL(u)
}

// flakyDialer fails the first dials.
type flakyDialer struct {
	mu       sync.Mutex
	failures int
	dialer   net.Dialer
}

func (d *flakyDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	d.mu.Lock()
	fail := d.failures > 0
	d.failures--
	d.mu.Unlock()
	if fail {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errDial}
	}
	return d.dialer.DialContext(ctx, network, address)
}

// kept asserts that n calls shared their connections. http.Transport gives one up when
// its writer was not scheduled for 50 ms, which a busy machine brings about now and then;
// without reuse each call takes one.
func kept(t *testing.T, accepted *atomic.Int32, n int, what ...any) {
	t.Helper()
	assert.LessOrEqual(t, int(accepted.Load()), max(n/20, 2), what...)
}

// counted starts a real server that counts the connections it accepts.
func counted(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var accepted atomic.Int32
	srv := httptest.NewUnstartedServer(handler)
	srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			accepted.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	return srv, &accepted
}
