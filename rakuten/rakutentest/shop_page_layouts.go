package rakutentest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

var layoutRoutes = []route{
	pageRoute("GET", "layouts/published", "layouts.listPublished", (*call).publishedLayouts),
	pageRoute("POST", "layouts/replace/{layoutId}", "layouts.replace", (*call).replaceLayout),
	pageRoute("POST", "layouts/status/{status}", "layouts.insert", (*call).insertLayout),
	pageRoute("GET", "layouts/status/{status}", "layouts.list", (*call).listLayouts),
	pageRoute("GET", "layouts/{layoutId}/status/{status}", "layouts.get", (*call).getLayout),
	pageRoute("PUT", "layouts/{layoutId}/status/{status}", "layouts.update", (*call).putLayout),
	pageRoute("DELETE", "layouts/{layoutId}/status/{status}", "layouts.delete", (*call).deleteLayout),
}

// layoutValues are the members of a layout that have few values.
var layoutValues = map[string][]any{"type": {"SHOP_TOP"}}

// moduleTypes are the parts of a layout.
var moduleTypes = []any{"HEADER", "NAVIGATION", "COMMON", "WIDGET"}

// layouts are the layouts with the status of the path, in either case of letters: which one
// the platform wants is not established. It returns nil for a status that there is not.
func (c *call) layouts() *pageParts { return c.shop.layouts[strings.ToLower(c.r.PathValue("status"))] }

func newLayouts() map[string]*pageParts {
	layouts := map[string]*pageParts{}
	for _, status := range []string{"public", "draft", "preview"} {
		layouts[status] = &pageParts{id: "layoutId"}
	}
	return layouts
}

func noStatus() reply {
	return refuse(http.StatusBadRequest, codeParameter, "status is invalid", "status")
}

// layout reads a whole layout and does something with it.
func (c *call) layout(do func(object) reply) reply {
	return c.written(layoutValues, func(in object) reply {
		var f faults
		modules, _ := in["modules"].([]any)
		for i, m := range modules {
			if member(m, "type") == nil {
				f.add(codeParameter, "type is required", fmt.Sprintf("modules[%d].type", i))
			}
			f.oneOf(m, fmt.Sprintf("modules[%d].", i), []string{"type"}, moduleTypes)
		}
		if len(f) > 0 {
			return refuseAll(http.StatusBadRequest, f...)
		}
		in["createTime"], in["updateTime"] = colon(c.now), colon(c.now)
		return do(in)
	})
}

func (c *call) insertLayout() reply {
	layouts := c.layouts()
	if layouts == nil {
		return noStatus()
	}
	return c.layout(func(in object) reply { return layouts.insert(c.nextID(), in) })
}

func (c *call) listLayouts() reply {
	if layouts := c.layouts(); layouts != nil {
		return pageResult(layouts.rows)
	}
	return noStatus()
}

// publishedLayouts are the public ones whose time it is.
func (c *call) publishedLayouts() reply {
	if c.query.Get("layoutType") != "SHOP_TOP" {
		return refuse(http.StatusBadRequest, codeParameter, "layoutType is invalid", "layoutType")
	}
	var rows []object
	for _, row := range c.shop.layouts["public"].rows {
		start, startErr := time.Parse(time.RFC3339, fmt.Sprint(row["startTime"]))
		end, endErr := time.Parse(time.RFC3339, fmt.Sprint(row["endTime"]))
		if (startErr != nil || !c.now.Before(start)) && (endErr != nil || c.now.Before(end)) {
			rows = append(rows, row)
		}
	}
	return pageResult(rows)
}

// getLayout returns a layout without the contents of its parts, also where the query asks for
// them: their shape is not established.
func (c *call) getLayout() reply {
	if layouts := c.layouts(); layouts != nil {
		return layouts.get(c.r.PathValue("layoutId"))
	}
	return noStatus()
}

// putLayout writes a draft as a whole.
func (c *call) putLayout() reply {
	layouts := c.layouts()
	if layouts == nil || layouts != c.shop.layouts["draft"] {
		return noStatus()
	}
	return c.rewrite(layouts, noContent())
}

// rewrite replaces the layout of the path but for the time of its making.
func (c *call) rewrite(layouts *pageParts, done reply) reply {
	return c.layout(func(in object) reply {
		id := c.r.PathValue("layoutId")
		i := layouts.find(id)
		if i < 0 {
			return notFound()
		}
		in["createTime"] = layouts.rows[i]["createTime"]
		layouts.replace(id, in)
		return done
	})
}

// replaceLayout puts a layout in the place of a public one, which keeps its id. That it does
// is a guess.
func (c *call) replaceLayout() reply {
	return c.rewrite(c.shop.layouts["public"], ok(object{"layoutId": c.r.PathValue("layoutId")}))
}

func (c *call) deleteLayout() reply {
	if layouts := c.layouts(); layouts != nil {
		return layouts.remove(c.r.PathValue("layoutId"))
	}
	return noStatus()
}
