package rakuten

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

// AsyncShipping is what the platform says when it takes shipping requests to be carried
// out later.
type AsyncShipping struct {
	RequestID string                 // for AsyncResult and Await; "" when nothing was taken
	Rejected  []AsyncShippingMessage // orders and rows that were refused at once
	Messages  []AsyncShippingMessage // all that the platform said
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

// UpdateShippingAsync hands in the parcels of up to 100 orders, none of them twice. What
// the platform refuses at once is in Rejected, although the answer has status 200; what
// becomes of the rest is told by AsyncResult later. If it took nothing at all, that is an
// error too. A request that adds parcels is never sent twice.
func (s *OrdersService) UpdateShippingAsync(ctx context.Context, requests []UpdateShippingRequest, opts ...CallOption) (*AsyncShipping, error) {
	var out struct {
		Messages []AsyncShippingMessage `json:"MessageModelList"`
	}
	r := s.post("updateOrderShippingAsync", struct {
		Orders []UpdateShippingRequest `json:"OrderShippingModelList"`
	}{requests})
	numbers := make([]string, len(requests))
	errs := make([]error, 0, len(requests)+1)
	r.Safety = api.Write
	for i, request := range requests {
		numbers[i], errs = request.OrderNumber, append(errs, request.validate())
		if request.safety() == api.NeverAgain {
			r.Safety = api.NeverAgain
		}
	}
	if n := len(requests); n == 0 || n > MaxOrdersPerCall {
		errs = append(errs, fmt.Errorf("OrderShippingModelList: %d orders, 1 to %d are allowed", n, MaxOrdersPerCall))
	}
	r.Check, r.Auth = errors.Join(errors.Join(errs...), noRepeats(numbers)), s.client.guard(numbers...)
	reply, err := s.client.callRows(ctx, r, &out, opts...)
	if err != nil {
		return nil, err
	}
	taken := &AsyncShipping{Messages: out.Messages}
	for _, m := range out.Messages {
		if m.MessageType == MessageError {
			taken.Rejected = append(taken.Rejected, m)
		} else if m.RequestID != "" {
			taken.RequestID = m.RequestID
		}
	}
	if taken.RequestID == "" {
		return taken, s.client.engine.Refuse(reply, ErrInvalid, nil)
	}
	return taken, nil
}

// ErrResultPending is the answer for a request whose result is not there: it is not
// finished, its id is wrong, or it is older than 30 days. The platform does not tell these
// apart.
var ErrResultPending = errors.New("rakuten: the result is not there: not finished, unknown or older than 30 days")

// AsyncShippingResult is what became of one order of an asynchronous request.
type AsyncShippingResult struct {
	OrderNumber string            `json:"orderNumber"`
	Messages    []ShippingMessage `json:"MessageModelList"`
}

// Result tells what became of each row of the request that was handed in for this order.
func (r AsyncShippingResult) Result(request UpdateShippingRequest) *ShippingResult {
	return newShippingResult(request, r.Messages, RowUnknown)
}

// Failed tells whether something of the order was refused.
func (r AsyncShippingResult) Failed() bool {
	return slices.ContainsFunc(r.Messages, ShippingMessage.IsError)
}

// AsyncResult returns what became of an asynchronous request, order by order, or
// ErrResultPending.
func (s *OrdersService) AsyncResult(ctx context.Context, requestID string, opts ...CallOption) ([]AsyncShippingResult, error) {
	var out struct {
		Results []AsyncShippingResult `json:"ResultShippingModelList"`
	}
	r := s.post("getResultUpdateOrderShippingAsync", struct {
		RequestID string `json:"requestId"`
	}{requestID})
	r.Safety = api.Read
	if requestID == "" {
		r.Check = errors.New("requestId is required")
	}
	guard := s.client.guard()
	r.Auth = guard
	reply, err := s.client.call(ctx, r, &out, opts...)
	if err != nil {
		return nil, err
	}
	if len(out.Results) == 0 {
		return nil, ErrResultPending
	}
	for _, result := range out.Results {
		if err := guard.check(result.OrderNumber); err != nil {
			return nil, s.client.engine.Refuse(reply, nil, err)
		}
	}
	return out.Results, nil
}

// Await asks for the result of an asynchronous request until it is there or the context
// ends, first after pause, then ever more rarely, up to once a minute. Give it a context
// that ends: a wrong id looks like a request that is not finished.
func (s *OrdersService) Await(ctx context.Context, requestID string, pause time.Duration, opts ...CallOption) ([]AsyncShippingResult, error) {
	pause = max(pause, time.Second)
	for {
		if err := wait(ctx, pause); err != nil {
			return nil, errors.Join(ErrResultPending, err)
		}
		results, err := s.AsyncResult(ctx, requestID, opts...)
		if !errors.Is(err, ErrResultPending) {
			return results, err
		}
		pause = min(2*pause, time.Minute)
	}
}

// wait is a pause that the context cuts short.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
