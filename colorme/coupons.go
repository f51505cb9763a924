package colorme

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// CouponsService works with the shop's coupons.
type CouponsService service

type couponEnvelope[T any] struct {
	ShopCoupon T `json:"shop_coupon"`
}

func (e *couponEnvelope[T]) value() *T { return &e.ShopCoupon }

// List returns all coupons; there are no pages. Scope: read_shop_coupons.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/shop_coupon/operation/getCoupons
func (s *CouponsService) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[ShopCoupon], error) {
	type reply struct {
		ShopCoupons []ShopCoupon `json:"shop_coupons" rows:"id"`
	}
	r := api.Request{Operation: "GET /v1/shop_coupons"}
	return api.ListAll(ctx, s.client.engine, r, func(w *reply) []ShopCoupon { return w.ShopCoupons }, opts...)
}

// Get returns one coupon. Scope: read_shop_coupons.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/shop_coupon/operation/getCoupon
func (s *CouponsService) Get(ctx context.Context, id int64, opts ...shotengai.CallOption) (*ShopCoupon, error) {
	r := api.Request{Operation: "GET /v1/shop_coupons/{id}", Path: api.ID(id)}
	return api.Pick(ctx, s.client.engine, r, (*couponEnvelope[ShopCoupon]).value, opts...)
}

// Create makes a coupon. Scope: write_shop_coupons.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/shop_coupon/operation/createCoupon
func (s *CouponsService) Create(ctx context.Context, coupon CreateCouponRequest, opts ...shotengai.CallOption) (*ShopCoupon, error) {
	r := api.Request{
		Operation: "POST /v1/shop_coupons", Check: coupon.validate(),
		Body: couponEnvelope[CreateCouponRequest]{coupon},
	}
	return api.Pick(ctx, s.client.engine, r, (*couponEnvelope[ShopCoupon]).value, opts...)
}

// Update changes a coupon. What is left out stays. Scope: write_shop_coupons.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/shop_coupon/operation/updateCoupon
func (s *CouponsService) Update(ctx context.Context, id int64, coupon UpdateCouponRequest, opts ...shotengai.CallOption) (*ShopCoupon, error) {
	r := api.Request{
		Operation: "PUT /v1/shop_coupons/{id}", Path: api.ID(id), Check: coupon.validate(),
		Body: couponEnvelope[UpdateCouponRequest]{coupon},
	}
	return api.Pick(ctx, s.client.engine, r, (*couponEnvelope[ShopCoupon]).value, opts...)
}

// Delete deletes a coupon. Scope: write_shop_coupons.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/shop_coupon/operation/deleteCoupon
func (s *CouponsService) Delete(ctx context.Context, id int64, opts ...shotengai.CallOption) error {
	return s.client.engine.Do(ctx, api.Request{Operation: "DELETE /v1/shop_coupons/{id}", Path: api.ID(id)}, nil, opts...)
}

// ShopCoupon is a coupon of the shop. Its dates are instants here and days in requests.
type ShopCoupon struct {
	ID              int64          `json:"id"`
	Name            string         `json:"name"`
	Code            string         `json:"code"`
	CouponType      CouponType     `json:"coupon_type"`
	DiscountAmount  int64          `json:"discount_amount"` // yen or percent, depending on CouponType; 0 for free delivery
	MinimumAmount   int64          `json:"minimum_amount"`  // yen
	StartsAt        Time           `json:"starts_at"`
	EndsAt          Time           `json:"ends_at"`
	TotalUsageLimit int64          `json:"total_usage_limit"` // 0: no limit
	UsageLimit      UsageLimit     `json:"usage_limit"`
	GroupLimitType  GroupLimitType `json:"group_limit_type"`
	Status          CouponStatus   `json:"status"`
	CreatedAt       Time           `json:"created_at"`
	UpdatedAt       Time           `json:"updated_at"`
	GroupIDs        []int64        `json:"group_ids"`
}

// CreateCouponRequest is a coupon to be made.
type CreateCouponRequest struct {
	Code            string         `json:"code"`        // required
	CouponType      CouponType     `json:"coupon_type"` // required
	StartsAt        shotengai.Date `json:"starts_at"`   // required: first day
	EndsAt          shotengai.Date `json:"ends_at"`     // required: last day
	Name            *string        `json:"name,omitzero"`
	DiscountAmount  *int64         `json:"discount_amount,omitzero"` // yen, or percent with CouponRate; 0 when nil
	MinimumAmount   *int64         `json:"minimum_amount,omitzero"`  // yen; 0 when nil
	TotalUsageLimit *int64         `json:"total_usage_limit,omitzero"`
	UsageLimit      UsageLimit     `json:"usage_limit,omitzero"`      // UsageIndisposable when empty
	GroupLimitType  GroupLimitType `json:"group_limit_type,omitzero"` // GroupLimitNone when empty
	Status          CouponStatus   `json:"status,omitzero"`           // CouponAvailable when empty
	GroupIDs        []int64        `json:"group_ids,omitzero"`
}

// UpdateCouponRequest is what can be changed of a coupon.
type UpdateCouponRequest struct {
	Name            *string        `json:"name,omitzero"`
	Code            *string        `json:"code,omitzero"`
	CouponType      CouponType     `json:"coupon_type,omitzero"`
	DiscountAmount  *int64         `json:"discount_amount,omitzero"`
	MinimumAmount   *int64         `json:"minimum_amount,omitzero"`
	StartsAt        shotengai.Date `json:"starts_at,omitzero"`
	EndsAt          shotengai.Date `json:"ends_at,omitzero"`
	TotalUsageLimit *int64         `json:"total_usage_limit,omitzero"`
	UsageLimit      UsageLimit     `json:"usage_limit,omitzero"`
	GroupLimitType  GroupLimitType `json:"group_limit_type,omitzero"`
	Status          CouponStatus   `json:"status,omitzero"`
	GroupIDs        []int64        `json:"group_ids,omitzero"` // an empty, non-nil list takes all groups away
}

func (r CreateCouponRequest) validate() error {
	errs := []error{check.NotEmpty("code", r.Code), check.NotEmpty("coupon_type", string(r.CouponType))}
	if r.StartsAt.IsZero() || r.EndsAt.IsZero() {
		errs = append(errs, errors.New("starts_at and ends_at are required"))
	}
	errs = append(errs, notNegative("minimum_amount", r.MinimumAmount), notNegative("total_usage_limit", r.TotalUsageLimit),
		couponRules(r.CouponType, r.DiscountAmount, r.StartsAt, r.EndsAt, r.UsageLimit, r.GroupLimitType, r.Status))
	return errors.Join(errs...)
}

func (r UpdateCouponRequest) validate() error {
	errs := []error{
		notNegative("minimum_amount", r.MinimumAmount), notNegative("total_usage_limit", r.TotalUsageLimit),
		couponRules(r.CouponType, r.DiscountAmount, r.StartsAt, r.EndsAt, r.UsageLimit, r.GroupLimitType, r.Status),
	}
	if r.Code != nil {
		errs = append(errs, check.NotEmpty("code", *r.Code))
	}
	return errors.Join(errs...)
}

func couponRules(kind CouponType, discount *int64, starts, ends shotengai.Date, usage UsageLimit, group GroupLimitType, status CouponStatus) error {
	errs := []error{
		check.OneOf("coupon_type", kind, CouponAmount, CouponRate, CouponDeliveryCharge),
		check.OneOf("usage_limit", usage, UsageIndisposable, UsageDisposable),
		check.OneOf("group_limit_type", group, GroupLimitNone, GroupLimitIncluding, GroupLimitExcluding),
		check.OneOf("status", status, CouponAvailable, CouponUnavailable),
	}
	if !starts.IsZero() && !ends.IsZero() && ends.Compare(starts) < 0 {
		errs = append(errs, errors.New("ends_at is before starts_at"))
	}
	switch {
	case discount == nil:
	case *discount < 0:
		errs = append(errs, errors.New("discount_amount must not be negative"))
	case kind == CouponRate:
		errs = append(errs, check.Between("discount_amount", *discount, 0, 100))
	case kind == CouponDeliveryCharge && *discount != 0:
		errs = append(errs, errors.New("discount_amount must be 0 for free delivery"))
	}
	return errors.Join(errs...)
}

// CouponType is what a coupon takes off. Open set in answers.
type CouponType string

// Kinds of coupons.
const (
	CouponAmount         CouponType = "amount"          // yen off
	CouponRate           CouponType = "rate"            // percent off
	CouponDeliveryCharge CouponType = "delivery_charge" // free delivery
)

// UsageLimit is how often a customer may use a coupon. Open set in answers.
type UsageLimit string

// Values of UsageLimit.
const (
	UsageIndisposable UsageLimit = "indisposable" // any number of times
	UsageDisposable   UsageLimit = "disposable"   // once
)

// GroupLimitType is the meaning of a coupon's groups. Open set in answers.
type GroupLimitType string

// Values of GroupLimitType.
const (
	GroupLimitNone      GroupLimitType = "none"
	GroupLimitIncluding GroupLimitType = "including" // only products of the groups
	GroupLimitExcluding GroupLimitType = "excluding" // all but products of the groups
)

// CouponStatus is whether a coupon can be used. Open set in answers.
type CouponStatus string

// Values of CouponStatus.
const (
	CouponAvailable   CouponStatus = "available"
	CouponUnavailable CouponStatus = "unavailable"
)
