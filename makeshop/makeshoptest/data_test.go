package makeshoptest_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
)

const searchOrder = `query($input: SearchOrderRequest!) { searchOrder(input: $input) { searchedCount page orders {
	displayOrderNumber orderDate memberId message paymentStatusCode
	deliveryInfos { deliveryId deliveryStatus deliveryDate desiredDeliveryDate slipNumber basketInfos { productCode amount } } } } }`

func TestSearchOrder(t *testing.T) {
	t.Parallel()
	srv := start(t, makeshoptest.WithOrders(0))
	shop := srv.Shop()
	delivery := func(status string) []any { return []any{object{"deliveryStatus": status}} }
	a := shop.AddOrder(object{"orderDate": "2026-11-01 00:00:00", "deliveryInfos": delivery("Y"), "paymentDate": "20261103120000"})
	b := shop.AddOrder(object{"orderDate": "2026-11-02 23:59:59", "deliveryInfos": []any{object{"deliveryStatus": "R"}, object{"deliveryStatus": "N"}}})
	c := shop.AddOrder(object{"orderDate": "2026-11-03 09:00:00", "deliveryInfos": delivery("C"), "paymentDate": ""})
	for _, tt := range []struct {
		input object
		want  []string
	}{
		{object{}, []string{a, b, c}},
		{object{"sortOrder": "DESC"}, []string{c, b, a}},
		{object{"startOrderDate": "20261102000000"}, []string{b, c}},
		{object{"startOrderDate": "20261101000000", "endOrderDate": "20261102235959"}, []string{a, b}},
		{object{"startPaymentDate": "20261101000000", "endPaymentDate": "20261104000000"}, []string{a}},
		{object{"deliveryStatus": "Y"}, []string{a}},
		{object{"deliveryStatus": "N"}, []string{b}},
		{object{"deliveryStatus": "R"}, []string{b}},
		{object{"deliveryStatus": "C"}, []string{c}},
		{object{"limit": 2, "page": 2}, []string{c}},
		{object{"limit": 2, "page": 3}, []string{}},
	} {
		assert.Equal(t, tt.want, texts(run(t, srv, searchOrder, tt.input, "searchOrder.orders"), "displayOrderNumber"), "%v", tt.input)
	}
	for _, input := range []object{
		{"startOrderDate": "2026-11-02"}, {"endOrderDate": "20261102"}, {"startPaymentDate": "20261302000000"}, {"deliveryStatus": "COMPLETED"},
	} {
		status, answer := query(t, srv, searchOrder, object{"input": input})
		assert.Equal(t, http.StatusOK, status)
		assert.Contains(t, at(answer, "errors.0.message"), "is invalid")
	}
	assert.Panics(t, func() { shop.AddOrder(object{"receiverName": "x"}) })
	assert.Len(t, shop.Orders(), 3)
}

func TestPages(t *testing.T) {
	t.Parallel()
	srv := start(t, makeshoptest.WithOrders(0), makeshoptest.WithProducts(845), makeshoptest.WithMembers(0))
	document := `query($input: SearchProductRequest!) { searchProduct(input: $input) { searchedCount page limit products { systemCode } } }`
	seen := map[string]bool{}
	for page, want := range []int{200, 200, 200, 200, 45, 0} {
		answer := run(t, srv, document, object{"page": page + 1, "limit": 1000}, "searchProduct")
		assert.EqualValues(t, 845, at(answer, "searchedCount"))
		codes := texts(at(answer, "products"), "systemCode")
		assert.Len(t, codes, want)
		for _, code := range codes {
			assert.Len(t, code, 12)
			seen[code] = true
		}
	}
	assert.Len(t, seen, 845)
	counted := run(t, srv, `{ searchProductQuantity(input: {systemCodes: "000000000003"}) { page productQuantities { systemCode variationQuantities { variationCustomCode variationQuantity } } } }`, nil, "searchProductQuantity.productQuantities")
	assert.Len(t, counted, 1)
	assert.EqualValues(t, 5, at(counted, "0.variationQuantities.0.variationQuantity"))
}

// TestQuirks goes through the oddities of real answers.
func TestQuirks(t *testing.T) {
	t.Parallel()
	srv := start(t)
	orders := run(t, srv, searchOrder, object{}, "searchOrder.orders")
	has := func(field, pattern string) {
		t.Helper()
		for _, s := range texts(orders, field) {
			if regexp.MustCompile(pattern).MatchString(s) {
				return
			}
		}
		assert.Fail(t, "none matches", "%s %s", field, pattern)
	}
	has("orderDate", `^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`)
	has("memberId", `^X\d{6}山田`)
	has("message", `^領収書をお願いします\|\|`)
	has("deliveryInfos.0.desiredDeliveryDate", `^--$`)
	has("deliveryInfos.0.deliveryDate", `^\d{14}$`)
	has("deliveryInfos.0.deliveryStatus", `^Y$`)
	has("deliveryInfos.0.basketInfos.0.productCode", `^0{9}\d{3}$`)

	members := run(t, srv, `{ searchMember(input: {}) { members { memberId name shopPoint email registrationDate } } }`, nil, "searchMember.members")
	assert.Equal(t, object{"memberId": at(members, "14.memberId"), "name": "", "shopPoint": nil, "email": "", "registrationDate": ""}, at(members, "14"))
	assert.NotEmpty(t, at(members, "14.memberId"))

	product := run(t, srv, `{ searchProduct(input: {limit: 1}) { products { maxImageUrl categories { categoryUID } } } }`, nil, "searchProduct.products.0")
	assert.Contains(t, at(product, "maxImageUrl"), "?")
	categories := run(t, srv, `{ getProductCategory { productCategories { categoryUid categoryCode } } }`, nil, "getProductCategory.productCategories")
	assert.Equal(t, at(product, "categories.0.categoryUID"), at(categories, "0.categoryUid"))
	found := run(t, srv, `{ searchProduct(input: {categoryCode: "ct1"}) { searchedCount } }`, nil, "searchProduct.searchedCount")
	assert.EqualValues(t, 3, found)
}

func TestOrderMutations(t *testing.T) {
	t.Parallel()
	srv := start(t, makeshoptest.WithOrders(0))
	shop := srv.Shop()
	member := shop.AddMember(object{"shopPoint": 10})
	number := shop.AddOrder(object{
		"memberId": member, "usedPoints": 30,
		"deliveryInfos": []any{object{"deliveryId": "d1", "basketInfos": []any{object{"productCode": "000000000001", "amount": 4}}}, object{"deliveryId": "d2"}},
	})
	status := `mutation($input: UpdateOrderDeliveryStatusRequest!) { updateOrderDeliveryStatus(input: $input) { updateOrderDeliveryStatusResults { displayOrderNumber deliveryId message } } }`
	results := run(t, srv, status, object{"updateOrderDeliveryStatusRequests": []any{
		object{"displayOrderNumber": number, "deliveryId": "d1", "deliveryStatus": "COMPLETED"},
		object{"displayOrderNumber": number, "deliveryId": "d9", "deliveryStatus": "COMPLETED"},
		object{"displayOrderNumber": "0", "deliveryStatus": "NOT_YET"},
	}}, "updateOrderDeliveryStatus.updateOrderDeliveryStatusResults")
	assert.Nil(t, at(results, "0.message"))
	assert.NotEmpty(t, at(results, "1.message"))
	assert.NotEmpty(t, at(results, "2.message"))
	order := run(t, srv, searchOrder, object{}, "searchOrder.orders.0")
	assert.Equal(t, []string{"Y", "N"}, texts(at(order, "deliveryInfos"), "deliveryStatus"))
	assert.Equal(t, "20261110120000", at(order, "deliveryInfos.0.deliveryDate"))
	code, answer := query(t, srv, status, object{"input": object{"updateOrderDeliveryStatusRequests": object{"displayOrderNumber": number, "deliveryStatus": "Y"}}})
	assert.Equal(t, 422, code, "read states are not written: %v", answer)

	attribute := `mutation($input: UpdateOrderAttributeRequest!) { updateOrderAttribute(input: $input) { updateOrderAttributeResults { displayOrderNumber message } } }`
	results = run(t, srv, attribute, object{"updateOrderAttributes": []any{
		object{"displayOrderNumber": number, "deliveryRequestInfos": object{"deliveryId": "d1", "slipNumber": "返金 1/2", "deliveryCompanyCode": "002"}},
		object{"displayOrderNumber": number, "deliveryRequestInfos": []any{object{"deliveryId": "d2", "slipNumber": "x"}, object{"deliveryId": "d9", "slipNumber": "x"}}},
	}}, "updateOrderAttribute.updateOrderAttributeResults")
	assert.Nil(t, at(results, "0.message"))
	assert.NotEmpty(t, at(results, "1.message"))
	order = run(t, srv, searchOrder, object{}, "searchOrder.orders.0")
	assert.Equal(t, []string{"返金 1/2", ""}, texts(at(order, "deliveryInfos"), "slipNumber"), "nothing of a failed row")

	cancel := `mutation($input: CancelOrderRequest!) { cancelOrder(input: $input) { cancelOrderResults { displayOrderNumber message } } }`
	request := object{"cancelOrderRequests": object{"displayOrderNumber": number, "isReturnStock": true, "isReturnPoint": true}}
	assert.Empty(t, run(t, srv, cancel, request, "cancelOrder.cancelOrderResults"))
	order = run(t, srv, searchOrder, object{}, "searchOrder.orders.0")
	assert.Equal(t, []string{"C", "C"}, texts(at(order, "deliveryInfos"), "deliveryStatus"))
	assert.Equal(t, "0003", at(order, "paymentStatusCode"))
	stock := run(t, srv, `{ searchProduct(input: {systemCode: "000000000001"}) { products { quantity } } }`, nil, "searchProduct.products.0.quantity")
	assert.EqualValues(t, 15, stock, "4 of the first delivery, 1 of the second")
	points := run(t, srv, fmt.Sprintf(`{ searchMember(input: {memberId: %q}) { members { shopPoint } } }`, member), nil, "searchMember.members.0.shopPoint")
	assert.EqualValues(t, 40, points)
	assert.Len(t, run(t, srv, cancel, request, "cancelOrder.cancelOrderResults"), 1, "it is cancelled")
}

func TestStockMutations(t *testing.T) {
	t.Parallel()
	srv := start(t, makeshoptest.WithProducts(0))
	code := srv.Shop().AddProduct(object{"customCode": "C1", "variations": []any{object{"variationCustomCode": "#BK", "variationQuantity": 3}}})
	fails := run(t, srv, `mutation($input: UpdateProductQuantityRequest!) { updateProductQuantity(input: $input) { failResult { systemCode customCode message } } }`,
		object{"productQuantities": []any{
			object{"productKeyType": 0, "systemCode": code, "quantityCalculationType": 1, "quantity": -1},
			object{"productKeyType": 1, "customCode": "C1", "quantityCalculationType": 1, "quantity": 3},
			object{"productKeyType": 1, "customCode": "C2", "quantityCalculationType": 1, "quantity": 1},
			object{"productKeyType": 0, "systemCode": code, "quantityCalculationType": 1, "quantity": -100},
			object{"productKeyType": 0, "systemCode": code, "quantityCalculationType": 9, "quantity": 1},
			object{"productKeyType": 9, "systemCode": code, "quantityCalculationType": 1, "quantity": 1},
		}}, "updateProductQuantity.failResult")
	assert.Len(t, fails, 4)
	assert.Equal(t, "C2", at(fails, "0.customCode"))
	detail := func(variation string, quantity int) object {
		return object{"variationKeyType": 1, "variationCustomCode": variation, "quantityCalculationType": 1, "quantity": quantity}
	}
	fails = run(t, srv, `mutation($input: UpdateVariationQuantityRequest!) { updateVariationQuantity(input: $input) { failResult { variationCustomCode variation1ItemId message } } }`,
		object{"variationQuantities": []any{
			object{"productKeyType": 0, "systemCode": code, "variationQuantityDetails": detail("#BK", 2)},
			object{"productKeyType": 0, "systemCode": code, "variationQuantityDetails": []any{detail("#WH", 2), detail("#BK", -9)}},
			object{"productKeyType": 0, "systemCode": "0", "variationQuantityDetails": detail("#BK", 2)},
		}}, "updateVariationQuantity.failResult")
	assert.Equal(t, []string{"#WH", "#BK", "#BK"}, texts(fails, "variationCustomCode"))
	stock := run(t, srv, `{ searchProductQuantity(input: {}) { productQuantities { quantity variationQuantities { variationQuantity } } } }`, nil, "searchProductQuantity.productQuantities.0")
	assert.EqualValues(t, 12, at(stock, "quantity"))
	assert.EqualValues(t, 5, at(stock, "variationQuantities.0.variationQuantity"))
	assert.Len(t, srv.Shop().Products(), 1)
}

func TestMembers(t *testing.T) {
	t.Parallel()
	srv := start(t, makeshoptest.WithMembers(0))
	shop := srv.Shop()
	a := shop.AddMember(object{"email": "a@mail.example", "registrationDate": "20261101090000"})
	b := shop.AddMember(object{"registrationDate": "20261102235959"})
	search := `query($input: SearchMemberRequest!) { searchMember(input: $input) { members { memberId shopPoint } } }`
	for _, tt := range []struct {
		input object
		want  []string
	}{
		{object{}, []string{a, b}},
		{object{"memberId": a}, []string{a}},
		{object{"email": "a@mail.example"}, []string{a}},
		{object{"joinDateFrom": "20261102"}, []string{b}},
		{object{"joinDateTo": "20261101"}, []string{a}},
		{object{"joinDateFrom": "20261101", "joinDateTo": "20261102"}, []string{a, b}},
		{object{"memberId": "x"}, []string{}},
	} {
		assert.Equal(t, tt.want, texts(run(t, srv, search, tt.input, "searchMember.members"), "memberId"), "%v", tt.input)
	}
	_, answer := query(t, srv, search, object{"input": object{"joinDateFrom": "20261102000000"}})
	assert.Equal(t, "joinDateFrom is invalid", at(answer, "errors.0.message"))

	shop.WithdrawMember(b)
	results := run(t, srv, `mutation($input: UpdateMemberShopPointRequest!) { updateMemberShopPoint(input: $input) { results { memberId message } } }`,
		object{"shopPoints": []any{
			object{"memberId": a, "point": 50}, object{"memberId": b, "point": 50}, object{"memberId": "x", "point": 50}, object{"memberId": a, "point": -1},
		}}, "updateMemberShopPoint.results")
	assert.Nil(t, at(results, "0.message"))
	for i := 1; i < 4; i++ {
		assert.NotEmpty(t, at(results, fmt.Sprintf("%d.message", i)))
	}
	assert.EqualValues(t, 50, run(t, srv, search, object{"memberId": a}, "searchMember.members.0.shopPoint"))
	assert.Panics(t, func() { shop.WithdrawMember("x") })
}

func TestCoupons(t *testing.T) {
	t.Parallel()
	srv := start(t)
	document := `mutation($input: CreateCouponRequest!) { createCoupon(input: $input) { results { code name status errorMessage } } }`
	create := func(coupon object) any {
		base := object{"code": "SALE10", "name": "10%", "discountType": "FIXED_RATE", "fixedRate": 10}
		maps.Copy(base, coupon)
		return run(t, srv, document, object{"coupons": base}, "createCoupon.results.0")
	}
	for _, coupon := range []object{
		{"code": ""},
		{"code": "SALE-10"},
		{"code": "ABCDEFGHIJKLMNOPQRSTU"},
		{"name": ""},
		{"fixedRate": 0},
		{"fixedRate": 101},
		{"discountType": "FIXED_AMOUNT"},
		{"hasMinimumPrice": true},
		{"hasTotalUseCount": true},
		{"hasMaximumMemberUsableCount": true, "maximumMemberUsableCount": 1},
		{"hasMaximumMemberUsableCount": true, "isForOnlyMember": true},
		{"hasPeriod": true, "startedAt": "2026-11-01", "endedAt": "2026-11-30 23:59:59"},
	} {
		result := create(coupon)
		assert.Equal(t, "FAIL", at(result, "status"), "%v", coupon)
		assert.NotEmpty(t, at(result, "errorMessage"))
	}
	assert.Equal(t, object{"code": "SALE10", "name": "10%", "status": "SUCCESS", "errorMessage": nil}, create(nil))
	assert.Equal(t, "FAIL", at(create(object{"code": "sale10"}), "status"), "codes have no case")
	assert.Equal(t, "SUCCESS", at(create(object{"codeAutoCreate": true, "hasPeriod": true, "startedAt": "2026-11-01 00:00:00", "endedAt": "2026-11-30 23:59:59"}), "status"))
	assert.Equal(t, "FAIL", at(run(t, srv, document, object{"coupons": []any{nil}}, "createCoupon.results.0"), "status"))
	assert.Len(t, srv.Shop().Coupons(), 2)
}

func TestShops(t *testing.T) {
	t.Parallel()
	srv := start(t)
	other := srv.AddShop(makeshoptest.Seed{ID: "other", Name: "別の店"})
	other.AddCategory(object{"categoryName": "本"})
	_, answer := query(t, srv, `{ getShop { shop { shopId shopName } } getProductCategory { productCategories { categoryName seoInfo { browserTitle } } } }`, nil, "Authorization", "Bearer "+other.Token())
	assert.Equal(t, object{"shopId": "other", "shopName": "別の店"}, at(answer, "data.getShop.shop"))
	assert.Equal(t, "本", at(answer, "data.getProductCategory.productCategories.4.categoryName"))
	setting := run(t, srv, `{ getShopDeliverySetting { delivery { settingDeliveryMethods { settingShippingFee settingAreaShippingFees { areaName } } } } head: getAccessHeadTag(input: {}) { accessTag { tag key } } }`, nil, "getShopDeliverySetting.delivery.settingDeliveryMethods.0")
	assert.EqualValues(t, 800, at(setting, "settingShippingFee"))
	assert.Panics(t, func() { srv.AddShop(makeshoptest.Seed{Profile: object{"name": "x"}}) })
}

func TestInMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := makeshoptest.NewServer(makeshoptest.InMemory())
		defer srv.Close()
		client, err := srv.Client()
		require.NoError(t, err)
		shop, err := client.Shop.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, srv.Shop().ID, shop.ShopID)
		<-time.After(2 * time.Hour)
		n := 0
		for _, err := range client.Orders.All(t.Context(), makeshop.ListOrdersParams{}) {
			require.NoError(t, err)
			n++
		}
		assert.Equal(t, 30, n)
	})
}
