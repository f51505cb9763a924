package makeshop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ProductQuantitiesService works with the stock of products and variations. Provisional.
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
	Limit       int      `json:"limit,omitzero"` // rows a page, 1 to 1,000; the platform may return fewer
}

var searchProductQuantity = operation{
	root: "searchProductQuantity",
	text: "query searchProductQuantity($input: SearchProductQuantityRequest!) { searchProductQuantity(input: $input)" +
		" { productQuantities { systemCode customCode productName quantity" +
		" variationQuantities { variationCustomCode variationQuantity } } page limit } }",
}

type searchProductQuantityResponse struct {
	ProductQuantities []ProductQuantity `json:"productQuantities" rows:"systemCode"`
	Page              int               `json:"page"`
	Limit             int               `json:"limit"`
}

func (r *searchProductQuantityResponse) page() *shotengai.Page[ProductQuantity] {
	return &shotengai.Page[ProductQuantity]{Items: r.ProductQuantities, Number: r.Page, Limit: r.Limit}
}

func (p ListProductQuantitiesParams) validate() error {
	return errors.Join(codes(p.SystemCodes), paging(p.Page, p.Limit))
}

// List returns one page of stock (searchProductQuantity). The platform does not count the
// rows in all.
func (s *ProductQuantitiesService) List(ctx context.Context, params ListProductQuantitiesParams, opts ...shotengai.CallOption) (*shotengai.Page[ProductQuantity], error) {
	return list(ctx, s.client, searchProductQuantity, params, params.validate(), (*searchProductQuantityResponse).page, opts)
}

// All yields the stock that params selects, as [OrdersService.All] does orders. Since the
// platform does not count the rows, it ends at an empty page, and does not notice rows that
// leave the list meanwhile.
func (s *ProductQuantitiesService) All(ctx context.Context, params ListProductQuantitiesParams, opts ...shotengai.CallOption) iter.Seq2[*ProductQuantity, error] {
	return walk(ctx, params.Page, params.Limit, func(q *ProductQuantity) string { return q.SystemCode }, func(ctx context.Context, page, limit int) (*shotengai.Page[ProductQuantity], error) {
		params.Page, params.Limit = page, limit
		return s.List(ctx, params, opts...)
	}, opts...)
}

// ProductKeyType is the code by which a product is named.
type ProductKeyType int

// Ways to name a product.
const (
	BySystemCode ProductKeyType = 0
	ByCustomCode ProductKeyType = 1
)

// VariationByCustomCode names a variation by its variationCustomCode. Another value, which
// has not been seen, names it by the ids of its items.
const VariationByCustomCode = 1

// QuantityAdd adds the quantity, which may be negative, to the stock. It is the one
// calculation that was seen; that it adds is concluded from the values sent with it. The
// value that sets the stock is not known.
const QuantityAdd = 1

// UpdateProductQuantityRequest changes the stock of one product, named by one of its codes.
type UpdateProductQuantityRequest struct {
	ProductKeyType          ProductKeyType `json:"productKeyType"`
	SystemCode              string         `json:"systemCode,omitzero"`     // with BySystemCode
	CustomCode              string         `json:"customCode,omitzero"`     // with ByCustomCode
	QuantityCalculationType int            `json:"quantityCalculationType"` // required: QuantityAdd
	Quantity                int64          `json:"quantity"`                // what to add
}

func (r UpdateProductQuantityRequest) validate() error {
	return errors.Join(productKey(r.ProductKeyType, r.SystemCode, r.CustomCode), calculation(r.QuantityCalculationType))
}

func productKey(key ProductKeyType, systemCode, customCode string) error {
	switch key {
	case BySystemCode:
		return check.NotEmpty("systemCode", systemCode)
	case ByCustomCode:
		return check.NotEmpty("customCode", customCode)
	}
	return fmt.Errorf("productKeyType: %d is neither 0 nor 1", key)
}

// calculation refuses a type that was left out: what 0 does to the stock is not known.
func calculation(kind int) error {
	if kind <= 0 {
		return errors.New("quantityCalculationType is required")
	}
	return nil
}

// ProductKey names a row of [ProductQuantitiesService.Update].
type ProductKey struct {
	SystemCode string
	CustomCode string
}

// String is the system code, or else the custom code.
func (k ProductKey) String() string { return cmp.Or(k.SystemCode, k.CustomCode) }

// newProductKey has the code that names the product, and not the other one.
func newProductKey(by ProductKeyType, systemCode, customCode string) ProductKey {
	if by == ByCustomCode {
		return ProductKey{CustomCode: customCode}
	}
	return ProductKey{SystemCode: systemCode}
}

func sameProduct(asked, answered ProductKey) (ProductKey, bool) {
	key := ProductKey{cmp.Or(asked.SystemCode, answered.SystemCode), cmp.Or(asked.CustomCode, answered.CustomCode)}
	return key, agree(asked.SystemCode, answered.SystemCode, asked.CustomCode, answered.CustomCode)
}

// updateProductQuantityResponse has the rows that failed, and only these.
type updateProductQuantityResponse struct {
	FailResult []struct {
		SystemCode string `json:"systemCode"`
		CustomCode string `json:"customCode"`
		Message    string `json:"message"`
	} `json:"failResult"`
}

func (r *updateProductQuantityResponse) rows() []said[ProductKey] {
	var rows []said[ProductKey]
	for _, row := range r.FailResult {
		rows = append(rows, said[ProductKey]{key: ProductKey{row.SystemCode, row.CustomCode}, failed: true, message: row.Message})
	}
	return rows
}

var updateProductQuantity = mutation[UpdateProductQuantityRequest, updateProductQuantityResponse, ProductKey]{
	operation: operation{
		root: "updateProductQuantity", mutation: true,
		text: "mutation updateProductQuantity($input: UpdateProductQuantityRequest!) { updateProductQuantity(input: $input)" +
			" { failResult { systemCode customCode message } } }",
	},
	field: "productQuantities",
	check: UpdateProductQuantityRequest.validate,
	keys: func(r UpdateProductQuantityRequest) []ProductKey {
		return []ProductKey{newProductKey(r.ProductKeyType, r.SystemCode, r.CustomCode)}
	},
	read: (*updateProductQuantityResponse).rows,
	same: sameProduct,
}

// Update changes the stock of products (updateProductQuantity). The answer lists the rows
// that failed: all others are done.
func (s *ProductQuantitiesService) Update(ctx context.Context, quantities []UpdateProductQuantityRequest, opts ...shotengai.CallOption) (*shotengai.Results[ProductKey], error) {
	return updateProductQuantity.run(ctx, s.client, quantities, opts)
}

// UpdateVariationQuantityRequest changes the stock of variations of one product.
type UpdateVariationQuantityRequest struct {
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

func (r UpdateVariationQuantityRequest) keys() []VariationKey {
	product := newProductKey(r.ProductKeyType, r.SystemCode, r.CustomCode)
	keys := make([]VariationKey, len(r.VariationQuantityDetails))
	for i, d := range r.VariationQuantityDetails {
		keys[i] = VariationKey{SystemCode: product.SystemCode, CustomCode: product.CustomCode, VariationCustomCode: d.VariationCustomCode}
	}
	return keys
}

func (r UpdateVariationQuantityRequest) validate() error {
	return errors.Join(
		productKey(r.ProductKeyType, r.SystemCode, r.CustomCode),
		eachRow("variationQuantityDetails", r.VariationQuantityDetails, func(d VariationQuantityDetail) error {
			key := errors.New("variationKeyType is required")
			switch {
			case d.VariationKeyType == VariationByCustomCode:
				key = check.NotEmpty("variationCustomCode", d.VariationCustomCode)
			case d.VariationKeyType > 0:
				key = nil
			}
			return errors.Join(key, calculation(d.QuantityCalculationType))
		}))
}

// VariationKey names a row of [ProductQuantitiesService.UpdateVariations].
type VariationKey struct {
	SystemCode          string
	CustomCode          string
	VariationCustomCode string
	Variation1ItemID    string // of answers
	Variation2ItemID    string // of answers
}

// String is the product's code and that of the variation.
func (k VariationKey) String() string {
	return cmp.Or(k.SystemCode, k.CustomCode) + " " + k.VariationCustomCode
}

func sameVariation(asked, answered VariationKey) (VariationKey, bool) {
	product, same := sameProduct(ProductKey{asked.SystemCode, asked.CustomCode}, ProductKey{answered.SystemCode, answered.CustomCode})
	answered.SystemCode, answered.CustomCode = product.SystemCode, product.CustomCode
	return answered, same && asked.VariationCustomCode == answered.VariationCustomCode
}

// updateVariationQuantityResponse has the rows that failed, and only these.
type updateVariationQuantityResponse struct {
	FailResult []struct {
		SystemCode          string `json:"systemCode"`
		CustomCode          string `json:"customCode"`
		Variation1ItemID    Scalar `json:"variation1ItemId"`
		Variation2ItemID    Scalar `json:"variation2ItemId"`
		VariationCustomCode string `json:"variationCustomCode"`
		Message             string `json:"message"`
	} `json:"failResult"`
}

func (r *updateVariationQuantityResponse) rows() []said[VariationKey] {
	var rows []said[VariationKey]
	for _, row := range r.FailResult {
		rows = append(rows, said[VariationKey]{failed: true, message: row.Message, key: VariationKey{
			SystemCode: row.SystemCode, CustomCode: row.CustomCode, VariationCustomCode: row.VariationCustomCode,
			Variation1ItemID: row.Variation1ItemID.String(), Variation2ItemID: row.Variation2ItemID.String(),
		}})
	}
	return rows
}

var updateVariationQuantity = mutation[UpdateVariationQuantityRequest, updateVariationQuantityResponse, VariationKey]{
	operation: operation{
		root: "updateVariationQuantity", mutation: true,
		text: "mutation updateVariationQuantity($input: UpdateVariationQuantityRequest!)" +
			" { updateVariationQuantity(input: $input) { failResult {" +
			" systemCode customCode variation1ItemId variation2ItemId variationCustomCode message } } }",
	},
	field: "variationQuantities",
	check: UpdateVariationQuantityRequest.validate,
	keys:  UpdateVariationQuantityRequest.keys,
	read:  (*updateVariationQuantityResponse).rows,
	same:  sameVariation,
}

// UpdateVariations changes the stock of variations (updateVariationQuantity). The results
// have a row for each VariationQuantityDetail, counted through all products. The answer
// lists the rows that failed: all others are done.
func (s *ProductQuantitiesService) UpdateVariations(ctx context.Context, quantities []UpdateVariationQuantityRequest, opts ...shotengai.CallOption) (*shotengai.Results[VariationKey], error) {
	return updateVariationQuantity.run(ctx, s.client, quantities, opts)
}
