package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// through follows the cursors of a tool to the end and returns what key says of each row.
func through[T any](t *testing.T, b *bench, tool string, arguments args, key func(T) string) (keys []string, calls int) {
	t.Helper()
	for {
		result, text := call(t, b.session, tool, arguments)
		require.False(t, result.IsError, text)
		require.LessOrEqual(t, len(text), maxBytes)
		var p page[T]
		require.NoError(t, json.Unmarshal([]byte(text), &p))
		for _, row := range p.Rows {
			keys = append(keys, key(row))
		}
		calls++
		if p.NextCursor == "" {
			return keys, calls
		}
		assert.Contains(t, p.Next, "next_cursor")
		arguments["cursor"] = p.NextCursor
	}
}

func TestCursorsGoThroughEverything(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	number := func(o order) string { return o.Number }
	for _, shop := range everyShop {
		arguments := month(shop)
		whole, _ := through(t, b, "list_orders", month(shop), number)
		arguments["limit"] = 7
		small, calls := through(t, b, "list_orders", arguments, number)
		assert.Equal(t, whole, small, shop)
		assert.GreaterOrEqual(t, calls, len(whole)/7, shop)
		seen := map[string]bool{}
		for _, n := range whole {
			assert.False(t, seen[n], "%s twice", n)
			seen[n] = true
		}
	}
}

// A result never has more bytes than a model can take, and none of the rows is lost.
func TestLargeRowsAreSpreadOverCalls(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	long := strings.Repeat("長い商品名", 60)
	var details []any
	for range 9 {
		details = append(details, map[string]any{"product_name": long, "product_num": 1})
	}
	for range 20 {
		b.colorMe.Shop().AddSale(map[string]any{"details": details})
	}
	whole, calls := through(t, b, "list_orders", month("demo-colorme"), func(o order) string { return o.Number })
	assert.Len(t, whole, 80)
	assert.Greater(t, calls, 5)
}

// Without days a list is of the week up to its first call, also when midnight comes on the way.
func TestCursorPastMidnight(t *testing.T) {
	t.Parallel()
	var past time.Duration
	b := newBench(t, func(s *service) { s.now = func() time.Time { return time.Now().Add(past) } })
	arguments := args{"shop": "demo-colorme"}
	whole, _ := through(t, b, "list_orders", args{"shop": "demo-colorme"}, func(o order) string { return o.Number })
	require.Greater(t, len(whole), 2)
	arguments["limit"] = 2
	first := works[page[order]](t, b, "list_orders", arguments)
	past = 24 * time.Hour
	arguments["cursor"] = first.NextCursor
	second := works[page[order]](t, b, "list_orders", arguments)
	require.NotEmpty(t, second.Rows)
	assert.Equal(t, whole[2], second.Rows[0].Number)
	assert.Equal(t, first.Total, second.Total)
}

func TestOrderOfManyLines(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var details []any
	for range 70 {
		details = append(details, map[string]any{"product_name": strings.Repeat("品", 100), "product_num": 1})
	}
	b.colorMe.Shop().AddSale(map[string]any{"details": details})
	var large order
	for _, o := range works[page[order]](t, b, "list_orders", args{"shop": "demo-colorme", "limit": maxRows}).Rows {
		if o.MoreLines > 0 {
			large = o
		}
	}
	assert.Len(t, large.Lines, maxLines)
	assert.Equal(t, 60, large.MoreLines)
	arguments, lines := orderArgs("demo-colorme", large), 0
	for {
		got := works[orderResult](t, b, "get_order", arguments)
		lines += len(got.Lines.Rows)
		if got.Lines.NextCursor == "" {
			break
		}
		arguments["cursor"] = got.Lines.NextCursor
	}
	assert.Equal(t, 70, lines)
}

func TestCursorsAreChecked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	arguments := month("demo-colorme")
	arguments["limit"] = 5
	arguments["cursor"] = works[page[order]](t, b, "list_orders", arguments).NextCursor
	works[page[order]](t, b, "list_orders", arguments)

	other := month("demo-stores")
	other["cursor"] = arguments["cursor"]
	assert.Contains(t, fails(t, b, "list_orders", other), "belongs to other arguments")
	other["cursor"] = "x"
	assert.Contains(t, fails(t, b, "list_orders", other), "copy next_cursor")
	assert.Contains(t, fails(t, b, "list_orders", args{"shop": "demo-stores", "limit": 51}), "between 1 and 50")

	position := position{Query: "x", Number: 2, Size: 5, Total: new(1000)}
	first, err := pageArgs{}.start("orders")
	require.NoError(t, err)
	position.Query = first.Query
	_, err = list(pageArgs{Cursor: position.String()}, []string{"orders"}, func(window) (rows[order], error) { return rows[order]{total: new(999)}, nil })
	assert.ErrorContains(t, err, "rows have left the list")
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add("eyJxIjoiMW5iZTZnYXh0cWJhZCIsInAiOjIsIm4iOjIsInQiOjYwfQ")
	f.Add(position{Query: "q", Number: 1, Size: 50, Skip: 50}.String())
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := pageArgs{Cursor: cursor}.start("orders")
		if err != nil {
			return
		}
		require.Positive(t, p.Number)
		require.True(t, p.Size >= 1 && p.Size <= maxRows && p.Skip >= 0)
	})
}
