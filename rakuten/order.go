package rakuten

import "github.com/shotengai/shotengai-go"

// Order is an order as getOrder of version 10 returns it. Amounts are yen and may not be
// fixed yet.
type Order struct {
	OrderNumber             string            `json:"orderNumber"` // shop id, day, running number
	OrderProgress           OrderProgress     `json:"orderProgress"`
	SubStatusID             *int              `json:"subStatusId"` // one of the shop's own; null when none is set
	SubStatusName           *string           `json:"subStatusName"`
	OrderDatetime           OrderTime         `json:"orderDatetime"`
	ShopOrderCfmDatetime    OrderTime         `json:"shopOrderCfmDatetime"`
	OrderFixDatetime        OrderTime         `json:"orderFixDatetime"`
	ShippingInstDatetime    OrderTime         `json:"shippingInstDatetime"`
	ShippingCmplRptDatetime OrderTime         `json:"shippingCmplRptDatetime"`
	CancelDueDate           shotengai.Date    `json:"cancelDueDate"`
	DeliveryDate            shotengai.Date    `json:"deliveryDate"` // the day that the buyer wishes
	ShippingTerm            *ShippingTerm     `json:"shippingTerm"`
	Remarks                 *string           `json:"remarks"` // the buyer's comment
	GiftCheckFlag           Flag              `json:"giftCheckFlag"`
	SeveralSenderFlag       Flag              `json:"severalSenderFlag"` // several destinations
	EqualSenderFlag         Flag              `json:"equalSenderFlag"`   // the buyer is the receiver
	IsolatedIslandFlag      Flag              `json:"isolatedIslandFlag"`
	RakutenMemberFlag       Flag              `json:"rakutenMemberFlag"`
	CarrierCode             DeviceCode        `json:"carrierCode"` // the buyer's device, no parcel carrier
	EmailCarrierCode        DeviceCode        `json:"emailCarrierCode"`
	OrderType               OrderType         `json:"orderType"`
	ReserveNumber           *string           `json:"reserveNumber"`
	ReserveDeliveryCount    *int              `json:"reserveDeliveryCount"`
	CautionDisplayType      CautionDisplay    `json:"cautionDisplayType"`
	RakutenConfirmFlag      Flag              `json:"rakutenConfirmFlag"`
	GoodsPrice              Amount            `json:"goodsPrice,omitzero"`
	PostagePrice            Amount            `json:"postagePrice,omitzero"`
	DeliveryPrice           Amount            `json:"deliveryPrice,omitzero"`
	PaymentCharge           Amount            `json:"paymentCharge,omitzero"`
	TotalPrice              Amount            `json:"totalPrice,omitzero"`   // before coupons and charges; see Total
	RequestPrice            Amount            `json:"requestPrice,omitzero"` // what is charged after points
	CouponAllTotalPrice     Amount            `json:"couponAllTotalPrice,omitzero"`
	CouponShopPrice         Amount            `json:"couponShopPrice,omitzero"`
	CouponOtherPrice        Amount            `json:"couponOtherPrice,omitzero"`
	AsurakuFlag             Flag              `json:"asurakuFlag"`
	DrugFlag                Flag              `json:"drugFlag"`
	DealFlag                Flag              `json:"dealFlag"`
	Memo                    *string           `json:"memo"`
	Operator                *string           `json:"operator"`
	MailPlugSentence        *string           `json:"mailPlugSentence"`
	ModifyFlag              Flag              `json:"modifyFlag"`
	ReceiptIssueCount       int64             `json:"receiptIssueCount"`
	ReceiptIssueHistory     []OrderTime       `json:"receiptIssueHistoryList"`
	Orderer                 Orderer           `json:"OrdererModel,omitzero"`
	Settlement              *OrderSettlement  `json:"SettlementModel"`
	Delivery                OrderDelivery     `json:"DeliveryModel,omitzero"`
	Point                   *OrderPoint       `json:"PointModel"`
	Wrapping1               *OrderWrapping    `json:"WrappingModel1"`
	Wrapping2               *OrderWrapping    `json:"WrappingModel2"`
	Packages                []OrderPackage    `json:"PackageModelList"` // one for each destination
	Coupons                 []OrderCoupon     `json:"CouponModelList"`
	ChangeReasons           []ChangeReason    `json:"ChangeReasonModelList"`
	CautionDisplayDetail    *CautionDetail    `json:"cautionDisplayDetailType"`
	PaymentChargeTaxRate    *OrderTaxRate     `json:"paymentChargeTaxRate"`
	DeliveryCertPrgFlag     Flag              `json:"deliveryCertPrgFlag"` // since version 8
	OneDayOperationFlag     Flag              `json:"oneDayOperationFlag"` // since version 8
	SocialGiftFlag          Flag              `json:"socialGiftFlag"`      // since version 10; see OrderPackage.SocialGift
	TaxSummaries            []OrderTaxSummary `json:"TaxSummaryModelList"`
	DueDates                []OrderDueDate    `json:"DueDateModelList"`

	AdditionalFeeOccurAmountToUser Amount `json:"additionalFeeOccurAmountToUser,omitzero"` // fees that the buyer bears
	AdditionalFeeOccurAmountToShop Amount `json:"additionalFeeOccurAmountToShop,omitzero"` // fees that the shop bears

	// MembershipType is a leftover.
	//
	// Deprecated: it has no meaning any more.
	MembershipType *int `json:"membershipType,omitzero"`
	// IsTaxRecalc is gone since version 8.
	//
	// Deprecated: use TaxSummaries.
	IsTaxRecalc *Flag `json:"isTaxRecalc,omitzero"`
	// GoodsTax is gone since version 8.
	//
	// Deprecated: use TaxSummaries.
	GoodsTax Amount `json:"goodsTax,omitzero"`
}

// Orderer is the buyer of an order. Addresses of e-mail are masked ones that forward.
type Orderer struct {
	ZipCode1       *string `json:"zipCode1"` // the first three digits
	ZipCode2       *string `json:"zipCode2"` // the last four digits
	Prefecture     string  `json:"prefecture"`
	City           string  `json:"city"`
	SubAddress     *string `json:"subAddress"`
	FamilyName     string  `json:"familyName"`
	FirstName      *string `json:"firstName"`
	FamilyNameKana *string `json:"familyNameKana"`
	FirstNameKana  *string `json:"firstNameKana"`
	PhoneNumber1   *string `json:"phoneNumber1"` // one of the three parts may be null
	PhoneNumber2   *string `json:"phoneNumber2"`
	PhoneNumber3   *string `json:"phoneNumber3"`
	EmailAddress   string  `json:"emailAddress"`
	Sex            *string `json:"sex"`
	BirthYear      *int    `json:"birthYear"`
	BirthMonth     *int    `json:"birthMonth"`
	BirthDay       *int    `json:"birthDay"`
}

// OrderSettlement is how an order is paid.
type OrderSettlement struct {
	SettlementMethod     string           `json:"settlementMethod"` // as text
	RpaySettlementFlag   Flag             `json:"rpaySettlementFlag"`
	CardName             *string          `json:"cardName"`
	CardNumber           *string          `json:"cardNumber"` // masked
	CardOwner            *string          `json:"cardOwner"`
	CardYM               *string          `json:"cardYm"`
	CardPayType          *CardPayType     `json:"cardPayType"`
	CardInstallmentDesc  *CardInstallment `json:"cardInstallmentDesc"`
	SettlementMethodCode SettlementMethod `json:"settlementMethodCode"`
}

// OrderDelivery is how an order is delivered.
type OrderDelivery struct {
	DeliveryName  string         `json:"deliveryName"` // as set up in the shop
	DeliveryClass *DeliveryClass `json:"deliveryClass"`
}

// OrderPoint is the points that the buyer uses.
type OrderPoint struct {
	UsedPoint int64 `json:"usedPoint"`
}

// OrderWrapping is a wrapping of an order, of paper or of ribbon.
type OrderWrapping struct {
	Title              WrappingTitle `json:"title"`
	Name               string        `json:"name"`
	Price              *Amount       `json:"price"`
	IncludeTaxFlag     Flag          `json:"includeTaxFlag"`
	DeleteWrappingFlag *Flag         `json:"deleteWrappingFlag"`
	TaxRate            *OrderTaxRate `json:"taxRate"`
	TaxPrice           *Amount       `json:"taxPrice"`
}

// OrderPackage is what goes to one destination.
type OrderPackage struct {
	BasketID                   int64           `json:"basketId"`
	PostagePrice               Amount          `json:"postagePrice,omitzero"`
	PostageTaxRate             *OrderTaxRate   `json:"postageTaxRate"`
	DeliveryPrice              Amount          `json:"deliveryPrice,omitzero"`
	DeliveryTaxRate            *OrderTaxRate   `json:"deliveryTaxRate"`
	GoodsPrice                 Amount          `json:"goodsPrice,omitzero"`
	TotalPrice                 Amount          `json:"totalPrice,omitzero"`
	Noshi                      *string         `json:"noshi"`
	PackageDeleteFlag          Flag            `json:"packageDeleteFlag"`
	Sender                     Receiver        `json:"SenderModel,omitzero"` // where it goes: the platform's sender is the receiver
	Items                      []OrderItem     `json:"ItemModelList"`
	Shippings                  []OrderShipping `json:"ShippingModelList"`
	DeliveryCVS                *DeliveryCVS    `json:"DeliveryCvsModel"`
	DefaultDeliveryCompanyCode *Carrier        `json:"defaultDeliveryCompanyCode"`
	DropOffFlag                Flag            `json:"dropOffFlag"` // since version 9
	DropOffLocation            *string         `json:"dropOffLocation"`
	SocialGift                 *SocialGift     `json:"SocialGiftModel"` // since version 10; its name is provisional, see SocialGift

	// GoodsTax is gone since version 8.
	//
	// Deprecated: use Order.TaxSummaries.
	GoodsTax Amount `json:"goodsTax,omitzero"`
}

// Receiver is where a package goes. The platform calls it the sender. Until the receiver
// of a social gift has answered, the zip code is 999 and 9999 and the address says 入力待ち.
type Receiver struct {
	ZipCode1           *string `json:"zipCode1"`
	ZipCode2           *string `json:"zipCode2"`
	Prefecture         string  `json:"prefecture"`
	City               string  `json:"city"`
	SubAddress         *string `json:"subAddress"`
	FamilyName         string  `json:"familyName"`
	FirstName          *string `json:"firstName"`
	FamilyNameKana     *string `json:"familyNameKana"`
	FirstNameKana      *string `json:"firstNameKana"`
	PhoneNumber1       *string `json:"phoneNumber1"`
	PhoneNumber2       *string `json:"phoneNumber2"`
	PhoneNumber3       *string `json:"phoneNumber3"`
	IsolatedIslandFlag *Flag   `json:"isolatedIslandFlag"`
}

// OrderItem is one line of a package.
type OrderItem struct {
	ItemDetailID                     int64            `json:"itemDetailId"`
	ItemName                         string           `json:"itemName"`
	ItemID                           int64            `json:"itemId"`
	ItemNumber                       *string          `json:"itemNumber"`   // the shop's own number
	ManageNumber                     string           `json:"manageNumber"` // the item's key, in lower case
	Price                            Amount           `json:"price,omitzero"`
	PriceTaxIncl                     Amount           `json:"priceTaxIncl,omitzero"`
	TaxRate                          *OrderTaxRate    `json:"taxRate"`
	Units                            int64            `json:"units"`
	IncludePostageFlag               Flag             `json:"includePostageFlag"`
	IncludeTaxFlag                   Flag             `json:"includeTaxFlag"`
	IncludeCashOnDeliveryPostageFlag Flag             `json:"includeCashOnDeliveryPostageFlag"`
	SelectedChoice                   *string          `json:"selectedChoice"`
	PointRate                        int64            `json:"pointRate"`
	PointType                        PointType        `json:"pointType"`
	InventoryType                    InventoryType    `json:"inventoryType"`
	DelvdateInfo                     *string          `json:"delvdateInfo"`
	RestoreInventoryFlag             InventoryRestore `json:"restoreInventoryFlag"`
	DealFlag                         Flag             `json:"dealFlag"`
	DrugFlag                         Flag             `json:"drugFlag"`
	DeleteItemFlag                   Flag             `json:"deleteItemFlag"`
	IsSingleItemShipping             Flag             `json:"isSingleItemShipping"`
	SKUs                             []OrderSKU       `json:"SkuModelList"` // since version 7
}

// OrderSKU is the variant that was bought.
type OrderSKU struct {
	VariantID            *string `json:"variantId"`
	MerchantDefinedSKUID *string `json:"merchantDefinedSkuId"`
	SKUInfo              *string `json:"skuInfo"`
}

// OrderShipping is one parcel of a package.
type OrderShipping struct {
	ShippingDetailID    int64          `json:"shippingDetailId"`
	ShippingNumber      *string        `json:"shippingNumber"`
	DeliveryCompany     *Carrier       `json:"deliveryCompany"`
	DeliveryCompanyName *string        `json:"deliveryCompanyName"`
	ShippingDate        shotengai.Date `json:"shippingDate"`
}

// DeliveryCVS is the convenience store, post office or locker that a package waits in.
type DeliveryCVS struct {
	CVSCode         *int    `json:"cvsCode"` // the chain; the meanings of the codes are not established
	StoreGenreCode  *string `json:"storeGenreCode"`
	StoreCode       *string `json:"storeCode"`
	StoreName       *string `json:"storeName"`
	StoreZip        *string `json:"storeZip"`
	StorePrefecture *string `json:"storePrefecture"`
	StoreAddress    *string `json:"storeAddress"`
	AreaCode        *string `json:"areaCode"`
	Depo            *string `json:"depo"`
	OpenTime        *string `json:"openTime"`
	CloseTime       *string `json:"closeTime"`
	CVSRemarks      *string `json:"cvsRemarks"`
}

// SocialGift is a gift whose receiver enters the address. That the object is called
// SocialGiftModel is provisional.
type SocialGift struct {
	SGMngNumber          string         `json:"sgMngNumber"`
	InputDueDate         shotengai.Date `json:"inputDueDate"`
	InputFlag            Flag           `json:"inputFlag"` // the receiver has answered
	InputCompDatetime    OrderTime      `json:"inputCompDatetime"`
	ReceiverEmailAddress *string        `json:"receiverEmailAddress"`
}

// OrderCoupon is a coupon that was used.
type OrderCoupon struct {
	CouponCode        string         `json:"couponCode"`
	ItemID            int64          `json:"itemId"` // 0 for a coupon on the whole order
	ItemDetailID      int64          `json:"itemDetailId"`
	CouponPrice       Amount         `json:"couponPrice,omitzero"`
	CouponUnit        int64          `json:"couponUnit"`
	CouponTotalPrice  Amount         `json:"couponTotalPrice,omitzero"`
	CouponName        string         `json:"couponName"`
	CouponSummary     string         `json:"couponSummary"`
	CouponCapital     string         `json:"couponCapital"`
	CouponCapitalCode CouponCapital  `json:"couponCapitalCode"`
	ExpiryDate        shotengai.Date `json:"expiryDate"`
}

// ChangeReason is a cancellation or change that was asked for.
type ChangeReason struct {
	ChangeID            int64             `json:"changeId"`
	ChangeType          *ChangeType       `json:"changeType"`
	ChangeTypeDetail    *ChangeTypeDetail `json:"changeTypeDetail"`
	ChangeReason        *ChangeReasonBy   `json:"changeReason"`
	ChangeReasonDetail  *ReasonCode       `json:"changeReasonDetail"`
	ChangeApplyDatetime OrderTime         `json:"changeApplyDatetime"`
	ChangeFixDatetime   OrderTime         `json:"changeFixDatetime"`
	ChangeCmplDatetime  OrderTime         `json:"changeCmplDatetime"`
}

// OrderTaxSummary is the tax of one rate in an order.
type OrderTaxSummary struct {
	TaxRate       OrderTaxRate `json:"taxRate"`
	ReqPrice      Amount       `json:"reqPrice,omitzero"`
	ReqPriceTax   Amount       `json:"reqPriceTax,omitzero"`
	TotalPrice    Amount       `json:"totalPrice,omitzero"`
	PaymentCharge Amount       `json:"paymentCharge,omitzero"`
	CouponPrice   Amount       `json:"couponPrice,omitzero"`
	Point         int64        `json:"point"` // 0 since 2022-04-01
}

// OrderDueDate is a day up to which something has to be done.
type OrderDueDate struct {
	DueDateType DueDateType    `json:"dueDateType"`
	DueDate     shotengai.Date `json:"dueDate"`
}
