package rakuten

// ShopTopDisplay is what the top page shows. What is nil stays as it is.
type ShopTopDisplay struct {
	LayoutCommonID        *int   `xml:"layoutCommonId"`
	TextSmallID           *int   `xml:"textSmallId"`
	LossLeaderID          *int   `xml:"lossLeaderId"`
	LossLeadingCategoryID *int   `xml:"lossLeadingCategoryId"`
	TextLargeID           *int   `xml:"textLargeId"`
	ImageURL              string `xml:"imageUrl"`
	ImageAlt              string `xml:"imageAlt"`
	UpperText             string `xml:"upperText"`
	LowerText             string `xml:"lowerText"`
}

// ShopLayoutImage is the signboard in the layout.
type ShopLayoutImage struct {
	SignboardPath string `xml:"signboardPath"`
}

// ShopLayoutCommon is a header, footer and left column. A new one has no id yet.
type ShopLayoutCommon struct {
	LayoutCommonID *int64 `xml:"layoutCommonId"`
	DefaultFlag    *int   `xml:"defaultFlag"`
	Name           string `xml:"name"`
	LastUpdate     string `xml:"lastUpdate,omitempty"` // how it is spelt is not established
	CaptionHeader  string `xml:"captionHeader"`
	CaptionFooter  string `xml:"captionFooter"`
	CaptionLeft    string `xml:"captionLeft"`
}

// ShopLayoutTextLarge is a long text. A new one has no id yet.
type ShopLayoutTextLarge struct {
	TextLargeID *int   `xml:"textLargeId"`
	Name        string `xml:"name"`
	Text        string `xml:"text"`
	DefaultFlag *int   `xml:"defaultFlag"`
}

// ShopLayoutTextLargeList is a list of long texts.
type ShopLayoutTextLargeList struct {
	LayoutTextLarge []ShopLayoutTextLarge `xml:"layoutTextLarge"`
}

// ShopLayoutTextSmall is a short text.
type ShopLayoutTextSmall struct {
	TextSmallID *int   `xml:"textSmallId"`
	Name        string `xml:"name"`
	Text        string `xml:"text"`
	TextLink    string `xml:"textLink"`
	DefaultFlag *int   `xml:"defaultFlag"`
	LastUpdate  string `xml:"lastUpdate,omitempty"` // how it is spelt is not established
}

// ShopLayoutLossLeader is how featured items look.
type ShopLayoutLossLeader struct {
	LossLea            int    `xml:"lossLea"` // the id, as the one source spells it
	ImageSize          int    `xml:"imageSize"`
	ImageScaleStandard int    `xml:"imageScaleStandard"` // 0 to 2
	DispItemFlag       int    `xml:"dispItemFlag"`
	DispPriceFlag      int    `xml:"dispPriceFlag"`
	TextPosition       int    `xml:"textPosition"` // 1 or 2
	WrapLength         int    `xml:"wrapLength"`
	ImageCols          int    `xml:"imageCols"`
	DefaultFlag        int    `xml:"defaultFlag"`
	LastUpdate         string `xml:"lastUpdate,omitempty"` // how it is spelt is not established
}

// ShopLayoutItemMap is a layout of item pages.
type ShopLayoutItemMap struct {
	ItemMapID   int64  `xml:"itemMapId"`
	Name        string `xml:"name"`
	DefaultFlag int    `xml:"defaultFlag"`
	LastUpdate  string `xml:"lastUpdate,omitempty"` // how it is spelt is not established
}

// ShopLayoutCategoryMap is a layout of category pages.
type ShopLayoutCategoryMap struct {
	CategoryMapID int    `xml:"categoryMapId"`
	Name          string `xml:"name"`
	DefaultFlag   int    `xml:"defaultFlag"`
	LastUpdate    string `xml:"lastUpdate,omitempty"` // how it is spelt is not established
}

// ShopNaviButton is how the buttons of the navigation are laid out.
type ShopNaviButton struct {
	IntervalWidth      int64 `xml:"intervalWidth"`
	IntervalHeight     int64 `xml:"intervalHeight"`
	ButtonCols         int   `xml:"buttonCols"`
	ButtonColsPosition int   `xml:"buttonColsPosition"`
}

// ShopNaviButtonInfo is a button of the navigation. A new one has no id yet.
type ShopNaviButtonInfo struct {
	NaviID         int64  `xml:"naviId,omitempty"`
	ButtonOrder    int    `xml:"buttonOrder"`
	ImgType        int    `xml:"imgType"`
	ImgPath        string `xml:"imgPath"`
	ButtonText     string `xml:"buttonText"`
	ButtonTextFont int    `xml:"buttonTextFont"`
	ButtonTextSize int64  `xml:"buttonTextSize"`
	MarginWidth    int64  `xml:"marginWidth"`
	MarginHeight   int64  `xml:"marginHeight"`
	OutsideFrame   int    `xml:"outsideFrame"`
	ButtonBGColor  string `xml:"buttonBgcolor"`
	TextColor      string `xml:"textColor"`
	Href           int    `xml:"href"`  // the kind of page that it leads to: 1, 2, 3, 6, 7, 9, 10, 12 or 13
	Href2          string `xml:"href2"` // the address, where the kind needs one
}

// ShopGoldTop says whether visitors are led to a top page of the shop's own: 1 or 0.
type ShopGoldTop struct {
	PCRedirect int `xml:"pcRedirect"`
	SpRedirect int `xml:"spRedirect"`
}

// ShopSignboard is the addresses of the signboards.
type ShopSignboard struct {
	SpSignboardURL string `xml:"spSignboardUrl"`
	PCSignboardURL string `xml:"pcSignboardUrl"`
}
