package billing

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Status is the state of a subscription (R18). The zero value means that the
// app is not installed.
type Status string

// The states of a subscription.
const (
	// StatusNone is an app that is not installed. Its persistent token is dead.
	StatusNone Status = ""
	// StatusActive (利用中) is renewed on the next 1st, or paid after its trial.
	StatusActive Status = "active"
	// StatusCancelled (キャンセル) is not renewed, and usable to the end of the paid
	// month or of the trial.
	StatusCancelled Status = "cancelled"
	// StatusEnded (利用終了) is over after cancelling. The app must block its use;
	// the API answers for 30 days more.
	StatusEnded Status = "ended"
	// StatusPaymentFailed (決済失敗) has a renewal or a payment after a trial that
	// failed (R16). Whether it may be used is for the app to decide. While it
	// remains, the shop can neither install other apps nor change their plans: see
	// Apply.
	StatusPaymentFailed Status = "payment_failed"
)

// Action is something that a shop owner may do with a subscription.
type Action string

// The actions of a shop owner.
const (
	ActionInstall    Action = "install"     // Install, or Reinstall after an Uninstall
	ActionChangePlan Action = "change_plan" // PlanChange; offered by apps of several plans only
	ActionCancel     Action = "cancel"      // Cancel
	ActionUninstall  Action = "uninstall"   // Uninstall
)

// Subscription is the state of one shop's subscription to a makeshop app. It is
// a value: [Subscription.Apply] returns another one and changes nothing, so it
// may be copied, stored (its exported fields hold all of its state, in any time
// zone) and shared. The zero value is a shop that never installed the app.
type Subscription struct {
	Status   Status    `json:"status,omitzero"`
	Plan     Plan      `json:"plan,omitzero"`
	TrialEnd time.Time `json:"trial_end,omitzero"` // last day of a trial not paid yet; zero without one

	PaidMonth  time.Time `json:"paid_month,omitzero"`   // the 1st of the last month paid; zero if none is
	PaidPrice  Yen       `json:"paid_price,omitzero"`   // price of the dearest plan of PaidMonth
	Paid       Yen       `json:"paid,omitzero"`         // paid for PaidMonth, before tax and without initial fees
	PaidTax    Yen       `json:"paid_tax,omitzero"`     // tax on Paid
	PaidFee    Yen       `json:"paid_fee,omitzero"`     // initial fees paid in PaidMonth, before tax
	PaidFeeTax Yen       `json:"paid_fee_tax,omitzero"` // tax on PaidFee

	Cancelled   time.Time `json:"cancelled,omitzero"`   // day of the cancellation; zero when active
	Uninstalled time.Time `json:"uninstalled,omitzero"` // instant of the uninstallation; zero while installed
	Latest      time.Time `json:"latest,omitzero"`      // day of the latest event

	rules Rules
}

// With returns the subscription computing by rules. They belong to the app and are not
// stored: set them again after loading a subscription.
func (s Subscription) With(rules Rules) Subscription {
	s.rules = rules
	return s
}

// InTrial reports whether the subscription is free to the end of TrialEnd (R7). It goes by
// the events applied and knows no date: the trial lasts until a [TrialEnd] is applied, or
// the end of a cancelled one is noticed.
func (s Subscription) InTrial() bool {
	return (s.Status == StatusActive || s.Status == StatusCancelled) && !s.TrialEnd.IsZero()
}

// Allowed returns what the shop owner may do (R18). An active subscription has
// to be cancelled before it can be uninstalled, no plan changes during a trial
// (R7), and an ended subscription or one with a failed payment can only be
// uninstalled (R15). Changing the plan takes an app with several plans, which a
// Subscription does not know. It goes by the events applied and knows no date: while a
// payment is due, Apply refuses what is listed here with [ReasonPaymentDue]. Others are
// the shop's subscriptions to other apps, as in [Subscription.Apply].
func (s Subscription) Allowed(others ...Subscription) []Action {
	actions := s.actions()
	if anyFailed(others) {
		return slices.DeleteFunc(actions, func(a Action) bool { return a == ActionInstall || a == ActionChangePlan })
	}
	return actions
}

func (s Subscription) actions() []Action {
	switch s.Status {
	case StatusActive:
		if s.InTrial() {
			return []Action{ActionCancel}
		}
		return []Action{ActionChangePlan, ActionCancel}
	case StatusCancelled:
		if s.InTrial() && !s.rules.ChangeInCancelledTrial {
			return []Action{ActionUninstall}
		}
		return []Action{ActionChangePlan, ActionUninstall}
	case StatusEnded, StatusPaymentFailed:
		return []Action{ActionUninstall}
	default:
		return []Action{ActionInstall}
	}
}

// UsableUntil returns the first moment at which the app may no longer be used:
// after the paid month or the trial of a cancelled subscription (R13), or the
// uninstallation, the zero time if it never was installed. Ends is false while no
// end is known: the subscription is active, or its payment failed and the app
// decides.
func (s Subscription) UsableUntil() (until time.Time, ends bool) {
	switch s.Status {
	case StatusCancelled, StatusEnded:
		return s.coveredUntil(), true
	case StatusNone:
		return s.Uninstalled, true
	default:
		return time.Time{}, false
	}
}

// apiDays is how long the API answers after a subscription ended (R18).
const apiDays = 30

// APIUntil returns the first moment at which the API no longer answers this
// shop's token (R18): 30 days after a cancelled subscription ends, or at the
// uninstallation, which kills the token. Ends is false while no end is known.
// The API is open at t when !ends || t.Before(until).
//
// Where the rules leave room: the first moment after "30 days". A subscription
// ended at 1 November 00:00 loses the API at 1 December 00:00, or with
// [Rules.LaterAPIStop] at 2 December 00:00.
func (s Subscription) APIUntil() (until time.Time, ends bool) {
	until, ends = s.UsableUntil()
	if ends && s.Status != StatusNone {
		until = addDays(until, apiDays)
		if s.rules.LaterAPIStop {
			until = addDays(until, 1)
		}
	}
	return until, ends
}

// coveredUntil is the first moment after the trial or the paid month: when an
// active subscription has to be paid again and a cancelled one ends.
func (s Subscription) coveredUntil() time.Time {
	if !s.TrialEnd.IsZero() {
		return addDays(startOfDay(s.TrialEnd), 1)
	}
	return NextRenewal(s.PaidMonth)
}

// settled lets a cancelled subscription end when its time is over.
func (s Subscription) settled(on time.Time) Subscription {
	if s.Status == StatusCancelled && !on.Before(s.coveredUntil()) {
		s.Status = StatusEnded
	}
	return s
}

// unpayable returns why no payment can be due in this state. After a failed one it
// can: the platform may try again.
func (s Subscription) unpayable() Reason {
	switch s.Status {
	case StatusNone:
		return ReasonNotInstalled
	case StatusCancelled:
		return ReasonCancelled
	case StatusEnded:
		return ReasonEnded
	default:
		return ""
	}
}

// unchangeable returns why the plan cannot be changed to p on a day.
func (s Subscription) unchangeable(p Plan, on time.Time) Reason {
	cancelled := s.Status == StatusCancelled
	switch {
	case !cancelled && s.unpayable() != "":
		return s.unpayable()
	case s.Status == StatusPaymentFailed:
		return ReasonPaymentFailed
	case s.InTrial() && on.Before(s.coveredUntil()) && !(cancelled && s.rules.ChangeInCancelledTrial):
		return ReasonTrial
	case p == s.Plan:
		return ReasonSamePlan
	case p.ID == s.Plan.ID:
		return ReasonPriceFixed
	case p.Monthly == 0:
		return ReasonFreePlan
	case on.After(s.coveredUntil()), on.Equal(s.coveredUntil()) && (s.InTrial() || !s.rules.ChangeBeforeRenewal):
		return ReasonPaymentDue
	default:
		return ""
	}
}

// contract begins a contract with nothing paid.
func (s Subscription) contract(p Plan) Subscription {
	return Subscription{Status: StatusActive, Plan: p, rules: s.rules}
}

// try begins a trial.
func (s Subscription) try(on, trialEnd time.Time) (Subscription, []Charge, error) {
	last, err := dayOf(trialEnd)
	if err != nil {
		return s, nil, err
	}
	if last.Before(on) {
		return s, nil, fmt.Errorf("%w: a trial from %s to %s", ErrPeriod, dayText(on), dayText(last))
	}
	s.TrialEnd = last
	return s, nil, s.payable()
}

// resume takes up a paid month again (R9).
func (s Subscription) resume(p Plan, on time.Time) (Subscription, []Charge, error) {
	s.Status = StatusActive
	s.Cancelled, s.Uninstalled = time.Time{}, time.Time{}
	if p != s.Plan && !s.rules.FreeReinstall {
		return s.change(p, on)
	}
	s.Plan = p
	return s.charged(s.rules.ReinstallCharge(p, on, on))
}

// change changes the plan within a paid month (R11, R12), or on the day of its
// renewal before that, where nothing is due yet (the reading of
// Rules.ChangeBeforeRenewal).
func (s Subscription) change(p Plan, on time.Time) (Subscription, []Charge, error) {
	current := s.Plan
	s.Plan = p
	if !on.Before(s.coveredUntil()) {
		charge, err := s.rules.PlanChangeCharge(current, p, p.Monthly, on)
		return s, []Charge{charge}, cmp.Or(err, s.payable())
	}
	if s.rules.DowngradeNextMonth {
		current.Monthly = max(current.Monthly, s.PaidPrice)
	}
	paid, err := s.paid()
	if err != nil {
		return s, nil, err
	}
	return s.charged(s.rules.PlanChangeCharge(current, p, paid, on))
}

// paid is what counts as paid for this month (R11).
func (s Subscription) paid() (Yen, error) {
	taxed, fees := s.rules.TaxedDifference, s.rules.FeeInDifference
	paid, err := s.Paid, error(nil)
	for _, part := range []struct {
		counts bool
		of     Yen
	}{{taxed, s.PaidTax}, {fees, s.PaidFee}, {taxed && fees, s.PaidFeeTax}} {
		if part.counts && err == nil {
			paid, err = add(paid, part.of)
		}
	}
	if s.rules.ListPriceDifference {
		paid = max(paid, s.PaidPrice)
	}
	return paid, err
}

// charged records a charge, beside others of the same month.
func (s Subscription) charged(c Charge, err error) (Subscription, []Charge, error) {
	if err != nil {
		return s, nil, err
	}
	if month := monthOf(c.On); !month.Equal(s.PaidMonth) {
		s.PaidMonth, s.PaidPrice = month, 0
		s.Paid, s.PaidTax, s.PaidFee, s.PaidFeeTax = 0, 0, 0, 0
	}
	s.TrialEnd, s.PaidPrice = time.Time{}, max(s.PaidPrice, c.Price)
	tax, err := Tax(c.Base, c.Rate)
	for _, sum := range []struct {
		of   *Yen
		more Yen
	}{{&s.Paid, c.Base}, {&s.PaidTax, tax}, {&s.PaidFee, c.InitialFee}, {&s.PaidFeeTax, c.Tax - tax}} {
		var overflow error
		*sum.of, overflow = add(*sum.of, sum.more)
		err = cmp.Or(err, overflow)
	}
	return s, []Charge{c}, cmp.Or(err, s.payable())
}

// payable checks that the plan can be paid in the dearest case and at every rate,
// so that no later payment fails on its amount.
func (s Subscription) payable() error {
	longest, rules := Date(2000, time.January, 1), s.rules
	_, err := rules.FirstCharge(s.Plan, longest)
	for _, rate := range s.rules.TaxRates {
		rules.TaxRates = []RateFrom{{Rate: rate.Rate}}
		_, failed := rules.FirstCharge(s.Plan, longest)
		err = cmp.Or(err, failed)
	}
	return err
}
