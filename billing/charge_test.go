package billing_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

func plan(monthly billing.Yen) billing.Plan {
	return billing.Plan{ID: monthly.String(), Monthly: monthly}
}

func planWithFee(monthly, fee billing.Yen) billing.Plan {
	return billing.Plan{ID: monthly.String(), Monthly: monthly, InitialFee: fee}
}

// always is one tax rate at all times.
func always(rate billing.TaxRate) []billing.RateFrom { return []billing.RateFrom{{Rate: rate}} }

// oct is a day of October 2026, a month of 31 days, and nov one of November 2026.
func oct(day int) time.Time { return billing.Date(2026, time.October, day) }
func nov(day int) time.Time { return billing.Date(2026, time.November, day) }

// figures are the amounts of a charge in the order of its arithmetic.
type figures struct {
	days                   int
	base, fee, tax, amount billing.Yen
}

func figuresOf(c billing.Charge) figures {
	return figures{c.Days, c.Base, c.InitialFee, c.Tax, c.Total}
}

func TestR5FirstCharge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		plan billing.Plan
		on   time.Time
		want figures
	}{
		{"the platform's example", plan(1000), oct(10), figures{22, 734, 0, 73, 807}},
		{"last day", plan(1000), oct(31), figures{1, 34, 0, 3, 37}},
		{"1st of 30 days", plan(1000), nov(1), figures{30, 1000, 0, 100, 1100}},
		{"2nd of 31 days", plan(1000), oct(2), figures{30, 1000, 0, 100, 1100}},
		{"1st of 31 days", plan(1000), oct(1), figures{31, 1034, 0, 103, 1137}},
		{"1st of February", plan(1000), billing.Date(2026, time.February, 1), figures{28, 934, 0, 93, 1027}},
		{"1st of a leap February", plan(1000), billing.Date(2028, time.February, 1), figures{29, 967, 0, 96, 1063}},
		{"28 February", plan(1000), billing.Date(2026, time.February, 28), figures{1, 34, 0, 3, 37}},
		{"28 February of a leap year", plan(1000), billing.Date(2028, time.February, 28), figures{2, 67, 0, 6, 73}},
		{"exact", plan(980), oct(17), figures{15, 490, 0, 49, 539}},
		{"tax on the rounded base, not in the price", plan(980), oct(10), figures{22, 719, 0, 71, 790}},
		{"exact again", plan(900), billing.Date(2026, time.January, 22), figures{10, 300, 0, 30, 330}},
		{"tax of nothing", plan(9), oct(31), figures{1, 1, 0, 0, 1}},
		{"free", plan(0), oct(10), figures{22, 0, 0, 0, 0}},
		{"R8 one base, one rounding", planWithFee(1003, 505), oct(10), figures{22, 736, 505, 124, 1365}},
		{"R8 fee", planWithFee(1000, 3000), oct(10), figures{22, 734, 3000, 373, 4107}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := billing.FirstCharge(test.plan, test.on)
			require.NoError(t, err)
			assert.Equal(t, test.want, figuresOf(c))
			assert.Equal(t, billing.KindFirst, c.Kind)
			assert.Equal(t, test.plan.ID, c.PlanID)
			assert.Equal(t, test.plan.Monthly, c.Price)
			assert.Equal(t, billing.StandardRate, c.Rate)
			assert.Equal(t, test.on, c.On)
			assert.Equal(t, test.on, c.From)
			assert.Equal(t, billing.NextRenewal(test.on).AddDate(0, 0, -1), c.To)
		})
	}
}

func TestR6RenewalCharge(t *testing.T) {
	t.Parallel()
	for price, total := range map[billing.Yen]billing.Yen{1000: 1100, 1005: 1105, 999: 1098} {
		c, err := billing.RenewalCharge(planWithFee(price, 500), nov(1))
		require.NoError(t, err)
		assert.Equal(t, figures{0, price, 0, total - price, total}, figuresOf(c))
		assert.Equal(t, billing.KindRenewal, c.Kind)
		assert.Equal(t, nov(30), c.To)
	}
	_, err := billing.RenewalCharge(plan(1000), nov(2))
	require.ErrorIs(t, err, billing.ErrPeriod)
	assert.ErrorContains(t, err, "2026-11-02")
}

func TestR7TrialEndCharge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		end, on time.Time
		want    figures
	}{
		{oct(9), oct(10), figures{22, 734, 0, 73, 807}},
		{oct(30), oct(31), figures{1, 34, 0, 3, 37}},
		{oct(31), nov(1), figures{30, 1000, 0, 100, 1100}},
		{billing.Date(2026, time.December, 31), billing.Date(2027, time.January, 1), figures{31, 1034, 0, 103, 1137}},
		{billing.Date(2026, time.January, 31), billing.Date(2026, time.February, 1), figures{28, 934, 0, 93, 1027}},
		{billing.Date(2026, time.February, 27), billing.Date(2026, time.February, 28), figures{1, 34, 0, 3, 37}},
	} {
		c, err := billing.TrialEndCharge(plan(1000), test.end)
		require.NoError(t, err)
		assert.Equal(t, test.want, figuresOf(c), test.end)
		assert.Equal(t, test.on, c.On)
		assert.Equal(t, billing.KindTrialEnd, c.Kind)
	}
	c, err := billing.TrialEndCharge(planWithFee(1000, 3000), oct(9))
	require.NoError(t, err)
	assert.Equal(t, figures{22, 734, 3000, 373, 4107}, figuresOf(c))
}

func TestR9AndR10ReinstallCharge(t *testing.T) {
	t.Parallel()
	p := planWithFee(1000, 500)
	for _, test := range []struct {
		name  string
		on    time.Time
		rules billing.Rules
		kind  billing.Kind
		want  figures
	}{
		{"the day of the cancellation", oct(12), billing.Rules{}, billing.KindPaidReinstall, figures{0, 0, 0, 0, 0}},
		{"the same month", oct(20), billing.Rules{}, billing.KindPaidReinstall, figures{0, 0, 0, 0, 0}},
		{"the end of the month", oct(31), billing.Rules{}, billing.KindPaidReinstall, figures{0, 0, 0, 0, 0}},
		{"the next month", nov(5), billing.Rules{}, billing.KindReinstall, figures{26, 867, 500, 136, 1503}},
		{"the next month without fee", nov(5), billing.Rules{NoFeeOnReinstall: true}, billing.KindReinstall, figures{26, 867, 0, 86, 953}},
		{"October of another year", oct(20).AddDate(1, 0, 0), billing.Rules{}, billing.KindReinstall, figures{12, 400, 500, 90, 990}},
		{"the same month with fee", oct(20), billing.Rules{FeeOnPaidReinstall: true}, billing.KindPaidReinstall, figures{0, 0, 500, 50, 550}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := test.rules.ReinstallCharge(p, oct(12), test.on)
			require.NoError(t, err)
			assert.Equal(t, test.kind, c.Kind)
			assert.Equal(t, test.want, figuresOf(c))
		})
	}
	_, err := billing.ReinstallCharge(p, oct(12), oct(11))
	require.ErrorIs(t, err, billing.ErrPeriod)
	assert.ErrorContains(t, err, "2026-10-11")
}

func TestR11AndR12PlanChangeCharge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		price billing.Yen
		paid  billing.Yen
		from  billing.Yen // 0 where it is not known
		on    time.Time
		rules billing.Rules
		want  figures
	}{
		{"10 October", 2000, 1000, 0, oct(10), billing.Rules{}, figures{22, 734, 0, 73, 807}},
		{"16 November", 2000, 1000, 0, nov(16), billing.Rules{}, figures{15, 500, 0, 50, 550}},
		{"1st of 30 days", 2000, 1000, 0, nov(1), billing.Rules{}, figures{30, 1000, 0, 100, 1100}},
		{"1st of 31 days", 2000, 1000, 0, oct(1), billing.Rules{}, figures{31, 1034, 0, 103, 1137}},
		{"1st of 28 days", 2000, 1000, 0, billing.Date(2026, time.February, 1), billing.Rules{}, figures{28, 934, 0, 93, 1027}},
		{"last day", 2000, 1000, 0, oct(31), billing.Rules{}, figures{1, 34, 0, 3, 37}},
		{"after a prorated first month", 2000, 734, 0, oct(20), billing.Rules{}, figures{12, 507, 0, 50, 557}},
		{"after another change", 3000, 1734, 0, oct(20), billing.Rules{}, figures{12, 507, 0, 50, 557}},
		{"more paid than the new price", 3000, 3934, 0, oct(20), billing.Rules{}, figures{0, 0, 0, 0, 0}},
		{"as much paid", 1000, 1000, 0, oct(20), billing.Rules{}, figures{0, 0, 0, 0, 0}},
		{"list prices", 2000, 734, 1000, oct(20), billing.Rules{ListPriceDifference: true}, figures{12, 400, 0, 40, 440}},
		{"list prices, but of an unknown plan", 2000, 734, 0, oct(20), billing.Rules{ListPriceDifference: true}, figures{12, 507, 0, 50, 557}},
		{"tax counted as paid", 2000, 807, 0, oct(20), billing.Rules{}, figures{12, 478, 0, 47, 525}},
		{"daily rate", 2000, 1000, 0, oct(10), billing.Rules{DailyRate: true}, figures{22, 748, 0, 74, 822}},
		{"daily rate of a price that 30 divides", 1900, 1000, 0, oct(10), billing.Rules{DailyRate: true}, figures{22, 660, 0, 66, 726}},
		{"daily rate of a yen", 1001, 1000, 0, oct(10), billing.Rules{DailyRate: true}, figures{22, 22, 0, 2, 24}},
		{"fee", 2000, 1000, 0, oct(10), billing.Rules{FeeOnPlanChange: true}, figures{22, 734, 500, 123, 1357}},
		{"cap", 2000, 1000, 0, oct(1), billing.Rules{MonthlyCap: true}, figures{31, 1000, 0, 100, 1100}},
		{"R12 lower, though more than paid", 900, 734, 1000, oct(20), billing.Rules{}, figures{0, 0, 0, 0, 0}},
		{"R12 equal", 1000, 734, 1000, oct(20), billing.Rules{}, figures{0, 0, 0, 0, 0}},
		{"list prices, but more was paid", 3000, 3000, 1000, oct(11), billing.Rules{ListPriceDifference: true}, figures{0, 0, 0, 0, 0}},
		{"R12 equal, as a higher price", 1000, 734, 1000, oct(20), billing.Rules{EqualPriceAsHigher: true}, figures{12, 107, 0, 10, 117}},
		{"R12 lower, where equal is higher", 999, 734, 1000, oct(20), billing.Rules{EqualPriceAsHigher: true}, figures{0, 0, 0, 0, 0}},
		{"R12 with fee", 900, 734, 1000, oct(20), billing.Rules{FeeOnPlanChange: true}, figures{0, 0, 500, 50, 550}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := test.rules.PlanChangeCharge(plan(test.from), planWithFee(test.price, 500), test.paid, test.on)
			require.NoError(t, err)
			assert.Equal(t, test.want, figuresOf(c))
		})
	}
}

func TestRulesOfCharges(t *testing.T) {
	t.Parallel()
	monthly, on := plan(1000), oct(1)
	for _, test := range []struct {
		name  string
		rules billing.Rules
		want  figures
	}{
		{"none", billing.Rules{}, figures{31, 1034, 0, 103, 1137}},
		{"a cap", billing.Rules{MonthlyCap: true}, figures{31, 1000, 0, 100, 1100}},
		{"another rate", billing.Rules{TaxRates: always(800)}, figures{31, 1034, 0, 82, 1116}},
		{"no tax", billing.Rules{TaxRates: always(0)}, figures{31, 1034, 0, 0, 1034}},
		{"a rate from the day of payment on", billing.Rules{TaxRates: []billing.RateFrom{{From: on.Add(23 * time.Hour), Rate: 800}}}, figures{31, 1034, 0, 82, 1116}},
		{"a rate from the day after it on", billing.Rules{TaxRates: []billing.RateFrom{{From: oct(2), Rate: 800}}}, figures{31, 1034, 0, 103, 1137}},
		{
			"the latest of several rates",
			billing.Rules{TaxRates: []billing.RateFrom{{From: oct(2), Rate: 0}, {From: oct(1), Rate: 800}, {Rate: 500}}},
			figures{31, 1034, 0, 82, 1116},
		},
		{"two", billing.Rules{MonthlyCap: true, TaxRates: always(500)}, figures{31, 1000, 0, 50, 1050}},
		{"a daily rate is for plan changes only", billing.Rules{DailyRate: true}, figures{31, 1034, 0, 103, 1137}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := test.rules.FirstCharge(monthly, on)
			require.NoError(t, err)
			assert.Equal(t, test.want, figuresOf(c))
		})
	}

	c, err := billing.Rules{MonthlyCap: true, SeparateTax: true}.FirstCharge(monthly, oct(10))
	require.NoError(t, err)
	assert.Equal(t, figures{22, 734, 0, 73, 807}, figuresOf(c), "nothing to cap, no fee to tax")
	assert.False(t, c.Capped)
	assert.False(t, c.SeparateTax)
	c, err = billing.Rules{MonthlyCap: true}.FirstCharge(monthly, nov(1))
	require.NoError(t, err)
	assert.Equal(t, figures{30, 1000, 0, 100, 1100}, figuresOf(c))
	assert.False(t, c.Capped, "30 days cost the price")

	c, err = billing.Rules{SeparateTax: true}.FirstCharge(planWithFee(1003, 505), oct(10))
	require.NoError(t, err)
	assert.Equal(t, figures{22, 736, 505, 123, 1364}, figuresOf(c))

	end := billing.Date(2026, time.January, 31)
	c, err = billing.Rules{RenewalAtTrialEnd: true}.TrialEndCharge(monthly, end)
	require.NoError(t, err)
	assert.Equal(t, figures{0, 1000, 0, 100, 1100}, figuresOf(c))
	c, err = billing.Rules{RenewalAtTrialEnd: true}.TrialEndCharge(monthly, oct(9))
	require.NoError(t, err)
	assert.Equal(t, figures{22, 734, 0, 73, 807}, figuresOf(c), "only on the 1st")

	c, err = billing.Rules{DailyRate: true, MonthlyCap: true}.PlanChangeCharge(billing.Plan{}, plan(1100), 1000, oct(2))
	require.NoError(t, err)
	assert.Equal(t, figures{30, 100, 0, 10, 110}, figuresOf(c), "ceil(100 / 30) × 30 = 120 is capped")
	assert.True(t, c.Capped)
	assert.True(t, c.Daily)
}

// A call is a charge function with all but the plan, the day and the rules decided.
type call func(p billing.Plan, on time.Time, rules billing.Rules) (billing.Charge, error)

func calls() map[string]call {
	return map[string]call{
		"FirstCharge": func(p billing.Plan, on time.Time, rules billing.Rules) (billing.Charge, error) {
			return rules.FirstCharge(p, on)
		},
		"RenewalCharge": func(p billing.Plan, on time.Time, rules billing.Rules) (billing.Charge, error) {
			if !on.IsZero() && on.Year() < 10000 {
				on = billing.NextRenewal(on)
			}
			return rules.RenewalCharge(p, on)
		},
		"TrialEndCharge": func(p billing.Plan, on time.Time, rules billing.Rules) (billing.Charge, error) {
			return rules.TrialEndCharge(p, on)
		},
		"ReinstallCharge, back": func(p billing.Plan, on time.Time, rules billing.Rules) (billing.Charge, error) {
			return rules.ReinstallCharge(p, billing.Date(1, time.January, 1), on)
		},
		"ReinstallCharge, cancelled": func(p billing.Plan, on time.Time, rules billing.Rules) (billing.Charge, error) {
			return rules.ReinstallCharge(p, on, billing.Date(9999, time.December, 31))
		},
		"PlanChangeCharge": func(p billing.Plan, on time.Time, rules billing.Rules) (billing.Charge, error) {
			return rules.PlanChangeCharge(billing.Plan{}, p, 0, on)
		},
	}
}

func TestChargesRefuse(t *testing.T) {
	t.Parallel()
	for name, charge := range calls() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, test := range []struct {
				plan  billing.Plan
				on    time.Time
				rules billing.Rules
				want  error
			}{
				{plan(-1), oct(10), billing.Rules{}, billing.ErrAmount},
				{planWithFee(1000, -1), oct(10), billing.Rules{}, billing.ErrAmount},
				{plan(1000), time.Time{}, billing.Rules{}, billing.ErrPeriod},
				{plan(1000), billing.Date(0, time.November, 30), billing.Rules{}, billing.ErrPeriod},
				{plan(1000), billing.Date(10000, time.January, 1), billing.Rules{}, billing.ErrPeriod},
				{plan(1000), oct(10), billing.Rules{TaxRates: always(-1)}, billing.ErrRate},
				{planWithFee(1000, 1), oct(10), billing.Rules{TaxRates: always(10001), SeparateTax: true}, billing.ErrRate},
			} {
				c, err := charge(test.plan, test.on, test.rules)
				require.ErrorIs(t, err, test.want)
				assert.Zero(t, c, "no half-made charge")
			}
		})
	}
	_, err := billing.PlanChangeCharge(billing.Plan{}, plan(1000), -1, oct(10))
	require.ErrorIs(t, err, billing.ErrAmount)
	_, err = billing.PlanChangeCharge(plan(-1), plan(1000), 0, oct(10))
	require.ErrorIs(t, err, billing.ErrAmount)
}

func TestOverflowIsAnError(t *testing.T) {
	t.Parallel()
	const maximum = math.MaxInt64
	for name, test := range map[string]struct {
		plan  billing.Plan
		on    time.Time
		rules billing.Rules
	}{
		"proration":      {plan(maximum), oct(1), billing.Rules{TaxRates: always(0)}},
		"base and fee":   {planWithFee(maximum/2, maximum/2+2), oct(2), billing.Rules{TaxRates: always(0)}},
		"base and tax":   {plan(maximum / 10 * 10), oct(2), billing.Rules{}},
		"even if capped": {plan(maximum), oct(1), billing.Rules{MonthlyCap: true, TaxRates: always(0)}},
	} {
		c, err := test.rules.FirstCharge(test.plan, test.on)
		require.ErrorIs(t, err, billing.ErrAmount, name)
		assert.Zero(t, c)
	}
	// Where plan and fee are taxed apart, each of them can be taxed, and they are too large together.
	c, err := billing.Rules{SeparateTax: true}.FirstCharge(planWithFee(maximum/2+1, maximum/2+1), oct(2))
	require.ErrorIs(t, err, billing.ErrAmount)
	assert.Zero(t, c)
	c, err = billing.Rules{TaxRates: always(0)}.FirstCharge(plan(maximum), oct(2))
	require.NoError(t, err)
	assert.Equal(t, billing.Yen(maximum), c.Total)
	_, err = billing.Rules{DailyRate: true}.PlanChangeCharge(billing.Plan{}, plan(maximum), 0, oct(1))
	require.ErrorIs(t, err, billing.ErrAmount)
}

// What is paid without a proration, a whole month after a trial (R7) or a fee alone (R8, R9),
// can be too large with its tax as well.
func TestOverflowWithoutAProration(t *testing.T) {
	t.Parallel()
	dear := planWithFee(1000, math.MaxInt64)
	for name, charge := range map[string]func() (billing.Charge, error){
		"R7 a whole month after a trial": func() (billing.Charge, error) {
			return billing.Rules{RenewalAtTrialEnd: true}.TrialEndCharge(plan(math.MaxInt64), oct(31))
		},
		"R9 a fee on the return in the paid month": func() (billing.Charge, error) {
			return billing.Rules{FeeOnPaidReinstall: true}.ReinstallCharge(dear, oct(12), oct(20))
		},
		"R12 a fee on a change to a lower price": func() (billing.Charge, error) {
			return billing.Rules{FeeOnPlanChange: true}.PlanChangeCharge(plan(2000), dear, 2000, oct(10))
		},
	} {
		c, err := charge()
		require.ErrorIs(t, err, billing.ErrAmount, name)
		assert.Zero(t, c, name)
	}
}
