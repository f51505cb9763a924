package colorme

import (
	"cmp"
	"context"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ReviewsService reads product reviews.
type ReviewsService service

// ListReviewsParams selects a page of reviews.
type ListReviewsParams struct {
	Limit  int `url:"limit,omitempty"` // rows a page, 1 to 100; 10 when 0
	Offset int `url:"offset,omitempty"`
}

// List returns one page of reviews. Scopes: read_products and read_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/review/operation/getReviews
func (s *ReviewsService) List(ctx context.Context, params ListReviewsParams, opts ...shotengai.CallOption) (*shotengai.Page[Review], error) {
	type reply struct {
		Reviews []Review `json:"reviews" rows:"id"`
		Meta    meta     `json:"meta"`
	}
	r := api.Request{Operation: "GET /v1/reviews", Params: params, Check: paging(params.Limit, params.Offset)}
	return api.List(ctx, s.client.engine, r, func(w *reply) *shotengai.Page[Review] { return newPage(w.Reviews, w.Meta) }, opts...)
}

// All yields all reviews, fetching 100 at a time unless params.Limit is set. Rows that leave
// the list meanwhile end it with [shotengai.ErrRowsMoved]. Scopes: read_products and
// read_sales.
func (s *ReviewsService) All(ctx context.Context, params ListReviewsParams, opts ...shotengai.CallOption) iter.Seq2[*Review, error] {
	params.Limit = cmp.Or(params.Limit, 100)
	return walk(ctx, params.Offset, func(r *Review) int64 { return r.ID }, func(ctx context.Context, offset int) (*shotengai.Page[Review], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// Review is a review of a product.
type Review struct {
	ID        int64           `json:"id"`
	Nickname  *string         `json:"nickname"`
	Sex       ReviewSex       `json:"sex"`
	Nendai    Nendai          `json:"nendai"` // age in decades
	Star      int             `json:"star"`   // 1 to 10
	Title     *string         `json:"title"`
	Comment   *string         `json:"comment"`
	Status    ReviewStatus    `json:"status"`
	PointFlg  PointFlg        `json:"point_flg"`
	PostedAt  Time            `json:"posted_at"`
	ProductID int64           `json:"product_id"`
	Customer  *ReviewCustomer `json:"customer"` // nil: a visitor
	Reply     *ReviewResponse `json:"reply"`    // nil: none yet
}

// ReviewCustomer is the customer who wrote a review.
type ReviewCustomer struct {
	ID   int64  `json:"id"`
	Mail string `json:"mail"`
}

// ReviewResponse is the shop's reply to a review.
type ReviewResponse struct {
	ID        int64  `json:"id"`
	Comment   string `json:"comment"`
	RepliedAt Time   `json:"replied_at"`
}

// ReviewSex is the sex that a reviewer stated. Open set.
type ReviewSex string

// Values of ReviewSex.
const (
	ReviewMale     ReviewSex = "male"
	ReviewFemale   ReviewSex = "female"
	ReviewNoAnswer ReviewSex = "no_answer"
)

// Nendai is the age in decades that a reviewer stated. Open set.
type Nendai string

// Values of Nendai.
const (
	NendaiNoUse         Nendai = "nouse" // not asked for
	NendaiTeensOrUnder  Nendai = "teens_or_under"
	NendaiTwenties      Nendai = "twenties"
	NendaiThirties      Nendai = "thirties"
	NendaiForties       Nendai = "forties"
	NendaiFifties       Nendai = "fifties"
	NendaiSixtiesOrOver Nendai = "sixties_or_over"
)

// ReviewStatus is whether a review is shown. Open set.
type ReviewStatus string

// Values of ReviewStatus.
const (
	ReviewPending  ReviewStatus = "pending"
	ReviewApproved ReviewStatus = "approved"
	ReviewRejected ReviewStatus = "rejected"
)

// PointFlg is whether the customer received points for a review. Open set.
type PointFlg string

// Values of PointFlg.
const (
	PointsUnassigned PointFlg = "unassigned"
	PointsAssigned   PointFlg = "assigned"
)
