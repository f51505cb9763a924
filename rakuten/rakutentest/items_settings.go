package rakutentest

import (
	"net/http"
	"strings"
)

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
	var f faults
	f.oneOf(object{"features": in.Features}, "", []string{"features", "inventoryDisplay"}, inventoryDisplays)
	if f.threshold(object{"features": in.Features}); len(f) > 0 {
		return refuseAll(http.StatusBadRequest, f...)
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
	display := object{"inventoryDisplay": in.Features["inventoryDisplay"], "lowStockThreshold": in.Features["lowStockThreshold"]}
	merge(item, object{"features": display, "unlimitedInventoryFlag": *in.Unlimited, "updated": colon(c.now)})
	c.shop.items[strings.ToLower(c.r.PathValue("manageNumber"))] = item
	return noContent()
}
