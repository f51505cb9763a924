package stores_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
)

// rewriteOrder sets a member of an order in an answer.
func rewriteOrder(t *testing.T, body []byte, id, member string, value any) []byte {
	var answer struct {
		Orders []map[string]any `json:"orders"`
	}
	assert.NoError(t, json.Unmarshal(body, &answer))
	for _, order := range answer.Orders {
		if order["id"] == id {
			order[member] = value
		}
	}
	data, err := json.Marshal(answer)
	assert.NoError(t, err)
	return data
}

// An order that cannot be read is yielded once by a run of Changes, though it is in three
// lists, and the others come. The next run asks for it again.
func TestChangesYieldAnUnreadableOrderOnce(t *testing.T) {
	t.Parallel()
	srv, _ := stopped(t)
	client, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithClock(srv.Now))
	require.NoError(t, err)
	cursor := shotengai.CursorFrom(srv.Now())
	var ids []string
	for range 4 {
		srv.Advance(time.Minute)
		ids = append(ids, srv.Shop().AddOrder(nil))
	}
	srv.Shop().CancelOrder(ids[1], true)
	bad := ids[1]
	srv.Fail(-1, shotengaitest.Fault{Rewrite: func(body []byte) []byte {
		return rewriteOrder(t, body, bad, "sales_amount", 100.5)
	}})
	run := func() (got, odd []string) {
		for order, err := range client.Orders.Changes(t.Context(), &cursor) {
			if row, ok := errors.AsType[*shotengai.RowError](err); ok {
				require.EqualError(t, row, fmt.Sprintf("stores: GET /retail/202211/orders: orders[%d] (%s): sales_amount: 100.5 is not a whole number", row.Index, bad))
				odd = append(odd, row.ID)
				continue
			}
			require.NoError(t, err)
			got = append(got, string(order.ID))
		}
		return got, odd
	}
	got, odd := run()
	assert.Equal(t, []string{bad}, odd)
	assert.ElementsMatch(t, []string{ids[0], ids[2], ids[3]}, got)
	srv.Advance(24 * time.Hour)
	_, odd = run()
	assert.Equal(t, []string{bad}, odd)
	srv.Heal()
	got, odd = run()
	assert.Empty(t, odd)
	assert.Contains(t, got, bad)
}

// The members of a union are named with their place, and odd spellings in them are read.
func TestOddValuesInUnions(t *testing.T) {
	t.Parallel()
	const body = `{"orders":[
		{"id":"1","transactions":[{"id":"t","type":"cash","amount":"100","fee":{"amount":"3.0"}}],"deliveries":[{"id":7,"type":"shipping","items":[{"quantity":"2"}]}]},
		{"id":"2","transactions":[{"type":"cash","amount":100.5}]},
		{"id":"3","deliveries":[{"type":"shipping","shipping_address":{},"items":[{"quantity":1},{"quantity":"x"}]}]},
		{"id":"4","transactions":[{"type":"not known","amount":"x"}]},
		{"id":"5","deliveries":[{"type":"shipping","delivery_date":{"type":"request","requested_date":"2026/11/30"}}]}]}`
	client, _ := record(t, 200, body)
	page, err := client.Orders.List(t.Context(), stores.ListOrdersParams{})
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	first := page.Items[0]
	assert.EqualValues(t, 100, first.Transactions[0].Amount)
	fee, ok := first.Transactions[0].Fee.Get()
	assert.True(t, ok)
	assert.EqualValues(t, 3, fee.Amount)
	assert.Equal(t, "7", first.Deliveries[0].ID)
	assert.Equal(t, 2, first.Deliveries[0].Items[0].Quantity)
	assert.JSONEq(t, `{"type":"not known","amount":"x"}`, string(page.Items[1].Transactions[0].Raw()))
	var places []string
	for _, row := range page.RowErrors {
		places = append(places, row.ID+" "+row.Path)
	}
	assert.Equal(t, []string{"2 transactions[0].amount", "3 deliveries[0].items[1].quantity", "5 deliveries[0].delivery_date.requested_date"}, places)
}
