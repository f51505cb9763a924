package billing_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

func TestYenString(t *testing.T) {
	t.Parallel()
	for want, amount := range map[string]billing.Yen{
		"¥0":                          0,
		"¥999":                        999,
		"¥1,000":                      1000,
		"¥1,234,567":                  1234567,
		"-¥1":                         -1,
		"-¥100,000":                   -100000,
		"¥9,223,372,036,854,775,807":  math.MaxInt64,
		"-¥9,223,372,036,854,775,808": math.MinInt64,
	} {
		assert.Equal(t, want, amount.String())
	}
}

func TestTaxRateString(t *testing.T) {
	t.Parallel()
	for want, rate := range map[string]billing.TaxRate{
		"0%": 0, "10%": billing.StandardRate, "8%": 800, "7.5%": 750, "6.25%": 625, "0.01%": 1, "-10%": -1000,
		"21474836.47%": math.MaxInt32, "-21474836.48%": math.MinInt32,
	} {
		assert.Equal(t, want, rate.String())
	}
}

func TestR3Tax(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		amount billing.Yen
		rate   billing.TaxRate
		want   billing.Yen
	}{
		{0, 1000, 0},
		{9, 1000, 0},
		{10, 1000, 1},
		{734, 1000, 73},
		{734, 800, 58},
		{734, 500, 36},
		{734, 0, 0},
		{734, 10000, 734},
		{1241, 1000, 124},
		{1234567, 625, 77160},
		{math.MaxInt64, 1000, math.MaxInt64 / 10},
		{math.MaxInt64, 10000, math.MaxInt64},
	} {
		got, err := billing.Tax(test.amount, test.rate)
		require.NoError(t, err)
		assert.Equal(t, test.want, got, "%s at %s", test.amount, test.rate)
	}
}

func TestTaxRefuses(t *testing.T) {
	t.Parallel()
	_, err := billing.Tax(-1, billing.StandardRate)
	require.ErrorIs(t, err, billing.ErrAmount)
	assert.ErrorContains(t, err, "-¥1")
	_, err = billing.Tax(100, -1)
	require.ErrorIs(t, err, billing.ErrRate)
	assert.ErrorContains(t, err, "-0.01%")
	_, err = billing.Tax(100, 10001)
	require.ErrorIs(t, err, billing.ErrRate)
	assert.ErrorContains(t, err, "100.01%")
}
