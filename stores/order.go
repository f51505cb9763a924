package stores

import (
	"encoding/json"
	"slices"

	"github.com/shotengai/shotengai-go"
)

// Order is an order of the online shop or of a register. Amounts are yen.
//
// sales_amount is goods, options, delivery and cash-on-delivery fee; payment_amount is
// sales less cancellations, and the system fee while not cancelled.
type Order struct {
	ID             OrderID       `json:"id"`
	Number         OrderNumber   `json:"number"`
	SalesChannelID *string       `json:"sales_channel_id"` // nil or "ec": the online shop, see Online
	Email          *string       `json:"email"`
	SalesAmount    int64         `json:"sales_amount"`
	SalesDiscount  int64         `json:"sales_discount"`
	CancelAmount   int64         `json:"cancel_amount"`
	CancelDiscount int64         `json:"cancel_discount"`
	SalesTax       int64         `json:"sales_tax"`
	CancelTax      int64         `json:"cancel_tax"`
	TaxDetails     []TaxDetail   `json:"tax_details"`
	PaymentAmount  int64         `json:"payment_amount"`
	PaymentTax     int64         `json:"payment_tax"`
	Transactions   []Transaction `json:"transactions"` // a row is no proof of payment, see Paid
	Deliveries     []Delivery    `json:"deliveries"`
	Option         []OrderOption `json:"option"`
	Note           string        `json:"note"`            // the shop's
	Remarks        string        `json:"remarks"`         // the buyer's
	ReceiptAddress *string       `json:"receipt_address"` // name on the receipt
	OrderedAt      Time          `json:"ordered_at"`
	ReadiedAt      Time          `json:"readied_at"` // zero: not ready to ship, or cancelled as a whole
	BillingAddress *Address      `json:"billing_address"`
}

// TaxDetail is an order's amounts at one tax rate, in yen.
type TaxDetail struct {
	TaxClass       string `json:"tax_class"` // "taxable" is the only value known
	TaxRate        Rate   `json:"tax_rate"`
	SalesTax       int64  `json:"sales_tax"`
	CancelTax      int64  `json:"cancel_tax"`
	SalesAmount    int64  `json:"sales_amount"`
	SalesDiscount  int64  `json:"sales_discount"`
	CancelAmount   int64  `json:"cancel_amount"`
	CancelDiscount int64  `json:"cancel_discount"`
}

// OrderOption is a discount or surcharge on an order.
type OrderOption struct {
	ID    string          `json:"id"`
	Type  OrderOptionType `json:"type"`
	Name  string          `json:"name"`
	Price int64           `json:"price"` // yen, negative for a discount
}

// OrderOptionType is a kind of discount or surcharge. Open set.
type OrderOptionType string

// Kinds of discounts and surcharges.
const (
	OptionAmountDiscount      OrderOptionType = "amount_discount"
	OptionShippingDiscount    OrderOptionType = "shipping_discount"
	OptionBundleSalesDiscount OrderOptionType = "bundle_sales_discount"
	OptionCouponDiscount      OrderOptionType = "coupon_discount"
	OptionVolumeDiscount      OrderOptionType = "volume_discount"
	OptionGiftWrapping        OrderOptionType = "gift_wrapping" // a surcharge
	OptionPointDiscount       OrderOptionType = "point_discount"
)

// Address is where an order is billed or sent.
type Address struct {
	FirstName  string `json:"first_name"` // may be empty (Amazon Pay)
	LastName   string `json:"last_name"`
	Tel        string `json:"tel"`
	ZipCode    string `json:"zip_code"`
	Country    string `json:"country"` // JPN in the sample data, the Japanese name in the documentation's examples
	Prefecture string `json:"prefecture"`
	Address    string `json:"address"`
}

// Fee is an amount with its tax, in yen.
type Fee struct {
	TaxClass string `json:"tax_class"`
	TaxRate  Rate   `json:"tax_rate"`
	Amount   int64  `json:"amount"`
}

// Online reports whether an order was made in the online shop.
func (o *Order) Online() bool { return o.SalesChannelID == nil || *o.SalesChannelID == SalesChannelEC }

// Transaction is a payment or, with a negative amount, a refund. A row is no proof of
// payment: unpaid convenience-store and cash-on-delivery orders have one too.
type Transaction struct {
	ID                string                      `json:"id"`
	Type              TransactionType             `json:"type"`
	SalesChannelID    *string                     `json:"sales_channel_id"`
	Amount            int64                       `json:"amount"` // yen, without the system fee
	Deposit           int64                       `json:"deposit"`
	Change            int64                       `json:"change"`
	PaidAt            shotengai.Clearable[Time]   `json:"paid_at,omitzero"` // null: not paid; absent for cash on delivery
	PaymentFee        int64                       `json:"payment_fee"`      // yen, negative on a refund
	PaymentFeeRate    Rate                        `json:"payment_fee_rate"` // a fraction
	Fee               shotengai.Clearable[Fee]    `json:"fee,omitzero"`     // documented as absent for cash on delivery, and there in the sample data
	SystemFee         shotengai.Clearable[Fee]    `json:"system_fee,omitzero"`
	PaymentMethodName shotengai.Clearable[string] `json:"payment_method_name,omitzero"` // custom payments only, and not on all of their refunds

	raw json.RawMessage // the whole row, of a type that this version does not know
}

// IsPaid reports whether the row has a time of payment.
func (t *Transaction) IsPaid() bool {
	at, ok := t.PaidAt.Get()
	return ok && !at.IsZero()
}

// Raw is the row as it came, if its type is one that this version does not know.
func (t *Transaction) Raw() json.RawMessage { return slices.Clone(t.raw) }

type plainTransaction Transaction

// UnmarshalJSON keeps the whole row besides, if its type is not known.
func (t *Transaction) UnmarshalJSON(data []byte) error {
	var p plainTransaction
	err := json.Unmarshal(data, &p)
	p.raw = keep(data, slices.Contains(transactionTypes, p.Type))
	*t = Transaction(p)
	return tolerate(err, p.raw)
}

// MarshalJSON writes a row of an unknown type as it came.
func (t Transaction) MarshalJSON() ([]byte, error) {
	if t.raw != nil {
		return t.raw, nil
	}
	return json.Marshal(plainTransaction(t))
}

// Shape returns what strict decoding compares the row with: nil, for nothing, if its type is
// not known.
func (*Transaction) Shape(data []byte) any {
	if !slices.Contains(transactionTypes, typeOf[TransactionType](data)) {
		return nil
	}
	return plainTransaction{}
}

// TransactionType is a way of payment. Open set: values have been added to this version
// of the API.
type TransactionType string

// Ways of payment.
const (
	TransactionAmazonPay               TransactionType = "amazon_pay"
	TransactionAu                      TransactionType = "au" // carrier billing
	TransactionBankTransfer            TransactionType = "bank_transfer"
	TransactionCash                    TransactionType = "cash"
	TransactionCashOnDelivery          TransactionType = "cash_on_delivery"
	TransactionConvenienceStore        TransactionType = "convenience_store_payment"
	TransactionCreditCard              TransactionType = "credit_card"
	TransactionCustom                  TransactionType = "custom" // defined by the shop
	TransactionDocomo                  TransactionType = "docomo" // carrier billing
	TransactionPaidy                   TransactionType = "paidy"  // pay later
	TransactionPayPal                  TransactionType = "paypal"
	TransactionPayPay                  TransactionType = "paypay"
	TransactionRakutenPay              TransactionType = "rakuten_pay"
	TransactionSoftbank                TransactionType = "softbank"                    // carrier billing
	TransactionTerminalCreditCard      TransactionType = "stores_terminal_credit_card" // STORES card terminal, as the next eight
	TransactionTerminalElectronicMoney TransactionType = "stores_terminal_electronic_money"
	TransactionTerminalQuicPay         TransactionType = "stores_terminal_quic_pay"
	TransactionTerminalID              TransactionType = "stores_terminal_id"
	TransactionTerminalSmartCode       TransactionType = "stores_terminal_smart_code"
	TransactionTerminalPayPay          TransactionType = "stores_terminal_paypay"
	TransactionTerminalDPayment        TransactionType = "stores_terminal_d_payment"
	TransactionTerminalRakutenPay      TransactionType = "stores_terminal_rakuten_pay"
	TransactionTerminalWeChatPay       TransactionType = "stores_terminal_we_chat_pay"
	TransactionKanzashiPoint           TransactionType = "kanzashi_point" // salon booking, as the next
	TransactionKanzashiSmartShiharai   TransactionType = "kanzashi_smart_shiharai"
	TransactionUnknown                 TransactionType = "unknown"
)

var transactionTypes = []TransactionType{
	TransactionAmazonPay, TransactionAu, TransactionBankTransfer, TransactionCash, TransactionCashOnDelivery,
	TransactionConvenienceStore, TransactionCreditCard, TransactionCustom, TransactionDocomo, TransactionPaidy,
	TransactionPayPal, TransactionPayPay, TransactionRakutenPay, TransactionSoftbank, TransactionTerminalCreditCard,
	TransactionTerminalElectronicMoney, TransactionTerminalQuicPay, TransactionTerminalID, TransactionTerminalSmartCode,
	TransactionTerminalPayPay, TransactionTerminalDPayment, TransactionTerminalRakutenPay, TransactionTerminalWeChatPay,
	TransactionKanzashiPoint, TransactionKanzashiSmartShiharai, TransactionUnknown,
}
