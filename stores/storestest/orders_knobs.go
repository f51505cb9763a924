package storestest

import (
	"fmt"
	"maps"
)

// The life of an order goes on by calls of the API and by the methods below, which do what the
// buyer, or a person of the shop in the dashboard, does. The platform has no time of change:
// a search finds a payment by readied_at and a cancellation by canceled_at, and that an order
// was sent or edited by no time at all. All of the methods panic for an order that does not
// exist, and for a step that its state does not allow.

// AddOrder adds an order of the online shop that was paid for by credit card just now, and
// returns its ID. The members of order, in the platform's spelling, replace those that it
// has of itself; AddOrder panics when there is no such member.
func (shop *Shop) AddOrder(order map[string]any) string { return shop.addOrder(samples[0], order) }

// AddUnpaidOrder is AddOrder for one that is to be paid at a convenience store: it waits for
// PayOrder, or for CancelOrder when nobody pays in time.
func (shop *Shop) AddUnpaidOrder(order map[string]any) string {
	return shop.addOrder(sample{pay: "convenience_store_payment", state: "unpaid"}, order)
}

func (shop *Shop) addOrder(k sample, order map[string]any) string {
	s := shop.server
	s.mu.Lock()
	defer s.mu.Unlock()
	o := overlay("orders", shop.makeOrder(k, s.Now()), copyJSON(order))
	shop.orders = append(shop.orders, o)
	return o["id"].(string)
}

// Order returns an order as the platform would send it; nil when there is none.
func (shop *Shop) Order(id string) map[string]any {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	if o := byID(shop.orders, id); o != nil {
		return copyJSON(o)
	}
	return nil
}

// PayOrder lets the buyer pay now for an order that waits for it, which makes it ready to
// ship.
func (shop *Shop) PayOrder(id string) {
	s := shop.server
	s.mu.Lock()
	defer s.mu.Unlock()
	o := shop.mustFind(id)
	for _, t := range rows(o["transactions"]) {
		if t["paid_at"] == nil && t["type"] != "cash_on_delivery" {
			t["paid_at"], t["deposit"] = stamp(s.Now()), t["amount"]
		}
	}
	if o["readied_at"] == nil {
		o["readied_at"] = stamp(s.Now())
	}
}

// ShipOrder marks what is ready to ship as sent now, as a person of the shop does in the
// dashboard.
func (shop *Shop) ShipOrder(id string) {
	s := shop.server
	s.mu.Lock()
	defer s.mu.Unlock()
	o := shop.mustFind(id)
	if !isWaiting(o) {
		panic(fmt.Sprintf("storestest: order %q is not ready to ship", id))
	}
	for _, d := range openDeliveries(o) {
		if d["shipped_at"] == nil {
			d["shipped_at"] = stamp(s.Now())
		}
	}
}

// EditOrder changes an order: the members of order, in the platform's spelling, replace its
// own. An order keeps its id, its number and its time.
func (shop *Shop) EditOrder(id string, order map[string]any) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	o := shop.mustFind(id)
	for _, name := range []string{"id", "number", "ordered_at"} {
		if _, given := order[name]; given {
			panic("storestest: an order keeps its " + name)
		}
	}
	overlay("orders", o, copyJSON(order))
}

// CancelOrder lets the shop cancel a whole order now; refund pays back what was paid.
func (shop *Shop) CancelOrder(id string, refund bool) {
	s := shop.server
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancel(shop.mustFind(id), stamp(s.Now()), refund)
}

func (shop *Shop) mustFind(id string) object {
	o := byID(shop.orders, id)
	if o == nil {
		panic(fmt.Sprintf("storestest: there is no order %q", id))
	}
	return o
}

// cancel cancels a whole order: amounts move to cancel_*, readied_at becomes null, and a
// refund is one more transaction for each that was paid.
func (s *Server) cancel(o object, at string, refund bool) {
	for _, d := range rows(o["deliveries"]) {
		d["canceled_at"] = at
	}
	for _, part := range append(rows(o["tax_details"]), o) {
		part["cancel_amount"], part["cancel_discount"], part["cancel_tax"] = part["sales_amount"], part["sales_discount"], part["sales_tax"]
	}
	o["payment_amount"], o["payment_tax"], o["readied_at"] = int64(0), int64(0), nil
	if !refund {
		return
	}
	for _, t := range rows(o["transactions"]) {
		if t["paid_at"] == nil || number(t["amount"]) < 0 {
			continue
		}
		back := maps.Clone(t)
		back["id"], back["paid_at"], back["deposit"] = s.newID(), at, int64(0)
		back["amount"], back["payment_fee"] = -number(t["amount"]), -number(t["payment_fee"])
		back["fee"], back["system_fee"] = nil, nil
		delete(back, "payment_method_name") // the sample data has none on the refund of a custom payment
		o["transactions"] = append(rows(o["transactions"]), back)
	}
}
