package billing_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// contract runs a contract on the fake, from a day to a day, and returns it with what the
// hooks said.
func contract(t *testing.T, srv *colormetest.Server, now *atomic.Int64, plan string, from, to time.Time) (*colormetest.Installation, billing.UsageContract) {
	t.Helper()
	now.Store(from.Unix())
	_, err := srv.Install(t.Context(), srv.Shop(), plan)
	require.NoError(t, err)
	now.Store(to.Unix())
	in, err := srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByShopOwner)
	require.NoError(t, err)
	return in, billing.UsageContract{Start: in.InstalledAt, TrialEnd: in.TrialEndsAt, Uninstalled: in.UninstalledAt}
}

func timeTravel(t *testing.T) (*colormetest.Server, *atomic.Int64) {
	t.Helper()
	var now atomic.Int64
	now.Store(billing.Date(2027, time.January, 1).Unix())
	srv := colormetest.NewServer(
		colormetest.WithClock(func() time.Time { return time.Unix(now.Load(), 0) }),
		colormetest.WithSales(0), colormetest.WithProducts(0), colormetest.WithCustomers(0), colormetest.WithoutRateLimits(),
	)
	t.Cleanup(srv.Close)
	return srv, &now
}

// Installed on each day of two years, one of them a leap year, and uninstalled on each day
// of the next weeks, through the first contract period and into the second: the fake, which
// counts for itself, closes when Window does, whether closing_on was received or has to be
// computed, with a trial of 30 days and without.
func TestWindowAgreesWithTheFake(t *testing.T) {
	t.Parallel()
	for plan, days := range map[string][2]int{colormetest.PlanMetered: {0, 33}, colormetest.PlanMonthlyTrial: {29, 63}} {
		t.Run(plan, func(t *testing.T) {
			t.Parallel()
			srv, now := timeTravel(t)
			for first := billing.Date(2027, time.January, 1); first.Year() < 2029; first = first.AddDate(0, 0, 1) {
				for day := days[0]; day <= days[1]; day++ {
					from, to := first.Add(13*time.Hour), first.AddDate(0, 0, day).Add(23*time.Hour)
					in, c := contract(t, srv, now, plan, from, to)
					computed, err := c.Window()
					c.ClosingOn = in.ClosingOn
					received, errReceived := c.Window()
					switch {
					case err != nil || errReceived != nil:
						t.Fatal(err, errReceived)
					case in.UsageToken == "":
						if !computed.Never || !received.Never {
							t.Fatalf("%s to %s: the fake gave no token", from, to)
						}
					case !computed.Computed || received.Computed || !computed.Until.Equal(received.Until) || !computed.From.Equal(received.From):
						t.Fatalf("%s to %s: %+v computed, %+v received", from, to, computed, received)
					}
				}
			}
		})
	}
}

// Whenever in two years a shop leaves, the fake takes the last charge within the window and
// refuses the first one after it.
func TestTheFakeTakesChargesWithinTheWindow(t *testing.T) {
	t.Parallel()
	srv, now := timeTravel(t)
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	charge := func(in *colormetest.Installation, at time.Time) error {
		now.Store(at.Unix())
		_, err := client.UsageCharges.CreateAfterUninstall(t.Context(), shotengai.Secret(in.UsageToken), in.ContractID,
			colorme.CreateUsageChargeRequest{Point: 100, Description: "SMS"})
		return err
	}
	begin := billing.Date(2026, time.October, 15)
	for day := billing.Date(2027, time.January, 1); day.Year() < 2029; day = day.AddDate(0, 0, 5) {
		for _, plan := range []string{colormetest.PlanMetered, colormetest.PlanMonthlyTrial} {
			in, c := contract(t, srv, now, plan, begin, day)
			window, err := c.Window()
			require.NoError(t, err)
			require.NoError(t, charge(in, window.Until.Add(-time.Second)), "%s to %s", plan, day)
			require.True(t, window.Open(window.Until.Add(-time.Second)))
			require.Error(t, charge(in, window.Until), "%s to %s", plan, day)
			require.False(t, window.Open(window.Until))
		}
	}
	var refusal *shotengai.Error
	in, c := contract(t, srv, now, colormetest.PlanMetered, begin, begin)
	window, err := c.Window()
	require.NoError(t, err)
	require.True(t, errors.As(charge(in, window.Until), &refusal))
	assert.Equal(t, 401, refusal.StatusCode)
}
