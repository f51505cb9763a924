package storestest_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// TestSeed has an order for every way of payment, and amounts that add up as the
// platform's do.
func TestSeed(t *testing.T) {
	t.Parallel()
	_, client := start(t)
	kinds := make(map[stores.TransactionType]bool)
	for o, err := range client.Orders.All(t.Context(), stores.ListOrdersParams{}) {
		require.NoError(t, err)
		var sales, discount, tax int64
		for _, d := range o.Deliveries {
			for _, line := range d.Items {
				sales += line.RegularPrice * int64(line.Quantity)
				for _, option := range line.Option {
					sales += option.Price
					discount -= min(option.Price, 0)
				}
			}
			if d.Shipping != nil && d.ShippingFee != nil {
				sales += d.ShippingFee.Amount
			}
		}
		for _, option := range o.Option {
			sales += option.Price
			discount -= min(option.Price, 0)
		}
		fee, _ := o.Transactions[0].Fee.Get()
		system, _ := o.Transactions[0].SystemFee.Get()
		sales += fee.Amount
		assert.Equal(t, sales, o.SalesAmount, o.Number)
		assert.Equal(t, discount, o.SalesDiscount, o.Number)
		assert.Equal(t, sales, o.Transactions[0].Amount)
		for _, detail := range o.TaxDetails {
			tax += detail.SalesTax
		}
		assert.Equal(t, tax, o.SalesTax)
		if o.CancelAmount == 0 {
			assert.Equal(t, sales+system.Amount, o.PaymentAmount)
		} else {
			assert.Zero(t, o.PaymentAmount)
			assert.True(t, o.ReadiedAt.IsZero())
		}
		kinds[o.Transactions[0].Type] = true
	}
	assert.Len(t, kinds, 26)
}

func TestOrderFilters(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 10, 12, 0, 0, 0, time.FixedZone("JST", 9*60*60))
	srv, _ := start(t, storestest.WithOrders(0), storestest.WithoutRateLimits(), storestest.WithClock(func() time.Time { return now }))
	shop := srv.Shop()
	first := shop.AddOrder(map[string]any{"number": "0747498784"})
	srv.Advance(24 * time.Hour) // the 11th, noon
	second := shop.AddOrder(map[string]any{"sales_channel_id": nil})
	register := shop.AddOrder(map[string]any{"sales_channel_id": "5f"})
	srv.Advance(time.Hour)
	shop.CancelOrder(second, true)
	for query, want := range map[string][]string{
		"":                                  {register, second, first},
		"direction=asc":                     {first, second, register},
		"ids=" + first + "," + register:     {register, first},
		"numbers=0747498784":                {first},
		"ids=none":                          {},
		"settled_sales_channel=ec":          {second, first},
		"settled_sales_channel=regi":        {register},
		"settled_sales_channel=5f":          {register},
		"ordered_at_from=2026-11-11":        {register, second},
		"ordered_at_to=2026-11-10":          {first},
		"ordered_at_to=2026-11-10T11:59:59": {},
		"ordered_at_to=2026-11-10T12:00:00": {first},
		"ordered_at_from=2026-11-10T12:00:00%2B09:00&ordered_at_to=2026-11-10T12:00:00%2B09:00": {first},
		"canceled_at_from=2026-11-11T13:00:00":                                                  {second},
		"canceled_at_to=2026-11-11T12:59:59":                                                    {},
		"readied_at_from=2026-11-11":                                                            {register},
		"paid_status=paid":                                                                      {register, second, first},
		"paid_status=unpaid":                                                                    {},
		"delivery_status=waiting":                                                               {register, first},
		"delivery_status=shipped":                                                               {},
		"unknown=1":                                                                             {register, second, first},
	} {
		assert.Equal(t, want, ids(t, srv, "/orders?"+query), query)
	}
	for _, query := range []string{
		"numbers=5f", "ordered_at_from=yesterday", "ordered_at_from=2026-11-11T12:00:00Z", "ordered_at_to=2026-13-41", "delivery_start_date_from=2026-11-11T00:00:00",
		"paid_status=maybe", "delivery_status=x", "direction=up",
	} {
		got := call(t.Context(), t, srv, shop.Credential(), "GET", "/retail/202211/orders?"+query, "")
		assert.Equal(t, 400, got.status, query)
	}
}

func TestDeliveryStartDates(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(0))
	dated := func(date map[string]any) string {
		order := srv.Shop().Order(srv.Shop().AddOrder(nil))
		delivery := order["deliveries"].([]any)[0].(map[string]any)
		delivery["delivery_date"] = date
		return srv.Shop().AddOrder(map[string]any{"deliveries": []any{delivery}})
	}
	wish := dated(map[string]any{"type": "request", "requested_date": "2026-12-24", "start_time": nil, "end_time": nil})
	preorder := dated(map[string]any{"type": "preorder", "start_month": "202701", "start_period": "late", "end_month": "202702", "end_period": "early"})
	assert.Equal(t, []string{wish}, ids(t, srv, "/orders?delivery_start_date_from=2026-12-24&delivery_start_date_to=2026-12-24"))
	assert.Equal(t, []string{preorder}, ids(t, srv, "/orders?delivery_start_date_from=2027-01-21&delivery_start_date_to=2027-01-21"))
	assert.Empty(t, ids(t, srv, "/orders?delivery_start_date_from=2027-01-22"))
}

// TestShippingRefusals: which orders cannot be shipped, and the status of each refusal.
func TestShippingRefusals(t *testing.T) {
	t.Parallel()
	srv, client := start(t)
	shop := srv.Shop()
	states := make(map[string]stores.Order)
	for o, err := range client.Orders.All(t.Context(), stores.ListOrdersParams{}) {
		require.NoError(t, err)
		switch d := o.Deliveries[0]; {
		case !o.Online():
			states["register"] = *o
		case o.Status() == stores.StatusUnpaid:
			states["unpaid"] = *o
		case o.Status() == stores.StatusCanceled:
			states["cancelled"] = *o
		case d.Type == stores.DeliveryDownload:
			states["download"] = *o
		case d.Type == stores.DeliveryTicket:
			states["ticket"] = *o
		case o.Status() == stores.StatusShipped:
			states["shipped"] = *o
		case len(o.Deliveries) > 1:
			states["two deliveries"] = *o
		}
	}
	require.Len(t, states, 7)
	ship := func(id stores.OrderID) int {
		return call(t.Context(), t, srv, shop.Credential(), "POST", "/retail/202211/orders/"+string(id)+"/shipped", "").status
	}
	update := func(id stores.OrderID, body string) int {
		return call(t.Context(), t, srv, shop.Credential(), "PATCH", "/retail/202211/orders/"+string(id)+"/deliveries", body).status
	}
	for state, want := range map[string][2]int{ // shipped, deliveries
		"register": {400, 400}, "unpaid": {400, 200}, "cancelled": {400, 400}, "download": {400, 400}, "ticket": {400, 400}, "shipped": {400, 200}, "two deliveries": {200, 400},
	} {
		assert.Equal(t, want[1], update(states[state].ID, `{"tracking_number":"1"}`), state)
		assert.Equal(t, want[0], ship(states[state].ID), state)
	}
	assert.Equal(t, 409, ship(states["two deliveries"].ID))
	assert.Equal(t, 404, ship(stores.OrderID(states["two deliveries"].Number)))
	assert.Equal(t, 404, update("none", `{"tracking_number":"1"}`))
	open := stores.OrderID(shop.AddOrder(nil))
	for _, body := range []string{
		``, `{}`, `[]`, `{"tracking_number":null}`, `{"tracking_number":1}`, `{"tracking_number":"` + strings.Repeat("1", 21) + `"}`,
		`{"delivery_method_name":"` + strings.Repeat("宅", 21) + `"}`, `{"estimated_arrival_date":"` + strings.Repeat("日", 31) + `"}`, `{"shipped_mail_message":"` + strings.Repeat("文", 1001) + `"}`,
	} {
		assert.Equal(t, 400, update(open, body), body)
	}
	assert.Equal(t, 200, update(open, `{"tracking_number":""}`))
	assert.Empty(t, shop.Order(string(open))["deliveries"].([]any)[0].(map[string]any)["tracking_number"])
}

func TestSeedsAreChecked(t *testing.T) {
	t.Parallel()
	srv, _ := start(t)
	assert.Panics(t, func() { srv.Shop().AddOrder(map[string]any{"total": 1}) })
	assert.Panics(t, func() { srv.Shop().AddItem(map[string]any{"stock": 1}) })
	assert.Panics(t, func() { srv.Shop().PayOrder("none") })
	assert.Nil(t, srv.Shop().Item("none"))
	item := srv.Shop().AddItem(map[string]any{"name": "茶"})
	again, err := json.Marshal(srv.Shop().Item(item))
	require.NoError(t, err)
	assert.Contains(t, string(again), "茶")
}
