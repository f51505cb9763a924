package rakuten

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
)

// outcome is what became of rows of a batch. Its state is "" where nothing is known yet.
type outcome struct {
	state         shotengai.RowState
	code, message string
}

// refuse marks a row that is wrong by itself and not sent.
func refuse[K any](row *shotengai.Row[K], err error) {
	row.State, row.Message = shotengai.RowFailed, strings.ReplaceAll(err.Error(), "\n", "; ")
}

// answered is what a message about a row says of it.
func answered(refused bool, code, message string) outcome {
	if refused {
		return outcome{shotengai.RowFailed, code, message}
	}
	return outcome{shotengai.RowDone, code, message}
}

// take keeps what a message says of a row; a refusal wins over others.
func take[K any](row *shotengai.Row[K], o outcome) {
	if row.State != shotengai.RowFailed {
		row.State, row.Code, row.Message = o.state, o.code, o.message
	}
}

// failedCall is what the failure of a call says of each of its rows.
func failedCall(err error) outcome {
	state, code, message := shotengai.RowOutcome(err)
	return outcome{state, code, message}
}

// unnamed is what is known of the rows of a call that no message names. whole is what the
// platform said of the whole call; where it named other rows, that leaves these in doubt.
func unnamed(whole outcome, named bool, err error) outcome {
	switch {
	case err != nil && !named:
		return failedCall(err)
	case whole.state == "" || named && whole.state == shotengai.RowDone:
		return outcome{state: shotengai.RowUnknown, message: "the platform said nothing of it"}
	case named:
		whole.state = shotengai.RowUnknown
	}
	return whole
}

// unlessRefused is the error of a call, unless it is the platform's refusal, with a reason,
// of what the call asks: that is for the rows to say.
func unlessRefused(err error) error {
	if e, ok := errors.AsType[*shotengai.Error](err); ok && len(e.Details) > 0 && failedCall(err).state == shotengai.RowFailed {
		return nil
	}
	return err
}

// settle sets the rows that have no state yet to what is known of all of them.
func settle[K any](rows []*shotengai.Row[K], all outcome) {
	for _, row := range rows {
		if row.State == "" {
			row.State, row.Code, row.Message = all.state, all.code, all.message
		}
	}
}

// abandon settles the rows that were not reached since an earlier call failed.
func abandon[K any](rows []*shotengai.Row[K]) {
	settle(rows, outcome{state: shotengai.RowNotSent, message: "an earlier call of the batch failed"})
}

// newRows has a row for each key. It returns those that can be sent: what wrong has an error
// for is refused.
func newRows[K any](keys []K, wrong func(i int, key K) error) (rows []shotengai.Row[K], sent []*shotengai.Row[K]) {
	rows = make([]shotengai.Row[K], len(keys))
	for i, key := range keys {
		rows[i] = shotengai.Row[K]{Index: i, Key: key}
		if err := wrong(i, key); err != nil {
			refuse(&rows[i], err)
			continue
		}
		sent = append(sent, &rows[i])
	}
	return rows, sent
}

// join returns what several calls returned, in one list. That of a single call is not copied.
func join[C, T any](calls []C, list func(C) []T) []T {
	if len(calls) == 1 {
		return list(calls[0])
	}
	lists := make([][]T, len(calls))
	for i, call := range calls {
		lists[i] = list(call)
	}
	return slices.Concat(lists...)
}

// keysOf are the keys of rows.
func keysOf[K any](rows []*shotengai.Row[K]) []K {
	keys := make([]K, len(rows))
	for i, row := range rows {
		keys[i] = row.Key
	}
	return keys
}

// OrderResults is what became of a batch of orders, by order number.
type OrderResults struct {
	shotengai.Results[string]

	Messages []OrderMessage // those about no order of the batch
}

// newOrderResults has a row for each order. It returns those that can be sent; what is no
// order number is refused.
func newOrderResults(orderNumbers []string) (results *OrderResults, sent []*shotengai.Row[string]) {
	results = &OrderResults{}
	results.Rows, sent = newRows(orderNumbers, func(_ int, number string) error { return validNumber(number) })
	return results, sent
}

// refuseRepeats refuses the rows of orders that an earlier row has named.
func refuseRepeats(rows []*shotengai.Row[string]) []*shotengai.Row[string] {
	seen := make(map[string]int, len(rows))
	return slices.DeleteFunc(rows, func(row *shotengai.Row[string]) bool {
		before, twice := seen[row.Key]
		if twice {
			refuse(row, fmt.Errorf("orderNumber: %s is there twice, at %d and %d", row.Key, before, row.Index))
		} else {
			seen[row.Key] = row.Index
		}
		return twice
	})
}

// takeOrders sets the rows of one call to what the platform says of them. It returns the messages
// about none of them, and the error of a call that failed for another reason than what it
// asks.
func takeOrders(rows []*shotengai.Row[string], messages []OrderMessage, err error) ([]OrderMessage, error) {
	at := make(map[string][]*shotengai.Row[string], len(rows))
	for _, row := range rows {
		at[row.Key] = append(at[row.Key], row)
	}
	var whole outcome
	var others []OrderMessage
	named := false
	for _, m := range messages {
		said, ours := answered(m.IsError(), m.MessageCode, m.Message), at[value(m.OrderNumber)]
		for _, row := range ours {
			take(row, said)
			named = true
		}
		if len(ours) == 0 {
			others = append(others, m)
		}
		if value(m.OrderNumber) == "" && m.IsError() && whole.state != shotengai.RowFailed {
			whole = said
		}
	}
	settle(rows, unnamed(whole, named, err))
	return others, unlessRefused(err)
}
