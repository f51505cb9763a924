package colorme_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

func TestSales(t *testing.T) {
	t.Parallel()
	const reply = `{"sale":{"id":7}}`
	at := colorme.At(time.Date(2026, 1, 1, 15, 0, 0, 0, time.UTC))
	runExchanges(t, map[string]exchange{
		"list": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Sales.List(ctx, colorme.ListSalesParams{
					After: at, UpdateDateMax: at, CustomerIDs: colorme.IDs{3, 4}, PaymentIDs: colorme.IDs{5}, AcceptedMailState: colorme.MailPass,
					Mobile: new(false), Canceled: new(true), Fields: colorme.Fields{"id", "paid"}, Limit: 500, Offset: 2, Recent: true,
				})
			},
			method: "GET", path: "/v1/sales", status: 200, reply: `{"sales":[],"meta":{"total":0,"limit":100,"offset":2}}`,
			query: "accepted_mail_state=pass&after=2026-01-02 00:00:00&canceled=true&customer_ids=3,4&fields=id,paid&limit=500&mobile=false&offset=2&payment_ids=5&update_date_max=2026-01-02 00:00:00",
			want:  &shotengai.Page[colorme.Sale]{Items: []colorme.Sale{}, Total: new(0), Limit: 100, Offset: 2},
		},
		"get has siblings": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Sales.Get(ctx, 7) },
			method: "GET", path: "/v1/sales/7", status: 200, reply: `{"sale":{"id":7,"segment":{"splitted":true,"siblings_sale_ids":[8]},"totals":null}}`,
			want: &colorme.Sale{ID: 7, Segment: &colorme.SaleSegment{Splitted: true, SiblingsSaleIDs: []int64{8}}},
		},
		"create answers 201": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Sales.Create(ctx, colorme.CreateSaleRequest{
					PaymentID: 1, Details: []colorme.CreateSaleDetail{{ProductID: 2, ProductNum: 3, Option1Value: new("赤"), Price: new(int64(0))}},
					Customer: &colorme.CreateSaleCustomer{ID: new(int64(4))}, ReserveStocks: new(false),
					SaleDeliveries: []colorme.CreateSaleDelivery{{
						DeliveryID: 5, Name: "山田", Furigana: "ヤマダ", Postal: "1000001", PrefID: colorme.PrefTokyo, Address1: "千代田区", Tel: "03-1",
						PreferredDate: shotengai.Date{Year: 2026, Month: 2, Day: 3},
					}},
				})
			},
			method: "POST", path: "/v1/sales", query: "reserve_stocks=false", status: 201, reply: reply,
			body: `{"sale":{"payment_id":1,"details":[{"product_id":2,"product_num":3,"option1_value":"赤","price":0}],"customer":{"id":4},
				"sale_deliveries":[{"delivery_id":5,"name":"山田","furigana":"ヤマダ","postal":"1000001","pref_id":13,"address1":"千代田区","tel":"03-1","preferred_date":"2026-02-03"}]}}`,
		},
		"create leaves the stock rule to the platform": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Sales.Create(ctx, colorme.CreateSaleRequest{PaymentID: 1, Details: []colorme.CreateSaleDetail{{ProductID: 2, ProductNum: 1}}})
			},
			method: "POST", path: "/v1/sales", status: 201, reply: reply, body: `{"sale":{"payment_id":1,"details":[{"product_id":2,"product_num":1}]}}`,
		},
		"update omits, clears and sets": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Sales.Update(ctx, 7, colorme.UpdateSaleRequest{SaleDeliveries: []colorme.UpdateSaleDelivery{{
					ID: 8, SlipNumber: shotengai.Set("12-34"), Memo: shotengai.Clear[string](), PreferredDate: shotengai.Clear[shotengai.Date](),
					NoshiCharge: shotengai.Set(int64(0)), Delivered: new(true),
				}}})
			},
			method: "PUT", path: "/v1/sales/7", status: 200, reply: reply,
			body: `{"sale":{"sale_deliveries":[{"id":8,"slip_number":"12-34","memo":null,"preferred_date":null,"noshi_charge":0,"delivered":true}]}}`,
		},
		"an update spells canceled with an e": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Sales.Update(ctx, 7, colorme.UpdateSaleRequest{Paid: new(false), PointState: colorme.UpdatePointCenceled})
			},
			method: "PUT", path: "/v1/sales/7", status: 200, reply: reply, body: `{"sale":{"paid":false,"point_state":"cenceled"}}`,
		},
		"cancel is flat": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Sales.Cancel(ctx, 7, false) },
			method: "PUT", path: "/v1/sales/7/cancel", status: 200, reply: reply, body: `{"restock":false}`,
		},
		"a mail's 201 is empty and not decoded": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return only(c.Sales.SendMail(ctx, 7, colorme.MailDelivered))
			},
			method: "POST", path: "/v1/sales/7/mails", status: 201, body: `{"mail":{"type":"delivered"}}`,
		},
		"a payment address": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Sales.CreatePaymentURL(ctx, 7) },
			method: "POST", path: "/v1/sales/7/payment_urls", status: 200, reply: `{"payment_url":"https://x/","expires_at":1767193200}`,
		},
		"stat of today": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Sales.Stat(ctx, time.Time{}) },
			method: "GET", path: "/v1/sales/stat", status: 200, reply: `{"sales_stat":{"amount_last_7days":5}}`,
			want: &colorme.SalesStat{AmountLast7Days: 5},
		},
		"stat of a day in Japan": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Sales.Stat(ctx, at.Time) },
			method: "GET", path: "/v1/sales/stat", query: "make_date=2026-01-02", status: 200, reply: `{"sales_stat":{}}`,
		},
	})
}

func TestSalesRefused(t *testing.T) {
	t.Parallel()
	early, late := colorme.At(time.Date(2026, 1, 1, 0, 0, 0, 0, shotengai.JST)), colorme.At(time.Date(2026, 2, 1, 0, 0, 0, 0, shotengai.JST))
	list := func(p colorme.ListSalesParams) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) { return c.Sales.List(ctx, p) }
	}
	update := func(r colorme.UpdateSaleRequest) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) { return c.Sales.Update(ctx, 1, r) }
	}
	create := func(r colorme.CreateSaleRequest) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) { return c.Sales.Create(ctx, r) }
	}
	delivery := func(d colorme.UpdateSaleDelivery) colorme.UpdateSaleRequest {
		return colorme.UpdateSaleRequest{SaleDeliveries: []colorme.UpdateSaleDelivery{d}}
	}
	details := []colorme.CreateSaleDetail{{ProductID: 1, ProductNum: 1}}
	runRefusals(t, map[string]refusal{
		"unknown mail state":     {list(colorme.ListSalesParams{PaidMailState: "done"}), "paid_mail_state"},
		"end before start":       {list(colorme.ListSalesParams{MakeDateMin: late, MakeDateMax: early}), "make_date"},
		"synonyms end before":    {list(colorme.ListSalesParams{After: late, MakeDateMax: early}), "make_date"},
		"updates end before":     {list(colorme.ListSalesParams{UpdateDateMin: late, UpdateDateMax: early}), "update_date"},
		"both names of a start":  {list(colorme.ListSalesParams{After: early, MakeDateMin: early}), "other names"},
		"nothing to change":      {update(colorme.UpdateSaleRequest{}), "nothing to change"},
		"unknown point state":    {update(colorme.UpdateSaleRequest{PointState: "given"}), "point_state"},
		"a delivery without id":  {update(delivery(colorme.UpdateSaleDelivery{})), "sale_deliveries[0].id"},
		"no such prefecture":     {update(delivery(colorme.UpdateSaleDelivery{ID: 1, PrefID: new(colorme.Prefecture(99))})), "99 is no prefecture"},
		"set to no day":          {update(delivery(colorme.UpdateSaleDelivery{ID: 1, PreferredDate: shotengai.Set(shotengai.Date{})})), "set to no date"},
		"no payment":             {create(colorme.CreateSaleRequest{Details: details}), "payment_id is required"},
		"no lines":               {create(colorme.CreateSaleRequest{PaymentID: 1}), "details"},
		"a line of nothing":      {create(colorme.CreateSaleRequest{PaymentID: 1, Details: []colorme.CreateSaleDetail{{ProductID: 1}}}), "details[0]"},
		"a sex that orders lack": {create(colorme.CreateSaleRequest{PaymentID: 1, Details: details, Customer: &colorme.CreateSaleCustomer{Sex: new(colorme.SexNotApplicable)}}), "customer.sex"},
		"customer from nowhere":  {create(colorme.CreateSaleRequest{PaymentID: 1, Details: details, Customer: &colorme.CreateSaleCustomer{PrefID: new(colorme.Prefecture(0))}}), "customer.pref_id"},
		"an empty destination":   {create(colorme.CreateSaleRequest{PaymentID: 1, Details: details, SaleDeliveries: []colorme.CreateSaleDelivery{{}}}), "sale_deliveries[0].delivery_id"},
		"an unknown mail": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return only(c.Sales.SendMail(ctx, 1, "thanks"))
		}, "mail.type"},
		"no mail": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return only(c.Sales.SendMail(ctx, 1, ""))
		}, "mail.type"},
	})
}

// Carried over the fake: what an order's life looks like from outside.
func TestSalesOverTheFake(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t)
	ctx := t.Context()
	id := srv.Shop().AddSale(map[string]any{"paid": false})
	sale, err := client.Sales.Update(ctx, id, colorme.UpdateSaleRequest{Paid: new(true)})
	require.NoError(t, err)
	assert.True(t, sale.Paid)
	require.NoError(t, client.Sales.SendMail(ctx, id, colorme.MailPaid))
	assert.Len(t, srv.Mails(), 1)
	_, err = client.Sales.CreatePaymentURL(ctx, id)
	require.ErrorIs(t, err, shotengai.ErrInvalid, "it is paid already")
	sale, err = client.Sales.Cancel(ctx, id, true)
	require.NoError(t, err)
	assert.True(t, sale.Canceled)
	assert.Zero(t, sale.TotalPrice)
}

func TestSalesAllNeedsAStart(t *testing.T) {
	t.Parallel()
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a call was sent") })
	for _, err := range client.Sales.All(t.Context(), colorme.ListSalesParams{}) {
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		assert.ErrorContains(t, err, "no start date")
	}
}
