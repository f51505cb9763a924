package makeshop_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

// Prices come as numbers, as text and with a decimal point.
func TestOddSpellingsOfAnOrder(t *testing.T) {
	t.Parallel()
	const body = `{"data":{"searchOrder":{"orders":[
		{"systemOrderNumber":1,"sumPrice":"3800","memberId":60,"discountPerTax":[{"taxRate":"10","discount":""}]},
		{"systemOrderNumber":"2","sumPrice":3800.0,"orderDate":20260131123456,"deliveryInfos":[{"shippingCharge":"800.0","basketInfos":[{"amount":"2"}]}]},
		{"systemOrderNumber":"3","sumPrice":100.5},
		{"systemOrderNumber":"4","sumPrice":null,"deliveryInfos":[{"basketInfos":[{"amount":1},{"amount":"1.5"}]}]},
		{"systemOrderNumber":"5","sumPrice":"--"}],"searchedCount":"5","page":1}}}`
	client := newClient(t, newServer(t, ok(body)))
	page, err := client.Orders.List(t.Context(), makeshop.ListOrdersParams{})
	require.NoError(t, err)
	assert.Equal(t, 5, *page.Total)
	assert.Equal(t, []makeshop.Order{
		{SystemOrderNumber: "1", SumPrice: 3800, MemberID: "60", DiscountPerTax: []makeshop.TaxDiscount{{TaxRate: 10}}},
		{
			SystemOrderNumber: "2", SumPrice: 3800, OrderDate: "20260131123456",
			DeliveryInfos: []makeshop.Delivery{{ShippingCharge: 800, BasketInfos: []makeshop.Line{{Amount: 2}}}},
		},
		{SystemOrderNumber: "5"},
	}, page.Items)
	require.Len(t, page.RowErrors, 2)
	require.EqualError(t, page.RowErrors[0], `makeshop: query searchOrder: orders[2] (3): sumPrice: 100.5 is not a whole number`)
	require.EqualError(t, page.RowErrors[1], `makeshop: query searchOrder: orders[3] (4): deliveryInfos[0].basketInfos[1].amount: "1.5" is not a whole number`)

	seen, odd := 0, 0
	for _, err := range client.Orders.All(t.Context(), makeshop.ListOrdersParams{}) {
		if row, ok := errors.AsType[*shotengai.RowError](err); ok {
			assert.Contains(t, []string{"3", "4"}, row.ID)
			odd++
			continue
		}
		require.NoError(t, err)
		seen++
	}
	assert.Equal(t, []int{3, 2}, []int{seen, odd}, "all five are counted, so that no further page is asked for")
}

// What comes beside errors is read as leniently, rows included.
func TestOddSpellingsBesideErrors(t *testing.T) {
	t.Parallel()
	const body = "{\"errors\":[{\"message\":\"one is\tmissing\xff\"}],\"data\":{\"searchOrder\":{\"orders\":[{\"systemOrderNumber\":\"1\",\"sumPrice\":\"5\"},{\"systemOrderNumber\":\"2\",\"sumPrice\":{}}]}}}"
	page, err := newClient(t, newServer(t, ok(body))).Orders.List(t.Context(), makeshop.ListOrdersParams{})
	require.ErrorIs(t, err, makeshop.ErrPartial)
	require.ErrorContains(t, err, "one is missing\ufffd")
	require.NotNil(t, page)
	assert.Equal(t, []makeshop.Order{{SystemOrderNumber: "1", SumPrice: 5}}, page.Items)
	require.Len(t, page.RowErrors, 1)
	assert.Equal(t, "2", page.RowErrors[0].ID)
}

// A query into a type of the caller's is read as leniently, and what cannot be read is named.
func TestOddSpellingsOfAQuery(t *testing.T) {
	t.Parallel()
	type thing struct {
		Things []struct {
			Price int64 `json:"price"`
			Shown *bool `json:"shown"`
			Name  string
		} `json:"things"`
	}
	query := func(body string) (out thing, err error) {
		err = newClient(t, newServer(t, ok(body))).Query(t.Context(), "{ things { price } }", nil, &out)
		return out, err
	}
	out, err := query("{\"data\":{\"things\":[{\"price\":\"5\",\"shown\":1,\"name\":\"a\x01\"},{\"price\":6.0}]}}")
	require.NoError(t, err)
	require.Len(t, out.Things, 2)
	assert.EqualValues(t, 5, out.Things[0].Price)
	assert.True(t, *out.Things[0].Shown)
	assert.Equal(t, "a\ufffd", out.Things[0].Name)
	assert.EqualValues(t, 6, out.Things[1].Price)
	assert.Nil(t, out.Things[1].Shown, "nothing of the row before is left")

	_, err = query(`{"data":{"things":[{"price":5},{"price":5.5}]}}`)
	require.ErrorContains(t, err, "data.things[1].price: 5.5 is not a whole number")
	out, err = query(`{"data":{"things":[{"price":"5"}]},"errors":[{"message":"m"}]}`)
	require.ErrorIs(t, err, makeshop.ErrPartial)
	require.Len(t, out.Things, 1)
	assert.EqualValues(t, 5, out.Things[0].Price)

	var free map[string]any
	require.NoError(t, newClient(t, newServer(t, ok("{\"data\":{\"a\":\"x\x02\"}}"))).Query(t.Context(), "{ a }", nil, &free))
	assert.Equal(t, map[string]any{"a": "x\ufffd"}, free)
}
