package billing_test

import (
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

func TestR1RemainingDays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		on   time.Time
		want int
	}{
		{oct(10), 22},
		{oct(1), 31},
		{oct(31), 1},
		{nov(1), 30},
		{nov(30), 1},
		{billing.Date(2026, time.February, 1), 28},
		{billing.Date(2028, time.February, 1), 29},
		{billing.Date(1900, time.February, 1), 28},
		{billing.Date(2000, time.February, 1), 29},
		{billing.Date(9999, time.December, 31), 1},
	} {
		assert.Equal(t, test.want, billing.RemainingDays(test.on), test.on)
	}
}

func TestDaysAreDaysInTokyo(t *testing.T) {
	t.Parallel()
	zones := map[string]*time.Location{
		"UTC":        time.UTC,
		"Honolulu":   time.FixedZone("HST", -10*60*60),
		"Kiritimati": time.FixedZone("+14", 14*60*60),
	}
	midnight := time.Date(2026, time.October, 9, 15, 0, 0, 0, time.UTC) // 10 October 00:00 in Tokyo
	for name, zone := range zones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, test := range []struct {
				at    time.Time
				days  int
				on    time.Time
				total billing.Yen
			}{
				{midnight.Add(-time.Nanosecond), 23, oct(9), 843},
				{midnight, 22, oct(10), 807},
				{midnight.Add(24*time.Hour - time.Nanosecond), 22, oct(10), 807},
				{midnight.Add(24 * time.Hour), 21, oct(11), 770},
			} {
				at := test.at.In(zone)
				assert.Equal(t, test.days, billing.RemainingDays(at), at)
				c, err := billing.FirstCharge(plan(1000), at)
				require.NoError(t, err)
				assert.Equal(t, test.on, c.On)
				assert.Equal(t, test.days, c.Days)
				assert.Equal(t, test.total, c.Total)
			}
		})
	}
}

func TestMonthsAreMonthsInTokyo(t *testing.T) {
	t.Parallel()
	november := time.Date(2026, time.October, 31, 15, 0, 0, 0, time.UTC) // 1 November 00:00 in Tokyo
	before := november.Add(-time.Nanosecond)
	assert.Equal(t, nov(1), billing.NextRenewal(before))
	assert.Equal(t, billing.Date(2026, time.December, 1), billing.NextRenewal(november))
	assert.Equal(t, 1, billing.RemainingDays(before))
	assert.Equal(t, 30, billing.RemainingDays(november))

	_, err := billing.RenewalCharge(plan(1000), before)
	require.ErrorIs(t, err, billing.ErrPeriod)
	c, err := billing.RenewalCharge(plan(1000), november)
	require.NoError(t, err)
	assert.Equal(t, nov(1), c.On)

	c, err = billing.ReinstallCharge(plan(1000), oct(12), before)
	require.NoError(t, err)
	assert.Equal(t, billing.KindPaidReinstall, c.Kind)
	c, err = billing.ReinstallCharge(plan(1000), oct(12), november)
	require.NoError(t, err)
	assert.Equal(t, billing.KindReinstall, c.Kind)

	year := time.Date(2026, time.December, 31, 15, 0, 0, 0, time.UTC)
	assert.Equal(t, billing.Date(2027, time.February, 1), billing.NextRenewal(year))
	c, err = billing.FirstCharge(plan(1000), year)
	require.NoError(t, err)
	assert.Equal(t, billing.Date(2027, time.January, 1), c.On)
	assert.Equal(t, billing.Date(2027, time.January, 31), c.To)
}

func TestDateIsMidnightInTokyo(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "2026-10-10T00:00:00+09:00", oct(10).Format(time.RFC3339))
	assert.Equal(t, "JST", oct(10).Location().String())
}

// Every day of eight years, counted by package time in UTC and in integers
// without bounds.
func TestEveryDayOfEightYears(t *testing.T) {
	t.Parallel()
	prices := []billing.Yen{1, 9, 29, 30, 31, 62, 100, 333, 980, 999, 1000, 1003, 1005, 2980, 9800, 33333, 1_000_000}
	const fee = 505
	for day := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2032; day = day.AddDate(0, 0, 1) {
		end := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC)
		days := int(end.Sub(day)/(24*time.Hour)) + 1
		on := billing.Date(day.Date())
		for _, price := range prices {
			base := exactly(price, days)
			net := new(big.Int).Add(base, big.NewInt(fee))
			tax := exactTax(net, billing.StandardRate)
			want := figures{days, billing.Yen(base.Int64()), fee, billing.Yen(tax.Int64()), billing.Yen(net.Add(net, tax).Int64())}

			first, err := billing.FirstCharge(planWithFee(price, fee), on)
			if err != nil || figuresOf(first) != want {
				t.Fatalf("%s on %s: %+v, %v", price, day.Format(time.DateOnly), first, err)
			}
			trial, err := billing.TrialEndCharge(planWithFee(price, fee), on.AddDate(0, 0, -1))
			if err != nil || figuresOf(trial) != want || !trial.On.Equal(on) {
				t.Fatalf("%s after a trial before %s: %+v, %v", price, day.Format(time.DateOnly), trial, err)
			}
			changed, err := billing.PlanChangeCharge(billing.Plan{}, plan(price+734), 734, on)
			if err != nil || changed.Base != first.Base || changed.To.Format(time.DateOnly) != end.Format(time.DateOnly) {
				t.Fatalf("to %s on %s: %+v, %v", price+734, day.Format(time.DateOnly), changed, err)
			}
		}
	}
}
