package fake_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/fake"
)

func TestPost(t *testing.T) {
	t.Parallel()
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		w.Header().Set("X-Ends", strconv.FormatBool(r.Close))
		w.Header().Set("X-Received", r.Method+" "+r.Header.Get("X-Signature")+" "+string(body))
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
		_, _ = io.WriteString(w, strings.Repeat("x", 100<<10))
	}))
	t.Cleanup(app.Close)
	given := app.Client()
	header := http.Header{"X-Signature": {"s"}}
	for name, client := range map[string]*http.Client{"none given": nil, "given": given} {
		answer, err := fake.Post(t.Context(), client, app.URL, header, []byte("body"))
		require.NoError(t, err)
		assert.Equal(t, http.StatusFound, answer.Status, name)
		assert.Equal(t, "POST s body", answer.Header.Get("X-Received"), name)
		assert.Equal(t, strconv.FormatBool(client == nil), answer.Header.Get("X-Ends"), name)
		assert.Len(t, answer.Body, 64<<10, name)
	}
	assert.Nil(t, given.CheckRedirect, "the given client stays as it was")
	assert.Len(t, header, 1, "so does the header")

	_, err := fake.Post(t.Context(), nil, "::", nil, nil)
	require.Error(t, err)
	app.Close()
	_, err = fake.Post(t.Context(), nil, app.URL, nil, nil)
	require.Error(t, err)
}
