package stores

import (
	"context"
	"errors"
	"net/http"

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
func (s *InventoriesService) SetQuantity(ctx context.Context, variationID string, quantity int64, opts ...CallOption) (*Inventory, error) {
	var check error
	if quantity < 0 {
		check = errors.New("quantity must not be negative")
	}
	return s.adjust(ctx, variationID, adjustment{"absolute", &quantity}, check, opts)
}

// AddQuantity adds to the stock of a variation, or takes from it with a negative number,
// as inferred. Repeating it adds again. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *InventoriesService) AddQuantity(ctx context.Context, variationID string, delta int64, opts ...CallOption) (*Inventory, error) {
	return s.adjust(ctx, variationID, adjustment{"relative", &delta}, nil, opts)
}

// SetUnlimited makes the stock of a variation unlimited. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *InventoriesService) SetUnlimited(ctx context.Context, variationID string, opts ...CallOption) (*Inventory, error) {
	return s.adjust(ctx, variationID, adjustment{UpdateType: "unlimited"}, nil, opts)
}

func (s *InventoriesService) adjust(ctx context.Context, variationID string, a adjustment, check error, opts []CallOption) (*Inventory, error) {
	var out Inventory
	r := api.Request{
		Method: http.MethodPost, Path: api.Path(root+"/variations/%s/inventories/adjustment", variationID), Body: a, Check: check,
		Decode: needs("variation_id", func() bool { return out.VariationID != "" }),
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out, nil
}
