package rakuten

import (
	"context"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// PageLayout is a page of the shop. Times are spelt as the platform spells them.
type PageLayout struct {
	PageLayoutContent

	LayoutID   string  `json:"layoutId"`
	StartTime  AnyTime `json:"startTime"`
	EndTime    AnyTime `json:"endTime"`
	CreateTime AnyTime `json:"createTime"`
	UpdateTime AnyTime `json:"updateTime"`
}

// PageLayoutContent is what a page consists of.
type PageLayoutContent struct {
	Type    LayoutType     `json:"type,omitzero"`
	Title   string         `json:"title,omitzero"`
	Modules []LayoutModule `json:"modules,omitzero"`
}

// LayoutType is which page a layout is for. Open set.
type LayoutType string

// LayoutShopTop is the top page of the shop.
const LayoutShopTop LayoutType = "SHOP_TOP"

// LayoutModule is a part of a page.
type LayoutModule struct {
	Type    ModuleType     `json:"type"`
	Details *ModuleDetails `json:"details"` // null in parts that have none
}

// ModuleType is what a part of a page is. Open set.
type ModuleType string

// Values of ModuleType.
const (
	ModuleHeader     ModuleType = "HEADER"
	ModuleNavigation ModuleType = "NAVIGATION"
	ModuleCommon     ModuleType = "COMMON"
	ModuleWidget     ModuleType = "WIDGET"
)

// ModuleDetails names what a part of a page shows.
type ModuleDetails struct {
	NavigationIDs []string `json:"navigationIds,omitzero"`
	WidgetIDs     []string `json:"widgetIds,omitzero"`
}

// CreateLayoutRequest is a new layout. A nil time is none.
type CreateLayoutRequest struct {
	Type      LayoutType     `json:"type,omitzero"`
	Title     string         `json:"title,omitzero"`
	Modules   []LayoutModule `json:"modules,omitzero"`
	StartTime ItemTime       `json:"startTime,omitzero"` // see ItemAt
	EndTime   ItemTime       `json:"endTime,omitzero"`
}

// CreateLayout makes a layout with a status and returns its id. With migratePCTopPage the
// top page for large screens moves to it; nil leaves that to the platform. Provisional.
func (s *ShopPageService) CreateLayout(ctx context.Context, status LayoutStatus, layout CreateLayoutRequest, migratePCTopPage *bool, opts ...shotengai.CallOption) (string, error) {
	params := struct {
		MigratePCTopPage *bool `url:"migratePcTopPage,omitempty"`
	}{migratePCTopPage}
	layout.StartTime, layout.EndTime = ItemAt(layout.StartTime.Time), ItemAt(layout.EndTime.Time)
	return s.makeLayout(ctx, api.Request{
		Operation: "POST /es/1.0/shop-page/layouts/status/{status}", Path: []string{string(status)}, Params: params, Body: layout, Check: status.validate(),
	}, opts...)
}

// ReplaceLayoutRequest is a new layout in the place of another, with the fields of
// PageLayoutContent.
type ReplaceLayoutRequest PageLayoutContent

// ReplaceLayout puts a new layout in the place of a public one, and returns its id.
// Provisional.
func (s *ShopPageService) ReplaceLayout(ctx context.Context, targetLayoutID string, layout ReplaceLayoutRequest, opts ...shotengai.CallOption) (string, error) {
	return s.makeLayout(ctx, api.Request{Operation: "POST /es/1.0/shop-page/layouts/replace/{targetLayoutId}", Path: []string{targetLayoutID}, Body: layout}, opts...)
}

func (s *ShopPageService) makeLayout(ctx context.Context, r api.Request, opts ...shotengai.CallOption) (string, error) {
	var out struct {
		LayoutID string `json:"layoutId"`
	}
	err := s.client.engine.Do(ctx, r, &out, opts...)
	return out.LayoutID, err
}

// Layouts lists the layouts with a status. Provisional.
func (s *ShopPageService) Layouts(ctx context.Context, status LayoutStatus, opts ...shotengai.CallOption) (*shotengai.Page[PageLayout], error) {
	return s.layouts(ctx, api.Request{Operation: "GET /es/1.0/shop-page/layouts/status/{status}", Path: []string{string(status)}, Check: status.validate()}, opts...)
}

// PublishedLayouts lists the layouts of one page that buyers see. Provisional.
func (s *ShopPageService) PublishedLayouts(ctx context.Context, layoutType LayoutType, opts ...shotengai.CallOption) (*shotengai.Page[PageLayout], error) {
	params := struct {
		LayoutType LayoutType `url:"layoutType"`
	}{layoutType}
	return s.layouts(ctx, api.Request{Operation: "GET /es/1.0/shop-page/layouts/published", Params: params, Check: requiredType(layoutType)}, opts...)
}

func (s *ShopPageService) layouts(ctx context.Context, r api.Request, opts ...shotengai.CallOption) (*shotengai.Page[PageLayout], error) {
	return api.ListAll(ctx, s.client.engine, r, func(w *layoutsReply) []PageLayout { return w.Result }, opts...)
}

type layoutsReply struct {
	Result []PageLayout `json:"result" rows:"layoutId"`
}

// layoutOperation is the path of one layout with a status.
const layoutOperation = " /es/1.0/shop-page/layouts/{layoutId}/status/{status}"

func layoutPath(layoutID string, status LayoutStatus) []string {
	return []string{layoutID, string(status)}
}

// Layout returns one layout; with fullContents it has the contents of its parts.
// Provisional.
func (s *ShopPageService) Layout(ctx context.Context, layoutID string, status LayoutStatus, fullContents *bool, opts ...shotengai.CallOption) (*PageLayout, error) {
	params := struct {
		FullContents *bool `url:"isFullContents,omitempty"`
	}{fullContents}
	r := api.Request{Operation: "GET" + layoutOperation, Path: layoutPath(layoutID, status), Params: params, Check: status.validate()}
	return api.Get[PageLayout](ctx, s.client.engine, r, opts...)
}

// UpdateDraftLayoutRequest is a whole draft, with the fields of PageLayoutContent.
type UpdateDraftLayoutRequest PageLayoutContent

// UpdateDraftLayout writes a draft as a whole. Layouts with another status cannot be
// changed. Provisional.
func (s *ShopPageService) UpdateDraftLayout(ctx context.Context, layoutID string, layout UpdateDraftLayoutRequest, opts ...shotengai.CallOption) error {
	return s.client.engine.Do(ctx, api.Request{Operation: "PUT" + layoutOperation, Path: layoutPath(layoutID, LayoutDraft), Body: layout}, nil, opts...)
}

// DeleteLayout removes a layout. Removing a public one takes the page away from buyers.
// Provisional.
func (s *ShopPageService) DeleteLayout(ctx context.Context, layoutID string, status LayoutStatus, opts ...shotengai.CallOption) error {
	r := api.Request{Operation: "DELETE" + layoutOperation, Path: layoutPath(layoutID, status), Check: status.validate()}
	return s.client.engine.Do(ctx, r, nil, opts...)
}
