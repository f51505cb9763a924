package colorme

import (
	"context"
	"errors"
	"fmt"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ProductOptionsService works with the axes along which a product varies, such as colour
// and size, at most two. The platform marks these operations as beta.
type ProductOptionsService service

type optionEnvelope[T any] struct {
	Option T `json:"option"`
}

func (e *optionEnvelope[T]) value() *T { return &e.Option }

type optionValueEnvelope[T any] struct {
	OptionValue T `json:"option_value"`
}

func (e *optionValueEnvelope[T]) value() *T { return &e.OptionValue }

// Create adds an axis with its values. The variants it makes have no managed stock.
// Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/createProductOption
func (s *ProductOptionsService) Create(ctx context.Context, productID int64, option CreateProductOptionRequest, opts ...shotengai.CallOption) (*ProductOption, error) {
	r := api.Request{
		Operation: "POST /v1/products/{product_id}/options", Path: api.ID(productID), Check: option.validate(),
		Body: optionEnvelope[CreateProductOptionRequest]{option},
	}
	return api.Pick(ctx, s.client.engine, r, (*optionEnvelope[ProductOption]).value, opts...)
}

// CreateProductOptionRequest is an axis to be added.
type CreateProductOptionRequest struct {
	Name   string                            `json:"name"`   // required
	Values []CreateProductOptionValueRequest `json:"values"` // at least one
}

// CreateProductOptionValueRequest is a value to be added to an axis.
type CreateProductOptionValueRequest struct {
	Name string `json:"name"` // required
}

func (r CreateProductOptionRequest) validate() error {
	errs := []error{check.NotEmpty("name", r.Name)}
	if len(r.Values) == 0 {
		errs = append(errs, errors.New("values: at least one is required"))
	}
	for i, v := range r.Values {
		errs = append(errs, check.NotEmpty(fmt.Sprintf("values[%d].name", i), v.Name))
	}
	return errors.Join(errs...)
}

// Delete removes an axis AND the variants that it made. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/deleteProductOption
func (s *ProductOptionsService) Delete(ctx context.Context, productID, id int64, opts ...shotengai.CallOption) error {
	r := api.Request{Operation: "DELETE /v1/products/{product_id}/options/{id}", Path: api.ID(productID, id)}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

// CreateValue adds a value to an axis. The variants it makes start with a stock of 0 when
// the others are managed. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/createProductOptionValue
func (s *ProductOptionsService) CreateValue(ctx context.Context, productID, optionID int64, name string, opts ...shotengai.CallOption) (*ProductOptionValue, error) {
	r := api.Request{
		Operation: "POST /v1/products/{product_id}/options/{option_id}/values", Path: api.ID(productID, optionID),
		Check: check.NotEmpty("name", name), Body: optionValueEnvelope[CreateProductOptionValueRequest]{CreateProductOptionValueRequest{name}},
	}
	return api.Pick(ctx, s.client.engine, r, (*optionValueEnvelope[ProductOptionValue]).value, opts...)
}

// DeleteValue removes a value and its variants. The last value of an axis cannot be
// removed. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/deleteProductOptionValue
func (s *ProductOptionsService) DeleteValue(ctx context.Context, productID, optionID, id int64, opts ...shotengai.CallOption) error {
	r := api.Request{Operation: "DELETE /v1/products/{product_id}/options/{option_id}/values/{id}", Path: api.ID(productID, optionID, id)}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

// ProductOption is an axis along which a product varies.
type ProductOption struct {
	ID         int64    `json:"id"`
	ProductID  int64    `json:"product_id"`
	AccountID  string   `json:"account_id"`
	Name       string   `json:"name"`
	Values     []string `json:"values"`
	MakeDate   Time     `json:"make_date"` // may be null. Provisional.
	UpdateDate Time     `json:"update_date"`
}

// ProductOptionValue is a value on an axis.
type ProductOptionValue struct {
	OptionID   int64  `json:"option_id"`
	ValueID    int64  `json:"value_id"`
	ProductID  int64  `json:"product_id"`
	AccountID  string `json:"account_id"`
	Name       string `json:"name"`
	MakeDate   Time   `json:"make_date"`
	UpdateDate Time   `json:"update_date"`
}
