package fake_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// counter answers with the number of calls it has carried out.
func counter(calls *atomic.Int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fake.WriteJSON(w, http.StatusCreated, map[string]any{"calls": calls.Add(1), "body": string(body)})
	})
}

func start(t *testing.T, h http.Handler, cfg fake.Config) *fake.Server {
	t.Helper()
	s := fake.NewServer(h, cfg)
	t.Cleanup(s.Close)
	return s
}

func call(t *testing.T, s *fake.Server, method, path, body string) (*http.Response, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	resp, err := s.HTTPClient().Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return resp, string(got), err
}

func TestServer(t *testing.T) {
	t.Parallel()
	for _, inMemory := range []bool{false, true} {
		t.Run(map[bool]string{false: "loopback", true: "memory"}[inMemory], func(t *testing.T) {
			t.Parallel()
			at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
			var calls atomic.Int64
			s := start(t, counter(&calls), fake.Config{InMemory: inMemory, Clock: func() time.Time { return at }})

			base, err := url.Parse(s.URL)
			require.NoError(t, err)
			assert.True(t, net.ParseIP(base.Hostname()).IsLoopback())

			resp, body, err := call(t, s, http.MethodPost, "/v1/a?x=1&x=2", "hello")
			require.NoError(t, err)
			assert.Equal(t, http.StatusCreated, resp.StatusCode)
			assert.JSONEq(t, `{"calls":1,"body":"hello"}`, body)

			got := s.Requests()
			require.Len(t, got, 1)
			assert.Equal(t, http.MethodPost, got[0].Method)
			assert.Equal(t, "/v1/a", got[0].Path)
			assert.Equal(t, []string{"1", "2"}, got[0].Query["x"])
			assert.Equal(t, "hello", string(got[0].Body))
			assert.Equal(t, at, got[0].Time)
			assert.NotEmpty(t, got[0].Header.Get("User-Agent"))

			got[0].Body[0] = 'J'
			got[0].Query.Set("x", "3")
			assert.Equal(t, "hello", string(s.Requests()[0].Body))
			assert.Equal(t, "1", s.Requests()[0].Query.Get("x"))

			s.Close()
			_, _, err = call(t, s, http.MethodGet, "/", "")
			require.Error(t, err)
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		fault   fake.Fault
		status  int
		body    string
		header  http.Header
		wantErr error
		effects int64
	}{
		{
			name:   "status and JSON body",
			fault:  fake.Fault{Status: 429, Body: `{"errors":[]}`, RetryAfter: "7"},
			status: 429, body: `{"errors":[]}`,
			header: http.Header{"Retry-After": {"7"}, "Content-Type": {"application/json; charset=utf-8"}},
		},
		{
			name:   "status and HTML body",
			fault:  fake.Fault{Status: 502, Body: "<h1>Bad Gateway</h1>", Header: http.Header{"retry-after": {"1", "2"}}},
			status: 502, body: "<h1>Bad Gateway</h1>",
			header: http.Header{"Retry-After": {"1", "2"}, "Content-Type": {"text/html; charset=utf-8"}},
		},
		{name: "status alone", fault: fake.Fault{Status: 503}, status: 503},
		{
			name:   "body alone",
			fault:  fake.Fault{Body: "{}", ContentType: "text/plain"},
			status: 200, body: "{}",
			header: http.Header{"Content-Type": {"text/plain"}},
		},
		{
			name:   "status after the effect",
			fault:  fake.Fault{Status: 504, AfterEffect: true},
			status: 504, effects: 1,
		},
		{name: "reset", fault: fake.Fault{Reset: true}, wantErr: syscall.ECONNRESET},
		{name: "reset after the effect", fault: fake.Fault{ResetAfter: true}, wantErr: syscall.ECONNRESET, effects: 1},
		{
			name:   "truncated own answer",
			fault:  fake.Fault{Truncate: 5},
			status: 201, body: `{"bod`, wantErr: io.ErrUnexpectedEOF, effects: 1,
		},
		{
			name:   "rewritten own answer",
			fault:  fake.Fault{Rewrite: func(body []byte) []byte { return append(body[:1], '7') }},
			status: 201, body: `{7`, effects: 1,
		},
		{
			name:   "header alone",
			fault:  fake.Fault{Truncate: -1, Status: 200, Body: "hello"},
			status: 200, wantErr: io.ErrUnexpectedEOF,
		},
		{
			name:   "dripping own answer",
			fault:  fake.Fault{Drip: time.Microsecond, Delay: time.Microsecond},
			status: 201, body: `{"body":"x","calls":1}`, effects: 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int64
			s := start(t, counter(&calls), fake.Config{})
			s.Fail(1, tt.fault)
			resp, body, err := call(t, s, http.MethodPost, "/", "x")
			require.ErrorIs(t, err, tt.wantErr)
			if tt.status != 0 {
				assert.Equal(t, tt.status, resp.StatusCode)
				assert.Equal(t, tt.body, body)
				for k := range tt.header {
					assert.Equal(t, tt.header[k], resp.Header[k])
				}
			}
			assert.Equal(t, tt.effects, calls.Load())

			resp, _, err = call(t, s, http.MethodPost, "/", "x")
			require.NoError(t, err, "the fault is used up")
			assert.Equal(t, http.StatusCreated, resp.StatusCode)
		})
	}
}

func TestFaultSelection(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := start(t, counter(&calls), fake.Config{})
	s.Fail(0, fake.Fault{Status: 500})
	s.Fail(2, fake.Fault{Method: http.MethodPut, Path: "/v1/sales", Status: 501})
	s.Fail(-1, fake.Fault{Match: func(r fake.Request) bool { return string(r.Body) == "bad" }, Status: 502})

	status := func(method, path, body string) int {
		resp, _, err := call(t, s, method, path, body)
		require.NoError(t, err)
		return resp.StatusCode
	}
	assert.Equal(t, 201, status(http.MethodGet, "/v1/sales", ""))
	assert.Equal(t, 201, status(http.MethodPut, "/v1/shop", ""))
	assert.Equal(t, 501, status(http.MethodPut, "/v1/sales/1", "bad"))
	assert.Equal(t, 501, status(http.MethodPut, "/v1/sales/1", ""))
	assert.Equal(t, 201, status(http.MethodPut, "/v1/sales/1", ""))
	for range 3 {
		assert.Equal(t, 502, status(http.MethodPut, "/v1/sales/1", "bad"))
	}
	s.Heal()
	assert.Equal(t, 201, status(http.MethodPut, "/v1/sales/1", "bad"))
	assert.Len(t, s.Requests(), 9)
}

// A fault may look at what came before: the second call is refused, and no third.
func TestFaultMatchAsksTheServer(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := start(t, counter(&calls), fake.Config{})
	s.Fail(1, fake.Fault{Status: http.StatusBadGateway, Match: func(fake.Request) bool { return len(s.Requests()) == 2 }})
	for _, want := range []int{http.StatusCreated, http.StatusBadGateway, http.StatusCreated} {
		resp, _, err := call(t, s, http.MethodGet, "/", "")
		require.NoError(t, err)
		assert.Equal(t, want, resp.StatusCode)
	}
}

// As many calls fail as were said, also when they come at once.
func TestFaultsAreCountedAtOnce(t *testing.T) {
	t.Parallel()
	var calls, failed atomic.Int64
	s := start(t, counter(&calls), fake.Config{})
	s.Fail(5, fake.Fault{Status: http.StatusBadGateway})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			resp, _, err := call(t, s, http.MethodGet, "/", "")
			if assert.NoError(t, err) && resp.StatusCode == http.StatusBadGateway {
				failed.Add(1)
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, 5, failed.Load())
	assert.EqualValues(t, 15, calls.Load())
}

func TestServerInBubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		s := fake.NewServer(counter(&calls), fake.Config{InMemory: true})
		defer s.Close()
		begin := time.Now()
		s.Fail(1, fake.Fault{Delay: time.Hour, Drip: time.Second})
		_, body, err := call(t, s, http.MethodGet, "/", "")
		require.NoError(t, err)
		assert.JSONEq(t, `{"calls":1,"body":""}`, body)
		assert.Equal(t, time.Hour+time.Duration(len(body))*time.Second, time.Since(begin))

		s.Fail(1, fake.Fault{Reset: true})
		_, _, err = call(t, s, http.MethodPost, "/", "x")
		require.ErrorIs(t, err, io.EOF)
	})
}

func TestCloseEndsHangingCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		s := fake.NewServer(counter(&calls), fake.Config{InMemory: true})
		s.Fail(-1, fake.Fault{Delay: 1000 * time.Hour})
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				_, _, err := call(t, s, http.MethodPost, "/", "x")
				assert.Error(t, err)
			})
		}
		synctest.Wait()
		s.Close()
		s.Close()
		wg.Wait()
		assert.Zero(t, calls.Load())
	})
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := start(t, counter(&calls), fake.Config{})
	s.Fail(20, fake.Fault{Status: 500})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				_, _, err := call(t, s, http.MethodPost, "/", "x")
				assert.NoError(t, err)
				s.Requests()
			}
		})
	}
	wg.Wait()
	assert.Len(t, s.Requests(), 80)
	assert.EqualValues(t, 60, calls.Load())
}

func TestReadJSON(t *testing.T) {
	t.Parallel()
	for body, ok := range map[string]bool{`{"a":1}`: true, `{"a":1} `: true, `{"a":1`: false, ``: false, `{} {}`: false} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1", strings.NewReader(body))
		require.NoError(t, err)
		var v any
		err = fake.ReadJSON(req, &v)
		assert.Equal(t, ok, err == nil, "%q: %v", body, err)
	}
}

func TestHMACSHA256(t *testing.T) {
	t.Parallel()
	// RFC 4231, test case 2.
	assert.Equal(t, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=",
		fake.HMACSHA256("Jefe", []byte("what do ya want for nothing?")))
}

func TestJSON(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `{"html":"<a href=\"x\">&</a>"}`, string(fake.JSON(map[string]string{"html": `<a href="x">&</a>`})))
	assert.Panics(t, func() { fake.JSON(errors.New) })
}
