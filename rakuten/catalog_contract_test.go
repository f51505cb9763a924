//go:build contract

package rakuten_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// catalog calls a mock of the platform made from its description. The mock refuses
// requests that break the description, and its answers have every member.
func catalog(t *testing.T, opts ...shotengai.Option) *rakuten.Client {
	t.Helper()
	opts = append([]shotengai.Option{shotengai.WithTestServer(os.Getenv("CONTRACT_URL")), shotengai.WithLimiter(nil), shotengai.WithStrictDecoding()}, opts...)
	client, err := rakuten.NewClient(rakuten.StaticLicense(rakuten.License{ServiceSecret: "SP1_secret", Key: "SL1_key"}), opts...)
	require.NoError(t, err)
	return client
}

// gave takes the two results of a method.
func gave(t *testing.T) func(any, error) {
	t.Helper()
	return func(_ any, err error) {
		t.Helper()
		require.NoError(t, err)
	}
}

func TestContractInventory(t *testing.T) {
	inventory, ctx := catalog(t).Inventory, t.Context()
	sku := rakuten.SKU{ManageNumber: "shirt", VariantID: "Red-M"}
	change := rakuten.UpsertInventoryRequest{
		SKU: sku, Mode: rakuten.StockAbsolute, Quantity: 3,
		OperationLeadTime: &rakuten.OperationLeadTime{NormalDeliveryTimeID: new(1), BackOrderDeliveryTimeID: new(2)}, ShipFromIDs: []int{4},
	}
	gave(t)(inventory.Get(ctx, sku))
	require.NoError(t, inventory.Upsert(ctx, change))
	require.NoError(t, inventory.Delete(ctx, sku))
	gave(t)(inventory.BulkGet(ctx, []rakuten.SKU{sku}))
	gave(t)(inventory.Range(ctx, rakuten.StockRangeParams{MinQuantity: new(0), MaxQuantity: new(10)}))
	gave(t)(inventory.BulkUpsert(ctx, []rakuten.UpsertInventoryRequest{change, {SKU: rakuten.SKU{ManageNumber: "b", VariantID: "c"}, Mode: rakuten.StockRelative, Quantity: -2}}))
	gave(t)(inventory.Variants(ctx, "shirt"))
}

func TestContractInventory20(t *testing.T) {
	inventory, ctx := catalog(t).Inventory20, t.Context()
	sku := rakuten.SKU{ManageNumber: "shirt", VariantID: "Red-M"}
	change := rakuten.UpsertInventory20Request{SKU: sku, Mode: rakuten.StockRelative, Quantity: -3}
	gave(t)(inventory.Get(ctx, sku))
	require.NoError(t, inventory.Upsert(ctx, change))
	require.NoError(t, inventory.Delete(ctx, sku))
	gave(t)(inventory.BulkGet(ctx, []rakuten.SKU{sku}))
	gave(t)(inventory.Range(ctx, rakuten.StockRangeParams{MinQuantity: new(0), MaxQuantity: new(10)}))
	gave(t)(inventory.BulkUpsert(ctx, []rakuten.UpsertInventory20Request{change}))
}
