package stores_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/stores"
)

// TestBadInputIsNotSent: what the platform would refuse is refused here, by its field.
func TestBadInputIsNotSent(t *testing.T) {
	t.Parallel()
	early, late := stores.At(time.Unix(1e9, 0)), stores.At(time.Unix(2e9, 0))
	day, before := shotengai.Date{Year: 2026, Month: 1, Day: 2}, shotengai.Date{Year: 2026, Month: 1, Day: 1}
	coupon := func(change func(*stores.CreateCouponRequest)) func(context.Context, *stores.Client) (any, error) {
		r := stores.CreateCouponRequest{Name: "n", Detail: stores.FreeShipping()}
		change(&r)
		return func(ctx context.Context, c *stores.Client) (any, error) { return c.Coupons.Create(ctx, r) }
	}
	create := func(change func(*stores.CreateItemRequest)) func(context.Context, *stores.Client) (any, error) {
		r := stores.CreateItemRequest{Name: "n", Status: stores.ItemHidden, Variations: []stores.CreateVariationRequest{{Name: "v"}}}
		change(&r)
		return func(ctx context.Context, c *stores.Client) (any, error) { return c.Items.Create(ctx, r) }
	}
	update := func(r stores.UpdateItemRequest) func(context.Context, *stores.Client) (any, error) {
		return func(ctx context.Context, c *stores.Client) (any, error) { return c.Items.Update(ctx, "i", r) }
	}
	orders := func(p stores.ListOrdersParams) func(context.Context, *stores.Client) (any, error) {
		return func(ctx context.Context, c *stores.Client) (any, error) { return c.Orders.List(ctx, p) }
	}
	deliveries := func(r stores.UpdateDeliveriesRequest) func(context.Context, *stores.Client) (any, error) {
		return func(ctx context.Context, c *stores.Client) (any, error) {
			return c.Orders.UpdateDeliveries(ctx, "o", r)
		}
	}
	for want, call := range map[string]func(context.Context, *stores.Client) (any, error){
		"limit: 101 is not between 1 and 100":         orders(stores.ListOrdersParams{Limit: 101}),
		"limit: -1 is not between 1 and 100":          orders(stores.ListOrdersParams{Limit: -1}),
		"offset: -1 is negative":                      orders(stores.ListOrdersParams{Offset: -1}),
		"ordered_at: the end is before":               orders(stores.ListOrdersParams{OrderedAtFrom: late, OrderedAtTo: early}),
		"canceled_at: the end is before":              orders(stores.ListOrdersParams{CanceledAtFrom: late, CanceledAtTo: early}),
		"readied_at: the end is before":               orders(stores.ListOrdersParams{ReadiedAtFrom: late, ReadiedAtTo: early}),
		"delivery_start_date: the end is before":      orders(stores.ListOrdersParams{DeliveryStartFrom: day, DeliveryStartTo: before}),
		"numbers: only digits":                        orders(stores.ListOrdersParams{Numbers: stores.OrderNumbers{"5f0000000000000000000001"}}),
		"ids is empty or contains a comma":            orders(stores.ListOrdersParams{IDs: stores.OrderIDs{"a,b"}}),
		`paid_status: "maybe" is none`:                orders(stores.ListOrdersParams{PaidStatus: "maybe"}),
		`delivery_status: "lost" is none`:             orders(stores.ListOrdersParams{DeliveryStatus: "lost"}),
		`direction: "up" is none`:                     orders(stores.ListOrdersParams{Direction: "up"}),
		"nothing to change":                           deliveries(stores.UpdateDeliveriesRequest{}),
		"delivery_method_name: 21 characters":         deliveries(stores.UpdateDeliveriesRequest{DeliveryMethodName: new(strings.Repeat("宅", 21))}),
		"estimated_arrival_date: 31 characters":       deliveries(stores.UpdateDeliveriesRequest{EstimatedArrivalDate: new(strings.Repeat("日", 31))}),
		"tracking_number: must not be empty":          deliveries(stores.UpdateDeliveriesRequest{TrackingNumber: new("")}),
		" tracking_number: must not be empty":         deliveries(stores.UpdateDeliveriesRequest{TrackingNumber: new(" "), ShippedMailMessage: new("")}),
		"tracking_number: 21 characters":              deliveries(stores.UpdateDeliveriesRequest{TrackingNumber: new(strings.Repeat("1", 21))}),
		"shipped_mail_message: 1001 characters":       deliveries(stores.UpdateDeliveriesRequest{ShippedMailMessage: new(strings.Repeat("文", 1001))}),
		"name: must not be empty":                     create(func(r *stores.CreateItemRequest) { r.Name = " " }),
		"status: has to be one of":                    create(func(r *stores.CreateItemRequest) { r.Status = "" }),
		`status: "unlisted" is none`:                  create(func(r *stores.CreateItemRequest) { r.Status = stores.ItemUnlisted }),
		"variations: at least one":                    create(func(r *stores.CreateItemRequest) { r.Variations = nil }),
		"shown needs a description and an image":      create(func(r *stores.CreateItemRequest) { r.Status = stores.ItemShown; r.Description = "d" }),
		"variations[0].quantity: -1 is negative":      create(func(r *stores.CreateItemRequest) { r.Variations[0].Quantity = new(int64(-1)) }),
		"variations[0].regular_price: -1 is negative": create(func(r *stores.CreateItemRequest) { r.Variations[0].RegularPrice = -1 }),
		`variations[0].discount_rate: "10" is no`:     create(func(r *stores.CreateItemRequest) { r.Variations[0].DiscountRate = "10" }),
		`variations[0].discount_rate: "0x1" is no`:    create(func(r *stores.CreateItemRequest) { r.Variations[0].DiscountRate = "0x1" }),
		"an empty set would delete all":               update(stores.UpdateItemRequest{ReplaceVariations: []stores.ReplaceVariation{}}),
		`variations[1].id: "v" is there twice`:        update(stores.UpdateItemRequest{ReplaceVariations: []stores.ReplaceVariation{{ID: "v"}, {ID: "v"}}}),
		"variations[0].quantity: -5 is negative":      update(stores.UpdateItemRequest{ReplaceVariations: []stores.ReplaceVariation{{Quantity: shotengai.Set(int64(-5))}}}),
		`status: "gone" is none`:                      update(stores.UpdateItemRequest{Status: "gone"}),
		"keyword: 101 characters": func(ctx context.Context, c *stores.Client) (any, error) {
			return c.Items.List(ctx, stores.ListItemsParams{Keyword: strings.Repeat("茶", 101)})
		},
		"quantity: -2 is negative": func(ctx context.Context, c *stores.Client) (any, error) {
			return c.Inventories.SetQuantity(ctx, "v", -2)
		},
		"transferred_date: the end is before": func(ctx context.Context, c *stores.Client) (any, error) {
			return c.Remittances.List(ctx, stores.ListRemittancesParams{TransferredDateFrom: day, TransferredDateTo: before})
		},
		`content_type: "image/webp" is none`: func(ctx context.Context, c *stores.Client) (any, error) {
			return c.Images.Ticket(ctx, "a", "image/webp", 1)
		},
		"content_type: has to be one of": func(ctx context.Context, c *stores.Client) (any, error) {
			return c.Images.Ticket(ctx, "a", "", 1)
		},
		"size: 5242881 is not between": func(ctx context.Context, c *stores.Client) (any, error) {
			return c.Images.Ticket(ctx, "a", "image/png", 5<<20+1)
		},
		"path": func(ctx context.Context, c *stores.Client) (any, error) { return c.Orders.Shipped(ctx, "") },

		"name: 21 characters":                    coupon(func(r *stores.CreateCouponRequest) { r.Name = strings.Repeat("春", 21) }),
		"name: must not be empty ":               coupon(func(r *stores.CreateCouponRequest) { r.Name = "" }),
		"code: at most 10":                       coupon(func(r *stores.CreateCouponRequest) { r.Code = "12345678901" }),
		"code: at most 10 ":                      coupon(func(r *stores.CreateCouponRequest) { r.Code = "春" }),
		"code: at most 10  ":                     coupon(func(r *stores.CreateCouponRequest) { r.Code = "A\n" }),
		"quantity: 0 is not between 1 and 99999": coupon(func(r *stores.CreateCouponRequest) { r.Quantity = new(int64(0)) }),
		"quantity: 1000000 is not":               coupon(func(r *stores.CreateCouponRequest) { r.Quantity = new(int64(1_000_000)) }),
		"details: use FreeShipping":              coupon(func(r *stores.CreateCouponRequest) { r.Detail = stores.CouponDetail{} }),
		"details: use FreeShipping, ": coupon(func(r *stores.CreateCouponRequest) {
			r.Detail = stores.Discount(1)
			r.Detail.Type = stores.CouponFreeShipping
		}),
		"details.value: 0 is not between 1 and 3": coupon(func(r *stores.CreateCouponRequest) { r.Detail = stores.Discount(0) }),
		"details.value: 300001 is not":            coupon(func(r *stores.CreateCouponRequest) { r.Detail = stores.Discount(300_001) }),
		"details.value: 0 is not between 1 and 1": coupon(func(r *stores.CreateCouponRequest) { r.Detail = stores.PercentDiscount(0) }),
		"details.value: 101 is not":               coupon(func(r *stores.CreateCouponRequest) { r.Detail = stores.PercentDiscount(101) }),
		"conditions.value: 0 is not":              coupon(func(r *stores.CreateCouponRequest) { r.MinAmount = new(int64(0)) }),
		"conditions.value: 300001 is not":         coupon(func(r *stores.CreateCouponRequest) { r.MinAmount = new(int64(300_001)) }),
		"expire: start and end are required":      coupon(func(r *stores.CreateCouponRequest) { r.Expire = &stores.CouponExpire{} }),
		"the end has to be later":                 coupon(func(r *stores.CreateCouponRequest) { r.Expire = &stores.CouponExpire{StartDate: day, EndDate: day} }),
		"expire.end_hour: 24 is not": coupon(func(r *stores.CreateCouponRequest) {
			r.Expire = &stores.CouponExpire{StartDate: day, EndDate: day, EndHour: 24}
		}),
		"expire.start_minute: 60 is not": coupon(func(r *stores.CreateCouponRequest) {
			r.Expire = &stores.CouponExpire{StartDate: before, StartMinute: 60, EndDate: day}
		}),
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			client, got := record(t, 200, `{}`)
			_, err := call(t.Context(), client)
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			require.ErrorContains(t, err, strings.TrimSpace(want))
			require.ErrorContains(t, err, "not sent")
			assert.Empty(t, got.method)
		})
	}
}
