package api_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
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
			e, err := api.New(&api.Platform{Name: "test", BaseURL: "https://example.com", Endpoint: true}, nil, shotengai.WithTestServer(srv.URL+path))
			require.NoError(t, err)
			var seen shotengai.Response
			failure := func(err error) *shotengai.Error {
				failed, ok := errors.AsType[*shotengai.Error](err)
				require.True(t, ok)
				assert.Equal(t, "query getShop", failed.Operation)
				assert.Equal(t, http.MethodPost, failed.Method)
				return failed
			}

			r := api.Request{Operation: "query getShop"}
			err = e.Do(t.Context(), r, nil, shotengai.WithResponse(&seen))
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			assert.Equal(t, path, seen.Header.Get("X-Target"))
			assert.Equal(t, path, failure(err).Path)
			assert.Equal(t, "test: query getShop: 418 i'm a teapot", err.Error())

			require.Equal(t, "test: query getShop: not sent: why", failure(e.Invalid(t.Context(), r, errors.New("why"))).Error())
			reply := &api.Reply{Method: http.MethodPost, Operation: "query getShop", StatusCode: http.StatusOK}
			require.ErrorIs(t, failure(e.Refuse(reply, shotengai.ErrUnavailable, nil)), shotengai.ErrUnavailable)
		})
	}
}
