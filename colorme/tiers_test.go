package colorme_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme"
)

// Limits are exclusive, although the documentation says "up to".
func TestFee(t *testing.T) {
	t.Parallel()
	tiers := []colorme.FeeTier{{Limit: 10_000, Fee: 330}, {Limit: 30_000, Fee: 440}}
	for _, tt := range []struct {
		amount, fee int64
		beyond      *int64
		ok          bool
	}{
		{0, 330, nil, true},
		{9_999, 330, nil, true},
		{10_000, 440, nil, true},
		{30_000, 0, nil, false},
		{30_000, 660, new(int64(660)), true},
	} {
		fee, ok := colorme.Fee(tiers, tt.beyond, tt.amount)
		assert.Equal(t, tt.ok, ok, tt.amount)
		assert.Equal(t, tt.fee, fee, tt.amount)
	}
}

func TestTiers(t *testing.T) {
	t.Parallel()
	var charge colorme.DeliveryCharge
	require.NoError(t, json.Unmarshal([]byte(`{"charge_ranges_by_price":[[5000,800]],"charge_max_price":null,
		"charge_ranges_by_weight":[[2000,[{"pref_id":4,"pref_name":"秋田県","charge":900}]]]}`), &charge))
	assert.Equal(t, []colorme.FeeTier{{Limit: 5000, Fee: 800}}, charge.ChargeRangesByPrice)
	assert.Equal(t, []colorme.WeightTier{{Limit: 2000, Areas: []colorme.DeliveryChargeByPrefecture{{PrefID: colorme.PrefAkita, PrefName: "秋田県", Charge: 900}}}}, charge.ChargeRangesByWeight)
	assert.Nil(t, charge.ChargeMaxPrice)
	data, err := json.Marshal(charge)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"charge_ranges_by_weight":[[2000,[{"pref_id":4,`)

	for _, bad := range []string{`[1]`, `[1,2,3]`, `{}`, `"x"`, `[null,1]`, `[1,null]`, `null`, `[1,"x"]`, `[1.5,2]`} {
		require.Error(t, new(colorme.FeeTier).UnmarshalJSON([]byte(bad)), bad)
		require.Error(t, new(colorme.WeightTier).UnmarshalJSON([]byte(bad)), bad)
	}
}

func TestPaymentsWithoutAChangeableFee(t *testing.T) {
	t.Parallel()
	var flat, table colorme.PaymentCOD
	require.NoError(t, json.Unmarshal([]byte(`{"changeable":false}`), &flat))
	assert.Equal(t, colorme.PaymentCOD{}, flat)
	const sent = `{"changeable":true,"fees":[[10000,330]],"fee_max":null,"changeable_by_total":false}`
	require.NoError(t, json.Unmarshal([]byte(sent), &table))
	data, err := json.Marshal(table)
	require.NoError(t, err)
	assert.JSONEq(t, sent, string(data))
}

func FuzzTiers(f *testing.F) {
	for _, seed := range []string{`[1,2]`, `[2000,[{"pref_id":1,"pref_name":"北海道","charge":1}]]`, `[[],5]`, `[[],[]]`, `[null,null]`, `[]`, ` [ 1 , 2 ] `, `[1,-0]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var fee, feeAgain colorme.FeeTier
		if json.Unmarshal(data, &fee) == nil && string(data) != "null" {
			again, err := json.Marshal(fee)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(again, &feeAgain))
			assert.Equal(t, fee, feeAgain)
		}
		var weight, weightAgain colorme.WeightTier
		if json.Unmarshal(data, &weight) == nil && string(data) != "null" {
			again, err := json.Marshal(weight)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(again, &weightAgain))
			assert.Equal(t, weight.Limit, weightAgain.Limit)
			assert.Equal(t, len(weight.Areas), len(weightAgain.Areas))
		}
	})
}
