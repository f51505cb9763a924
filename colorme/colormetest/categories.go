package colormetest

import (
	"net/http"
	"slices"
)

// category is a big category (IDSmall 0, with children) or a small one.
type category struct {
	IDBig        int64   `json:"id_big"`
	IDSmall      int64   `json:"id_small"`
	AccountID    string  `json:"account_id"`
	Name         string  `json:"name"`
	ImageURL     *string `json:"image_url"`
	Expl         *string `json:"expl"`
	Sort         *int64  `json:"sort"`
	DisplayState string  `json:"display_state"`
	MakeDate     int64   `json:"make_date"`
	UpdateDate   int64   `json:"update_date"`
	// Children is absent in a small category.
	Children []*category `json:"children,omitzero"`
	// MetaTag is absent until one is written.
	MetaTag *metaTag `json:"meta_tag,omitempty"`
}

var categoryRules = []rule{
	{key: "name", max: 100, filled: true},
	{key: "expl"},
	{key: "sort", field: "order_num", kind: numberKind, low: new(int64(0))},
	{key: "display_state", choices: memberStates, filled: true},
}

func (shop *Shop) category(big int64) *category {
	i := slices.IndexFunc(shop.categories, func(c *category) bool { return c.IDBig == big })
	if i < 0 {
		return nil
	}
	return shop.categories[i]
}

func (c *call) listCategories() (int, any) {
	return http.StatusOK, object{"categories": c.shop.categories}
}

// writeCategory checks and stores the fields of a category. A null expl is
// ignored; a meta tag is replaced as a whole.
func (c *call) writeCategory(cat *category, required ...string) []apiError {
	in := c.in
	tag, problems := c.metaTag("product_category", in)
	if problems = append(check("product_category", in, categoryRules, required...), problems...); len(problems) > 0 {
		return problems
	}
	if string(in["expl"]) == "null" {
		delete(in, "expl")
	}
	apply(cat, in, categoryRules)
	if tag != nil {
		cat.MetaTag = tag
	}
	cat.UpdateDate = c.now.Unix()
	return nil
}

func (c *call) newCategory() *category {
	return &category{AccountID: c.shop.ID, DisplayState: "showing", MakeDate: c.now.Unix()}
}

func (c *call) createCategory() (int, any) {
	cat := c.newCategory()
	cat.Children = []*category{}
	if problems := c.writeCategory(cat, "name"); len(problems) > 0 {
		return refuseAll(problems...)
	}
	cat.IDBig = c.newID()
	c.shop.categories = append(c.shop.categories, cat)
	return http.StatusCreated, object{"category": cat}
}

func (c *call) updateCategory() (int, any) {
	cat := c.shop.category(c.id("id"))
	if cat == nil {
		return notFound()
	}
	if problems := c.writeCategory(cat); len(problems) > 0 {
		return refuseAll(problems...)
	}
	return http.StatusOK, object{"category": cat}
}

func (c *call) createCategoryChild() (int, any) {
	parent := c.shop.category(c.id("category_id"))
	if parent == nil {
		return notFound()
	}
	cat := c.newCategory()
	if problems := c.writeCategory(cat, "name"); len(problems) > 0 {
		return refuseAll(problems...)
	}
	cat.IDBig, cat.IDSmall = parent.IDBig, c.newID()
	parent.Children = append(parent.Children, cat)
	return http.StatusCreated, object{"category": cat}
}

func (c *call) updateCategoryChild() (int, any) {
	parent := c.shop.category(c.id("category_id"))
	if parent == nil {
		return notFound()
	}
	i := slices.IndexFunc(parent.Children, func(cat *category) bool { return cat.IDSmall == c.id("id") })
	if i < 0 {
		return notFound()
	}
	if problems := c.writeCategory(parent.Children[i]); len(problems) > 0 {
		return refuseAll(problems...)
	}
	return http.StatusOK, object{"category": parent.Children[i]}
}
