package stores

import (
	"context"
	"fmt"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// InventoriesService changes the stock of the online shop. The registers' stock is out of
// the API's reach.
type InventoriesService service

// Inventory is the stock of a variation.
type Inventory struct {
	VariationID string `json:"variation_id"`
	Quantity    *int64 `json:"quantity"` // nil: unlimited
}

type adjustment struct {
	UpdateType string `json:"update_type"`
	Quantity   *int64 `json:"quantity,omitzero"`
}

// SetQuantity sets the stock of a variation. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *InventoriesService) SetQuantity(ctx context.Context, variationID string, quantity int64, opts ...shotengai.CallOption) (*Inventory, error) {
	var problem error
	if quantity < 0 {
		problem = fmt.Errorf("quantity: %d is negative", quantity)
	}
	return s.adjust(ctx, variationID, adjustment{"absolute", &quantity}, problem, opts)
}

// AddQuantity adds to the stock of a variation, or takes from it with a negative number.
// Provisional. Repeating it adds again. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *InventoriesService) AddQuantity(ctx context.Context, variationID string, delta int64, opts ...shotengai.CallOption) (*Inventory, error) {
	return s.adjust(ctx, variationID, adjustment{"relative", &delta}, nil, opts)
}

// SetUnlimited makes the stock of a variation unlimited. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *InventoriesService) SetUnlimited(ctx context.Context, variationID string, opts ...shotengai.CallOption) (*Inventory, error) {
	return s.adjust(ctx, variationID, adjustment{UpdateType: "unlimited"}, nil, opts)
}

func (s *InventoriesService) adjust(ctx context.Context, variationID string, a adjustment, problem error, opts []shotengai.CallOption) (*Inventory, error) {
	r := api.Request{
		Operation: "POST " + root + "/variations/{id}/inventories/adjustment", Path: []string{variationID}, Body: a,
		Check: problem, Decode: wholeInventory,
	}
	return api.Get[Inventory](ctx, s.client.engine, r, opts...)
}

var wholeInventory = api.Needs("variation_id", func(i *Inventory) bool { return i.VariationID != "" })
