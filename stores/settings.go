package stores

import (
	"context"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// StoreService reads the shop itself.
type StoreService service

// Store is the shop behind the token.
type Store struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Get returns the shop behind the token: an account may have permitted several. A 403 here
// is a shop that has withdrawn, and matches [shotengai.ErrReauthorize]. Provisional. Scope:
// retail.shop.read.
//
// https://github.com/heyinc/retail-api-docs
func (s *StoreService) Get(ctx context.Context, opts ...shotengai.CallOption) (*Store, error) {
	r := api.Request{Operation: getStore, Decode: wholeStore}
	return api.Get[Store](ctx, s.client.engine, r, opts...)
}

var wholeStore = api.Needs("id", func(s *Store) bool { return s.ID != "" })

// CategoriesService reads the categories of items.
type CategoriesService service

// ListCategoriesParams selects categories.
type ListCategoriesParams struct {
	IDs       IDs `url:"ids,omitempty"`
	ParentIDs IDs `url:"parent_ids,omitempty"`
	Limit     int `url:"limit,omitempty"` // rows a page, 1 to 100; 10 when 0
	Offset    int `url:"offset,omitempty"`
}

// Category is a category of items.
type Category struct {
	ID        string  `json:"id"`
	CreatedAt string  `json:"created_at"` // documented as a string without a format
	Name      string  `json:"name"`
	ParentID  *string `json:"parent_id"` // nil: at the top
}

// List returns one page of categories in the shop's order. Scope: retail.shop.read.
//
// https://github.com/heyinc/retail-api-docs
func (s *CategoriesService) List(ctx context.Context, params ListCategoriesParams, opts ...shotengai.CallOption) (*shotengai.Page[Category], error) {
	r := api.Request{Operation: "GET " + root + "/categories", Params: params, Check: paging(params.Limit, params.Offset)}
	return list(ctx, s.client, r, "categories", (*categoriesReply).rows, params.Limit, params.Offset, opts)
}

type categoriesReply struct {
	Categories []Category `json:"categories" rows:"id"`
}

func (r *categoriesReply) rows() []Category { return r.Categories }

// All yields the categories that params selects, 100 a page unless params.Limit sets another number.
// Rows that leave the list meanwhile end it with [shotengai.ErrRowsMoved].
// Scope: retail.shop.read.
func (s *CategoriesService) All(ctx context.Context, params ListCategoriesParams, opts ...shotengai.CallOption) iter.Seq2[*Category, error] {
	params.Limit = walkLimit(params.Limit)
	return walk(ctx, params.Offset, func(c *Category) string { return c.ID }, func(ctx context.Context, offset int) (*shotengai.Page[Category], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// SalesChannelsService reads the shops with registers.
type SalesChannelsService service

// ListSalesChannelsParams selects a page of sales channels.
type ListSalesChannelsParams struct {
	Limit  int `url:"limit,omitempty"` // rows a page, 1 to 100; 10 when 0
	Offset int `url:"offset,omitempty"`
}

// SalesChannel is a shop with a register.
type SalesChannel struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	CreatedAt Time   `json:"created_at"`
}

// List returns one page of sales channels, the newest first. Scope: retail.shop.read.
//
// https://github.com/heyinc/retail-api-docs
func (s *SalesChannelsService) List(ctx context.Context, params ListSalesChannelsParams, opts ...shotengai.CallOption) (*shotengai.Page[SalesChannel], error) {
	r := api.Request{Operation: "GET " + root + "/sales_channels", Params: params, Check: paging(params.Limit, params.Offset)}
	return list(ctx, s.client, r, "sales_channels", (*salesChannelsReply).rows, params.Limit, params.Offset, opts)
}

type salesChannelsReply struct {
	SalesChannels []SalesChannel `json:"sales_channels" rows:"id"`
}

func (r *salesChannelsReply) rows() []SalesChannel { return r.SalesChannels }

// All yields all sales channels, 100 a page unless params.Limit sets another number. Rows
// that leave the list meanwhile end it with [shotengai.ErrRowsMoved].
// Scope: retail.shop.read.
func (s *SalesChannelsService) All(ctx context.Context, params ListSalesChannelsParams, opts ...shotengai.CallOption) iter.Seq2[*SalesChannel, error] {
	params.Limit = walkLimit(params.Limit)
	return walk(ctx, params.Offset, func(c *SalesChannel) string { return c.ID }, func(ctx context.Context, offset int) (*shotengai.Page[SalesChannel], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// ShippingFeesService reads the shipping fee settings.
type ShippingFeesService service

// ShippingFeeSettings is what shipping costs.
type ShippingFeeSettings struct {
	Domestic ShippingFeeSetting `json:"domestic"`
	Overseas ShippingFeeSetting `json:"overseas"`
}

// ShippingFeeSetting is what shipping costs at home or abroad.
type ShippingFeeSetting struct {
	Enabled         bool             `json:"enabled"`
	DeliveryMethods []DeliveryMethod `json:"delivery_methods"`
}

// DeliveryMethod is a way of shipping. Fees are yen.
type DeliveryMethod struct {
	ID        *string   `json:"id"`
	CreatedAt string    `json:"created_at"` // documented as a string without a format
	Name      string    `json:"name"`
	Fee       int64     `json:"fee"`
	Areas     []AreaFee `json:"areas"`
}

// AreaFee is what a way of shipping costs to an area, in yen.
type AreaFee struct {
	Area string `json:"area"`
	Fee  int64  `json:"fee"`
}

// Get returns the shipping fee settings. Scope: retail.shop.read.
//
// https://github.com/heyinc/retail-api-docs
func (s *ShippingFeesService) Get(ctx context.Context, opts ...shotengai.CallOption) (*ShippingFeeSettings, error) {
	r := api.Request{Operation: "GET " + root + "/shipping_fee_settings", Decode: wholeFees}
	return api.Get[ShippingFeeSettings](ctx, s.client.engine, r, opts...)
}

var wholeFees = api.Needs("domestic.delivery_methods", func(f *ShippingFeeSettings) bool { return f.Domestic.DeliveryMethods != nil })
