package storestest_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/stores/storestest"
)

// found lists the ids of the orders that a search has.
func found(t *testing.T, srv *storestest.Server, query string) []string {
	t.Helper()
	answer := call(t.Context(), t, srv, srv.Shop().Credential(), http.MethodGet, "/retail/202211/orders?limit=100&"+query, "")
	require.Equal(t, http.StatusOK, answer.status, answer.body)
	var list struct{ Orders []struct{ ID string } }
	require.NoError(t, json.Unmarshal([]byte(answer.body), &list))
	ids := []string{}
	for _, o := range list.Orders {
		ids = append(ids, o.ID)
	}
	return ids
}

// An order is found by the times that the platform has: of its birth, its payment and its
// cancellation. A parcel that is sent, and an edit, leave no time that can be searched.
func TestLifeOfAnOrder(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 10, 3, 0, 0, 0, time.UTC)
	srv := storestest.NewServer(storestest.WithClock(func() time.Time { return now }), storestest.WithoutRateLimits(), storestest.WithOrders(0))
	t.Cleanup(srv.Close)
	shop := srv.Shop()
	since := func() string {
		srv.Advance(time.Hour)
		return srv.Now().In(time.FixedZone("JST", 9*60*60)).Format("2006-01-02T15:04:05")
	}
	times := []string{"ordered_at_from=", "readied_at_from=", "canceled_at_from="}
	seen := func(at string, want ...bool) {
		t.Helper()
		for i, name := range times {
			assert.Equal(t, want[i], len(found(t, srv, name+at)) > 0, name)
		}
	}
	at := since()
	id := shop.AddUnpaidOrder(map[string]any{"remarks": "急ぎません"})
	seen(at, true, false, false)
	assert.Equal(t, []string{id}, found(t, srv, "paid_status=unpaid"))
	assert.Panics(t, func() { shop.ShipOrder(id) })

	at = since()
	shop.PayOrder(id)
	seen(at, false, true, false)
	assert.Equal(t, []string{id}, found(t, srv, "delivery_status=waiting&paid_status=paid"))

	at = since()
	shop.EditOrder(id, map[string]any{"note": "のし"})
	assert.Equal(t, "のし", shop.Order(id)["note"])
	shop.ShipOrder(id)
	seen(at, false, false, false)
	assert.Equal(t, []string{id}, found(t, srv, "delivery_status=shipped"))

	at = since()
	shop.CancelOrder(id, true)
	seen(at, false, false, true)
	assert.Nil(t, shop.Order(id)["readied_at"])
	assert.Empty(t, found(t, srv, "delivery_status=shipped"))
	assert.Panics(t, func() { shop.EditOrder(id, map[string]any{"number": "1"}) })
	assert.Panics(t, func() { shop.EditOrder("0", nil) })
}
