package colorme_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

// The steps of charge tables are read in odd spellings, and one that cannot be read costs the
// delivery method that it is of.
func TestOddTiers(t *testing.T) {
	t.Parallel()
	client := serveBytes(t, 200, []byte(`{"deliveries":[
		{"id":1,"charge":{"charge_ranges_by_price":[["5000",800.0]],"charge_ranges_by_weight":[["2000",[{"pref_id":"4","charge":"900"}]]]}},
		{"id":2,"charge":{"charge_ranges_by_price":[[5000,800],[100.5,900]]}},
		{"id":3,"charge":{"charge_ranges_by_weight":[[1,[]],[2,[{"charge":1},{"charge":"x"}]]]}},
		{"id":4,"charge":{"charge_ranges_by_price":[["",800]]}},
		{"id":5}]}`))
	page, err := client.Deliveries.List(t.Context())
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	assert.Equal(t, 5, *page.Total)
	charge := page.Items[0].Charge
	assert.Equal(t, []colorme.FeeTier{{Limit: 5000, Fee: 800}}, charge.ChargeRangesByPrice)
	assert.Equal(t, []colorme.WeightTier{{Limit: 2000, Areas: []colorme.DeliveryChargeByPrefecture{{PrefID: colorme.PrefAkita, Charge: 900}}}}, charge.ChargeRangesByWeight)
	require.Len(t, page.RowErrors, 3)
	require.EqualError(t, page.RowErrors[0], `colorme: GET /v1/deliveries: deliveries[1] (2): charge.charge_ranges_by_price[1][0]: 100.5 is not a whole number`)
	require.EqualError(t, page.RowErrors[1], `colorme: GET /v1/deliveries: deliveries[2] (3): charge.charge_ranges_by_weight[1][1][1].charge: "x" is not a whole number`)
	require.EqualError(t, page.RowErrors[2], `colorme: GET /v1/deliveries: deliveries[3] (4): charge.charge_ranges_by_price[0]: a tier is not a pair of a limit and a value`)
}

// One order that cannot be read is an error that names the place and has the answer.
func TestOneOrderThatCannotBeRead(t *testing.T) {
	t.Parallel()
	const body = `{"sale":{"id":7,"details":[{"price":1},{"price":100.5}]}}`
	_, err := serveBytes(t, 200, []byte(body)).Sales.Get(t.Context(), 7)
	require.EqualError(t, err, `colorme: GET /v1/sales/{id}: failed inside 200: the answer cannot be read: sale.details[1].price: 100.5 is not a whole number`)
	e, ok := errors.AsType[*shotengai.Error](err)
	require.True(t, ok)
	assert.Equal(t, body, string(e.Body))
	assert.Equal(t, 1, e.Attempts)
}
