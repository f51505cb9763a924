package rakuten

import (
	"net/http"
	"strings"

	"github.com/shotengai/shotengai-go/internal/api"
)

// family is what all operations below a path have in common.
type family struct {
	prefix  string
	codec   api.Codec                           // nil for JSON
	refuses func(*api.Reply) bool               // finds a refusal in an answer with a 2xx status; nil where there is none
	group   func(method, path string) RateGroup // the limit that a call falls under
	needs   bilingual                           // what its functions need besides being enabled
}

// bilingual is a text in both languages.
type bilingual struct{ ja, en string }

// families lists all families. A path belongs to the first one whose prefix it has.
var families = []family{
	{prefix: "/es/2.0/order/", refuses: refusesByMessage, group: always(RateOrder)},
	{prefix: "/es/2.0/purchaseItem/", refuses: refusesByMessage, group: always(RatePurchaseItem)},
	{prefix: "/es/1.0/license-management/", group: always(RateLicense)},
	{prefix: "/es/2.0/items/", refuses: refusesByErrors, group: itemGroup, needs: bilingual{
		"。商品検索と在庫設定以外には、有料の商品一括編集機能も必要です",
		"; but for the search and the stock settings, the shop also needs its paid option of bulk item editing",
	}},
	{prefix: "/es/2.1/inventories/", refuses: refusesByErrors, group: inventoryGroup},
	{prefix: "/es/2.0/inventories/", refuses: refusesByErrors, group: inventoryGroup},
	{prefix: "/es/2.0/categories/", refuses: refusesByErrors, group: always(RateCategory)},
	{prefix: "/es/2.0/navigation/", refuses: refusesByErrors, group: always(RateNavigation)},
	{prefix: "/es/1.0/bto/", refuses: refusesByErrors, group: always(RateItemBundle)},
	{prefix: "/es/1.0/shop-page/", refuses: refusesByErrors, group: always(RateShopPage)},
	{prefix: "/es/1.0/inquirymng-api/", group: always(RateInquiry)},
	{prefix: "/es/1.0/reserve/", refuses: refusesByCode, group: always(RateReserve)},
	{prefix: "/es/1.0/cabinet/", codec: xmlFormat, refuses: refusesByStatus, group: always(RateCabinet), needs: bilingual{"。R-Cabinetを一度RMSで開く必要もあります", "; R-Cabinet has to be opened there once, too"}},
	{prefix: "/es/2.0/product/", codec: xmlFormat, refuses: refusesByStatus, group: always(RateProduct)},
	{prefix: "/es/1.0/coupon/", codec: xmlFormat, refuses: refusesByStatus, group: always(RateCoupon)},
	{prefix: "/es/1.0/thankscoupon", codec: xmlFormat, refuses: refusesByStatus, group: always(RateCoupon)},
	{prefix: "/es/1.0/shop/", codec: xmlFormat, refuses: refusesByStatus, group: always(RateShop)},
}

var otherFamily = family{group: always(RateOther)}

func familyOf(path string) family {
	for _, f := range families {
		if strings.HasPrefix(path, f.prefix) {
			return f
		}
	}
	return otherFamily
}

// pathOf splits an operation into its method and the template of its path.
func pathOf(operation string) (method, path string) {
	method, path, _ = strings.Cut(operation, " ")
	return method, path
}

func always(group RateGroup) func(string, string) RateGroup {
	return func(string, string) RateGroup { return group }
}

func itemGroup(method, path string) RateGroup {
	switch {
	case strings.Contains(path, "/items/bulk-get"), strings.Contains(path, "/items/inventory-related-settings/"):
		return RateItemBulk
	case method == http.MethodPut, method == http.MethodPatch:
		return RateItemWrite
	}
	return RateItem
}

func inventoryGroup(_, path string) RateGroup {
	if strings.Contains(path, "/inventories/bulk-get") {
		return RateInventoryBulkGet
	}
	return RateInventory
}
