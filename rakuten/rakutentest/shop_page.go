package rakutentest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
)

const pageBase = "/es/1.0/shop-page/"

var shopPageRoutes = append([]route{
	pageRoute("POST", "navigations", "navigations.insert", (*call).insertNavigation),
	pageRoute("GET", "navigations", "navigations.list", (*call).listNavigations),
	pageRoute("GET", "navigations/{navigationId}", "navigations.get", (*call).getNavigation),
	pageRoute("PUT", "navigations/{navigationId}", "navigations.update", (*call).putNavigation),
	pageRoute("POST", "widgets", "widgets.insert", (*call).insertWidget),
	pageRoute("GET", "widgets", "widgets.list", (*call).listWidgets),
	pageRoute("GET", "widgets/{widgetId}", "widgets.get", (*call).getWidget),
	pageRoute("PUT", "widgets/{widgetId}", "widgets.update", (*call).putWidget),
	pageRoute("DELETE", "widgets/{widgetId}", "widgets.delete", (*call).deleteWidget),
}, layoutRoutes...)

func pageRoute(method, path, name string, handle func(*call) reply) route {
	return route{pattern: method + " " + pageBase + path, name: "shopPage." + name, rate: "shopPage", handle: handle}
}

// pageParts are navigations, widgets or layouts, oldest first; each has an id under the
// given name.
type pageParts struct {
	id   string
	rows []object
}

func (p *pageParts) find(id string) int {
	return slices.IndexFunc(p.rows, func(row object) bool { return row[p.id] == id })
}

func (p *pageParts) insert(id string, row object) reply {
	row[p.id] = id
	p.rows = append(p.rows, row)
	return ok(object{p.id: id})
}

func (p *pageParts) get(id string) reply {
	i := p.find(id)
	if i < 0 {
		return notFound()
	}
	return ok(p.rows[i])
}

// replace writes a part as a whole: what is left out is gone.
func (p *pageParts) replace(id string, row object) reply {
	i := p.find(id)
	if i < 0 {
		return notFound()
	}
	row[p.id] = id
	p.rows[i] = row
	return noContent()
}

func (p *pageParts) remove(id string) reply {
	i := p.find(id)
	if i < 0 {
		return notFound()
	}
	p.rows = slices.Delete(p.rows, i, i+1)
	return noContent()
}

func pageResult(rows []object) reply { return ok(object{"result": append([]object{}, rows...)}) }

// nextID is a new id in text.
func (c *call) nextID() string { return strconv.FormatInt(c.newID(), 10) }

// readPage reads a part whose members with few values have one of them.
func (c *call) readPage(values map[string][]any) (object, *reply) {
	var in object
	if !c.read(&in) || in == nil {
		return nil, new(refuse(http.StatusBadRequest, codeParameter, "the body is no JSON object", ""))
	}
	var f faults
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f.oneOf(in, "", []string{name}, values[name])
	}
	if len(f) > 0 {
		return nil, new(refuseAll(http.StatusBadRequest, f...))
	}
	return in, nil
}

// written reads a part and does something with it.
func (c *call) written(values map[string][]any, do func(object) reply) reply {
	in, refused := c.readPage(values)
	if refused != nil {
		return *refused
	}
	return do(in)
}

func (c *call) insertNavigation() reply {
	return c.written(nil, func(in object) reply { return c.shop.navigations.insert(c.nextID(), in) })
}

func (c *call) listNavigations() reply { return pageResult(c.shop.navigations.rows) }

func (c *call) getNavigation() reply { return c.shop.navigations.get(c.r.PathValue("navigationId")) }

func (c *call) putNavigation() reply {
	return c.written(nil, func(in object) reply { return c.shop.navigations.replace(c.r.PathValue("navigationId"), in) })
}

// widgetValues are the members of a widget that have few values.
var widgetValues = map[string][]any{
	"type": {
		"SMALL_IMAGE", "SMALL_COMMON_BANNER", "LARGE_IMAGE", "LARGE_COMMON_BANNERS", "ITEM_LIST", "IN_SHOP_CATEGORY", "FEATURED_ITEMS", "TITLE", "TEXT",
		"SHOP_NOTICE", "ITEM_REVIEW", "IN_SHOP_RANKING", "HYPERLINK", "IN_SHOP_KEYWORDS", "COUPON", "RECOMMENDATION",
	},
	"displayFormat": {"LANDSCAPE", "PORTRAIT"},
}

func (c *call) insertWidget() reply {
	return c.written(widgetValues, func(in object) reply { return c.shop.widgets.insert(c.nextID(), in) })
}

func (c *call) listWidgets() reply { return pageResult(c.shop.widgets.rows) }

func (c *call) getWidget() reply { return c.shop.widgets.get(c.r.PathValue("widgetId")) }

func (c *call) putWidget() reply {
	return c.written(widgetValues, func(in object) reply { return c.shop.widgets.replace(c.r.PathValue("widgetId"), in) })
}

func (c *call) deleteWidget() reply { return c.shop.widgets.remove(c.r.PathValue("widgetId")) }
