package colorme_test

import (
	"errors"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"weak"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// A limit that is too large is clamped without a word: the walk goes on by the limit in
// force and loses no row.
func TestSalesAllAdvancesByTheLimitInForce(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t, colormetest.WithSales(250))
	var n atomic.Int64
	seen := map[int64]bool{}
	before := len(srv.Requests())
	for sale, err := range client.Sales.All(t.Context(), colorme.ListSalesParams{MakeDateMin: colorme.At(srv.Now().AddDate(-2, 0, 0)), Limit: 500}, shotengai.WithRequestCount(&n)) {
		require.NoError(t, err)
		require.False(t, seen[sale.ID])
		seen[sale.ID] = true
	}
	assert.Len(t, seen, 250)
	assert.EqualValues(t, 3, n.Load())
	for i, r := range srv.Requests()[before:] {
		assert.Equal(t, "500", r.Query.Get("limit"))
		if i > 0 {
			assert.Equal(t, strconv.Itoa(100*i), r.Query.Get("offset"))
		}
	}
}

// Without a start date the platform sends 7 days: that has to be asked for by name.
func TestSalesAllRecent(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t, colormetest.WithSales(60))
	count := func(p colorme.ListSalesParams) (n int) {
		for _, err := range client.Sales.All(t.Context(), p) {
			require.NoError(t, err)
			n++
		}
		return n
	}
	recent := count(colorme.ListSalesParams{Recent: true})
	assert.Positive(t, recent)
	assert.Less(t, recent, 60)
	assert.Equal(t, 60, count(colorme.ListSalesParams{MakeDateMin: colorme.At(srv.Now().AddDate(-1, 0, 0))}))
	assert.Equal(t, 60, count(colorme.ListSalesParams{After: colorme.At(srv.Now().AddDate(-1, 0, 0))}), "after is a synonym")
}

// A page that cannot be had ends the walk with the place to go on from.
func TestSalesAllResumes(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t, colormetest.WithSales(250))
	params := colorme.ListSalesParams{MakeDateMin: colorme.At(srv.Now().AddDate(-2, 0, 0))}
	srv.Fail(1, shotengaitest.Fault{Status: 422, Body: `{"errors":[{"code":422001,"message":"no"}]}`, Match: func(r shotengaitest.Request) bool { return r.Query.Get("offset") == "100" }})
	seen, faults := map[int64]bool{}, 0
	for range 2 {
		for sale, err := range client.Sales.All(t.Context(), params) {
			if err != nil {
				faults++
				page, ok := errors.AsType[*shotengai.PageError](err)
				require.True(t, ok)
				require.ErrorIs(t, err, shotengai.ErrInvalid)
				_, ok = errors.AsType[*shotengai.Error](err)
				require.True(t, ok)
				assert.Equal(t, 100, page.Offset)
				assert.Len(t, seen, 100)
				params.Offset = page.Offset
				continue
			}
			require.False(t, seen[sale.ID])
			seen[sale.ID] = true
		}
	}
	assert.Equal(t, 1, faults)
	assert.Len(t, seen, 250)
}

// All products with their variants and stock take one request for every 50, and the
// memory of one page.
func TestProductsAllHoldsOnePage(t *testing.T) {
	t.Parallel()
	const products = 10_000
	srv := colormetest.NewServer(colormetest.WithoutRateLimits(), colormetest.WithProducts(products), colormetest.WithSales(0))
	defer srv.Close()
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	var n atomic.Int64
	var pages []weak.Pointer[colorme.Product] // the first product of each page
	count, variants, most := 0, 0, 0
	for product, err := range client.Products.All(t.Context(), colorme.ListProductsParams{}, shotengai.WithRequestCount(&n)) {
		require.NoError(t, err)
		if count%50 == 0 {
			pages = append(pages, weak.Make(product))
		}
		if count%1000 == 999 {
			runtime.GC()
			alive := 0
			for _, p := range pages {
				if p.Value() != nil {
					alive++
				}
			}
			most = max(most, alive)
			runtime.KeepAlive(product)
		}
		count++
		variants += len(product.Variants)
	}
	assert.Equal(t, products, count)
	assert.Positive(t, variants)
	assert.EqualValues(t, products/50, n.Load())
	assert.LessOrEqual(t, most, 1)
}

// Rows stay apart however few of their members are asked for.
func TestAllAsksForWhatTellsRowsApart(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t, colormetest.WithProducts(60))
	count := 0
	for product, err := range client.Products.All(t.Context(), colorme.ListProductsParams{Fields: colorme.Fields{"name"}}) {
		require.NoError(t, err)
		assert.NotZero(t, product.ID)
		assert.Nil(t, product.ImageURL)
		count++
	}
	assert.Equal(t, 60, count)
	all := srv.Requests()
	assert.Equal(t, "name,id", all[len(all)-1].Query.Get("fields"))

	whole, narrow := 0, 0
	for _, err := range client.Stocks.All(t.Context(), colorme.ListStocksParams{}) {
		require.NoError(t, err)
		whole++
	}
	for _, err := range client.Stocks.All(t.Context(), colorme.ListStocksParams{Fields: colorme.Fields{"stocks"}, Limit: 7}) {
		require.NoError(t, err)
		narrow++
	}
	assert.Equal(t, whole, narrow)
}

// A page that lacks rows does not keep the later ones back, and is reported at the end.
func TestAllOfPagesThatLackRows(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"":  `{"products":[{"id":1},{"id":2}],"meta":{"total":7,"limit":2,"offset":0}}`,
		"2": `{"products":[],"meta":{"total":7,"limit":2,"offset":2}}`,
		"4": `{"products":[{"id":5}],"meta":{"total":7,"limit":2,"offset":4}}`,
		"6": `{"products":[{"id":7}],"meta":{"total":7,"limit":2,"offset":6}}`,
	}
	client := serve(t, func(w http.ResponseWriter, r *http.Request) { answer(w, 200, pages[r.URL.Query().Get("offset")]) })
	var ids []int64
	var last error
	for product, err := range client.Products.All(t.Context(), colorme.ListProductsParams{}) {
		if last = err; err == nil {
			ids = append(ids, product.ID)
		}
	}
	assert.Equal(t, []int64{1, 2, 5, 7}, ids)
	require.ErrorContains(t, last, "the platform counted 7 rows and did not send 3 of them")
}

// One order that leaves the selection moves the others up by one: the walk does not end as
// if it had seen them all. What was read ahead before is still in its place.
func TestAllNoticesRowsThatLeft(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]shotengai.CallOption{nil, {shotengai.WithoutReadAhead()}} {
		srv, client := startFake(t, colormetest.WithSales(250))
		params := colorme.ListSalesParams{MakeDateMin: colorme.At(srv.Now().AddDate(-2, 0, 0)), Canceled: new(false)}
		rows := 0
		var last error
		for sale, err := range client.Sales.All(t.Context(), params, opts...) {
			if last = err; err != nil {
				break
			}
			if rows++; rows == 10 {
				_, err := client.Sales.Cancel(t.Context(), sale.ID, false)
				require.NoError(t, err)
			}
		}
		require.ErrorIs(t, last, shotengai.ErrRowsMoved)
		if opts == nil && rows != 100 {
			assert.Equal(t, 200, rows)
			continue
		}
		assert.Equal(t, 100, rows)
	}
}

func TestAllOfOddPages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reply string
		rows  int
		is    error
		text  string
	}{
		"a reply that repeats a page": {`{"products":[{"id":1},{"id":2}],"meta":{"total":9,"limit":2,"offset":OFFSET}}`, 2, shotengai.ErrPageRepeated, ""},
		"an offset that stays at 0":   {`{"products":[{"id":1},{"id":2}],"meta":{"total":9,"limit":2,"offset":0}}`, 2, shotengai.ErrPageRepeated, ""},
		"a limit of 0":                {`{"products":[],"meta":{"total":9,"limit":0,"offset":0}}`, 0, shotengai.ErrPageRepeated, ""},
		"rows that left the list":     {`{"products":[{"id":OFFSET1},{"id":OFFSET2}],"meta":{"total":TOTAL,"limit":2,"offset":OFFSET}}`, 2, shotengai.ErrRowsMoved, "passed over"},
		"another page":                {`{"products":[{"id":OFFSET1},{"id":OFFSET2}],"meta":{"total":9,"limit":2,"offset":OFFSET0}}`, 2, nil, "does not begin at the row"},
		"an error inside a success":   {`{"errors":[{"code":500000,"message":"だめ"}]}`, 0, nil, "nothing of what was asked for"},
		"nothing":                     {`{}`, 0, nil, "nothing of what was asked for"},
		"nulls":                       {`{"products":null,"meta":null}`, 0, nil, "nothing of what was asked for"},
		"no meta":                     {`{"products":[{"id":1}]}`, 0, nil, "does not say how many rows"},
		"truncated":                   {`{"products":[{"id":1},{"i`, 0, nil, "cannot be read"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if calls++; calls > 10 {
					t.Error("it loops")
				}
				offset := r.URL.Query().Get("offset")
				if offset == "" {
					offset = "0"
				}
				at, _ := strconv.Atoi(offset)
				answer(w, 200, strings.NewReplacer(
					"OFFSET0", strconv.Itoa(2*at), "OFFSET1", strconv.Itoa(10*at+1), "OFFSET2", strconv.Itoa(10*at+2),
					"OFFSET", offset, "TOTAL", strconv.Itoa(9-at),
				).Replace(tt.reply))
			}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
			rows := 0
			var last error
			for _, err := range client.Products.All(t.Context(), colorme.ListProductsParams{}) {
				if last = err; err == nil {
					rows++
				}
			}
			require.Error(t, last)
			_, ok := errors.AsType[*shotengai.PageError](last)
			assert.True(t, ok)
			if tt.is != nil {
				require.ErrorIs(t, last, tt.is)
			}
			assert.ErrorContains(t, last, tt.text)
			assert.Equal(t, tt.rows, rows)
		})
	}
}
