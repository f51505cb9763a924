package stores_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/stores"
)

// TestShipping runs what an app does with an order, and what the platform refuses.
func TestShipping(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	id := stores.OrderID(srv.Shop().AddOrder(nil))
	order, err := client.Orders.UpdateDeliveries(t.Context(), id, stores.UpdateDeliveriesRequest{
		DeliveryMethodName: new("ヤマト運輸"), TrackingNumber: new("123456789012"), EstimatedArrivalDate: new("明日の午前中"),
	})
	require.NoError(t, err)
	assert.Equal(t, stores.StatusPending, order.Status(), "this alone ships nothing")
	assert.Equal(t, "123456789012", *order.Deliveries[0].TrackingNumber)
	assert.Nil(t, order.Deliveries[0].ShippedMailMessage)
	order, err = client.Orders.Shipped(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, stores.StatusShipped, order.Status())
	_, err = client.Orders.Shipped(t.Context(), id)
	require.ErrorIs(t, err, shotengai.ErrConflict)
	_, err = client.Orders.Shipped(t.Context(), stores.OrderID(order.Number))
	require.ErrorIs(t, err, shotengai.ErrNotFound, "a number is no id")
}

// TestUpdateItemReplacesVariations: what is not listed is gone.
func TestUpdateItemReplacesVariations(t *testing.T) {
	t.Parallel()
	_, client := fake(t)
	item, err := client.Items.Create(t.Context(), stores.CreateItemRequest{
		Name: "T", Status: stores.ItemHidden, SalesPeriod: &stores.SalesPeriod{
			PeriodStartAt: stores.Time{Time: time.Date(2026, 12, 1, 0, 0, 0, 0, shotengai.JST)}, PeriodEndAt: stores.Time{Time: time.Date(2026, 12, 31, 0, 0, 0, 0, shotengai.JST)},
		},
		Variations: []stores.CreateVariationRequest{
			{Name: "S", RegularPrice: 1000, Quantity: new(int64(1))}, {Name: "M", RegularPrice: 2000, DiscountRate: "0.1"},
		},
	})
	require.NoError(t, err)
	require.NotNil(t, item.SalesPeriod)
	small, medium := item.Variations[0], item.Variations[1]
	assert.Equal(t, int64(1800), medium.SalesPrice)
	assert.Nil(t, medium.Quantity, "unlimited")

	item, err = client.Items.Update(t.Context(), item.ID, stores.UpdateItemRequest{Name: new("シャツ"), SalesPeriod: shotengai.Clear[stores.SalesPeriod]()})
	require.NoError(t, err)
	assert.Equal(t, "シャツ", item.Name)
	assert.Nil(t, item.SalesPeriod)
	assert.Equal(t, []stores.ItemVariation{small, medium}, item.Variations, "variations stay where the request has none")

	item, err = client.Items.Update(t.Context(), item.ID, stores.UpdateItemRequest{ReplaceVariations: []stores.ReplaceVariation{
		{ID: medium.ID, Quantity: shotengai.Set(int64(4))}, {Name: new("L"), RegularPrice: new(int64(3000)), Quantity: shotengai.Clear[int64]()},
	}})
	require.NoError(t, err)
	require.Len(t, item.Variations, 2)
	assert.Equal(t, medium.ID, item.Variations[0].ID)
	assert.Equal(t, int64(4), *item.Variations[0].Quantity)
	assert.Equal(t, "L", item.Variations[1].Name)
}

func TestStock(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	srv.Shop().AddItem(map[string]any{})
	page, err := client.Items.List(t.Context(), stores.ListItemsParams{Limit: 1})
	require.NoError(t, err)
	id := page.Items[0].Variations[0].ID
	stock, err := client.Inventories.SetQuantity(t.Context(), id, 0)
	require.NoError(t, err)
	assert.Equal(t, int64(0), *stock.Quantity)
	stock, err = client.Inventories.AddQuantity(t.Context(), id, 7)
	require.NoError(t, err)
	assert.Equal(t, int64(7), *stock.Quantity)
	stock, err = client.Inventories.SetUnlimited(t.Context(), id)
	require.NoError(t, err)
	assert.Nil(t, stock.Quantity)
	_, err = client.Inventories.SetUnlimited(t.Context(), "none")
	require.ErrorIs(t, err, shotengai.ErrNotFound)
}

func TestCoupons(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	day := shotengai.DateOf(srv.Now())
	request := stores.CreateCouponRequest{
		Name: "春の送料無料", Code: "SPRING26", Active: true, OncePerBuyer: true, Detail: stores.FreeShipping(), MinAmount: new(int64(3000)),
		Expire: &stores.CouponExpire{StartDate: day, EndDate: day, EndHour: 23, EndMinute: 59},
	}
	coupon, err := client.Coupons.Create(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, "SPRING26", coupon.Code)
	assert.Nil(t, coupon.Details[0].Value)
	assert.Nil(t, coupon.Quantity)
	assert.Equal(t, request.Expire, coupon.Expire)
	_, err = client.Coupons.Create(t.Context(), request)
	require.ErrorIs(t, err, shotengai.ErrConflict)
	for range 2 {
		coupon, err = client.Coupons.Create(t.Context(), stores.CreateCouponRequest{Name: "n", Detail: stores.Discount(300_000)})
		require.NoError(t, err)
		assert.Regexp(t, `^[0-9a-zA-Z]{1,10}$`, coupon.Code)
	}
}

// TestSettings reads what only has a list: every row once, and null where there is none.
func TestSettings(t *testing.T) {
	t.Parallel()
	_, client := fake(t)
	var top, children int
	for category, err := range client.Categories.All(t.Context(), stores.ListCategoriesParams{Limit: 2}) {
		require.NoError(t, err)
		if category.ParentID == nil {
			top++
		} else {
			children++
		}
	}
	assert.Equal(t, []int{2, 3}, []int{top, children})
	names := []string{}
	for channel, err := range client.SalesChannels.All(t.Context(), stores.ListSalesChannelsParams{}) {
		require.NoError(t, err)
		names = append(names, channel.Name)
	}
	assert.Equal(t, []string{"本店", "駅前店"}, names, "newest first")
	fees, err := client.ShippingFees.Get(t.Context())
	require.NoError(t, err)
	assert.True(t, fees.Domestic.Enabled)
	assert.Nil(t, fees.Domestic.DeliveryMethods[0].ID)
	assert.Equal(t, int64(1800), fees.Domestic.DeliveryMethods[1].Areas[1].Fee)
	items := 0
	for _, err := range client.Items.All(t.Context(), stores.ListItemsParams{Limit: 5}) {
		require.NoError(t, err)
		items++
	}
	assert.Equal(t, 12, items)

	var payouts []*stores.Remittance
	for remittance, err := range client.Remittances.All(t.Context(), stores.ListRemittancesParams{Limit: 3}) {
		require.NoError(t, err)
		payouts = append(payouts, remittance)
	}
	require.Len(t, payouts, 4)
	ids, err := client.Remittances.OrderIDs(t.Context(), payouts[0].ID)
	require.NoError(t, err)
	require.NotEmpty(t, ids)
	page, err := client.Orders.List(t.Context(), stores.ListOrdersParams{IDs: ids, Limit: 100})
	require.NoError(t, err)
	assert.Len(t, page.Items, len(ids))
	assert.Equal(t, shotengai.Page[stores.Order]{Items: page.Items, Limit: 100}, *page, "there is no total")
	page, err = client.Orders.List(t.Context(), stores.ListOrdersParams{Offset: 3})
	require.NoError(t, err)
	assert.Equal(t, shotengai.Page[stores.Order]{Items: page.Items, Limit: 10, Offset: 3}, *page)
	assert.Len(t, page.Items, 10)
}
