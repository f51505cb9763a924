package stores_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/stores"
)

// storage hands out tickets and takes uploads, whose forms it passes on.
type storage func(form *http.Request)

func (s storage) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/storage" {
		s(r)
		return always{201, ""}.RoundTrip(r)
	}
	return always{200, `{"signature":{"key":"k"},"post_endpoint":"http://127.0.0.1/storage"}`}.RoundTrip(r)
}

func (s storage) client(t *testing.T) *stores.Client {
	t.Helper()
	client, err := stores.NewClient(static("token"), shotengai.WithTestServer("http://127.0.0.1"), shotengai.WithLimiter(nil),
		shotengai.WithHTTPClient(&http.Client{Transport: s}))
	require.NoError(t, err)
	return client
}

// An image is kept once while it is uploaded, however it comes.
func TestUploadKeepsTheImageOnce(t *testing.T) { //nolint:paralleltest // what other tests allocate would be counted
	if raced {
		t.Skip("the race detector allocates")
	}
	client := storage(func(form *http.Request) { _, _ = io.Copy(io.Discard, form.Body) }).client(t)
	for _, size := range []int{1 << 20, stores.MaxImageSize} {
		image := png + strings.Repeat("x", size-len(png))
		allocated := testing.Benchmark(func(b *testing.B) {
			for b.Loop() {
				_, err := client.Images.Upload(t.Context(), "a.png", io.MultiReader(strings.NewReader(image)))
				require.NoError(t, err)
			}
		}).AllocedBytesPerOp()
		t.Logf("an image of %d bytes: %d allocated", size, allocated)
		assert.LessOrEqual(t, float64(allocated), 1.1*float64(size))
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
