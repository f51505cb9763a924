package rakutentest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxItemsGet     = 50
	maxItemVariants = 400
	maxItemOffset   = 10000
	maxItemHits     = 100
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

// newItem is what an item is without being told anything.
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
	item := newItem()
	maps.Copy(item, in)
	keep(item, old, "features", "socialGiftFlag")
	variants, _ := item["variants"].(object)
	for id, v := range variants {
		if v, isObject := v.(object); isObject {
			keep(v, member(old, "variants", id), "shipping", "okihaiSetting")
		}
	}
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

var (
	priceForm = regexp.MustCompile(`^\d{1,9}$`)
	genreForm = regexp.MustCompile(`^\d{6}$`)
)

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

func checkItem(number string, item object) []apiError {
	var problems []apiError
	add := func(code, message, path string) { problems = append(problems, problem(code, message, path)) }
	if len(number) > 32 {
		add(codeTooLong, "manageNumber is too long", "manageNumber")
	} else if !keyForm.MatchString(number) {
		add(codeParameter, "manageNumber is invalid", "manageNumber")
	}
	if title, _ := item["title"].(string); title == "" || len([]rune(title)) > 255 {
		add(codeParameter, "title is required and has at most 255 characters", "title")
	}
	if genre, _ := item["genreId"].(string); !genreForm.MatchString(genre) {
		add(codeParameter, "genreId is invalid", "genreId")
	}
	if rate := member(item, "payment", "taxRate"); rate != nil && !slices.Contains([]any{"0", "0.08", "0.1"}, rate) {
		add(codeParameter, "taxRate is invalid", "payment.taxRate")
	}
	for _, end := range []string{"start", "end"} {
		if t := member(item, "purchasablePeriod", end); t != nil && !isColonTime(t) {
			add(codeParameter, "the date is invalid", "purchasablePeriod."+end)
		}
	}
	variants, _ := item["variants"].(object)
	if len(variants) == 0 || len(variants) > maxItemVariants {
		add(codeKeys, "variants must have 1 to 400 SKUs", "variants")
	}
	for _, id := range slices.Sorted(maps.Keys(variants)) {
		if len(id) > 32 {
			add(codeTooLong, "variantId is too long", "variants."+id)
		} else if !keyForm.MatchString(id) {
			add(codeParameter, "variantId is invalid", "variants."+id)
		}
		if price := member(variants[id], "standardPrice"); price != nil {
			if s, _ := price.(string); !priceForm.MatchString(s) {
				add(codeParameter, "standardPrice is invalid", "variants."+id+".standardPrice")
			}
		}
	}
	return problems
}

// isColonTime reports whether v is a time with +09:00; +0900 is refused.
func isColonTime(v any) bool {
	s, _ := v.(string)
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// bulkGetItems gives the items that exist; what becomes of the others is not known, and
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

// number reads a whole number of the query between two bounds.
func (c *call) number(name string, otherwise, low, high int) (int, bool) {
	v := c.query.Get(name)
	if v == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(v)
	return n, err == nil && n >= low && n <= high
}

// searchItems pages by offset, or by cursor beyond 10,000 rows. It looks at the texts, the
// genre, the price and whether an item is hidden; other conditions select nothing away.
func (c *call) searchItems() reply {
	hits, fine := c.number("hits", 10, 1, maxItemHits)
	offset, alsoFine := c.number("offset", 0, 0, maxItemOffset)
	if !fine || !alsoFine {
		return refuse(http.StatusBadRequest, codeParameter, "hits or offset is invalid", "")
	}
	cursor := c.query.Get("cursorMark")
	if cursor != "" && cursor != "*" {
		var err error
		if offset, err = strconv.Atoi(strings.TrimPrefix(cursor, "after-")); err != nil || offset < 0 {
			return refuse(http.StatusBadRequest, codeParameter, "cursorMark is invalid", "cursorMark")
		}
	}
	var found []object
	for _, number := range slices.Sorted(maps.Keys(c.shop.items)) {
		if item := c.shop.items[number]; c.selects(item) {
			found = append(found, item)
		}
	}
	if c.query.Get("sortOrder") == "desc" {
		slices.Reverse(found)
	}
	results := []object{}
	from := min(offset, len(found))
	for _, item := range found[from:min(from+hits, len(found))] {
		results = append(results, c.entry(item))
	}
	out := object{"numFound": len(found), "offset": offset, "results": results}
	if cursor != "" {
		out["nextCursorMark"] = fmt.Sprintf("after-%d", from+len(results)) // stays where it is at the end
	}
	return ok(out)
}

// entry is an item in a search; quantities are not in it.
func (c *call) entry(item object) object {
	entry := object{"item": item}
	number, _ := item["manageNumber"].(string)
	if c.query.Get("isCategoryIncluded") == "true" {
		ids := []string{}
		if m := c.shop.mappings[number]; m != nil {
			ids = m.CategoryIDs
		}
		entry["category"] = object{"categoryIds": ids}
	}
	if c.query.Get("isReviewIncluded") == "true" {
		entry["review"] = object{"count": 0, "averageRating": nil}
	}
	return entry
}

func (c *call) selects(item object) bool {
	for name, v := range map[string]any{"title": item["title"], "tagline": item["tagline"], "itemNumber": item["itemNumber"], "manageNumber": item["manageNumber"], "genreId": item["genreId"]} {
		s, _ := v.(string)
		if wanted := c.query.Get(name); wanted != "" && !strings.Contains(strings.ToLower(s), strings.ToLower(wanted)) {
			return false
		}
	}
	if hidden := c.query.Get("isHiddenItem"); hidden != "" && hidden != fmt.Sprint(item["hideItem"]) {
		return false
	}
	variants, _ := item["variants"].(object)
	if id := c.query.Get("variantId"); id != "" && variants[id] == nil {
		return false
	}
	low, _ := strconv.ParseInt(c.query.Get("standardPriceFrom"), 10, 64)
	high, err := strconv.ParseInt(c.query.Get("standardPriceTo"), 10, 64)
	for _, v := range variants {
		s, _ := member(v, "standardPrice").(string)
		if price, _ := strconv.ParseInt(s, 10, 64); price >= low && (err != nil || price <= high) {
			return true
		}
	}
	return false
}

// variantSettings are the members of a SKU that are about stock.
var variantSettings = []string{"restockOnCancel", "backOrderFlag", "backOrderDeliveryDateId", "normalDeliveryDateId"}

func (c *call) getItemSettings() reply {
	item := c.item()
	if item == nil {
		return notFound()
	}
	variants := object{}
	all, _ := item["variants"].(object)
	for id, v := range all {
		settings := object{}
		for _, name := range variantSettings {
			settings[name] = member(v, name)
		}
		variants[id] = settings
	}
	return ok(object{
		"unlimitedInventoryFlag": item["unlimitedInventoryFlag"], "variants": variants,
		"features": object{"inventoryDisplay": member(item, "features", "inventoryDisplay"), "lowStockThreshold": member(item, "features", "lowStockThreshold")},
	})
}

// putItemSettings replaces the settings; SKUs have to be those of the item.
func (c *call) putItemSettings() reply {
	var in struct {
		Unlimited *bool             `json:"unlimitedInventoryFlag"`
		Features  object            `json:"features"`
		Variants  map[string]object `json:"variants"`
	}
	old := c.item()
	if old == nil {
		return notFound()
	}
	if !c.read(&in) || in.Unlimited == nil || in.Features["inventoryDisplay"] == nil || len(in.Variants) == 0 || len(in.Variants) > maxItemVariants {
		return refuse(http.StatusBadRequest, codeParameter, "unlimitedInventoryFlag, features and variants are required", "")
	}
	var item object
	overlay(&item, old)
	variants, _ := item["variants"].(object)
	for id, settings := range in.Variants {
		v, _ := variants[id].(object)
		if v == nil {
			return refuse(http.StatusBadRequest, codeNotFound, "no such SKU", "variants."+id)
		}
		for _, name := range variantSettings {
			v[name] = settings[name]
		}
	}
	features, _ := item["features"].(object)
	features["inventoryDisplay"], features["lowStockThreshold"] = in.Features["inventoryDisplay"], in.Features["lowStockThreshold"]
	item["unlimitedInventoryFlag"], item["updated"] = *in.Unlimited, colon(c.now)
	c.shop.items[strings.ToLower(c.r.PathValue("manageNumber"))] = item
	return noContent()
}

// Item is an item as a read would give it, and nil for one that does not exist.
func (shop *Shop) Item(manageNumber string) map[string]any {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	item := shop.items[strings.ToLower(manageNumber)]
	if item == nil {
		return nil
	}
	var out object
	raw, _ := json.Marshal(item)
	_ = json.Unmarshal(raw, &out)
	return out
}
