package colorme

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ProductsService works with products. Variants, options, images and pickups of a product
// have services of their own. There is no way to delete a product.
type ProductsService service

type productEnvelope[T any] struct {
	Product T `json:"product"`
}

func (e *productEnvelope[T]) value() *T { return &e.Product }

// ListProductsParams selects products.
type ListProductsParams struct {
	IDs              IDs          `url:"ids,omitempty"`
	CategoryIDBig    int64        `url:"category_id_big,omitempty"`
	CategoryIDSmall  int64        `url:"category_id_small,omitempty"`
	GroupIDs         IDs          `url:"group_ids,omitempty"`
	ModelNumber      string       `url:"model_number,omitempty"`
	Name             string       `url:"name,omitempty"`
	DisplayState     DisplayState `url:"display_state,omitempty"`
	Stocks           *int64       `url:"stocks,omitempty"` // at most so many in stock. Provisional.
	StockManaged     *bool        `url:"stock_managed,omitempty"`
	RecentZeroStocks *bool        `url:"recent_zero_stocks,omitempty"`
	MakeDateMin      DateTime     `url:"make_date_min,omitempty"`
	MakeDateMax      DateTime     `url:"make_date_max,omitempty"`
	UpdateDateMin    DateTime     `url:"update_date_min,omitempty"`
	UpdateDateMax    DateTime     `url:"update_date_max,omitempty"`
	SalesPriceMin    *int64       `url:"sales_price_min,omitempty"`
	SalesPriceMax    *int64       `url:"sales_price_max,omitempty"`
	PriceMin         *int64       `url:"price_min,omitempty"`
	PriceMax         *int64       `url:"price_max,omitempty"`
	MembersPriceMin  *int64       `url:"members_price_min,omitempty"`
	MembersPriceMax  *int64       `url:"members_price_max,omitempty"`
	JANCode          string       `url:"jan_code,omitempty"`
	Sort             ProductSorts `url:"sort,omitempty"` // newest first when empty; anything but SortMakeDate alone may lag by minutes
	Fields           Fields       `url:"fields,omitempty"`
	Limit            int          `url:"limit,omitempty"` // rows a page, 1 to 50; 10 when 0; more is clamped. Provisional.
	Offset           int          `url:"offset,omitempty"`
}

// ProductSorts is the order of a product list, the most important key first. A key with
// "-" before it sorts downwards.
type ProductSorts = Fields

// Keys of ProductSorts. Products without the value come last either way. Provisional.
const (
	SortMakeDate     = "make_date"
	SortUpdateDate   = "update_date"
	SortSalesPrice   = "sales_price"
	SortPrice        = "price"
	SortMembersPrice = "members_price"
)

func (p ListProductsParams) validate() error {
	errs := []error{
		productDisplay(p.DisplayState), ordered("make_date", p.MakeDateMin, p.MakeDateMax),
		ordered("update_date", p.UpdateDateMin, p.UpdateDateMax), paging(p.Limit, p.Offset),
	}
	for _, key := range p.Sort {
		errs = append(errs, check.Exactly("sort", strings.TrimPrefix(key, "-"), SortMakeDate, SortUpdateDate, SortSalesPrice, SortPrice, SortMembersPrice))
	}
	return errors.Join(errs...)
}

// List returns one page of products with their options and variants. Scope: read_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/getProducts
func (s *ProductsService) List(ctx context.Context, params ListProductsParams, opts ...shotengai.CallOption) (*shotengai.Page[Product], error) {
	type reply struct {
		Products []Product `json:"products" rows:"id"`
		Meta     meta      `json:"meta"`
	}
	r := api.Request{Operation: "GET /v1/products", Params: params, Check: params.validate()}
	return api.List(ctx, s.client.engine, r, func(w *reply) *shotengai.Page[Product] { return newPage(w.Products, w.Meta) }, opts...)
}

// All yields the products that params selects, fetching 50 at a time unless params.Limit is
// set. Each has its options, variants and stock, so that this is also the way to read all of
// these with the fewest calls: one for every 50 products. Fields always includes the ID. Rows
// that leave the list meanwhile end it with [shotengai.ErrRowsMoved]. Scope: read_products.
func (s *ProductsService) All(ctx context.Context, params ListProductsParams, opts ...shotengai.CallOption) iter.Seq2[*Product, error] {
	params.Limit = cmp.Or(params.Limit, 50)
	params.Fields = withMembers(params.Fields, "id")
	return walk(ctx, params.Offset, func(p *Product) int64 { return p.ID }, func(ctx context.Context, offset int) (*shotengai.Page[Product], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// Get returns one product. Scope: read_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/getProduct
func (s *ProductsService) Get(ctx context.Context, id int64, opts ...shotengai.CallOption) (*Product, error) {
	r := api.Request{Operation: "GET /v1/products/{id}", Path: api.ID(id)}
	return api.Pick(ctx, s.client.engine, r, (*productEnvelope[Product]).value, opts...)
}

// Create makes a product. On the free plan prices start at 100 yen. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/postProducts
func (s *ProductsService) Create(ctx context.Context, product CreateProductRequest, opts ...shotengai.CallOption) (*Product, error) {
	r := api.Request{
		Operation: "POST /v1/products", Check: product.validate(),
		Body: productEnvelope[CreateProductRequest]{product},
	}
	return api.Pick(ctx, s.client.engine, r, (*productEnvelope[Product]).value, opts...)
}

// CreateProductRequest is a product to be made. Amounts are yen.
type CreateProductRequest struct {
	Name           string       `json:"name"` // required, at most 100 characters
	Price          *int64       `json:"price,omitzero"`
	CategoryIDBig  *int64       `json:"category_id_big,omitzero"`
	Cost           *int64       `json:"cost,omitzero"`
	SalesPrice     *int64       `json:"sales_price,omitzero"`
	MembersPrice   *int64       `json:"members_price,omitzero"`
	ModelNumber    *string      `json:"model_number,omitzero"` // at most 50 characters
	Expl           *string      `json:"expl,omitzero"`         // HTML
	SimpleExpl     *string      `json:"simple_expl,omitzero"`  // at most 255 characters
	SmartphoneExpl *string      `json:"smartphone_expl,omitzero"`
	DisplayState   DisplayState `json:"display_state,omitzero"`
	StockManaged   *bool        `json:"stock_managed,omitzero"`
	TaxReduced     *bool        `json:"tax_reduced,omitzero"`
}

// Update changes a product. What is left out stays. A read right after it may still show
// the old values for some seconds (Provisional). Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/updateProduct
func (s *ProductsService) Update(ctx context.Context, id int64, product UpdateProductRequest, opts ...shotengai.CallOption) (*Product, error) {
	r := api.Request{
		Operation: updateProduct, Path: api.ID(id), Check: product.validate(),
		Body: productEnvelope[UpdateProductRequest]{product},
	}
	return api.Pick(ctx, s.client.engine, r, (*productEnvelope[Product]).value, opts...)
}

// UpdateProductRequest is what can be changed of a product. Amounts are yen.
type UpdateProductRequest struct {
	Name            *string      `json:"name,omitzero"`  // at most 100 characters
	Price           *int64       `json:"price,omitzero"` // the platform would store a negative one. Provisional.
	CategoryIDBig   *int64       `json:"category_id_big,omitzero"`
	CategoryIDSmall *int64       `json:"category_id_small,omitzero"` // 0: none
	Cost            *int64       `json:"cost,omitzero"`
	SalesPrice      *int64       `json:"sales_price,omitzero"`
	MembersPrice    *int64       `json:"members_price,omitzero"`
	ModelNumber     *string      `json:"model_number,omitzero"` // at most 50 characters
	Expl            *string      `json:"expl,omitzero"`         // HTML
	SimpleExpl      *string      `json:"simple_expl,omitzero"`  // at most 255 characters
	SmartphoneExpl  *string      `json:"smartphone_expl,omitzero"`
	DisplayState    DisplayState `json:"display_state,omitzero"`
	StockManaged    *bool        `json:"stock_managed,omitzero"`

	// Stocks is ignored by the platform where stock is kept by variant: use Variants.
	Stocks     StocksUpdate           `json:"stocks,omitzero"`
	GroupIDs   []int64                `json:"group_ids,omitzero"` // replaces all; an empty, non-nil list takes all away
	Variants   []UpdateProductVariant `json:"variants,omitzero"`
	TaxReduced *bool                  `json:"tax_reduced,omitzero"`
}

// UpdateProductVariant sets the stock of the variant with these options. Setting one when
// all are unmanaged sets all others to 0.
type UpdateProductVariant struct {
	Option1Value string       `json:"option1_value"`
	Option2Value *string      `json:"option2_value,omitzero"`
	Stocks       StocksUpdate `json:"stocks"`
}

// StocksUpdate sets stock or changes it. Make one with [SetStocks] or [AddStocks]; the
// zero value leaves stock alone.
type StocksUpdate struct {
	value     int64
	given     bool
	increment bool
}

// SetStocks sets stock to n.
func SetStocks(n int64) StocksUpdate { return StocksUpdate{value: n, given: true} }

// AddStocks adds n to the stock, or takes it away when negative. Repeating a call adds
// again.
func AddStocks(n int64) StocksUpdate { return StocksUpdate{value: n, given: true, increment: true} }

// IsZero reports whether stock is left alone.
func (u StocksUpdate) IsZero() bool { return !u.given }

// MarshalJSON writes a number to set, {"increment": n} to add.
func (u StocksUpdate) MarshalJSON() ([]byte, error) {
	if !u.increment {
		return json.Marshal(u.value)
	}
	return json.Marshal(struct {
		Increment int64 `json:"increment"`
	}{u.value})
}

func (u StocksUpdate) validate(field string) error {
	if u.given && !u.increment && u.value < 0 {
		return fmt.Errorf("%s: stock cannot be set to %d", field, u.value)
	}
	return nil
}

func (r CreateProductRequest) validate() error {
	return errors.Join(check.NotEmpty("name", r.Name), productTexts(&r.Name, r.ModelNumber, r.SimpleExpl), productDisplay(r.DisplayState),
		notNegative("price", r.Price), notNegative("cost", r.Cost), notNegative("sales_price", r.SalesPrice), notNegative("members_price", r.MembersPrice))
}

func (r UpdateProductRequest) validate() error {
	errs := []error{
		productTexts(r.Name, r.ModelNumber, r.SimpleExpl), productDisplay(r.DisplayState), r.Stocks.validate("stocks"),
		notNegative("price", r.Price), notNegative("cost", r.Cost), notNegative("sales_price", r.SalesPrice), notNegative("members_price", r.MembersPrice),
	}
	for i, v := range r.Variants {
		field := fmt.Sprintf("variants[%d]", i)
		errs = append(errs, check.NotEmpty(field+".option1_value", v.Option1Value), v.Stocks.validate(field+".stocks"))
		if v.Stocks.IsZero() {
			errs = append(errs, fmt.Errorf("%s.stocks is required", field))
		}
	}
	return errors.Join(errs...)
}

func productTexts(name, modelNumber, simpleExpl *string) error {
	return errors.Join(check.AtMost("name", text(name), 100), check.AtMost("model_number", text(modelNumber), 50), check.AtMost("simple_expl", text(simpleExpl), 255))
}

func notNegative(field string, value *int64) error {
	if value != nil && *value < 0 {
		return fmt.Errorf("%s: %d is negative", field, *value)
	}
	return nil
}
