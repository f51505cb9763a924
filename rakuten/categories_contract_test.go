//go:build contract

package rakuten_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

func TestContractCategories(t *testing.T) {
	categories, ctx := catalog(t).Categories, t.Context()
	content := rakuten.CategoryContent{
		CategorySetID: "0", Title: "服", CategoryFeatures: &rakuten.CategoryFeatures{Display: new(true), CategoryPageViewMode: rakuten.CategoryPlural},
		Description: &rakuten.ItemText{PC: shotengai.Set("<p>"), SP: shotengai.Set("<p>")}, AdditionalDescription: new("a"),
		Images: []rakuten.ItemImage{{Type: rakuten.ImageCabinet, Location: "/a.jpg", Alt: shotengai.Set("a")}},
		Layout: &rakuten.CategoryLayout{
			NavigationID: new(int64(1)), LayoutCategorySequenceID: new(int64(2)), SmallDescriptionID: new(int64(3)), ShowcaseID: new(int64(4)), LargeDescriptionID: new(int64(5)),
		},
	}
	sets := rakuten.CategorySetFields{rakuten.CategorySetFieldTitle, rakuten.CategorySetFieldFeatures, rakuten.CategorySetFieldCreated, rakuten.CategorySetFieldUpdated}
	fields := rakuten.CategoryFields{
		rakuten.CategoryFieldSetID, rakuten.CategoryFieldTitle, rakuten.CategoryFieldFeatures, rakuten.CategoryFieldDescription, rakuten.CategoryFieldAdditionalDescription,
		rakuten.CategoryFieldImages, rakuten.CategoryFieldLayout, rakuten.CategoryFieldCreated, rakuten.CategoryFieldUpdated,
	}
	all := rakuten.GetCategoryParams{Breadcrumb: new(true), CategorySetFields: sets, CategoryFields: fields}
	gave(t)(categories.Create(ctx, rakuten.CreateCategoryRequest(content)))
	gave(t)(categories.Get(ctx, "1", all))
	require.NoError(t, categories.Update(ctx, "1", rakuten.UpdateCategoryRequest(content)))
	gave(t)(categories.Sets(ctx, sets))
	gave(t)(categories.Tree(ctx, rakuten.NoCategorySet, rakuten.GetTreeParams{CategorySetFields: sets, CategoryFields: fields}))
	require.NoError(t, categories.ReplaceTree(ctx, "0", []rakuten.CategoryTreeNode{{CategoryID: "1", Children: []rakuten.CategoryTreeNode{{CategoryID: "2"}}}}))
	require.NoError(t, categories.DeleteTree(ctx, "0"))
	gave(t)(categories.ItemMapping(ctx, "shirt", all))
	require.NoError(t, categories.ReplaceItemMapping(ctx, "shirt", rakuten.ReplaceItemMappingRequest{CategoryIDs: []string{"1"}, MainPluralCategoryID: "1"}))
	require.NoError(t, categories.DeleteItemMapping(ctx, "shirt"))
}

func TestContractNavigation(t *testing.T) {
	navigation, ctx := catalog(t).Navigation, t.Context()
	around := rakuten.GenreParams{ShowAncestors: new(true), ShowSiblings: new(true), ShowChildren: new(false)}
	gave(t)(navigation.Version(ctx))
	gave(t)(navigation.Genre(ctx, rakuten.RootGenre, around))
	gave(t)(navigation.Attributes(ctx, 100371, around))
	gave(t)(navigation.Attribute(ctx, 100371, 4, around))
	gave(t)(navigation.DictionaryValues(ctx, 100371, rakuten.AllAttributes, rakuten.DictionaryParams{GenreParams: around, Page: 1, Limit: 10}))
	gave(t)(navigation.DictionaryValues(ctx, 100371, 4, rakuten.DictionaryParams{}))
}
