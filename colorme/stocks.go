package colorme

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// StocksService reads stock and changes it.
type StocksService service

// ListStocksParams selects stock rows.
type ListStocksParams struct {
	IDs              IDs          `url:"ids,omitempty"` // product ids
	CategoryIDBig    int64        `url:"category_id_big,omitempty"`
	CategoryIDSmall  int64        `url:"category_id_small,omitempty"`
	ModelNumber      string       `url:"model_number,omitempty"`
	Name             string       `url:"name,omitempty"`
	DisplayState     DisplayState `url:"display_state,omitempty"`
	Stocks           *int64       `url:"stocks,omitempty"` // at most so many in stock. Provisional.
	RecentZeroStocks *bool        `url:"recent_zero_stocks,omitempty"`
	Fields           Fields       `url:"fields,omitempty"`
	Limit            int          `url:"limit,omitempty"` // rows a page, 1 to 50; 10 when 0; more is clamped. Provisional.
	Offset           int          `url:"offset,omitempty"`
}

func (p ListStocksParams) validate() error {
	return errors.Join(productDisplay(p.DisplayState), paging(p.Limit, p.Offset))
}

// List returns one page of stock rows: one for each product, or one for each variant of a
// product whose stock is kept by variant. Rows have no variant id: match them by
// VariantModelNumber or by the options' values, or read the variants instead. It needs no
// scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/stock/operation/getStocks
func (s *StocksService) List(ctx context.Context, params ListStocksParams, opts ...shotengai.CallOption) (*shotengai.Page[Stock], error) {
	type reply struct {
		Stocks []Stock `json:"stocks" rows:"product_id"`
		Meta   meta    `json:"meta"`
	}
	r := api.Request{Operation: "GET /v1/stocks", Params: params, Check: params.validate()}
	return api.List(ctx, s.client.engine, r, func(w *reply) *shotengai.Page[Stock] { return newPage(w.Stocks, w.Meta) }, opts...)
}

// All yields the stock rows that params selects, fetching 50 at a time unless params.Limit is
// set. Fields always includes what identifies a row: the product, the options' values and the
// variant's model number. Rows that leave the list meanwhile end it with
// [shotengai.ErrRowsMoved]. It needs no scope.
func (s *StocksService) All(ctx context.Context, params ListStocksParams, opts ...shotengai.CallOption) iter.Seq2[*Stock, error] {
	params.Limit = cmp.Or(params.Limit, 50)
	params.Fields = withMembers(params.Fields, "product_id", "option1_value", "option2_value", "variant_model_number")
	return walk(ctx, params.Offset, (*Stock).key, func(ctx context.Context, offset int) (*shotengai.Page[Stock], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// Stock is the stock of a product or of one of its variants. Amounts are yen.
type Stock struct {
	AccountID          string              `json:"account_id"`
	ProductID          int64               `json:"product_id"`
	Name               string              `json:"name"`
	Option1Value       *string             `json:"option1_value"`
	Option2Value       *string             `json:"option2_value"`
	Stocks             *int64              `json:"stocks"`  // nil: not managed
	FewNum             *int64              `json:"few_num"` // "few left" is shown from here down
	ModelNumber        *string             `json:"model_number"`
	VariantModelNumber *string             `json:"variant_model_number"`
	Category           *ProductCategoryRef `json:"category"`
	DisplayState       DisplayState        `json:"display_state"`
	SalesPrice         *int64              `json:"sales_price"`
	Price              *int64              `json:"price"`
	MembersPrice       *int64              `json:"members_price"`
	Cost               *int64              `json:"cost"`
	DeliveryCharge     *int64              `json:"delivery_charge"`
	CoolCharge         *int64              `json:"cool_charge"`
	MinNum             *int64              `json:"min_num"`
	MaxNum             *int64              `json:"max_num"`
	SaleStartDate      Time                `json:"sale_start_date"`
	SaleEndDate        Time                `json:"sale_end_date"`
	Unit               *string             `json:"unit"`
	Weight             *int64              `json:"weight"` // grams
	SoldoutDisplay     bool                `json:"soldout_display"`
	Sort               *int                `json:"sort"`
	SimpleExpl         *string             `json:"simple_expl"`
	Expl               *string             `json:"expl"`
	MobileExpl         *string             `json:"mobile_expl"` // deprecated by the platform
	SmartphoneExpl     *string             `json:"smartphone_expl"`
	MakeDate           Time                `json:"make_date"`
	UpdateDate         Time                `json:"update_date"`
	Memo               *string             `json:"memo"`
	ImageURL           *string             `json:"image_url"`
	MobileImageURL     *string             `json:"mobile_image_url"` // deprecated by the platform
	ThumbnailImageURL  *string             `json:"thumbnail_image_url"`
	Images             []ProductImage      `json:"images"`
}

func (s *Stock) key() string {
	return fmt.Sprintf("%d\x00%s\x00%s\x00%s", s.ProductID, text(s.Option1Value), text(s.Option2Value), text(s.VariantModelNumber))
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
