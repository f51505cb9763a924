package makeshop_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/makeshop"
)

func TestAccess(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 11, 1, 0, 0, 0, 0, makeshop.JST)
	stop := time.Date(2026, 12, 1, 0, 0, 0, 0, makeshop.JST)
	before, after := end.Add(-time.Nanosecond), end
	allow := makeshop.AccessPolicy{AllowPaymentFailed: true}
	for _, tt := range []struct {
		name     string
		status   makeshop.SubscriptionStatus
		now      time.Time
		policy   makeshop.AccessPolicy
		app, api bool
	}{
		{"active", makeshop.SubscriptionActive, after, makeshop.AccessPolicy{}, true, true},
		{"cancelled, in the paid month", makeshop.SubscriptionCancelled, before, makeshop.AccessPolicy{}, true, true},
		{"cancelled, the word of its end is late", makeshop.SubscriptionCancelled, after, allow, false, true},
		{"ended", makeshop.SubscriptionEnded, after, allow, false, true},
		{"ended says the platform, before the end", makeshop.SubscriptionEnded, before, allow, false, true},
		{"ended 30 days ago but a moment", makeshop.SubscriptionEnded, stop.Add(-time.Nanosecond), allow, false, true},
		{"ended 30 days ago", makeshop.SubscriptionEnded, stop, allow, false, false},
		{"payment failed, blocked", makeshop.SubscriptionPaymentFailed, after, makeshop.AccessPolicy{}, false, true},
		{"payment failed, allowed", makeshop.SubscriptionPaymentFailed, after, allow, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := makeshop.Access(tt.status, end.UTC(), tt.now.UTC(), tt.policy)
			require.NoError(t, err)
			assert.Equal(t, [2]bool{tt.app, tt.api}, [2]bool{got.App, got.API})
			if tt.status == makeshop.SubscriptionEnded {
				assert.True(t, stop.Equal(got.APIUntil), got.APIUntil)
			}
		})
	}
	for _, status := range []makeshop.SubscriptionStatus{"", "suspended"} {
		got, err := makeshop.Access(status, end, before, allow)
		require.Error(t, err)
		assert.Zero(t, got, "what is not known permits nothing")
	}
	for _, status := range []makeshop.SubscriptionStatus{makeshop.SubscriptionCancelled, makeshop.SubscriptionEnded} {
		_, err := makeshop.Access(status, time.Time{}, before, allow)
		require.Error(t, err)
	}
}

// TestNamesAreThoseOfTheOtherPackages: the packages do not import each other, so that the
// names have to be compared here.
func TestNamesAreThoseOfTheOtherPackages(t *testing.T) {
	t.Parallel()
	assert.Equal(t, string(billing.StatusActive), string(makeshop.SubscriptionActive))
	assert.Equal(t, string(billing.StatusCancelled), string(makeshop.SubscriptionCancelled))
	assert.Equal(t, string(billing.StatusEnded), string(makeshop.SubscriptionEnded))
	assert.Equal(t, string(billing.StatusPaymentFailed), string(makeshop.SubscriptionPaymentFailed))
	for plan, rows := range makeshop.RequiredWebhooks() {
		for _, options := range []hooks.MakeShopPlanOptions{
			{}, {SeveralPlans: true}, {FreePaymentAPI: true}, {SeveralPlans: true, FreePaymentAPI: true},
		} {
			want, err := hooks.RequiredEvents(hooks.MakeShopPlanType(plan), options)
			require.NoError(t, err, plan)
			var got []hooks.MakeShopKind
			for _, r := range rows {
				if r.Condition == makeshop.Always || r.Condition == makeshop.WithSeveralPlans && options.SeveralPlans ||
					r.Condition == makeshop.WithFreePaymentAPI && options.FreePaymentAPI {
					got = append(got, hooks.MakeShopKind(r.Webhook))
				}
			}
			assert.Equal(t, want, got, "%s %+v", plan, options)
		}
	}
}

// TestWebhooksOfEachPlan is the platform's table, written anew.
func TestWebhooksOfEachPlan(t *testing.T) {
	t.Parallel()
	const (
		always = "yes"
		never  = ""
	)
	columns := []makeshop.Webhook{
		makeshop.WebhookInstall, makeshop.WebhookUninstall, makeshop.WebhookTrialRenewal, makeshop.WebhookMonthlyRenewal,
		makeshop.WebhookPlanChange, makeshop.WebhookCancel,
	}
	several := string(makeshop.WithSeveralPlans)
	table := map[makeshop.PlanType][]string{
		makeshop.PlanFree:                     {always, always, never, never, never, never},
		makeshop.PlanSubscription:             {always, always, never, always, several, always},
		makeshop.PlanSubscriptionInitial:      {always, always, never, always, several, always},
		makeshop.PlanSubscriptionTrial:        {always, always, always, always, several, always},
		makeshop.PlanSubscriptionInitialTrial: {always, always, always, always, several, always},
		makeshop.PlanOutside:                  {always, always, never, never, never, never},
		makeshop.PlanFreePayment:              {always, always, never, never, never, never},
	}
	rows := makeshop.RequiredWebhooks()
	assert.Len(t, rows, len(table))
	for plan, want := range table {
		for i, webhook := range columns {
			got := never
			for _, r := range rows[plan] {
				if r.Webhook == webhook && r.Condition == makeshop.Always {
					got = always
				} else if r.Webhook == webhook {
					got = string(r.Condition)
				}
			}
			assert.Equal(t, want[i], got, "%s %s", plan, webhook)
		}
	}
}

func TestCheckWebhooks(t *testing.T) {
	t.Parallel()
	handled := []makeshop.Webhook{
		makeshop.WebhookInstall, makeshop.WebhookUninstall, makeshop.WebhookMonthlyRenewal, makeshop.WebhookCancel, makeshop.WebhookRepaymentExceeded,
	}
	require.NoError(t, makeshop.CheckWebhooks(makeshop.PlanSubscription, handled))
	require.NoError(t, makeshop.CheckWebhooks(makeshop.PlanOutside, handled))
	err := makeshop.CheckWebhooks(makeshop.PlanSubscriptionTrial, handled, makeshop.WithSeveralPlans)
	require.ErrorContains(t, err, "makeshop.trial_renewal, makeshop.plan_change")
	require.Error(t, makeshop.CheckWebhooks("other", handled))
	makeshop.RequiredWebhooks()[makeshop.PlanFree][0] = makeshop.Requirement{}
	assert.Equal(t, makeshop.WebhookInstall, makeshop.RequiredWebhooks()[makeshop.PlanFree][0].Webhook, "the table is not shared")
}
