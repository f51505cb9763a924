//go:build contract

package makeshop_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

// contractClient calls a mock of the platform made from what is known of its schema. The
// mock refuses documents and variables that break the schema.
func contractClient(t *testing.T) *makeshop.Client {
	t.Helper()
	client, err := makeshop.NewClient(makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: "key"},
		makeshop.PersistentToken("PAT.token"),
		shotengai.WithTestServer(os.Getenv("CONTRACT_URL")), shotengai.WithLimiter(nil), shotengai.WithStrictDecoding())
	require.NoError(t, err)
	return client
}

// answered takes the two results of a method.
func answered(t *testing.T) func(any, error) {
	t.Helper()
	return func(_ any, err error) {
		t.Helper()
		require.NoError(t, err)
	}
}

// rows takes the two results of a mutation. The mock fills in a message of failure.
func rows(t *testing.T) func(interface{ Err() error }, error) {
	t.Helper()
	return func(results interface{ Err() error }, err error) {
		t.Helper()
		require.NoError(t, err)
		assert.Error(t, results.Err())
	}
}

func TestContractShop(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	require.NoError(t, client.Verify(ctx))
	answered(t)(client.Shop.Get(ctx))
	answered(t)(client.Shop.GetLean(ctx))
	answered(t)(client.Shop.DeliverySetting(ctx))
	answered(t)(client.AccessTags.GetBody(ctx, nil))
	answered(t)(client.AccessTags.GetHead(ctx, makeshop.GetAccessTagRequest{"key": "k"}))
	answered(t)(client.ProductCategories.List(ctx))
	answered(t)(client.ProductCategories.ListLean(ctx))
}

func TestContractMembers(t *testing.T) {
	members, ctx := contractClient(t).Members, t.Context()
	day := makeshop.DateOf(time.Date(2026, 1, 2, 3, 4, 5, 0, shotengai.JST))
	for _, lean := range []bool{false, true} {
		answered(t)(members.List(ctx, makeshop.ListMembersParams{
			MemberID: "m", Email: "a@example.com", JoinDateFrom: day, JoinDateTo: day, Page: 1, Limit: 10, Lean: lean,
		}))
	}
	rows(t)(members.UpdateShopPoints(ctx, []makeshop.UpdateMemberShopPointRequest{{MemberID: "m", Point: 5, Comment: new("c")}}))
}

func TestContractOrders(t *testing.T) {
	orders, ctx := contractClient(t).Orders, t.Context()
	at := makeshop.At(time.Date(2026, 1, 2, 3, 4, 5, 0, shotengai.JST))
	params := makeshop.ListOrdersParams{
		StartOrderDate: at, EndOrderDate: at, StartPaymentDate: at, EndPaymentDate: at,
		DeliveryStatus: makeshop.DeliveryShipped, SortOrder: makeshop.Descending, Page: 1, Limit: 10,
	}
	for params.Parts = 0; params.Parts <= makeshop.OrderAll; params.Parts++ {
		answered(t)(orders.List(ctx, params))
	}
	rows(t)(orders.UpdateAttributes(ctx, []makeshop.UpdateOrderAttributeRequest{{
		DisplayOrderNumber: "1", DeliveryRequestInfos: []makeshop.DeliveryRequestInfo{
			{DeliveryID: new("2"), SlipNumber: new("3"), DeliveryCompanyCode: makeshop.CarrierYamato},
		},
	}}))
	rows(t)(orders.UpdateDeliveryStatuses(ctx, []makeshop.UpdateOrderDeliveryRequest{
		{DisplayOrderNumber: "1", DeliveryID: new("2"), DeliveryStatus: makeshop.UpdateDeliveryCompleted},
	}))
	rows(t)(orders.Cancel(ctx, []makeshop.CancelOrderRequest{
		{DisplayOrderNumber: "1", DeliveryID: new("2"), IsReturnStock: new(true), IsReturnPoint: new(false)},
	}))
}

func TestContractProducts(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	for _, params := range []makeshop.ListProductsParams{
		{SystemCodes: []string{"000000000001"}, CustomCode: "c", CategoryCode: "g", LastUpdateFrom: "f", LastUpdateTo: "t", SortOrder: makeshop.Ascending, Page: 1, Limit: 10},
		{SystemCode: "000000000001", Lean: true},
	} {
		answered(t)(client.Products.List(ctx, params))
	}
	quantities := client.ProductQuantities
	answered(t)(quantities.List(ctx, makeshop.ListProductQuantitiesParams{SystemCodes: []string{"1"}, Page: 1, Limit: 10}))
	rows(t)(quantities.Update(ctx, []makeshop.UpdateProductQuantityRequest{
		{SystemCode: "1", QuantityCalculationType: makeshop.QuantityAdd, Quantity: -1},
		{ProductKeyType: makeshop.ByCustomCode, CustomCode: "c", QuantityCalculationType: makeshop.QuantityAdd, Quantity: 1},
	}))
	detail := makeshop.VariationQuantityDetail{
		VariationKeyType: makeshop.VariationByCustomCode, VariationCustomCode: "v", QuantityCalculationType: makeshop.QuantityAdd, Quantity: 2,
	}
	rows(t)(quantities.UpdateVariations(ctx, []makeshop.UpdateVariationQuantityRequest{
		{SystemCode: "1", VariationQuantityDetails: []makeshop.VariationQuantityDetail{detail}},
		{ProductKeyType: makeshop.ByCustomCode, CustomCode: "c", VariationQuantityDetails: []makeshop.VariationQuantityDetail{detail}},
	}))
}

func TestContractCoupons(t *testing.T) {
	at := makeshop.CouponAt(time.Date(2026, 1, 2, 3, 4, 5, 0, shotengai.JST))
	results, err := contractClient(t).Coupons.Create(t.Context(), []makeshop.CreateCouponRequest{
		{
			Code: "NEWYEAR", Name: "new year", IsEnabled: new(true), DiscountType: makeshop.DiscountFixedAmount, FixedAmount: 100,
			IsTargetProduct: new(false), IsForOnlyMember: true, MaximumMemberUsableCount: new(uint64(1)), MemberGroupIDs: []int64{1},
			MinimumPrice: new(uint64(1000)), TotalUseCount: new(uint64(5)), StartedAt: at, EndedAt: makeshop.CouponAt(at.AddDate(0, 1, 0)),
		},
		{CodeAutoCreate: true, Name: "rate", DiscountType: makeshop.DiscountFixedRate, FixedRate: 10},
		{CodeAutoCreate: true, Name: "free", DiscountType: makeshop.DiscountFreeDeliveryFee},
	})
	require.NoError(t, err)
	assert.Len(t, results.Rows, 3) // the mock makes up whether they succeeded
}

// contractOrder names two of an order's fields, and an object below it.
type contractOrder struct {
	DisplayOrderNumber string
	Total              int64 `json:"sumPrice"`
	DeliveryInfos      []struct {
		Lines []makeshop.Line `json:"lines" graphql:"lines: basketInfos"`
	}
}

func TestContractSelect(t *testing.T) {
	client, ctx := contractClient(t), t.Context()
	var out struct {
		SearchOrder struct {
			Orders        []contractOrder
			SearchedCount int
		}
	}
	document := "query ($input: SearchOrderRequest!) { searchOrder(input: $input) { searchedCount orders {" + makeshop.Select[contractOrder]() + "} } }"
	require.NoError(t, client.Query(ctx, document, map[string]any{"input": makeshop.ListOrdersParams{Limit: 1}}, &out))
	assert.NotEmpty(t, out.SearchOrder.Orders[0].DeliveryInfos[0].Lines[0].ProductName)
}
