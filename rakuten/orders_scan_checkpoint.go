package rakuten

import (
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
)

// checkpoint is how far an iteration over orders has come. It is a plain value to be
// stored, as JSON for instance, and has what the next iteration needs to go on.
type checkpoint struct {
	DateType DateType    `json:"date_type"`
	From     time.Time   `json:"from"`           // all orders of the time before were yielded
	Seen     []seenOrder `json:"seen,omitempty"` // orders that were yielded as well and may be found from then on

	// Missing are orders that were yielded as a RowError. The next iteration asks for
	// them again before all others, and each leaves the list when it is returned. To give one
	// up, take it out.
	Missing []string `json:"missing,omitempty"`
}

// seenOrder is an order of a checkpoint.
type seenOrder struct {
	OrderNumber string    `json:"number"`
	Until       time.Time `json:"until"` // a search from a later time on does not find it
}

// IsZero reports whether nothing was yielded yet.
func (c checkpoint) IsZero() bool { return c.From.IsZero() }

// settlingOrders is how long before an iteration its time counts as searched: an order may
// be listed a little later, and clocks differ.
const settlingOrders = 5 * time.Minute

// scanProgress keeps the checkpoint while the loop takes orders.
type scanProgress struct {
	at      *checkpoint
	horizon time.Time // the checkpoint goes no further
	window  window
}

// resume makes the progress of the iteration from the checkpoint.
func (s *orderScan) resume() *scanProgress {
	at := s.params.Checkpoint
	if at == nil {
		at = &checkpoint{}
	}
	if at.IsZero() {
		*at = checkpoint{DateType: s.params.DateType, From: s.params.StartDatetime.Truncate(time.Second)}
	}
	for _, order := range at.Seen {
		s.known[order.OrderNumber] = true
	}
	for _, number := range at.Missing {
		s.known[number] = true
		s.again = append(s.again, entry{number: number, again: true})
	}
	return &scanProgress{at: at, horizon: s.orders.client.engine.Now().Add(-settlingOrders).Truncate(time.Second)}
}

// yield hands the orders of one call to the loop.
func (p *scanProgress) yield(f *fetch, yield func(*Order, error) bool) bool {
	given := make(map[string]*Order, len(f.orders.Items))
	for i := range f.orders.Items {
		given[f.orders.Items[i].OrderNumber] = &f.orders.Items[i]
	}
	missing := make(map[string]*shotengai.RowError, len(f.orders.Missing))
	for _, row := range f.orders.Missing {
		missing[row.ID] = row
	}
	for _, e := range f.entries {
		order := given[e.number]
		p.note(e, order)
		var err error
		if order == nil {
			err = missing[e.number]
		}
		if !yield(order, err) {
			return false
		}
	}
	return true
}

// note has the checkpoint cover an order that is about to be yielded.
func (p *scanProgress) note(e entry, order *Order) {
	if !e.again {
		if e.window != p.window {
			p.enter(e.window.start)
			p.window = e.window
		}
		p.at.Seen = append(p.at.Seen, seenOrder{e.number, p.until(order)})
	}
	switch {
	case order == nil && !e.again:
		p.at.Missing = append(p.at.Missing, e.number)
	case order != nil && e.again: // another list: the loop may have kept the old one
		p.at.Missing = slices.DeleteFunc(slices.Clone(p.at.Missing), func(number string) bool { return number == e.number })
	}
}

// enter moves the checkpoint to a time before which everything was yielded.
func (p *scanProgress) enter(from time.Time) {
	if from.After(p.horizon) {
		from = p.horizon
	}
	if !from.After(p.at.From) {
		return
	}
	var seen []seenOrder // another list: the loop may have kept the old one
	for _, order := range p.at.Seen {
		if !order.Until.Before(from) {
			seen = append(seen, order)
		}
	}
	p.at.From, p.at.Seen = from, slices.Clip(seen)
}

// until is the time up to which searches find an order: the date that they look at, or the
// end of the window where the order does not have it.
func (p *scanProgress) until(order *Order) time.Time {
	if order == nil {
		return p.window.end
	}
	var at OrderTime
	switch p.at.DateType {
	case DateOrdered:
		at = order.OrderDatetime
	case DateConfirmed:
		at = order.ShopOrderCfmDatetime
	case DateFixed:
		at = order.OrderFixDatetime
	case DateShippingReport:
		at = order.ShippingCmplRptDatetime
	}
	if at.Before(p.window.start) || at.After(p.window.end) {
		return p.window.end
	}
	return at.Time
}
