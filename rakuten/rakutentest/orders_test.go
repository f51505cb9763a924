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

func TestSearchOrder(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())

	got := c.order("searchOrder", search(start.Add(-30*day), start)).json(t)
	assert.Equal(t, "ORDER_EXT_API_SEARCH_ORDER_INFO_101", at(t, got, "MessageModelList", 0, "messageCode"))
	assert.Len(t, at(t, got, "orderNumberList"), 30)
	assert.EqualValues(t, 30, at(t, got, "PaginationResponseModel", "totalRecordsAmount"))

	third := c.order("searchOrder", search(start.Add(-30*day), start, page(7, 5))).json(t)
	assert.Len(t, at(t, third, "orderNumberList"), 2)
	assert.EqualValues(t, 5, at(t, third, "PaginationResponseModel", "totalPages"))

	down := c.order("searchOrder", search(start.Add(-30*day), start, object{"PaginationRequestModel": object{
		"SortModelList": []object{{"sortColumn": 1, "sortDirection": 2}},
	}})).json(t)
	assert.Equal(t, at(t, got, "orderNumberList", 29), at(t, down, "orderNumberList", 0))

	some := c.order("searchOrder", search(start.Add(-30*day), start, object{"orderProgressList": []int{300}})).json(t)
	assert.EqualValues(t, 4, at(t, some, "PaginationResponseModel", "totalRecordsAmount"))
}

func TestSearchOrderWithoutHit(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	got := as(t, srv, srv.Shop()).order("searchOrder", search(start.Add(-day), start))
	assert.Equal(t, 200, got.status)
	assert.Equal(t, "INFO", at(t, got.json(t), "MessageModelList", 0, "messageType"))
	assert.Equal(t, "ORDER_EXT_API_SEARCH_ORDER_INFO_102", at(t, got.json(t), "MessageModelList", 0, "messageCode"))
	assert.Empty(t, at(t, got.json(t), "orderNumberList"))
	assert.Nil(t, at(t, got.json(t), "PaginationResponseModel", "totalRecordsAmount"))
}

func TestSearchOrderRefuses(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	for name, q := range map[string]any{
		"no period":      object{"dateType": 1},
		"no date type":   object{"startDatetime": orderTime(start), "endDatetime": orderTime(start)},
		"date type":      search(start, start, object{"dateType": 7}),
		"a colon":        search(start, start, object{"startDatetime": "2026-11-01T19:00:00+09:00"}),
		"no offset":      search(start, start, object{"startDatetime": "2026-11-01T19:00:00"}),
		"a fraction":     search(start, start, object{"startDatetime": "2026-11-01T19:00:00.000+0900"}),
		"another offset": search(start, start, object{"startDatetime": "2026-11-01T10:00:00+0000"}),
		"progress":       search(start, start, object{"orderProgressList": []int{150}}),
		"order type":     search(start, start, object{"orderTypeList": []int{2}}),
		"backwards":      search(start, start.Add(-day)),
		"64 days":        search(start.Add(-64*day), start),
		"731 days ago":   search(start.AddDate(0, 0, -731), start.AddDate(0, 0, -729)),
		"1001 a page":    search(start.Add(-day), start, page(1001, 1)),
		"page 0":         search(start.Add(-day), start, page(10, 0)),
		"beyond 15000":   search(start.Add(-60*day), start, page(1000, 16)),
		"sort":           search(start.Add(-day), start, object{"PaginationRequestModel": object{"SortModelList": []object{{"sortColumn": 2, "sortDirection": 1}}}}),
		"keyword":        search(start, start, object{"searchKeywordType": 7, "searchKeyword": strings.Repeat("あ", 41)}),
		"no sub status":  search(start, start, object{"subStatusIdList": []int{-1, 1001}}),
		"no JSON object": []int{1},
	} {
		got := c.order("searchOrder", q)
		assert.Equal(t, 400, got.status, name)
		assert.Equal(t, "ERROR", at(t, got.json(t), "MessageModelList", 0, "messageType"), name)
		assert.Nil(t, at(t, got.json(t), "orderNumberList"), name)
		assert.Nil(t, at(t, got.json(t), "PaginationResponseModel"), name)
	}
	assert.Equal(t, 200, c.order("searchOrder", search(start.Add(-63*day), start)).status)
}

func TestManyOrders(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(15001), rakutentest.WithOrderEvery(time.Minute))
	c := as(t, srv, srv.Shop())
	got := c.order("searchOrder", search(start.Add(-20*day), start, page(1000, 15))).json(t)
	assert.EqualValues(t, 15001, at(t, got, "PaginationResponseModel", "totalRecordsAmount"))
	assert.Len(t, at(t, got, "orderNumberList"), 1000)
	assert.Equal(t, 400, c.order("searchOrder", search(start.Add(-20*day), start, page(1000, 16))).status)
}

func TestSearchOrderSelects(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	shop := srv.Shop()
	one := shop.AddOrder(object{"memo": "急ぎ", "orderProgress": 300})
	shop.AddOrder(object{"orderType": 4, "DeliveryModel": object{"deliveryName": "メール便"}})
	c := as(t, srv, shop)
	for name, test := range map[string]struct {
		q    object
		want int
	}{
		"all":          {object{}, 2},
		"memo":         {object{"searchKeywordType": 3, "searchKeyword": "急"}, 1},
		"item name":    {object{"searchKeywordType": 1, "searchKeyword": "存在しない"}, 0},
		"order type":   {object{"orderTypeList": []int{4}}, 1},
		"delivery":     {object{"deliveryName": "メール便"}, 1},
		"no substatus": {object{"subStatusIdList": []int{-1}}, 2},
		"substatus":    {object{"subStatusIdList": []int{3001}}, 0},
		"unshipped":    {object{"shippingNumberBlankFlag": 1}, 2},
		"shipped":      {object{"dateType": 4}, 0},
		"coupons":      {object{"couponUseFlag": 1}, 0},
		"phone":        {object{"phoneNumberType": 1, "phoneNumber": "03-0000-0001"}, 1},
	} {
		got := c.order("searchOrder", search(start.Add(-day), start.Add(day), test.q)).json(t)
		assert.Len(t, at(t, got, "orderNumberList"), test.want, name)
	}
	assert.True(t, strings.HasPrefix(one, "400001-20261101-"), one)
}

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
