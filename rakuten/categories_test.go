package rakuten_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

const sampleTree = `{"categorySetId":"0","rootNode":{"children":[
	{"category":{"categoryId":"1","title":"服"},"children":[{"category":{"categoryId":"2"},"children":[]}]},{"category":{"categoryId":"3"}}]}}`

func TestCategoryCalls(t *testing.T) {
	t.Parallel()
	checkGolden(t, []golden{
		{"create", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Categories.Create(ctx, rakuten.CreateCategoryRequest{Title: "服", CategorySetID: "0"}))
		}, `{"categoryId":"9"}`, "POST", "/es/2.0/categories/shop-categories", `{"categorySetId":"0","title":"服"}`},
		{
			"get", func(ctx context.Context, c *rakuten.Client) error {
				return only(c.Categories.Get(ctx, "9", rakuten.GetCategoryParams{
					Breadcrumb: new(true), CategoryFields: rakuten.CategoryFields{rakuten.CategoryFieldTitle, rakuten.CategoryFieldImages},
				}))
			}, `{"categoryId":"9","breadcrumbList":[{"categoryId":"1","created":null}]}`,
			"GET", "/es/2.0/categories/shop-categories/category-ids/9?breadcrumb=true&categoryfields=TITLE%2CIMAGES", "",
		},
		{"update", func(ctx context.Context, c *rakuten.Client) error {
			return c.Categories.Update(ctx, "9", rakuten.UpdateCategoryRequest{Title: "靴"})
		}, "", "PUT", "/es/2.0/categories/shop-categories/category-ids/9", `{"title":"靴"}`},
		{
			"sets", func(ctx context.Context, c *rakuten.Client) error { return only(c.Categories.Sets(ctx, nil)) },
			`{"categorySetKeyList":["0"],"categorySetList":null}`, "GET", "/es/2.0/categories/shop-category-set-lists", "",
		},
		{"tree", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Categories.Tree(ctx, rakuten.NoCategorySet, rakuten.GetTreeParams{CategorySetFields: rakuten.CategorySetFields{rakuten.CategorySetFieldTitle}}))
		}, sampleTree, "GET", "/es/2.0/categories/shop-category-trees/category-set-ids/0?categorysetfields=TITLE", ""},
		{"replace tree", func(ctx context.Context, c *rakuten.Client) error {
			return c.Categories.ReplaceTree(ctx, "0", []rakuten.CategoryTreeNode{{CategoryID: "1", Children: []rakuten.CategoryTreeNode{{CategoryID: "2"}}}})
		}, "", "PUT", "/es/2.0/categories/shop-category-trees/category-set-ids/0", `{"children":[{"categoryId":"1","children":[{"categoryId":"2"}]}]}`},
		{
			"delete tree", func(ctx context.Context, c *rakuten.Client) error { return c.Categories.DeleteTree(ctx, "0") },
			"", "PUT", "/es/2.0/categories/shop-category-trees/category-set-ids/0", `{}`,
		},
		{"mapping", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Categories.ItemMapping(ctx, "shirt", rakuten.GetCategoryParams{}))
		}, `{"categoryIds":["1"],"mainPluralCategoryId":"1"}`, "GET", "/es/2.0/categories/item-mappings/manage-numbers/shirt", ""},
		{"replace mapping", func(ctx context.Context, c *rakuten.Client) error {
			return c.Categories.ReplaceItemMapping(ctx, "shirt", rakuten.ReplaceItemMappingRequest{CategoryIDs: []string{"1"}})
		}, "", "PUT", "/es/2.0/categories/item-mappings/manage-numbers/shirt", `{"categoryIds":["1"]}`},
		{
			"delete mapping", func(ctx context.Context, c *rakuten.Client) error {
				return c.Categories.DeleteItemMapping(ctx, "shirt")
			},
			"", "DELETE", "/es/2.0/categories/item-mappings/manage-numbers/shirt", "",
		},
	})
}

// An empty tree deletes all categories, so it takes a call of its own.
func TestQuirk6AnEmptyTreeIsRefused(t *testing.T) {
	t.Parallel()
	categories, ctx := serve(t, refuseAll(t)).Categories, t.Context()
	for _, tree := range [][]rakuten.CategoryTreeNode{nil, {}} {
		err := categories.ReplaceTree(ctx, "0", tree)
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		require.ErrorContains(t, err, "DeleteTree")
	}
	require.ErrorContains(t, categories.ReplaceTree(ctx, "0", []rakuten.CategoryTreeNode{{CategoryID: "1"}, {}}), "empty")
	twice := []rakuten.CategoryTreeNode{{CategoryID: "1", Children: []rakuten.CategoryTreeNode{{CategoryID: "1"}}}}
	require.ErrorContains(t, categories.ReplaceTree(ctx, "0", twice), "category 1 is there twice")
	require.ErrorIs(t, categories.DeleteTree(ctx, ""), shotengai.ErrInvalid)
	require.ErrorContains(t, categories.ReplaceItemMapping(ctx, "shirt", rakuten.ReplaceItemMappingRequest{}), "DeleteItemMapping")
	require.ErrorContains(t, categories.ReplaceItemMapping(ctx, "shirt", rakuten.ReplaceItemMappingRequest{CategoryIDs: []string{""}}), "empty")
	_, err := categories.Create(ctx, rakuten.CreateCategoryRequest{})
	require.ErrorContains(t, err, "title")
	require.ErrorContains(t, categories.Update(ctx, "1", rakuten.UpdateCategoryRequest{}), "title")
}

func TestTreeNodes(t *testing.T) {
	t.Parallel()
	var tree rakuten.CategoryTree
	require.NoError(t, json.Unmarshal([]byte(sampleTree), &tree))
	assert.Equal(t, []rakuten.CategoryTreeNode{{CategoryID: "1", Children: []rakuten.CategoryTreeNode{{CategoryID: "2"}}}, {CategoryID: "3"}}, tree.Nodes())
	again, err := json.Marshal(tree)
	require.NoError(t, err)
	assert.JSONEq(t, sampleTree, string(again))
}

func TestNavigationCalls(t *testing.T) {
	t.Parallel()
	const genre = `{"version":{"id":1,"fixedAt":"2026-01-02T03:04:05+09:00"},"genre":{"genreId":0,"nameJa":"","level":0,"lowest":false,"children":[{"genreId":1,"nameJa":"a","level":1,"lowest":true}]}}`
	checkGolden(t, []golden{
		{
			"version", func(ctx context.Context, c *rakuten.Client) error { return only(c.Navigation.Version(ctx)) },
			`{"version":{"id":1,"fixedAt":"2026-01-02T03:04:05"}}`, "GET", "/es/2.0/navigation/version", "",
		},
		{"root", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Navigation.Genre(ctx, rakuten.RootGenre, rakuten.GenreParams{ShowChildren: new(true)}))
		}, genre, "GET", "/es/2.0/navigation/genres/0?showChildren=true", ""},
		{"attributes", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Navigation.Attributes(ctx, 100371, rakuten.GenreParams{}))
		}, genre, "GET", "/es/2.0/navigation/genres/100371/attributes", ""},
		{"attribute", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Navigation.Attribute(ctx, 100371, 4, rakuten.GenreParams{ShowSiblings: new(false)}))
		}, genre, "GET", "/es/2.0/navigation/genres/100371/attributes/4?showSiblings=false", ""},
		{"values", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Navigation.DictionaryValues(ctx, 100371, 4, rakuten.DictionaryParams{Page: 2, Limit: 5}))
		}, genre, "GET", "/es/2.0/navigation/genres/100371/attributes/4/dictionaryValues?limit=5&page=2", ""},
		{"values of all", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Navigation.DictionaryValues(ctx, 100371, rakuten.AllAttributes, rakuten.DictionaryParams{}))
		}, genre, "GET", "/es/2.0/navigation/genres/100371/attributes/-/dictionaryValues", ""},
	})
	_, err := serve(t, refuseAll(t)).Navigation.Genre(t.Context(), -1, rakuten.GenreParams{})
	require.ErrorIs(t, err, shotengai.ErrInvalid)
}

func TestAnyTime(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 1, 2, 3, 4, 5, 0, shotengai.JST)
	for _, text := range []string{`"2026-01-02T03:04:05+09:00"`, `"2026-01-01T18:04:05Z"`, `"2026-01-02T03:04:05+0900"`, `"2026-01-02T03:04:05"`, `"2026-01-02 03:04:05"`} {
		var at rakuten.AnyTime
		require.NoError(t, json.Unmarshal([]byte(text), &at), text)
		assert.True(t, want.Equal(at.Time), text)
		again, err := json.Marshal(at)
		require.NoError(t, err)
		assert.Equal(t, `"2026-01-02T03:04:05+09:00"`, string(again))
	}
	var none rakuten.AnyTime
	require.NoError(t, json.Unmarshal([]byte(`null`), &none))
	assert.True(t, none.IsZero())
	for _, text := range []string{`"today"`, `1`, `{}`} {
		require.Error(t, json.Unmarshal([]byte(text), &none), text)
	}
}

func FuzzAnyTime(f *testing.F) {
	f.Add([]byte(`"2026-01-02T03:04:05+0900"`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var once, twice rakuten.AnyTime
		if once.UnmarshalJSON(data) != nil {
			return
		}
		text, err := once.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, twice.UnmarshalJSON(text))
		assert.True(t, once.Equal(twice.Time))
	})
}
