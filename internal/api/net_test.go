package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

// withConnections gives a context whose calls count the connections they open. In a bubble
// calls one after the other share one exactly: http.Transport gives one up when its writer
// was not scheduled for 50 ms, and there no time passes while anybody can run.
func withConnections(t *testing.T) (context.Context, *atomic.Int32) {
	t.Helper()
	var opened atomic.Int32
	return httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if !info.Reused {
			opened.Add(1)
		}
	}}), &opened
}
