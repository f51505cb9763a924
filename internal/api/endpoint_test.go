package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/api"
)

func TestEndpointIsUsedAsGiven(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/v1/graphql", "/v1/graphql/", "/a%2Fb", "/"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Target", r.RequestURI)
				w.WriteHeader(http.StatusTeapot)
			}))
			t.Cleanup(srv.Close)
			var failure api.Failure
			e, err := api.New(api.Platform{
				Name: "test", BaseURL: "https://example.com", Endpoint: true,
				Fail: func(f *api.Failure) error { failure = *f; return f.Kind },
			}, nil, api.WithTestServer(srv.URL+path))
			require.NoError(t, err)

			require.ErrorIs(t, e.Do(t.Context(), api.Request{Method: http.MethodPost, Path: "query getShop"}, nil), api.ErrInvalid)
			assert.Equal(t, path, failure.Header.Get("X-Target"))
			assert.Equal(t, path, failure.Path)
			assert.Equal(t, "query getShop", failure.Operation)

			require.Error(t, e.Invalid(api.Request{Method: http.MethodPost, Path: "query getShop"}, nil))
			assert.Equal(t, "query getShop", failure.Operation)
			reply := &api.Reply{Method: http.MethodPost, Operation: "query getShop", StatusCode: http.StatusOK}
			require.Error(t, e.Refuse(reply, api.ErrUnavailable, nil))
			assert.Equal(t, "query getShop", failure.Operation)
		})
	}
}
