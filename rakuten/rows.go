package rakuten

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/text"
)

// RowState is what became of one row of a batch.
type RowState string

// States of a row. The package says when the error of the call is set beside them.
const (
	RowDone    RowState = "done"     // carried out
	RowFailed  RowState = "failed"   // refused for what it asks, by the platform or before sending; nothing was changed
	RowNotSent RowState = "not sent" // nothing is wrong with the row: it was not carried out because the call failed, or an earlier one
	RowUnknown RowState = "unknown"  // it may have been carried out: look before repeating it
)

// Outcome is what became of one row of a batch.
type Outcome struct {
	Index   int // the position in the request, from 0
	State   RowState
	Code    string // the platform's; "" when it gave none
	Message string // the platform's, often Japanese, or why the row is in this state
}

// undone tells whether the row was not carried out, or that is not known.
func (o *Outcome) undone() bool { return o.State != RowDone }

// text is one line about the row.
func (o *Outcome) text(row string) string {
	text := "rakuten: " + row + ": " + string(o.State)
	if o.Message != "" {
		text += ": " + o.Message
	}
	if o.Code != "" {
		text += " (" + o.Code + ")"
	}
	return text
}

// refuse marks a row that is wrong by itself and not sent.
func (o *Outcome) refuse(err error) { o.State, o.Message = RowFailed, oneLine(err) }

// say takes a message about the row; a refusal wins over others.
func (o *Outcome) say(refused bool, code, message string) {
	if o.State == RowFailed {
		return
	}
	o.State, o.Code, o.Message = RowDone, code, message
	if refused {
		o.State = RowFailed
	}
}

// outcomeOf is what the failure of a call says of each of its rows.
func outcomeOf(err error) Outcome {
	out := Outcome{State: RowNotSent, Message: oneLine(err)}
	e, ok := errors.AsType[*shotengai.Error](err)
	if ok && e.Code != "" {
		out.Code, out.Message = e.Code, cmp.Or(e.Message, out.Message)
	}
	switch {
	case errors.Is(err, shotengai.ErrOutcomeUnknown):
		out.State = RowUnknown
	case ok && e.StatusCode != 0 && (errors.Is(err, shotengai.ErrInvalid) || errors.Is(err, shotengai.ErrNotFound) || errors.Is(err, shotengai.ErrConflict)):
		out.State = RowFailed
	}
	return out
}

// unnamed is what is known of the rows of a call that no message names. whole is what the
// platform said of the whole call; where it named other rows, that leaves these in doubt.
func unnamed(whole Outcome, named bool, err error) Outcome {
	switch {
	case err != nil && !named:
		return outcomeOf(err)
	case whole.State == "" || named && whole.State == RowDone:
		return Outcome{State: RowUnknown, Message: "the platform said nothing of it"}
	case named:
		whole.State = RowUnknown
	}
	return whole
}

// unlessRefused is the error of a call, unless it is the platform's refusal, with a reason,
// of what the call asks: that is for the rows to say.
func unlessRefused(err error) error {
	if e, ok := errors.AsType[*shotengai.Error](err); ok && len(e.Details) > 0 && outcomeOf(err).State == RowFailed {
		return nil
	}
	return err
}

func oneLine(err error) string {
	return strings.ReplaceAll(strings.TrimPrefix(err.Error(), "rakuten: "), "\n", "; ")
}

// rowOf is a pointer to a row of a batch.
type rowOf[T any] interface {
	*T
	error
	outcome() *Outcome
}

func (o *Outcome) outcome() *Outcome { return o }

// settle gives the rows that have no state yet what is known of all of them.
func settle[T any, P rowOf[T]](rows []P, all Outcome) {
	for _, row := range rows {
		if o := row.outcome(); o.State == "" {
			o.State, o.Code, o.Message = all.State, all.Code, all.Message
		}
	}
}

// abandon settles the rows that were not reached since an earlier call failed.
func abandon[T any, P rowOf[T]](rows []P) {
	settle(rows, Outcome{State: RowNotSent, Message: "an earlier call of the batch failed"})
}

// undone returns the rows that were not carried out or of which that is not known.
func undone[T any, P rowOf[T]](rows []T) []T {
	return slices.DeleteFunc(slices.Clone(rows), func(row T) bool { return !P(&row).outcome().undone() })
}

// undoneError is nil when all rows were carried out, else it lists the others.
func undoneError[T any, P rowOf[T]](what string, rows []T) error {
	failed := undone[T, P](rows)
	if len(failed) == 0 {
		return nil
	}
	errs := make([]error, 0, len(failed)+1)
	errs = append(errs, fmt.Errorf("rakuten: %d of %d %s failed", len(failed), len(rows), what))
	for i := range failed {
		errs = append(errs, P(&failed[i]))
	}
	return errors.Join(errs...)
}

// OrderResult is what became of one order of a batch.
type OrderResult struct {
	Outcome

	OrderNumber string
}

// Error is one line.
func (r *OrderResult) Error() string { return r.text("order " + text.OneLine(r.OrderNumber)) }

// OrderResults is what became of a batch of orders: one row for each order, in the order
// of the request.
type OrderResults struct {
	Rows     []OrderResult
	Messages []OrderMessage // those about no order of the batch
}

// Failed returns the rows that were not carried out or of which that is not known.
func (r *OrderResults) Failed() []OrderResult { return undone(r.Rows) }

// Err is nil when every row was carried out, else an error that names the other rows, each
// an *OrderResult.
func (r *OrderResults) Err() error { return undoneError("orders", r.Rows) }

// newOrderResults has a row for each order. It returns those that can be sent; what is no
// order number is refused.
func newOrderResults(orderNumbers []string) (results *OrderResults, sent []*OrderResult) {
	results = &OrderResults{Rows: make([]OrderResult, len(orderNumbers))}
	for i, number := range orderNumbers {
		row := &results.Rows[i]
		row.Index, row.OrderNumber = i, number
		if err := validNumber(number); err != nil {
			row.refuse(err)
			continue
		}
		sent = append(sent, row)
	}
	return results, sent
}

// refuseRepeats refuses the rows of orders that an earlier row has named.
func refuseRepeats(rows []*OrderResult) []*OrderResult {
	seen := make(map[string]int, len(rows))
	return slices.DeleteFunc(rows, func(row *OrderResult) bool {
		before, twice := seen[row.OrderNumber]
		if twice {
			row.refuse(fmt.Errorf("orderNumber: %s is there twice, at %d and %d", row.OrderNumber, before, row.Index))
		} else {
			seen[row.OrderNumber] = row.Index
		}
		return twice
	})
}

// take gives the rows of one call what the platform says of them. It returns the error of a
// call that failed for another reason than what it asks.
func (r *OrderResults) take(rows []*OrderResult, messages []OrderMessage, err error) error {
	at := make(map[string][]*OrderResult, len(rows))
	for _, row := range rows {
		at[row.OrderNumber] = append(at[row.OrderNumber], row)
	}
	var whole Outcome
	named := false
	for _, m := range messages {
		ours := at[value(m.OrderNumber)]
		for _, row := range ours {
			row.say(m.IsError(), m.MessageCode, m.Message)
			named = true
		}
		if len(ours) == 0 {
			r.Messages = append(r.Messages, m)
		}
		if value(m.OrderNumber) == "" && m.IsError() {
			whole.say(true, m.MessageCode, m.Message)
		}
	}
	settle(rows, unnamed(whole, named, err))
	return unlessRefused(err)
}

func orderNumbers(rows []*OrderResult) []string {
	numbers := make([]string, len(rows))
	for i, row := range rows {
		numbers[i] = row.OrderNumber
	}
	return numbers
}

// OrderError is an order that was asked for and not given. That it does not exist is one
// reason of several: no source tells by which code the platform says so, so that none of
// them matches shotengai.ErrNotFound. What is no order number is not asked for and matches shotengai.ErrInvalid.
type OrderError struct {
	OrderNumber string
	Code        string // the platform's; "" when it gave none
	Message     string // the platform's, Japanese, or why there is none

	kind error
}

// Error is one line.
func (e *OrderError) Error() string {
	text := "rakuten: order " + text.OneLine(e.OrderNumber) + ": " + e.Message
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	return text
}

// Unwrap lets errors.Is find the kind of failure.
func (e *OrderError) Unwrap() error { return e.kind }
