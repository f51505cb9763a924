package billing

import "fmt"

// Reason is why the platform refuses an event.
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
