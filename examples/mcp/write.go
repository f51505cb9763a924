package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

type updateStockArgs struct {
	shopArgs

	Item     string `json:"item" jsonschema:"the item, from list_items"`
	Variant  string `json:"variant,omitempty" jsonschema:"the variant, from get_stock; left out for an item without variants"`
	Quantity int64  `json:"quantity" jsonschema:"the new stock, 0 to 99999"`
	Confirm  string `json:"confirm,omitempty" jsonschema:"the text that a call without it returned, once the person has agreed"`
}

type updateStockResult struct {
	Done    bool   `json:"done" jsonschema:"whether the stock is now the new one"`
	Message string `json:"message"`
	Confirm string `json:"confirm,omitempty" jsonschema:"what would change: the argument confirm of the call that changes it"`
}

// updateStock changes stock only when the confirmation repeats the change, with the stock
// that is there now: what has been sold meanwhile needs a new confirmation.
func (s *service) updateStock(ctx context.Context, args updateStockArgs) (out updateStockResult, err error) {
	if args.Quantity < 0 || args.Quantity > 99999 {
		return out, refusedf("quantity %d is not between 0 and 99999", args.Quantity)
	}
	row, err := s.variant(ctx, args)
	if err != nil {
		return out, err
	}
	if *row.Quantity == args.Quantity {
		return updateStockResult{Done: true, Message: "The stock is this already: nothing was changed."}, nil
	}
	change := fmt.Sprintf("set the stock of %s in %s from %d to %d", join(" ", args.Item, args.Variant), args.Shop, *row.Quantity, args.Quantity)
	switch args.Confirm {
	case change:
	case "":
		return updateStockResult{Message: "Nothing was changed. Ask the person, then call again with confirm.", Confirm: change}, nil
	default:
		return out, refusedf("nothing was changed, as confirm does not repeat the change. Ask the person whether to %s, then call again with exactly that text as confirm", change)
	}
	if err := row.set(ctx, args.Quantity); err != nil {
		return out, err
	}
	s.log.InfoContext(ctx, "stock was set", "shop", args.Shop, "item", args.Item, "variant", args.Variant, "from", *row.Quantity, "to", args.Quantity)
	return updateStockResult{Done: true, Message: "Done: " + change + "."}, nil
}

// variant is the row of stock that the arguments name, with a quantity that can be set.
func (s *service) variant(ctx context.Context, args updateStockArgs) (stock, error) {
	all, err := s.stockOf(ctx, args.Shop, args.Item)
	if err != nil {
		return stock{}, err
	}
	same := func(row stock) bool { return row.Variant == args.Variant }
	i := slices.IndexFunc(all, same)
	if i < 0 && args.Variant == "" && len(all) == 1 {
		i = 0
	}
	switch {
	case i < 0:
		var names []string
		for _, row := range all[:min(len(all), maxRows)] {
			names = append(names, row.Variant)
		}
		return stock{}, refusedf("the item has no variant %q: it has %s", args.Variant, strings.Join(names, ", "))
	case slices.ContainsFunc(all[i+1:], same) && all[i].Variant == args.Variant:
		return stock{}, refusedf("several variants are called %q: set this stock on the platform's own page", args.Variant)
	case all[i].Quantity == nil || all[i].set == nil:
		return stock{}, refusedf("the stock is not counted, or is unlimited: switch stock management on for the item on the platform's own page first")
	}
	return all[i], nil
}
