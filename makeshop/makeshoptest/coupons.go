package makeshoptest

import (
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Coupons returns the shop's coupons, with the fields of CreateCoupon in the schema.
func (shop *Shop) Coupons() []map[string]any { return shop.copyOf(&shop.coupons) }

// createCoupon answers a row for each coupon, with status and errorMessage.
func createCoupon(shop *Shop, arguments map[string]any) (any, error) {
	results := []any{}
	for _, in := range rows(arguments, "coupons") {
		coupon, _ := normal(in).(object)
		if coupon["codeAutoCreate"] == true {
			coupon["code"] = rand.Text()[:16]
		}
		result := object{"code": coupon["code"], "name": coupon["name"], "status": "SUCCESS", "errorMessage": nil}
		if problem := shop.couponProblem(coupon); problem != "" {
			result["status"], result["errorMessage"] = "FAIL", problem
		} else {
			shop.coupons = append(shop.coupons, coupon)
		}
		results = append(results, result)
	}
	return object{"results": results}, nil
}

// couponProblem is why a coupon cannot be made, or "". The platform's words are not
// known.
func (shop *Shop) couponProblem(c object) string {
	code := textOf(c["code"])
	same := func(other object) bool { return strings.EqualFold(textOf(other["code"]), code) }
	for _, rule := range []struct {
		broken bool
		answer string
	}{
		{code == "" || len(code) > 20 || strings.ContainsFunc(code, notAlphanumeric), "クーポンコードは20文字以内の半角英数字で入力してください。"},
		{slices.ContainsFunc(shop.coupons, same), "クーポンコードが重複しています。"},
		{textOf(c["name"]) == "", "クーポン名を入力してください。"},
		{c["discountType"] == "FIXED_AMOUNT" && intOf(c["fixedAmount"]) < 1, "割引金額を入力してください。"},
		{c["discountType"] == "FIXED_RATE" && (intOf(c["fixedRate"]) < 1 || intOf(c["fixedRate"]) > 100), "割引率を入力してください。"},
		{lacks(c, "hasMaximumMemberUsableCount", "maximumMemberUsableCount"), "上限または下限を入力してください。"},
		{lacks(c, "hasMinimumPrice", "minimumPrice"), "上限または下限を入力してください。"},
		{lacks(c, "hasTotalUseCount", "totalUseCount"), "上限または下限を入力してください。"},
		{c["hasMaximumMemberUsableCount"] == true && c["isForOnlyMember"] != true, "会員限定のクーポンではありません。"},
		{c["hasPeriod"] == true && (badTime(c["startedAt"]) || badTime(c["endedAt"])), "有効期間が正しくありません。"},
	} {
		if rule.broken {
			return rule.answer
		}
	}
	return ""
}

// lacks reports a flag without its number.
func lacks(c object, flag, number string) bool { return c[flag] == true && intOf(c[number]) < 1 }

func badTime(v any) bool {
	_, err := time.ParseInLocation(spaced, textOf(v), shotengai.JST)
	return err != nil
}

func notAlphanumeric(r rune) bool {
	return (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
}
