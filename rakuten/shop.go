package rakuten

import (
	"reflect"
	"sync"
)

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

// connect gives the client to every part of a ShopService, which holds nothing else: a client
// has dozens of them.
func connect(parts reflect.Value, c *Client) {
	for i := range parts.NumField() {
		field := parts.Field(i)
		if part, ok := reflect.TypeAssert[interface{ connect(*Client) }](field.Addr()); ok {
			part.connect(c)
		} else {
			connect(field, c) // a resource of several parts
		}
	}
}

// shopResources is what each part works on, with the elements around its model. The type of a
// part identifies it: no two resources have a model in common.
var shopResources = sync.OnceValue(func() map[reflect.Type]shopAt {
	at := func(name, within string) shopAt { return shopAt{name: name, within: within} }
	list := func(name, id string) shopAt { return shopAt{name: name, within: name + "List>" + name, id: id} }
	const patterns = "shopAreaSoryoPatternList>shopAreaSoryoPattern"
	soryo := func(verb string) shopAt {
		return shopAt{name: "shopAreaSoryo", within: verb + ">" + patterns, root: "shopAreaSoryoWrapper", id: "patternId"}
	}
	return map[reflect.Type]shopAt{
		reflect.TypeFor[ShopGet[ShopMaster]](): at("shopMaster", "shopMaster"),

		reflect.TypeFor[ShopList[ShopDelvdateMaster, string]](): list("delvdateMaster", "delvdateNumber"),
		reflect.TypeFor[ShopList[ShopDelvAreaMaster, int]]():    list("delvAreaMaster", "delvAreaId"),
		reflect.TypeFor[ShopList[ShopDeliverySetInfo, int]]():   list("deliverySetInfo", "deliverySetId"),
		reflect.TypeFor[ShopList[ShopOperationLeadTime, int]](): list("operationLeadTime", "operationLeadTimeId"),
		reflect.TypeFor[ShopList[ShopShipFrom, int]]():          list("shipFrom", "shipFromId"),
		reflect.TypeFor[ShopSoryoKbnResource]():                 list("soryoKbn", "id"),
		reflect.TypeFor[ShopList[ShopAreaSoryoPattern, int]]():  soryo("shopAreaSoryoWrapper"),
		reflect.TypeFor[ShopInsert[[]ShopAreaSoryoPattern]]():   soryo("insertModel"),
		reflect.TypeFor[ShopUpdate[[]ShopAreaSoryoPattern]]():   soryo("updateModel"),

		reflect.TypeFor[ShopCalendarResource]():           at("shopCalendar", "shopCalendar"),
		reflect.TypeFor[ShopGet[ShopCalendarAndDesign]](): at("shopCalendarAndDesign", ""),
		reflect.TypeFor[ShopModels[ShopHolidayInput]]():   at("shopHoliday", ""),
		reflect.TypeFor[ShopInput[ShopHolidayInput]]():    at("shopHoliday", "inputModel"),

		reflect.TypeFor[ShopGet[ShopTopDisplay]]():              at("topDisplay", "topDisplay"),
		reflect.TypeFor[ShopUpdate[ShopTopDisplay]]():           at("topDisplay", "updateModel"),
		reflect.TypeFor[ShopGet[ShopLayoutImage]]():             at("shopLayoutImage", "shopLayoutImage"),
		reflect.TypeFor[ShopInsert[ShopLayoutImage]]():          at("shopLayoutImage", "insertModel"),
		reflect.TypeFor[ShopList[ShopLayoutCommon, int64]]():    list("shopLayoutCommon", "layoutCommonId"),
		reflect.TypeFor[ShopInsert[[]ShopLayoutCommon]]():       at("shopLayoutCommon", "insertList>shopLayoutCommon"),
		reflect.TypeFor[ShopUpdate[[]ShopLayoutCommon]]():       at("shopLayoutCommon", "updateList>shopLayoutCommon"),
		reflect.TypeFor[ShopModels[ShopLayoutTextLargeList]]():  at("layoutTextLarge", ""),
		reflect.TypeFor[ShopInsert[[]ShopLayoutTextLarge]]():    at("layoutTextLarge", "insertList>layoutTextLarge"),
		reflect.TypeFor[ShopUpdate[[]ShopLayoutTextLarge]]():    at("layoutTextLarge", "updateList>layoutTextLarge"),
		reflect.TypeFor[ShopList[ShopLayoutTextSmall, int]]():   list("layoutTextSmall", "textSmallId"),
		reflect.TypeFor[ShopList[ShopLayoutLossLeader, int]]():  list("layoutLossLeader", "lossLeaderId"),
		reflect.TypeFor[ShopList[ShopLayoutItemMap, int64]]():   list("layoutItemMap", "itemMapId"),
		reflect.TypeFor[ShopList[ShopLayoutCategoryMap, int]](): list("layoutCategoryMap", "categoryMapId"),
		reflect.TypeFor[ShopGet[ShopNaviButton]]():              at("naviButton", "naviButton"),
		reflect.TypeFor[ShopInsert[[]ShopNaviButton]]():         at("naviButton", "insertList>naviButton"),
		reflect.TypeFor[ShopUpdate[[]ShopNaviButton]]():         at("naviButton", "updateList>naviButton"),
		reflect.TypeFor[ShopDelete[[]ShopNaviButton]]():         at("naviButton", "deleteList>naviButton"),
		reflect.TypeFor[ShopList[ShopNaviButtonInfo, int64]]():  list("naviButtonInfo", "naviId"),
		reflect.TypeFor[ShopInsert[[]ShopNaviButtonInfo]]():     at("naviButtonInfo", "insertList>naviButtonInfo"),
		reflect.TypeFor[ShopUpdate[[]ShopNaviButtonInfo]]():     at("naviButtonInfo", "updateList>naviButtonInfo"),
		reflect.TypeFor[ShopDelete[[]ShopNaviButtonInfo]]():     at("naviButtonInfo", "deleteList>naviButtonInfo"),
		reflect.TypeFor[ShopModels[ShopGoldTop]]():              at("goldTop", ""),
		reflect.TypeFor[ShopInsert[ShopGoldTop]]():              at("goldTop", "insertModel"),
		reflect.TypeFor[ShopUpdate[ShopGoldTop]]():              at("goldTop", "updateModel"),
		reflect.TypeFor[ShopGet[ShopSignboard]]():               at("signboard", "signboard"),
		reflect.TypeFor[ShopInput[ShopSignboard]]():             at("signboard", "inputModel"),

		reflect.TypeFor[ShopGet[ShopSpTopPageDetails]]():      at("spTopPage", "spTopPage"),
		reflect.TypeFor[ShopUpdate[ShopSpTopPage]]():          at("spTopPage", "updateModel"),
		reflect.TypeFor[ShopGet[ShopSpTopPageDisplay]]():      at("spTopPageDisplay", "spTopPageDisplay"),
		reflect.TypeFor[ShopModels[ShopSpCategoryPage]]():     at("spCategoryPage", ""),
		reflect.TypeFor[ShopUpdate[ShopSpCategoryPage]]():     at("spCategoryPage", "updateModel"),
		reflect.TypeFor[ShopModels[ShopSpItemPage]]():         at("spItemPage", ""),
		reflect.TypeFor[ShopUpdate[ShopSpItemPage]]():         at("spItemPage", "updateModel"),
		reflect.TypeFor[ShopModels[ShopSpBigBannerList]]():    at("spBigBanner", ""),
		reflect.TypeFor[ShopReplace[ShopSpBigBannerList]]():   at("spBigBanner", "replaceList"),
		reflect.TypeFor[ShopModels[ShopSpSmallBannerList]]():  at("spSmallBanner", ""),
		reflect.TypeFor[ShopReplace[ShopSpSmallBannerList]](): at("spSmallBanner", "replaceList"),
		reflect.TypeFor[ShopModels[ShopSpMedamaItem]]():       at("spMedamaItem", ""),
		reflect.TypeFor[ShopReplace[ShopSpMedamaItem]]():      at("spMedamaItem", "replaceModel"),
		reflect.TypeFor[ShopModels[ShopSpMedamaCategory]]():   at("spMedamaCategory", ""),
		reflect.TypeFor[ShopReplace[ShopSpMedamaCategory]]():  at("spMedamaCategory", "replaceModel"),
	}
})
