package rakutentest

import (
	"encoding/xml"
	"fmt"
	"strings"
)

const shopBase = "/es/1.0/shop/"

// shopResource is one resource of the shop's settings and what the platform lets be done
// with it.
type shopResource struct {
	name  string
	rows  string   // the elements around the rows of one that the shop has several of
	id    string   // the element of a row that identifies it
	param string   // the id in the query, where it has another name
	edits []string // the elements around what an edit writes
	root  string   // the root of an edit without BizModel, where it is not the name
}

// shopResources are all resources but the calendar's two and the status. Some are read by
// the one known client with the model of their edits: what is answered for those is not
// known, and the fake answers under the resource's own name.
var shopResources = []shopResource{
	{name: "shopMaster"},
	{name: "delvdateMaster", rows: "delvdateMasterList", id: "delvdateNumber"},
	{name: "delvAreaMaster", rows: "delvAreaMasterList", id: "delvAreaId"},
	{name: "deliverySetInfo", rows: "deliverySetInfoList", id: "deliverySetId"},
	{name: "operationLeadTime", rows: "operationLeadTimeList", id: "operationLeadTimeId"},
	{name: "shipFrom", rows: "shipFromList", id: "shipFromId"},
	{name: "soryoKbn", rows: "soryoKbnList", id: "id"},
	{
		name: "shopAreaSoryo", rows: "shopAreaSoryoWrapper>shopAreaSoryoPatternList", id: "patternId", root: "shopAreaSoryoWrapper",
		edits: []string{"insertModel>shopAreaSoryoPatternList", "updateModel>shopAreaSoryoPatternList"},
	},
	{name: "shopHoliday", edits: []string{"inputModel"}},
	{name: "topDisplay", edits: []string{"updateModel"}},
	{name: "shopLayoutImage", edits: []string{"insertModel"}},
	{name: "shopLayoutCommon", rows: "shopLayoutCommonList", id: "layoutCommonId", edits: []string{"insertList", "updateList"}},
	{name: "layoutTextLarge", rows: "layoutTextLargeList", id: "textLargeId", edits: []string{"insertList", "updateList"}},
	{name: "layoutTextSmall", rows: "layoutTextSmallList", id: "textSmallId"},
	{name: "layoutLossLeader", rows: "layoutLossLeaderList", id: "lossLea", param: "lossLeaderId"},
	{name: "layoutItemMap", rows: "layoutItemMapList", id: "itemMapId"},
	{name: "layoutCategoryMap", rows: "layoutCategoryMapList", id: "categoryMapId"},
	{name: "naviButton", edits: []string{"insertList", "updateList", "deleteList"}},
	{name: "naviButtonInfo", rows: "naviButtonInfoList", id: "naviId", edits: []string{"insertList", "updateList", "deleteList"}},
	{name: "goldTop", edits: []string{"insertModel", "updateModel"}},
	{name: "signboard", edits: []string{"inputModel"}},
	{name: "spTopPage", edits: []string{"updateModel"}},
	{name: "spTopPageDisplay"},
	{name: "spCategoryPage", edits: []string{"updateModel"}},
	{name: "spItemPage", edits: []string{"updateModel"}},
	{name: "spBigBanner", edits: []string{"replaceList"}},
	{name: "spSmallBanner", edits: []string{"replaceList"}},
	{name: "spMedamaItem", edits: []string{"replaceModel"}},
	{name: "spMedamaCategory", edits: []string{"replaceModel"}},
}

var shopRoutes = func() []route {
	routes := []route{
		shopRoute("GET", "shopCalendar", "shopCalendar.get", (*call).getCalendar),
		shopRoute("GET", "shopCalendarAndDesign", "shopCalendarAndDesign.get", (*call).getCalendarAndDesign),
		shopRoute("POST", "shopCalendarAndDesign", "shopCalendarAndDesign.edit", (*call).editCalendarAndDesign),
		shopRoute("GET", "shopStatus/{statusKey}", "shopStatus.get", (*call).getShopStatus),
		shopRoute("POST", "shopStatus/{statusKey}", "shopStatus.edit", (*call).editShopStatus),
	}
	for _, r := range shopResources {
		routes = append(routes, shopRoute("GET", r.name, r.name+".get", func(c *call) reply { return c.getSetting(r) }))
		if len(r.edits) > 0 {
			routes = append(routes, shopRoute("POST", r.name, r.name+".edit", func(c *call) reply { return c.editSetting(r) }))
		}
	}
	return routes
}()

func shopRoute(method, path, name string, handle func(*call) reply) route {
	return route{pattern: method + " " + shopBase + path, name: "shop." + name, rate: "shop", handle: handle}
}

// The settings that a new shop has; all others begin empty.
const shopSeed = `<settings>
<shopMaster><shopName>%[1]s</shopName><url>%[2]s</url><companyName>商店街株式会社</companyName><presidentName>楽田 太郎</presidentName>
	<addressZip>164-0001</addressZip><addressPrefecture>東京都</addressPrefecture><addressCity>中野区</addressCity><addressStreet>中野0-0-0</addressStreet>
	<companyTel>03-0000-0000</companyTel><companyFax>03-0000-0001</companyFax><tantouName>市場 花子</tantouName><tantouPost>店長</tantouPost>
	<tantouTel>03-0000-0002</tantouTel><tantouFax>03-0000-0001</tantouFax><supportTel>03-0000-0003</supportTel><supportFax>03-0000-0001</supportFax>
	<emergencyTel>03-0000-0004</emergencyTel><secName></secName></shopMaster>
<delvdateMasterList>
	<delvdateMaster><delvdateNumber>1</delvdateNumber><delvdateCaption>翌日配達</delvdateCaption><appointDays>1</appointDays></delvdateMaster>
	<delvdateMaster><delvdateNumber>2</delvdateNumber><delvdateCaption>3日以内に発送</delvdateCaption><appointDays>3</appointDays></delvdateMaster>
</delvdateMasterList>
<delvAreaMasterList>
	<delvAreaMaster><delvAreaId>1</delvAreaId><delvAreaName>全国</delvAreaName><delvAreaCaption></delvAreaCaption><delvAreaLimit></delvAreaLimit></delvAreaMaster>
</delvAreaMasterList>
<deliverySetInfoList>
	<deliverySetInfo><deliverySetId>1</deliverySetId><deliverySetName>宅配便</deliverySetName><deliverySetDefaultFlag>1</deliverySetDefaultFlag></deliverySetInfo>
	<deliverySetInfo><deliverySetId>2</deliverySetId><deliverySetName>メール便</deliverySetName><deliverySetDefaultFlag>0</deliverySetDefaultFlag></deliverySetInfo>
</deliverySetInfoList>
<operationLeadTimeList>
	<operationLeadTime><operationLeadTimeId>1</operationLeadTimeId><name>即日</name><numberOfDays>0</numberOfDays><inStockDefaultFlag>1</inStockDefaultFlag><outOfStockDefaultFlag>0</outOfStockDefaultFlag></operationLeadTime>
	<operationLeadTime><operationLeadTimeId>2</operationLeadTimeId><name>1日</name><numberOfDays>1</numberOfDays><inStockDefaultFlag>0</inStockDefaultFlag><outOfStockDefaultFlag>0</outOfStockDefaultFlag></operationLeadTime>
	<operationLeadTime><operationLeadTimeId>3</operationLeadTimeId><name>取り寄せ</name><numberOfDays>7</numberOfDays><inStockDefaultFlag>0</inStockDefaultFlag><outOfStockDefaultFlag>1</outOfStockDefaultFlag></operationLeadTime>
</operationLeadTimeList>
<shipFromList>
	<shipFrom><shipFromId>1</shipFromId><name>本店</name><zipcodeFrom>1640001</zipcodeFrom><defaultFlag>1</defaultFlag></shipFrom>
	<shipFrom><shipFromId>2</shipFromId><name>倉庫</name><zipcodeFrom>1350061</zipcodeFrom><defaultFlag>0</defaultFlag></shipFrom>
</shipFromList>
<soryoKbnList><soryoKbn><kbnId>1</kbnId><id>1</id><name>普通便</name></soryoKbn><soryoKbn><kbnId>2</kbnId><id>2</id><name>クール便</name></soryoKbn></soryoKbnList>
<shopAreaSoryoWrapper><shopAreaSoryoPatternList><shopAreaSoryoPattern><patternId>1</patternId><patternName>標準</patternName>
	<shopAreaSoryoChargeList>%[3]s</shopAreaSoryoChargeList></shopAreaSoryoPattern></shopAreaSoryoPatternList></shopAreaSoryoWrapper>
<shopCalendar>
	<businessHoliday><regularSchedule><weekday>SUN</weekday></regularSchedule><eventDates></eventDates></businessHoliday>
	<shippingHoliday><regularSchedule></regularSchedule><eventDates></eventDates></shippingHoliday>
	<shippingOnly><regularSchedule></regularSchedule><eventDates></eventDates></shippingOnly>
</shopCalendar>
<skuMigration>2</skuMigration><pcTopMigration>1</pcTopMigration>
<spTopPageDisplay><status>1</status></spTopPageDisplay>
</settings>`

// seedSettings fills the settings that an app needs.
func (shop *Shop) seedSettings() {
	var charges strings.Builder
	for region := 1; region <= 13; region++ {
		fmt.Fprintf(&charges, "<shopAreaSoryoCharge><regionId>%d</regionId><charge>%d</charge></shopAreaSoryoCharge>", region, 600+20*region)
	}
	shop.settings = &element{}
	if err := xml.Unmarshal(fmt.Appendf(nil, shopSeed, shop.name, shop.url(), charges.String()), shop.settings); err != nil {
		panic("rakutentest: " + err.Error())
	}
	shop.settings.tidy()
	shop.settings.child("shopCalendarDesign", true)
	for _, r := range shopResources {
		shop.settings.child(r.top(), true)
	}
}
