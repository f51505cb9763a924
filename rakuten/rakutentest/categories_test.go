package rakutentest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Quirk 6: PUT of a tree deletes what is left out, with its mappings.
func TestPutTreeDeletes(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	const base = "/es/2.0/categories/"
	tree, mapped := base+"shop-category-trees/category-set-ids/0", base+"item-mappings/manage-numbers/"

	assert.Equal(t, []any{"0"}, at(t, c.get(base+"shop-category-set-lists").json(t), "categorySetKeyList"))
	assert.Equal(t, "カテゴリ", at(t, c.get(base+"shop-category-set-lists?categorysetfields=TITLE").json(t), "categorySetList", 0, "title"))
	got := c.get(tree + "?categoryfields=TITLE").json(t)
	assert.Equal(t, "手ぬぐい", at(t, got, "rootNode", "children", 0, "children", 0, "category", "title"))
	assert.NotContains(t, at(t, c.get(tree).json(t), "rootNode", "children", 0, "category"), "title", "fields are asked for")

	made := c.json(http.MethodPost, base+"shop-categories", object{"title": "新着", "categoryFeatures": object{"categoryPageViewMode": "PLURAL"}})
	assert.Equal(t, 201, made.status)
	id, _ := at(t, made.json(t), "categoryId").(string)
	stray, _ := at(t, c.json(http.MethodPost, base+"shop-categories", object{"title": "迷子"}).json(t), "categoryId").(string)
	one := base + "shop-categories/category-ids/"

	assert.Equal(t, 204, c.json(http.MethodPut, mapped+"SENSU", object{"categoryIds": []string{id}, "mainPluralCategoryId": id}).status)
	assert.Equal(t, "IE0128", at(t, c.json(http.MethodPut, mapped+"sensu", object{"categoryIds": []string{"1"}, "mainPluralCategoryId": "1"}).json(t), "errors", 0, "code"))
	assert.Equal(t, 200, c.get(mapped+"tenugui-indigo").status)
	crumbs := c.get(mapped + "tenugui-indigo?breadcrumb=true&categoryfields=TITLE").json(t)
	assert.Len(t, at(t, crumbs, "categories", 0, "breadcrumbList"), 2)

	assert.Equal(t, 204, c.json(http.MethodPut, tree, object{"children": []object{{"categoryId": "1"}, {"categoryId": id}}}).status)
	assert.Equal(t, 404, c.get(one+"2").status)
	assert.Equal(t, 404, c.get(mapped+"tenugui-indigo").status, "with its mappings")
	assert.Equal(t, 200, c.get(mapped+"sensu").status)
	srv.Advance(25 * time.Hour)
	assert.Equal(t, 404, c.get(one+stray).status, "never placed")
	assert.Equal(t, 204, c.json(http.MethodPut, one+id, object{"title": "再入荷"}).status)
	assert.Equal(t, "再入荷", at(t, c.get(one+id+"?categoryfields=TITLE").json(t), "title"))

	assert.Equal(t, 400, c.json(http.MethodPut, tree, object{"children": []object{{"categoryId": "9"}}}).status)
	assert.Equal(t, 204, c.send(http.MethodPut, tree, "application/json", nil).status)
	assert.Equal(t, 404, c.get(one+"1").status, "an empty body deletes all")
	assert.Equal(t, 404, c.get(base+"shop-categories").status, "there is no list")
}
