package httpx

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What had no connection was not sent. Everything else may have been.
func TestWatchSent(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(srv.Close)
	unreachable := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no route to host")
	}}
	for client, want := range map[*http.Client]bool{srv.Client(): true, {Transport: unreachable}: false} {
		ctx, sent := WatchSent(t.Context())
		assert.True(t, sent(), "nothing is known yet, as with a transport that says nothing")
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL, http.NoBody)
		require.NoError(t, err)
		resp, err := client.Do(req)
		if err == nil {
			require.NoError(t, resp.Body.Close())
		}
		assert.Equal(t, want, sent())
	}
}

// A connection that was dead when it was used is replaced. If there is no other, nothing was
// sent.
func TestWatchSentLooksAgain(t *testing.T) {
	t.Parallel()
	ctx, sent := WatchSent(t.Context())
	transport := httptrace.ContextClientTrace(ctx)
	transport.GetConn("shop.example:443")
	transport.GotConn(httptrace.GotConnInfo{Reused: true})
	assert.True(t, sent())
	transport.GetConn("shop.example:443")
	assert.False(t, sent())
	transport.GotConn(httptrace.GotConnInfo{})
	assert.True(t, sent())
}
