package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// attemptState is what the engine learns of one attempt besides its answer.
type attemptState struct {
	number     int
	credential any

	write   bool
	looking atomic.Bool // the transport told that it looks for a connection
	got     atomic.Bool // and that it has one
}

// sent tells whether something of a write may have left this machine. A transport that
// tells nothing of its connections may have sent it.
func (a *attemptState) sent() bool {
	return !a.write || !a.looking.Load() || a.got.Load()
}

// attempt paces, authorises, sends and reads once. A failure without StatusCode is one
// without a whole answer.
func (e *Engine) attempt(ctx context.Context, r *Request, c *call, target *url.URL, body []byte, a *attemptState) (*Reply, *Failure) {
	turns, err := pace(ctx, e.config.limiter, r.Limiter)
	if err != nil {
		return nil, &Failure{Cause: fmt.Errorf("waiting for the rate limit: %w", err), unsent: true}
	}
	defer turns.done()

	header := r.header(c, e.config.userAgent)
	if auth := e.authOf(r); auth != nil {
		if a.credential, err = auth.Authorize(ctx, header); err != nil {
			return nil, &Failure{Kind: kindOfAuth(err), Cause: err, unsent: true}
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, &Failure{Cause: err, unsent: true}
	}
	if c.count != nil {
		c.count.Add(1)
	}
	attemptCtx, cancel := context.WithTimeout(ctx, e.config.timeout)
	defer cancel()
	started := time.Now()
	reply, f := e.roundTrip(ctx, newRequest(a.traced(attemptCtx), r.Method, target, header, body))
	status := 0
	if reply != nil {
		reply.Method, reply.Path, reply.Attempts = r.Method, target.EscapedPath(), a.number
		status = reply.StatusCode
	}
	e.log(ctx, r, target.EscapedPath(), a, f, status, time.Since(started))
	return reply, f
}

// kindOfAuth: a source that can give no credential has its own reasons; only the
// sentinels among them are told on.
func kindOfAuth(err error) error {
	for _, kind := range []error{ErrReauthorize, ErrUnavailable, ErrRateLimited, ErrUnauthorized} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	return nil
}

func (r *Request) header(c *call, userAgent string) http.Header {
	h := make(http.Header, 6)
	maps.Copy(h, r.Header)
	maps.Copy(h, c.header)
	h["User-Agent"] = []string{userAgent}
	if _, set := h["Accept"]; !set {
		h["Accept"] = []string{r.accept()}
	}
	return h
}

func (r *Request) accept() string {
	if r.Accept != "" {
		return r.Accept
	}
	return r.Decode.Accept()
}

func newRequest(ctx context.Context, method string, target *url.URL, header http.Header, body []byte) *http.Request {
	req := (&http.Request{
		Method: method, URL: target, Host: target.Host, Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	if len(body) > 0 {
		req.ContentLength = int64(len(body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		req.Body, _ = req.GetBody()
	}
	return req
}

// traced watches whether a write got hold of a connection: before that, nothing of it
// can have been sent.
func (a *attemptState) traced(ctx context.Context) context.Context {
	if !a.write {
		return ctx
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { a.looking.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { a.got.Store(true) },
	})
}

func (e *Engine) roundTrip(ctx context.Context, req *http.Request) (*Reply, *Failure) {
	resp, err := e.config.client.Do(req)
	if err != nil {
		return nil, broken(ctx, withoutQuery(unwrapURL(err), req.URL.RawQuery), e.config.timeout)
	}
	body, err := ReadBody(resp, e.config.bodyLimit)
	reply := &Reply{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}
	if err == nil {
		return reply, nil
	}
	if resp.StatusCode >= 300 {
		reply.cut = ctx.Err()
		return reply, nil // the status says enough; a body cut short cannot add to it
	}
	if errors.Is(err, ErrResponseTooLarge) {
		return reply, &Failure{StatusCode: resp.StatusCode, Header: resp.Header, Kind: ErrResponseTooLarge, Cause: err, decoding: true}
	}
	return reply, brokenOff(ctx, resp, truncated(err), e.config.timeout)
}

// broken is an attempt that got no answer at all.
func broken(ctx context.Context, err error, timeout time.Duration) *Failure {
	switch {
	case ctx.Err() != nil:
		return &Failure{Cause: ctx.Err()}
	case errors.Is(err, context.DeadlineExceeded):
		return &Failure{Kind: ErrUnavailable, Cause: fmt.Errorf("no whole answer within %s: %w", timeout, err)}
	}
	return &Failure{Kind: ErrUnavailable, Cause: err}
}

// brokenOff is an answer that did not arrive whole.
func brokenOff(ctx context.Context, resp *http.Response, err error, timeout time.Duration) *Failure {
	f := broken(ctx, err, timeout)
	f.StatusCode, f.Header, f.decoding = resp.StatusCode, resp.Header, true
	return f
}
