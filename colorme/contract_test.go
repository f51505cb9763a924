//go:build contract

package colorme_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

// contractClient calls a mock of the platform made from its description. The mock
// refuses requests that break the description, and its answers have every member.
func contractClient(t *testing.T) *colorme.Client {
	t.Helper()
	client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"}),
		shotengai.WithTestServer(os.Getenv("CONTRACT_URL")), shotengai.WithLimiter(nil), shotengai.WithStrictDecoding())
	require.NoError(t, err)
	return client
}

// ok takes the two results of a method.
func ok(t *testing.T) func(any, error) {
	t.Helper()
	return func(_ any, err error) {
		t.Helper()
		require.NoError(t, err)
	}
}

func TestContractShop(t *testing.T) {
	ok(t)(contractClient(t).Shop.Get(t.Context()))
}

func TestContractSales(t *testing.T) {
	sales, ctx := contractClient(t).Sales, t.Context()
	at := colorme.At(time.Date(2026, 1, 2, 3, 4, 5, 0, shotengai.JST))
	ok(t)(sales.List(ctx, colorme.ListSalesParams{
		IDs: colorme.IDs{1, 2}, MakeDateMin: at, MakeDateMax: at, UpdateDateMin: at, UpdateDateMax: at,
		CustomerIDs: colorme.IDs{3}, CustomerName: "山田", CustomerFurigana: "ヤマダ", CustomerMail: "a@example.com",
		AcceptedMailState: colorme.MailSent, PaidMailState: colorme.MailNotYet, DeliveredMailState: colorme.MailPass,
		Mobile: new(false), Paid: new(true), Delivered: new(false), Canceled: new(false),
		PaymentIDs: colorme.IDs{4}, Fields: colorme.Fields{"id", "total_price"}, Limit: 100, Offset: 1,
	}))
	ok(t)(sales.Get(ctx, 1))
	ok(t)(sales.Create(ctx, colorme.CreateSaleRequest{
		Customer: &colorme.CreateSaleCustomer{Name: new("山田"), Sex: new(colorme.SexFemale), Birthday: shotengai.Date{Year: 1990, Month: 1, Day: 2}},
		SaleDeliveries: []colorme.CreateSaleDelivery{{
			DeliveryID: 1, Name: "山田", Furigana: "ヤマダ", Postal: "1000001", PrefID: colorme.PrefTokyo, Address1: "千代田区", Tel: "03-0000-0000",
			PreferredDate: shotengai.Date{Year: 2026, Month: 2, Day: 3}, PreferredPeriod: new("午前"), Memo: new("memo"),
		}},
		Details: []colorme.CreateSaleDetail{{ProductID: 1, ProductNum: 2, Option1Value: new("赤"), Price: new(int64(100))}}, PaymentID: 1,
		ReserveStocks: new(false),
	}))
	ok(t)(sales.Update(ctx, 1, colorme.UpdateSaleRequest{
		Paid: new(true), PointState: colorme.UpdatePointFixed,
		SaleDeliveries: []colorme.UpdateSaleDelivery{{ID: 1, SlipNumber: shotengai.Set("123"), Memo: shotengai.Clear[string]()}},
	}))
	ok(t)(sales.Cancel(ctx, 1, true))
	require.NoError(t, sales.SendMail(ctx, 1, colorme.MailAccepted))
	ok(t)(sales.CreatePaymentURL(ctx, 1))
	ok(t)(sales.Stat(ctx, at.Time))
}

func TestContractCustomers(t *testing.T) {
	customers, ctx := contractClient(t).Customers, t.Context()
	ok(t)(customers.List(ctx, colorme.ListCustomersParams{IDs: colorme.IDs{1}, Sex: colorme.SexMale, Member: new(true), Limit: 1}))
	ok(t)(customers.Get(ctx, 1))
	ok(t)(customers.Create(ctx, colorme.CreateCustomerRequest{
		Name: "山田", Mail: "a@example.com", PrefID: colorme.PrefTokyo, Postal: "1000001", Address1: "千代田区", Tel: "03-0000-0000",
		Furigana: new("ヤマダ"), Birthday: shotengai.Date{Year: 1990, Month: 1, Day: 2}, AddMember: new(true),
	}))
	ok(t)(customers.Update(ctx, 1, colorme.UpdateCustomerRequest{
		Name: "山田", Address1: "千代田区", Address2: shotengai.Clear[string](), Birthday: shotengai.Clear[shotengai.Date](), Fax: shotengai.Set("03-1"),
	}))
	ok(t)(customers.AddPoints(ctx, 1, -10))
	ok(t)(customers.SetMembership(ctx, 1, "GOLD"))
	require.NoError(t, customers.DeleteMembership(ctx, 1))
}

func TestContractCharges(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	ok(t)(client.ApplicationCharges.Create(ctx, "F3RN9A"))
	charge := colorme.CreateUsageChargeRequest{Point: 100, Description: "SMS 12通"}
	ok(t)(client.UsageCharges.Create(ctx, "A3FT4N", charge))
	ok(t)(client.UsageCharges.CreateAfterUninstall(ctx, "api-token", "A3FT4N", charge))
	ok(t)(client.Installation.Delete(ctx))
}

func TestContractSettings(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	ok(t)(client.Payments.List(ctx))
	ok(t)(client.Deliveries.List(ctx))
	ok(t)(client.Deliveries.DateSetting(ctx))
	ok(t)(client.Gift.Get(ctx))
	ok(t)(client.Reviews.List(ctx, colorme.ListReviewsParams{Limit: 100, Offset: 1}))
}

func TestContractCoupons(t *testing.T) {
	coupons, ctx := contractClient(t).Coupons, t.Context()
	from, to := shotengai.Date{Year: 2026, Month: 1, Day: 1}, shotengai.Date{Year: 2026, Month: 1, Day: 31}
	ok(t)(coupons.List(ctx))
	ok(t)(coupons.Get(ctx, 1))
	ok(t)(coupons.Create(ctx, colorme.CreateCouponRequest{
		Code: "NEWYEAR", CouponType: colorme.CouponRate, StartsAt: from, EndsAt: to, Name: new("new year"), DiscountAmount: new(int64(10)),
		MinimumAmount: new(int64(1000)), TotalUsageLimit: new(int64(100)), UsageLimit: colorme.UsageDisposable,
		GroupLimitType: colorme.GroupLimitIncluding, Status: colorme.CouponAvailable, GroupIDs: []int64{1},
	}))
	ok(t)(coupons.Update(ctx, 1, colorme.UpdateCouponRequest{
		Name: new("n"), Code: new("C"), CouponType: colorme.CouponAmount, DiscountAmount: new(int64(10)), MinimumAmount: new(int64(1000)),
		StartsAt: from, EndsAt: to, TotalUsageLimit: new(int64(100)), UsageLimit: colorme.UsageIndisposable,
		GroupLimitType: colorme.GroupLimitNone, Status: colorme.CouponUnavailable, GroupIDs: []int64{},
	}))
	require.NoError(t, coupons.Delete(ctx, 1))
}

func TestContractTemplates(t *testing.T) {
	templates, ctx := contractClient(t).Templates, t.Context()
	ok(t)(templates.List(ctx))
	ok(t)(templates.PreviewURL(ctx, 1))
	ok(t)(templates.GetPage(ctx, 1, colorme.PageTop))
	ok(t)(templates.UpdatePage(ctx, 1, colorme.PageTop, colorme.UpdateTemplatePageRequest{HTML: new("<p>"), CSS: new("p{}")}))
}

func TestContractScriptTags(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	tags := client.ShopScriptTags
	ok(t)(tags.List(ctx))
	ok(t)(tags.Get(ctx, 1))
	ok(t)(tags.Create(ctx, colorme.CreateShopScriptTagRequest{Src: "https://example.com/a.js", DisplayScope: colorme.ScriptShop, Integrity: colorme.Integrity([]byte("a"))}))
	ok(t)(tags.Update(ctx, 1, colorme.UpdateShopScriptTagRequest{DisplayScope: colorme.ScriptThanksPage}))
	require.NoError(t, tags.Delete(ctx, 1))

	old := client.ScriptTags
	ok(t)(old.List(ctx))
	ok(t)(old.Get(ctx, 1))
	ok(t)(old.Create(ctx, colorme.CreateScriptTagRequest{Src: "https://example.com/a.js", DisplayScope: colorme.ScriptAll}))
	ok(t)(old.Update(ctx, 1, colorme.UpdateScriptTagRequest{Src: "https://example.com/b.js"}))
	require.NoError(t, old.Delete(ctx, 1))

	inline := client.InlineScriptTags
	ok(t)(inline.List(ctx))
	ok(t)(inline.Get(ctx, 1))
	ok(t)(inline.Create(ctx, colorme.CreateInlineScriptTagRequest{Script: "1", TriggerEvent: colorme.TriggerObjectBuilded, DisplayScope: colorme.ScriptCart}))
	ok(t)(inline.Update(ctx, 1, colorme.UpdateInlineScriptTagRequest{Script: "2"}))
	require.NoError(t, inline.Delete(ctx, 1))
}

func TestContractProducts(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	at := colorme.At(time.Date(2026, 1, 2, 3, 4, 5, 0, shotengai.JST))
	yen := new(int64(100))
	ok(t)(client.Products.List(ctx, colorme.ListProductsParams{
		IDs: colorme.IDs{1, 2}, CategoryIDBig: 1, CategoryIDSmall: 2, GroupIDs: colorme.IDs{3}, ModelNumber: "m", Name: "n",
		DisplayState: colorme.DisplayShowing, Stocks: yen, StockManaged: new(true), RecentZeroStocks: new(true),
		MakeDateMin: at, MakeDateMax: at, UpdateDateMin: at, UpdateDateMax: at, SalesPriceMin: yen, SalesPriceMax: yen,
		PriceMin: yen, PriceMax: yen, MembersPriceMin: yen, MembersPriceMax: yen, JANCode: "4900000000000",
		Sort: colorme.ProductSorts{"-" + colorme.SortUpdateDate, colorme.SortPrice}, Fields: colorme.Fields{"id"}, Limit: 50, Offset: 1,
	}))
	ok(t)(client.Products.Get(ctx, 1))
	ok(t)(client.Products.Create(ctx, colorme.CreateProductRequest{
		Name: "n", Price: yen, CategoryIDBig: yen, Cost: yen, SalesPrice: yen, MembersPrice: yen, ModelNumber: new("m"), Expl: new("<p>"),
		SimpleExpl: new("s"), SmartphoneExpl: new("s"), DisplayState: colorme.DisplayHidden, StockManaged: new(true), TaxReduced: new(true),
	}))
	ok(t)(client.Products.Update(ctx, 1, colorme.UpdateProductRequest{
		Name: new("n"), Price: yen, CategoryIDBig: yen, CategoryIDSmall: yen, Cost: yen, SalesPrice: yen, MembersPrice: yen, ModelNumber: new("m"),
		Expl: new("<p>"), SimpleExpl: new("s"), SmartphoneExpl: new("s"), DisplayState: colorme.DisplayHidden, StockManaged: new(true),
		Stocks: colorme.SetStocks(0), GroupIDs: []int64{1}, TaxReduced: new(true),
		Variants: []colorme.UpdateProductVariant{{Option1Value: "red", Option2Value: new("S"), Stocks: colorme.AddStocks(-1)}},
	}))
	ok(t)(client.ProductAdvertisings.List(ctx, colorme.ListProductAdvertisingsParams{ProductIDs: colorme.IDs{1}, DisplayState: colorme.DisplayShowing, Limit: 250}))
	ok(t)(client.Stocks.List(ctx, colorme.ListStocksParams{
		IDs: colorme.IDs{1}, CategoryIDBig: 1, CategoryIDSmall: 1, ModelNumber: "m", Name: "n", DisplayState: colorme.DisplayHidden,
		Stocks: yen, RecentZeroStocks: new(true), Fields: colorme.Fields{"stocks"}, Limit: 50, Offset: 1,
	}))
}

func TestContractProductParts(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	ok(t)(client.ProductVariants.List(ctx, 1, colorme.ListProductVariantsParams{ModelNumber: "m", Fields: colorme.Fields{"id"}, Limit: 50, Offset: 1}))
	ok(t)(client.ProductVariants.Get(ctx, 1, 2))
	ok(t)(client.ProductVariants.Update(ctx, 1, 2, colorme.UpdateProductVariantRequest{
		Stocks: shotengai.Set(int64(3)), FewNum: shotengai.Clear[int64](), ModelNumber: shotengai.Set("m"), Weight: shotengai.Set(int64(10)),
		OptionPrice: shotengai.Set(int64(1)), OptionMembersPrice: shotengai.Clear[int64](), OptionMarketPrice: shotengai.Set(int64(1)), OptionCost: shotengai.Set(int64(1)),
	}))
	ok(t)(client.ProductOptions.Create(ctx, 1, colorme.CreateProductOptionRequest{Name: "colour", Values: []colorme.CreateProductOptionValueRequest{{Name: "red"}}}))
	ok(t)(client.ProductOptions.CreateValue(ctx, 1, 2, "blue"))
	require.NoError(t, client.ProductOptions.DeleteValue(ctx, 1, 2, 3))
	require.NoError(t, client.ProductOptions.Delete(ctx, 1, 2))
	ok(t)(client.ProductPickups.Create(ctx, 1, colorme.CreateProductPickupRequest{PickupType: colorme.PickupTopPick, OrderNum: new(0)}))
	ok(t)(client.ProductPickups.Update(ctx, 1, colorme.UpdateProductPickupRequest{PickupType: colorme.PickupRecommended, OrderNum: new(2)}))
	ok(t)(client.ProductPickups.Delete(ctx, 1, colorme.PickupRecommended))
	ok(t)(client.ProductImages.List(ctx, 1))
	ok(t)(client.ProductImages.Create(ctx, 1, 49, []byte("GIF89a")))
	require.NoError(t, client.ProductImages.Delete(ctx, 1, 0))
}

func TestContractGroupsAndCategories(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	meta := &colorme.UpdateMetaTag{Title: shotengai.Set("t"), Keywords: shotengai.Clear[string](), Description: shotengai.Set("d")}
	ok(t)(client.ProductGroups.List(ctx))
	ok(t)(client.ProductGroups.Get(ctx, 1))
	ok(t)(client.ProductGroups.Create(ctx, colorme.CreateProductGroupRequest{Name: "n", Expl: new("e"), DisplayState: colorme.DisplayMembersOnly, ParentGroupID: new(int64(1)), MetaTag: meta}))
	ok(t)(client.ProductGroups.Update(ctx, 1, colorme.UpdateProductGroupRequest{Name: new("n"), Expl: shotengai.Clear[string](), DisplayState: colorme.DisplayHidden, MetaTag: meta}))
	create := colorme.CreateProductCategoryRequest{Name: "n", Expl: new("e"), Sort: new(int64(0)), DisplayState: colorme.DisplayShowing, MetaTag: meta}
	update := colorme.UpdateProductCategoryRequest{Name: new("n"), Expl: new(""), Sort: new(int64(1)), DisplayState: colorme.DisplayHidden, MetaTag: meta}
	ok(t)(client.ProductCategories.List(ctx))
	ok(t)(client.ProductCategories.Create(ctx, create))
	ok(t)(client.ProductCategories.Update(ctx, 1, update))
	ok(t)(client.ProductCategories.CreateChild(ctx, 1, create))
	ok(t)(client.ProductCategories.UpdateChild(ctx, 1, 2, update))
}
