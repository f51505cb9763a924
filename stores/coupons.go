package stores

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// CouponsService makes coupons. The API can neither list nor change them.
type CouponsService service

// Create makes a coupon. A code that is taken is [shotengai.ErrConflict]. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *CouponsService) Create(ctx context.Context, coupon CreateCouponRequest, opts ...shotengai.CallOption) (*Coupon, error) {
	r := api.Request{Operation: "POST " + root + "/coupons", Body: coupon.wire(), Check: coupon.validate(), Decode: wholeCoupon}
	return api.Get[Coupon](ctx, s.client.engine, r, opts...)
}

var wholeCoupon = api.Needs("id", func(c *Coupon) bool { return c.ID != "" })

// CreateCouponRequest is a coupon to be made.
type CreateCouponRequest struct {
	Name         string        // required, 1 to 20 characters
	Code         string        // 1 to 10 letters and digits; empty: the platform makes one
	Active       bool          // can be used at once
	Quantity     *int64        // 1 to 999,999; nil: unlimited
	MailNotice   bool          // notify the readers of the shop's mail magazine
	OncePerBuyer bool          // each buyer once; any number of times otherwise
	Detail       CouponDetail  // required: FreeShipping, Discount or PercentDiscount
	MinAmount    *int64        // yen, 1 to 300,000; nil: no condition
	Expire       *CouponExpire // nil: does not expire
}

// CouponDetail is what a coupon takes off.
type CouponDetail struct {
	Type  CouponDetailType `json:"type"`
	Value *int64           `json:"value,omitzero"` // yen or percent; nil for free shipping
}

// CouponDetailType is a kind of coupon. Open set in answers.
type CouponDetailType string

// Kinds of coupons.
const (
	CouponFreeShipping    CouponDetailType = "free_shipping"
	CouponDiscount        CouponDetailType = "discount"
	CouponPercentDiscount CouponDetailType = "n_percent_discount"
)

// FreeShipping takes the shipping fee off.
func FreeShipping() CouponDetail { return CouponDetail{Type: CouponFreeShipping} }

// Discount takes yen off, 1 to 300,000.
func Discount(yen int64) CouponDetail { return CouponDetail{Type: CouponDiscount, Value: &yen} }

// PercentDiscount takes a part off, 1 to 100 percent.
func PercentDiscount(percent int64) CouponDetail {
	return CouponDetail{Type: CouponPercentDiscount, Value: &percent}
}

// CouponExpire is when a coupon can be used, in Japan time to the minute.
type CouponExpire struct {
	StartDate   shotengai.Date `json:"start_date"`
	StartHour   int            `json:"start_hour"`
	StartMinute int            `json:"start_minute"`
	EndDate     shotengai.Date `json:"end_date"`
	EndHour     int            `json:"end_hour"`
	EndMinute   int            `json:"end_minute"`
}

// CouponCondition is what an order has to reach for a coupon.
type CouponCondition struct {
	Type  string `json:"type"` // "amount" is the only one known
	Value int64  `json:"value"`
}

// Coupon is a coupon of the shop.
type Coupon struct {
	ID                  string              `json:"id"`
	Name                string              `json:"name"`
	Code                string              `json:"code"`
	Status              bool                `json:"status"`
	Quantity            *int64              `json:"quantity"` // nil: unlimited
	MailNotice          bool                `json:"mail_notice"`
	FrequencyLimitation int                 `json:"frequency_limitation"` // 0: any number of times, 1: each buyer once
	Details             []CouponDetailReply `json:"details"`
	Conditions          []CouponCondition   `json:"conditions"`
	Expire              *CouponExpire       `json:"expire"`
	CreatedAt           Time                `json:"created_at"`
}

// CouponDetailReply is a CouponDetail as answers show it.
type CouponDetailReply struct {
	Type  CouponDetailType `json:"type"`
	Value *int64           `json:"value"` // nil for free shipping
}

// couponBody is the request as the platform wants it: all ten keys, and no other.
type couponBody struct {
	Name                string            `json:"name"`
	Code                *string           `json:"code"`
	AutoCodeGeneration  bool              `json:"auto_code_generation"`
	Status              bool              `json:"status"`
	Quantity            *int64            `json:"quantity"`
	MailNotice          bool              `json:"mail_notice"`
	FrequencyLimitation int               `json:"frequency_limitation"`
	Details             []CouponDetail    `json:"details"`
	Conditions          []CouponCondition `json:"conditions"`
	Expire              *CouponExpire     `json:"expire"`
}

func (r CreateCouponRequest) wire() couponBody {
	body := couponBody{
		Name: r.Name, AutoCodeGeneration: r.Code == "", Status: r.Active, Quantity: r.Quantity, MailNotice: r.MailNotice,
		Details: []CouponDetail{r.Detail}, Conditions: []CouponCondition{}, Expire: r.Expire,
	}
	if r.Code != "" {
		body.Code = &r.Code
	}
	if r.OncePerBuyer {
		body.FrequencyLimitation = 1
	}
	if r.MinAmount != nil {
		body.Conditions = append(body.Conditions, CouponCondition{"amount", *r.MinAmount})
	}
	return body
}

func isCouponCode(code string) bool {
	const characters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return len(code) <= 10 && strings.Trim(code, characters) == ""
}

func (r CreateCouponRequest) validate() error {
	errs := []error{check.NotEmpty("name", r.Name), check.AtMost("name", r.Name, 20), r.Detail.validate(), r.Expire.validate()}
	if !isCouponCode(r.Code) {
		errs = append(errs, errors.New("code: at most 10 letters and digits are allowed"))
	}
	if r.Quantity != nil {
		errs = append(errs, check.Between("quantity", *r.Quantity, 1, 999_999))
	}
	if r.MinAmount != nil {
		errs = append(errs, check.Between("conditions.value", *r.MinAmount, 1, 300_000))
	}
	return errors.Join(errs...)
}

func (d CouponDetail) validate() error {
	switch {
	case d.Type == CouponFreeShipping && d.Value == nil:
		return nil
	case d.Type == CouponDiscount && d.Value != nil:
		return check.Between("details.value", *d.Value, 1, 300_000)
	case d.Type == CouponPercentDiscount && d.Value != nil:
		return check.Between("details.value", *d.Value, 1, 100)
	}
	return errors.New("details: use FreeShipping, Discount or PercentDiscount")
}

func (e *CouponExpire) validate() error {
	if e == nil {
		return nil
	}
	errs := []error{
		check.Between("expire.start_hour", e.StartHour, 0, 23), check.Between("expire.end_hour", e.EndHour, 0, 23),
		check.Between("expire.start_minute", e.StartMinute, 0, 59), check.Between("expire.end_minute", e.EndMinute, 0, 59),
	}
	start := e.StartDate.In(shotengai.JST).Add(clock(e.StartHour, e.StartMinute))
	end := e.EndDate.In(shotengai.JST).Add(clock(e.EndHour, e.EndMinute))
	if e.StartDate.IsZero() || e.EndDate.IsZero() || !end.After(start) {
		errs = append(errs, errors.New("expire: start and end are required, and the end has to be later"))
	}
	return errors.Join(errs...)
}

// clock is the time from midnight to a time of day.
func clock(hour, minute int) time.Duration {
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
}
