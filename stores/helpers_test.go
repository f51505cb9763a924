package stores_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// credential has the "=" that a credential may end in.
const credential = "c3RvcmVz=="

func static(token string) oauth2.TokenSource {
	return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
}

// sent is what a call put on the wire.
type sent struct {
	method, path, query, body string
	header                    http.Header
}

// record answers every request alike and keeps the last one. The base URL has a path, so
// that calls which do not stand on it fail.
func record(t *testing.T, status int, answer string, opts ...shotengai.Option) (*stores.Client, *sent) {
	t.Helper()
	last := &sent{}
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		*last = sent{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header}
		reply(w, status, answer)
	}, opts...)
	return client, last
}

func serve(t *testing.T, handle http.HandlerFunc, opts ...shotengai.Option) *stores.Client {
	t.Helper()
	srv := httptest.NewServer(http.StripPrefix("/base", handle))
	t.Cleanup(srv.Close)
	base := []shotengai.Option{shotengai.WithTestServer(srv.URL + "/base"), shotengai.WithLimiter(nil)}
	client, err := stores.NewClient(static(credential), append(base, opts...)...)
	require.NoError(t, err)
	return client
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// fake runs storestest and a client that fails at members it does not know.
func fake(t *testing.T, opts ...storestest.Option) (*storestest.Server, *stores.Client) {
	t.Helper()
	srv := storestest.NewServer(opts...)
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithStrictDecoding(), shotengai.WithLimiter(nil))
	require.NoError(t, err)
	return srv, client
}

func golden(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return data
}

// rows reads the elements of the one list in a golden file.
func rows(t testing.TB, name, list string) []json.RawMessage {
	t.Helper()
	var file map[string][]json.RawMessage
	require.NoError(t, json.Unmarshal(golden(t, name), &file))
	require.NotEmpty(t, file[list])
	return file[list]
}

// once is a policy without repeats.
func once() shotengai.Option { return shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}) }
