package rakutentest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func TestShippingRows(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	number := srv.Shop().AddOrder(object{"orderProgress": 300})
	c := as(t, srv, srv.Shop())
	basket := at(t, c.get1(number), "PackageModelList", 0, "basketId")
	ship := func(rows ...object) []any {
		t.Helper()
		got := c.order("updateOrderShipping", object{"orderNumber": number, "BasketidModelList": []object{{"basketId": basket, "ShippingModelList": rows}}})
		require.Equal(t, 200, got.status, "%s", got.body)
		list, _ := at(t, got.json(t), "MessageModelList").([]any)
		return list
	}
	parcels := func() []any {
		list, _ := at(t, c.get1(number), "PackageModelList", 0, "ShippingModelList").([]any)
		return list
	}

	got := ship(object{"deliveryCompany": "1001", "shippingNumber": "111"}, object{"deliveryCompany": "9"}, object{"shippingDetailId": 7, "shippingNumber": "1"})
	require.Len(t, got, 3)
	assert.Equal(t, []any{"INFO", "ERROR", "ERROR"}, []any{at(t, got[0], "messageType"), at(t, got[1], "messageType"), at(t, got[2], "messageType")})
	assert.EqualValues(t, 2, at(t, got[1], "dataNumber"))
	id := at(t, got[0], "shippingDetailId")
	assert.NotNil(t, id)
	assert.EqualValues(t, 300, at(t, c.get1(number), "orderProgress"))

	ship(object{"deliveryCompany": "1001", "shippingNumber": "111"})
	assert.Len(t, parcels(), 2, "a row without id adds one each time")

	second := at(t, parcels()[1], "shippingDetailId")
	ship(object{"shippingDetailId": id, "shippingNumber": "", "shippingDate": "2026-11-02"}, object{"shippingDetailId": second, "shippingDeleteFlag": 1})
	require.Len(t, parcels(), 1)
	assert.Nil(t, at(t, parcels()[0], "shippingNumber"), "empty erases")
	assert.Equal(t, "1001", at(t, parcels()[0], "deliveryCompany"), "absent keeps")
	assert.EqualValues(t, 500, at(t, c.get1(number), "orderProgress"))

	for name, wrong := range map[string]object{
		"day": {"shippingDate": "2026/11/02"}, "number": {"shippingNumber": strings.Repeat("1", 121)}, "carrier": {"deliveryCompany": "1032"},
		"nothing to delete": {"shippingDeleteFlag": 1}, "flag": {"shippingDetailId": id, "shippingDeleteFlag": 2},
	} {
		assert.Equal(t, "ERROR", at(t, ship(wrong)[0], "messageType"), name)
	}
	assert.Equal(t, "INFO", at(t, ship(object{"shippingDetailId": id, "shippingNumber": strings.Repeat("1", 120), "deliveryCompany": "1031"})[0], "messageType"))
	assert.Len(t, parcels(), 1)
	for progress, want := range map[int]string{100: "ERROR", 200: "ERROR", 300: "INFO", 500: "INFO", 700: "INFO", 800: "ERROR", 900: "ERROR"} {
		other := srv.Shop().AddOrder(object{"orderProgress": progress})
		rows := []object{{"basketId": at(t, c.get1(other), "PackageModelList", 0, "basketId"), "ShippingModelList": []object{{"shippingNumber": "1"}}}}
		assert.Equal(t, want, c.orderSays("updateOrderShipping", object{"orderNumber": other, "BasketidModelList": rows}), "%d", progress)
	}

	row := object{"shippingNumber": "1"}
	assert.Equal(t, 400, c.order("updateOrderShipping", object{"orderNumber": number, "BasketidModelList": []object{{"basketId": basket, "ShippingModelList": slices.Repeat([]object{row}, 21)}}}).status)
	gone := c.order("updateOrderShipping", object{"orderNumber": "400001-20200101-0000000001", "BasketidModelList": []object{{"basketId": 1, "ShippingModelList": []object{row}}}})
	assert.Equal(t, 200, gone.status, "an ERROR in 200")
	assert.Nil(t, at(t, gone.json(t), "MessageModelList", 0, "dataNumber"))
}

func TestShippingLater(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0), rakutentest.WithAsyncDelay(5*time.Minute))
	number := srv.Shop().AddOrder(object{"orderProgress": 300})
	c := as(t, srv, srv.Shop())
	basket := at(t, c.get1(number), "PackageModelList", 0, "basketId")
	request := func(number string) object {
		return object{"orderNumber": number, "BasketidModelList": []object{{"basketId": basket, "ShippingModelList": []object{{"shippingNumber": "1"}}}}}
	}
	missing := "400001-20200101-0000000001"
	taken := c.order("updateOrderShippingAsync", object{"OrderShippingModelList": []object{request(number), request(missing)}})
	assert.Equal(t, 200, taken.status)
	id := at(t, taken.json(t), "MessageModelList", 0, "requestId")
	assert.Regexp(t, `^[0-9a-f-]{36}_20261101190000$`, id)
	assert.Equal(t, "ERROR", at(t, taken.json(t), "MessageModelList", 1, "messageType"))

	result := func(id any) []any {
		got := c.order("getResultUpdateOrderShippingAsync", object{"requestId": id})
		require.Equal(t, 200, got.status)
		list, _ := at(t, got.json(t), "ResultShippingModelList").([]any)
		return list
	}
	assert.Empty(t, result(id), "not yet")
	assert.Empty(t, result("never"), "looks the same")
	srv.Advance(5 * time.Minute)
	require.Len(t, result(id), 1)
	assert.EqualValues(t, 1, at(t, result(id)[0], "MessageModelList", 0, "dataNumber"))
	assert.Equal(t, "ORDER_EXT_API_UPDATE_ORDER_SHIPPING_ASYNC_INFO_101", at(t, result(id)[0], "MessageModelList", 0, "messageCode"))
	assert.Len(t, at(t, c.get1(number), "PackageModelList", 0, "ShippingModelList"), 1)
	srv.Advance(31 * day)
	assert.Empty(t, result(id), "too old looks the same too")

	for name, orders := range map[string][]object{"twice the same order": {request(number), request(number)}, "none": {}, "101": make([]object, 101)} {
		got := c.order("updateOrderShippingAsync", object{"OrderShippingModelList": orders})
		assert.Equal(t, 200, got.status, name)
		require.Len(t, at(t, got.json(t), "MessageModelList"), 1, name)
		assert.Equal(t, "ERROR", at(t, got.json(t), "MessageModelList", 0, "messageType"), name)
	}
}
