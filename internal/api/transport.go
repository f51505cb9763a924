package api

import (
	"context"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// transport is shared by all clients that bring none of their own, so that the clients
// of many shops share their connections.
var transport = sync.OnceValue(func() *http.Transport { return newTransport(nil) })

// publicTransport reaches public addresses only.
var publicTransport = sync.OnceValue(func() *http.Transport {
	return newTransport(func(_, address string, _ syscall.RawConn) error { return publicAddress(address) })
})

// PublicClient is for addresses that an answer named: public addresses only, no
// redirects, no cookies.
func PublicClient() *http.Client {
	return &http.Client{Transport: publicTransport(), CheckRedirect: noRedirect, Timeout: DefaultAttemptTimeout}
}

func newTransport(control func(network, address string, c syscall.RawConn) error) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: control}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          200,
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
