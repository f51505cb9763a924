package rakutentest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// dated is the numbers that a search by each dateType finds in the hour before now.
func dated(t *testing.T, c *caller, now time.Time) map[int]bool {
	t.Helper()
	found := map[int]bool{}
	for kind := 1; kind <= 6; kind++ {
		from := now.Add(-time.Hour + time.Second)
		if kind == 4 { // a day, and no time
			from = now.Add(-day)
		}
		list, _ := at(t, c.order("searchOrder", search(from, now, object{"dateType": kind})).json(t), "orderNumberList").([]any)
		found[kind] = len(list) > 0
	}
	return found
}

func TestLifeOfAnOrder(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	shop := srv.Shop()
	number := shop.AddOrder(object{"orderNumber": "400001-20261101-0000000001"})
	c := as(t, srv, shop)
	for _, step := range []struct {
		name     string
		do       func(string)
		progress int
		dateType int // whose search finds the order within the hour; 0 for none
	}{
		{"confirm", shop.ConfirmOrder, 200, 2},
		{"process", shop.Process, 300, 3},
		{"ship", shop.ShipOrder, 500, 5},
		{"bill", shop.BillOrder, 600, 0},
		{"pay", shop.PayOrder, 700, 6},
		{"request to cancel", shop.RequestCancel, 800, 0},
		{"cancel", shop.CancelOrder, 900, 0},
	} {
		srv.Advance(2 * time.Hour)
		require.NotPanics(t, func() { step.do(number) }, step.name)
		assert.EqualValues(t, step.progress, at(t, c.get1(number), "orderProgress"), step.name)
		now := srv.Now()
		for kind, found := range dated(t, c, now) {
			if kind != 4 {
				assert.Equal(t, kind == step.dateType, found, "%s, dateType %d", step.name, kind)
			}
		}
		if step.name == "cancel" {
			break
		}
		for name, other := range map[string]func(string){"confirm": shop.ConfirmOrder, "process": shop.Process, "ship": shop.ShipOrder, "bill": shop.BillOrder} {
			if name != map[int]string{200: "process", 300: "ship", 500: "bill"}[step.progress] {
				assert.Panics(t, func() { other(number) }, "%s after %s", name, step.name)
			}
		}
	}
	assert.Len(t, at(t, c.get1(number), "ChangeReasonModelList"), 2)
	for name, do := range map[string]func(string){"cancel": shop.CancelOrder, "pay": shop.PayOrder, "request": shop.RequestCancel, "split": shop.SplitOrder} {
		assert.Panics(t, func() { do(number) }, name)
		assert.Panics(t, func() { do("400001-20261101-0000000009") }, name)
	}
}

// What a call does sets the same times as what a person does in RMS.
func TestSearchTakesEveryDate(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	shop := srv.Shop()
	c := as(t, srv, shop)
	number := shop.AddOrder(nil)
	none := map[int]bool{1: true, 2: false, 3: false, 4: false, 5: false, 6: false}
	assert.Equal(t, none, dated(t, c, srv.Now()))
	require.Equal(t, 200, c.order("confirmOrder", object{"orderNumberList": []string{number}}).status)
	none[2] = true
	assert.Equal(t, none, dated(t, c, srv.Now()))
	shop.Process(number)
	none[3] = true
	assert.Equal(t, none, dated(t, c, srv.Now()))
	today := srv.Now().In(time.FixedZone("", 9*60*60)).Format(time.DateOnly)
	var baskets []object
	packages, _ := at(t, c.get1(number), "PackageModelList").([]any)
	for _, p := range packages {
		baskets = append(baskets, object{"basketId": at(t, p, "basketId"), "ShippingModelList": []object{
			{"shippingDate": "2026-09-01"}, {"shippingDate": today},
		}})
	}
	require.Equal(t, 200, c.order("updateOrderShipping", object{"orderNumber": number, "BasketidModelList": baskets}).status)
	none[4], none[5] = true, true
	assert.Equal(t, none, dated(t, c, srv.Now()), "the second parcel's day counts too")
	shop.PayOrder(number)
	none[6] = true
	assert.Equal(t, none, dated(t, c, srv.Now()))
	payment := c.order("getPayment", object{"orderNumber": number, "version": 4}).json(t)
	assert.Equal(t, orderTime(srv.Now()), at(t, payment, "OrderModel", "PaymentModelList", 0, "paymentFixDatetime"))

	coupons := object{"PackageModelList": []object{{"basketId": at(t, packages[0], "basketId"), "noshi": "御祝"}}, "orderNumber": number, "reductionReason": 10}
	got := c.order("updateOrderSenderAfterShipping", coupons)
	require.Equal(t, "INFO", at(t, got.json(t), "MessageModelList", 0, "messageType"), "%s", got.body)
	assert.Equal(t, none, dated(t, c, srv.Now()), "a change keeps the dates")
	shop.CancelOrder(number)
	assert.Equal(t, none, dated(t, c, srv.Now()), "so does a cancellation")
}

// Seeds have the dates of their progress.
func TestSeedsHaveTheirDates(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	shop := srv.Shop()
	c := as(t, srv, shop)
	for progress, kinds := range map[int]int{100: 1, 200: 2, 300: 3, 400: 3, 500: 5, 600: 5, 700: 6, 900: 3} {
		number := shop.AddOrder(object{"orderProgress": progress, "orderDatetime": orderTime(start.Add(-2 * time.Hour))})
		for kind := 1; kind <= 6; kind++ {
			list := at(t, c.order("searchOrder", search(start.Add(-2*day), start, object{"dateType": kind, "orderProgressList": []int{progress}})).json(t), "orderNumberList")
			want := []any{}
			if kind <= kinds {
				want = []any{number}
			}
			assert.Equal(t, want, list, "progress %d, dateType %d", progress, kind)
		}
	}
}

func TestSplitAndEdit(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	shop := srv.Shop()
	c := as(t, srv, shop)
	units := func(number string) (packages int, sum, total float64) {
		o := c.get1(number)
		list, _ := at(t, o, "PackageModelList").([]any)
		for _, p := range list {
			lines, _ := at(t, p, "ItemModelList").([]any)
			for _, line := range lines {
				n, _ := at(t, line, "units").(float64)
				sum += n
			}
		}
		total, _ = at(t, o, "goodsPrice").(float64)
		return len(list), sum, total
	}
	split := 0
	for range 6 { // of one line and of two
		number := shop.AddOrder(object{"orderProgress": 300})
		packages, sum, total := units(number)
		if sum == 1 {
			assert.Panics(t, func() { shop.SplitOrder(number) })
			continue
		}
		shop.SplitOrder(number)
		more, sumAfter, totalAfter := units(number)
		assert.Equal(t, packages+1, more)
		assert.InDelta(t, sum, sumAfter, 0)
		assert.InDelta(t, total, totalAfter, 0)
		assert.EqualValues(t, 1, at(t, c.get1(number), "modifyFlag"))
		split++
		shop.ShipOrder(number)
		assert.EqualValues(t, 500, at(t, c.get1(number), "orderProgress"), "each package has a parcel")
	}
	assert.Equal(t, 5, split)

	number := shop.AddOrder(object{"orderProgress": 700})
	before := c.get1(number)
	shop.EditOrder(number, object{"remarks": "玄関前に", "paymentCharge": 330})
	after := c.get1(number)
	assert.Equal(t, "玄関前に", at(t, after, "remarks"))
	was, _ := at(t, before, "requestPrice").(float64)
	assert.InDelta(t, was+330, at(t, after, "requestPrice"), 0, "sums follow")
	assert.NotNil(t, at(t, c.order("getPayment", object{"orderNumber": number, "version": 4}).json(t), "OrderModel", "PaymentModelList", 0, "paymentFixDatetime"))
	assert.Panics(t, func() { shop.EditOrder(number, object{"orderNumber": "400001-20261101-0000000099"}) })
	assert.Panics(t, func() { shop.EditOrder(number, object{"orderDatetime": orderTime(start.Add(-day))}) })
	assert.Equal(t, after, c.get1(number), "nothing of an edit that does not fit")
}

// What a request for later does is dated when it is due, and not when somebody looks.
func TestLaterShippingIsDatedWhenItIsDue(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	number := srv.Shop().AddOrder(object{"orderProgress": 300})
	c := as(t, srv, srv.Shop())
	basket := at(t, c.get1(number), "PackageModelList", 0, "basketId")
	got := c.order("updateOrderShippingAsync", object{"OrderShippingModelList": []object{{"orderNumber": number, "BasketidModelList": []object{
		{"basketId": basket, "ShippingModelList": []object{{"shippingDate": "2026-11-01"}}},
	}}}})
	require.Equal(t, 200, got.status, "%s", got.body)
	srv.Advance(5 * time.Hour)
	assert.Equal(t, orderTime(start.Add(time.Minute)), at(t, c.get1(number), "shippingCmplRptDatetime"))
	assert.EqualValues(t, 500, at(t, c.get1(number), "orderProgress"))
}
