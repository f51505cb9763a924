package rakutentest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// strict is a client that fails on what it does not know.
func strict(t *testing.T, srv *rakutentest.Server) *rakuten.Client {
	t.Helper()
	client, err := srv.Client(shotengai.WithStrictDecoding(), shotengai.WithLimiter(nil))
	require.NoError(t, err)
	return client
}

// read fails the test unless a method succeeds.
func read[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		require.NoError(t, err)
		return v
	}
}

func TestClientReadsInquiriesAndReservations(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	client, ctx := strict(t, srv), t.Context()
	period := rakuten.CountInquiriesParams{FromDate: rakuten.LocalTime{Time: start.AddDate(0, 0, -30)}, ToDate: rakuten.LocalTime{Time: start}}
	assert.Equal(t, 3, read[int](t)(client.Inquiries.Count(ctx, period)))
	var numbers []string
	for inquiry, err := range client.Inquiries.All(ctx, rakuten.ListInquiriesParams{CountInquiriesParams: period, Limit: 1}) {
		require.NoError(t, err)
		numbers = append(numbers, inquiry.InquiryNumber)
	}
	require.Len(t, numbers, 3)
	file := read[*rakuten.InquiryAttachment](t)(client.Inquiries.Upload(ctx, "写真 1.jpg", []byte{0xff, 0xd8}))
	reply := rakuten.ReplyInquiryRequest{InquiryNumber: numbers[2], ShopID: srv.Shop().ID, Message: "はい", Attachments: []rakuten.InquiryAttachment{*file}}
	read[*rakuten.SentReply](t)(client.Inquiries.Reply(ctx, reply))
	assert.Equal(t, []byte{0xff, 0xd8}, read[[]byte](t)(client.Inquiries.Download(ctx, *file)))
	results := read[*shotengai.Results[string]](t)(client.Inquiries.MarkComplete(ctx, []string{numbers[2], "none"}))
	assert.Len(t, results.Failed(), 1)
	got := read[*rakuten.Inquiry](t)(client.Inquiries.Get(ctx, numbers[2]))
	assert.True(t, got.IsCompleted)
	assert.Len(t, got.Replies, 1)
	_, err := client.Inquiries.Get(ctx, "none")
	require.ErrorIs(t, err, shotengai.ErrNotFound)

	params := rakuten.ListReservationsParams{
		DateType: 1, ReserveType: []int{1, 2, 3}, StartDate: shotengai.Date{Year: 2026, Month: 10, Day: 1}, EndDate: shotengai.Date{Year: 2026, Month: 11, Day: 1}, Limit: 2,
	}
	var keys []rakuten.ReserveKey
	for r, err := range client.Reserve.All(ctx, params) {
		require.NoError(t, err)
		keys = append(keys, rakuten.ReserveKey{ReserveNumber: r.ReserveNumber, DetailID: r.ReserveDetails[0].DetailID})
	}
	require.Len(t, keys, 3)
	committed := read[*shotengai.Results[rakuten.ReserveKey]](t)(client.Reserve.EarlyCommit(ctx, append(keys, rakuten.ReserveKey{ReserveNumber: "none"})))
	assert.Len(t, committed.Failed(), 1)
}

func TestClientReadsChangedOrders(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(0))
	client, ctx := strict(t, srv), t.Context()
	number := srv.Shop().AddOrder(nil)
	order := read[*rakuten.Order](t)(client.Orders.Get(ctx, number))
	request := rakuten.UpdateOrderSenderRequest{OrderNumber: number, Packages: []rakuten.UpdateOrderPackage{{BasketID: order.Packages[0].BasketID, PostagePrice: new(int64(880))}}}
	read[*rakuten.CouponSimulation](t)(client.Orders.SimulateCouponAmount(ctx, request))
	read[rakuten.Messages](t)(client.Orders.UpdateSender(ctx, request))
	request.Packages[0].PostagePrice = new(int64(1))
	_, err := client.Orders.UpdateSender(ctx, request)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	require.ErrorContains(t, err, "reductionReason")
	payments := read[*rakuten.OrderPayments](t)(client.Orders.Payment(ctx, number))
	assert.Equal(t, number, payments.OrderNumber)
}

func TestClientReadsBundlesAndThanksCoupons(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	client, ctx := strict(t, srv), t.Context()
	bundle := rakuten.CreateItemBundleRequest{
		ParentItemManageNumber: "sensu", BundleManageNumber: "b1", BundleState: rakuten.BundleActive, BundleName: "夏の組",
		BundleItems: []rakuten.ItemBundleItemRequest{{ItemManageNumber: "sensu"}, {ItemManageNumber: "furoshiki", Mandatory: new(true), Sequence: new(1)}},
	}
	made := read[*rakuten.ItemBundle](t)(client.ItemBundles.Create(ctx, bundle))
	assert.True(t, made.CreatedDate.Equal(start))
	read[*rakuten.ItemBundle](t)(client.ItemBundles.Replace(ctx, "b1", rakuten.ReplaceItemBundleRequest(bundle)))
	assert.Equal(t, 1, *read[*shotengai.Page[rakuten.ItemBundle]](t)(client.ItemBundles.List(ctx, rakuten.ListItemBundlesParams{})).Total)
	require.NoError(t, client.ItemBundles.Delete(ctx, "b1"))
	_, err := client.ItemBundles.Get(ctx, "b1")
	require.ErrorIs(t, err, shotengai.ErrNotFound)

	none := read[*shotengai.Page[rakuten.ThanksCoupon]](t)(client.ThanksCoupons.Search(ctx, rakuten.SearchThanksCouponsParams{}))
	assert.Empty(t, none.Items)
	terms := rakuten.IssueThanksCouponRequest{CouponName: "御礼", DiscountType: rakuten.DiscountPercent, DiscountFactor: 5, CouponTerm: 30}
	id := read[int64](t)(client.ThanksCoupons.Issue(ctx, terms))
	require.NoError(t, client.ThanksCoupons.Update(ctx, id, rakuten.UpdateThanksCouponRequest(terms)))
	require.NoError(t, client.ThanksCoupons.Stop(ctx, id))
	assert.Equal(t, "御礼", read[*rakuten.ThanksCoupon](t)(client.ThanksCoupons.Get(ctx, id)).CouponName)
	stopped := read[*shotengai.Page[rakuten.ThanksCoupon]](t)(client.ThanksCoupons.Search(ctx, rakuten.SearchThanksCouponsParams{IssueStats: rakuten.ThanksStopped}))
	assert.Equal(t, 1, *stopped.Total)
}

func TestClientReadsShopPages(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	client, ctx := strict(t, srv), t.Context()
	id := read[string](t)(client.ShopPages.CreateNavigation(ctx, rakuten.CreateNavigationRequest{Type: "SHOP", Options: &rakuten.PageNavigationOptions{Ranking: new(true)}}))
	require.NoError(t, client.ShopPages.UpdateNavigation(ctx, id, rakuten.UpdateNavigationRequest{Type: "SHOP"}))
	assert.Equal(t, "SHOP", read[*rakuten.PageNavigation](t)(client.ShopPages.Navigation(ctx, id)).Type)
	assert.Len(t, read[*shotengai.Page[rakuten.PageNavigation]](t)(client.ShopPages.Navigations(ctx)).Items, 1)
	id = read[string](t)(client.ShopPages.CreateWidget(ctx, rakuten.CreateWidgetRequest{Type: rakuten.WidgetTitle}))
	assert.Equal(t, rakuten.WidgetTitle, read[*rakuten.PageWidget](t)(client.ShopPages.Widget(ctx, id)).Type)
	require.NoError(t, client.ShopPages.DeleteWidget(ctx, id))
	id = read[string](t)(client.ShopPages.CreateLayout(ctx, rakuten.LayoutDraft, rakuten.CreateLayoutRequest{}, nil))
	require.NoError(t, client.ShopPages.UpdateDraftLayout(ctx, id, rakuten.UpdateDraftLayoutRequest{}))
	read[*rakuten.PageLayout](t)(client.ShopPages.Layout(ctx, id, rakuten.LayoutDraft, new(true)))
	require.NoError(t, client.ShopPages.DeleteLayout(ctx, id, rakuten.LayoutDraft))
	assert.Empty(t, read[*shotengai.Page[rakuten.PageLayout]](t)(client.ShopPages.PublishedLayouts(ctx, "SHOP_TOP")).Items)
}

// called turns a method's two results into its error.
func called[T any](method func(context.Context, ...shotengai.CallOption) (T, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := method(ctx)
		return err
	}
}

func TestClientReadsTheShop(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	client, ctx := strict(t, srv), t.Context()
	s := client.Shop
	for name, call := range map[string]func(context.Context) error{
		"shopMaster": called(s.Master.Get), "delvdateMaster": called(s.DelvdateMaster.List), "delvAreaMaster": called(s.DelvAreaMaster.List),
		"deliverySetInfo": called(s.DeliverySetInfo.List), "operationLeadTime": called(s.OperationLeadTime.List), "shipFrom": called(s.ShipFrom.List),
		"shopAreaSoryo": called(s.AreaSoryo.List), "calendarAndDesign": called(s.CalendarAndDesign.Get), "shopHoliday": called(s.Holiday.Get),
		"topDisplay": called(s.TopDisplay.Get), "layoutImage": called(s.LayoutImage.Get), "layoutCommon": called(s.LayoutCommon.List),
		"textLarge": called(s.LayoutTextLarge.Get), "textSmall": called(s.LayoutTextSmall.List), "lossLeader": called(s.LayoutLossLeader.List),
		"itemMap": called(s.LayoutItemMap.List), "categoryMap": called(s.LayoutCategoryMap.List), "naviButton": called(s.NaviButton.Get),
		"naviButtonInfo": called(s.NaviButtonInfo.List), "goldTop": called(s.GoldTop.Get), "signboard": called(s.Signboard.Get),
		"spTopPage": called(s.SpTopPage.Get), "spTopPageDisplay": called(s.SpTopPageDisplay.Get), "spCategoryPage": called(s.SpCategoryPage.Get),
		"spItemPage": called(s.SpItemPage.Get), "spBigBanner": called(s.SpBigBanner.Get), "spSmallBanner": called(s.SpSmallBanner.Get),
		"spMedamaItem": called(s.SpMedamaItem.Get), "spMedamaCategory": called(s.SpMedamaCategory.Get),
	} {
		require.NoError(t, call(ctx), name)
	}
	assert.Equal(t, "取り寄せ", read[*rakuten.ShopOperationLeadTime](t)(s.OperationLeadTime.Get(ctx, 3)).Name)
	_, err := s.ShipFrom.Get(ctx, 9)
	require.ErrorIs(t, err, shotengai.ErrNotFound)
	read[*rakuten.ShopResult](t)(s.GoldTop.Update(ctx, rakuten.ShopGoldTop{PCRedirect: 1}))
	assert.Equal(t, 1, read[[]rakuten.ShopModel[rakuten.ShopGoldTop]](t)(s.GoldTop.Get(ctx))[0].Model.PCRedirect)
	read[*rakuten.ShopResult](t)(s.LayoutCommon.Insert(ctx, []rakuten.ShopLayoutCommon{{Name: "夏"}}))
	assert.Equal(t, "夏", read[*rakuten.ShopLayoutCommon](t)(s.LayoutCommon.Get(ctx, 1)).Name)
	read[*rakuten.ShopResult](t)(s.Status.Update(ctx, rakuten.ShopStatus{StatusKey: rakuten.StatusPCTopMigration, StatusValue: "2"}))
	assert.Equal(t, "2", read[*rakuten.ShopStatus](t)(s.Status.Get(ctx, rakuten.StatusPCTopMigration)).StatusValue)
	edit := rakuten.ShopCalendarAndDesign{Calendar: &rakuten.ShopCalendarEdit{ShippingOnly: &rakuten.ShopCalendarDaysEdit{InsertEventDates: []string{"20261103"}}}}
	read[*rakuten.ShopResult](t)(s.CalendarAndDesign.Update(ctx, edit, rakuten.UpdateShopCalendarParams{}))
	assert.Equal(t, []string{"20261103"}, read[*rakuten.ShopCalendar](t)(s.Calendar.Get(ctx, rakuten.ShopCalendarParams{})).ShippingOnly.EventDates)
	_, err = s.AreaSoryo.Insert(ctx, []rakuten.ShopAreaSoryoPattern{{PatternID: 1, PatternName: "x"}})
	require.ErrorIs(t, err, shotengai.ErrInvalid)

	srv.Advance(91 * 24 * time.Hour)
	_, err = s.Master.Get(ctx)
	require.ErrorIs(t, err, shotengai.ErrUnauthorized, "JSON even here")
}
