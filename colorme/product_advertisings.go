package colorme

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ProductAdvertisingsService reads the data of products for shopping feeds.
type ProductAdvertisingsService service

// ListProductAdvertisingsParams selects advertisings.
type ListProductAdvertisingsParams struct {
	ProductIDs   IDs          `url:"product_ids,omitempty"`
	DisplayState DisplayState `url:"display_state,omitempty"`
	Limit        int          `url:"limit,omitempty"` // rows a page, 1 to 250; 50 when 0; more is clamped. Provisional.
	Offset       int          `url:"offset,omitempty"`
}

func (p ListProductAdvertisingsParams) validate() error {
	return errors.Join(productDisplay(p.DisplayState), paging(p.Limit, p.Offset))
}

// List returns one page of advertisings, one for each product. Scope: read_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/getProductAdvertisings
func (s *ProductAdvertisingsService) List(ctx context.Context, params ListProductAdvertisingsParams, opts ...shotengai.CallOption) (*shotengai.Page[ProductAdvertising], error) {
	type reply struct {
		ProductAdvertisings []ProductAdvertising `json:"product_advertisings" rows:"product_id"`
		Meta                meta                 `json:"meta"`
	}
	r := api.Request{Operation: "GET /v1/product_advertisings", Params: params, Check: params.validate()}
	return api.List(ctx, s.client.engine, r, func(w *reply) *shotengai.Page[ProductAdvertising] { return newPage(w.ProductAdvertisings, w.Meta) }, opts...)
}

// All yields the advertisings that params selects, fetching 250 at a time unless params.Limit
// is set. Rows that leave the list meanwhile end it with [shotengai.ErrRowsMoved]. Scope:
// read_products.
func (s *ProductAdvertisingsService) All(ctx context.Context, params ListProductAdvertisingsParams, opts ...shotengai.CallOption) iter.Seq2[*ProductAdvertising, error] {
	params.Limit = cmp.Or(params.Limit, 250)
	return walk(ctx, params.Offset, func(a *ProductAdvertising) int64 { return a.ProductID }, func(ctx context.Context, offset int) (*shotengai.Page[ProductAdvertising], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// ProductAdvertising is the data of a product for shopping feeds.
type ProductAdvertising struct {
	AccountID             string       `json:"account_id"`
	ProductID             int64        `json:"product_id"`
	Brand                 *string      `json:"brand"`
	Colors                []string     `json:"colors"`    // red, pink, purple, brown, navy, blue, green, yellow, beige, white, gray, black
	Condition             *AdCondition `json:"condition"` // new or used
	Description           *string      `json:"description"`
	Gender                *AdGender    `json:"gender"`
	GoogleProductCategory *string      `json:"google_product_category"`
	GTIN                  *string      `json:"gtin"`
	MPN                   *string      `json:"mpn"`
	Sizes                 []string     `json:"sizes"`
}

// AdCondition is the condition of an advertised product. Open set.
type AdCondition string

// Values of AdCondition.
const (
	AdNew  AdCondition = "new"
	AdUsed AdCondition = "used"
)

// AdGender is whom an advertised product is for. Open set.
type AdGender string

// Values of AdGender.
const (
	AdMale   AdGender = "male"
	AdFemale AdGender = "female"
	AdUnisex AdGender = "unisex"
)
