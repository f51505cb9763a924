package rakuten

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
	"github.com/shotengai/shotengai-go/internal/httpx"
	"github.com/shotengai/shotengai-go/internal/text"
)

// AsyncShipping is what became of handing in shipping requests to be carried out later: one
// row for each order, by its number. An order that was taken is shotengai.RowDone; what
// becomes of its parcels is what AsyncResult returns.
type AsyncShipping struct {
	shotengai.Results[string]

	RequestID string                 // for AsyncResult and Await; "" when nothing was taken
	Messages  []AsyncShippingMessage // all that the platform said, of orders and of their rows
}

// AsyncShippingMessage is what the platform says of one order or row on taking it.
type AsyncShippingMessage struct {
	MessageType      MessageType `json:"messageType"`
	MessageCode      string      `json:"messageCode"`
	Message          string      `json:"message"`
	OrderNumber      string      `json:"orderNumber"`
	RequestID        string      `json:"requestId"`
	DataNumber       *int        `json:"dataNumber"`
	ShippingDetailID *int64      `json:"shippingDetailId"`
}

// IsError reports whether the message says that something was refused.
func (m AsyncShippingMessage) IsError() bool { return m.MessageType == MessageError }

// UpdateShippingAsync hands in the parcels of up to 100 orders. What became of each order is
// in the rows, although the answer has status 200 also where it refuses them; the package
// says when there is an error too. An order with anything wrong in it by itself, or that is
// there twice, is refused and the others are sent. A call that adds parcels is never sent
// twice.
func (s *OrdersService) UpdateShippingAsync(ctx context.Context, requests []UpdateShippingRequest, opts ...shotengai.CallOption) (*AsyncShipping, error) {
	var out struct {
		Messages []AsyncShippingMessage `json:"MessageModelList"`
	}
	taken := &AsyncShipping{}
	var sent []*shotengai.Row[string]
	taken.Rows, sent = newRows(numbersOfRequests(requests), func(_ int, number string) error { return validNumber(number) })
	sent = slices.DeleteFunc(refuseRepeats(sent), func(row *shotengai.Row[string]) bool {
		err := requests[row.Index].check()
		if err != nil {
			refuse(row, err)
		}
		return err != nil
	})
	var check error
	if n := len(requests); n == 0 || n > MaxOrdersPerCall {
		check = fmt.Errorf("OrderShippingModelList: %d orders, 1 to %d are allowed", n, MaxOrdersPerCall)
	}
	if check == nil && len(sent) == 0 {
		return taken, nil
	}
	left, safety := requestsOf(requests, sent)
	r := s.post("updateOrderShippingAsync", struct {
		Orders []UpdateShippingRequest `json:"OrderShippingModelList"`
	}{left})
	r.Check, r.Safety, r.Auth = check, safety, s.client.guard(keysOf(sent)...)
	_, err := s.client.callRows(ctx, r, &out, opts...)
	taken.hear(out.Messages)
	_, err = takeOrders(sent, taken.perOrder(sent), err)
	return taken, err
}

func numbersOfRequests(requests []UpdateShippingRequest) []string {
	numbers := make([]string, len(requests))
	for i, request := range requests {
		numbers[i] = request.OrderNumber
	}
	return numbers
}

// requestsOf are the requests of the rows that are sent, and whether they may be sent again.
func requestsOf(requests []UpdateShippingRequest, sent []*shotengai.Row[string]) (left []UpdateShippingRequest, safety api.Safety) {
	safety = api.Write
	for _, row := range sent {
		request := requests[row.Index]
		left = append(left, request)
		if request.safety() == api.NeverAgain {
			safety = api.NeverAgain
		}
	}
	return left, safety
}

// hear reads what the platform says on taking requests.
func (a *AsyncShipping) hear(messages []AsyncShippingMessage) {
	a.Messages = messages
	for _, m := range messages {
		if !m.IsError() && m.RequestID != "" {
			a.RequestID = m.RequestID
		}
	}
}

// perOrder is what the platform said as messages about orders. The id of the request without
// a word about an order says that the order was taken.
func (a *AsyncShipping) perOrder(sent []*shotengai.Row[string]) []OrderMessage {
	var messages []OrderMessage
	for _, m := range a.Messages {
		messages = append(messages, OrderMessage{MessageType: m.MessageType, MessageCode: m.MessageCode, Message: m.Message, OrderNumber: &m.OrderNumber})
	}
	named := func(row *shotengai.Row[string]) bool {
		return slices.ContainsFunc(a.Messages, func(m AsyncShippingMessage) bool { return m.OrderNumber == row.Key })
	}
	for _, row := range sent {
		if a.RequestID != "" && !named(row) {
			messages = append(messages, OrderMessage{MessageType: MessageInfo, OrderNumber: &row.Key})
		}
	}
	return messages
}

// ErrResultPending is the answer for a request whose result is not there: it is not
// finished, its id is wrong, or it is older than 30 days. The platform does not distinguish
// these.
var ErrResultPending = errors.New("rakuten: the result is not there: not finished, unknown or older than 30 days")

// AsyncShippingResult is what became of one order of an asynchronous request.
type AsyncShippingResult struct {
	OrderNumber string            `json:"orderNumber"`
	Messages    []ShippingMessage `json:"MessageModelList"`
}

// Result returns what became of each row of the request that was handed in for this order.
// The rows of a request for another order are shotengai.RowUnknown.
func (r AsyncShippingResult) Result(request UpdateShippingRequest) *ShippingResults {
	results, _, rows := newShippingResults(request)
	if request.OrderNumber != r.OrderNumber {
		settle(rows, outcome{state: shotengai.RowUnknown, message: "the result is that of order " + text.OneLine(r.OrderNumber)})
		return results
	}
	_ = results.take(rows, r.Messages, nil) // what was refused is in the rows
	return results
}

// Failed reports whether something of the order was refused.
func (r AsyncShippingResult) Failed() bool {
	return slices.ContainsFunc(r.Messages, ShippingMessage.IsError)
}

// AsyncResult returns what became of an asynchronous request, order by order on one page, or
// ErrResultPending.
func (s *OrdersService) AsyncResult(ctx context.Context, requestID string, opts ...shotengai.CallOption) (*shotengai.Page[AsyncShippingResult], error) {
	guard := s.client.guard()
	r := s.post("getResultUpdateOrderShippingAsync", struct {
		RequestID string `json:"requestId"`
	}{requestID})
	r.Safety, r.Auth, r.Check = api.Read, guard, check.NotEmpty("requestId", requestID)
	var out asyncResultReply
	r.Judge = func(reply *api.Reply) (kind, cause error) {
		return nil, guard.check(append(out.orders(), idsOf(reply.Notes.Rows)...)...)
	}
	reply, err := s.client.engine.Call(ctx, r, &out, opts...)
	if err != nil {
		return nil, err
	}
	odd := reply.Notes.Rows
	if len(out.Results)+len(odd) == 0 {
		return nil, ErrResultPending
	}
	return &shotengai.Page[AsyncShippingResult]{Items: out.Results, RowErrors: odd, Total: new(len(out.Results) + len(odd))}, nil
}

type asyncResultReply struct {
	Results []AsyncShippingResult `json:"ResultShippingModelList" rows:"orderNumber"`
}

func (w *asyncResultReply) orders() []string {
	numbers := make([]string, len(w.Results))
	for i, result := range w.Results {
		numbers[i] = result.OrderNumber
	}
	return numbers
}

// Await asks for the result of an asynchronous request until it is there or the context
// ends, first after pause, then ever more rarely, up to once a minute. Call it with a context
// that ends: a wrong id looks like a request that is not finished.
func (s *OrdersService) Await(ctx context.Context, requestID string, pause time.Duration, opts ...shotengai.CallOption) (*shotengai.Page[AsyncShippingResult], error) {
	pause = max(pause, time.Second)
	for {
		if err := httpx.Sleep(ctx, pause); err != nil {
			return nil, errors.Join(ErrResultPending, err)
		}
		results, err := s.AsyncResult(ctx, requestID, opts...)
		if !errors.Is(err, ErrResultPending) {
			return results, err
		}
		pause = min(2*pause, time.Minute)
	}
}
