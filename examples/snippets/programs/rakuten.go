package programs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// RakutenImport keeps a shop's orders and takes them to their shipping. An app of your own
// keeps the orders and the cursor in its database.
type RakutenImport struct {
	Client *rakuten.Client
	Orders map[string]rakuten.OrderProgress
	Cursor shotengai.Cursor
}

// Import reads what is new or has changed since the last run.
func (r *RakutenImport) Import(ctx context.Context) error {
	var unread []error
	for order, err := range r.Client.Orders.Changes(ctx, &r.Cursor) {
		row, ofOne := errors.AsType[*shotengai.RowError](err)
		switch {
		case ofOne && errors.Is(err, shotengai.ErrNotFound):
			delete(r.Orders, row.ID)
		case ofOne:
			unread = append(unread, row) // comes again with the next run
		case err != nil:
			return err
		default:
			r.Orders[order.OrderNumber] = order.OrderProgress
		}
	}
	return errors.Join(unread...)
}

// at returns the orders that have come so far, 100 at most: as many as a call takes.
func (r *RakutenImport) at(progress rakuten.OrderProgress) []string {
	var numbers []string
	for number, p := range r.Orders {
		if p == progress {
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	return numbers[:min(len(numbers), 100)]
}

// Confirm confirms the orders that await it.
func (r *RakutenImport) Confirm(ctx context.Context) error {
	numbers := r.at(rakuten.ProgressAwaitingConfirmation)
	if len(numbers) == 0 {
		return nil
	}
	results, err := r.Client.Orders.Confirm(ctx, numbers)
	if err != nil {
		return err
	}
	return results.Err()
}

// Ship reports the parcels of the orders that Rakuten has released, with the tracking
// number that the warehouse has for a package.
func (r *RakutenImport) Ship(ctx context.Context, tracking func(number string, basket int64) (string, bool)) error {
	numbers := r.at(rakuten.ProgressToShip)
	if len(numbers) == 0 {
		return nil
	}
	orders, err := r.Client.Orders.GetBatch(ctx, numbers)
	if err != nil {
		return err
	}
	var failed []error
	for _, missing := range orders.Missing {
		failed = append(failed, missing)
	}
	for _, order := range orders.Items {
		var baskets []rakuten.ShippingBasket
		for _, p := range order.Packages {
			if slip, ok := tracking(order.OrderNumber, p.BasketID); ok {
				baskets = append(baskets, rakuten.ShippingBasket{BasketID: p.BasketID, Rows: []rakuten.ShippingRow{{
					DeliveryCompany: new(rakuten.CarrierYamato), ShippingNumber: &slip, ShippingDate: rakuten.ShippedOn(shotengai.DateOf(time.Now())),
				}}})
			}
		}
		request := order.UnreportedParcels(baskets...)
		if len(request.Packages) == 0 {
			continue
		}
		results, err := r.Client.Orders.UpdateShipping(ctx, request)
		if err != nil {
			return err // after ErrOutcomeUnknown too: the next run reads the order first
		}
		if err := results.Err(); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", order.OrderNumber, err))
		}
	}
	return errors.Join(failed...)
}
