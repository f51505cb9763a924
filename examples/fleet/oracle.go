package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// member is a shop of the demo, on the side of the platform.
type member struct {
	shop   *colormetest.Shop
	token  string
	opened time.Time
	sales  []int64
}

// newMember gives a shop its first orders: one a day, the newest of yesterday.
func newMember(shop *colormetest.Shop, orders int, now time.Time) *member {
	m := &member{shop: shop, token: shop.Token(), opened: now.AddDate(0, 0, -orders-1)}
	for n := range orders {
		made := now.AddDate(0, 0, n-orders).Unix()
		m.sales = append(m.sales, shop.AddSale(map[string]any{"make_date": made, "update_date": made}))
	}
	return m
}

// live is a day in a shop: an order comes in, and others are paid, edited, shipped, split and
// cancelled, as many as there are. It returns how many orders are new or have changed.
func (m *member) live() (changed int) {
	days := []func(id int64){
		m.shop.PaySale,
		func(id int64) { m.shop.EditSale(id, map[string]any{"other_discount": 1 + rand.IntN(100)}) },
		m.shop.ShipSale,
		func(id int64) { m.sales = append(m.sales, m.shop.SplitSale(id)) },
		func(id int64) { m.shop.CancelSale(id, true) },
	}
	before := len(m.sales)
	first := rand.IntN(before + 1)
	for n := range before {
		if id := m.sales[(first+n)%before]; changed < len(days) && m.shop.Sale(id)["canceled"] != true {
			days[changed](id)
			changed++
		}
	}
	m.sales = append(m.sales, m.shop.AddSale(nil))
	return changed + len(m.sales) - before
}

// order is what fleet keeps of an order.
type order struct {
	orderedAt, updatedAt, total int64
	paid, shipped, cancelled    bool
}

// orders are those of the shop as the platform has them, without the client's help.
func (m *member) orders() map[string]order {
	orders := make(map[string]order, len(m.sales))
	for _, id := range m.sales {
		s := m.shop.Sale(id)
		number := func(name string) int64 {
			n, _ := s[name].(float64)
			return int64(n)
		}
		orders[strconv.FormatInt(id, 10)] = order{
			number("make_date"), number("update_date"), number("total_price"),
			s["paid"] == true, s["delivered"] == true, s["canceled"] == true,
		}
	}
	return orders
}

// tally is the outcome of a round.
type tally struct{ shops, orders, changed, lost, wrong int }

// compare compares the copy with the platform, order by order. An order that the platform
// does not have is wrong. All shops work but for the one that has withdrawn.
func (f *fleet) compare(ctx context.Context, t *tally) error {
	stopped, err := f.db.shops(ctx, "stopped IS NOT NULL")
	if err != nil {
		return err
	}
	if withdrawn := f.members[0].shop.ID; !slices.Equal(stopped, []string{withdrawn}) {
		return fmt.Errorf("the shops %v have stopped and not %s alone", stopped, withdrawn)
	}
	for _, m := range f.members[1:] {
		have, err := f.db.orders(ctx, m.shop.ID)
		if err != nil {
			return err
		}
		t.shops++
		t.orders += len(have)
		for id, want := range m.orders() {
			got, ok := have[id]
			switch {
			case !ok:
				t.lost++
			case got != want:
				t.wrong++
			}
			delete(have, id)
		}
		t.wrong += len(have)
	}
	return nil
}

// orders are those of the copy.
func (d *database) orders(ctx context.Context, shop string) (map[string]order, error) {
	rows, err := d.pool.Query(ctx, `SELECT id, extract(epoch FROM ordered_at)::bigint, extract(epoch FROM updated_at)::bigint, total, paid, shipped, cancelled
		FROM orders WHERE shop = $1`, shop)
	if err != nil {
		return nil, err
	}
	orders := make(map[string]order)
	var (
		id string
		o  order
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &o.orderedAt, &o.updatedAt, &o.total, &o.paid, &o.shipped, &o.cancelled}, func() error {
		orders[id] = o
		return nil
	})
	return orders, err
}
