//go:build contract

package rakuten_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
	coupons, ctx := catalog(t).Coupons, t.Context()
	start := time.Now().Add(2 * time.Hour)
	terms := rakuten.CouponTerms{
		CouponName: "夏", CouponCaption: "暑い", CouponStartDate: rakuten.ItemTime{Time: start}, CouponEndDate: rakuten.ItemTime{Time: start.Add(time.Hour)},
		CouponImage: "https://example.com/a.jpg", IssueCount: 10, ItemType: rakuten.CouponOneItem, DiscountType: rakuten.DiscountYen, DiscountFactor: 100,
		MemberAvailMaxCount: 1, CombineFlag: true, DisplayFlag: true, Items: []rakuten.CouponItem{{ItemURL: "a"}},
		OtherConditions: []rakuten.CouponCondition{{ConditionTypeCode: rakuten.ConditionAmount, StartValue: "1000"}},
	}
	gave(t)(coupons.Issue(ctx, terms))
	require.NoError(t, coupons.Update(ctx, rakuten.Coupon{CouponCode: "A", CouponTerms: terms}))
	require.NoError(t, coupons.Delete(ctx, "A"))
	gave(t)(coupons.Get(ctx, "A"))
	when := rakuten.ItemTime{Time: start}
	gave(t)(coupons.Search(ctx, rakuten.SearchCouponsParams{
		CouponName: new("a"), CouponCode: new("b"), ItemURL: new("c"), CouponStartDate: when, CouponEndDate: when, Hits: 100, Page: 1,
	}))
}

func TestContractThanksCoupons(t *testing.T) {
	coupons, ctx := catalog(t).ThanksCoupons, t.Context()
	terms := rakuten.ThanksCouponTerms{
		CouponImage: "https://example.com/a.jpg", CouponName: "夏", CouponCaption: "暑い", DiscountType: rakuten.DiscountPercent, DiscountFactor: 10,
		CouponUnavailableTerm: 1, CouponTerm: 30, MemberAvailMaxCount: 1, CombineFlag: 1,
		OtherConditions:   []rakuten.CouponCondition{{ConditionTypeCode: rakuten.ConditionQuantity, StartValue: "2"}},
		AutoGetConditions: []rakuten.ThanksAutoGetCondition{{GetCondCD: rakuten.ThanksTotalPrice, StartValue: "1", EndValue: "2", CompOperatorCD: 1}},
	}
	gave(t)(coupons.Issue(ctx, terms))
	require.NoError(t, coupons.Update(ctx, 1, terms))
	require.NoError(t, coupons.Stop(ctx, 1))
	gave(t)(coupons.Get(ctx, 1))
	when := rakuten.ItemTime{Time: time.Now()}
	gave(t)(coupons.Search(ctx, rakuten.SearchThanksCouponsParams{
		IssueStats: rakuten.ThanksRunning, GrantStartDate: when, GrantEndDate: when, RegDate: when, Hits: 100, Page: 1,
	}))
}

func TestContractProducts(t *testing.T) {
	gave(t)(catalog(t).Products.Search(t.Context(), rakuten.SearchProductsParams{
		ProductID: new("4901234567894"), Keyword: new("傘"), GenreID: new("100"), MakerName: new("m"), ReleaseDateFrom: &day, ReleaseDateTo: &day,
		SortBy: new("-releaseDate"), Offset: 30, Limit: 30,
	}))
}
