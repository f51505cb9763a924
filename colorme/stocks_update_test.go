package colorme_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// states are the states of rows.
func states(results *shotengai.Results[colorme.StockKey]) (states []shotengai.RowState) {
	for _, row := range results.Rows {
		states = append(states, row.State)
	}
	return states
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
	var mu sync.Mutex
	var bodies []string
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		mu.Lock()
		defer mu.Unlock()
		bodies = append(bodies, r.Method+" "+r.URL.Path+" "+string(body))
		answer(w, 200, `{"product":{"id":1}}`)
	})
	rows := []colorme.UpdateStockRequest{
		{ProductID: 1, Option1Value: "赤", Stocks: colorme.SetStocks(3)},
		{ProductID: 2, Stocks: colorme.AddStocks(-1)},
		{ProductID: 1, Option1Value: "青", Option2Value: "大", Stocks: colorme.SetStocks(0)},
	}
	results, err := client.Stocks.UpdateMany(t.Context(), rows)
	require.NoError(t, err)
	require.NoError(t, results.Err())
	assert.Equal(t, []shotengai.Row[colorme.StockKey]{
		{Index: 0, Key: colorme.StockKey{ProductID: 1, Option1Value: "赤"}, State: shotengai.RowDone},
		{Index: 1, Key: colorme.StockKey{ProductID: 2}, State: shotengai.RowDone},
		{Index: 2, Key: colorme.StockKey{ProductID: 1, Option1Value: "青", Option2Value: "大"}, State: shotengai.RowDone},
	}, results.Rows, "in the order of the request")
	assert.ElementsMatch(t, []string{
		`PUT /base/v1/products/1 {"product":{"variants":[{"option1_value":"赤","stocks":3},{"option1_value":"青","option2_value":"大","stocks":0}]}}`,
		`PUT /base/v1/products/2 {"product":{"stocks":{"increment":-1}}}`,
	}, bodies)
}

func TestUpdateManyReportsEachRow(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t)
	ids := newProducts(srv, 2)
	results, err := client.Stocks.UpdateMany(t.Context(), []colorme.UpdateStockRequest{
		{ProductID: ids[0], Stocks: colorme.SetStocks(3)},
		{ProductID: 999_999_999, Option1Value: "赤", Stocks: colorme.SetStocks(3)},
		{ProductID: ids[1], Stocks: colorme.AddStocks(5)},
	})
	require.NoError(t, err)
	assert.Equal(t, []shotengai.RowState{shotengai.RowDone, shotengai.RowFailed, shotengai.RowDone}, states(results))
	require.ErrorIs(t, results.Err(), shotengai.ErrInvalid)
	require.ErrorContains(t, results.Err(), "row 1 (999999999 赤): failed: 指定されたリソースが見つかりません。 (404100)")
	got, err := client.Products.Get(t.Context(), ids[1])
	require.NoError(t, err)
	assert.Equal(t, new(int64(15)), got.Stocks)
}

func TestUpdateManyRefusesRowsThatCannotTravelTogether(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][]colorme.UpdateStockRequest{
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
			results, err := client.Stocks.UpdateMany(t.Context(), append(rows, colorme.UpdateStockRequest{ProductID: 2, Stocks: colorme.SetStocks(1)}))
			require.NoError(t, err)
			for _, row := range results.Rows[:len(rows)] {
				assert.Equal(t, shotengai.RowFailed, row.State)
				assert.Contains(t, row.Message, "PUT /v1/products/{id}: not sent: ")
			}
			assert.Equal(t, shotengai.RowDone, results.Rows[len(rows)].State, "other products go on")
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
			client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}), shotengai.WithTestServer(srv.URL))
			require.NoError(t, err)
			if scopes == nil {
				srv.Revoke(token)
			}
			ids := newProducts(srv, 20)
			var rows []colorme.UpdateStockRequest
			for _, id := range ids {
				rows = append(rows, colorme.UpdateStockRequest{ProductID: id, Stocks: colorme.SetStocks(1)})
			}
			results, err := client.Stocks.UpdateMany(t.Context(), rows)
			require.ErrorIs(t, err, shotengai.ErrUnauthorized)
			assert.Equal(t, slices.Repeat([]shotengai.RowState{shotengai.RowNotSent}, 20), states(results))
			require.ErrorContains(t, results.Err(), "row 1 ("+strconv.FormatInt(ids[1], 10)+"): not sent")
			assert.LessOrEqual(t, puts(srv), 4, "those that were under way")
		})
	}
}

// A write of which nothing is known is reported once and not sent again; the rows after a
// cancelled context are known not to have been sent.
func TestUpdateManyUnknownAndCancelled(t *testing.T) {
	t.Parallel()
	srv, _ := startFake(t)
	ids := newProducts(srv, 20)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	srv.Fail(1, shotengaitest.Fault{Method: http.MethodPut, ResetAfter: true})
	var rows []colorme.UpdateStockRequest
	for _, id := range ids {
		rows = append(rows, colorme.UpdateStockRequest{ProductID: id, Stocks: colorme.AddStocks(1)})
	}
	client, err := srv.Client(shotengai.WithLimiter(&endAfter{Limiter: shotengai.Serial(0), cancel: cancel, left: 2}))
	require.NoError(t, err)
	results, err := client.Stocks.UpdateMany(ctx, rows)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	require.ErrorIs(t, results.Err(), shotengai.ErrOutcomeUnknown)
	for _, row := range results.Rows {
		got, err := client.Products.Get(t.Context(), row.Key.ProductID)
		require.NoError(t, err)
		assert.Equal(t, row.State != shotengai.RowNotSent, *got.Stocks == 11, "%s: carried out, once", row.State)
	}
	state := states(results)
	slices.Sort(state)
	assert.Equal(t, append(slices.Repeat([]shotengai.RowState{shotengai.RowNotSent}, 18), shotengai.RowUnknown), state[1:])
	assert.Equal(t, shotengai.RowDone, state[0], "other products go on")
	assert.Equal(t, 2, puts(srv))
}

// A context that has ended before the first call is an error of the client too.
func TestUpdateManyAfterTheContext(t *testing.T) {
	t.Parallel()
	_, client := startFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	results, err := client.Stocks.UpdateMany(ctx, []colorme.UpdateStockRequest{{ProductID: 1, Stocks: colorme.SetStocks(1)}})
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, err, "colorme: PUT /v1/products/{id}: not sent: context canceled")
	assert.Equal(t, []shotengai.RowState{shotengai.RowNotSent}, states(results))
}

// endAfter is a limiter that lets one request at a time pass, and ends a context after so many.
type endAfter struct {
	shotengai.Limiter

	cancel context.CancelFunc
	left   int
}

func (l *endAfter) Wait(ctx context.Context) error {
	if err := l.Limiter.Wait(ctx); err != nil {
		return err
	}
	if l.left--; l.left == -1 {
		l.cancel()
	}
	if ctx.Err() != nil {
		l.Done()
	}
	return ctx.Err()
}

func (l *endAfter) Done() { l.Limiter.(interface{ Done() }).Done() }

// A run of many products keeps to the platform's limit by itself.
func TestUpdateManyIsPaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := colormetest.NewServer(colormetest.InMemory())
		defer srv.Close()
		client, err := srv.Client()
		require.NoError(t, err)
		var rows []colorme.UpdateStockRequest
		for _, id := range newProducts(srv, 250) {
			rows = append(rows, colorme.UpdateStockRequest{ProductID: id, Stocks: colorme.SetStocks(1)})
		}
		start := time.Now()
		results, err := client.Stocks.UpdateMany(t.Context(), rows)
		require.NoError(t, err)
		require.NoError(t, results.Err())
		assert.Equal(t, 250, puts(srv), "none was refused for being too fast")
		assert.Greater(t, time.Since(start), 2*time.Minute)
	})
}

// The platform's limit sets the time of a run, not the time that an answer takes: 117 calls may
// be sent in 60.3 s, and 83 answers after that take 17 s, 4 at a time. One after the other, 200 take 160 s.
func TestUpdateManyHidesTheTimeOfAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := colormetest.NewServer(colormetest.InMemory())
		defer srv.Close()
		client, err := srv.Client()
		require.NoError(t, err)
		srv.Fail(200, shotengaitest.Fault{Method: http.MethodPut, Delay: 800 * time.Millisecond})
		var rows []colorme.UpdateStockRequest
		for _, id := range newProducts(srv, 200) {
			rows = append(rows, colorme.UpdateStockRequest{ProductID: id, Stocks: colorme.SetStocks(1)})
		}
		start := time.Now()
		results, err := client.Stocks.UpdateMany(t.Context(), rows)
		require.NoError(t, err)
		require.NoError(t, results.Err())
		t.Logf("200 writes in %s", time.Since(start))
		assert.Less(t, time.Since(start), 80*time.Second)
		assert.Equal(t, 200, puts(srv), "none was refused for being too fast")
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
	red := colorme.UpdateStockRequest{ProductID: colours, Option1Value: "赤", Stocks: colorme.SetStocks(7)}
	_, variants := read(colours)
	require.Equal(t, []*int64{nil, nil, nil}, variants)
	update := func(rows ...colorme.UpdateStockRequest) *shotengai.Results[colorme.StockKey] {
		results, err := client.Stocks.UpdateMany(t.Context(), rows)
		require.NoError(t, err)
		return results
	}
	require.NoError(t, update(red).Err())
	total, variants := read(colours)
	require.Equal(t, []*int64{new(int64(7)), new(int64(0)), new(int64(0))}, variants, "the first stock sets the others to 0")

	ignored := update(colorme.UpdateStockRequest{ProductID: colours, Stocks: colorme.AddStocks(5)}).Err()
	require.ErrorIs(t, ignored, shotengai.ErrInvalid)
	require.ErrorContains(t, ignored, "without options")
	same, unchanged := read(colours)
	assert.Equal(t, total, same)
	assert.Equal(t, variants, unchanged, "a row for the product itself is ignored")

	require.NoError(t, update(
		colorme.UpdateStockRequest{ProductID: colours, Option1Value: "赤", Stocks: colorme.AddStocks(1)},
		colorme.UpdateStockRequest{ProductID: colours, Option1Value: "青", Stocks: colorme.AddStocks(1)},
	).Err())
	_, variants = read(colours)
	assert.Equal(t, []*int64{new(int64(8)), new(int64(1)), new(int64(0))}, variants, "both in one call")

	unlimited := srv.Shop().AddProduct(map[string]any{"stock_managed": false, "stocks": nil})
	require.NoError(t, update(colorme.UpdateStockRequest{ProductID: unlimited, Stocks: colorme.SetStocks(5)}).Err())
	got, err := client.Products.Get(t.Context(), unlimited)
	require.NoError(t, err)
	assert.False(t, got.StockManaged, "a row does not switch stock on")
	got, err = client.Products.Update(t.Context(), unlimited, colorme.UpdateProductRequest{StockManaged: new(true)})
	require.NoError(t, err)
	assert.True(t, got.StockManaged)
}
