package api

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// keyed authorises with a header of the platform's own, which no HTTP client takes away
// when it is redirected.
func keyed() http.Header { return http.Header{"X-Api-Key": {"key-4711"}} }

// H07 and H08: no redirect is followed, wherever it points and whatever was sent, nor
// when the given client would follow it; the error names the host and nothing else.
func TestH07H08Redirects(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			t.Run(fmt.Sprintf("%s %d", method, status), func(t *testing.T) {
				t.Parallel()
				var followed atomic.Int32
				other := serve(t, func(http.ResponseWriter, *http.Request) { followed.Add(1) })
				var calls atomic.Int32
				srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
					calls.Add(1)
					assert.Equal(t, "Bearer token-4711", r.Header.Get("Authorization"))
					w.Header().Set("Location", strings.Replace(other.URL, "http://", "http://user:password@", 1)+"/path?code=code-4711#f")
					w.WriteHeader(status)
				})
				jar, err := cookiejar.New(nil)
				require.NoError(t, err)
				client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
				e := newEngine(t, srv.URL, Bearer(static("token-4711")), shotengai.WithHTTPClient(client))
				err = e.Do(t.Context(), Request{Operation: method + " /v1", Header: keyed(), Body: map[string]int{"a": 1}}, nil)
				require.ErrorIs(t, err, shotengai.ErrUnavailable)
				assert.Equal(t, status, asShop(t, err).StatusCode)
				assert.Contains(t, err.Error(), "a redirect to "+strings.TrimPrefix(other.URL, "http://")+" was not followed")
				for _, secret := range []string{"-4711", "password", "path", "user"} {
					assert.NotContains(t, err.Error(), secret)
				}
				assert.Zero(t, followed.Load())
				assert.EqualValues(t, 1, calls.Load(), "nor repeated")
			})
		}
	}
}

func TestRedirectWithoutATarget(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"", "/login", "http://[::1", "http://a b/"} {
		srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{location}
			w.WriteHeader(302)
		})
		err := newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1"}, nil)
		require.ErrorIs(t, err, shotengai.ErrUnavailable, location)
		require.ErrorContains(t, err, "a redirect was not followed", location)
	}
}

func TestPublicClientFollowsNothing(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, PublicClient().CheckRedirect(nil, nil), http.ErrUseLastResponse)
	srv := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("reached") })
	req, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL, nil)
	require.NoError(t, err)
	_, err = PublicClient().Do(req)
	require.ErrorContains(t, err, "127.0.0.1 is not a public address")
}
