package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/internal/httpx"
)

// mark is in every secret of these tests.
const mark = "s3cr3t"

type secretParams struct {
	Mail string `url:"mail"`
}

// marked is a call with a secret wherever one can be.
func marked(method string) Request {
	return Request{
		Operation: method + " /v1/things",
		Params:    secretParams{mark + "@example.jp"},
		Body:      map[string]string{"card": mark},
		Header:    http.Header{"X-Api-Key": {mark}},
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
				requireNoSecret(t, srv.URL, method, shotengai.WithHTTPClient(srv.HTTPClient()))
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
				requireNoSecret(t, "http://127.0.0.1:1", method, shotengai.WithHTTPClient(&http.Client{Transport: transport}))
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

func TestUnwrapURL(t *testing.T) {
	t.Parallel()
	const address = "https://api.shop.test/?mail=a"
	err := fmt.Errorf("by a proxy: %w", &url.Error{Op: "Get", URL: address, Err: errDial})
	require.Equal(t, errDial, unwrapURL(err), "a text around an address may repeat it")
	require.Equal(t, errDial, unwrapURL(&url.Error{Op: "Get", URL: address, Err: err}))
	require.Equal(t, errDial, unwrapURL(errDial))
}

func requireNoSecret(t *testing.T, address, method string, opts ...shotengai.Option) {
	t.Helper()
	var logged buffer
	level := &slog.HandlerOptions{Level: slog.LevelDebug}
	opts = append(opts, shotengai.WithStrictDecoding(), shotengai.WithLogger(slog.New(slog.NewJSONHandler(&logged, level))))
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
	_, err := New(shopPlatform(), nil, shotengai.WithBaseURL("https://user:"+mark+"@api.shop.test"))
	require.Error(t, err)
	assert.NotContains(t, err.Error(), mark)
	_, err = New(shopPlatform(), nil, shotengai.WithBaseURL("https://user:"+mark+"@ api.shop.test"))
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
	e := newEngine(t, srv.URL, nil, shotengai.WithLogger(logger), shotengai.WithHTTPClient(srv.HTTPClient()))
	require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1/{id}", Path: []string{"a/本"}}, nil))
	lines := strings.Split(strings.TrimSpace(logged.String()), "\n")
	require.Len(t, lines, 2)
	for i, line := range lines {
		var record struct {
			Msg       string        `json:"msg"`
			Level     string        `json:"level"`
			Platform  string        `json:"platform"`
			Operation string        `json:"operation"`
			Path      string        `json:"path"`
			Error     string        `json:"error"`
			Attempt   int           `json:"attempt"`
			Status    int           `json:"status"`
			Took      time.Duration `json:"took"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		assert.Equal(t, "api call", record.Msg)
		assert.Equal(t, "DEBUG", record.Level)
		assert.Equal(t, "shop", record.Platform)
		assert.Equal(t, "GET /v1/{id}", record.Operation)
		assert.Equal(t, "/base/v1/a%2F%E6%9C%AC", record.Path)
		assert.Equal(t, i+1, record.Attempt)
		assert.Equal(t, 200*i, record.Status)
		assert.Positive(t, record.Took)
		assert.Equal(t, i == 0, record.Error != "")
	}

	quiet := buffer{}
	e = newEngine(t, srv.URL, nil, shotengai.WithLogger(slog.New(slog.NewTextHandler(&quiet, nil))), shotengai.WithHTTPClient(srv.HTTPClient()))
	require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil))
	assert.Empty(t, quiet.String(), "debug level only")
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		200: nil, 302: nil, 400: shotengai.ErrInvalid, 401: shotengai.ErrUnauthorized, 402: shotengai.ErrInvalid, 403: shotengai.ErrForbidden, 404: shotengai.ErrNotFound, 407: shotengai.ErrUnavailable,
		408: shotengai.ErrUnavailable, 409: shotengai.ErrConflict, 410: shotengai.ErrNotFound, 413: shotengai.ErrInvalid, 422: shotengai.ErrInvalid, 423: shotengai.ErrUnavailable, 425: shotengai.ErrUnavailable,
		429: shotengai.ErrRateLimited, 500: shotengai.ErrUnavailable, 503: shotengai.ErrUnavailable, 599: shotengai.ErrUnavailable,
	} {
		assert.Equal(t, want, KindOf(status), status)
	}
}

// H24: what was sent as a credential is masked wherever an answer quotes it, in whatever
// encoding that was sent.
func TestH24QuotedCredentials(t *testing.T) {
	t.Parallel()
	const token, key = "tok<en>&\"42/+=", "api-key-1234567"
	encoded := map[string]string{
		"as sent":    "Authorization: Bearer " + token + " X-Api-Key: " + key,
		"query":      url.QueryEscape(token),
		"path":       url.PathEscape(token),
		"HTML":       html.EscapeString(token),
		"JSON":       strings.ReplaceAll(token, `"`, `\"`),
		"base64":     base64.StdEncoding.EncodeToString([]byte(token)),
		"base64 URL": base64.RawURLEncoding.EncodeToString([]byte(token)),
	}
	for name, quoted := range encoded {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Id", quoted)
				answer(403, "text/plain", "blocked: "+strings.Repeat(quoted+" ", 3))(w, nil)
			})
			p := shopPlatform()
			p.Classify = func(r *Reply) Verdict {
				return Verdict{
					Code: quoted, Message: string(r.Body), Field: quoted, RequestID: r.Header.Get("X-Id"),
					Details: []shotengai.Detail{{Code: quoted, Message: quoted, Field: quoted, Ref: quoted}}, Cause: errors.New(quoted),
				}
			}
			e, err := New(p, keyedAuth{Bearer(&renewing{token: token}), key}, shotengai.WithTestServer(srv.URL), impatient)
			require.NoError(t, err)
			err = e.Do(t.Context(), Request{Operation: "GET /v1"}, nil)
			require.ErrorIs(t, err, shotengai.ErrForbidden)
			failed := asShop(t, err)
			assert.Contains(t, string(failed.Body), "[redacted]")
			data, jsonErr := json.Marshal(failed.Details) //nolint:musttag // as a log would
			require.NoError(t, jsonErr)
			shown := fmt.Sprintf("%v %s %s %s %s", err, failed.Body, data, failed.LogValue(), failed.RequestID)
			for _, secret := range append(slices.Collect(maps.Values(encoded)), token, key) {
				assert.NotContains(t, shown, secret)
			}
		})
	}
}

// A scheme with two parts in base64 is masked whole and by its parts.
func TestH24PartsOfACredential(t *testing.T) {
	t.Parallel()
	basic := base64.StdEncoding.EncodeToString([]byte("service-secret:license-key"))
	r := httpx.NewRedactor(httpx.HeaderCredentials("ESA " + basic)...)
	for _, quoted := range []string{"ESA " + basic, basic, "service-secret", "license-key", "service-secret:license-key"} {
		assert.NotContains(t, r.Text("<"+quoted+">"), quoted)
	}
	assert.Equal(t, "a cat sat", httpx.NewRedactor("a").Text("a cat sat"), "one letter is no credential to look for")
}

// keyedAuth adds an API key to the credentials.
type keyedAuth struct {
	Auth

	key string
}

func (k keyedAuth) Authorize(ctx context.Context, h http.Header) (any, error) {
	h["X-Api-Key"] = []string{k.key}
	return k.Auth.Authorize(ctx, h)
}
