package shotengai

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shotengai/shotengai-go/internal/text"
)

// Page is one page of a list, as the List methods of all platforms return it. Iterations
// over all pages are the All methods.
type Page[T any] struct {
	// Items are the rows of the page.
	Items []T
	// Total is the number of rows in all pages; nil where the platform does not say.
	Total *int
	// Limit is the number of rows a page; 0 where the platform does not say.
	Limit int
	// Offset is the position of the first row, from 0, on platforms that page by rows.
	Offset int
	// Number is the number of the page, from 1, on platforms that count pages.
	Number int
	// Pages is the number of pages; nil where the platform does not say.
	Pages *int
	// Next is the cursor of the next page, on platforms that page by cursors; "" at the end.
	Next string
	// RowErrors are the rows of the page that cannot be read. They are not among Items.
	RowErrors []*RowError
}

var (
	// ErrPageRepeated is the cause of a [PageError] when the platform returned the same page
	// twice, which a page of new rows in front of a list looks like too.
	ErrPageRepeated = errors.New("the platform repeated a page")

	// ErrRowsMoved is the cause of a [PageError] when rows have left a list while it was
	// walked: others have moved up and may have been passed over, also before the Offset of
	// the PageError. Walk the list again from its start. If the loop itself changes what is
	// in the list, collect first and change later.
	ErrRowsMoved = errors.New("rows have left the list, so that others may have been passed over: walk it again from its start")
)

// PageError is what an iteration ends with when a page cannot be had.
type PageError struct {
	// Offset is where a new iteration can go on: all rows before it have been yielded,
	// unless the cause is [ErrRowsMoved]. It counts what the parameters of the list count,
	// rows or pages.
	Offset int
	// Start is where this iteration began. It equals Offset if the first page could not be had.
	Start int
	// Err is why the page cannot be had.
	Err error
}

// Error names the offset, unless the iteration began there.
func (e *PageError) Error() string {
	if e.Offset == e.Start || errors.Is(e.Err, ErrRowsMoved) {
		return e.Err.Error()
	}
	return fmt.Sprintf("%v (all before offset %d was yielded)", e.Err, e.Offset)
}

// Unwrap returns why the page cannot be had.
func (e *PageError) Unwrap() error { return e.Err }

// RowError is one row of an answer that cannot be read or that the platform did not return.
// It concerns this row alone: an iteration that yields one goes on if the loop does.
type RowError struct {
	Platform  string
	Operation string // such as "GET /v1/sales"
	List      string // the member that has the rows, such as "sales"; "" when there is none
	Index     int    // the position in the page, from 0
	ID        string // the row's id; "" when it could not be found
	Path      string // the member that is wrong, such as "details[0].price"; "" for the whole row
	Raw       []byte // the row as it came, personal data included; nil when it did not come
	Err       error  // what is wrong
}

// Error names the row and the member, and nothing else of the row.
func (e *RowError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: ", e.Platform, e.Operation)
	if e.List == "" {
		fmt.Fprintf(&b, "row %d", e.Index)
	} else {
		fmt.Fprintf(&b, "%s[%d]", e.List, e.Index)
	}
	if e.ID != "" {
		b.WriteString(" (" + text.Cut(text.OneLine(e.ID), 100) + ")")
	}
	if e.Path != "" {
		b.WriteString(": " + e.Path)
	}
	fmt.Fprintf(&b, ": %v", e.Err)
	return b.String()
}

// Unwrap returns what is wrong.
func (e *RowError) Unwrap() error { return e.Err }
