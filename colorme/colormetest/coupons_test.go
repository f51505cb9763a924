package colormetest_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

func TestCoupons(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	coupon := func(changes object) object { return object{"shop_coupon": changes} }
	good := func(changes object) object {
		out := object{"code": "WINTER", "coupon_type": "amount", "discount_amount": 300, "starts_at": "2026-12-01", "ends_at": "2026-12-31"}
		maps.Copy(out, changes)
		return coupon(out)
	}
	got := at(t, a.want(201, http.MethodPost, "/v1/shop_coupons", good(nil)), "shop_coupon")
	assertKeys(t, couponKeys, got)
	jst := time.FixedZone("JST", 9*60*60)
	assert.Equal(t, time.Date(2026, time.December, 1, 0, 0, 0, 0, jst).Unix(), id(t, got, "starts_at"), "unix seconds in replies")
	assert.Equal(t, time.Date(2026, time.December, 31, 23, 59, 59, 0, jst).Unix(), id(t, got, "ends_at"))
	assert.Equal(t, "indisposable", at(t, got, "usage_limit"))
	assert.Equal(t, "none", at(t, got, "group_limit_type"))
	assert.Equal(t, "available", at(t, got, "status"))
	path := fmt.Sprintf("/v1/shop_coupons/%d", id(t, got, "id"))
	assert.Equal(t, got, at(t, a.get(path), "shop_coupon"))

	group := at(t, a.get("/v1/groups"), "groups", 0, "id")
	got = at(t, a.want(200, http.MethodPut, path, coupon(object{"ends_at": "2027-01-31", "group_ids": []any{group}, "name": "冬"})), "shop_coupon")
	assert.Equal(t, time.Date(2027, time.January, 31, 23, 59, 59, 0, jst).Unix(), id(t, got, "ends_at"))
	assert.Equal(t, "WINTER", at(t, got, "code"))
	assert.Equal(t, []any{group}, at(t, got, "group_ids"))

	for field, body := range map[string]object{
		"code":            good(object{"code": ""}),
		"coupon_type":     good(object{"coupon_type": "free"}),
		"discount_amount": good(object{"coupon_type": "rate", "discount_amount": 101}),
		"starts_at":       good(object{"starts_at": 1796050800}),
		"ends_at":         good(object{"ends_at": "2026-11-30"}),
		"usage_limit":     good(object{"usage_limit": "once"}),
		"group_ids":       good(object{"group_ids": []int{1}}),
	} {
		status, raw := a.call(http.MethodPost, "/v1/shop_coupons", body)
		assert.Equal(t, http.StatusBadRequest, status, field)
		element := at(t, decode(t, raw), "errors", 0)
		assertKeys(t, "field message", element, "coupons have no codes")
		assert.Equal(t, "shop_coupon."+field, at(t, element, "field"))
	}
	status, raw := a.call(http.MethodPost, "/v1/shop_coupons", coupon(object{"name": "x"}))
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Len(t, rows(t, decode(t, raw), "errors"), 4)
	status, _ = a.call(http.MethodPost, "/v1/shop_coupons", good(nil))
	assert.Equal(t, http.StatusBadRequest, status, "codes are unique")

	assert.Len(t, rows(t, a.get("/v1/shop_coupons"), "shop_coupons"), 4)
	assert.Nil(t, a.want(204, http.MethodDelete, path, nil))
	a.refused(http.MethodGet, path, nil, 404100)
	a.refused(http.MethodDelete, path, nil, 404100)
	a.refused(http.MethodPut, path, coupon(object{"name": "x"}), 404100)
	assert.Len(t, rows(t, a.get("/v1/shop_coupons"), "shop_coupons"), 3)
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	first := id(t, a.get("/v1/templates"), "templates", 0, "id")
	pages := fmt.Sprintf("/v1/templates/%d/pages/", first)
	assertKeys(t, "preview_url", a.get(fmt.Sprintf("/v1/templates/%d/preview_url", first)))
	for kind := range strings.FieldsSeq("index top product_list product shopkeeper product_srh option_stock privacy") {
		got := at(t, a.get(pages+kind), "template_page")
		assertKeys(t, "template_id page_type html css make_date update_date", got)
		assert.Equal(t, kind, at(t, got, "page_type"))
	}
	page := func(changes object) object { return object{"template_page": changes} }
	before := a.get(pages + "top")
	got := a.want(200, http.MethodPut, pages+"top", page(object{"css": "p{}"}))
	assert.Equal(t, "p{}", at(t, got, "template_page", "css"))
	assert.Equal(t, at(t, before, "template_page", "html"), at(t, got, "template_page", "html"))

	a.want(200, http.MethodPut, pages+"top", page(object{"html": strings.Repeat("あ", 120_000)}))
	a.refused(http.MethodPut, pages+"top", page(object{"html": strings.Repeat("あ", 120_001)}), 422003, "template_page.html")
	a.want(200, http.MethodPut, pages+"top", page(object{"css": strings.Repeat("a", 65_535)}))
	a.refused(http.MethodPut, pages+"top", page(object{"css": strings.Repeat("a", 65_536)}), 422003, "template_page.css")
	a.want(200, http.MethodPut, pages+"index", page(object{"html": "<main>" + colormetest.IncludeTag + "</main>"}))
	a.refused(http.MethodPut, pages+"index", page(object{"html": "<body></body>"}), 422003, "template_page.html")
	a.refused(http.MethodGet, pages+"about", nil, 404100)
	a.refused(http.MethodGet, "/v1/templates/1/pages/top", nil, 404100)
	a.refused(http.MethodGet, "/v1/templates/1/preview_url", nil, 404100)

	small := srv.AddShop(colormetest.Seed{Plan: "regular"})
	b := api{t: t, srv: srv, token: small.Token()}
	other := fmt.Sprintf("/v1/templates/%d/pages/top", id(t, b.get("/v1/templates"), "templates", 0, "id"))
	b.want(200, http.MethodPut, other, page(object{"html": strings.Repeat("a", 65_530)}))
	b.refused(http.MethodPut, other, page(object{"html": strings.Repeat("a", 65_531)}), 422003, "template_page.html")
	b.refused(http.MethodGet, pages+"top", nil, 404100)
}

// A coupon that was added on the 31st ends in the next month, also when that is shorter.
func TestAddCouponAtTheEndOfAMonth(t *testing.T) {
	t.Parallel()
	jst := time.FixedZone("JST", 9*60*60)
	srv := colormetest.NewServer(colormetest.WithClock(func() time.Time { return time.Date(2027, 1, 31, 9, 0, 0, 0, jst) }))
	t.Cleanup(srv.Close)
	got := at(t, speak(t, srv).get(fmt.Sprintf("/v1/shop_coupons/%d", srv.Shop().AddCoupon(nil))), "shop_coupon")
	assert.Equal(t, time.Date(2027, 1, 31, 0, 0, 0, 0, jst).Unix(), id(t, got, "starts_at"))
	assert.Equal(t, time.Date(2027, 2, 27, 23, 59, 59, 0, jst).Unix(), id(t, got, "ends_at"))
}
