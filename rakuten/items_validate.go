package rakuten

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/check"
)

// unset passes a zero value and judges all others.
func unset[T comparable](value T, judge func(T) error) error {
	var zero T
	if value == zero {
		return nil
	}
	return judge(value)
}

// validate refuses what no item can have.
func (c *ItemContent) validate() error {
	errs := []error{
		unset(c.GenreID, validGenre),
		countedAtMost("images", len(c.Images), 20),
		countedAtMost("tags", len(c.Tags), 32),
		countedAtMost("variants", len(c.Variants), MaxVariantsPerItem),
	}
	if period, ok := c.PurchasablePeriod.Get(); ok {
		errs = append(errs, period.validate("purchasablePeriod"))
	}
	if campaign, ok := c.PointCampaign.Get(); ok && campaign.ApplicablePeriod != nil {
		errs = append(errs, campaign.ApplicablePeriod.validate("pointCampaign.applicablePeriod"))
	}
	if c.Features != nil {
		errs = append(errs, lowStock("features", c.Features.LowStockThreshold))
	}
	if club, ok := c.BuyingClub.Get(); ok {
		errs = append(errs, check.Between("buyingClub.numberOfDeliveries", club.NumberOfDeliveries, 2, maxBuyingDeliveries))
	}
	for _, id := range slices.Sorted(maps.Keys(c.Variants)) {
		variant := c.Variants[id]
		errs = append(errs, validKey("variants", id), variant.validate("variants."+id))
	}
	return errors.Join(errs...)
}

// validateWhole wants what an item cannot be without.
func (c *ItemContent) validateWhole() error {
	var errs []error
	if c.Title == "" {
		errs = append(errs, errors.New("title is required"))
	}
	if c.GenreID == "" {
		errs = append(errs, errors.New("genreId is required"))
	}
	if len(c.Variants) == 0 {
		errs = append(errs, errors.New("variants: an item has at least one SKU"))
	}
	return errors.Join(errs...)
}

func validGenre(id string) error {
	if !digits(id, 6, 6) {
		return fmt.Errorf("genreId: %q is not 6 digits", id)
	}
	return nil
}

func countedAtMost(field string, n, limit int) error {
	if n > limit {
		return fmt.Errorf("%s: %d, at most %d are allowed", field, n, limit)
	}
	return nil
}

func lowStock(field string, threshold shotengai.Clearable[int]) error {
	n, ok := threshold.Get()
	if !ok {
		return nil
	}
	return check.Between(field+".lowStockThreshold", n, 1, maxLowStockDisplay)
}

func (p ItemPeriod) validate(field string) error {
	if !p.Start.IsZero() && !p.End.IsZero() && p.End.Before(p.Start.Time) {
		return fmt.Errorf("%s: the end is before the start", field)
	}
	return nil
}

func (v *Variant) validate(field string) error {
	errs := []error{validPrice(field+".standardPrice", v.StandardPrice)}
	if v.ReferencePrice != nil {
		price, _ := v.ReferencePrice.Value.Get()
		errs = append(errs, validPrice(field+".referencePrice.value", price))
	}
	if v.SubscriptionPrice != nil {
		prices, _ := v.SubscriptionPrice.IndividualPrices.Get()
		first, _ := prices.FirstPrice.Get()
		errs = append(errs, validPrice(field+".subscriptionPrice.basePrice", v.SubscriptionPrice.BasePrice),
			validPrice(field+".subscriptionPrice.individualPrices.firstPrice", first))
	}
	return errors.Join(errs...)
}

func validPrice(field string, price Price) error {
	return unset(price, func(price Price) error {
		if _, err := price.Yen(); err != nil {
			return fmt.Errorf("%s: %q is not 1 to 9 digits", field, string(price))
		}
		return nil
	})
}

func validManageNumbers(manageNumbers []string) error {
	if len(manageNumbers) == 0 {
		return errors.New("manageNumbers: none")
	}
	seen := make(map[string]int, len(manageNumbers))
	for i, number := range manageNumbers {
		if err := validKey(fmt.Sprintf("manageNumbers[%d]", i), number); err != nil {
			return err
		}
		key := strings.ToLower(number)
		if before, twice := seen[key]; twice {
			return fmt.Errorf("manageNumbers[%d]: the same as manageNumbers[%d]", i, before)
		}
		seen[key] = i
	}
	return nil
}

func (s InventorySettings) validate() error {
	errs := []error{lowStock("features", s.Features.LowStockThreshold), countedAtMost("variants", len(s.Variants), MaxVariantsPerItem)}
	if s.Features.InventoryDisplay == "" {
		errs = append(errs, errors.New("features.inventoryDisplay is required"))
	}
	if s.Variants == nil {
		errs = append(errs, errors.New("variants are required"))
	}
	for _, id := range slices.Sorted(maps.Keys(s.Variants)) {
		errs = append(errs, validKey("variants", id))
	}
	return errors.Join(errs...)
}

func (p SearchItemsParams) validate() error {
	return errors.Join(
		check.Between("offset", p.Offset, 0, MaxItemOffset),
		check.Between("hits", p.Hits, 0, MaxItemsPerPage),
		unset(p.PointRate, func(n int) error { return check.Between("pointRate", n, 1, 20) }),
		unset(p.MaxPointRate, func(n int) error { return check.Between("maxPointRate", n, 2, 20) }),
	)
}
