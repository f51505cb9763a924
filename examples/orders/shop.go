package main

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"

	"github.com/shotengai/shotengai-go"
)

// shop is one shop of any platform.
type shop struct {
	Name     string
	Platform string
	orders   func(ctx context.Context, from, to time.Time) iter.Seq2[order, error]
}

// order is what all platforms have in common.
type order struct {
	Shop     string          `json:"shop"`
	Platform string          `json:"platform"`
	Number   string          `json:"number"`
	Time     time.Time       `json:"ordered_at"` // Japan time
	Status   string          `json:"status"`     // in the platform's words
	Total    *int64          `json:"total"`      // yen with tax; null: not fixed yet, or not known
	Lines    []line          `json:"lines"`
	Raw      json.RawMessage `json:"raw"` // the order as the client read it
}

// line is one line of an order.
type line struct {
	Name     string `json:"name"`
	Code     string `json:"code,omitempty"`
	Quantity int64  `json:"quantity"`
	Price    int64  `json:"price"` // yen a piece, as the platform counts it
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
	row := order{Number: e.ID, Status: "not read: " + e.Err.Error(), Raw: json.RawMessage("null")}
	if json.Valid(e.Raw) {
		row.Raw = e.Raw
	}
	return row
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
