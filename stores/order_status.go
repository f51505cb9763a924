package stores

import "slices"

// Status is what has become of an order. The API has no such field; this is STORES's own
// rule, worked out from the order.
type Status string

// What can have become of an order.
const (
	StatusUnpaid   Status = "unpaid"   // not paid for yet
	StatusPending  Status = "pending"  // ready to ship, not or only partly shipped
	StatusShipped  Status = "shipped"  // all that was not cancelled is shipped
	StatusCanceled Status = "canceled" // cancelled, without a refund
	StatusRepaid   Status = "repaid"   // cancelled and refunded
)

// Status works out what has become of the order: an order of which everything is cancelled
// is repaid if a transaction has a negative amount, and cancelled otherwise; one of which
// the rest is shipped is shipped; one that payment has made ready is pending; all others
// are unpaid.
//
// The documentation's tables and the sample data disagree on two orders, for which Status
// follows the rule.
func (o *Order) Status() Status {
	open := slices.DeleteFunc(slices.Clone(o.Deliveries), func(d Delivery) bool { return !d.CanceledAt.IsZero() })
	shipped := func(d Delivery) bool { return !d.ShippedAt.IsZero() }
	switch {
	case o.canceled(len(open)) && slices.ContainsFunc(o.Transactions, func(t Transaction) bool { return t.Amount < 0 }):
		return StatusRepaid
	case o.canceled(len(open)):
		return StatusCanceled
	case len(open) > 0 && !slices.ContainsFunc(open, func(d Delivery) bool { return !shipped(d) }):
		return StatusShipped
	case !o.ReadiedAt.IsZero():
		return StatusPending
	}
	return StatusUnpaid
}

func (o *Order) canceled(open int) bool {
	if len(o.Deliveries) > 0 {
		return open == 0
	}
	return o.CancelAmount > 0 && o.CancelAmount == o.SalesAmount
}

// CashOnDelivery reports whether the order is paid to the carrier. The platform never
// reports that such a payment was made.
func (o *Order) CashOnDelivery() bool {
	return slices.ContainsFunc(o.Transactions, func(t Transaction) bool { return t.Type == TransactionCashOnDelivery })
}

// Paid reports whether the order is paid for: there is nothing to pay, or every payment of
// it has a time of payment. It is false for cash on delivery, see [Order.CashOnDelivery].
func (o *Order) Paid() bool {
	payments := 0
	for i := range o.Transactions {
		t := &o.Transactions[i]
		if t.Amount < 0 {
			continue
		}
		if !t.IsPaid() {
			return false
		}
		payments++
	}
	return payments > 0 || o.SalesAmount == 0 && len(o.Transactions) == 0
}

// Refundable is what could still be paid back, in yen: what was paid less what was
// refunded, without system fees. The API itself cannot refund.
func (o *Order) Refundable() int64 {
	var sum int64
	for i := range o.Transactions {
		if t := &o.Transactions[i]; t.IsPaid() || t.Amount < 0 {
			sum += t.Amount
		}
	}
	return max(sum, 0)
}
