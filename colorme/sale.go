package colorme

import "encoding/json"

// Sale is an order. Amounts are yen.
type Sale struct {
	ID                    int64       `json:"id"`
	AccountID             string      `json:"account_id"`
	MakeDate              Time        `json:"make_date"`
	UpdateDate            Time        `json:"update_date"`
	Memo                  *string     `json:"memo"` // deprecated by the platform: see SaleDelivery.Memo
	PaymentID             int64       `json:"payment_id"`
	Mobile                bool        `json:"mobile"`
	Paid                  bool        `json:"paid"`
	Delivered             bool        `json:"delivered"`
	Canceled              bool        `json:"canceled"`
	AcceptedMailState     MailState   `json:"accepted_mail_state"`
	PaidMailState         MailState   `json:"paid_mail_state"`
	DeliveredMailState    MailState   `json:"delivered_mail_state"`
	AcceptedMailSentDate  Time        `json:"accepted_mail_sent_date"` // zero: not sent
	PaidMailSentDate      Time        `json:"paid_mail_sent_date"`
	DeliveredMailSentDate Time        `json:"delivered_mail_sent_date"`
	PointState            PointState  `json:"point_state"`
	GMOPointState         *PointState `json:"gmo_point_state"`
	YahooPointState       *PointState `json:"yahoo_point_state"`
	ProductTotalPrice     int64       `json:"product_total_price"`
	DeliveryTotalCharge   int64       `json:"delivery_total_charge"`
	Fee                   int64       `json:"fee"`
	Tax                   int64       `json:"tax"`
	NoshiTotalCharge      int64       `json:"noshi_total_charge"`
	CardTotalCharge       int64       `json:"card_total_charge"`
	WrappingTotalCharge   int64       `json:"wrapping_total_charge"`
	PointDiscount         int64       `json:"point_discount"`
	GMOPointDiscount      int64       `json:"gmo_point_discount"`
	OtherDiscount         int64       `json:"other_discount"`
	OtherDiscountName     string      `json:"other_discount_name"`
	TotalPrice            int64       `json:"total_price"`
	GrantedPoints         int64       `json:"granted_points"`
	UsePoints             int64       `json:"use_points"`
	GrantedGMOPoints      int64       `json:"granted_gmo_points"`
	UseGMOPoints          int64       `json:"use_gmo_points"`
	GrantedYahooPoints    int64       `json:"granted_yahoo_points"`
	UseYahooPoints        int64       `json:"use_yahoo_points"`
	ExternalOrderID       string      `json:"external_order_id"`

	// Customer lacks Membership and ExternalAccounts here. Provisional.
	Customer       Customer         `json:"customer"`
	Details        []SaleDetail     `json:"details"`
	SaleDeliveries []SaleDelivery   `json:"sale_deliveries"`
	Segment        *SaleSegment     `json:"segment"`     // nil unless the order was split
	Totals         *SaleTotals      `json:"totals"`      // may be nil
	Application    *SaleApplication `json:"application"` // the app that made the order
	ShopCoupon     *SaleShopCoupon  `json:"shop_coupon"`

	// TransactionDate was always null so far. Provisional.
	TransactionDate json.RawMessage `json:"transaction_date,omitzero"`
}

// SaleDetail is one line of an order. Amounts are yen.
type SaleDetail struct {
	ID                       int64               `json:"id"`
	SaleID                   int64               `json:"sale_id"`
	AccountID                string              `json:"account_id"`
	ProductID                int64               `json:"product_id"`
	SaleDeliveryID           *int64              `json:"sale_delivery_id"`
	Option1Value             *string             `json:"option1_value"`
	Option2Value             *string             `json:"option2_value"`
	Option1Index             *int                `json:"option1_index"`
	Option2Index             *int                `json:"option2_index"`
	ProductModelNumber       *string             `json:"product_model_number"` // may be null. Provisional.
	ProductName              string              `json:"product_name"`
	PristineProductFullName  string              `json:"pristine_product_full_name"` // name and options as ordered
	ProductCost              *int64              `json:"product_cost"`
	ProductImageURL          *string             `json:"product_image_url"`
	ProductThumbnailImageURL *string             `json:"product_thumbnail_image_url"`
	ProductMobileImageURL    *string             `json:"product_mobile_image_url"` // deprecated by the platform
	Price                    int64               `json:"price"`
	PriceWithTax             int64               `json:"price_with_tax"`
	ProductNum               int                 `json:"product_num"` // quantity
	Unit                     *string             `json:"unit"`
	SubtotalPrice            int64               `json:"subtotal_price"`
	TaxReduced               bool                `json:"tax_reduced"`
	Customizations           []SaleCustomization `json:"customizations"`
}

// SaleCustomization is one answer to a question of the product's own.
type SaleCustomization struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// SaleDelivery is one destination of an order. Amounts are yen.
type SaleDelivery struct {
	ID              int64      `json:"id"`
	AccountID       string     `json:"account_id"`
	SaleID          int64      `json:"sale_id"`
	DeliveryID      int64      `json:"delivery_id"`
	DetailIDs       []int64    `json:"detail_ids"`
	Name            string     `json:"name"`
	Furigana        string     `json:"furigana"`
	Postal          *string    `json:"postal"`
	PrefID          Prefecture `json:"pref_id"`
	PrefName        string     `json:"pref_name"`
	Address1        *string    `json:"address1"`
	Address2        *string    `json:"address2"`
	Tel             *string    `json:"tel"`
	PreferredDate   *string    `json:"preferred_date"` // YYYY-MM-DD
	PreferredPeriod *string    `json:"preferred_period"`
	SlipNumber      *string    `json:"slip_number"`
	NoshiText       *string    `json:"noshi_text"`
	NoshiCharge     *int64     `json:"noshi_charge"`
	CardName        *string    `json:"card_name"`
	CardText        *string    `json:"card_text"`
	CardCharge      *int64     `json:"card_charge"`
	WrappingName    *string    `json:"wrapping_name"`
	WrappingCharge  *int64     `json:"wrapping_charge"`
	DeliveryCharge  int64      `json:"delivery_charge"`
	TotalCharge     int64      `json:"total_charge"` // includes the goods. Provisional.
	TrackingURL     *string    `json:"tracking_url"`
	Memo            *string    `json:"memo"`
	Delivered       bool       `json:"delivered"`
}

// SaleSegment is which part of a split order an order is. Amounts are yen.
type SaleSegment struct {
	ID                  int64   `json:"id"`
	Name                string  `json:"name"`
	ParentSaleID        int64   `json:"parent_sale_id"`
	Splitted            bool    `json:"splitted"`
	ProductTotalPrice   int64   `json:"product_total_price"`
	DeliveryTotalCharge int64   `json:"delivery_total_charge"`
	TotalPrice          int64   `json:"total_price"`
	NoshiTotalCharge    int64   `json:"noshi_total_charge"`
	CardTotalCharge     int64   `json:"card_total_charge"`
	WrappingTotalCharge int64   `json:"wrapping_total_charge"`
	SiblingsSaleIDs     []int64 `json:"siblings_sale_ids,omitzero"` // sent by Get only
}

// SaleTotals is an order's total by tax rate. Amounts are yen.
type SaleTotals struct {
	NormalTaxAmount             int64 `json:"normal_tax_amount"`
	ReducedTaxAmount            int64 `json:"reduced_tax_amount"`
	DiscountAmountForNormalTax  int64 `json:"discount_amount_for_normal_tax"`
	DiscountAmountForReducedTax int64 `json:"discount_amount_for_reduced_tax"`
	TotalPriceWithNormalTax     int64 `json:"total_price_with_normal_tax"`
	TotalPriceWithReducedTax    int64 `json:"total_price_with_reduced_tax"`
}

// SaleApplication is the app that made an order.
type SaleApplication struct {
	Name string `json:"name"`
}

// SaleShopCoupon is the coupon used in an order.
type SaleShopCoupon struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Code string `json:"code"`
}

// MailState is whether the shop has sent one of its mails. Open set.
type MailState string

// States of a mail.
const (
	MailNotYet MailState = "not_yet"
	MailSent   MailState = "sent"
	MailPass   MailState = "pass" // will not be sent
)

// PointState is what has become of an order's points. Open set.
type PointState string

// States of points.
const (
	PointAssumed  PointState = "assumed" // not granted yet
	PointFixed    PointState = "fixed"   // granted
	PointCanceled PointState = "canceled"
)
