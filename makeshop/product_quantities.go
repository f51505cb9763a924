package makeshop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
)

// ProductQuantitiesService works with the stock of products and variations. All of it is
// single source.
type ProductQuantitiesService service

// ProductQuantity is the stock of a product.
type ProductQuantity struct {
	SystemCode          string              `json:"systemCode"`
	CustomCode          string              `json:"customCode"`
	ProductName         string              `json:"productName"`
	Quantity            *int64              `json:"quantity"`
	VariationQuantities []VariationQuantity `json:"variationQuantities"`
}

// VariationQuantity is the stock of a variation.
type VariationQuantity struct {
	VariationCustomCode string `json:"variationCustomCode"`
	VariationQuantity   *int64 `json:"variationQuantity"`
}

// ListProductQuantitiesParams selects products.
type ListProductQuantitiesParams struct {
	SystemCodes []string `json:"systemCodes,omitzero"`
	Page        int      `json:"page,omitzero"`  // from 1
	Limit       int      `json:"limit,omitzero"` // rows a page, 1 to 1,000; the platform may give fewer
}

var searchProductQuantity = operation{
	root: "searchProductQuantity",
	text: "query searchProductQuantity($input: SearchProductQuantityRequest!) { searchProductQuantity(input: $input)" +
		" { productQuantities { systemCode customCode productName quantity" +
		" variationQuantities { variationCustomCode variationQuantity } } page limit } }",
}

type searchProductQuantityResponse struct {
	ProductQuantities []ProductQuantity `json:"productQuantities"`
	Page              *int64            `json:"page"`
	Limit             *int64            `json:"limit"`
}

// List returns one page of stock (searchProductQuantity). How many rows there are in all
// is not said.
func (s *ProductQuantitiesService) List(ctx context.Context, params ListProductQuantitiesParams, opts ...CallOption) (*Page[ProductQuantity], error) {
	check := errors.Join(codes(params.SystemCodes), paging(params.Page, params.Limit))
	out, err := get[searchProductQuantityResponse](ctx, s.client, searchProductQuantity, params, check, opts)
	if out == nil {
		return nil, err
	}
	return &Page[ProductQuantity]{Items: out.ProductQuantities, Number: out.Page, Limit: out.Limit}, err
}

// All yields the stock that params selects, as [OrdersService.All] does orders. Since the
// platform does not say how many rows there are, it ends at an empty page.
func (s *ProductQuantitiesService) All(ctx context.Context, params ListProductQuantitiesParams, opts ...CallOption) iter.Seq2[*ProductQuantity, error] {
	return walk(ctx, params.Page, func(q *ProductQuantity) string { return q.SystemCode }, func(ctx context.Context, page int) (*Page[ProductQuantity], error) {
		params.Page = page
		return s.List(ctx, params, opts...)
	})
}

// ProductKeyType says by which code a product is named.
type ProductKeyType int

// Ways to name a product.
const (
	BySystemCode ProductKeyType = 0
	ByCustomCode ProductKeyType = 1
)

// VariationByCustomCode names a variation by its variationCustomCode. Another value, which
// nobody has seen, names it by the ids of its items.
const VariationByCustomCode = 1

// QuantityAdd adds the quantity, which may be negative, to the stock. It is the one
// calculation that was seen; that it adds is concluded from the values sent with it. The
// value that sets the stock is not known.
const QuantityAdd = 1

// UpdateProductQuantity changes the stock of one product, named by one of its codes.
type UpdateProductQuantity struct {
	ProductKeyType          ProductKeyType `json:"productKeyType"`
	SystemCode              string         `json:"systemCode,omitzero"`     // with BySystemCode
	CustomCode              string         `json:"customCode,omitzero"`     // with ByCustomCode
	QuantityCalculationType int            `json:"quantityCalculationType"` // required: QuantityAdd
	Quantity                int64          `json:"quantity"`                // what to add
}

func productKey(key ProductKeyType, systemCode, customCode string) error {
	switch key {
	case BySystemCode:
		return notEmpty("systemCode", systemCode)
	case ByCustomCode:
		return notEmpty("customCode", customCode)
	}
	return fmt.Errorf("productKeyType: %d is neither 0 nor 1", key)
}

// calculation refuses a type that was left out: nobody knows what 0 does to the stock.
func calculation(kind int) error {
	if kind <= 0 {
		return errors.New("quantityCalculationType is required")
	}
	return nil
}

// FailedProductQuantity is a product whose stock was not changed.
type FailedProductQuantity struct {
	SystemCode string `json:"systemCode"`
	CustomCode string `json:"customCode"`
	Message    string `json:"message"`
}

// UpdateProductQuantitiesResult has the rows that failed, and only these.
type UpdateProductQuantitiesResult struct {
	FailResult []FailedProductQuantity `json:"failResult"`
}

func (r *UpdateProductQuantitiesResult) failures() []RowFailure {
	return failedRows(r.FailResult, func(row FailedProductQuantity) (string, string, bool) {
		return codeOf(row.SystemCode, row.CustomCode), row.Message, true
	})
}

var updateProductQuantity = operation{
	root: "updateProductQuantity", mutation: true,
	text: "mutation updateProductQuantity($input: UpdateProductQuantityRequest!) { updateProductQuantity(input: $input)" +
		" { failResult { systemCode customCode message } } }",
}

// Update changes the stock of products (updateProductQuantity). The result comes with an
// error that matches [ErrRows] if some rows failed.
func (s *ProductQuantitiesService) Update(ctx context.Context, quantities []UpdateProductQuantity, opts ...CallOption) (*UpdateProductQuantitiesResult, error) {
	check := eachRow("productQuantities", quantities, func(q UpdateProductQuantity) error {
		return errors.Join(productKey(q.ProductKeyType, q.SystemCode, q.CustomCode), calculation(q.QuantityCalculationType))
	})
	in := struct {
		Rows []UpdateProductQuantity `json:"productQuantities"`
	}{quantities}
	return mutate[UpdateProductQuantitiesResult](ctx, s.client, updateProductQuantity, in, check, opts)
}

// UpdateVariationQuantity changes the stock of variations of one product.
type UpdateVariationQuantity struct {
	ProductKeyType           ProductKeyType            `json:"productKeyType"`
	SystemCode               string                    `json:"systemCode,omitzero"` // with BySystemCode
	CustomCode               string                    `json:"customCode,omitzero"` // with ByCustomCode
	VariationQuantityDetails []VariationQuantityDetail `json:"variationQuantityDetails"`
}

// VariationQuantityDetail changes the stock of one variation.
type VariationQuantityDetail struct {
	VariationKeyType        int    `json:"variationKeyType"`             // required: VariationByCustomCode
	VariationCustomCode     string `json:"variationCustomCode,omitzero"` // with VariationByCustomCode
	QuantityCalculationType int    `json:"quantityCalculationType"`      // required: QuantityAdd
	Quantity                int64  `json:"quantity"`                     // what to add
}

func (u UpdateVariationQuantity) validate() error {
	return errors.Join(
		productKey(u.ProductKeyType, u.SystemCode, u.CustomCode),
		eachRow("variationQuantityDetails", u.VariationQuantityDetails, func(d VariationQuantityDetail) error {
			key := errors.New("variationKeyType is required")
			switch {
			case d.VariationKeyType == VariationByCustomCode:
				key = notEmpty("variationCustomCode", d.VariationCustomCode)
			case d.VariationKeyType > 0:
				key = nil
			}
			return errors.Join(key, calculation(d.QuantityCalculationType))
		}))
}

// FailedVariationQuantity is a variation whose stock was not changed.
type FailedVariationQuantity struct {
	SystemCode          string `json:"systemCode"`
	CustomCode          string `json:"customCode"`
	Variation1ItemID    Scalar `json:"variation1ItemId"`
	Variation2ItemID    Scalar `json:"variation2ItemId"`
	VariationCustomCode string `json:"variationCustomCode"`
	Message             string `json:"message"`
}

// UpdateVariationQuantitiesResult has the rows that failed, and only these.
type UpdateVariationQuantitiesResult struct {
	FailResult []FailedVariationQuantity `json:"failResult"`
}

func (r *UpdateVariationQuantitiesResult) failures() []RowFailure {
	return failedRows(r.FailResult, func(row FailedVariationQuantity) (string, string, bool) {
		return codeOf(row.SystemCode, row.CustomCode) + " " + row.VariationCustomCode, row.Message, true
	})
}

var updateVariationQuantity = operation{
	root: "updateVariationQuantity", mutation: true,
	text: "mutation updateVariationQuantity($input: UpdateVariationQuantityRequest!)" +
		" { updateVariationQuantity(input: $input) { failResult {" +
		" systemCode customCode variation1ItemId variation2ItemId variationCustomCode message } } }",
}

// UpdateVariations changes the stock of variations (updateVariationQuantity). The result
// comes with an error that matches [ErrRows] if some rows failed.
func (s *ProductQuantitiesService) UpdateVariations(ctx context.Context, quantities []UpdateVariationQuantity, opts ...CallOption) (*UpdateVariationQuantitiesResult, error) {
	check := eachRow("variationQuantities", quantities, UpdateVariationQuantity.validate)
	in := struct {
		Rows []UpdateVariationQuantity `json:"variationQuantities"`
	}{quantities}
	return mutate[UpdateVariationQuantitiesResult](ctx, s.client, updateVariationQuantity, in, check, opts)
}

func codeOf(systemCode, customCode string) string { return cmp.Or(systemCode, customCode) }
