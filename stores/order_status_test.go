package stores_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/stores"
)

// TestDerivedFacts holds STORES's own rule for the status, and what can be derived of the
// money.
func TestDerivedFacts(t *testing.T) {
	t.Parallel()
	const (
		at       = `"2026-01-02T03:04:05+09:00"`
		paid     = `{"type":"credit_card","amount":1000,"paid_at":` + at + `}`
		fees     = `{"type":"paidy","amount":1000,"paid_at":` + at + `,"system_fee":{"amount":350}}`
		unpaid   = `{"type":"convenience_store_payment","amount":1000,"deposit":0,"paid_at":null}`
		cod      = `{"type":"cash_on_delivery","amount":1000}`
		refund   = `{"type":"credit_card","amount":-1000,"paid_at":` + at + `}`
		part     = `{"type":"credit_card","amount":-400,"paid_at":` + at + `}`
		moon     = `{"type":"moon_pay","amount":700,"paid_at":` + at + `}`
		open     = `{"type":"shipping","canceled_at":null,"shipped_at":null}`
		shipped  = `{"type":"shipping","canceled_at":null,"shipped_at":` + at + `}`
		canceled = `{"type":"shipping","canceled_at":` + at + `,"shipped_at":null}`
		ready    = `,"readied_at":` + at
	)
	for name, tt := range map[string]struct {
		transactions, deliveries, more string
		status                         stores.Status
		paid, cod                      bool
		refundable                     int64
	}{
		"paid and waiting":            {paid, open, ready, stores.StatusPending, true, false, 1000},
		"not paid":                    {unpaid, open, `,"readied_at":null`, stores.StatusUnpaid, false, false, 0},
		"paid on delivery":            {cod, open, ready, stores.StatusPending, false, true, 0},
		"paid on delivery, shipped":   {cod, shipped, ready, stores.StatusShipped, false, true, 0},
		"shipped":                     {paid, shipped, ready, stores.StatusShipped, true, false, 1000},
		"shipped before it was paid":  {unpaid, shipped, ``, stores.StatusShipped, false, false, 0},
		"partly shipped":              {paid, open + "," + shipped, ready, stores.StatusPending, true, false, 1000},
		"the rest is shipped":         {paid + "," + part, canceled + "," + shipped, ready, stores.StatusShipped, true, false, 600},
		"cancelled, never paid":       {unpaid, canceled, ``, stores.StatusCanceled, false, false, 0},
		"cancelled, still paid":       {paid, canceled, ``, stores.StatusCanceled, true, false, 1000},
		"repaid":                      {paid + "," + refund, canceled, ``, stores.StatusRepaid, true, false, 0},
		"shipped, then repaid":        {paid + "," + refund, `{"type":"shipping","canceled_at":` + at + `,"shipped_at":` + at + `}`, ``, stores.StatusRepaid, true, false, 0},
		"partly repaid":               {paid + "," + part, open, ready, stores.StatusPending, true, false, 600},
		"two payments, one open":      {paid + "," + unpaid, open, ``, stores.StatusUnpaid, false, false, 1000},
		"a refund without a time":     {paid + `,{"type":"custom","amount":-300,"paid_at":null}`, open, ready, stores.StatusPending, true, false, 700},
		"repaid twice over":           {paid + "," + refund + "," + part, canceled, ``, stores.StatusRepaid, true, false, 0},
		"a system fee is not counted": {fees, open, ready, stores.StatusPending, true, false, 1000},
		"an unknown way of payment":   {moon, open, ready, stores.StatusPending, true, false, 700},
		"nothing to pay":              {``, open, ready, stores.StatusPending, true, false, 0},
		"a sum, and no transaction":   {``, open, `,"sales_amount":10`, stores.StatusUnpaid, false, false, 0},
		"no delivery, all cancelled":  {paid + "," + refund, ``, `,"sales_amount":10,"cancel_amount":10`, stores.StatusRepaid, true, false, 0},
		"no delivery":                 {paid, ``, ready + `,"sales_amount":10`, stores.StatusPending, true, false, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var o stores.Order
			require.NoError(t, json.Unmarshal([]byte(`{"transactions":[`+tt.transactions+`],"deliveries":[`+tt.deliveries+`]`+tt.more+`}`), &o))
			assert.Equal(t, tt.status, o.Status())
			assert.Equal(t, tt.paid, o.Paid())
			assert.Equal(t, tt.cod, o.CashOnDelivery())
			assert.Equal(t, tt.refundable, o.Refundable())
		})
	}
}

// TestStatusAgreesWithFilters: the platform's own filters agree with Status.
func TestStatusAgreesWithFilters(t *testing.T) {
	t.Parallel()
	_, client := fake(t)
	for _, tt := range []struct {
		params stores.ListOrdersParams
		want   stores.Status
	}{
		{stores.ListOrdersParams{DeliveryStatus: stores.DeliveryShipped}, stores.StatusShipped},
		{stores.ListOrdersParams{DeliveryStatus: stores.DeliveryWaiting}, stores.StatusPending},
	} {
		count := 0
		for order, err := range client.Orders.All(t.Context(), tt.params) {
			require.NoError(t, err)
			assert.Equal(t, tt.want, order.Status())
			count++
		}
		assert.Positive(t, count)
	}
	for _, status := range []stores.PaidStatus{stores.Paid, stores.Unpaid} {
		for order, err := range client.Orders.All(t.Context(), stores.ListOrdersParams{PaidStatus: status}) {
			require.NoError(t, err)
			assert.Equal(t, status == stores.Paid, order.Paid())
			assert.False(t, order.CashOnDelivery())
		}
	}
}
