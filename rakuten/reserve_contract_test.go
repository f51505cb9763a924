//go:build contract

package rakuten_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

func TestContractItemBundles(t *testing.T) {
	bundles, ctx := catalog(t).ItemBundles, t.Context()
	bundle := rakuten.CreateItemBundleRequest{
		ParentItemManageNumber: "shirt", BundleManageNumber: "set-1", BundleState: rakuten.BundleActive, BundleName: "上下", BundleDescription: new("一式"),
		BundleItems: []rakuten.ItemBundleItemRequest{{ItemManageNumber: "shirt", Mandatory: new(true), Sequence: new(1)}, {ItemManageNumber: "hat"}},
	}
	gave(t)(bundles.Create(ctx, bundle))
	gave(t)(bundles.Get(ctx, "set-1"))
	gave(t)(bundles.Replace(ctx, "set-1", rakuten.ReplaceItemBundleRequest(bundle)))
	require.NoError(t, bundles.Delete(ctx, "set-1"))
	gave(t)(bundles.List(ctx, rakuten.ListItemBundlesParams{
		BundleState: rakuten.BundleInactive, PageSize: new(10), PageNumber: new(1), ItemManageNumber: "shirt", Type: rakuten.BundleParent, BundleName: "上",
	}))
}

func TestContractReserve(t *testing.T) {
	reserve, ctx := catalog(t).Reserve, t.Context()
	gave(t)(reserve.List(ctx, rakuten.ListReservationsParams{
		DateType: 1, ReserveType: []int{1, 3}, KeywordType: 1, Keyword: "a", StartDate: shotengai.Date{Year: 2026, Month: 1, Day: 1}, EndDate: shotengai.Date{Year: 2026, Month: 1, Day: 2},
		ReserveStatusName: "b", DeviceCode: []int{1, 4}, SettlementName: "c", DeliveryName: "d", ModifyFlag: new(rakuten.Flag(true)), Limit: 1000, Offset: 1,
	}))
	gave(t)(reserve.EarlyCommit(ctx, []rakuten.ReserveKey{{ReserveNumber: "1", DetailID: 2}}))
}
