package rakutentest_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// fact is a sentence that is known of the platform: a plain request and what its answer has.
// The requests are written from what is known, and with nothing but net/http.
type fact struct {
	says    string
	options []rakutentest.Option
	before  func(c *caller)
	send    string // method and path; {key} is the licence key
	body    string // XML when it begins with <
	status  int
	content string   // Content-Type
	has     []string // in the body
	lacks   []string // in the body
}

const (
	inJSON = "application/json; charset=utf-8"
	inXML  = "text/xml; charset=utf-8"
	// first is the number of a shop's first order on the day of start, and one that was never
	// given out is unknown.
	first   = "400001-20261101-0000000001"
	unknown = "400001-20261101-9999999999"
	orders  = "POST /es/2.0/order/"
	cabinet = "/es/1.0/cabinet/"
	period  = `"startDatetime":"2026-10-01T00:00:00+0900","endDatetime":"2026-11-01T19:00:00+0900"`
)

// lot adds orders at the given progresses.
func lot(progresses ...int) func(*caller) {
	return func(c *caller) {
		for _, progress := range progresses {
			c.srv.Shop().AddOrder(object{"orderProgress": progress})
		}
	}
}

// earlier makes calls that have to succeed, each as in fact.send with a body behind a line
// end.
func earlier(calls ...string) func(*caller) {
	return func(c *caller) {
		for _, call := range calls {
			send, body, _ := strings.Cut(call, "\n")
			got := c.plain(send, body)
			require.Less(c.t, got.status, 300, "%s: %s", send, got.body)
		}
	}
}

func all(steps ...func(*caller)) func(*caller) {
	return func(c *caller) {
		for _, step := range steps {
			step(c)
		}
	}
}

func (c *caller) plain(send, body string) answer {
	c.t.Helper()
	method, path, _ := strings.Cut(send, " ")
	kind := ""
	switch {
	case strings.HasPrefix(body, "<"):
		kind = inXML
	case body != "":
		kind = inJSON
	}
	return c.send(method, path, kind, []byte(body))
}

func TestFacts(t *testing.T) {
	t.Parallel()
	families := map[string][]fact{
		"licence": licenceFacts(), "order search": searchFacts(), "order": orderFacts(), "order change": orderChangeFacts(), "item": itemFacts(),
		"stock": stockFacts(), "category": categoryFacts(), "cabinet": cabinetFacts(), "product": productFacts(), "coupon": couponFacts(), "other": otherFacts(),
	}
	rows := 0
	for family, facts := range families {
		rows += len(facts)
		for _, f := range facts {
			t.Run(family+"/"+f.says, func(t *testing.T) {
				t.Parallel()
				srv := newServer(t, append([]rakutentest.Option{rakutentest.WithOrders(0)}, f.options...)...)
				c := as(t, srv, srv.Shop())
				if f.before != nil {
					f.before(c)
				}
				got := c.plain(strings.Replace(f.send, "{key}", c.key, 1), f.body)
				require.Equal(t, f.status, got.status, "%s", got.body)
				assert.Equal(t, f.content, got.header.Get("Content-Type"))
				for _, part := range f.has {
					assert.Contains(t, string(got.body), part)
				}
				for _, part := range f.lacks {
					assert.NotContains(t, string(got.body), part)
				}
			})
		}
	}
	assert.GreaterOrEqual(t, rows, 100)
}

func licenceFacts() []fact {
	const expiry = "GET /es/1.0/license-management/license-key/expiry-date?licenseKey={key}"
	wrong := func(c *caller) { c.key = "SL400001_wrong" }
	expired := func(c *caller) { c.srv.Advance(91 * day) }
	off := func(as rakutentest.Refusal, function string) func(*caller) {
		return func(c *caller) { c.srv.Shop().Disable(as, function) }
	}
	const refused = `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`
	return []fact{
		{
			says: "the end is the last second of the 90th day, in Japan and without an offset", before: func(c *caller) { c.key = c.srv.RenewKey(c.srv.Shop()) },
			send: expiry, status: 200, content: inJSON, has: []string{`{"expiryDate":"2027-01-30T23:59:59"}`},
		},
		{says: "a wrong key is 401 in JSON", before: wrong, send: orders + "getSubStatusList/", status: 401, content: inJSON, has: []string{refused}},
		{says: "in JSON also where answers are XML", before: wrong, send: "GET " + cabinet + "usage/get", status: 401, content: inJSON, has: []string{refused}},
		{says: "an expired key is answered alike", before: expired, send: orders + "getSubStatusList/", status: 401, content: inJSON, has: []string{refused}},
		{says: "the end of an expired key cannot be asked for", before: expired, send: expiry, status: 401, content: inJSON, has: []string{refused}, lacks: []string{"expiryDate"}},
		{
			says: "or is 403", options: []rakutentest.Option{rakutentest.WithForbiddenExpiry()}, before: expired, send: expiry,
			status: 403, content: inJSON, has: []string{refused},
		},
		{says: "a function that is off is answered like a wrong key", before: off(rakutentest.LikeAWrongKey, "coupon"), send: "GET /es/1.0/coupon/search", status: 401, content: inJSON, has: []string{refused}},
		{says: "or by the gateway", before: off(rakutentest.GatewayCode, "coupon"), send: "GET /es/1.0/coupon/search", status: 403, content: inJSON, has: []string{`{"Results":{"errorCode":"ES04-01","message":"`}},
		{says: "the search of items needs no paid option", before: off(rakutentest.LikeAWrongKey, "item.get"), send: "GET /es/2.0/items/search?title=x", status: 200, content: inJSON},
	}
}

func searchFacts() []fact {
	const search = orders + "searchOrder/"
	with := func(more string) string { return `{"dateType":1,` + period + more + `}` }
	sorted := func(direction int) string {
		return with(fmt.Sprintf(`,"PaginationRequestModel":{"SortModelList":[{"sortColumn":1,"sortDirection":%d}]}`, direction))
	}
	three := []string{`"orderNumberList":["` + first + `","400001-20261101-0000000002","400001-20261101-0000000003"]`}
	const failed = `"PaginationResponseModel":null`
	return []fact{
		{
			says: "success has a message", before: lot(100, 100, 100), send: search, body: with(""), status: 200, content: inJSON,
			has: []string{`{"messageType":"INFO","messageCode":"ORDER_EXT_API_SEARCH_ORDER_INFO_101","message":"注文検索に成功しました。"}`, `"totalRecordsAmount":3`, `"requestPage":1`},
		},
		{says: "the path works without its slash", before: lot(100), send: "POST /es/2.0/order/searchOrder", body: with(""), status: 200, content: inJSON, has: []string{first}},
		{says: "sortDirection 1 is ascending", before: lot(100, 100, 100), send: search, body: sorted(1), status: 200, content: inJSON, has: three},
		{
			says: "nothing found is INFO_102, an empty list and nulls", send: search, body: with(""), status: 200, content: inJSON,
			has: []string{"SEARCH_ORDER_INFO_102", `"orderNumberList":[]`, `"totalRecordsAmount":null`, `"totalPages":null`, `"requestPage":null`},
		},
		{
			says: "a failed search has nulls", send: search, body: `{"dateType":1}`, status: 400, content: inJSON,
			has: []string{`"messageType":"ERROR"`, `"messageCode":"ORDER_EXT_API_SEARCH_ORDER_ERROR_`, `"orderNumberList":null`, failed},
		},
		{says: "an offset with a colon is refused", send: search, body: strings.ReplaceAll(with(""), "+0900", "+09:00"), status: 400, content: inJSON, has: []string{failed}},
		{says: "no offset is refused", send: search, body: strings.ReplaceAll(with(""), "+0900", ""), status: 400, content: inJSON, has: []string{failed}},
		{says: "63 days are fine", send: search, body: `{"dateType":1,"startDatetime":"2026-08-30T19:00:00+0900","endDatetime":"2026-11-01T19:00:00+0900"}`, status: 200, content: inJSON},
		{says: "64 days are not", send: search, body: `{"dateType":1,"startDatetime":"2026-08-29T19:00:00+0900","endDatetime":"2026-11-01T19:00:00+0900"}`, status: 400, content: inJSON},
		{says: "731 days ago is too far back", send: search, body: `{"dateType":1,"startDatetime":"2024-10-31T19:00:00+0900","endDatetime":"2024-12-01T19:00:00+0900"}`, status: 400, content: inJSON},
		{
			says: "a page has 30 rows", options: []rakutentest.Option{rakutentest.WithOrders(31), rakutentest.WithOrderEvery(time.Hour)}, send: search, body: with(""),
			status: 200, content: inJSON, has: []string{`"totalRecordsAmount":31`, `"totalPages":2`, "0000000030"},
		},
		{says: "1000 rows a page", send: search, body: with(`,"PaginationRequestModel":{"requestRecordsAmount":1000,"requestPage":1}`), status: 200, content: inJSON},
		{says: "and no more", send: search, body: with(`,"PaginationRequestModel":{"requestRecordsAmount":1001,"requestPage":1}`), status: 400, content: inJSON},
		{says: "-1 selects orders without a sub status", before: lot(100), send: search, body: with(`,"subStatusIdList":[-1]`), status: 200, content: inJSON, has: []string{first}},
		{
			says: "items bought are searched alike", before: lot(100), send: "POST /es/2.0/purchaseItem/searchOrderItem/", body: with(""), status: 200, content: inJSON,
			has: []string{`"messageCode":"ORDER_EXT_API_SEARCH_ORDER_ITEM_INFO_101"`, first},
		},
	}
}

func orderFacts() []fact {
	const get = orders + "getOrder/"
	ask := func(numbers, version string) string {
		return `{"orderNumberList":["` + strings.ReplaceAll(numbers, " ", `","`) + `"],"version":` + version + `}`
	}
	list := make([]string, 101)
	for i := range list {
		list[i] = fmt.Sprintf("400001-20261101-%010d", i)
	}
	return []fact{
		{
			says: "success counts the orders", before: lot(100), send: get, body: ask(first, "10"), status: 200, content: inJSON,
			has: []string{`{"messageType":"INFO","messageCode":"ORDER_EXT_API_GET_ORDER_INFO_101","message":"受注情報取得に成功しました。(取得件数1件)","orderNumber":null}`, `"version":10`},
		},
		{says: "times have +0900, without a colon", before: lot(100), send: get, body: ask(first, "10"), status: 200, content: inJSON, has: []string{`"orderDatetime":"2026-11-01T19:00:00+0900"`}},
		{says: "flags are numbers, and what has not happened is null", before: lot(100), send: get, body: ask(first, "10"), status: 200, content: inJSON, has: []string{`"drugFlag":0`, `"orderFixDatetime":null`}},
		{
			says: "a missing order is an ERROR in 200", before: lot(100), send: get, body: ask(first+" "+unknown, "10"), status: 200, content: inJSON,
			has: []string{`"messageType":"ERROR"`, `"orderNumber":"` + unknown + `"`, `"orderNumber":"` + first + `","orderProgress":100`, "取得件数1件"},
		},
		{says: "a version is required", before: lot(100), send: get, body: `{"orderNumberList":["` + first + `"]}`, status: 400, content: inJSON, has: []string{`"messageType":"ERROR"`}},
		{says: "it may be text", before: lot(100), send: get, body: ask(first, `"10"`), status: 200, content: inJSON, has: []string{first}},
		{says: "2 is gone", before: lot(100), send: get, body: ask(first, "2"), status: 400, content: inJSON},
		{says: "11 is not known", before: lot(100), send: get, body: ask(first, "11"), status: 400, content: inJSON},
		{says: "6 has no SKUs yet", before: lot(100), send: get, body: ask(first, "6"), status: 200, content: inJSON, has: []string{`"version":6`}, lacks: []string{"SkuModelList"}},
		{says: "5 does not say its version", before: lot(100), send: get, body: ask(first, "5"), status: 200, content: inJSON, lacks: []string{`"version"`, "cautionDisplayDetailType"}},
		{says: "7 still says isTaxRecalc", before: lot(100), send: get, body: ask(first, "7"), status: 200, content: inJSON, has: []string{"isTaxRecalc", "SkuModelList"}},
		{says: "101 numbers are too many", send: get, body: ask(strings.Join(list, " "), "10"), status: 400, content: inJSON, lacks: []string{"OrderModelList"}},
		{
			says: "-9999 is an amount that is not fixed", before: lot(100, 100), send: get, body: ask("400001-20261101-0000000002", "10"), status: 200, content: inJSON,
			has: []string{`"postagePrice":-9999`, `"totalPrice":-9999`, `"requestPrice":-9999`},
		},
		{says: "mail addresses are masked", before: lot(100), send: get, body: ask(first, "10"), status: 200, content: inJSON, has: []string{`@pc.masked.`}},
		{
			says: "a telephone number may lack a part, a line its tax rate", before: lot(100, 100, 100, 100), send: get,
			body: ask("400001-20261101-0000000003 400001-20261101-0000000004", "10"), status: 200, content: inJSON, has: []string{`"phoneNumber1":null`, `"taxRate":null`},
		},
		{
			says: "a gift waits for its receiver", before: lot(100, 100, 100, 100, 100, 100, 100), send: get, body: ask("400001-20261101-0000000007", "10"), status: 200, content: inJSON,
			has: []string{`"socialGiftFlag":1`, `"zipCode1":"999","zipCode2":"9999"`, `"city":"入力待ち"`},
		},
		{says: "points of the tax summary are 0", before: lot(100), send: get, body: ask(first, "10"), status: 200, content: inJSON, has: []string{`"taxRate":0.1,`, `"point":0}`}},
		{
			says: "items bought have no version and no persons", before: lot(100), send: "POST /es/2.0/purchaseItem/getOrderItem/", body: `{"orderNumberList":["` + first + `"]}`,
			status: 200, content: inJSON, has: []string{`"ItemModelList"`}, lacks: []string{`"OrdererModel"`, `"version"`},
		},
		{says: "a payment needs a version", before: lot(100), send: orders + "getPayment/", body: `{"orderNumber":"` + first + `"}`, status: 400, content: inJSON},
		{says: "version 4 brought PayPal", before: lot(100), send: orders + "getPayment/", body: `{"orderNumber":"` + first + `","version":4}`, status: 200, content: inJSON, has: []string{"PaymentPaypalModel"}},
		{says: "sub statuses need no body", send: orders + "getSubStatusList/", status: 200, content: inJSON, has: []string{`"StatusModelList":[{"SubStatusModelList":[{`, `"orderProgress":100`}},
	}
}

func orderChangeFacts() []fact {
	const ship = orders + "updateOrderShipping/"
	number := `{"orderNumber":"` + first + `"`
	rows := func(rows string) string {
		return number + `,"BasketidModelList":[{"basketId":1,"ShippingModelList":[` + rows + `]}]}`
	}
	get := func(c *caller) string {
		return string(c.plain(orders+"getOrder/", `{"orderNumberList":["`+first+`"],"version":10}`).body)
	}
	const parcel = `{"deliveryCompany":"1001","shippingNumber":"4000","shippingDate":"2026-11-01"}`
	one := `{"OrderShippingModelList":[` + rows(parcel) + `]}`
	later := func(delay time.Duration, body string, results int) func(*caller) {
		return func(c *caller) {
			got := c.plain(orders+"updateOrderShippingAsync/", body).json(c.t)
			id, _ := at(c.t, got, "MessageModelList", 0, "requestId").(string)
			assert.Regexp(c.t, `^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}_\d{14}$`, id)
			c.srv.Advance(delay)
			got = c.plain(orders+"getResultUpdateOrderShippingAsync/", `{"requestId":"`+id+`"}`).json(c.t)
			assert.Len(c.t, at(c.t, got, "ResultShippingModelList"), results)
		}
	}
	return []fact{
		{
			says: "confirmation answers by order, in 200", before: lot(100, 300), send: orders + "confirmOrder/",
			body: `{"orderNumberList":["` + first + `","400001-20261101-0000000002","` + unknown + `"]}`, status: 200, content: inJSON,
			has: []string{
				`"orderNumber":"` + first + `"},{"messageType":"ERROR","messageCode":"ORDER_EXT_API_CONFIRM_ORDER_ERROR_`, `"orderNumber":"` + unknown + `"}`,
				`"messageCode":"ORDER_EXT_API_CONFIRM_ORDER_INFO_101"`,
			},
		},
		{says: "only 100 is confirmed", before: lot(300), send: orders + "confirmOrder/", body: `{"orderNumberList":["` + first + `"]}`, status: 200, content: inJSON, has: []string{`"messageType":"ERROR"`}},
		{
			says: "a row of shipping is answered with its position and parcel", before: lot(300), send: ship, body: rows(parcel), status: 200, content: inJSON,
			has: []string{`"messageType":"INFO"`, `"dataNumber":1,"shippingDetailId":`}, lacks: []string{`"shippingDetailId":null`},
		},
		{
			says: "a row without an id adds a parcel each time", before: all(lot(300), earlier(ship+"\n"+rows(parcel), ship+"\n"+rows(parcel)), func(c *caller) {
				assert.Equal(c.t, 2, strings.Count(get(c), `"shippingNumber":"4000"`))
			}),
			send: ship, body: rows(`{"shippingDetailId":1}`), status: 200, content: inJSON, has: []string{`"messageType":"ERROR"`},
		},
		{
			says: "an empty field is erased, an absent one stays", before: all(lot(500), func(c *caller) {
				c.plain(ship, rows(`{"shippingDetailId":10,"shippingNumber":""}`))
				assert.Contains(c.t, get(c), `"shippingNumber":null,"deliveryCompany":"1001"`)
			}), send: ship, body: rows(`{"shippingDetailId":10,"shippingDeleteFlag":1}`), status: 200, content: inJSON, has: []string{`"messageType":"INFO"`},
		},
		{says: "21 rows are too many", before: lot(300), send: ship, body: rows(strings.Repeat(parcel+",", 20) + parcel), status: 400, content: inJSON},
		{says: "a date has hyphens", before: lot(300), send: ship, body: rows(`{"shippingDate":"2026/11/01"}`), status: 200, content: inJSON, has: []string{`"messageType":"ERROR"`, `"dataNumber":1`}},
		{says: "a carrier is text", before: lot(300), send: ship, body: rows(`{"deliveryCompany":1001}`), status: 400, content: inJSON},
		{
			says: "a request for later is refused in 200", send: orders + "updateOrderShippingAsync/", body: `{"OrderShippingModelList":[` + rows(parcel) + `,` + rows(parcel) + `]}`,
			status: 200, content: inJSON, has: []string{`"messageType":"ERROR"`},
		},
		{
			says:   "not yet, never and too long ago look alike",
			before: all(lot(300), later(time.Second, one, 0), later(31*day, one, 0)),
			send:   orders + "getResultUpdateOrderShippingAsync/", body: `{"requestId":"0_20261101190000"}`, status: 200, content: inJSON, has: []string{`{"ResultShippingModelList":[]}`},
		},
		{
			says:   "results come later",
			before: all(lot(300), later(time.Minute, one, 1)),
			send:   orders + "getResultUpdateOrderShippingAsync/", body: `{"requestId":"0_20261101190000"}`, status: 200, content: inJSON,
		},
		{
			says: "a memo: absent stays, null clears", before: all(lot(100), earlier(orders+"updateOrderMemo/\n"+number+`,"memo":"電話済み","operator":"楽田"}`, orders+"updateOrderMemo/\n"+number+`,"operator":null}`)),
			send: orders + "getOrder/", body: `{"orderNumberList":["` + first + `"],"version":10}`, status: 200, content: inJSON, has: []string{`"memo":"電話済み","operator":null`},
		},
		{says: "an operator has 6 characters", before: lot(100), send: orders + "updateOrderMemo/", body: number + `,"operator":"七文字になる名"}`, status: 400, content: inJSON},
		{says: "what is not shipped is cancelled", before: lot(200), send: orders + "cancelOrder/", body: number + `,"inventoryRestoreType":0,"changeReasonDetailApply":8}`, status: 200, content: inJSON, has: []string{`"messageType":"INFO"`}},
		{says: "what is shipped is not", before: lot(500), send: orders + "cancelOrder/", body: number + `,"inventoryRestoreType":0,"changeReasonDetailApply":8}`, status: 200, content: inJSON, has: []string{`"messageType":"ERROR"`}},
		{says: "but otherwise", before: lot(500), send: orders + "cancelOrderAfterShipping/", body: number + `,"inventoryRestoreType":0,"changeReasonDetailApply":8}`, status: 200, content: inJSON, has: []string{`"messageType":"INFO"`}},
		{says: "a method of payment does not change after shipping", before: lot(500), send: orders + "updateOrderSenderAfterShipping/", body: number + `,"PackageModelList":[{"basketId":1}],"afterSettlementMethodCode":2}`, status: 200, content: inJSON, has: []string{`"messageType":"ERROR"`}},
	}
}

func itemFacts() []fact {
	const one = "/es/2.0/items/manage-numbers/"
	return []fact{
		{says: "the number comes back in lower case", send: "GET " + one + "SENSU", status: 200, content: inJSON, has: []string{`"manageNumber":"sensu"`}},
		{says: "times have +09:00", send: "GET " + one + "sensu", status: 200, content: inJSON, has: []string{`+09:00"`}, lacks: []string{`+0900"`}},
		{says: "prices are text", send: "GET " + one + "sensu", status: 200, content: inJSON, has: []string{`"standardPrice":"2750"`}},
		{says: "a change has no answer", send: "PATCH " + one + "sensu", body: `{"tagline":"夏"}`, status: 204},
		{says: "an unknown variant is added", before: earlier("PATCH " + one + "sensu\n" + `{"variants":{"nami":{"standardPrice":"1"}}}`), send: "GET " + one + "sensu", status: 200, content: inJSON, has: []string{`"Nami":`, `"nami":`}},
		{
			says: "PUT resets what it leaves out", before: earlier("PUT " + one + "tenugui-indigo\n" + `{"title":"手ぬぐい","genreId":"100003","variants":{"tenugui-indigo":{"standardPrice":"1200"}}}`),
			send: "GET " + one + "tenugui-indigo", status: 200, content: inJSON, has: []string{`"title":"手ぬぐい"`}, lacks: []string{"ご自宅用に"},
		},
		{says: "no item is GE0014", send: "GET " + one + "none", status: 404, content: inJSON, has: []string{`{"errors":[{"code":"GE0014","message":"`}},
		{says: "a period with +0900 is refused, with its path", send: "PATCH " + one + "sensu", body: `{"purchasablePeriod":{"start":"2026-11-01T00:00:00+0900"}}`, status: 400, content: inJSON, has: []string{`"metadata":{"propertyPath":"purchasablePeriod.start"}`}},
		{says: "a tax rate has one spelling", send: "PATCH " + one + "sensu", body: `{"payment":{"taxRate":"0.10"}}`, status: 400, content: inJSON, has: []string{`"propertyPath":"payment.taxRate"`}},
		{
			says: "a page of a search has 10 hits", before: func(c *caller) {
				for n := range 5 {
					earlier(fmt.Sprintf("PUT %sa%d\n", one, n) + `{"title":"手ぬぐい","genreId":"100003","variants":{"a":{"standardPrice":"1200"}}}`)(c)
				}
			}, send: "GET /es/2.0/items/search", status: 200, content: inJSON, has: []string{`"numFound":11`, `"a4"`, `"sensu"`}, lacks: []string{"tenugui-indigo"},
		},
		{says: "100 hits at most", send: "GET /es/2.0/items/search?hits=101", status: 400, content: inJSON, has: []string{`"errors":[{`}},
		{says: "offset 10000 at most", send: "GET /es/2.0/items/search?offset=10001", status: 400, content: inJSON},
		{says: "50 numbers in bulk at most", send: "POST /es/2.0/items/bulk-get", body: `{"manageNumbers":["` + strings.Join(slices.Repeat([]string{"sensu"}, 51), `","`) + `"]}`, status: 400, content: inJSON},
	}
}

func stockFacts() []fact {
	const one, bulk = "/es/2.1/inventories/manage-numbers/sensu/variants/", "POST /es/2.1/inventories/bulk-upsert"
	row := func(item, mode, quantity string) string {
		return `{"inventories":[{"manageNumber":"` + item + `","variantId":"Nami","mode":"` + mode + `","quantity":` + quantity + `}]}`
	}
	return []fact{
		{says: "a change has no answer", send: bulk, body: row("sensu", "ABSOLUTE", "3"), status: 204},
		{says: "RELATIVE counts each time", before: earlier(bulk+"\n"+row("sensu", "ABSOLUTE", "3"), bulk+"\n"+row("sensu", "RELATIVE", "2"), bulk+"\n"+row("sensu", "RELATIVE", "2")), send: "GET " + one + "Nami", status: 200, content: inJSON, has: []string{`"quantity":7`}},
		{says: "an unknown item is no error", send: bulk, body: row("none", "ABSOLUTE", "3"), status: 204},
		{says: "the first registration is absolute", send: bulk, body: row("none", "RELATIVE", "3"), status: 400, content: inJSON},
		{says: "99999 at most", send: bulk, body: row("sensu", "ABSOLUTE", "100000"), status: 400, content: inJSON, has: []string{`{"errors":[{"code":"IE0003","message":"`, `"metadata":{"propertyPath":"inventories[0].quantity"}`}},
		{says: "a number is a number", send: bulk, body: row("sensu", "ABSOLUTE", `"x"`), status: 400, content: inJSON, has: []string{`"code":"IE0002"`}},
		{says: "a number has 32 bytes", send: bulk, body: row(strings.Repeat("a", 33), "ABSOLUTE", "1"), status: 400, content: inJSON, has: []string{`"code":"IE0004"`}},
		{says: "the case of a variant counts", send: "GET " + one + "nami", status: 404, content: inJSON, has: []string{`"code":"GE0014"`}},
		{says: "2.1 has lead times and places", send: "GET " + one + "Nami", status: 200, content: inJSON, has: []string{`"operationLeadTime":`, `"shipFromIds":`}},
		{says: "2.0 has not", send: "GET /es/2.0/inventories/manage-numbers/sensu/variants/Nami", status: 200, content: inJSON, has: []string{`"quantity":`}, lacks: []string{`"operationLeadTime"`, `"shipFromIds"`}},
		{says: "variant lists are of 2.1", send: "GET /es/2.1/inventories/variant-lists/manage-numbers/sensu", status: 200, content: inJSON, has: []string{`"variantList":["Nami","Sakura","Take"]`}},
		{says: "and not of 2.0", send: "GET /es/2.0/inventories/variant-lists/manage-numbers/sensu", status: 404, content: inJSON},
	}
}

func categoryFacts() []fact {
	const base = "/es/2.0/categories/"
	return []fact{
		{says: "there is no list", send: "GET " + base + "shop-categories", status: 404, content: inJSON},
		{says: "the sets come without fields", send: "GET " + base + "shop-category-set-lists", status: 200, content: inJSON, has: []string{`"categorySetKeyList":["0"]`}, lacks: []string{`"title"`}},
		{says: "fields are asked for", send: "GET " + base + "shop-category-trees/category-set-ids/0?categoryfields=TITLE", status: 200, content: inJSON, has: []string{`"title":"手ぬぐい"`}},
		{says: "an empty tree deletes all", before: earlier("PUT " + base + "shop-category-trees/category-set-ids/0"), send: "GET " + base + "shop-categories/category-ids/1", status: 404, content: inJSON},
		{says: "a main category is PLURAL", send: "PUT " + base + "item-mappings/manage-numbers/sensu", body: `{"categoryIds":["1"],"mainPluralCategoryId":"1"}`, status: 400, content: inJSON, has: []string{`"code":"IE0128"`}},
		{says: "a wrong path of the genres is GF0002", send: "GET /es/2.0/navigation/genre/0", status: 404, content: inJSON, has: []string{`"code":"GF0002"`}},
		{says: "0 is the root of the genres", send: "GET /es/2.0/navigation/genres/0?showChildren=true", status: 200, content: inJSON, has: []string{`"children":[{"genreId":100001`, `"version":{"`}},
	}
}

func cabinetFacts() []fact {
	const insert = `<request><folderInsertRequest><folder><folderName>夏</folderName>%s</folder></folderInsertRequest></request>`
	put := func(c *caller, folder, more string) answer {
		request := `<request><fileInsertRequest><file><fileName>扇子</fileName><folderId>` + folder + `</folderId>` + more + `</file></fileInsertRequest></request>`
		return upload(c.t, c, cabinet+"file/insert", request, grey(c.t, 3))
	}
	uploaded := func(more string) func(*caller) {
		return func(c *caller) { require.Equal(c.t, 200, put(c, "0", more).status) }
	}
	refused := func(more string) func(*caller) {
		return func(c *caller) {
			got := put(c, "0", more)
			assert.Equal(c.t, 400, got.status)
			assert.Contains(c.t, string(got.body), "<message>Input Parameter Error</message>")
			assert.Contains(c.t, string(got.body), "<resultCode>3001</resultCode>")
		}
	}
	const inRoot, search = "GET " + cabinet + "folder/files/get?folderId=0", "GET " + cabinet + "files/search?fileName=%E6%89%87"
	ng := func(code string) []string {
		return []string{"<systemStatus>NG</systemStatus>", "<resultCode>" + code + "</resultCode>"}
	}
	return []fact{
		{
			says: "space is in MB, and what is used and free in KB, with three decimals", send: "GET " + cabinet + "usage/get", status: 200, content: inXML,
			has: []string{"<MaxSpace>5000</MaxSpace><FolderMax>500</FolderMax><FileMax>2000</FileMax><UseSpace>0.000</UseSpace><AvailSpace>5120000.000</AvailSpace><UseFolderCount>1</UseFolderCount>"},
		},
		{
			says: "the head has the operation, the id and the request", send: "GET " + cabinet + "folders/get?offset=1&limit=2", status: 200, content: inXML,
			has: []string{
				`<?xml version="1.0" encoding="UTF-8"?>`, "<result><status><interfaceId>cabinet.folders.get</interfaceId><systemStatus>OK</systemStatus><message>OK</message><requestId>",
				"<requests><limit>2</limit><offset>1</offset></requests></status><cabinetFoldersGetResult><resultCode>0</resultCode><folderAllCount>1</folderAllCount>",
			},
		},
		{says: "a call without parameters has the echo too", send: "GET " + cabinet + "usage/get", status: 200, content: inXML, has: []string{"<requests></requests>"}},
		{says: "names are in capitals and in small letters", send: "GET " + cabinet + "folders/get", status: 200, content: inXML, has: []string{"<folder><FolderId>0</FolderId>", "<folderCount>1</folderCount>"}},
		{says: "a wrong parameter is 3001", send: "GET " + cabinet + "folders/get?limit=101", status: 400, content: inXML, has: append(ng("3001"), "<message>Input Parameter Error</message>", "<requests><limit>101</limit></requests>")},
		{says: "no folder is 3005", send: "GET " + cabinet + "folder/files/get?folderId=9", status: 400, content: inXML, has: append(ng("3005"), "<message>Not exists folder</message>")},
		{says: "no file is 3004", send: "POST " + cabinet + "file/delete", body: `<request><fileDeleteRequest><file><fileId>9</fileId></file></fileDeleteRequest></request>`, status: 400, content: inXML, has: ng("3004")},
		{says: "an unknown function is 405", send: "GET " + cabinet + "no/such", status: 405, content: inXML},
		{says: "a folder in the root has no folder above", send: "POST " + cabinet + "folder/insert", body: fmt.Sprintf(insert, ""), status: 200, content: inXML, has: []string{"<cabinetFolderInsertResult><resultCode>0</resultCode><FolderId>"}},
		{says: "0 is refused", send: "POST " + cabinet + "folder/insert", body: fmt.Sprintf(insert, "<upperFolderId>0</upperFolderId>"), status: 400, content: inXML, has: ng("3001")},
		{
			says: "a picture goes into folder 0, and the platform names it", before: all(uploaded(""), func(c *caller) {
				assert.Regexp(c.t, `<FilePath>imgrc\d{10}\.jpg</FilePath>`, string(c.plain(inRoot, "").body))
			}), send: inRoot, status: 200, content: inXML, has: []string{"<FilePath>imgrc0", "<FolderId>0</FolderId>"},
		},
		{says: "a PNG becomes a JPEG", before: uploaded("<filePath>sensu.png</filePath>"), send: inRoot, status: 200, content: inXML, has: []string{"<FilePath>sensu.jpg</FilePath>"}},
		{
			says: "a file has a size of three decimals, a day and a time in Japan", before: uploaded(""), send: inRoot, status: 200, content: inXML,
			has: []string{"<FileSize>0.0", "<FileAccessDate>2026-11-01</FileAccessDate><TimeStamp>2026-11-01 19:00:00</TimeStamp>"},
		},
		{says: "capitals in a path are refused", before: all(refused("<filePath>ZZZ.png</filePath>"), refused("<filePath>ZZZ.jpg</filePath>"), refused("<filePath>ZZZ</filePath>")), send: inRoot, status: 200, content: inXML, has: []string{"<fileAllCount>0</fileAllCount>"}},
		{says: "a search does not find a new file", before: uploaded(""), send: search, status: 200, content: inXML, has: []string{"<fileAllCount>0</fileAllCount>"}},
		{says: "but seven seconds later", before: all(uploaded(""), func(c *caller) { c.srv.Advance(7 * time.Second) }), send: search, status: 200, content: inXML, has: []string{"<fileAllCount>1</fileAllCount>", "<requests><fileName>扇</fileName></requests>"}},
		{says: "the offset is a page", before: uploaded(""), send: inRoot + "&offset=2", status: 200, content: inXML, has: []string{"<fileAllCount>1</fileAllCount><fileCount>0</fileCount>"}},
	}
}

func productFacts() []fact {
	const search = "GET /es/2.0/product/search?"
	const notFound = "<systemStatus>NG</systemStatus><message>Data not found</message>"
	const refused = "<systemStatus>NG</systemStatus><message>ParameterError</message>"
	ids := strings.Repeat("4900000000011,", 29) + "4900000000035"
	return []fact{
		{says: "no hit is NG in 200", send: search + "keyword=djshfksdhgfl", status: 200, content: inXML, has: []string{notFound}, lacks: []string{"productSearchResult"}},
		{says: "no criterion is 400", send: search, status: 400, content: inXML, has: []string{refused}},
		{says: "an unknown one is none", send: search + "keywordd=Tokyo&testWrongParameter=test", status: 400, content: inXML, has: []string{refused, "<keywordd>Tokyo</keywordd>"}},
		{says: "30 numbers with commas", send: search + "productId=" + ids, status: 200, content: inXML, has: []string{"<numFound>2</numFound>", "<productId>4900000000011</productId>", "<productId>4900000000035</productId>"}},
		{says: "a genre by its path", send: search + "genreId=/0/100001/100002/100003", status: 200, content: inXML, has: []string{"<numFound>2</numFound>", "<genreId>/0/100001/100002/100003</genreId>"}},
		{says: "a genre by its leaf", send: search + "genreId=100003", status: 200, content: inXML, has: []string{"<numFound>2</numFound>", "<genreId>/0/100001/100002/100003</genreId>"}},
		{says: "sorted by price", send: search + "genreId=100003&sortBy=standardPriceAsc&offset=0&limit=1", status: 200, content: inXML, has: []string{"<products><product><productId>4900000000035</productId>", "<numFound>2</numFound><offset>0</offset>"}},
		{says: "the offset is a row", send: search + "genreId=100003&offset=1", status: 200, content: inXML, has: []string{"<products><product><productId>4900000000035</productId>"}},
		{says: "numbers may be empty elements", send: search + "productId=4900000000028", status: 200, content: inXML, has: []string{"<rank></rank><rankTargetGenreId></rankTargetGenreId>", "<standardPrice></standardPrice>"}},
		{says: "an unknown day is the first of 1970", send: search + "productId=4900000000028", status: 200, content: inXML, has: []string{"<releaseDate>1970-01-01T09:00:00.000+09:00</releaseDate>"}},
		{says: "31 rows are too many", send: search + "keyword=x&limit=31", status: 400, content: inXML, has: []string{refused}},
	}
}

func couponFacts() []fact {
	terms := fmt.Sprintf(termsOfACoupon, "2026-11-02T00:00:00+09:00", "2026-11-03T00:00:00+09:00")
	issue := func(terms string) string {
		return "<request><couponIssueRequest><coupon>" + terms + "</coupon></couponIssueRequest></request>"
	}
	const path, wrong = "POST /es/1.0/coupon/issue", "Request data is wrong format"
	return []fact{
		{says: "criteria are mandatory and in order", send: path, body: issue(terms), status: 200, content: inXML, has: []string{"<systemStatus>OK</systemStatus>", "<couponCode>"}},
		{says: "one is missing", send: path, body: issue(strings.Replace(terms, "<genderCond>NONE</genderCond>", "", 1)), status: 400, content: inXML, has: []string{wrong}},
		{says: "two have changed places", send: path, body: issue(strings.Replace(terms, "<combineFlag>1</combineFlag><displayFlag>1</displayFlag>", "<displayFlag>1</displayFlag><combineFlag>1</combineFlag>", 1)), status: 400, content: inXML, has: []string{wrong}},
		{says: "times have a colon", send: path, body: issue(strings.Replace(terms, "+09:00", "+0900", 1)), status: 400, content: inXML, has: []string{wrong}},
		{says: "the search repeats the criteria", send: "GET /es/1.0/coupon/search?couponCode=ABC", status: 200, content: inXML, has: []string{"<requests><couponCode>ABC</couponCode></requests>", "<allCount>0</allCount>"}},
		{says: "an error has a code", send: "GET /es/1.0/coupon/get?couponCode=ABC", status: 404, content: inXML, has: []string{"<errors><error><code>", "<requests><couponCode>ABC</couponCode></requests>"}},
		{says: "no thanks coupon is 404", send: "GET /es/1.0/thankscoupons", status: 404, content: inXML, has: []string{"<systemStatus>NG</systemStatus>"}},
	}
}

func otherFacts() []fact {
	const inquiry, october = "/es/1.0/inquirymng-api/", "fromDate=2026-10-02T00:00:00&toDate=2026-11-01T23:59:59"
	const reserve = "GET /es/1.0/reserve/reserveInfoList?dateType=1&startDate=2026-10-01&endDate=2026-11-01"
	return []fact{
		{says: "shop: the root alone is in a namespace", send: "GET /es/1.0/shop/shopMaster", status: 200, content: inXML, has: []string{`<shopbiz:shopBizApiResponse xmlns:shopbiz="http://rakuten.co.jp/rms/mall/shop/biz/api/model/resource"><resultCode>N000</resultCode>`, "xsi:type="}},
		{says: "inquiries: the list is flat", send: "GET " + inquiry + "inquiries?" + october, status: 200, content: inJSON, has: []string{`"list":[{`, `"totalCount":3`, `"totalPageCount":1`}, lacks: []string{`"result"`}},
		{says: "inquiries: the count is wrapped", send: "GET " + inquiry + "inquiries/count?" + october, status: 200, content: inJSON, has: []string{`{"result":{"count":3}}`}},
		{says: "inquiries: times have no offset", send: "GET " + inquiry + "inquiries?" + october, status: 200, content: inJSON, has: []string{`"regDate":"2026-11-01T17:00:00"`}},
		{says: "inquiries: 31 days", send: "GET " + inquiry + "inquiries?fromDate=2026-09-30T00:00:00&toDate=2026-11-01T00:00:00", status: 400, content: inJSON, has: []string{`{"error":{"code":"IE001","message":"`, `"targets":{"toDate":"`}},
		{says: "inquiries: rows are fine or not", send: "PATCH " + inquiry + "inquiries/read", body: `{"inquiryNumbers":["none"]}`, status: 200, content: inJSON, has: []string{`{"result":{"error":[{`, `"ok":[]}`}},
		{says: "reservations: details are misspelt", send: reserve + "&reserveType=1", status: 200, content: inJSON, has: []string{`"resultCode":"N00-000"`, `"reserveDatails":[{`}},
		{says: "reservations: a wrong kind has a code of its own", send: reserve + "&reserveType=4", status: 400, content: inJSON, has: []string{`"resultCode":"`, `"resultMessage":"`}, lacks: []string{"N00-000"}},
		{
			says: "bundles: times are UTC with microseconds", send: "POST /es/1.0/bto/bundle", status: 200, content: inJSON, has: []string{`"createdDate":"2026-11-01T10:00:00.000000Z"`},
			body: `{"bundleManageNumber":"b1","bundleName":"夏の組","bundleState":"ACTIVE","parentItemManageNumber":"sensu","bundleItems":[{"itemManageNumber":"sensu"},{"itemManageNumber":"furoshiki"}]}`,
		},
	}
}

// What comes too fast is 429, with Retry-After or without, and 403 in XML.
func TestFactsOfLimits(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		says, send string
		options    []rakutentest.Option
		within     int // calls that are answered
		status     int
		content    string
		retryAfter string
	}{
		{says: "orders: one a second", send: orders + "getSubStatusList/", within: 1, status: 429, content: inJSON, retryAfter: "1"},
		{says: "without Retry-After", send: orders + "getSubStatusList/", options: []rakutentest.Option{rakutentest.WithoutRetryAfter()}, within: 1, status: 429, content: inJSON},
		{says: "items: five reads a second", send: "GET /es/2.0/items/search", within: 5, status: 429, content: inJSON, retryAfter: "1"},
		{says: "stock: five bulk reads a second", send: "GET /es/2.1/inventories/bulk-get/range?minQuantity=0&maxQuantity=1", within: 5, status: 429, content: inJSON, retryAfter: "1"},
		{says: "XML: 403", send: "GET /es/1.0/coupon/search", within: 2, status: 403, content: inXML},
	} {
		t.Run(f.says, func(t *testing.T) {
			t.Parallel()
			srv := newPacedServer(t, append([]rakutentest.Option{rakutentest.WithOrders(0)}, f.options...)...)
			c := as(t, srv, srv.Shop())
			for range f.within {
				require.Equal(t, 200, c.plain(f.send, "").status)
			}
			got := c.plain(f.send, "")
			assert.Equal(t, f.status, got.status)
			assert.Equal(t, f.content, got.header.Get("Content-Type"))
			assert.Equal(t, f.retryAfter, got.header.Get("Retry-After"))
			srv.Advance(time.Second)
			assert.Equal(t, 200, c.plain(f.send, "").status)
		})
	}
}

// Headers as they are on the wire, in the platform's spelling.
func TestFactsOfHeaders(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	c := as(t, srv, srv.Shop())
	address, err := url.Parse(srv.URL)
	require.NoError(t, err)
	ask := func(send, scheme string) []string {
		method, path, _ := strings.Cut(send, " ")
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address.Host)
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		authorization := strings.Replace(c.authorization(), "ESA", scheme, 1)
		_, err = fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\nAuthorization: %s\r\n\r\n", method, path, authorization)
		require.NoError(t, err)
		var lines []string
		for scanner := bufio.NewScanner(conn); scanner.Scan() && scanner.Text() != ""; {
			lines = append(lines, scanner.Text())
		}
		return lines
	}
	has := func(lines []string, prefix string) bool {
		return slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, prefix) })
	}
	order := ask(orders+"getSubStatusList/", "ESA")
	assert.Equal(t, "HTTP/1.1 200 OK", order[0])
	assert.Contains(t, order, "Content-Type: "+inJSON)
	assert.Contains(t, order, "Timestamp: 2026-11-01T10:00:00", "UTC without an offset")
	assert.True(t, has(order, "RequestId: "), "%v", order)
	picture := ask("GET "+cabinet+"usage/get", "ESA")
	assert.Contains(t, picture, "Content-Type: "+inXML)
	assert.False(t, has(picture, "RequestId: "), "XML has the id in its body")
	assert.Equal(t, "HTTP/1.1 401 Unauthorized", ask(orders+"getSubStatusList/", "esa")[0], "the scheme is in capitals")
	assert.Equal(t, "HTTP/1.1 401 Unauthorized", ask(orders+"getSubStatusList/", "Bearer")[0])
	assert.Equal(t, http.StatusOK, c.plain(orders+"getSubStatusList", "").status)
}
