package httpx

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// WatchSent returns a context for one request, and a function that reports whether some of
// the request may have left this machine: true unless the transport looked for a connection
// and got none.
func WatchSent(ctx context.Context) (watched context.Context, sent func() bool) {
	var looking, got atomic.Bool
	watched = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// The transport looks again only when it knows that nothing was written.
		GetConn: func(string) { looking.Store(true); got.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	return watched, func() bool { return !looking.Load() || got.Load() }
}
