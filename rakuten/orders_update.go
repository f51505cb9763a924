package rakuten

import (
	"context"
	"errors"
	"slices"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// Messages is what the platform says of a write that succeeded.
type Messages []OrderMessage

// Warnings returns the messages that are warnings.
func (m Messages) Warnings() []OrderMessage {
	return slices.DeleteFunc(slices.Clone(m), func(message OrderMessage) bool { return message.MessageType != MessageWarning })
}

// write carries out a change of one order.
func (s *OrdersService) write(ctx context.Context, operation, orderNumber string, body any, check error, opts ...shotengai.CallOption) (Messages, error) {
	r := s.post(operation, body)
	r.Check, r.Auth = errors.Join(validNumber(orderNumber), check), s.client.guard(orderNumber)
	return api.Pick(ctx, s.client.engine, r, func(w *ordersWriteReply) Messages { return w.Messages }, opts...)
}

type ordersWriteReply struct {
	Messages Messages `json:"MessageModelList"`
}

// Confirm confirms orders that await it (progress 100), 100 a call. What became of each
// order is in the rows; the package says when there is an error too.
//
// A confirmed order cannot be shipped yet: Rakuten processes it first, and no call hastens
// that. This is the life of an order, with the DateType of the search that finds each step
// (provisional from 300 on, as is what Rakuten waits for):
//
//	100  ordered                 DateOrdered
//	200  by Confirm              DateConfirmed
//	300  by Rakuten              DateFixed
//	400  by a change             none, until the change is settled
//	500  by UpdateShipping       DateShippingReport; DateShipped for the days of its parcels
//	600  by Rakuten              none
//	700  by Rakuten              DatePaymentFixed
//	800  by a wish to cancel     none, until CancelAfterShipping
//	900  by Cancel from 100, 200 and 300; by CancelAfterShipping from 500, 600, 700 and 800
//
// No search finds an order by the day on which it was cancelled: get those that are neither
// paid nor cancelled again by their numbers.
func (s *OrdersService) Confirm(ctx context.Context, orderNumbers []string, opts ...shotengai.CallOption) (*OrderResults, error) {
	type body struct {
		OrderNumberList []string `json:"orderNumberList"`
	}
	return s.batch(ctx, "confirmOrder", orderNumbers, func(batch []string) any { return body{batch} }, opts...)
}

// UpdateSubStatus sets many orders to one sub-status, 100 a call. The shop's sub-statuses
// are what SubStatuses lists. What became of each order is in the rows, as with Confirm.
func (s *OrdersService) UpdateSubStatus(ctx context.Context, subStatusID int, orderNumbers []string, opts ...shotengai.CallOption) (*OrderResults, error) {
	type body struct {
		SubStatusID     int      `json:"subStatusId"`
		OrderNumberList []string `json:"orderNumberList"`
	}
	return s.batch(ctx, "updateOrderSubStatus", orderNumbers, func(batch []string) any { return body{subStatusID, batch} }, opts...)
}

// batch carries out a write on many orders, 100 a call.
func (s *OrdersService) batch(ctx context.Context, operation string, orders []string, body func([]string) any, opts ...shotengai.CallOption) (*OrderResults, error) {
	results, sent := newOrderResults(orders)
	if len(orders) == 0 {
		return results, s.client.engine.Invalid(ctx, s.post(operation, nil), errNoNumbers)
	}
	sent = refuseRepeats(sent)
	for done := 0; done < len(sent); done += MaxOrdersPerCall {
		rows := sent[done:min(done+MaxOrdersPerCall, len(sent))]
		numbers := keysOf(rows)
		var out struct {
			Messages []OrderMessage `json:"MessageModelList"`
		}
		r := s.post(operation, body(numbers))
		r.Auth = s.client.guard(numbers...)
		_, err := s.client.callRows(ctx, r, &out, opts...)
		others, err := takeOrders(rows, out.Messages, err)
		results.Messages = append(results.Messages, others...)
		if err != nil {
			abandon(sent)
			return results, err
		}
	}
	return results, nil
}

// SubStatuses lists the sub-statuses that the shop has set up below each progress.
func (s *OrdersService) SubStatuses(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[SubStatuses], error) {
	r := s.post("getSubStatusList", nil)
	r.Safety = api.Read
	return api.ListAll(ctx, s.client.engine, r, func(w *ordersSubStatusesReply) []SubStatuses { return w.Statuses }, opts...)
}

type ordersSubStatusesReply struct {
	Messages []searchMessage `json:"MessageModelList"`
	Statuses []SubStatuses   `json:"StatusModelList" rows:"orderProgress"`
}

// SubStatuses is the shop's sub-statuses below one progress.
type SubStatuses struct {
	OrderProgress OrderProgress `json:"orderProgress"`
	SubStatuses   []SubStatus   `json:"SubStatusModelList"`
}

// SubStatus is one of the shop's own states of orders.
type SubStatus struct {
	SubStatusID   int    `json:"subStatusId"`
	SubStatusName string `json:"subStatusName"`
	OrderBy       *int   `json:"orderby"` // the position in lists
}

// UpdateOrderMemoRequest changes what the shop notes on an order. What is left out stays,
// Clear empties.
type UpdateOrderMemoRequest struct {
	OrderNumber      string                              `json:"orderNumber"`
	SubStatusID      shotengai.Clearable[int]            `json:"subStatusId,omitzero"`
	DeliveryClass    shotengai.Clearable[DeliveryClass]  `json:"deliveryClass,omitzero"`
	DeliveryDate     shotengai.Clearable[shotengai.Date] `json:"deliveryDate,omitzero"`
	ShippingTerm     shotengai.Clearable[ShippingTerm]   `json:"shippingTerm,omitzero"`
	Memo             shotengai.Clearable[string]         `json:"memo,omitzero"`             // 1000 characters
	Operator         shotengai.Clearable[string]         `json:"operator,omitzero"`         // 6 characters
	MailPlugSentence shotengai.Clearable[string]         `json:"mailPlugSentence,omitzero"` // 1024 characters
}

func (r UpdateOrderMemoRequest) validate() error {
	return errors.Join(short("memo", r.Memo, 1000), short("operator", r.Operator, 6), short("mailPlugSentence", r.MailPlugSentence, 1024))
}

func short(field string, value shotengai.Clearable[string], limit int) error {
	text, _ := value.Get()
	return check.AtMost(field, text, limit)
}

// UpdateMemo changes what the shop notes on an order.
func (s *OrdersService) UpdateMemo(ctx context.Context, request UpdateOrderMemoRequest, opts ...shotengai.CallOption) (Messages, error) {
	return s.write(ctx, "updateOrderMemo", request.OrderNumber, request, request.validate(), opts...)
}

// UpdateOrderRemarksRequest changes the buyer's comment. What is left out stays.
type UpdateOrderRemarksRequest struct {
	OrderNumber string  `json:"orderNumber"`
	GiftCheck   *Flag   `json:"giftCheck,omitzero"`
	Remarks     *string `json:"remarks,omitzero"`
}

// UpdateRemarks changes the buyer's comment and gift flag.
func (s *OrdersService) UpdateRemarks(ctx context.Context, request UpdateOrderRemarksRequest, opts ...shotengai.CallOption) (Messages, error) {
	return s.write(ctx, "updateOrderRemarks", request.OrderNumber, request, nil, opts...)
}

// UpdateOrderOrdererRequest changes the buyer of an order.
type UpdateOrderOrdererRequest struct {
	OrderNumber     string      `json:"orderNumber"`
	ReductionReason *ReasonCode `json:"reductionReason,omitzero"`
	Orderer         Orderer     `json:"OrdererModel"` // whole: what is nil or empty is sent so
}

// UpdateOrderer changes the buyer's name, address and so on.
func (s *OrdersService) UpdateOrderer(ctx context.Context, request UpdateOrderOrdererRequest, opts ...shotengai.CallOption) (Messages, error) {
	return s.write(ctx, "updateOrderOrderer", request.OrderNumber, request, nil, opts...)
}

// UpdateDelivery changes how an order is delivered: a name as set up in the shop, such as
// 宅配便 or メール便.
func (s *OrdersService) UpdateDelivery(ctx context.Context, orderNumber, deliveryName string, opts ...shotengai.CallOption) (Messages, error) {
	body := struct {
		OrderNumber  string `json:"orderNumber"`
		DeliveryName string `json:"deliveryName"`
	}{orderNumber, deliveryName}
	var check error
	if deliveryName == "" {
		check = errors.New("deliveryName is required")
	}
	return s.write(ctx, "updateOrderDelivery", orderNumber, body, check, opts...)
}

// CancelOrderRequest cancels an order. All fields are required; the zero InventoryRestore
// does as the item says.
type CancelOrderRequest struct {
	OrderNumber             string           `json:"orderNumber"`
	InventoryRestoreType    InventoryRestore `json:"inventoryRestoreType"`
	ChangeReasonDetailApply ReasonCode       `json:"changeReasonDetailApply"`
}

func (r CancelOrderRequest) validate() error {
	if r.ChangeReasonDetailApply == 0 {
		return errors.New("changeReasonDetailApply is required")
	}
	return nil
}

// Cancel cancels an order that is not shipped: progress 100, 200 or 300.
func (s *OrdersService) Cancel(ctx context.Context, request CancelOrderRequest, opts ...shotengai.CallOption) (Messages, error) {
	return s.write(ctx, "cancelOrder", request.OrderNumber, request, request.validate(), opts...)
}

// CancelAfterShipping cancels an order that is shipped: progress 500 to 800. It runs
// through to the fixed cancellation at once.
func (s *OrdersService) CancelAfterShipping(ctx context.Context, request CancelOrderRequest, opts ...shotengai.CallOption) (Messages, error) {
	return s.write(ctx, "cancelOrderAfterShipping", request.OrderNumber, request, request.validate(), opts...)
}
