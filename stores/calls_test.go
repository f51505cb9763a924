package stores_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/stores"
)

// TestCalls holds the wire format of all 15 operations.
func TestCalls(t *testing.T) {
	t.Parallel()
	at := stores.At(time.Date(2026, time.January, 2, 3, 4, 5, 0, shotengai.JST))
	utc := stores.At(time.Date(2026, time.January, 1, 18, 4, 5, 999, time.UTC))
	day := shotengai.Date{Year: 2026, Month: time.January, Day: 2}
	for _, tt := range []struct {
		name   string
		call   func(context.Context, *stores.Client) (any, error)
		answer string
		status int
		method string
		path   string
		query  string
		body   string
	}{
		{
			name: "orders with all filters",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Orders.List(ctx, stores.ListOrdersParams{
					IDs: stores.OrderIDs{"5f01", "5f02"}, Numbers: stores.OrderNumbers{"0123456789", "0000000001"}, SettledSalesChannel: "regi",
					OrderedAtFrom: at, OrderedAtTo: utc, CanceledAtFrom: at, CanceledAtTo: at, ReadiedAtFrom: at, ReadiedAtTo: at,
					DeliveryStartFrom: day, DeliveryStartTo: day, PaidStatus: stores.Unpaid, DeliveryStatus: stores.DeliveryShipped,
					Direction: stores.Ascending, Limit: 100, Offset: 200,
				})
			},
			answer: `{"orders":[]}`, method: "GET", path: "/orders",
			query: "canceled_at_from=2026-01-02T03%3A04%3A05&canceled_at_to=2026-01-02T03%3A04%3A05&delivery_start_date_from=2026-01-02&" +
				"delivery_start_date_to=2026-01-02&delivery_status=shipped&direction=asc&ids=5f01%2C5f02&limit=100&numbers=0123456789%2C0000000001&" +
				"offset=200&ordered_at_from=2026-01-02T03%3A04%3A05&ordered_at_to=2026-01-02T03%3A04%3A05&paid_status=unpaid&" +
				"readied_at_from=2026-01-02T03%3A04%3A05&readied_at_to=2026-01-02T03%3A04%3A05&settled_sales_channel=regi",
		},
		{
			name: "orders without filters",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Orders.List(ctx, stores.ListOrdersParams{})
			},
			answer: `{"orders":[]}`, method: "GET", path: "/orders",
		},
		{
			name:   "shipped",
			call:   func(ctx context.Context, c *stores.Client) (any, error) { return c.Orders.Shipped(ctx, "5f/01") },
			answer: `{"id":"a"}`, method: "POST", path: "/orders/5f%2F01/shipped",
		},
		{
			name: "deliveries",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Orders.UpdateDeliveries(ctx, "5f", stores.UpdateDeliveriesRequest{TrackingNumber: new("1234"), EstimatedArrivalDate: new("")})
			},
			answer: `{"id":"a"}`, method: "PATCH", path: "/orders/5f/deliveries", body: `{"estimated_arrival_date":"","tracking_number":"1234"}`,
		},
		{
			name: "items",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Items.List(ctx, stores.ListItemsParams{IDs: stores.IDs{"a", "b"}, Status: stores.ItemUnlisted, InStock: new(false), OnlyPreorderSales: new(true), Keyword: "お茶 &", Limit: 1})
			},
			answer: `{"items":[]}`, method: "GET", path: "/items",
			query: "ids=a%2Cb&in_stock=false&keyword=%E3%81%8A%E8%8C%B6+%26&limit=1&only_preorder_sales=true&status=unlisted",
		},
		{
			name: "create item",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Items.Create(ctx, stores.CreateItemRequest{
					Name: "茶", Status: stores.ItemHidden,
					Variations: []stores.CreateVariationRequest{{Name: "100g", RegularPrice: 1080, Barcode: shotengai.Clear[string](), DiscountRate: "0.10"}},
				})
			},
			answer: `{"id":"a"}`, status: 201, method: "POST", path: "/items",
			body: `{"name":"茶","description":"","status":"hidden","type":"regular","variations":[{"name":"100g","quantity":null,"regular_price":1080,"barcode":null,"discount_rate":0.10}]}`,
		},
		{
			name: "update item without variations",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Items.Update(ctx, "5f", stores.UpdateItemRequest{Name: new("茶"), Images: []string{}, SalesPeriod: shotengai.Clear[stores.SalesPeriod]()})
			},
			answer: `{"id":"a"}`, method: "PATCH", path: "/items/5f", body: `{"name":"茶","images":[],"sales_period":null}`,
		},
		{
			name: "update item and replace variations",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Items.Update(ctx, "5f", stores.UpdateItemRequest{ReplaceVariations: []stores.ReplaceVariation{
					{ID: "v1"}, {Name: new("L"), Quantity: shotengai.Clear[int64](), RegularPrice: new(int64(500))}, {ID: "v2", Quantity: shotengai.Set(int64(0))},
				}})
			},
			answer: `{"id":"a"}`, method: "PATCH", path: "/items/5f",
			body: `{"variations":[{"id":"v1"},{"name":"L","quantity":null,"regular_price":500},{"id":"v2","quantity":0}]}`,
		},
		{
			name: "image ticket",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Images.Ticket(ctx, "a.png", "image/png", 10)
			},
			answer: `{"signature":{"key":"k"}}`, method: "POST", path: "/items/image_upload", body: `{"name":"a.png","content_type":"image/png","size":10}`,
		},
		{
			name: "stock is set",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Inventories.SetQuantity(ctx, "v", 0)
			},
			answer: `{"variation_id":"v"}`, method: "POST", path: "/variations/v/inventories/adjustment", body: `{"update_type":"absolute","quantity":0}`,
		},
		{
			name: "stock is changed",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Inventories.AddQuantity(ctx, "v", -3)
			},
			answer: `{"variation_id":"v"}`, method: "POST", path: "/variations/v/inventories/adjustment", body: `{"update_type":"relative","quantity":-3}`,
		},
		{
			name:   "stock is unlimited",
			call:   func(ctx context.Context, c *stores.Client) (any, error) { return c.Inventories.SetUnlimited(ctx, "v") },
			answer: `{"variation_id":"v"}`, method: "POST", path: "/variations/v/inventories/adjustment", body: `{"update_type":"unlimited"}`,
		},
		{
			name: "categories",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Categories.List(ctx, stores.ListCategoriesParams{IDs: stores.IDs{"a"}, ParentIDs: stores.IDs{"b", "c"}, Offset: 3})
			},
			answer: `{"categories":[]}`, method: "GET", path: "/categories", query: "ids=a&offset=3&parent_ids=b%2Cc",
		},
		{
			name:   "shipping fees",
			call:   func(ctx context.Context, c *stores.Client) (any, error) { return c.ShippingFees.Get(ctx) },
			answer: `{"domestic":{"delivery_methods":[]}}`, method: "GET", path: "/shipping_fee_settings",
		},
		{
			name: "sales channels",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.SalesChannels.List(ctx, stores.ListSalesChannelsParams{Limit: 5})
			},
			answer: `{"sales_channels":[]}`, method: "GET", path: "/sales_channels", query: "limit=5",
		},
		{
			name: "remittances",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Remittances.List(ctx, stores.ListRemittancesParams{IDs: stores.IDs{"5f"}, TransferredDateFrom: day, TransferredDateTo: day})
			},
			answer: `{"remittances":[]}`, method: "GET", path: "/remittances", query: "ids=5f&transferred_date_from=2026-01-02&transferred_date_to=2026-01-02",
		},
		{
			name:   "orders of a remittance",
			call:   func(ctx context.Context, c *stores.Client) (any, error) { return c.Remittances.OrderIDs(ctx, "5f") },
			answer: `{"remittance_id":"5f","order_ids":["a"]}`, method: "GET", path: "/remittances/5f/order_ids",
		},
		{
			name: "coupon that the platform names",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Coupons.Create(ctx, stores.CreateCouponRequest{Name: "春", Detail: stores.FreeShipping()})
			},
			answer: `{"id":"a"}`, status: 201, method: "POST", path: "/coupons",
			body: `{"name":"春","code":null,"auto_code_generation":true,"status":false,"quantity":null,"mail_notice":false,"frequency_limitation":0,"details":[{"type":"free_shipping"}],"conditions":[],"expire":null}`,
		},
		{
			name: "coupon with all fields",
			call: func(ctx context.Context, c *stores.Client) (any, error) {
				return c.Coupons.Create(ctx, stores.CreateCouponRequest{
					Name: "春", Code: "SPRING", Active: true, Quantity: new(int64(10)), MailNotice: true, OncePerBuyer: true,
					Detail: stores.PercentDiscount(10), MinAmount: new(int64(3000)), Expire: &stores.CouponExpire{StartDate: day, EndDate: day, EndHour: 23, EndMinute: 59},
				})
			},
			answer: `{"id":"a"}`, status: 201, method: "POST", path: "/coupons",
			body: `{"name":"春","code":"SPRING","auto_code_generation":false,"status":true,"quantity":10,"mail_notice":true,"frequency_limitation":1,` +
				`"details":[{"type":"n_percent_discount","value":10}],"conditions":[{"type":"amount","value":3000}],` +
				`"expire":{"start_date":"2026-01-02","start_hour":0,"start_minute":0,"end_date":"2026-01-02","end_hour":23,"end_minute":59}}`,
		},
		{
			name:   "store",
			call:   func(ctx context.Context, c *stores.Client) (any, error) { return c.Store.Get(ctx) },
			answer: `{"id":"a","name":"b"}`, method: "GET", path: "/store",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, got := record(t, max(tt.status, 200), tt.answer, shotengai.WithUserAgent("my-app/1.0"))
			_, err := tt.call(t.Context(), client)
			require.NoError(t, err)
			assert.Equal(t, tt.method, got.method)
			assert.Equal(t, "/retail/202211"+tt.path, got.path)
			assert.Equal(t, tt.query, got.query)
			if tt.body == "" {
				assert.Empty(t, got.body)
			} else {
				assert.JSONEq(t, tt.body, got.body)
				assert.Equal(t, "application/json; charset=utf-8", got.header.Get("Content-Type"))
			}
			assert.Equal(t, "Bearer "+credential, got.header.Get("Authorization"))
			assert.Regexp(t, `^my-app/1\.0 shotengai-go/\S+ \(stores\)$`, got.header.Get("User-Agent"))
		})
	}
}

func TestNewClientNeedsTokens(t *testing.T) {
	t.Parallel()
	_, err := stores.NewClient(nil)
	require.ErrorContains(t, err, "token source")
	_, err = stores.NewClient(static("t"), shotengai.WithBaseURL("https://api.stores.example"))
	require.ErrorContains(t, err, "no host of this platform")
}

func TestDoCallsWhatHasNoMethod(t *testing.T) {
	t.Parallel()
	client, got := record(t, 200, `{"id":"a"}`)
	var out struct{ ID string }
	require.NoError(t, client.Do(t.Context(), "GET", "/retail/202211/new", url.Values{"a": {"1"}}, &out))
	assert.Equal(t, "a", out.ID)
	assert.Equal(t, "/retail/202211/new?a=1", got.path+"?"+got.query)
	require.NoError(t, client.Do(t.Context(), "POST", "/retail/202211/new", map[string]int{"a": 1}, nil))
	assert.Equal(t, `{"a":1}`, got.body)
	client, _ = record(t, 200, `{"errors":[{"message":"だめです"}]}`)
	require.Error(t, client.Do(t.Context(), "GET", "/retail/202211/new", nil, &struct{ ID string }{}), "nothing of what was asked for")
	require.ErrorIs(t, client.Do(t.Context(), "POST", "/retail/202211/new", map[string]int{"a": 1}, &struct{ ID string }{}), shotengai.ErrOutcomeUnknown)
}
