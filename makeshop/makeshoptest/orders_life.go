package makeshoptest

import (
	"fmt"
	"slices"

	"github.com/shotengai/shotengai-go"
)

// The life of an order goes on by calls of the API and by the methods below, which do what the
// buyer, or a person of the shop in the admin screen, does. The platform shows no time of
// change: a search finds an order by its date and by that of its payment. All of them panic
// for an order that does not exist, and for a step that its state does not allow.

// AddPendingOrder is AddOrder for one whose payment has not ended: PayOrder makes it an order
// like others, and VanishOrder takes it away. What the platform shows of such orders is not
// documented, nor is the code of their payment, which is empty here.
func (shop *Shop) AddPendingOrder(fields map[string]any) string {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	number := shop.addOrder(fields)
	row := shop.order(number)
	row["paymentStatusCode"], row[paidAt] = "", ""
	return number
}

// PayOrder notes that an order was paid.
func (shop *Shop) PayOrder(number string) {
	shop.move(number, "pay", func(row object) {
		row["paymentStatusCode"], row[paidAt] = "0002", shop.server.Now().In(shotengai.JST).Format(compact)
	})
}

// VanishOrder takes away a pending order whose payment has failed: no search finds it any
// more.
func (shop *Shop) VanishOrder(number string) {
	shop.move(number, "vanish", func(row object) {
		if row["paymentStatusCode"] != "" {
			panic("makeshoptest: order " + number + " is not pending: it cannot vanish")
		}
		shop.orders = slices.DeleteFunc(shop.orders, func(o object) bool { return o["displayOrderNumber"] == number })
	})
}

// ShipOrder notes that all deliveries of an order were sent.
func (shop *Shop) ShipOrder(number string) {
	shop.move(number, "ship", func(row object) {
		for _, d := range deliveriesOf(row, nil) {
			if d["deliveryStatus"] == "N" {
				d["deliveryStatus"], d["deliveryDate"] = "Y", shop.server.Now().In(shotengai.JST).Format(compact)
			}
		}
	})
}

// ReturnOrder notes that the goods of an order that was sent came back.
func (shop *Shop) ReturnOrder(number string) {
	shop.move(number, "return", func(row object) {
		for _, d := range deliveriesOf(row, nil) {
			if d["deliveryStatus"] == "Y" {
				d["deliveryStatus"] = "R"
			}
		}
	})
}

// CancelOrder cancels an order as a whole; returnStock puts its goods back.
func (shop *Shop) CancelOrder(number string, returnStock bool) {
	shop.move(number, "cancel", func(row object) { shop.cancel(row, deliveriesOf(row, nil), returnStock, true) })
}

// EditOrder changes an order: the fields, which are those of AddOrder, replace its own. An
// order keeps its numbers and its date.
func (shop *Shop) EditOrder(number string, fields map[string]any) {
	shop.move(number, "edit", func(row object) {
		for _, name := range []string{"displayOrderNumber", "systemOrderNumber", "orderDate"} {
			if _, given := fields[name]; given {
				panic("makeshoptest: an order keeps its " + name)
			}
		}
		shop.override(row, fields)
	})
}

// move does something to an order that is not cancelled.
func (shop *Shop) move(number, verb string, do func(row object)) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	row := shop.order(number)
	if row == nil {
		panic(fmt.Sprintf("makeshoptest: there is no order %s to %s", number, verb))
	}
	if row["paymentStatusCode"] == "0003" {
		panic(fmt.Sprintf("makeshoptest: order %s is cancelled: it cannot be made to %s", number, verb))
	}
	do(row)
}
