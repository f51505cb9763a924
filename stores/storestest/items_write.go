package storestest

import (
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
)

var (
	itemMembers = []string{
		"name", "description", "images", "category_ids", "reduced_tax", "delivery_method_ids", "status", "limited_quantity",
		"type", "variations", "sales_period", "preorder_sales",
	}
	variationMembers = []string{"id", "name", "quantity", "code", "barcode", "regular_price", "discount_rate"}
)

// createItem makes an item. Whether unknown members are refused is not known; the fake
// refuses them, so that a misspelt one does not go unnoticed.
func (c *call) createItem() (int, any) {
	b := c.readBody(itemMembers...)
	b.require("name", "description", "status", "type", "variations")
	b.oneOf("status", "shown", "hidden")
	item := c.shop.makeItem("", c.now)
	item["image_urls"], item["variations"] = []string{}, []object{}
	return c.writeItem(item, b, func(item object) int {
		c.shop.items = slices.Insert(c.shop.items, 0, item)
		return http.StatusCreated
	})
}

// updateItem changes an item. That one which does not exist is a 400 follows from the list
// of documented errors, which has no 404.
func (c *call) updateItem() (int, any) {
	id := c.r.PathValue("item_id")
	old := byID(c.shop.items, id)
	if old == nil {
		return bad("アイテムが見つかりません。")
	}
	if old["type"] != "regular" {
		return bad("更新できないアイテムです。")
	}
	b := c.readBody(itemMembers...)
	b.oneOf("status", "shown", "hidden", "unlisted")
	item := maps.Clone(old)
	return c.writeItem(item, b, func(item object) int {
		i := slices.IndexFunc(c.shop.items, func(o object) bool { return o["id"] == id })
		c.shop.items[i] = item
		return http.StatusOK
	})
}

// writeItem applies a body to a copy of an item and keeps it when nothing is wrong.
func (c *call) writeItem(item object, b *body, keep func(object) int) (int, any) {
	b.oneOf("type", "regular")
	if b.has("name") {
		item["name"] = b.text("name", 1, 1<<20)
	}
	if b.has("description") {
		item["description"] = get[string](b, "description")
	}
	if b.has("status") {
		item["status"] = get[string](b, "status")
	}
	if b.has("reduced_tax") {
		item["reduced_tax"] = get[bool](b, "reduced_tax")
	}
	c.setImages(item, b)
	c.setCategories(item, b)
	c.setAddOns(item, b)
	if b.has("variations") {
		c.replaceVariations(item, b)
	}
	if item["status"] == "shown" && (isEmpty(item["image_urls"]) || item["description"] == "") {
		b.fail("公開するには説明と画像が必要です。")
	}
	if b.problem != "" {
		return bad(b.problem)
	}
	price(item)
	return keep(item), item
}

// setImages turns the keys of uploads into addresses.
func (c *call) setImages(item object, b *body) {
	if !b.has("images") {
		return
	}
	urls := []string{}
	for _, key := range b.texts("images") {
		if !c.shop.images[key] {
			b.fail("アップロードされていない画像です。")
		}
		urls = append(urls, imageHost+"/"+key)
	}
	item["image_urls"] = urls
}

// setCategories assigns the parents of categories, too.
func (c *call) setCategories(item object, b *body) {
	if !b.has("category_ids") {
		return
	}
	ids := []string{}
	for _, id := range b.texts("category_ids") {
		category := byID(c.shop.categories, id)
		if category == nil {
			b.fail("存在しないカテゴリーです。")
			continue
		}
		parent, _ := category["parent_id"].(string)
		for _, id := range []string{parent, id} {
			if id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	item["category_ids"] = ids
}

// setAddOns sets what only shops with an add-on may have.
func (c *call) setAddOns(item object, b *body) {
	for _, name := range []string{"delivery_method_ids", "limited_quantity", "sales_period", "preorder_sales"} {
		if b.has(name) && !c.shop.addOns {
			b.fail(name + "を利用するには機能の追加が必要です。")
		}
	}
	if b.has("limited_quantity") {
		item["limited_quantity"] = b.integer("limited_quantity", 0, math.MaxInt32)
	}
	if b.has("delivery_method_ids") {
		in := b.inner("delivery_method_ids", "domestic", "overseas")
		ids := object{"domestic": nil, "overseas": nil}
		for name := range in.members {
			ids[name] = get[string](in, name)
		}
		item["delivery_method_ids"] = ids
		b.adopt(in)
	}
	c.setPeriods(item, b)
}

func (c *call) setPeriods(item object, b *body) {
	if b.null("sales_period") {
		item["sales_period"] = nil
	} else if b.has("sales_period") {
		in := b.inner("sales_period", "period_start_at", "period_end_at")
		in.require("period_start_at", "period_end_at")
		item["sales_period"] = object{"period_start_at": stamp(in.instant("period_start_at")), "period_end_at": stamp(in.instant("period_end_at"))}
		b.adopt(in)
	}
	if b.null("preorder_sales") {
		item["preorder_sales"] = nil
	} else if b.has("preorder_sales") {
		in := b.inner("preorder_sales", "start_month", "end_month", "start_period", "end_period")
		in.require("start_month", "end_month", "start_period", "end_period")
		item["preorder_sales"] = object{
			"start_month": compactMonth(in, "start_month"), "start_period": in.oneOf("start_period", "early", "middle", "late"),
			"end_month": compactMonth(in, "end_month"), "end_period": in.oneOf("end_period", "early", "middle", "late"),
		}
		b.adopt(in)
	}
}

// compactMonth takes the spellings 2021-12, 202112 and 2021-12-01, all of which the
// documentation has, and answers with the one of its examples of answers.
func compactMonth(b *body, name string) string {
	digits := strings.ReplaceAll(get[string](b, name), "-", "")
	if len(digits) != 6 && len(digits) != 8 {
		b.fail(name + "の形式が正しくありません。")
		return ""
	}
	return digits[:6]
}

// replaceVariations makes the given set that of the item: what is not listed is deleted,
// what has no id is added.
func (c *call) replaceVariations(item object, b *body) {
	old := rows(item["variations"])
	given := b.each("variations", variationMembers...)
	if len(given) == 0 {
		b.fail("バリエーションを1つ以上指定してください。")
	}
	var set []object
	for _, in := range given {
		base := byID(old, get[string](in, "id"))
		switch {
		case base == nil && in.has("id"):
			in.fail("存在しないバリエーションです。")
		case base == nil:
			in.require("name", "quantity", "regular_price")
			base = makeVariation(c.newID(), "", nil, 0, 0)
		case c.shop.stored[base["id"].(string)]:
			in.fail("倉庫サービスを利用中のバリエーションは変更できません。")
		}
		set = append(set, applyVariation(base, in))
		b.adopt(in)
	}
	for _, v := range old {
		if id := v["id"].(string); c.shop.stored[id] && byID(set, id) == nil {
			b.fail("倉庫サービスを利用中のバリエーションは変更できません。")
		}
	}
	item["variations"] = set
}

// applyVariation returns a variation with the members of in.
func applyVariation(base object, in *body) object {
	if base == nil {
		return object{}
	}
	name, quantity, regular := base["name"].(string), base["quantity"], number(base["regular_price"])
	discount, _ := base["discount_rate"].(float64)
	if in.has("name") {
		name = get[string](in, "name")
	}
	if in.null("quantity") {
		quantity = nil
	} else if in.has("quantity") {
		quantity = in.integer("quantity", 0, math.MaxInt32)
	}
	if in.has("regular_price") {
		regular = in.integer("regular_price", 0, math.MaxInt32)
	}
	if in.has("discount_rate") {
		discount = in.fraction("discount_rate")
	}
	v := makeVariation(base["id"].(string), name, quantity, regular, discount)
	v["code"], v["barcode"] = base["code"], base["barcode"]
	if in.has("code") {
		v["code"] = get[string](in, "code")
	}
	if in.null("barcode") {
		v["barcode"] = nil
	} else if in.has("barcode") {
		v["barcode"] = get[string](in, "barcode")
	}
	return v
}

// isEmpty reports whether a list of the fake or of a test has no elements.
func isEmpty(v any) bool {
	switch list := v.(type) {
	case []string:
		return len(list) == 0
	case []any:
		return len(list) == 0
	}
	return true
}
