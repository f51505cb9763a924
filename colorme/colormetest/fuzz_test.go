package colormetest_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"testing"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// FuzzWrites sends any body to any write: the fake refuses it in the
// platform's form or takes it, and lives on.
func FuzzWrites(f *testing.F) {
	srv := colormetest.NewServer(colormetest.InMemory(), colormetest.WithoutRateLimits(), colormetest.WithSales(1), colormetest.WithProducts(2), colormetest.WithCustomers(1))
	f.Cleanup(srv.Close)
	shop := srv.Shop()
	product := strconv.FormatInt(shop.AddProduct(nil), 10)
	sale := strconv.FormatInt(shop.AddSale(nil), 10)
	customer := strconv.FormatInt(shop.AddCustomer(nil), 10)
	coupon := strconv.FormatInt(shop.AddCoupon(nil), 10)
	token := shop.Token()
	paths := []struct{ method, path string }{
		{http.MethodPost, "/v1/sales"},
		{http.MethodPut, "/v1/sales/" + sale},
		{http.MethodPut, "/v1/sales/" + sale + "/cancel"},
		{http.MethodPost, "/v1/sales/" + sale + "/mails"},
		{http.MethodPost, "/v1/customers"},
		{http.MethodPut, "/v1/customers/" + customer},
		{http.MethodPost, "/v1/customers/" + customer + "/points"},
		{http.MethodPut, "/v1/customers/" + customer + "/membership"},
		{http.MethodPost, "/v1/products"},
		{http.MethodPut, "/v1/products/" + product},
		{http.MethodPost, "/v1/products/" + product + "/options"},
		{http.MethodPost, "/v1/products/" + product + "/pickups"},
		{http.MethodPost, "/v1/groups"},
		{http.MethodPost, "/v1/categories"},
		{http.MethodPost, "/v1/shop_coupons"},
		{http.MethodPut, "/v1/shop_coupons/" + coupon},
		{http.MethodPost, "/appstore/v1/script_tags.json"},
		{http.MethodPost, "/v1/inline_script_tags.json"},
	}
	for i, body := range []string{
		`{"sale":{"payment_id":1,"details":[{"product_id":1}],"sale_deliveries":[null]}}`,
		`{"sale":{"sale_deliveries":[{"id":"1"},null]}}`, `{"restock":true}`, `{"mail":{"type":"paid"}}`,
		`{"customer":{"name":"x","mail":"a@b","pref_id":1,"postal":"1","address1":"a","tel":"1"}}`, `{"customer":null}`, `{"points":"5"}`,
		`{"membership":{"membership_id":"GOLD"}}`, `{"product":{"name":"x","group_ids":[1]}}`,
		`{"product":{"stocks":{"increment":1},"variants":[{"option1_value":"x","stocks":null}]}}`,
		`{"option":{"name":"x","values":[{"name":"y"},null]}}`, `{"pickup_type":0,"order_num":null}`, `{"group":{"name":"x","meta_tag":{}}}`,
		`{"category":{"name":"x","meta_tag":{"title":5}}}`,
		`{"shop_coupon":{"code":"x","coupon_type":"rate","starts_at":"2026-01-01","ends_at":"2026-01-02","group_ids":null}}`,
		`{"shop_coupon":{"starts_at":null}}`, `{"script_tag":{"src":"https://a","display_scope":"shop"}}`, `[]`,
	} {
		f.Add(i, body)
	}
	f.Fuzz(func(t *testing.T, n int, body string) {
		p := paths[max(n, -(n+1))%len(paths)]
		status, raw := api{t: t, srv: srv, token: token}.call(p.method, p.path, body)
		if len(raw) > 0 && !json.Valid(raw) {
			t.Fatalf("%s %s: %d: %q", p.method, p.path, status, raw)
		}
		if status >= 500 && json.Valid([]byte(body)) {
			t.Fatalf("%s %s: %d for JSON", p.method, p.path, status)
		}
	})
}
