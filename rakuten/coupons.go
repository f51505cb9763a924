package rakuten

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"iter"
	"net/http"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/text"
)

// CouponsService works with coupons. The limit of its calls is answered with 403, which is
// shotengai.ErrRateLimited here (provisional).
type CouponsService service

// SearchCouponsParams selects coupons.
type SearchCouponsParams struct {
	CouponName      *string  `url:"couponName,omitempty"`
	CouponCode      *string  `url:"couponCode,omitempty"`
	ItemURL         *string  `url:"itemUrl,omitempty"`
	CouponStartDate ItemTime `url:"couponStartDate,omitempty"`
	CouponEndDate   ItemTime `url:"couponEndDate,omitempty"`
	Hits            int      `url:"hits,omitempty"` // rows a page, 1 to 100; 30 when 0
	Page            int      `url:"page,omitempty"` // from 1
}

// Get returns one coupon.
func (s *CouponsService) Get(ctx context.Context, couponCode string, opts ...shotengai.CallOption) (*Coupon, error) {
	params := struct {
		CouponCode string `url:"couponCode"`
	}{couponCode}
	r := api.Request{Operation: "GET /es/1.0/coupon/get", Params: params, Check: validCode(couponCode)}
	return api.Pick(ctx, s.client.engine, r, func(w *couponsGetReply) *Coupon { return &w.Coupon }, opts...)
}

type couponsGetReply struct {
	xmlAnswer

	XMLName struct{}  `xml:"result"`
	Coupon  Coupon    `xml:"coupon"`
	Errors  xmlErrors `xml:"errors"`
}

// Search returns one page of coupons. Finding none is an empty page.
func (s *CouponsService) Search(ctx context.Context, params SearchCouponsParams, opts ...shotengai.CallOption) (*shotengai.Page[Coupon], error) {
	r := api.Request{Operation: "GET /es/1.0/coupon/search", Params: params, Check: validPage("page", params.Page, "hits", params.Hits, MaxCouponPage)}
	return orNone(api.List(ctx, s.client.engine, r, (*couponsSearchReply).page, opts...))
}

type couponsSearchReply struct {
	xmlAnswer

	XMLName  struct{}  `xml:"result"`
	AllCount int       `xml:"allCount"`
	Coupons  []Coupon  `xml:"coupons>coupon" rows:"couponCode"`
	Errors   xmlErrors `xml:"errors"`
}

func (w *couponsSearchReply) page() *shotengai.Page[Coupon] {
	return &shotengai.Page[Coupon]{Items: w.Coupons, Total: &w.AllCount}
}

// All yields the coupons that params selects, from params.Page on and 100 at a time unless
// params.Hits says otherwise. A coupon that cannot be read is yielded as a
// *shotengai.RowError. A PageError's Offset is a page. Coupons that leave the list while it
// runs end it with [shotengai.ErrRowsMoved].
func (s *CouponsService) All(ctx context.Context, params SearchCouponsParams, opts ...shotengai.CallOption) iter.Seq2[*Coupon, error] {
	params.Hits = cmp.Or(params.Hits, MaxCouponPage)
	return walk(ctx, max(params.Page, 1), byPage(params.Hits), func(c *Coupon) string { return c.CouponCode },
		func(ctx context.Context, page int) (*shotengai.Page[Coupon], error) {
			params.Page = page
			return s.Search(ctx, params, opts...)
		}, opts...)
}

// IssueCouponRequest is a new coupon, with the fields of CouponContent.
type IssueCouponRequest CouponContent

// Issue makes a coupon. Issuing the same again makes a second coupon, so the call is
// never sent again by the library, not even after a refusal: search by the name after a
// failure.
func (s *CouponsService) Issue(ctx context.Context, coupon IssueCouponRequest, opts ...shotengai.CallOption) (*IssuedCoupon, error) {
	content := CouponContent(coupon)
	body, err := xmlBody(struct {
		XMLName struct{}      `xml:"request"`
		Coupon  CouponContent `xml:"couponIssueRequest>coupon"`
	}{Coupon: content.filled()}, couponLists...)
	r := api.Request{
		Operation: "POST /es/1.0/coupon/issue", Body: body, Safety: api.NeverAgain,
		Check: errors.Join(content.validate(), content.validStart(s.client.engine.Now()), err),
	}
	return api.Pick(ctx, s.client.engine, r, func(w *couponsIssueReply) *IssuedCoupon { return &w.Coupon }, opts...)
}

type couponsIssueReply struct {
	xmlAnswer

	XMLName struct{}     `xml:"result"`
	Coupon  IssuedCoupon `xml:"coupon"`
	Errors  xmlErrors    `xml:"errors"`
}

// UpdateCouponRequest is a coupon as it is to be, with the fields of Coupon.
type UpdateCouponRequest Coupon

// Update replaces the content of a coupon: start from the coupon that Get returns. It is refused from 60 minutes before the coupon's start on.
func (s *CouponsService) Update(ctx context.Context, coupon UpdateCouponRequest, opts ...shotengai.CallOption) error {
	coupon.CouponContent = coupon.filled()
	body, err := xmlBody(struct {
		XMLName struct{}            `xml:"request"`
		Coupon  UpdateCouponRequest `xml:"couponUpdateRequest>coupon"`
	}{Coupon: coupon}, couponLists...)
	return s.client.engine.Do(ctx, api.Request{
		Operation: "POST /es/1.0/coupon/update", Body: body,
		Check: errors.Join(validCode(coupon.CouponCode), coupon.validate(), err),
	}, new(couponsUpdateReply), opts...)
}

type couponsUpdateReply struct {
	xmlAnswer

	XMLName struct{}  `xml:"result"`
	Errors  xmlErrors `xml:"errors"`
}

// Delete deletes a coupon.
func (s *CouponsService) Delete(ctx context.Context, couponCode string, opts ...shotengai.CallOption) error {
	body, err := xmlBody(struct {
		XMLName    struct{} `xml:"request"`
		CouponCode string   `xml:"couponDeleteRequest>coupon>couponCode"`
	}{CouponCode: couponCode})
	r := api.Request{Operation: "POST /es/1.0/coupon/delete", Body: body, Check: errors.Join(validCode(couponCode), err)}
	return s.client.engine.Do(ctx, r, new(couponsDeleteReply), opts...)
}

type couponsDeleteReply struct {
	xmlAnswer

	XMLName    struct{}  `xml:"result"`
	CouponCode string    `xml:"coupon>couponCode"`
	Errors     xmlErrors `xml:"errors"`
}

// couponLists are left out of a body where they are empty.
var couponLists = []string{"items", "otherConditions"}

// xmlErrors is the list of errors of a coupon's answer: errors_xml.go reads it, and it is
// empty once an answer is decoded.
type xmlErrors struct {
	Errors []struct {
		Code    string `xml:"code"`
		Message string `xml:"message"`
	} `xml:"error"`
}

func validCode(couponCode string) error {
	if couponCode == "" {
		return errors.New("couponCode: required")
	}
	return nil
}

// orNone makes an empty page of a search that found nothing.
func orNone[T any](page *shotengai.Page[T], err error) (*shotengai.Page[T], error) {
	if foundNone(err) {
		return &shotengai.Page[T]{Total: new(0)}, nil
	}
	return page, err
}

// foundNone reports whether a search failed because there is nothing to find: the coupon
// families then answer 404, in XML or with no body at all. A page or JSON comes from
// elsewhere.
func foundNone(err error) bool {
	e, ok := errors.AsType[*shotengai.Error](err)
	if !ok || e.StatusCode != http.StatusNotFound {
		return false
	}
	body := bytes.TrimSpace(e.Body)
	return len(body) == 0 || body[0] == '<' && !text.LooksLikeHTML("", body)
}
