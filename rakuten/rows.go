package rakuten

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// RowState is what became of one row of a batch.
type RowState string

// States of a row.
const (
	RowDone    RowState = "done"
	RowFailed  RowState = "failed"   // refused; nothing was changed
	RowUnknown RowState = "unknown"  // sent, and the platform said nothing of it: look before repeating it
	RowNotSent RowState = "not sent" // an earlier part of the batch failed as a whole
)

// OrderResult is what became of one order of a batch.
type OrderResult struct {
	OrderNumber string
	State       RowState
	Code        string // of the platform's message; "" when there was none
	Message     string // Japanese
}

// OrderResults is what became of a batch of orders. A call that reached the platform
// gives one row for each order, in the order of the request, whether it failed or not.
type OrderResults struct {
	Rows     []OrderResult
	Messages []OrderMessage // those about no order of the batch
}

// Failed returns the rows that were not carried out or of which that is not known.
func (r *OrderResults) Failed() []OrderResult {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row OrderResult) bool { return row.State == RowDone })
}

// Err is nil when every row was carried out, else an error that names the other rows.
func (r *OrderResults) Err() error {
	failed := r.Failed()
	if len(failed) == 0 {
		return nil
	}
	errs := make([]error, 0, len(failed)+1)
	errs = append(errs, fmt.Errorf("rakuten: %d of %d orders failed", len(failed), len(r.Rows)))
	for _, row := range failed {
		errs = append(errs, &OrderError{OrderNumber: row.OrderNumber, Code: row.Code, Message: cmp.Or(row.Message, string(row.State))})
	}
	return errors.Join(errs...)
}

// OrderError is what the platform says of one order that it did not give or change.
type OrderError struct {
	OrderNumber string
	Code        string
	Message     string // Japanese
}

// Error is one line.
func (e *OrderError) Error() string {
	text := "rakuten: order " + e.OrderNumber + ": " + e.Message
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	return text
}

// splitMessages gives each order of a batch its message; an ERROR wins over others.
func splitMessages(orders []string, messages []OrderMessage, silent RowState) *OrderResults {
	results := &OrderResults{Rows: make([]OrderResult, len(orders))}
	at := make(map[string]int, len(orders))
	for i, order := range orders {
		results.Rows[i] = OrderResult{OrderNumber: order, State: silent}
		at[order] = i
	}
	for _, m := range messages {
		i, ours := at[value(m.OrderNumber)]
		if !ours {
			results.Messages = append(results.Messages, m)
			continue
		}
		row := &results.Rows[i]
		if row.State == RowFailed {
			continue
		}
		row.Code, row.Message, row.State = m.MessageCode, m.Message, RowDone
		if m.IsError() {
			row.State = RowFailed
		}
	}
	return results
}
