package billing_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

// Wherever the rules leave room, the figures of both readings are the ones that
// the documentation states.
func TestBothFiguresOfEveryReading(t *testing.T) {
	t.Parallel()
	total := func(c billing.Charge, err error) (billing.Yen, error) { return c.Total, err }
	// life sums up what a shop pays with events, after those that lead to them. A
	// refused event costs nothing.
	life := func(r billing.Rules, before []billing.Event, events ...billing.Event) (billing.Yen, error) {
		s := billing.Subscription{}.With(r)
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

	tested := []string{"LaterAPIStop"} // no matter of yen: see TestR18StatusTable
	for _, test := range []struct {
		name       string
		other      billing.Rules
		paid       func(r billing.Rules) (billing.Yen, error)
		documented billing.Yen
		byOther    billing.Yen
	}{
		{"MonthlyCap", billing.Rules{MonthlyCap: true}, func(r billing.Rules) (billing.Yen, error) {
			return total(r.FirstCharge(plan(1000), oct(1)))
		}, 1137, 1100},
		{"TaxRate", billing.Rules{TaxRate: new(billing.TaxRate(800))}, func(r billing.Rules) (billing.Yen, error) {
			return total(r.FirstCharge(plan(1000), oct(10)))
		}, 734 + 73, 734 + 58},
		{"RenewalAtTrialEnd", billing.Rules{RenewalAtTrialEnd: true}, func(r billing.Rules) (billing.Yen, error) {
			return total(r.TrialEndCharge(plan(1000), billing.Date(2026, time.January, 31)))
		}, 1027, 1100},
		{"SeparateTax", billing.Rules{SeparateTax: true}, func(r billing.Rules) (billing.Yen, error) {
			return total(r.FirstCharge(planWithFee(1003, 505), oct(10)))
		}, 1365, 1364},
		{"FeeOnPlanChange", billing.Rules{FeeOnPlanChange: true}, func(r billing.Rules) (billing.Yen, error) {
			return total(r.PlanChangeCharge(billing.Plan{}, withFee, 1000, oct(10)))
		}, 807, 1357},
		{"FeeOnPaidReinstall", billing.Rules{FeeOnPaidReinstall: true}, func(r billing.Rules) (billing.Yen, error) {
			return total(r.ReinstallCharge(withFee, oct(12), oct(20)))
		}, 0, 550},
		{"FreeReinstall", billing.Rules{FreeReinstall: true}, func(r billing.Rules) (billing.Yen, error) {
			return life(r, october, billing.Cancel{On: oct(12)}, billing.Uninstall{On: oct(12)}, billing.Reinstall{On: oct(20), Plan: plan(2000)})
		}, 440, 0},
		{"NoFeeOnReinstall", billing.Rules{NoFeeOnReinstall: true}, func(r billing.Rules) (billing.Yen, error) {
			return total(r.ReinstallCharge(planWithFee(1000, 500), oct(12), nov(5)))
		}, 1503, 953},
		{"ListPriceDifference", billing.Rules{ListPriceDifference: true}, func(r billing.Rules) (billing.Yen, error) { return life(r, tenth, toFull) }, 557, 440},
		{"TaxedDifference", billing.Rules{TaxedDifference: true}, func(r billing.Rules) (billing.Yen, error) { return life(r, tenth, toFull) }, 557, 525},
		{"DailyRate", billing.Rules{DailyRate: true}, func(r billing.Rules) (billing.Yen, error) {
			return total(r.PlanChangeCharge(billing.Plan{}, plan(2000), 1000, oct(10)))
		}, 807, 822},
		{"ChangeBeforeRenewal", billing.Rules{ChangeBeforeRenewal: true}, func(r billing.Rules) (billing.Yen, error) {
			change, renewal := billing.PlanChange{On: oct(1), Plan: plan(2000)}, billing.Renewal{On: oct(1)}
			// What comes too early is refused and comes again.
			return life(r, []billing.Event{september}, change, renewal, change)
		}, 2237, 2200},
		{"ChangeInCancelledTrial", billing.Rules{ChangeInCancelledTrial: true}, func(r billing.Rules) (billing.Yen, error) {
			return life(r, trial, billing.PlanChange{On: oct(7), Plan: plan(2000)}, billing.TrialEnd{On: oct(10)})
		}, 0, 1613},
		{"ChangeStaysCancelled", billing.Rules{ChangeStaysCancelled: true}, func(r billing.Rules) (billing.Yen, error) {
			cancelled := append(october[:2:2], billing.Cancel{On: oct(5)}, toFull)
			return life(r, cancelled, billing.Renewal{On: nov(1)})
		}, 2200, 0},
	} {
		tested = append(tested, test.name)
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			documented, err := test.paid(billing.Rules{})
			require.NoError(t, err)
			assert.Equal(t, test.documented, documented)
			byOther, err := test.paid(test.other)
			require.NoError(t, err)
			assert.Equal(t, test.byOther, byOther)
		})
	}
	for field := range reflect.TypeFor[billing.Rules]().Fields() {
		assert.Contains(t, tested, field.Name)
	}
}
