//go:build contract

package rakuten_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// fullItem has every field of an item.
func fullItem() rakuten.ItemContent {
	period := rakuten.ItemPeriod{
		Start: rakuten.ItemAt(time.Date(2026, 1, 2, 3, 4, 5, 600, shotengai.JST)), End: rakuten.ItemAt(time.Date(2026, 2, 2, 0, 0, 0, 0, shotengai.JST)),
	}
	day := rakuten.ZonedDate{Year: 2026, Month: 1, Day: 2}
	return rakuten.ItemContent{
		ItemNumber: shotengai.Set("S-1"), Title: "シャツ", Tagline: shotengai.Set("綿"), SalesDescription: shotengai.Set("<p>綿</p>"),
		ProductDescription: shotengai.Set(rakuten.ItemText{PC: shotengai.Set("<p>"), SP: shotengai.Clear[string]()}),
		Precautions:        shotengai.Set(rakuten.ItemPrecautions{Description: shotengai.Set("a"), Agreement: shotengai.Set("b")}),
		ItemType:           rakuten.ItemNormal,
		Images:             []rakuten.ItemImage{{Type: rakuten.ImageCabinet, Location: "/a.jpg", Alt: shotengai.Set("a")}},
		WhiteBgImage:       shotengai.Set(rakuten.ItemWhiteBgImage{Type: rakuten.ImageGold, Location: "/b.jpg"}),
		Video:              shotengai.Set(rakuten.ItemVideo{Type: "HTML", Parameters: rakuten.ItemVideoParameters{Value: "<script>"}}),
		GenreID:            "100371", Tags: []int64{1}, HideItem: new(false), UnlimitedInventory: new(false), ReleaseDate: shotengai.Set(day),
		PurchasablePeriod: shotengai.Set(period), AccessControl: shotengai.Set(rakuten.ItemAccessControl{AccessPassword: "open"}),
		Payment: &rakuten.ItemPayment{TaxIncluded: new(true), TaxRate: shotengai.Set(rakuten.TaxStandard), CashOnDeliveryFeeIncluded: new(false)},
		PointCampaign: shotengai.Set(rakuten.ItemPointCampaign{
			ApplicablePeriod: &period, Benefits: rakuten.ItemPointBenefits{PointRate: new(5)}, Optimization: &rakuten.ItemPointOptimization{MaxPointRate: new(10)},
		}),
		ItemDisplaySequence: 1,
		Layout: &rakuten.ItemLayout{
			ItemLayoutID: new(1), NavigationID: new(2), LayoutSequenceID: new(3), SmallDescriptionID: new(4), LargeDescriptionID: new(5), ShowcaseID: new(6),
		},
		VariantSelectors: []rakuten.ItemVariantSelector{{Key: "c", DisplayName: "色", Values: []rakuten.ItemSelectorValue{{DisplayValue: "赤"}}}},
		Variants:         map[string]rakuten.Variant{"Red-M": fullVariant()},
		CustomizationOptions: shotengai.Set([]rakuten.CustomizationOption{{
			DisplayName: "刺繍", InputType: rakuten.OptionSingle, Required: shotengai.Set(true), Selections: []rakuten.OptionSelection{{DisplayValue: "有"}},
		}}),
		Features: &rakuten.ItemFeatures{
			SearchVisibility: rakuten.AlwaysVisible, DisplayNormalCartButton: new(true), DisplaySubscriptionCartButton: new(false),
			InventoryDisplay: rakuten.ShowLowStock, LowStockThreshold: shotengai.Set(20), ShopContact: new(true), Review: rakuten.ReviewAsShop,
			DisplayManufacturerContents: new(true), SocialGiftFlag: new(true),
		},
		BuyingClub: shotengai.Set(rakuten.BuyingClub{
			NumberOfDeliveries: 2, DisplayItems: new(true), Items: []string{"a", "b"}, ShippingDateFlag: new(true), ShippingIntervalFlag: new(false),
		}),
		Subscription: shotengai.Set(rakuten.ItemSubscription{ShippingDateFlag: shotengai.Set(true), ShippingIntervalFlag: shotengai.Clear[bool]()}),
	}
}

func fullVariant() rakuten.Variant {
	return rakuten.Variant{
		MerchantDefinedSKUID: shotengai.Set("m"), SelectorValues: map[string]string{"c": "赤"},
		Images:          []rakuten.ItemImage{{Type: rakuten.ImageCabinet, Location: "/c.jpg"}},
		RestockOnCancel: shotengai.Set(true), BackOrderFlag: shotengai.Set(false), NormalDeliveryDateID: shotengai.Set(1), BackOrderDeliveryDateID: shotengai.Clear[int](),
		OrderQuantityLimit: shotengai.Set(3),
		ReferencePrice:     &rakuten.VariantReferencePrice{DisplayType: rakuten.ReferenceShown, Type: shotengai.Set(rakuten.ReferenceUsualPrice), Value: shotengai.Set(rakuten.PriceOf(2000))},
		Features:           &rakuten.VariantFeatures{RestockNotification: shotengai.Set(true), Noshi: shotengai.Set(false)},
		Hidden:             shotengai.Set(false), StandardPrice: rakuten.PriceOf(1500),
		SubscriptionPrice: &rakuten.VariantSubscriptionPrice{
			BasePrice: "1400", IndividualPrices: shotengai.Set(rakuten.VariantIndividualPrices{FirstPrice: shotengai.Set(rakuten.Price("700"))}),
		},
		ArticleNumberForSet: []string{"4900000000000"},
		ArticleNumber:       &rakuten.VariantArticleNumber{Value: shotengai.Set("4900000000000"), ExemptionReason: shotengai.Set(rakuten.ExemptShopOriginal)},
		Shipping: &rakuten.VariantShipping{
			Fee: new("500"), PostageIncluded: shotengai.Set(false), ShopAreaSoryoPatternID: shotengai.Set(1), ShippingMethodGroup: new("1"),
			PostageSegment:     &rakuten.VariantPostageSegment{Local: shotengai.Set(1), Overseas: shotengai.Set(2)},
			OverseasDeliveryID: shotengai.Set(1), SingleItemShipping: shotengai.Set(rakuten.ShippedFromFarm), OkihaiSetting: new(true),
		},
		AsurakuDeliveryID: shotengai.Set(1),
		Specs:             []rakuten.VariantSpec{{Label: "素材", Value: "綿"}},
		Attributes:        []rakuten.VariantAttribute{{Name: "色", Values: []string{"赤"}, Unit: shotengai.Set("cm")}},
	}
}

func TestContractItems(t *testing.T) {
	items, ctx := catalog(t).Items, t.Context()
	gave(t)(items.Get(ctx, "shirt"))
	require.NoError(t, items.Replace(ctx, "shirt", rakuten.ReplaceItemRequest(fullItem())))
	require.NoError(t, items.PatchOrCreateVariants(ctx, "shirt", rakuten.PatchItemRequest(fullItem())))
	require.NoError(t, items.Patch(ctx, "shirt", rakuten.PatchItemRequest{
		ItemNumber: shotengai.Clear[string](), Tagline: shotengai.Clear[string](), ReleaseDate: shotengai.Clear[rakuten.ZonedDate](),
		PurchasablePeriod: shotengai.Clear[rakuten.ItemPeriod](), Payment: &rakuten.ItemPayment{TaxRate: shotengai.Clear[rakuten.TaxRate]()},
	}))
	require.NoError(t, items.Delete(ctx, "shirt"))
	gave(t)(items.BulkGet(ctx, []string{"shirt", "hat"}))
	gave(t)(items.InventorySettings(ctx, "shirt"))
	require.NoError(t, items.UpdateInventorySettings(ctx, "shirt", rakuten.UpdateInventorySettingsRequest{
		UnlimitedInventory: true,
		Features:           rakuten.InventorySettingsFeatures{InventoryDisplay: rakuten.ShowLowStock, LowStockThreshold: shotengai.Set(3)},
		Variants: map[string]rakuten.VariantInventorySettings{"Red-M": {
			RestockOnCancel: shotengai.Set(true), BackOrderFlag: shotengai.Set(false), BackOrderDeliveryDateID: shotengai.Set(1), NormalDeliveryDateID: shotengai.Clear[int](),
		}},
	}))
}

func TestContractItemSearch(t *testing.T) {
	items, ctx := catalog(t).Items, t.Context()
	day := shotengai.Date{Year: 2026, Month: 1, Day: 2}
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
