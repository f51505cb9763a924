//go:build !race

package rakuten_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// instant answers every call at once with a body of JSON.
type instant []byte

func (i instant) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(bytes.NewReader(i)), ContentLength: int64(len(i)),
	}, nil
}

// A hundred orders cost the answer and what json.Unmarshal makes of it: they are not copied.
func TestBytesPerOrders(t *testing.T) { //nolint:paralleltest // what other tests allocate would be counted
	srv := rakutentest.NewServer(rakutentest.WithOrders(100), rakutentest.WithoutRateLimits())
	defer srv.Close()
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	params := rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(srv.Now().AddDate(0, 0, -60)), EndDatetime: rakuten.At(srv.Now()), Pagination: &rakuten.SearchPage{RequestRecordsAmount: 100}}
	page, err := client.Orders.Search(t.Context(), params)
	require.NoError(t, err)
	require.Len(t, page.Items, 100)
	var answer shotengai.Response
	_, err = client.Orders.GetBatch(t.Context(), page.Items, shotengai.WithResponse(&answer))
	require.NoError(t, err)

	plain := bytesOf(func() {
		var out struct {
			Messages []rakuten.OrderMessage `json:"MessageModelList"`
			Orders   []rakuten.Order        `json:"OrderModelList"`
		}
		require.NoError(t, json.Unmarshal(answer.Body, &out))
	})
	license := rakuten.StaticLicense(rakuten.License{ServiceSecret: "SP", Key: "SL"})
	client, err = rakuten.NewClient(license, shotengai.WithLimiter(nil), shotengai.WithHTTPClient(&http.Client{Transport: instant(answer.Body)}))
	require.NoError(t, err)
	ours := bytesOf(func() {
		orders, err := client.Orders.GetBatch(t.Context(), page.Items)
		require.NoError(t, err)
		require.Len(t, orders.Items, 100)
	})
	t.Logf("%d bytes of JSON: json.Unmarshal allocates %d bytes, GetBatch %d", len(answer.Body), plain, ours)
	assert.LessOrEqual(t, ours, plain+uint64(len(answer.Body))+64<<10)
}

// bytesOf returns how many bytes a call of f allocates.
func bytesOf(f func()) uint64 {
	const runs = 20
	f() // what is made once
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / runs
}
