package rakuten

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ThanksCouponsService works with thanks coupons, which buyers get by themselves after an
// order. All its operations are provisional.
type ThanksCouponsService service

// ThanksCouponStatus is how far a thanks coupon is. Open set.
type ThanksCouponStatus int

// Values of ThanksCouponStatus.
const (
	ThanksBefore  ThanksCouponStatus = 3
	ThanksRunning ThanksCouponStatus = 4
	ThanksStopped ThanksCouponStatus = 5
	ThanksEnded   ThanksCouponStatus = 6
)

// ThanksCouponContent is what a thanks coupon is worth and who gets it.
type ThanksCouponContent struct {
	CouponImage           string                   `xml:"couponImage,omitempty"`
	CouponName            string                   `xml:"couponName"`              // at most 60 characters
	CouponCaption         string                   `xml:"couponCaption,omitempty"` // at most 200 characters
	DiscountType          CouponDiscountType       `xml:"discountType"`
	DiscountFactor        int64                    `xml:"discountFactor"`        // yen or percent
	CouponUnavailableTerm int                      `xml:"couponUnavailableTerm"` // days until it can be used
	CouponTerm            int                      `xml:"couponTerm"`            // days that it can be used
	MemberAvailMaxCount   int                      `xml:"memberAvailMaxCount"`
	CombineFlag           int                      `xml:"combineFlag"` // 1: may be used with other coupons
	OtherConditions       []CouponCondition        `xml:"thanksOtherConditions>thanksOtherCondition"`
	AutoGetConditions     []ThanksAutoGetCondition `xml:"thanksAutoGetConditions>thanksAutoGetCondition"`
}

func (t ThanksCouponContent) validate() error {
	return validDiscount(t.CouponName, t.CouponCaption, t.DiscountType, t.DiscountFactor)
}

// ThanksAutoGetCondition is what an order or a buyer has to fulfil to get the coupon.
type ThanksAutoGetCondition struct {
	GetCondCD      ThanksCondition `xml:"getCondCd"`
	StartValue     string          `xml:"startValue"`
	EndValue       string          `xml:"endValue,omitempty"`
	CompOperatorCD int             `xml:"compOperatorCd"`
}

// ThanksCondition is what a condition looks at. Open set.
type ThanksCondition string

// Values of ThanksCondition.
const (
	ThanksTotalPrice        ThanksCondition = "totalPrice"
	ThanksGrantTerm         ThanksCondition = "grantTerm"
	ThanksServiceUseHistory ThanksCondition = "serviceUseHistory"
)

// ThanksCoupon is a thanks coupon that was issued.
type ThanksCoupon struct {
	ThanksCouponContent

	ThanksCouponID int64  `xml:"thanksCouponId"`
	ShopID         string `xml:"shopId"`
	ShopName       string `xml:"shopName"`
	ShopURL        string `xml:"shopUrl"`
}

// SearchThanksCouponsParams selects thanks coupons. How the platform wants the times spelt
// is not established: they are sent as the times of coupons are.
type SearchThanksCouponsParams struct {
	IssueStats     ThanksCouponStatus `url:"issueStats,omitempty"`
	GrantStartDate ItemTime           `url:"grantStartDate,omitempty"`
	GrantEndDate   ItemTime           `url:"grantEndDate,omitempty"`
	RegDate        ItemTime           `url:"regDate,omitempty"`
	Hits           int                `url:"hits,omitempty"` // rows a page, 1 to 100; 30 when 0
	Page           int                `url:"page,omitempty"` // from 1
}

// Get returns one thanks coupon. Provisional.
func (s *ThanksCouponsService) Get(ctx context.Context, id int64, opts ...shotengai.CallOption) (*ThanksCoupon, error) {
	r := api.Request{Operation: "GET /es/1.0/thankscoupon/{thanksCouponId}", Path: api.ID(id)}
	return api.Pick(ctx, s.client.engine, r, func(w *thanksCouponsGetReply) *ThanksCoupon { return &w.ThanksCoupon }, opts...)
}

type thanksCouponsGetReply struct {
	xmlAnswer

	XMLName      struct{}     `xml:"result"`
	ThanksCoupon ThanksCoupon `xml:"thanksCoupon"`
	Errors       xmlErrors    `xml:"errors"`
}

// Search returns one page of thanks coupons. Finding none, which the platform answers with
// 404, is an empty page. Provisional.
func (s *ThanksCouponsService) Search(ctx context.Context, params SearchThanksCouponsParams, opts ...shotengai.CallOption) (*shotengai.Page[ThanksCoupon], error) {
	r := api.Request{Operation: "GET /es/1.0/thankscoupons", Params: params, Check: validPage("page", params.Page, "hits", params.Hits, MaxCouponPage)}
	return orNone(api.List(ctx, s.client.engine, r, (*thanksCouponsSearchReply).page, opts...))
}

type thanksCouponsSearchReply struct {
	xmlAnswer

	XMLName       struct{}       `xml:"result"`
	AllCount      int            `xml:"allCount"`
	ThanksCoupons []ThanksCoupon `xml:"thanksCoupons>thanksCoupon" rows:"thanksCouponId"`
	Errors        xmlErrors      `xml:"errors"`
}

func (w *thanksCouponsSearchReply) page() *shotengai.Page[ThanksCoupon] {
	return &shotengai.Page[ThanksCoupon]{Items: w.ThanksCoupons, Total: &w.AllCount}
}

// All yields the thanks coupons that params selects as CouponsService.All does coupons.
func (s *ThanksCouponsService) All(ctx context.Context, params SearchThanksCouponsParams, opts ...shotengai.CallOption) iter.Seq2[*ThanksCoupon, error] {
	params.Hits = cmp.Or(params.Hits, MaxCouponPage)
	return walk(ctx, max(params.Page, 1), byPage(params.Hits), func(c *ThanksCoupon) int64 { return c.ThanksCouponID },
		func(ctx context.Context, page int) (*shotengai.Page[ThanksCoupon], error) {
			params.Page = page
			return s.Search(ctx, params, opts...)
		}, opts...)
}

// IssueThanksCouponRequest is a new thanks coupon, with the fields of ThanksCouponContent.
type IssueThanksCouponRequest ThanksCouponContent

// Issue makes a thanks coupon and returns its id. As with coupons, the library never sends
// the call again. Provisional.
func (s *ThanksCouponsService) Issue(ctx context.Context, coupon IssueThanksCouponRequest, opts ...shotengai.CallOption) (id int64, err error) {
	return s.change(ctx, api.Request{Operation: "POST /es/1.0/thankscoupon", Safety: api.NeverAgain}, new(ThanksCouponContent(coupon)), opts...)
}

// UpdateThanksCouponRequest is a thanks coupon as it is to be, with the fields of
// ThanksCouponContent.
type UpdateThanksCouponRequest ThanksCouponContent

// Update replaces the content of a thanks coupon. Provisional.
func (s *ThanksCouponsService) Update(ctx context.Context, id int64, coupon UpdateThanksCouponRequest, opts ...shotengai.CallOption) error {
	_, err := s.change(ctx, api.Request{Operation: "PUT /es/1.0/thankscoupon/{thanksCouponId}", Path: api.ID(id)}, new(ThanksCouponContent(coupon)), opts...)
	return err
}

// Stop ends the issuing of a thanks coupon. Provisional.
func (s *ThanksCouponsService) Stop(ctx context.Context, id int64, opts ...shotengai.CallOption) error {
	_, err := s.change(ctx, api.Request{Operation: "PUT /es/1.0/thankscoupon/{thanksCouponId}/issuestatus/stop", Path: api.ID(id)}, nil, opts...)
	return err
}

// change carries out a request, with content unless it is nil, and returns the id in its
// answer.
func (s *ThanksCouponsService) change(ctx context.Context, r api.Request, content *ThanksCouponContent, opts ...shotengai.CallOption) (int64, error) {
	if content != nil {
		body, err := xmlBody(struct {
			XMLName struct{}            `xml:"request"`
			Content ThanksCouponContent `xml:"thanksCoupon"`
		}{Content: *content}, "thanksOtherConditions", "thanksAutoGetConditions")
		r.Body, r.Check = body, errors.Join(content.validate(), err)
	}
	return api.Pick(ctx, s.client.engine, r, func(w *thanksCouponsChangeReply) int64 { return w.ThanksCouponID }, opts...)
}

type thanksCouponsChangeReply struct {
	xmlAnswer

	XMLName        struct{}  `xml:"result"`
	ThanksCouponID int64     `xml:"thanksCoupon>thanksCouponId"`
	Errors         xmlErrors `xml:"errors"`
}
