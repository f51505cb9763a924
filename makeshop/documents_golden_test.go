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
		cancelOrder.operation, createCoupon.operation, updateMemberShopPoint.operation, updateOrderAttribute.operation,
		updateOrderDeliveryStatus.operation, updateProductQuantity.operation, updateVariationQuantity.operation,
	} {
		b.WriteString(op.text + "\n")
	}
	for _, in := range []struct{ name, fields string }{
		{"SearchMemberRequest", Select[ListMembersParams]()},
		{"SearchOrderRequest", Select[ListOrdersParams]()},
		{"SearchProductRequest", Select[ListProductsParams]()},
		{"SearchProductQuantityRequest", Select[ListProductQuantitiesParams]()},
		{"CancelOrderRequest", rowsOf(cancelOrder.field, Select[CancelOrderRequest]())},
		{"CreateCouponRequest", rowsOf(createCoupon.field, Select[createCouponInput]())},
		{"UpdateMemberShopPointRequest", rowsOf(updateMemberShopPoint.field, Select[UpdateMemberShopPointRequest]())},
		{"UpdateOrderAttributeRequest", rowsOf(updateOrderAttribute.field, Select[UpdateOrderAttributeRequest]())},
		{"UpdateOrderDeliveryStatusRequest", rowsOf(updateOrderDeliveryStatus.field, Select[UpdateOrderDeliveryRequest]())},
		{"UpdateProductQuantityRequest", rowsOf(updateProductQuantity.field, Select[UpdateProductQuantityRequest]())},
		{"UpdateVariationQuantityRequest", rowsOf(updateVariationQuantity.field, Select[UpdateVariationQuantityRequest]())},
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
