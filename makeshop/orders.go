package makeshop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/check"
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
	Limit            int            `json:"limit,omitzero"` // rows a page, 1 to 1,000; the platform may return fewer

	// Parts are what to ask for of each order; zero is OrderAll.
	Parts OrderParts `json:"-"`
}

func (p ListOrdersParams) validate() error {
	return errors.Join(
		orderedTimes("orderDate", p.StartOrderDate, p.EndOrderDate),
		orderedTimes("paymentDate", p.StartPaymentDate, p.EndPaymentDate),
		check.OneOf("deliveryStatus", p.DeliveryStatus, DeliveryNotProcessed, DeliveryShipped, DeliveryCancelled, DeliveryReturned),
		check.OneOf("sortOrder", p.SortOrder, Ascending, Descending),
		paging(p.Page, p.Limit),
		p.Parts.validate(),
	)
}

func orderedTimes(field string, from, to Time) error {
	if !from.IsZero() && !to.IsZero() && to.Before(from.Time) {
		return fmt.Errorf("%s: the end is before the start", field)
	}
	return nil
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
	Orders        []Order `json:"orders" rows:"systemOrderNumber"`
	SearchedCount *int    `json:"searchedCount"`
	Page          int     `json:"page"`
}

func (r *searchOrderResponse) page() *shotengai.Page[Order] {
	return &shotengai.Page[Order]{Items: r.Orders, Total: r.SearchedCount, Number: r.Page}
}

// List returns one page of orders (searchOrder).
func (s *OrdersService) List(ctx context.Context, params ListOrdersParams, opts ...shotengai.CallOption) (*shotengai.Page[Order], error) {
	return list(ctx, s.client, params.Parts.operation(), params, params.validate(), (*searchOrderResponse).page, opts)
}

// All yields the orders that params selects, from params.Page on. It goes on until a page
// is empty or all rows have come, however many rows the platform returns a page. An order
// that the page before had already, because orders came in meanwhile, is yielded once.
// Orders that leave the selection, as shipped ones leave that of the open ones, would hide
// others: it then ends with [shotengai.ErrRowsMoved]. So collect first and change afterwards.
// An order that cannot be read is a [shotengai.RowError], after which the iteration goes on.
// Any other error ends it, as a [shotengai.PageError] whose Offset is the page to go on from.
func (s *OrdersService) All(ctx context.Context, params ListOrdersParams, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	return walk(ctx, params.Page, params.Limit, func(o *Order) string { return o.SystemOrderNumber }, func(ctx context.Context, page, limit int) (*shotengai.Page[Order], error) {
		params.Page, params.Limit = page, limit
		return s.List(ctx, params, opts...)
	}, opts...)
}

// OrderKey names a row of a mutation of orders: an order, or one delivery of it.
type OrderKey struct {
	DisplayOrderNumber string
	DeliveryID         string // empty for the order as a whole
}

// String joins the order and its delivery by a slash.
func (k OrderKey) String() string {
	if k.DeliveryID == "" {
		return k.DisplayOrderNumber
	}
	return k.DisplayOrderNumber + "/" + k.DeliveryID
}

func orderKeys(number string, delivery *string) []OrderKey {
	key := OrderKey{DisplayOrderNumber: number}
	if delivery != nil {
		key.DeliveryID = *delivery
	}
	return []OrderKey{key}
}

// sameOrder reports whether two keys are of one row: answers may name the delivery of a
// row that is about an order, and leave out that of one that is about a delivery.
func sameOrder(asked, answered OrderKey) (OrderKey, bool) {
	key := OrderKey{asked.DisplayOrderNumber, cmp.Or(asked.DeliveryID, answered.DeliveryID)}
	same := answered.DeliveryID == "" || answered.DeliveryID == key.DeliveryID
	return key, same && agree(asked.DisplayOrderNumber, answered.DisplayOrderNumber)
}

// orderResult is what became of one row. Its message is empty for a success.
type orderResult struct {
	DisplayOrderNumber string `json:"displayOrderNumber"`
	DeliveryID         string `json:"deliveryId"`
	Message            string `json:"message"`
}

func orderRows(results []orderResult) []said[OrderKey] {
	var rows []said[OrderKey]
	for _, r := range results {
		rows = append(rows, said[OrderKey]{
			key: OrderKey{r.DisplayOrderNumber, r.DeliveryID}, failed: r.Message != "", message: r.Message,
		})
	}
	return rows
}

// UpdateOrderAttributeRequest changes one order.
type UpdateOrderAttributeRequest struct {
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

type updateOrderAttributeResponse struct {
	Results []orderResult `json:"updateOrderAttributeResults"`
}

var updateOrderAttribute = mutation[UpdateOrderAttributeRequest, updateOrderAttributeResponse, OrderKey]{
	operation: operation{
		root: "updateOrderAttribute", mutation: true,
		text: "mutation updateOrderAttribute($input: UpdateOrderAttributeRequest!) { updateOrderAttribute(input: $input)" +
			" { updateOrderAttributeResults { displayOrderNumber message } } }",
	},
	field: "updateOrderAttributes",
	check: func(r UpdateOrderAttributeRequest) error {
		return check.NotEmpty("displayOrderNumber", r.DisplayOrderNumber)
	},
	keys: func(r UpdateOrderAttributeRequest) []OrderKey { return orderKeys(r.DisplayOrderNumber, nil) },
	read: func(r *updateOrderAttributeResponse) []said[OrderKey] { return orderRows(r.Results) },
	same: sameOrder,
	all:  true,
}

// UpdateAttributes sets tracking numbers and carriers (updateOrderAttribute). Provisional.
func (s *OrdersService) UpdateAttributes(ctx context.Context, orders []UpdateOrderAttributeRequest, opts ...shotengai.CallOption) (*shotengai.Results[OrderKey], error) {
	return updateOrderAttribute.run(ctx, s.client, orders, opts)
}

// UpdateDeliveryStatus is the state of a delivery as updates spell it. Two more values
// exist, for "shipping instructed" and "returned", of which the spelling is not known;
// whoever knows it may use it.
type UpdateDeliveryStatus string

// States that an update can set.
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

// UpdateOrderDeliveryRequest sets the state of one delivery of an order; without an id,
// that of the order.
type UpdateOrderDeliveryRequest struct {
	DisplayOrderNumber string               `json:"displayOrderNumber"` // required
	DeliveryID         *string              `json:"deliveryId,omitzero"`
	DeliveryStatus     UpdateDeliveryStatus `json:"deliveryStatus"` // required
}

func (r UpdateOrderDeliveryRequest) validate() error {
	return errors.Join(check.NotEmpty("displayOrderNumber", r.DisplayOrderNumber), r.DeliveryStatus.validate())
}

type updateOrderDeliveryStatusResponse struct {
	Results []orderResult `json:"updateOrderDeliveryStatusResults"`
}

var updateOrderDeliveryStatus = mutation[UpdateOrderDeliveryRequest, updateOrderDeliveryStatusResponse, OrderKey]{
	operation: operation{
		root: "updateOrderDeliveryStatus", mutation: true,
		text: "mutation updateOrderDeliveryStatus($input: UpdateOrderDeliveryStatusRequest!)" +
			" { updateOrderDeliveryStatus(input: $input)" +
			" { updateOrderDeliveryStatusResults { displayOrderNumber deliveryId message } } }",
	},
	field: "updateOrderDeliveryStatusRequests",
	check: UpdateOrderDeliveryRequest.validate,
	keys:  func(r UpdateOrderDeliveryRequest) []OrderKey { return orderKeys(r.DisplayOrderNumber, r.DeliveryID) },
	read:  func(r *updateOrderDeliveryStatusResponse) []said[OrderKey] { return orderRows(r.Results) },
	same:  sameOrder,
	all:   true,
}

// UpdateDeliveryStatuses sets the states of deliveries (updateOrderDeliveryStatus).
// Provisional.
func (s *OrdersService) UpdateDeliveryStatuses(ctx context.Context, orders []UpdateOrderDeliveryRequest, opts ...shotengai.CallOption) (*shotengai.Results[OrderKey], error) {
	return updateOrderDeliveryStatus.run(ctx, s.client, orders, opts)
}

// CancelOrderRequest cancels an order or one delivery of it.
type CancelOrderRequest struct {
	DisplayOrderNumber string  `json:"displayOrderNumber"` // required
	DeliveryID         *string `json:"deliveryId,omitzero"`
	IsReturnStock      *bool   `json:"isReturnStock,omitzero"` // puts the stock back
	IsReturnPoint      *bool   `json:"isReturnPoint,omitzero"` // returns the points
}

type cancelOrderResponse struct {
	Results []orderResult `json:"cancelOrderResults"`
}

var cancelOrder = mutation[CancelOrderRequest, cancelOrderResponse, OrderKey]{
	operation: operation{
		root: "cancelOrder", mutation: true,
		text: "mutation cancelOrder($input: CancelOrderRequest!) { cancelOrder(input: $input)" +
			" { cancelOrderResults { displayOrderNumber deliveryId message } } }",
	},
	field: "cancelOrderRequests",
	check: func(r CancelOrderRequest) error { return check.NotEmpty("displayOrderNumber", r.DisplayOrderNumber) },
	keys:  func(r CancelOrderRequest) []OrderKey { return orderKeys(r.DisplayOrderNumber, r.DeliveryID) },
	read:  func(r *cancelOrderResponse) []said[OrderKey] { return orderRows(r.Results) },
	same:  sameOrder,
}

// Cancel cancels orders (cancelOrder). It cannot be undone. A row without a message, or
// that the answer does not name, counts as done. The one client that is known took every
// row of the answer for a failure: look at the orders where that matters. Provisional.
func (s *OrdersService) Cancel(ctx context.Context, orders []CancelOrderRequest, opts ...shotengai.CallOption) (*shotengai.Results[OrderKey], error) {
	return cancelOrder.run(ctx, s.client, orders, opts)
}
