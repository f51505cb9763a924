package stores

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// OrdersService works with the orders of the online shop and the registers. The API cannot
// cancel or refund.
type OrdersService service

// ListOrdersParams selects orders. Times are made by [At], dates by [shotengai.DateOf]. The
// description does not state whether the ends of a period include the whole day or second.
type ListOrdersParams struct {
	IDs                 OrderIDs       `url:"ids,omitempty"`
	Numbers             OrderNumbers   `url:"numbers,omitempty"`
	SettledSalesChannel string         `url:"settled_sales_channel,omitempty"` // "ec", "regi" or the id of a sales channel
	OrderedAtFrom       LocalTime      `url:"ordered_at_from,omitempty"`
	OrderedAtTo         LocalTime      `url:"ordered_at_to,omitempty"`
	CanceledAtFrom      LocalTime      `url:"canceled_at_from,omitempty"` // cancelled or refunded
	CanceledAtTo        LocalTime      `url:"canceled_at_to,omitempty"`
	ReadiedAtFrom       LocalTime      `url:"readied_at_from,omitempty"` // paid for and ready to ship
	ReadiedAtTo         LocalTime      `url:"readied_at_to,omitempty"`
	DeliveryStartFrom   shotengai.Date `url:"delivery_start_date_from,omitempty"` // the earliest date wished for, or the start of a preorder, where early, middle and late are the 1st, 11th and 21st
	DeliveryStartTo     shotengai.Date `url:"delivery_start_date_to,omitempty"`
	PaidStatus          PaidStatus     `url:"paid_status,omitempty"` // either value leaves out all cash-on-delivery orders
	DeliveryStatus      DeliveryStatus `url:"delivery_status,omitempty"`
	Direction           Direction      `url:"direction,omitempty"` // by order time; newest first when empty
	Limit               int            `url:"limit,omitempty"`     // rows a page, 1 to 100; 10 when 0
	Offset              int            `url:"offset,omitempty"`
}

// OrderIDs is a list of order ids in a query, a []OrderID.
type OrderIDs = shotengai.CommaList[OrderID]

// OrderNumbers is a list of order numbers in a query, a []OrderNumber.
type OrderNumbers = shotengai.CommaList[OrderNumber]

// PaidStatus selects orders by payment.
type PaidStatus string

// Values of PaidStatus.
const (
	Paid   PaidStatus = "paid"
	Unpaid PaidStatus = "unpaid"
)

// DeliveryStatus selects orders by delivery.
type DeliveryStatus string

// Values of DeliveryStatus.
const (
	DeliveryShipped DeliveryStatus = "shipped"
	DeliveryWaiting DeliveryStatus = "waiting" // ready to ship: unpaid orders are missing
)

// Direction is the order of a list.
type Direction string

// Values of Direction.
const (
	Descending Direction = "desc"
	Ascending  Direction = "asc"
)

func (p ListOrdersParams) validate() error {
	errs := []error{
		check.OneOf("paid_status", p.PaidStatus, Paid, Unpaid), check.OneOf("delivery_status", p.DeliveryStatus, DeliveryShipped, DeliveryWaiting),
		check.OneOf("direction", p.Direction, Ascending, Descending), paging(p.Limit, p.Offset),
		ordered("ordered_at", p.OrderedAtFrom, p.OrderedAtTo), ordered("canceled_at", p.CanceledAtFrom, p.CanceledAtTo),
		ordered("readied_at", p.ReadiedAtFrom, p.ReadiedAtTo), orderedDates("delivery_start_date", p.DeliveryStartFrom, p.DeliveryStartTo),
	}
	for _, number := range p.Numbers {
		if strings.Trim(string(number), "0123456789") != "" {
			errs = append(errs, errors.New("numbers: only digits are allowed; an id goes into IDs"))
		}
	}
	return errors.Join(errs...)
}

// List returns one page of orders, newest first. A new order can take a while to appear.
// Scope: retail.shop.read.
//
// https://github.com/heyinc/retail-api-docs
func (s *OrdersService) List(ctx context.Context, params ListOrdersParams, opts ...shotengai.CallOption) (*shotengai.Page[Order], error) {
	r := api.Request{Operation: "GET " + root + "/orders", Params: params, Check: params.validate()}
	return list(ctx, s.client, r, "orders", (*ordersReply).rows, params.Limit, params.Offset, opts)
}

type ordersReply struct {
	Orders []Order `json:"orders" rows:"id"`
}

func (r *ordersReply) rows() []Order { return r.Orders }

// All yields the orders that params selects, fetching 100 at a time unless params.Limit
// sets another number, and at least 2. Orders that come in while it runs may be missing.
// Orders that leave the list, such as those of [DeliveryWaiting] that are shipped, end it
// with [shotengai.ErrRowsMoved], because others may have been passed over. Collect first,
// and change what is in the list after that. An order that cannot be read is a
// [shotengai.RowError], after which the iteration goes on. Scope: retail.shop.read.
func (s *OrdersService) All(ctx context.Context, params ListOrdersParams, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	params.Limit = walkLimit(params.Limit)
	return walk(ctx, params.Offset, func(o *Order) OrderID { return o.ID }, func(ctx context.Context, offset int) (*shotengai.Page[Order], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// Shipped marks an order of the online shop as shipped; the shop's shipping mail goes out
// if the shop has it switched on. Downloads and tickets cannot be shipped. Repeating it is
// refused as [shotengai.ErrConflict] or [shotengai.ErrInvalid]. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *OrdersService) Shipped(ctx context.Context, id OrderID, opts ...shotengai.CallOption) (*Order, error) {
	r := api.Request{Operation: "POST " + root + "/orders/{id}/shipped", Path: []string{string(id)}, Decode: wholeOrder}
	return api.Get[Order](ctx, s.client.engine, r, opts...)
}

// UpdateDeliveries sets carrier, tracking number and so on of an order of the online shop.
// It does not mark the order as shipped. Orders with several deliveries are refused. A 423
// is [ErrLocked]: not applied, try again later. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *OrdersService) UpdateDeliveries(ctx context.Context, id OrderID, deliveries UpdateDeliveriesRequest, opts ...shotengai.CallOption) (*Order, error) {
	r := api.Request{
		Operation: "PATCH " + root + "/orders/{id}/deliveries", Path: []string{string(id)}, Body: deliveries,
		Check: deliveries.validate(), Decode: wholeOrder,
	}
	return api.Get[Order](ctx, s.client.engine, r, opts...)
}

var wholeOrder = api.Needs("id", func(o *Order) bool { return o.ID != "" })

// UpdateDeliveriesRequest is what can be set of a delivery; at least one field is needed.
// The platform does not define how to clear one. An empty TrackingNumber is refused before
// sending: it is a number that is missing by mistake.
type UpdateDeliveriesRequest struct {
	DeliveryMethodName   *string `json:"delivery_method_name,omitzero"`   // at most 20 characters
	EstimatedArrivalDate *string `json:"estimated_arrival_date,omitzero"` // free text, at most 30 characters
	TrackingNumber       *string `json:"tracking_number,omitzero"`        // at most 20 characters
	ShippedMailMessage   *string `json:"shipped_mail_message,omitzero"`   // at most 1,000 characters
}

func (r UpdateDeliveriesRequest) validate() error {
	if r == (UpdateDeliveriesRequest{}) {
		return errors.New("nothing to change")
	}
	var errs []error
	for _, f := range []struct {
		name  string
		value *string
		limit int
	}{
		{"delivery_method_name", r.DeliveryMethodName, 20},
		{"estimated_arrival_date", r.EstimatedArrivalDate, 30},
		{"tracking_number", r.TrackingNumber, 20},
		{"shipped_mail_message", r.ShippedMailMessage, 1000},
	} {
		if f.value != nil {
			errs = append(errs, check.AtMost(f.name, *f.value, f.limit))
		}
	}
	if r.TrackingNumber != nil {
		errs = append(errs, check.NotEmpty("tracking_number", *r.TrackingNumber))
	}
	return errors.Join(errs...)
}
