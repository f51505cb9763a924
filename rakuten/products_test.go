package rakuten_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

func TestQuirk2ProductSearchWithoutAHit(t *testing.T) {
	t.Parallel()
	var got call
	const none = `<result><status><interfaceId>product.search</interfaceId><systemStatus>NG</systemStatus><message>%s</message><requestId>r1</requestId><requests/></status></result>`
	client := serve(t, record(&got, 200, fmt.Sprintf(none, "Data not found")), shotengai.WithStrictDecoding())
	page, err := client.Products.Search(t.Context(), rakuten.SearchProductsParams{ProductID: new("4901234567894"), ReleaseDateFrom: &shotengai.Date{Year: 2026, Month: 1, Day: 2}})
	require.NoError(t, err)
	assert.Equal(t, shotengai.Page[rakuten.Product]{Total: new(0)}, *page)
	assert.Equal(t, "/es/2.0/product/search?productId=4901234567894&releaseDateFrom=2026-01-02", got.Path+"?"+got.Query)
	for range client.Products.All(t.Context(), rakuten.SearchProductsParams{}) {
		t.Error("there is none")
	}

	_, err = serve(t, record(&got, 200, fmt.Sprintf(none, "Wrong genre"))).Products.Search(t.Context(), rakuten.SearchProductsParams{})
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	require.ErrorContains(t, err, "Wrong genre")
}

func TestProductGaps(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `<result>`+statusOK+`<productSearchResult><pagination><numFound>1</numFound><offset>0</offset></pagination><products><product>`+
		`<productId>4901234567894</productId><reviewCount/><reviewAverage>4.5</reviewAverage><rank/><rankTargetGenreId>100</rankTargetGenreId><standardPrice/>`+
		`<isOpenPrice>1</isOpenPrice><taxCategory/><releaseDate>1970-01-01T09:00:00.000+09:00</releaseDate><updateDate>2024-01-31T12:34:56.789+09:00</updateDate>`+
		`</product></products></productSearchResult></result>`), shotengai.WithStrictDecoding())
	page, err := client.Products.Search(t.Context(), rakuten.SearchProductsParams{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	product := page.Items[0]
	assert.Nil(t, product.Rank, "an empty number is none")
	assert.Equal(t, new(100), product.RankTargetGenreID)
	assert.True(t, product.ReleaseDate.IsUnknown())
	assert.True(t, product.UpdateDate.Equal(time.Date(2024, 1, 31, 12, 34, 56, 789e6, shotengai.JST)))
	assert.True(t, bool(product.IsOpenPrice))
}

func TestQuirk8ProductOffsetIsARow(t *testing.T) {
	t.Parallel()
	var queries []string
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.RawQuery)
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<result>%s<productSearchResult><pagination><numFound>65</numFound></pagination><products><product><productId>%d</productId></product></products></productSearchResult></result>`, statusOK, len(queries))
	})
	n := 0
	for _, err := range client.Products.All(t.Context(), rakuten.SearchProductsParams{}) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 3, n)
	assert.Equal(t, []string{"limit=30", "limit=30&offset=30", "limit=30&offset=60"}, queries)
}
