package billing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

func date(t *testing.T, text string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, text)
	require.NoError(t, err)
	return billing.Date(day.Date())
}

func TestC1UsageCharge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		points billing.Yen
		rules  billing.Rules
		want   figures
	}{
		{100, billing.Rules{}, figures{0, 100, 0, 10, 110}},
		{1005, billing.Rules{}, figures{0, 1005, 0, 100, 1105}},
		{109, billing.Rules{}, figures{0, 109, 0, 10, 119}},
		{1_000_000, billing.Rules{}, figures{0, 1_000_000, 0, 100_000, 1_100_000}},
		{1005, billing.Rules{TaxRates: always(800)}, figures{0, 1005, 0, 80, 1085}},
	} {
		c, err := test.rules.UsageCharge(test.points, oct(10))
		require.NoError(t, err)
		assert.Equal(t, test.want, figuresOf(c))
		assert.Equal(t, billing.KindUsage, c.Kind)
		assert.Equal(t, oct(10), c.On)
	}
	for _, points := range []billing.Yen{-100, 0, 99, 1_000_001} {
		_, err := billing.UsageCharge(points, oct(10))
		require.ErrorIs(t, err, billing.ErrAmount)
	}
	_, err := billing.UsageCharge(100, time.Time{})
	require.ErrorIs(t, err, billing.ErrPeriod)
	c, err := billing.Rules{TaxRates: always(-1)}.UsageCharge(100, oct(10))
	require.ErrorIs(t, err, billing.ErrRate)
	assert.Zero(t, c)
}

func TestC2ContractPeriod(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ start, at, from, to string }{
		{"2020-12-10", "2020-12-10", "2020-12-10", "2021-01-09"},
		{"2020-12-10", "2021-01-09", "2020-12-10", "2021-01-09"},
		{"2020-12-10", "2021-01-10", "2021-01-10", "2021-02-09"},
		{"2019-03-10", "2021-01-10", "2021-01-10", "2021-02-09"},
		{"2021-02-01", "2021-02-28", "2021-02-01", "2021-02-28"},
		{"2021-01-28", "2021-02-27", "2021-01-28", "2021-02-27"},
		{"2021-01-28", "2021-02-28", "2021-02-28", "2021-03-27"},
		// Begun on the 29th to 31st: an open point.
		{"2026-01-31", "2026-02-27", "2026-01-31", "2026-02-27"},
		{"2026-01-31", "2026-02-28", "2026-02-28", "2026-03-30"},
		{"2026-01-31", "2026-03-30", "2026-02-28", "2026-03-30"},
		{"2026-01-31", "2026-03-31", "2026-03-31", "2026-04-29"},
		{"2026-01-31", "2026-04-30", "2026-04-30", "2026-05-30"},
		{"2028-01-31", "2028-02-28", "2028-01-31", "2028-02-28"},
		{"2028-01-31", "2028-02-29", "2028-02-29", "2028-03-30"},
		{"2026-01-30", "2026-02-28", "2026-02-28", "2026-03-29"},
		{"2026-01-29", "2026-03-01", "2026-02-28", "2026-03-28"},
		{"2026-10-31", "2026-12-01", "2026-11-30", "2026-12-30"},
	} {
		from, to, err := billing.ContractPeriod(date(t, test.start), date(t, test.at))
		require.NoError(t, err)
		assert.Equal(t, test.from, from.Format(time.DateOnly), test)
		assert.Equal(t, test.to, to.Format(time.DateOnly), test)
	}
	for _, test := range []struct{ start, at, from, to string }{
		{"2026-01-28", "2026-02-28", "2026-02-28", "2026-03-27"},
		{"2026-01-31", "2026-02-28", "2026-01-31", "2026-02-28"},
		{"2026-01-31", "2026-03-01", "2026-03-01", "2026-03-30"},
		{"2026-01-31", "2026-03-31", "2026-03-31", "2026-04-30"},
		{"2026-01-31", "2026-05-01", "2026-05-01", "2026-05-30"},
		{"2028-01-30", "2028-02-29", "2028-01-30", "2028-02-29"},
		{"2026-01-29", "2026-03-01", "2026-03-01", "2026-03-28"},
	} {
		from, to, err := billing.Rules{PeriodOverflow: true}.ContractPeriod(date(t, test.start), date(t, test.at))
		require.NoError(t, err)
		assert.Equal(t, test.from, from.Format(time.DateOnly), test)
		assert.Equal(t, test.to, to.Format(time.DateOnly), test)
	}
	for why, test := range map[string]struct{ start, at time.Time }{
		"2026-10-09 is before the contract of 2026-10-10": {oct(10), oct(9)},
		"a time is missing": {time.Time{}, oct(10)},
		"year 10000":        {oct(10), billing.Date(10000, time.January, 1)},
		"year 0":            {billing.Date(0, time.June, 1), oct(10)},
	} {
		_, _, err := billing.ContractPeriod(test.start, test.at)
		require.ErrorIs(t, err, billing.ErrPeriod)
		assert.ErrorContains(t, err, why)
	}
	_, _, err := billing.ContractPeriod(oct(10), time.Time{})
	require.ErrorIs(t, err, billing.ErrPeriod)
	assert.ErrorContains(t, err, "a time is missing")
}

// Periods follow each other without a gap, whatever the day of the start and the reading.
func TestContractPeriodsAreGapless(t *testing.T) {
	t.Parallel()
	for _, rules := range []billing.Rules{{}, {PeriodOverflow: true}} {
		for start := 1; start <= 31; start++ {
			first := billing.Date(2024, time.January, start)
			_, last, err := rules.ContractPeriod(first, first)
			require.NoError(t, err)
			for day := first; day.Year() < 2029; day = day.AddDate(0, 0, 1) {
				from, to, err := rules.ContractPeriod(first, day)
				require.NoError(t, err)
				require.False(t, day.Before(from) || day.After(to), "%s in %s to %s", day, from, to)
				if to.Equal(last) {
					continue
				}
				require.Equal(t, last.AddDate(0, 0, 1), from)
				last = to
			}
		}
	}
}

func TestC3ClosingOn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ uninstalled, start, want string }{
		{"2021-01-09", "2020-12-10", "2021-01-31"},
		{"2021-01-10", "2021-01-10", "2021-02-28"},
		{"2021-01-10", "2020-12-10", "2021-02-28"},
		{"2028-01-10", "2027-12-10", "2028-02-29"},
		{"2021-02-28", "2021-02-01", "2021-02-28"},
		{"2021-12-31", "2021-12-31", "2022-01-31"},
		{"2026-02-27", "2026-01-31", "2026-02-28"},
		{"2026-02-28", "2026-01-31", "2026-03-31"},
	} {
		got, err := billing.ClosingOn(date(t, test.uninstalled), date(t, test.start))
		require.NoError(t, err)
		assert.Equal(t, date(t, test.want), got, test)
	}
	_, err := billing.ClosingOn(oct(9), oct(10))
	require.ErrorIs(t, err, billing.ErrPeriod)

	midnight := time.Date(2021, time.January, 9, 15, 0, 0, 0, time.UTC) // 10 January 00:00 in Tokyo
	start := date(t, "2020-12-10")
	got, err := billing.ClosingOn(midnight.Add(-time.Nanosecond), start)
	require.NoError(t, err)
	assert.Equal(t, date(t, "2021-01-31"), got)
	got, err = billing.ClosingOn(midnight, start)
	require.NoError(t, err)
	assert.Equal(t, date(t, "2021-02-28"), got)
}

func TestC4UsageWindow(t *testing.T) {
	t.Parallel()
	const moment = time.Nanosecond
	start := date(t, "2020-12-10")
	trialEnd := start.AddDate(0, 0, 15)
	received := time.Date(2021, time.January, 14, 3, 17, 45, 0, time.UTC)
	closing := date(t, "2021-01-31")
	end := date(t, "2021-02-01")
	uninstalled := date(t, "2021-01-09").Add(12 * time.Hour)
	byInstant := billing.Rules{ClosingInstant: true}
	for _, test := range []struct {
		name     string
		rules    billing.Rules
		contract billing.UsageContract
		want     billing.UsageWindow
		open     []time.Time
		closed   []time.Time
	}{
		{
			"installed",
			billing.Rules{},
			billing.UsageContract{Start: start},
			billing.UsageWindow{},
			[]time.Time{start, closing.AddDate(10, 0, 0)},
			nil,
		},
		{
			"in a trial",
			billing.Rules{},
			billing.UsageContract{Start: start, TrialEnd: trialEnd},
			billing.UsageWindow{From: trialEnd},
			[]time.Time{trialEnd, closing},
			[]time.Time{start, trialEnd.Add(-moment)},
		},
		{
			"uninstalled, date computed",
			billing.Rules{},
			billing.UsageContract{Start: start, Uninstalled: uninstalled},
			billing.UsageWindow{Until: end, Computed: true},
			[]time.Time{uninstalled, closing, end.Add(-moment)},
			[]time.Time{end},
		},
		{
			"begun and uninstalled in a month that ends with the period",
			billing.Rules{},
			billing.UsageContract{Start: date(t, "2021-01-01"), Uninstalled: closing.Add(10 * time.Hour)},
			billing.UsageWindow{Until: end, Computed: true},
			[]time.Time{closing.Add(10 * time.Hour), end.Add(-moment)},
			[]time.Time{end},
		},
		{
			"uninstalled, the received date wins",
			billing.Rules{},
			billing.UsageContract{Start: start, Uninstalled: uninstalled, ClosingOn: received},
			billing.UsageWindow{Until: date(t, "2021-01-15")},
			[]time.Time{uninstalled, received, received.Add(time.Hour)},
			[]time.Time{date(t, "2021-01-15"), closing},
		},
		{
			"a received midnight is a whole day",
			billing.Rules{},
			billing.UsageContract{Uninstalled: uninstalled, ClosingOn: closing},
			billing.UsageWindow{Until: end},
			[]time.Time{closing, end.Add(-moment)},
			[]time.Time{end},
		},
		{
			"a received date needs no other",
			billing.Rules{},
			billing.UsageContract{ClosingOn: end.Add(-time.Second)},
			billing.UsageWindow{Until: end},
			[]time.Time{end.Add(-moment)},
			[]time.Time{end},
		},
		{
			"an instant, received", byInstant,
			billing.UsageContract{Start: start, Uninstalled: uninstalled, ClosingOn: received},
			billing.UsageWindow{Until: received},
			[]time.Time{uninstalled, received.Add(-moment)},
			[]time.Time{received},
		},
		{
			"an instant, computed", byInstant,
			billing.UsageContract{Start: start, Uninstalled: uninstalled},
			billing.UsageWindow{Until: closing, Computed: true},
			[]time.Time{uninstalled, closing.Add(-moment)},
			[]time.Time{closing},
		},
		{
			"the contract begins after the trial",
			billing.Rules{},
			billing.UsageContract{Start: start, TrialEnd: trialEnd, Uninstalled: date(t, "2021-01-10")},
			billing.UsageWindow{From: trialEnd, Until: end, Computed: true},
			[]time.Time{end.Add(-moment)},
			[]time.Time{end},
		},
		{
			"the contract begins with the trial",
			billing.Rules{PeriodFromInstall: true},
			billing.UsageContract{Start: start, TrialEnd: trialEnd, Uninstalled: date(t, "2021-01-10")},
			billing.UsageWindow{From: trialEnd, Until: date(t, "2021-03-01"), Computed: true},
			[]time.Time{end},
			[]time.Time{date(t, "2021-03-01")},
		},
		{
			"a start after the trial stands",
			billing.Rules{},
			billing.UsageContract{Start: start.AddDate(0, 1, 0), TrialEnd: trialEnd, Uninstalled: date(t, "2021-01-10")},
			billing.UsageWindow{From: trialEnd, Until: date(t, "2021-03-01"), Computed: true},
			[]time.Time{end},
			[]time.Time{date(t, "2021-03-01")},
		},
		{
			"uninstalled during the trial",
			billing.Rules{},
			billing.UsageContract{Start: start, TrialEnd: trialEnd, Uninstalled: trialEnd.Add(-time.Second), ClosingOn: closing},
			billing.UsageWindow{From: trialEnd, Never: true},
			nil,
			[]time.Time{start, trialEnd, closing},
		},
		{
			"uninstalled as the trial ended",
			billing.Rules{},
			billing.UsageContract{Start: start, TrialEnd: trialEnd, Uninstalled: trialEnd, ClosingOn: closing},
			billing.UsageWindow{From: trialEnd, Until: end},
			[]time.Time{trialEnd, closing},
			nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			window, err := test.rules.Window(test.contract)
			require.NoError(t, err)
			assert.Equal(t, test.want, window)
			for _, at := range test.open {
				assert.True(t, window.Open(at), at)
			}
			for _, at := range test.closed {
				assert.False(t, window.Open(at), at)
			}
		})
	}
	_, err := billing.UsageContract{Uninstalled: uninstalled}.Window()
	require.ErrorIs(t, err, billing.ErrPeriod, "nothing to compute from")
}
