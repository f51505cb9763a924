package rakutentest

import (
	"encoding/json"
	"fmt"
	"time"
)

// notFixed is the amount that stands for one that is not fixed yet.
const notFixed = -9999

// instant is a time as orders spell it; zero is null.
type instant struct{ time.Time }

const orderLayout = "2006-01-02T15:04:05-0700"

// MarshalJSON writes the offset without a colon.
func (t instant) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(t.In(jst).Format(`"` + orderLayout + `"`)), nil
}

// UnmarshalJSON reads what MarshalJSON writes, and nothing else: an offset with a colon, no
// offset and fractions of a second are refused.
func (t *instant) UnmarshalJSON(data []byte) error {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil || text == nil {
		return err
	}
	at, err := time.ParseInLocation(orderLayout, *text, jst)
	if err == nil && at.In(jst).Format(orderLayout) != *text {
		err = fmt.Errorf("%q is no time of the form %s", *text, orderLayout)
	}
	t.Time = at
	return err
}

// order is an order of version 10. What later versions brought is left out for earlier
// ones.
type order struct {
	OrderNumber             string    `json:"orderNumber"`
	OrderProgress           int       `json:"orderProgress"`
	SubStatusID             *int      `json:"subStatusId"`
	SubStatusName           *string   `json:"subStatusName"`
	OrderDatetime           instant   `json:"orderDatetime"`
	ShopOrderCfmDatetime    instant   `json:"shopOrderCfmDatetime"`
	OrderFixDatetime        instant   `json:"orderFixDatetime"`
	ShippingInstDatetime    instant   `json:"shippingInstDatetime"`
	ShippingCmplRptDatetime instant   `json:"shippingCmplRptDatetime"`
	CancelDueDate           *string   `json:"cancelDueDate"`
	DeliveryDate            *string   `json:"deliveryDate"`
	ShippingTerm            *int      `json:"shippingTerm"`
	Remarks                 *string   `json:"remarks"`
	GiftCheckFlag           int       `json:"giftCheckFlag"`
	SeveralSenderFlag       int       `json:"severalSenderFlag"`
	EqualSenderFlag         int       `json:"equalSenderFlag"`
	IsolatedIslandFlag      int       `json:"isolatedIslandFlag"`
	RakutenMemberFlag       int       `json:"rakutenMemberFlag"`
	CarrierCode             int       `json:"carrierCode"`
	EmailCarrierCode        int       `json:"emailCarrierCode"`
	OrderType               int       `json:"orderType"`
	ReserveNumber           *string   `json:"reserveNumber"`
	ReserveDeliveryCount    *int      `json:"reserveDeliveryCount"`
	CautionDisplayType      int       `json:"cautionDisplayType"`
	CautionDisplayDetail    *int      `json:"cautionDisplayDetailType"`
	RakutenConfirmFlag      int       `json:"rakutenConfirmFlag"`
	GoodsPrice              int64     `json:"goodsPrice"`
	PostagePrice            int64     `json:"postagePrice"`
	DeliveryPrice           int64     `json:"deliveryPrice"`
	PaymentCharge           int64     `json:"paymentCharge"`
	PaymentChargeTaxRate    *float64  `json:"paymentChargeTaxRate"`
	TotalPrice              int64     `json:"totalPrice"`
	RequestPrice            int64     `json:"requestPrice"`
	CouponAllTotalPrice     int64     `json:"couponAllTotalPrice"`
	CouponShopPrice         int64     `json:"couponShopPrice"`
	CouponOtherPrice        int64     `json:"couponOtherPrice"`
	FeeToUser               int64     `json:"additionalFeeOccurAmountToUser"`
	FeeToShop               int64     `json:"additionalFeeOccurAmountToShop"`
	AsurakuFlag             int       `json:"asurakuFlag"`
	DrugFlag                int       `json:"drugFlag"`
	DealFlag                int       `json:"dealFlag"`
	MembershipType          int       `json:"membershipType"`
	Memo                    *string   `json:"memo"`
	Operator                *string   `json:"operator"`
	MailPlugSentence        *string   `json:"mailPlugSentence"`
	ModifyFlag              int       `json:"modifyFlag"`
	ReceiptIssueCount       int64     `json:"receiptIssueCount"`
	ReceiptIssueHistory     []instant `json:"receiptIssueHistoryList"`
	DeliveryCertPrgFlag     int       `json:"deliveryCertPrgFlag"`
	OneDayOperationFlag     int       `json:"oneDayOperationFlag"`
	SocialGiftFlag          int       `json:"socialGiftFlag"`

	Orderer       orderer        `json:"OrdererModel"`
	Settlement    *settlement    `json:"SettlementModel"`
	Delivery      delivery       `json:"DeliveryModel"`
	Point         *point         `json:"PointModel"`
	Wrapping1     *wrapping      `json:"WrappingModel1"`
	Wrapping2     *wrapping      `json:"WrappingModel2"`
	Packages      []*parcelGroup `json:"PackageModelList"`
	Coupons       []orderCoupon  `json:"CouponModelList"`
	ChangeReasons []changeReason `json:"ChangeReasonModelList"`
	TaxSummaries  []taxSummary   `json:"TaxSummaryModelList"`
	DueDates      []dueDate      `json:"DueDateModelList"`

	paid instant // when payment was fixed, which searches and getPayment know
}

// address is a person at a place.
type address struct {
	ZipCode1       *string `json:"zipCode1"`
	ZipCode2       *string `json:"zipCode2"`
	Prefecture     string  `json:"prefecture"`
	City           string  `json:"city"`
	SubAddress     *string `json:"subAddress"`
	FamilyName     string  `json:"familyName"`
	FirstName      *string `json:"firstName"`
	FamilyNameKana *string `json:"familyNameKana"`
	FirstNameKana  *string `json:"firstNameKana"`
	PhoneNumber1   *string `json:"phoneNumber1"`
	PhoneNumber2   *string `json:"phoneNumber2"`
	PhoneNumber3   *string `json:"phoneNumber3"`
}

type orderer struct {
	address

	EmailAddress string  `json:"emailAddress"`
	Sex          *string `json:"sex"`
	BirthYear    *int    `json:"birthYear"`
	BirthMonth   *int    `json:"birthMonth"`
	BirthDay     *int    `json:"birthDay"`
}

// receiver is where a package goes; the platform calls it the sender.
type receiver struct {
	address

	IsolatedIslandFlag *int `json:"isolatedIslandFlag"`
}

type settlement struct {
	SettlementMethod     string  `json:"settlementMethod"`
	RpaySettlementFlag   int     `json:"rpaySettlementFlag"`
	CardName             *string `json:"cardName"`
	CardNumber           *string `json:"cardNumber"`
	CardOwner            *string `json:"cardOwner"`
	CardYM               *string `json:"cardYm"`
	CardPayType          *int    `json:"cardPayType"`
	CardInstallmentDesc  *string `json:"cardInstallmentDesc"`
	SettlementMethodCode int     `json:"settlementMethodCode"`
}

type delivery struct {
	DeliveryName  string `json:"deliveryName"`
	DeliveryClass *int   `json:"deliveryClass"`
}

type point struct {
	UsedPoint int64 `json:"usedPoint"`
}

type wrapping struct {
	Title              int      `json:"title"`
	Name               string   `json:"name"`
	Price              *int64   `json:"price"`
	IncludeTaxFlag     int      `json:"includeTaxFlag"`
	DeleteWrappingFlag *int     `json:"deleteWrappingFlag"`
	TaxRate            *float64 `json:"taxRate"`
	TaxPrice           *int64   `json:"taxPrice"`
}

// parcelGroup is a package of the platform: what goes to one destination.
type parcelGroup struct {
	BasketID                   int64        `json:"basketId"`
	PostagePrice               int64        `json:"postagePrice"`
	PostageTaxRate             *float64     `json:"postageTaxRate"`
	DeliveryPrice              int64        `json:"deliveryPrice"`
	DeliveryTaxRate            *float64     `json:"deliveryTaxRate"`
	GoodsPrice                 int64        `json:"goodsPrice"`
	TotalPrice                 int64        `json:"totalPrice"`
	Noshi                      *string      `json:"noshi"`
	PackageDeleteFlag          int          `json:"packageDeleteFlag"`
	Sender                     receiver     `json:"SenderModel"`
	Items                      []*orderLine `json:"ItemModelList"`
	Shippings                  []*shipping  `json:"ShippingModelList"`
	DeliveryCVS                *object      `json:"DeliveryCvsModel"`
	DefaultDeliveryCompanyCode *string      `json:"defaultDeliveryCompanyCode"`
	DropOffFlag                int          `json:"dropOffFlag"`
	DropOffLocation            *string      `json:"dropOffLocation"`
	SocialGift                 *socialGift  `json:"SocialGiftModel"`
}

type orderLine struct {
	ItemDetailID                     int64      `json:"itemDetailId"`
	ItemName                         string     `json:"itemName"`
	ItemID                           int64      `json:"itemId"`
	ItemNumber                       *string    `json:"itemNumber"`
	ManageNumber                     string     `json:"manageNumber"`
	Price                            int64      `json:"price"`
	PriceTaxIncl                     int64      `json:"priceTaxIncl"`
	TaxRate                          *float64   `json:"taxRate"`
	Units                            int64      `json:"units"`
	IncludePostageFlag               int        `json:"includePostageFlag"`
	IncludeTaxFlag                   int        `json:"includeTaxFlag"`
	IncludeCashOnDeliveryPostageFlag int        `json:"includeCashOnDeliveryPostageFlag"`
	SelectedChoice                   *string    `json:"selectedChoice"`
	PointRate                        int64      `json:"pointRate"`
	PointType                        int        `json:"pointType"`
	InventoryType                    int        `json:"inventoryType"`
	DelvdateInfo                     *string    `json:"delvdateInfo"`
	RestoreInventoryFlag             int        `json:"restoreInventoryFlag"`
	DealFlag                         int        `json:"dealFlag"`
	DrugFlag                         int        `json:"drugFlag"`
	DeleteItemFlag                   int        `json:"deleteItemFlag"`
	IsSingleItemShipping             int        `json:"isSingleItemShipping"`
	SKUs                             []orderSKU `json:"SkuModelList"`
}

type orderSKU struct {
	VariantID            *string `json:"variantId"`
	MerchantDefinedSKUID *string `json:"merchantDefinedSkuId"`
	SKUInfo              *string `json:"skuInfo"`
}

type shipping struct {
	ShippingDetailID    int64   `json:"shippingDetailId"`
	ShippingNumber      *string `json:"shippingNumber"`
	DeliveryCompany     *string `json:"deliveryCompany"`
	DeliveryCompanyName *string `json:"deliveryCompanyName"`
	ShippingDate        *string `json:"shippingDate"`
}

// socialGift is called SocialGiftModel by one source and socialGift by another; the fake
// follows the first.
type socialGift struct {
	SGMngNumber          string  `json:"sgMngNumber"`
	InputDueDate         string  `json:"inputDueDate"`
	InputFlag            int     `json:"inputFlag"`
	InputCompDatetime    instant `json:"inputCompDatetime"`
	ReceiverEmailAddress *string `json:"receiverEmailAddress"`
}

type orderCoupon struct {
	CouponCode        string `json:"couponCode"`
	ItemID            int64  `json:"itemId"`
	ItemDetailID      int64  `json:"itemDetailId"`
	CouponPrice       int64  `json:"couponPrice"`
	CouponUnit        int64  `json:"couponUnit"`
	CouponTotalPrice  int64  `json:"couponTotalPrice"`
	CouponName        string `json:"couponName"`
	CouponSummary     string `json:"couponSummary"`
	CouponCapital     string `json:"couponCapital"`
	CouponCapitalCode int    `json:"couponCapitalCode"`
	ExpiryDate        string `json:"expiryDate"`
}

type changeReason struct {
	ChangeID            int64   `json:"changeId"`
	ChangeType          *int    `json:"changeType"`
	ChangeTypeDetail    *int    `json:"changeTypeDetail"`
	ChangeReason        *int    `json:"changeReason"`
	ChangeReasonDetail  *int    `json:"changeReasonDetail"`
	ChangeApplyDatetime instant `json:"changeApplyDatetime"`
	ChangeFixDatetime   instant `json:"changeFixDatetime"`
	ChangeCmplDatetime  instant `json:"changeCmplDatetime"`
}

type taxSummary struct {
	TaxRate       float64 `json:"taxRate"`
	ReqPrice      int64   `json:"reqPrice"`
	ReqPriceTax   int64   `json:"reqPriceTax"`
	TotalPrice    int64   `json:"totalPrice"`
	PaymentCharge int64   `json:"paymentCharge"`
	CouponPrice   int64   `json:"couponPrice"`
	Point         int64   `json:"point"`
}

type dueDate struct {
	DueDateType int    `json:"dueDateType"`
	DueDate     string `json:"dueDate"`
}
