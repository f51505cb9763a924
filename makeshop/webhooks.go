package makeshop

import (
	"fmt"
	"slices"
	"strings"
)

// Webhook is an event that the platform tells an app of. The values are those of package
// hooks, which receives them.
type Webhook string

// The webhooks that plans require. Where a payment is meant, the platform lists success
// and failure together.
const (
	WebhookInstall           Webhook = "makeshop.install"
	WebhookUninstall         Webhook = "makeshop.uninstall"
	WebhookTrialRenewal      Webhook = "makeshop.trial_renewal"      // the payment on the day after a trial
	WebhookMonthlyRenewal    Webhook = "makeshop.monthly_renewal"    // the payment on the 1st
	WebhookPlanChange        Webhook = "makeshop.plan_change"        //
	WebhookCancel            Webhook = "makeshop.cancel"             // of a subscription
	WebhookRepaymentExceeded Webhook = "makeshop.repayment_exceeded" // 14 days after a failed payment
	WebhookFreePayment       Webhook = "makeshop.free_payment"       // a payment by the free-payment API
)

// PlanType is the form in which an app is offered. It never changes. The platform has
// since dropped the four forms of subscription for new apps.
type PlanType string

// Plan types.
const (
	PlanFree                     PlanType = "free"
	PlanSubscription             PlanType = "subscription"
	PlanSubscriptionInitial      PlanType = "subscription+initial_fee"
	PlanSubscriptionTrial        PlanType = "subscription+trial"
	PlanSubscriptionInitialTrial PlanType = "subscription+initial_fee+trial"
	PlanOutside                  PlanType = "outside"      // paid outside of makeshop apps
	PlanFreePayment              PlanType = "free_payment" // paid by the free-payment API
)

// Condition says when a requirement holds.
type Condition string

// Conditions of a requirement.
const (
	Always             Condition = ""
	WithSeveralPlans   Condition = "several_plans"    // the app offers more than one plan
	WithFreePaymentAPI Condition = "free_payment_api" // the app uses the free-payment API
)

// Requirement is one mark of the platform's table: apps of a plan type have to handle the
// webhook.
type Requirement struct {
	Webhook   Webhook
	Condition Condition
}

// RequiredWebhooks is the platform's table of the webhooks that each plan type has to
// handle. It returns the same rows each time, in the table's order.
func RequiredWebhooks() map[PlanType][]Requirement {
	always := []Requirement{{WebhookInstall, Always}, {WebhookUninstall, Always}}
	payment := Requirement{WebhookFreePayment, WithFreePaymentAPI}
	subscription := func(trial ...Requirement) []Requirement {
		return slices.Concat(always, trial, []Requirement{
			{WebhookMonthlyRenewal, Always},
			{WebhookPlanChange, WithSeveralPlans},
			{WebhookCancel, Always},
			{WebhookRepaymentExceeded, Always},
			payment,
		})
	}
	trial := Requirement{WebhookTrialRenewal, Always}
	return map[PlanType][]Requirement{
		PlanFree:                     append(slices.Clone(always), payment),
		PlanSubscription:             subscription(),
		PlanSubscriptionInitial:      subscription(),
		PlanSubscriptionTrial:        subscription(trial),
		PlanSubscriptionInitialTrial: subscription(trial),
		PlanOutside:                  always,
		PlanFreePayment:              append(slices.Clone(always), Requirement{WebhookRepaymentExceeded, Always}, Requirement{WebhookFreePayment, Always}),
	}
}

// CheckWebhooks is for the start of an app: it fails, and names what is missing, unless
// the app handles every webhook that its plan type requires. Conditions are those that
// hold for the app.
func CheckWebhooks(plan PlanType, handled []Webhook, conditions ...Condition) error {
	required, known := RequiredWebhooks()[plan]
	if !known {
		return fmt.Errorf("makeshop: unknown plan type %q", string(plan))
	}
	var missing []string
	for _, r := range required {
		if r.Condition != Always && !slices.Contains(conditions, r.Condition) || slices.Contains(handled, r.Webhook) {
			continue
		}
		missing = append(missing, string(r.Webhook))
	}
	if len(missing) > 0 {
		return fmt.Errorf("makeshop: plan type %q requires webhooks that are not handled: %s", string(plan), strings.Join(missing, ", "))
	}
	return nil
}
