package colormetest

import (
	"fmt"
	"slices"
	"time"
)

// The life of an order goes on by calls of the API and by the methods below, which do what the
// buyer, or a person of the shop in the admin screen, does. Each sets the order's update_date.
// All of them panic for an order that does not exist or that cannot be changed in that way,
// which is a mistake in a test.

// PaySale notes that an order was paid.
func (shop *Shop) PaySale(id int64) {
	shop.move(id, "pay", func(s *sale, _ time.Time) { s.Paid = true })
}

// ShipSale notes that all parcels of an order were sent.
func (shop *Shop) ShipSale(id int64) {
	shop.move(id, "ship", func(s *sale, _ time.Time) {
		for _, d := range s.SaleDeliveries {
			d.Delivered = true
		}
		s.Delivered = true
	})
}

// CancelSale cancels an order as the API does, split orders included; restock returns its
// products to the stock.
func (shop *Shop) CancelSale(id int64, restock bool) {
	shop.move(id, "cancel", func(s *sale, _ time.Time) { shop.cancel(s, restock) })
}

// EditSale changes an order: the members of v, any value that becomes a JSON object in the
// platform's spelling, replace its own, and sums that are not given follow from the rest. An
// order keeps its ID and its make_date.
func (shop *Shop) EditSale(id int64, v any) {
	shop.move(id, "edit", func(s *sale, _ time.Time) {
		changed := clone(*s)
		overlay(&changed, v)
		changed.Tax = 0
		changed.price(shop.profile)
		overlay(&changed, v)
		if changed.ID != s.ID || changed.MakeDate != s.MakeDate {
			panic("colormetest: an order keeps its ID and its date")
		}
		changed.before, changed.settled = s.before, s.settled
		*s = changed
	})
}

// SplitSale splits an order as a shop owner may: it returns the ID of a new
// child order. Parent and child become siblings.
func (shop *Shop) SplitSale(id int64) int64 {
	var child *sale
	shop.move(id, "split", func(parent *sale, now time.Time) {
		child = shop.addSale(time.Unix(parent.MakeDate, 0), nil)
		child.UpdateDate = now.Unix()
		parent.Segment = &saleSegment{
			ID: shop.server.newID(), Name: "分割元", ParentSaleID: parent.ID, Splitted: true,
			TotalPrice: parent.TotalPrice, ProductTotalPrice: parent.ProductTotalPrice,
			SiblingsSaleIDs: []int64{child.ID},
		}
		child.Segment = &saleSegment{
			ID: shop.server.newID(), Name: "分割先", ParentSaleID: parent.ID, Splitted: true,
			TotalPrice: child.TotalPrice, ProductTotalPrice: child.ProductTotalPrice,
			SiblingsSaleIDs: []int64{parent.ID},
		}
	})
	return child.ID
}

// Sale returns an order as the platform has it by now, whatever readers see; nil when there
// is none.
func (shop *Shop) Sale(id int64) map[string]any {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	s := shop.sale(id)
	if s == nil {
		return nil
	}
	var out map[string]any
	overlay(&out, s)
	return out
}

// move does something to an order that is not cancelled.
func (shop *Shop) move(id int64, verb string, do func(s *sale, now time.Time)) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	s := shop.sale(id)
	if s == nil {
		panic(fmt.Sprintf("colormetest: there is no sale %d to %s", id, verb))
	}
	if s.Canceled {
		panic(fmt.Sprintf("colormetest: sale %d is cancelled: it cannot be made to %s", id, verb))
	}
	now := shop.server.Now()
	shop.change(s, now)
	do(s, now)
}

// change notes that an order is about to change: it has a new update_date, and readers may
// see it as it was for a while.
func (shop *Shop) change(s *sale, now time.Time) {
	if lag := shop.server.config.staleFor; lag > 0 {
		if !now.Before(s.settled) {
			s.before = new(clone(*s))
		}
		s.settled = now.Add(lag)
	}
	s.UpdateDate = now.Unix()
}

// seen is an order as readers see it.
func (s *sale) seen(now time.Time) *sale {
	if now.Before(s.settled) {
		return s.before
	}
	return s
}

func (shop *Shop) sale(id int64) *sale {
	i := slices.IndexFunc(shop.sales, func(s *sale) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return shop.sales[i]
}

// cancel zeroes quantities and total, reverses points and, with restock, returns the products.
func (shop *Shop) cancel(s *sale, restock bool) {
	for _, d := range s.Details {
		if restock {
			shop.restock(d.ProductID, text(d.Option1Value), text(d.Option2Value), d.ProductNum)
		}
		d.ProductNum, d.SubtotalPrice = 0, 0
	}
	returned := s.UsePoints
	if s.PointState == "fixed" {
		returned -= s.GrantedPoints
	}
	shop.grant(s, returned)
	s.Canceled, s.PointState, s.TotalPrice = true, "canceled", 0
}
