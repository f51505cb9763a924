package billing_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

// Wherever the rules leave room, the figures of both readings are the ones that
// the documentation gives.
func TestBothFiguresOfEveryReading(t *testing.T) {
	t.Parallel()
	type opts []billing.Option
	total := func(c billing.Charge, err error) (billing.Yen, error) { return c.Total, err }
	// life sums up what a shop pays with events, after those that lead to them. A
	// refused event costs nothing.
	life := func(o opts, before []billing.Event, events ...billing.Event) (billing.Yen, error) {
		s := billing.Subscription{}.With(o...)
		var paid billing.Yen
		for i, event := range slices.Concat(before, events) {
			next, charges, err := s.Apply(event)
			if _, refused := errors.AsType[*billing.RefusedError](err); err != nil && !refused {
				return 0, err
			}
			for _, charge := range charges {
				if i >= len(before) {
					paid += charge.Total
				}
			}
			s = next
		}
		return paid, nil
	}
	september := billing.Install{On: billing.Date(2026, time.September, 1), Plan: plan(1000)}
	october := []billing.Event{september, billing.Renewal{On: oct(1)}}
	tenth := []billing.Event{billing.Install{On: oct(10), Plan: plan(1000)}}
	trial := []billing.Event{billing.Install{On: oct(1), Plan: plan(1000), TrialEnd: oct(9)}, billing.Cancel{On: oct(5)}}
	toFull := billing.PlanChange{On: oct(20), Plan: plan(2000)}
	withFee := planWithFee(2000, 500)

	for _, test := range []struct {
		name     string
		option   billing.Option
		paid     func(o opts) (billing.Yen, error)
		byRule   billing.Yen
		byOption billing.Yen
	}{
		{"WithMonthlyCap", billing.WithMonthlyCap(), func(o opts) (billing.Yen, error) {
			return total(billing.FirstCharge(plan(1000), oct(1), o...))
		}, 1137, 1100},
		{"WithTaxRate", billing.WithTaxRate(800), func(o opts) (billing.Yen, error) {
			return total(billing.FirstCharge(plan(1000), oct(10), o...))
		}, 734 + 73, 734 + 58},
		{"WithRenewalAtTrialEnd", billing.WithRenewalAtTrialEnd(), func(o opts) (billing.Yen, error) {
			return total(billing.TrialEndCharge(plan(1000), billing.Date(2026, time.January, 31), o...))
		}, 1027, 1100},
		{"WithSeparateTax", billing.WithSeparateTax(), func(o opts) (billing.Yen, error) {
			return total(billing.FirstCharge(planWithFee(1003, 505), oct(10), o...))
		}, 1365, 1364},
		{"WithFeeOnPlanChange", billing.WithFeeOnPlanChange(), func(o opts) (billing.Yen, error) {
			return total(billing.PlanChangeCharge(withFee, 1000, oct(10), o...))
		}, 807, 1357},
		{"WithFeeOnPaidReinstall", billing.WithFeeOnPaidReinstall(), func(o opts) (billing.Yen, error) {
			return total(billing.ReinstallCharge(withFee, oct(12), oct(20), o...))
		}, 0, 550},
		{"WithFreeReinstall", billing.WithFreeReinstall(), func(o opts) (billing.Yen, error) {
			return life(o, october, billing.Cancel{On: oct(12)}, billing.Uninstall{On: oct(12)}, billing.Reinstall{On: oct(20), Plan: plan(2000)})
		}, 440, 0},
		{"WithoutFeeOnReinstall", billing.WithoutFeeOnReinstall(), func(o opts) (billing.Yen, error) {
			return total(billing.ReinstallCharge(planWithFee(1000, 500), oct(12), nov(5), o...))
		}, 1503, 953},
		{"WithListPriceDifference", billing.WithListPriceDifference(), func(o opts) (billing.Yen, error) { return life(o, tenth, toFull) }, 557, 440},
		{"WithTaxedDifference", billing.WithTaxedDifference(), func(o opts) (billing.Yen, error) { return life(o, tenth, toFull) }, 557, 525},
		{"WithDailyRate", billing.WithDailyRate(), func(o opts) (billing.Yen, error) {
			return total(billing.PlanChangeCharge(plan(2000), 1000, oct(10), o...))
		}, 807, 822},
		{"WithChangeBeforeRenewal", billing.WithChangeBeforeRenewal(), func(o opts) (billing.Yen, error) {
			change, renewal := billing.PlanChange{On: oct(1), Plan: plan(2000)}, billing.Renewal{On: oct(1)}
			// What comes too early is refused and comes again.
			return life(o, []billing.Event{september}, change, renewal, change)
		}, 2237, 2200},
		{"WithChangeInCancelledTrial", billing.WithChangeInCancelledTrial(), func(o opts) (billing.Yen, error) {
			return life(o, trial, billing.PlanChange{On: oct(7), Plan: plan(2000)}, billing.TrialEnd{On: oct(10)})
		}, 0, 1613},
		{"WithChangeStaysCancelled", billing.WithChangeStaysCancelled(), func(o opts) (billing.Yen, error) {
			cancelled := append(october[:2:2], billing.Cancel{On: oct(5)}, toFull)
			return life(o, cancelled, billing.Renewal{On: nov(1)})
		}, 2200, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			byRule, err := test.paid(nil)
			require.NoError(t, err)
			assert.Equal(t, test.byRule, byRule)
			byOption, err := test.paid(opts{test.option})
			require.NoError(t, err)
			assert.Equal(t, test.byOption, byOption)
		})
	}
}

// Of two rates the later counts, and an option given again changes nothing.
func TestOptionsJoin(t *testing.T) {
	t.Parallel()
	s := billing.Subscription{}.With(billing.WithTaxRate(500), billing.WithMonthlyCap()).With(billing.WithTaxRate(800), billing.WithMonthlyCap())
	assert.Equal(t, billing.Subscription{}.With(billing.WithMonthlyCap(), billing.WithTaxRate(800)), s)
	assert.Equal(t, billing.Subscription{}, billing.Subscription{}.With())
}
