package fake_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/fake"
)

func TestSender(t *testing.T) {
	t.Parallel()
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Ends", strconv.FormatBool(r.Close))
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	t.Cleanup(app.Close)
	given := app.Client()
	for name, client := range map[string]*http.Client{"none given": nil, "given": given} {
		sender := fake.Sender(client)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, app.URL, nil)
		require.NoError(t, err)
		resp, err := sender.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, http.StatusFound, resp.StatusCode, name)
		assert.Equal(t, strconv.FormatBool(client == nil), resp.Header.Get("X-Ends"), name)
	}
	assert.Nil(t, given.CheckRedirect, "the given client stays as it was")
}
