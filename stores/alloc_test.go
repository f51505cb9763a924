package stores_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/stores"
)

// TestAllocations holds what a call costs above the same call written on net/http.
func TestAllocations(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates")
	}
	const ceiling = 15
	body := `{"id":"5f0000000000000000000001","name":"商店街ストア"}`
	transport := always{200, body}
	client, err := stores.NewClient(static("token"), shotengai.WithHTTPClient(&http.Client{Transport: transport}), shotengai.WithLimiter(nil))
	require.NoError(t, err)
	ctx := t.Context()
	bare := testing.AllocsPerRun(200, func() {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://api.stores.dev/retail/202211/store", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer token")
		resp, err := (&http.Client{Transport: transport}).Do(req)
		require.NoError(t, err)
		var buf bytes.Buffer
		_, err = io.Copy(&buf, resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		var out stores.Store
		require.NoError(t, json.Unmarshal(buf.Bytes(), &out))
	})
	ours := testing.AllocsPerRun(200, func() {
		_, err := client.Store.Get(ctx)
		require.NoError(t, err)
	})
	if ours > bare+ceiling {
		t.Errorf("Store.Get allocates %.0f times, net/http %.0f times: more than %d above", ours, bare, ceiling)
	}
}

func BenchmarkDecodeOrders(b *testing.B) {
	data := golden(b, "orders.json")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var out struct {
			Orders []stores.Order `json:"orders"`
		}
		require.NoError(b, json.Unmarshal(data, &out))
	}
}
