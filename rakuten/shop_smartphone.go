package rakuten

// ShopSpTopPage is what the top page shows and where. What is nil stays as it is.
type ShopSpTopPage struct {
	UseOriginalSignboard   *int   `xml:"useOriginalSignboard"`
	SignboardURL           string `xml:"signboardUrl"`
	BigBannerPosition      *int   `xml:"bigBannerPosition"`
	ShowBigBanner          *int   `xml:"showBigBanner"`
	BigBannerUseList       *int   `xml:"bigBannerUseList"`
	SmallBannerPosition    *int   `xml:"smallBannerPosition"`
	ShowSmallBanner        *int   `xml:"showSmallBanner"`
	SmallBannerUseFlick    *int   `xml:"smallBannerUseFlick"`
	MedamaItemPosition     *int   `xml:"medamaItemPosition"`
	ShowMedamaItem         *int   `xml:"showMedamaItem"`
	MedamaCategoryPosition *int   `xml:"medamaCategoryPosition"`
	ShowMedamaCategory     *int   `xml:"showMedamaCategory"`
	TopPageNotePosition    *int   `xml:"topPageNotePosition"`
	ShowTopPageNote        *int   `xml:"showTopPageNote"`
	TopPageNote            string `xml:"topPageNote"`
	ItemSearchPosition     *int   `xml:"itemSearchPosition"`
	ShowItemSearch         *int   `xml:"showItemSearch"`
	CategoryListPosition   *int   `xml:"categoryListPosition"`
	TopPageNote2Position   *int   `xml:"topPageNote2Position"`
	ShowTopPageNote2       *int   `xml:"showTopPageNote2"`
	TopPageNote2           string `xml:"topPageNote2"`
}

// ShopSpTopPageDetails is the top page with all that it shows.
type ShopSpTopPageDetails struct {
	ShopSpTopPage

	SpBigBannerList   ShopSpBigBannerList   `xml:"spBigBannerList"`
	SpSmallBannerList ShopSpSmallBannerList `xml:"spSmallBannerList"`
	SpMedamaItem      ShopSpMedamaItem      `xml:"spMedamaItem"`
	SpMedamaCategory  ShopSpMedamaCategory  `xml:"spMedamaCategory"`
}

// ShopSpTopPageDisplay says whether the top page is shown.
type ShopSpTopPageDisplay struct {
	Status int `xml:"status"` // 1 or 0
}

// ShopSpCategoryPage is what category pages show.
type ShopSpCategoryPage struct {
	ShowBigBanner          int    `xml:"showBigBanner"`
	BigBannerUseList       int    `xml:"bigBannerUseList"`
	ShowSmallBanner        int    `xml:"showSmallBanner"`
	SmallBannerUseList     int    `xml:"smallBannerUseList"`
	ShowMedamaItem         int    `xml:"showMedamaItem"`
	ShowMedamaCategory     int    `xml:"showMedamaCategory"`
	ShowShopCalendar       int    `xml:"showShopCalendar"`
	ShowCategoryCommonNote string `xml:"showCategoryCommonNote"`
}

// ShopSpItemPage is what item pages show.
type ShopSpItemPage struct {
	ShowBigBanner       int `xml:"showBigBanner"`
	BigBannerUseList    int `xml:"bigBannerUseList"`
	ShowSmallBanner     int `xml:"showSmallBanner"`
	SmallBannerUseFlick int `xml:"smallBannerUseFlick"`
	ShowMedamaItem      int `xml:"showMedamaItem"`
	ShowMedamaCategory  int `xml:"showMedamaCategory"`
	ShowShopCalendar    int `xml:"showShopCalendar"`
	ShowItemCommonNote  int `xml:"showItemCommonNote"`
	ItemCommonNote      int `xml:"itemCommonNote"`
}

// ShopSpBigBanner is a big banner.
type ShopSpBigBanner struct {
	BigBannerPosition   int    `xml:"bigBannerPosition"`
	BigBannerImageURL   string `xml:"bigBannerImageUrl"`
	BigBannerAltMessage string `xml:"bigBannerAltMessage"`
	BigBannerLinkURL    string `xml:"bigBannerLinkUrl"`
	StartDate           string `xml:"startDate,omitempty"` // 2024-01-31T12:34:56+09:00 by the one source
	EndDate             string `xml:"endDate,omitempty"`   // 2024-01-31T12:34:56+09:00 by the one source
}

// ShopSpSmallBanner is a small banner.
type ShopSpSmallBanner struct {
	SmallBannerPosition   int    `xml:"smallBannerPosition"`
	SmallBannerImageURL   string `xml:"smallBannerImageUrl"`
	SmallBannerAltMessage string `xml:"smallBannerAltMessage"`
	SmallBannerLinkURL    string `xml:"smallBannerLinkUrl"`
}

// The lists below repeat their element. The one client that knows them has room for one.

// ShopSpBigBannerList is the big banners.
type ShopSpBigBannerList struct {
	SpBigBanner []ShopSpBigBanner `xml:"spBigBanner"`
}

// ShopSpSmallBannerList is the small banners.
type ShopSpSmallBannerList struct {
	SpSmallBanner []ShopSpSmallBanner `xml:"spSmallBanner"`
}

// ShopSpMedamaItem is the featured items.
type ShopSpMedamaItem struct {
	Settings    ShopSpMedamaItemSettings `xml:"spMedamaItemSettings"`
	MedamaItems []ShopMedamaItem         `xml:"medamaItems>medamaItem"`
}

// ShopSpMedamaItemSettings is what is shown of featured items: 1 or 0.
type ShopSpMedamaItemSettings struct {
	ShowMedamaItemName  int `xml:"showMedamaItemName"`
	ShowMedamaItemPrice int `xml:"showMedamaItemPrice"`
}

// ShopMedamaItem is a featured item.
type ShopMedamaItem struct {
	MedamaItemPosition         int `xml:"medamaItemPosition"`
	MedamaItemManagementNumber int `xml:"medamaItemManagementNumber"`
}

// ShopSpMedamaCategory is the featured categories.
type ShopSpMedamaCategory struct {
	Common     ShopSpMedamaCategoryCommon  `xml:"spMedamaCategoryCommon"`
	Categories []ShopSpMedamaCategoryEntry `xml:"spMedamaCategoryList>spMedamaCategory"`
}

// ShopSpMedamaCategoryCommon is what is shown of featured categories: 1 or 0.
type ShopSpMedamaCategoryCommon struct {
	ShowCategoryName int `xml:"showCategoryName"`
}

// ShopSpMedamaCategoryEntry is a featured category.
type ShopSpMedamaCategoryEntry struct {
	SpMedamaCategoryPosition int    `xml:"spMedamaCategoryPosition"`
	SpMedamaCategoryID       int    `xml:"spMedamaCategoryId"`
	SpMedamaCategoryImageURL string `xml:"spMedamaCategoryImageUrl"`
}
