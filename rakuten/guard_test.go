package rakuten_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

const (
	ownOrder     = "123456-20260101-0123456789"
	foreignOrder = "654321-20260101-0123456789"
)

func TestShopOf(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		ownOrder: "123456", foreignOrder: "654321", "1-20260101-01234567": "1",
		"": "", "123456": "", "123456-": "", "-20260101-0123456789": "", "shop-20260101-0123456789": "", " 123456-20260101-0123456789": "",
	} {
		assert.Equal(t, want, rakuten.ShopOf(number), number)
	}
}

// orderCalls is every call that names an order, and the reply to an inquiry, which names
// the shop.
var orderCalls = map[string]func(ctx context.Context, c *rakuten.Client, order string) error{
	"Get": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.Get(ctx, order))
	},
	"GetBatch": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.GetBatch(ctx, []string{ownOrder, order}))
	},
	"PurchaseItems.GetBatch": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.PurchaseItems.GetBatch(ctx, []string{ownOrder, order}))
	},
	"Payment": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.Payment(ctx, order))
	},
	"Confirm": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.Confirm(ctx, []string{order}))
	},
	"UpdateSubStatus": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.UpdateSubStatus(ctx, 1, []string{order}))
	},
	"UpdateShipping": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.UpdateShipping(ctx, parcel(order)))
	},
	"UpdateShippingAsync": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.UpdateShippingAsync(ctx, []rakuten.UpdateShippingRequest{parcel(order)}))
	},
	"UpdateSender": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.UpdateSender(ctx, senderOf(order)))
	},
	"UpdateSenderAfterShipping": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.UpdateSenderAfterShipping(ctx, senderOf(order)))
	},
	"SimulateCouponAmount": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.SimulateCouponAmount(ctx, senderOf(order)))
	},
	"UpdateMemo": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.UpdateMemo(ctx, rakuten.UpdateOrderMemoRequest{OrderNumber: order}))
	},
	"UpdateRemarks": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.UpdateRemarks(ctx, rakuten.UpdateOrderRemarksRequest{OrderNumber: order}))
	},
	"UpdateOrderer": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.UpdateOrderer(ctx, rakuten.UpdateOrderOrdererRequest{OrderNumber: order}))
	},
	"UpdateDelivery": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.UpdateDelivery(ctx, order, "宅配便"))
	},
	"Cancel": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.Cancel(ctx, rakuten.CancelOrderRequest{OrderNumber: order, ChangeReasonDetailApply: rakuten.ReasonCancel}))
	},
	"CancelAfterShipping": func(ctx context.Context, c *rakuten.Client, order string) error {
		return failureOf(c.Orders.CancelAfterShipping(ctx, rakuten.CancelOrderRequest{OrderNumber: order, ChangeReasonDetailApply: rakuten.ReasonCancel}))
	},
	"Inquiries.Reply": func(ctx context.Context, c *rakuten.Client, order string) error {
		shop, _, _ := strings.Cut(order, "-")
		return failureOf(c.Inquiries.Reply(ctx, rakuten.ReplyInquiryRequest{InquiryNumber: "1", ShopID: shop, Message: "はい"}))
	},
}

func senderOf(order string) rakuten.UpdateOrderSenderRequest {
	return rakuten.UpdateOrderSenderRequest{OrderNumber: order, Packages: []rakuten.UpdateOrderPackage{{BasketID: 1}}}
}

func parcel(order string) rakuten.UpdateShippingRequest {
	return rakuten.UpdateShippingRequest{OrderNumber: order, Packages: []rakuten.ShippingBasket{{BasketID: 1, Rows: []rakuten.ShippingRow{{ShippingNumber: new("1")}}}}}
}

// A licence of one shop names no order of another to the platform, whatever the call.
func TestOrdersOfAnotherShopAreNotSent(t *testing.T) {
	t.Parallel()
	for name, do := range orderCalls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			handler := func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				_, _ = io.WriteString(w, `{"MessageModelList":[]}`)
			}
			client := serve(t, handler)
			for _, order := range []string{foreignOrder, "1234567-20260101-0123456789", "12345-20260101-0123456789"} {
				err := do(t.Context(), client, order)
				require.ErrorIs(t, err, rakuten.ErrWrongShop)
				require.ErrorIs(t, err, shotengai.ErrInvalid)
				require.ErrorContains(t, err, "not sent")
			}
			assert.Zero(t, calls.Load())
			assert.NotErrorIs(t, do(t.Context(), client, ownOrder), rakuten.ErrWrongShop)
			assert.Positive(t, calls.Load(), "its own order is sent")

			open := pair
			open.Shop = ""
			assert.NotErrorIs(t, do(t.Context(), serveWith(t, rakuten.StaticLicense(open), handler), foreignOrder), rakuten.ErrWrongShop, "a licence that names no shop")
		})
	}
}

// An answer with an order of another shop is not returned: the key is not the one of the shop.
func TestAnswersOfAnotherShopAreNotGiven(t *testing.T) {
	t.Parallel()
	at := rakuten.At(time.Date(2026, 1, 1, 0, 0, 0, 0, shotengai.JST))
	search := rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: at, EndDatetime: at}
	for name, do := range map[string]func(ctx context.Context, c *rakuten.Client) error{
		"Search": func(ctx context.Context, c *rakuten.Client) error {
			return failureOf(c.Orders.Search(ctx, search))
		},
		"All": func(ctx context.Context, c *rakuten.Client) error {
			for _, err := range c.Orders.All(ctx, search) {
				return err
			}
			return nil
		},
		"PurchaseItems.Search": func(ctx context.Context, c *rakuten.Client) error {
			return failureOf(c.PurchaseItems.Search(ctx, rakuten.SearchPurchaseItemsParams{DateType: rakuten.DateOrdered, StartDatetime: at, EndDatetime: at}))
		},
		"Get": func(ctx context.Context, c *rakuten.Client) error {
			return failureOf(c.Orders.Get(ctx, ownOrder))
		},
		"PurchaseItems.GetBatch": func(ctx context.Context, c *rakuten.Client) error {
			return failureOf(c.PurchaseItems.GetBatch(ctx, []string{ownOrder}))
		},
		"Payment": func(ctx context.Context, c *rakuten.Client) error {
			return failureOf(c.Orders.Payment(ctx, ownOrder))
		},
		"AsyncResult": func(ctx context.Context, c *rakuten.Client) error {
			return failureOf(c.Orders.AsyncResult(ctx, "1"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := strings.ReplaceAll(`{"MessageModelList":[],"orderNumberList":["#"],"PaginationResponseModel":{"totalRecordsAmount":1,"totalPages":1,"requestPage":1},
				"OrderModelList":[{"orderNumber":"#"}],"OrderModel":{"orderNumber":"#"},"ResultShippingModelList":[{"orderNumber":"#"}]}`, "#", foreignOrder)
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) })
			err := do(t.Context(), client)
			require.ErrorIs(t, err, rakuten.ErrWrongShop)
			require.ErrorContains(t, err, foreignOrder)
			client = serve(t, func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, strings.ReplaceAll(answer, foreignOrder, ownOrder))
			})
			require.NoError(t, do(t.Context(), client))
		})
	}
}

// The licence in force counts, not the one of the first attempt.
func TestALicenceOfAnotherShopIsNotUsedForARepetition(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	source := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) {
		if calls.Load() > 0 { // somebody mixed the shops up
			return rakuten.License{ServiceSecret: "s", Key: "other", Shop: "654321"}, nil
		}
		return pair, nil
	})
	client := serveWith(t, source, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
	})
	_, err := client.Orders.Get(t.Context(), ownOrder)
	require.Error(t, err)
	assert.Equal(t, int32(1), calls.Load())
}

func failureOf[T any](_ T, err error) error { return err }
