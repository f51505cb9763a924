package colorme_test

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/internal/feedtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// saleState is an order as lists show it.
func saleState(sale *colorme.Sale) (id, state string) {
	short := *sale
	if short.Segment != nil {
		segment := *short.Segment
		segment.SiblingsSaleIDs = nil
		short.Segment = &segment
	}
	return strconv.FormatInt(sale.ID, 10), feedtest.JSON(short)
}

// feedClock starts where the fake's orders begin, and only moves when it is moved.
func feedClock() time.Time { return time.Date(2026, 2, 27, 9, 0, 0, 0, shotengai.JST) }

func TestSalesChangesFollowTheShop(t *testing.T) {
	t.Parallel()
	for seed := range feedtest.Lives() {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			srv := colormetest.NewServer(colormetest.WithClock(feedClock), colormetest.WithSales(30), colormetest.WithoutRateLimits(), colormetest.WithStaleReads(5*time.Second))
			t.Cleanup(srv.Close)
			skew := time.Duration(seed%4) * 7 * time.Minute
			open := func(opts ...shotengai.Option) *colorme.Client {
				client, err := srv.Client(append(opts, shotengai.WithLimiter(nil))...)
				require.NoError(t, err)
				return client
			}
			owner := open()
			app := open(shotengai.WithClock(func() time.Time { return srv.Now().Add(skew) }), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
			products, err := owner.Products.List(t.Context(), colorme.ListProductsParams{})
			require.NoError(t, err)
			payments, err := owner.Payments.List(t.Context())
			require.NoError(t, err)
			payment := payments.Items[0].ID
			some := func(r *rand.Rand) *colorme.Sale {
				page, err := owner.Sales.List(t.Context(), colorme.ListSalesParams{MakeDateMin: colorme.At(feedClock().AddDate(-10, 0, 0)), Limit: 1, Offset: r.IntN(30)})
				require.NoError(t, err)
				return &page.Items[0]
			}
			update := func(r *rand.Rand, change func(*colorme.Sale) colorme.UpdateSaleRequest) {
				sale := some(r)
				_, err := owner.Sales.Update(t.Context(), sale.ID, change(sale))
				require.NoError(t, err)
			}
			err = feedtest.Run(t.Context(), seed, feedtest.World[colorme.Sale]{
				Events: map[string]func(*rand.Rand){
					"order": func(r *rand.Rand) {
						old := some(r)
						if old.Customer.ID == 0 || len(old.SaleDeliveries) == 0 {
							return
						}
						_, err := owner.Sales.Create(t.Context(), colorme.CreateSaleRequest{
							PaymentID: payment, Customer: &colorme.CreateSaleCustomer{ID: &old.Customer.ID},
							Details:        []colorme.CreateSaleDetail{{ProductID: products.Items[0].ID, ProductNum: 1}},
							SaleDeliveries: []colorme.CreateSaleDelivery{{DeliveryID: old.SaleDeliveries[0].DeliveryID, Name: "山田 花子", Furigana: "ヤマダ ハナコ", Postal: "1500001", PrefID: 13, Address1: "渋谷区", Tel: "0312345678"}},
						})
						require.NoError(t, err)
					},
					"pay": func(r *rand.Rand) {
						update(r, func(s *colorme.Sale) colorme.UpdateSaleRequest { return colorme.UpdateSaleRequest{Paid: new(!s.Paid)} })
					},
					"edit": func(r *rand.Rand) {
						update(r, func(s *colorme.Sale) colorme.UpdateSaleRequest {
							return colorme.UpdateSaleRequest{SaleDeliveries: []colorme.UpdateSaleDelivery{{ID: s.SaleDeliveries[0].ID, Memo: shotengai.Set(strconv.Itoa(r.Int()))}}}
						})
					},
					"ship": func(r *rand.Rand) {
						update(r, func(s *colorme.Sale) colorme.UpdateSaleRequest {
							return colorme.UpdateSaleRequest{SaleDeliveries: []colorme.UpdateSaleDelivery{{ID: s.SaleDeliveries[0].ID, Delivered: new(true)}}}
						})
					},
					"cancel": func(r *rand.Rand) { _, _ = owner.Sales.Cancel(t.Context(), some(r).ID, true) },
					"fault": func(r *rand.Rand) {
						fault := feedtest.Fault(r, "total_price")
						fault.Match = func(req shotengaitest.Request) bool { return req.Query.Has("update_date_min") }
						srv.Fail(1, fault)
					},
				},
				Advance: srv.Advance, Quiet: srv.Heal,
				Truth: func() (map[string]string, error) {
					return feedtest.Truth(owner.Sales.All(t.Context(), colorme.ListSalesParams{MakeDateMin: colorme.At(feedClock().AddDate(-10, 0, 0))}), saleState)
				},
				Changes: app.Sales.Changes, State: saleState,
				Begin: shotengai.CursorFrom(feedClock().AddDate(-10, 0, 0)),
			})
			require.NoError(t, err)
		})
	}
}

// A run without news is one call, and one over news a call for each hundred.
func TestSalesChangesCost(t *testing.T) {
	t.Parallel()
	srv := colormetest.NewServer(colormetest.WithClock(feedClock), colormetest.WithSales(250), colormetest.WithoutRateLimits())
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithClock(srv.Now))
	require.NoError(t, err)
	cursor := shotengai.CursorFrom(feedClock().AddDate(-5, 0, 0))
	run := func() (rows int, calls int64) {
		rows, calls, err := feedtest.Cost(t.Context(), client.Sales.Changes, &cursor)
		require.NoError(t, err)
		return rows, calls
	}
	rows, calls := run()
	assert.Equal(t, 250, rows)
	assert.LessOrEqual(t, calls, int64(3+12))
	srv.Advance(time.Hour)
	rows, calls = run()
	assert.Zero(t, rows)
	assert.Equal(t, int64(1), calls)
	assert.Less(t, len(cursor), 30)
}
