package makeshop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// OrdersService works with orders.
type OrdersService service

// OrderParts are the parts of an order that a search asks for, joined by |. What is not
// asked for stays zero, and costs nothing.
type OrderParts uint

// Parts of an order. The head is always there.
const (
	OrderHead       OrderParts = 1 << iota // numbers, date, member, payment, sum
	OrderSender                            // the buyer's name and prefecture, method of payment
	OrderMessage                           // the buyer's message
	OrderDiscounts                         // discounts per tax rate
	OrderDeliveries                        // deliveries, without their lines
	OrderLines                             // lines, and with them the deliveries' ids and states
	OrderOptions                           // what the buyer chose for the lines, and with it the lines

	OrderAll = OrderHead | OrderSender | OrderMessage | OrderDiscounts | OrderDeliveries | OrderLines | OrderOptions
)

// ListOrdersParams selects orders.
type ListOrdersParams struct {
	StartOrderDate   Time           `json:"startOrderDate,omitzero"`
	EndOrderDate     Time           `json:"endOrderDate,omitzero"`
	StartPaymentDate Time           `json:"startPaymentDate,omitzero"`
	EndPaymentDate   Time           `json:"endPaymentDate,omitzero"`
	DeliveryStatus   DeliveryStatus `json:"deliveryStatus,omitzero"`
	SortOrder        SortOrder      `json:"sortOrder,omitzero"`
	Page             int            `json:"page,omitzero"`  // from 1
	Limit            int            `json:"limit,omitzero"` // rows a page, 1 to 1,000; the platform may give fewer

	// Parts are what to ask for of each order; zero is OrderAll.
	Parts OrderParts `json:"-"`
}

func (p ListOrdersParams) validate() error {
	return errors.Join(
		orderedTimes("orderDate", p.StartOrderDate, p.EndOrderDate),
		orderedTimes("paymentDate", p.StartPaymentDate, p.EndPaymentDate),
		oneOf("deliveryStatus", p.DeliveryStatus, DeliveryNotProcessed, DeliveryShipped, DeliveryCancelled, DeliveryReturned),
		oneOf("sortOrder", p.SortOrder, Ascending, Descending),
		paging(p.Page, p.Limit),
		p.Parts.validate(),
	)
}

func (p OrderParts) validate() error {
	if p&^OrderAll != 0 {
		return fmt.Errorf("parts: %b has unknown ones", p)
	}
	return nil
}

// The pieces of the document of searchOrder.
const (
	orderHeadFields      = "systemOrderNumber displayOrderNumber orderDate memberId paymentStatusCode sumPrice"
	orderSenderFields    = "senderName senderPrefecture payMethod"
	orderMessageFields   = "message"
	orderDiscountFields  = "discountPerTax { taxRate discount }"
	deliveryHeadFields   = "deliveryId deliveryStatus"
	deliveryDetailFields = "deliveryMethodIds deliveryDate estimatedShipmentDate desiredDeliveryDate" +
		" desiredDeliveryTimezone slipNumber wmsStatus shippingCharge deliverySumPrice deliveryMessage" +
		" receiverName receiverPost receiverPrefecture receiverAddress receiverAddress2 receiverTel"
	lineFields = "productCode productCustomCode variationCustomCode janCode productName variationName" +
		" amount price"
	lineOptionFields = "customSelects { customSelectName selectedItemName }"
)

// selection joins the pieces that the parts stand for.
func (p OrderParts) selection() string {
	p = cmp.Or(p, OrderAll)
	pieces := []string{orderHeadFields}
	add := func(part OrderParts, piece string) {
		if p&part != 0 {
			pieces = append(pieces, piece)
		}
	}
	add(OrderSender, orderSenderFields)
	add(OrderMessage, orderMessageFields)
	add(OrderDiscounts, orderDiscountFields)
	if p&(OrderDeliveries|OrderLines|OrderOptions) == 0 {
		return strings.Join(pieces, " ")
	}
	pieces = append(pieces, "deliveryInfos {", deliveryHeadFields)
	add(OrderDeliveries, deliveryDetailFields)
	if p&(OrderLines|OrderOptions) != 0 {
		pieces = append(pieces, "basketInfos {", lineFields)
		add(OrderOptions, lineOptionFields)
		pieces = append(pieces, "}")
	}
	return strings.Join(append(pieces, "}"), " ")
}

func (p OrderParts) operation() operation {
	return operation{
		root: "searchOrder",
		text: "query searchOrder($input: SearchOrderRequest!) { searchOrder(input: $input) { orders { " +
			p.selection() + " } searchedCount page } }",
	}
}

type searchOrderResponse struct {
	Orders        []Order `json:"orders"`
	SearchedCount *int64  `json:"searchedCount"`
	Page          *int64  `json:"page"`
}

// List returns one page of orders (searchOrder).
func (s *OrdersService) List(ctx context.Context, params ListOrdersParams, opts ...CallOption) (*Page[Order], error) {
	out, err := get[searchOrderResponse](ctx, s.client, params.Parts.operation(), params, params.validate(), opts)
	if out == nil {
		return nil, err
	}
	return &Page[Order]{Items: out.Orders, SearchedCount: out.SearchedCount, Number: out.Page}, err
}

// All yields the orders that params selects, from params.Page on. It goes on until a page
// is empty or all rows have come, however many rows the platform gives a page. An order
// that the page before had already, because orders came in meanwhile, is yielded once. An
// error ends it, as a [PageError] that says where to go on.
func (s *OrdersService) All(ctx context.Context, params ListOrdersParams, opts ...CallOption) iter.Seq2[*Order, error] {
	return walk(ctx, params.Page, func(o *Order) string { return o.SystemOrderNumber }, func(ctx context.Context, page int) (*Page[Order], error) {
		params.Page = page
		return s.List(ctx, params, opts...)
	})
}

// OrderResult is what became of one row of a mutation of orders. Message is empty for a
// success.
type OrderResult struct {
	DisplayOrderNumber string `json:"displayOrderNumber"`
	DeliveryID         string `json:"deliveryId"` // not of UpdateAttributes
	Message            string `json:"message"`
}

func failedOrders(results []OrderResult) []RowFailure {
	return failedRows(results, func(r OrderResult) (string, string, bool) {
		return r.DisplayOrderNumber, r.Message, r.Message != ""
	})
}

// UpdateOrderAttribute changes one order.
type UpdateOrderAttribute struct {
	DisplayOrderNumber   string                `json:"displayOrderNumber"` // required
	DeliveryRequestInfos []DeliveryRequestInfo `json:"deliveryRequestInfos,omitzero"`
}

// DeliveryRequestInfo changes one delivery of an order. What is left out stays; an empty
// SlipNumber is sent.
type DeliveryRequestInfo struct {
	DeliveryID          *string         `json:"deliveryId,omitzero"`
	SlipNumber          *string         `json:"slipNumber,omitzero"`
	DeliveryCompanyCode DeliveryCompany `json:"deliveryCompanyCode,omitzero"`
}

// DeliveryCompany is a carrier. Open set.
type DeliveryCompany string

// Carriers that were seen.
const (
	CarrierNone          DeliveryCompany = "000"
	CarrierYamato        DeliveryCompany = "002"
	CarrierSagawa        DeliveryCompany = "003"
	CarrierYamatoCompact DeliveryCompany = "029"
	CarrierYamatoNekopos DeliveryCompany = "030"
)

// UpdateOrderAttributesResult is what became of the rows.
type UpdateOrderAttributesResult struct {
	Results []OrderResult `json:"updateOrderAttributeResults"`
}

func (r *UpdateOrderAttributesResult) failures() []RowFailure { return failedOrders(r.Results) }

var updateOrderAttribute = operation{
	root: "updateOrderAttribute", mutation: true,
	text: "mutation updateOrderAttribute($input: UpdateOrderAttributeRequest!) { updateOrderAttribute(input: $input)" +
		" { updateOrderAttributeResults { displayOrderNumber message } } }",
}

// UpdateAttributes sets tracking numbers and carriers (updateOrderAttribute). The result
// comes with an error that matches [ErrRows] if some rows failed. Single source.
func (s *OrdersService) UpdateAttributes(ctx context.Context, orders []UpdateOrderAttribute, opts ...CallOption) (*UpdateOrderAttributesResult, error) {
	check := eachRow("updateOrderAttributes", orders, func(o UpdateOrderAttribute) error {
		return notEmpty("displayOrderNumber", o.DisplayOrderNumber)
	})
	in := struct {
		Rows []UpdateOrderAttribute `json:"updateOrderAttributes"`
	}{orders}
	return mutate[UpdateOrderAttributesResult](ctx, s.client, updateOrderAttribute, in, check, opts)
}

// UpdateDeliveryStatus is the state of a delivery as updates spell it. Two more values
// exist, for "shipping instructed" and "returned", of which the spelling is not known;
// whoever knows it may use it.
type UpdateDeliveryStatus string

// States that a delivery can be given.
const (
	UpdateDeliveryNotYet    UpdateDeliveryStatus = "NOT_YET"
	UpdateDeliveryCompleted UpdateDeliveryStatus = "COMPLETED"
)

func (u UpdateDeliveryStatus) validate() error {
	reads := []UpdateDeliveryStatus{"N", "Y", "C", "R"}
	if slices.Contains(reads, u) {
		return fmt.Errorf("deliveryStatus: %q is a state of answers; updates have NOT_YET and COMPLETED", string(u))
	}
	if !isName(string(u)) {
		return fmt.Errorf("deliveryStatus: %q cannot be a state", string(u))
	}
	return nil
}

// UpdateOrderDelivery gives one delivery of an order another state; without an id, the
// order.
type UpdateOrderDelivery struct {
	DisplayOrderNumber string               `json:"displayOrderNumber"` // required
	DeliveryID         *string              `json:"deliveryId,omitzero"`
	DeliveryStatus     UpdateDeliveryStatus `json:"deliveryStatus"` // required
}

// UpdateDeliveryStatusesResult is what became of the rows.
type UpdateDeliveryStatusesResult struct {
	Results []OrderResult `json:"updateOrderDeliveryStatusResults"`
}

func (r *UpdateDeliveryStatusesResult) failures() []RowFailure { return failedOrders(r.Results) }

var updateOrderDeliveryStatus = operation{
	root: "updateOrderDeliveryStatus", mutation: true,
	text: "mutation updateOrderDeliveryStatus($input: UpdateOrderDeliveryStatusRequest!)" +
		" { updateOrderDeliveryStatus(input: $input)" +
		" { updateOrderDeliveryStatusResults { displayOrderNumber deliveryId message } } }",
}

// UpdateDeliveryStatuses sets the states of deliveries (updateOrderDeliveryStatus). The
// result comes with an error that matches [ErrRows] if some rows failed. Single source.
func (s *OrdersService) UpdateDeliveryStatuses(ctx context.Context, orders []UpdateOrderDelivery, opts ...CallOption) (*UpdateDeliveryStatusesResult, error) {
	check := eachRow("updateOrderDeliveryStatusRequests", orders, func(o UpdateOrderDelivery) error {
		return errors.Join(notEmpty("displayOrderNumber", o.DisplayOrderNumber), o.DeliveryStatus.validate())
	})
	in := struct {
		Rows []UpdateOrderDelivery `json:"updateOrderDeliveryStatusRequests"`
	}{orders}
	return mutate[UpdateDeliveryStatusesResult](ctx, s.client, updateOrderDeliveryStatus, in, check, opts)
}

// CancelOrder cancels an order or one delivery of it.
type CancelOrder struct {
	DisplayOrderNumber string  `json:"displayOrderNumber"` // required
	DeliveryID         *string `json:"deliveryId,omitzero"`
	IsReturnStock      *bool   `json:"isReturnStock,omitzero"` // put the stock back
	IsReturnPoint      *bool   `json:"isReturnPoint,omitzero"` // give the points back
}

// CancelOrdersResult is what became of the rows.
type CancelOrdersResult struct {
	Results []OrderResult `json:"cancelOrderResults"`
}

func (r *CancelOrdersResult) failures() []RowFailure { return failedOrders(r.Results) }

var cancelOrder = operation{
	root: "cancelOrder", mutation: true,
	text: "mutation cancelOrder($input: CancelOrderRequest!) { cancelOrder(input: $input)" +
		" { cancelOrderResults { displayOrderNumber deliveryId message } } }",
}

// Cancel cancels orders (cancelOrder). It cannot be undone. The result comes with an error
// that matches [ErrRows] if some rows failed. A row without a message counts as done; the
// one client that is known took every row for a failure, so look at Results where that
// matters. Single source.
func (s *OrdersService) Cancel(ctx context.Context, orders []CancelOrder, opts ...CallOption) (*CancelOrdersResult, error) {
	check := eachRow("cancelOrderRequests", orders, func(o CancelOrder) error {
		return notEmpty("displayOrderNumber", o.DisplayOrderNumber)
	})
	in := struct {
		Rows []CancelOrder `json:"cancelOrderRequests"`
	}{orders}
	return mutate[CancelOrdersResult](ctx, s.client, cancelOrder, in, check, opts)
}
