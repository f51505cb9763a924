package rakuten_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

var anyProduct = rakuten.SearchProductsParams{Keyword: new("傘")}

func TestQuirk2ProductSearchWithoutAHit(t *testing.T) {
	t.Parallel()
	var got call
	const none = `<result><status><interfaceId>product.search</interfaceId><systemStatus>NG</systemStatus><message>%s</message><requestId>r1</requestId><requests/></status></result>`
	client := serve(t, record(&got, 200, fmt.Sprintf(none, "Data not found")), shotengai.WithStrictDecoding())
	page, err := client.Products.Search(t.Context(), rakuten.SearchProductsParams{ProductIDs: []string{"4901234567894", "4901234567887"}})
	require.NoError(t, err)
	assert.Equal(t, shotengai.Page[rakuten.Product]{Total: new(0)}, *page)
	assert.Equal(t, "/es/2.0/product/search?productId=4901234567894%2C4901234567887", got.Path+"?"+got.Query)
	for range client.Products.All(t.Context(), anyProduct) {
		t.Error("there is none")
	}

	_, err = serve(t, record(&got, 200, fmt.Sprintf(none, "Wrong genre"))).Products.Search(t.Context(), anyProduct)
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
	page, err := client.Products.Search(t.Context(), anyProduct)
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
	for _, err := range client.Products.All(t.Context(), rakuten.SearchProductsParams{GenreID: new("100")}) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 3, n)
	assert.Equal(t, []string{"genreId=100&limit=30", "genreId=100&limit=30&offset=30", "genreId=100&limit=30&offset=60"}, queries)
}

// A search that the platform would refuse is not sent.
func TestProductSearchIsCheckedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 500, ""))
	for name, params := range map[string]rakuten.SearchProductsParams{
		"no criterion":    {SortBy: new(rakuten.ProductsByPrice), Offset: 30, Limit: 30},
		"empty criterion": {Keyword: new(""), GenreID: new(""), MakerName: new("")},
		"31 ids":          {ProductIDs: slices.Repeat([]string{"4901234567894"}, 31)},
		"31 rows":         {Keyword: new("傘"), Limit: 31},
		"negative row":    {Keyword: new("傘"), Offset: -1},
	} {
		_, err := client.Products.Search(t.Context(), params)
		require.ErrorIs(t, err, shotengai.ErrInvalid, name)
		assert.Empty(t, got.Path, name)
	}
}

func TestProductSearchSpellsItsQuery(t *testing.T) {
	t.Parallel()
	const none = `<result><status><systemStatus>NG</systemStatus><message>Data not found</message></status></result>`
	day := &shotengai.Date{Year: 2026, Month: 1, Day: 31}
	for _, test := range []struct {
		params rakuten.SearchProductsParams
		key    string
		want   string
	}{
		{rakuten.SearchProductsParams{ProductIDs: slices.Repeat([]string{"1"}, 30)}, "productId", strings.Repeat("1,", 29) + "1"},
		{rakuten.SearchProductsParams{GenreID: new("/0/200162/203063")}, "genreId", "/0/200162/203063"},
		{rakuten.SearchProductsParams{Keyword: new("傘"), SortBy: new(rakuten.ProductsByPrice)}, "sortBy", "standardPriceAsc"},
		{rakuten.SearchProductsParams{ReleaseDateFrom: day}, "releaseDateFrom", "2026-01-31T00:00:00.000+09:00"},
		{rakuten.SearchProductsParams{ReleaseDateTo: day}, "releaseDateTo", "2026-01-31T23:59:59.999+09:00"},
	} {
		var got call
		_, err := serve(t, record(&got, 200, none)).Products.Search(t.Context(), test.params)
		require.NoError(t, err)
		query, err := url.ParseQuery(got.Query)
		require.NoError(t, err)
		assert.Equal(t, test.want, query.Get(test.key))
	}
}
