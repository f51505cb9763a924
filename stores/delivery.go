package stores

import (
	"encoding/json"
	"slices"

	"github.com/shotengai/shotengai-go"
)

// Delivery is one delivery of an order. Shipping is there if goods are sent.
type Delivery struct {
	ID         string         `json:"id"`
	Type       DeliveryType   `json:"type"`
	Items      []DeliveryItem `json:"items"`
	CanceledAt Time           `json:"canceled_at"` // zero: not cancelled
	ShippedAt  Time           `json:"shipped_at"`  // zero: not shipped
	*Shipping

	raw json.RawMessage // the whole row, of a type that this version does not know
}

// Shipping is what a delivery of type shipping has besides.
type Shipping struct {
	ShippingFee          *Fee         `json:"shipping_fee"` // nil, not zero, when there is none
	ShippingAddress      Address      `json:"shipping_address"`
	DeliveryDate         DeliveryDate `json:"delivery_date"`
	DeliveryMethodName   *string      `json:"delivery_method_name"` // nil: never set; "" was set to nothing, as in the next three
	EstimatedArrivalDate *string      `json:"estimated_arrival_date"`
	TrackingNumber       *string      `json:"tracking_number"`
	ShippedMailMessage   *string      `json:"shipped_mail_message"`
}

// DeliveryType is how an order reaches its buyer. Open set.
type DeliveryType string

// Types of deliveries.
const (
	DeliveryShipping DeliveryType = "shipping"
	DeliveryCounter  DeliveryType = "counter" // in the shop
	DeliveryDownload DeliveryType = "download"
	DeliveryTicket   DeliveryType = "ticket"
	DeliveryUnknown  DeliveryType = "unknown"
)

var deliveryTypes = []DeliveryType{DeliveryShipping, DeliveryCounter, DeliveryDownload, DeliveryTicket, DeliveryUnknown}

// Raw is the row as it came, if its type is one that this version does not know.
func (d *Delivery) Raw() json.RawMessage { return slices.Clone(d.raw) }

type plainDelivery Delivery

// UnmarshalJSON keeps the whole row besides, if its type is not known.
func (d *Delivery) UnmarshalJSON(data []byte) error {
	var p plainDelivery
	err := json.Unmarshal(data, &p)
	p.raw = keep(data, slices.Contains(deliveryTypes, p.Type))
	*d = Delivery(p)
	return tolerate(err, p.raw)
}

// MarshalJSON writes a row of an unknown type as it came.
func (d Delivery) MarshalJSON() ([]byte, error) {
	if d.raw != nil {
		return d.raw, nil
	}
	return json.Marshal(plainDelivery(d))
}

// Shape returns what strict decoding compares the row with: nil, for nothing, if its type is
// not known.
func (*Delivery) Shape(data []byte) any {
	if !slices.Contains(deliveryTypes, typeOf[DeliveryType](data)) {
		return nil
	}
	return plainDelivery{}
}

// DeliveryItem is one line of an order. Amounts are yen.
type DeliveryItem struct {
	ID            string       `json:"id"`
	Type          LineType     `json:"type"`
	Name          string       `json:"name"`
	ItemID        *string      `json:"item_id"` // nil, or "" for goods typed in at a register
	VariationID   *string      `json:"variation_id"`
	VariationName string       `json:"variation_name"` // "" when there is none
	Code          *string      `json:"code"`
	Barcode       *string      `json:"barcode"`
	TaxRate       Rate         `json:"tax_rate"`
	RegularPrice  int64        `json:"regular_price"`
	Quantity      int          `json:"quantity"`
	Option        []LineOption `json:"option"`
}

// LineOption is an option of a line. Whether Price is for one piece or for the line is not
// established: only quantities of 1 were seen.
type LineOption struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Price    int64  `json:"price"`
	Quantity int    `json:"quantity"`
}

// LineType is the kind of a line. Open set.
type LineType string

// Kinds of lines.
const (
	LineRegular         LineType = "regular"
	LineInstant         LineType = "instant" // typed in at a register
	LineTicket          LineType = "ticket"
	LineDigitalContent  LineType = "digital_content"
	LineDigitalContents LineType = "digital_contents" // undocumented, in the sample data
	LineReserveMenu     LineType = "reserve_menu"     // STORES Reservation, as the next two
	LineReserveOption   LineType = "reserve_option"
	LineReserveTimeSlot LineType = "reserve_time_slot"
	LineUnknown         LineType = "unknown"
)

// DeliveryDate is when goods shall arrive, or from when preordered ones are sent. Which
// fields are there depends on Type.
type DeliveryDate struct {
	Type          DeliveryDateType                    `json:"type"`
	RequestedDate shotengai.Clearable[shotengai.Date] `json:"requested_date,omitzero"` // type request, as the next two; null: no wish
	StartTime     shotengai.Clearable[string]         `json:"start_time,omitzero"`
	EndTime       shotengai.Clearable[string]         `json:"end_time,omitzero"`
	StartMonth    shotengai.Clearable[string]         `json:"start_month,omitzero"` // type preorder, as the next three: 202208
	StartPeriod   shotengai.Clearable[Period]         `json:"start_period,omitzero"`
	EndMonth      shotengai.Clearable[string]         `json:"end_month,omitzero"`
	EndPeriod     shotengai.Clearable[Period]         `json:"end_period,omitzero"`

	raw json.RawMessage // the whole, of a type that this version does not know
}

// DeliveryDateType is the kind of a delivery date. Open set.
type DeliveryDateType string

// Kinds of delivery dates.
const (
	DateRequest  DeliveryDateType = "request" // chosen by the buyer
	DatePreorder DeliveryDateType = "preorder"
	DateRegular  DeliveryDateType = "regular"
)

// Period is a third of a month. Open set.
type Period string

// Thirds of a month.
const (
	PeriodEarly  Period = "early"  // from the 1st
	PeriodMiddle Period = "middle" // from the 11th
	PeriodLate   Period = "late"   // from the 21st
)

// Raw is the delivery date as it came, if its type is one that this version does not know.
func (d *DeliveryDate) Raw() json.RawMessage { return slices.Clone(d.raw) }

type plainDeliveryDate DeliveryDate

var deliveryDateTypes = []DeliveryDateType{DateRequest, DatePreorder, DateRegular}

// UnmarshalJSON keeps the whole besides, if its type is not known.
func (d *DeliveryDate) UnmarshalJSON(data []byte) error {
	var p plainDeliveryDate
	err := json.Unmarshal(data, &p)
	p.raw = keep(data, slices.Contains(deliveryDateTypes, p.Type))
	*d = DeliveryDate(p)
	return tolerate(err, p.raw)
}

// MarshalJSON writes a date of an unknown type as it came.
func (d DeliveryDate) MarshalJSON() ([]byte, error) {
	if d.raw != nil {
		return d.raw, nil
	}
	return json.Marshal(plainDeliveryDate(d))
}

// Shape returns what strict decoding compares the date with: nil, for nothing, if its type is
// not known.
func (*DeliveryDate) Shape(data []byte) any {
	if !slices.Contains(deliveryDateTypes, typeOf[DeliveryDateType](data)) {
		return nil
	}
	return plainDeliveryDate{}
}

// keep copies a row whose type is not known.
func keep(data []byte, known bool) json.RawMessage {
	if known {
		return nil
	}
	return slices.Clone(data)
}

// tolerate forgives a row of an unknown type that does not fit: it is kept whole.
func tolerate(err error, raw json.RawMessage) error {
	if raw != nil && json.Valid(raw) {
		return nil
	}
	return err
}

// typeOf reads the discriminator of a union.
func typeOf[T ~string](data []byte) T {
	var row struct {
		Type T `json:"type"`
	}
	_ = json.Unmarshal(data, &row)
	return row.Type
}
