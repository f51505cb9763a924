package makeshoptest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
)

const lifeDocument = "query($input: SearchOrderRequest!) { searchOrder(input: $input) { orders { displayOrderNumber paymentStatusCode message sumPrice deliveryInfos { deliveryStatus deliveryDate } } } }"

// An order is found by its date and by that of its payment; whatever else happens to it leaves
// no time that can be searched.
func TestLifeOfAnOrder(t *testing.T) {
	t.Parallel()
	srv := start(t, makeshoptest.WithOrders(0))
	shop := srv.Shop()
	search := func(input object) []string {
		return texts(run(t, srv, lifeDocument, input, "searchOrder.orders"), "displayOrderNumber")
	}
	first := func(path string) any {
		return run(t, srv, lifeDocument, object{}, "searchOrder.orders.0."+path)
	}
	since := func() string {
		srv.Advance(time.Hour)
		return srv.Now().In(time.FixedZone("JST", 9*60*60)).Format("20060102150405")
	}
	at := since()
	number := shop.AddPendingOrder(object{"message": "急ぎません"})
	assert.Equal(t, []string{number}, search(object{"startOrderDate": at}))
	assert.Empty(t, search(object{"startPaymentDate": at}))
	assert.Empty(t, first("paymentStatusCode"))

	at = since()
	shop.PayOrder(number)
	assert.Equal(t, []string{number}, search(object{"startPaymentDate": at}))
	assert.Empty(t, search(object{"startOrderDate": at}))
	assert.Equal(t, "0002", first("paymentStatusCode"))
	assert.Panics(t, func() { shop.VanishOrder(number) })

	at = since()
	shop.EditOrder(number, object{"message": "のし", "sumPrice": 5000})
	assert.Equal(t, "のし", first("message"))
	shop.ShipOrder(number)
	assert.Equal(t, []string{number}, search(object{"deliveryStatus": "Y"}))
	assert.Equal(t, at, first("deliveryInfos.0.deliveryDate"))
	shop.ReturnOrder(number)
	assert.Equal(t, []string{number}, search(object{"deliveryStatus": "R"}))
	shop.CancelOrder(number, true)
	assert.Equal(t, []string{number}, search(object{"deliveryStatus": "C"}))
	assert.Empty(t, search(object{"startOrderDate": at}))
	assert.Empty(t, search(object{"startPaymentDate": at}))
	assert.PanicsWithValue(t, "makeshoptest: order "+number+" is cancelled: it cannot be made to ship", func() { shop.ShipOrder(number) })
}

// A pending order whose payment fails is gone.
func TestVanishOrder(t *testing.T) {
	t.Parallel()
	srv := start(t, makeshoptest.WithOrders(2))
	shop := srv.Shop()
	before := len(shop.Orders())
	number := shop.AddPendingOrder(nil)
	require.Len(t, shop.Orders(), before+1)
	shop.VanishOrder(number)
	assert.Len(t, shop.Orders(), before)
	assert.NotContains(t, texts(run(t, srv, lifeDocument, object{"limit": 1000}, "searchOrder.orders"), "displayOrderNumber"), number)
	assert.PanicsWithValue(t, "makeshoptest: there is no order "+number+" to pay", func() { shop.PayOrder(number) })
	assert.Panics(t, func() { shop.EditOrder(shop.AddOrder(nil), object{"orderDate": "2026-11-10 00:00:00"}) })
}
