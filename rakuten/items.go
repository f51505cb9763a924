package rakuten

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// Limits of the item family.
const (
	MaxItemsPerGet      = 50    // manage numbers in one bulk-get
	MaxItemsPerPage     = 100   // rows of one page of a search
	MaxItemOffset       = 10000 // rows that a search passes over by offset; a cursor has no limit
	MaxVariantsPerItem  = 400   // SKUs of one item
	firstCursor         = "*"
	maxLowStockDisplay  = 20
	maxBuyingDeliveries = 12
)

// ItemsService works with items and their SKUs; quantities are InventoryService's. All
// but Search and the inventory settings need the shop's paid option for bulk editing of
// items.
type ItemsService service

// Get returns one item.
func (s *ItemsService) Get(ctx context.Context, manageNumber string, opts ...shotengai.CallOption) (*Item, error) {
	return api.Get[Item](ctx, s.client.engine, itemRequest(http.MethodGet, manageNumber, nil), opts...)
}

func itemRequest(method, manageNumber string, body any, checks ...error) api.Request {
	checks = append(checks, validKey("manageNumber", manageNumber))
	return api.Request{
		Operation: method + " /es/2.0/items/manage-numbers/{manageNumber}", Path: []string{manageNumber}, Body: body, Check: errors.Join(checks...),
	}
}

// ReplaceItemRequest is a whole item, with the fields of ItemContent: all that is left
// out is reset. Title, genre and SKUs are required. An item that was read becomes one by
// ReplaceItemRequest(item.ItemContent).
type ReplaceItemRequest ItemContent

// Replace registers an item, or replaces the whole of one that exists: fields that are
// left out are reset and SKUs that are left out are deleted. Only the door setting of SKUs
// (OkihaiSetting) and the social gift flag survive. Patch changes single fields.
func (s *ItemsService) Replace(ctx context.Context, manageNumber string, item ReplaceItemRequest, opts ...shotengai.CallOption) error {
	content := ItemContent(item)
	r := itemRequest(http.MethodPut, manageNumber, item, content.validate(), content.validateWhole())
	return s.client.engine.Do(ctx, r, nil, opts...)
}

// PatchItemRequest is changes of an item, with the fields of ItemContent. What is left out
// stays, Clear empties. A list is replaced as a whole, Variants SKU by SKU.
type PatchItemRequest ItemContent

// Patch changes fields of an item and of the SKUs in changes.Variants. The platform would
// create a SKU for a variant id that the item does not have, a misspelt one for instance: if
// there are variants, Patch reads the item first and refuses such ids with an
// UnknownVariantsError, without changing anything. A SKU that is deleted between the two
// calls is created anew.
func (s *ItemsService) Patch(ctx context.Context, manageNumber string, changes PatchItemRequest, opts ...shotengai.CallOption) error {
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
func (s *ItemsService) PatchOrCreateVariants(ctx context.Context, manageNumber string, changes PatchItemRequest, opts ...shotengai.CallOption) error {
	content := ItemContent(changes)
	return s.client.engine.Do(ctx, itemRequest(http.MethodPatch, manageNumber, changes, content.validate()), nil, opts...)
}

// refuseUnknown refuses variants that an item does not have.
func (s *ItemsService) refuseUnknown(ctx context.Context, manageNumber string, variants map[string]Variant, opts ...shotengai.CallOption) error {
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
	return s.client.engine.Invalid(ctx, itemRequest(http.MethodPatch, manageNumber, nil), &UnknownVariantsError{ManageNumber: manageNumber, VariantIDs: unknown})
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
func (s *ItemsService) Delete(ctx context.Context, manageNumber string, opts ...shotengai.CallOption) error {
	return s.client.engine.Do(ctx, itemRequest(http.MethodDelete, manageNumber, nil), nil, opts...)
}

// Items is many items: those that were found, and the manage numbers that were asked for
// and are not there.
type Items struct {
	Items     []Item
	Missing   []string
	RowErrors []*shotengai.RowError // items that cannot be read
}

// BulkGet returns items, 50 a call and up to four calls at once, in the order in which they were
// asked for, call by call. Items that the platform does not return are in Missing and are no error. After
// an error, what the calls before it returned is returned with it.
func (s *ItemsService) BulkGet(ctx context.Context, manageNumbers []string, opts ...shotengai.CallOption) (*Items, error) {
	type body struct {
		ManageNumbers []string `json:"manageNumbers"`
	}
	r := api.Request{Operation: "POST /es/2.0/items/bulk-get", Safety: api.Read}
	if err := validManageNumbers(manageNumbers); err != nil {
		return nil, s.client.engine.Invalid(ctx, r, err)
	}
	batches, err := api.Chunks(bulkGets, MaxItemsPerGet, manageNumbers, func(batch []string) (*Items, error) {
		call := r
		call.Body = body{batch}
		return s.bulkGet(ctx, call, batch, opts)
	})
	return &Items{
		Items:     join(batches, func(i *Items) []Item { return i.Items }),
		Missing:   join(batches, func(i *Items) []string { return i.Missing }),
		RowErrors: join(batches, func(i *Items) []*shotengai.RowError { return i.RowErrors }),
	}, err
}

// bulkGets is how many calls of a BulkGet are under way at once. The platform allows one a
// second, five for stock, so that they hide most of the time of the answers.
const bulkGets = 4

// bulkGet is one call of BulkGet.
func (s *ItemsService) bulkGet(ctx context.Context, r api.Request, manageNumbers []string, opts []shotengai.CallOption) (*Items, error) {
	var out struct {
		Results []Item `json:"results" rows:"manageNumber"`
	}
	reply, err := s.client.engine.Call(ctx, r, &out, opts...)
	if err != nil {
		return nil, err
	}
	items := &Items{Items: out.Results, RowErrors: reply.Notes.Rows}
	for _, number := range manageNumbers {
		found := func(item Item) bool { return SameManageNumber(item.ManageNumber, number) }
		odd := func(row *shotengai.RowError) bool { return SameManageNumber(row.ID, number) }
		if !slices.ContainsFunc(items.Items, found) && !slices.ContainsFunc(items.RowErrors, odd) {
			items.Missing = append(items.Missing, number)
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
	InventoryDisplay  InventoryDisplay         `json:"inventoryDisplay"`
	LowStockThreshold shotengai.Clearable[int] `json:"lowStockThreshold,omitzero"` // 1 to 20, with ShowLowStock
}

// VariantInventorySettings is the settings of one SKU that have to do with stock.
type VariantInventorySettings struct {
	RestockOnCancel         shotengai.Clearable[bool] `json:"restockOnCancel,omitzero"`
	BackOrderFlag           shotengai.Clearable[bool] `json:"backOrderFlag,omitzero"`
	BackOrderDeliveryDateID shotengai.Clearable[int]  `json:"backOrderDeliveryDateId,omitzero"`
	NormalDeliveryDateID    shotengai.Clearable[int]  `json:"normalDeliveryDateId,omitzero"`
}

// InventorySettings returns the settings of an item that have to do with stock.
func (s *ItemsService) InventorySettings(ctx context.Context, manageNumber string, opts ...shotengai.CallOption) (*InventorySettings, error) {
	r := api.Request{Operation: "GET /es/2.0/items/inventory-related-settings/manage-numbers/{manageNumber}", Path: []string{manageNumber}, Check: validKey("manageNumber", manageNumber)}
	return api.Get[InventorySettings](ctx, s.client.engine, r, opts...)
}

// UpdateInventorySettingsRequest is all settings of an item that have to do with stock, as
// InventorySettings returns them.
type UpdateInventorySettingsRequest InventorySettings

// UpdateInventorySettings writes the settings of an item that have to do with stock. The
// platform takes them as a whole; what becomes of a SKU that is left out is not known.
func (s *ItemsService) UpdateInventorySettings(ctx context.Context, manageNumber string, settings UpdateInventorySettingsRequest, opts ...shotengai.CallOption) error {
	return s.client.engine.Do(ctx, api.Request{
		Operation: "PUT /es/2.0/items/inventory-related-settings/manage-numbers/{manageNumber}", Path: []string{manageNumber}, Body: settings,
		Check: errors.Join(validKey("manageNumber", manageNumber), InventorySettings(settings).validate()),
	}, nil, opts...)
}
