package rakuten

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// Inventory20Service works with stock by version 2.0, which knows nothing of lead times
// and shipping places. Both versions work on the same stock; what a change by 2.0 does
// to the lead time that 2.1 has set is not known. Stock that is set for an item or SKU
// that does not exist is accepted, and thrown away after 24 hours (provisional).
type Inventory20Service service

// Inventory20 is the stock of one SKU in version 2.0.
type Inventory20 struct {
	SKU

	Quantity int      `json:"quantity"`
	Created  ItemTime `json:"created,omitzero"`
	Updated  ItemTime `json:"updated,omitzero"`
}

// UpsertInventory20Request sets or changes the stock of one SKU by version 2.0.
type UpsertInventory20Request struct {
	SKU

	Mode     StockMode `json:"mode"`
	Quantity int       `json:"quantity"` // 0 to 99999; negative in RELATIVE to take away
}

func (c UpsertInventory20Request) validate() error {
	return errors.Join(c.SKU.validate(), validStock(c.Mode, c.Quantity))
}

func (c UpsertInventory20Request) mode() StockMode { return c.Mode }

// Get returns the stock of one SKU.
func (s *Inventory20Service) Get(ctx context.Context, sku SKU, opts ...shotengai.CallOption) (*Inventory20, error) {
	r := api.Request{Operation: "GET " + inventory20 + stockOfSKU, Path: sku.path(), Check: sku.validate()}
	return api.Get[Inventory20](ctx, s.client.engine, r, opts...)
}

// Upsert sets or changes the stock of one SKU. A RELATIVE change is never sent again by
// the library, not even after a refusal.
func (s *Inventory20Service) Upsert(ctx context.Context, change UpsertInventory20Request, opts ...shotengai.CallOption) error {
	body := struct {
		Mode     StockMode `json:"mode"`
		Quantity int       `json:"quantity"`
	}{change.Mode, change.Quantity}
	return s.client.engine.Do(ctx, api.Request{
		Operation: "PUT " + inventory20 + stockOfSKU, Path: change.path(), Body: body, Check: change.validate(), Safety: change.Mode.safety(),
	}, nil, opts...)
}

// Delete removes the stock of one SKU.
func (s *Inventory20Service) Delete(ctx context.Context, sku SKU, opts ...shotengai.CallOption) error {
	r := api.Request{Operation: "DELETE " + inventory20 + stockOfSKU, Path: sku.path(), Check: sku.validate()}
	return s.client.engine.Do(ctx, r, nil, opts...)
}

// Inventories20 is the stock of many SKUs: what was found, and what was asked for and is
// not there.
type Inventories20 struct {
	Items     []Inventory20
	Missing   []SKU
	RowErrors []*shotengai.RowError // stock that cannot be read
}

// BulkGet returns the stock of many SKUs, each once, 1000 a call with up to four calls at once, in
// the order of the SKUs' calls. SKUs that the platform does not return are in Missing and are no
// error; so is what is no SKU, which is not asked for. After an error, what the calls before it
// returned is returned with it.
func (s *Inventory20Service) BulkGet(ctx context.Context, skus []SKU, opts ...shotengai.CallOption) (*Inventories20, error) {
	found, missing, err := bulkGetStock[Inventory20](ctx, s.client, inventory20, skus, opts...)
	return &Inventories20{found.Items, missing, found.RowErrors}, err
}

// Range returns the stock of all SKUs with a quantity in the range. There are no pages:
// more than 1000 matches are an error, and the range has to be made smaller.
func (s *Inventory20Service) Range(ctx context.Context, stock StockRangeParams, opts ...shotengai.CallOption) (*shotengai.Page[Inventory20], error) {
	return rangeOfStock[Inventory20](ctx, s.client, inventory20, stock, opts...)
}

// BulkUpsert sets or changes the stock of many SKUs, 400 a call, and returns one row for
// each change, as InventoryService.BulkUpsert does.
func (s *Inventory20Service) BulkUpsert(ctx context.Context, changes []UpsertInventory20Request, opts ...shotengai.CallOption) (*shotengai.Results[SKU], error) {
	return bulkUpsertStock(ctx, s.client, inventory20, changes, opts...)
}
