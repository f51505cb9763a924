package rakuten

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go/internal/api"
)

// Limits of the item family.
const (
	MaxItemsPerGet      = 50    // manage numbers in one bulk-get
	MaxItemsPerPage     = 100   // rows of one page of a search
	MaxItemOffset       = 10000 // rows that a search passes over by offset; a cursor has no limit
	MaxVariantsPerItem  = 400   // SKUs of one item
	itemsPath           = "/es/2.0/items/"
	inventorySettings   = itemsPath + "inventory-related-settings/manage-numbers/%s"
	itemByManageNumber  = itemsPath + "manage-numbers/%s"
	firstCursor         = "*"
	maxLowStockDisplay  = 20
	maxBuyingDeliveries = 12
)

// ItemsService works with items and their SKUs; quantities are InventoryService's. All
// but Search and the inventory settings need the shop's paid option for bulk editing of
// items.
type ItemsService service

// Get returns one item.
func (s *ItemsService) Get(ctx context.Context, manageNumber string, opts ...CallOption) (*Item, error) {
	var out Item
	if err := s.client.do(ctx, itemRequest(http.MethodGet, manageNumber, nil), &out, opts...); err != nil {
		return nil, err
	}
	return &out, nil
}

func itemRequest(method, manageNumber string, body any, checks ...error) api.Request {
	checks = append(checks, validKey("manageNumber", manageNumber))
	return api.Request{Method: method, Path: api.Path(itemByManageNumber, manageNumber), Body: body, Check: errors.Join(checks...)}
}

// ReplaceItemRequest is a whole item, with the fields of ItemContent: all that is left
// out is reset. Title, genre and SKUs are required. An item that was read becomes one by
// ReplaceItemRequest(item.ItemContent).
type ReplaceItemRequest ItemContent

// Replace registers an item, or replaces the whole of one that exists: fields that are
// left out are reset and SKUs that are left out are deleted. Only the door setting of SKUs
// (OkihaiSetting) and the social gift flag survive. Patch changes single fields.
func (s *ItemsService) Replace(ctx context.Context, manageNumber string, item ReplaceItemRequest, opts ...CallOption) error {
	content := ItemContent(item)
	r := itemRequest(http.MethodPut, manageNumber, item, content.validate(), content.validateWhole())
	return s.client.do(ctx, r, nil, opts...)
}

// PatchItemRequest is changes of an item, with the fields of ItemContent. What is left out
// stays, Clear empties. A list is replaced as a whole, Variants SKU by SKU.
type PatchItemRequest ItemContent

// Patch changes fields of an item and of the SKUs in changes.Variants. The platform would
// create a SKU for a variant id that the item does not have, a misspelt one for instance: if
// there are variants, Patch reads the item first and refuses such ids with an
// UnknownVariantsError, without changing anything. A SKU that is deleted between the two
// calls is created anew.
func (s *ItemsService) Patch(ctx context.Context, manageNumber string, changes PatchItemRequest, opts ...CallOption) error {
	if len(changes.Variants) > 0 {
		if err := s.refuseUnknown(ctx, manageNumber, changes.Variants, opts...); err != nil {
			return err
		}
	}
	return s.PatchOrCreateVariants(ctx, manageNumber, changes, opts...)
}

// PatchOrCreateVariants is the platform's own PATCH, in one call: it changes fields of an
// item and of the SKUs in changes.Variants, and creates each SKU of these that the item does
// not have. Patch refuses those.
func (s *ItemsService) PatchOrCreateVariants(ctx context.Context, manageNumber string, changes PatchItemRequest, opts ...CallOption) error {
	content := ItemContent(changes)
	return s.client.do(ctx, itemRequest(http.MethodPatch, manageNumber, changes, content.validate()), nil, opts...)
}

// refuseUnknown refuses variants that an item does not have.
func (s *ItemsService) refuseUnknown(ctx context.Context, manageNumber string, variants map[string]Variant, opts ...CallOption) error {
	item, err := s.Get(ctx, manageNumber, opts...)
	if err != nil {
		return err
	}
	var unknown []string
	for _, id := range slices.Sorted(maps.Keys(variants)) {
		if _, known := item.Variants[id]; !known {
			unknown = append(unknown, id)
		}
	}
	if unknown == nil {
		return nil
	}
	return s.client.engine.Invalid(itemRequest(http.MethodPatch, manageNumber, nil), &UnknownVariantsError{ManageNumber: manageNumber, VariantIDs: unknown})
}

// UnknownVariantsError is a patch that would have created SKUs.
type UnknownVariantsError struct {
	ManageNumber string
	VariantIDs   []string // those that the item does not have
}

// Error is one line.
func (e *UnknownVariantsError) Error() string {
	return fmt.Sprintf("item %s has no SKU %s; PatchOrCreateVariants would create it", e.ManageNumber, strings.Join(e.VariantIDs, ", "))
}

// Delete removes an item with all its SKUs.
func (s *ItemsService) Delete(ctx context.Context, manageNumber string, opts ...CallOption) error {
	return s.client.do(ctx, itemRequest(http.MethodDelete, manageNumber, nil), nil, opts...)
}

// Items is many items: those that were found, and the manage numbers that were asked for
// and are not there.
type Items struct {
	Items   []Item
	Missing []string
}

// BulkGet returns items, 50 a call. Items that are not given are in Missing and are no
// error. After an error, what earlier calls gave is returned with it.
func (s *ItemsService) BulkGet(ctx context.Context, manageNumbers []string, opts ...CallOption) (*Items, error) {
	type body struct {
		ManageNumbers []string `json:"manageNumbers"`
	}
	r := api.Request{Method: http.MethodPost, Path: itemsPath + "bulk-get", Safety: api.Read}
	if err := validManageNumbers(manageNumbers); err != nil {
		return nil, s.client.engine.Invalid(r, err)
	}
	items := &Items{}
	for batch := range slices.Chunk(manageNumbers, MaxItemsPerGet) {
		var out struct {
			Results []Item `json:"results"`
		}
		r.Body = body{batch}
		if err := s.client.do(ctx, r, &out, opts...); err != nil {
			return items, err
		}
		items.Items = append(items.Items, out.Results...)
		for _, number := range batch {
			found := func(item Item) bool { return SameManageNumber(item.ManageNumber, number) }
			if !slices.ContainsFunc(out.Results, found) {
				items.Missing = append(items.Missing, number)
			}
		}
	}
	return items, nil
}

// InventorySettings is the settings of an item and its SKUs that have to do with stock.
type InventorySettings struct {
	UnlimitedInventory bool                                `json:"unlimitedInventoryFlag"`
	Features           InventorySettingsFeatures           `json:"features"`
	Variants           map[string]VariantInventorySettings `json:"variants"` // by variant id; 400 at most
}

// InventorySettingsFeatures is what buyers see of the stock.
type InventorySettingsFeatures struct {
	InventoryDisplay  InventoryDisplay `json:"inventoryDisplay"`
	LowStockThreshold Clearable[int]   `json:"lowStockThreshold,omitzero"` // 1 to 20, with ShowLowStock
}

// VariantInventorySettings is the settings of one SKU that have to do with stock.
type VariantInventorySettings struct {
	RestockOnCancel         Clearable[bool] `json:"restockOnCancel,omitzero"`
	BackOrderFlag           Clearable[bool] `json:"backOrderFlag,omitzero"`
	BackOrderDeliveryDateID Clearable[int]  `json:"backOrderDeliveryDateId,omitzero"`
	NormalDeliveryDateID    Clearable[int]  `json:"normalDeliveryDateId,omitzero"`
}

// InventorySettings returns the settings of an item that have to do with stock.
func (s *ItemsService) InventorySettings(ctx context.Context, manageNumber string, opts ...CallOption) (*InventorySettings, error) {
	var out InventorySettings
	r := api.Request{Method: http.MethodGet, Path: api.Path(inventorySettings, manageNumber), Check: validKey("manageNumber", manageNumber)}
	if err := s.client.do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out, nil
}

// UpdateInventorySettings writes the settings of an item that have to do with stock. The
// platform takes them as a whole; what becomes of a SKU that is left out is not known.
func (s *ItemsService) UpdateInventorySettings(ctx context.Context, manageNumber string, settings InventorySettings, opts ...CallOption) error {
	return s.client.do(ctx, api.Request{
		Method: http.MethodPut, Path: api.Path(inventorySettings, manageNumber), Body: settings,
		Check: errors.Join(validKey("manageNumber", manageNumber), settings.validate()),
	}, nil, opts...)
}
