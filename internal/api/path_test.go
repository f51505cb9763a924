package api

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/text"
)

// H09: nothing that breaks a line gets into a request.
func TestH09LineBreaks(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	e := newEngine(t, srv.URL, nil)
	for name, tc := range map[string]struct {
		request Request
		opt     shotengai.CallOption
	}{
		"header value":         {Raw("GET", "/v1", nil), shotengai.WithHeader("X-Own", "a\r\nX-Evil: 1")},
		"header value, NUL":    {Raw("GET", "/v1", nil), shotengai.WithHeader("X-Own", "a\x00")},
		"header name":          {Raw("GET", "/v1", nil), shotengai.WithHeader("X-Own\r\nX-Evil", "1")},
		"header name, empty":   {Raw("GET", "/v1", nil), shotengai.WithHeader("", "1")},
		"path":                 {Raw("GET", "/v1/a\r\nb", nil), nil},
		"path, escaped":        {Raw("GET", "/v1/a%0d%0aX-Evil", nil), nil},
		"path value":           {Request{Operation: "GET /v1/{id}", Path: []string{"a\r\nX-Evil: 1"}}, nil},
		"path value, NUL":      {Request{Operation: "GET /v1/{id}", Path: []string{"a\x00"}}, nil},
		"path value, C1":       {Request{Operation: "GET /v1/{id}", Path: []string{"a\u0085b"}}, nil},
		"path with query":      {Raw("GET", "/v1?a=b", nil), nil},
		"path with fragment":   {Raw("GET", "/v1#a", nil), nil},
		"path, badly escaped":  {Raw("GET", "/v1/%zz", nil), nil},
		"path without a slash": {Raw("GET", "v1", nil), nil},
		"path that is a host":  {Raw("GET", "//evil.test/v1", nil), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var opts []shotengai.CallOption
			if tc.opt != nil {
				opts = append(opts, tc.opt)
			}
			err := e.Do(t.Context(), tc.request, nil, opts...)
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			assert.Contains(t, err.Error(), "not sent")
			assert.Equal(t, text.OneLine(err.Error()), err.Error())
		})
	}
}

// What an operation without a method takes is the query of a GET and a DELETE, which have no
// body, and the body of all else.
func TestRaw(t *testing.T) {
	t.Parallel()
	for method, query := range map[string]string{"GET": "limit=7", "DELETE": "limit=7", "POST": "", "PUT": "", "PATCH": ""} {
		srv := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			assert.NoError(t, err)
			assert.Equal(t, method, r.Method)
			assert.Equal(t, query, r.URL.RawQuery, method)
			if query == "" {
				assert.JSONEq(t, `{"limit":7}`, string(body), method)
			} else {
				assert.Empty(t, body, method)
			}
		})
		in := struct {
			Limit int `json:"limit" url:"limit"`
		}{7}
		require.NoError(t, newEngine(t, srv.URL, nil).Do(t.Context(), Raw(method, "/v1/things", in), nil))
	}
}

func TestWithHeaderRefusesTheLibrarysOwn(t *testing.T) {
	t.Parallel()
	e := newEngine(t, "http://127.0.0.1:1", nil)
	for _, name := range []string{
		"authorization", "Host", "content-length", "Content-Type", "Transfer-Encoding", "Connection", "Accept-Encoding",
		"X-API-KEY", "x-timestamp", "User-Agent", "Proxy-Authorization", "Upgrade", "TE", "Expect",
	} {
		err := e.Do(t.Context(), Request{Operation: "GET /v1"}, nil, shotengai.WithHeader(name, "1"))
		require.ErrorIs(t, err, shotengai.ErrInvalid, name)
		require.ErrorContains(t, err, "by the library", name)
	}
}

// H10: an identifier stays one path segment, whatever is in it, and never becomes a host.
func TestH10HostileIdentifiers(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"shop1":         "/base/v1/shop1/x",
		"a/b":           "/base/v1/a%2Fb/x",
		"a@evil.test":   "/base/v1/a@evil.test/x",
		"//evil.test":   "/base/v1/%2F%2Fevil.test/x",
		"a#b":           "/base/v1/a%23b/x",
		"a?b=c":         "/base/v1/a%3Fb=c/x",
		"a%2fb":         "/base/v1/a%252fb/x",
		"%2e%2e":        "/base/v1/%252e%252e/x",
		"%s":            "/base/v1/%25s/x",
		"a b":           "/base/v1/a%20b/x",
		`..\a`:          "/base/v1/..%5Ca/x",
		"．．／":           "/base/v1/%EF%BC%8E%EF%BC%8E%EF%BC%8F/x",
		"ｓｈｏｐ":          "/base/v1/%EF%BD%93%EF%BD%88%EF%BD%8F%EF%BD%90/x",
		"\xff":          "/base/v1/%FF/x",
		"":              "",
		".":             "",
		"..":            "",
		"../admin":      "",
		"a/../../admin": "",
		"a/./b":         "",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			var sent atomic.Value
			sent.Store("")
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				sent.Store(r.RequestURI)
				assert.True(t, strings.HasPrefix(r.Host, "127.0.0.1:"))
				answer(404, "application/json", `{}`)(w, r)
			})
			err := newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1/{id}/x", Path: []string{id}}, nil)
			require.Error(t, err)
			assert.Equal(t, want, sent.Load())
			if want == "" {
				require.ErrorIs(t, err, shotengai.ErrInvalid)
				return
			}
			require.ErrorIs(t, err, shotengai.ErrNotFound)
			assert.Equal(t, "shop: GET /v1/{id}/x: 404 not found: {}", err.Error())
			assert.Equal(t, want, asShop(t, err).Path)
		})
	}
	t.Run("the caller's own path", func(t *testing.T) {
		t.Parallel()
		e := newEngine(t, "http://127.0.0.1:1", nil)
		for _, path := range []string{"/v1/../admin", "/v1/%2e%2e/admin", "/v1/..%2fadmin", "/v1/%2E", "/ｖ１"} {
			require.ErrorIs(t, e.Do(t.Context(), Raw("GET", path, nil), nil), shotengai.ErrInvalid, path)
		}
	})
	t.Run("numbers", func(t *testing.T) {
		t.Parallel()
		path, err := (&Request{Operation: "GET /v1/{id}/{other}", Path: ID(7, 8)}).path()
		require.NoError(t, err)
		assert.Equal(t, "/v1/7/8", path)
		e := newEngine(t, "http://127.0.0.1:1", nil)
		for _, id := range []int64{0, -1} {
			require.ErrorIs(t, e.Do(t.Context(), Request{Operation: "GET /v1/{id}", Path: ID(id)}, nil), shotengai.ErrInvalid)
		}
	})
}

// FuzzPath: an identifier is one segment below the base, or is refused.
func FuzzPath(f *testing.F) {
	for _, id := range []string{"a", "", "..", "a/b", "%2f", "\x00", "本", "\xff", "a%zz", "?", "#", "@", "//"} {
		f.Add(id)
	}
	base, err := url.Parse("https://api.shop.test/base")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, id string) {
		r := Request{Operation: "GET /v1/{id}/x", Path: []string{id}}
		u, err := r.target(*base)
		if err != nil {
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			return
		}
		again, err := url.Parse(u.String())
		require.NoError(t, err)
		require.Equal(t, "api.shop.test", again.Host)
		segments := strings.Split(again.EscapedPath(), "/")
		require.Len(t, segments, 5)
		require.Equal(t, []string{"", "base", "v1"}, segments[:3])
		back, err := url.PathUnescape(segments[3])
		require.NoError(t, err)
		require.Equal(t, id, back)
		require.Empty(t, again.RawQuery+again.Fragment)
	})
}
