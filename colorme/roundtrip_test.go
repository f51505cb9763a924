package colorme_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

// Every kind of answer decodes strictly and is encoded as it was sent: null stays null.
func TestAnswersRoundTrip(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t)
	ctx := t.Context()
	first := func(list string) int64 {
		var out map[string]json.RawMessage
		require.NoError(t, client.Do(ctx, "GET", "/v1/"+list, nil, &out))
		var rows []struct {
			ID int64 `json:"id"`
		}
		require.NoError(t, json.Unmarshal(out[list], &rows))
		return rows[0].ID
	}
	sale, customer, coupon, group, template := first("sales"), first("customers"), first("shop_coupons"), first("groups"), first("templates")
	product := srv.Shop().AddProduct(map[string]any{"name": "湯のみ", "stock_managed": true})
	srv.Shop().AddOption(product, "色", "赤", "青")
	plain := srv.Shop().AddProduct(map[string]any{"name": "皿"})
	variants, err := client.ProductVariants.List(ctx, product, colorme.ListProductVariantsParams{})
	require.NoError(t, err)
	tag, err := client.ShopScriptTags.Create(ctx, colorme.CreateShopScriptTagRequest{Src: "https://example.com/a.js", DisplayScope: colorme.ScriptShop, Integrity: colorme.Integrity(nil)})
	require.NoError(t, err)
	legacy, err := client.ScriptTags.Create(ctx, colorme.CreateScriptTagRequest{Src: "https://example.com/a.js", DisplayScope: colorme.ScriptShop})
	require.NoError(t, err)
	inline, err := client.InlineScriptTags.Create(ctx, colorme.CreateInlineScriptTagRequest{Script: "1", TriggerEvent: colorme.TriggerObjectBuilded, DisplayScope: colorme.ScriptAll})
	require.NoError(t, err)

	items := func(key string) func(map[string]any) any { return func(m map[string]any) any { return m[key] } }
	tests := map[string]struct {
		sent func(map[string]any) any
		call func(context.Context, shotengai.CallOption) (any, error)
	}{
		"shop": {items("shop"), func(ctx context.Context, o shotengai.CallOption) (any, error) { return client.Shop.Get(ctx, o) }},
		"sales": {items("sales"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.Sales.List(ctx, colorme.ListSalesParams{Limit: 100}, o))
		}},
		"sale": {items("sale"), func(ctx context.Context, o shotengai.CallOption) (any, error) { return client.Sales.Get(ctx, sale, o) }},
		"stat": {items("sales_stat"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.Sales.Stat(ctx, srv.Now(), o)
		}},
		"customers": {items("customers"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.Customers.List(ctx, colorme.ListCustomersParams{Limit: 100}, o))
		}},
		"customer": {items("customer"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.Customers.Get(ctx, customer, o)
		}},
		"products": {items("products"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.Products.List(ctx, colorme.ListProductsParams{Limit: 50}, o))
		}},
		"product": {items("product"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.Products.Get(ctx, product, o)
		}},
		"variants": {items("variants"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.ProductVariants.List(ctx, product, colorme.ListProductVariantsParams{}, o))
		}},
		"variant": {items("variant"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.ProductVariants.Get(ctx, product, variants.Items[0].ID, o)
		}},
		"option": {items("option"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.ProductOptions.Create(ctx, plain, colorme.CreateProductOptionRequest{Name: "寸", Values: []colorme.CreateProductOptionValueRequest{{Name: "大"}}}, o)
		}},
		"images": {func(m map[string]any) any { return m["product"].(map[string]any)["images"] }, func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.ProductImages.List(ctx, product, o))
		}},
		"pickup": {items("pickup"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.ProductPickups.Create(ctx, product, colorme.CreateProductPickupRequest{PickupType: colorme.PickupTopPick}, o)
		}},
		"advertisings": {items("product_advertisings"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.ProductAdvertisings.List(ctx, colorme.ListProductAdvertisingsParams{}, o))
		}},
		"reviews": {items("reviews"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.Reviews.List(ctx, colorme.ListReviewsParams{}, o))
		}},
		"stocks": {items("stocks"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.Stocks.List(ctx, colorme.ListStocksParams{Limit: 50}, o))
		}},
		"groups": {items("groups"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.ProductGroups.List(ctx, o))
		}},
		"group": {items("group"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.ProductGroups.Get(ctx, group, o)
		}},
		"categories": {items("categories"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.ProductCategories.List(ctx, o))
		}},
		"payments": {items("payments"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.Payments.List(ctx, o))
		}},
		"deliveries": {items("deliveries"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.Deliveries.List(ctx, o))
		}},
		"delivery days": {items("delivery_date"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.Deliveries.DateSetting(ctx, o)
		}},
		"gift": {items("gift"), func(ctx context.Context, o shotengai.CallOption) (any, error) { return client.Gift.Get(ctx, o) }},
		"coupons": {items("shop_coupons"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.Coupons.List(ctx, o))
		}},
		"coupon": {items("shop_coupon"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.Coupons.Get(ctx, coupon, o)
		}},
		"templates": {items("templates"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return rows(client.Templates.List(ctx, o))
		}},
		"template page": {items("template_page"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.Templates.GetPage(ctx, template, colorme.PageTop, o)
		}},
		"shop script tag": {items("script_tag"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.ShopScriptTags.Get(ctx, tag.ID, o)
		}},
		"script tag": {items("script_tag"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.ScriptTags.Get(ctx, legacy.ID, o)
		}},
		"inline script tag": {items("inline_script_tag"), func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.InlineScriptTags.Get(ctx, inline.ID, o)
		}},
		"points": {func(m map[string]any) any { return m }, func(ctx context.Context, o shotengai.CallOption) (any, error) {
			return client.Customers.AddPoints(ctx, customer, 1, o)
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r shotengai.Response
			got, err := tt.call(t.Context(), shotengai.WithResponse(&r))
			require.NoError(t, err)
			var sent map[string]any
			require.NoError(t, json.Unmarshal(r.Body, &sent))
			sameJSON(t, tt.sent(sent), got)
		})
	}
}

// rows are the items of a page.
func rows[T any](page *shotengai.Page[T], err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return page.Items, nil
}
