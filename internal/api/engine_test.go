package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
)

func shopPlatform() *Platform {
	return &Platform{Name: "shop", BaseURL: "https://api.shop.test/base", Hosts: []string{"api.shop.test", ".shops.test"}}
}

// impatient tries three times without a pause.
var impatient = shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 3})

func newEngine(t *testing.T, url string, auth Auth, opts ...shotengai.Option) *Engine {
	t.Helper()
	e, err := New(shopPlatform(), auth, append([]shotengai.Option{shotengai.WithTestServer(url + "/base"), impatient}, opts...)...)
	require.NoError(t, err)
	return e
}

// bubbleEngine talks to handler over net.Pipe, for use in a synctest bubble.
func bubbleEngine(t *testing.T, handler http.Handler, opts ...shotengai.Option) (*Engine, *fake.Server) {
	t.Helper()
	srv := fake.NewServer(handler, fake.Config{InMemory: true})
	t.Cleanup(srv.Close)
	return newEngine(t, srv.URL, nil, append([]shotengai.Option{shotengai.WithHTTPClient(srv.HTTPClient())}, opts...)...), srv
}

// serve starts a real server that answers with handler.
func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return srv
}

func answer(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func asShop(t *testing.T, err error) *shotengai.Error {
	t.Helper()
	e, ok := errors.AsType[*shotengai.Error](err)
	require.True(t, ok, "%T: %v", err, err)
	return e
}

type thing struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

func TestCallTravels(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/base/v1/things/a%2Fb", r.URL.EscapedPath())
		assert.Equal(t, "limit=2&q=%E6%9C%AC", r.URL.RawQuery)
		assert.Equal(t, "application/json", r.Header.Get("Accept"))
		assert.Equal(t, "tour/1 shotengai-go/"+shotengai.Version+" (shop)", r.Header.Get("User-Agent"))
		assert.Equal(t, "yes", r.Header.Get("X-Own"))
		answer(200, "application/json", `{"id":1,"name":"本"}`)(w, r)
	})
	e := newEngine(t, srv.URL, nil, shotengai.WithUserAgent("tour/1"))
	var out thing
	var seen shotengai.Response
	err := e.Do(t.Context(), Request{
		Operation: "GET /v1/things/{id}", Path: []string{"a/b"},
		Params: struct {
			Limit int    `url:"limit"`
			Q     string `url:"q"`
		}{2, "本"},
	}, &out, shotengai.WithHeader("x-own", "yes"), shotengai.WithResponse(&seen))
	require.NoError(t, err)
	assert.Equal(t, thing{1, "本"}, out)
	assert.Equal(t, 200, seen.StatusCode)
	assert.Equal(t, 1, seen.Attempts)
	assert.JSONEq(t, `{"id":1,"name":"本"}`, string(seen.Body))
}

func TestBodies(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body              any
		wantType, want    string
		wantLength        int64
		wantTransferCoded bool
	}{
		"JSON keeps < and >": {body: map[string]string{"a": "<b>"}, wantType: "application/json; charset=utf-8", want: `{"a":"<b>"}`, wantLength: 11},
		"content as it is":   {body: Content{Type: "text/csv", Data: []byte("a,b\n")}, wantType: "text/csv", want: "a,b\n", wantLength: 4},
		"empty content":      {body: Content{Type: "text/csv", Data: []byte{}}, wantType: "text/csv"},
		"no body":            {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := serve(t, func(_ http.ResponseWriter, r *http.Request) {
				body := make([]byte, 100)
				n, _ := r.Body.Read(body)
				assert.Equal(t, tc.want, string(body[:n]))
				assert.Equal(t, tc.wantType, r.Header.Get("Content-Type"))
				assert.Equal(t, tc.wantLength, r.ContentLength)
				assert.Empty(t, r.TransferEncoding)
			})
			require.NoError(t, newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "POST /v1", Body: tc.body}, nil))
		})
	}
	t.Run("what cannot be encoded is not sent", func(t *testing.T) {
		t.Parallel()
		err := newEngine(t, "http://127.0.0.1:1", nil).Do(t.Context(), Request{Operation: "POST /v1", Body: func() {}}, nil)
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	})
}

// H16: a refusal inside a 200 is an error.
func TestH16RefusalInside200(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(200, "application/json", `{"errors":[{"message":"NG"}]}`))
	p := shopPlatform()
	kind := shotengai.ErrNotFound
	p.Classify = func(r *Reply) Verdict {
		return Verdict{Refused: strings.Contains(string(r.Body), `"errors"`), Kind: kind}
	}
	e, err := New(p, nil, shotengai.WithTestServer(srv.URL), impatient)
	require.NoError(t, err)
	var out thing
	err = e.Do(t.Context(), Request{Operation: "POST /graphql"}, &out)
	require.ErrorIs(t, err, shotengai.ErrNotFound)
	assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown, "a definite refusal")
	assert.Equal(t, 200, asShop(t, err).StatusCode)

	kind = shotengai.ErrUnavailable
	err = e.Do(t.Context(), Request{Operation: "POST /graphql"}, &out)
	require.ErrorIs(t, err, shotengai.ErrUnavailable)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown, "an internal error may have come half way through")
	assert.Equal(t, 1, asShop(t, err).Attempts)
}

// H17: what a proxy or a captive portal says is not taken for an answer.
func TestH17ProxyAndPortal(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		handler  http.HandlerFunc
		method   string
		out      any
		status   int
		attempts int
	}{
		"407":                            {answer(407, "text/html", "<html><body>Proxy login"), "GET", new(thing), 407, 1},
		"captive portal":                 {answer(200, "text/html; charset=utf-8", "<html><body>Welcome to the Wi-Fi"), "GET", new(thing), 200, 3},
		"captive portal without type":    {answer(200, "application/json", "\ufeff \n<!DOCTYPE HTML><body>Welcome"), "GET", new(thing), 200, 3},
		"captive portal, nothing wanted": {answer(200, "text/html", "<html><body>Welcome"), "DELETE", nil, 200, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := newEngine(t, serve(t, tc.handler).URL, nil).Do(t.Context(), Request{Operation: tc.method + " /v1"}, tc.out)
			require.ErrorIs(t, err, shotengai.ErrUnavailable)
			assert.Equal(t, tc.status, asShop(t, err).StatusCode)
			assert.Equal(t, tc.attempts, asShop(t, err).Attempts)
			assert.NotContains(t, err.Error(), "<")
		})
	}
}

// TestH17ProxyRefusesTunnel is the same refusal where calls are tunnelled.
func TestH17ProxyRefusesTunnel(t *testing.T) {
	t.Parallel()
	proxy := serve(t, answer(407, "text/plain", "login first"))
	e, err := New(shopPlatform(), nil, impatient, shotengai.WithHTTPClient(&http.Client{Transport: &http.Transport{Proxy: proxyTo(t, proxy.URL)}}))
	require.NoError(t, err)
	err = e.Do(t.Context(), Request{Operation: "POST /v1"}, nil)
	require.ErrorIs(t, err, shotengai.ErrUnavailable)
	require.ErrorContains(t, err, "Proxy Authentication Required")
	assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown, "there was no tunnel to send it through")
	assert.Equal(t, 3, asShop(t, err).Attempts)
}

// H23: the app's own transport may add headers, and sees the authorisation that the
// library has added last.
func TestH23TracingTransport(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []string
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "00-trace", r.Header.Get("Traceparent"))
		mu.Lock()
		seen = append(seen, r.Header.Get("Authorization"))
		mu.Unlock()
		answer(200, "application/json", `{}`)(w, r)
	})
	tracing := roundTripper(func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, "Bearer t1", r.Header.Get("Authorization"))
		r = r.Clone(r.Context())
		r.Header.Set("Traceparent", "00-trace")
		return http.DefaultTransport.RoundTrip(r)
	})
	e := newEngine(t, srv.URL, Bearer(static("t1")), shotengai.WithHTTPClient(&http.Client{Transport: tracing}))
	require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1", Header: http.Header{"Authorization": {"stale"}}}, nil))
	assert.Equal(t, []string{"Bearer t1"}, seen)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestGivenClientIsCopied(t *testing.T) {
	t.Parallel()
	client := &http.Client{}
	e := newEngine(t, "http://127.0.0.1:1", nil, shotengai.WithHTTPClient(client))
	assert.Nil(t, client.CheckRedirect)
	assert.Nil(t, client.Transport)
	assert.Equal(t, quiet{transport()}, e.config.client.Transport, "without a transport of its own it gets ours")
}

func TestOptionsRefuse(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]shotengai.Option{
		"nil client":         shotengai.WithHTTPClient(nil),
		"empty agent":        shotengai.WithUserAgent(" "),
		"agent with newline": shotengai.WithUserAgent("a\r\nb"),
		"nil logger":         shotengai.WithLogger(nil),
		"nil report":         shotengai.WithDriftReport(nil),
		"nil clock":          shotengai.WithClock(nil),
		"no timeout":         shotengai.WithTimeout(0),
		"no body":            shotengai.WithBodyLimit(0),
		"no attempt":         shotengai.WithRetryPolicy(shotengai.RetryPolicy{}),
		"eleven attempts":    shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 11}),
		"delays swapped":     shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1, MinDelay: 2, MaxDelay: 1}),
		"negative delay":     shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1, MinDelay: -1}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := New(shopPlatform(), nil, opt)
			require.Error(t, err)
			assert.True(t, strings.HasPrefix(err.Error(), "shop: "), err)
		})
	}
}

func TestWithResponseKeepsTheLastAnswer(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(404, "application/json", `{"no":1}`))
	var seen shotengai.Response
	err := newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1"}, nil, shotengai.WithResponse(&seen))
	require.ErrorIs(t, err, shotengai.ErrNotFound)
	assert.Equal(t, 404, seen.StatusCode)
	assert.JSONEq(t, `{"no":1}`, string(seen.Body))
	require.ErrorIs(t, newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1"}, nil, shotengai.WithResponse(nil)), shotengai.ErrInvalid)
}

func TestCheckedBeforeSending(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	e := newEngine(t, srv.URL, nil)
	mine := errors.New("points: too few")
	err := e.Do(t.Context(), Request{Operation: "POST /v1", Check: mine}, nil)
	require.ErrorIs(t, err, mine)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	assert.Equal(t, "shop: POST /v1: not sent: points: too few", err.Error())
	for _, method := range []string{"", "GE T", "GET\r\nX: y"} {
		err := e.Do(t.Context(), Request{Operation: method + " /v1"}, nil)
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		assert.NotContains(t, err.Error(), "\n")
	}
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(200, "application/json", `{"ok":false}`))
	e := newEngine(t, srv.URL, nil)
	reply, err := e.Call(context.WithoutCancel(t.Context()), Request{Operation: "GET /v1"}, nil)
	require.NoError(t, err)
	err = e.Refuse(reply, shotengai.ErrConflict, errors.New("not ok"))
	require.ErrorIs(t, err, shotengai.ErrConflict)
	assert.Equal(t, "shop: GET /v1: failed inside 200: not ok", err.Error())
}
