package shotengai

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go/internal/text"
)

// Results is what became of the rows of a batch, as all methods return it that change or
// ask for many things in one call: one row for each row of the request, in its order. An
// error beside it is that of a call that failed as a whole; the rows say then which of them
// were carried out before.
type Results[K any] struct {
	Rows []Row[K]

	stopped error
}

// Row is what became of one row of a batch.
type Row[K any] struct {
	Index   int // the position in the request, from 0
	Key     K   // what the row is about
	State   RowState
	Code    string // the platform's; "" when it gave none
	Message string // the platform's, often Japanese, or why the row is in this state
}

// RowState is what became of a row.
type RowState string

// States of a row.
const (
	// RowDone is a row that was carried out.
	RowDone RowState = "done"
	// RowFailed is a row that was refused for what it asks, by the platform or before
	// sending. Nothing was changed.
	RowFailed RowState = "failed"
	// RowNotSent is a row that was not carried out because the call failed, or an earlier
	// one of the batch. Nothing is known to be wrong with the row.
	RowNotSent RowState = "not sent"
	// RowUnknown is a row that may have been carried out. Look before repeating it.
	RowUnknown RowState = "unknown"
)

// Failed returns the rows that were not carried out, or of which that is not known.
func (r *Results[K]) Failed() []Row[K] {
	var failed []Row[K]
	for _, row := range r.Rows {
		if row.State != RowDone {
			failed = append(failed, row)
		}
	}
	return failed
}

// Stopped returns the failure for which [Parallel] began no further row, nil if there was none.
func (r *Results[K]) Stopped() error { return r.stopped }

// Err is nil when every row was carried out. Else it names the other rows, the first ones
// in its text and each as a *RowFailure in its chain. What Stopped returns is in the chain too.
func (r *Results[K]) Err() error {
	failed := r.Failed()
	if len(failed) == 0 {
		return nil
	}
	errs := make([]error, len(failed))
	for i, row := range failed {
		errs[i] = &RowFailure{Index: row.Index, Key: fmt.Sprint(row.Key), State: row.State, Code: row.Code, Message: row.Message}
	}
	return &batchError{all: len(r.Rows), rows: errs, stopped: r.stopped}
}

// RowFailure is a row of a batch that was not carried out, or of which that is not known,
// as an error.
type RowFailure struct {
	Index   int    // the position in the request, from 0
	Key     string // what the row is about
	State   RowState
	Code    string
	Message string
}

// Error is one line.
func (e *RowFailure) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "row %d (%s): %s", e.Index, text.Cut(text.OneLine(e.Key), 200), e.State)
	if e.Message != "" {
		b.WriteString(": " + foreign(e.Message))
	}
	if e.Code != "" {
		b.WriteString(" (" + foreign(e.Code) + ")")
	}
	return b.String()
}

// Is matches [ErrOutcomeUnknown] for a row that may have been carried out and [ErrInvalid]
// for one that was refused.
func (e *RowFailure) Is(target error) bool {
	return e.State == RowUnknown && errors.Is(target, ErrOutcomeUnknown) || e.State == RowFailed && errors.Is(target, ErrInvalid)
}

// batchError lists the rows of a batch that failed.
type batchError struct {
	all     int
	rows    []error
	stopped error
}

func (e *batchError) Error() string {
	const shown = 3
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d rows failed", len(e.rows), e.all)
	for i, row := range e.rows[:min(len(e.rows), shown)] {
		b.WriteString([]string{": ", "; "}[min(i, 1)] + row.Error())
	}
	if len(e.rows) > shown {
		b.WriteString("; …")
	}
	return b.String()
}

func (e *batchError) Unwrap() []error {
	if e.stopped == nil {
		return e.rows
	}
	return append(slices.Clip(e.rows), e.stopped)
}

// RowOutcome returns what the error of a call says of each of the rows that travelled in it.
// Code and message are the platform's where it gave one of them, else the text of the error.
//
// A call that the platform refused as invalid, not found or in conflict is [RowFailed], one that
// may have been carried out is [RowUnknown], and any other one is [RowNotSent]: one that was
// refused before sending, for instance, since that may be the fault of a single row.
func RowOutcome(err error) (state RowState, code, message string) {
	if err == nil {
		return RowDone, "", ""
	}
	message = strings.ReplaceAll(err.Error(), "\n", "; ")
	e, ok := errors.AsType[*Error](err)
	if ok {
		message = strings.TrimPrefix(message, e.Platform+": ")
	}
	if ok && (e.Code != "" || e.Message != "") {
		code, message = e.Code, cmp.Or(e.Message, message)
	}
	switch {
	case errors.Is(err, ErrOutcomeUnknown):
		return RowUnknown, code, message
	case ok && e.StatusCode != 0 && refusesRows(err):
		return RowFailed, code, message
	}
	return RowNotSent, code, message
}

// refusesRows reports whether a call was refused for what it asks.
func refusesRows(err error) bool {
	return errors.Is(err, ErrInvalid) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrConflict)
}
