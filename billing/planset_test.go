package billing_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/hooks"
)

// faults are the plans and reasons that an error joins.
func faults(t *testing.T, err error) []billing.PlanError {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	var all []billing.PlanError
	for _, one := range joined.Unwrap() {
		fault, ok := errors.AsType[*billing.PlanError](one)
		require.True(t, ok, "%v", one)
		all = append(all, *fault)
	}
	return all
}

func TestR17PlanSet(t *testing.T) {
	t.Parallel()
	subscription := func(plans ...billing.Plan) billing.PlanSet {
		return billing.PlanSet{Form: billing.FormSubscription, Plans: plans}
	}
	free := func(plans ...billing.Plan) billing.PlanSet {
		return billing.PlanSet{Form: billing.FormFree, Plans: plans}
	}
	outside := func(plans ...billing.Plan) billing.PlanSet {
		return billing.PlanSet{Form: billing.FormOutside, Plans: plans}
	}
	trial := func(s billing.PlanSet) billing.PlanSet { s.Trial = true; return s }
	light, full, nothing := plan(1000), plan(2000), plan(0)
	for _, test := range []struct {
		name    string
		set     billing.PlanSet
		earlier []billing.PlanSet
		want    []billing.PlanError
	}{
		{"a subscription", subscription(light), nil, nil},
		{"several plans, with fees and a trial", trial(subscription(light, planWithFee(2000, 500))), nil, nil},
		{"a free app", free(nothing), nil, nil},
		{"paid outside", outside(nothing), nil, nil},

		{"no form", billing.PlanSet{Plans: []billing.Plan{nothing}}, nil, []billing.PlanError{{"", billing.ReasonForm}}},
		{"no plan", subscription(), nil, []billing.PlanError{{"", billing.ReasonNoPlan}}},
		{"two free plans", free(nothing, billing.Plan{ID: "other"}), nil, []billing.PlanError{{"", billing.ReasonOnePlan}}},
		{"a free app with a price", free(light), nil, []billing.PlanError{{light.ID, billing.ReasonPaidPlan}}},
		{"0 yen in a subscription", subscription(nothing), nil, []billing.PlanError{{nothing.ID, billing.ReasonFreePlan}}},
		{"a paid plan beside the free one", free(nothing, light), nil, []billing.PlanError{{"", billing.ReasonOnePlan}, {light.ID, billing.ReasonPaidPlan}}},
		{"a free plan beside the paid one", subscription(light, nothing), nil, []billing.PlanError{{nothing.ID, billing.ReasonFreePlan}}},
		{"a price shown outside", outside(light), nil, []billing.PlanError{{light.ID, billing.ReasonPaidPlan}}},
		{"a trial of a free app", trial(free(nothing)), nil, []billing.PlanError{{"", billing.ReasonTrialNotAllowed}}},
		{"a trial paid outside", trial(outside(nothing)), nil, []billing.PlanError{{"", billing.ReasonTrialNotAllowed}}},
		{"a fee of a free app", free(planWithFee(0, 500)), nil, []billing.PlanError{{nothing.ID, billing.ReasonFeeNotAllowed}}},
		{"a fee paid outside", outside(planWithFee(0, 500)), nil, []billing.PlanError{{nothing.ID, billing.ReasonFeeNotAllowed}}},
		{"a plan without an ID", subscription(billing.Plan{Monthly: 1000}), nil, []billing.PlanError{{"", billing.ReasonPlanID}}},
		{"an ID twice", subscription(light, light), nil, []billing.PlanError{{light.ID, billing.ReasonPlanID}}},

		{"the same again", subscription(light), []billing.PlanSet{subscription(light)}, nil},
		{"a plan more, another gone", subscription(full), []billing.PlanSet{subscription(light)}, nil},
		{"free to paid", subscription(light), []billing.PlanSet{free(nothing)}, []billing.PlanError{{"", billing.ReasonFormFixed}}},
		{"paid to free", free(nothing), []billing.PlanSet{subscription(light)}, []billing.PlanError{{"", billing.ReasonFormFixed}}},
		{"outside to free", free(nothing), []billing.PlanSet{outside(nothing)}, []billing.PlanError{{"", billing.ReasonFormFixed}}},
		{"a trial added", trial(subscription(light)), []billing.PlanSet{subscription(light)}, []billing.PlanError{{"", billing.ReasonFormFixed}}},
		{"a fee added", subscription(light, planWithFee(2000, 500)), []billing.PlanSet{subscription(light)}, []billing.PlanError{{"", billing.ReasonFormFixed}}},
		{
			"another price", subscription(billing.Plan{ID: light.ID, Monthly: 1200}),
			[]billing.PlanSet{subscription(full), subscription(light)},
			[]billing.PlanError{{light.ID, billing.ReasonPriceFixed}},
		},
		{
			"another fee", subscription(planWithFee(1000, 600)),
			[]billing.PlanSet{subscription(planWithFee(1000, 500))},
			[]billing.PlanError{{light.ID, billing.ReasonPriceFixed}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, faults(t, test.set.Check(test.earlier...)))
		})
	}
	for _, p := range []billing.Plan{plan(-1), planWithFee(1000, -1), plan(math.MaxInt64)} {
		require.ErrorIs(t, subscription(p).Check(), billing.ErrAmount)
	}
	err := subscription(nothing).Check(free())
	require.EqualError(t, err, "billing: plan \"¥0\" refused: free_plan\nbilling: plan set refused: form_fixed")
}

// Every form has its row in the table of events that an app has to receive.
func TestPlanTypesAreThoseOfHooks(t *testing.T) {
	t.Parallel()
	var types []string
	for _, form := range []billing.Form{billing.FormFree, billing.FormSubscription, billing.FormOutside} {
		for _, trial := range []bool{false, true} {
			for _, fee := range []billing.Yen{0, 500} {
				set := billing.PlanSet{Form: form, Trial: trial, Plans: []billing.Plan{plan(1000), planWithFee(2000, fee)}}
				if trial && form != billing.FormSubscription {
					continue
				}
				types = append(types, set.PlanType())
				_, err := hooks.RequiredEvents(hooks.MakeShopPlanType(set.PlanType()), hooks.MakeShopPlanOptions{})
				require.NoError(t, err)
			}
		}
	}
	assert.Equal(t, []string{
		"free", "free", "subscription", "subscription+initial_fee", "subscription+trial", "subscription+initial_fee+trial", "outside", "outside",
	}, types)
}

// A failed payment blocks what the shop does with other apps, and only that.
func TestR18FailedPaymentBlocksOtherApps(t *testing.T) {
	t.Parallel()
	active := renewed(t, billing.Rules{})
	failed, _ := play(t, active, billing.Renewal{On: nov(1), Failed: true})
	paid, _ := play(t, failed, billing.Renewal{On: nov(1)})
	gone, _ := play(t, failed, billing.Uninstall{On: nov(2)})
	left, _ := play(t, active, billing.Cancel{On: oct(5)}, billing.Uninstall{On: oct(5)})

	for _, test := range []struct {
		s       billing.Subscription
		event   billing.Event
		blocked bool
	}{
		{billing.Subscription{}, billing.Install{On: oct(10), Plan: plan(1000)}, true},
		{billing.Subscription{}, &billing.Install{On: oct(10), Plan: plan(1000)}, true},
		{left, billing.Reinstall{On: oct(10), Plan: plan(1000)}, true},
		{active, billing.PlanChange{On: oct(10), Plan: plan(2000)}, true},
		{active, billing.Cancel{On: oct(10)}, false},
		{active, billing.Renewal{On: nov(1)}, false},
		{active, billing.MonthEnd{On: nov(1)}, false},
	} {
		t.Run(fmt.Sprintf("%T", test.event), func(t *testing.T) {
			t.Parallel()
			_, _, err := test.s.Apply(test.event, active, paid, gone)
			require.NoError(t, err, "nothing of the others is open")
			next, charges, err := test.s.Apply(test.event, active, failed)
			if !test.blocked {
				require.NoError(t, err)
				return
			}
			refusal, ok := errors.AsType[*billing.RefusedError](err)
			require.True(t, ok)
			assert.Equal(t, billing.ReasonOtherPaymentFailed, refusal.Reason)
			assert.Empty(t, charges)
			assert.Equal(t, test.s, next)
		})
	}
	assert.Equal(t, []billing.Action{billing.ActionCancel}, active.Allowed(failed))
	assert.Equal(t, []billing.Action{billing.ActionChangePlan, billing.ActionCancel}, active.Allowed(paid, gone))
	assert.Empty(t, left.Allowed(failed))
	assert.Equal(t, []billing.Action{billing.ActionUninstall}, failed.Allowed(failed))
}

func ExamplePlanSet_Check() {
	offered := billing.PlanSet{Form: billing.FormSubscription, Plans: []billing.Plan{{ID: "1", Monthly: 1000}}}
	fmt.Println(offered.PlanType(), offered.Check())

	next := offered
	next.Plans = []billing.Plan{{ID: "1", Monthly: 1200}, {ID: "trial", Monthly: 0}}
	fmt.Println(next.Check(offered))
	// Output:
	// subscription <nil>
	// billing: plan "trial" refused: free_plan
	// billing: plan "1" refused: price_fixed
}
