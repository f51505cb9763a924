package rakuten

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/shotengai/shotengai-go/internal/api"
)

// StockResult is what became of one row of a BulkUpsert.
type StockResult struct {
	SKU

	State   RowState
	Code    string // of the platform's error; "" when there was none
	Message string
	Field   string // the member that was refused, as the platform names it
}

// Error is one line.
func (r *StockResult) Error() string {
	text := fmt.Sprintf("rakuten: stock of %s %s: %s", r.ManageNumber, r.VariantID, cmp.Or(r.Message, string(r.State)))
	if r.Code != "" {
		text += " (" + r.Code + ")"
	}
	return text
}

// StockResults is what became of a BulkUpsert: one row for each change, in the order of
// the request.
type StockResults struct {
	Rows   []StockResult
	Errors []ErrorDetail // what the platform said of no row
}

// Failed returns the rows that were not carried out or of which that is not known.
func (r *StockResults) Failed() []StockResult {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row StockResult) bool { return row.State == RowDone })
}

// Err is nil when every row was carried out, else an error that names the other rows,
// each a *StockResult.
func (r *StockResults) Err() error {
	failed := r.Failed()
	if len(failed) == 0 {
		return nil
	}
	errs := make([]error, 0, len(failed)+1)
	errs = append(errs, fmt.Errorf("rakuten: stock of %d of %d SKUs failed", len(failed), len(r.Rows)))
	for i := range failed {
		errs = append(errs, &failed[i])
	}
	return errors.Join(errs...)
}

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

func bulkGetStock[T stockRow](ctx context.Context, c *Client, base string, skus []SKU, opts ...CallOption) (found []T, missing []SKU, err error) {
	type body struct {
		Inventories []SKU `json:"inventories"`
	}
	r := api.Request{Method: http.MethodPost, Path: base + "bulk-get", Safety: api.Read}
	if err := validSKUs(skus, SKU.validate); err != nil {
		return nil, nil, c.engine.Invalid(r, err)
	}
	for batch := range slices.Chunk(skus, MaxStockPerGet) {
		var out struct {
			Inventories []T `json:"inventories"`
		}
		r.Body = body{batch}
		if err := c.do(ctx, r, &out, opts...); err != nil {
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

func rangeOfStock[T stockRow](ctx context.Context, c *Client, base string, stock StockRange, opts ...CallOption) ([]T, error) {
	var out struct {
		Inventories []T `json:"inventories"`
	}
	r := api.Request{Method: http.MethodGet, Path: base + "bulk-get/range", Params: stock, Check: stock.validate()}
	if err := c.do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return out.Inventories, nil
}

func bulkUpsertStock[T stockChange](ctx context.Context, c *Client, base string, changes []T, opts ...CallOption) (*StockResults, error) {
	type body struct {
		Inventories []T `json:"inventories"`
	}
	r := api.Request{Method: http.MethodPost, Path: base + "bulk-upsert"}
	if err := validSKUs(changes, T.validate); err != nil {
		return nil, c.engine.Invalid(r, err)
	}
	results := &StockResults{Rows: make([]StockResult, len(changes))}
	for i, change := range changes {
		results.Rows[i] = StockResult{SKU: change.sku(), State: RowNotSent}
	}
	done := 0
	for batch := range slices.Chunk(changes, MaxStockPerUpsert) {
		rows := results.Rows[done : done+len(batch)]
		r.Body, r.Safety = body{batch}, api.Write
		if slices.ContainsFunc(batch, func(change T) bool { return change.mode() == StockRelative }) {
			r.Safety = StockRelative.safety()
		}
		if err := results.take(rows, c.do(ctx, r, nil, opts...)); err != nil {
			return results, err
		}
		done += len(batch)
	}
	return results, nil
}

// take gives the rows of one call their state. It returns the error of a call that
// failed as a whole.
func (r *StockResults) take(rows []StockResult, err error) error {
	state := RowDone
	refused, _ := errors.AsType[*Error](err)
	partial := refused != nil && (refused.StatusCode == http.StatusBadRequest || refused.StatusCode < 300 && len(refused.Errors) > 0)
	switch {
	case partial: // whether the other rows were carried out is not established
		state = RowUnknown
	case err != nil:
		state = stateAfter(err)
	}
	for i := range rows {
		rows[i].State = state
	}
	if !partial {
		return err
	}
	named := false
	for _, detail := range refused.Errors {
		i, ok := stockRowOf(detail.Field, len(rows))
		if !ok {
			r.Errors = append(r.Errors, detail)
			continue
		}
		named = true
		rows[i].State, rows[i].Code, rows[i].Message, rows[i].Field = RowFailed, detail.Code, detail.Message, detail.Field
	}
	if !named {
		return err
	}
	return nil
}

// stockRowOf finds the row in a property path such as inventories[3].quantity, which
// counts from 0. A call with one row can only have failed by that row's fault.
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
	return 0, path != "" && rows == 1
}

// validSKUs refuses an empty batch, bad rows and a SKU that is there twice, of which the
// platform refuses the whole call.
func validSKUs[T stockRow](rows []T, validate func(T) error) error {
	if len(rows) == 0 {
		return errors.New("inventories: no SKUs")
	}
	seen := make(map[SKU]int, len(rows))
	for i, row := range rows {
		if err := validate(row); err != nil {
			return fmt.Errorf("inventories[%d]: %w", i, err)
		}
		key := row.sku().key()
		if before, twice := seen[key]; twice {
			return fmt.Errorf("inventories[%d]: the same SKU as inventories[%d]", i, before)
		}
		seen[key] = i
	}
	return nil
}
