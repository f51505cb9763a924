package rakuten_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

func TestShopPageCalls(t *testing.T) {
	t.Parallel()
	const base = "/es/1.0/shop-page/"
	const layout = `{"type":"SHOP_TOP","title":"t","modules":[{"type":"HEADER","details":null}],"layoutId":"1","startTime":null,"createTime":"2026-01-02T03:04:05"}`
	content := rakuten.UpdateDraftLayoutRequest{Type: rakuten.LayoutShopTop, Title: "t", Modules: []rakuten.LayoutModule{{Type: rakuten.ModuleHeader}}}
	const sent = `{"type":"SHOP_TOP","title":"t","modules":[{"type":"HEADER","details":null}]}`
	checkGolden(t, []golden{
		{"create navigation", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.ShopPages.CreateNavigation(ctx, rakuten.CreateNavigationRequest{Options: &rakuten.PageNavigationOptions{Coupon: new(false)}}))
		}, `{"navigationId":"1"}`, "POST", base + "navigations", `{"options":{"coupon":false}}`},
		{
			"navigations", func(ctx context.Context, c *rakuten.Client) error { return only(c.ShopPages.Navigations(ctx)) },
			`{"result":[{"navigationId":"1","options":{"ranking":true}}]}`, "GET", base + "navigations", "",
		},
		{
			"navigation", func(ctx context.Context, c *rakuten.Client) error { return only(c.ShopPages.Navigation(ctx, "1")) },
			`{"navigationId":"1"}`, "GET", base + "navigations/1", "",
		},
		{"update navigation", func(ctx context.Context, c *rakuten.Client) error {
			return c.ShopPages.UpdateNavigation(ctx, "1", rakuten.UpdateNavigationRequest{Type: "A"})
		}, "", "PUT", base + "navigations/1", `{"type":"A"}`},
		{"create widget", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.ShopPages.CreateWidget(ctx, rakuten.CreateWidgetRequest{Type: rakuten.WidgetText, Body: []rakuten.WidgetBody{{Caption: new("")}}}))
		}, `{"widgetId":"1"}`, "POST", base + "widgets", `{"type":"TEXT","body":[{"caption":""}]}`},
		{
			"widgets", func(ctx context.Context, c *rakuten.Client) error { return only(c.ShopPages.Widgets(ctx)) },
			`{"result":[{"widgetId":"1","type":"NEW"}]}`, "GET", base + "widgets", "",
		},
		{
			"widget", func(ctx context.Context, c *rakuten.Client) error { return only(c.ShopPages.Widget(ctx, "1")) },
			`{"widgetId":"1"}`, "GET", base + "widgets/1", "",
		},
		{"update widget", func(ctx context.Context, c *rakuten.Client) error {
			return c.ShopPages.UpdateWidget(ctx, "1", rakuten.UpdateWidgetRequest{DisplayFormat: rakuten.WidgetLandscape})
		}, "", "PUT", base + "widgets/1", `{"displayFormat":"LANDSCAPE"}`},
		{
			"delete widget", func(ctx context.Context, c *rakuten.Client) error { return c.ShopPages.DeleteWidget(ctx, "1") },
			"", "DELETE", base + "widgets/1", "",
		},
		{"create layout", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.ShopPages.CreateLayout(ctx, rakuten.LayoutDraft, rakuten.CreateLayoutRequest{
				Title: "t", StartTime: rakuten.ItemTime{Time: time.Date(2026, 1, 2, 3, 4, 5, 678, shotengai.JST)},
			}, new(false)))
		}, `{"layoutId":"1"}`, "POST", base + "layouts/status/draft?migratePcTopPage=false", `{"title":"t","startTime":"2026-01-02T03:04:05+09:00"}`},
		{"layouts", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.ShopPages.Layouts(ctx, rakuten.LayoutPublic))
		}, `{"result":[` + layout + `]}`, "GET", base + "layouts/status/public", ""},
		{"published", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.ShopPages.PublishedLayouts(ctx, rakuten.LayoutShopTop))
		}, `{"result":[` + layout + `]}`, "GET", base + "layouts/published?layoutType=SHOP_TOP", ""},
		{"layout", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.ShopPages.Layout(ctx, "1", rakuten.LayoutPreview, new(true)))
		}, layout, "GET", base + "layouts/1/status/preview?isFullContents=true", ""},
		{"update draft", func(ctx context.Context, c *rakuten.Client) error {
			return c.ShopPages.UpdateDraftLayout(ctx, "1", content)
		}, "", "PUT", base + "layouts/1/status/draft", sent},
		{"replace", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.ShopPages.ReplaceLayout(ctx, "1", rakuten.ReplaceLayoutRequest(content)))
		}, `{"layoutId":"2"}`, "POST", base + "layouts/replace/1", sent},
		{"delete", func(ctx context.Context, c *rakuten.Client) error {
			return c.ShopPages.DeleteLayout(ctx, "1", rakuten.LayoutDraft)
		}, "", "DELETE", base + "layouts/1/status/draft", ""},
	})
	pages := serve(t, refuseAll(t)).ShopPages
	_, err := pages.Layouts(t.Context(), "PUBLIC")
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	_, err = pages.PublishedLayouts(t.Context(), "")
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	require.ErrorIs(t, pages.DeleteWidget(t.Context(), ""), shotengai.ErrInvalid)
}
