package storestest

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

var itemRoutes = []route{
	{method: "GET", path: "/items", handle: (*call).listItems},
	{method: "POST", path: "/items", handle: (*call).createItem},
	{method: "PATCH", path: "/items/{item_id}", handle: (*call).updateItem},
	{method: "POST", path: "/items/image_upload", handle: (*call).makeTicket},
	{method: "POST", path: "/variations/{variation_id}/inventories/adjustment", handle: (*call).adjustStock},
}

// listItems searches in the order of the dashboard, the newest first. By keyword the
// platform sorts by relevance, which the fake does not.
func (c *call) listItems() (int, any) {
	status, ok := c.choice("status", "shown", "hidden", "unlisted")
	stock, ok1 := c.choice("in_stock", "true", "false")
	preorder, ok2 := c.choice("only_preorder_sales", "true", "false")
	keyword := c.query.Get("keyword")
	switch {
	case !ok || !ok1 || !ok2:
		return bad("検索条件が正しくありません。")
	case utf8.RuneCountInString(keyword) > 100:
		return bad("keywordは100文字以内で指定してください。")
	}
	rows := slices.DeleteFunc(slices.Clone(among(c.shop.items, "id", c.list("ids"))), func(item object) bool {
		return status != "" && item["status"] != status ||
			stock != "" && inStock(item) != (stock == "true") ||
			preorder == "true" && item["preorder_sales"] == nil ||
			keyword != "" && !mentions(item, keyword)
	})
	rows, problem := page(c, rows)
	if problem != "" {
		return bad(problem)
	}
	return http.StatusOK, object{"items": rows}
}

func inStock(item object) bool {
	return slices.ContainsFunc(rows(item["variations"]), func(v object) bool {
		return v["quantity"] == nil || number(v["quantity"]) > 0
	})
}

// mentions looks into name, description, barcode and code.
func mentions(item object, keyword string) bool {
	texts := []any{item["name"], item["description"]}
	for _, v := range rows(item["variations"]) {
		texts = append(texts, v["code"], v["barcode"])
	}
	return slices.ContainsFunc(texts, func(v any) bool {
		text, _ := v.(string)
		return strings.Contains(text, keyword)
	})
}

// AddItem adds an item that is shown and has one variation, with 10 in stock, and returns
// its ID. The members of item, in the platform's spelling, replace those that it has of
// itself; AddItem panics when there is no such member.
func (shop *Shop) AddItem(item map[string]any) string {
	s := shop.server
	s.mu.Lock()
	defer s.mu.Unlock()
	o := overlay("items", shop.makeItem("商店街Tシャツ", s.Now()), copyJSON(item))
	shop.items = slices.Insert(shop.items, 0, o)
	return o["id"].(string)
}

// Item returns an item as the platform would send it; nil when there is none.
func (shop *Shop) Item(id string) map[string]any {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	if item := byID(shop.items, id); item != nil {
		return copyJSON(item)
	}
	return nil
}

// StoreVariation puts a variation into the warehouse service, after which it cannot be
// changed or deleted by the API.
func (shop *Shop) StoreVariation(variationID string) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	shop.stored[variationID] = true
}

// makeItem builds an item of one variation.
func (shop *Shop) makeItem(name string, at time.Time) object {
	s := shop.server
	item := object{
		"id": s.newID(), "name": name, "created_at": stamp(at), "status": "shown", "image_urls": []string{imageHost + "/sample.png"},
		"price": nil, "limited_quantity": 0, "description": name + "です。", "regular_price": 0, "reduced_tax": false, "type": "regular",
		"discount_amount": 0, "discount_rate": 0, "preorder_sales": nil, "sales_period": nil, "category_ids": []string{},
		"delivery_method_ids": object{"domestic": nil, "overseas": nil},
		"variations":          []object{makeVariation(s.newID(), "", 10, 2200, 0)},
	}
	price(item)
	return item
}

// makeVariation builds a variation; a quantity of nil is without limit.
func makeVariation(id, name string, quantity any, regular int64, discount float64) object {
	off := int64(math.Floor(float64(regular)*discount + 1e-9))
	return object{
		"id": id, "name": name, "quantity": quantity, "code": nil, "barcode": nil,
		"sales_price": regular - off, "regular_price": regular, "discount_amount": off, "discount_rate": discount,
	}
}

// price sets the deprecated prices of an item, those of its dearest variation.
func price(item object) {
	variations := rows(item["variations"])
	if len(variations) == 0 {
		return
	}
	dearest := slices.MaxFunc(variations, func(a, b object) int { return int(number(a["sales_price"]) - number(b["sales_price"])) })
	item["price"], item["regular_price"] = dearest["sales_price"], dearest["regular_price"]
	item["discount_amount"], item["discount_rate"] = dearest["discount_amount"], dearest["discount_rate"]
}

// seedItems adds n items: every third has sizes, every fourth is not shown, and
// one each is without limit, sold out, preordered, digital, a ticket and a subscription.
func (shop *Shop) seedItems(n int) {
	s := shop.server
	names := []string{"商店街Tシャツ", "深蒸し煎茶", "帆布トートバッグ", "手ぬぐい"}
	for i := range n {
		item := shop.makeItem(fmt.Sprintf("%s %d", names[i%len(names)], i+1), s.Now().AddDate(0, 0, -i))
		variations := rows(item["variations"])
		variations[0]["code"], variations[0]["barcode"] = fmt.Sprintf("SKU-%03d", i+1), fmt.Sprintf("49123456%05d", i+1)
		if i%3 == 2 {
			variations[0]["name"] = "M"
			variations = append(variations, makeVariation(s.newID(), "L", 3, 2500, 0.1))
			item["variations"] = variations
		}
		switch i % 12 {
		case 1:
			item["reduced_tax"], item["category_ids"] = true, []string{shop.categories[3]["id"].(string), shop.categories[4]["id"].(string)}
		case 3:
			item["status"] = "hidden"
		case 4:
			variations[0]["quantity"] = nil
		case 5:
			variations[0]["quantity"], variations[1]["quantity"] = 0, 0
		case 6:
			item["preorder_sales"] = object{"start_month": "202712", "end_month": "202801", "start_period": "early", "end_period": "late"}
		case 7:
			item["status"] = "unlisted"
		case 8:
			item["sales_period"] = object{"period_start_at": stamp(s.Now()), "period_end_at": stamp(s.Now().AddDate(0, 1, 0))}
		case 9:
			item["type"], item["category_ids"] = "digital_content", nil
		case 10:
			item["type"], item["delivery_method_ids"] = "ticket", object{}
		case 11:
			item["type"] = "subscription"
		}
		price(item)
		shop.items = append(shop.items, item)
	}
}
