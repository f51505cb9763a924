//go:build contract

package stores_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/stores"
)

// contractClient calls a mock of the platform made from its description. The mock
// refuses requests that break the description, and its answers have every member.
func contractClient(t *testing.T) *stores.Client {
	t.Helper()
	client, err := stores.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"}),
		shotengai.WithTestServer(os.Getenv("CONTRACT_URL")), shotengai.WithLimiter(nil), shotengai.WithStrictDecoding())
	require.NoError(t, err)
	return client
}

// ok takes the two results of a method.
func ok(t *testing.T) func(any, error) {
	t.Helper()
	return func(_ any, err error) {
		t.Helper()
		require.NoError(t, err)
	}
}

func TestContractOrders(t *testing.T) {
	orders, ctx := contractClient(t).Orders, t.Context()
	at, day := stores.At(time.Date(2026, 1, 2, 3, 4, 5, 0, shotengai.JST)), shotengai.Date{Year: 2026, Month: 1, Day: 2}
	ok(t)(orders.List(ctx, stores.ListOrdersParams{
		IDs: stores.OrderIDs{"5f0000000000000000000001"}, Numbers: stores.OrderNumbers{"0123456789"}, SettledSalesChannel: "ec",
		OrderedAtFrom: at, OrderedAtTo: at, CanceledAtFrom: at, CanceledAtTo: at, ReadiedAtFrom: at, ReadiedAtTo: at,
		DeliveryStartFrom: day, DeliveryStartTo: day, PaidStatus: stores.Paid, DeliveryStatus: stores.DeliveryWaiting,
		Direction: stores.Ascending, Limit: 100, Offset: 1,
	}))
	ok(t)(orders.Shipped(ctx, "5f0000000000000000000001"))
	ok(t)(orders.UpdateDeliveries(ctx, "5f0000000000000000000001", stores.UpdateDeliveriesRequest{
		DeliveryMethodName: new("ヤマト"), EstimatedArrivalDate: new("明日"), TrackingNumber: new("1"), ShippedMailMessage: new("m"),
	}))
}

func TestContractItems(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	period := stores.SalesPeriod{PeriodStartAt: stores.Time{Time: time.Unix(1e9, 0)}, PeriodEndAt: stores.Time{Time: time.Unix(2e9, 0)}}
	preorder := stores.PreorderSales{StartMonth: "2026-01", EndMonth: "2026-02", StartPeriod: stores.PeriodEarly, EndPeriod: stores.PeriodLate}
	methods := &stores.DeliveryMethodIDs{Domestic: shotengai.Set("d"), Overseas: shotengai.Set("o")}
	ok(t)(client.Items.List(ctx, stores.ListItemsParams{
		IDs: stores.IDs{"a"}, Status: stores.ItemShown, InStock: new(true), OnlyPreorderSales: new(true), Keyword: "k", Limit: 1, Offset: 1,
	}))
	ok(t)(client.Items.Create(ctx, stores.CreateItemRequest{
		Name: "n", Description: "d", Status: stores.ItemHidden, Images: []string{"k"}, CategoryIDs: []string{"c"}, ReducedTax: new(true),
		DeliveryMethodIDs: methods, LimitedQuantity: new(int64(1)), SalesPeriod: &period, PreorderSales: &preorder,
		Variations: []stores.CreateVariationRequest{{Name: "v", RegularPrice: 100, Code: new("c"), Barcode: shotengai.Clear[string](), DiscountRate: "0.1"}},
	}))
	ok(t)(client.Items.Update(ctx, "5f", stores.UpdateItemRequest{
		Name: new("n"), Description: new("d"), Status: stores.ItemUnlisted, Images: []string{}, CategoryIDs: []string{}, ReducedTax: new(false),
		DeliveryMethodIDs: methods, LimitedQuantity: new(int64(1)), SalesPeriod: shotengai.Clear[stores.SalesPeriod](), PreorderSales: shotengai.Set(preorder),
		ReplaceVariations: []stores.ReplaceVariation{{
			ID: "v", Name: new("n"), Quantity: shotengai.Clear[int64](), RegularPrice: new(int64(1)), Code: new("c"), Barcode: shotengai.Set("b"), DiscountRate: "0.25",
		}},
	}))
	ok(t)(client.Images.Ticket(ctx, "a.png", "image/png", 10))
	ok(t)(client.Inventories.SetQuantity(ctx, "v", 0))
	ok(t)(client.Inventories.AddQuantity(ctx, "v", -1))
	ok(t)(client.Inventories.SetUnlimited(ctx, "v"))
}

func TestContractSettings(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	ok(t)(client.Store.Get(ctx))
	ok(t)(client.Categories.List(ctx, stores.ListCategoriesParams{IDs: stores.IDs{"a"}, ParentIDs: stores.IDs{"b"}, Limit: 1, Offset: 1}))
	ok(t)(client.SalesChannels.List(ctx, stores.ListSalesChannelsParams{Limit: 1, Offset: 1}))
	ok(t)(client.ShippingFees.Get(ctx))
	day := shotengai.Date{Year: 2026, Month: 1, Day: 2}
	ok(t)(client.Remittances.List(ctx, stores.ListRemittancesParams{IDs: stores.IDs{"5f"}, TransferredDateFrom: day, TransferredDateTo: day, Limit: 1, Offset: 1}))
	ok(t)(client.Remittances.OrderIDs(ctx, "5f"))
}

func TestContractCoupons(t *testing.T) {
	coupons, ctx := contractClient(t).Coupons, t.Context()
	day := shotengai.Date{Year: 2026, Month: 1, Day: 2}
	for _, detail := range []stores.CouponDetail{stores.FreeShipping(), stores.Discount(100), stores.PercentDiscount(10)} {
		ok(t)(coupons.Create(ctx, stores.CreateCouponRequest{Name: "n", Detail: detail}))
	}
	ok(t)(coupons.Create(ctx, stores.CreateCouponRequest{
		Name: "n", Code: "NEW2026", Active: true, Quantity: new(int64(10)), MailNotice: true, OncePerBuyer: true, Detail: stores.FreeShipping(),
		MinAmount: new(int64(1000)), Expire: &stores.CouponExpire{StartDate: day, EndDate: day, EndHour: 23, EndMinute: 59},
	}))
}
