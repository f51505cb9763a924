package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
)

// transport is shared by all clients that bring none of their own, so that the clients
// of many shops share their connections.
var transport = sync.OnceValue(func() *http.Transport { return newTransport(nil) })

// publicTransport reaches public addresses only.
var publicTransport = sync.OnceValue(func() *http.Transport {
	return newTransport(func(_, address string, _ syscall.RawConn) error { return publicAddress(address) })
})

var (
	ownClient       = sync.OnceValue(func() *http.Client { return tamed(&http.Client{}, transport()) })
	ownPublicClient = sync.OnceValue(func() *http.Client { return tamed(&http.Client{}, publicTransport()) })
)

// httpClient is what calls are sent through: ours, or a copy of the given one.
func (c *config) httpClient(publicOnly bool) *http.Client {
	switch {
	case c.HTTPClient == nil && publicOnly:
		return ownPublicClient()
	case c.HTTPClient == nil:
		return ownClient()
	case publicOnly:
		return tamed(c.HTTPClient, publicTransport())
	}
	return tamed(c.HTTPClient, transport())
}

// tamed makes a client follow no redirects. One without a transport gets the given one.
func tamed(client *http.Client, own *http.Transport) *http.Client {
	if client.Transport == nil {
		client.Transport = own
	}
	client.Transport = quiet{client.Transport}
	client.CheckRedirect = noRedirect
	return client
}

// quiet drops a Location that is no URL. Redirects are not followed, but http.Client
// parses their target all the same, and would print it in its error.
type quiet struct{ http.RoundTripper }

func (q quiet) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := q.RoundTripper.RoundTrip(req)
	if err == nil && resp.StatusCode >= 300 && resp.StatusCode < 400 {
		if _, bad := req.URL.Parse(resp.Header.Get("Location")); bad != nil {
			resp.Header.Del("Location")
		}
	}
	return resp, err
}

// PublicClient is for addresses that an answer named: public addresses only, no
// redirects, no cookies.
func PublicClient() *http.Client {
	return &http.Client{Transport: quiet{publicTransport()}, CheckRedirect: noRedirect, Timeout: DefaultAttemptTimeout}
}

const dialTimeout = 10 * time.Second

func newTransport(control func(network, address string, c syscall.RawConn) error) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second, Control: control}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          200,
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		// A connection that died without a word is found and not used again.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 15 * time.Second},
	}
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// TestServer reports whether calls go to a server on this machine, by WithTestServer.
func (e *Engine) TestServer() bool { return e.config.TestServer != "" }

// Pieces is a body that is encoded already, in pieces, which are not copied into one.
type Pieces struct {
	Type string
	Data [][]byte
}

func (p Pieces) size() (size int64) {
	for _, piece := range p.Data {
		size += int64(len(piece))
	}
	return size
}

func (p Pieces) reader() io.Reader {
	readers := make([]io.Reader, len(p.Data))
	for i, piece := range p.Data {
		readers[i] = bytes.NewReader(piece)
	}
	return io.MultiReader(readers...)
}

// get is for a transport whose connection closed before anything was sent.
func (p Pieces) get() (io.ReadCloser, error) { return io.NopCloser(p.reader()), nil }

// Upload posts a body, once and without credentials, to an address that an answer named: a
// public one, unless calls go to a server on this machine. No redirect is followed. The
// operation stands for the address, which may be signed. What judge makes of the answer, of
// which at most a limit of bytes is read, is the error; the status is 0 without an answer.
func (e *Engine) Upload(ctx context.Context, operation, address string, body Pieces, limit int64, judge func(status int, answer []byte, err error) error) error {
	c := &call{request: Request{Operation: operation}}
	c.start()
	o := &outcome{reply: &Reply{}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body.reader())
	if err != nil {
		return judge(0, nil, errors.New("the address is not well formed"))
	}
	req.Pattern = operation
	req.ContentLength, req.GetBody = body.size(), body.get
	req.Header = http.Header{"Content-Type": {body.Type}, "User-Agent": {e.config.userAgent.Value()}}
	resp, err := e.uploads().Do(req) //nolint:bodyclose // ReadBody closes it
	if err == nil {
		o.reply.StatusCode = resp.StatusCode
		o.reply.Body, err = httpx.ReadBody(resp, limit)
	}
	c.travelled(o, int(body.size()), time.Since(c.last.started))
	if err = judge(o.status(), o.reply.Body, unwrapURL(err)); err != nil {
		c.notRetried = shotengai.NotRetriedUnsafe
	}
	e.exchanged(ctx, c, err)
	return err
}

func (e *Engine) uploads() *http.Client {
	if e.TestServer() {
		return e.config.client
	}
	return PublicClient()
}
