package rakuten

// ShopService works with the settings of the shop, one field for each resource of the
// platform. All edits are provisional, and so are readings that say so. An app needs few
// of them: Master, Calendar, DelvdateMaster, OperationLeadTime, ShipFrom, DeliverySetInfo,
// AreaSoryo and Status.
type ShopService struct {
	Master ShopGet[ShopMaster] // the shop's name, company and addresses

	// Delivery.
	DelvdateMaster    ShopList[ShopDelvdateMaster, string] // days until delivery; their numbers are used by items
	DelvAreaMaster    ShopList[ShopDelvAreaMaster, int]    // where the shop delivers to
	DeliverySetInfo   ShopList[ShopDeliverySetInfo, int]   // sets of delivery methods
	OperationLeadTime ShopList[ShopOperationLeadTime, int] // lead times; their ids are used by stock
	ShipFrom          ShopList[ShopShipFrom, int]          // shipping places; their ids are used by stock
	SoryoKbn          ShopSoryoKbnResource                 // classes of shipping fees

	// Patterns of shipping fees by region.
	AreaSoryo struct {
		ShopList[ShopAreaSoryoPattern, int]
		ShopInsert[[]ShopAreaSoryoPattern]
		ShopUpdate[[]ShopAreaSoryoPattern]
	}

	// Calendar and state.
	Calendar          ShopCalendarResource          // the days that the shop is closed or ships nothing
	CalendarAndDesign ShopCalendarAndDesignResource // edits of these days and of how they look; provisional

	// A longer holiday; provisional, and the shape of the answer is in doubt.
	Holiday struct {
		ShopModels[ShopHolidayInput]
		ShopInput[ShopHolidayInput]
	}
	Status ShopStatusResource // how far the shop has moved to a new function; provisional

	// Pages for computers.

	// The top page.
	TopDisplay struct {
		ShopGet[ShopTopDisplay]
		ShopUpdate[ShopTopDisplay]
	}

	// The signboard in the layout.
	LayoutImage struct {
		ShopGet[ShopLayoutImage]
		ShopInsert[ShopLayoutImage]
	}

	// Headers, footers and left columns.
	// The elements inside the lists of its edits are named by analogy with other lists.
	LayoutCommon struct {
		ShopList[ShopLayoutCommon, int64]
		ShopInsert[[]ShopLayoutCommon]
		ShopUpdate[[]ShopLayoutCommon]
	}

	// Long texts; the shape of the answer is in doubt.
	LayoutTextLarge struct {
		ShopModels[ShopLayoutTextLargeList]
		ShopInsert[[]ShopLayoutTextLarge]
		ShopUpdate[[]ShopLayoutTextLarge]
	}
	LayoutTextSmall   ShopList[ShopLayoutTextSmall, int]   // short texts
	LayoutLossLeader  ShopList[ShopLayoutLossLeader, int]  // how featured items look
	LayoutItemMap     ShopList[ShopLayoutItemMap, int64]   // layouts of item pages
	LayoutCategoryMap ShopList[ShopLayoutCategoryMap, int] // layouts of category pages

	// How the navigation's buttons are laid out. The elements inside the lists of its edits
	// are named by analogy with other lists.
	NaviButton struct {
		ShopGet[ShopNaviButton]
		ShopInsert[[]ShopNaviButton]
		ShopUpdate[[]ShopNaviButton]
		ShopDelete[[]ShopNaviButton]
	}

	// The navigation's buttons. The elements inside the lists of its edits are named by
	// analogy with other lists.
	NaviButtonInfo struct {
		ShopList[ShopNaviButtonInfo, int64]
		ShopInsert[[]ShopNaviButtonInfo]
		ShopUpdate[[]ShopNaviButtonInfo]
		ShopDelete[[]ShopNaviButtonInfo]
	}

	// Redirects to a top page of the shop's own; the shape of the answer is in doubt.
	GoldTop struct {
		ShopModels[ShopGoldTop]
		ShopInsert[ShopGoldTop]
		ShopUpdate[ShopGoldTop]
	}

	// The signboards of both kinds of pages; provisional.
	Signboard struct {
		ShopGet[ShopSignboard]
		ShopInput[ShopSignboard]
	}

	// Pages for smartphones. Of those with ShopModels, the shape of the answer is in doubt.

	// The top page; provisional.
	SpTopPage struct {
		ShopGet[ShopSpTopPageDetails]
		ShopUpdate[ShopSpTopPage]
	}
	SpTopPageDisplay ShopGet[ShopSpTopPageDisplay] // whether the top page is shown; provisional

	// What category pages show; provisional.
	SpCategoryPage struct {
		ShopModels[ShopSpCategoryPage]
		ShopUpdate[ShopSpCategoryPage]
	}

	// What item pages show; provisional.
	SpItemPage struct {
		ShopModels[ShopSpItemPage]
		ShopUpdate[ShopSpItemPage]
	}

	// Big banners; provisional.
	SpBigBanner struct {
		ShopModels[ShopSpBigBannerList]
		ShopReplace[ShopSpBigBannerList]
	}

	// Small banners; provisional.
	SpSmallBanner struct {
		ShopModels[ShopSpSmallBannerList]
		ShopReplace[ShopSpSmallBannerList]
	}

	// Featured items; provisional.
	SpMedamaItem struct {
		ShopModels[ShopSpMedamaItem]
		ShopReplace[ShopSpMedamaItem]
	}

	// Featured categories; provisional.
	SpMedamaCategory struct {
		ShopModels[ShopSpMedamaCategory]
		ShopReplace[ShopSpMedamaCategory]
	}
}

// newShopService connects every part with its resource and with the elements around its
// model.
func newShopService(c *Client) *ShopService {
	s := &ShopService{}
	at := func(name, within string) shopPart { return c.shopPart(name, within, "") }
	list := func(name string) shopPart { return at(name, name+"List>"+name) }

	s.Master.shopPart = at("shopMaster", "shopMaster")
	s.DelvdateMaster.shopPart, s.DelvdateMaster.param = list("delvdateMaster"), "delvdateNumber"
	s.DelvAreaMaster.shopPart, s.DelvAreaMaster.param = list("delvAreaMaster"), "delvAreaId"
	s.DeliverySetInfo.shopPart, s.DeliverySetInfo.param = list("deliverySetInfo"), "deliverySetId"
	s.OperationLeadTime.shopPart, s.OperationLeadTime.param = list("operationLeadTime"), "operationLeadTimeId"
	s.ShipFrom.shopPart, s.ShipFrom.param = list("shipFrom"), "shipFromId"
	s.SoryoKbn.shopPart = list("soryoKbn")
	s.Calendar.shopPart = at("shopCalendar", "shopCalendar")
	s.CalendarAndDesign.shopPart = at("shopCalendarAndDesign", "")
	s.Holiday.ShopModels.shopPart = at("shopHoliday", "")
	s.Holiday.ShopInput.shopPart = at("shopHoliday", "inputModel")
	s.Status.client = c
	s.connectSoryo(at)
	s.connectPC(at, list)
	s.connectSp(at)
	return s
}

func (s *ShopService) connectSoryo(at func(name, within string) shopPart) {
	const patterns = "shopAreaSoryoPatternList>shopAreaSoryoPattern"
	edit := func(verb string) shopPart {
		return s.Status.client.shopPart("shopAreaSoryo", verb+">"+patterns, "shopAreaSoryoWrapper")
	}
	s.AreaSoryo.ShopList.shopPart, s.AreaSoryo.param = at("shopAreaSoryo", "shopAreaSoryoWrapper>"+patterns), "patternId"
	s.AreaSoryo.ShopInsert.shopPart = edit("insertModel")
	s.AreaSoryo.ShopUpdate.shopPart = edit("updateModel")
}

func (s *ShopService) connectPC(at func(name, within string) shopPart, list func(name string) shopPart) {
	s.TopDisplay.ShopGet.shopPart = at("topDisplay", "topDisplay")
	s.TopDisplay.ShopUpdate.shopPart = at("topDisplay", "updateModel")
	s.LayoutImage.ShopGet.shopPart = at("shopLayoutImage", "shopLayoutImage")
	s.LayoutImage.ShopInsert.shopPart = at("shopLayoutImage", "insertModel")
	s.LayoutCommon.ShopList.shopPart, s.LayoutCommon.param = list("shopLayoutCommon"), "layoutCommonId"
	s.LayoutCommon.ShopInsert.shopPart = at("shopLayoutCommon", "insertList>shopLayoutCommon")
	s.LayoutCommon.ShopUpdate.shopPart = at("shopLayoutCommon", "updateList>shopLayoutCommon")
	s.LayoutTextLarge.ShopModels.shopPart = at("layoutTextLarge", "")
	s.LayoutTextLarge.ShopInsert.shopPart = at("layoutTextLarge", "insertList>layoutTextLarge")
	s.LayoutTextLarge.ShopUpdate.shopPart = at("layoutTextLarge", "updateList>layoutTextLarge")
	s.LayoutTextSmall.shopPart, s.LayoutTextSmall.param = list("layoutTextSmall"), "textSmallId"
	s.LayoutLossLeader.shopPart, s.LayoutLossLeader.param = list("layoutLossLeader"), "lossLeaderId"
	s.LayoutItemMap.shopPart, s.LayoutItemMap.param = list("layoutItemMap"), "itemMapId"
	s.LayoutCategoryMap.shopPart, s.LayoutCategoryMap.param = list("layoutCategoryMap"), "categoryMapId"
	s.NaviButton.ShopGet.shopPart = at("naviButton", "naviButton")
	s.NaviButton.ShopInsert.shopPart = at("naviButton", "insertList>naviButton")
	s.NaviButton.ShopUpdate.shopPart = at("naviButton", "updateList>naviButton")
	s.NaviButton.ShopDelete.shopPart = at("naviButton", "deleteList>naviButton")
	s.NaviButtonInfo.ShopList.shopPart, s.NaviButtonInfo.param = list("naviButtonInfo"), "naviId"
	s.NaviButtonInfo.ShopInsert.shopPart = at("naviButtonInfo", "insertList>naviButtonInfo")
	s.NaviButtonInfo.ShopUpdate.shopPart = at("naviButtonInfo", "updateList>naviButtonInfo")
	s.NaviButtonInfo.ShopDelete.shopPart = at("naviButtonInfo", "deleteList>naviButtonInfo")
	s.GoldTop.ShopModels.shopPart = at("goldTop", "")
	s.GoldTop.ShopInsert.shopPart = at("goldTop", "insertModel")
	s.GoldTop.ShopUpdate.shopPart = at("goldTop", "updateModel")
	s.Signboard.ShopGet.shopPart = at("signboard", "signboard")
	s.Signboard.ShopInput.shopPart = at("signboard", "inputModel")
}

func (s *ShopService) connectSp(at func(name, within string) shopPart) {
	s.SpTopPage.ShopGet.shopPart = at("spTopPage", "spTopPage")
	s.SpTopPage.ShopUpdate.shopPart = at("spTopPage", "updateModel")
	s.SpTopPageDisplay.shopPart = at("spTopPageDisplay", "spTopPageDisplay")
	s.SpCategoryPage.ShopModels.shopPart = at("spCategoryPage", "")
	s.SpCategoryPage.ShopUpdate.shopPart = at("spCategoryPage", "updateModel")
	s.SpItemPage.ShopModels.shopPart = at("spItemPage", "")
	s.SpItemPage.ShopUpdate.shopPart = at("spItemPage", "updateModel")
	s.SpBigBanner.ShopModels.shopPart = at("spBigBanner", "")
	s.SpBigBanner.ShopReplace.shopPart = at("spBigBanner", "replaceList")
	s.SpSmallBanner.ShopModels.shopPart = at("spSmallBanner", "")
	s.SpSmallBanner.ShopReplace.shopPart = at("spSmallBanner", "replaceList")
	s.SpMedamaItem.ShopModels.shopPart = at("spMedamaItem", "")
	s.SpMedamaItem.ShopReplace.shopPart = at("spMedamaItem", "replaceModel")
	s.SpMedamaCategory.ShopModels.shopPart = at("spMedamaCategory", "")
	s.SpMedamaCategory.ShopReplace.shopPart = at("spMedamaCategory", "replaceModel")
}
