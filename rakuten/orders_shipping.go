package rakuten

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
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

// IsError reports whether the message says that something was refused.
func (m ShippingMessage) IsError() bool { return m.MessageType == MessageError }

// ShippingResults is what became of a shipping request: one row for each of its rows, those
// of all packages counted.
type ShippingResults struct {
	shotengai.Results[Parcel]

	Messages []ShippingMessage // those about no row
}

// Parcel is what a row of a shipping request is about.
type Parcel struct {
	OrderNumber      string
	BasketID         int64
	ShippingNumber   string // of the request; "" when it has none
	ShippingDetailID int64  // the parcel; 0 when it is not known
}

// String names the package and the shipping number.
func (p Parcel) String() string {
	text := fmt.Sprintf("order %s, package %d", p.OrderNumber, p.BasketID)
	if p.ShippingNumber != "" {
		text += ", parcel " + p.ShippingNumber
	}
	return text
}

// newShippingResults has a row for each of the request. What is wrong by itself is refused.
// It returns the request without these rows, and the rows that are left.
func newShippingResults(request UpdateShippingRequest) (*ShippingResults, UpdateShippingRequest, []*shotengai.Row[Parcel]) {
	var parcels []Parcel
	var wrong []error
	packages, order := request.Packages, validNumber(request.OrderNumber)
	request.Packages = nil
	for _, p := range packages {
		rows, whole := p.Rows, cmp.Or(order, p.validate())
		p.Rows = nil
		for _, row := range rows {
			parcels = append(parcels, Parcel{request.OrderNumber, p.BasketID, value(row.ShippingNumber), value(row.ShippingDetailID)})
			err := cmp.Or(whole, row.validate())
			if wrong = append(wrong, err); err == nil {
				p.Rows = append(p.Rows, row)
			}
		}
		if len(p.Rows) > 0 {
			request.Packages = append(request.Packages, p)
		}
	}
	results := &ShippingResults{}
	var sent []*shotengai.Row[Parcel]
	results.Rows, sent = newRows(parcels, func(i int, _ Parcel) error { return wrong[i] })
	return results, request, sent
}

// take sets the rows of a call to what the platform says of them: by their position among
// those that were sent, else by their parcel. It returns the error of a call that failed for
// another reason than what it asks.
func (r *ShippingResults) take(sent []*shotengai.Row[Parcel], messages []ShippingMessage, err error) error {
	var whole outcome
	named := false
	for _, m := range messages {
		said := answered(m.IsError(), m.MessageCode, m.Message)
		if row := rowOfMessage(sent, m); row != nil {
			row.Key.ShippingDetailID = cmp.Or(value(m.ShippingDetailID), row.Key.ShippingDetailID)
			take(row, said)
			named = true
			continue
		}
		r.Messages = append(r.Messages, m)
		if value(m.DataNumber) == 0 && m.ShippingDetailID == nil && whole.state != shotengai.RowFailed {
			whole = said
		}
	}
	settle(sent, unnamed(whole, named, err))
	return unlessRefused(err)
}

func rowOfMessage(rows []*shotengai.Row[Parcel], m ShippingMessage) *shotengai.Row[Parcel] {
	if n := value(m.DataNumber); n >= 1 && n <= len(rows) {
		return rows[n-1]
	}
	for _, row := range rows {
		if id := value(m.ShippingDetailID); id != 0 && row.Key.ShippingDetailID == id {
			return row
		}
	}
	return nil
}

// UpdateShipping reports the parcels of one order at once. It takes an order that awaits
// shipping on, and Rakuten takes it further by itself; Confirm has the whole life of an order:
//
//	100  awaits confirmation   until Confirm
//	200  Rakuten processes it  no call hastens that; parcels are refused (provisional)
//	300  to ship               until UpdateShipping
//	500  shipped               parcels can be changed from here on, too (provisional)
//	600  payment in progress
//	700  paid
//	900  cancelled             parcels are refused (provisional)
//
// Whether each package needs a parcel with a day before the order counts as shipped is not
// established.
//
// What became of each row is in the rows, also when the order as a whole was refused, since
// it is cancelled for instance; the package says when there is an error too. A row that is
// wrong by itself is refused and the others are sent. A request that adds parcels is never
// sent twice; rows that are RowUnknown may have been added: get the order before repeating
// them, and report what Order.UnreportedParcels leaves.
func (s *OrdersService) UpdateShipping(ctx context.Context, request UpdateShippingRequest, opts ...shotengai.CallOption) (*ShippingResults, error) {
	var out struct {
		Messages []ShippingMessage `json:"MessageModelList"`
	}
	shape := request.validate()
	results, request, sent := newShippingResults(request)
	if shape == nil && len(sent) == 0 {
		return results, nil
	}
	r := s.post("updateOrderShipping", request)
	r.Check, r.Safety, r.Auth = shape, request.safety(), s.client.guard(request.OrderNumber)
	_, err := s.client.callRows(ctx, r, &out, opts...)
	return results, results.take(sent, out.Messages, err)
}
