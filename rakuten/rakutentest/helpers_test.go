package rakutentest_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

type object = map[string]any

// start is the time at which the fakes of most tests begin: 19:00 in Japan.
var start = time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)

func frozen() rakutentest.Option {
	return rakutentest.WithClock(func() time.Time { return start })
}

func newServer(t *testing.T, opts ...rakutentest.Option) *rakutentest.Server {
	t.Helper()
	return newPacedServer(t, append([]rakutentest.Option{rakutentest.WithoutRateLimits()}, opts...)...)
}

// newPacedServer is newServer with the limits on.
func newPacedServer(t *testing.T, opts ...rakutentest.Option) *rakutentest.Server {
	t.Helper()
	srv := rakutentest.NewServer(append([]rakutentest.Option{frozen()}, opts...)...)
	t.Cleanup(srv.Close)
	return srv
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) json(t *testing.T) object {
	t.Helper()
	require.Contains(t, a.header.Get("Content-Type"), "application/json", "%s", a.body)
	var v object
	require.NoError(t, json.Unmarshal(a.body, &v))
	return v
}

// caller sends plain requests with a licence.
type caller struct {
	t      *testing.T
	srv    *rakutentest.Server
	secret string
	key    string
}

func as(t *testing.T, srv *rakutentest.Server, shop *rakutentest.Shop) *caller {
	t.Helper()
	license := shop.License()
	return &caller{t, srv, license.ServiceSecret.Reveal(), license.Key.Reveal()}
}

func (c *caller) send(method, path, contentType string, body []byte) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.srv.URL+path, bytes.NewReader(body))
	require.NoError(c.t, err)
	r.Header.Set("Authorization", c.authorization())
	r.Header.Set("Content-Type", contentType)
	resp, err := c.srv.HTTPClient().Do(r)
	require.NoError(c.t, err)
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	return answer{resp.StatusCode, resp.Header, got}
}

// authorization is the header of the licence.
func (c *caller) authorization() string {
	return "ESA " + base64.StdEncoding.EncodeToString([]byte(c.secret+":"+c.key))
}

func (c *caller) get(path string) answer { c.t.Helper(); return c.send(http.MethodGet, path, "", nil) }

func (c *caller) json(method, path string, body any) answer {
	c.t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(c.t, err)
	return c.send(method, path, "application/json; charset=utf-8", raw)
}

// order calls an operation of the order family.
func (c *caller) order(operation string, body any) answer {
	c.t.Helper()
	return c.json(http.MethodPost, "/es/2.0/order/"+operation+"/", body)
}

// at walks into an answer by member names and positions.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, ok := v.(object)
			require.True(t, ok, "%v is no object at %v", v, step)
			require.Contains(t, m, step)
			v = m[step]
		case int:
			list, ok := v.([]any)
			require.True(t, ok, "%v is no list at %v", v, step)
			require.Less(t, step, len(list))
			v = list[step]
		}
	}
	return v
}

// orderTime spells a time as orders do.
func orderTime(t time.Time) string {
	return t.In(time.FixedZone("", 9*60*60)).Format("2006-01-02T15:04:05-0700")
}

func search(from, to time.Time, more ...object) object {
	q := object{"dateType": 1, "startDatetime": orderTime(from), "endDatetime": orderTime(to)}
	for _, m := range more {
		maps.Copy(q, m)
	}
	return q
}

func page(size, number int) object {
	return object{"PaginationRequestModel": object{"requestRecordsAmount": size, "requestPage": number}}
}

func (c *caller) xml(path, body string) answer {
	c.t.Helper()
	return c.send(http.MethodPost, path, "text/xml; charset=utf-8", []byte(body))
}

// between is the text of the first such element.
func between(t *testing.T, a answer, element string) string {
	t.Helper()
	_, rest, found := strings.Cut(string(a.body), "<"+element+">")
	require.True(t, found, "no %s in %s", element, a.body)
	value, _, _ := strings.Cut(rest, "</"+element+">")
	return value
}
