package rakuten

import "github.com/shotengai/shotengai-go"

// Item is an item with its SKUs.
type Item struct {
	ItemContent

	ManageNumber string   `json:"manageNumber"` // in lower case, whatever it was registered as
	Created      ItemTime `json:"created,omitzero"`
	Updated      ItemTime `json:"updated,omitzero"`
}

// ItemContent is all of an item that a shop can write. Fields that the platform may return
// as null or that a patch may empty are Clearable: IsClear reports a null, and in a
// ReplaceItemRequest null is the same as leaving out. Of the pointers and lists, nil is
// "not there".
type ItemContent struct {
	ItemNumber           shotengai.Clearable[string]                `json:"itemNumber,omitzero"` // the shop's own number; length 32
	Title                string                                     `json:"title,omitzero"`      // length 255
	Tagline              shotengai.Clearable[string]                `json:"tagline,omitzero"`    // length 174
	ProductDescription   shotengai.Clearable[ItemText]              `json:"productDescription,omitzero"`
	SalesDescription     shotengai.Clearable[string]                `json:"salesDescription,omitzero"` // HTML; length 10240
	Precautions          shotengai.Clearable[ItemPrecautions]       `json:"precautions,omitzero"`
	ItemType             ItemType                                   `json:"itemType,omitzero"`
	Images               []ItemImage                                `json:"images,omitzero"` // 20 at most
	WhiteBgImage         shotengai.Clearable[ItemWhiteBgImage]      `json:"whiteBgImage,omitzero"`
	Video                shotengai.Clearable[ItemVideo]             `json:"video,omitzero"`
	GenreID              string                                     `json:"genreId,omitzero"` // 6 digits
	Tags                 []int64                                    `json:"tags,omitzero"`    // 32 at most
	HideItem             *bool                                      `json:"hideItem,omitzero"`
	UnlimitedInventory   *bool                                      `json:"unlimitedInventoryFlag,omitzero"`
	ReleaseDate          shotengai.Clearable[ZonedDate]             `json:"releaseDate,omitzero"`
	PurchasablePeriod    shotengai.Clearable[ItemPeriod]            `json:"purchasablePeriod,omitzero"`
	AccessControl        shotengai.Clearable[ItemAccessControl]     `json:"accessControl,omitzero"`
	Payment              *ItemPayment                               `json:"payment,omitzero"`
	PointCampaign        shotengai.Clearable[ItemPointCampaign]     `json:"pointCampaign,omitzero"`
	ItemDisplaySequence  int64                                      `json:"itemDisplaySequence,omitzero"` // 1 to 999999999 (provisional)
	Layout               *ItemLayout                                `json:"layout,omitzero"`
	VariantSelectors     []ItemVariantSelector                      `json:"variantSelectors,omitzero"`
	Variants             map[string]Variant                         `json:"variants,omitzero"` // by variant id; 400 at most
	CustomizationOptions shotengai.Clearable[[]CustomizationOption] `json:"customizationOptions,omitzero"`
	Features             *ItemFeatures                              `json:"features,omitzero"`
	BuyingClub           shotengai.Clearable[BuyingClub]            `json:"buyingClub,omitzero"`

	// Subscription is left over from before the renewal of subscriptions.
	//
	// Deprecated: the platform keeps it for old items only.
	Subscription shotengai.Clearable[ItemSubscription] `json:"subscription,omitzero"`
}

// ItemType is how an item is sold. Open set: SUBSCRIPTION is a former name.
type ItemType string

// Values of ItemType.
const (
	ItemNormal     ItemType = "NORMAL"
	ItemPreOrder   ItemType = "PRE_ORDER"
	ItemBuyingClub ItemType = "BUYING_CLUB"
)

// ItemText is a text for both kinds of screens.
type ItemText struct {
	PC shotengai.Clearable[string] `json:"pc,omitzero"` // HTML; length 10240
	SP shotengai.Clearable[string] `json:"sp,omitzero"` // HTML for telephones; length 10240
}

// ItemPrecautions is what buyers have to know or accept.
type ItemPrecautions struct {
	Description shotengai.Clearable[string] `json:"description,omitzero"` // length 20480
	Agreement   shotengai.Clearable[string] `json:"agreement,omitzero"`   // length 20480
}

// ImageType is where an image is kept. Open set.
type ImageType string

// Values of ImageType.
const (
	ImageCabinet ImageType = "CABINET"
	ImageGold    ImageType = "GOLD"
)

// ItemImage is an image of an item, a SKU or a category.
type ItemImage struct {
	Type     ImageType                   `json:"type"`
	Location string                      `json:"location"` // the path in that place
	Alt      shotengai.Clearable[string] `json:"alt,omitzero"`
}

// ItemWhiteBgImage is the image with a white background that Rakuten's own pages show.
type ItemWhiteBgImage struct {
	Type     ImageType `json:"type"`
	Location string    `json:"location"`
}

// ItemVideo is a video of an item.
type ItemVideo struct {
	Type       string              `json:"type"` // HTML
	Parameters ItemVideoParameters `json:"parameters"`
}

// ItemVideoParameters is what shows a video.
type ItemVideoParameters struct {
	Value string `json:"value"` // HTML; length 2048
}

// ItemPeriod is a period with both ends; a zero end is null. Times are sent in whole
// seconds, because the platform refuses fractions.
type ItemPeriod struct {
	Start ItemTime `json:"start"`
	End   ItemTime `json:"end"`
}

// ItemSubscription is left over from before the renewal of subscriptions.
type ItemSubscription struct {
	ShippingDateFlag     shotengai.Clearable[bool] `json:"shippingDateFlag,omitzero"`
	ShippingIntervalFlag shotengai.Clearable[bool] `json:"shippingIntervalFlag,omitzero"`
}

// ItemAccessControl hides an item behind a password.
type ItemAccessControl struct {
	AccessPassword string `json:"accessPassword,omitzero"` // a-z, 0-9, _ and -; 32 at most
}

// TaxRate is a rate of the consumption tax.
type TaxRate string

// Values of TaxRate.
const (
	TaxNone     TaxRate = "0"
	TaxReduced  TaxRate = "0.08"
	TaxStandard TaxRate = "0.1"
)

// ItemPayment is what prices include.
type ItemPayment struct {
	TaxIncluded               *bool                        `json:"taxIncluded,omitzero"`
	TaxRate                   shotengai.Clearable[TaxRate] `json:"taxRate,omitzero"`
	CashOnDeliveryFeeIncluded *bool                        `json:"cashOnDeliveryFeeIncluded,omitzero"`
}

// ItemPointCampaign is more points for a time.
type ItemPointCampaign struct {
	ApplicablePeriod *ItemPeriod            `json:"applicablePeriod,omitzero"`
	Benefits         ItemPointBenefits      `json:"benefits"`
	Optimization     *ItemPointOptimization `json:"optimization,omitzero"`
}

// ItemPointBenefits is the rate of points.
type ItemPointBenefits struct {
	PointRate *int `json:"pointRate"`
}

// ItemPointOptimization lets the platform choose a rate of points.
type ItemPointOptimization struct {
	MaxPointRate *int `json:"maxPointRate"`
}

// ItemLayout is the parts of an item's page, as ids of the shop's templates.
type ItemLayout struct {
	ItemLayoutID       *int `json:"itemLayoutId,omitzero"`
	NavigationID       *int `json:"navigationId,omitzero"`
	LayoutSequenceID   *int `json:"layoutSequenceId,omitzero"`
	SmallDescriptionID *int `json:"smallDescriptionId,omitzero"`
	LargeDescriptionID *int `json:"largeDescriptionId,omitzero"`
	ShowcaseID         *int `json:"showcaseId,omitzero"`
}

// ItemVariantSelector is one axis, such as the colour, along which SKUs differ.
type ItemVariantSelector struct {
	Key         string              `json:"key"`
	DisplayName string              `json:"displayName"` // length 32
	Values      []ItemSelectorValue `json:"values"`      // 40 at most
}

// ItemSelectorValue is one value of an axis.
type ItemSelectorValue struct {
	DisplayValue string `json:"displayValue"` // length 32
}

// CustomizationOption is a choice that a buyer makes and that has no stock of its own.
type CustomizationOption struct {
	DisplayName string                    `json:"displayName"` // length 255
	InputType   OptionInput               `json:"inputType"`
	Required    shotengai.Clearable[bool] `json:"required,omitzero"`
	Selections  []OptionSelection         `json:"selections,omitzero"` // 100 at most
}

// OptionInput is how a buyer chooses.
type OptionInput string

// Values of OptionInput.
const (
	OptionSingle   OptionInput = "SINGLE_SELECTION"
	OptionMultiple OptionInput = "MULTIPLE_SELECTION"
	OptionFreeText OptionInput = "FREE_TEXT"
)

// OptionSelection is one of the choices.
type OptionSelection struct {
	DisplayValue string `json:"displayValue"`
}

// ItemFeatures is how an item is shown.
type ItemFeatures struct {
	SearchVisibility              SearchVisibility         `json:"searchVisibility,omitzero"`
	DisplayNormalCartButton       *bool                    `json:"displayNormalCartButton,omitzero"`
	DisplaySubscriptionCartButton *bool                    `json:"displaySubscriptionCartButton,omitzero"`
	InventoryDisplay              InventoryDisplay         `json:"inventoryDisplay,omitzero"`
	LowStockThreshold             shotengai.Clearable[int] `json:"lowStockThreshold,omitzero"` // 1 to 20, with ShowLowStock
	ShopContact                   *bool                    `json:"shopContact,omitzero"`
	Review                        ReviewDisplay            `json:"review,omitzero"`
	DisplayManufacturerContents   *bool                    `json:"displayManufacturerContents,omitzero"`
	SocialGiftFlag                *bool                    `json:"socialGiftFlag,omitzero"` // survives a Replace that leaves it out; since 2025-10-23
}

// SearchVisibility is whether Rakuten's search finds an item.
type SearchVisibility string

// Values of SearchVisibility.
const (
	AlwaysVisible SearchVisibility = "ALWAYS_VISIBLE"
	AlwaysHidden  SearchVisibility = "ALWAYS_HIDDEN"
)

// InventoryDisplay is what buyers see of the stock.
type InventoryDisplay string

// Values of InventoryDisplay.
const (
	ShowStock    InventoryDisplay = "DISPLAY_ABSOLUTE_STOCK_COUNT"
	HideStock    InventoryDisplay = "HIDDEN_STOCK"
	ShowLowStock InventoryDisplay = "DISPLAY_LOW_STOCK" // from the low stock threshold down
)

// ReviewDisplay is whether reviews are shown.
type ReviewDisplay string

// Values of ReviewDisplay.
const (
	ReviewAsShop  ReviewDisplay = "SHOP_SETTING"
	ReviewVisible ReviewDisplay = "VISIBLE"
	ReviewHidden  ReviewDisplay = "HIDDEN"
)

// BuyingClub is a series of deliveries.
type BuyingClub struct {
	NumberOfDeliveries   int      `json:"numberOfDeliveries"` // 2 to 12
	DisplayItems         *bool    `json:"displayItems,omitzero"`
	Items                []string `json:"items,omitzero"` // what each delivery brings; 12 at most
	ShippingDateFlag     *bool    `json:"shippingDateFlag,omitzero"`
	ShippingIntervalFlag *bool    `json:"shippingIntervalFlag,omitzero"`
}
