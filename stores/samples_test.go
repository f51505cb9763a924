package stores_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/stores"
)

// samples are answers with every way of payment and every peculiarity of the platform.
var samples = []struct{ file, list, path string }{
	{"orders.json", "orders", "/retail/202211/orders"},
	{"orders_unknown.json", "orders", "/retail/202211/orders"},
	{"items.json", "items", "/retail/202211/items"},
	{"remittances.json", "remittances", "/retail/202211/remittances"},
}

// TestSamplesDecodeStrictly goes the whole way through a client that fails at any member
// it does not know.
func TestSamplesDecodeStrictly(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for _, s := range samples {
			if s.path == r.URL.Path && s.file != "orders_unknown.json" {
				reply(w, 200, string(golden(t, s.file)))
			}
		}
	}, shotengai.WithStrictDecoding())
	_, err := client.Orders.List(t.Context(), stores.ListOrdersParams{})
	require.NoError(t, err)
	_, err = client.Items.List(t.Context(), stores.ListItemsParams{})
	require.NoError(t, err)
	_, err = client.Remittances.List(t.Context(), stores.ListRemittancesParams{})
	require.NoError(t, err)

	unknown := serve(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, string(golden(t, "orders_unknown.json"))) }, shotengai.WithStrictDecoding())
	_, err = unknown.Orders.List(t.Context(), stores.ListOrdersParams{})
	require.NoError(t, err)
}

// TestStrictDecodingLooksInsideUnions: a member that is new in a known type is reported.
func TestStrictDecodingLooksInsideUnions(t *testing.T) {
	t.Parallel()
	for path, answer := range map[string]string{
		"orders[0].transactions[0].new":             `{"transactions":[{"type":"cash","new":1}]}`,
		"orders[0].transactions[0].fee.new":         `{"transactions":[{"type":"cash","fee":{"new":1}}]}`,
		"orders[0].deliveries[0].new":               `{"deliveries":[{"type":"shipping","new":1}]}`,
		"orders[0].deliveries[0].items[0].new":      `{"deliveries":[{"type":"shipping","items":[{"new":1}]}]}`,
		"orders[0].deliveries[0].delivery_date.new": `{"deliveries":[{"type":"shipping","delivery_date":{"type":"request","new":1}}]}`,
	} {
		client, _ := record(t, 200, `{"orders":[`+answer+`]}`, shotengai.WithStrictDecoding())
		_, err := client.Orders.List(t.Context(), stores.ListOrdersParams{})
		require.ErrorContains(t, err, path)
	}
}

// TestRoundTrip: what was decoded encodes to the same JSON, the rates to the digit.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, s := range samples {
		for i, row := range rows(t, s.file, s.list) {
			var v any
			switch s.list {
			case "orders":
				v = new(stores.Order)
			case "items":
				v = new(stores.Item)
			case "remittances":
				v = new(stores.Remittance)
			}
			require.NoError(t, json.Unmarshal(row, v), "%s %d", s.file, i)
			again, err := json.Marshal(v)
			require.NoError(t, err)
			assert.JSONEq(t, string(row), string(again), "%s %d", s.file, i)
		}
	}
}

func orders(t testing.TB, file string) []stores.Order {
	t.Helper()
	var answer struct {
		Orders []stores.Order `json:"orders"`
	}
	require.NoError(t, json.Unmarshal(golden(t, file), &answer))
	return answer.Orders
}

// TestUnknownTypesStayWhole: what can be read of them is there, and all of it in Raw.
func TestUnknownTypesStayWhole(t *testing.T) {
	t.Parallel()
	list := orders(t, "orders_unknown.json")
	payment := &list[0].Transactions[0]
	assert.Equal(t, stores.TransactionType("moon_pay"), payment.Type)
	assert.Equal(t, int64(-100), payment.Amount)
	assert.JSONEq(t, `{"id":"5f","type":"moon_pay","amount":-100,"wallet":{"id":1.50,"tags":["a",null]}}`, string(payment.Raw()))
	drone := &list[1].Deliveries[0]
	assert.Equal(t, stores.DeliveryType("drone"), drone.Type)
	assert.Contains(t, string(drone.Raw()), `"by air"`)
	lunar := &list[2].Deliveries[0].DeliveryDate
	assert.Equal(t, stores.DeliveryDateType("lunar"), lunar.Type)
	assert.Contains(t, string(lunar.Raw()), `"phase"`)
	assert.Equal(t, "null", string(list[3].Deliveries[0].DeliveryDate.Raw()))

	raw := payment.Raw()
	raw[0] = 'x'
	assert.NotEqual(t, raw, payment.Raw(), "Raw is a copy")
	for _, o := range orders(t, "orders.json") {
		for i := range o.Transactions {
			assert.Nil(t, o.Transactions[i].Raw())
		}
	}
}

// TestQuirks names what the platform does differently from what one expects.
func TestQuirks(t *testing.T) {
	t.Parallel()
	list := orders(t, "orders.json")
	find := func(test func(*stores.Order) bool) *stores.Order {
		i := slices.IndexFunc(list, func(o stores.Order) bool { return test(&o) })
		require.GreaterOrEqual(t, i, 0)
		return &list[i]
	}
	pays := func(kind stores.TransactionType) func(*stores.Order) bool {
		return func(o *stores.Order) bool { return o.Transactions[0].Type == kind }
	}
	t.Run("cash on delivery has no paid_at, but a fee", func(t *testing.T) {
		t.Parallel()
		payment := find(pays(stores.TransactionCashOnDelivery)).Transactions[0]
		assert.True(t, payment.PaidAt.IsZero())
		fee, ok := payment.Fee.Get()
		require.True(t, ok)
		assert.Equal(t, int64(330), fee.Amount)
		assert.True(t, payment.SystemFee.IsClear())
	})
	t.Run("an unpaid convenience store payment has a null paid_at", func(t *testing.T) {
		t.Parallel()
		payment := find(pays(stores.TransactionConvenienceStore)).Transactions[0]
		assert.True(t, payment.PaidAt.IsClear())
		assert.False(t, payment.IsPaid())
		assert.Zero(t, payment.Deposit)
	})
	t.Run("the refund of a custom payment has no name of it", func(t *testing.T) {
		t.Parallel()
		o := find(func(o *stores.Order) bool { return pays(stores.TransactionCustom)(o) && len(o.Transactions) == 2 })
		name, ok := o.Transactions[0].PaymentMethodName.Get()
		require.True(t, ok)
		assert.Equal(t, "商品券", name)
		assert.True(t, o.Transactions[1].PaymentMethodName.IsZero())
	})
	t.Run("null and ec both are the online shop", func(t *testing.T) {
		t.Parallel()
		assert.True(t, find(func(o *stores.Order) bool { return o.SalesChannelID == nil }).Online())
		assert.True(t, find(func(o *stores.Order) bool { return o.SalesChannelID != nil && *o.SalesChannelID == "ec" }).Online())
		assert.False(t, find(pays(stores.TransactionCash)).Online())
	})
	t.Run("a line typed in at a register has an empty item_id", func(t *testing.T) {
		t.Parallel()
		line := find(pays(stores.TransactionCash)).Deliveries[0].Items[0]
		require.NotNil(t, line.ItemID)
		assert.Empty(t, *line.ItemID)
		assert.Nil(t, line.VariationID)
		assert.Equal(t, stores.LineInstant, line.Type)
	})
	t.Run("digital_contents is a kind of line", func(t *testing.T) {
		t.Parallel()
		find(func(o *stores.Order) bool { return o.Deliveries[0].Items[0].Type == stores.LineDigitalContents })
	})
	t.Run("texts are null when never set and empty when emptied", func(t *testing.T) {
		t.Parallel()
		o := find(func(o *stores.Order) bool { d := o.Deliveries[0]; return d.Shipping != nil && d.TrackingNumber != nil })
		assert.Empty(t, *o.Deliveries[0].TrackingNumber)
		assert.Nil(t, o.Deliveries[0].ShippingFee, "none, which is not 0")
		assert.Nil(t, find(pays(stores.TransactionCreditCard)).Deliveries[0].TrackingNumber)
	})
	t.Run("numbers keep their leading zeros", func(t *testing.T) {
		t.Parallel()
		var o stores.Order
		require.NoError(t, json.Unmarshal([]byte(`{"number":"0747498784"}`), &o))
		assert.Equal(t, stores.OrderNumber("0747498784"), o.Number)
	})
	t.Run("only shipping has an address", func(t *testing.T) {
		t.Parallel()
		assert.Nil(t, find(pays(stores.TransactionCash)).Deliveries[0].Shipping)
		assert.Equal(t, "JPN", find(pays(stores.TransactionCreditCard)).Deliveries[0].ShippingAddress.Country)
	})
	t.Run("times are read in any offset", func(t *testing.T) {
		t.Parallel()
		var o stores.Order
		require.NoError(t, json.Unmarshal([]byte(`{"ordered_at":"2026-01-01T00:00:00Z"}`), &o))
		assert.Equal(t, time.Date(2026, 1, 1, 9, 0, 0, 0, shotengai.JST), o.OrderedAt.Time)
	})
	t.Run("unlimited stock is null", func(t *testing.T) {
		t.Parallel()
		var unlimited, none stores.ItemVariation
		require.NoError(t, json.Unmarshal([]byte(`{"quantity":null}`), &unlimited))
		require.NoError(t, json.Unmarshal([]byte(`{"quantity":0}`), &none))
		assert.Nil(t, unlimited.Quantity)
		require.NotNil(t, none.Quantity)
	})
	t.Run("fee_detail is absent before July 2023", func(t *testing.T) {
		t.Parallel()
		var answer struct {
			Remittances []stores.Remittance `json:"remittances"`
		}
		require.NoError(t, json.Unmarshal(golden(t, "remittances.json"), &answer))
		for _, r := range answer.Remittances {
			assert.Equal(t, r.TransferredDate.Year < 2023, r.FeeDetail == nil)
			assert.Equal(t, r.TransferAmount, r.SalesAmount-r.PaymentFee-r.TransferFee-r.SpeedcashPaymentFee-r.ChargebackAmount-r.DeductionAmount)
		}
	})
}
