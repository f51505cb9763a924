package colorme_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// outcomes are the errors of a stock run, row by row.
func outcomes(ctx context.Context, client *colorme.Client, rows []colorme.StockRow) (errs []error) {
	for _, err := range client.Stocks.UpdateMany(ctx, rows) {
		errs = append(errs, err)
	}
	return errs
}

func puts(srv *colormetest.Server) (n int) {
	for _, r := range srv.Requests() {
		if r.Method == http.MethodPut {
			n++
		}
	}
	return n
}

func newProducts(srv *colormetest.Server, n int) []int64 {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = srv.Shop().AddProduct(map[string]any{"name": "湯のみ", "stock_managed": true, "stocks": 10})
	}
	return ids
}

func TestUpdateManySendsOneCallForEachProduct(t *testing.T) {
	t.Parallel()
	var bodies []string
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		bodies = append(bodies, r.Method+" "+r.URL.Path+" "+string(body))
		answer(w, 200, `{"product":{"id":1}}`)
	})
	rows := []colorme.StockRow{
		{ProductID: 1, Option1Value: "赤", Stocks: colorme.SetStocks(3)},
		{ProductID: 2, Stocks: colorme.AddStocks(-1)},
		{ProductID: 1, Option1Value: "青", Option2Value: "大", Stocks: colorme.SetStocks(0)},
	}
	i := 0
	for row, err := range client.Stocks.UpdateMany(t.Context(), rows) {
		require.NoError(t, err)
		assert.Equal(t, rows[i], row, "in the order given")
		i++
	}
	assert.Equal(t, 3, i)
	assert.Equal(t, []string{
		`PUT /base/v1/products/1 {"product":{"variants":[{"option1_value":"赤","stocks":3},{"option1_value":"青","option2_value":"大","stocks":0}]}}`,
		`PUT /base/v1/products/2 {"product":{"stocks":{"increment":-1}}}`,
	}, bodies)
}

func TestUpdateManyReportsEachRow(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t)
	ids := newProducts(srv, 2)
	errs := outcomes(t.Context(), client, []colorme.StockRow{
		{ProductID: ids[0], Stocks: colorme.SetStocks(3)},
		{ProductID: 999_999_999, Stocks: colorme.SetStocks(3)},
		{ProductID: ids[1], Stocks: colorme.AddStocks(5)},
	})
	require.Len(t, errs, 3)
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], colorme.ErrNotFound)
	require.NoError(t, errs[2])
	got, err := client.Products.Get(t.Context(), ids[1])
	require.NoError(t, err)
	assert.Equal(t, new(int64(15)), got.Stocks)
}

func TestUpdateManyRefusesRowsThatCannotTravelTogether(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][]colorme.StockRow{
		"two rows for the same stock":    {{ProductID: 1, Stocks: colorme.AddStocks(1)}, {ProductID: 1, Stocks: colorme.AddStocks(1)}},
		"two rows for the same variant":  {{ProductID: 1, Option1Value: "赤", Stocks: colorme.AddStocks(1)}, {ProductID: 1, Option1Value: "赤", Stocks: colorme.SetStocks(1)}},
		"a product beside its variants":  {{ProductID: 1, Stocks: colorme.AddStocks(1)}, {ProductID: 1, Option1Value: "赤", Stocks: colorme.AddStocks(1)}},
		"a second option and no first":   {{ProductID: 1, Option2Value: "大", Stocks: colorme.AddStocks(1)}},
		"a row that says nothing":        {{ProductID: 1}},
		"a stock below zero":             {{ProductID: 1, Stocks: colorme.SetStocks(-1)}},
		"a product without a number":     {{Stocks: colorme.SetStocks(1)}},
		"a bad row without a number too": {{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := 0
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				sent++
				answer(w, 200, `{"product":{"id":2}}`)
			})
			errs := outcomes(t.Context(), client, append(rows, colorme.StockRow{ProductID: 2, Stocks: colorme.SetStocks(1)}))
			for _, err := range errs[:len(rows)] {
				require.ErrorIs(t, err, colorme.ErrInvalid)
				_, ok := errors.AsType[*colorme.Error](err)
				assert.True(t, ok)
			}
			require.NoError(t, errs[len(rows)], "other products go on")
			assert.Equal(t, 1, sent)
		})
	}
}

func TestUpdateManyStopsAtADeadToken(t *testing.T) {
	t.Parallel()
	for name, scopes := range map[string][]string{"revoked": nil, "without the scope": {colorme.ScopeReadProducts}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, _ := startFake(t)
			token := srv.Shop().Token(scopes...)
			client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}), colorme.WithTestServer(srv.URL))
			require.NoError(t, err)
			if scopes == nil {
				srv.Revoke(token)
			}
			ids := newProducts(srv, 3)
			var rows []colorme.StockRow
			for _, id := range ids {
				rows = append(rows, colorme.StockRow{ProductID: id, Stocks: colorme.SetStocks(1)})
			}
			errs := outcomes(t.Context(), client, rows)
			require.Len(t, errs, 3)
			for i, err := range errs {
				require.ErrorIs(t, err, colorme.ErrUnauthorized)
				if i > 0 {
					assert.ErrorContains(t, err, "not sent")
				}
			}
			assert.Equal(t, 1, puts(srv))
		})
	}
}

// A write of which nothing is known is reported once and not sent again; the rows after a
// cancelled context are known not to have been sent.
func TestUpdateManyUnknownAndCancelled(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t)
	ids := newProducts(srv, 4)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	srv.Fail(1, colormetest.Fault{Method: http.MethodPut, ResetAfter: true})
	var rows []colorme.StockRow
	for _, id := range ids {
		rows = append(rows, colorme.StockRow{ProductID: id, Stocks: colorme.AddStocks(1)})
	}
	var errs []error
	for _, err := range client.Stocks.UpdateMany(ctx, rows) {
		if errs = append(errs, err); len(errs) == 2 {
			cancel()
		}
	}
	require.Len(t, errs, 4)
	require.ErrorIs(t, errs[0], colorme.ErrOutcomeUnknown)
	require.NoError(t, errs[1], "other products go on")
	for _, err := range errs[2:] {
		require.ErrorIs(t, err, context.Canceled)
		require.NotErrorIs(t, err, colorme.ErrOutcomeUnknown)
	}
	assert.Equal(t, 2, puts(srv))
	got, err := client.Products.Get(t.Context(), ids[0])
	require.NoError(t, err)
	assert.Equal(t, new(int64(11)), got.Stocks, "it was carried out, once")
}

// A run of many products keeps to the platform's limit by itself.
func TestUpdateManyIsPaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := colormetest.NewServer(colormetest.InMemory())
		defer srv.Close()
		client, err := srv.Client()
		require.NoError(t, err)
		var rows []colorme.StockRow
		for _, id := range newProducts(srv, 250) {
			rows = append(rows, colorme.StockRow{ProductID: id, Stocks: colorme.SetStocks(1)})
		}
		start := time.Now()
		for _, err := range outcomes(t.Context(), client, rows) {
			require.NoError(t, err)
		}
		assert.Equal(t, 250, puts(srv), "none was refused for being too fast")
		assert.Greater(t, time.Since(start), 2*time.Minute)
	})
}

// What a product's stock does that was not asked for.
func TestUpdateManyTraps(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t)
	read := func(id int64) (product *int64, variants []*int64) {
		got, err := client.Products.Get(t.Context(), id)
		require.NoError(t, err)
		for _, v := range got.Variants {
			variants = append(variants, v.Stocks)
		}
		return got.Stocks, variants
	}
	colours := newProducts(srv, 1)[0]
	_, err := client.ProductOptions.Create(t.Context(), colours, colorme.CreateProductOptionRequest{
		Name: "色", Values: []colorme.CreateProductOptionValueRequest{{Name: "赤"}, {Name: "青"}, {Name: "緑"}},
	})
	require.NoError(t, err)
	red := colorme.StockRow{ProductID: colours, Option1Value: "赤", Stocks: colorme.SetStocks(7)}
	_, variants := read(colours)
	require.Equal(t, []*int64{nil, nil, nil}, variants)
	require.Equal(t, []error{nil}, outcomes(t.Context(), client, []colorme.StockRow{red}))
	total, variants := read(colours)
	require.Equal(t, []*int64{new(int64(7)), new(int64(0)), new(int64(0))}, variants, "the first stock sets the others to 0")

	errs := outcomes(t.Context(), client, []colorme.StockRow{{ProductID: colours, Stocks: colorme.AddStocks(5)}})
	require.ErrorIs(t, errs[0], colorme.ErrInvalid)
	require.ErrorContains(t, errs[0], "without options")
	same, unchanged := read(colours)
	assert.Equal(t, total, same)
	assert.Equal(t, variants, unchanged, "a row for the product itself is ignored")

	for range client.Stocks.UpdateMany(t.Context(), []colorme.StockRow{
		{ProductID: colours, Option1Value: "赤", Stocks: colorme.AddStocks(1)},
		{ProductID: colours, Option1Value: "青", Stocks: colorme.AddStocks(1)},
	}) {
		break
	}
	_, variants = read(colours)
	assert.Equal(t, []*int64{new(int64(8)), new(int64(1)), new(int64(0))}, variants, "the second row too")

	unlimited := srv.Shop().AddProduct(map[string]any{"stock_managed": false, "stocks": nil})
	row := []colorme.StockRow{{ProductID: unlimited, Stocks: colorme.SetStocks(5)}}
	require.Equal(t, []error{nil}, outcomes(t.Context(), client, row))
	got, err := client.Products.Get(t.Context(), unlimited)
	require.NoError(t, err)
	assert.False(t, got.StockManaged, "a row does not switch stock on")
	got, err = client.Products.Update(t.Context(), unlimited, colorme.UpdateProductRequest{StockManaged: new(true)})
	require.NoError(t, err)
	assert.True(t, got.StockManaged)
}
