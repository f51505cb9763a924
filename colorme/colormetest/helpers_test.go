package colormetest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// noon is the platform's time in most tests: a Tuesday in Japan.
var noon = time.Date(2026, time.November, 10, 3, 0, 0, 0, time.UTC)

type object = map[string]any

func start(t *testing.T, opts ...colormetest.Option) *colormetest.Server {
	t.Helper()
	base := []colormetest.Option{colormetest.WithClock(func() time.Time { return noon }), colormetest.WithoutRateLimits()}
	srv := colormetest.NewServer(append(base, opts...)...)
	t.Cleanup(srv.Close)
	return srv
}

// api speaks to a server with one token.
type api struct {
	t     *testing.T
	srv   *colormetest.Server
	token string
}

func speak(t *testing.T, srv *colormetest.Server, scopes ...string) api {
	t.Helper()
	return api{t: t, srv: srv, token: srv.Shop().Token(scopes...)}
}

// call sends a request and returns status and raw body. A body that is not a
// string is encoded as JSON.
func (a api) call(method, path string, body any, header ...string) (int, []byte) {
	a.t.Helper()
	var reader io.Reader = http.NoBody
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		require.NoError(a.t, err)
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.srv.URL+path, reader)
	require.NoError(a.t, err)
	if a.token != "" {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := a.srv.HTTPClient().Do(req)
	require.NoError(a.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(a.t, err)
	return resp.StatusCode, raw
}

// want calls and demands a status, and returns the decoded object.
func (a api) want(status int, method, path string, body any, header ...string) object {
	a.t.Helper()
	got, raw := a.call(method, path, body, header...)
	require.Equal(a.t, status, got, "%s %s: %s", method, path, raw)
	if len(raw) == 0 {
		return nil
	}
	var out object
	require.NoError(a.t, json.Unmarshal(raw, &out), "%s", raw)
	return out
}

func (a api) get(path string) object { a.t.Helper(); return a.want(200, http.MethodGet, path, nil) }

// refused calls and demands the codes of a refusal, with their fields.
func (a api) refused(method, path string, body any, want ...any) {
	a.t.Helper()
	status, raw := a.call(method, path, body)
	var out struct {
		Errors []struct {
			Code    int
			Message string
			Status  int
			Field   string
		}
	}
	require.NoError(a.t, json.Unmarshal(raw, &out), "%s", raw)
	var got []any
	for _, e := range out.Errors {
		got = append(got, e.Code)
		if e.Field != "" {
			got = append(got, e.Field)
		}
		assert.NotEmpty(a.t, e.Message)
		assert.Equal(a.t, status, e.Status)
		assert.Equal(a.t, status, e.Code/1000)
	}
	assert.Equal(a.t, want, got, "%s %s: %s", method, path, raw)
}

// at walks into a decoded reply by member names and indexes.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.(object)
			require.True(t, ok, "%v in %v", p, v)
			v, ok = m[p]
			require.True(t, ok, "no member %q in %v", p, m)
		case int:
			l, ok := v.([]any)
			require.True(t, ok, "%v in %v", p, v)
			require.Less(t, p, len(l))
			v = l[p]
		}
	}
	return v
}

// id reads a number of a reply as an integer.
func id(t *testing.T, v any, path ...any) int64 {
	t.Helper()
	n, ok := at(t, v, path...).(float64)
	require.True(t, ok)
	return int64(n)
}

func rows(t *testing.T, v any, name string) []any {
	t.Helper()
	l, ok := at(t, v, name).([]any)
	require.True(t, ok)
	return l
}

func withSizes(sales, products, customers int) []colormetest.Option {
	return []colormetest.Option{
		colormetest.WithSales(sales), colormetest.WithProducts(products), colormetest.WithCustomers(customers),
	}
}

func decode(t *testing.T, raw []byte) object {
	t.Helper()
	var out object
	require.NoError(t, json.Unmarshal(raw, &out), "%s", raw)
	return out
}
