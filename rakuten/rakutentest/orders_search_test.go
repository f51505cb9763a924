package rakutentest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

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
