package rakutentest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

const day = 24 * time.Hour

func TestGetOrder(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	numbers, _ := at(t, c.order("searchOrder", search(start.Add(-30*day), start)).json(t), "orderNumberList").([]any)
	missing := "400001-20200101-0000000001"
	got := c.order("getOrder", object{"orderNumberList": append(slices.Clone(numbers), missing), "version": 10})
	assert.Equal(t, 200, got.status)
	list, _ := at(t, got.json(t), "MessageModelList").([]any)
	require.Len(t, list, 2)
	assert.Equal(t, "ERROR", at(t, list[1], "messageType"), "an ERROR in 200")
	assert.Equal(t, missing, at(t, list[1], "orderNumber"))
	assert.EqualValues(t, 10, at(t, got.json(t), "version"))

	orders, _ := at(t, got.json(t), "OrderModelList").([]any)
	require.Len(t, orders, 30)
	seen := map[any]int{}
	var unfixed, gifts, nullRates, nullPhones, variants int
	for _, o := range orders {
		seen[at(t, o, "orderProgress")]++
		assert.Regexp(t, `^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+0900$`, at(t, o, "orderDatetime"))
		assert.Contains(t, at(t, o, "OrdererModel", "emailAddress"), "masked")
		if at(t, o, "totalPrice") == -9999.0 {
			unfixed++
			assert.EqualValues(t, -9999, at(t, o, "PackageModelList", 0, "postagePrice"))
		}
		if at(t, o, "socialGiftFlag") == 1.0 {
			gifts++
			assert.Equal(t, "999", at(t, o, "PackageModelList", 0, "SenderModel", "zipCode1"))
			assert.Equal(t, "入力待ち", at(t, o, "PackageModelList", 0, "SenderModel", "city"))
			assert.Nil(t, at(t, o, "PackageModelList", 0, "SocialGiftModel", "inputCompDatetime"))
		}
		if at(t, o, "PackageModelList", 0, "ItemModelList", 0, "taxRate") == nil {
			nullRates++
		}
		if at(t, o, "OrdererModel", "phoneNumber1") == nil {
			nullPhones++
		}
		if at(t, o, "PackageModelList", 0, "ItemModelList", 0, "SkuModelList", 0, "skuInfo") != nil {
			variants++
		}
	}
	assert.Len(t, seen, 9, "all progresses")
	for name, n := range map[string]int{"not fixed": unfixed, "gifts": gifts, "tax rates": nullRates, "phones": nullPhones, "variants": variants} {
		assert.NotZero(t, n, name)
	}
}

func TestGetOrderVersions(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(1))
	c := as(t, srv, srv.Shop())
	number := at(t, c.order("searchOrder", search(start.Add(-day), start)).json(t), "orderNumberList", 0)
	has := func(version any, path ...any) bool {
		v := c.order("getOrder", object{"orderNumberList": []any{number}, "version": version}).json(t)["OrderModelList"]
		for _, step := range append([]any{0}, path...) {
			if name, ok := step.(string); ok {
				m, _ := v.(object)
				if _, there := m[name]; !there {
					return false
				}
			}
			v = at(t, v, step)
		}
		return true
	}
	for _, test := range []struct {
		version int
		path    []any
	}{
		{4, []any{"PackageModelList", 0, "defaultDeliveryCompanyCode"}},
		{5, []any{"DueDateModelList"}},
		{6, []any{"cautionDisplayDetailType"}},
		{7, []any{"PackageModelList", 0, "ItemModelList", 0, "SkuModelList"}},
		{8, []any{"oneDayOperationFlag"}},
		{9, []any{"PackageModelList", 0, "dropOffFlag"}},
		{10, []any{"socialGiftFlag"}},
	} {
		assert.True(t, has(test.version, test.path...), "%v", test)
		assert.False(t, has(test.version-1, test.path...), "%v", test)
	}
	assert.True(t, has(7, "goodsTax"))
	assert.True(t, has(7, "PackageModelList", 0, "goodsTax"))
	assert.False(t, has(8, "isTaxRecalc"))
	assert.True(t, has("10", "socialGiftFlag"), "text is a version too")
	for _, version := range []any{1, 2, 11, nil, "x"} {
		assert.Equal(t, 400, c.order("getOrder", object{"orderNumberList": []any{number}, "version": version}).status, "%v", version)
	}
}

func TestGetOrderLimits(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	old := srv.Shop().AddOrder(object{"orderDatetime": orderTime(start.AddDate(0, 0, -731))})
	c := as(t, srv, srv.Shop())
	got := c.order("getOrder", object{"orderNumberList": []string{old}, "version": 10})
	assert.Equal(t, 200, got.status)
	assert.Empty(t, at(t, got.json(t), "OrderModelList"), "older than 730 days")

	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprintf("400001-20261101-%010d", i)
	}
	for name, numbers := range map[string][]string{"none": {}, "101": many, "form": {"1-2-3"}} {
		assert.Equal(t, 400, c.order("getOrder", object{"orderNumberList": numbers, "version": 10}).status, name)
	}
	other := srv.AddShop(rakutentest.Seed{}).AddOrder(nil)
	got = c.order("getOrder", object{"orderNumberList": []string{other}, "version": 10})
	assert.Empty(t, at(t, got.json(t), "OrderModelList"), "another shop's order")
}

func TestConfirmAndSubStatusByRow(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	shop := srv.Shop()
	fresh, shipped, missing := shop.AddOrder(nil), shop.AddOrder(object{"orderProgress": 500}), "400001-20200101-0000000001"
	c := as(t, srv, shop)
	types := func(got answer) []any {
		t.Helper()
		require.Equal(t, 200, got.status, "%s", got.body)
		list, _ := at(t, got.json(t), "MessageModelList").([]any)
		out := make([]any, len(list))
		for i, m := range list {
			out[i] = at(t, m, "messageType")
		}
		return out
	}
	numbers := []string{fresh, shipped, missing}
	assert.Equal(t, []any{"INFO", "ERROR", "ERROR"}, types(c.order("updateOrderSubStatus", object{"subStatusId": 1001, "orderNumberList": numbers})))
	assert.Equal(t, []any{"INFO", "ERROR", "ERROR"}, types(c.order("confirmOrder", object{"orderNumberList": numbers})))
	assert.Equal(t, []any{"ERROR"}, types(c.order("confirmOrder", object{"orderNumberList": []string{fresh}})), "only once")
	assert.Equal(t, "在庫確認中", at(t, c.get1(fresh), "subStatusName"))
	assert.EqualValues(t, 200, at(t, c.get1(fresh), "orderProgress"))

	list := c.order("getSubStatusList", nil).json(t)
	assert.Len(t, at(t, list, "StatusModelList"), 9)
	assert.EqualValues(t, 1001, at(t, list, "StatusModelList", 0, "SubStatusModelList", 0, "subStatusId"))
}

// get1 reads one order.
func (c *caller) get1(number string) any {
	c.t.Helper()
	return at(c.t, c.order("getOrder", object{"orderNumberList": []string{number}, "version": 10}).json(c.t), "OrderModelList", 0)
}

func TestChangesOfOneOrder(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	number := srv.Shop().AddOrder(nil)
	c := as(t, srv, srv.Shop())
	does := func(operation string, more object) any {
		t.Helper()
		more["orderNumber"] = number
		got := c.order(operation, more)
		require.Equal(t, 200, got.status, "%s", got.body)
		return at(t, got.json(t), "MessageModelList", 0, "messageType")
	}
	assert.Equal(t, "INFO", does("updateOrderMemo", object{"memo": "電話済み", "operator": "楽田", "subStatusId": 1002}))
	assert.Equal(t, "INFO", does("updateOrderMemo", object{"operator": nil}))
	assert.Equal(t, "電話済み", at(t, c.get1(number), "memo"), "absent keeps")
	assert.Nil(t, at(t, c.get1(number), "operator"), "null clears")
	assert.EqualValues(t, 1002, at(t, c.get1(number), "subStatusId"))
	for name, wrong := range map[string]object{
		"operator": {"operator": "七文字になる名"}, "memo": {"memo": strings.Repeat("あ", 1001)}, "sentence": {"mailPlugSentence": strings.Repeat("あ", 1025)},
		"date": {"deliveryDate": "2026/11/02"}, "class": {"deliveryClass": 9},
	} {
		wrong["orderNumber"] = number
		assert.Equal(t, 400, c.order("updateOrderMemo", wrong).status, name)
	}
	assert.Equal(t, "ERROR", does("updateOrderMemo", object{"subStatusId": 3001, "memo": "x"}), "of another progress")
	assert.Equal(t, "電話済み", at(t, c.get1(number), "memo"), "all or nothing")

	assert.Equal(t, "INFO", does("updateOrderRemarks", object{"giftCheck": 1, "remarks": "のし"}))
	assert.Equal(t, "のし", at(t, c.get1(number), "remarks"))
	assert.Equal(t, "INFO", does("updateOrderDelivery", object{"deliveryName": "メール便"}))
	assert.Equal(t, "ERROR", does("updateOrderDelivery", object{"deliveryName": "鳩"}))
	assert.Equal(t, "INFO", does("updateOrderOrderer", object{"OrdererModel": object{"city": "千代田区"}}))
	assert.Equal(t, "ERROR", does("updateOrderOrderer", object{"OrdererModel": object{"subAddress": "一番町", "city": 1}}))
	assert.Equal(t, "千代田区", at(t, c.get1(number), "OrdererModel", "city"))
	assert.Equal(t, "中野0-0-1", at(t, c.get1(number), "OrdererModel", "subAddress"), "all or nothing")
	assert.Contains(t, at(t, c.get1(number), "OrdererModel", "emailAddress"), "masked", "absent keeps")

	reason := object{"inventoryRestoreType": 1, "changeReasonDetailApply": 8}
	assert.Equal(t, "ERROR", does("cancelOrderAfterShipping", reason))
	assert.Equal(t, "ERROR", does("cancelOrder", object{"inventoryRestoreType": 3, "changeReasonDetailApply": 8}))
	assert.Equal(t, "ERROR", does("cancelOrder", object{"inventoryRestoreType": 1, "changeReasonDetailApply": 7}))
	assert.Equal(t, "ERROR", does("cancelOrder", object{}))
	assert.Equal(t, "INFO", does("cancelOrder", reason))
	assert.EqualValues(t, 900, at(t, c.get1(number), "orderProgress"))
	assert.Equal(t, "ERROR", does("cancelOrder", reason))
	assert.Equal(t, c.get1(number), any(srv.Shop().Order(number)))
	assert.Nil(t, srv.Shop().Order("none"))
}

func TestPurchaseItems(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(2))
	c := as(t, srv, srv.Shop())
	found := c.json("POST", "/es/2.0/purchaseItem/searchOrderItem/", search(start.Add(-day), start)).json(t)
	got := c.json("POST", "/es/2.0/purchaseItem/getOrderItem/", object{"orderNumberList": at(t, found, "orderNumberList")}).json(t)
	assert.Len(t, at(t, got, "OrderModelList"), 2)
	assert.NotContains(t, at(t, got, "OrderModelList", 0), "OrdererModel")
	assert.NotContains(t, at(t, got, "OrderModelList", 0, "PackageModelList", 0), "SenderModel")
	assert.Contains(t, at(t, got, "OrderModelList", 0, "PackageModelList", 0), "ItemModelList")
	assert.NotContains(t, got, "version")
}
