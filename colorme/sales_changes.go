package colorme

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// salesOverlap covers what lists show late: a read right after a write may return the old
// value for some seconds.
const salesOverlap = 5 * time.Minute

// Changes yields the orders that are new or have changed since the cursor, under the contract
// of [shotengai.Cursor]. It searches by update date, which every change of an order moves, and
// yields those of the last 5 minutes once more. How far back the platform looks is not
// documented.
//
// A run costs one call for each 100 orders that are new or changed, and one if there are none.
// A first run over a long time searches it in parts and costs some ten calls more. An order
// that could not be read costs one call in each run. Scope: read_sales.
//
// That every change moves the update date was not observed. Provisional.
func (s *SalesService) Changes(ctx context.Context, cursor *shotengai.Cursor, opts ...shotengai.CallOption) iter.Seq2[*Sale, error] {
	return api.Changes(ctx, s.client.engine, api.Feed[Sale]{
		Operation: "GET /v1/sales",
		Overlap:   salesOverlap,
		ID:        func(sale *Sale) string { return strconv.FormatInt(sale.ID, 10) },
		Find: func(ctx context.Context, from, to time.Time) iter.Seq2[*Sale, error] {
			params := ListSalesParams{MakeDateMin: DateTime{Time: anyMakeDate}, UpdateDateMin: DateTime{Time: from}, UpdateDateMax: DateTime{Time: to}}
			return s.All(ctx, params, opts...)
		},
		Again: func(ctx context.Context, kept []api.Kept) iter.Seq2[*Sale, error] { return s.again(ctx, kept, opts) },
	}, cursor, opts...)
}

// anyMakeDate is before all orders. Without a start date a list has 7 days only.
var anyMakeDate = time.Date(2000, 1, 1, 0, 0, 0, 0, shotengai.JST)

// again reads orders one by one.
func (s *SalesService) again(ctx context.Context, kept []api.Kept, opts []shotengai.CallOption) iter.Seq2[*Sale, error] {
	return api.Each(ctx, "colorme", "GET /v1/sales/{id}", kept, func(ctx context.Context, k api.Kept) (*Sale, error) {
		id, err := strconv.ParseInt(k.ID, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%w: order %q", shotengai.ErrNotFound, k.ID)
		}
		return s.Get(ctx, id, opts...)
	})
}
