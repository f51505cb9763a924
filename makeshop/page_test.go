package makeshop_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

// pages serves products by page: body decides what page number n has.
func pages(t *testing.T, body func(n int) string) (*makeshop.Client, *int) {
	t.Helper()
	return paged(t, func(n, _ int) string { return body(n) })
}

// paged serves products by page and limit.
func paged(t *testing.T, body func(n, limit int) string) (*makeshop.Client, *int) {
	t.Helper()
	asked := new(int)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Variables struct {
				Input struct {
					Page  int `json:"page"`
					Limit int `json:"limit"`
				} `json:"input"`
			} `json:"variables"`
		}
		_ = json.NewDecoder(r.Body).Decode(&in)
		*asked++
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body(in.Variables.Input.Page, in.Variables.Input.Limit)))
	}))
	t.Cleanup(srv.Close)
	client, err := makeshop.NewClient(makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey},
		makeshop.PersistentToken(token), shotengai.WithTestServer(srv.URL), impatient)
	require.NoError(t, err)
	return client, asked
}

// products are the rows from..to (without to) of total.
func products(from, to, total int) string {
	rows := make([]string, 0, to-from)
	for i := from; i < to; i++ {
		rows = append(rows, fmt.Sprintf(`{"systemCode":"%012d"}`, i))
	}
	return fmt.Sprintf(`{"data":{"searchProduct":{"products":[%s],"searchedCount":%d}}}`, strings.Join(rows, ","), total)
}

func codes(t *testing.T, client *makeshop.Client, params makeshop.ListProductsParams) ([]string, error) {
	t.Helper()
	var got []string
	for product, err := range client.Products.All(t.Context(), params) {
		if err != nil {
			return got, err
		}
		got = append(got, product.SystemCode)
	}
	return got, nil
}

func TestAllGoesOnPastShortPages(t *testing.T) {
	t.Parallel()
	client, asked := pages(t, func(n int) string { return products((n-1)*200, min(n*200, 845), 845) })
	got, err := codes(t, client, makeshop.ListProductsParams{Limit: 1000})
	require.NoError(t, err)
	assert.Len(t, got, 845, "the platform returns 200 a page although 1,000 were asked for")
	assert.Equal(t, 5, *asked, "all rows seen: no further page is asked for")
}

// Where pages end before the count, the row after those seen tells why. If the platform returns
// 200 rows a page, and counts its pages by the limit that was asked for, it is there, and rows
// between the pages are never returned. If the count is too high, it is not.
func TestAllReportsRowsThatArePassedOver(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rows, count int
		fails       string
		got         int
	}{
		"one page":         {845, 845, "200 of 845 rows on pages of up to 1000", 200},
		"several pages":    {2845, 2845, "600 of 2845 rows on pages of up to 1000", 600},
		"a count too high": {150, 151, "", 150},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := paged(t, func(n, limit int) string {
				from := min((n-1)*limit, tt.rows)
				return products(from, min(from+min(limit, 200), tt.rows), tt.count)
			})
			got, err := codes(t, client, makeshop.ListProductsParams{Limit: 1000})
			assert.Len(t, got, tt.got)
			if tt.fails == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.fails)
			require.ErrorContains(t, err, "ask for a smaller limit")
			var page *shotengai.PageError
			require.ErrorAs(t, err, &page)
			assert.Equal(t, 1, page.Offset, "nothing is complete")
		})
	}
}

func TestAllEndsAtAnEmptyPage(t *testing.T) {
	t.Parallel()
	client, asked := pages(t, func(n int) string { return products((n-1)*2, max(min(n*2, 5), (n-1)*2), 9) })
	got, err := codes(t, client, makeshop.ListProductsParams{})
	require.NoError(t, err)
	assert.Len(t, got, 5, "searchedCount promises more than there is")
	assert.Equal(t, 4, *asked)
}

func TestAllReportsARepeatedPage(t *testing.T) {
	t.Parallel()
	client, asked := pages(t, func(int) string { return products(0, 2, 9) })
	got, err := codes(t, client, makeshop.ListProductsParams{})
	require.ErrorIs(t, err, shotengai.ErrPageRepeated)
	var page *shotengai.PageError
	require.ErrorAs(t, err, &page)
	assert.Equal(t, 2, page.Offset)
	assert.Len(t, got, 2)
	assert.Equal(t, 2, *asked)
}

func TestAllSkipsRowsThatMoved(t *testing.T) {
	t.Parallel()
	client, _ := pages(t, func(n int) string {
		if n == 1 {
			return products(0, 2, 4)
		}
		return products(max(n*2-3, 0), min(n*2-1, 4), 5) // a row came in: all move by one
	})
	got, err := codes(t, client, makeshop.ListProductsParams{})
	require.NoError(t, err)
	assert.Equal(t, []string{"000000000000", "000000000001", "000000000002", "000000000003"}, got)
}

func TestAllResumes(t *testing.T) {
	t.Parallel()
	client, asked := pages(t, func(n int) string {
		if n == 3 {
			return `{"errors":[{"message":"no"}],"data":null}`
		}
		return products((n-1)*2, max(min(n*2, 7), (n-1)*2), 7)
	})
	got, err := codes(t, client, makeshop.ListProductsParams{})
	var page *shotengai.PageError
	require.ErrorAs(t, err, &page)
	var e *shotengai.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, 3, page.Offset)
	assert.Contains(t, err.Error(), "all before offset 3 was yielded")
	assert.Len(t, got, 4)
	more, err := codes(t, client, makeshop.ListProductsParams{Page: 4})
	require.NoError(t, err)
	assert.Equal(t, []string{"000000000006"}, more)
	assert.Equal(t, 5, *asked, "how many rows came before page 4 is not known: an empty page ends it")
}

func TestAllWithoutTotal(t *testing.T) {
	t.Parallel()
	client, asked := pages(t, func(n int) string {
		if n > 2 {
			return `{"data":{"searchProductQuantity":{"productQuantities":null,"page":3}}}`
		}
		return fmt.Sprintf(`{"data":{"searchProductQuantity":{"productQuantities":[{"systemCode":"%d"},{"systemCode":null}],"page":%d,"limit":2}}}`, n, n)
	})
	count := 0
	for _, err := range client.ProductQuantities.All(t.Context(), makeshop.ListProductQuantitiesParams{}) {
		require.NoError(t, err)
		count++
	}
	assert.Equal(t, 4, count, "rows without a code are no repetition")
	assert.Equal(t, 3, *asked)
}

func TestAllStopsWithTheLoop(t *testing.T) {
	t.Parallel()
	client, asked := pages(t, func(n int) string { return products((n-1)*2, n*2, 99) })
	seq := client.Products.All(t.Context(), makeshop.ListProductsParams{})
	assert.Zero(t, *asked, "nothing is sent before the loop")
	for range 2 {
		for range seq {
			break
		}
	}
	assert.Equal(t, 2, *asked, "each loop begins anew")
	_, err := codes(t, client, makeshop.ListProductsParams{Limit: 1001})
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	assert.Equal(t, 2, *asked)
}

// Rows that leave the list while it is walked move others up, which may be passed over.
func TestAllReportsRowsThatLeft(t *testing.T) {
	t.Parallel()
	client, asked := pages(t, func(n int) string {
		if n == 1 {
			return products(0, 2, 6)
		}
		return products(n*2-1, n*2+1, 5)
	})
	got, err := codes(t, client, makeshop.ListProductsParams{})
	require.ErrorIs(t, err, shotengai.ErrRowsMoved)
	var page *shotengai.PageError
	require.ErrorAs(t, err, &page)
	assert.Equal(t, []string{"000000000000", "000000000001"}, got)
	assert.Equal(t, 2, *asked)
}
