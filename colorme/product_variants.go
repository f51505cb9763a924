package colorme

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ProductVariantsService works with the variants of products. Variants come and go with
// options and their values: see [ProductOptionsService].
type ProductVariantsService service

type variantEnvelope[T any] struct {
	Variant T `json:"variant"`
}

func (e *variantEnvelope[T]) value() *T { return &e.Variant }

// ListProductVariantsParams selects variants of a product.
type ListProductVariantsParams struct {
	ModelNumber string `url:"model_number,omitempty"`
	Fields      Fields `url:"fields,omitempty"`
	Limit       int    `url:"limit,omitempty"` // rows a page, 1 to 50; 10 when 0; more is clamped, to 100. Provisional.
	Offset      int    `url:"offset,omitempty"`
}

// List returns one page of a product's variants. Scope: read_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/getProductVariants
func (s *ProductVariantsService) List(ctx context.Context, productID int64, params ListProductVariantsParams, opts ...shotengai.CallOption) (*shotengai.Page[ProductVariant], error) {
	type reply struct {
		Variants []ProductVariant `json:"variants" rows:"id"`
		Meta     meta             `json:"meta"`
	}
	r := api.Request{
		Operation: "GET /v1/products/{product_id}/variants", Path: api.ID(productID),
		Params: params, Check: paging(params.Limit, params.Offset),
	}
	return api.List(ctx, s.client.engine, r, func(w *reply) *shotengai.Page[ProductVariant] { return newPage(w.Variants, w.Meta) }, opts...)
}

// All yields the variants of a product, fetching 50 at a time unless params.Limit is set. To
// walk the variants of all products, [ProductsService.All] takes far fewer calls. Fields
// always includes the ID. Rows that leave the list meanwhile end it with
// [shotengai.ErrRowsMoved]. Scope: read_products.
func (s *ProductVariantsService) All(ctx context.Context, productID int64, params ListProductVariantsParams, opts ...shotengai.CallOption) iter.Seq2[*ProductVariant, error] {
	params.Limit = cmp.Or(params.Limit, 50)
	params.Fields = withMembers(params.Fields, "id")
	return walk(ctx, params.Offset, func(v *ProductVariant) int64 { return v.ID }, func(ctx context.Context, offset int) (*shotengai.Page[ProductVariant], error) {
		params.Offset = offset
		return s.List(ctx, productID, params, opts...)
	}, opts...)
}

// Get returns one variant. Scope: read_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/getProductVariant
func (s *ProductVariantsService) Get(ctx context.Context, productID, id int64, opts ...shotengai.CallOption) (*ProductVariant, error) {
	r := api.Request{Operation: "GET /v1/products/{product_id}/variants/{id}", Path: api.ID(productID, id)}
	return api.Pick(ctx, s.client.engine, r, (*variantEnvelope[ProductVariant]).value, opts...)
}

// Update changes one variant. What is left out stays. Setting the stock of one when all
// are unmanaged sets all others to 0. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/updateProductVariant
func (s *ProductVariantsService) Update(ctx context.Context, productID, id int64, variant UpdateProductVariantRequest, opts ...shotengai.CallOption) (*ProductVariant, error) {
	r := api.Request{
		Operation: "PUT /v1/products/{product_id}/variants/{id}", Path: api.ID(productID, id), Check: variant.validate(),
		Body: variantEnvelope[UpdateProductVariantRequest]{variant},
	}
	return api.Pick(ctx, s.client.engine, r, (*variantEnvelope[ProductVariant]).value, opts...)
}

// UpdateProductVariantRequest is what can be changed of a variant. Amounts are yen.
type UpdateProductVariantRequest struct {
	Stocks             shotengai.Clearable[int64]  `json:"stocks,omitzero"` // cleared: not managed
	FewNum             shotengai.Clearable[int64]  `json:"few_num,omitzero"`
	ModelNumber        shotengai.Clearable[string] `json:"model_number,omitzero"`
	Weight             shotengai.Clearable[int64]  `json:"weight,omitzero"` // grams
	OptionPrice        shotengai.Clearable[int64]  `json:"option_price,omitzero"`
	OptionMembersPrice shotengai.Clearable[int64]  `json:"option_members_price,omitzero"`
	OptionMarketPrice  shotengai.Clearable[int64]  `json:"option_market_price,omitzero"`
	OptionCost         shotengai.Clearable[int64]  `json:"option_cost,omitzero"`
}

func (r UpdateProductVariantRequest) validate() error {
	var errs []error
	for field, value := range map[string]shotengai.Clearable[int64]{"stocks": r.Stocks, "few_num": r.FewNum} {
		if n, ok := value.Get(); ok {
			errs = append(errs, notNegative(field, &n))
		}
	}
	if r == (UpdateProductVariantRequest{}) {
		errs = append(errs, errors.New("nothing to change"))
	}
	return errors.Join(errs...)
}

// ProductVariant is one combination of a product's options. Amounts are yen.
type ProductVariant struct {
	ID                             int64                 `json:"id"`
	ProductID                      int64                 `json:"product_id"`
	AccountID                      string                `json:"account_id"`
	Option1Value                   *string               `json:"option1_value"`
	Option2Value                   *string               `json:"option2_value"`
	Option1                        *ProductVariantOption `json:"option1"`
	Option2                        *ProductVariantOption `json:"option2"`
	Title                          string                `json:"title"`
	Stocks                         *int64                `json:"stocks"` // nil: not managed
	FewNum                         *int64                `json:"few_num"`
	ModelNumber                    *string               `json:"model_number"`
	Weight                         *int64                `json:"weight"` // grams
	OptionMarketPrice              *int64                `json:"option_market_price"`
	OptionCost                     *int64                `json:"option_cost"`
	OptionPrice                    *int64                `json:"option_price"`
	OptionPriceIncludingTax        int64                 `json:"option_price_including_tax"`
	OptionPriceTax                 int64                 `json:"option_price_tax"`
	OptionMembersPrice             *int64                `json:"option_members_price"`
	OptionMembersPriceIncludingTax int64                 `json:"option_members_price_including_tax"`
	OptionMembersPriceTax          int64                 `json:"option_members_price_tax"`
	MakeDate                       Time                  `json:"make_date"`
	UpdateDate                     Time                  `json:"update_date"`
}

// ProductVariantOption is the value that a variant has on one axis.
type ProductVariantOption struct {
	ID      int64   `json:"id"`
	Name    string  `json:"name"`
	ValueID *int64  `json:"value_id"`
	Value   *string `json:"value"`
}
