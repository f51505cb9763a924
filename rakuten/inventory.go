package rakuten

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/text"
)

// Limits of the stock families.
const (
	MaxStockPerGet    = 1000  // SKUs in one bulk-get, and matches of one range
	MaxStockPerUpsert = 400   // SKUs in one bulk-upsert
	MaxStock          = 99999 // the largest quantity
)

// InventoryService works with stock by version 2.1, which adds lead times and shipping
// places to 2.0. Stock that is set for an item or SKU that does not exist is accepted, and
// thrown away after 24 hours (provisional).
type InventoryService service

const (
	inventory21 = "/es/2.1/inventories/"
	inventory20 = "/es/2.0/inventories/"
	stockOfSKU  = "manage-numbers/{manageNumber}/variants/{variantId}" // below either
)

// SKU names one variant of an item. The platform lower-cases manage numbers and keeps the
// case of variant ids; both have 1 to 32 bytes of A-Z, a-z, 0-9, _ and -.
type SKU struct {
	ManageNumber string `json:"manageNumber"`
	VariantID    string `json:"variantId"`
}

// Is reports whether two values name the same SKU to the platform.
func (k SKU) Is(other SKU) bool { return k.key() == other.key() }

// key is the SKU as the platform compares it.
func (k SKU) key() SKU { return SKU{strings.ToLower(k.ManageNumber), k.VariantID} }

func (k SKU) sku() SKU { return k }

func (k SKU) validate() error {
	return errors.Join(validKey("manageNumber", k.ManageNumber), validKey("variantId", k.VariantID))
}

// path returns the values of stockOfSKU.
func (k SKU) path() []string { return []string{k.ManageNumber, k.VariantID} }

// SameManageNumber reports whether two manage numbers are the same to the platform, which
// returns them in lower case.
func SameManageNumber(a, b string) bool { return strings.EqualFold(a, b) }

const keyLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

// validKey wants a manage number or variant id.
func validKey(field, value string) error {
	if value == "" || len(value) > 32 || strings.Trim(value, keyLetters) != "" {
		return fmt.Errorf("%s: %q is none: it has 1 to 32 bytes of A-Z, a-z, 0-9, _ and -", field, text.OneLine(value))
	}
	return nil
}

// StockMode is how a quantity is meant.
type StockMode string

// Values of StockMode.
const (
	StockAbsolute StockMode = "ABSOLUTE" // the new quantity; the first registration of a SKU has to be absolute
	StockRelative StockMode = "RELATIVE" // is added to the quantity, and again each time that it is sent
)

// Inventory is the stock of one SKU.
type Inventory struct {
	SKU

	Quantity          int                `json:"quantity"`
	OperationLeadTime *OperationLeadTime `json:"operationLeadTime"`
	ShipFromIDs       []int              `json:"shipFromIds"` // ids of the shop's shipping places
	Created           ItemTime           `json:"created,omitzero"`
	Updated           ItemTime           `json:"updated,omitzero"`
}

// OperationLeadTime is how long a SKU takes until it is sent, as ids of the shop's lead
// times.
type OperationLeadTime struct {
	NormalDeliveryTimeID    *int `json:"normalDeliveryTimeId"`
	BackOrderDeliveryTimeID *int `json:"backOrderDeliveryTimeId"`
}

// Change is a change of this stock's quantity that leaves its lead time and shipping
// places as they are here.
func (i Inventory) Change(mode StockMode, quantity int) UpsertInventoryRequest {
	return UpsertInventoryRequest{
		SKU: i.SKU, Mode: mode, Quantity: quantity, OperationLeadTime: i.OperationLeadTime, ShipFromIDs: i.ShipFromIDs,
	}
}

// UpsertInventoryRequest sets or changes the stock of one SKU. A lead time and shipping places that
// are left out are emptied (provisional): Inventory.Change carries them over.
type UpsertInventoryRequest struct {
	SKU

	Mode              StockMode          `json:"mode"`
	Quantity          int                `json:"quantity"` // 0 to 99999; negative in RELATIVE to take away
	OperationLeadTime *OperationLeadTime `json:"operationLeadTime,omitzero"`
	ShipFromIDs       []int              `json:"shipFromIds,omitzero"`
}

func (c UpsertInventoryRequest) validate() error {
	return errors.Join(c.SKU.validate(), validStock(c.Mode, c.Quantity))
}

func (c UpsertInventoryRequest) mode() StockMode { return c.Mode }

func validStock(mode StockMode, quantity int) error {
	least := 0
	switch mode {
	case StockRelative:
		least = -MaxStock
	case StockAbsolute:
	default:
		return fmt.Errorf("mode: %q is neither %s nor %s", string(mode), StockAbsolute, StockRelative)
	}
	if quantity < least || quantity > MaxStock {
		return fmt.Errorf("quantity: %d is not between %d and %d", quantity, least, MaxStock)
	}
	return nil
}

// safety is what may be done again: a relative change counts each time.
func (m StockMode) safety() api.Safety {
	if m == StockRelative {
		return api.NeverAgain
	}
	return api.Write
}

// Get returns the stock of one SKU.
func (s *InventoryService) Get(ctx context.Context, sku SKU, opts ...shotengai.CallOption) (*Inventory, error) {
	r := api.Request{Operation: "GET " + inventory21 + stockOfSKU, Path: sku.path(), Check: sku.validate()}
	return api.Get[Inventory](ctx, s.client.engine, r, opts...)
}

// Upsert sets or changes the stock of one SKU, and empties the lead time and the shipping
// places that the change leaves out (provisional): Inventory.Change carries them over. A
// RELATIVE change is never sent again by the library, not even after a refusal.
func (s *InventoryService) Upsert(ctx context.Context, change UpsertInventoryRequest, opts ...shotengai.CallOption) error {
	body := struct {
		Mode              StockMode          `json:"mode"`
		Quantity          int                `json:"quantity"`
		OperationLeadTime *OperationLeadTime `json:"operationLeadTime,omitzero"`
		ShipFromIDs       []int              `json:"shipFromIds,omitzero"`
	}{change.Mode, change.Quantity, change.OperationLeadTime, change.ShipFromIDs}
	return s.client.engine.Do(ctx, api.Request{
		Operation: "PUT " + inventory21 + stockOfSKU, Path: change.path(), Body: body, Check: change.validate(), Safety: change.Mode.safety(),
	}, nil, opts...)
}

// Delete removes the stock of one SKU, with its lead time and shipping places.
func (s *InventoryService) Delete(ctx context.Context, sku SKU, opts ...shotengai.CallOption) error {
	r := api.Request{Operation: "DELETE " + inventory21 + stockOfSKU, Path: sku.path(), Check: sku.validate()}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

// Inventories is the stock of many SKUs: what was found, and what was asked for and is
// not there.
type Inventories struct {
	Items     []Inventory
	Missing   []SKU
	RowErrors []*shotengai.RowError // stock that cannot be read
}

// BulkGet returns the stock of many SKUs, each once, 1000 a call and up to four calls at once,
// in the order in which they were asked for, call by call. SKUs that the platform does not return
// are in Missing and are no error; so is what is no SKU, which is not asked for. After an error,
// what the calls before it returned is returned with it.
func (s *InventoryService) BulkGet(ctx context.Context, skus []SKU, opts ...shotengai.CallOption) (*Inventories, error) {
	found, missing, err := bulkGetStock[Inventory](ctx, s.client, inventory21, skus, opts...)
	return &Inventories{found.Items, missing, found.RowErrors}, err
}

// StockRangeParams selects stock by its quantity. A nil bound is none.
type StockRangeParams struct {
	MinQuantity *int `url:"minQuantity,omitempty"`
	MaxQuantity *int `url:"maxQuantity,omitempty"`
}

func (r StockRangeParams) validate() error {
	for field, bound := range map[string]*int{"minQuantity": r.MinQuantity, "maxQuantity": r.MaxQuantity} {
		if bound != nil && (*bound < 0 || *bound > MaxStock) {
			return fmt.Errorf("%s: %d is not between 0 and %d", field, *bound, MaxStock)
		}
	}
	if r.MinQuantity != nil && r.MaxQuantity != nil && *r.MinQuantity > *r.MaxQuantity {
		return errors.New("minQuantity is above maxQuantity")
	}
	return nil
}

// Range returns the stock of all SKUs with a quantity in the range. There are no pages:
// more than 1000 matches are an error, and the range has to be made smaller. Provisional.
func (s *InventoryService) Range(ctx context.Context, stock StockRangeParams, opts ...shotengai.CallOption) (*shotengai.Page[Inventory], error) {
	return rangeOfStock[Inventory](ctx, s.client, inventory21, stock, opts...)
}

// BulkUpsert sets or changes the stock of many SKUs as Upsert does, 400 a call. What became
// of each change is in the rows; the package says when there is an error too. A change that
// is wrong by itself, or whose SKU an earlier one has, is refused and the others are sent.
// Whether the other rows of a call with refused ones are carried out is not known: they are
// shotengai.RowUnknown, and BulkGet returns what is there. A call with a RELATIVE change is never sent again by the
// library.
func (s *InventoryService) BulkUpsert(ctx context.Context, changes []UpsertInventoryRequest, opts ...shotengai.CallOption) (*shotengai.Results[SKU], error) {
	return bulkUpsertStock(ctx, s.client, inventory21, changes, opts...)
}

// Variants lists the variant ids of an item that have stock.
func (s *InventoryService) Variants(ctx context.Context, manageNumber string, opts ...shotengai.CallOption) ([]string, error) {
	r := api.Request{
		Operation: "GET /es/2.1/inventories/variant-lists/manage-numbers/{manageNumber}", Path: []string{manageNumber},
		Check: validKey("manageNumber", manageNumber),
	}
	return api.Pick(ctx, s.client.engine, r, func(w *inventoryVariantsReply) []string { return w.VariantList }, opts...)
}

type inventoryVariantsReply struct {
	VariantList []string `json:"variantList"`
}
