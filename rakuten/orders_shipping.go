package rakuten

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
	"github.com/shotengai/shotengai-go/internal/text"
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
	day  shotengai.Date
	sent bool
}

// ShippedOn is a ShipDate that sets a day.
func ShippedOn(day shotengai.Date) ShipDate { return ShipDate{day: day, sent: true} }

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

// validate wants rows, and none of the packages without any.
func (r UpdateShippingRequest) validate() error {
	if len(r.Packages) == 0 {
		return errors.New("BasketidModelList is required")
	}
	var errs []error
	for i, p := range r.Packages {
		if len(p.Rows) == 0 {
			errs = append(errs, fmt.Errorf("BasketidModelList[%d].ShippingModelList: no rows", i))
		}
	}
	return errors.Join(errs...)
}

// check finds all that is wrong with a request that is sent as a whole or not at all.
func (r UpdateShippingRequest) check() error {
	errs := []error{r.validate()}
	for i, p := range r.Packages {
		if err := p.validate(); err != nil {
			errs = append(errs, fmt.Errorf("BasketidModelList[%d]: %w", i, err))
		}
		for j, row := range p.Rows {
			if err := row.validate(); err != nil {
				errs = append(errs, fmt.Errorf("BasketidModelList[%d].ShippingModelList[%d]: %w", i, j, err))
			}
		}
	}
	return errors.Join(errs...)
}

// validate finds what is wrong with all rows of a package.
func (b ShippingBasket) validate() error {
	if b.BasketID == 0 {
		return errors.New("basketId is required")
	}
	return countedAtMost("ShippingModelList", len(b.Rows), MaxShippingRows)
}

func (r ShippingRow) validate() error {
	if value(r.ShippingDeleteFlag) && r.ShippingDetailID == nil {
		return errors.New("shippingDeleteFlag needs a shippingDetailId")
	}
	return check.AtMost("shippingNumber", value(r.ShippingNumber), 120)
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

// ShippingRowResult is what became of one row. Its Index counts the rows of all packages.
type ShippingRowResult struct {
	Outcome

	OrderNumber      string
	BasketID         int64
	ShippingNumber   string // of the request; "" when it has none
	ShippingDetailID *int64 // the parcel; nil when it is not known
}

// Error is one line.
func (r *ShippingRowResult) Error() string {
	row := fmt.Sprintf("order %s, shipping row %d of package %d", text.OneLine(r.OrderNumber), r.Index, r.BasketID)
	if r.ShippingNumber != "" {
		row += " (" + text.Excerpt([]byte(r.ShippingNumber), maxShownNumber) + ")"
	}
	return r.text(row)
}

// maxShownNumber is how many bytes of a tracking number an error shows.
const maxShownNumber = 40

// Failed returns the rows that were not carried out or of which that is not known.
func (r *ShippingResult) Failed() []ShippingRowResult { return undone(r.Rows) }

// Err is nil when every row was carried out, else an error that names the other rows, each
// a *ShippingRowResult.
func (r *ShippingResult) Err() error {
	return undoneError("shipping rows of order "+text.OneLine(r.OrderNumber), r.Rows)
}

// newShippingResult has a row for each of the request.
func newShippingResult(request UpdateShippingRequest) *ShippingResult {
	result := &ShippingResult{OrderNumber: request.OrderNumber}
	for _, p := range request.Packages {
		for _, row := range p.Rows {
			result.Rows = append(result.Rows, ShippingRowResult{
				Outcome: Outcome{Index: len(result.Rows)}, OrderNumber: request.OrderNumber, BasketID: p.BasketID,
				ShippingNumber: value(row.ShippingNumber), ShippingDetailID: row.ShippingDetailID,
			})
		}
	}
	return result
}

// check refuses the rows that are wrong by themselves. It returns the request without them,
// and the rows that are left.
func (r *ShippingResult) check(request UpdateShippingRequest) (UpdateShippingRequest, []*ShippingRowResult) {
	var sent []*ShippingRowResult
	packages, at := request.Packages, 0
	request.Packages = nil
	order := validNumber(request.OrderNumber)
	for _, p := range packages {
		rows, wrong := p.Rows, cmp.Or(order, p.validate())
		p.Rows = nil
		for _, row := range rows {
			out := &r.Rows[at]
			at++
			if err := cmp.Or(wrong, row.validate()); err != nil {
				out.refuse(err)
				continue
			}
			p.Rows, sent = append(p.Rows, row), append(sent, out)
		}
		if len(p.Rows) > 0 {
			request.Packages = append(request.Packages, p)
		}
	}
	return request, sent
}

// take gives the rows of a call what the platform says of them: by their position among
// those that were sent, else by their parcel. It returns the error of a call that failed for
// another reason than what it asks.
func (r *ShippingResult) take(sent []*ShippingRowResult, messages []ShippingMessage, err error) error {
	var whole Outcome
	named := false
	for _, m := range messages {
		if row := rowOfMessage(sent, m); row != nil {
			row.ShippingDetailID = cmp.Or(m.ShippingDetailID, row.ShippingDetailID)
			row.say(m.IsError(), m.MessageCode, m.Message)
			named = true
			continue
		}
		r.Messages = append(r.Messages, m)
		if value(m.DataNumber) == 0 && m.ShippingDetailID == nil {
			whole.say(m.IsError(), m.MessageCode, m.Message)
		}
	}
	settle(sent, unnamed(whole, named, err))
	return unlessRefused(err)
}

func rowOfMessage(rows []*ShippingRowResult, m ShippingMessage) *ShippingRowResult {
	if n := value(m.DataNumber); n >= 1 && n <= len(rows) {
		return rows[n-1]
	}
	for _, row := range rows {
		if row.ShippingDetailID != nil && m.ShippingDetailID != nil && *row.ShippingDetailID == *m.ShippingDetailID {
			return row
		}
	}
	return nil
}

// UpdateShipping reports the parcels of one order at once. What became of each row is in
// the rows, also when the order as a whole was refused, since it is cancelled for instance;
// the package says when there is an error too. A row that is wrong by itself is refused and
// the others are sent. A request that adds parcels is never sent twice; rows that are
// RowUnknown may have been added: get the order before repeating them, and report what
// Order.UnreportedParcels leaves.
func (s *OrdersService) UpdateShipping(ctx context.Context, request UpdateShippingRequest, opts ...shotengai.CallOption) (*ShippingResult, error) {
	var out struct {
		Messages []ShippingMessage `json:"MessageModelList"`
	}
	result, shape := newShippingResult(request), request.validate()
	request, sent := result.check(request)
	if shape == nil && len(sent) == 0 {
		return result, nil
	}
	r := s.post("updateOrderShipping", request)
	r.Check, r.Safety, r.Auth = shape, request.safety(), s.client.guard(request.OrderNumber)
	_, err := s.client.callRows(ctx, r, &out, opts...)
	return result, result.take(sent, out.Messages, err)
}
