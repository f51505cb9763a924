package rakutentest

import (
	"fmt"
	"slices"
	"time"
)

// The life of an order goes on by calls of the API and by the methods below, which do what
// Rakuten, the buyer, or a person of the shop in RMS does. Each sets the times that the
// searches by date look at. All of them panic for an order that does not exist or that is at
// another progress, which is a mistake in a test.

// ConfirmOrder confirms an order, as a person of the shop does in RMS and as confirmOrder does:
// 100 becomes 200.
func (shop *Shop) ConfirmOrder(orderNumber string) {
	shop.move(orderNumber, "confirm", (*order).confirm, progressNew)
}

// Process ends Rakuten's processing of a confirmed order, such as the check of its payment:
// 200 becomes 300, and the shop can ship it. No call of the API does that.
func (shop *Shop) Process(orderNumber string) {
	shop.move(orderNumber, "process", func(o *order, now time.Time) {
		o.OrderProgress, o.OrderFixDatetime, o.ShippingInstDatetime = progressToShip, instant{now}, instant{now}
	}, progressProcessing)
}

// ShipOrder reports a parcel for each package that has none, with today as its day, as a person
// of the shop does in RMS: 300 becomes 500, as with updateOrderShipping.
func (shop *Shop) ShipOrder(orderNumber string) {
	shop.move(orderNumber, "ship", func(o *order, now time.Time) {
		for _, p := range o.Packages {
			if len(p.Shippings) == 0 {
				p.Shippings = append(p.Shippings, &shipping{ShippingDetailID: shop.server.newID()})
			}
			for _, parcel := range p.Shippings {
				if text(parcel.ShippingDate) == "" {
					parcel.ShippingDate = new(now.In(jst).Format(time.DateOnly))
				}
			}
		}
		o.advance(now)
	}, progressToShip)
}

// BillOrder begins the payment of a shipped order: 500 becomes 600.
func (shop *Shop) BillOrder(orderNumber string) {
	shop.move(orderNumber, "bill", func(o *order, _ time.Time) { o.OrderProgress = progressPaying }, progressShipped)
}

// PayOrder fixes the payment of a shipped order: 500 or 600 becomes 700.
func (shop *Shop) PayOrder(orderNumber string) {
	shop.move(orderNumber, "pay", func(o *order, now time.Time) {
		o.OrderProgress, o.paid = progressPaid, instant{now}
	}, progressShipped, progressPaying)
}

// RequestCancel is the buyer's wish to cancel an order: it becomes 800 until the shop
// cancels it.
func (shop *Shop) RequestCancel(orderNumber string) {
	shop.move(orderNumber, "request to cancel", func(o *order, now time.Time) {
		o.OrderProgress = progressCancelling
		o.ChangeReasons = append(o.ChangeReasons, changeReason{
			ChangeID: int64(len(o.ChangeReasons) + 1), ChangeType: new(0), ChangeTypeDetail: new(2), ChangeReason: new(1), ChangeReasonDetail: new(1),
			ChangeApplyDatetime: instant{now},
		})
	}, progressNew, progressProcessing, progressToShip, progressShipped, progressPaying, progressPaid)
}

// CancelOrder cancels an order, as a person of the shop does in RMS and as cancelOrder and
// cancelOrderAfterShipping do: any progress becomes 900.
func (shop *Shop) CancelOrder(orderNumber string) {
	shop.move(orderNumber, "cancel", func(o *order, now time.Time) { o.cancel(now, 1) },
		progressNew, progressProcessing, progressToShip, progressChanging, progressShipped, progressPaying, progressPaid, progressCancelling)
}

// SplitOrder gives the last line of an order, or half of the units of its only one, a package of
// its own, without postage and to the same receiver. Orders with several packages exist; that
// one becomes so later is not established. An order of one unit cannot be split.
func (shop *Shop) SplitOrder(orderNumber string) {
	shop.move(orderNumber, "split", func(o *order, _ time.Time) {
		i := slices.IndexFunc(o.Packages, func(p *parcelGroup) bool { return len(p.Items) > 1 || p.Items[0].Units > 1 })
		if i < 0 {
			panic("rakutentest: order " + orderNumber + " has nothing to split")
		}
		from, parcel := o.Packages[i], new(parcelGroup)
		overlay(parcel, from)
		parcel.BasketID, parcel.PostagePrice, parcel.DeliveryPrice, parcel.Shippings = shop.newDetail(), 0, 0, []*shipping{}
		last := len(from.Items) - 1
		line := parcel.Items[last]
		if last > 0 {
			from.Items = from.Items[:last]
		} else {
			line.ItemDetailID = shop.newDetail()
			line.Units /= 2
			from.Items[0].Units -= line.Units
		}
		parcel.Items = []*orderLine{line}
		o.Packages = append(o.Packages, parcel)
		o.ModifyFlag = 1
		o.total()
	}, progressNew, progressProcessing, progressToShip)
}

// EditOrder changes an order as a person of the shop does in RMS: the members of v, any
// value that becomes a JSON object in the platform's spelling, replace its own, and sums that
// are not given follow from the rest. No time of the order changes by itself, so a search by
// date does not show that it was edited. An order keeps its number and its date.
func (shop *Shop) EditOrder(orderNumber string, v any) {
	shop.move(orderNumber, "edit", func(o *order, _ time.Time) {
		changed := &order{paid: o.paid}
		overlay(changed, o)
		changed.ModifyFlag = 1
		overlay(changed, v)
		changed.total()
		overlay(changed, v)
		if changed.OrderNumber != o.OrderNumber || !changed.OrderDatetime.Equal(o.OrderDatetime.Time) {
			panic("rakutentest: an order keeps its number and its date")
		}
		*o = *changed
	})
}

// move does something to an order that is at one of the progresses, or at any when there is
// none.
func (shop *Shop) move(orderNumber, verb string, do func(o *order, now time.Time), from ...int) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	o := shop.byNumber[orderNumber]
	if o == nil {
		panic("rakutentest: there is no order " + orderNumber + " to " + verb)
	}
	if len(from) > 0 && !slices.Contains(from, o.OrderProgress) {
		panic(fmt.Sprintf("rakutentest: order %s is at %d: it cannot be made to %s", orderNumber, o.OrderProgress, verb))
	}
	do(o, shop.server.Now().Truncate(time.Second))
}

// confirm confirms an order that awaits it.
func (o *order) confirm(now time.Time) {
	o.OrderProgress, o.ShopOrderCfmDatetime, o.RakutenConfirmFlag = progressProcessing, instant{now}, 1
}

// cancel cancels the order for a reason.
func (o *order) cancel(now time.Time, reason int) {
	at := instant{now}
	o.OrderProgress = progressCancelled
	o.ChangeReasons = append(o.ChangeReasons, changeReason{
		ChangeID: int64(len(o.ChangeReasons) + 1), ChangeType: new(2), ChangeTypeDetail: new(2), ChangeReason: new(0), ChangeReasonDetail: &reason,
		ChangeApplyDatetime: at, ChangeFixDatetime: at, ChangeCmplDatetime: at,
	})
}

// dates are the times that a search by dateType looks at: of shipping, the days of all
// parcels.
func (o *order) dates(kind int) []instant {
	const ordered, confirmed, fixed, shipped, reported, paid = 1, 2, 3, 4, 5, 6
	switch kind {
	case ordered:
		return []instant{o.OrderDatetime}
	case confirmed:
		return []instant{o.ShopOrderCfmDatetime}
	case fixed:
		return []instant{o.OrderFixDatetime}
	case reported:
		return []instant{o.ShippingCmplRptDatetime}
	case paid:
		return []instant{o.paid}
	}
	var days []instant
	for _, p := range o.Packages {
		for _, s := range p.Shippings {
			if at, err := time.ParseInLocation(time.DateOnly, text(s.ShippingDate), jst); err == nil {
				days = append(days, instant{at})
			}
		}
	}
	return days
}
