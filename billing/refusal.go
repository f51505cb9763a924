package billing

import "fmt"

// Reason is why the platform refuses an event or a set of plans.
type Reason string

// The reasons of a refusal.
const (
	// ReasonNotInstalled: the app is not installed.
	ReasonNotInstalled Reason = "not_installed"
	// ReasonInstalled: the app is installed already.
	ReasonInstalled Reason = "installed"
	// ReasonInstalledBefore: the shop had the app before, so it is a Reinstall,
	// whose price depends on what was paid (R9, R10).
	ReasonInstalledBefore Reason = "installed_before"
	// ReasonNeverInstalled: the shop never had the app, so it is an Install.
	ReasonNeverInstalled Reason = "never_installed"
	// ReasonTrial: neither a plan change nor a renewal during a trial (R7).
	ReasonTrial Reason = "trial"
	// ReasonNoTrial: there is no trial to pay for.
	ReasonNoTrial Reason = "no_trial"
	// ReasonSamePlan: a change to the plan in use; after cancelling it takes an
	// uninstallation and a new installation (R14).
	ReasonSamePlan Reason = "same_plan"
	// ReasonPriceFixed: the price of a plan never changes; a new price is a new
	// plan with another ID (R17).
	ReasonPriceFixed Reason = "price_fixed"
	// ReasonFreePlan: a subscription has no plan of 0 yen (R17).
	ReasonFreePlan Reason = "free_plan"
	// ReasonActive: an active subscription is cancelled before it is uninstalled
	// (R18).
	ReasonActive Reason = "active"
	// ReasonCancelled: the subscription is cancelled, and so never paid again
	// (R13).
	ReasonCancelled Reason = "cancelled"
	// ReasonEnded: after the end the app can only be uninstalled (R15).
	ReasonEnded Reason = "ended"
	// ReasonPaymentFailed: after a failed payment the app can only be uninstalled
	// (R18).
	ReasonPaymentFailed Reason = "payment_failed"
	// ReasonPaymentDue: a renewal or a payment after a trial fell due before and is
	// not paid: no result of it has been applied, or a failure.
	ReasonPaymentDue Reason = "payment_due"
	// ReasonPaid: this month is paid already.
	ReasonPaid Reason = "paid"
	// ReasonNothingPaid: a return within the month of the cancellation, of which
	// nothing was paid. No rule prices it; see Reinstall.
	ReasonNothingPaid Reason = "nothing_paid"
	// ReasonOtherPaymentFailed: while a failed payment of another app remains, the shop
	// can neither install this one nor change its plan (R18).
	ReasonOtherPaymentFailed Reason = "other_payment_failed"
)

// The reasons of a refused set of plans, beside ReasonFreePlan and ReasonPriceFixed (R17).
const (
	// ReasonForm: the form is not one of the constants.
	ReasonForm Reason = "form"
	// ReasonFormFixed: the form of an app never changes, nor whether it has a trial or
	// initial fees. Another form takes another app.
	ReasonFormFixed Reason = "form_fixed"
	// ReasonNoPlan: an app offers at least one plan.
	ReasonNoPlan Reason = "no_plan"
	// ReasonOnePlan: a free app has exactly one plan.
	ReasonOnePlan Reason = "one_plan"
	// ReasonPlanID: a plan has no ID, or that of another.
	ReasonPlanID Reason = "plan_id"
	// ReasonPaidPlan: a plan with a price in an app that is free or paid outside makeshop.
	ReasonPaidPlan Reason = "paid_plan"
	// ReasonFeeNotAllowed: an initial fee outside a subscription.
	ReasonFeeNotAllowed Reason = "fee_not_allowed"
	// ReasonTrialNotAllowed: a trial outside a subscription.
	ReasonTrialNotAllowed Reason = "trial_not_allowed"
)

// RefusedError reports an event that the platform refuses in the state that a
// subscription is in.
type RefusedError struct {
	Event  string // the event's type, as PlanChange
	Status Status
	Reason Reason
}

// Error returns the event, the state and the reason.
func (e *RefusedError) Error() string {
	status := e.Status
	if status == StatusNone {
		status = "none"
	}
	return fmt.Sprintf("billing: %s refused (status %s): %s", e.Event, status, e.Reason)
}
