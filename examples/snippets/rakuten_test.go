package snippets

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// rakutenShop is a shop without orders, in memory, and its client.
func rakutenShop(t *testing.T) (*rakutentest.Server, *rakuten.Client) {
	t.Helper()
	srv := rakutentest.NewServer(rakutentest.WithOrders(0), rakutentest.WithoutRateLimits())
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	return srv, client
}

// An order whose postage is not fixed is kept without a total, and gets it later.
func TestOrderWithoutTotal(t *testing.T) {
	t.Parallel()
	srv, client := rakutenShop(t)
	srv.Shop().AddOrder(nil)
	number := srv.Shop().AddOrder(nil) // the postage of every second one is not fixed
	var total sql.Null[int64]
	save := func(_ *rakuten.Order, yen sql.Null[int64]) error { total = yen; return nil }
	var reports []error
	report := func(err error) { reports = append(reports, err) }

	require.NoError(t, withoutTotal(t.Context(), client, []string{number}, save, report))
	assert.Zero(t, total)
	order, err := client.Orders.Get(t.Context(), number)
	require.NoError(t, err)
	assert.Equal(t, "not fixed", order.TotalPrice.String())

	_, err = client.Orders.UpdateSender(t.Context(), rakuten.UpdateOrderSenderRequest{
		OrderNumber: number, Packages: []rakuten.UpdateOrderPackage{{BasketID: order.Packages[0].BasketID, PostagePrice: new(int64(500))}},
	})
	require.NoError(t, err)
	require.NoError(t, withoutTotal(t.Context(), client, []string{number}, save, report))
	assert.True(t, total.Valid)
	require.NoError(t, withoutTotal(t.Context(), client, nil, save, report), "nothing to ask for")
	assert.Empty(t, reports)
	require.NoError(t, withoutTotal(t.Context(), client, []string{number[:len(number)-1] + "9"}, save, report))
	assert.Len(t, reports, 1)
}

// An import that stops loses nothing, and notes the orders that did not come.
func TestRakutenImportIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	srv, client := rakutenShop(t)
	until := srv.Now()
	since := until.In(shotengai.JST).AddDate(0, 0, -90)
	var want []string
	for i := range 250 {
		at := since.Add(time.Duration(1+i/3) * 12 * time.Hour) // three in the same second
		want = append(want, srv.Shop().AddOrder(map[string]any{"orderDatetime": at.Format("2006-01-02T15:04:05-0700")}))
	}
	saved := map[string]int{}
	last := since
	noted := func(string) error { t.Error("all orders came"); return nil }
	require.ErrorIs(t, rakutenOrders(t.Context(), client, since, until, func(order *rakuten.Order) error {
		if len(saved) == 151 {
			return errStopped
		}
		saved[order.OrderNumber]++
		last = order.OrderDatetime.Time
		return nil
	}, noted), errStopped)
	require.NoError(t, rakutenOrders(t.Context(), client, last, until, func(order *rakuten.Order) error {
		saved[order.OrderNumber]++
		return nil
	}, noted))
	for _, number := range want {
		assert.Contains(t, saved, number)
	}
	assert.Len(t, saved, len(want))
}

// calls is how many calls of an operation the fake has received.
func calls(srv *rakutentest.Server, operation string) int {
	n := 0
	for _, r := range srv.Requests() {
		if strings.Contains(r.Path, operation) {
			n++
		}
	}
	return n
}

// loseAnswer has the next call of an operation carried out, and its answer lost.
func loseAnswer(srv *rakutentest.Server, operation string) {
	srv.Fail(1, shotengaitest.Fault{Match: func(r shotengaitest.Request) bool { return strings.Contains(r.Path, operation) }, ResetAfter: true})
}

// A run whose answer is lost is made good by the next one, which writes what is different
// and keeps lead times and shipping places.
func TestStockAfterALostAnswer(t *testing.T) {
	t.Parallel()
	srv, client := rakutenShop(t)
	towel, geta := rakuten.SKU{ManageNumber: "tenugui-indigo", VariantID: "tenugui-indigo"}, rakuten.SKU{ManageNumber: "geta-kiri", VariantID: "M-26"}
	before, err := client.Inventory.Get(t.Context(), towel)
	require.NoError(t, err)
	require.NotNil(t, before.OperationLeadTime)
	want := map[rakuten.SKU]int{towel: 50, geta: 3, {ManageNumber: "no-such", VariantID: "item"}: 1}
	var reports []error
	report := func(err error) { reports = append(reports, err) }

	const upsert = "/bulk-upsert"
	loseAnswer(srv, upsert)
	require.ErrorIs(t, rakutenStock(t.Context(), client, want, report), shotengai.ErrOutcomeUnknown)
	require.Len(t, reports, 1)
	require.ErrorContains(t, reports[0], "no-such item")
	for range 2 {
		require.NoError(t, rakutenStock(t.Context(), client, want, report))
	}
	assert.Equal(t, 1, calls(srv, upsert), "the first had been carried out")
	after, err := client.Inventory.Get(t.Context(), towel)
	require.NoError(t, err)
	assert.Equal(t, 50, after.Quantity)
	assert.Equal(t, before.OperationLeadTime, after.OperationLeadTime)
	assert.Equal(t, before.ShipFromIDs, after.ShipFromIDs)

	want[towel], want[geta] = 51, rakuten.MaxStock+1
	require.ErrorContains(t, rakutenStock(t.Context(), client, want, report), "100000")
	quantity, _ := srv.Shop().Stock(towel.ManageNumber, towel.VariantID)
	assert.Equal(t, 51, quantity, "the other row is written")
}

func TestFirstStock(t *testing.T) {
	t.Parallel()
	srv, client := rakutenShop(t)
	geta := rakuten.SKU{ManageNumber: "Geta-Kiri", VariantID: "M-26"}
	require.NoError(t, client.Inventory.Delete(t.Context(), geta))
	require.NoError(t, firstStock(t.Context(), client, geta, 4))
	quantity, registered := srv.Shop().Stock("geta-kiri", "M-26")
	assert.True(t, registered)
	assert.Equal(t, 4, quantity)
	for _, none := range []rakuten.SKU{{ManageNumber: "geta-kiri", VariantID: "m-26"}, {ManageNumber: "no-such", VariantID: "item"}} {
		require.ErrorContains(t, firstStock(t.Context(), client, none, 4), "not sold")
		_, registered = srv.Shop().Stock(none.ManageNumber, none.VariantID)
		assert.False(t, registered)
	}
}
