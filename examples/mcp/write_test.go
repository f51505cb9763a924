package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/shotengaitest"
)

func writes(s *service) { s.allowWrites = true }

// counted is a row of stock of the shop that can be set.
func (b *bench) counted(t *testing.T, shop string) (id string, row stock) {
	t.Helper()
	for _, i := range works[page[item]](t, b, "list_items", args{"shop": shop}).Rows {
		for _, row := range works[page[stock]](t, b, "get_stock", args{"shop": shop, "item": i.Item}).Rows {
			if row.Quantity != nil {
				return i.Item, row
			}
		}
	}
	require.Fail(t, "no stock is counted", shop)
	return "", stock{}
}

func TestStockIsSetOnlyWithTheConfirmation(t *testing.T) {
	t.Parallel()
	b := newBench(t, writes)
	for _, shop := range everyShop {
		id, row := b.counted(t, shop)
		now := func() int64 {
			for _, r := range works[page[stock]](t, b, "get_stock", args{"shop": shop, "item": id}).Rows {
				if r.Variant == row.Variant {
					return *r.Quantity
				}
			}
			return -1
		}
		was := *row.Quantity
		change := args{"shop": shop, "item": id, "variant": row.Variant, "quantity": was + 3}
		asked := works[updateStockResult](t, b, "update_stock", change)
		assert.False(t, asked.Done)
		assert.Contains(t, asked.Confirm, id)
		assert.Equal(t, was, now(), "nothing was changed yet")

		for _, wrong := range []any{"yes", "true", asked.Confirm + "0"} {
			change["confirm"] = wrong
			assert.Contains(t, fails(t, b, "update_stock", change), "nothing was changed")
		}
		assert.Equal(t, was, now())

		change["confirm"] = asked.Confirm
		assert.True(t, works[updateStockResult](t, b, "update_stock", change).Done, shop)
		assert.Equal(t, was+3, now(), shop)
		assert.True(t, works[updateStockResult](t, b, "update_stock", change).Done, "a repetition changes nothing")
		assert.Equal(t, was+3, now(), shop)

		// The same confirmation is worth nothing once the stock is another.
		other := args{"shop": shop, "item": id, "variant": row.Variant, "quantity": was + 1}
		other["confirm"] = works[updateStockResult](t, b, "update_stock", other).Confirm
		works[updateStockResult](t, b, "update_stock", other)
		assert.Contains(t, fails(t, b, "update_stock", change), "nothing was changed")
	}
}

func TestStockThatCannotBeSet(t *testing.T) {
	t.Parallel()
	b := newBench(t, writes)
	id, row := b.counted(t, "demo-rakuten")
	change := args{"shop": "demo-rakuten", "item": id, "variant": row.Variant, "quantity": 100000}
	assert.Contains(t, fails(t, b, "update_stock", change), "between 0 and 99999")
	change["quantity"], change["variant"] = 1, "missing"
	assert.Contains(t, fails(t, b, "update_stock", change), row.Variant)
	assert.Contains(t, fails(t, b, "update_stock", args{"shop": "demo-rakuten", "item": "missing", "quantity": 1}), "list_items")
	s := &service{places: map[string]place{"x": {Name: "x", shop: fixed{{Variant: "a", Quantity: new(int64(1))}, {Variant: "a", Quantity: new(int64(2))}, {Variant: "b"}}}}}
	_, err := s.variant(t.Context(), updateStockArgs{shopArgs: shopArgs{"x"}, Item: "i", Variant: "a"})
	assert.ErrorContains(t, err, "several variants")
	_, err = s.variant(t.Context(), updateStockArgs{shopArgs: shopArgs{"x"}, Item: "i", Variant: "b"})
	assert.ErrorContains(t, err, "not counted")
}

// A write whose outcome is not known is not sent again, and the model is told to look first.
func TestUnknownOutcome(t *testing.T) {
	t.Parallel()
	b := newBench(t, writes)
	id, row := b.counted(t, "demo-stores")
	change := args{"shop": "demo-stores", "item": id, "variant": row.Variant, "quantity": *row.Quantity + 1}
	change["confirm"] = works[updateStockResult](t, b, "update_stock", change).Confirm
	b.stores.Fail(1, shotengaitest.Fault{Match: func(r shotengaitest.Request) bool { return r.Method != "GET" }, ResetAfter: true})
	assert.Contains(t, fails(t, b, "update_stock", change), "Read get_stock before anything else")
	sent := 0
	for _, r := range b.stores.Requests() {
		if r.Method != "GET" {
			sent++
		}
	}
	assert.Equal(t, 1, sent)
}
