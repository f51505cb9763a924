//go:build contract

package rakuten_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

func TestContractShopPage(t *testing.T) {
	pages, ctx := catalog(t).ShopPages, t.Context()
	navigation := rakuten.CreateNavigationRequest{Type: "A", Options: &rakuten.PageNavigationOptions{Ranking: new(true), Coupon: new(false)}}
	widget := rakuten.CreateWidgetRequest{Type: rakuten.WidgetTitle, DisplayFormat: rakuten.WidgetPortrait, Body: []rakuten.WidgetBody{{
		Caption: new("a"), ImageType: rakuten.WidgetImageCabinet, ImagePath: new("/a"), LinkURL: new("https://example.com"),
	}}}
	modules := []rakuten.LayoutModule{{Type: rakuten.ModuleHeader}, {Type: rakuten.ModuleWidget, Details: &rakuten.ModuleDetails{NavigationIDs: []string{"1"}, WidgetIDs: []string{"2"}}}}
	layout := rakuten.UpdateDraftLayoutRequest{Type: rakuten.LayoutShopTop, Title: "トップ", Modules: modules}
	at := rakuten.ItemAt(time.Date(2026, 1, 2, 3, 4, 5, 6, shotengai.JST))

	gave(t)(pages.CreateNavigation(ctx, navigation))
	gave(t)(pages.Navigations(ctx))
	gave(t)(pages.Navigation(ctx, "1"))
	require.NoError(t, pages.UpdateNavigation(ctx, "1", rakuten.UpdateNavigationRequest(navigation)))
	gave(t)(pages.CreateWidget(ctx, widget))
	gave(t)(pages.Widgets(ctx))
	gave(t)(pages.Widget(ctx, "1"))
	require.NoError(t, pages.UpdateWidget(ctx, "1", rakuten.UpdateWidgetRequest(widget)))
	require.NoError(t, pages.DeleteWidget(ctx, "1"))
	gave(t)(pages.CreateLayout(ctx, rakuten.LayoutPublic, rakuten.CreateLayoutRequest{
		Type: rakuten.LayoutShopTop, Title: "トップ", Modules: modules, StartTime: at, EndTime: at,
	}, new(true)))
	gave(t)(pages.Layouts(ctx, rakuten.LayoutPreview))
	gave(t)(pages.PublishedLayouts(ctx, rakuten.LayoutShopTop))
	gave(t)(pages.Layout(ctx, "1", rakuten.LayoutDraft, new(true)))
	require.NoError(t, pages.UpdateDraftLayout(ctx, "1", layout))
	require.NoError(t, pages.DeleteLayout(ctx, "1", rakuten.LayoutDraft))
	gave(t)(pages.ReplaceLayout(ctx, "1", rakuten.ReplaceLayoutRequest(layout)))
}
