package rakutentest_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// change is a request of updateOrderSender for one package.
func change(number string, basket any, pkg object, more ...object) object {
	p := object{"basketId": basket}
	maps.Copy(p, pkg)
	q := object{"orderNumber": number, "PackageModelList": []object{p}}
	for _, m := range more {
		maps.Copy(q, m)
	}
	return q
}

func (c *caller) orderSays(operation string, q object) any {
	c.t.Helper()
	got := c.order(operation, q)
	require.Equal(c.t, 200, got.status, "%s", got.body)
	return at(c.t, got.json(c.t), "MessageModelList", 0, "messageType")
}

func TestUpdateOrderSender(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	srv.Shop().AddOrder(nil)
	number := srv.Shop().AddOrder(nil) // the second is of one package with two lines, and its postage is not fixed
	c := as(t, srv, srv.Shop())
	before := c.get1(number)
	basket, line := at(t, before, "PackageModelList", 0, "basketId"), at(t, before, "PackageModelList", 0, "ItemModelList", 0)
	require.EqualValues(t, -9999, at(t, before, "totalPrice"))

	assert.Equal(t, "INFO", c.orderSays("updateOrderSender", change(number, basket, object{"postagePrice": 500, "SenderModel": object{"city": "千代田区"}})))
	fixed := c.get1(number)
	assert.EqualValues(t, at(t, fixed, "goodsPrice").(float64)+500, at(t, fixed, "totalPrice"), "the postage is fixed, and the total with it")
	assert.Equal(t, "千代田区", at(t, fixed, "PackageModelList", 0, "SenderModel", "city"))
	assert.Equal(t, at(t, before, "PackageModelList", 0, "SenderModel", "zipCode1"), at(t, fixed, "PackageModelList", 0, "SenderModel", "zipCode1"), "absent keeps")

	id := at(t, line, "itemDetailId")
	lines := func(l object) object { l["itemDetailId"] = id; return object{"ItemModelList": []object{l}} }
	assert.Equal(t, "ERROR", c.orderSays("updateOrderSender", change(number, basket, lines(object{"price": 1}))), "a reduction needs a reason")
	assert.Equal(t, "INFO", c.orderSays("updateOrderSender", change(number, basket, lines(object{"price": 1}), object{"reductionReason": 8})))
	assert.EqualValues(t, 1, at(t, c.get1(number), "PackageModelList", 0, "ItemModelList", 0, "price"))
	assert.Equal(t, "INFO", c.orderSays("updateOrderSender", change(number, basket, object{}, object{
		"afterSettlementMethodCode": 9, "WrappingModel1": object{"title": 1, "name": "包装紙", "price": 100},
	})))
	assert.EqualValues(t, 9, at(t, c.get1(number), "SettlementModel", "settlementMethodCode"))
	assert.Equal(t, "包装紙", at(t, c.get1(number), "WrappingModel1", "name"))
	assert.Equal(t, "INFO", c.orderSays("updateOrderSender", change(number, basket, object{}, object{
		"reductionReason": 1, "WrappingModel1": object{"deleteWrappingFlag": 1},
	})))
	assert.Nil(t, at(t, c.get1(number), "WrappingModel1"))
	assert.Equal(t, "INFO", c.orderSays("updateOrderSender", change(number, basket, object{"dropOffLocation": "物置"})))
	assert.Equal(t, "物置", at(t, c.get1(number), "PackageModelList", 0, "dropOffLocation"))

	for name, q := range map[string]object{
		"no packages":   {"orderNumber": number},
		"no basket":     {"orderNumber": number, "PackageModelList": []object{{}}},
		"location":      change(number, basket, object{"dropOffLocation": "屋根"}),
		"tax rate":      change(number, basket, lines(object{"taxRate": 0.05})),
		"no line":       change(number, basket, object{"ItemModelList": []object{{"price": 1}}}),
		"reason":        change(number, basket, object{}, object{"reductionReason": 7}),
		"credit card":   change(number, basket, object{}, object{"afterSettlementMethodCode": 1}),
		"wrapping kind": change(number, basket, object{}, object{"WrappingModel1": object{"title": 3}}),
	} {
		assert.Equal(t, 400, c.order("updateOrderSender", q).status, name)
	}
	for name, q := range map[string]object{
		"basket":  change(number, 1, object{}),
		"line":    change(number, basket, object{"ItemModelList": []object{{"itemDetailId": 1}}}),
		"variant": change(number, basket, lines(object{"SkuModelList": []object{{"variantId": "other"}}})),
		"missing": change("400001-20200101-0000000001", basket, object{}),
	} {
		assert.Equal(t, "ERROR", c.orderSays("updateOrderSender", q), name)
	}
}

func TestUpdateOrderSenderByProgress(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	c := as(t, srv, srv.Shop())
	for progress, want := range map[int][2]string{
		100: {"INFO", "ERROR"}, 200: {"INFO", "ERROR"}, 300: {"INFO", "ERROR"}, 400: {"ERROR", "ERROR"}, 500: {"ERROR", "INFO"},
		600: {"ERROR", "INFO"}, 700: {"ERROR", "INFO"}, 800: {"ERROR", "ERROR"}, 900: {"ERROR", "ERROR"},
	} {
		number := srv.Shop().AddOrder(object{"orderProgress": progress})
		q := change(number, at(t, c.get1(number), "PackageModelList", 0, "basketId"), object{"noshi": "御祝"})
		assert.Equal(t, want[0], c.orderSays("updateOrderSender", q), "%d", progress)
		assert.Equal(t, want[1], c.orderSays("updateOrderSenderAfterShipping", q), "%d", progress)
		q["afterSettlementMethodCode"] = 9
		assert.Equal(t, "ERROR", c.orderSays("updateOrderSenderAfterShipping", q), "the method cannot change after shipping")
	}
}

func TestCouponsAndVariantsOfAChangedOrder(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	used := object{"couponCode": "AKI", "couponPrice": 100, "couponUnit": 2, "couponTotalPrice": 200, "couponCapitalCode": 1}
	number := srv.Shop().AddOrder(object{"CouponModelList": []object{used}, "couponAllTotalPrice": 200, "couponShopPrice": 200})
	c := as(t, srv, srv.Shop())
	basket := at(t, c.get1(number), "PackageModelList", 0, "basketId")
	coupon := func(price, unit int) object {
		return object{"CouponModelList": []object{{"couponCode": "AKI", "itemId": 0, "couponPrice": price, "couponUnit": unit}}}
	}
	assert.Equal(t, "ERROR", c.orderSays("updateOrderSender", change(number, basket, object{})), "the list is required")
	assert.Equal(t, "ERROR", c.orderSays("updateOrderSender", change(number, basket, object{}, coupon(50, 3))), "units cannot grow")
	assert.Equal(t, "INFO", c.orderSays("updateOrderSender", change(number, basket, object{}, coupon(100, 1))))
	assert.EqualValues(t, 100, at(t, c.get1(number), "couponAllTotalPrice"))

	several := srv.Shop().AddOrder(nil)
	for at(t, c.get1(several), "PackageModelList", 0, "ItemModelList", 0, "SkuModelList", 0, "skuInfo") == nil {
		several = srv.Shop().AddOrder(nil)
	}
	pkg := at(t, c.get1(several), "PackageModelList", 0)
	line := object{"itemDetailId": at(t, pkg, "ItemModelList", 0, "itemDetailId"), "itemName": "桐下駄 極"}
	q := change(several, at(t, pkg, "basketId"), object{"ItemModelList": []object{line}})
	assert.Equal(t, "ERROR", c.orderSays("updateOrderSender", q), "skuInfo is required of an item with variants")
	line["SkuModelList"] = []object{{"skuInfo": "種類:特注"}}
	assert.Equal(t, "INFO", c.orderSays("updateOrderSender", q))
	assert.Equal(t, "種類:特注", at(t, c.get1(several), "PackageModelList", 0, "ItemModelList", 0, "SkuModelList", 0, "skuInfo"))
}

func TestSimulateCouponAmount(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	number := srv.Shop().AddOrder(object{"orderProgress": 300})
	c := as(t, srv, srv.Shop())
	before := c.get1(number)
	got := c.order("simulateCouponAmount", change(number, at(t, before, "PackageModelList", 0, "basketId"), object{"postagePrice": 999}))
	assert.Equal(t, 200, got.status)
	assert.Contains(t, got.json(t), "paymentChargeAfter")
	assert.Equal(t, before, c.get1(number), "nothing is changed")
}

func TestGetPayment(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	number := srv.Shop().AddOrder(object{"orderProgress": 700})
	c := as(t, srv, srv.Shop())
	ask := func(version any) answer {
		return c.order("getPayment", object{"orderNumber": number, "version": version})
	}
	got := ask(4).json(t)
	payment, _ := at(t, got, "OrderModel", "PaymentModelList", 0).(object)
	assert.Equal(t, at(t, c.get1(number), "requestPrice"), at(t, payment, "paymentAmount"))
	assert.Regexp(t, `\+0900$`, at(t, payment, "paymentFixDatetime"))
	assert.Contains(t, payment, "PaymentPaypalModel")
	assert.NotContains(t, at(t, ask("3").json(t), "OrderModel", "PaymentModelList", 0), "PaymentPaypalModel", "version 4 brought it")
	for _, version := range []any{nil, 0, 5, "x"} {
		assert.Equal(t, 400, ask(version).status, "%v", version)
	}
	number = "400001-20200101-0000000001"
	missing := ask(4)
	assert.Equal(t, 200, missing.status)
	assert.Equal(t, "ERROR", at(t, missing.json(t), "MessageModelList", 0, "messageType"))
	assert.Nil(t, at(t, missing.json(t), "OrderModel"))
}
