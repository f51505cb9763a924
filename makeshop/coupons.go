package makeshop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// CouponsService creates coupons.
type CouponsService service

// CreateCouponRequest is a coupon to create. A limit that is set is switched on with it:
// the platform takes each as a flag and a number.
type CreateCouponRequest struct {
	Code            string // at most 20 letters and digits, in either case; empty with CodeAutoCreate
	CodeAutoCreate  bool   // the platform makes up the code
	Name            string // required
	IsEnabled       *bool
	DiscountType    DiscountType // required
	FixedAmount     uint64       // yen, with DiscountFixedAmount
	FixedRate       uint64       // percent, with DiscountFixedRate
	IsTargetProduct *bool        // for certain products only

	IsForOnlyMember          bool
	MaximumMemberUsableCount *uint64 // uses a member; needs IsForOnlyMember
	MemberGroupIDs           []int64 // for these groups only
	MinimumPrice             *uint64 // yen of the order
	TotalUseCount            *uint64 // uses in all

	StartedAt CouponTime
	EndedAt   CouponTime
}

// DiscountType is what a coupon takes off.
type DiscountType string

// Kinds of discounts.
const (
	DiscountFixedAmount     DiscountType = "FIXED_AMOUNT"      // yen
	DiscountFixedRate       DiscountType = "FIXED_RATE"        // percent
	DiscountFreeDeliveryFee DiscountType = "FREE_DELIVERY_FEE" // the delivery
)

// createCoupon is a coupon as the platform takes it.
type createCouponInput struct {
	Code            string       `json:"code,omitzero"`
	CodeAutoCreate  bool         `json:"codeAutoCreate,omitzero"`
	Name            string       `json:"name"`
	IsEnabled       *bool        `json:"isEnabled,omitzero"`
	IsForOnlyMember bool         `json:"isForOnlyMember,omitzero"`
	HasMaximum      bool         `json:"hasMaximumMemberUsableCount,omitzero"`
	Maximum         *uint64      `json:"maximumMemberUsableCount,omitzero"`
	HasGroups       bool         `json:"hasMemberGroupIds,omitzero"`
	Groups          []int64      `json:"memberGroupIds,omitzero"`
	HasMinimumPrice bool         `json:"hasMinimumPrice,omitzero"`
	MinimumPrice    *uint64      `json:"minimumPrice,omitzero"`
	HasTotal        bool         `json:"hasTotalUseCount,omitzero"`
	Total           *uint64      `json:"totalUseCount,omitzero"`
	IsTargetProduct *bool        `json:"isTargetProduct,omitzero"`
	DiscountType    DiscountType `json:"discountType"`
	FixedAmount     uint64       `json:"fixedAmount,omitzero"`
	FixedRate       uint64       `json:"fixedRate,omitzero"`
	HasPeriod       bool         `json:"hasPeriod,omitzero"`
	StartedAt       CouponTime   `json:"startedAt,omitzero"`
	EndedAt         CouponTime   `json:"endedAt,omitzero"`
}

func (r CreateCouponRequest) input() createCouponInput {
	return createCouponInput{
		Code: r.Code, CodeAutoCreate: r.CodeAutoCreate, Name: r.Name, IsEnabled: r.IsEnabled,
		IsForOnlyMember: r.IsForOnlyMember,
		HasMaximum:      r.MaximumMemberUsableCount != nil, Maximum: r.MaximumMemberUsableCount,
		HasGroups: len(r.MemberGroupIDs) > 0, Groups: r.MemberGroupIDs,
		HasMinimumPrice: r.MinimumPrice != nil, MinimumPrice: r.MinimumPrice,
		HasTotal: r.TotalUseCount != nil, Total: r.TotalUseCount,
		IsTargetProduct: r.IsTargetProduct,
		DiscountType:    r.DiscountType, FixedAmount: r.FixedAmount, FixedRate: r.FixedRate,
		HasPeriod: !r.StartedAt.IsZero() || !r.EndedAt.IsZero(), StartedAt: r.StartedAt, EndedAt: r.EndedAt,
	}
}

func (r CreateCouponRequest) validate() error {
	errs := []error{notEmpty("name", r.Name), r.validateCode(), r.validateDiscount()}
	if r.MaximumMemberUsableCount != nil && !r.IsForOnlyMember {
		errs = append(errs, errors.New("maximumMemberUsableCount needs isForOnlyMember"))
	}
	if !r.StartedAt.IsZero() && !r.EndedAt.IsZero() && !r.EndedAt.After(r.StartedAt.Time) {
		errs = append(errs, errors.New("endedAt is not after startedAt"))
	}
	return errors.Join(errs...)
}

func (r CreateCouponRequest) validateCode() error {
	alnum := func(c rune) bool { return c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c)) }
	switch {
	case r.Code == "" && !r.CodeAutoCreate:
		return errors.New("code: give one, or set codeAutoCreate")
	case r.Code != "" && r.CodeAutoCreate:
		return errors.New("code and codeAutoCreate exclude each other")
	case len(r.Code) > 20 || strings.ContainsFunc(r.Code, func(c rune) bool { return !alnum(c) }):
		return fmt.Errorf("code: %q is not at most 20 letters and digits", r.Code)
	}
	return nil
}

func (r CreateCouponRequest) validateDiscount() error {
	amount, rate := false, false
	switch r.DiscountType {
	case DiscountFixedAmount:
		amount = true
	case DiscountFixedRate:
		rate = true
	case DiscountFreeDeliveryFee:
	default:
		return fmt.Errorf("discountType: %q is none that is known", string(r.DiscountType))
	}
	switch {
	case amount != (r.FixedAmount > 0):
		return errors.New("fixedAmount: required with FIXED_AMOUNT, and with nothing else")
	case rate != (r.FixedRate > 0):
		return errors.New("fixedRate: required with FIXED_RATE, and with nothing else")
	case r.FixedRate > 100:
		return fmt.Errorf("fixedRate: %d percent", r.FixedRate)
	}
	return nil
}

// CreateCouponsResult is what became of the rows.
type CreateCouponsResult struct {
	Results []CreateCouponResult `json:"results"`
}

// CreateCouponResult is what became of one coupon.
type CreateCouponResult struct {
	Code         string       `json:"code"`
	Name         string       `json:"name"`
	Status       CouponResult `json:"status"`
	ErrorMessage string       `json:"errorMessage"`
}

// CouponResult is whether a coupon was created. Open set.
type CouponResult string

// Values of CouponResult.
const (
	CouponSuccess CouponResult = "SUCCESS"
	CouponFail    CouponResult = "FAIL" // a code that is in use, for instance
)

func (r *CreateCouponsResult) failures() []RowFailure {
	return failedRows(r.Results, func(row CreateCouponResult) (string, string, bool) {
		return cmp.Or(row.Code, row.Name), row.ErrorMessage, row.Status != CouponSuccess
	})
}

var createCoupon = operation{
	root: "createCoupon", mutation: true,
	text: "mutation createCoupon($input: CreateCouponRequest!) { createCoupon(input: $input)" +
		" { results { code name status errorMessage } } }",
}

// Create creates coupons, several at once (createCoupon). The result comes with an error
// that matches [ErrRows] if some were not created.
func (s *CouponsService) Create(ctx context.Context, coupons []CreateCouponRequest, opts ...CallOption) (*CreateCouponsResult, error) {
	check := eachRow("coupons", coupons, CreateCouponRequest.validate)
	rows := make([]createCouponInput, len(coupons))
	for i, coupon := range coupons {
		rows[i] = coupon.input()
	}
	in := struct {
		Rows []createCouponInput `json:"coupons"`
	}{rows}
	return mutate[CreateCouponsResult](ctx, s.client, createCoupon, in, check, opts)
}
