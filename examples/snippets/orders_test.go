package snippets

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func colorMeShop(t *testing.T) (*colormetest.Server, *colorme.Client) {
	t.Helper()
	srv := colormetest.NewServer(colormetest.WithSales(0))
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	return srv, client
}

var errStopped = errors.New("stopped")

// An import that stops loses nothing, though orders come in before it goes on.
func TestMonthIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	srv, client := colorMeShop(t)
	until := time.Date(2026, 10, 31, 23, 59, 59, 0, shotengai.JST)
	add := func(made time.Time) int64 {
		return srv.Shop().AddSale(map[string]any{"make_date": made.Unix()})
	}
	note := func(row *shotengai.RowError) error { return row }
	var want []int64
	for i := range 250 {
		want = append(want, add(until.Add(-time.Duration(1+i/3)*time.Hour))) // three in the same second
	}
	saved := map[int64]int{}
	var last time.Time
	require.ErrorIs(t, month(t.Context(), client, until, func(sale *colorme.Sale) error {
		if len(saved) == 151 {
			return errStopped
		}
		saved[sale.ID]++
		last = sale.MakeDate.Time
		return nil
	}, note), errStopped)
	for range 120 {
		add(until)
	}
	require.NoError(t, month(t.Context(), client, last, func(sale *colorme.Sale) error {
		saved[sale.ID]++
		return nil
	}, note))
	for _, id := range want {
		assert.Contains(t, saved, id)
	}
	assert.Len(t, saved, len(want), "those that came in take a run of their own")
}

// memory is a copy of orders that fails to save when it is broken.
type memory struct {
	orders map[string]rakuten.OrderProgress
	notes  shotengai.Notes
	cursor shotengai.Cursor
	broken bool
}

func (m *memory) Begin(context.Context) (shotengai.Cursor, shotengai.Notes, error) {
	return m.cursor, maps.Clone(m.notes), nil
}

func (m *memory) Save(_ context.Context, order *rakuten.Order, note string, at shotengai.Cursor) error {
	if m.broken {
		return errStopped
	}
	m.orders[order.OrderNumber], m.notes[order.OrderNumber], m.cursor = order.OrderProgress, note, at
	return nil
}

func (m *memory) Delete(ctx context.Context, number string, at shotengai.Cursor) error {
	delete(m.orders, number)
	delete(m.notes, number)
	return m.Keep(ctx, at)
}

func (m *memory) Report(ctx context.Context, row *shotengai.RowError, note string, at shotengai.Cursor) error {
	m.notes[row.ID] = note
	return m.Keep(ctx, at)
}

func (m *memory) Keep(_ context.Context, at shotengai.Cursor) error {
	m.cursor = at
	return nil
}

// A copy follows the shop, also after a run that could not save.
func TestKeepInStep(t *testing.T) {
	t.Parallel()
	srv := rakutentest.NewServer(rakutentest.WithOrders(0), rakutentest.WithoutRateLimits())
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	db := &memory{orders: make(map[string]rakuten.OrderProgress), notes: make(shotengai.Notes), cursor: shotengai.CursorFrom(srv.Now())}
	number := srv.Shop().AddOrder(nil)
	require.NoError(t, keepInStep(t.Context(), client, db))
	assert.Equal(t, rakuten.ProgressAwaitingConfirmation, db.orders[number])
	srv.Shop().CancelOrder(number)
	db.broken = true
	require.ErrorIs(t, keepInStep(t.Context(), client, db), errStopped)
	db.broken = false
	require.NoError(t, keepInStep(t.Context(), client, db))
	assert.Equal(t, rakuten.ProgressCancelled, db.orders[number])
}
