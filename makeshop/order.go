package makeshop

import "strings"

// Order is an order, without its lines: these are in its deliveries. All members may be
// null, which reads as zero; those that the query did not ask for are zero too. Amounts
// are yen.
type Order struct {
	SystemOrderNumber  string        `json:"systemOrderNumber"`
	DisplayOrderNumber string        `json:"displayOrderNumber"` // what mutations ask for
	OrderDate          Timestamp     `json:"orderDate"`
	MemberID           string        `json:"memberId"` // of a guest: X, six digits and the buyer's name. Provisional.
	SenderName         string        `json:"senderName"`
	SenderPrefecture   string        `json:"senderPrefecture"`
	PayMethod          string        `json:"payMethod"`
	PaymentStatusCode  PaymentStatus `json:"paymentStatusCode"`
	SumPrice           int64         `json:"sumPrice"`
	DiscountPerTax     []TaxDiscount `json:"discountPerTax"`
	Message            string        `json:"message"` // the note, and other answers of the form after || (see Note)
	DeliveryInfos      []Delivery    `json:"deliveryInfos"`
}

// IsGuest reports whether the buyer was not logged in, judged by the form of the member
// id: an X and six digits in front of a name. Provisional.
func (o *Order) IsGuest() bool {
	digits, found := strings.CutPrefix(o.MemberID, "X")
	return found && len(digits) > 6 && strings.Trim(digits[:6], "0123456789") == ""
}

// Note is the buyer's message without the other answers of the order form, which the
// platform appends after ||.
func (o *Order) Note() string { return note(o.Message) }

func note(message string) string {
	text, _, _ := strings.Cut(message, "||")
	return strings.TrimSpace(text)
}

// TaxDiscount is the discount at one rate of the consumption tax.
type TaxDiscount struct {
	TaxRate  int64 `json:"taxRate"` // percent
	Discount int64 `json:"discount"`
}

// Delivery is one parcel of an order, with its recipient and its lines.
type Delivery struct {
	DeliveryID              string         `json:"deliveryId"`
	DeliveryStatus          DeliveryStatus `json:"deliveryStatus"`
	DeliveryMethodIDs       string         `json:"deliveryMethodIds"`
	DeliveryDate            Timestamp      `json:"deliveryDate"`
	EstimatedShipmentDate   Timestamp      `json:"estimatedShipmentDate"`
	DesiredDeliveryDate     Timestamp      `json:"desiredDeliveryDate"` // -- when there is none
	DesiredDeliveryTimezone string         `json:"desiredDeliveryTimezone"`
	SlipNumber              string         `json:"slipNumber"` // free text: shops write cancellations and refunds here too. Provisional.
	WMSStatus               Scalar         `json:"wmsStatus"`
	ShippingCharge          int64          `json:"shippingCharge"`
	DeliverySumPrice        int64          `json:"deliverySumPrice"`
	DeliveryMessage         string         `json:"deliveryMessage"` // as Order.Message
	ReceiverName            string         `json:"receiverName"`
	ReceiverPost            string         `json:"receiverPost"`
	ReceiverPrefecture      string         `json:"receiverPrefecture"`
	ReceiverAddress         string         `json:"receiverAddress"`
	ReceiverAddress2        string         `json:"receiverAddress2"`
	ReceiverTel             string         `json:"receiverTel"`
	BasketInfos             []Line         `json:"basketInfos"`
}

// Note is the delivery's message without the other answers of the order form.
func (d *Delivery) Note() string { return note(d.DeliveryMessage) }

// Line is one line of a delivery. Options come in two ways: as text in VariationName and
// as CustomSelects.
type Line struct {
	ProductCode         string         `json:"productCode"` // 12 digits with leading zeros
	ProductCustomCode   string         `json:"productCustomCode"`
	VariationCustomCode string         `json:"variationCustomCode"` // the shop's own text
	JANCode             string         `json:"janCode"`
	ProductName         string         `json:"productName"`
	VariationName       string         `json:"variationName"` // such as "カラー : 黒 左右 : LH"
	CustomSelects       []CustomSelect `json:"customSelects"`
	Amount              int64          `json:"amount"` // the quantity
	Price               int64          `json:"price"`
}

// CustomSelect is a choice that the buyer made for a line.
type CustomSelect struct {
	CustomSelectName string `json:"customSelectName"`
	SelectedItemName string `json:"selectedItemName"`
}

// DeliveryStatus is the state of a delivery as searches and answers spell it. Updates
// spell it otherwise: see [UpdateDeliveryStatus]. Open set.
type DeliveryStatus string

// States of a delivery.
const (
	DeliveryNotProcessed DeliveryStatus = "N"
	DeliveryShipped      DeliveryStatus = "Y"
	DeliveryCancelled    DeliveryStatus = "C"
	DeliveryReturned     DeliveryStatus = "R"
)

// PaymentStatus is the state of an order's payment; what has no constant is unpaid. The
// values are from one shop's data. Open set.
type PaymentStatus string

// States of a payment.
const (
	PaymentCashOnDelivery PaymentStatus = "0000"
	PaymentCash           PaymentStatus = "0001"
	PaymentPaid           PaymentStatus = "0002"
	PaymentCancelled      PaymentStatus = "0003"
	PaymentAuthorised     PaymentStatus = "0004" // not captured
	PaymentPoints         PaymentStatus = "1002" // paid in points, or nothing to pay
)
