package colorme_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// exchange is one call: what has to be sent, what comes back, what is made of it.
type exchange struct {
	call   func(ctx context.Context, c *colorme.Client) (any, error)
	method string
	path   string
	query  string // decoded, in the order of the names
	body   string // JSON; empty for no body

	status int
	reply  string
	want   any // the result; nil when it is not looked at
}

func runExchanges(t *testing.T, exchanges map[string]exchange) {
	t.Helper()
	for name, x := range exchanges {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				calls++
				assert.Equal(t, x.method, r.Method)
				assert.Equal(t, "/base"+x.path, r.URL.EscapedPath())
				query, err := url.QueryUnescape(r.URL.RawQuery)
				assert.NoError(t, err)
				assert.Equal(t, x.query, query)
				assert.Equal(t, "Bearer token", r.Header.Get("Authorization"))
				body, err := io.ReadAll(r.Body)
				assert.NoError(t, err)
				if x.body == "" {
					assert.Empty(t, body)
					assert.Empty(t, r.Header.Get("Content-Type"))
				} else {
					assert.JSONEq(t, x.body, string(body))
					assert.Equal(t, "application/json; charset=utf-8", r.Header.Get("Content-Type"))
				}
				if x.reply == "" {
					w.WriteHeader(x.status)
					return
				}
				answer(w, x.status, x.reply)
			})
			got, err := x.call(t.Context(), client)
			require.NoError(t, err)
			assert.Equal(t, 1, calls)
			if x.want != nil {
				assert.Equal(t, x.want, got)
			}
		})
	}
}

// only makes a result of a call that has none.
func only(err error) (any, error) { return nil, err }

// refusal is a call that is refused before anything is sent.
type refusal struct {
	call func(ctx context.Context, c *colorme.Client) (any, error)
	text string
}

func runRefusals(t *testing.T, refusals map[string]refusal) {
	t.Helper()
	for name, x := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a call was sent") })
			_, err := x.call(t.Context(), client)
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			require.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
			assert.ErrorContains(t, err, x.text)
		})
	}
}

// startFake starts a fake and a client that decodes strictly.
func startFake(t *testing.T, opts ...colormetest.Option) (*colormetest.Server, *colorme.Client) {
	t.Helper()
	srv := colormetest.NewServer(append([]colormetest.Option{colormetest.WithoutRateLimits()}, opts...)...)
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithStrictDecoding())
	require.NoError(t, err)
	return srv, client
}

// sameJSON holds that encoding what was decoded loses and changes no member: what the
// platform left out may come back as null or zero, and nothing else may differ.
func sameJSON(t *testing.T, sent any, decoded any) {
	t.Helper()
	data, err := json.Marshal(decoded)
	require.NoError(t, err)
	var back any
	require.NoError(t, json.Unmarshal(data, &back))
	compareJSON(t, "", sent, back)
}

func compareJSON(t *testing.T, path string, sent, back any) {
	t.Helper()
	switch sent := sent.(type) {
	case map[string]any:
		members, ok := back.(map[string]any)
		if !assert.True(t, ok, "%s: %v became %v", path, sent, back) {
			return
		}
		for name, value := range sent {
			if _, there := members[name]; assert.True(t, there, "%s.%s is lost", path, name) {
				compareJSON(t, path+"."+name, value, members[name])
			}
		}
		for name, value := range members {
			if _, known := sent[name]; !known {
				assert.True(t, value == nil || reflect.ValueOf(value).IsZero(), "%s.%s came up from nowhere: %v", path, name, value)
			}
		}
	case []any:
		rows, ok := back.([]any)
		if !assert.True(t, ok && len(rows) == len(sent), "%s: %v became %v", path, sent, back) {
			return
		}
		for i := range sent {
			compareJSON(t, path+"[]", sent[i], rows[i])
		}
	default:
		assert.Equal(t, sent, back, path)
	}
}

func serve(t *testing.T, handler http.HandlerFunc, opts ...shotengai.Option) *colorme.Client {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	opts = append([]shotengai.Option{shotengai.WithTestServer(srv.URL + "/base"), shotengai.WithLimiter(nil), shotengai.WithStrictDecoding()}, opts...)
	client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"}), opts...)
	require.NoError(t, err)
	return client
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}
