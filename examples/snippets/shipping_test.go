package snippets

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// oneParcel gives each package of an order a parcel, with a number of its own.
func oneParcel(order *rakuten.Order) []rakuten.ShippingBasket {
	tracking := map[int64][]string{}
	for _, p := range order.Packages {
		tracking[p.BasketID] = []string{"4000-0000-" + order.OrderNumber[len(order.OrderNumber)-4:]}
	}
	return parcels(order, tracking, shotengai.Date{Year: 2026, Month: time.October, Day: 1})
}

func toShip(srv *rakutentest.Server) string {
	return srv.Shop().AddOrder(map[string]any{"orderProgress": int(rakuten.ProgressToShip)})
}

// shipped demands that each package of the orders has its one parcel.
func shipped(t *testing.T, client *rakuten.Client, numbers ...string) {
	t.Helper()
	orders, err := client.Orders.GetBatch(t.Context(), numbers)
	require.NoError(t, err)
	require.Len(t, orders.Items, len(numbers))
	for _, order := range orders.Items {
		assert.Equal(t, rakuten.ProgressShipped, order.OrderProgress)
		for _, p := range order.Packages {
			assert.Len(t, p.Shippings, 1)
		}
	}
}

func TestShippingAfterALostAnswer(t *testing.T) {
	t.Parallel()
	srv, client := rakutenShop(t)
	cancelled := srv.Shop().AddOrder(map[string]any{"orderProgress": int(rakuten.ProgressCancelled)})
	first, second := toShip(srv), toShip(srv)
	missing := first[:len(first)-1] + "9"
	numbers := []string{cancelled, missing, first, second}
	var reports []error
	run := func() error {
		reports = nil
		return shipRakuten(t.Context(), client, numbers, oneParcel, func(err error) { reports = append(reports, err) })
	}

	const operation = "/updateOrderShipping/"
	srv.Fail(1, shotengaitest.Fault{Path: "/es/2.0/order" + operation, ResetAfter: true, Match: func(r shotengaitest.Request) bool {
		return strings.Contains(string(r.Body), first)
	}})
	require.ErrorIs(t, run(), shotengai.ErrOutcomeUnknown)
	before := calls(srv, operation)
	require.NoError(t, run())
	require.Len(t, reports, 2, "the others go on")
	require.ErrorContains(t, reports[0], missing)
	require.ErrorContains(t, reports[1], cancelled)
	assert.Equal(t, before+2, calls(srv, operation), "of the cancelled order, and of the one that was not reached")
	shipped(t, client, first, second)
}

func TestAsyncShipping(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := rakutentest.NewServer(rakutentest.InMemory(), rakutentest.WithOrders(0))
		defer srv.Close()
		client, err := srv.Client()
		require.NoError(t, err)
		request := func(number string) rakuten.UpdateShippingRequest {
			order, err := client.Orders.Get(t.Context(), number)
			require.NoError(t, err)
			return order.UnreportedParcels(oneParcel(order)...)
		}
		var id string
		var unmarked []string
		unmark := func(number string) error { unmarked = append(unmarked, number); return nil }
		keep := func(requestID string) error { id = requestID; return nil }
		var reports []error
		report := func(err error) { reports = append(reports, err) }

		good, cancelled := toShip(srv), srv.Shop().AddOrder(map[string]any{"orderProgress": int(rakuten.ProgressCancelled)})
		require.NoError(t, handIn(t.Context(), client, []rakuten.UpdateShippingRequest{request(good), request(cancelled)}, keep, unmark, report))
		assert.Equal(t, []string{cancelled}, unmarked)
		require.Len(t, reports, 1)
		require.ErrorContains(t, reports[0], cancelled)
		assert.NotEmpty(t, request(good).Packages, "nothing is there yet")
		require.NoError(t, takeResult(t.Context(), client, id, unmark, report))
		assert.Equal(t, []string{cancelled, good}, unmarked)
		assert.Len(t, reports, 1)
		shipped(t, client, good)

		late := toShip(srv)
		loseAnswer(srv, "/updateOrderShippingAsync/")
		require.ErrorIs(t, handIn(t.Context(), client, []rakuten.UpdateShippingRequest{request(late)}, keep, unmark, report), shotengai.ErrOutcomeUnknown)
		assert.Len(t, unmarked, 2, "it stays marked")
		assert.NotEmpty(t, request(late).Packages, "it may still turn up")
		srv.Advance(time.Hour)
		assert.Empty(t, request(late).Packages)
		shipped(t, client, late)
		require.ErrorIs(t, takeResult(t.Context(), client, "wrong", unmark, report), rakuten.ErrResultPending)
	})
}

// The slip is set each time, the mail is sent once.
func TestShipColorMe(t *testing.T) {
	t.Parallel()
	srv := colormetest.NewServer(colormetest.WithStaleReads(time.Hour))
	defer srv.Close()
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	id := srv.Shop().AddSale(map[string]any{"canceled": false, "delivered": false, "delivered_mail_state": "not_yet"})
	sale, err := client.Sales.Get(t.Context(), id)
	require.NoError(t, err)
	slips := map[int64]string{}
	noted := map[int64]bool{}
	noteMail := func(id int64) (bool, error) {
		first := !noted[id]
		noted[id] = true
		return first, nil
	}
	require.ErrorContains(t, shipColorMe(t.Context(), client, id, slips, noteMail), "not been sent yet")
	for _, d := range sale.SaleDeliveries {
		slips[d.ID] = "4000"
	}
	for range 2 {
		require.NoError(t, shipColorMe(t.Context(), client, id, slips, noteMail))
	}
	assert.Len(t, srv.Mails(), 1, "though the second run reads that none was sent")
	srv.Advance(time.Hour)
	sale, err = client.Sales.Get(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, new("4000"), sale.SaleDeliveries[0].SlipNumber)
	assert.True(t, sale.SaleDeliveries[0].Delivered)
}

func TestShipStores(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer()
	defer srv.Close()
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	id := stores.OrderID(srv.Shop().AddOrder(nil))
	read := func() *stores.Order {
		page, err := client.Orders.List(t.Context(), stores.ListOrdersParams{IDs: stores.OrderIDs{id}})
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		return &page.Items[0]
	}
	srv.Fail(1, shotengaitest.Fault{Method: "POST", ResetAfter: true}) // the answer to Shipped
	require.ErrorIs(t, shipStores(t.Context(), client, read(), "4000"), shotengai.ErrOutcomeUnknown)
	require.NoError(t, shipStores(t.Context(), client, read(), "4000"))
	order := read()
	assert.Equal(t, stores.StatusShipped, order.Status())
	assert.Equal(t, new("4000"), order.Deliveries[0].TrackingNumber)
}

// Orders that the platform refuses to ship in this way are passed over, in each run.
func TestShipStoresPassesOver(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer()
	defer srv.Close()
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	var several, others int
	for order, err := range client.Orders.All(t.Context(), stores.ListOrdersParams{}) {
		require.NoError(t, err)
		switch {
		case order.Status() != stores.StatusPending:
			continue
		case len(order.Deliveries) > 1:
			several++
		case order.Deliveries[0].Type != stores.DeliveryShipping:
			others++
		}
		require.NoError(t, shipStores(t.Context(), client, order, "4000"), "%+v", order.Deliveries)
	}
	assert.Positive(t, several)
	assert.Positive(t, others)
}
