package billing_test

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/shotengai/shotengai-go/billing"
)

// price favours the prices that plans have, and still reaches any.
func price() *rapid.Generator[billing.Yen] {
	return rapid.Custom(func(t *rapid.T) billing.Yen {
		if rapid.Bool().Draw(t, "any") {
			return billing.Yen(rapid.Int64Min(0).Draw(t, "price"))
		}
		return billing.Yen(rapid.Int64Range(0, 100_000).Draw(t, "price"))
	})
}

func monthly() *rapid.Generator[billing.Yen] {
	return rapid.Custom(func(t *rapid.T) billing.Yen {
		return billing.Yen(rapid.Int64Range(1, 1_000_000).Draw(t, "monthly"))
	})
}

func days() *rapid.Generator[int] { return rapid.IntRange(1, 31) }

func rate() *rapid.Generator[billing.TaxRate] {
	return rapid.Custom(func(t *rapid.T) billing.TaxRate {
		return billing.TaxRate(rapid.Int32Range(0, 10000).Draw(t, "rate"))
	})
}

// instant is any moment of eight years, in any zone.
func instant() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		from, to := billing.Date(2024, time.January, 1), billing.Date(2032, time.January, 1)
		unix := rapid.Int64Range(from.Unix(), to.Unix()-1).Draw(t, "unix")
		offset := rapid.IntRange(-12, 14).Draw(t, "zone")
		return time.Unix(unix, rapid.Int64Range(0, 999_999_999).Draw(t, "nano")).In(time.FixedZone("zone", offset*60*60))
	})
}

func fraction(numerator *big.Int, denominator int64) *big.Rat {
	return new(big.Rat).SetFrac(numerator, big.NewInt(denominator))
}

func product(a billing.Yen, b int64) *big.Int {
	return new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(b))
}

// ceil and floor are exact on rationals.
func ceil(r *big.Rat) *big.Int {
	negative := new(big.Int).Neg(r.Num())
	return negative.Neg(negative.Div(negative, r.Denom()))
}

func floor(r *big.Rat) *big.Int { return new(big.Int).Div(r.Num(), r.Denom()) }

func TestProrateAgainstRationals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, d := price().Draw(t, "price"), days().Draw(t, "days")
		exact := fraction(product(p, int64(d)), 30)
		want := ceil(exact)
		got, err := billing.Prorate(p, d)
		if !want.IsInt64() {
			require.ErrorIs(t, err, billing.ErrAmount)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want.Int64(), int64(got))

		above := new(big.Rat).Sub(new(big.Rat).SetInt64(int64(got)), exact)
		require.GreaterOrEqual(t, above.Sign(), 0, "never below the exact value")
		require.Negative(t, above.Cmp(big.NewRat(1, 1)), "never a yen above it")
	})
}

func TestProrateAgainstDecimals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, d := monthly().Draw(t, "price"), days().Draw(t, "days")
		quotient, rest := decimal.NewFromInt(int64(p)).Mul(decimal.NewFromInt(int64(d))).QuoRem(decimal.NewFromInt(30), 0)
		if rest.IsPositive() {
			quotient = quotient.Add(decimal.NewFromInt(1))
		}
		got, err := billing.Prorate(p, d)
		require.NoError(t, err)
		require.Equal(t, quotient.IntPart(), int64(got))
	})
}

func TestProrateIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, d := monthly().Draw(t, "price"), rapid.IntRange(1, 30).Draw(t, "days")
		here, err := billing.Prorate(p, d)
		require.NoError(t, err)
		longer, err := billing.Prorate(p, d+1)
		require.NoError(t, err)
		dearer, err := billing.Prorate(p+1, d)
		require.NoError(t, err)
		require.GreaterOrEqual(t, longer, here)
		require.GreaterOrEqual(t, dearer, here)
	})
}

// Two contracts are never cheaper than one, nor two stretches of days.
func TestSplittingIsNeverCheaper(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q := monthly().Draw(t, "price"), monthly().Draw(t, "other")
		d := rapid.IntRange(2, 31).Draw(t, "days")
		some := rapid.IntRange(1, d-1).Draw(t, "some")
		prorate := func(price billing.Yen, days int) billing.Yen {
			base, err := billing.Prorate(price, days)
			require.NoError(t, err)
			return base
		}
		require.GreaterOrEqual(t, prorate(p, d)+prorate(q, d), prorate(p+q, d))
		require.LessOrEqual(t, prorate(p, d)+prorate(q, d), prorate(p+q, d)+1)
		require.GreaterOrEqual(t, prorate(p, some)+prorate(p, d-some), prorate(p, d))
		require.LessOrEqual(t, prorate(p, some)+prorate(p, d-some), prorate(p, d)+1)
	})
}

func TestTaxAgainstRationals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount, r := price().Draw(t, "amount"), rate().Draw(t, "rate")
		exact := fraction(product(amount, int64(r)), 10000)
		got, err := billing.Tax(amount, r)
		require.NoError(t, err)
		require.Equal(t, floor(exact).Int64(), int64(got))

		below := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(int64(got)))
		require.GreaterOrEqual(t, below.Sign(), 0, "never above the exact value")
		require.Negative(t, below.Cmp(big.NewRat(1, 1)), "never a yen below it")
		require.LessOrEqual(t, got, amount)

		other := price().Draw(t, "other")
		if other <= math.MaxInt64-amount {
			apart, err := billing.Tax(other, r)
			require.NoError(t, err)
			together, err := billing.Tax(amount+other, r)
			require.NoError(t, err)
			require.LessOrEqual(t, got+apart, together, "taxed apart is never dearer")
			require.GreaterOrEqual(t, got+apart, together-1)
		}
	})
}

// The first charge of any plan at any instant, from the calendar of another zone
// and from decimals.
func TestFirstChargeAgainstDecimals(t *testing.T) {
	t.Parallel()
	tokyo := time.FixedZone("", 9*60*60)
	rapid.Check(t, func(t *rapid.T) {
		p := billing.Plan{Monthly: monthly().Draw(t, "price"), InitialFee: billing.Yen(rapid.Int64Range(0, 100_000).Draw(t, "fee"))}
		on, r := instant().Draw(t, "on"), rate().Draw(t, "rate")

		local := on.In(tokyo)
		end := time.Date(local.Year(), local.Month()+1, 0, 0, 0, 0, 0, tokyo)
		remaining := end.Day() - local.Day() + 1
		base := decimal.NewFromInt(int64(p.Monthly)).Mul(decimal.NewFromInt(int64(remaining))).DivRound(decimal.NewFromInt(30), 20).Ceil()
		net := base.Add(decimal.NewFromInt(int64(p.InitialFee)))
		tax := net.Mul(decimal.New(int64(r), -4)).Floor()

		c, err := billing.Rules{TaxRates: []billing.RateFrom{{Rate: r}}}.FirstCharge(p, on)
		require.NoError(t, err)
		require.Equal(t, remaining, c.Days)
		require.Equal(t, base.IntPart(), int64(c.Base))
		require.Equal(t, tax.IntPart(), int64(c.Tax))
		require.Equal(t, net.Add(tax).IntPart(), int64(c.Total))
		require.True(t, c.To.Equal(end))
		require.False(t, c.On.After(on))
		require.True(t, on.Before(c.On.AddDate(0, 0, 1)))
	})
}

// A later day is never dearer, and a plan change never dearer than the plan.
func TestChargesAreMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, on := billing.Plan{ID: "1", Monthly: monthly().Draw(t, "price")}, instant().Draw(t, "on")
		first, err := billing.FirstCharge(p, on)
		require.NoError(t, err)
		if first.Days > 1 {
			next, err := billing.FirstCharge(p, on.Add(24*time.Hour))
			require.NoError(t, err)
			require.LessOrEqual(t, next.Total, first.Total)
		}
		paid := billing.Yen(rapid.Int64Range(0, 1_000_000).Draw(t, "paid"))
		change, err := billing.PlanChangeCharge(billing.Plan{}, p, paid, on)
		require.NoError(t, err)
		require.LessOrEqual(t, change.Total, first.Total)
		more, err := billing.PlanChangeCharge(billing.Plan{}, p, paid+1, on)
		require.NoError(t, err)
		require.LessOrEqual(t, more.Total, change.Total)
		byDay, err := billing.Rules{DailyRate: true}.PlanChangeCharge(billing.Plan{}, p, paid, on)
		require.NoError(t, err)
		require.GreaterOrEqual(t, byDay.Base, change.Base)
		capped, err := billing.Rules{MonthlyCap: true}.FirstCharge(p, on)
		require.NoError(t, err)
		require.Equal(t, min(first.Base, p.Monthly), capped.Base)
	})
}

// Each contract period begins where the last one ended, and closes a month.
func TestContractPeriods(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start, at := instant().Draw(t, "start"), instant().Draw(t, "at")
		if at.Before(start) {
			start, at = at, start
		}
		from, to, err := billing.ContractPeriod(start, at)
		require.NoError(t, err)
		require.False(t, at.Before(from))
		require.True(t, at.Before(to.AddDate(0, 0, 1)))
		length := int(to.Sub(from)/(24*time.Hour)) + 1
		require.GreaterOrEqual(t, length, 28)
		require.LessOrEqual(t, length, 31)
		next, _, err := billing.ContractPeriod(start, to.AddDate(0, 0, 1))
		require.NoError(t, err)
		require.Equal(t, to.AddDate(0, 0, 1), next)

		closing, err := billing.ClosingOn(at, start)
		require.NoError(t, err)
		require.Equal(t, 1, billing.RemainingDays(closing))
		require.Equal(t, to.Month(), closing.Month())
		require.False(t, closing.Before(to))
	})
}
