package snippets

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
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
	}), errStopped)
	for range 120 {
		add(until)
	}
	require.NoError(t, month(t.Context(), client, last, func(sale *colorme.Sale) error {
		saved[sale.ID]++
		return nil
	}))
	for _, id := range want {
		assert.Contains(t, saved, id)
	}
	assert.Len(t, saved, len(want), "those that came in take a run of their own")
}

func TestUpdatedOrders(t *testing.T) {
	t.Parallel()
	srv, client := colorMeShop(t)
	since := srv.Now().Add(-time.Hour)
	add := func(made, changed time.Time) int64 {
		return srv.Shop().AddSale(map[string]any{"make_date": made.Unix(), "update_date": changed.Unix()})
	}
	old := srv.Now().AddDate(0, -3, 0)
	add(old, old)
	want := []int64{add(srv.Now(), srv.Now()), add(old, srv.Now())}
	var got []int64
	save := func(sale *colorme.Sale) error {
		got = append(got, sale.ID)
		return nil
	}
	var next time.Time
	keep := func(started time.Time) error {
		next = started
		return nil
	}
	oldest := old.AddDate(-1, 0, 0)
	require.ErrorIs(t, updated(t.Context(), client, oldest, since, func(*colorme.Sale) error { return errStopped }, keep), errStopped)
	assert.Zero(t, next, "the run has to come again")
	before := time.Now()
	require.NoError(t, updated(t.Context(), client, oldest, since, save, keep))
	assert.ElementsMatch(t, want, got)
	assert.False(t, next.After(before), "not later than its start")
}
