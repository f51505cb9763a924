package colorme_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

var (
	firstDay = shotengai.Date{Year: 2026, Month: 1, Day: 1}
	lastDay  = shotengai.Date{Year: 2026, Month: 1, Day: 31}
)

func TestCoupons(t *testing.T) {
	t.Parallel()
	const reply = `{"shop_coupon":{"id":5,"starts_at":1767193200,"ends_at":1769871599}}`
	runExchanges(t, map[string]exchange{
		"list has no pages": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Coupons.List(ctx)
			},
			method: "GET", path: "/v1/shop_coupons", status: 200, reply: `{"shop_coupons":[{"id":5},{"id":6}]}`, want: &shotengai.Page[colorme.ShopCoupon]{Items: []colorme.ShopCoupon{{ID: 5}, {ID: 6}}, Total: new(2)},
		},
		"get": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Coupons.Get(ctx, 5) },
			method: "GET", path: "/v1/shop_coupons/5", status: 200, reply: reply,
		},
		"create sends days": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				coupon, err := c.Coupons.Create(ctx, colorme.CreateCouponRequest{
					Code: "NY", CouponType: colorme.CouponRate, StartsAt: firstDay, EndsAt: lastDay, DiscountAmount: new(int64(10)), GroupIDs: []int64{},
				})
				if err != nil {
					return nil, err
				}
				return coupon.StartsAt.Format(time.RFC3339), nil
			},
			method: "POST", path: "/v1/shop_coupons", status: 201, reply: reply, want: "2026-01-01T00:00:00+09:00",
			body: `{"shop_coupon":{"code":"NY","coupon_type":"rate","starts_at":"2026-01-01","ends_at":"2026-01-31","discount_amount":10,"group_ids":[]}}`,
		},
		"update leaves out what is not said": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Coupons.Update(ctx, 5, colorme.UpdateCouponRequest{Status: colorme.CouponUnavailable, MinimumAmount: new(int64(0))})
			},
			method: "PUT", path: "/v1/shop_coupons/5", status: 200, reply: reply,
			body: `{"shop_coupon":{"status":"unavailable","minimum_amount":0}}`,
		},
		"delete answers 204": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return only(c.Coupons.Delete(ctx, 5)) },
			method: "DELETE", path: "/v1/shop_coupons/5", status: 204,
		},
		"delete that answers 200": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return only(c.Coupons.Delete(ctx, 5)) },
			method: "DELETE", path: "/v1/shop_coupons/5", status: 200, reply: `{"shop_coupon":{}}`,
		},
	})
}

func TestCouponsRefused(t *testing.T) {
	t.Parallel()
	create := func(change func(*colorme.CreateCouponRequest)) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) {
			r := colorme.CreateCouponRequest{Code: "NY", CouponType: colorme.CouponAmount, StartsAt: firstDay, EndsAt: lastDay}
			change(&r)
			return c.Coupons.Create(ctx, r)
		}
	}
	runRefusals(t, map[string]refusal{
		"no code":      {create(func(r *colorme.CreateCouponRequest) { r.Code = "" }), "code: must not be empty"},
		"no type":      {create(func(r *colorme.CreateCouponRequest) { r.CouponType = "" }), "coupon_type: must not be empty"},
		"unknown type": {create(func(r *colorme.CreateCouponRequest) { r.CouponType = "percent" }), `coupon_type: "percent"`},
		"no last day":  {create(func(r *colorme.CreateCouponRequest) { r.EndsAt = shotengai.Date{} }), "required"},
		"ends before":  {create(func(r *colorme.CreateCouponRequest) { r.EndsAt = shotengai.Date{Year: 2025, Month: 12, Day: 31} }), "before"},
		"101 percent": {create(func(r *colorme.CreateCouponRequest) {
			r.CouponType, r.DiscountAmount = colorme.CouponRate, new(int64(101))
		}), "between 0 and 100"},
		"negative":       {create(func(r *colorme.CreateCouponRequest) { r.DiscountAmount = new(int64(-1)) }), "negative"},
		"negative floor": {create(func(r *colorme.CreateCouponRequest) { r.MinimumAmount = new(int64(-1)) }), "minimum_amount"},
		"free delivery with an amount": {create(func(r *colorme.CreateCouponRequest) {
			r.CouponType, r.DiscountAmount = colorme.CouponDeliveryCharge, new(int64(1))
		}), "must be 0"},
		"unknown status": {create(func(r *colorme.CreateCouponRequest) { r.Status = "on" }), "status"},
		"empty code in an update": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.Coupons.Update(ctx, 1, colorme.UpdateCouponRequest{Code: new("")})
		}, "code: must not be empty"},
	})
}

// What a coupon was made with in days comes back as instants of Japan.
func TestCouponDatesDiffer(t *testing.T) {
	t.Parallel()
	_, client := startFake(t)
	coupon, err := client.Coupons.Create(t.Context(), colorme.CreateCouponRequest{Code: "NY", CouponType: colorme.CouponDeliveryCharge, StartsAt: firstDay, EndsAt: lastDay})
	require.NoError(t, err)
	assert.Equal(t, firstDay, shotengai.DateOf(coupon.StartsAt.Time))
	assert.Equal(t, lastDay, shotengai.DateOf(coupon.EndsAt.Time))
}
