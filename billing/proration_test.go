package billing_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

func TestR2Prorate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		price billing.Yen
		days  int
		want  billing.Yen
	}{
		{1000, 22, 734},
		{1000, 1, 34},
		{1000, 30, 1000},
		{1000, 31, 1034},
		{1000, 28, 934},
		{1000, 29, 967},
		{1000, 2, 67},
		{980, 15, 490},
		{980, 22, 719},
		{900, 10, 300},
		{9, 1, 1},
		{62, 15, 31},
		{0, 31, 0},
		{math.MaxInt64, 30, math.MaxInt64},
		{math.MaxInt64, 29, 8915926302292949947},
		{math.MaxInt64 / 31 * 30, 31, math.MaxInt64 / 31 * 31},
	} {
		got, err := billing.Prorate(test.price, test.days)
		require.NoError(t, err)
		assert.Equal(t, test.want, got, "%s for %d days", test.price, test.days)
	}
}

func TestProrateRefuses(t *testing.T) {
	t.Parallel()
	for _, days := range []int{math.MinInt, -1, 0, 32, math.MaxInt} {
		_, err := billing.Prorate(1000, days)
		require.ErrorIs(t, err, billing.ErrDays)
	}
	_, err := billing.Prorate(1000, 32)
	require.ErrorContains(t, err, "32")
	_, err = billing.Prorate(-1000, 22)
	require.ErrorIs(t, err, billing.ErrAmount)
	require.ErrorContains(t, err, "-¥1,000 is negative")
	_, err = billing.Prorate(math.MaxInt64, 31)
	require.ErrorIs(t, err, billing.ErrAmount)
	assert.ErrorContains(t, err, "too large")
}

// The dearest price of which a month of 31 days can still be computed, and the next one.
func TestProrateUpToTheLastYen(t *testing.T) {
	t.Parallel()
	const last billing.Yen = math.MaxInt64/31*30 + 6 // 7 yen are left for the six, of which it takes 6.2
	got, err := billing.Prorate(last, 31)
	require.NoError(t, err)
	assert.EqualValues(t, int64(math.MaxInt64), got)
	_, err = billing.Prorate(last+1, 31)
	require.ErrorIs(t, err, billing.ErrAmount)
}

// exactly is ceil(price × days ÷ 30) in integers without bounds.
func exactly(price billing.Yen, days int) *big.Int {
	product := new(big.Int).Mul(big.NewInt(int64(price)), big.NewInt(int64(days)))
	return product.Add(product, big.NewInt(29)).Div(product, big.NewInt(30))
}

func exactTax(amount *big.Int, rate billing.TaxRate) *big.Int {
	product := new(big.Int).Mul(amount, big.NewInt(int64(rate)))
	return product.Div(product, big.NewInt(10000))
}

// The obvious ceil(price / 30 * days) in floating point is wrong for 1,097 of
// these pairs.
func TestProrateWhereFloatsFail(t *testing.T) {
	t.Parallel()
	wrong := 0
	for price := billing.Yen(1); price <= 20000; price++ {
		for days := 1; days <= 31; days++ {
			got, err := billing.Prorate(price, days)
			if err != nil || int64(got) != (int64(price)*int64(days)+29)/30 {
				t.Fatalf("%s for %d days: %s, %v", price, days, got, err)
			}
			daily := float64(price) / 30
			if billing.Yen(math.Ceil(daily*float64(days))) != got {
				wrong++
			}
		}
	}
	assert.Equal(t, 1097, wrong)
}

func FuzzProrate(f *testing.F) {
	f.Add(int64(1000), 22)
	f.Add(int64(math.MaxInt64), 31)
	f.Add(int64(math.MaxInt64/31*30+30), 31)
	f.Add(int64(math.MinInt64), 0)
	f.Fuzz(func(t *testing.T, price int64, days int) {
		got, err := billing.Prorate(billing.Yen(price), days)
		switch want := exactly(billing.Yen(price), days); {
		case days < 1 || days > 31:
			require.ErrorIs(t, err, billing.ErrDays)
		case price < 0 || !want.IsInt64():
			require.ErrorIs(t, err, billing.ErrAmount)
		default:
			require.NoError(t, err)
			require.Equal(t, want.Int64(), int64(got))
		}
	})
}

func FuzzTax(f *testing.F) {
	f.Add(int64(734), int32(1000))
	f.Add(int64(math.MaxInt64), int32(10000))
	f.Add(int64(math.MaxInt64), int32(math.MaxInt32))
	f.Fuzz(func(t *testing.T, amount int64, rate int32) {
		got, err := billing.Tax(billing.Yen(amount), billing.TaxRate(rate))
		switch {
		case rate < 0 || rate > 10000:
			require.ErrorIs(t, err, billing.ErrRate)
		case amount < 0:
			require.ErrorIs(t, err, billing.ErrAmount)
		default:
			require.NoError(t, err)
			require.Equal(t, exactTax(big.NewInt(amount), billing.TaxRate(rate)).Int64(), int64(got))
		}
	})
}
