package storestest

import (
	"crypto/rand"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"time"
)

var couponRoutes = []route{
	{method: "POST", path: "/coupons", handle: (*call).createCoupon, plain: []int{http.StatusInternalServerError}},
}

var (
	couponMembers = []string{
		"name", "code", "auto_code_generation", "status", "quantity", "mail_notice", "frequency_limitation", "details", "conditions", "expire",
	}
	expireMembers = []string{"start_date", "start_hour", "start_minute", "end_date", "end_hour", "end_minute"}
	codePattern   = regexp.MustCompile(`^[0-9a-zA-Z]{1,10}$`)
)

// createCoupon makes a coupon: all ten members are required, and no other is taken.
func (c *call) createCoupon() (int, any) {
	b := c.readBody(couponMembers...)
	b.require(couponMembers...)
	b.text("name", 1, 20)
	get[bool](b, "status")
	get[bool](b, "mail_notice")
	b.integer("frequency_limitation", 0, 1)
	if !b.null("quantity") {
		b.integer("quantity", 1, 999_999)
	}
	code := couponCode(b)
	details := couponDetails(b)
	couponConditions(b)
	couponExpire(b)
	if b.problem != "" {
		return bad(b.problem)
	}
	if c.shop.codes[code] {
		return http.StatusConflict, refusal("このクーポンコードはすでに使用されています。")
	}
	c.shop.codes[code] = true
	coupon := maps.Clone(b.members)
	delete(coupon, "auto_code_generation")
	coupon["id"], coupon["created_at"], coupon["code"], coupon["details"] = c.newID(), stamp(c.now), code, details
	c.shop.coupons = append(c.shop.coupons, coupon)
	return http.StatusCreated, coupon
}

// couponCode reads the code, or makes one where the app leaves that to the platform.
func couponCode(b *body) string {
	auto := get[bool](b, "auto_code_generation")
	if b.null("code") != auto {
		b.fail("codeとauto_code_generationの組み合わせが正しくありません。")
	}
	if auto {
		return rand.Text()[:10]
	}
	code := get[string](b, "code")
	if !codePattern.MatchString(code) {
		b.fail("codeは10文字以内の半角英数字で指定してください。")
	}
	return code
}

// couponDetails reads the one detail and answers it with a value, null for free shipping.
func couponDetails(b *body) []object {
	var out []object
	for _, in := range b.each("details", "type", "value") {
		detail := object{"type": in.oneOf("type", "free_shipping", "discount", "n_percent_discount"), "value": nil}
		in.require("type")
		switch detail["type"] {
		case "free_shipping":
			if in.has("value") {
				in.fail("valueは指定できません。")
			}
		case "discount":
			in.require("value")
			detail["value"] = in.integer("value", 1, 300_000)
		case "n_percent_discount":
			in.require("value")
			detail["value"] = in.integer("value", 1, 100)
		}
		out = append(out, detail)
		b.adopt(in)
	}
	if len(out) != 1 {
		b.fail("detailsは1つ指定してください。")
	}
	return out
}

func couponConditions(b *body) {
	conditions := b.each("conditions", "type", "value")
	if len(conditions) > 1 {
		b.fail("conditionsは1つまで指定できます。")
	}
	for _, in := range conditions {
		in.require("type", "value")
		in.oneOf("type", "amount")
		in.integer("value", 1, 300_000)
		b.adopt(in)
	}
}

func couponExpire(b *body) {
	if b.null("expire") {
		return
	}
	in := b.inner("expire", expireMembers...)
	in.require(expireMembers...)
	at := func(name string) time.Time {
		return in.date(name + "_date").Add(time.Duration(in.integer(name+"_hour", 0, 23))*time.Hour + time.Duration(in.integer(name+"_minute", 0, 59))*time.Minute)
	}
	if start, end := at("start"), at("end"); !end.After(start) {
		in.fail("終了日時は開始日時より後にしてください。")
	}
	b.adopt(in)
}

// Coupons returns the coupons that were made, oldest first, as the platform answered them.
func (shop *Shop) Coupons() []map[string]any {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	out := slices.Clone(shop.coupons)
	for i := range out {
		out[i] = copyJSON(out[i])
	}
	return out
}
