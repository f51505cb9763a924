package makeshop

import (
	"fmt"
	"strings"
)

// RowsError says which rows of a mutation failed. It is in the chain of an [Error] that
// matches [ErrRows]; the result of the mutation is returned beside it. Rows that are not
// named were carried out.
type RowsError struct {
	Rows []RowFailure
}

// RowFailure is one row of a mutation that the platform did not carry out.
type RowFailure struct {
	Index   int    // in the list of results, which is not said to be in the order of the request
	Key     string // what the row is about: an order number, a product code, a member id
	Message string // the platform's reason, in Japanese; may be empty
}

// Error names the first rows and counts the others.
func (e *RowsError) Error() string {
	const shown = 3
	var b strings.Builder
	fmt.Fprintf(&b, "%d failed", len(e.Rows))
	for i, row := range e.Rows[:min(len(e.Rows), shown)] {
		b.WriteString([]string{": ", ", "}[min(i, 1)])
		fmt.Fprintf(&b, "%q (%s)", row.Key, row.Message)
	}
	if len(e.Rows) > shown {
		b.WriteString(", …")
	}
	return b.String()
}

// failedRows collects those of which failed says so.
func failedRows[T any](results []T, failed func(T) (key, message string, is bool)) []RowFailure {
	var rows []RowFailure
	for i, result := range results {
		if key, message, is := failed(result); is {
			rows = append(rows, RowFailure{Index: i, Key: key, Message: message})
		}
	}
	return rows
}
