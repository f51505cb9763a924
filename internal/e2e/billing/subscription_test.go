package billing_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
)

// plans is what the app offers.
func plans() []billing.Plan {
	return []billing.Plan{
		{ID: "light", Monthly: 980},
		{ID: "middle", Monthly: 2000, InitialFee: 505},
		{ID: "full", Monthly: 9999, InitialFee: 3000},
	}
}

// event is anything that could happen on a day, allowed or not.
func event(day time.Time) *rapid.Generator[billing.Event] {
	return rapid.Custom(func(t *rapid.T) billing.Event {
		plan := rapid.SampledFrom(plans()).Draw(t, "plan")
		failed := rapid.IntRange(0, 4).Draw(t, "fails") == 0
		var trialEnd time.Time
		if rapid.Bool().Draw(t, "trial") {
			trialEnd = day.AddDate(0, 0, rapid.IntRange(0, 40).Draw(t, "length"))
		}
		switch rapid.IntRange(0, 7).Draw(t, "event") {
		case 0:
			return billing.Install{On: day, Plan: plan, TrialEnd: trialEnd}
		case 1:
			return billing.Reinstall{On: day, Plan: plan, AsNew: rapid.Bool().Draw(t, "as new")}
		case 2:
			return billing.PlanChange{On: day, Plan: plan}
		case 3:
			return billing.Cancel{On: day}
		case 4:
			return billing.Uninstall{On: day}
		case 5:
			return billing.Renewal{On: day, Failed: failed}
		case 6:
			return billing.TrialEnd{On: day, Failed: failed}
		default:
			return billing.MonthEnd{On: day}
		}
	})
}

// due is the payment that the platform makes by itself on a day, if any.
func due(s billing.Subscription, day time.Time) (billing.Event, bool) {
	charges := billing.Forecast(s, day)
	switch {
	case len(charges) == 0:
		return nil, false
	case charges[0].Kind == billing.KindTrialEnd:
		return billing.TrialEnd{On: charges[0].On}, true
	default:
		return billing.Renewal{On: charges[0].On}, true
	}
}

// walk leads a shop through random days, paying what falls due, and calls visit
// with every step.
func walk(t *rapid.T, visit func(before, after billing.Subscription, e billing.Event, charges []billing.Charge, err error)) {
	often := func(reading string) bool { return rapid.IntRange(0, 3).Draw(t, reading) == 0 }
	rules := billing.Rules{
		MonthlyCap: often("MonthlyCap"), SeparateTax: often("SeparateTax"), DailyRate: often("DailyRate"),
		TaxedDifference: often("TaxedDifference"), FeeOnPlanChange: often("FeeOnPlanChange"), FreeReinstall: often("FreeReinstall"),
		ChangeInCancelledTrial: often("ChangeInCancelledTrial"), ChangeStaysCancelled: often("ChangeStaysCancelled"),
		ChangeBeforeRenewal: often("ChangeBeforeRenewal"), RenewalAtTrialEnd: often("RenewalAtTrialEnd"),
		ListPriceDifference: often("ListPriceDifference"), FeeInDifference: often("FeeInDifference"),
		DowngradeNextMonth: often("DowngradeNextMonth"), EqualPriceAsHigher: often("EqualPriceAsHigher"),
	}
	if often("TaxRates") {
		rules.TaxRates = []billing.RateFrom{{Rate: 800}, {From: billing.Date(2028, time.April, 1), Rate: 1500}}
	}
	s := billing.Subscription{}.With(rules)
	step := func(e billing.Event) {
		next, charges, err := s.Apply(e)
		visit(s, next, e, charges, err)
		s = next
	}
	day := billing.Date(2027, time.November, 20)
	for range rapid.IntRange(1, 40).Draw(t, "steps") {
		day = day.AddDate(0, 0, rapid.SampledFrom([]int{0, 0, 1, 1, 2, 5, 9, 17, 30}).Draw(t, "days"))
		for e, ok := due(s, day); ok; e, ok = due(s, day) {
			step(e)
		}
		step(event(day).Draw(t, "event"))
	}
}

func TestAnyLifeOfASubscription(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		paid := map[time.Time]billing.Kind{}
		walk(t, func(before, after billing.Subscription, e billing.Event, charges []billing.Charge, err error) {
			if err != nil {
				_, refused := errors.AsType[*billing.RefusedError](err)
				require.True(t, refused || errors.Is(err, billing.ErrPeriod), "%v", err)
				require.Equal(t, before, after, "a refused event changes nothing")
				require.Empty(t, charges)
				return
			}
			for _, c := range charges {
				require.Equal(t, c.Base+c.InitialFee+c.Tax, c.Total)
				require.Equal(t, after.Latest, c.On)
				require.NotEmpty(t, billing.Explain(c, shotengai.Japanese))
				if slices.Contains([]billing.Kind{billing.KindFirst, billing.KindRenewal, billing.KindTrialEnd, billing.KindReinstall}, c.Kind) {
					month := billing.Date(c.On.Year(), c.On.Month(), 1)
					require.Empty(t, paid[month], "%s paid twice", month)
					paid[month] = c.Kind
				}
			}
			if after.Status != billing.StatusActive {
				require.Empty(t, billing.Forecast(after, after.Latest.AddDate(2, 0, 0)), "nothing to come when %q", after.Status)
			}
		})
	})
}

// What Allowed lists is what Apply accepts, while no payment is open.
func TestAllowedIsWhatIsAccepted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		walk(t, func(_, s billing.Subscription, _ billing.Event, _ []billing.Charge, _ error) {
			if s.Latest.IsZero() {
				return
			}
			s, _, err := s.Apply(billing.MonthEnd{On: s.Latest})
			require.NoError(t, err)
			if _, open := due(s, s.Latest); open {
				return
			}
			other := plans()[0]
			if other == s.Plan {
				other = plans()[1]
			}
			install := billing.Event(billing.Install{On: s.Latest, Plan: other})
			if !s.Uninstalled.IsZero() {
				install = billing.Reinstall{On: s.Latest, Plan: other, AsNew: true}
			}
			for action, e := range map[billing.Action]billing.Event{
				billing.ActionInstall:    install,
				billing.ActionChangePlan: billing.PlanChange{On: s.Latest, Plan: other},
				billing.ActionCancel:     billing.Cancel{On: s.Latest},
				billing.ActionUninstall:  billing.Uninstall{On: s.Latest},
			} {
				_, _, err := s.Apply(e)
				require.Equal(t, slices.Contains(s.Allowed(), action), err == nil, "%s when %q: %v", action, s.Status, err)
			}
		})
	})
}

// A forecast comes true, charge for charge.
func TestForecastsComeTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		walk(t, func(_, s billing.Subscription, _ billing.Event, _ []billing.Charge, _ error) {
			until := s.Latest.AddDate(1, 0, 0)
			for _, want := range billing.Forecast(s, until) {
				e, open := due(s, want.On)
				require.True(t, open)
				next, charges, err := s.Apply(e)
				require.NoError(t, err)
				require.Equal(t, []billing.Charge{want}, charges)
				s = next
			}
			require.Empty(t, billing.Forecast(s, until))
		})
	})
}
