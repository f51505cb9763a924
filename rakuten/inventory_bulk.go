package rakuten

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

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

func bulkGetStock[T stockRow](ctx context.Context, c *Client, base string, skus []SKU, opts ...shotengai.CallOption) (found *shotengai.Page[T], missing []SKU, err error) {
	found = &shotengai.Page[T]{}
	type body struct {
		Inventories []SKU `json:"inventories"`
	}
	r := api.Request{Operation: "POST " + base + "bulk-get", Safety: api.Read}
	if len(skus) == 0 {
		return found, nil, c.engine.Invalid(ctx, r, errNoSKUs)
	}
	asked, missing := askedSKUs(skus)
	pages, err := api.Chunks(bulkGets, MaxStockPerGet, asked, func(batch []SKU) (*shotengai.Page[T], error) {
		call := r
		call.Body = body{batch}
		return listStock[T](ctx, c, call, opts...)
	})
	found.Items = join(pages, func(p *shotengai.Page[T]) []T { return p.Items })
	found.RowErrors = join(pages, func(p *shotengai.Page[T]) []*shotengai.RowError { return p.RowErrors })
	given := make(map[SKU]bool, len(asked))
	for _, row := range found.Items {
		given[row.sku().key()] = true
	}
	for _, row := range found.RowErrors {
		given[skuOf(row).key()] = true
	}
	for _, sku := range asked[:min(len(pages)*MaxStockPerGet, len(asked))] {
		if !given[sku.key()] {
			missing = append(missing, sku)
		}
	}
	return found, missing, err
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

func rangeOfStock[T stockRow](ctx context.Context, c *Client, base string, stock StockRangeParams, opts ...shotengai.CallOption) (*shotengai.Page[T], error) {
	return listStock[T](ctx, c, api.Request{Operation: "GET " + base + "bulk-get/range", Params: stock, Check: stock.validate()}, opts...)
}

type stockReply[T any] struct {
	Inventories []T `json:"inventories" rows:"variantId"`
}

func listStock[T any](ctx context.Context, c *Client, r api.Request, opts ...shotengai.CallOption) (*shotengai.Page[T], error) {
	page, err := api.ListAll(ctx, c.engine, r, func(w *stockReply[T]) []T { return w.Inventories }, opts...)
	if err != nil {
		return nil, err
	}
	for _, row := range page.RowErrors {
		row.ID = skuOf(row).ManageNumber + " " + row.ID
	}
	return page, nil
}

// skuOf is the SKU of a row of stock that cannot be read.
func skuOf(row *shotengai.RowError) (sku SKU) {
	_ = json.Unmarshal(row.Raw, &sku) // it is read as far as it can be
	return sku
}

func bulkUpsertStock[T stockChange](ctx context.Context, c *Client, base string, changes []T, opts ...shotengai.CallOption) (*shotengai.Results[SKU], error) {
	type body struct {
		Inventories []T `json:"inventories"`
	}
	r := api.Request{Operation: "POST " + base + "bulk-upsert"}
	results, sent := newStockResults(changes)
	if len(changes) == 0 {
		return results, c.engine.Invalid(ctx, r, errNoSKUs)
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
		if err := takeStock(rows, c.engine.Do(ctx, r, nil, opts...)); err != nil {
			abandon(sent)
			return results, err
		}
	}
	return results, nil
}

// newStockResults has a row for each change. It returns those that can be sent: a SKU that
// is there twice is refused the second time, as the platform would refuse the whole call.
func newStockResults[T stockChange](changes []T) (*shotengai.Results[SKU], []*shotengai.Row[SKU]) {
	skus := make([]SKU, len(changes))
	for i, change := range changes {
		skus[i] = change.sku()
	}
	seen := make(map[SKU]int, len(changes))
	rows, sent := newRows(skus, func(i int, sku SKU) error {
		before, twice := seen[sku.key()]
		if err := changes[i].validate(); err != nil {
			return err
		} else if twice {
			return fmt.Errorf("the same SKU as inventories[%d]", before)
		}
		seen[sku.key()] = i
		return nil
	})
	return &shotengai.Results[SKU]{Rows: rows}, sent
}

// takeStock sets the rows of one call to what the platform says of them. Whether the other
// rows of a call with refused ones were carried out is not established. It returns the error
// of a call that failed for another reason than what it asks.
func takeStock(rows []*shotengai.Row[SKU], err error) error {
	if err == nil {
		settle(rows, outcome{state: shotengai.RowDone})
		return nil
	}
	rest := failedCall(err)
	if unlessRefused(err) == nil {
		rest = outcome{state: shotengai.RowUnknown, message: "other rows of its call were refused"}
		refused, _ := errors.AsType[*shotengai.Error](err)
		for _, detail := range refused.Details {
			if i, ok := stockRowOf(detail.Field, len(rows)); ok {
				take(rows[i], outcome{shotengai.RowFailed, detail.Code, about(detail)}) // the first says enough
				continue
			}
			rest.code, rest.message = detail.Code, about(detail)
		}
	}
	settle(rows, rest)
	return unlessRefused(err)
}

// about is the message of an error with the member that it is about.
func about(detail shotengai.Detail) string {
	if detail.Field == "" {
		return detail.Message
	}
	return detail.Field + ": " + detail.Message
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
