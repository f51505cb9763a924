package billing_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

func TestForecast(t *testing.T) {
	t.Parallel()
	type due struct {
		on    string
		total billing.Yen
	}
	december, january := billing.Date(2026, time.December, 1), billing.Date(2027, time.January, 1)
	cancelled, _ := play(t, renewed(t, billing.Rules{}), billing.Cancel{On: oct(10)})
	cancelledTrial, _ := play(t, trying(t, billing.Rules{}), billing.Cancel{On: oct(5)})
	failed, _ := play(t, renewed(t, billing.Rules{}), billing.Renewal{On: nov(1), Failed: true})
	toLastDay, _ := play(t, billing.Subscription{}, billing.Install{On: oct(1), Plan: plan(1000), TrialEnd: oct(31)})
	changed, _ := play(t, renewed(t, billing.Rules{}), billing.PlanChange{On: oct(10), Plan: plan(2000)})
	paidTwice := renewed(t, billing.Rules{TaxRates: always(800)})
	raised := trying(t, billing.Rules{TaxRates: []billing.RateFrom{{From: nov(1), Rate: 1200}, {From: january, Rate: 1500}}})
	unpayable := renewed(t, billing.Rules{})
	unpayable.Plan.Monthly = math.MaxInt64

	for _, test := range []struct {
		name  string
		s     billing.Subscription
		until time.Time
		want  []due
	}{
		{"renewals", renewed(t, billing.Rules{}), january, []due{{"2026-11-01", 1100}, {"2026-12-01", 1100}, {"2027-01-01", 1100}}},
		{"the day of until counts", renewed(t, billing.Rules{}), nov(1), []due{{"2026-11-01", 1100}}},
		{"the day before does not", renewed(t, billing.Rules{}), nov(1).Add(-time.Nanosecond), nil},
		{"a trial", trying(t, billing.Rules{}), december, []due{{"2026-10-10", 4107}, {"2026-11-01", 1100}, {"2026-12-01", 1100}}},
		{"a trial to the last day", toLastDay, december, []due{{"2026-11-01", 1100}, {"2026-12-01", 1100}}},
		{"another plan", changed, nov(30), []due{{"2026-11-01", 2200}}},
		{"another rate", paidTwice, nov(30), []due{{"2026-11-01", 1080}}},
		{"a rate for each day", raised, january, []due{{"2026-10-10", 4107}, {"2026-11-01", 1120}, {"2026-12-01", 1120}, {"2027-01-01", 1150}}},
		{"cancelled", cancelled, january, nil},
		{"a cancelled trial", cancelledTrial, january, nil},
		{"payment failed", failed, january, nil},
		{"never installed", billing.Subscription{}, january, nil},
		{"no until", renewed(t, billing.Rules{}), time.Time{}, nil},
		{"a plan that Apply would refuse", unpayable, january, nil},
		{"a state that Apply would not make", billing.Subscription{Status: billing.StatusActive, Plan: plan(1000)}, january, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []due
			for _, charge := range billing.Forecast(test.s, test.until) {
				got = append(got, due{charge.On.Format(time.DateOnly), charge.Total})
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// What is forecast is what is charged.
func TestForecastComesTrue(t *testing.T) {
	t.Parallel()
	s := trying(t, billing.Rules{})
	for _, want := range billing.Forecast(s, billing.Date(2028, time.December, 31)) {
		var event billing.Event = billing.Renewal{On: want.On}
		if want.Kind == billing.KindTrialEnd {
			event = billing.TrialEnd{On: want.On}
		}
		next, charges, err := s.Apply(event)
		require.NoError(t, err)
		require.Equal(t, []billing.Charge{want}, charges)
		s = next
	}
	assert.Equal(t, billing.Date(2028, time.December, 1), s.PaidMonth)
}
