package rakuten

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/text"
)

// StockResult is what became of one row of a BulkUpsert.
type StockResult struct {
	Outcome
	SKU

	Field string // the member that was refused, as the platform names it
}

// Error is one line.
func (r *StockResult) Error() string {
	return r.text("stock of " + text.OneLine(r.ManageNumber) + " " + text.OneLine(r.VariantID))
}

// StockResults is what became of a BulkUpsert: one row for each change, in the order of
// the request.
type StockResults struct {
	Rows   []StockResult
	Errors []shotengai.Detail // what the platform said of no row
}

// Failed returns the rows that were not carried out or of which that is not known.
func (r *StockResults) Failed() []StockResult { return undone(r.Rows) }

// Err is nil when every row was carried out, else an error that names the other rows,
// each a *StockResult.
func (r *StockResults) Err() error { return undoneError("SKUs", r.Rows) }

// stockRow is a row of a stock call.
type stockRow interface {
	sku() SKU
}

// stockChange is a change of stock in either version.
type stockChange interface {
	stockRow
	mode() StockMode
	validate() error
}

func bulkGetStock[T stockRow](ctx context.Context, c *Client, base string, skus []SKU, opts ...shotengai.CallOption) (found []T, missing []SKU, err error) {
	type body struct {
		Inventories []SKU `json:"inventories"`
	}
	r := api.Request{Operation: "POST " + base + "bulk-get", Safety: api.Read}
	if len(skus) == 0 {
		return nil, nil, c.engine.Invalid(r, errNoSKUs)
	}
	asked, missing := askedSKUs(skus)
	for batch := range slices.Chunk(asked, MaxStockPerGet) {
		var out struct {
			Inventories []T `json:"inventories"`
		}
		r.Body = body{batch}
		if err := c.engine.Do(ctx, r, &out, opts...); err != nil {
			return found, missing, err
		}
		found = append(found, out.Inventories...)
		given := make(map[SKU]bool, len(out.Inventories))
		for _, row := range out.Inventories {
			given[row.sku().key()] = true
		}
		for _, sku := range batch {
			if !given[sku.key()] {
				missing = append(missing, sku)
			}
		}
	}
	return found, missing, nil
}

// askedSKUs are the SKUs to ask for, each once, since the platform refuses repeats. What is
// no SKU has no stock.
func askedSKUs(skus []SKU) (asked, missing []SKU) {
	seen := make(map[SKU]bool, len(skus))
	for _, sku := range skus {
		switch {
		case sku.validate() != nil:
			missing = append(missing, sku)
		case !seen[sku.key()]:
			seen[sku.key()] = true
			asked = append(asked, sku)
		}
	}
	return asked, missing
}

func rangeOfStock[T stockRow](ctx context.Context, c *Client, base string, stock StockRange, opts ...shotengai.CallOption) ([]T, error) {
	var out struct {
		Inventories []T `json:"inventories"`
	}
	r := api.Request{Operation: "GET " + base + "bulk-get/range", Params: stock, Check: stock.validate()}
	if err := c.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return out.Inventories, nil
}

func bulkUpsertStock[T stockChange](ctx context.Context, c *Client, base string, changes []T, opts ...shotengai.CallOption) (*StockResults, error) {
	type body struct {
		Inventories []T `json:"inventories"`
	}
	r := api.Request{Operation: "POST " + base + "bulk-upsert"}
	results, sent := newStockResults(changes)
	if len(changes) == 0 {
		return results, c.engine.Invalid(r, errNoSKUs)
	}
	for done := 0; done < len(sent); done += MaxStockPerUpsert {
		rows := sent[done:min(done+MaxStockPerUpsert, len(sent))]
		batch := make([]T, len(rows))
		r.Safety = api.Write
		for i, row := range rows {
			batch[i] = changes[row.Index]
			if batch[i].mode() == StockRelative {
				r.Safety = StockRelative.safety()
			}
		}
		r.Body = body{batch}
		if err := results.take(rows, c.engine.Do(ctx, r, nil, opts...)); err != nil {
			abandon(sent)
			return results, err
		}
	}
	return results, nil
}

// newStockResults has a row for each change. It returns those that can be sent: a SKU that
// is there twice is refused the second time, as the platform would refuse the whole call.
func newStockResults[T stockChange](changes []T) (results *StockResults, sent []*StockResult) {
	results = &StockResults{Rows: make([]StockResult, len(changes))}
	seen := make(map[SKU]int, len(changes))
	for i, change := range changes {
		row := &results.Rows[i]
		row.Index, row.SKU = i, change.sku()
		before, twice := seen[row.key()]
		if err := change.validate(); err != nil {
			row.refuse(err)
		} else if twice {
			row.refuse(fmt.Errorf("the same SKU as inventories[%d]", before))
		} else {
			seen[row.key()] = i
			sent = append(sent, row)
		}
	}
	return results, sent
}

// take gives the rows of one call their state. Whether the other rows of a call with
// refused ones were carried out is not established. It returns the error of a call that
// failed for another reason than what it asks.
func (r *StockResults) take(rows []*StockResult, err error) error {
	if err == nil {
		settle(rows, Outcome{State: RowDone})
		return nil
	}
	rest := outcomeOf(err)
	if unlessRefused(err) == nil {
		rest = Outcome{State: RowUnknown, Message: "other rows of its call were refused"}
		refused, _ := errors.AsType[*shotengai.Error](err)
		for _, detail := range refused.Details {
			if i, ok := stockRowOf(detail.Field, len(rows)); ok {
				if rows[i].State == RowFailed {
					continue // the first says enough
				}
				rows[i].State, rows[i].Code, rows[i].Message, rows[i].Field = RowFailed, detail.Code, detail.Message, detail.Field
				continue
			}
			r.Errors = append(r.Errors, detail)
			rest.Code, rest.Message = detail.Code, detail.Message
		}
	}
	settle(rows, rest)
	return unlessRefused(err)
}

// stockRowOf finds the row in a property path such as inventories[3].quantity, which
// counts from 0. A call with one row can only have been refused by that row's fault.
func stockRowOf(path string, rows int) (int, bool) {
	if _, rest, ok := strings.Cut(path, "inventories"); ok {
		digits := strings.TrimLeft(rest, "[.")
		if end := strings.IndexAny(digits, "]."); end >= 0 {
			digits = digits[:end]
		}
		if i, err := strconv.Atoi(digits); err == nil {
			return i, i >= 0 && i < rows
		}
	}
	return 0, rows == 1
}

var errNoSKUs = errors.New("inventories: no SKUs")
