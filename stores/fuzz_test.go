package stores_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/stores"
)

// FuzzOrder: what decodes encodes, and what that encodes to decodes to the same; the facts
// that are worked out never panic.
func FuzzOrder(f *testing.F) {
	for _, file := range []string{"orders.json", "orders_unknown.json"} {
		for _, row := range rows(f, file, "orders") {
			f.Add([]byte(row))
		}
	}
	f.Add([]byte(`{"transactions":[null,{"type":null}],"deliveries":[null,{"type":"shipping","items":null}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var order stores.Order
		if json.Unmarshal(data, &order) != nil {
			return
		}
		_, _, _, _ = order.Status(), order.Paid(), order.Refundable(), order.CashOnDelivery()
		stable(t, &order, new(stores.Order))
	})
}

// stable encodes v, decodes that into again, and encodes it once more.
func stable(t *testing.T, v, again any) {
	t.Helper()
	first, err := json.Marshal(v)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(first, again))
	second, err := json.Marshal(again)
	require.NoError(t, err)
	assert.JSONEq(t, string(first), string(second))
}

// FuzzTransaction: a row of an unknown type comes out as it went in.
func FuzzTransaction(f *testing.F) {
	seedUnions(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var row stores.Transaction
		if json.Unmarshal(data, &row) == nil {
			unchanged(t, data, row.Raw(), row)
			stable(t, &row, new(stores.Transaction))
		}
	})
}

// FuzzDelivery is FuzzTransaction for deliveries.
func FuzzDelivery(f *testing.F) {
	seedUnions(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var row stores.Delivery
		if json.Unmarshal(data, &row) == nil {
			unchanged(t, data, row.Raw(), row)
			stable(t, &row, new(stores.Delivery))
		}
	})
}

// FuzzDeliveryDate is FuzzTransaction for delivery dates.
func FuzzDeliveryDate(f *testing.F) {
	seedUnions(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var row stores.DeliveryDate
		if json.Unmarshal(data, &row) == nil {
			unchanged(t, data, row.Raw(), row)
			stable(t, &row, new(stores.DeliveryDate))
		}
	})
}

func seedUnions(f *testing.F) {
	f.Helper()
	for _, seed := range []string{
		`null`, `{}`, `{"type":"new","amount":"x","a":[1.50,{}]}`, `{"type":1}`, `{"type":"cash","amount":1,"paid_at":null}`, `{"type":"custom","payment_method_name":""}`,
		`{"type":"shipping","shipping_fee":null,"delivery_date":{"type":"request","requested_date":null}}`, `{"type":"counter","shipping_fee":{"tax_rate":0.10}}`,
		`{"type":"preorder","start_month":"202208","start_period":"late"}`, `{"type":"regular"}`, `[]`, `"a"`, `7`, `{"Type":"cash","TYPE":"new"}`,
	} {
		f.Add([]byte(seed))
	}
}

// unchanged: what is kept raw is encoded byte for byte, but for space around it.
func unchanged(t *testing.T, data []byte, raw json.RawMessage, v any) {
	t.Helper()
	if raw == nil {
		return
	}
	out, err := json.Marshal(v)
	require.NoError(t, err)
	assert.JSONEq(t, string(data), string(out))
}
