package colorme_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

func TestProducts(t *testing.T) {
	t.Parallel()
	const reply = `{"product":{"id":7,"stocks":null}}`
	update := func(r colorme.UpdateProductRequest) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) { return c.Products.Update(ctx, 7, r) }
	}
	runExchanges(t, map[string]exchange{
		"list joins by commas": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Products.List(ctx, colorme.ListProductsParams{
					IDs: colorme.IDs{1, 2}, GroupIDs: colorme.IDs{3, 4}, Stocks: new(int64(0)), StockManaged: new(false),
					Sort: colorme.ProductSorts{"-update_date", "price"}, Fields: colorme.Fields{"id", "name"}, Limit: 50,
				})
			},
			method: "GET", path: "/v1/products",
			query:  "fields=id,name&group_ids=3,4&ids=1,2&limit=50&sort=-update_date,price&stock_managed=false&stocks=0",
			status: 200, reply: `{"products":[],"meta":{"total":0,"limit":50,"offset":0}}`,
		},
		"get": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Products.Get(ctx, 7) },
			method: "GET", path: "/v1/products/7", status: 200, reply: reply, want: &colorme.Product{ID: 7},
		},
		"create answers 200": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Products.Create(ctx, colorme.CreateProductRequest{Name: "湯のみ", SalesPrice: new(int64(0)), DisplayState: colorme.DisplayHidden, TaxReduced: new(false)})
			},
			method: "POST", path: "/v1/products", status: 200, reply: reply,
			body: `{"product":{"name":"湯のみ","sales_price":0,"display_state":"hidden","tax_reduced":false}}`,
		},
		"stock is set by a number": {
			call: update(colorme.UpdateProductRequest{Stocks: colorme.SetStocks(0)}), method: "PUT", path: "/v1/products/7",
			body: `{"product":{"stocks":0}}`, status: 200, reply: reply,
		},
		"stock is changed by an increment": {
			call: update(colorme.UpdateProductRequest{Stocks: colorme.AddStocks(-2)}), method: "PUT", path: "/v1/products/7",
			body: `{"product":{"stocks":{"increment":-2}}}`, status: 200, reply: reply,
		},
		"variants are named by their options": {
			call: update(colorme.UpdateProductRequest{Variants: []colorme.UpdateProductVariant{
				{Option1Value: "赤", Stocks: colorme.SetStocks(1)}, {Option1Value: "青", Option2Value: new("大"), Stocks: colorme.AddStocks(1)},
			}}), method: "PUT", path: "/v1/products/7", status: 200, reply: reply,
			body: `{"product":{"variants":[{"option1_value":"赤","stocks":1},{"option1_value":"青","option2_value":"大","stocks":{"increment":1}}]}}`,
		},
		"an empty list takes all groups away": {
			call: update(colorme.UpdateProductRequest{GroupIDs: []int64{}, CategoryIDSmall: new(int64(0))}), method: "PUT", path: "/v1/products/7",
			body: `{"product":{"group_ids":[],"category_id_small":0}}`, status: 200, reply: reply,
		},
	})
}

func TestProductsRefused(t *testing.T) {
	t.Parallel()
	list := func(p colorme.ListProductsParams) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) { return c.Products.List(ctx, p) }
	}
	update := func(r colorme.UpdateProductRequest) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) { return c.Products.Update(ctx, 1, r) }
	}
	runRefusals(t, map[string]refusal{
		"unknown sort":          {list(colorme.ListProductsParams{Sort: colorme.ProductSorts{"name"}}), `sort: "name"`},
		"a sort that is a dash": {list(colorme.ListProductsParams{Sort: colorme.ProductSorts{"-"}}), "sort: has to be one of"},
		"a group's state":       {list(colorme.ListProductsParams{DisplayState: colorme.DisplayMembersOnly}), "display_state"},
		"a field with a comma":  {list(colorme.ListProductsParams{Fields: colorme.Fields{"id,name"}}), "comma"},
		"negative price":        {update(colorme.UpdateProductRequest{Price: new(int64(-1))}), "price: -1 is negative"},
		"negative stock":        {update(colorme.UpdateProductRequest{Stocks: colorme.SetStocks(-1)}), "stocks: stock cannot be set to -1"},
		"a variant of nothing":  {update(colorme.UpdateProductRequest{Variants: []colorme.UpdateProductVariant{{Stocks: colorme.SetStocks(1)}}}), "option1_value"},
		"a variant untouched":   {update(colorme.UpdateProductRequest{Variants: []colorme.UpdateProductVariant{{Option1Value: "赤"}}}), "stocks is required"},
		"long name":             {update(colorme.UpdateProductRequest{Name: new(strings.Repeat("あ", 101))}), "101 characters"},
		"no name": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.Products.Create(ctx, colorme.CreateProductRequest{})
		}, "name: must not be empty"},
	})
}

func TestProductParts(t *testing.T) {
	t.Parallel()
	const variant, pickup = `{"variant":{"id":2}}`, `{"pickup":{"pickup_type":3,"product_id":1,"order_num":null}}`
	runExchanges(t, map[string]exchange{
		"variants": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductVariants.List(ctx, 1, colorme.ListProductVariantsParams{ModelNumber: "a b", Fields: colorme.Fields{"id"}, Limit: 100})
			},
			method: "GET", path: "/v1/products/1/variants", query: "fields=id&limit=100&model_number=a b", status: 200,
			reply: `{"variants":[{"id":2,"option2":null}],"meta":{"total":1,"limit":100,"offset":0}}`,
		},
		"variant": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.ProductVariants.Get(ctx, 1, 2) },
			method: "GET", path: "/v1/products/1/variants/2", status: 200, reply: variant, want: &colorme.ProductVariant{ID: 2},
		},
		"variant update omits, clears and sets": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductVariants.Update(ctx, 1, 2, colorme.UpdateProductVariantRequest{Stocks: shotengai.Clear[int64](), FewNum: shotengai.Set(int64(0)), ModelNumber: shotengai.Set("m")})
			},
			method: "PUT", path: "/v1/products/1/variants/2", status: 200, reply: variant,
			body: `{"variant":{"stocks":null,"few_num":0,"model_number":"m"}}`,
		},
		"option answers 201": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductOptions.Create(ctx, 1, colorme.CreateProductOptionRequest{Name: "色", Values: []colorme.CreateProductOptionValueRequest{{Name: "赤"}}})
			},
			method: "POST", path: "/v1/products/1/options", status: 201, body: `{"option":{"name":"色","values":[{"name":"赤"}]}}`,
			reply: `{"option":{"id":3,"values":["赤"],"make_date":null}}`, want: &colorme.ProductOption{ID: 3, Values: []string{"赤"}},
		},
		"option delete": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return only(c.ProductOptions.Delete(ctx, 1, 3))
			},
			method: "DELETE", path: "/v1/products/1/options/3", status: 204,
		},
		"option value": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductOptions.CreateValue(ctx, 1, 3, "青")
			},
			method: "POST", path: "/v1/products/1/options/3/values", status: 201, body: `{"option_value":{"name":"青"}}`,
			reply: `{"option_value":{"option_id":3,"value_id":4}}`, want: &colorme.ProductOptionValue{OptionID: 3, ValueID: 4},
		},
		"option value delete": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return only(c.ProductOptions.DeleteValue(ctx, 1, 3, 4))
			},
			method: "DELETE", path: "/v1/products/1/options/3/values/4", status: 204,
		},
		"pickup bodies are flat": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductPickups.Create(ctx, 1, colorme.CreateProductPickupRequest{PickupType: colorme.PickupRecommended})
			},
			method: "POST", path: "/v1/products/1/pickups", status: 200, body: `{"pickup_type":0}`, reply: pickup,
		},
		"pickup update": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductPickups.Update(ctx, 1, colorme.UpdateProductPickupRequest{PickupType: colorme.PickupNewArrival, OrderNum: new(0)})
			},
			method: "PUT", path: "/v1/products/1/pickups", status: 200, body: `{"pickup_type":3,"order_num":0}`, reply: pickup,
		},
		"pickup delete answers 200 with the object": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.ProductPickups.Delete(ctx, 1, 0) },
			method: "DELETE", path: "/v1/products/1/pickups/0", status: 200, reply: pickup,
			want: &colorme.ProductPickup{PickupType: colorme.PickupNewArrival, ProductID: 1},
		},
		"images are those of the second model": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.ProductImages.List(ctx, 1) },
			method: "GET", path: "/v1/products/1/images", status: 200,
			reply: `{"product":{"id":1,"images":[{"position":0,"url":"https://x/0.jpg"},{"position":49,"url":"https://x/49.jpg"}]}}`,
			want:  &shotengai.Page[colorme.ProductImageEntry]{Items: []colorme.ProductImageEntry{{Position: 0, URL: "https://x/0.jpg"}, {Position: 49, URL: "https://x/49.jpg"}}, Total: new(2)},
		},
		"image delete": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return only(c.ProductImages.Delete(ctx, 1, 0))
			},
			method: "DELETE", path: "/v1/products/1/images/0", status: 204,
		},
		"advertisings": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductAdvertisings.List(ctx, colorme.ListProductAdvertisingsParams{ProductIDs: colorme.IDs{1, 2}, Limit: 250})
			},
			method: "GET", path: "/v1/product_advertisings", query: "limit=250&product_ids=1,2", status: 200,
			reply: `{"product_advertisings":[{"product_id":1,"condition":null,"gender":"unisex","colors":[]}],"meta":{"total":1,"limit":250,"offset":0}}`,
		},
		"stocks": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Stocks.List(ctx, colorme.ListStocksParams{IDs: colorme.IDs{1}, Stocks: new(int64(0)), RecentZeroStocks: new(true), CategoryIDBig: 2})
			},
			method: "GET", path: "/v1/stocks", query: "category_id_big=2&ids=1&recent_zero_stocks=true&stocks=0", status: 200,
			reply: `{"stocks":[],"meta":{"total":0,"limit":10,"offset":0}}`,
		},
	})
}

func TestGroupsAndCategories(t *testing.T) {
	t.Parallel()
	meta := &colorme.UpdateMetaTag{Title: shotengai.Set("t"), Keywords: shotengai.Clear[string]()}
	const group, category = `{"group":{"id":1,"meta_tag":null}}`, `{"category":{"id_big":1,"id_small":0,"children":[]}}`
	runExchanges(t, map[string]exchange{
		"groups have no pages": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.ProductGroups.List(ctx) },
			method: "GET", path: "/v1/groups", status: 200, reply: `{"groups":[{"id":1,"display_state":"members_only"}]}`,
			want: &shotengai.Page[colorme.ProductGroup]{Items: []colorme.ProductGroup{{ID: 1, DisplayState: colorme.DisplayMembersOnly}}, Total: new(1)},
		},
		"group": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.ProductGroups.Get(ctx, 1) },
			method: "GET", path: "/v1/groups/1", status: 200, reply: group,
		},
		"group create answers 201": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductGroups.Create(ctx, colorme.CreateProductGroupRequest{Name: "n", DisplayState: colorme.DisplayMembersOnly, MetaTag: meta})
			},
			method: "POST", path: "/v1/groups", status: 201, reply: group,
			body: `{"group":{"name":"n","display_state":"members_only","meta_tag":{"title":"t","keywords":null}}}`,
		},
		"group update": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductGroups.Update(ctx, 1, colorme.UpdateProductGroupRequest{Expl: shotengai.Clear[string]()})
			},
			method: "PUT", path: "/v1/groups/1", status: 200, reply: group, body: `{"group":{"expl":null}}`,
		},
		"the tree of categories": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.ProductCategories.List(ctx) },
			method: "GET", path: "/v1/categories", status: 200,
			reply: `{"categories":[{"id_big":1,"id_small":0,"children":[{"id_big":1,"id_small":2}],"meta_tag":{"title":null}}]}`,
			want: &shotengai.Page[colorme.ProductCategory]{Items: []colorme.ProductCategory{{
				IDBig: 1, Children: []colorme.ProductCategory{{IDBig: 1, IDSmall: 2}}, MetaTag: &colorme.MetaTag{},
			}}, Total: new(1)},
		},
		"category create": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductCategories.Create(ctx, colorme.CreateProductCategoryRequest{Name: "n", Sort: new(int64(0))})
			},
			method: "POST", path: "/v1/categories", status: 201, reply: category, body: `{"category":{"name":"n","sort":0}}`,
		},
		"category update empties by an empty text, since null is ignored": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductCategories.Update(ctx, 1, colorme.UpdateProductCategoryRequest{Expl: new("")})
			},
			method: "PUT", path: "/v1/categories/1", status: 200, reply: category, body: `{"category":{"expl":""}}`,
		},
		"small categories travel in the same wrapper": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductCategories.CreateChild(ctx, 1, colorme.CreateProductCategoryRequest{Name: "n"})
			},
			method: "POST", path: "/v1/categories/1/children", status: 201, reply: category, body: `{"category":{"name":"n"}}`,
		},
		"small category update": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ProductCategories.UpdateChild(ctx, 1, 2, colorme.UpdateProductCategoryRequest{Name: new("n")})
			},
			method: "PUT", path: "/v1/categories/1/children/2", status: 200, reply: category, body: `{"category":{"name":"n"}}`,
		},
	})
}

func TestProductPartsRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	runRefusals(t, map[string]refusal{
		"nothing to change": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ProductVariants.Update(ctx, 1, 2, colorme.UpdateProductVariantRequest{})
		}, "nothing to change"},
		"negative stock of a variant": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ProductVariants.Update(ctx, 1, 2, colorme.UpdateProductVariantRequest{Stocks: shotengai.Set(int64(-1))})
		}, "stocks: -1"},
		"an option without values": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ProductOptions.Create(ctx, 1, colorme.CreateProductOptionRequest{Name: "色"})
		}, "at least one"},
		"an unnamed value": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ProductOptions.CreateValue(ctx, 1, 2, "")
		}, "name: must not be empty"},
		"pickup type 2": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ProductPickups.Delete(ctx, 1, 2)
		}, "none of 0, 1, 3, 4"},
		"negative place": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ProductPickups.Create(ctx, 1, colorme.CreateProductPickupRequest{OrderNum: new(-1)})
		}, "order_num"},
		"position 50": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return only(c.ProductImages.Delete(ctx, 1, 50))
		}, "between 0 and 49"},
		"a group with a product's state": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ProductGroups.Update(ctx, 1, colorme.UpdateProductGroupRequest{DisplayState: colorme.DisplaySaleForMembers})
		}, "display_state"},
		"negative sort": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ProductCategories.Update(ctx, 1, colorme.UpdateProductCategoryRequest{Sort: new(int64(-1))})
		}, "sort: -1"},
		"long title": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ProductCategories.Create(ctx, colorme.CreateProductCategoryRequest{Name: "n", MetaTag: &colorme.UpdateMetaTag{Title: shotengai.Set(long)}})
		}, "meta_tag.title"},
		"advertisings of a group's state": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ProductAdvertisings.List(ctx, colorme.ListProductAdvertisingsParams{DisplayState: colorme.DisplayMembersOnly})
		}, "display_state"},
		"stocks from below zero": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.Stocks.List(ctx, colorme.ListStocksParams{Offset: -1})
		}, "must not be negative"},
	})
}

// A read right after a write may give the old value.
func TestStaleReads(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t, colormetest.WithStaleReads(time.Hour))
	id := srv.Shop().AddProduct(map[string]any{"name": "old"})
	_, err := client.Products.Get(t.Context(), id)
	require.NoError(t, err)
	updated, err := client.Products.Update(t.Context(), id, colorme.UpdateProductRequest{Name: new("new")})
	require.NoError(t, err)
	assert.Equal(t, "new", updated.Name, "the answer to the write is the truth")
	stale, err := client.Products.Get(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, "old", stale.Name)
}
