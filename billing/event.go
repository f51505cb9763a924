package billing

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Event is something that happens to a [Subscription]: [Install], [TrialEnd],
// [Renewal], [PlanChange], [Cancel], [Uninstall], [Reinstall] or [MonthEnd].
// Its time is an instant in any zone, of which the day in Asia/Tokyo counts. A
// first payment or a plan change that failed changes nothing (R16): it is no
// event.
type Event interface {
	when() time.Time
	name() string
	// apply returns the state after the event. Its day is on, and s has ended if
	// that is over.
	apply(s Subscription, on time.Time) (Subscription, []Charge, error)
}

// Apply returns the subscription after an event and the payments that the
// platform makes with it. A plan change and a reinstallation outside a trial
// have exactly one charge, of 0 yen where they are free, so that it can be
// explained. An event that the platform refuses in this state is a
// [*RefusedError]; one before the latest event, or on a day that its rule does
// not name, is [ErrPeriod]. With an error the subscription is unchanged.
//
// Others are the shop's subscriptions to other apps, as far as they are known: while a
// payment of one of them has failed, an [Install], a [Reinstall] and a [PlanChange] are
// refused (R18).
func (s Subscription) Apply(e Event, others ...Subscription) (Subscription, []Charge, error) {
	if e == nil {
		return s, nil, errors.New("billing: no event")
	}
	on, err := dayOf(e.when())
	if err != nil {
		return s, nil, err
	}
	if on.Before(s.Latest) {
		return s, nil, fmt.Errorf("%w: %s on %s after an event on %s", ErrPeriod, e.name(), dayText(on), dayText(s.Latest))
	}
	settled := s.settled(on)
	if blockable(e) && anyFailed(others) {
		return s, nil, &RefusedError{Event: e.name(), Status: settled.Status, Reason: ReasonOtherPaymentFailed}
	}
	next, charges, err := e.apply(settled, on)
	if err != nil {
		return s, nil, err
	}
	next.Latest = on
	return next, charges, nil
}

// blockable reports whether an event is refused while a payment of another app
// has failed.
func blockable(e Event) bool {
	switch e.name() {
	case Install{}.name(), Reinstall{}.name(), PlanChange{}.name():
		return true
	default:
		return false
	}
}

func anyFailed(subscriptions []Subscription) bool {
	return slices.ContainsFunc(subscriptions, func(s Subscription) bool { return s.Status == StatusPaymentFailed })
}

func refuse(e Event, s Subscription, reason Reason) (Subscription, []Charge, error) {
	return s, nil, &RefusedError{Event: e.name(), Status: s.Status, Reason: reason}
}

// Install is a first installation (R5). It is paid at once, or with a trial the
// day after TrialEnd.
type Install struct {
	On       time.Time
	Plan     Plan
	TrialEnd time.Time // last day of the trial; zero without one
}

func (e Install) when() time.Time { return e.On }
func (e Install) name() string    { return "Install" }

func (e Install) apply(s Subscription, on time.Time) (Subscription, []Charge, error) {
	switch {
	case s.Status != StatusNone:
		return refuse(e, s, ReasonInstalled)
	case !s.Uninstalled.IsZero():
		return refuse(e, s, ReasonInstalledBefore)
	case e.Plan.Monthly == 0:
		return refuse(e, s, ReasonFreePlan)
	}
	next := s.contract(e.Plan)
	if !e.TrialEnd.IsZero() {
		return next.try(on, e.TrialEnd)
	}
	return next.charged(s.rules.FirstCharge(e.Plan, on))
}

// Reinstall is an installation after an uninstallation. Within the paid month it
// is free, or a plan change when the plan is another (R9, R11, R12; see
// [Rules.FreeReinstall]). In a month after the cancellation it is a new contract
// (R10). Within the month of a cancellation of which nothing was paid, because a
// trial was cancelled or a payment failed, no rule says what it costs: it is
// refused with [ReasonNothingPaid] unless TrialEnd or AsNew says what the
// platform did. A second trial is never assumed.
type Reinstall struct {
	On       time.Time
	Plan     Plan
	TrialEnd time.Time // last day of a trial granted again, paid with the initial fee; zero without one
	AsNew    bool      // paid at once like a first installation, if nothing was paid
}

func (e Reinstall) when() time.Time { return e.On }
func (e Reinstall) name() string    { return "Reinstall" }

func (e Reinstall) apply(s Subscription, on time.Time) (Subscription, []Charge, error) {
	switch {
	case s.Status != StatusNone:
		return refuse(e, s, ReasonInstalled)
	case s.Uninstalled.IsZero():
		return refuse(e, s, ReasonNeverInstalled)
	case e.Plan.Monthly == 0:
		return refuse(e, s, ReasonFreePlan)
	case e.Plan.ID == s.Plan.ID && e.Plan != s.Plan:
		return refuse(e, s, ReasonPriceFixed)
	case !e.TrialEnd.IsZero():
		return s.contract(e.Plan).try(on, e.TrialEnd)
	case monthOf(on).Equal(s.PaidMonth):
		return s.resume(e.Plan, on)
	case monthOf(on).Equal(monthOf(s.left())) && !e.AsNew:
		return refuse(e, s, ReasonNothingPaid)
	}
	lastMonth := addDays(monthOf(on), -1)
	return s.contract(e.Plan).charged(s.rules.ReinstallCharge(e.Plan, lastMonth, on))
}

// left is the day of the cancellation, or of the uninstallation where a failed
// payment made a cancellation needless.
func (s Subscription) left() time.Time {
	if s.Cancelled.IsZero() {
		return s.Uninstalled
	}
	return s.Cancelled
}

// TrialEnd is the result of the payment after a trial (R7), also of a later
// attempt at it. On is the day on which it fell due, the day after the trial.
type TrialEnd struct {
	On     time.Time
	Failed bool
}

func (e TrialEnd) when() time.Time { return e.On }
func (e TrialEnd) name() string    { return "TrialEnd" }

func (e TrialEnd) apply(s Subscription, on time.Time) (Subscription, []Charge, error) {
	if reason := s.unpayable(); reason != "" {
		return refuse(e, s, reason)
	}
	if s.TrialEnd.IsZero() {
		return refuse(e, s, ReasonNoTrial)
	}
	if due := s.coveredUntil(); !on.Equal(due) {
		return s, nil, fmt.Errorf("%w: the payment after the trial falls on %s, not %s", ErrPeriod, dayText(due), dayText(on))
	}
	if e.Failed {
		s.Status = StatusPaymentFailed
		return s, nil, nil
	}
	s.Status = StatusActive
	return s.charged(s.rules.TrialEndCharge(s.Plan, s.TrialEnd))
}

// Renewal is the result of a monthly payment (R6), also of a later attempt at
// it. On is the day on which it fell due, a 1st, and not that of the attempt: after a
// failed one it is [NextRenewal] of PaidMonth, in whatever month the payment is made.
type Renewal struct {
	On     time.Time
	Failed bool
}

func (e Renewal) when() time.Time { return e.On }
func (e Renewal) name() string    { return "Renewal" }

func (e Renewal) apply(s Subscription, on time.Time) (Subscription, []Charge, error) {
	reason, due := s.unpayable(), s.coveredUntil()
	switch {
	case reason != "":
		return refuse(e, s, reason)
	case !s.TrialEnd.IsZero() && on.Before(due):
		return refuse(e, s, ReasonTrial)
	case !s.TrialEnd.IsZero(), on.After(due):
		return refuse(e, s, ReasonPaymentDue)
	case on.Before(due):
		return refuse(e, s, ReasonPaid)
	case e.Failed:
		s.Status = StatusPaymentFailed
		return s, nil, nil
	}
	s.Status = StatusActive
	return s.charged(s.rules.RenewalCharge(s.Plan, on))
}

// PlanChange is a change to another plan: R11 to a higher price, R12 to a lower
// or equal one. After cancelling it makes the subscription active again (R14;
// see [Rules.ChangeStaysCancelled]). During a trial it is refused (R7), also when
// the trial was cancelled (see [Rules.ChangeInCancelledTrial]).
type PlanChange struct {
	On   time.Time
	Plan Plan
}

func (e PlanChange) when() time.Time { return e.On }
func (e PlanChange) name() string    { return "PlanChange" }

func (e PlanChange) apply(s Subscription, on time.Time) (Subscription, []Charge, error) {
	if reason := s.unchangeable(e.Plan, on); reason != "" {
		return refuse(e, s, reason)
	}
	if !s.rules.ChangeStaysCancelled {
		s.Status, s.Cancelled = StatusActive, time.Time{}
	}
	if s.InTrial() {
		s.Plan = e.Plan
		return s, nil, s.payable()
	}
	return s.change(e.Plan, on)
}

// Cancel stops the renewal (R13). Nothing is refunded, and the app stays
// installed and usable to the end of the paid month or of the trial.
type Cancel struct {
	On time.Time
}

func (e Cancel) when() time.Time { return e.On }
func (e Cancel) name() string    { return "Cancel" }

func (e Cancel) apply(s Subscription, on time.Time) (Subscription, []Charge, error) {
	reason := s.unpayable()
	switch {
	case reason != "":
		return refuse(e, s, reason)
	case s.Status == StatusPaymentFailed:
		return refuse(e, s, ReasonPaymentFailed)
	case !on.Before(s.coveredUntil()):
		return refuse(e, s, ReasonPaymentDue)
	}
	s.Status, s.Cancelled = StatusCancelled, on
	return s, nil, nil
}

// Uninstall removes the app and kills its persistent token at the instant On.
// What was paid is remembered for a [Reinstall]. An active subscription is
// refused: if the platform reports its uninstallation nonetheless, apply a
// [Cancel] first.
type Uninstall struct {
	On time.Time
}

func (e Uninstall) when() time.Time { return e.On }
func (e Uninstall) name() string    { return "Uninstall" }

func (e Uninstall) apply(s Subscription, _ time.Time) (Subscription, []Charge, error) {
	switch s.Status {
	case StatusNone:
		return refuse(e, s, ReasonNotInstalled)
	case StatusActive:
		return refuse(e, s, ReasonActive)
	default:
		s.Status, s.TrialEnd = StatusNone, time.Time{}
		s.Uninstalled = e.On.Round(0).In(shotengai.JST)
		return s, nil, nil
	}
}

// MonthEnd is the passing of time: by the day of On the paid month or the trial
// of a cancelled subscription may be over, and it has ended (R13, R15). Anything
// else is unchanged. Other events notice the end themselves; this one lets an
// app do so on a day without any.
type MonthEnd struct {
	On time.Time
}

func (e MonthEnd) when() time.Time { return e.On }
func (e MonthEnd) name() string    { return "MonthEnd" }

func (e MonthEnd) apply(s Subscription, _ time.Time) (Subscription, []Charge, error) {
	return s, nil, nil
}
