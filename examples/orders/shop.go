package main

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// shop is one shop of any platform.
type shop struct {
	Name     string
	Platform string
	orders   func(ctx context.Context, from, to time.Time) iter.Seq2[order, error]
	changes  func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error]
}

// order is what all platforms have in common.
type order struct {
	Shop     string          `json:"shop"`
	Platform string          `json:"platform"`
	Number   string          `json:"number"`
	Time     time.Time       `json:"ordered_at"`  // Japan time
	Status   string          `json:"status"`      // in the platform's words
	Total    *int64          `json:"total"`       // yen with tax; null: not fixed yet, or not known
	Rate10   taxed           `json:"rate_10"`     // what has 10 percent
	Rate8    taxed           `json:"rate_8"`      // what has 8 percent
	Other    *int64          `json:"total_other"` // what of Total is in neither: untaxed, or the platform does not say
	Lines    []line          `json:"lines"`
	Raw      json.RawMessage `json:"raw"` // the order as the client read it

	gone bool // it was there, or was found, and is no more
}

// taxed is what an order has at one tax rate, in yen. Null: the platform does not say.
type taxed struct {
	Total    *int64 `json:"total"`    // with tax, after discounts
	Tax      *int64 `json:"tax"`      // of Total
	Discount *int64 `json:"discount"` // what was taken off
}

// at returns what an order has at a rate, for a platform to fill in. What has neither 10 nor
// 8 percent goes nowhere, and so becomes a part of Other.
func (o *order) at(percent int64) *taxed {
	switch percent {
	case 10:
		return &o.Rate10
	case 8:
		return &o.Rate8
	}
	return new(taxed)
}

// other is what of the total has no rate.
func (o *order) other() *int64 {
	if o.Total == nil {
		return nil
	}
	return new(*o.Total - value(o.Rate10.Total) - value(o.Rate8.Total))
}

// line is one line of an order.
type line struct {
	Item       string `json:"item"`    // the platform's key of the product
	SKU        string `json:"sku"`     // the shop's code of the variant, or what comes closest; no key
	Variant    string `json:"variant"` // what the buyer chose, in words
	Name       string `json:"name"`
	Quantity   int64  `json:"quantity"`
	Price      int64  `json:"price"`       // yen a piece, as the platform counts it
	TaxPercent *int64 `json:"tax_percent"` // null: the platform does not say
}

// convert turns a platform's orders into common ones. An order that cannot be read, or that
// the platform found and did not return, has a row too, so that nobody misses it.
func convert[T any](orders iter.Seq2[*T, error], common func(*T) order) iter.Seq2[order, error] {
	return func(yield func(order, error) bool) {
		for o, err := range orders {
			var row order
			if unread, ok := errors.AsType[*shotengai.RowError](err); ok {
				row, err = withoutOrder(unread), nil
			} else if err == nil {
				row = common(o)
				row.Other = row.other()
				row.Raw, err = json.Marshal(o)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// withoutOrder is the row of an order that did not come, with what is known of it.
func withoutOrder(e *shotengai.RowError) order {
	row := order{Number: e.ID, Status: "not read: " + e.Err.Error(), Raw: json.RawMessage("null"), gone: errors.Is(e, shotengai.ErrNotFound)}
	if json.Valid(e.Raw) {
		row.Raw = e.Raw
	}
	return row
}

// value is what p points to, and otherwise the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// join joins the texts that are not empty.
func join(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), " / ")
}
