package rakutentest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const shopNamespace = "http://rakuten.co.jp/rms/mall/shop/biz/api/model/resource"

// edit sends an edit whose root alone is in the namespace.
func (c *caller) edit(path, root, inner string) answer {
	c.t.Helper()
	return c.xml("/es/1.0/shop/"+path, `<shopbiz:`+root+` xmlns:shopbiz="`+shopNamespace+`">`+inner+`</shopbiz:`+root+`>`)
}

func (c *caller) setting(path string) string {
	c.t.Helper()
	got := c.get("/es/1.0/shop/" + path)
	require.Equal(c.t, 200, got.status, "%s", got.body)
	return string(got.body)
}

func TestShopSettings(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	master := c.get("/es/1.0/shop/shopMaster")
	assert.Equal(t, "N000", between(t, master, "resultCode"))
	assert.Contains(t, string(master.body), `<shopbiz:shopBizApiResponse xmlns:shopbiz="`+shopNamespace+`"><resultCode>`, "only the root is in a namespace")
	assert.Contains(t, string(master.body), `xsi:type="shopbiz:shopMasterBizModel"><shopMaster><shopName>商店街 400001</shopName>`)
	for path, want := range map[string]int{
		"operationLeadTime": 3, "operationLeadTime?operationLeadTimeId=2": 1, "operationLeadTime?operationLeadTimeId=9": 0, "shipFrom": 2,
		"delvdateMaster?delvdateNumber=1": 1, "deliverySetInfo": 2, "soryoKbn?kbnId=2": 1,
	} {
		name, _, _ := strings.Cut(path, "?")
		assert.Equal(t, want, strings.Count(c.setting(path), "<"+name+">"), path)
	}
	fees := c.setting("shopAreaSoryo?patternId=1")
	assert.Contains(t, fees, `<shopAreaSoryoWrapper><shopAreaSoryoPatternList><shopAreaSoryoPattern><patternId>1</patternId>`)
	assert.Equal(t, 13, strings.Count(fees, "<regionId>"))
}

func TestEveryShopResourceCanBeRead(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	for name := range strings.FieldsSeq(`topDisplay shopLayoutImage shopLayoutCommon naviButtonInfo naviButton layoutTextSmall layoutLossLeader layoutItemMap
		layoutCategoryMap shopCalendar delvdateMaster deliverySetInfo soryoKbn shopAreaSoryo delvAreaMaster layoutTextLarge goldTop shopMaster operationLeadTime
		shipFrom shopCalendarAndDesign shopHoliday spBigBanner spCategoryPage spItemPage spMedamaCategory spMedamaItem spSmallBanner spTopPage spTopPageDisplay
		shopStatus/skuMigration shopStatus/pcTopMigration signboard`) {
		assert.Contains(t, c.setting(name), "<resultCode>N000</resultCode>", name)
	}
	assert.Equal(t, 400, c.get("/es/1.0/shop/shopStatus/none").status)
	assert.Equal(t, 404, c.edit("shopMaster", "shopMasterBizModel", "").status, "it cannot be edited")
}

func TestShopEdits(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	require.Equal(t, 200, c.edit("goldTop", "goldTopBizModel", `<updateModel><pcRedirect>1</pcRedirect></updateModel>`).status)
	require.Equal(t, 200, c.edit("goldTop", "goldTopBizModel", `<updateModel><spRedirect>0</spRedirect></updateModel>`).status)
	assert.Contains(t, c.setting("goldTop"), "<pcRedirect>1</pcRedirect><spRedirect>0</spRedirect>")

	require.Equal(t, 200, c.edit("layoutTextLarge", "layoutTextLargeBizModel", `<insertList><layoutTextLarge><name>夏</name></layoutTextLarge><layoutTextLarge><name>秋</name></layoutTextLarge></insertList>`).status)
	require.Equal(t, 200, c.edit("layoutTextLarge", "layoutTextLargeBizModel", `<updateList><layoutTextLarge><textLargeId>2</textLargeId><text>紅葉</text></layoutTextLarge></updateList>`).status)
	assert.Contains(t, c.setting("layoutTextLarge"), "<layoutTextLarge><name>秋</name><textLargeId>2</textLargeId><text>紅葉</text></layoutTextLarge>")
	require.Equal(t, 200, c.edit("naviButtonInfo", "naviButtonInfoBizModel", `<insertList><naviButtonInfo><naviId>7</naviId></naviButtonInfo></insertList>`).status)
	require.Equal(t, 200, c.edit("naviButtonInfo", "naviButtonInfoBizModel", `<deleteList><naviButtonInfo><naviId>7</naviId></naviButtonInfo></deleteList>`).status)
	assert.NotContains(t, c.setting("naviButtonInfo"), "naviId")

	pattern := `<shopAreaSoryoPatternList><shopAreaSoryoPattern><patternId>2</patternId><patternName>離島</patternName></shopAreaSoryoPattern></shopAreaSoryoPatternList>`
	require.Equal(t, 200, c.edit("shopAreaSoryo", "shopAreaSoryoWrapperBizModel", `<insertModel>`+pattern+`</insertModel>`).status)
	assert.Contains(t, c.setting("shopAreaSoryo?patternId=2"), "離島")

	require.Equal(t, 200, c.edit("spBigBanner", "spBigBannerBizModel", `<replaceList><spBigBanner><bigBannerPosition>1</bigBannerPosition></spBigBanner><spBigBanner><bigBannerPosition>2</bigBannerPosition></spBigBanner></replaceList>`).status)
	assert.Equal(t, 2, strings.Count(c.setting("spBigBanner"), "<spBigBanner><bigBannerPosition>"))
	require.Equal(t, 200, c.edit("naviButton", "naviButtonBizModel", `<insertList><naviButton><buttonCols>3</buttonCols></naviButton></insertList>`).status)
	assert.Contains(t, c.setting("naviButton"), "<naviButton><buttonCols>3</buttonCols></naviButton>")
	require.Equal(t, 200, c.edit("spBigBanner", "spBigBannerBizModel", `<replaceList></replaceList>`).status)
	assert.NotContains(t, c.setting("spBigBanner"), "bigBannerPosition", "what is left out is gone")

	require.Equal(t, 200, c.edit("shopStatus/pcTopMigration", "shopStatusBizModel", `<updateModel><statusKey>pcTopMigration</statusKey><statusValue>2</statusValue></updateModel>`).status)
	assert.Contains(t, c.setting("shopStatus/pcTopMigration"), "<statusValue>2</statusValue>")

	for name, got := range map[string]answer{
		"no namespace":      c.xml("/es/1.0/shop/goldTop", `<goldTopBizModel><updateModel/></goldTopBizModel>`),
		"children in it":    c.xml("/es/1.0/shop/goldTop", `<goldTopBizModel xmlns="`+shopNamespace+`"><updateModel><pcRedirect>1</pcRedirect></updateModel></goldTopBizModel>`),
		"another root":      c.edit("goldTop", "topDisplayBizModel", `<updateModel/>`),
		"another verb":      c.edit("goldTop", "goldTopBizModel", `<deleteModel/>`),
		"nothing":           c.edit("goldTop", "goldTopBizModel", ``),
		"an id that is not": c.edit("layoutTextLarge", "layoutTextLargeBizModel", `<updateList><layoutTextLarge><textLargeId>9</textLargeId></layoutTextLarge></updateList>`),
		"an id that is":     c.edit("shopAreaSoryo", "shopAreaSoryoWrapperBizModel", `<insertModel>`+pattern+`</insertModel>`),
		"no rows":           c.edit("layoutTextLarge", "layoutTextLargeBizModel", `<insertList/>`),
		"the key":           c.edit("shopStatus/pcTopMigration", "shopStatusBizModel", `<updateModel><statusKey>skuMigration</statusKey></updateModel>`),
		"no XML":            c.xml("/es/1.0/shop/goldTop", `{}`),
	} {
		assert.Equal(t, 400, got.status, name)
		assert.NotEqual(t, "N000", between(t, got, "resultCode"), name)
		assert.NotEmpty(t, between(t, got, "code"), name)
	}
}

func TestShopCalendar(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	edit := func(query, kind, inner string) int {
		return c.edit("shopCalendarAndDesign"+query, "shopCalendarAndDesignBizModel", `<shopCalendar><`+kind+`>`+inner+`</`+kind+`></shopCalendar>`).status
	}
	dates := func(verb string, days ...string) string {
		return `<` + verb + `><eventDates><eventDate>` + strings.Join(days, `</eventDate><eventDate>`) + `</eventDate></eventDates></` + verb + `>`
	}
	require.Equal(t, 200, edit("", "businessHoliday", dates("insertModel", "20261231", "20261031", "20270201")))
	calendar := c.setting("shopCalendar")
	assert.Contains(t, calendar, "<weekday>SUN</weekday>")
	assert.Contains(t, calendar, "<eventDates><eventDate>20261231</eventDate></eventDates>", "90 days from today")
	assert.Contains(t, c.setting("shopCalendar?period=180"), "20270201")
	assert.Contains(t, c.setting("shopCalendar?fromDate=2026-10-31&period=1"), "<eventDate>20261031</eventDate></eventDates>")
	require.Equal(t, 200, edit("", "businessHoliday", dates("deleteModel", "20261231")+`<replaceModel><regularSchedule><weekday>WED</weekday></regularSchedule></replaceModel>`))
	assert.NotContains(t, c.setting("shopCalendar"), "20261231")
	assert.NotContains(t, c.setting("shopCalendar"), "SUN")
	require.Equal(t, 200, edit("?clearCalendar=true", "shippingOnly", dates("insertModel", "20261103")))
	calendar = c.setting("shopCalendar?fromDate=2026-10-01&period=180")
	assert.NotContains(t, calendar, "WED")
	assert.Contains(t, calendar, "20261103")
	assert.Contains(t, c.setting("shopCalendarAndDesign"), "<insertModel><eventDates><eventDate>20261103</eventDate></eventDates></insertModel>")

	assert.Equal(t, 400, edit("", "businessHoliday", dates("insertModel", "2026-12-31")))
	for _, q := range []string{"period=181", "period=0", "fromDate=20261101"} {
		assert.Equal(t, 400, c.get("/es/1.0/shop/shopCalendar?"+q).status, q)
	}
}
