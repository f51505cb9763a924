package rakutentest

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxItemsGet     = 50
	maxItemVariants = 400
)

const itemPath = "/es/2.0/items/manage-numbers/{manageNumber}"

var itemRoutes = []route{
	{pattern: "GET " + itemPath, name: "item.get", rate: "item", handle: (*call).getItem},
	{pattern: "PUT " + itemPath, name: "item.upsert", rate: "item.write", handle: (*call).putItem},
	{pattern: "PATCH " + itemPath, name: "item.patch", rate: "item.write", handle: (*call).patchItem},
	{pattern: "DELETE " + itemPath, name: "item.delete", rate: "item", handle: (*call).deleteItem},
	{pattern: "GET /es/2.0/items/search", name: "item.search", rate: "item", handle: (*call).searchItems},
	{pattern: "POST /es/2.0/items/bulk-get", name: "item.bulkGet", rate: "item.bulk", handle: (*call).bulkGetItems},
	{pattern: "GET " + settingsPath, name: "item.inventoryRelatedSettings.get", rate: "item.bulk", handle: (*call).getItemSettings},
	{pattern: "PUT " + settingsPath, name: "item.inventoryRelatedSettings.update", rate: "item.bulk", handle: (*call).putItemSettings},
}

const settingsPath = "/es/2.0/items/inventory-related-settings/manage-numbers/{manageNumber}"

// seedItems lists the goods for sale, the first one with a tag line.
func (shop *Shop) seedItems(now time.Time) {
	for i, g := range goods {
		variants := object{}
		for _, v := range g.variants {
			variants[v] = object{"standardPrice": strconv.FormatInt(g.price, 10), "hidden": false, "restockOnCancel": true, "shipping": object{"okihaiSetting": true}}
		}
		item := newItem()
		maps.Copy(item, object{
			"manageNumber": g.manageNumber, "itemNumber": g.itemNumber, "title": g.name, "genreId": "100003", "variants": variants,
			"created": colon(now.AddDate(0, -2, -i)), "updated": colon(now.AddDate(0, 0, -i)),
		})
		if i == 0 {
			item["tagline"] = "ご自宅用に"
		}
		shop.items[g.manageNumber] = item
	}
}

// newItem is an item with nothing set.
func newItem() object {
	return object{
		"itemNumber": nil, "tagline": nil, "productDescription": nil, "salesDescription": nil, "precautions": nil, "itemType": "NORMAL",
		"images": []any{}, "whiteBgImage": nil, "video": nil, "tags": []any{}, "hideItem": false, "unlimitedInventoryFlag": false,
		"releaseDate": nil, "purchasablePeriod": nil, "accessControl": nil, "pointCampaign": nil, "itemDisplaySequence": 999999999,
		"payment":          object{"taxIncluded": true, "taxRate": nil, "cashOnDeliveryFeeIncluded": false},
		"features":         object{"searchVisibility": "ALWAYS_VISIBLE", "inventoryDisplay": "HIDDEN_STOCK", "lowStockThreshold": nil, "review": "SHOP_SETTING", "shopContact": true, "socialGiftFlag": false},
		"variantSelectors": []any{}, "customizationOptions": nil, "buyingClub": nil,
	}
}

// item is the item of the path.
func (c *call) item() object {
	return c.shop.items[strings.ToLower(c.r.PathValue("manageNumber"))]
}

func (c *call) getItem() reply {
	if item := c.item(); item != nil {
		return ok(item)
	}
	return notFound()
}

func (c *call) deleteItem() reply {
	if c.item() == nil {
		return notFound()
	}
	delete(c.shop.items, strings.ToLower(c.r.PathValue("manageNumber")))
	delete(c.shop.mappings, strings.ToLower(c.r.PathValue("manageNumber")))
	return noContent()
}

// member walks into an object; what is not there is nil.
func member(v any, path ...string) any {
	for _, name := range path {
		m, _ := v.(object)
		v = m[name]
	}
	return v
}

// putItem replaces the item: what is left out is reset. Only okihaiSetting and
// socialGiftFlag survive.
func (c *call) putItem() reply {
	var in object
	if !c.read(&in) || in == nil {
		return refuse(http.StatusBadRequest, codeParameter, "the body is no JSON object", "")
	}
	old := c.item()
	keep(in, old, "features", "socialGiftFlag")
	variants, _ := in["variants"].(object)
	for id, v := range variants {
		if v, isObject := v.(object); isObject {
			keep(v, member(old, "variants", id), "shipping", "okihaiSetting")
		}
	}
	item := newItem()
	merge(item, in)
	return c.storeItem(item, old)
}

// keep carries a member of a group over from an older value, where the new one says
// nothing of it.
func keep(dst object, old any, group, name string) {
	v := member(old, group, name)
	g, _ := dst[group].(object)
	if _, said := g[name]; said || v == nil {
		return
	}
	g = maps.Clone(g)
	if g == nil {
		g = object{}
	}
	g[name] = v
	dst[group] = g
}

// patchItem merges: null clears, and an unknown variant is created.
func (c *call) patchItem() reply {
	var in object
	if !c.read(&in) || in == nil {
		return refuse(http.StatusBadRequest, codeParameter, "the body is no JSON object", "")
	}
	old := c.item()
	if old == nil {
		return notFound()
	}
	var item object
	overlay(&item, old)
	merge(item, in)
	return c.storeItem(item, old)
}

func merge(dst, in object) {
	for name, v := range in {
		inner, isObject := v.(object)
		into, had := dst[name].(object)
		switch {
		case isObject && had:
			merge(into, inner)
		case isObject:
			fresh := object{}
			merge(fresh, inner)
			dst[name] = fresh
		default:
			dst[name] = v
		}
	}
	if variants, _ := dst["variants"].(object); variants != nil { // a SKU that is null is deleted
		maps.DeleteFunc(variants, func(_ string, v any) bool { return v == nil })
	}
}

// storeItem checks an item and takes it in.
func (c *call) storeItem(item, old object) reply {
	number := strings.ToLower(c.r.PathValue("manageNumber"))
	if problems := checkItem(number, item); len(problems) > 0 {
		return refuseAll(http.StatusBadRequest, problems...)
	}
	item["manageNumber"], item["created"], item["updated"] = number, colon(c.now), colon(c.now)
	if old != nil {
		item["created"] = old["created"]
	}
	c.shop.items[number] = item
	for _, k := range c.shop.skus() {
		c.shop.stock[k].stray = c.shop.stock[k].stray && !c.shop.sells(k)
	}
	return noContent()
}

// bulkGetItems returns the items that exist; what becomes of the others is not known, and
// the fake leaves them out.
func (c *call) bulkGetItems() reply {
	var q struct {
		Numbers []string `json:"manageNumbers"`
	}
	if !c.read(&q) {
		return refuse(http.StatusBadRequest, codeParameter, "the body is no JSON object", "")
	}
	if n := len(q.Numbers); n == 0 || n > maxItemsGet {
		return refuse(http.StatusBadRequest, codeKeys, "manageNumbers must have 1 to 50 entries", "manageNumbers")
	}
	results := []object{}
	for _, number := range q.Numbers {
		if item := c.shop.items[strings.ToLower(number)]; item != nil {
			results = append(results, item)
		}
	}
	return ok(object{"results": results})
}

// Item is an item as a read would return it, and nil for one that does not exist.
func (shop *Shop) Item(manageNumber string) map[string]any {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	item := shop.items[strings.ToLower(manageNumber)]
	if item == nil {
		return nil
	}
	var out object
	overlay(&out, item)
	return out
}
