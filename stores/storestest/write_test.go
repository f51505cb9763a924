package storestest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/stores/storestest"
)

// edit replaces one member of a JSON object, or takes it out for nil.
func edit(t *testing.T, body, name string, value any) string {
	t.Helper()
	var members map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &members))
	if s, ok := value.(string); ok && s == "-" {
		delete(members, name)
	} else {
		members[name] = value
	}
	out, err := json.Marshal(members)
	require.NoError(t, err)
	return string(out)
}

// TestCouponRules: ten members, no other, each within its limits.
func TestCouponRules(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithoutRateLimits())
	const good = `{"name":"春","code":"A1","auto_code_generation":false,"status":true,"quantity":null,"mail_notice":false,"frequency_limitation":0,` +
		`"details":[{"type":"discount","value":1}],"conditions":[],"expire":null}`
	try := func(body string) int {
		return call(t.Context(), t, srv, srv.Shop().Credential(), "POST", "/retail/202211/coupons", body).status
	}
	for name, values := range map[string][]any{
		"name": {"-", "", strings.Repeat("春", 21), nil, 1}, "code": {"-", "", "12345678901", "春", nil}, "auto_code_generation": {"-", true, nil},
		"status": {"-", 1}, "quantity": {"-", 0, 1_000_000, 1.5}, "mail_notice": {"-", nil}, "frequency_limitation": {"-", 2, nil},
		"details": {
			"-",
			[]any{},
			[]any{1},
			[]any{map[string]any{"type": "discount"}},
			[]any{map[string]any{"type": "discount", "value": 300_001}},
			[]any{map[string]any{"type": "n_percent_discount", "value": 101}},
			[]any{map[string]any{"type": "free_shipping", "value": 1}},
			[]any{map[string]any{"type": "x"}},
			[]any{map[string]any{"type": "free_shipping"}, map[string]any{"type": "free_shipping"}},
		},
		"conditions": {"-", nil, []any{map[string]any{"type": "amount", "value": 0}}, []any{map[string]any{"type": "x", "value": 1}}},
		"expire": {
			"-",
			map[string]any{},
			map[string]any{"start_date": "2026-01-02", "start_hour": 0, "start_minute": 0, "end_date": "2026-01-02", "end_hour": 0, "end_minute": 0},
			map[string]any{"start_date": "x", "start_hour": 0, "start_minute": 0, "end_date": "2026-01-02", "end_hour": 24, "end_minute": 0},
		},
		"extra": {1},
	} {
		for _, value := range values {
			body := edit(t, good, name, value)
			assert.Equal(t, 400, try(body), body)
		}
	}
	assert.Equal(t, 201, try(good))
	assert.Equal(t, 409, try(good))
	require.Len(t, srv.Shop().Coupons(), 1)
	assert.NotContains(t, srv.Shop().Coupons()[0], "auto_code_generation")
}

func TestItemRules(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithoutRateLimits())
	shop := srv.Shop()
	const good = `{"name":"茶","description":"d","status":"hidden","type":"regular","variations":[{"name":"v","quantity":1,"regular_price":1}]}`
	create := func(body string) answer {
		return call(t.Context(), t, srv, shop.Credential(), "POST", "/retail/202211/items", body)
	}
	for name, values := range map[string][]any{
		"name": {"-", "", 1}, "description": {"-", nil}, "status": {"-", "shown", "unlisted"}, "type": {"-", "ticket"}, "images": {[]any{"none"}, "x"},
		"variations": {
			"-",
			[]any{},
			nil,
			[]any{map[string]any{"name": "v"}},
			[]any{map[string]any{"id": "x", "name": "v", "quantity": 1, "regular_price": 1}},
			[]any{7},
			[]any{map[string]any{"name": "v", "quantity": -1, "regular_price": 1}},
			[]any{map[string]any{"name": "v", "quantity": 1, "regular_price": 1, "discount_rate": 2}},
		},
		"category_ids": {[]any{"none"}}, "sales_period": {map[string]any{}}, "preorder_sales": {map[string]any{"start_month": "x"}}, "colour": {"red"},
	} {
		for _, value := range values {
			body := edit(t, good, name, value)
			got := create(body)
			assert.Equal(t, 400, got.status, body)
			assert.Regexp(t, shapeE, got.body)
		}
	}
	parent := shop.AddCategory("親", "")
	child := shop.AddCategory("子", parent)
	made := create(edit(t, edit(t, good, "category_ids", []string{child}), "preorder_sales",
		map[string]any{"start_month": "2027-01", "start_period": "early", "end_month": "202702", "end_period": "late"}))
	require.Equal(t, 201, made.status)
	var item struct {
		ID          string                `json:"id"`
		CategoryIDs []string              `json:"category_ids"`
		Preorder    map[string]string     `json:"preorder_sales"`
		Variations  []struct{ ID string } `json:"variations"`
	}
	require.NoError(t, json.Unmarshal([]byte(made.body), &item))
	assert.Equal(t, []string{parent, child}, item.CategoryIDs)
	assert.Equal(t, "202701", item.Preorder["start_month"])
	update := func(id, body string) int {
		return call(t.Context(), t, srv, shop.Credential(), "PATCH", "/retail/202211/items/"+id, body).status
	}
	assert.Equal(t, 200, update(item.ID, `{"status":"unlisted","preorder_sales":null}`))
	assert.Equal(t, 400, update("none", `{}`), "404 is not documented")
	assert.Equal(t, 400, update(item.ID, `{"variations":[]}`))
	assert.Equal(t, 400, update(shop.AddItem(map[string]any{"type": "ticket"}), `{}`))
	shop.StoreVariation(item.Variations[0].ID)
	assert.Equal(t, 400, update(item.ID, `{"variations":[{"id":"`+item.Variations[0].ID+`","name":"x"}]}`))
	assert.Equal(t, 400, update(item.ID, `{"variations":[{"name":"x","quantity":1,"regular_price":1}]}`), "nor be deleted")
	shop.SetAddOns(false)
	for _, body := range []string{`{"limited_quantity":1}`, `{"sales_period":null}`, `{"delivery_method_ids":{}}`, `{"preorder_sales":null}`} {
		assert.Equal(t, 400, update(item.ID, body), body)
	}
	assert.Equal(t, 200, update(item.ID, `{"name":"x"}`))
}

func TestItemFilters(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithItems(0))
	shop := srv.Shop()
	plain := shop.AddItem(map[string]any{"name": "深蒸し煎茶"})
	out := shop.AddItem(map[string]any{"status": "hidden", "description": "茶碗", "variations": []any{
		map[string]any{"id": "v", "name": "", "quantity": 0, "code": "ABC-1", "barcode": nil, "sales_price": 1, "regular_price": 1, "discount_amount": 0, "discount_rate": 0},
	}})
	for query, want := range map[string][]string{
		"": {out, plain}, "status=hidden": {out}, "status=unlisted": {}, "in_stock=true": {plain}, "in_stock=false": {out}, "keyword=煎茶": {plain}, "keyword=BC-1": {out},
		"only_preorder_sales=true": {}, "only_preorder_sales=false": {out, plain}, "ids=" + plain: {plain},
	} {
		assert.Equal(t, want, ids(t, srv, "/items?"+query), query)
	}
	for _, query := range []string{"status=x", "in_stock=1", "keyword=" + strings.Repeat("a", 101)} {
		assert.Equal(t, 400, call(t.Context(), t, srv, shop.Credential(), "GET", "/retail/202211/items?"+query, "").status, query)
	}
}

func TestStockRules(t *testing.T) {
	t.Parallel()
	srv, _ := start(t)
	item := srv.Shop().Item(srv.Shop().AddItem(nil))
	id := item["variations"].([]any)[0].(map[string]any)["id"].(string)
	try := func(body string) answer {
		return call(t.Context(), t, srv, srv.Shop().Credential(), "POST", "/retail/202211/variations/"+id+"/inventories/adjustment", body)
	}
	for _, body := range []string{``, `{}`, `{"update_type":"x"}`, `{"update_type":"absolute"}`, `{"update_type":"absolute","quantity":-1}`, `{"update_type":"relative","quantity":-11}`, `{"update_type":"relative","quantity":"1"}`} {
		assert.Equal(t, 400, try(body).status, body)
	}
	assert.JSONEq(t, `{"variation_id":"`+id+`","quantity":4}`, try(`{"update_type":"relative","quantity":-6}`).body)
	assert.JSONEq(t, `{"variation_id":"`+id+`","quantity":null}`, try(`{"update_type":"unlimited"}`).body)
	assert.Equal(t, 400, try(`{"update_type":"relative","quantity":1}`).status)
}

// TestStorage: the fields of the ticket, then the file, and no other credentials.
func TestStorage(t *testing.T) {
	t.Parallel()
	srv, client := start(t)
	type field struct{ name, value string }
	send := func(bearer string, fields []field) int {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for _, f := range fields {
			require.NoError(t, form.WriteField(f.name, f.value))
		}
		require.NoError(t, form.Close())
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, srv.URL+"/storage/stores-image-uploads", &body)
		require.NoError(t, err)
		req.Header.Set("Content-Type", form.FormDataContentType())
		if bearer != "" {
			req.Header.Set("Authorization", "Bearer "+bearer)
		}
		got := do(t, srv, req)
		assert.Equal(t, "application/xml", got.kind)
		return got.status
	}
	ticket, err := client.Images.Ticket(t.Context(), "a.png", "image/png", 3)
	require.NoError(t, err)
	sig := ticket.Signature
	fields := []field{
		{"key", sig.Key},
		{"Expires", sig.Expires},
		{"Content-Type", sig.ContentType},
		{"success_action_status", sig.SuccessActionStatus},
		{"acl", sig.ACL},
		{"Cache-Control", sig.CacheControl},
		{"policy", sig.Policy.Reveal()},
		{"x-amz-credential", sig.XAmzCredential.Reveal()},
		{"x-amz-algorithm", sig.XAmzAlgorithm},
		{"x-amz-date", sig.XAmzDate},
		{"x-amz-signature", sig.XAmzSignature.Reveal()},
	}
	file := field{"file", "png"}
	whole := append(append([]field{}, fields...), file)
	assert.Equal(t, 400, send("", fields), "no file")
	assert.Equal(t, 400, send("", append([]field{file}, fields...)), "the file first")
	assert.Equal(t, 400, send("", append(append([]field{}, whole...), field{"x", "y"})), "something after the file")
	assert.Equal(t, 403, send("", append(append([]field{}, fields[:10]...), file)), "no signature")
	assert.Equal(t, 400, send("", append(append([]field{}, fields...), field{"file", "large"})), "larger than announced")
	assert.Equal(t, 400, send(srv.Shop().Credential(), whole), "a bearer token")
	assert.Equal(t, 201, send("", whole))
	srv.Advance(time.Hour)
	assert.Equal(t, 403, send("", whole), "too late")
	for _, body := range []string{``, `{"name":"a","content_type":"image/webp","size":1}`, `{"name":"a","content_type":"image/png","size":5242881}`, `{"name":"a","content_type":"image/png"}`} {
		assert.Equal(t, 400, call(t.Context(), t, srv, srv.Shop().Credential(), "POST", "/retail/202211/items/image_upload", body).status, body)
	}
}

func TestRemittances(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithClock(func() time.Time { return time.Date(2026, 3, 31, 3, 0, 0, 0, time.UTC) }))
	shop := srv.Shop()
	old := shop.AddRemittance(map[string]any{"transferred_date": "2023-06-30"}, "o1", "o2")
	recent := shop.AddRemittance(map[string]any{"transferred_date": "2023-07-31"})
	future := shop.AddRemittance(map[string]any{"transferred_date": "2999-01-31"})
	assert.Equal(t, []string{recent, old}, ids(t, srv, "/remittances?transferred_date_from=2023-06-30&transferred_date_to=2023-07-31"))
	assert.NotContains(t, ids(t, srv, "/remittances?limit=100"), future, "only completed transfers")
	get := func(path string) answer {
		return call(t.Context(), t, srv, shop.Credential(), "GET", "/retail/202211/remittances"+path, "")
	}
	assert.NotContains(t, get("?ids="+old).body, "fee_detail")
	assert.Contains(t, get("?ids="+recent).body, "fee_detail")
	assert.JSONEq(t, `{"remittance_id":"`+old+`","order_ids":["o1","o2"]}`, get("/"+old+"/order_ids").body)
	assert.JSONEq(t, `{"remittance_id":"`+recent+`","order_ids":[]}`, get("/"+recent+"/order_ids").body)
	assert.Equal(t, 403, get("/none/order_ids").status)
	assert.Equal(t, 400, get("?transferred_date_from=x").status)
}

// FuzzBodies: no body makes an operation panic or fail in the platform's name.
func FuzzBodies(f *testing.F) {
	for i := range operations {
		for _, seed := range []string{``, `null`, `[]`, `{}`, `{"name":"a","variations":[{"id":1,"quantity":null}],"expire":{"start_date":1},"details":[null]}`, `{"update_type":"relative","quantity":1e99}`} {
			f.Add(i, seed)
		}
	}
	srv := storestest.NewServer(storestest.WithoutRateLimits(), storestest.WithOrders(1), storestest.WithItems(1))
	f.Cleanup(srv.Close)
	order, item := srv.Shop().AddOrder(nil), srv.Shop().AddItem(nil)
	variation := srv.Shop().Item(item)["variations"].([]any)[0].(map[string]any)["id"].(string)
	f.Fuzz(func(t *testing.T, i int, body string) {
		op := operations[((i%len(operations))+len(operations))%len(operations)]
		path := op.path
		for prefix, id := range map[string]string{"/orders/x": "/orders/" + order, "/items/x": "/items/" + item, "/variations/x": "/variations/" + variation} {
			if rest, ok := strings.CutPrefix(path, prefix); ok {
				path = id + rest
			}
		}
		got := call(t.Context(), t, srv, srv.Shop().Credential(), op.method, "/retail/202211"+path, body)
		assert.Less(t, got.status, 500)
		assert.True(t, json.Valid([]byte(got.body)))
	})
}
