package billing_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

// play applies events that must all be accepted, and returns the total of every
// charge they made.
func play(t *testing.T, s billing.Subscription, events ...billing.Event) (billing.Subscription, []billing.Yen) {
	t.Helper()
	var totals []billing.Yen
	for i, event := range events {
		next, charges, err := s.Apply(event)
		require.NoError(t, err, "event %d: %+v", i, event)
		for _, charge := range charges {
			totals = append(totals, charge.Total)
		}
		s = next
	}
	return s, totals
}

// refused asserts that an event is refused and changes nothing.
func refused(t *testing.T, s billing.Subscription, event billing.Event, want billing.Reason) {
	t.Helper()
	next, charges, err := s.Apply(event)
	var refusal *billing.RefusedError
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, want, refusal.Reason)
	assert.Empty(t, charges)
	assert.Equal(t, s, next)
}

// installed is a shop that installed at 1,000 yen on 10 October.
func installed(t *testing.T, rules billing.Rules) billing.Subscription {
	t.Helper()
	s, _ := play(t, billing.Subscription{}.With(rules), billing.Install{On: oct(10), Plan: plan(1000)})
	return s
}

// renewed is a shop that renewed at 1,000 yen on 1 October.
func renewed(t *testing.T, rules billing.Rules) billing.Subscription {
	t.Helper()
	s, _ := play(t, billing.Subscription{}.With(rules),
		billing.Install{On: billing.Date(2026, time.September, 1), Plan: plan(1000)},
		billing.Renewal{On: oct(1)})
	return s
}

// trying is a shop in a trial of 1,000 yen from 1 to 9 October.
func trying(t *testing.T, rules billing.Rules) billing.Subscription {
	t.Helper()
	s, _ := play(t, billing.Subscription{}.With(rules),
		billing.Install{On: oct(1), Plan: planWithFee(1000, 3000), TrialEnd: oct(9)})
	return s
}

func TestSubscriptionRules(t *testing.T) {
	t.Parallel()
	december := billing.Date(2026, time.December, 1)
	for _, test := range []struct {
		name   string
		from   func(*testing.T, billing.Rules) billing.Subscription
		rules  billing.Rules
		events []billing.Event
		totals []billing.Yen
		status billing.Status
	}{
		{
			"R5 R6 a first month and renewals", installed,
			billing.Rules{},
			[]billing.Event{billing.Renewal{On: nov(1)}, billing.Renewal{On: december}},
			[]billing.Yen{1100, 1100},
			billing.StatusActive,
		},
		{
			"R7 a trial is paid on the day after it, with the fee", trying,
			billing.Rules{},
			[]billing.Event{billing.TrialEnd{On: oct(10)}, billing.Renewal{On: nov(1)}},
			[]billing.Yen{4107, 1100},
			billing.StatusActive,
		},
		{
			"R9 back within the paid month", installed,
			billing.Rules{},
			[]billing.Event{
				billing.Cancel{On: oct(12)},
				billing.Uninstall{On: oct(12)},
				billing.Reinstall{On: oct(20), Plan: plan(1000)},
				billing.Renewal{On: nov(1)},
			},
			[]billing.Yen{0, 1100},
			billing.StatusActive,
		},
		{
			"R9 back within the paid month on a higher plan", renewed,
			billing.Rules{},
			[]billing.Event{
				billing.Cancel{On: oct(12)},
				billing.Uninstall{On: oct(12)},
				billing.Reinstall{On: oct(20), Plan: plan(2000)},
				billing.Renewal{On: nov(1)},
			},
			[]billing.Yen{440, 2200},
			billing.StatusActive,
		},
		{
			"R9 back within the paid month on a lower plan", renewed,
			billing.Rules{},
			[]billing.Event{
				billing.Cancel{On: oct(12)},
				billing.Uninstall{On: oct(12)},
				billing.Reinstall{On: oct(20), Plan: plan(500)},
				billing.Renewal{On: nov(1)},
			},
			[]billing.Yen{0, 550},
			billing.StatusActive,
		},
		{
			"R9 back within the paid month on any plan for nothing", renewed,
			billing.Rules{FreeReinstall: true},
			[]billing.Event{
				billing.Cancel{On: oct(12)},
				billing.Uninstall{On: oct(12)},
				billing.Reinstall{On: oct(20), Plan: plan(2000)},
				billing.Renewal{On: nov(1)},
			},
			[]billing.Yen{0, 2200},
			billing.StatusActive,
		},
		{
			"R10 back in a later month", installed,
			billing.Rules{},
			[]billing.Event{
				billing.Cancel{On: oct(12)},
				billing.MonthEnd{On: nov(1)},
				billing.Uninstall{On: nov(2)},
				billing.Reinstall{On: nov(5), Plan: plan(1000)},
				billing.Renewal{On: december},
			},
			[]billing.Yen{953, 1100},
			billing.StatusActive,
		},
		{
			"R9 back in the month of a trial, as new", trying,
			billing.Rules{},
			[]billing.Event{
				billing.Cancel{On: oct(5)},
				billing.Uninstall{On: oct(5)},
				billing.Reinstall{On: oct(10), Plan: planWithFee(1000, 3000), AsNew: true},
			},
			[]billing.Yen{4107},
			billing.StatusActive,
		},
		{
			"R9 back in the month of a trial, with another trial", trying,
			billing.Rules{},
			[]billing.Event{
				billing.Cancel{On: oct(5)},
				billing.Uninstall{On: oct(5)},
				billing.Reinstall{On: oct(6), Plan: planWithFee(1000, 3000), TrialEnd: oct(30)},
				billing.TrialEnd{On: oct(31)},
			},
			[]billing.Yen{3337},
			billing.StatusActive,
		},
		{
			"R10 back in a later month than a trial", trying,
			billing.Rules{},
			[]billing.Event{
				billing.Cancel{On: oct(5)},
				billing.Uninstall{On: oct(12)},
				billing.Reinstall{On: nov(5), Plan: planWithFee(1000, 3000)},
			},
			[]billing.Yen{4253},
			billing.StatusActive,
		},
		{
			"R11 after a renewal", renewed,
			billing.Rules{},
			[]billing.Event{billing.PlanChange{On: oct(10), Plan: plan(2000)}, billing.Renewal{On: nov(1)}},
			[]billing.Yen{807, 2200},
			billing.StatusActive,
		},
		{
			"R11 on the 1st the renewal comes first", renewed,
			billing.Rules{},
			[]billing.Event{billing.PlanChange{On: oct(1), Plan: plan(2000)}, billing.Renewal{On: nov(1)}},
			[]billing.Yen{1137, 2200},
			billing.StatusActive,
		},
		{
			"R11 after a prorated first month", installed,
			billing.Rules{},
			[]billing.Event{billing.PlanChange{On: oct(20), Plan: plan(2000)}},
			[]billing.Yen{557},
			billing.StatusActive,
		},
		{
			"R11 twice in a month", renewed,
			billing.Rules{},
			[]billing.Event{billing.PlanChange{On: oct(10), Plan: plan(2000)}, billing.PlanChange{On: oct(20), Plan: plan(3000)}},
			[]billing.Yen{807, 557},
			billing.StatusActive,
		},
		{
			"R11 up, R12 down, R11 up below what is paid", renewed,
			billing.Rules{},
			[]billing.Event{
				billing.PlanChange{On: oct(10), Plan: plan(5000)},
				billing.PlanChange{On: oct(15), Plan: plan(1000)},
				billing.PlanChange{On: oct(20), Plan: plan(3000)},
				billing.Renewal{On: nov(1)},
			},
			[]billing.Yen{3227, 0, 0, 3300},
			billing.StatusActive,
		},
		{
			"R11 by list prices", installed,
			billing.Rules{ListPriceDifference: true},
			[]billing.Event{billing.PlanChange{On: oct(20), Plan: plan(2000)}},
			[]billing.Yen{440},
			billing.StatusActive,
		},
		{
			"R11 by list prices, up again after a month that was paid", renewed,
			billing.Rules{ListPriceDifference: true},
			[]billing.Event{
				billing.PlanChange{On: oct(2), Plan: plan(3000)},
				billing.PlanChange{On: oct(10), Plan: plan(1000)},
				billing.PlanChange{On: oct(11), Plan: plan(3000)},
				billing.PlanChange{On: oct(12), Plan: plan(4000)},
			},
			[]billing.Yen{2200, 0, 0, 733}, // 1,000 × 20 ÷ 30
			billing.StatusActive,
		},
		{
			"R11 by what was paid with tax", installed,
			billing.Rules{TaxedDifference: true},
			[]billing.Event{billing.PlanChange{On: oct(20), Plan: plan(2000)}},
			[]billing.Yen{525},
			billing.StatusActive,
		},
		{
			"R11 on the 1st before the renewal", renewed,
			billing.Rules{ChangeBeforeRenewal: true},
			[]billing.Event{billing.PlanChange{On: nov(1), Plan: plan(2000)}, billing.Renewal{On: nov(1)}},
			[]billing.Yen{0, 2200},
			billing.StatusActive,
		},
		{
			"R11 on the 1st before the renewal, whatever the list prices", renewed,
			billing.Rules{ChangeBeforeRenewal: true, ListPriceDifference: true},
			[]billing.Event{billing.PlanChange{On: nov(1), Plan: plan(2000)}, billing.Renewal{On: nov(1)}},
			[]billing.Yen{0, 2200},
			billing.StatusActive,
		},
		{
			"R12 a lower price, though above what is paid", installed,
			billing.Rules{},
			[]billing.Event{billing.PlanChange{On: oct(20), Plan: plan(900)}, billing.Renewal{On: nov(1)}},
			[]billing.Yen{0, 990},
			billing.StatusActive,
		},
		{
			"R13 cancelled at once after a renewal", renewed,
			billing.Rules{},
			[]billing.Event{billing.Cancel{On: oct(1)}, billing.MonthEnd{On: oct(31)}},
			nil, billing.StatusCancelled,
		},
		{
			"R13 cancelled on the last day", renewed,
			billing.Rules{},
			[]billing.Event{billing.Cancel{On: oct(31)}, billing.MonthEnd{On: nov(1)}},
			nil, billing.StatusEnded,
		},
		{
			"R7 a cancelled trial is never paid", trying,
			billing.Rules{},
			[]billing.Event{billing.Cancel{On: oct(9)}, billing.MonthEnd{On: oct(10)}},
			nil, billing.StatusEnded,
		},
		{
			"R14 another plan after cancelling", renewed,
			billing.Rules{},
			[]billing.Event{
				billing.Cancel{On: oct(5)},
				billing.PlanChange{On: oct(10), Plan: plan(2000)},
				billing.Renewal{On: nov(1)},
			},
			[]billing.Yen{807, 2200},
			billing.StatusActive,
		},
		{
			"R14 another plan after cancelling that stays cancelled", renewed,
			billing.Rules{ChangeStaysCancelled: true},
			[]billing.Event{
				billing.Cancel{On: oct(5)},
				billing.PlanChange{On: oct(10), Plan: plan(2000)},
				billing.MonthEnd{On: nov(1)},
			},
			[]billing.Yen{807},
			billing.StatusEnded,
		},
		{
			"R14 another plan in a cancelled trial", trying,
			billing.Rules{ChangeInCancelledTrial: true},
			[]billing.Event{
				billing.Cancel{On: oct(5)},
				billing.PlanChange{On: oct(7), Plan: plan(2000)},
				billing.TrialEnd{On: oct(10)},
			},
			[]billing.Yen{1613},
			billing.StatusActive,
		},
		{
			"R16 a renewal fails", installed,
			billing.Rules{},
			[]billing.Event{billing.Renewal{On: nov(1), Failed: true}},
			nil, billing.StatusPaymentFailed,
		},
		{
			"R16 a renewal fails twice, then succeeds", installed,
			billing.Rules{},
			[]billing.Event{
				billing.Renewal{On: nov(1), Failed: true},
				billing.Renewal{On: nov(1), Failed: true},
				billing.Renewal{On: nov(1)},
			},
			[]billing.Yen{1100},
			billing.StatusActive,
		},
		{
			"R16 the payment after a trial fails, then succeeds", trying,
			billing.Rules{},
			[]billing.Event{billing.TrialEnd{On: oct(10), Failed: true}, billing.TrialEnd{On: oct(10)}},
			[]billing.Yen{4107},
			billing.StatusActive,
		},
		{
			"R18 a failed payment can be uninstalled", installed,
			billing.Rules{},
			[]billing.Event{
				billing.Renewal{On: nov(1), Failed: true},
				billing.Uninstall{On: nov(3)},
				billing.Reinstall{On: nov(16), Plan: plan(1000), AsNew: true},
			},
			[]billing.Yen{550},
			billing.StatusActive,
		},
		{
			"time passes over an active subscription", installed,
			billing.Rules{},
			[]billing.Event{billing.MonthEnd{On: nov(1)}, billing.Renewal{On: nov(1)}},
			[]billing.Yen{1100},
			billing.StatusActive,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, totals := play(t, test.from(t, test.rules), test.events...)
			assert.Equal(t, test.totals, totals)
			assert.Equal(t, test.status, s.Status)
		})
	}
}

// What is remembered of a month's payments, and what of it counts by two readings at once.
func TestPaidThisMonth(t *testing.T) {
	t.Parallel()
	both := billing.Rules{TaxedDifference: true, FeeInDifference: true}
	s, _ := play(t, billing.Subscription{}.With(both), billing.Install{On: oct(10), Plan: planWithFee(1000, 500)})
	paid := func(s billing.Subscription) []billing.Yen {
		return []billing.Yen{s.PaidPrice, s.Paid, s.PaidTax, s.PaidFee, s.PaidFeeTax}
	}
	assert.Equal(t, []billing.Yen{1000, 734, 73, 500, 50}, paid(s))

	s, totals := play(t, s, billing.PlanChange{On: oct(20), Plan: planWithFee(2000, 300)})
	assert.Equal(t, []billing.Yen{258 + 25}, totals, "(2,000 - 1,357) × 12 ÷ 30")
	assert.Equal(t, []billing.Yen{2000, 992, 98, 500, 50}, paid(s))

	s, _ = play(t, s, billing.PlanChange{On: oct(21), Plan: plan(900)})
	assert.Equal(t, []billing.Yen{2000, 992, 98, 500, 50}, paid(s), "a lower price takes nothing back")

	s, _ = play(t, s, billing.Renewal{On: nov(1)})
	assert.Equal(t, []billing.Yen{900, 900, 90, 0, 0}, paid(s), "of the new month")
}

// R11 by the list price: the dearest plan of the month counts, also after a change to a
// lower one. Installed on 10 October at 3,000 yen (2,200 paid), down to 1,000, and up to
// 2,500: 3,000 are held for paid, so nothing is due, where 2,500 - 2,200 would be.
func TestR11ListPriceOfTheDearestPlan(t *testing.T) {
	t.Parallel()
	s, totals := play(t, billing.Subscription{}.With(billing.Rules{ListPriceDifference: true}),
		billing.Install{On: oct(10), Plan: plan(3000)},
		billing.PlanChange{On: oct(12), Plan: plan(1000)},
		billing.PlanChange{On: oct(20), Plan: plan(2500)})
	assert.Equal(t, []billing.Yen{2420, 0, 0}, totals)

	_, totals = play(t, s, billing.PlanChange{On: oct(20), Plan: plan(4000)})
	assert.Equal(t, []billing.Yen{440}, totals, "(4,000 - 3,000) × 12 ÷ 30")

	_, totals = play(t, s, billing.Renewal{On: nov(1)}, billing.PlanChange{On: nov(16), Plan: plan(3000)})
	assert.Equal(t, []billing.Yen{2750, 275}, totals, "the dearest plan of another month does not count: (3,000 - 2,500) × 15 ÷ 30")
}

func TestSubscriptionRefuses(t *testing.T) {
	t.Parallel()
	var none billing.Subscription
	active, trial := renewed(t, billing.Rules{}), trying(t, billing.Rules{})
	early, earlyTrial := renewed(t, billing.Rules{ChangeBeforeRenewal: true}), trying(t, billing.Rules{ChangeBeforeRenewal: true})
	cancelled, _ := play(t, active, billing.Cancel{On: oct(10)})
	cancelledTrial, _ := play(t, trial, billing.Cancel{On: oct(5)})
	ended, _ := play(t, cancelled, billing.MonthEnd{On: nov(1)})
	failed, _ := play(t, active, billing.Renewal{On: nov(1), Failed: true})
	failedTrial, _ := play(t, trial, billing.TrialEnd{On: oct(10), Failed: true})
	left, _ := play(t, cancelled, billing.Uninstall{On: oct(10)})
	leftTrial, _ := play(t, cancelledTrial, billing.Uninstall{On: oct(5)})
	leftFailed, _ := play(t, failed, billing.Uninstall{On: nov(3)})

	dearer := billing.Plan{ID: plan(1000).ID, Monthly: 1200}
	for _, test := range []struct {
		name  string
		s     billing.Subscription
		event billing.Event
		want  billing.Reason
	}{
		{"install twice", active, billing.Install{On: oct(2), Plan: plan(1000)}, billing.ReasonInstalled},
		{"install after an uninstallation", left, billing.Install{On: oct(20), Plan: plan(1000)}, billing.ReasonInstalledBefore},
		{"R17 install a plan of 0 yen", none, billing.Install{On: oct(2), Plan: plan(0)}, billing.ReasonFreePlan},
		{"reinstall what is installed", active, billing.Reinstall{On: oct(2), Plan: plan(1000)}, billing.ReasonInstalled},
		{"reinstall what never was", none, billing.Reinstall{On: oct(2), Plan: plan(1000)}, billing.ReasonNeverInstalled},
		{"R17 reinstall a plan of 0 yen", left, billing.Reinstall{On: oct(12), Plan: plan(0)}, billing.ReasonFreePlan},
		{"R17 reinstall at another price", left, billing.Reinstall{On: oct(12), Plan: dearer}, billing.ReasonPriceFixed},
		{"R9 back in the month of a trial", leftTrial, billing.Reinstall{On: oct(20), Plan: planWithFee(1000, 3000)}, billing.ReasonNothingPaid},
		{"R9 back in the month of a failed payment", leftFailed, billing.Reinstall{On: nov(20), Plan: plan(1000)}, billing.ReasonNothingPaid},

		{"R7 change in a trial", trial, billing.PlanChange{On: oct(5), Plan: plan(2000)}, billing.ReasonTrial},
		{"R7 change after a trial that is not paid", trial, billing.PlanChange{On: oct(10), Plan: plan(2000)}, billing.ReasonPaymentDue},
		{"R7 change after a trial, before its payment", earlyTrial, billing.PlanChange{On: oct(10), Plan: plan(2000)}, billing.ReasonPaymentDue},
		{"R7 R14 change in a cancelled trial", cancelledTrial, billing.PlanChange{On: oct(7), Plan: plan(2000)}, billing.ReasonTrial},
		{"change to the same plan", active, billing.PlanChange{On: oct(5), Plan: plan(1000)}, billing.ReasonSamePlan},
		{"R14 change to the same plan after cancelling", cancelled, billing.PlanChange{On: oct(12), Plan: plan(1000)}, billing.ReasonSamePlan},
		{"R17 change of a price", active, billing.PlanChange{On: oct(5), Plan: dearer}, billing.ReasonPriceFixed},
		{"R17 change to a plan of 0 yen", active, billing.PlanChange{On: oct(5), Plan: plan(0)}, billing.ReasonFreePlan},
		{"R11 change on the 1st before the renewal", active, billing.PlanChange{On: nov(1), Plan: plan(2000)}, billing.ReasonPaymentDue},
		{"R11 change in a month not paid", active, billing.PlanChange{On: nov(15), Plan: plan(2000)}, billing.ReasonPaymentDue},
		{"R11 change after a renewal missed, not on its day", early, billing.PlanChange{On: nov(2), Plan: plan(2000)}, billing.ReasonPaymentDue},
		{"R15 change after the end", ended, billing.PlanChange{On: nov(2), Plan: plan(2000)}, billing.ReasonEnded},
		{"R15 change after a cancellation", cancelled, billing.PlanChange{On: nov(1), Plan: plan(2000)}, billing.ReasonEnded},
		{"R18 change after a failed payment", failed, billing.PlanChange{On: nov(2), Plan: plan(2000)}, billing.ReasonPaymentFailed},
		{"change of what is not installed", none, billing.PlanChange{On: nov(2), Plan: plan(2000)}, billing.ReasonNotInstalled},

		{"cancel twice", cancelled, billing.Cancel{On: oct(11)}, billing.ReasonCancelled},
		{"cancel after the end", ended, billing.Cancel{On: nov(2)}, billing.ReasonEnded},
		{"cancel what is not installed", none, billing.Cancel{On: nov(2)}, billing.ReasonNotInstalled},
		{"R18 cancel after a failed payment", failed, billing.Cancel{On: nov(2)}, billing.ReasonPaymentFailed},
		{"cancel on the 1st before the renewal", active, billing.Cancel{On: nov(1)}, billing.ReasonPaymentDue},
		{"cancel after a trial before its payment", trial, billing.Cancel{On: oct(10)}, billing.ReasonPaymentDue},

		{"R18 uninstall what is active", active, billing.Uninstall{On: oct(5)}, billing.ReasonActive},
		{"R18 uninstall a trial that is active", trial, billing.Uninstall{On: oct(5)}, billing.ReasonActive},
		{"uninstall twice", left, billing.Uninstall{On: oct(11)}, billing.ReasonNotInstalled},

		{"R5 renew on the 1st of the installation", active, billing.Renewal{On: oct(1)}, billing.ReasonPaid},
		{"renew a month too late", active, billing.Renewal{On: billing.Date(2026, time.December, 1)}, billing.ReasonPaymentDue},
		{"R7 renew in a trial", trial, billing.Renewal{On: oct(9)}, billing.ReasonTrial},
		{"R7 renew after a trial that is not paid", trial, billing.Renewal{On: nov(1)}, billing.ReasonPaymentDue},
		{"renew after a failed trial", failedTrial, billing.Renewal{On: nov(1)}, billing.ReasonPaymentDue},
		{"R13 renew after cancelling", cancelled, billing.Renewal{On: oct(10)}, billing.ReasonCancelled},
		{"R15 renew after the end", cancelled, billing.Renewal{On: nov(1)}, billing.ReasonEnded},
		{"R15 renew what is not installed", left, billing.Renewal{On: nov(1)}, billing.ReasonNotInstalled},

		{"pay a trial without one", active, billing.TrialEnd{On: oct(10)}, billing.ReasonNoTrial},
		{"R7 pay a cancelled trial", cancelledTrial, billing.TrialEnd{On: oct(10)}, billing.ReasonEnded},
		{"pay a trial of what is not installed", none, billing.TrialEnd{On: oct(10)}, billing.ReasonNotInstalled},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			refused(t, test.s, test.event, test.want)
		})
	}
}

func TestR7TrialEndOnTheRenewalDayIsOnePayment(t *testing.T) {
	t.Parallel()
	install := billing.Install{On: billing.Date(2026, time.January, 2), Plan: plan(1000), TrialEnd: billing.Date(2026, time.January, 31)}
	first := billing.Date(2026, time.February, 1)

	s, totals := play(t, billing.Subscription{}, install, billing.TrialEnd{On: first})
	assert.Equal(t, []billing.Yen{1027}, totals)
	refused(t, s, billing.Renewal{On: first}, billing.ReasonPaid)

	_, totals = play(t, billing.Subscription{}.With(billing.Rules{RenewalAtTrialEnd: true}), install, billing.TrialEnd{On: first})
	assert.Equal(t, []billing.Yen{1100}, totals)
}

func TestApplyRefusesTimesOutOfOrder(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		s     billing.Subscription
		event billing.Event
	}{
		"no time":                       {installed(t, billing.Rules{}), billing.Cancel{}},
		"before the latest event":       {installed(t, billing.Rules{}), billing.Cancel{On: oct(9)}},
		"a year too far":                {installed(t, billing.Rules{}), billing.Cancel{On: billing.Date(10000, time.January, 1)}},
		"an installation at no time":    {billing.Subscription{}, billing.Install{Plan: plan(1000), TrialEnd: oct(9)}},
		"a trial before the calendar":   {billing.Subscription{}, billing.Install{On: oct(10), Plan: plan(1000), TrialEnd: billing.Date(0, time.June, 1)}},
		"a trial that ends before":      {billing.Subscription{}, billing.Install{On: oct(10), Plan: plan(1000), TrialEnd: oct(9)}},
		"a trial beyond the calendar":   {billing.Subscription{}, billing.Install{On: oct(10), Plan: plan(1000), TrialEnd: billing.Date(10000, time.January, 1)}},
		"a trial paid on its last day":  {trying(t, billing.Rules{}), billing.TrialEnd{On: oct(9)}},
		"a trial paid a day late":       {trying(t, billing.Rules{}), billing.TrialEnd{On: oct(11)}},
		"no time for time's passing by": {installed(t, billing.Rules{}), billing.MonthEnd{}},
		"time that runs backwards":      {installed(t, billing.Rules{}), billing.MonthEnd{On: oct(9)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next, charges, err := test.s.Apply(test.event)
			require.ErrorIs(t, err, billing.ErrPeriod)
			assert.Empty(t, charges)
			assert.Equal(t, test.s, next)
		})
	}
	_, _, err := billing.Subscription{}.Apply(billing.Install{On: oct(10), Plan: plan(1000), TrialEnd: billing.Date(10000, time.January, 1)})
	require.ErrorContains(t, err, "year 10000", "the time that caused it")
	s := installed(t, billing.Rules{})
	next, _, err := s.Apply(nil)
	require.EqualError(t, err, "billing: no event")
	assert.Equal(t, s, next)
}

// Amounts that a later payment could not hold are refused when they come in.
func TestApplyRefusesAmounts(t *testing.T) {
	t.Parallel()
	const maximum = math.MaxInt64
	var none billing.Subscription
	rich := renewed(t, billing.Rules{})
	rich.Paid = maximum - 10
	taxed := renewed(t, billing.Rules{TaxedDifference: true})
	taxed.Paid, taxed.PaidTax = maximum-10, 11
	damaged := renewed(t, billing.Rules{}) // as a store may return it
	damaged.Paid = -1
	early := renewed(t, billing.Rules{ChangeBeforeRenewal: true})
	withFees := renewed(t, billing.Rules{FeeInDifference: true, FeeOnPlanChange: true})
	withFees.PaidFee = maximum - 10
	gone, _ := play(t, renewed(t, billing.Rules{}), billing.Cancel{On: oct(5)}, billing.Uninstall{On: oct(5)})
	lateTrial, _ := play(t, trying(t, billing.Rules{ChangeInCancelledTrial: true}), billing.Cancel{On: oct(5)})

	for name, test := range map[string]struct {
		s     billing.Subscription
		event billing.Event
		want  error
	}{
		"a negative price":                  {billing.Subscription{}, billing.Install{On: oct(10), Plan: plan(-1)}, billing.ErrAmount},
		"a price too large":                 {billing.Subscription{}, billing.Install{On: oct(31), Plan: plan(maximum)}, billing.ErrAmount},
		"a price too large after a trial":   {billing.Subscription{}, billing.Install{On: oct(10), Plan: plan(maximum), TrialEnd: oct(30)}, billing.ErrAmount},
		"a price too large on the 1st":      {early, billing.PlanChange{On: nov(1), Plan: plan(maximum)}, billing.ErrAmount},
		"a price too large for a change":    {rich, billing.PlanChange{On: oct(31), Plan: plan(maximum)}, billing.ErrAmount},
		"less than nothing paid":            {damaged, billing.PlanChange{On: oct(31), Plan: plan(2000)}, billing.ErrAmount},
		"too much paid with tax":            {taxed, billing.PlanChange{On: oct(31), Plan: plan(2000)}, billing.ErrAmount},
		"too much paid with fees":           {withFees, billing.PlanChange{On: oct(10), Plan: plan(2000)}, billing.ErrAmount},
		"too many fees":                     {withFees.With(billing.Rules{FeeOnPlanChange: true}), billing.PlanChange{On: oct(10), Plan: planWithFee(2000, 11)}, billing.ErrAmount},
		"a price too large at a later rate": {none.With(billing.Rules{TaxRates: []billing.RateFrom{{From: oct(11), Rate: 10000}}}), billing.Install{On: oct(10), Plan: plan(maximum / 20 * 10)}, billing.ErrAmount},
		"a later rate out of range":         {none.With(billing.Rules{TaxRates: []billing.RateFrom{{From: oct(11), Rate: 10001}}}), billing.Install{On: oct(10), Plan: plan(1000)}, billing.ErrRate},
		"a price too large for a return":    {gone, billing.Reinstall{On: nov(5), Plan: plan(maximum)}, billing.ErrAmount},
		"a price too large for a new trial": {lateTrial, billing.PlanChange{On: oct(6), Plan: plan(maximum)}, billing.ErrAmount},
		"a rate out of range":               {renewed(t, billing.Rules{}).With(billing.Rules{TaxRates: always(-1)}), billing.Renewal{On: nov(1)}, billing.ErrRate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next, charges, err := test.s.Apply(test.event)
			require.ErrorIs(t, err, test.want)
			assert.Empty(t, charges)
			assert.Equal(t, test.s, next)
		})
	}
}

func TestR18StatusTable(t *testing.T) {
	t.Parallel()
	var none billing.Subscription
	active, trial := renewed(t, billing.Rules{}), trying(t, billing.Rules{})
	cancelled, _ := play(t, active, billing.Cancel{On: oct(10)})
	cancelledTrial, _ := play(t, trial, billing.Cancel{On: oct(5)})
	ended, _ := play(t, cancelled, billing.MonthEnd{On: nov(1)})
	endedTrial, _ := play(t, cancelledTrial, billing.MonthEnd{On: oct(10)})
	failed, _ := play(t, active, billing.Renewal{On: nov(1), Failed: true})
	failedTrial, _ := play(t, trial, billing.TrialEnd{On: oct(10), Failed: true})
	at := time.Date(2026, time.October, 12, 3, 4, 5, 0, time.UTC)
	left, _ := play(t, cancelled, billing.Uninstall{On: at})

	december := billing.Date(2026, time.December, 1)
	for _, test := range []struct {
		name    string
		s       billing.Subscription
		status  billing.Status
		allowed []billing.Action
		inTrial bool
		usable  time.Time
		api     time.Time
		ends    bool
	}{
		{"never installed", none, billing.StatusNone, []billing.Action{billing.ActionInstall}, false, time.Time{}, time.Time{}, true},
		{"active", active, billing.StatusActive, []billing.Action{billing.ActionChangePlan, billing.ActionCancel}, false, time.Time{}, time.Time{}, false},
		{"trial", trial, billing.StatusActive, []billing.Action{billing.ActionCancel}, true, time.Time{}, time.Time{}, false},
		{"cancelled", cancelled, billing.StatusCancelled, []billing.Action{billing.ActionChangePlan, billing.ActionUninstall}, false, nov(1), december, true},
		{"cancelled trial", cancelledTrial, billing.StatusCancelled, []billing.Action{billing.ActionUninstall}, true, oct(10), nov(9), true},
		{
			"cancelled trial that can change", cancelledTrial.With(billing.Rules{ChangeInCancelledTrial: true}), billing.StatusCancelled,
			[]billing.Action{billing.ActionChangePlan, billing.ActionUninstall},
			true, oct(10), nov(9), true,
		},
		{"ended", ended, billing.StatusEnded, []billing.Action{billing.ActionUninstall}, false, nov(1), december, true},
		{"ended, a day later", ended.With(billing.Rules{LaterAPIStop: true}), billing.StatusEnded, []billing.Action{billing.ActionUninstall}, false, nov(1), december.AddDate(0, 0, 1), true},
		{"ended trial", endedTrial, billing.StatusEnded, []billing.Action{billing.ActionUninstall}, false, oct(10), nov(9), true},
		{"payment failed", failed, billing.StatusPaymentFailed, []billing.Action{billing.ActionUninstall}, false, time.Time{}, time.Time{}, false},
		{"payment after a trial failed", failedTrial, billing.StatusPaymentFailed, []billing.Action{billing.ActionUninstall}, false, time.Time{}, time.Time{}, false},
		{"uninstalled", left, billing.StatusNone, []billing.Action{billing.ActionInstall}, false, at, at, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.status, test.s.Status)
			assert.Equal(t, test.allowed, test.s.Allowed())
			assert.Equal(t, test.inTrial, test.s.InTrial())
			usable, ends := test.s.UsableUntil()
			assert.True(t, usable.Equal(test.usable), usable)
			assert.Equal(t, test.ends, ends)
			api, ends := test.s.APIUntil()
			assert.True(t, api.Equal(test.api), api)
			assert.Equal(t, test.ends, ends)
		})
	}
}

func TestUninstallForgetsTheTrialAndKeepsTheInstant(t *testing.T) {
	t.Parallel()
	cancelled, _ := play(t, trying(t, billing.Rules{}), billing.Cancel{On: oct(5)})
	at := time.Now().Add(100 * 365 * 24 * time.Hour)
	s, _ := play(t, cancelled, billing.Uninstall{On: at})
	assert.Zero(t, s.TrialEnd)
	assert.Equal(t, time.Unix(0, at.UnixNano()).In(oct(1).Location()), s.Uninstalled, "without the clock's monotonic reading")
	assert.Equal(t, oct(5), s.Cancelled)
}

// Midnight in Tokyo decides, wherever the clock of the program stands.
func TestEventsAtMidnight(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, time.October, 31, 15, 0, 0, 0, time.UTC) // 1 November 00:00 in Tokyo
	cancelled, _ := play(t, renewed(t, billing.Rules{}), billing.Cancel{On: oct(10)})

	s, _ := play(t, cancelled, billing.MonthEnd{On: midnight.Add(-time.Nanosecond)})
	assert.Equal(t, billing.StatusCancelled, s.Status)
	s, _ = play(t, cancelled, billing.MonthEnd{On: midnight})
	assert.Equal(t, billing.StatusEnded, s.Status)

	_, totals := play(t, renewed(t, billing.Rules{}), billing.PlanChange{On: midnight.Add(-time.Nanosecond), Plan: plan(2000)})
	assert.Equal(t, []billing.Yen{37}, totals)
	refused(t, renewed(t, billing.Rules{}), billing.PlanChange{On: midnight, Plan: plan(2000)}, billing.ReasonPaymentDue)
	_, totals = play(t, renewed(t, billing.Rules{}), billing.Renewal{On: midnight})
	assert.Equal(t, []billing.Yen{1100}, totals)
}

// A subscription that was stored goes on as if it had not been, also when the
// database answers in UTC.
func TestStoredSubscription(t *testing.T) {
	t.Parallel()
	events := []billing.Event{
		billing.Install{On: oct(1), Plan: planWithFee(1000, 3000), TrialEnd: oct(31)},
		billing.TrialEnd{On: nov(1)},
		billing.PlanChange{On: nov(16), Plan: plan(2000)},
		billing.Cancel{On: nov(20)},
		billing.Uninstall{On: nov(20).Add(time.Hour)},
		billing.Reinstall{On: nov(21), Plan: plan(3000)},
		billing.Renewal{On: billing.Date(2026, time.December, 1)},
		billing.Cancel{On: billing.Date(2026, time.December, 31)},
		billing.MonthEnd{On: billing.Date(2027, time.January, 1)},
	}
	utc := func(s billing.Subscription) billing.Subscription {
		for _, at := range []*time.Time{&s.TrialEnd, &s.PaidMonth, &s.Cancelled, &s.Uninstalled, &s.Latest} {
			*at = at.UTC()
		}
		return s
	}
	var kept, stored billing.Subscription
	for _, event := range events {
		var want []billing.Charge
		var err error
		kept, want, err = kept.Apply(event)
		require.NoError(t, err)

		text, err := json.Marshal(stored)
		require.NoError(t, err)
		var loaded billing.Subscription
		require.NoError(t, json.Unmarshal(text, &loaded))
		var got []billing.Charge
		stored, got, err = utc(loaded).Apply(event)
		require.NoError(t, err)

		assert.Equal(t, want, got)
		assert.Equal(t, utc(kept), utc(stored))
		assert.Equal(t, billing.Forecast(kept, oct(1).AddDate(1, 0, 0)), billing.Forecast(utc(stored), oct(1).AddDate(1, 0, 0)))
	}
}

func TestRefusedErrorText(t *testing.T) {
	t.Parallel()
	_, _, err := trying(t, billing.Rules{}).Apply(billing.PlanChange{On: oct(5), Plan: plan(2000)})
	require.EqualError(t, err, "billing: PlanChange refused (status active): trial")
	_, _, err = billing.Subscription{}.Apply(billing.Uninstall{On: oct(5)})
	require.EqualError(t, err, "billing: Uninstall refused (status none): not_installed")
	refusal, ok := errors.AsType[*billing.RefusedError](err)
	require.True(t, ok)
	assert.Equal(t, billing.RefusedError{Event: "Uninstall", Reason: billing.ReasonNotInstalled}, *refusal)
}

// A shop that is back within its paid month counts neither as cancelled nor as
// uninstalled.
func TestR9BackHasNotLeft(t *testing.T) {
	t.Parallel()
	for _, price := range []billing.Yen{500, 1000, 2000} {
		s, _ := play(t, renewed(t, billing.Rules{}),
			billing.Cancel{On: oct(12)}, billing.Uninstall{On: oct(13)}, billing.Reinstall{On: oct(20), Plan: plan(price)})
		assert.Equal(t, billing.StatusActive, s.Status)
		assert.Zero(t, s.Cancelled)
		assert.Zero(t, s.Uninstalled)
	}
}
