package makeshop_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

// always answers every request at once with the same body.
type always struct{ body []byte }

func (a always) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(a.body)),
		Body: io.NopCloser(bytes.NewReader(a.body)), Request: r,
	}, nil
}

func memoryClient(tb testing.TB, body []byte) *makeshop.Client {
	tb.Helper()
	client, err := makeshop.NewClient(makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey}, makeshop.PersistentToken(token),
		shotengai.WithLimiter(nil), shotengai.WithHTTPClient(&http.Client{Transport: always{body}}))
	require.NoError(tb, err)
	return client
}

// ownProducts is the data of a query of the app's own.
type ownProducts struct {
	SearchProduct struct {
		Products []struct {
			SystemCode  string `json:"systemCode"`
			ProductName string `json:"productName"`
			SellPrice   int    `json:"sellPrice"`
			Detail      string `json:"detail"`
		} `json:"products" rows:"systemCode"`
	} `json:"searchProduct"`
}

const productsQuery = "query searchProduct { searchProduct(input: {limit: 1000}) { products { systemCode productName sellPrice detail } } }"

// thousandProducts is an answer to productsQuery.
func thousandProducts() []byte {
	rows := make([]string, 1000)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"systemCode":"%012d","productName":"桐の下駄 %d","sellPrice":%d,"detail":"職人が一足ずつ仕上げました。サイズ違いの交換は一回まで承ります。"}`, i, i, 100+i)
	}
	return []byte(`{"data":{"searchProduct":{"products":[` + strings.Join(rows, ",") + `]}}}`)
}

func BenchmarkQuery(b *testing.B) {
	body := thousandProducts()
	b.Run("json.Unmarshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var out struct {
				Data ownProducts `json:"data"`
			}
			if err := json.Unmarshal(body, &out); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Query", func(b *testing.B) {
		client := memoryClient(b, body)
		b.ReportAllocs()
		for b.Loop() {
			var out ownProducts
			if err := client.Query(b.Context(), productsQuery, nil, &out); err != nil {
				b.Fatal(err)
			}
		}
	})
}
