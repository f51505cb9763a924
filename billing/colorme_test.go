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
		{1005, billing.Rules{TaxRate: new(billing.TaxRate(800))}, figures{0, 1005, 0, 80, 1085}},
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
	c, err := billing.Rules{TaxRate: new(billing.TaxRate(-1))}.UsageCharge(100, oct(10))
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
		// Begun on the 29th to 31st: provisional.
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
	for name, test := range map[string]struct{ start, at time.Time }{
		"before the start": {oct(10), oct(9)},
		"no start":         {time.Time{}, oct(10)},
		"no instant":       {oct(10), time.Time{}},
	} {
		_, _, err := billing.ContractPeriod(test.start, test.at)
		require.ErrorIs(t, err, billing.ErrPeriod, name)
	}
}

// Periods follow each other without a gap, whatever the day of the start.
func TestContractPeriodsAreGapless(t *testing.T) {
	t.Parallel()
	for start := 1; start <= 31; start++ {
		first := billing.Date(2024, time.January, start)
		_, last, err := billing.ContractPeriod(first, first)
		require.NoError(t, err)
		for day := first; day.Year() < 2029; day = day.AddDate(0, 0, 1) {
			from, to, err := billing.ContractPeriod(first, day)
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
	start := date(t, "2020-12-10")
	trialEnd := start.AddDate(0, 0, 15)
	received := time.Date(2021, time.January, 14, 3, 17, 45, 0, time.UTC)
	closing := date(t, "2021-01-31")
	uninstalled := date(t, "2021-01-09").Add(12 * time.Hour)
	for _, test := range []struct {
		name     string
		contract billing.UsageContract
		want     billing.UsageWindow
		open     []time.Time
		closed   []time.Time
	}{
		{
			"installed",
			billing.UsageContract{Start: start},
			billing.UsageWindow{},
			[]time.Time{start, closing.AddDate(10, 0, 0)},
			nil,
		},
		{
			"in a trial",
			billing.UsageContract{Start: start, TrialEnd: trialEnd},
			billing.UsageWindow{From: trialEnd},
			[]time.Time{trialEnd, closing},
			[]time.Time{start, trialEnd.Add(-time.Nanosecond)},
		},
		{
			"uninstalled, date computed",
			billing.UsageContract{Start: start, TrialEnd: trialEnd, Uninstalled: uninstalled},
			billing.UsageWindow{From: trialEnd, Until: closing, Computed: true},
			[]time.Time{uninstalled, closing},
			[]time.Time{closing.Add(time.Nanosecond)},
		},
		{
			"uninstalled, the received date wins",
			billing.UsageContract{Start: start, Uninstalled: uninstalled, ClosingOn: received},
			billing.UsageWindow{Until: received},
			[]time.Time{uninstalled, received},
			[]time.Time{received.Add(time.Nanosecond), closing},
		},
		{
			"a received date needs no other",
			billing.UsageContract{ClosingOn: received},
			billing.UsageWindow{Until: received},
			[]time.Time{received},
			[]time.Time{received.Add(time.Nanosecond)},
		},
		{
			"uninstalled during the trial",
			billing.UsageContract{Start: start, TrialEnd: trialEnd, Uninstalled: trialEnd.Add(-time.Second), ClosingOn: closing},
			billing.UsageWindow{From: trialEnd, Never: true},
			nil,
			[]time.Time{start, trialEnd, closing},
		},
		{
			"uninstalled as the trial ended",
			billing.UsageContract{Start: start, TrialEnd: trialEnd, Uninstalled: trialEnd, ClosingOn: closing},
			billing.UsageWindow{From: trialEnd, Until: closing},
			[]time.Time{trialEnd, closing},
			nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			window, err := test.contract.Window()
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
