package colorme_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/colorme"
)

func serve(t *testing.T, handler http.HandlerFunc, opts ...colorme.Option) *colorme.Client {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	opts = append([]colorme.Option{colorme.WithTestServer(srv.URL + "/base"), colorme.WithLimiter(nil), colorme.WithStrictDecoding()}, opts...)
	client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"}), opts...)
	require.NoError(t, err)
	return client
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func TestSalesList(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "GET", r.Method)
		assert.Equal(t, "/base/v1/sales", r.URL.Path)
		assert.Equal(t, "Bearer token", r.Header.Get("Authorization"))
		assert.Equal(t, "1,2", r.URL.Query().Get("ids"))
		assert.Equal(t, "2026-01-01 09:00:00", r.URL.Query().Get("make_date_min"))
		assert.Equal(t, "false", r.URL.Query().Get("paid"))
		assert.Len(t, r.URL.Query(), 3)
		answer(w, 200, `{"sales":[{"id":1,"memo":null}],"meta":{"total":1,"limit":10,"offset":0}}`)
	})
	page, err := client.Sales.List(t.Context(), colorme.ListSalesParams{
		IDs: colorme.IDs{1, 2}, Paid: new(false), MakeDateMin: colorme.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)),
	})
	require.NoError(t, err)
	assert.Equal(t, 1, page.Total)
	assert.Equal(t, int64(1), page.Items[0].ID)
}

func TestSalesAllNeedsAStart(t *testing.T) {
	t.Parallel()
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a call was sent") })
	for _, err := range client.Sales.All(t.Context(), colorme.ListSalesParams{}) {
		require.ErrorIs(t, err, colorme.ErrInvalid)
		assert.ErrorContains(t, err, "no start date")
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 404, `{"errors":[{"code":404100,"message":"not there","status":404}]}`)
	})
	_, err := client.Sales.Get(t.Context(), 1)
	require.ErrorIs(t, err, colorme.ErrNotFound)
	assert.EqualError(t, err, "colorme: GET /base/v1/sales/1: 404 not found (404100): not there")
}
