package makeshop

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files")

// TestClientFile holds the file that internal/schemagen compares with the platform's
// reference: every document in full, and every input that the client can send.
func TestClientFile(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, op := range []operation{
		getAccessBodyTag, getAccessHeadTag, getProductCategory, getShop, getShopDeliverySetting, searchMember, OrderAll.operation(),
		searchProduct, searchProductQuantity,
		cancelOrder, createCoupon, updateMemberShopPoint, updateOrderAttribute, updateOrderDeliveryStatus, updateProductQuantity, updateVariationQuantity,
	} {
		b.WriteString(op.text + "\n")
	}
	for _, in := range []struct{ name, fields string }{
		{"SearchMemberRequest", Select[ListMembersParams]()},
		{"SearchOrderRequest", Select[ListOrdersParams]()},
		{"SearchProductRequest", Select[ListProductsParams]()},
		{"SearchProductQuantityRequest", Select[ListProductQuantitiesParams]()},
		{"CancelOrderRequest", rowsOf("cancelOrderRequests", Select[CancelOrder]())},
		{"CreateCouponRequest", rowsOf("coupons", Select[createCouponInput]())},
		{"UpdateMemberShopPointRequest", rowsOf("shopPoints", Select[UpdateMemberShopPoint]())},
		{"UpdateOrderAttributeRequest", rowsOf("updateOrderAttributes", Select[UpdateOrderAttribute]())},
		{"UpdateOrderDeliveryStatusRequest", rowsOf("updateOrderDeliveryStatusRequests", Select[UpdateOrderDelivery]())},
		{"UpdateProductQuantityRequest", rowsOf("productQuantities", Select[UpdateProductQuantity]())},
		{"UpdateVariationQuantityRequest", rowsOf("variationQuantities", Select[UpdateVariationQuantity]())},
	} {
		b.WriteString("input " + in.name + " { " + in.fields + " }\n")
	}
	const file = "testdata/client.graphql"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), b.String(), "run with -update")
}

func rowsOf(name, fields string) string { return name + " { " + fields + " }" }
