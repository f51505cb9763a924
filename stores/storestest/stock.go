package storestest

import (
	"math"
	"net/http"
)

// adjustStock sets or changes the stock of a variation. That a relative change of a stock
// without limit, or one below zero, is refused is an assumption.
func (c *call) adjustStock() (int, any) {
	id := c.r.PathValue("variation_id")
	var variation object
	for _, item := range c.shop.items {
		if v := byID(rows(item["variations"]), id); v != nil {
			variation = v
		}
	}
	if variation == nil {
		return http.StatusNotFound, refusal("バリエーションが見つかりません。")
	}
	b := c.readBody("update_type", "quantity")
	b.require("update_type")
	kind := b.oneOf("update_type", "absolute", "relative", "unlimited")
	quantity := variation["quantity"]
	switch {
	case kind == "unlimited":
		quantity = nil
	case !b.has("quantity") || b.null("quantity"):
		b.fail("quantityを指定してください。")
	case kind == "absolute":
		quantity = b.integer("quantity", 0, math.MaxInt32)
	case quantity == nil:
		b.fail("在庫数が無制限のため増減できません。")
	default:
		sum := number(quantity) + b.integer("quantity", math.MinInt32, math.MaxInt32)
		if sum < 0 {
			b.fail("在庫数が足りません。")
		}
		quantity = sum
	}
	if b.problem != "" {
		return bad(b.problem)
	}
	variation["quantity"] = quantity
	return http.StatusOK, object{"variation_id": id, "quantity": quantity}
}
