package rakuten

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shotengai/shotengai-go/internal/api"
)

// MaxShippingRows is how many rows one package of a shipping request may have.
const MaxShippingRows = 20

// UpdateShippingRequest reports the parcels of one order.
type UpdateShippingRequest struct {
	OrderNumber string           `json:"orderNumber"`
	Packages    []ShippingBasket `json:"BasketidModelList"` // spelt so by the platform
}

// ShippingBasket is the parcels of one package.
type ShippingBasket struct {
	BasketID int64         `json:"basketId"`
	Rows     []ShippingRow `json:"ShippingModelList"` // 20 at most
}

// ShippingRow adds, changes or deletes one parcel: without ShippingDetailID it adds one,
// with it it changes that one, and with ShippingDeleteFlag as well it deletes it. A field
// that is left out stays, one that is cleared is erased.
//
// A row without ShippingDetailID is not idempotent: sent twice, it adds two parcels.
type ShippingRow struct {
	ShippingDetailID   *int64   `json:"shippingDetailId,omitzero"`
	DeliveryCompany    *Carrier `json:"deliveryCompany,omitzero"` // new(Carrier("")) erases
	ShippingNumber     *string  `json:"shippingNumber,omitzero"`  // 120 characters; new("") erases
	ShippingDate       ShipDate `json:"shippingDate,omitzero"`
	ShippingDeleteFlag *Flag    `json:"shippingDeleteFlag,omitzero"`
}

// ShipDate is the day of a shipping row: left alone (zero), set (ShippedOn) or erased
// (NoShipDate), which the platform takes as an empty string.
type ShipDate struct {
	day  Date
	sent bool
}

// ShippedOn is a ShipDate that sets a day.
func ShippedOn(day Date) ShipDate { return ShipDate{day: day, sent: true} }

// NoShipDate is a ShipDate that erases the day.
func NoShipDate() ShipDate { return ShipDate{sent: true} }

// IsZero reports whether the field is left out.
func (d ShipDate) IsZero() bool { return !d.sent }

// MarshalJSON writes the day, or an empty string that erases it.
func (d ShipDate) MarshalJSON() ([]byte, error) {
	if d.day.IsZero() {
		return []byte(`""`), nil
	}
	return d.day.MarshalJSON()
}

func (r UpdateShippingRequest) validate() error {
	errs := []error{validNumber(r.OrderNumber)}
	if len(r.Packages) == 0 {
		errs = append(errs, errors.New("BasketidModelList is required"))
	}
	for i, p := range r.Packages {
		if p.BasketID == 0 {
			errs = append(errs, fmt.Errorf("BasketidModelList[%d].basketId is required", i))
		}
		if n := len(p.Rows); n == 0 || n > MaxShippingRows {
			errs = append(errs, fmt.Errorf("BasketidModelList[%d]: %d rows, 1 to %d are allowed", i, n, MaxShippingRows))
		}
		for _, row := range p.Rows {
			errs = append(errs, row.validate())
		}
	}
	return errors.Join(errs...)
}

func (r ShippingRow) validate() error {
	if value(r.ShippingDeleteFlag) && r.ShippingDetailID == nil {
		return errors.New("shippingDeleteFlag needs a shippingDetailId")
	}
	return atMost("shippingNumber", value(r.ShippingNumber), 120)
}

// safety: a request that adds parcels is never sent twice.
func (r UpdateShippingRequest) safety() api.Safety {
	for _, p := range r.Packages {
		for _, row := range p.Rows {
			if row.ShippingDetailID == nil {
				return api.NeverAgain
			}
		}
	}
	return api.Write
}

// ShippingMessage is what the platform says of a shipping request or of one row of it.
type ShippingMessage struct {
	MessageType      MessageType `json:"messageType"`
	MessageCode      string      `json:"messageCode"`
	Message          string      `json:"message"`
	DataNumber       *int        `json:"dataNumber"`       // the position of the row, from 1, all packages counted
	ShippingDetailID *int64      `json:"shippingDetailId"` // the parcel, also one that was added
}

// IsError tells whether the message says that something was refused.
func (m ShippingMessage) IsError() bool { return m.MessageType == MessageError }

// ShippingResult is what became of a shipping request, row by row.
type ShippingResult struct {
	OrderNumber string
	Rows        []ShippingRowResult // one for each row of the request, in its order
	Messages    []ShippingMessage   // those about no row
}

// ShippingRowResult is what became of one row.
type ShippingRowResult struct {
	BasketID         int64
	ShippingDetailID *int64 // the parcel; nil when it is not known
	State            RowState
	Code             string
	Message          string // Japanese
}

// Failed returns the rows that were not carried out or of which that is not known.
func (r *ShippingResult) Failed() []ShippingRowResult {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row ShippingRowResult) bool { return row.State == RowDone })
}

// newShippingResult gives each row its message: by its position, else by its parcel.
func newShippingResult(request UpdateShippingRequest, messages []ShippingMessage, silent RowState) *ShippingResult {
	result := &ShippingResult{OrderNumber: request.OrderNumber}
	for _, p := range request.Packages {
		for _, row := range p.Rows {
			result.Rows = append(result.Rows, ShippingRowResult{BasketID: p.BasketID, ShippingDetailID: row.ShippingDetailID, State: silent})
		}
	}
	named := false
	for _, m := range messages {
		row := result.row(m)
		if row == nil {
			result.Messages = append(result.Messages, m)
			continue
		}
		row.take(m)
		named = true
	}
	if !named && len(result.Messages) > 0 && !result.refused() { // a success of the whole request
		for i := range result.Rows {
			if result.Rows[i].State == RowUnknown {
				result.Rows[i].State = RowDone
			}
		}
	}
	return result
}

// take reads a message about the row; an ERROR wins over others.
func (row *ShippingRowResult) take(m ShippingMessage) {
	if m.ShippingDetailID != nil {
		row.ShippingDetailID = m.ShippingDetailID
	}
	if row.State == RowFailed {
		return
	}
	row.State, row.Code, row.Message = RowDone, m.MessageCode, m.Message
	if m.IsError() {
		row.State = RowFailed
	}
}

func (r *ShippingResult) row(m ShippingMessage) *ShippingRowResult {
	if n := value(m.DataNumber); n >= 1 && n <= len(r.Rows) {
		return &r.Rows[n-1]
	}
	for i := range r.Rows {
		if id := r.Rows[i].ShippingDetailID; id != nil && m.ShippingDetailID != nil && *id == *m.ShippingDetailID {
			return &r.Rows[i]
		}
	}
	return nil
}

// refused tells whether an ERROR is about no row, and so about the whole request.
func (r *ShippingResult) refused() bool {
	return slices.ContainsFunc(r.Messages, ShippingMessage.IsError)
}

// UpdateShipping reports the parcels of one order at once. It returns one row for each row
// of the request: rows that were refused are rows of the result and no error. A request
// that adds parcels is never sent twice; after an error that matches ErrOutcomeUnknown,
// look at the order before repeating it.
func (s *OrdersService) UpdateShipping(ctx context.Context, request UpdateShippingRequest, opts ...CallOption) (*ShippingResult, error) {
	var out struct {
		Messages []ShippingMessage `json:"MessageModelList"`
	}
	r := s.post("updateOrderShipping", request)
	r.Check, r.Safety, r.Auth = request.validate(), request.safety(), s.client.guard(request.OrderNumber)
	reply, err := s.client.callRows(ctx, r, &out, opts...)
	if err != nil {
		return newShippingResult(request, nil, stateAfter(err)), err
	}
	result := newShippingResult(request, out.Messages, RowUnknown)
	if result.refused() {
		return result, s.client.engine.Refuse(reply, ErrInvalid, nil)
	}
	return result, nil
}
