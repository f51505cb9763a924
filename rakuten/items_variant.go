package rakuten

import "github.com/shotengai/shotengai-go"

// Variant is a SKU of an item, without its stock: that is InventoryService's.
type Variant struct {
	MerchantDefinedSKUID    shotengai.Clearable[string] `json:"merchantDefinedSkuId,omitzero"` // length 96
	SelectorValues          map[string]string           `json:"selectorValues,omitzero"`       // by the key of the selector
	Images                  []ItemImage                 `json:"images,omitzero"`               // 1 at most
	RestockOnCancel         shotengai.Clearable[bool]   `json:"restockOnCancel,omitzero"`
	BackOrderFlag           shotengai.Clearable[bool]   `json:"backOrderFlag,omitzero"`
	NormalDeliveryDateID    shotengai.Clearable[int]    `json:"normalDeliveryDateId,omitzero"`
	BackOrderDeliveryDateID shotengai.Clearable[int]    `json:"backOrderDeliveryDateId,omitzero"`
	OrderQuantityLimit      shotengai.Clearable[int]    `json:"orderQuantityLimit,omitzero"`
	ReferencePrice          *VariantReferencePrice      `json:"referencePrice,omitzero"`
	Features                *VariantFeatures            `json:"features,omitzero"`
	Hidden                  shotengai.Clearable[bool]   `json:"hidden,omitzero"`
	StandardPrice           Price                       `json:"standardPrice,omitzero"`
	SubscriptionPrice       *VariantSubscriptionPrice   `json:"subscriptionPrice,omitzero"`
	ArticleNumberForSet     []string                    `json:"articleNumberForSet,omitzero"` // 20 at most
	ArticleNumber           *VariantArticleNumber       `json:"articleNumber,omitzero"`
	Shipping                *VariantShipping            `json:"shipping,omitzero"`
	Specs                   []VariantSpec               `json:"specs,omitzero"`
	Attributes              []VariantAttribute          `json:"attributes,omitzero"` // 100 at most; NavigationService lists those of a genre

	// AsurakuDeliveryID is left over from next-day delivery.
	//
	// Deprecated: the platform has ended it.
	AsurakuDeliveryID shotengai.Clearable[int] `json:"asurakuDeliveryId,omitzero"`
}

// VariantReferencePrice is the price to compare with.
type VariantReferencePrice struct {
	DisplayType ReferenceDisplay                        `json:"displayType"`
	Type        shotengai.Clearable[ReferencePriceType] `json:"type,omitzero"`
	Value       shotengai.Clearable[Price]              `json:"value,omitzero"`
}

// ReferenceDisplay is what is shown as the price to compare with.
type ReferenceDisplay string

// Values of ReferenceDisplay.
const (
	ReferenceShown  ReferenceDisplay = "REFERENCE_PRICE"
	ReferenceAsShop ReferenceDisplay = "SHOP_SETTING"
	ReferenceOpen   ReferenceDisplay = "OPEN_PRICE"
)

// ReferencePriceType is what a price to compare with is.
type ReferencePriceType int

// Values of ReferencePriceType.
const (
	ReferenceUsualPrice ReferencePriceType = 1
	ReferenceMakerPrice ReferencePriceType = 2
	ReferenceNavigation ReferencePriceType = 4
)

// VariantFeatures is what is offered with a SKU.
type VariantFeatures struct {
	RestockNotification shotengai.Clearable[bool] `json:"restockNotification,omitzero"`
	Noshi               shotengai.Clearable[bool] `json:"noshi,omitzero"` // a gift ribbon
}

// VariantSubscriptionPrice is the price in a subscription or buying club.
type VariantSubscriptionPrice struct {
	BasePrice        Price                                        `json:"basePrice"`
	IndividualPrices shotengai.Clearable[VariantIndividualPrices] `json:"individualPrices,omitzero"`
}

// VariantIndividualPrices is prices of single deliveries.
type VariantIndividualPrices struct {
	FirstPrice shotengai.Clearable[Price] `json:"firstPrice,omitzero"`
}

// VariantArticleNumber is the catalogue number of a SKU, or why it has none.
type VariantArticleNumber struct {
	Value           shotengai.Clearable[string]          `json:"value,omitzero"` // a JAN code, for instance
	ExemptionReason shotengai.Clearable[ExemptionReason] `json:"exemptionReason,omitzero"`
}

// ExemptionReason is why a SKU has no catalogue number.
type ExemptionReason int

// Values of ExemptionReason.
const (
	ExemptSet          ExemptionReason = 1
	ExemptService      ExemptionReason = 2
	ExemptShopOriginal ExemptionReason = 3
	ExemptOptionStock  ExemptionReason = 4
	ExemptNoCode       ExemptionReason = 5 // there is none for the product
	ExemptBuyingClub   ExemptionReason = 6
)

// VariantShipping is how a SKU is sent and what that costs.
type VariantShipping struct {
	Fee                    *string                                 `json:"fee,omitzero"`
	PostageIncluded        shotengai.Clearable[bool]               `json:"postageIncluded,omitzero"`
	ShopAreaSoryoPatternID shotengai.Clearable[int]                `json:"shopAreaSoryoPatternId,omitzero"` // of the shop's fees by area
	ShippingMethodGroup    *string                                 `json:"shippingMethodGroup,omitzero"`
	PostageSegment         *VariantPostageSegment                  `json:"postageSegment,omitzero"`
	OverseasDeliveryID     shotengai.Clearable[int]                `json:"overseasDeliveryId,omitzero"`
	SingleItemShipping     shotengai.Clearable[SingleItemShipping] `json:"singleItemShipping,omitzero"`
	OkihaiSetting          *bool                                   `json:"okihaiSetting,omitzero"` // may be left at the door; survives a Replace that leaves it out; since 2025-08-28
}

// VariantPostageSegment is a class of postage.
type VariantPostageSegment struct {
	Local    shotengai.Clearable[int] `json:"local,omitzero"`
	Overseas shotengai.Clearable[int] `json:"overseas,omitzero"`
}

// SingleItemShipping is why a SKU is not sent together with others.
type SingleItemShipping int

// Values of SingleItemShipping.
const (
	ShippedTogether         SingleItemShipping = 0
	ShippedFromFarm         SingleItemShipping = 1
	ShippedFromMaker        SingleItemShipping = 2
	ShippedByCase           SingleItemShipping = 3
	ShippedOddShape         SingleItemShipping = 4 // long or odd
	ShippedOtherOrigin      SingleItemShipping = 5
	ShippedOtherTemperature SingleItemShipping = 6
)

// VariantSpec is a line of the table below a SKU.
type VariantSpec struct {
	Label string `json:"label"` // length 40
	Value string `json:"value"` // length 140
}

// VariantAttribute is a property of a SKU that its genre knows.
type VariantAttribute struct {
	Name   string                      `json:"name"`
	Values []string                    `json:"values"`
	Unit   shotengai.Clearable[string] `json:"unit,omitzero"`
}
