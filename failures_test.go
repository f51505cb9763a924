package shotengai_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	fakeserver "github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/rakuten"
)

// failureMode is a way in which a call fails.
type failureMode struct {
	answer func(w http.ResponseWriter, r *http.Request, quoted string) // of the platform
	dial   func() (net.Conn, error)                                    // makes connections in place of those to the platform
	cancel bool                                                        // the call's context ends when the request arrives
	before bool                                                        // the call's context has ended before the call
	page   bool                                                        // the answer is a web page

	kind       error         // of the call's error
	unknown    bool          // a write may have been carried out
	broken     bool          // the connection cannot be used again
	attempts   int           // how often a write is sent; 0 is once
	retryAfter time.Duration // in the call's error
}

// download is a method whose answer may be anything, a web page too.
const download = "Inquiries.Download"

const failureTimeout = 5 * time.Second

func failureModes() map[string]failureMode {
	modes := map[string]failureMode{
		"429": {answer: refusing(429), kind: shotengai.ErrRateLimited, attempts: 3},
		"429 with Retry-After": {answer: func(w http.ResponseWriter, r *http.Request, quoted string) {
			w.Header().Set("Retry-After", "7")
			refusing(429)(w, r, quoted)
		}, kind: shotengai.ErrRateLimited, attempts: 3, retryAfter: 7 * time.Second},
		"500 HTML": {answer: page500, kind: shotengai.ErrUnavailable, unknown: true},
		"503":      {answer: refusing(503), kind: shotengai.ErrUnavailable, unknown: true},
		"a web page": {answer: func(w http.ResponseWriter, _ *http.Request, quoted string) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<!DOCTYPE html><html><body>"+quoted)
		}, page: true, kind: shotengai.ErrUnavailable, unknown: true},
		"truncated": {answer: func(w http.ResponseWriter, _ *http.Request, quoted string) {
			w.Header().Set("Content-Length", "5000")
			_, _ = io.WriteString(w, `{"message":"`+quoted)
			panic(http.ErrAbortHandler)
		}, kind: shotengai.ErrUnavailable, unknown: true, broken: true},
		"reset before the effect": {dial: cut, kind: shotengai.ErrUnavailable, unknown: true, broken: true},
		"reset after the effect":  {answer: func(http.ResponseWriter, *http.Request, string) { panic(http.ErrAbortHandler) }, kind: shotengai.ErrUnavailable, unknown: true, broken: true},
		"slow body": {answer: func(w http.ResponseWriter, r *http.Request, quoted string) {
			_, _ = io.WriteString(w, `{"message":"`+quoted)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, kind: context.DeadlineExceeded, unknown: true, broken: true},
		"no connection":    {dial: func() (net.Conn, error) { return nil, errors.New("connection refused") }, kind: shotengai.ErrUnavailable, broken: true, attempts: 3},
		"cancelled":        {answer: func(_ http.ResponseWriter, r *http.Request, _ string) { <-r.Context().Done() }, kind: context.Canceled, unknown: true, broken: true, cancel: true},
		"cancelled before": {kind: context.Canceled, before: true},
	}
	for status, kind := range map[int]error{
		401: shotengai.ErrUnauthorized, 403: shotengai.ErrForbidden, 404: shotengai.ErrNotFound, 409: shotengai.ErrConflict, 422: shotengai.ErrInvalid,
	} {
		modes[strconv.Itoa(status)] = failureMode{answer: refusing(status), kind: kind}
	}
	for _, status := range []int{302, 307} {
		modes[fmt.Sprintf("%d redirect", status)] = failureMode{answer: func(w http.ResponseWriter, r *http.Request, quoted string) {
			w.Header().Set("Location", "https://elsewhere.example/?a="+quoted)
			refusing(status)(w, r, quoted)
		}, kind: shotengai.ErrUnavailable, unknown: status == 302}
	}
	return modes
}

// cut is a connection that breaks with the first byte of a request.
func cut() (net.Conn, error) {
	client, server := net.Pipe()
	go func() {
		_, _ = server.Read(make([]byte, 1))
		_ = server.Close()
	}()
	return client, nil
}

// refusing answers with a status and with the credentials that came.
func refusing(status int) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, quoted string) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", quoted)
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"message":%q,"errors":[{"message":%q,"field":%q}]}`, quoted, quoted, quoted)
	}
}

func page500(w http.ResponseWriter, _ *http.Request, quoted string) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(500)
	_, _ = io.WriteString(w, "<html><body>"+quoted+strings.Repeat("Sorry. ", 5000)+"</body></html>")
}

// readOperation are operations that change nothing, GET aside.
var readOperation = regexp.MustCompile(`^(GET|query) |/(search|get|simulate)[A-Z]\w+/$|/bulk-get$`)

// busyOperation are writes of which the platform says that a 503 carried nothing out.
const busyOperation = "POST /v1/products/{product_id}/images"

// failing is a platform that fails in one way, and what a client does about it.
type failing struct {
	mode     failureMode
	srv      *fakeserver.Server
	next     *http.Transport
	quoted   string
	cancel   func() // ends the context of the call under way
	received atomic.Int64
	dials    atomic.Int64
	sent     atomic.Int64
	writes   map[string]int // requests of writes of the call under way, by operation
}

func newFailing(mode failureMode, c *client) *failing {
	f := &failing{mode: mode, quoted: strings.Join(c.credentials, " | "), writes: map[string]int{}}
	f.srv = fakeserver.NewServer(http.HandlerFunc(f.serve), fakeserver.Config{InMemory: true})
	f.next = f.srv.HTTPClient().Transport.(*http.Transport)
	dial := f.next.DialContext
	f.next.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		f.dials.Add(1)
		if mode.dial != nil {
			return mode.dial()
		}
		return dial(ctx, network, address)
	}
	return f
}

func (f *failing) serve(w http.ResponseWriter, r *http.Request) {
	f.received.Add(1)
	if f.mode.cancel {
		f.cancel()
	}
	f.mode.answer(w, r, f.quoted)
}

// RoundTrip counts what is sent.
func (f *failing) RoundTrip(r *http.Request) (*http.Response, error) {
	f.sent.Add(1)
	if !readOperation.MatchString(r.Pattern) {
		f.writes[r.Pattern]++
	}
	return f.next.RoundTrip(r)
}

func (f *failing) client(t *testing.T, p platform, timeout time.Duration) *client {
	t.Helper()
	return p.client(t, f.srv.URL, shotengai.WithHTTPClient(&http.Client{Transport: f}), shotengai.WithRetryPolicy(shotengai.DefaultRetryPolicy()),
		shotengai.WithTimeout(timeout), shotengai.WithClock(func() time.Time { return sampleDay }))
}

// Every method of every client fails well in every way: with the one error, with nothing of
// the credentials in it, without a goroutine left, on a connection that can be used again,
// and without a write that is sent twice.
func TestEveryMethodEveryFailure(t *testing.T) {
	t.Parallel()
	onEachPlatform(t, func(t *testing.T, p platform) {
		c := p.client(t, "")
		found := newFailing(failureModes()["404"], c)
		defer found.srv.Close()
		arguments := samplesOf(t, found.client(t, p, time.Minute), func() int { return int(found.received.Load()) })
		t.Logf("%d methods", len(arguments))
		for name, mode := range failureModes() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newFailing(mode, c)
					defer f.srv.Close()
					eachMethod(reflect.ValueOf(f.client(t, p, failureTimeout).value), func(name string, method reflect.Value) {
						if in := arguments[name]; in != nil && !(mode.page && name == download) {
							f.call(t, name, method, in(), c.credentials)
						}
					})
					if !mode.broken && !mode.before {
						assert.LessOrEqual(t, f.dials.Load(), int64(1), "the connection is used again")
					}
					f.next.CloseIdleConnections() // a goroutine that is left keeps the bubble from ending
				})
			})
		}
	})
}

// call makes one call, and judges it.
func (f *failing) call(t *testing.T, name string, method reflect.Value, in []reflect.Value, credentials []string) {
	t.Helper()
	clear(f.writes)
	f.sent.Store(0)
	f.received.Store(0)
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	f.cancel = cancel
	if f.mode.before {
		cancel()
	}
	err := invoke(ctx, method, in)
	require.Error(t, err, name)
	status := 0
	if _, row := errors.AsType[*shotengai.RowFailure](err); !row {
		require.ErrorIs(t, err, f.mode.kind, name)
		if !errors.Is(err, rakuten.ErrResultPending) {
			e := failure(t, err)
			status = e.StatusCode
			assert.Equal(t, f.mode.retryAfter, e.RetryAfter, name)
		}
	}
	assert.NotContains(t, err.Error(), "before offset", "%s: nothing came before the first call", name)
	if f.mode.before {
		assert.Zero(t, f.sent.Load(), name)
	}
	writes := 0
	for operation, n := range f.writes {
		writes += n
		busy := operation == busyOperation && status == 503
		assert.Equal(t, f.mode.unknown && !busy, errors.Is(err, shotengai.ErrOutcomeUnknown), "%s: %v", name, err)
		assert.LessOrEqual(t, f.received.Load(), f.sent.Load(), name)
		if !busy {
			assert.LessOrEqual(t, n, max(f.mode.attempts, 1), "%s: a write is not sent again", name)
		}
	}
	if writes == 0 {
		assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown, name)
	}
	shown := shownIn(t, err)
	for _, secret := range credentials {
		assert.NotContains(t, shown, secret, name)
	}
}

// shownIn is all that a program may print of an error.
func shownIn(t *testing.T, err error) string {
	t.Helper()
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Error("failed", "err", err)
	slog.New(slog.NewTextHandler(&b, nil)).Error("failed", "err", err)
	_, _ = fmt.Fprintf(&b, "%v %+v %#v", err, err, err)
	if e, ok := errors.AsType[*shotengai.Error](err); ok {
		text, failed := json.Marshal(e) //nolint:musttag // as a program may do
		require.NoError(t, failed)
		_, _ = fmt.Fprintf(&b, "%s %+v %#v %s", text, *e, *e, e.Body)
	}
	return b.String()
}
