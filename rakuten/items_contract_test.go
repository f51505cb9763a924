//go:build contract

package rakuten_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten"
)

// fullItem has every field of an item.
func fullItem() rakuten.ItemContent {
	period := rakuten.ItemPeriod{
		Start: rakuten.ItemAt(time.Date(2026, 1, 2, 3, 4, 5, 600, rakuten.JST)), End: rakuten.ItemAt(time.Date(2026, 2, 2, 0, 0, 0, 0, rakuten.JST)),
	}
	day := rakuten.ZonedDate{Year: 2026, Month: 1, Day: 2}
	return rakuten.ItemContent{
		ItemNumber: rakuten.Set("S-1"), Title: "シャツ", Tagline: rakuten.Set("綿"), SalesDescription: rakuten.Set("<p>綿</p>"),
		ProductDescription: rakuten.Set(rakuten.ItemText{PC: rakuten.Set("<p>"), SP: rakuten.Clear[string]()}),
		Precautions:        rakuten.Set(rakuten.ItemPrecautions{Description: rakuten.Set("a"), Agreement: rakuten.Set("b")}),
		ItemType:           rakuten.ItemNormal,
		Images:             []rakuten.ItemImage{{Type: rakuten.ImageCabinet, Location: "/a.jpg", Alt: rakuten.Set("a")}},
		WhiteBgImage:       rakuten.Set(rakuten.ItemWhiteBgImage{Type: rakuten.ImageGold, Location: "/b.jpg"}),
		Video:              rakuten.Set(rakuten.ItemVideo{Type: "HTML", Parameters: rakuten.ItemVideoParameters{Value: "<script>"}}),
		GenreID:            "100371", Tags: []int64{1}, HideItem: new(false), UnlimitedInventory: new(false), ReleaseDate: rakuten.Set(day),
		PurchasablePeriod: rakuten.Set(period), AccessControl: rakuten.Set(rakuten.ItemAccessControl{AccessPassword: "open"}),
		Payment: &rakuten.ItemPayment{TaxIncluded: new(true), TaxRate: rakuten.Set(rakuten.TaxStandard), CashOnDeliveryFeeIncluded: new(false)},
		PointCampaign: rakuten.Set(rakuten.ItemPointCampaign{
			ApplicablePeriod: &period, Benefits: rakuten.ItemPointBenefits{PointRate: new(5)}, Optimization: &rakuten.ItemPointOptimization{MaxPointRate: new(10)},
		}),
		ItemDisplaySequence: 1,
		Layout: &rakuten.ItemLayout{
			ItemLayoutID: new(1), NavigationID: new(2), LayoutSequenceID: new(3), SmallDescriptionID: new(4), LargeDescriptionID: new(5), ShowcaseID: new(6),
		},
		VariantSelectors: []rakuten.ItemVariantSelector{{Key: "c", DisplayName: "色", Values: []rakuten.ItemSelectorValue{{DisplayValue: "赤"}}}},
		Variants:         map[string]rakuten.Variant{"Red-M": fullVariant()},
		CustomizationOptions: rakuten.Set([]rakuten.CustomizationOption{{
			DisplayName: "刺繍", InputType: rakuten.OptionSingle, Required: rakuten.Set(true), Selections: []rakuten.OptionSelection{{DisplayValue: "有"}},
		}}),
		Features: &rakuten.ItemFeatures{
			SearchVisibility: rakuten.AlwaysVisible, DisplayNormalCartButton: new(true), DisplaySubscriptionCartButton: new(false),
			InventoryDisplay: rakuten.ShowLowStock, LowStockThreshold: rakuten.Set(20), ShopContact: new(true), Review: rakuten.ReviewAsShop,
			DisplayManufacturerContents: new(true), SocialGiftFlag: new(true),
		},
		BuyingClub: rakuten.Set(rakuten.BuyingClub{
			NumberOfDeliveries: 2, DisplayItems: new(true), Items: []string{"a", "b"}, ShippingDateFlag: new(true), ShippingIntervalFlag: new(false),
		}),
		Subscription: rakuten.Set(rakuten.ItemSubscription{ShippingDateFlag: rakuten.Set(true), ShippingIntervalFlag: rakuten.Clear[bool]()}),
	}
}

func fullVariant() rakuten.Variant {
	return rakuten.Variant{
		MerchantDefinedSKUID: rakuten.Set("m"), SelectorValues: map[string]string{"c": "赤"},
		Images:          []rakuten.ItemImage{{Type: rakuten.ImageCabinet, Location: "/c.jpg"}},
		RestockOnCancel: rakuten.Set(true), BackOrderFlag: rakuten.Set(false), NormalDeliveryDateID: rakuten.Set(1), BackOrderDeliveryDateID: rakuten.Clear[int](),
		OrderQuantityLimit: rakuten.Set(3),
		ReferencePrice:     &rakuten.VariantReferencePrice{DisplayType: rakuten.ReferenceShown, Type: rakuten.Set(rakuten.ReferenceUsualPrice), Value: rakuten.Set(rakuten.PriceOf(2000))},
		Features:           &rakuten.VariantFeatures{RestockNotification: rakuten.Set(true), Noshi: rakuten.Set(false)},
		Hidden:             rakuten.Set(false), StandardPrice: rakuten.PriceOf(1500),
		SubscriptionPrice: &rakuten.VariantSubscriptionPrice{
			BasePrice: "1400", IndividualPrices: rakuten.Set(rakuten.VariantIndividualPrices{FirstPrice: rakuten.Set(rakuten.Price("700"))}),
		},
		ArticleNumberForSet: []string{"4900000000000"},
		ArticleNumber:       &rakuten.VariantArticleNumber{Value: rakuten.Set("4900000000000"), ExemptionReason: rakuten.Set(rakuten.ExemptShopOriginal)},
		Shipping: &rakuten.VariantShipping{
			Fee: new("500"), PostageIncluded: rakuten.Set(false), ShopAreaSoryoPatternID: rakuten.Set(1), ShippingMethodGroup: new("1"),
			PostageSegment:     &rakuten.VariantPostageSegment{Local: rakuten.Set(1), Overseas: rakuten.Set(2)},
			OverseasDeliveryID: rakuten.Set(1), SingleItemShipping: rakuten.Set(rakuten.ShippedFromFarm), OkihaiSetting: new(true),
		},
		AsurakuDeliveryID: rakuten.Set(1),
		Specs:             []rakuten.VariantSpec{{Label: "素材", Value: "綿"}},
		Attributes:        []rakuten.VariantAttribute{{Name: "色", Values: []string{"赤"}, Unit: rakuten.Set("cm")}},
	}
}

func TestContractItems(t *testing.T) {
	items, ctx := catalog(t).Items, t.Context()
	gave(t)(items.Get(ctx, "shirt"))
	require.NoError(t, items.Replace(ctx, "shirt", rakuten.ReplaceItemRequest(fullItem())))
	require.NoError(t, items.PatchOrCreateVariants(ctx, "shirt", rakuten.PatchItemRequest(fullItem())))
	require.NoError(t, items.Patch(ctx, "shirt", rakuten.PatchItemRequest{
		ItemNumber: rakuten.Clear[string](), Tagline: rakuten.Clear[string](), ReleaseDate: rakuten.Clear[rakuten.ZonedDate](),
		PurchasablePeriod: rakuten.Clear[rakuten.ItemPeriod](), Payment: &rakuten.ItemPayment{TaxRate: rakuten.Clear[rakuten.TaxRate]()},
	}))
	require.NoError(t, items.Delete(ctx, "shirt"))
	gave(t)(items.BulkGet(ctx, []string{"shirt", "hat"}))
	gave(t)(items.InventorySettings(ctx, "shirt"))
	require.NoError(t, items.UpdateInventorySettings(ctx, "shirt", rakuten.InventorySettings{
		UnlimitedInventory: true,
		Features:           rakuten.InventorySettingsFeatures{InventoryDisplay: rakuten.ShowLowStock, LowStockThreshold: rakuten.Set(3)},
		Variants: map[string]rakuten.VariantInventorySettings{"Red-M": {
			RestockOnCancel: rakuten.Set(true), BackOrderFlag: rakuten.Set(false), BackOrderDeliveryDateID: rakuten.Set(1), NormalDeliveryDateID: rakuten.Clear[int](),
		}},
	}))
}

func TestContractItemSearch(t *testing.T) {
	items, ctx := catalog(t).Items, t.Context()
	day := rakuten.Date{Year: 2026, Month: 1, Day: 2}
	gave(t)(items.Search(ctx, rakuten.SearchItemsParams{
		Title: "a", Tagline: "b", ManageNumber: "c", ItemNumber: "d", ArticleNumber: "e", VariantID: "f", MerchantDefinedSKUID: "g", GenreID: "100371",
		ItemType: rakuten.ItemPreOrder, IsAsuraku: new(false), StandardPriceFrom: new(int64(1)), StandardPriceTo: new(int64(2)), IsVariantStockout: new(true), IsItemStockout: new(false),
		PurchasablePeriodFrom: day, PurchasablePeriodTo: day, IsHiddenItem: new(false), IsHiddenVariant: new(false), IsSearchable: new(true), IsYamiichi: new(false),
		PointApplicablePeriodFrom: day, PointApplicablePeriodTo: day, IsOptimizedPoint: new(false), PointRate: 1, MaxPointRate: 20, CategoryID: "h",
		IsBackOrder: new(false), IsPostageIncluded: new(true), CreatedFrom: day, CreatedTo: day, UpdatedFrom: day, UpdatedTo: day,
		SortKey: rakuten.SortItemsByReviewAverage, SortOrder: rakuten.ItemsDescending, Offset: 10000, Hits: 100,
		IsCategoryIncluded: new(true), IsReviewIncluded: new(true), IsInventoryIncluded: new(true), IsSubscription: new(false),
		BasePriceFrom: new(int64(1)), BasePriceTo: new(int64(2)),
	}))
	gave(t)(items.Search(ctx, rakuten.SearchItemsParams{CursorMark: "*"}))
	for item, err := range items.All(ctx, rakuten.SearchItemsParams{}) {
		require.NoError(t, err)
		require.NotEmpty(t, item.Item.ManageNumber)
		break
	}
}
