package colorme

// Product is a product. Amounts are yen.
type Product struct {
	AccountID                string              `json:"account_id"`
	ID                       int64               `json:"id"`
	Name                     string              `json:"name"`
	Stocks                   *int64              `json:"stocks"` // nil when stock is not managed, or is kept by variant
	StockManaged             bool                `json:"stock_managed"`
	FewNum                   *int64              `json:"few_num"` // "few left" is shown from here down
	ModelNumber              *string             `json:"model_number"`
	Category                 *ProductCategoryRef `json:"category"`
	GroupIDs                 []int64             `json:"group_ids"`
	DisplayState             DisplayState        `json:"display_state"`
	SalesPrice               *int64              `json:"sales_price"` // what a customer pays
	SalesPriceIncludingTax   int64               `json:"sales_price_including_tax"`
	SalesPriceTax            int64               `json:"sales_price_tax"`
	Price                    *int64              `json:"price"` // the usual price, shown for comparison
	MembersPrice             *int64              `json:"members_price"`
	MembersPriceIncludingTax int64               `json:"members_price_including_tax"`
	MembersPriceTax          int64               `json:"members_price_tax"`
	Cost                     *int64              `json:"cost"`
	DeliveryCharge           *int64              `json:"delivery_charge"`
	CoolCharge               *int64              `json:"cool_charge"`
	UnavailablePaymentIDs    []int64             `json:"unavailable_payment_ids"`
	UnavailableDeliveryIDs   []int64             `json:"unavailable_delivery_ids"`
	MinNum                   *int64              `json:"min_num"` // fewest in one order
	MaxNum                   *int64              `json:"max_num"` // most in one order
	SaleStartDate            Time                `json:"sale_start_date"`
	SaleEndDate              Time                `json:"sale_end_date"`
	Unit                     *string             `json:"unit"`
	Weight                   *int64              `json:"weight"` // grams
	SoldoutDisplay           bool                `json:"soldout_display"`
	Sort                     *int                `json:"sort"`
	SimpleExpl               *string             `json:"simple_expl"`
	Expl                     *string             `json:"expl"`        // HTML
	MobileExpl               *string             `json:"mobile_expl"` // deprecated by the platform
	SmartphoneExpl           *string             `json:"smartphone_expl"`
	MakeDate                 Time                `json:"make_date"`
	UpdateDate               Time                `json:"update_date"`
	Memo                     *string             `json:"memo"`
	ImageURL                 *string             `json:"image_url"`
	MobileImageURL           *string             `json:"mobile_image_url"` // deprecated by the platform
	ThumbnailImageURL        *string             `json:"thumbnail_image_url"`
	Images                   []ProductImage      `json:"images"` // without the main image; Images.List has all
	Options                  []ProductOption     `json:"options"`
	Variants                 []ProductVariant    `json:"variants"`
	Pickups                  []ProductPickupInfo `json:"pickups"`
	DigitalConent            *bool               `json:"digital_conent,omitzero"` // documented with this spelling, never sent. Provisional.
	RegularPurchase          bool                `json:"regular_purchase"`
	TaxReduced               bool                `json:"tax_reduced"`
	WithoutShipping          bool                `json:"without_shipping"`
	DigitalContent           *bool               `json:"digital_content,omitzero"` // Provisional.
	Unlisted                 *bool               `json:"unlisted,omitzero"`        // ignored in requests. Provisional.
}

// ProductCategoryRef is the category of a product.
type ProductCategoryRef struct {
	IDBig   int64 `json:"id_big"`
	IDSmall int64 `json:"id_small"` // 0: none
}

// ProductImage is one of the further images of a product, as the product itself lists
// them.
type ProductImage struct {
	Src      string `json:"src"`
	Position int    `json:"position"` // 1 to 3
	Mobile   bool   `json:"mobile"`   // deprecated by the platform
}

// ProductPickupInfo is a place where a product is featured.
type ProductPickupInfo struct {
	PickupType PickupType `json:"pickup_type"`
	OrderNum   *int       `json:"order_num"`
	MakeDate   Time       `json:"make_date"`
	UpdateDate Time       `json:"update_date"`
}
