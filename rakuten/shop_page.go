package rakuten

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ShopPageService works with the pages of the shop: their navigations, widgets and
// layouts. The whole family is provisional.
type ShopPageService service

// PageNavigation is what a page links to besides its own parts.
type PageNavigation struct {
	PageNavigationContent

	NavigationID string `json:"navigationId"`
}

// PageNavigationContent is all of a navigation that a shop can write.
type PageNavigationContent struct {
	Type    string                 `json:"type,omitzero"`
	Options *PageNavigationOptions `json:"options,omitzero"`
}

// PageNavigationOptions is what a navigation shows.
type PageNavigationOptions struct {
	Ranking *bool `json:"ranking,omitzero"`
	Coupon  *bool `json:"coupon,omitzero"`
}

// PageWidget is one part of a page.
type PageWidget struct {
	PageWidgetContent

	WidgetID string `json:"widgetId"`
}

// PageWidgetContent is all of a widget that a shop can write.
type PageWidgetContent struct {
	Type          WidgetType   `json:"type,omitzero"`
	DisplayFormat WidgetFormat `json:"displayFormat,omitzero"`
	Body          []WidgetBody `json:"body,omitzero"`
}

// WidgetType is what a widget shows. Open set.
type WidgetType string

// Values of WidgetType.
const (
	WidgetSmallImage         WidgetType = "SMALL_IMAGE"
	WidgetSmallCommonBanner  WidgetType = "SMALL_COMMON_BANNER"
	WidgetLargeImage         WidgetType = "LARGE_IMAGE"
	WidgetLargeCommonBanners WidgetType = "LARGE_COMMON_BANNERS"
	WidgetItemList           WidgetType = "ITEM_LIST"
	WidgetInShopCategory     WidgetType = "IN_SHOP_CATEGORY"
	WidgetFeaturedItems      WidgetType = "FEATURED_ITEMS"
	WidgetTitle              WidgetType = "TITLE"
	WidgetText               WidgetType = "TEXT"
	WidgetShopNotice         WidgetType = "SHOP_NOTICE"
	WidgetItemReview         WidgetType = "ITEM_REVIEW"
	WidgetInShopRanking      WidgetType = "IN_SHOP_RANKING"
	WidgetHyperlink          WidgetType = "HYPERLINK"
	WidgetInShopKeywords     WidgetType = "IN_SHOP_KEYWORDS"
	WidgetCoupon             WidgetType = "COUPON"
	WidgetRecommendation     WidgetType = "RECOMMENDATION"
)

// WidgetFormat is the direction of a widget.
type WidgetFormat string

// Values of WidgetFormat.
const (
	WidgetLandscape WidgetFormat = "LANDSCAPE"
	WidgetPortrait  WidgetFormat = "PORTRAIT"
)

// WidgetBody is one entry of a widget.
type WidgetBody struct {
	Caption   *string         `json:"caption,omitzero"`
	ImageType WidgetImageType `json:"imageType,omitzero"`
	ImagePath *string         `json:"imagePath,omitzero"`
	LinkURL   *string         `json:"linkUrl,omitzero"`
}

// WidgetImageType is where the image of a widget comes from.
type WidgetImageType string

// Values of WidgetImageType.
const (
	WidgetImageCabinet   WidgetImageType = "CABINET"
	WidgetImageRecommend WidgetImageType = "RECOMMEND"
)

// Navigations lists the navigations. Provisional.
func (s *ShopPageService) Navigations(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[PageNavigation], error) {
	return api.ListAll(ctx, s.client.engine, api.Request{Operation: "GET /es/1.0/shop-page/navigations"}, func(w *shopPageNavigationsReply) []PageNavigation { return w.Result }, opts...)
}

type shopPageNavigationsReply struct {
	Result []PageNavigation `json:"result" rows:"navigationId"`
}

// Navigation returns one navigation. Provisional.
func (s *ShopPageService) Navigation(ctx context.Context, navigationID string, opts ...shotengai.CallOption) (*PageNavigation, error) {
	var out PageNavigation
	if err := s.client.engine.Do(ctx, api.Request{Operation: "GET /es/1.0/shop-page/navigations/{navigationId}", Path: []string{navigationID}}, &out, opts...); err != nil {
		return nil, err
	}
	return &out, nil
}

// CreateNavigationRequest is a new navigation, with the fields of PageNavigationContent.
type CreateNavigationRequest PageNavigationContent

// CreateNavigation makes a navigation and returns its id. Provisional.
func (s *ShopPageService) CreateNavigation(ctx context.Context, navigation CreateNavigationRequest, opts ...shotengai.CallOption) (string, error) {
	return api.Pick(ctx, s.client.engine, api.Request{Operation: "POST /es/1.0/shop-page/navigations", Body: navigation}, func(w *shopPageCreateNavigationReply) string { return w.NavigationID }, opts...)
}

type shopPageCreateNavigationReply struct {
	NavigationID string `json:"navigationId"`
}

// UpdateNavigationRequest is a whole navigation, with the fields of PageNavigationContent.
type UpdateNavigationRequest PageNavigationContent

// UpdateNavigation writes a navigation as a whole. Provisional.
func (s *ShopPageService) UpdateNavigation(ctx context.Context, navigationID string, navigation UpdateNavigationRequest, opts ...shotengai.CallOption) error {
	r := api.Request{Operation: "PUT /es/1.0/shop-page/navigations/{navigationId}", Path: []string{navigationID}, Body: navigation}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

// Widgets lists the widgets. Provisional.
func (s *ShopPageService) Widgets(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[PageWidget], error) {
	return api.ListAll(ctx, s.client.engine, api.Request{Operation: "GET /es/1.0/shop-page/widgets"}, func(w *shopPageWidgetsReply) []PageWidget { return w.Result }, opts...)
}

type shopPageWidgetsReply struct {
	Result []PageWidget `json:"result" rows:"widgetId"`
}

// Widget returns one widget. Provisional.
func (s *ShopPageService) Widget(ctx context.Context, widgetID string, opts ...shotengai.CallOption) (*PageWidget, error) {
	var out PageWidget
	if err := s.client.engine.Do(ctx, api.Request{Operation: "GET /es/1.0/shop-page/widgets/{widgetId}", Path: []string{widgetID}}, &out, opts...); err != nil {
		return nil, err
	}
	return &out, nil
}

// CreateWidgetRequest is a new widget, with the fields of PageWidgetContent.
type CreateWidgetRequest PageWidgetContent

// CreateWidget makes a widget and returns its id. Provisional.
func (s *ShopPageService) CreateWidget(ctx context.Context, widget CreateWidgetRequest, opts ...shotengai.CallOption) (string, error) {
	return api.Pick(ctx, s.client.engine, api.Request{Operation: "POST /es/1.0/shop-page/widgets", Body: widget}, func(w *shopPageCreateWidgetReply) string { return w.WidgetID }, opts...)
}

type shopPageCreateWidgetReply struct {
	WidgetID string `json:"widgetId"`
}

// UpdateWidgetRequest is a whole widget, with the fields of PageWidgetContent.
type UpdateWidgetRequest PageWidgetContent

// UpdateWidget writes a widget as a whole. Provisional.
func (s *ShopPageService) UpdateWidget(ctx context.Context, widgetID string, widget UpdateWidgetRequest, opts ...shotengai.CallOption) error {
	r := api.Request{Operation: "PUT /es/1.0/shop-page/widgets/{widgetId}", Path: []string{widgetID}, Body: widget}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

// DeleteWidget removes a widget. Provisional.
func (s *ShopPageService) DeleteWidget(ctx context.Context, widgetID string, opts ...shotengai.CallOption) error {
	return s.client.engine.Do(ctx, api.Request{Operation: "DELETE /es/1.0/shop-page/widgets/{widgetId}", Path: []string{widgetID}}, nil, opts...)
}

// LayoutStatus is the state of a layout. The letter case that the platform wants in paths
// is uncertain; these are lower case.
type LayoutStatus string

// Values of LayoutStatus.
const (
	LayoutPublic  LayoutStatus = "public"
	LayoutDraft   LayoutStatus = "draft"
	LayoutPreview LayoutStatus = "preview"
)

func (s LayoutStatus) validate() error {
	if !slices.Contains([]LayoutStatus{LayoutPublic, LayoutDraft, LayoutPreview}, s) {
		return fmt.Errorf("status: %q is none of %s, %s and %s", string(s), LayoutPublic, LayoutDraft, LayoutPreview)
	}
	return nil
}

func requiredType(layoutType LayoutType) error {
	if layoutType == "" {
		return errors.New("layoutType is required")
	}
	return nil
}
