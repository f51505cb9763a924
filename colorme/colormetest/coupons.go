package colormetest

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

type coupon struct {
	ID              int64   `json:"id"`
	Name            string  `json:"name"`
	Code            string  `json:"code"`
	CouponType      string  `json:"coupon_type"`
	DiscountAmount  int64   `json:"discount_amount"`
	MinimumAmount   int64   `json:"minimum_amount"`
	StartsAt        int64   `json:"starts_at"`
	EndsAt          int64   `json:"ends_at"`
	TotalUsageLimit int64   `json:"total_usage_limit"`
	UsageLimit      string  `json:"usage_limit"`
	GroupLimitType  string  `json:"group_limit_type"`
	Status          string  `json:"status"`
	CreatedAt       int64   `json:"created_at"`
	UpdatedAt       int64   `json:"updated_at"`
	GroupIDs        []int64 `json:"group_ids"`
}

var couponRoutes = []route{
	{pattern: "GET /v1/shop_coupons", handle: (*call).listCoupons, scopes: []string{"read_shop_coupons"}},
	{pattern: "POST /v1/shop_coupons", handle: (*call).createCoupon, body: "shop_coupon", scopes: []string{"write_shop_coupons"}},
	{pattern: "GET /v1/shop_coupons/{coupon_id}", handle: (*call).getCoupon, scopes: []string{"read_shop_coupons"}},
	{pattern: "DELETE /v1/shop_coupons/{coupon_id}", handle: (*call).deleteCoupon, scopes: []string{"write_shop_coupons"}},
	{pattern: "PUT /v1/shop_coupons/{coupon_id}", handle: (*call).updateCoupon, body: "shop_coupon", scopes: []string{"write_shop_coupons"}},
}

// couponRules are the fields that are stored as they come.
var couponRules = []rule{
	{key: "name"},
	{key: "code", filled: true},
	{key: "coupon_type", choices: []string{"amount", "rate", "delivery_charge"}, filled: true},
	{key: "discount_amount", kind: numberKind, low: new(int64(0))},
	{key: "minimum_amount", kind: numberKind, low: new(int64(0))},
	{key: "total_usage_limit", kind: numberKind, low: new(int64(0))},
	{key: "usage_limit", choices: []string{"indisposable", "disposable"}, filled: true},
	{key: "group_limit_type", choices: []string{"none", "including", "excluding"}, filled: true},
	{key: "status", choices: []string{"unavailable", "available"}, filled: true},
}

// couponDates are dates in requests and unix seconds in replies: the first
// second of the first day and the last of the last.
var couponDates = []rule{
	{key: "starts_at", kind: dateKind, filled: true},
	{key: "ends_at", kind: dateKind, filled: true},
}

func (c *call) coupon() *coupon {
	i := slices.IndexFunc(c.shop.coupons, func(cp *coupon) bool { return cp.ID == c.id("coupon_id") })
	if i < 0 {
		return nil
	}
	return c.shop.coupons[i]
}

func (c *call) listCoupons() (int, any) {
	return http.StatusOK, object{"shop_coupons": c.shop.coupons}
}

func (c *call) getCoupon() (int, any) {
	cp := c.coupon()
	if cp == nil {
		return notFound()
	}
	return http.StatusOK, object{"shop_coupon": cp}
}

// refuseCoupon is the shape that is documented for coupons alone: 400, with
// nothing but field and message.
func refuseCoupon(problems []apiError) (int, any) {
	type element struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	}
	var out []element
	for _, p := range problems {
		out = append(out, element{Field: p.Field, Message: p.Message})
	}
	return http.StatusBadRequest, object{"errors": out}
}

// writeCoupon checks a copy of cp with the request's fields and returns it.
func (c *call) writeCoupon(cp coupon, required ...string) (*coupon, int, any) {
	in := c.in
	problems := check("shop_coupon", in, slices.Concat(couponRules, couponDates), required...)
	var groups []int64
	if raw, ok := in["group_ids"]; ok && json.Unmarshal(raw, &groups) != nil {
		problems = append(problems, problem(codeParameter, "shop_coupon.group_ids"))
	}
	if slices.ContainsFunc(groups, func(id int64) bool { return c.shop.group(id) == nil }) {
		problems = append(problems, problem(codeChoice, "shop_coupon.group_ids"))
	}
	if len(problems) > 0 {
		status, body := refuseCoupon(problems)
		return nil, status, body
	}
	apply(&cp, in, couponRules)
	if from, ok := couponDay(in["starts_at"]); ok {
		cp.StartsAt = from.Unix()
	}
	if to, ok := couponDay(in["ends_at"]); ok {
		cp.EndsAt = to.AddDate(0, 0, 1).Unix() - 1
	}
	if _, ok := in["group_ids"]; ok {
		cp.GroupIDs = append([]int64{}, groups...)
	}
	problems = c.checkCoupon(&cp)
	if len(problems) > 0 {
		status, body := refuseCoupon(problems)
		return nil, status, body
	}
	cp.UpdatedAt = c.now.Unix()
	return &cp, 0, nil
}

// checkCoupon checks what takes more than one field to see.
func (c *call) checkCoupon(cp *coupon) []apiError {
	var problems []apiError
	if cp.EndsAt < cp.StartsAt {
		problems = append(problems, problem(codeRange, "shop_coupon.ends_at"))
	}
	if cp.CouponType == "rate" && cp.DiscountAmount > 100 {
		problems = append(problems, problem(codeRange, "shop_coupon.discount_amount"))
	}
	if slices.ContainsFunc(c.shop.coupons, func(other *coupon) bool { return other.Code == cp.Code && other.ID != cp.ID }) {
		problems = append(problems, problem(codeChoice, "shop_coupon.code"))
	}
	return problems
}

func couponDay(raw json.RawMessage) (time.Time, bool) {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return time.Time{}, false
	}
	t, err := time.ParseInLocation(time.DateOnly, s, jst)
	return t, err == nil
}

func (c *call) createCoupon() (int, any) {
	blank := coupon{
		UsageLimit: "indisposable", GroupLimitType: "none", Status: "available",
		GroupIDs: []int64{}, CreatedAt: c.now.Unix(),
	}
	cp, status, body := c.writeCoupon(blank, "code", "coupon_type", "starts_at", "ends_at")
	if cp == nil {
		return status, body
	}
	cp.ID = c.newID()
	c.shop.coupons = append(c.shop.coupons, cp)
	return http.StatusCreated, object{"shop_coupon": cp}
}

func (c *call) updateCoupon() (int, any) {
	old := c.coupon()
	if old == nil {
		return notFound()
	}
	cp, status, body := c.writeCoupon(*old)
	if cp == nil {
		return status, body
	}
	*old = *cp
	return http.StatusOK, object{"shop_coupon": old}
}

func (c *call) deleteCoupon() (int, any) {
	cp := c.coupon()
	if cp == nil {
		return notFound()
	}
	c.shop.coupons = slices.DeleteFunc(c.shop.coupons, func(other *coupon) bool { return other == cp })
	return noContent()
}

// AddCoupon adds a coupon and returns its ID. The members of v replace those
// of a realistic seed, as with AddSale; dates are unix seconds here, as in
// replies.
func (shop *Shop) AddCoupon(v any) int64 {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return shop.addCoupon(shop.server.Now(), v).ID
}

func (shop *Shop) addCoupon(now time.Time, v any) *coupon {
	cp := &coupon{
		ID: shop.server.newID(), Name: "秋の感謝クーポン", Code: newChargeID(), CouponType: "amount",
		DiscountAmount: 300, MinimumAmount: 3000,
		StartsAt: day(now).Unix(), EndsAt: fake.AddMonths(day(now), 1).Unix() - 1,
		UsageLimit: "indisposable", GroupLimitType: "none", Status: "available",
		CreatedAt: now.Unix(), UpdatedAt: now.Unix(), GroupIDs: []int64{},
	}
	overlay(cp, v)
	shop.coupons = append(shop.coupons, cp)
	return cp
}

func (shop *Shop) seedCoupons(now time.Time) {
	shop.addCoupon(now, object{"code": "AUTUMN"})
	shop.addCoupon(now, object{
		"code": "TENPERCENT", "name": "会員10%引き", "coupon_type": "rate", "discount_amount": 10, "minimum_amount": 0,
		"usage_limit": "disposable", "group_limit_type": "including", "group_ids": []int64{shop.groups[0].ID},
	})
	shop.addCoupon(now, object{
		"code": "FREESHIP", "name": "送料無料", "coupon_type": "delivery_charge", "discount_amount": 0, "status": "unavailable",
	})
}
