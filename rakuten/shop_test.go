package rakuten_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// shopAnswer is an answer of the shop family. Only its root is in a namespace.
func shopAnswer(result string) string {
	return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><shopbiz:shopBizApiResponse xmlns:shopbiz="http://rakuten.co.jp/rms/mall/shop/biz/api/model/resource">` +
		`<resultCode>N000</resultCode><resultMessageList><resultMessage><code>SHOP_BIZ_API_COM_I001</code><message>OK</message></resultMessage></resultMessageList>` + result + `</shopbiz:shopBizApiResponse>`
}

func shopEdit(root, inner string) string {
	return xmlHeader + `<shopbiz:` + root + ` xmlns:shopbiz="http://rakuten.co.jp/rms/mall/shop/biz/api/model/resource">` + inner + `</shopbiz:` + root + `>`
}

func TestShopReads(t *testing.T) {
	t.Parallel()
	var got call
	read := func(result string) *rakuten.ShopService {
		return serve(t, record(&got, 200, shopAnswer(result)), shotengai.WithStrictDecoding()).Shop
	}
	ctx := t.Context()

	master, err := read(`<result xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="shopbiz:shopMasterBizModel"><shopMaster><shopName>傘屋</shopName><url>kasaya</url></shopMaster></result>`).Master.Get(ctx)
	require.NoError(t, err)
	assert.Equal(t, rakuten.ShopMaster{ShopName: "傘屋", URL: "kasaya"}, *master)
	assert.Equal(t, "GET /es/1.0/shop/shopMaster", got.Method+" "+got.Path)

	const leadTimes = `<result><operationLeadTimeList><operationLeadTime><operationLeadTimeId>1</operationLeadTimeId><name>即日</name><numberOfDays>0</numberOfDays></operationLeadTime>` +
		`<operationLeadTime><operationLeadTimeId>2</operationLeadTimeId><name>翌日</name><numberOfDays>1</numberOfDays></operationLeadTime></operationLeadTimeList></result>`
	times, err := read(leadTimes).OperationLeadTime.List(ctx)
	require.NoError(t, err)
	require.Len(t, times.Items, 2)
	assert.Equal(t, "翌日", times.Items[1].Name)
	assert.Empty(t, got.Query)
	one, err := read(leadTimes).OperationLeadTime.Get(ctx, 1)
	require.NoError(t, err)
	assert.Equal(t, "即日", one.Name)
	assert.Equal(t, "operationLeadTimeId=1", got.Query)
	_, err = read(`<result><operationLeadTimeList/></result>`).OperationLeadTime.Get(ctx, 9)
	require.ErrorIs(t, err, shotengai.ErrNotFound)
	require.ErrorContains(t, err, "operationLeadTimeId: there is none")

	patterns, err := read(`<result><shopAreaSoryoWrapper><shopAreaSoryoPatternList><shopAreaSoryoPattern><patternId>1</patternId><patternName>a</patternName><shopAreaSoryoChargeList>` +
		`<shopAreaSoryoCharge><regionId>1</regionId><charge>800</charge></shopAreaSoryoCharge></shopAreaSoryoChargeList></shopAreaSoryoPattern></shopAreaSoryoPatternList></shopAreaSoryoWrapper></result>`).AreaSoryo.List(ctx)
	require.NoError(t, err)
	assert.Equal(t, []rakuten.ShopAreaSoryoPattern{{PatternID: 1, PatternName: "a", Charges: []rakuten.ShopAreaSoryoCharge{{RegionID: 1, Charge: 800}}}}, patterns.Items)

	calendar, err := read(`<result><shopCalendar><businessHoliday><regularSchedule><weekday>SUN</weekday></regularSchedule><eventDates><eventDate>20260131</eventDate></eventDates></businessHoliday></shopCalendar></result>`).
		Calendar.Get(ctx, rakuten.ShopCalendarParams{FromDate: shotengai.Date{Year: 2026, Month: 1, Day: 2}, Period: 180})
	require.NoError(t, err)
	assert.Equal(t, rakuten.ShopCalendarDays{RegularSchedule: []string{"SUN"}, EventDates: []string{"20260131"}}, calendar.BusinessHoliday)
	assert.Equal(t, "fromDate=2026-01-02&period=180", got.Query)
	_, err = read("").Calendar.Get(ctx, rakuten.ShopCalendarParams{Period: 181})
	require.ErrorIs(t, err, shotengai.ErrInvalid)

	status, err := read(`<result><shopStatus><statusKey>skuMigration</statusKey><statusValue>2</statusValue></shopStatus></result>`).Status.Get(ctx, rakuten.StatusSKUMigration)
	require.NoError(t, err)
	assert.Equal(t, "2", status.StatusValue)
	assert.Equal(t, "/es/1.0/shop/shopStatus/skuMigration", got.Path)
	_, err = read("").Status.Get(ctx, "")
	require.ErrorIs(t, err, shotengai.ErrInvalid)
}

func TestShopReadsOfDoubtfulShape(t *testing.T) {
	t.Parallel()
	var got call
	for _, element := range []string{"goldTop", "updateModel"} {
		client := serve(t, record(&got, 200, shopAnswer(`<result><`+element+`><pcRedirect>1</pcRedirect><spRedirect>0</spRedirect></`+element+`></result>`)), shotengai.WithStrictDecoding())
		models, err := client.Shop.GoldTop.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []rakuten.ShopModel[rakuten.ShopGoldTop]{{Element: element, Model: rakuten.ShopGoldTop{PCRedirect: 1}}}, models)
	}
	client := serve(t, record(&got, 200, shopAnswer(`<result><replaceList><spBigBanner><bigBannerPosition>1</bigBannerPosition></spBigBanner><spBigBanner><bigBannerPosition>2</bigBannerPosition><new/></spBigBanner></replaceList></result>`)))
	banners, err := client.Shop.SpBigBanner.Get(t.Context())
	require.NoError(t, err)
	require.Len(t, banners, 1)
	assert.Len(t, banners[0].Model.SpBigBanner, 2)

	client = serve(t, record(&got, 200, shopAnswer(`<result><goldTop><new>1</new></goldTop></result>`)), shotengai.WithStrictDecoding())
	_, err = client.Shop.GoldTop.Get(t.Context())
	require.ErrorContains(t, err, "[shopBizApiResponse.result.goldTop.new]")
	client = serve(t, record(&got, 200, shopAnswer(`<result><shopMaster><new>1</new></shopMaster><other/></result>`)), shotengai.WithStrictDecoding())
	_, err = client.Shop.Master.Get(t.Context())
	require.ErrorContains(t, err, "[shopBizApiResponse.result.other shopBizApiResponse.result.shopMaster.new]")
}

func TestShopEdits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path, body string
		send             func(*testing.T, *rakuten.ShopService) (*rakuten.ShopResult, error)
	}{
		{
			"a model", "goldTop", shopEdit("goldTopBizModel", `<updateModel><pcRedirect>1</pcRedirect><spRedirect>0</spRedirect></updateModel>`),
			func(t *testing.T, s *rakuten.ShopService) (*rakuten.ShopResult, error) {
				return s.GoldTop.Update(t.Context(), rakuten.ShopGoldTop{PCRedirect: 1})
			},
		},
		{
			"a list", "layoutTextLarge", shopEdit("layoutTextLargeBizModel", `<insertList><layoutTextLarge><name>a</name><text>&lt;b&gt;</text></layoutTextLarge><layoutTextLarge><name>c</name><text></text></layoutTextLarge></insertList>`),
			func(t *testing.T, s *rakuten.ShopService) (*rakuten.ShopResult, error) {
				return s.LayoutTextLarge.Insert(t.Context(), []rakuten.ShopLayoutTextLarge{{Name: "a", Text: "<b>"}, {Name: "c"}})
			},
		},
		{
			"deeper rows under another root", "shopAreaSoryo", shopEdit("shopAreaSoryoWrapperBizModel", `<insertModel><shopAreaSoryoPatternList><shopAreaSoryoPattern><patternId>1</patternId><patternName>a</patternName>`+
				`<shopAreaSoryoChargeList><shopAreaSoryoCharge><regionId>2</regionId><charge>800</charge></shopAreaSoryoCharge></shopAreaSoryoChargeList></shopAreaSoryoPattern></shopAreaSoryoPatternList></insertModel>`),
			func(t *testing.T, s *rakuten.ShopService) (*rakuten.ShopResult, error) {
				return s.AreaSoryo.Insert(t.Context(), []rakuten.ShopAreaSoryoPattern{{PatternID: 1, PatternName: "a", Charges: []rakuten.ShopAreaSoryoCharge{{RegionID: 2, Charge: 800}}}})
			},
		},
		{
			"a replacement", "spSmallBanner", shopEdit("spSmallBannerBizModel", `<replaceList></replaceList>`),
			func(t *testing.T, s *rakuten.ShopService) (*rakuten.ShopResult, error) {
				return s.SpSmallBanner.Replace(t.Context(), rakuten.ShopSpSmallBannerList{})
			},
		},
		{
			"what is nil is left out", "topDisplay", shopEdit("topDisplayBizModel", `<updateModel><textSmallId>0</textSmallId><imageUrl></imageUrl><imageAlt></imageAlt><upperText>a</upperText><lowerText></lowerText></updateModel>`),
			func(t *testing.T, s *rakuten.ShopService) (*rakuten.ShopResult, error) {
				return s.TopDisplay.Update(t.Context(), rakuten.ShopTopDisplay{TextSmallID: new(0), UpperText: "a"})
			},
		},
		{
			"a state", "shopStatus/pcTopMigration", shopEdit("shopStatusBizModel", `<updateModel><statusKey>pcTopMigration</statusKey><statusValue>1</statusValue></updateModel>`),
			func(t *testing.T, s *rakuten.ShopService) (*rakuten.ShopResult, error) {
				return s.Status.Update(t.Context(), rakuten.ShopStatus{StatusKey: rakuten.StatusPCTopMigration, StatusValue: "1"})
			},
		},
		{
			"a calendar", "shopCalendarAndDesign?clearCalendar=true", shopEdit("shopCalendarAndDesignBizModel", `<shopCalendar><shippingOnly><insertModel><eventDates><eventDate>20260131</eventDate></eventDates></insertModel></shippingOnly></shopCalendar>`),
			func(t *testing.T, s *rakuten.ShopService) (*rakuten.ShopResult, error) {
				return s.CalendarAndDesign.Update(t.Context(), rakuten.ShopCalendarAndDesign{Calendar: &rakuten.ShopCalendarEdit{
					ShippingOnly: &rakuten.ShopCalendarDaysEdit{InsertEventDates: []string{"20260131"}},
				}}, rakuten.UpdateShopCalendarParams{ClearCalendar: new(true)})
			},
		},
		{
			"a holiday", "shopHoliday", shopEdit("shopHolidayBizModel", `<inputModel><shopHolidayMail><message>x</message><stimeStampYmd>20260801</stimeStampYmd><etimeStampYmd>20260815</etimeStampYmd></shopHolidayMail></inputModel>`),
			func(t *testing.T, s *rakuten.ShopService) (*rakuten.ShopResult, error) {
				return s.Holiday.Set(t.Context(), rakuten.ShopHolidayInput{Mail: &rakuten.ShopHolidayNotice{Message: "x", STimeStampYMD: "20260801", ETimeStampYMD: "20260815"}})
			},
		},
		{
			"a deletion", "naviButtonInfo", shopEdit("naviButtonInfoBizModel", `<deleteList><naviButtonInfo><naviId>7</naviId><buttonOrder>0</buttonOrder><imgType>0</imgType><imgPath></imgPath><buttonText></buttonText>`+
				`<buttonTextFont>0</buttonTextFont><buttonTextSize>0</buttonTextSize><marginWidth>0</marginWidth><marginHeight>0</marginHeight><outsideFrame>0</outsideFrame>`+
				`<buttonBgcolor></buttonBgcolor><textColor></textColor><href>1</href><href2></href2></naviButtonInfo></deleteList>`),
			func(t *testing.T, s *rakuten.ShopService) (*rakuten.ShopResult, error) {
				return s.NaviButtonInfo.Delete(t.Context(), []rakuten.ShopNaviButtonInfo{{NaviID: 7, Href: 1}})
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got call
			client := serve(t, record(&got, 200, shopAnswer("")), shotengai.WithStrictDecoding())
			result, err := test.send(t, client.Shop)
			require.NoError(t, err)
			assert.Equal(t, "N000", result.ResultCode)
			assert.Equal(t, "SHOP_BIZ_API_COM_I001", result.Messages[0].Code)
			path := got.Path
			if got.Query != "" {
				path += "?" + got.Query
			}
			assert.Equal(t, "POST /es/1.0/shop/"+test.path, got.Method+" "+path)
			assert.Equal(t, test.body, got.Body)
		})
	}
}

func TestShopRefusals(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `<shopbiz:shopBizApiResponse xmlns:shopbiz="x"><resultCode>E010</resultCode><resultMessageList><resultMessage><code>S1</code><message>too long</message>`+
		`<resourceId>3</resourceId><fieldId>captionHeader</fieldId><maxValue>10</maxValue></resultMessage></resultMessageList></shopbiz:shopBizApiResponse>`))
	_, err := client.Shop.LayoutCommon.Insert(t.Context(), []rakuten.ShopLayoutCommon{{Name: "a"}})
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	var e *shotengai.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "captionHeader", e.Field)
	assert.Equal(t, "S1", e.Code)

	_, err = client.Shop.LayoutCommon.Update(t.Context(), nil)
	require.ErrorContains(t, err, "updateList>shopLayoutCommon: no rows")
	_, err = client.Shop.LayoutTextLarge.Insert(t.Context(), []rakuten.ShopLayoutTextLarge{{Text: "\x02"}})
	require.ErrorContains(t, err, "control character")

	_, err = serve(t, record(&got, 200, `<result/>`)).Shop.Master.Get(t.Context())
	require.ErrorContains(t, err, "expected element type <shopBizApiResponse>")
}
