package colormetest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// changed lists the orders that changed since a time, the newest first.
func changed(t *testing.T, a api, since time.Time) []any {
	t.Helper()
	at := url.QueryEscape(since.In(time.FixedZone("JST", 9*60*60)).Format(time.DateTime))
	return rows(t, a.get("/v1/sales?make_date_min=2000-01-01&update_date_min="+at), "sales")
}

// Each step of an order's life is found by its update_date, and by no earlier one.
func TestLifeOfASale(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(3, 3, 3)...)
	shop, a := srv.Shop(), speak(t, srv)
	sale := shop.AddSale(object{"paid": false, "delivered": false, "canceled": false})
	for _, step := range []struct {
		name   string
		do     func()
		member string
		want   any
	}{
		{"pay", func() { shop.PaySale(sale) }, "paid", true},
		{"edit", func() { shop.EditSale(sale, object{"fee": 330, "memo": "のし"}) }, "memo", "のし"},
		{"ship", func() { shop.ShipSale(sale) }, "delivered", true},
		{"change by the API", func() {
			a.want(200, http.MethodPut, fmt.Sprintf("/v1/sales/%d", sale), object{"sale": object{"paid": false}})
		}, "paid", false},
		{"cancel", func() { shop.CancelSale(sale, true) }, "canceled", true},
	} {
		srv.Advance(time.Hour)
		since := srv.Now()
		require.Empty(t, changed(t, a, since), step.name)
		step.do()
		found := changed(t, a, since)
		require.Len(t, found, 1, step.name)
		assert.EqualValues(t, sale, id(t, found[0], "id"))
		assert.Equal(t, step.want, at(t, found[0], step.member), step.name)
		assert.Equal(t, step.want, shop.Sale(sale)[step.member], step.name)
	}
	assert.EqualValues(t, 0, id(t, shop.Sale(sale), "total_price"))
	assert.Nil(t, shop.Sale(1))
}

// Sums follow an edit, unless it sets them.
func TestEditSale(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(0, 3, 3)...)
	shop := srv.Shop()
	sale := shop.AddSale(nil)
	before := id(t, shop.Sale(sale), "total_price")
	shop.EditSale(sale, object{"fee": 330})
	assert.Equal(t, before+330, id(t, shop.Sale(sale), "total_price"))
	shop.EditSale(sale, object{"total_price": 1})
	assert.EqualValues(t, 1, id(t, shop.Sale(sale), "total_price"))
	assert.Panics(t, func() { shop.EditSale(sale, object{"make_date": 1}) })
	assert.Panics(t, func() { shop.EditSale(sale, object{"make_dates": 1}) })
}

// A split changes the parent, and makes a child of the parent's date that changed just now.
func TestSplitSaleIsAChange(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(0, 3, 3)...)
	a := speak(t, srv)
	parent := srv.Shop().AddSale(nil)
	srv.Advance(time.Hour)
	since := srv.Now()
	child := srv.Shop().SplitSale(parent)
	var ids []int64
	for _, row := range changed(t, a, since) {
		ids = append(ids, id(t, row, "id"))
		assert.EqualValues(t, noon.Unix(), id(t, row, "make_date"))
	}
	assert.ElementsMatch(t, []int64{parent, child}, ids)
}

// A change reaches readers late: not by its update_date either. More than one is seen as a
// whole.
func TestStaleSales(t *testing.T) {
	t.Parallel()
	srv := start(t, append(withSizes(0, 3, 3), colormetest.WithStaleReads(3*time.Second))...)
	shop, a := srv.Shop(), speak(t, srv)
	sale := shop.AddSale(object{"paid": false, "delivered": false})
	path := fmt.Sprintf("/v1/sales/%d", sale)
	srv.Advance(time.Hour)
	since := srv.Now()
	shop.PaySale(sale)
	srv.Advance(2 * time.Second)
	a.want(200, http.MethodPut, path, object{"sale": object{"point_state": "fixed"}})
	srv.Advance(2 * time.Second)
	assert.Empty(t, changed(t, a, since))
	assert.Equal(t, false, at(t, a.get(path), "sale", "paid"))
	assert.Equal(t, true, shop.Sale(sale)["paid"])
	srv.Advance(time.Second)
	found := changed(t, a, since)
	require.Len(t, found, 1)
	assert.Equal(t, true, at(t, found[0], "paid"))
	assert.Equal(t, "fixed", at(t, a.get(path), "sale", "point_state"))
}

func TestNoSuchStepInTheLifeOfASale(t *testing.T) {
	t.Parallel()
	shop := start(t, withSizes(0, 3, 3)...).Shop()
	assert.PanicsWithValue(t, "colormetest: there is no sale 1 to pay", func() { shop.PaySale(1) })
	sale := shop.AddSale(nil)
	shop.CancelSale(sale, false)
	assert.PanicsWithValue(t, fmt.Sprintf("colormetest: sale %d is cancelled: it cannot be made to ship", sale), func() { shop.ShipSale(sale) })
}
