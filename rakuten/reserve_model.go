package rakuten

import "github.com/shotengai/shotengai-go"

// Reservation is a reservation of a buyer with its deliveries.
type Reservation struct {
	ShopID            int64           `json:"shopId"`
	ReserveNumber     string          `json:"reserveNumber"`
	ReserveStatus     int             `json:"reserveStatus"`
	ReserveStatusName string          `json:"reserveStatusName"`
	ReserveType       int             `json:"reserveType"`
	ShippingCycle     string          `json:"shippingCycle"`
	RakutenMemberFlag Flag            `json:"rakutenMemberFlag"`
	ReserveDatetime   AnyTime         `json:"reserveDatetime"`
	Memo              string          `json:"memo"`
	CarrierCode       int             `json:"carrierCode"`
	EmailCarrierCode  int             `json:"emailCarrierCode"`
	ReserveItem       *ReservedItem   `json:"reserveItem"`
	ReserveOrderer    *ReserveOrderer `json:"reserveOrderer"`
	ReserveSender     *ReserveSender  `json:"reserveSender"`
	ReserveDetails    []ReserveDetail `json:"reserveDatails"` // the platform misspells it
}

// ReservedItem is what was reserved. Amounts are yen.
type ReservedItem struct {
	ItemID                 int64   `json:"itemId"`
	ItemName               string  `json:"itemName"`
	ItemNumber             string  `json:"itemNumber"`
	URL                    string  `json:"url"`
	Price                  int64   `json:"price"`
	FirstPrice             int64   `json:"firstPrice"`
	LastPrice              int64   `json:"lastPrice"`
	Units                  int     `json:"units"`
	IncludePostageFlag     Flag    `json:"includePostageFlag"`
	IncludeTaxFlag         Flag    `json:"includeTaxFlag"`
	TaxRate                float64 `json:"taxRate"`
	IncludeCodFeeFlag      Flag    `json:"includeCodFeeFlag"`
	SelectedChoice         string  `json:"selectedChoice"`
	PointRate              float64 `json:"pointRate"`
	PointType              int     `json:"pointType"`
	InventoryType          int     `json:"inventoryType"`
	SingleItemShippingFlag Flag    `json:"singleItemShippingFlag"`
	VariantID              string  `json:"variantId"`
	MerchantDefinedSKUID   string  `json:"merchantDefinedSkuId"`
	SKUInfo                string  `json:"skuInfo"`
}

// ReserveOrderer is the buyer.
type ReserveOrderer struct {
	DifferentSenderAddressFlag Flag   `json:"differentSenderAddressFlag"`
	ZipCode1                   string `json:"zipCode1"`
	ZipCode2                   string `json:"zipCode2"`
	Prefecture                 string `json:"prefecture"`
	City                       string `json:"city"`
	SubAddress                 string `json:"subAddress"`
	FamilyName                 string `json:"familyName"`
	FirstName                  string `json:"firstName"`
	FamilyNameKana             string `json:"familyNameKana"`
	FirstNameKana              string `json:"firstNameKana"`
	PhoneNumber1               string `json:"phoneNumber1"`
	PhoneNumber2               string `json:"phoneNumber2"`
	PhoneNumber3               string `json:"phoneNumber3"`
	EmailAddress               string `json:"emailAddress"`
	Sex                        string `json:"sex"`
	Birthday                   string `json:"birthday"`
	DeliveryName               string `json:"deliveryName"`
	Comment                    string `json:"comment"`
}

// ReserveSender is who receives the deliveries.
type ReserveSender struct {
	FamilyName         string `json:"familyName"`
	FirstName          string `json:"firstName"`
	FamilyNameKana     string `json:"familyNameKana"`
	FirstNameKana      string `json:"firstNameKana"`
	ZipCode1           string `json:"zipCode1"`
	ZipCode2           string `json:"zipCode2"`
	Prefecture         string `json:"prefecture"`
	City               string `json:"city"`
	SubAddress         string `json:"subAddress"`
	PhoneNumber1       string `json:"phoneNumber1"`
	PhoneNumber2       string `json:"phoneNumber2"`
	PhoneNumber3       string `json:"phoneNumber3"`
	ShippingNumber     string `json:"shippingNumber"`
	IsolatedIslandFlag Flag   `json:"isolatedIslandFlag"`
}

// ReserveDetail is one delivery of a reservation. Amounts are yen.
type ReserveDetail struct {
	DetailID          int                `json:"detailId"`
	ShippingDate      shotengai.Date     `json:"shippingDate"`
	CommitDate        shotengai.Date     `json:"commitDate"`
	ReleaseDate       shotengai.Date     `json:"releaseDate"`
	ItemDetailName    string             `json:"itemDetailName"`
	ShippingStatus    int                `json:"shippingStatus"`
	EarlyFlag         Flag               `json:"earlyFlag"`
	TotalAmount       int64              `json:"totalAmount"`
	ReserveSettlement *ReserveSettlement `json:"reserveSettlement"`
	ReserveAmount     *ReserveAmount     `json:"reserveAmount"`
}

// ReserveSettlement is how a delivery is paid.
type ReserveSettlement struct {
	SettlementName      string `json:"settlementName"`
	CardName            string `json:"cardName"`
	CardOwner           string `json:"cardOwner"`
	CardInstallmentType string `json:"cardInstallmentType"`
	CardInstallmentDesc string `json:"cardInstallmentDesc"`
}

// ReserveAmount is what is charged besides the item, in yen.
type ReserveAmount struct {
	TaxAmount     int64 `json:"taxAmount"`
	PostageAmount int64 `json:"postageAmount"`
	CodFeeAmount  int64 `json:"codFeeAmount"`
}
