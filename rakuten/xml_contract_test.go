//go:build contract

package rakuten_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

func TestContractCabinet(t *testing.T) {
	cabinet, ctx := catalog(t).Cabinet, t.Context()
	page := rakuten.CabinetPageParams{Offset: 1, Limit: 100}
	picture := []byte("\x89PNG\x0d\x0a\x1a\x0a")
	gave(t)(cabinet.Usage(ctx))
	gave(t)(cabinet.ListFolders(ctx, page))
	gave(t)(cabinet.ListFiles(ctx, rakuten.FolderFilesParams{FolderID: 7, CabinetPageParams: page}))
	gave(t)(cabinet.SearchFiles(ctx, rakuten.SearchFilesParams{
		FileID: new(int64(1)), FilePath: new("a.jpg"), FileName: new("傘"), FolderID: new(int64(7)), FolderPath: new("x"), CabinetPageParams: page,
	}))
	gave(t)(cabinet.ListTrash(ctx, page))
	gave(t)(cabinet.InsertFile(ctx, rakuten.InsertFileRequest{FileName: "傘", FolderID: 7, FilePath: new("umbrella"), OverWrite: new(true), Picture: picture}))
	require.NoError(t, cabinet.UpdateFile(ctx, rakuten.UpdateFileRequest{FileID: 1, FileName: new("傘"), FilePath: new("umbrella"), Picture: picture}))
	require.NoError(t, cabinet.UpdateFile(ctx, rakuten.UpdateFileRequest{FileID: 1, FileName: new("傘")}))
	require.NoError(t, cabinet.DeleteFile(ctx, 1))
	require.NoError(t, cabinet.RevertFile(ctx, 1, 7))
	gave(t)(cabinet.InsertFolder(ctx, rakuten.InsertFolderRequest{FolderName: "夏", DirectoryName: new("summer"), UpperFolderID: 7}))
}

func TestContractCoupons(t *testing.T) {
	start := time.Date(2030, 4, 1, 10, 0, 0, 0, shotengai.JST)
	issued := shotengai.WithClock(func() time.Time { return start.Add(-2 * time.Hour) })
	coupons, ctx := catalog(t, issued).Coupons, t.Context()
	terms := rakuten.IssueCouponRequest{
		CouponName: "夏", CouponCaption: "暑い", CouponStartDate: rakuten.ItemTime{Time: start}, CouponEndDate: rakuten.ItemTime{Time: start.Add(time.Hour)},
		CouponImage: "https://example.com/a.jpg", IssueCount: 10, ItemType: rakuten.CouponOneItem, DiscountType: rakuten.DiscountYen, DiscountFactor: 100,
		MemberAvailMaxCount: 1, CombineFlag: true, DisplayFlag: true, Items: []rakuten.CouponItem{{ItemURL: "a"}},
		OtherConditions: []rakuten.CouponCondition{{ConditionTypeCode: rakuten.ConditionAmount, StartValue: "1000"}},
	}
	gave(t)(coupons.Issue(ctx, terms))
	require.NoError(t, coupons.Update(ctx, rakuten.UpdateCouponRequest{CouponCode: "A", CouponContent: rakuten.CouponContent(terms)}))
	require.NoError(t, coupons.Delete(ctx, "A"))
	gave(t)(coupons.Get(ctx, "A"))
	when := rakuten.ItemTime{Time: start}
	gave(t)(coupons.Search(ctx, rakuten.SearchCouponsParams{
		CouponName: new("a"), CouponCode: new("b"), ItemURL: new("c"), CouponStartDate: when, CouponEndDate: when, Hits: 100, Page: 1,
	}))
}

func TestContractThanksCoupons(t *testing.T) {
	coupons, ctx := catalog(t).ThanksCoupons, t.Context()
	terms := rakuten.IssueThanksCouponRequest{
		CouponImage: "https://example.com/a.jpg", CouponName: "夏", CouponCaption: "暑い", DiscountType: rakuten.DiscountPercent, DiscountFactor: 10,
		CouponUnavailableTerm: 1, CouponTerm: 30, MemberAvailMaxCount: 1, CombineFlag: 1,
		OtherConditions:   []rakuten.CouponCondition{{ConditionTypeCode: rakuten.ConditionQuantity, StartValue: "2"}},
		AutoGetConditions: []rakuten.ThanksAutoGetCondition{{GetCondCD: rakuten.ThanksTotalPrice, StartValue: "1", EndValue: "2", CompOperatorCD: 1}},
	}
	gave(t)(coupons.Issue(ctx, terms))
	require.NoError(t, coupons.Update(ctx, 1, rakuten.UpdateThanksCouponRequest(terms)))
	require.NoError(t, coupons.Stop(ctx, 1))
	gave(t)(coupons.Get(ctx, 1))
	when := rakuten.ItemTime{Time: time.Date(2030, 4, 1, 10, 0, 0, 0, shotengai.JST)}
	gave(t)(coupons.Search(ctx, rakuten.SearchThanksCouponsParams{
		IssueStats: rakuten.ThanksRunning, GrantStartDate: when, GrantEndDate: when, RegDate: when, Hits: 100, Page: 1,
	}))
}

func TestContractProducts(t *testing.T) {
	gave(t)(catalog(t).Products.Search(t.Context(), rakuten.SearchProductsParams{
		ProductIDs: []string{"4901234567894", "4901234567887"}, Keyword: new("傘"), GenreID: new("100"), MakerName: new("m"), ReleaseDateFrom: &day, ReleaseDateTo: &day,
		SortBy: new(rakuten.ProductsByPrice), Offset: 30, Limit: 30,
	}))
}

func TestContractShop(t *testing.T) {
	shop, ctx := catalog(t).Shop, t.Context()
	gave(t)(shop.Master.Get(ctx))
	gave(t)(shop.Calendar.Get(ctx, rakuten.ShopCalendarParams{FromDate: day, Period: 180}))
	gave(t)(shop.CalendarAndDesign.Get(ctx))
	days := &rakuten.ShopCalendarDaysEdit{ReplaceRegularSchedule: []string{"SUN"}, InsertEventDates: []string{"20260131"}, DeleteEventDates: []string{"20260201", "20260202"}}
	gave(t)(shop.CalendarAndDesign.Update(ctx, rakuten.ShopCalendarAndDesign{
		Calendar: &rakuten.ShopCalendarEdit{BusinessHoliday: days, ShippingHoliday: days, ShippingOnly: days},
		Design: &rakuten.ShopCalendarDesign{
			Design: rakuten.ShopCalDesign{
				CellWidth: 1, CellHeight: 2, FontSize: 3, FontColor: "000000", DayOfWeekColor: "000000", BGColor: "000000", FrameColor: "000000",
				WeekdayColor: "000000", SatColor: "000000", SunColor: "000000", HolidayColor: "000000", NonHolidayFlag: "0000000", CalendarText: "x",
			},
			Events: []rakuten.ShopCalDesignEvent{{EventType: 1, EventColor: "ff0000"}},
		},
	}, rakuten.UpdateShopCalendarParams{ClearCalendar: new(true)}))
	gave(t)(shop.Holiday.Get(ctx))
	gave(t)(shop.Holiday.Set(ctx, rakuten.ShopHolidayInput{
		Web:  &rakuten.ShopHolidayNotice{Title: "夏休み", Message: "x", STimeStampYMD: "20260801", ETimeStampYMD: "20260815"},
		Mail: &rakuten.ShopHolidayNotice{Message: "x", STimeStampYMD: "20260801", ETimeStampYMD: "20260815"},
	}))
	gave(t)(shop.Status.Get(ctx, rakuten.StatusSKUMigration))
	gave(t)(shop.Status.Update(ctx, rakuten.ShopStatus{StatusKey: rakuten.StatusPCTopMigration, StatusValue: "1"}))
}

func TestContractShopDelivery(t *testing.T) {
	shop, ctx := catalog(t).Shop, t.Context()
	gave(t)(shop.DelvdateMaster.List(ctx))
	gave(t)(shop.DelvdateMaster.Get(ctx, "1"))
	gave(t)(shop.DelvAreaMaster.Get(ctx, 1))
	gave(t)(shop.DeliverySetInfo.Get(ctx, 1))
	gave(t)(shop.OperationLeadTime.Get(ctx, 1))
	gave(t)(shop.ShipFrom.Get(ctx, 1))
	gave(t)(shop.SoryoKbn.List(ctx, rakuten.ListSoryoKbnParams{KbnID: new(1), ID: new(2)}))
	gave(t)(shop.AreaSoryo.List(ctx))
	gave(t)(shop.AreaSoryo.Get(ctx, 1))
	patterns := []rakuten.ShopAreaSoryoPattern{{PatternID: 1, PatternName: "x", Charges: []rakuten.ShopAreaSoryoCharge{{RegionID: 1, Charge: 500}}}}
	gave(t)(shop.AreaSoryo.Insert(ctx, patterns))
	gave(t)(shop.AreaSoryo.Update(ctx, patterns))
}

func TestContractShopLayout(t *testing.T) {
	shop, ctx := catalog(t).Shop, t.Context()
	gave(t)(shop.TopDisplay.Get(ctx))
	gave(t)(shop.TopDisplay.Update(ctx, rakuten.ShopTopDisplay{
		LayoutCommonID: new(1), TextSmallID: new(2), LossLeaderID: new(3), LossLeadingCategoryID: new(4), TextLargeID: new(5),
		ImageURL: "a", ImageAlt: "b", UpperText: "c", LowerText: "d",
	}))
	gave(t)(shop.LayoutImage.Get(ctx))
	gave(t)(shop.LayoutImage.Insert(ctx, rakuten.ShopLayoutImage{SignboardPath: "a"}))
	gave(t)(shop.LayoutCommon.Get(ctx, 1))
	common := []rakuten.ShopLayoutCommon{{
		LayoutCommonID: new(int64(1)), DefaultFlag: new(1), Name: "x", LastUpdate: "2026-01-31T12:34:56+09:00", CaptionHeader: "a", CaptionFooter: "b", CaptionLeft: "c",
	}}
	gave(t)(shop.LayoutCommon.Insert(ctx, common))
	gave(t)(shop.LayoutCommon.Update(ctx, common))
	gave(t)(shop.LayoutTextLarge.Get(ctx))
	text := []rakuten.ShopLayoutTextLarge{{TextLargeID: new(1), Name: "x", Text: "y", DefaultFlag: new(0)}}
	gave(t)(shop.LayoutTextLarge.Insert(ctx, text))
	gave(t)(shop.LayoutTextLarge.Update(ctx, text))
	gave(t)(shop.LayoutTextSmall.Get(ctx, 1))
	gave(t)(shop.LayoutLossLeader.Get(ctx, 1))
	gave(t)(shop.LayoutItemMap.Get(ctx, 1))
	gave(t)(shop.LayoutCategoryMap.Get(ctx, 1))
	gave(t)(shop.NaviButton.Get(ctx))
	navi := []rakuten.ShopNaviButton{{IntervalWidth: 1, IntervalHeight: 2, ButtonCols: 3, ButtonColsPosition: 1}}
	gave(t)(shop.NaviButton.Insert(ctx, navi))
	gave(t)(shop.NaviButton.Update(ctx, navi))
	gave(t)(shop.NaviButton.Delete(ctx, navi))
	gave(t)(shop.NaviButtonInfo.Get(ctx, 1))
	buttons := []rakuten.ShopNaviButtonInfo{{
		NaviID: 1, ButtonOrder: 1, ImgType: 1, ImgPath: "a", ButtonText: "b", ButtonTextFont: 1, ButtonTextSize: 12, MarginWidth: 1, MarginHeight: 2,
		OutsideFrame: 1, ButtonBGColor: "000000", TextColor: "ffffff", Href: 3, Href2: "c",
	}}
	gave(t)(shop.NaviButtonInfo.Insert(ctx, buttons))
	gave(t)(shop.NaviButtonInfo.Update(ctx, buttons))
	gave(t)(shop.NaviButtonInfo.Delete(ctx, buttons))
	gave(t)(shop.GoldTop.Get(ctx))
	gave(t)(shop.GoldTop.Insert(ctx, rakuten.ShopGoldTop{PCRedirect: 1, SpRedirect: 0}))
	gave(t)(shop.GoldTop.Update(ctx, rakuten.ShopGoldTop{PCRedirect: 1, SpRedirect: 0}))
	gave(t)(shop.Signboard.Get(ctx))
	gave(t)(shop.Signboard.Set(ctx, rakuten.ShopSignboard{SpSignboardURL: "a", PCSignboardURL: "b"}))
}

func TestContractShopSmartphone(t *testing.T) {
	shop, ctx := catalog(t).Shop, t.Context()
	one := new(1)
	gave(t)(shop.SpTopPage.Get(ctx))
	gave(t)(shop.SpTopPage.Update(ctx, rakuten.ShopSpTopPage{
		UseOriginalSignboard: one, SignboardURL: "a", BigBannerPosition: one, ShowBigBanner: one, BigBannerUseList: one, SmallBannerPosition: one,
		ShowSmallBanner: one, SmallBannerUseFlick: one, MedamaItemPosition: one, ShowMedamaItem: one, MedamaCategoryPosition: one, ShowMedamaCategory: one,
		TopPageNotePosition: one, ShowTopPageNote: one, TopPageNote: "b", ItemSearchPosition: one, ShowItemSearch: one, CategoryListPosition: one,
		TopPageNote2Position: one, ShowTopPageNote2: one, TopPageNote2: "c",
	}))
	gave(t)(shop.SpTopPageDisplay.Get(ctx))
	gave(t)(shop.SpCategoryPage.Get(ctx))
	gave(t)(shop.SpCategoryPage.Update(ctx, rakuten.ShopSpCategoryPage{ShowBigBanner: 1, ShowCategoryCommonNote: "x"}))
	gave(t)(shop.SpItemPage.Get(ctx))
	gave(t)(shop.SpItemPage.Update(ctx, rakuten.ShopSpItemPage{ShowBigBanner: 1, ShowItemCommonNote: 1}))
	gave(t)(shop.SpBigBanner.Get(ctx))
	date := "2026-01-31T12:34:56+09:00"
	gave(t)(shop.SpBigBanner.Replace(ctx, rakuten.ShopSpBigBannerList{SpBigBanner: []rakuten.ShopSpBigBanner{{
		BigBannerPosition: 1, BigBannerImageURL: "a", BigBannerAltMessage: "b", BigBannerLinkURL: "c", StartDate: date, EndDate: date,
	}}}))
	gave(t)(shop.SpSmallBanner.Get(ctx))
	gave(t)(shop.SpSmallBanner.Replace(ctx, rakuten.ShopSpSmallBannerList{SpSmallBanner: []rakuten.ShopSpSmallBanner{{SmallBannerPosition: 1}}}))
	gave(t)(shop.SpMedamaItem.Get(ctx))
	gave(t)(shop.SpMedamaItem.Replace(ctx, rakuten.ShopSpMedamaItem{MedamaItems: []rakuten.ShopMedamaItem{{MedamaItemPosition: 1, MedamaItemManagementNumber: 2}}}))
	gave(t)(shop.SpMedamaCategory.Get(ctx))
	gave(t)(shop.SpMedamaCategory.Replace(ctx, rakuten.ShopSpMedamaCategory{Categories: []rakuten.ShopSpMedamaCategoryEntry{{SpMedamaCategoryPosition: 1}}}))
}
