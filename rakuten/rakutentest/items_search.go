package rakutentest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxItemOffset = 10000
	maxItemHits   = 100
)

// searchDates are the parameters that are days.
var searchDates = []string{
	"createdFrom", "createdTo", "updatedFrom", "updatedTo", "purchasablePeriodFrom", "purchasablePeriodTo", "pointApplicablePeriodFrom", "pointApplicablePeriodTo",
}

// sortKeys are what a search can be sorted by. Those that are nil here sort by nothing in
// the fake.
var sortKeys = map[string]func(item object) string{
	"manageNumber":           nil,
	"created":                func(item object) string { return fmt.Sprint(item["created"]) },
	"updated":                func(item object) string { return fmt.Sprint(item["updated"]) },
	"itemDisplaySequence":    func(item object) string { return fmt.Sprintf("%9v", item["itemDisplaySequence"]) },
	"purchasablePeriodStart": nil, "purchasablePeriodEnd": nil, "pointCampaignStart": nil, "pointCampaignEnd": nil, "pointRate": nil,
	"reviewCount": nil, "reviewAverageRating": nil,
}

// checkSearch returns the name of a parameter that is wrong.
func (c *call) checkSearch() string {
	for _, name := range searchDates {
		if v := c.query.Get(name); v != "" && !isDay(v) {
			return name
		}
	}
	if key := c.query.Get("sortKey"); key != "" {
		if _, known := sortKeys[key]; !known {
			return "sortKey"
		}
	}
	if order := c.query.Get("sortOrder"); order != "" && order != "asc" && order != "desc" {
		return "sortOrder"
	}
	return ""
}

// searchItems pages by offset, or by cursor beyond 10,000 rows. Conditions on periods,
// points, postage and back orders select nothing away. Without a sortKey the fake sorts by
// the manageNumber.
func (c *call) searchItems() reply {
	hits, fine := c.number("hits", 10, 1, maxItemHits)
	offset, alsoFine := c.number("offset", 0, 0, maxItemOffset)
	if !fine || !alsoFine {
		return refuse(http.StatusBadRequest, codeParameter, "hits or offset is invalid", "")
	}
	if wrong := c.checkSearch(); wrong != "" {
		return refuse(http.StatusBadRequest, codeParameter, wrong+" is invalid", wrong)
	}
	cursor := c.query.Get("cursorMark")
	if cursor != "" && cursor != "*" {
		var err error
		if offset, err = strconv.Atoi(strings.TrimPrefix(cursor, "after-")); err != nil || offset < 0 {
			return refuse(http.StatusBadRequest, codeParameter, "cursorMark is invalid", "cursorMark")
		}
	}
	found := c.foundItems()
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

// foundItems are the items that the search selects, sorted.
func (c *call) foundItems() []object {
	var found []object
	for _, number := range slices.Sorted(maps.Keys(c.shop.items)) {
		if item := c.shop.items[number]; c.selects(number, item) && c.selectsSKU(item) {
			found = append(found, item)
		}
	}
	if key := sortKeys[c.query.Get("sortKey")]; key != nil {
		slices.SortStableFunc(found, func(a, b object) int { return cmp.Compare(key(a), key(b)) })
	}
	if c.query.Get("sortOrder") == "desc" {
		slices.Reverse(found)
	}
	return found
}

// entry is an item in a search. Quantities are not in it, and neither are the settings of
// stock, whose shape is not established.
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

// asks reports whether a parameter asks for another value than the one that is there.
func (c *call) asks(name string, there any) bool {
	v := c.query.Get(name)
	return v != "" && v != fmt.Sprint(there)
}

// selects looks at what an item has once.
func (c *call) selects(number string, item object) bool {
	for _, name := range []string{"title", "tagline", "itemNumber", "manageNumber"} {
		s, _ := item[name].(string)
		if !strings.Contains(strings.ToLower(s), strings.ToLower(c.query.Get(name))) {
			return false
		}
	}
	for _, name := range []string{"created", "updated"} {
		day := fmt.Sprint(item[name])[:len(time.DateOnly)]
		from, to := c.query.Get(name+"From"), c.query.Get(name+"To")
		if day < from || to != "" && day > to {
			return false
		}
	}
	if id := c.query.Get("categoryId"); id != "" {
		if m := c.shop.mappings[number]; m == nil || !slices.Contains(m.CategoryIDs, id) {
			return false
		}
	}
	variants, _ := item["variants"].(object)
	return !c.asks("genreId", item["genreId"]) && !c.asks("itemType", item["itemType"]) && !c.asks("isHiddenItem", item["hideItem"]) &&
		!c.asks("isSearchable", member(item, "features", "searchVisibility") == "ALWAYS_VISIBLE") &&
		!c.asks("isItemStockout", c.soldOut(number, item) == len(variants)) &&
		!c.asks("isVariantStockout", c.soldOut(number, item) > 0)
}

// soldOut counts the SKUs without stock.
func (c *call) soldOut(number string, item object) int {
	n := 0
	variants, _ := item["variants"].(object)
	for id := range variants {
		if row := c.shop.stock[sku{number, id}]; item["unlimitedInventoryFlag"] != true && (row == nil || row.quantity == 0) {
			n++
		}
	}
	return n
}

// selectsSKU reports whether one of the SKUs meets all conditions on SKUs.
func (c *call) selectsSKU(item object) bool {
	low, _ := strconv.ParseInt(c.query.Get("standardPriceFrom"), 10, 64)
	high, err := strconv.ParseInt(c.query.Get("standardPriceTo"), 10, 64)
	variants, _ := item["variants"].(object)
	for id, v := range variants {
		s, _ := member(v, "standardPrice").(string)
		price, _ := strconv.ParseInt(s, 10, 64)
		if price >= low && (err != nil || price <= high) && !c.asks("variantId", id) && !c.asks("isHiddenVariant", member(v, "hidden") == true) &&
			!c.asks("merchantDefinedSkuId", member(v, "merchantDefinedSkuId")) && !c.asks("articleNumber", member(v, "articleNumber", "value")) {
			return true
		}
	}
	return false
}
