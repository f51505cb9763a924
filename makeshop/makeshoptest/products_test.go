package makeshoptest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
)

// A change of stock looks at the product that it is about, however many products there are.
func TestStockChangesAreNoSearch(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1000, 4000} {
		srv := start(t, makeshoptest.WithProducts(0))
		client, err := srv.Client()
		require.NoError(t, err)
		var changes []makeshop.UpdateProductQuantityRequest
		var variations []makeshop.UpdateVariationQuantityRequest
		for i := range n {
			code := srv.Shop().AddProduct(map[string]any{
				"customCode": fmt.Sprintf("C%d", i), "quantity": 1, "variations": []any{map[string]any{"variationCustomCode": "red"}},
			})
			changes = append(changes, makeshop.UpdateProductQuantityRequest{
				ProductKeyType: makeshop.ByCustomCode, CustomCode: fmt.Sprintf("C%d", i), QuantityCalculationType: makeshop.QuantityAdd, Quantity: int64(i),
			})
			variations = append(variations, makeshop.UpdateVariationQuantityRequest{
				ProductKeyType: makeshop.BySystemCode, SystemCode: code, VariationQuantityDetails: []makeshop.VariationQuantityDetail{{
					VariationKeyType: makeshop.VariationByCustomCode, VariationCustomCode: "red", QuantityCalculationType: makeshop.QuantityAdd, Quantity: 5,
				}},
			})
		}
		products, err := client.ProductQuantities.Update(t.Context(), changes)
		require.NoError(t, err)
		require.NoError(t, products.Err())
		details, err := client.ProductQuantities.UpdateVariations(t.Context(), variations)
		require.NoError(t, err)
		require.NoError(t, details.Err())
		assert.Equal(t, 2*n, srv.Shop().Looks())

		last := srv.Shop().Products()[n-1]
		assert.Equal(t, n, last["quantity"])
		assert.Equal(t, 15, last["variations"].([]any)[0].(map[string]any)["variationQuantity"])
	}
}

// Of two products with a code of their own in common, a change is about the first.
func TestSharedCustomCode(t *testing.T) {
	t.Parallel()
	srv := start(t, makeshoptest.WithProducts(0))
	client, err := srv.Client()
	require.NoError(t, err)
	for range 2 {
		srv.Shop().AddProduct(map[string]any{"customCode": "C", "quantity": 1})
	}
	results, err := client.ProductQuantities.Update(t.Context(), []makeshop.UpdateProductQuantityRequest{{
		ProductKeyType: makeshop.ByCustomCode, CustomCode: "C", QuantityCalculationType: makeshop.QuantityAdd, Quantity: 1,
	}})
	require.NoError(t, err)
	require.NoError(t, results.Err())
	assert.Equal(t, []any{2, 1}, []any{srv.Shop().Products()[0]["quantity"], srv.Shop().Products()[1]["quantity"]})
}
