package makeshop

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// selected is what an operation's document asks for below its root field.
func selected(t *testing.T, op operation) []string {
	t.Helper()
	d, err := parseDocument(op.text)
	require.NoError(t, err)
	assert.Equal(t, op.document(), d, "the document is what the operation says it is")
	_, below, found := strings.Cut(op.text, "{ "+op.root)
	require.True(t, found, op.text)
	below = strings.TrimPrefix(below, "(input: $input)")
	return strings.Fields(strings.TrimSuffix(strings.TrimSpace(below), "}"))
}

// TestDocumentsSelectTheirTypes holds that the full documents ask for every field of the
// Go types, and for nothing else.
func TestDocumentsSelectTheirTypes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		op   operation
		want string
	}{
		{getShop, Select[getShopResponse]()},
		{getShopDeliverySetting, Select[getShopDeliverySettingResponse]()},
		{getAccessBodyTag, Select[getAccessTagResponse]()},
		{getAccessHeadTag, Select[getAccessTagResponse]()},
		{getProductCategory, Select[getProductCategoryResponse]()},
		{searchMember, Select[searchMemberResponse]()},
		{searchProduct, Select[searchProductResponse]()},
		{searchProductQuantity, Select[searchProductQuantityResponse]()},
		{OrderAll.operation(), Select[searchOrderResponse]()},
		{updateMemberShopPoint.operation, Select[updateMemberShopPointResponse]()},
		{updateOrderDeliveryStatus.operation, Select[updateOrderDeliveryStatusResponse]()},
		{cancelOrder.operation, Select[cancelOrderResponse]()},
		{updateProductQuantity.operation, Select[updateProductQuantityResponse]()},
		{updateVariationQuantity.operation, Select[updateVariationQuantityResponse]()},
		{createCoupon.operation, Select[createCouponResponse]()},
	} {
		t.Run(tt.op.root, func(t *testing.T) {
			t.Parallel()
			assert.ElementsMatch(t, strings.Fields("{ "+tt.want+" }"), selected(t, tt.op))
		})
	}
}

// TestLeanDocumentsSelectLess holds that lean documents ask for a part of the full ones.
func TestLeanDocumentsSelectLess(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ lean, full operation }{
		{getShopLean, getShop}, {getProductCategoryLean, getProductCategory}, {searchMemberLean, searchMember}, {searchProductLean, searchProduct},
	} {
		lean, full := selected(t, tt.lean), selected(t, tt.full)
		assert.Subset(t, full, lean, tt.lean.root)
		assert.Less(t, len(lean), len(full), tt.lean.root)
	}
	for parts := range OrderAll {
		op := (parts + 1).operation()
		assert.Subset(t, selected(t, OrderAll.operation()), selected(t, op))
		assert.Contains(t, op.text, "systemOrderNumber")
		assert.Equal(t, parts+1 >= OrderDeliveries, strings.Contains(op.text, "deliveryInfos {"), op.text)
		assert.Equal(t, (parts+1)&(OrderLines|OrderOptions) != 0, strings.Contains(op.text, "basketInfos"), op.text)
	}
	assert.Equal(t, OrderAll.operation(), OrderParts(0).operation())
}

func FuzzParseDocument(f *testing.F) {
	for _, seed := range []string{
		"", "{ a }", "query q($a: Int = 1) { a(b: \"}\") }", "mutation { a } fragment f on T { b }", `query { a(t: """ " } """) }`,
		"# c", "query q { __schema { a } }", "}{", "\"", "\"\"\"", notSelected + "x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := parseDocument(text)
		if err != nil {
			return
		}
		assert.Contains(t, []string{"query", "mutation"}, d.kind)
		assert.True(t, d.name == "" || isName(d.name))
		if d.kind == "mutation" {
			assert.Contains(t, text, "mutation")
		}
	})
}

func FuzzErrors(f *testing.F) {
	for _, seed := range []string{
		"", "<html>", `{"errors":[{"message":"m","path":["a",0],"extensions":{"code":"FORBIDDEN"}}],"data":{"a":1}}`,
		`{"errors":["text",null,7]}`, `{"errors":{}}`, `{"data":[],"errors":[{}]}`, "{\"errors\":[{\"message\":\"\xff\"}]}",
	} {
		f.Add(200, []byte(seed))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		v := classify(&api.Reply{Operation: "query q", StatusCode: status, Body: body})
		if v.Refused {
			assert.NotEmpty(t, v.Details)
			assert.True(t, v.Kind != nil || status < 200 || status >= 300)
		}
		e := &shotengai.Error{
			Platform: "makeshop", Operation: "query q", StatusCode: status, Code: v.Code, Message: v.Message, Field: v.Field,
			Details: v.Details, RequestID: v.RequestID, Kind: v.Kind, Cause: v.Cause,
		}
		assert.NotContains(t, e.Error(), "\n")
		assert.Equal(t, v.Cause != nil, errors.Is(e, ErrPartial))
	})
}
