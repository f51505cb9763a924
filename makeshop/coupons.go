package makeshop

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/check"
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

// createCouponInput is a coupon as the platform takes it.
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

// MarshalJSON writes the coupon as the platform takes it, with the flags of its limits.
func (r CreateCouponRequest) MarshalJSON() ([]byte, error) { return json.Marshal(r.input()) }

func (r CreateCouponRequest) validate() error {
	errs := []error{check.NotEmpty("name", r.Name), r.validateCode(), r.validateDiscount()}
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
		return errors.New("code: set it, or codeAutoCreate")
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

// CouponKey names a row of [CouponsService.Create].
type CouponKey struct {
	Code string // the one that the platform made up, where the request has none
	Name string
}

// String is the code, or else the name.
func (k CouponKey) String() string { return cmp.Or(k.Code, k.Name) }

func sameCoupon(asked, answered CouponKey) (CouponKey, bool) {
	key := CouponKey{cmp.Or(asked.Code, answered.Code), cmp.Or(asked.Name, answered.Name)}
	return key, agree(asked.Code, answered.Code, asked.Name, answered.Name)
}

type createCouponResponse struct {
	Results []struct {
		Code         string       `json:"code"`
		Name         string       `json:"name"`
		Status       couponStatus `json:"status"`
		ErrorMessage string       `json:"errorMessage"`
	} `json:"results"`
}

// couponStatus is whether a coupon was created: SUCCESS, or FAIL for a code that is in use,
// for instance. Open set.
type couponStatus string

const couponSuccess couponStatus = "SUCCESS"

func (r *createCouponResponse) rows() []said[CouponKey] {
	var rows []said[CouponKey]
	for _, row := range r.Results {
		rows = append(rows, said[CouponKey]{
			key: CouponKey{row.Code, row.Name}, failed: row.Status != couponSuccess, code: string(row.Status), message: row.ErrorMessage,
		})
	}
	return rows
}

var createCoupon = mutation[CreateCouponRequest, createCouponResponse, CouponKey]{
	operation: operation{
		root: "createCoupon", mutation: true,
		text: "mutation createCoupon($input: CreateCouponRequest!) { createCoupon(input: $input)" +
			" { results { code name status errorMessage } } }",
	},
	field: "coupons",
	check: CreateCouponRequest.validate,
	keys:  func(r CreateCouponRequest) []CouponKey { return []CouponKey{{r.Code, r.Name}} },
	read:  (*createCouponResponse).rows,
	same:  sameCoupon,
	all:   true,
}

// Create creates coupons, several at once (createCoupon). A row that failed has the
// platform's status as its code, such as FAIL.
func (s *CouponsService) Create(ctx context.Context, coupons []CreateCouponRequest, opts ...shotengai.CallOption) (*shotengai.Results[CouponKey], error) {
	return createCoupon.run(ctx, s.client, coupons, opts)
}
