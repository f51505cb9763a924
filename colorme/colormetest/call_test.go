package colormetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// operations are all operations of v1 and the App Store API with the scopes
// that each needs; the paths need not exist.
var operations = []struct {
	method, path string
	scopes       string
}{
	{"GET", "/v1/shop", ""},
	{"GET", "/v1/sales", "read_sales"},
	{"POST", "/v1/sales", "write_sales"},
	{"GET", "/v1/sales/stat", "read_sales"},
	{"GET", "/v1/sales/1", "read_sales"},
	{"PUT", "/v1/sales/1", "write_sales"},
	{"PUT", "/v1/sales/1/cancel", "write_sales"},
	{"POST", "/v1/sales/1/mails", "write_sales"},
	{"POST", "/v1/sales/1/payment_urls", "write_sales"},
	{"GET", "/v1/customers", "read_sales"},
	{"POST", "/v1/customers", "write_sales"},
	{"GET", "/v1/customers/1", "read_sales"},
	{"PUT", "/v1/customers/1", "write_sales"},
	{"POST", "/v1/customers/1/points", "write_sales"},
	{"PUT", "/v1/customers/1/membership", "read_sales write_sales"},
	{"DELETE", "/v1/customers/1/membership", "read_sales write_sales"},
	{"GET", "/v1/products", "read_products"},
	{"POST", "/v1/products", "write_products"},
	{"GET", "/v1/products/1", "read_products"},
	{"PUT", "/v1/products/1", "write_products"},
	{"GET", "/v1/products/1/variants", "read_products"},
	{"GET", "/v1/products/1/variants/1", "read_products"},
	{"PUT", "/v1/products/1/variants/1", "write_products"},
	{"POST", "/v1/products/1/options", "write_products"},
	{"DELETE", "/v1/products/1/options/1", "write_products"},
	{"POST", "/v1/products/1/options/1/values", "write_products"},
	{"DELETE", "/v1/products/1/options/1/values/1", "write_products"},
	{"POST", "/v1/products/1/pickups", "write_products"},
	{"PUT", "/v1/products/1/pickups", "write_products"},
	{"DELETE", "/v1/products/1/pickups/1", "write_products"},
	{"GET", "/v1/products/1/images", "read_products"},
	{"POST", "/v1/products/1/images", "read_products write_products"},
	{"DELETE", "/v1/products/1/images/1", "write_products"},
	{"GET", "/v1/product_advertisings", "read_products"},
	{"GET", "/v1/reviews", "read_products read_sales"},
	{"GET", "/v1/stocks", ""},
	{"GET", "/v1/groups", ""},
	{"POST", "/v1/groups", "write_products"},
	{"GET", "/v1/groups/1", ""},
	{"PUT", "/v1/groups/1", "write_products"},
	{"GET", "/v1/categories", ""},
	{"POST", "/v1/categories", "write_products"},
	{"PUT", "/v1/categories/1", "write_products"},
	{"POST", "/v1/categories/1/children", "write_products"},
	{"PUT", "/v1/categories/1/children/1", "write_products"},
	{"GET", "/v1/payments", ""},
	{"GET", "/v1/deliveries", ""},
	{"GET", "/v1/deliveries/date", ""},
	{"GET", "/v1/gift", ""},
	{"GET", "/v1/shop_coupons", "read_shop_coupons"},
	{"POST", "/v1/shop_coupons", "write_shop_coupons"},
	{"GET", "/v1/shop_coupons/1", "read_shop_coupons"},
	{"DELETE", "/v1/shop_coupons/1", "write_shop_coupons"},
	{"PUT", "/v1/shop_coupons/1", "write_shop_coupons"},
	{"GET", "/v1/templates", "read_templates"},
	{"GET", "/v1/templates/1/preview_url", "read_templates"},
	{"GET", "/v1/templates/1/pages/top", "read_templates"},
	{"PUT", "/v1/templates/1/pages/top", "write_templates"},
	{"POST", "/appstore/v1/application_charges.json", "write_application_charge"},
	{"DELETE", "/appstore/v1/installation.json", ""},
	{"POST", "/appstore/v1/recurring_application_charges/A/usage_charges.json", "write_application_charge"},
	{"GET", "/appstore/v1/script_tags.json", "read_shop_script_tags"},
	{"POST", "/appstore/v1/script_tags.json", "write_shop_script_tags"},
	{"DELETE", "/appstore/v1/script_tags/1.json", "write_shop_script_tags"},
	{"GET", "/appstore/v1/script_tags/1.json", "read_shop_script_tags"},
	{"PUT", "/appstore/v1/script_tags/1.json", "write_shop_script_tags"},
	{"GET", "/v1/inline_script_tags.json", "read_inline_script_tags"},
	{"POST", "/v1/inline_script_tags.json", "write_inline_script_tags"},
	{"DELETE", "/v1/inline_script_tags/1.json", "write_inline_script_tags"},
	{"GET", "/v1/inline_script_tags/1.json", "read_inline_script_tags"},
	{"PUT", "/v1/inline_script_tags/1.json", "write_inline_script_tags"},
	{"GET", "/v1/script_tags.json", "read_script_tags"},
	{"POST", "/v1/script_tags.json", "write_script_tags"},
	{"DELETE", "/v1/script_tags/1.json", "write_script_tags"},
	{"GET", "/v1/script_tags/1.json", "read_script_tags"},
	{"PUT", "/v1/script_tags/1.json", "write_script_tags"},
}

func TestOperationsAndScopes(t *testing.T) {
	t.Parallel()
	require.Len(t, operations, 58+18)
	srv := start(t)
	for _, op := range operations {
		about := op.method + " " + op.path
		api{t: t, srv: srv}.refused(op.method, op.path, nil, 401010)
		api{t: t, srv: srv, token: "other"}.refused(op.method, op.path, nil, 401010)
		needed := strings.Fields(op.scopes)
		for i := range needed {
			var held []string
			for _, scope := range colormetest.Scopes() {
				if scope != needed[i] {
					held = append(held, scope)
				}
			}
			speak(t, srv, held...).refused(op.method, op.path, nil, 401010)
		}
		held := needed
		if len(held) == 0 {
			held = []string{"read_analytics"}
		}
		status, body := speak(t, srv, held...).call(op.method, op.path, nil)
		assert.NotEqual(t, http.StatusUnauthorized, status, "%s: %s", about, body)
	}
}

func TestDocumentedTokenErrors(t *testing.T) {
	t.Parallel()
	srv := start(t, colormetest.WithDocumentedTokenErrors())
	api{t: t, srv: srv, token: "other"}.refused(http.MethodGet, "/v1/sales", nil, 401001)
	api{t: t, srv: srv}.refused(http.MethodGet, "/v1/sales", nil, 401010)
	speak(t, srv, "read_products").refused(http.MethodGet, "/v1/sales", nil, 401010)
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	a := speak(t, start(t))
	for _, path := range []string{"/v1/unknown", "/v2/shop", "/", "/v1/sales/1/2/3", "/v1/sales/abc", "/v1/sales/1"} {
		a.refused(http.MethodGet, path, nil, 404100)
	}
	a.refused(http.MethodDelete, "/v1/products/1", nil, 404100)
	a.refused(http.MethodPatch, "/v1/shop", nil, 404100)
	a.refused(http.MethodGet, "/oauth/token", nil, 404100)
}

func TestJSONSuffix(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	sale := srv.Shop().AddSale(nil)
	assert.Equal(t, a.get("/v1/shop"), a.get("/v1/shop.json"))
	assert.Equal(t, a.get(fmt.Sprintf("/v1/sales/%d", sale)), a.get(fmt.Sprintf("/v1/sales/%d.json", sale)))
	assert.Equal(t, a.get("/v1/sales?limit=2"), a.get("/v1/sales.json?limit=2"))
	a.refused(http.MethodGet, "/appstore/v1/script_tags", nil, 404100)
	a.refused(http.MethodGet, "/v1/script_tags", nil, 404100)
}

func TestPlanGates(t *testing.T) {
	t.Parallel()
	srv := start(t)
	srv.LoginAs(srv.AddShop(colormetest.Seed{Plan: "regular"}))
	_, body := exchange(t, srv, tokenForm(srv, func() string {
		_, to := browse(t, srv, authorizeQuery(srv, "scope", strings.Join(colormetest.Scopes(), " ")))
		return to.Query().Get("code")
	}()))
	a := api{t: t, srv: srv, token: body["access_token"].(string)}
	a.refused(http.MethodPost, "/v1/sales", `{"broken`, 401200)
	a.refused(http.MethodPost, "/v1/products/1/images", `{"broken`, 401200)
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	srv := colormetest.NewServer(colormetest.WithClock(func() time.Time { return noon }))
	t.Cleanup(srv.Close)
	a, b := speak(t, srv), speak(t, srv)
	for range 120 {
		a.get("/v1/gift")
	}
	status, _ := a.call(http.MethodGet, "/v1/gift", nil)
	assert.Equal(t, http.StatusTooManyRequests, status)
	a.refused(http.MethodGet, "/v1/shop", nil, 429000)
	b.get("/v1/gift")
	srv.Advance(time.Minute)
	a.get("/v1/gift")
}

func TestImageRateLimit(t *testing.T) {
	t.Parallel()
	srv := colormetest.NewServer(colormetest.WithClock(func() time.Time { return noon }))
	t.Cleanup(srv.Close)
	a := speak(t, srv)
	product := srv.Shop().AddProduct(nil)
	for range 5 {
		a.want(201, http.MethodPost, fmt.Sprintf("/v1/products/%d/images", product), form(t, png, "1"), formType...)
	}
	status, _ := a.call(http.MethodPost, fmt.Sprintf("/v1/products/%d/images", product), form(t, png, "1"), formType...)
	assert.Equal(t, http.StatusTooManyRequests, status)
	srv.Advance(10 * time.Second)
	a.want(201, http.MethodPost, fmt.Sprintf("/v1/products/%d/images", product), form(t, png, "1"), formType...)
}

func TestStaleReads(t *testing.T) {
	t.Parallel()
	srv := start(t, colormetest.WithStaleReads(3*time.Second))
	a := speak(t, srv)
	product := fmt.Sprintf("/v1/products/%d", srv.Shop().AddProduct(object{"name": "旧"}))
	big := id(t, a.get("/v1/categories"), "categories", 0, "id_big")

	a.want(200, http.MethodPut, product, object{"product": object{"name": "新"}})
	assert.Equal(t, "旧", at(t, a.get(product), "product", "name"))
	assert.Equal(t, "旧", at(t, a.get(product+".json"), "product", "name"))
	a.want(200, http.MethodPut, fmt.Sprintf("/v1/categories/%d", big), object{"category": object{"name": "新"}})
	assert.NotEqual(t, "新", at(t, a.get("/v1/categories"), "categories", 0, "name"))

	srv.Advance(3 * time.Second)
	assert.Equal(t, "新", at(t, a.get(product), "product", "name"))
	assert.Equal(t, "新", at(t, a.get("/v1/categories"), "categories", 0, "name"))
}

func TestReadsSeeWritesByDefault(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	product := fmt.Sprintf("/v1/products/%d", srv.Shop().AddProduct(nil))
	a.want(200, http.MethodPut, product, object{"product": object{"name": "新"}})
	assert.Equal(t, "新", at(t, a.get(product), "product", "name"))
}

func TestFaults(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	customer := srv.Shop().AddCustomer(object{"points": 0})
	path := fmt.Sprintf("/v1/customers/%d", customer)
	srv.Fail(1, shotengaitest.Fault{Method: http.MethodPost, Path: path, Status: 502, Body: "<html>", AfterEffect: true})
	status, _ := a.call(http.MethodPost, path+"/points", object{"points": 5})
	assert.Equal(t, http.StatusBadGateway, status)
	assert.EqualValues(t, 5, id(t, a.get(path), "customer", "points"), "the points were given all the same")

	srv.Fail(-1, shotengaitest.Fault{Status: 503})
	status, _ = a.call(http.MethodGet, path, nil)
	assert.Equal(t, http.StatusServiceUnavailable, status)
	srv.Heal()
	srv.Fail(1, colormetest.Refusal(503002, ""))
	a.refused(http.MethodGet, path, nil, 503002)
	a.get(path)
	requests := srv.Requests()
	assert.Equal(t, path, requests[len(requests)-1].Path)
	assert.Equal(t, noon, requests[0].Time)
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	path := fmt.Sprintf("/v1/customers/%d", srv.Shop().AddCustomer(object{"points": 0}))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				status, _ := a.call(http.MethodPost, path+"/points", object{"points": 1})
				assert.Equal(t, http.StatusOK, status)
				a.call(http.MethodGet, "/v1/customers", nil)
				srv.Shop().AddSale(nil)
				srv.Shop().Token()
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 80, id(t, a.get(path), "customer", "points"))
}

func TestInMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := colormetest.NewServer(colormetest.InMemory())
		defer srv.Close()
		a := speak(t, srv)
		for range 120 {
			a.get("/v1/gift")
		}
		status, _ := a.call(http.MethodGet, "/v1/gift", nil)
		require.Equal(t, http.StatusTooManyRequests, status)
		<-time.After(time.Minute)
		a.get("/v1/gift")
	})
}

func TestClient(t *testing.T) {
	t.Parallel()
	srv := start(t)
	client, err := srv.Client()
	require.NoError(t, err)
	shop, err := client.Shop.Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, srv.Shop().ID, shop.ID)
}
