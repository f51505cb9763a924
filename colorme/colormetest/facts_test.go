package colormetest_test

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// fact is one thing that is known of the platform: what it documents, or what was seen of it.
// The calls are made in order, without the client. A {name} in them is an id of the shop that
// the row has, or what keep kept.
type fact struct {
	says    string
	stale   time.Duration // of reads after a write
	limited bool          // with limits
	plan    string        // premium unless set
	as      string        // scopes of the token, "none", "empty" or "dead"; all scopes when empty
	calls   []ask
}

// ask is one request and what its answer has to be, to the byte.
type ask struct {
	line   string // method and path
	body   string
	header string // "Name: value", in place of the content type of JSON
	status int
	exact  string // the whole body
	has    []string
	lacks  []string
	refuse string            // "422007 customer.email": code and field of the one error
	keep   map[string]string // name to a pattern whose group is kept
}

func get(path string, has ...string) ask { return ask{line: "GET " + path, status: 200, has: has} }

func send(line, body string, status int, has ...string) ask {
	return ask{line: line, body: body, status: status, has: has}
}

func no(line, body, refuse string) ask { return ask{line: line, body: body, refuse: refuse} }

func (a ask) without(lacks ...string) ask { a.lacks = lacks; return a }

func (a ask) with(header string) ask { a.header = header; return a }

const (
	formBody  = "Content-Type: application/x-www-form-urlencoded"
	tokenPath = "POST /oauth/token"
)

func tokenBody(change string) string {
	form, _ := url.ParseQuery("client_id=shotengai-client-id&client_secret=shotengai-client-secret&grant_type=authorization_code&redirect_uri=http://localhost/callback&code=unknown")
	changed, _ := url.ParseQuery(change)
	for name, values := range changed {
		form[name] = values
		if values[0] == "" {
			form.Del(name)
		}
	}
	return form.Encode()
}

const (
	customerJSON = `{"customer":{"name":"山田 花","mail":"hana@example.com","pref_id":13,"postal":"1000001","address1":"千代田1-1","tel":"03-0000-0000"%s}}`
	order        = `{"sale":{"payment_id":{cash},"details":[{"product_id":{product},"product_num":2}],"sale_deliveries":[{"delivery_id":{delivery},"name":"山田","furigana":"ヤマダ","postal":"1000001","pref_id":13,"address1":"千代田1-1","tel":"03-0000-0000"}]}}`
	longAgo      = "/v1/sales?make_date_min=2000-01-01"
)

func newCustomerWith(more string) string { return fmt.Sprintf(customerJSON, more) }

// facts are those of requests, refusals and lists.
var facts = []fact{
	// Paths and tokens.
	{says: "v1 works without .json", calls: []ask{get("/v1/shop", `{"shop":{"id":"PA00000001",`)}},
	{says: "v1 works with .json", calls: []ask{get("/v1/shop.json", `{"shop":{"id":"PA00000001",`)}},
	{says: "App Store paths have .json", calls: []ask{no("GET /appstore/v1/script_tags", "", "404100"), get("/appstore/v1/script_tags.json", `{"script_tags":[]}`)}},
	{says: "an unknown path is 404", calls: []ask{no("GET /v1/nothing", "", "404100")}},
	{says: "a method that is not offered is 404", calls: []ask{no("DELETE /v1/products/{product}", "", "404100")}},
	{says: "no token is 401010", as: "none", calls: []ask{no("GET /v1/shop", "", "401010"), no("GET /v1/sales", "", "401010")}},
	{says: "an empty token is 401010", as: "empty", calls: []ask{no("GET /v1/shop", "", "401010"), no("GET /v1/sales", "", "401010")}},
	{says: "an unknown token is 401010 on every path", as: "dead", calls: []ask{
		no("GET /v1/shop", "", "401010"), no("GET /v1/products", "", "401010"), no("PUT /v1/groups/{group}", `{}`, "401010"),
		no("GET /appstore/v1/script_tags.json", "", "401010"),
	}},
	{says: "a missing scope is 401010 too, with the same words", as: "read_products", calls: []ask{
		{line: "GET /v1/sales", status: 401, exact: `{"errors":[{"code":401010,"message":"有効なアクセストークンではないか、必要なスコープがありません。","status":401}]}`},
		get("/v1/shop"),
	}},
	{says: "createSale without a token is 401", as: "none", calls: []ask{no("POST /v1/sales", `{}`, "401010")}},
	{says: "two scopes in a row are both required", as: "read_products", calls: []ask{no("GET /v1/reviews", "", "401010")}},
	{says: "a plan without the feature is 401200, before the body is read", plan: "regular", calls: []ask{
		no("POST /v1/sales", `{"sale`, "401200"), no("POST /v1/products/{product}/images", `{"x`, "401200"),
	}},

	// The order and the shape of refusals.
	{says: "an empty object for an unknown category is 422, not 404", calls: []ask{
		no("PUT /v1/categories/1", `{"category":{}}`, "422210 category"), no("PUT /v1/categories/1", `{}`, "422100 category"),
		no("PUT /v1/categories/1", `{"category":{"name":"x"}}`, "404100"),
	}},
	{says: "{} on groups has a field", calls: []ask{no("POST /v1/groups", `{}`, "422100 group"), no("PUT /v1/groups/{group}", `{}`, "422100 group")}},
	{says: `{"group":null} has a field`, calls: []ask{no("POST /v1/groups", `{"group":null}`, "422100 group")}},
	{says: "a list on groups has a field", calls: []ask{no("POST /v1/groups", `[]`, "422100 group")}},
	{says: "a body of another type on groups has a field", calls: []ask{
		no("POST /v1/groups", "group[name]=x", "422100 group").with(formBody), no("POST /v1/groups", `"text"`, "422100 group"),
	}},
	{says: "{} on customers has a field", calls: []ask{no("POST /v1/customers", `{}`, "422100 customer")}},
	{says: "{} on categories has a field", calls: []ask{no("POST /v1/categories", `{}`, "422100 category")}},
	{says: "a wrapper that is present but empty is 422210", calls: []ask{no("POST /v1/groups", `{"group":{}}`, "422210 group")}},

	// The bodies of errors.
	{says: "the error of a group has all four keys", calls: []ask{{
		line: "POST /v1/groups", body: `{"group":{"expl":"x"}}`, status: 422,
		exact: `{"errors":[{"code":422007,"message":"必須の値が入力されていません。","status":422,"field":"product_group.name"}]}`,
	}}},
	{says: "errors of coupons are 400 and have field and message alone", calls: []ask{{
		line: "POST /v1/shop_coupons", body: `{"shop_coupon":{"name":"x"}}`, status: 400, has: []string{`{"errors":[{"field":"shop_coupon.`, `"message":"`}, lacks: []string{`"code"`, `"status"`},
	}}},
	{says: "mail is called customer.email", calls: []ask{no("POST /v1/customers", strings.Replace(newCustomerWith(""), "hana@example.com", "", 1), "422007 customer.email")}},
	{says: "pref_id is called customer.prefecture_id", calls: []ask{no("POST /v1/customers", strings.Replace(newCustomerWith(""), `"pref_id":13`, `"pref_id":null`, 1), "422007 customer.prefecture_id")}},
	{says: "display_state of a product is called product.disp_flg", calls: []ask{no("PUT /v1/products/{product}", `{"product":{"display_state":"seen"}}`, "422001 product.disp_flg")}},
	{says: "sort of a category is called product_category.order_num, and below 0 is 422014", calls: []ask{no("PUT /v1/categories/{category}", `{"category":{"sort":-1}}`, "422014 product_category.order_num")}},
	{says: "several errors come together", calls: []ask{{
		line: "POST /v1/customers", body: strings.NewReplacer("hana@example.com", "", "山田 花", "").Replace(newCustomerWith("")), status: 422,
		has: []string{`"field":"customer.name"},{"code":422007,`, `"field":"customer.email"}]}`},
	}}},
	{says: "deleting the last value of an option is a 422 without a field", calls: []ask{
		{line: "POST /v1/products/{product}/options", body: `{"option":{"name":"色","values":[{"name":"藍"}]}}`, status: 201, keep: map[string]string{"option": `"id":(\d+)`}},
		{line: "POST /v1/products/{product}/options/{option}/values", body: `{"option_value":{"name":"白"}}`, status: 201, keep: map[string]string{"value": `"value_id":(\d+)`}},
		{line: "DELETE /v1/products/{product}/options/{option}/values/{value}", status: 204},
		get("/v1/products/{product}", `"values":["藍"]`),
		{line: "GET /v1/products/{product}", status: 200, keep: map[string]string{"value": `"value_id":(\d+)`}},
		send("DELETE /v1/products/{product}/options/{option}/values/{value}", "", 422, `{"errors":[{"code":422`).without(`"field"`),
	}},
	{says: "furigana of another form is 422003", calls: []ask{no("POST /v1/customers", newCustomerWith(`,"furigana":"やまだ"`), "422003 customer.furigana")}},
	{says: "the four archaic kana are 422250", calls: []ask{no("POST /v1/customers", newCustomerWith(`,"furigana":"ヷヸヹヺ"`), "422250 customer.furigana")}},
	{says: "points below zero are 422014", calls: []ask{no("POST /v1/customers/{customer}/points", `{"points":-1000000}`, "422014 points")}},
	{says: "points that are missing or null are 422100", calls: []ask{
		no("POST /v1/customers/{customer}/points", `{}`, "422100 points"), no("POST /v1/customers/{customer}/points", `{"points":null}`, "422100 points"),
	}},
	{says: "a payment URL for a paid order is 422001", calls: []ask{no("POST /v1/sales/{paid}/payment_urls", `{}`, "422001")}},
	{says: "an image that is no image is 422043", calls: []ask{send("POST /v1/products/{product}/images",
		"--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\ntext\r\n--b\r\nContent-Disposition: form-data; name=\"position\"\r\n\r\n1\r\n--b--\r\n", 422, `"code":422043,`, `"status":422`).with("Content-Type: multipart/form-data; boundary=b")}},
	{says: "no image at the position is 422050", calls: []ask{send("DELETE /v1/products/{product}/images/7", "", 422, `"code":422050,`, `"status":422`)}},
	{says: "a truncated body is 500000", calls: []ask{no("POST /v1/groups", `{"group":{"name"`, "500000"), no("POST /v1/customers/{customer}/points", `{"points`, "500000")}},
	{says: "a list parameter spelt as an array is 500", calls: []ask{no("GET /v1/products?ids[0]=1", "", "500000")}},
	{says: "fields spelt as an array give empty objects", calls: []ask{get("/v1/products?fields[]=id&limit=1", `{"meta":{"total":61,"limit":1,"offset":0},"products":[{}]}`)}},

	// Lists.
	{says: "a list has 10 rows and its meta, in integers", calls: []ask{get(longAgo, `"meta":{"total":101,"limit":10,"offset":0}`)}},
	{says: "100 sales at most", calls: []ask{get(longAgo+"&limit=101", `"meta":{"total":101,"limit":100,"offset":0}`)}},
	{says: "100 customers at most", calls: []ask{get("/v1/customers?limit=1000", `"limit":100,`)}},
	{says: "50 products at most", calls: []ask{get("/v1/products?limit=51", `"limit":50,`)}},
	{says: "50 rows of stock at most", calls: []ask{get("/v1/stocks?limit=500", `"limit":50,`)}},
	{says: "100 variants at most, not 50", calls: []ask{get("/v1/products/{variants}/variants?limit=500", `"limit":100,`)}},
	{says: "50 advertisings, and 250 at most", calls: []ask{get("/v1/product_advertisings", `"limit":50,`), get("/v1/product_advertisings?limit=999", `"limit":250,`)}},
	{says: "10 reviews, and 100 at most", calls: []ask{get("/v1/reviews", `"limit":10,`), get("/v1/reviews?limit=999", `"limit":100,`)}},
	{says: "a limit of 0 or -1 has no rows", calls: []ask{
		get("/v1/products?limit=0", `"products":[]`), get("/v1/products?limit=-1", `"products":[]`),
		get("/v1/products/{variants}/variants?limit=0", `"variants":[]`), get("/v1/product_advertisings?limit=-1", `"product_advertisings":[]`),
	}},
	{says: "groups, categories, coupons, payments, deliveries and templates have no pages", calls: []ask{
		get("/v1/groups?limit=1").without(`"meta"`), get("/v1/categories?limit=1").without(`"meta":`), get("/v1/shop_coupons?limit=1").without(`"meta"`),
		get("/v1/payments?limit=1").without(`"meta"`), get("/v1/deliveries?limit=1").without(`"meta"`), get("/v1/templates?limit=1").without(`"meta"`),
	}},
	{says: "a reading of one customer has no meta", calls: []ask{get("/v1/customers/{customer}", `{"customer":{`).without(`"meta"`)}},
	{says: "sales without a start are those of seven days", calls: []ask{get("/v1/sales", `"total":27,`), get("/v1/sales?make_date_max=2026-11-01", `"total":21,`)}},
	{says: "after and before are other names of make_date_min and make_date_max", calls: []ask{
		get("/v1/sales?after=2000-01-01", `"total":101,`), get("/v1/sales?after=2000-01-01&before=2000-01-02", `"total":0,`),
	}},
	{says: "the newest order is the first", calls: []ask{get("/v1/sales?limit=1&fields=id", `"sales":[{"id":{paid}}]`)}},
	{says: "dates of filters are days or seconds, in Japan time", calls: []ask{
		get("/v1/sales?make_date_min=2026-11-10", `"total":4,`), get("/v1/sales?make_date_min=2026-11-10%2011:00:00", `"total":3,`),
	}},
	{says: "bad values are ignored", calls: []ask{
		get("/v1/sales?make_date_min=yesterday", `"total":27,`), get("/v1/products?display_state=seen", `"total":61,`), get("/v1/products?offset=-5", `"offset":0`),
		get("/v1/products?nothing=1", `"total":61,`), get("/v1/products?limit=many", `"limit":10,`),
	}},
	{says: "true and 1, false and 0 are equal", calls: []ask{
		get("/v1/customers?member=1", `"total":71,`), get("/v1/customers?member=true", `"total":71,`),
		get("/v1/customers?member=0", `"total":34,`), get("/v1/customers?member=false", `"total":34,`),
	}},
	{says: "lists are joined by commas", calls: []ask{get("/v1/products?ids={product},{variants}", `"total":2,`)}},
	{says: "fields of sales, products, stocks and customers", calls: []ask{
		get("/v1/products?limit=1&fields=name,id&ids={product}", `"products":[{"name":"手ぬぐい","id":{product}}]`),
		get("/v1/customers?limit=1&fields=id&ids={customer}", `"customers":[{"id":{customer}}]`),
		get("/v1/product_advertisings?limit=1&fields=brand", `"gtin":`),
	}},
	{says: "products are sorted by sales_price, unknown keys and other cases are ignored", calls: []ask{
		get("/v1/products?sort=-sales_price&limit=1&fields=sales_price", `[{"sales_price":9000}]`),
		get("/v1/products?sort=SALES_PRICE&limit=1&fields=id", `[{"id":{product}}]`), get("/v1/products?sort=nothing&limit=1&fields=id", `[{"id":{product}}]`),
	}},

	// Limits.
	{says: "beyond 120 calls a minute: 429, without Retry-After", limited: true, calls: tooMany()},
}

func tooMany() []ask {
	var calls []ask
	for range 120 {
		calls = append(calls, get("/v1/gift"))
	}
	return append(calls, no("GET /v1/gift", "", "429000"), no("GET /v1/shop", "", "429000"))
}

// writes are the facts of what is written, and of shapes.
var writes = []fact{
	{says: "creating a customer is 200", calls: []ask{send("POST /v1/customers", newCustomerWith(""), 200, `{"customer":{"id":`)}},
	{says: "a customer may have the undocumented sex", calls: []ask{send("POST /v1/customers", newCustomerWith(`,"sex":"female"`), 200, `"sex":"female"`)}},
	{says: "creating a product is 200", calls: []ask{send("POST /v1/products", `{"product":{"name":"x"}}`, 200, `{"product":{"id":`)}},
	{says: "a pickup is created with 200, from a flat body", calls: []ask{
		send("POST /v1/products/{product}/pickups", `{"pickup_type":4,"order_num":1}`, 200, `{"pickup":{`, `"pickup_type":4`),
		{line: "DELETE /v1/products/{product}/pickups/4", status: 200, has: []string{`{"pickup":{`}},
	}},
	{says: "there is no pickup 2", calls: []ask{no("POST /v1/products/{product}/pickups", `{"pickup_type":2}`, "422001 pickup.pickup_type")}},
	{says: "creating a group is 201", calls: []ask{send("POST /v1/groups", `{"group":{"name":"x"}}`, 201, `{"group":{"id":`, `"display_state":"showing"`)}},
	{says: "states of groups are showing, hidden and members_only", calls: []ask{
		send("PUT /v1/groups/{group}", `{"group":{"display_state":"members_only"}}`, 200, `"display_state":"members_only"`),
		no("PUT /v1/groups/{group}", `{"group":{"display_state":"showing_for_members"}}`, "422001 product_group.display_state"),
	}},
	{says: "creating a category is 201, and its wrapper is category at both levels", calls: []ask{
		send("POST /v1/categories", `{"category":{"name":"x"}}`, 201, `{"category":{"id_big":`, `"id_small":0,`, `"children":[]`),
		send("POST /v1/categories/{category}/children", `{"category":{"name":"x"}}`, 201, `{"category":{"id_big":{category},`).without(`"children"`),
	}},
	{says: "options and their values are created with 201 and deleted with 204", calls: []ask{
		{line: "POST /v1/products/{product}/options", body: `{"option":{"name":"色","values":[{"name":"藍"}]}}`, status: 201, has: []string{`{"option":{`}, keep: map[string]string{"new": `"id":(\d+)`}},
		send("POST /v1/products/{product}/options/{new}/values", `{"option_value":{"name":"白"}}`, 201, `{"option_value":{`),
		{line: "DELETE /v1/products/{product}/options/{new}", status: 204},
	}},
	{says: "a product has two options at most", calls: []ask{
		send("POST /v1/products/{product}/options", `{"option":{"name":"a","values":[{"name":"1"}]}}`, 201),
		send("POST /v1/products/{product}/options", `{"option":{"name":"b","values":[{"name":"1"}]}}`, 201),
		send("POST /v1/products/{product}/options", `{"option":{"name":"c","values":[{"name":"1"}]}}`, 422),
	}},
	{says: "a coupon takes days as text and answers with seconds", calls: []ask{
		send("POST /v1/shop_coupons", `{"shop_coupon":{"name":"x","code":"ABCDEF","coupon_type":"amount","coupon_amount":100,"starts_at":"2026-12-01","ends_at":"2026-12-31"}}`, 201,
			`{"shop_coupon":{`, `"starts_at":1796050800,`),
	}},
	{says: "an image is created with 201 and deleted with 204", calls: []ask{
		send("POST /v1/products/{product}/images", "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n"+png+"\r\n--b\r\nContent-Disposition: form-data; name=\"position\"\r\n\r\n1\r\n--b--\r\n",
			201, `{"product_image":{`, `"url":"https://`, `"position":1`).with("Content-Type: multipart/form-data; boundary=b"),
		{line: "DELETE /v1/products/{product}/images/1", status: 204},
	}},
	{says: "a mail is 201 without a body", calls: []ask{{line: "POST /v1/sales/{sale}/mails", body: `{"mail":{"type":"paid"}}`, status: 201}}},
	{says: "points are flat, and may be spelt as text", calls: []ask{
		{line: "POST /v1/customers/{customer}/points", body: `{"points":"5"}`, status: 200, exact: `{"customer_id":{customer},"points":12}`},
	}},
	{says: "a change of membership answers with another shape of a customer", calls: []ask{
		{line: "PUT /v1/customers/{customer}/membership", body: `{"membership":{"membership_id":"GOLD"}}`, status: 200, exact: `{"customer":{"customer_id":{customer},"membership":{"membership_id":"GOLD","name":"ゴールド"}}}`},
		{line: "DELETE /v1/customers/{customer}/membership", status: 204},
	}},
	{says: "a payment URL is flat, and lives 72 hours", calls: []ask{send("POST /v1/sales/{sale}/payment_urls", `{}`, 200, `"payment_url":"https://`, `"expires_at":1794538800`)}},
	{says: "an update needs name and address1, and empties address2", calls: []ask{
		no("PUT /v1/customers/{customer}", `{"customer":{"address1":"x"}}`, "422007 customer.name"), no("PUT /v1/customers/{customer}", `{"customer":{"name":"x"}}`, "422007 customer.address1"),
		get("/v1/customers/{customer}", `"address2":"みどり荘`), send("PUT /v1/customers/{customer}", `{"customer":{"name":"x","address1":"y"}}`, 200, `"address2":""`),
	}},
	{says: "tel_mobile is ignored without a word", calls: []ask{
		send("PUT /v1/customers/{customer}", `{"customer":{"name":"x","address1":"y","tel_mobile":"090-1111-1111"}}`, 200, `"tel_mobile":null`),
	}},
	{says: "receive_mail_magazine: null becomes false", calls: []ask{
		send("PUT /v1/customers/{customer}", `{"customer":{"name":"x","address1":"y","receive_mail_magazine":true}}`, 200, `"receive_mail_magazine":true`),
		send("PUT /v1/customers/{customer}", `{"customer":{"name":"x","address1":"y","receive_mail_magazine":null}}`, 200, `"receive_mail_magazine":false`),
	}},
	{says: "a null expl of a category is ignored, and an empty one is not", calls: []ask{
		send("PUT /v1/categories/{category}", `{"category":{"expl":"x"}}`, 200, `"expl":"x"`), send("PUT /v1/categories/{category}", `{"category":{"expl":null}}`, 200, `"expl":"x"`),
		send("PUT /v1/categories/{category}", `{"category":{"expl":""}}`, 200, `"expl":""`),
	}},
	{says: "the meta tag of a category is replaced, not merged", calls: []ask{
		send("PUT /v1/categories/{category}", `{"category":{"meta_tag":{"title":"a","keywords":"b"}}}`, 200, `"meta_tag":{"title":"a","keywords":"b","description":null}`),
		send("PUT /v1/categories/{category}", `{"category":{"meta_tag":{"title":"c"}}}`, 200, `"meta_tag":{"title":"c","keywords":null,"description":null}`),
	}},
	{says: "later changes of a group's meta tag do not reach readers", calls: []ask{
		send("PUT /v1/groups/{group}", `{"group":{"meta_tag":{"title":"a"}}}`, 200), send("PUT /v1/groups/{group}", `{"group":{"meta_tag":{"title":"b"}}}`, 200), get("/v1/groups/{group}", `"title":"a"`),
	}},
	{says: "unlisted of a product is ignored", calls: []ask{send("PUT /v1/products/{product}", `{"product":{"unlisted":true}}`, 200, `"unlisted":false`)}},
	{says: "a price of -1 is stored", calls: []ask{send("PUT /v1/products/{product}", `{"product":{"price":-1}}`, 200, `"price":-1,`)}},
	{says: "price has no twin with tax", calls: []ask{get("/v1/products/{product}", `"sales_price_including_tax":`).without(`"price_including_tax":`)}},
	{says: "on the free plan prices start at 100 yen", plan: "free", calls: []ask{no("POST /v1/products", `{"product":{"name":"x","price":99}}`, "422014 product.price")}},
	{says: "stock is set by a number and moved by an increment", calls: []ask{
		send("PUT /v1/products/{product}", `{"product":{"stocks":7}}`, 200, `"stocks":7,`), send("PUT /v1/products/{product}", `{"product":{"stocks":{"increment":-2}}}`, 200, `"stocks":5,`),
	}},
	{says: "stock of the product is ignored where variants have one", calls: []ask{
		send("PUT /v1/products/{variants}", `{"product":{"stocks":99}}`, 200).without(`"stocks":99`),
	}},
	{says: "two models of images", calls: []ask{
		get("/v1/products/{product}", `"images":[`), get("/v1/products/{product}/images", `"url":"https://`, `"position":0`).without(`"src"`),
	}},
	{says: "an update of an order ignores an id, and what is not in its list", calls: []ask{
		send("PUT /v1/sales/{sale}", `{"sale":{"id":1,"memo":"x","paid":true}}`, 200, `{"sale":{"id":{sale},`, `"paid":true`).without(`"memo":"x"`),
	}},
	{says: "point_state is spelt cenceled in requests", calls: []ask{send("PUT /v1/sales/{sale}", `{"sale":{"point_state":"cenceled"}}`, 200, `"point_state":"canceled"`)}},
	{says: "fixed points are final", calls: []ask{
		send("PUT /v1/sales/{sale}", `{"sale":{"point_state":"fixed"}}`, 200), no("PUT /v1/sales/{sale}", `{"sale":{"point_state":"assumed"}}`, "422001 sale.point_state"),
	}},
	{says: "a cancellation zeroes quantities and total", calls: []ask{
		send("PUT /v1/sales/{sale}/cancel", `{"restock":true}`, 200, `"canceled":true`, `"product_num":0,`, `"total_price":0,`),
	}},
	{says: "one order has its siblings, and orders of a list do not", calls: []ask{
		get("/v1/sales/{split}", `"siblings_sale_ids":[`), get("/v1/sales?ids={split}", `"splitted":true`).without(`"siblings_sale_ids"`),
	}},
	{says: "mails about acceptance and payment go for the parent of a split order alone", calls: []ask{
		send("POST /v1/sales/{split}/mails", `{"mail":{"type":"paid"}}`, 201), no("POST /v1/sales/{child}/mails", `{"mail":{"type":"paid"}}`, "422001 mail.type"),
		send("POST /v1/sales/{child}/mails", `{"mail":{"type":"delivered"}}`, 201),
	}},
	{says: "the customer of an order has no membership and no accounts", calls: []ask{get("/v1/sales/{sale}", `"customer":{`).without(`"membership"`, `"external_accounts"`)}},
	{says: "keys that are not described", calls: []ask{
		get("/v1/shop", `"contract_payment_state":`), get("/v1/sales/{sale}", `"transaction_date":`), get("/v1/customers/{customer}", `"memo":`),
		get("/v1/products/{product}", `"digital_content":`, `"unlisted":`).without("digital_conent"),
	}},
	{says: "times are seconds, birthdays and wishes are days", calls: []ask{
		get("/v1/sales/{sale}", `"make_date":1794279540,`), get("/v1/customers/{customer}", `"birthday":"1960-01-01"`),
	}},
	{says: "the day of the statistics is 00:00 in Japan, and slashes are read too", calls: []ask{
		get("/v1/sales/stat?make_date=2026-11-10", `"date":1794236400,`), get("/v1/sales/stat?make_date=2026/11/10", `"date":1794236400,`),
	}},
	{says: "the total charge of a delivery has the goods in it", calls: []ask{send("POST /v1/sales", order, 201, `"delivery_charge":250,"total_charge":1850,`)}},
	{says: "tax of an order is that of the goods alone", calls: []ask{send("POST /v1/sales", order, 201, `"product_total_price":1600,`, `"delivery_total_charge":250,`, `"tax":160,`)}},
	{says: "fees on delivery are pairs, absent where nothing changes, and their end may be null", calls: []ask{
		get("/v1/payments", `"cod":{"changeable":false}`, `"cod":{"changeable":true,"fees":[[`, `"fee_max":null`),
	}},
	{says: "cod, card and financial are there for their types alone", calls: []ask{get("/v1/payments", `"card":{"brands":[`, `"financial":{"name":"`, `"branch_number":`).without(`"card":null`, `"cod":null`, `"financial":null`)}},
	{says: "charges by weight are pairs of grams and a list", calls: []ask{get("/v1/deliveries", `"charge_ranges_by_weight":[[`, `"pref_id":1,"pref_name":"北海道","charge":`, `"charge_ranges_max_weight":[`)}},
	{says: "prefectures have numbers of their own", calls: []ask{
		send("POST /v1/customers", strings.Replace(newCustomerWith(""), `"pref_id":13`, `"pref_id":4`, 1), 200, `"pref_name":"秋田県"`), no("POST /v1/customers", strings.Replace(newCustomerWith(""), `"pref_id":13`, `"pref_id":49`, 1), "422014 customer.prefecture_id"),
	}},
	{says: "a preview of a template is flat, and lives an hour", calls: []ask{
		{line: "GET /v1/templates", status: 200, has: []string{`{"templates":[{`}, keep: map[string]string{"template": `"id":(\d+)`}},
		get("/v1/templates/{template}/preview_url", `{"preview_url":"https://`),
		send("PUT /v1/templates/{template}/pages/index", `{"template_page":{"html":"<p>"}}`, 422, `"field":"template_page.html"`),
	}},
	{says: "rows of stock have no id of a variant", calls: []ask{get("/v1/stocks?ids={variants}", `"option1_value":"藍"`, `"variant_model_number":`).without(`"variant_id"`)}},
	{says: "a GET after a PUT may be old for some seconds", stale: 3 * time.Second, calls: []ask{
		send("PUT /v1/products/{product}", `{"product":{"name":"新"}}`, 200, `"name":"新"`), get("/v1/products/{product}", `"name":"手ぬぐい"`),
	}},
	{says: "script tags are created with 200, and inline ones with 201", calls: []ask{
		{line: "POST /appstore/v1/script_tags.json", body: `{"script_tag":{"src":"https://x.example/a.js","display_scope":"shop"}}`, status: 200, keep: map[string]string{"new": `"id":(\d+)`}},
		{line: "DELETE /appstore/v1/script_tags/{new}.json", status: 204},
		send("POST /v1/script_tags.json", `{"script_tag":{"src":"https://x.example/a.js","display_scope":"all"}}`, 200),
		send("POST /v1/inline_script_tags.json", `{"inline_script_tag":{"script":"1","trigger_event":"object_builded","display_scope":"all"}}`, 201),
	}},
	{says: "script tags are https alone", calls: []ask{no("POST /appstore/v1/script_tags.json", `{"script_tag":{"src":"http://x.example/a.js","display_scope":"shop"}}`, "422003 script_tag.src")}},

	// The token endpoint.
	{says: "an unknown code is 400 invalid_grant", as: "none", calls: []ask{send(tokenPath, tokenBody(""), 400, `{"error":"invalid_grant","error_description":"`).with(formBody)}},
	{says: "no code is 400 invalid_request", as: "none", calls: []ask{send(tokenPath, tokenBody("code="), 400, `"error":"invalid_request"`).with(formBody)}},
	{says: "a wrong secret is 401 invalid_client", as: "none", calls: []ask{send(tokenPath, tokenBody("client_secret=x"), 401, `"error":"invalid_client"`).with(formBody)}},
	{says: "another grant type is 403 without a body", as: "none", calls: []ask{{line: tokenPath, body: tokenBody("grant_type=password"), header: formBody, status: 403}}},
}

func TestFacts(t *testing.T) {
	t.Parallel()
	for _, f := range slices.Concat(facts, writes) {
		t.Run(f.says, func(t *testing.T) {
			t.Parallel()
			f.hold(t)
		})
	}
}

// hold makes the calls of a fact against a server of its own.
func (f fact) hold(t *testing.T) {
	t.Helper()
	opts := append(withSizes(97, 58, 104), colormetest.WithClock(func() time.Time { return noon }), colormetest.WithStaleReads(f.stale))
	if !f.limited {
		opts = append(opts, colormetest.WithoutRateLimits())
	}
	srv := colormetest.NewServer(opts...)
	t.Cleanup(srv.Close)
	ids := stock(t, srv)
	shop := srv.Shop()
	if f.plan != "" {
		shop = srv.AddShop(colormetest.Seed{Plan: f.plan})
		ids["product"] = strconv.FormatInt(shop.AddProduct(nil), 10)
	}
	token := map[string]string{"none": "", "empty": "Bearer ", "dead": "Bearer " + strings.Repeat("0", 64)}
	authorization, odd := token[f.as]
	if !odd {
		authorization = "Bearer " + shop.Token(strings.Fields(f.as)...)
	}
	for _, a := range f.calls {
		a.made(t, srv, authorization, ids)
	}
}

// stock has the resources that rows name.
func stock(t *testing.T, srv *colormetest.Server) map[string]string {
	t.Helper()
	shop, a := srv.Shop(), speak(t, srv)
	variants, split := shop.AddProduct(object{"name": "二色"}), shop.AddSale(object{"make_date": noon.Unix() - 86400, "paid": false})
	shop.AddOption(variants, "色", "藍", "白")
	ids := map[string]int64{
		"customer": shop.AddCustomer(object{"points": 7, "member": true, "birthday": "1960-01-01", "address2": "みどり荘1"}),
		"dear":     shop.AddProduct(object{"name": "高いもの", "sales_price": 9000}),
		"variants": variants, "split": split, "child": shop.SplitSale(split),
		"product": shop.AddProduct(object{"name": "手ぬぐい", "sales_price": 800, "stocks": 3, "stock_managed": true, "tax_reduced": false}),
		"sale": shop.AddSale(object{
			"make_date": noon.Unix() - 60, "paid": false, "canceled": false, "point_state": "assumed", "payment_id": onlinePayment(t, a),
		}),
		"paid":     shop.AddSale(object{"paid": true}),
		"group":    id(t, a.get("/v1/groups"), "groups", 0, "id"),
		"category": id(t, a.get("/v1/categories"), "categories", 0, "id_big"),
		"delivery": id(t, a.get("/v1/deliveries"), "deliveries", 0, "id"),
		"cash":     id(t, a.get("/v1/payments"), "payments", 0, "id"),
	}
	names := make(map[string]string, len(ids))
	for name, n := range ids {
		names[name] = strconv.FormatInt(n, 10)
	}
	return names
}

// onlinePayment is a method of payment that links can be issued for.
func onlinePayment(t *testing.T, a api) int64 {
	t.Helper()
	for i, row := range rows(t, a.get("/v1/payments"), "payments") {
		if id(t, row, "type") > 9 {
			return id(t, a.get("/v1/payments"), "payments", i, "id")
		}
	}
	require.Fail(t, "no such method")
	return 0
}

var refusal = regexp.MustCompile(`^\{"errors":\[\{"code":(\d{6}),"message":"[^"]+","status":(\d{3})(?:,"field":"([^"]+)")?\}\]\}$`)

// made makes the call and judges its answer.
func (a ask) made(t *testing.T, srv *colormetest.Server, authorization string, ids map[string]string) {
	t.Helper()
	fill := func(s string) string {
		for name, value := range ids {
			s = strings.ReplaceAll(s, "{"+name+"}", value)
		}
		return s
	}
	method, path, _ := strings.Cut(fill(a.line), " ")
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(fill(a.body)))
	require.NoError(t, err)
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	if a.body != "" {
		name, value, _ := strings.Cut(cmp.Or(a.header, "Content-Type: application/json"), ": ")
		req.Header.Set(name, value)
	}
	resp, err := srv.HTTPClient().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	about, body := a.line+" "+a.body+"\n"+string(raw), string(raw)

	if a.refuse != "" {
		parts := refusal.FindStringSubmatch(body)
		require.NotNil(t, parts, about)
		assert.Equal(t, a.refuse, strings.TrimSpace(parts[1]+" "+parts[3]), about)
		assert.Equal(t, parts[1][:3], parts[2], about)
		a.status, _ = strconv.Atoi(parts[2])
	}
	require.Equal(t, a.status, resp.StatusCode, about)
	if a.exact != "" {
		assert.Equal(t, fill(a.exact), body, about)
	}
	for _, part := range a.has {
		assert.Contains(t, body, fill(part), about)
	}
	for _, part := range a.lacks {
		assert.NotContains(t, body, part, about)
	}
	for name, pattern := range a.keep {
		found := regexp.MustCompile(pattern).FindStringSubmatch(body)
		require.NotNil(t, found, about)
		ids[name] = found[1]
	}
	assert.Empty(t, resp.Header.Get("Retry-After"), about)
	if body == "" {
		assert.True(t, a.exact == "" && a.has == nil && a.refuse == "", "no body: %s", about)
		assert.Empty(t, resp.Header.Get("Content-Type"), about)
		return
	}
	assert.Equal(t, "application/json; charset=utf-8", resp.Header.Get("Content-Type"), about)
}
