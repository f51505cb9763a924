package main

import (
	"context"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// shop is what the tools ask of a shop on any platform.
type shop interface {
	// orders are those of a period, oldest first where the platform can sort.
	orders(ctx context.Context, in period, at window) (rows[order], error)
	// order is one order. On is its day, which only makeshop needs.
	order(ctx context.Context, number string, on period) (*order, error)
	// items are those whose name contains the text, all when it is empty.
	items(ctx context.Context, name string, at window) (rows[item], error)
	// stock has a row for each variant of an item.
	stock(ctx context.Context, item string) ([]stock, error)
	// diagnose says whether the credentials work, and if not, why.
	diagnose(ctx context.Context) diagnosis
}

// licensed is a shop whose credentials end on a known day.
type licensed interface {
	expiry(ctx context.Context) (time.Time, error)
}

// period is from the first to the last second of its days in Japan.
type period struct{ from, to time.Time }

// window is one page of a list: Size rows, pages counted from 1.
type window struct{ number, size int }

func (w window) offset() int { return (w.number - 1) * w.size }

// rows are one page of a platform's list.
type rows[T any] struct {
	rows   []T
	unread []string // rows that could not be read
	total  *int     // rows of all pages; nil where the platform does not say
	more   bool     // there are further pages
}

// convert turns a page of a platform into common rows.
func convert[P, T any](page *shotengai.Page[P], at window, common func(*P) T) rows[T] {
	out := rows[T]{rows: make([]T, 0, len(page.Items)), total: page.Total, unread: unread(page.RowErrors)}
	for i := range page.Items {
		out.rows = append(out.rows, common(&page.Items[i]))
	}
	seen := len(page.Items) + len(page.RowErrors)
	out.more = seen >= at.size
	if page.Total != nil {
		out.more = seen > 0 && at.offset()+seen < *page.Total
	}
	return out
}

// unread names rows by id and member. What is wrong with them may quote a buyer, and is left
// out.
func unread(errs []*shotengai.RowError) []string {
	var texts []string
	for _, e := range errs {
		texts = append(texts, strings.TrimSpace(e.ID+" "+e.Path))
	}
	return texts
}

type order struct {
	Number     string     `json:"number"`
	OrderedAt  time.Time  `json:"ordered_at,omitzero"`
	Status     string     `json:"status"`
	Total      *int64     `json:"total" jsonschema:"yen with tax; null: not fixed yet"`
	Lines      []line     `json:"lines"`
	MoreLines  int        `json:"more_lines,omitempty" jsonschema:"lines that are left out here: get_order has them"`
	Buyer      *person    `json:"buyer,omitempty"`
	Deliveries []delivery `json:"deliveries,omitempty"`
	Notes      []personal `json:"notes,omitempty" jsonschema:"free texts of the buyer and of the shop"`
}

type line struct {
	Item     string     `json:"item,omitempty" jsonschema:"the item, as get_stock takes it"`
	Name     string     `json:"name"`
	Variant  string     `json:"variant,omitempty"`
	Quantity int64      `json:"quantity"`
	Price    int64      `json:"price" jsonschema:"yen a piece, as the platform counts it"`
	Choices  []personal `json:"choices,omitempty" jsonschema:"what the buyer chose or wrote"`
}

type person struct {
	Name    personal `json:"name,omitempty"`
	Reading personal `json:"reading,omitempty"`
	Company personal `json:"company,omitempty"`
	Postal  personal `json:"postal,omitempty"`
	Address personal `json:"address,omitempty"`
	Phone   personal `json:"phone,omitempty"`
	Mail    personal `json:"mail,omitempty"`
}

type delivery struct {
	Status    string   `json:"status,omitempty"`
	Recipient person   `json:"recipient"`
	Tracking  personal `json:"tracking,omitempty"`
}

type item struct {
	Item   string `json:"item" jsonschema:"the item, as get_stock takes it"`
	Code   string `json:"code,omitempty" jsonschema:"the shop's own code"`
	Name   string `json:"name"`
	Price  *int64 `json:"price" jsonschema:"yen; null: by variant, or not known"`
	Status string `json:"status,omitempty"`
}

type stock struct {
	Variant  string `json:"variant,omitempty" jsonschema:"the variant, as update_stock takes it; absent for an item without variants"`
	Name     string `json:"name,omitempty"`
	Quantity *int64 `json:"quantity" jsonschema:"null: not counted, or unlimited"`

	set func(ctx context.Context, quantity int64) error // nil: cannot be set
}

type diagnosis struct {
	Works     bool      `json:"works"`
	Cause     string    `json:"cause" jsonschema:"why it works or does not"`
	Who       string    `json:"who" jsonschema:"who has to act"`
	What      string    `json:"what" jsonschema:"what they have to do"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}

// words joins the parts of a name or of an address.
func words(parts ...string) personal {
	return personal(join(" ", parts...))
}

// join joins the texts that are not empty.
func join(separator string, texts ...string) string {
	kept := make([]string, 0, len(texts))
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, separator)
}

// notes are the texts that are not empty.
func notes(texts ...string) []personal {
	var out []personal
	for _, text := range texts {
		if text != "" {
			out = append(out, personal(text))
		}
	}
	return out
}

// value is what p points to, and otherwise the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// only returns the one row of a page that was asked for by its key.
func only[T any](page *shotengai.Page[T], what string) (*T, error) {
	switch {
	case len(page.Items) > 0:
		return &page.Items[0], nil
	case len(page.RowErrors) > 0:
		return nil, page.RowErrors[0]
	}
	return nil, refusedf("there is no %s in this shop", what)
}
