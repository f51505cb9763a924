package storestest_test

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// fact is one thing that is known of the platform: what it documents, or what its sample data
// has. The calls are made in order, without the client. A {name} in them is an id of the shop.
type fact struct {
	says    string
	limited bool     // with limits
	as      string   // "none", "unknown", "withdrawn" or a scope; the credential when empty
	agent   string   // in place of one that the edge lets through
	faults  []string // "METHOD path status": refusals of the next calls, in the platform's shapes
	calls   []exchange
}

// exchange is one request and what its answer has to be.
type exchange struct {
	line   string // method, and path below /retail/202211 unless it begins with //
	body   string
	status int
	shape  string // of a refusal: shapeE or shapeM
	exact  string // the whole body
	has    []string
	lacks  []string
	kind   string // the content type, where it is not JSON
}

func get(path string, has ...string) exchange {
	return exchange{line: "GET " + path, status: 200, has: has}
}

func send(line, body string, status int, has ...string) exchange {
	return exchange{line: line, body: body, status: status, has: has}
}

func no(line, body string, status int) exchange {
	return exchange{line: line, body: body, status: status, shape: shapeE}
}

func (a exchange) plain() exchange { a.shape = shapeM; return a }

func (a exchange) without(lacks ...string) exchange { a.lacks = lacks; return a }

const (
	coupon = `{"name":"x","code":"SPRING","auto_code_generation":false,"status":true,"quantity":null,"mail_notice":false,"frequency_limitation":0,` +
		`"details":[{"type":"free_shipping"}],"conditions":[],"expire":null}`
	item = `{"name":"x","description":"","status":"hidden","type":"regular","variations":[{"name":"","quantity":null,"regular_price":1000}]}`
)

var facts = []fact{
	// What is common to all operations.
	{says: "the edge shows a web page to the user agents of libraries", agent: "Go-http-client/1.1", calls: []exchange{
		{line: "GET /store", status: 403, kind: "text/html; charset=UTF-8", has: []string{"<!DOCTYPE html>", "1010"}},
	}},
	{says: "no token, and an unknown one, are 401 in an undocumented shape", as: "none", calls: []exchange{no("GET /store", "", 401)}},
	{says: "an unknown token is 401", as: "unknown", calls: []exchange{no("GET /orders", "", 401)}},
	{says: "a credential may have = in it, and does not expire", calls: []exchange{get("/store", `{"id":"`, `","name":"商店街ストア1"}`)}},
	{says: "reads need one scope and writes another", as: stores.ScopeRead, calls: []exchange{get("/orders"), no("POST /items", item, 403)}},
	{says: "a shop that has withdrawn is not shown", as: "withdrawn", calls: []exchange{no("GET /store", "", 403), no("GET /orders", "", 403)}},
	{says: "other versions are not here", calls: []exchange{no("GET //retail/202109/orders", "", 404)}},
	{says: "beyond 60 calls a minute: 429, without Retry-After", limited: true, calls: append(slices.Repeat([]exchange{get("/store")}, 60), no("GET /store", "", 429))},
	{says: "503 is {message} everywhere", faults: []string{"GET /orders 503", "POST /coupons 503"}, calls: []exchange{
		no("GET /orders", "", 503).plain(), no("POST /coupons", coupon, 503).plain(),
	}},
	{says: "403 of categories and fees is {message}", faults: []string{"GET /categories 403", "GET /shipping_fee_settings 403", "GET /orders 403"}, calls: []exchange{
		no("GET /categories", "", 403).plain(), no("GET /shipping_fee_settings", "", 403).plain(), no("GET /orders", "", 403),
	}},
	{says: "500 of coupons is {message}, and 500 of shipped is not", faults: []string{"POST /coupons 500", "POST /orders/{order}/shipped 500"}, calls: []exchange{
		no("POST /coupons", coupon, 500).plain(), no("POST /orders/{order}/shipped", "", 500),
	}},
	{says: "423 of items and deliveries carries nothing out", faults: []string{"POST /items 423", "PATCH /orders/{order}/deliveries 423"}, calls: []exchange{
		no("POST /items", item, 423), no("PATCH /orders/{order}/deliveries", `{"tracking_number":"1"}`, 423), get("/orders?ids={order}", `"tracking_number":null`),
	}},

	// Lists.
	{says: "a page has 10 rows, no total and no cursor", calls: []exchange{get("/orders", `{"orders":[{`).without("total\"", "cursor", "meta", "next"), get("/items", `{"items":[{`).without("total\"")}},
	{says: "limits are 1 to 100, offsets 0 and above", calls: []exchange{
		no("GET /orders?limit=0", "", 400), no("GET /orders?limit=101", "", 400), no("GET /orders?offset=-1", "", 400), get("/orders?limit=100&offset=1000", `{"orders":[]}`),
	}},
	{says: "the newest order is the first, unless it is asc", calls: []exchange{
		get("/orders?limit=1", `"ordered_at":"2026-11-10T11:00:00+09:00"`), get("/orders?limit=1&direction=asc", `"ordered_at":"2026-11-01T05:00:00+09:00"`),
		no("GET /orders?direction=up", "", 400),
	}},
	{says: "filters are dates or times of Japan without an offset", calls: []exchange{
		get("/orders?ordered_at_from=2026-11-10T11:00:00", `"ordered_at":"2026-11-10T11:00:00+09:00"`).without("T05:00:00"), get("/orders?ordered_at_from=2026-11-11", `{"orders":[]}`),
		no("GET /orders?ordered_at_from=10.11.2026", "", 400), no("GET /orders?ordered_at_from=2026-11-10T02:00:00Z", "", 400),
	}},
	{says: "values are joined by commas", calls: []exchange{get("/orders?ids={order},{unpaid}", `"id":"{order}"`, `"id":"{unpaid}"`)}},
	{says: "order numbers are text of ten digits, zeros in front included", calls: []exchange{
		get("/orders?numbers=0000000001", `{"orders":[{`, `"number":"0000000001"`), no("GET /orders?numbers=12a", "", 400),
	}},
	{says: "orders on delivery are neither paid nor unpaid", calls: []exchange{
		get("/orders?paid_status=paid&limit=100").without("cash_on_delivery"), get("/orders?paid_status=unpaid&limit=100").without("cash_on_delivery"), get("/orders?limit=100", "cash_on_delivery"),
	}},
	{says: "unpaid orders do not wait for shipping", calls: []exchange{get("/orders?delivery_status=waiting&limit=100", `"{order}"`).without(`"{unpaid}"`), no("GET /orders?delivery_status=open", "", 400)}},
	{says: "a channel is ec, regi or the id of a register", calls: []exchange{
		get("/orders?settled_sales_channel=ec&limit=100").without(`"type":"cash"`), get("/orders?settled_sales_channel=regi&limit=100", `"type":"cash"`), get("/orders?settled_sales_channel={register}&limit=1", `"sales_channel_id":"{register}"`),
	}},

	// Orders.
	{says: "there is no status and no time of change", calls: []exchange{get("/orders?ids={order}").without("updated_at", `"status"`)}},
	{says: "an order on delivery has no paid_at, and its readied_at is its time", calls: []exchange{get("/orders?ids={cod}", `"deposit":0`, `"readied_at":"2026-11-09T23:00:00+09:00"`, `"ordered_at":"2026-11-09T23:00:00+09:00"`).without(`"paid_at"`)}},
	{says: "an unpaid order has a transaction, without a time and a deposit", calls: []exchange{get("/orders?ids={unpaid}", `"deposit":0`, `"paid_at":null`, `"readied_at":null`)}},
	{says: "the refund of a custom payment lacks its name", calls: []exchange{get("/orders?ids={refund}", `"payment_method_name":"`, `"amount":-`)}},
	{says: "rates are fractions", calls: []exchange{get("/orders?ids={order}", `"payment_fee_rate":0.036`, `"tax_rate":0.1`)}},
	{says: "lines that were typed in at a register have an empty item_id", calls: []exchange{get("/orders?ids={pos}", `"type":"instant"`, `"item_id":""`, `"variation_id":null`)}},
	{says: "digital_contents is in the data, whatever the description says", calls: []exchange{get("/orders?ids={digital}", `"type":"digital_contents"`)}},
	{says: "a country is JPN, and texts that were never set are null", calls: []exchange{get("/orders?ids={order}", `"country":"JPN"`, `"tracking_number":null`, `"delivery_method_name":null`)}},
	{says: "months of a preorder are compact", calls: []exchange{get("/orders?ids={preorder}", `"start_month":"202612"`, `"start_period":"middle"`)}},
	{says: "a sale by shipped answers with the bare order, and once", calls: []exchange{
		send("POST /orders/{order}/shipped", "", 200, `{"billing_address":`, `"shipped_at":"2026-11-10T12:00:00+09:00"`).without(`"orders"`), no("POST /orders/{order}/shipped", "", 409),
	}},
	{says: "shipped needs a paid order of goods of the online shop", calls: []exchange{
		no("POST /orders/{unpaid}/shipped", "", 400), no("POST /orders/{pos}/shipped", "", 400), no("POST /orders/{digital}/shipped", "", 400), no("POST /orders/0000000001/shipped", "", 404),
	}},
	{says: "deliveries change without a shipping, and answer with the bare order", calls: []exchange{
		send("PATCH /orders/{order}/deliveries", `{"tracking_number":"1","estimated_arrival_date":"明日"}`, 200, `"tracking_number":"1"`, `"estimated_arrival_date":"明日"`, `"shipped_at":null`),
	}},
	{says: "deliveries want one text at least, and no null", calls: []exchange{
		no("PATCH /orders/{order}/deliveries", `{}`, 400), no("PATCH /orders/{order}/deliveries", `{"tracking_number":null}`, 400),
		no("PATCH /orders/{order}/deliveries", `{"tracking_number":"123456789012345678901"}`, 400), no("PATCH /orders/{order}/deliveries", `{"estimated_arrival_date":"`+strings.Repeat("日", 31)+`"}`, 400),
	}},
	{says: "deliveries of a register, and of two parcels, cannot change", calls: []exchange{
		no("PATCH /orders/{pos}/deliveries", `{"tracking_number":"1"}`, 400), no("PATCH /orders/{two}/deliveries", `{"tracking_number":"1"}`, 400), no("PATCH /orders/{canceled}/deliveries", `{"tracking_number":"1"}`, 400),
		no("PATCH /orders/0000000001/deliveries", `{"tracking_number":"1"}`, 404),
	}},

	// Items and stock.
	{says: "an item is made with 201, bare, and its stock may be without limit", calls: []exchange{send("POST /items", item, 201, `"id":"`, `"quantity":null`, `"image_urls":[]`).without(`"images"`, `{"item"`)}},
	{says: "an item needs five members", calls: []exchange{no("POST /items", `{"name":"x"}`, 400), no("POST /items", strings.Replace(item, "regular\"", "ticket\"", 1), 400)}},
	{says: "unlisted is a state of updates alone", calls: []exchange{
		no("POST /items", strings.Replace(item, "hidden", "unlisted", 1), 400), send("PATCH /items/{item}", `{"status":"unlisted"}`, 200, `"status":"unlisted"`),
	}},
	{says: "to be shown an item needs a picture and a description", calls: []exchange{no("POST /items", strings.Replace(item, "hidden", "shown", 1), 400)}},
	{says: "variations are replaced as a set", calls: []exchange{
		send("PATCH /items/{item}", `{"variations":[{"name":"新","quantity":1,"regular_price":500}]}`, 200, `"variations":[{`, `"name":"新"`).without(`"{variation}"`),
	}},
	{says: "a child category brings its parent", calls: []exchange{send("PATCH /items/{item}", `{"category_ids":["{child}"]}`, 200, `"category_ids":["{parent}","{child}"]`)}},
	{says: "an unknown item is 400, as there is no 404", calls: []exchange{no("PATCH /items/0", `{"name":"x"}`, 400)}},
	{says: "a keyword has 100 characters at most", calls: []exchange{no("GET /items?keyword="+strings.Repeat("a", 101), "", 400), get("/items?keyword=SKU-001", `"code":"SKU-001"`)}},
	{says: "stock is absolute, relative or unlimited", calls: []exchange{
		{line: "POST /variations/{variation}/inventories/adjustment", body: `{"update_type":"absolute","quantity":5}`, status: 200, exact: `{"quantity":5,"variation_id":"{variation}"}`},
		{line: "POST /variations/{variation}/inventories/adjustment", body: `{"update_type":"relative","quantity":-2}`, status: 200, exact: `{"quantity":3,"variation_id":"{variation}"}`},
		{line: "POST /variations/{variation}/inventories/adjustment", body: `{"update_type":"unlimited"}`, status: 200, exact: `{"quantity":null,"variation_id":"{variation}"}`},
		no("POST /variations/{variation}/inventories/adjustment", `{"update_type":"absolute"}`, 400), no("POST /variations/0/inventories/adjustment", `{"update_type":"unlimited"}`, 404),
	}},
	{says: "a ticket for an upload is a 200", calls: []exchange{
		send("POST /items/image_upload", `{"name":"a.png","content_type":"image/png","size":5242880}`, 200, `{"post_endpoint":"http`, `"signature":{`, `"key":"`, `"success_action_status":"201"`),
		no("POST /items/image_upload", `{"name":"a.png","content_type":"image/png","size":5242881}`, 400), no("POST /items/image_upload", `{"name":"a.webp","content_type":"image/webp","size":1}`, 400),
	}},
	{says: "the storage speaks XML", as: "none", calls: []exchange{
		{line: "POST //storage/stores-image-uploads", body: "x", status: 400, kind: "application/xml", has: []string{"<?xml version", "<Error><Code>"}},
	}},

	// Settings, coupons and payouts.
	{says: "fees are integers, and a method may have no id", calls: []exchange{get("/shipping_fee_settings", `"domestic":{`, `"overseas":{`, `"fee":500,"id":null`)}},
	{says: "categories have a parent or null", calls: []exchange{get("/categories", `{"categories":[{`, `"parent_id":null`, `"parent_id":"{parent}"`)}},
	{says: "the newest register is the first", calls: []exchange{get("/sales_channels?limit=1", `"name":"本店"`)}},
	{says: "a coupon answers with a null value for free shipping, and not with auto_code_generation", calls: []exchange{
		send("POST /coupons", coupon, 201, `"code":"SPRING"`, `"details":[{"type":"free_shipping","value":null}]`, `"expire":null`).without("auto_code_generation"), no("POST /coupons", coupon, 409),
	}},
	{says: "a coupon has ten members, and no other", calls: []exchange{
		no("POST /coupons", strings.Replace(coupon, `"conditions":[],`, "", 1), 400), no("POST /coupons", strings.Replace(coupon, `{"name"`, `{"color":1,"name"`, 1), 400),
	}},
	{says: "a code of the shop, or one of the platform's", calls: []exchange{
		no("POST /coupons", strings.Replace(coupon, `"SPRING"`, "null", 1), 400), send("POST /coupons", strings.NewReplacer(`"SPRING"`, "null", `generation":false`, `generation":true`).Replace(coupon), 201),
		no("POST /coupons", strings.Replace(coupon, "SPRING", "SPRING-2026", 1), 400),
	}},
	{says: "amounts of coupons are bounded", calls: []exchange{
		no("POST /coupons", strings.Replace(coupon, `{"type":"free_shipping"}`, `{"type":"discount","value":300001}`, 1), 400), no("POST /coupons", strings.Replace(coupon, `{"type":"free_shipping"}`, `{"type":"n_percent_discount","value":101}`, 1), 400),
		no("POST /coupons", strings.Replace(coupon, `{"type":"free_shipping"}`, `{"type":"free_shipping","value":1}`, 1), 400),
	}},
	{says: "payouts are dates, the latest first, with a detail of fees", calls: []exchange{
		get("/remittances?limit=1", `{"remittances":[{`, `"transferred_date":"2026-10-31"`, `"fee_detail":{`), get("/remittances?transferred_date_from=2026-11-01", `{"remittances":[]}`),
	}},
	{says: "before July 2023 a payout has no fee_detail", calls: []exchange{get("/remittances?transferred_date_to=2023-06-30", `"transferred_date":"2022-06-30"`).without("fee_detail")}},
	{says: "an unknown payout is 403, as there is no 404", calls: []exchange{no("GET /remittances/0/order_ids", "", 403)}},

	// STORES ID.
	{says: "the token endpoint refuses without an assertion", as: "none", calls: []exchange{
		send("POST //oauth2/token", "grant_type=refresh_token&refresh_token=x&client_id=x", 401, `"error":"invalid_client"`),
	}},
}

func TestFacts(t *testing.T) {
	t.Parallel()
	for _, f := range facts {
		t.Run(f.says, func(t *testing.T) {
			t.Parallel()
			f.hold(t)
		})
	}
}

// hold makes the calls of a fact against a server of its own.
func (f fact) hold(t *testing.T) {
	t.Helper()
	opts := []storestest.Option{storestest.WithClock(func() time.Time { return time.Date(2026, time.November, 10, 3, 0, 0, 0, time.UTC) })}
	if !f.limited {
		opts = append(opts, storestest.WithoutRateLimits())
	}
	srv := storestest.NewServer(opts...)
	t.Cleanup(srv.Close)
	fill := strings.NewReplacer(names(t, srv)...).Replace
	for _, fault := range f.faults {
		parts := strings.Fields(fill(fault))
		status, err := strconv.Atoi(parts[2])
		require.NoError(t, err)
		srv.Fail(1, storestest.Refusal(parts[0], "/retail/202211"+parts[1], status, "いまはできません。"))
	}
	token := srv.Shop().Credential()
	switch f.as {
	case "none":
		token = ""
	case "unknown":
		token = "unknown"
	case "withdrawn":
		srv.Shop().Withdraw(true)
	case stores.ScopeRead:
		token = srv.Shop().Token(f.as)
	}
	for _, a := range f.calls {
		a.made(t, srv, token, f.agent, fill)
	}
}

// names are the resources of the seed that rows name, and their ids.
func names(t *testing.T, srv *storestest.Server) []string {
	t.Helper()
	shop, token := srv.Shop(), srv.Shop().Token()
	shop.AddOrder(map[string]any{"number": "0000000001", "ordered_at": "2026-11-02T00:00:00+09:00"})
	read := func(path string) (rows []map[string]any) {
		answer := call(t.Context(), t, srv, token, http.MethodGet, "/retail/202211"+path, "")
		var lists map[string][]map[string]any
		require.NoError(t, json.Unmarshal([]byte(answer.body), &lists), answer.body)
		for _, list := range lists {
			rows = append(rows, list...)
		}
		return rows
	}
	id := func(rows []map[string]any, marks ...string) string {
		for _, row := range rows {
			text, err := json.Marshal(row)
			require.NoError(t, err)
			if !slices.ContainsFunc(marks, func(mark string) bool { return !strings.Contains(string(text), mark) }) {
				return row["id"].(string)
			}
		}
		require.Fail(t, "not in the seed", "%q", marks)
		return ""
	}
	orders, items, categories := read("/orders?limit=100"), read("/items"), read("/categories")
	cancelled := read("/orders?canceled_at_from=2000-01-01&limit=100")
	one := items[len(items)-1]
	for _, item := range items {
		if item["status"] == "shown" && item["type"] == "regular" {
			one = item
		}
	}
	return []string{
		"{order}", orders[0]["id"].(string),
		"{unpaid}", id(orders, "convenience_store_payment", `"readied_at":null`),
		"{cod}", id(orders, "cash_on_delivery", `"2026-11-09T23:00:00+09:00"`),
		"{pos}", id(orders, `"instant"`), "{digital}", id(orders, "digital_contents"), "{preorder}", id(orders, `"preorder"`),
		"{refund}", id(cancelled, `"custom"`), "{canceled}", id(cancelled, "bank_transfer"),
		"{two}", twoParcels(orders), "{register}", id(read("/sales_channels"), "駅前店"),
		"{item}", one["id"].(string), "{variation}", one["variations"].([]any)[0].(map[string]any)["id"].(string),
		"{parent}", id(categories, "食品"), "{child}", id(categories, "お茶"),
	}
}

func twoParcels(orders []map[string]any) string {
	i := slices.IndexFunc(orders, func(o map[string]any) bool { return len(o["deliveries"].([]any)) == 2 })
	return orders[i]["id"].(string)
}

// made makes the call and judges its answer.
func (a exchange) made(t *testing.T, srv *storestest.Server, token, agent string, fill func(string) string) {
	t.Helper()
	method, path, _ := strings.Cut(fill(a.line), " ")
	path, elsewhere := strings.CutPrefix(path, "//")
	if elsewhere {
		path = "/" + path
	} else {
		path = "/retail/202211" + path
	}
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(fill(a.body)))
	require.NoError(t, err)
	req.Header.Set("User-Agent", cmp.Or(agent, "facts/1.0"))
	if token != "" {
		req.Header.Set("Authorization", "bearer "+token) // as the older version of the API spells it
	}
	req.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(path, "/oauth2/") {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := srv.HTTPClient().Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	body := string(raw)
	about := a.line + " " + a.body + "\n" + body
	require.Equal(t, a.status, resp.StatusCode, about)
	if a.shape != "" {
		assert.Regexp(t, regexp.MustCompile(a.shape), body, about)
	}
	if a.exact != "" {
		assert.Equal(t, fill(a.exact), body, about)
	}
	for _, part := range a.has {
		assert.Contains(t, body, fill(part), about)
	}
	for _, part := range a.lacks {
		assert.NotContains(t, body, fill(part), about)
	}
	assert.Empty(t, resp.Header.Get("Retry-After"), about)
	assert.Equal(t, cmp.Or(a.kind, "application/json; charset=utf-8"), resp.Header.Get("Content-Type"), about)
}
