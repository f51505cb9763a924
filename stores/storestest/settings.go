package storestest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

var settingRoutes = []route{
	{method: "GET", path: "/store", handle: (*call).getStore},
	{method: "GET", path: "/categories", handle: (*call).listCategories, plain: []int{http.StatusForbidden}},
	{method: "GET", path: "/sales_channels", handle: (*call).listChannels},
	{method: "GET", path: "/shipping_fee_settings", handle: (*call).getFees, plain: []int{http.StatusForbidden}},
}

func (c *call) getStore() (int, any) {
	return http.StatusOK, object{"id": c.shop.ID, "name": c.shop.Name}
}

func (c *call) listCategories() (int, any) {
	rows := among(among(c.shop.categories, "id", c.list("ids")), "parent_id", c.list("parent_ids"))
	rows, problem := page(c, rows)
	if problem != "" {
		return bad(problem)
	}
	return http.StatusOK, object{"categories": rows}
}

// listChannels lists the newest first.
func (c *call) listChannels() (int, any) {
	rows := slices.SortedStableFunc(slices.Values(c.shop.channels), func(a, b object) int {
		return strings.Compare(b["created_at"].(string), a["created_at"].(string))
	})
	rows, problem := page(c, rows)
	if problem != "" {
		return bad(problem)
	}
	return http.StatusOK, object{"sales_channels": rows}
}

func (c *call) getFees() (int, any) { return http.StatusOK, c.shop.fees }

// seedSettings adds two registers, two families of categories, and fees.
func (shop *Shop) seedSettings() {
	s := shop.server
	opened := s.Now().AddDate(-1, 0, 0)
	for i, name := range []string{"駅前店", "本店"} {
		shop.channels = append(shop.channels, object{"id": s.newID(), "name": name, "created_at": stamp(opened.Add(time.Duration(i) * time.Hour))})
	}
	for _, family := range [][]string{{"衣類", "Tシャツ", "帽子"}, {"食品", "お茶"}} {
		var parent any
		for _, name := range family {
			id := s.newID()
			shop.categories = append(shop.categories, object{"id": id, "created_at": stamp(opened), "name": name, "parent_id": parent})
			if parent == nil {
				parent = id
			}
		}
	}
	shop.fees = object{
		"domestic": object{"enabled": true, "delivery_methods": []object{
			{"id": nil, "created_at": stamp(opened), "name": "全国一律", "fee": 500, "areas": []object{}},
			{"id": s.newID(), "created_at": stamp(opened), "name": "クール便", "fee": 900, "areas": []object{{"area": "北海道", "fee": 1500}, {"area": "沖縄県", "fee": 1800}}},
		}},
		"overseas": object{"enabled": false, "delivery_methods": []object{
			{"id": s.newID(), "created_at": stamp(opened), "name": "EMS", "fee": 3000, "areas": []object{{"area": "アジア", "fee": 2400}}},
		}},
	}
}

// AddCategory adds a category and returns its ID; an empty parent means the top.
func (shop *Shop) AddCategory(name, parent string) string {
	s := shop.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := object{"id": s.newID(), "created_at": stamp(s.Now()), "name": name, "parent_id": nil}
	if parent != "" {
		c["parent_id"] = parent
	}
	shop.categories = append(shop.categories, c)
	return c["id"].(string)
}
