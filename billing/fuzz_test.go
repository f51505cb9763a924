package billing_test

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
)

// Any price, fee, instant and rate makes the exact charge or an error, never a
// wrapped amount.
func FuzzFirstCharge(f *testing.F) {
	f.Add(int64(1000), int64(0), int64(1791558000), int32(1000))
	f.Add(int64(1003), int64(505), int64(1791558000), int32(1000))
	f.Add(int64(math.MaxInt64), int64(0), int64(1790780400), int32(0))
	f.Add(int64(math.MaxInt64/2), int64(math.MaxInt64/2), int64(1790866800), int32(10000))
	f.Add(int64(1000), int64(0), int64(math.MinInt64), int32(1000))
	f.Add(int64(1000), int64(0), int64(math.MaxInt64), int32(1000))
	f.Fuzz(func(t *testing.T, price, fee, unix int64, rate int32) {
		on := time.Unix(unix, 0)
		p := billing.Plan{Monthly: billing.Yen(price), InitialFee: billing.Yen(fee)}
		c, err := billing.Rules{TaxRates: always(billing.TaxRate(rate))}.FirstCharge(p, on)
		if err != nil {
			require.Zero(t, c)
		}
		first, last := billing.Date(1, time.January, 1), billing.Date(10000, time.January, 1)
		if on.Before(first) || !on.Before(last) || on.IsZero() {
			require.ErrorIs(t, err, billing.ErrPeriod)
			return
		}
		if price < 0 || fee < 0 {
			require.ErrorIs(t, err, billing.ErrAmount)
			return
		}
		base := exactly(p.Monthly, billing.RemainingDays(on))
		net := new(big.Int).Add(base, big.NewInt(fee))
		tax := exactTax(net, billing.TaxRate(rate))
		total := new(big.Int).Add(net, tax)
		switch {
		case !net.IsInt64():
			require.ErrorIs(t, err, billing.ErrAmount)
		case rate < 0 || rate > 10000:
			require.ErrorIs(t, err, billing.ErrRate)
		case !total.IsInt64():
			require.ErrorIs(t, err, billing.ErrAmount)
		default:
			require.NoError(t, err)
			require.Equal(t, base.Int64(), int64(c.Base))
			require.Equal(t, tax.Int64(), int64(c.Tax))
			require.Equal(t, total.Int64(), int64(c.Total))
			require.NotEmpty(t, billing.Explain(c, shotengai.Japanese))
		}
	})
}

// Any plan change makes the exact charge or an error.
func FuzzPlanChangeCharge(f *testing.F) {
	f.Add(int64(2000), int64(734), int64(1792422000))
	f.Add(int64(math.MaxInt64), int64(0), int64(1790780400))
	f.Add(int64(math.MinInt64), int64(math.MaxInt64), int64(1790780400))
	f.Add(int64(3000), int64(math.MinInt64), int64(1790780400))
	f.Fuzz(func(t *testing.T, price, paid, unix int64) {
		on := time.Unix(unix%(1<<35), 0)
		c, err := billing.PlanChangeCharge(billing.Plan{}, billing.Plan{Monthly: billing.Yen(price)}, billing.Yen(paid), on)
		if price < 0 || paid < 0 {
			require.ErrorIs(t, err, billing.ErrAmount)
			return
		}
		base := exactly(billing.Yen(max(price-paid, 0)), billing.RemainingDays(on))
		total := new(big.Int).Add(base, exactTax(base, billing.StandardRate))
		if !total.IsInt64() {
			require.ErrorIs(t, err, billing.ErrAmount)
			return
		}
		require.NoError(t, err)
		require.Equal(t, total.Int64(), int64(c.Total))
	})
}

// Contract periods hold the day they are asked for, and a closing date is never
// before the uninstallation's day.
func FuzzClosingOn(f *testing.F) {
	f.Add(int64(1610118000), int64(1607526000))
	f.Add(int64(1772290800), int64(1769785200))
	f.Add(int64(math.MinInt64), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, uninstalled, start int64) {
		at, begun := time.Unix(uninstalled, 0), time.Unix(start, 0)
		closing, err := billing.ClosingOn(at, begun)
		if err != nil {
			require.ErrorIs(t, err, billing.ErrPeriod)
			return
		}
		from, to, err := billing.ContractPeriod(begun, at)
		require.NoError(t, err)
		require.False(t, at.Before(from))
		require.True(t, at.Before(to.AddDate(0, 0, 1)))
		require.False(t, closing.Before(to))
		require.Equal(t, 1, billing.RemainingDays(closing))
	})
}
