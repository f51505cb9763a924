package colorme_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

type pageMeta struct {
	Total  int `json:"total"`
	Limit  int `json:"limit"`
	Offset int `json:"offset"`
}

type salesPage struct {
	Sales []colorme.Sale `json:"sales"`
	Meta  pageMeta       `json:"meta"`
}

type productsPage struct {
	Products []colorme.Product `json:"products"`
	Meta     pageMeta          `json:"meta"`
}

// pages are a page of 100 orders, one of 50 products, and one order, as the fake sends
// them.
func pages(tb testing.TB) (sales, products, sale []byte) {
	tb.Helper()
	srv := colormetest.NewServer(colormetest.WithoutRateLimits(), colormetest.WithSales(100), colormetest.WithProducts(50))
	defer srv.Close()
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(tb, err)
	var r shotengai.Response
	page, err := client.Sales.List(tb.Context(), colorme.ListSalesParams{MakeDateMin: colorme.At(srv.Now().AddDate(-1, 0, 0)), Limit: 100}, shotengai.WithResponse(&r))
	require.NoError(tb, err)
	require.Len(tb, page.Items, 100)
	sales = r.Body
	list, err := client.Products.List(tb.Context(), colorme.ListProductsParams{Limit: 50}, shotengai.WithResponse(&r))
	require.NoError(tb, err)
	require.Len(tb, list.Items, 50)
	products = r.Body
	_, err = client.Sales.Get(tb.Context(), page.Items[0].ID, shotengai.WithResponse(&r))
	require.NoError(tb, err)
	return sales, products, r.Body
}

// memoryClient answers every call at once.
func memoryClient(tb testing.TB, body []byte) *colorme.Client {
	tb.Helper()
	client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"}),
		shotengai.WithLimiter(nil), shotengai.WithHTTPClient(&http.Client{Transport: always{200, body}}))
	require.NoError(tb, err)
	return client
}

func mustDecode(tb testing.TB, body []byte, out any) {
	if err := json.Unmarshal(body, out); err != nil {
		tb.Fatal(err)
	}
}

func mustList[T any](tb testing.TB) func(*T, error) {
	return func(_ *T, err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// A page costs what plain decoding of it costs, and the call itself.
func TestAllocsPerPage(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	sales, products, _ := pages(t)
	ctx := t.Context()

	plain := testing.AllocsPerRun(20, func() { mustDecode(t, sales, new(salesPage)) })
	client := memoryClient(t, sales)
	list := testing.AllocsPerRun(20, func() {
		mustList[shotengai.Page[colorme.Sale]](t)(client.Sales.List(ctx, colorme.ListSalesParams{Limit: 100}))
	})
	t.Logf("100 sales: json.Unmarshal %v, list %v", plain, list)
	assert.LessOrEqual(t, list, 1.05*plain)

	plain = testing.AllocsPerRun(20, func() { mustDecode(t, products, new(productsPage)) })
	client = memoryClient(t, products)
	list = testing.AllocsPerRun(20, func() {
		mustList[shotengai.Page[colorme.Product]](t)(client.Products.List(ctx, colorme.ListProductsParams{Limit: 50}))
	})
	t.Logf("50 products: json.Unmarshal %v, list %v", plain, list)
	assert.LessOrEqual(t, list, 1.05*plain)
}

// One order costs at most 15 allocations more than the same call on bare net/http.
func TestAllocsPerSale(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	_, _, sale := pages(t)
	bare := &http.Client{Transport: always{200, sale}}
	plain := testing.AllocsPerRun(100, func() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, colorme.BaseURL+"/v1/sales/1", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer token")
		req.Header.Set("Accept", "application/json")
		req.Header.Set("User-Agent", "app")
		resp, err := bare.Do(req)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		var out struct {
			Sale colorme.Sale `json:"sale"`
		}
		mustDecode(t, body, &out)
	})
	client := memoryClient(t, sale)
	got := testing.AllocsPerRun(100, func() { mustList[colorme.Sale](t)(client.Sales.Get(t.Context(), 1)) })
	t.Logf("bare %v, Get %v", plain, got)
	assert.LessOrEqual(t, got-plain, 15.0)
}

func BenchmarkListSales100(b *testing.B) {
	sales, _, _ := pages(b)
	b.Run("json.Unmarshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			mustDecode(b, sales, new(salesPage))
		}
	})
	client := memoryClient(b, sales)
	b.Run("list", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			mustList[shotengai.Page[colorme.Sale]](b)(client.Sales.List(b.Context(), colorme.ListSalesParams{Limit: 100}))
		}
	})
}

func BenchmarkListProducts50(b *testing.B) {
	_, products, _ := pages(b)
	b.Run("json.Unmarshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			mustDecode(b, products, new(productsPage))
		}
	})
	client := memoryClient(b, products)
	b.Run("list", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			mustList[shotengai.Page[colorme.Product]](b)(client.Products.List(b.Context(), colorme.ListProductsParams{Limit: 50}))
		}
	})
}
