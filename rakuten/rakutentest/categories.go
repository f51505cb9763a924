package rakutentest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	categoryBase = "/es/2.0/categories/"
	onePath      = categoryBase + "shop-categories/category-ids/{categoryId}"
	treePath     = categoryBase + "shop-category-trees/category-set-ids/{categorySetId}"
	mappingPath  = categoryBase + "item-mappings/manage-numbers/{manageNumber}"
)

// categorySet is the only set: the shop has no category sets.
const categorySet = "0"

var categoryRoutes = []route{
	{pattern: "POST " + categoryBase + "shop-categories", name: "category.shopCategories.insert", rate: "category", handle: (*call).insertCategory},
	{pattern: "GET " + onePath, name: "category.shopCategories.get", rate: "category", handle: (*call).getCategory},
	{pattern: "PUT " + onePath, name: "category.shopCategories.update", rate: "category", handle: (*call).putCategory},
	{pattern: "GET " + treePath, name: "category.shopCategoryTrees.get", rate: "category", handle: (*call).getTree},
	{pattern: "PUT " + treePath, name: "category.shopCategoryTrees.upsert", rate: "category", handle: (*call).putTree},
	{pattern: "GET " + categoryBase + "shop-category-set-lists", name: "category.shopCategorySetLists.get", rate: "category", handle: (*call).getCategorySets},
	{pattern: "GET " + mappingPath, name: "category.itemMappings.get", rate: "category", handle: (*call).getMapping},
	{pattern: "PUT " + mappingPath, name: "category.itemMappings.upsert", rate: "category", handle: (*call).putMapping},
	{pattern: "DELETE " + mappingPath, name: "category.itemMappings.delete", rate: "category", handle: (*call).deleteMapping},
}

type node struct {
	ID       string `json:"categoryId"`
	Children []node `json:"children"`
}

type mapping struct {
	CategoryIDs []string `json:"categoryIds"`
	Main        string   `json:"mainPluralCategoryId,omitempty"`
	Created     string   `json:"created"`
	Updated     string   `json:"updated"`
}

// strayCategoryLives is how long a new category waits for its place in a tree. That it
// disappears is known, when it does is not.
const strayCategoryLives = 24 * time.Hour

// seedCategories makes a tree of three, and puts the first two goods into it.
func (shop *Shop) seedCategories(now time.Time) {
	for i, title := range []string{"和雑貨", "手ぬぐい", "お菓子"} {
		shop.categories[strconv.Itoa(i+1)] = &category{content: object{"title": title, "categoryFeatures": object{"display": true, "categoryPageViewMode": "LIST"}}, created: now, updated: now}
	}
	shop.opened = now
	shop.tree = []node{{ID: "1", Children: []node{{ID: "2"}}}, {ID: "3"}}
	at := colon(now)
	shop.mappings[goods[0].manageNumber] = &mapping{CategoryIDs: []string{"2"}, Created: at, Updated: at}
	shop.mappings[goods[1].manageNumber] = &mapping{CategoryIDs: []string{"1"}, Created: at, Updated: at}
}

type category struct {
	content          object
	created, updated time.Time
}

// colon spells a time with +09:00.
func colon(t time.Time) string { return t.In(jst).Format("2006-01-02T15:04:05-07:00") }

// placed are the categories in the tree, each with its parent.
func placed(tree []node, parent string, into map[string]string) map[string]string {
	for _, n := range tree {
		into[n.ID] = parent
		placed(n.Children, n.ID, into)
	}
	return into
}

// forgetCategories drops new categories that nobody has placed.
func (shop *Shop) forgetCategories(now time.Time) {
	var in map[string]string
	maps.DeleteFunc(shop.categories, func(id string, cat *category) bool {
		if now.Sub(cat.created) < strayCategoryLives {
			return false
		}
		if in == nil {
			in = placed(shop.tree, "", map[string]string{})
		}
		_, is := in[id]
		return !is
	})
}

func (c *call) readCategory() (object, *reply) {
	var in object
	if !c.read(&in) {
		return nil, new(refuse(http.StatusBadRequest, codeParameter, "the body is no JSON object", ""))
	}
	if title, _ := in["title"].(string); title == "" {
		return nil, new(refuse(http.StatusBadRequest, codeParameter, "title is required", "title"))
	}
	return in, nil
}

func (c *call) insertCategory() reply {
	in, refused := c.readCategory()
	if refused != nil {
		return *refused
	}
	id := strconv.FormatInt(c.newID(), 10)
	c.shop.categories[id] = &category{content: in, created: c.now, updated: c.now}
	return answer(http.StatusCreated, object{"categoryId": id})
}

func (c *call) putCategory() reply {
	cat := c.shop.categories[c.r.PathValue("categoryId")]
	if cat == nil {
		return notFound()
	}
	in, refused := c.readCategory()
	if refused != nil {
		return *refused
	}
	cat.content, cat.updated = in, c.now
	return noContent()
}

// fields are the members that a list parameter asks for.
func (c *call) fields(name string) []string {
	return strings.Split(strings.ToUpper(c.query.Get(name)), ",")
}

// categoryFields are the members by their names in the query.
var categoryFields = map[string]string{
	"TITLE": "title", "CATEGORY_FEATURES": "categoryFeatures", "DESCRIPTION": "description", "ADDITIONALDESCRIPTION": "additionalDescription",
	"IMAGES": "images", "LAYOUT": "layout",
}

// showCategory returns the id and what is asked for.
func (c *call) showCategory(id string) object {
	out := object{"categoryId": id}
	cat := c.shop.categories[id]
	for _, f := range c.fields("categoryfields") {
		switch f {
		case "CATEGORY_SET_ID":
			out["categorySetId"] = categorySet
		case "CREATED":
			out["created"] = colon(cat.created)
		case "UPDATED":
			out["updated"] = colon(cat.updated)
		default:
			if v, there := cat.content[categoryFields[f]]; there {
				out[categoryFields[f]] = v
			}
		}
	}
	return out
}

// breadcrumbs are the categories from the top down to one.
func (c *call) breadcrumbs(id string) []object {
	in := placed(c.shop.tree, "", map[string]string{})
	list := []object{}
	for id != "" && c.shop.categories[id] != nil {
		list = slices.Insert(list, 0, c.showCategory(id))
		id = in[id]
	}
	return list
}

func (c *call) getCategory() reply {
	id := c.r.PathValue("categoryId")
	if c.shop.categories[id] == nil {
		return notFound()
	}
	out := c.showCategory(id)
	if c.query.Get("breadcrumb") == "true" {
		out["breadcrumbList"] = c.breadcrumbs(id)
	}
	return ok(out)
}

func (c *call) showSet() object {
	out := object{"categorySetId": categorySet}
	for _, f := range c.fields("categorysetfields") {
		switch f {
		case "TITLE":
			out["title"] = "カテゴリ"
		case "CATEGORY_SET_FEATURES":
			out["categorySetFeatures"] = object{"display": true}
		case "CREATED", "UPDATED":
			out[strings.ToLower(f)] = colon(c.shop.opened)
		}
	}
	return out
}

// getCategorySets lists the sets, by their ids alone when no field is asked for.
func (c *call) getCategorySets() reply {
	if c.query.Get("categorysetfields") == "" {
		return ok(object{"categorySetKeyList": []string{categorySet}, "categorySetList": nil})
	}
	return ok(object{"categorySetKeyList": nil, "categorySetList": []object{c.showSet()}})
}

func (c *call) getTree() reply {
	if c.r.PathValue("categorySetId") != categorySet {
		return notFound()
	}
	out := object{"categorySetId": categorySet, "rootNode": object{"children": c.showNodes(c.shop.tree)}}
	if c.query.Get("categorysetfields") != "" {
		out["categorySet"] = c.showSet()
	}
	return ok(out)
}

func (c *call) showNodes(tree []node) []object {
	out := []object{}
	for _, n := range tree {
		out = append(out, object{"category": c.showCategory(n.ID), "children": c.showNodes(n.Children)})
	}
	return out
}

// putTree replaces the tree. A category that is left out is deleted with its mappings; an
// empty body deletes them all.
func (c *call) putTree() reply {
	if c.r.PathValue("categorySetId") != categorySet {
		return notFound()
	}
	var in struct {
		Children []node `json:"children"`
	}
	if len(c.body) > 0 && !c.read(&in) {
		return refuse(http.StatusBadRequest, codeParameter, "the body is no JSON object", "")
	}
	next := placed(in.Children, "", map[string]string{})
	for id := range next {
		if c.shop.categories[id] == nil {
			return refuse(http.StatusBadRequest, codeNotFound, "no such category", "children")
		}
	}
	for id := range placed(c.shop.tree, "", map[string]string{}) {
		if _, stays := next[id]; !stays {
			c.dropCategory(id)
		}
	}
	c.shop.tree = in.Children
	return noContent()
}

func (c *call) dropCategory(id string) {
	delete(c.shop.categories, id)
	for number, m := range c.shop.mappings {
		if m.CategoryIDs = slices.DeleteFunc(m.CategoryIDs, func(other string) bool { return other == id }); len(m.CategoryIDs) == 0 {
			delete(c.shop.mappings, number)
		}
	}
}

func (c *call) mapped() *mapping {
	return c.shop.mappings[strings.ToLower(c.r.PathValue("manageNumber"))]
}

func (c *call) getMapping() reply {
	m := c.mapped()
	if m == nil {
		return notFound()
	}
	if c.query.Get("breadcrumb") != "true" {
		return ok(m)
	}
	list := []object{}
	for _, id := range m.CategoryIDs {
		row := c.showCategory(id)
		row["breadcrumbList"] = c.breadcrumbs(id)
		if c.query.Get("categorysetfields") != "" {
			row["categorySet"] = c.showSet()
		}
		list = append(list, row)
	}
	out := object{"manageNumber": strings.ToLower(c.r.PathValue("manageNumber")), "categories": list, "created": m.Created, "updated": m.Updated}
	if m.Main != "" {
		out["mainPluralCategoryId"] = m.Main
	}
	return ok(out)
}

func (c *call) putMapping() reply {
	var in mapping
	if !c.read(&in) || len(in.CategoryIDs) == 0 {
		return refuse(http.StatusBadRequest, codeParameter, "categoryIds is required", "categoryIds")
	}
	if c.item() == nil {
		return notFound()
	}
	for _, id := range in.CategoryIDs {
		if c.shop.categories[id] == nil {
			return refuse(http.StatusBadRequest, codeNotFound, "no such category", "categoryIds")
		}
	}
	if in.Main != "" {
		cat := c.shop.categories[in.Main]
		if cat == nil || member(cat.content, "categoryFeatures", "categoryPageViewMode") != "PLURAL" {
			return refuse(http.StatusBadRequest, codeNotPlural, "the main category is not of type PLURAL", "mainPluralCategoryId")
		}
	}
	in.Created, in.Updated = colon(c.now), colon(c.now)
	if old := c.mapped(); old != nil {
		in.Created = old.Created
	}
	c.shop.mappings[strings.ToLower(c.r.PathValue("manageNumber"))] = &in
	return noContent()
}

func (c *call) deleteMapping() reply {
	if c.mapped() == nil {
		return notFound()
	}
	delete(c.shop.mappings, strings.ToLower(c.r.PathValue("manageNumber")))
	return noContent()
}
