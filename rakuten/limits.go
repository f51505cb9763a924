package rakuten

import (
	"errors"
	"fmt"

	"github.com/shotengai/shotengai-go"
)

// RateGroup names operations that share one limit. Whether the platform counts per key,
// per application or per address is not known; each client keeps its own count.
type RateGroup string

// Groups and their default limits. Where the platform publishes nothing, the default is
// the pace that existing clients keep.
const (
	RateOrder            RateGroup = "order"              // 1 a second, a guideline of the platform for the whole family
	RatePurchaseItem     RateGroup = "purchaseItem"       // 1 a second, as clients do
	RateItem             RateGroup = "item"               // get, delete, search: 5 a second (provisional)
	RateItemWrite        RateGroup = "item.write"         // PUT and PATCH: 20 a second (provisional)
	RateItemBulk         RateGroup = "item.bulk"          // bulk-get and inventory-related settings: 1 a second (provisional)
	RateInventory        RateGroup = "inventory"          // all but bulk-get: 1 a second (provisional)
	RateInventoryBulkGet RateGroup = "inventory.bulk-get" // bulk-get and range: 5 a second (provisional)
	RateCategory         RateGroup = "category"           // 1 a second, as clients do
	RateNavigation       RateGroup = "navigation"         // 1 a second, as clients do
	RateItemBundle       RateGroup = "itemBundle"         // 1 a second, nothing is known
	RateShopPage         RateGroup = "shopPage"           // 1 a second, nothing is known
	RateInquiry          RateGroup = "inquiry"            // 1 a second, nothing is known
	RateReserve          RateGroup = "reserve"            // 1 a second, nothing is known
	RateCabinet          RateGroup = "cabinet"            // 1 a second, nothing is known
	RateProduct          RateGroup = "product"            // 1 a second, nothing is known
	RateCoupon           RateGroup = "coupon"             // 1 a second, nothing is known
	RateShop             RateGroup = "shop"               // 1 a second, nothing is known
	RateLicense          RateGroup = "license"            // 1 a second, nothing is known
	RateOther            RateGroup = "other"              // calls of Client.Do outside all families: 1 a second
)

var defaultRates = map[RateGroup]float64{
	RateOrder: 1, RatePurchaseItem: 1, RateItem: 5, RateItemWrite: 20, RateItemBulk: 1,
	RateInventory: 1, RateInventoryBulkGet: 5, RateCategory: 1, RateNavigation: 1, RateItemBundle: 1,
	RateShopPage: 1, RateInquiry: 1, RateReserve: 1, RateCabinet: 1, RateProduct: 1, RateCoupon: 1,
	RateShop: 1, RateLicense: 1, RateOther: 1,
}

// DefaultLimiter returns the limiter that a client has for a group by default, without a
// burst: what the platform counts as a second is not known. It is nil for a group that
// there is not.
func DefaultLimiter(group RateGroup) shotengai.Limiter {
	rate, known := defaultRates[group]
	if !known {
		return nil
	}
	return shotengai.PerSecond(rate, 1)
}

// WithGroupLimiter replaces the limiter of the given groups, for example by one that all
// processes that use a licence key share. A nil limiter turns their pacing off.
// [shotengai.WithLimiter] replaces those of all groups; later options win over earlier
// ones.
func WithGroupLimiter(limiter shotengai.Limiter, groups ...RateGroup) shotengai.Option {
	return func(s *shotengai.Settings) error {
		if s.GroupLimiters == nil {
			return errors.New("group limiter: this platform has no rate groups")
		}
		for _, group := range groups {
			if _, known := defaultRates[group]; !known {
				return fmt.Errorf("group limiter: there is no group %q", string(group))
			}
			s.GroupLimiters[string(group)] = limiter
		}
		return nil
	}
}
