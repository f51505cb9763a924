package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// mark is in every secret of these tests.
const mark = "s3cr3t"

type secretParams struct {
	Mail string `url:"mail"`
}

// marked is a call with a secret wherever one can be.
func marked(method string) Request {
	return Request{
		Method: method, Path: "/v1/things",
		Params: secretParams{mark + "@example.jp"},
		Body:   map[string]string{"card": mark},
		Header: http.Header{"X-Api-Key": {mark}},
	}
}

// H22: no secret is in an error, a log or a print-out, on whatever path the call fails.
func TestH22Secrets(t *testing.T) {
	t.Parallel()
	faults := map[string]fake.Fault{
		"reset":       {Reset: true},
		"reset after": {ResetAfter: true},
		"truncated":   {Status: 200, Body: `{"id":1}`, Truncate: 2},
		"status only": {Status: 404},
		"redirect":    {Status: 302, Header: http.Header{"Location": {"https://u:" + mark + "@evil.test/" + mark + "?code=" + mark}}},
		"bad target":  {Status: 302, Header: http.Header{"Location": {"https://ev il.test/" + mark}}},
		"HTML":        {Status: 200, Body: "<html><script>" + mark + "</script>"},
		"empty":       {Status: 200},
		"other shape": {Status: 200, Body: `{"id":"` + mark + `"}`},
		"broken JSON": {Status: 200, Body: `{"id":` + mark},
		"unknown":     {Status: 200, Body: `{"id":1,"new":"` + mark + `"}`},
		"Shift_JIS":   {Status: 200, Body: `{"name":"` + mark + `"}`, ContentType: "application/json; charset=Shift_JIS"},
		"401":         {Status: 401},
		"429":         {Status: 429},
		"503":         {Status: 503, RetryAfter: mark},
		"500":         {Status: 500},
	}
	for name, fault := range faults {
		for _, method := range []string{"GET", "POST"} {
			t.Run(name+" "+method, func(t *testing.T) {
				t.Parallel()
				srv := fake.NewServer(answer(200, "application/json", `{}`), fake.Config{})
				t.Cleanup(srv.Close)
				srv.Fail(-1, fault)
				requireNoSecret(t, srv.URL, method, WithHTTPClient(srv.HTTPClient()))
			})
		}
	}
}

// H22: the same where it is the transport that fails.
func TestH22SecretsInTransportErrors(t *testing.T) {
	t.Parallel()
	for name, transport := range map[string]http.RoundTripper{
		"nobody listens": newTransport(nil),
		"calls of its own": roundTripper(func(r *http.Request) (*http.Response, error) {
			inner := &url.Error{Op: "Get", URL: "https://vault.test/?q=" + mark, Err: errDial}
			return nil, fmt.Errorf("signing: %w", &url.Error{Op: "Get", URL: r.URL.String(), Err: inner})
		}),
		"words of its own": roundTripper(func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("cannot reach %s?%s: %w", r.URL.Host, r.URL.RawQuery, errDial)
		}),
		"proxy": &http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
			return url.Parse("http://user:" + mark + "@127.0.0.1:1")
		}},
	} {
		for _, method := range []string{"GET", "POST"} {
			t.Run(name+" "+method, func(t *testing.T) {
				t.Parallel()
				requireNoSecret(t, "http://127.0.0.1:1", method, WithHTTPClient(&http.Client{Transport: transport}))
			})
		}
	}
}

func TestWithoutQueryKeepsTheKind(t *testing.T) {
	t.Parallel()
	err := withoutQuery(fmt.Errorf("GET /?mail=a: %w", context.DeadlineExceeded), "mail=a")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.EqualError(t, err, "GET /?(query): context deadline exceeded")
	require.Equal(t, errDial, withoutQuery(errDial, "mail=a"))
}

func requireNoSecret(t *testing.T, address, method string, opts ...Option) {
	t.Helper()
	var logged buffer
	level := &slog.HandlerOptions{Level: slog.LevelDebug}
	opts = append(opts, WithStrictDecoding(), WithLogger(slog.New(slog.NewJSONHandler(&logged, level))))
	e := newEngine(t, address, Bearer(&renewing{token: mark}), opts...)
	var out thing
	err := e.Do(t.Context(), marked(method), &out)
	require.Error(t, err)
	shown := []string{err.Error(), logged.String(), fmt.Sprintf("%v %+v %q %s", err, err, err, err)}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		shown = append(shown, fmt.Sprintf("%+v", inner))
	}
	for _, cause := range asShop(t, err).Unwrap() {
		shown = append(shown, fmt.Sprintf("%v %+v", cause, cause))
	}
	shown = append(shown, fmt.Sprintf("%+v %#v", e, e))
	for _, s := range shown {
		assert.NotContains(t, s, mark)
		assert.NotContains(t, s, "mail=")
	}
	assert.NotContains(t, err.Error(), "\n")
}

// A source's own words about why it has no token are kept; what it holds is not shown.
func TestH22SecretsOfSources(t *testing.T) {
	t.Parallel()
	for _, tokens := range []oauth2.TokenSource{static(mark + "\n"), static(mark + "本"), failingSource{errDial}} {
		err := newEngine(t, "http://127.0.0.1:1", Bearer(tokens)).Do(t.Context(), marked("POST"), nil)
		require.Error(t, err)
		assert.NotContains(t, fmt.Sprintf("%v %+v", err, err), mark)
	}
	_, err := New(shopPlatform(), nil, WithBaseURL("https://user:"+mark+"@api.shop.test"))
	require.Error(t, err)
	assert.NotContains(t, err.Error(), mark)
	_, err = New(shopPlatform(), nil, WithBaseURL("https://user:"+mark+"@ api.shop.test"))
	require.Error(t, err)
	assert.NotContains(t, err.Error(), mark)
}

// buffer may be written to by several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// The log has one record per attempt: what was called, what came, how long it took.
func TestLogger(t *testing.T) {
	t.Parallel()
	var logged buffer
	srv := fake.NewServer(answer(200, "application/json", `{}`), fake.Config{})
	t.Cleanup(srv.Close)
	srv.Fail(1, fake.Fault{Reset: true})
	logger := slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	e := newEngine(t, srv.URL, nil, WithLogger(logger), WithHTTPClient(srv.HTTPClient()))
	require.NoError(t, e.Do(t.Context(), Request{Method: "GET", Path: Path("/v1/%s", "a/本")}, nil))
	lines := strings.Split(strings.TrimSpace(logged.String()), "\n")
	require.Len(t, lines, 2)
	for i, line := range lines {
		var record struct {
			Msg      string        `json:"msg"`
			Level    string        `json:"level"`
			Platform string        `json:"platform"`
			Method   string        `json:"method"`
			Path     string        `json:"path"`
			Error    string        `json:"error"`
			Attempt  int           `json:"attempt"`
			Status   int           `json:"status"`
			Took     time.Duration `json:"took"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		assert.Equal(t, "api call", record.Msg)
		assert.Equal(t, "DEBUG", record.Level)
		assert.Equal(t, "shop", record.Platform)
		assert.Equal(t, "GET", record.Method)
		assert.Equal(t, "/base/v1/a%2F%E6%9C%AC", record.Path)
		assert.Equal(t, i+1, record.Attempt)
		assert.Equal(t, 200*i, record.Status)
		assert.Positive(t, record.Took)
		assert.Equal(t, i == 0, record.Error != "")
	}

	quiet := buffer{}
	e = newEngine(t, srv.URL, nil, WithLogger(slog.New(slog.NewTextHandler(&quiet, nil))), WithHTTPClient(srv.HTTPClient()))
	require.NoError(t, e.Do(t.Context(), Request{Method: "GET", Path: "/v1"}, nil))
	assert.Empty(t, quiet.String(), "debug level only")
}

// A message of the platform's own is kept to one line of a bounded length, whatever it is.
func TestFailureText(t *testing.T) {
	t.Parallel()
	f := &Failure{
		Method: "GET", Path: "/v1", StatusCode: 429, Kind: ErrRateLimited, Attempts: 1, RetryAfter: 7 * time.Second,
		Cause: errors.New("line\nbreak"), RequestID: "r1\r\nX: y",
	}
	assert.Equal(t, "shop: GET /v1: 429 too many requests (4 2): 本 日: line; break; try again in 7s [request r1 X: y]", f.Text("shop", "4\n2", "本\n日"))
	long := f.Text(strings.Repeat("p", 10), strings.Repeat("c", 1<<20), strings.Repeat("本\n", 1<<20))
	assert.Less(t, len(long), 2<<10)
	requireOneLine(t, long)
	assert.Equal(t, "shop: GET /v1: 999", (&Failure{Method: "GET", Path: "/v1", StatusCode: 999}).Text("shop", "", ""))
	assert.Equal(t, "shop: GET /v1: no answer", (&Failure{Method: "GET", Path: "/v1"}).Text("shop", "", ""))
	assert.Equal(t, []error{ErrUnavailable, ErrOutcomeUnknown, context.Canceled}, (&Failure{Kind: ErrUnavailable, Unknown: true, Cause: context.Canceled}).Chain())
	assert.Empty(t, (&Failure{}).Chain())
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		200: nil, 302: nil, 400: ErrInvalid, 401: ErrUnauthorized, 402: ErrInvalid, 403: ErrForbidden, 404: ErrNotFound, 407: ErrUnavailable,
		408: ErrUnavailable, 409: ErrConflict, 410: ErrNotFound, 413: ErrInvalid, 422: ErrInvalid, 423: ErrUnavailable, 425: ErrUnavailable,
		429: ErrRateLimited, 500: ErrUnavailable, 503: ErrUnavailable, 599: ErrUnavailable,
	} {
		assert.Equal(t, want, KindOf(status), status)
	}
}

// What failed inside a success does not read as one, and several causes do not run together.
func TestFailureTextOfAFailureInside200(t *testing.T) {
	t.Parallel()
	f := &Failure{Method: "POST", Path: "/v1", StatusCode: 200, Kind: ErrInvalid}
	assert.Equal(t, "shop: POST /v1: failed inside 200 (E10): no", f.Text("shop", "E10", "no"))
	f = &Failure{Method: "POST", Path: "/v1", unsent: true, Cause: errors.Join(errors.New("a is required"), errors.New("b is required"))}
	assert.Equal(t, "shop: POST /v1: not sent: a is required; b is required", f.Text("shop", "", ""))
}
