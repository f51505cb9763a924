package colorme

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// SalesService works with orders, which the platform calls sales.
type SalesService service

type saleEnvelope[T any] struct {
	Sale T `json:"sale"`
}

func (e *saleEnvelope[T]) value() *T { return &e.Sale }

// ListSalesParams selects orders. Times are made by [At]. Without MakeDateMin or After the
// platform looks at 7 days only: from 00:00 seven days before MakeDateMax, or before now.
type ListSalesParams struct {
	IDs                IDs       `url:"ids,omitempty"`
	After              DateTime  `url:"after,omitempty"`  // synonym of MakeDateMin
	Before             DateTime  `url:"before,omitempty"` // synonym of MakeDateMax
	MakeDateMin        DateTime  `url:"make_date_min,omitempty"`
	MakeDateMax        DateTime  `url:"make_date_max,omitempty"`
	UpdateDateMin      DateTime  `url:"update_date_min,omitempty"`
	UpdateDateMax      DateTime  `url:"update_date_max,omitempty"`
	CustomerIDs        IDs       `url:"customer_ids,omitempty"`
	CustomerName       string    `url:"customer_name,omitempty"`     // part of the name
	CustomerFurigana   string    `url:"customer_furigana,omitempty"` // part of the reading
	CustomerMail       string    `url:"customer_mail,omitempty"`     // part of the address
	AcceptedMailState  MailState `url:"accepted_mail_state,omitempty"`
	PaidMailState      MailState `url:"paid_mail_state,omitempty"`
	DeliveredMailState MailState `url:"delivered_mail_state,omitempty"`
	Mobile             *bool     `url:"mobile,omitempty"`
	Paid               *bool     `url:"paid,omitempty"`
	Delivered          *bool     `url:"delivered,omitempty"`
	Canceled           *bool     `url:"canceled,omitempty"`
	PaymentIDs         IDs       `url:"payment_ids,omitempty"`
	Fields             Fields    `url:"fields,omitempty"` // names of the members to send, all when empty
	Limit              int       `url:"limit,omitempty"`  // rows a page, 1 to 100; 10 when 0; more is clamped. Provisional.
	Offset             int       `url:"offset,omitempty"`

	// Recent asks for the platform's window of 7 days. Without it, All refuses to start
	// when there is no start date.
	Recent bool `url:"-"`
}

// List returns one page of orders, newest first (Provisional). Scope: read_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/sale/operation/getSales
func (s *SalesService) List(ctx context.Context, params ListSalesParams, opts ...shotengai.CallOption) (*shotengai.Page[Sale], error) {
	type reply struct {
		Sales []Sale `json:"sales" rows:"id"`
		Meta  meta   `json:"meta"`
	}
	r := api.Request{Operation: "GET /v1/sales", Params: params, Check: params.validate()}
	return api.List(ctx, s.client.engine, r, func(w *reply) *shotengai.Page[Sale] { return newPage(w.Sales, w.Meta) }, opts...)
}

// All yields the orders that params selects, fetching 100 at a time unless params.Limit
// is set, and starting at params.Offset. It needs a start date (MakeDateMin or
// After) or Recent, because the platform would otherwise send the last 7 days only. It is
// not known whether ids or an update date lift this window: set an old start date beside
// them. Fields always includes the ID. Scope: read_sales.
//
// New orders move rows to later pages; a row that is read twice is yielded once. Orders that
// leave the selection, as paid ones leave that of the unpaid, would hide others: the
// iteration then ends with [shotengai.ErrRowsMoved]. So collect first and change afterwards.
// An order that cannot be read is a [shotengai.RowError], after which the iteration goes on.
// Any other error ends it too, as a [shotengai.PageError]. To go on later, set MakeDateMax to
// the MakeDate of the last order that was saved, since new orders move the list under an
// offset; the orders since then need a run of their own.
func (s *SalesService) All(ctx context.Context, params ListSalesParams, opts ...shotengai.CallOption) iter.Seq2[*Sale, error] {
	refused := params.validateAll()
	params.Limit = cmp.Or(params.Limit, 100)
	params.Fields = withMembers(params.Fields, "id")
	return walk(ctx, params.Offset, func(sale *Sale) int64 { return sale.ID }, func(ctx context.Context, offset int) (*shotengai.Page[Sale], error) {
		if refused != nil {
			return nil, s.client.engine.Invalid(ctx, api.Request{Operation: "GET /v1/sales"}, refused)
		}
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// Get returns one order. Unlike lists it has the siblings of a split order. Scope:
// read_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/sale/operation/getSale
func (s *SalesService) Get(ctx context.Context, id int64, opts ...shotengai.CallOption) (*Sale, error) {
	r := api.Request{Operation: "GET /v1/sales/{id}", Path: api.ID(id)}
	return api.Pick(ctx, s.client.engine, r, (*saleEnvelope[Sale]).value, opts...)
}

// Update changes an order: whether it is paid, the state of its points, its delivery
// lines. Scope: write_sales.
//
// A point state of [PointFixed] grants the points and is final; child orders of a split
// refuse it. Changing gift charges of an order paid by Amazon Pay, LINE Pay or Rakuten
// Pay moves money (with LINE Pay only downward).
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/sale/operation/updateSale
func (s *SalesService) Update(ctx context.Context, id int64, sale UpdateSaleRequest, opts ...shotengai.CallOption) (*Sale, error) {
	r := api.Request{
		Operation: "PUT /v1/sales/{id}", Path: api.ID(id), Check: sale.validate(),
		Body: saleEnvelope[UpdateSaleRequest]{sale},
	}
	return api.Pick(ctx, s.client.engine, r, (*saleEnvelope[Sale]).value, opts...)
}

// UpdateSaleRequest is what can be changed of an order. What is left out stays.
type UpdateSaleRequest struct {
	Paid           *bool                `json:"paid,omitzero"`
	PointState     UpdatePointState     `json:"point_state,omitzero"`
	SaleDeliveries []UpdateSaleDelivery `json:"sale_deliveries,omitzero"`
}

// UpdateSaleDelivery changes one delivery of an order. What is left out stays; Clear
// empties. Amounts are yen.
type UpdateSaleDelivery struct {
	ID              int64                               `json:"id"` // required
	Name            *string                             `json:"name,omitzero"`
	Furigana        *string                             `json:"furigana,omitzero"`
	Postal          shotengai.Clearable[string]         `json:"postal,omitzero"`
	PrefID          *Prefecture                         `json:"pref_id,omitzero"`
	Address1        shotengai.Clearable[string]         `json:"address1,omitzero"`
	Address2        shotengai.Clearable[string]         `json:"address2,omitzero"`
	Tel             shotengai.Clearable[string]         `json:"tel,omitzero"`
	PreferredDate   shotengai.Clearable[shotengai.Date] `json:"preferred_date,omitzero"`
	PreferredPeriod shotengai.Clearable[string]         `json:"preferred_period,omitzero"`
	SlipNumber      shotengai.Clearable[string]         `json:"slip_number,omitzero"`
	NoshiText       shotengai.Clearable[string]         `json:"noshi_text,omitzero"`
	NoshiCharge     shotengai.Clearable[int64]          `json:"noshi_charge,omitzero"`
	CardName        shotengai.Clearable[string]         `json:"card_name,omitzero"`
	CardText        shotengai.Clearable[string]         `json:"card_text,omitzero"`
	CardCharge      shotengai.Clearable[int64]          `json:"card_charge,omitzero"`
	WrappingName    shotengai.Clearable[string]         `json:"wrapping_name,omitzero"`
	WrappingCharge  shotengai.Clearable[int64]          `json:"wrapping_charge,omitzero"`
	DeliveryCharge  *int64                              `json:"delivery_charge,omitzero"`
	Memo            shotengai.Clearable[string]         `json:"memo,omitzero"`
	Delivered       *bool                               `json:"delivered,omitzero"`
}

// UpdatePointState is a point state as an update spells it. It differs from [PointState]
// in one letter.
type UpdatePointState string

// Point states of an update.
const (
	UpdatePointAssumed  UpdatePointState = "assumed"
	UpdatePointFixed    UpdatePointState = "fixed"    // grants the points; final
	UpdatePointCenceled UpdatePointState = "cenceled" // the documented spelling. Provisional.
)

// Cancel cancels an order and, with restock, returns its products to the stock. Scope:
// write_sales.
//
// It refunds Amazon Pay, LINE Pay and Rakuten Pay, cancels PayPay (Epsilon), sets
// quantities and total to zero and reverses points. Split orders are not supported, nor is
// the linked cancellation of Epsilon cards.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/sale/operation/cancelSale
func (s *SalesService) Cancel(ctx context.Context, id int64, restock bool, opts ...shotengai.CallOption) (*Sale, error) {
	r := api.Request{Operation: "PUT /v1/sales/{id}/cancel", Path: api.ID(id), Body: cancelBody{restock}}
	return api.Pick(ctx, s.client.engine, r, (*saleEnvelope[Sale]).value, opts...)
}

type cancelBody struct {
	Restock bool `json:"restock"`
}

// SendMail sends one of the shop's mails about an order to its customer. Of a split order,
// accepted and paid mails can be sent for the parent only. Sending it again sends another
// mail. Scope: write_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/sale/operation/sendSalesMail
func (s *SalesService) SendMail(ctx context.Context, id int64, mail MailType, opts ...shotengai.CallOption) error {
	var body mailBody
	body.Mail.Type = mail
	r := api.Request{
		Operation: "POST /v1/sales/{id}/mails", Path: api.ID(id), Body: body,
		Check: check.Exactly("mail.type", mail, MailAccepted, MailPaid, MailDelivered),
	}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

type mailBody struct {
	Mail struct {
		Type MailType `json:"type"`
	} `json:"mail"`
}

// MailType is a mail that the shop sends about an order.
type MailType string

// Mails about an order.
const (
	MailAccepted  MailType = "accepted"
	MailPaid      MailType = "paid"
	MailDelivered MailType = "delivered"
)

// CreatePaymentURL issues an address at which the customer can pay an unpaid order later.
// The order must be uncancelled and its payment method must support it; a paid order is
// refused with code 422001. The address works for 72 hours. Scope: write_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/sale/operation/createPaymentUrls
func (s *SalesService) CreatePaymentURL(ctx context.Context, id int64, opts ...shotengai.CallOption) (*PaymentURL, error) {
	r := api.Request{Operation: "POST /v1/sales/{id}/payment_urls", Path: api.ID(id)}
	return api.Get[PaymentURL](ctx, s.client.engine, r, opts...)
}

// PaymentURL is an address at which an order can be paid.
type PaymentURL struct {
	PaymentURL string `json:"payment_url"`
	ExpiresAt  Time   `json:"expires_at"`
}

// Stat returns the order totals of a day, of the days up to it and of its month. A zero
// day is today. Scope: read_sales.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/sale/operation/statSale
func (s *SalesService) Stat(ctx context.Context, day time.Time, opts ...shotengai.CallOption) (*SalesStat, error) {
	type reply struct {
		SalesStat SalesStat `json:"sales_stat"`
	}
	r := api.Request{Operation: "GET /v1/sales/stat", Params: statParams{shotengai.DateOf(day)}}
	return api.Pick(ctx, s.client.engine, r, func(w *reply) *SalesStat { return &w.SalesStat }, opts...)
}

type statParams struct {
	MakeDate shotengai.Date `url:"make_date,omitempty"`
}

// SalesStat is the order totals around a day. Amounts are yen.
type SalesStat struct {
	AccountID       string `json:"account_id"`
	Date            Time   `json:"date"` // 00:00 in Japan of the day
	AmountToday     int64  `json:"amount_today"`
	CountToday      int    `json:"count_today"`
	AmountLast7Days int64  `json:"amount_last_7days"` // 8 days: the day itself and the 7 before
	CountLast7Days  int    `json:"count_last_7days"`
	AmountThisMonth int64  `json:"amount_this_month"`
	CountThisMonth  int    `json:"count_this_month"`
}
