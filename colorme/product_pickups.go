package colorme

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ProductPickupsService features products on the shop's pages.
type ProductPickupsService service

// PickupType is a place where products are featured. Open set in answers; there is no 2.
type PickupType int

// Places where products are featured.
const (
	PickupRecommended PickupType = 0
	PickupBestSeller  PickupType = 1
	PickupNewArrival  PickupType = 3 // only where the shop chooses new arrivals by hand
	PickupTopPick     PickupType = 4
)

func (t PickupType) validate() error {
	if !slices.Contains([]PickupType{PickupRecommended, PickupBestSeller, PickupNewArrival, PickupTopPick}, t) {
		return fmt.Errorf("pickup_type: %d is none of 0, 1, 3, 4", int(t))
	}
	return nil
}

// ProductPickup is a featured product.
type ProductPickup struct {
	PickupType PickupType `json:"pickup_type"`
	ProductID  int64      `json:"product_id"`
	AccountID  string     `json:"account_id"`
	OrderNum   *int       `json:"order_num"`
	MakeDate   Time       `json:"make_date"`
	UpdateDate Time       `json:"update_date"`
}

// CreateProductPickupRequest features a product.
type CreateProductPickupRequest struct {
	PickupType PickupType `json:"pickup_type"`        // required
	OrderNum   *int       `json:"order_num,omitzero"` // position, from 0
}

// UpdateProductPickupRequest moves a product among the featured ones, with the fields of
// CreateProductPickupRequest.
type UpdateProductPickupRequest CreateProductPickupRequest

func (r CreateProductPickupRequest) validate() error {
	if r.OrderNum != nil && *r.OrderNum < 0 {
		return fmt.Errorf("order_num: %d is negative", *r.OrderNum)
	}
	return r.PickupType.validate()
}

// Create features a product. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/postProductPickup
func (s *ProductPickupsService) Create(ctx context.Context, productID int64, pickup CreateProductPickupRequest, opts ...shotengai.CallOption) (*ProductPickup, error) {
	r := api.Request{Operation: "POST /v1/products/{product_id}/pickups", Path: api.ID(productID), Check: pickup.validate(), Body: pickup}
	return api.Pick(ctx, s.client.engine, r, (*pickupReply).value, opts...)
}

// Update moves a featured product. Scope: write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/putProductPickup
func (s *ProductPickupsService) Update(ctx context.Context, productID int64, pickup UpdateProductPickupRequest, opts ...shotengai.CallOption) (*ProductPickup, error) {
	r := api.Request{Operation: "PUT /v1/products/{product_id}/pickups", Path: api.ID(productID), Check: CreateProductPickupRequest(pickup).validate(), Body: pickup}
	return api.Pick(ctx, s.client.engine, r, (*pickupReply).value, opts...)
}

// Delete features a product no longer, and returns what was removed. Scope:
// write_products.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/product/operation/deleteProductPickup
func (s *ProductPickupsService) Delete(ctx context.Context, productID int64, pickup PickupType, opts ...shotengai.CallOption) (*ProductPickup, error) {
	r := api.Request{
		Operation: "DELETE /v1/products/{product_id}/pickups/{pickup_type}",
		Path:      append(api.ID(productID), strconv.Itoa(int(pickup))), Check: pickup.validate(),
	}
	return api.Pick(ctx, s.client.engine, r, (*pickupReply).value, opts...)
}

type pickupReply struct {
	Pickup ProductPickup `json:"pickup"`
}

func (r *pickupReply) value() *ProductPickup { return &r.Pickup }
