package billing

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Form is how an app is paid for on makeshop (プラン形態).
type Form string

// The forms of an app.
const (
	FormFree         Form = "free"
	FormSubscription Form = "subscription"
	// FormOutside is paid outside makeshop apps (独自決済). Its plans show 0 yen.
	FormOutside Form = "outside"
)

// PlanSet is what an app offers on makeshop (R17).
type PlanSet struct {
	Form  Form
	Trial bool // its plans begin with a trial
	Plans []Plan
}

// PlanType returns the row of makeshop's table of forms that the set belongs to, which has
// one for each combination of a subscription with initial fee and trial. Its text is that of
// a hooks.MakeShopPlanType, for which RequiredEvents lists the events to receive.
func (s PlanSet) PlanType() string {
	text := string(s.Form)
	if s.Form != FormSubscription {
		return text
	}
	if slices.ContainsFunc(s.Plans, func(p Plan) bool { return p.InitialFee > 0 }) {
		text += "+initial_fee"
	}
	if s.Trial {
		text += "+trial"
	}
	return text
}

// Check reports what makeshop does not allow an app to offer (R17). A free app has one plan
// of 0 yen. A subscription has plans of more than 0 yen, and it alone may have a trial and
// initial fees. Free and paid plans never mix. Earlier are the sets that the app offered
// before: its PlanType never changes, nor does the price or the fee of a plan, so that a new
// price takes a plan with a new ID. How many plans an app paid outside makeshop may show is
// not stated.
//
// All faults are joined, each a [*PlanError], or [ErrAmount] for an amount out of range.
func (s PlanSet) Check(earlier ...PlanSet) error {
	var errs []error
	fault := func(id string, reason Reason, is bool) {
		if is {
			errs = append(errs, &PlanError{PlanID: id, Reason: reason})
		}
	}
	subscription, free := s.Form == FormSubscription, s.Form == FormFree
	fault("", ReasonForm, !subscription && !free && s.Form != FormOutside)
	fault("", ReasonTrialNotAllowed, s.Trial && !subscription)
	fault("", ReasonNoPlan, len(s.Plans) == 0)
	fault("", ReasonOnePlan, free && len(s.Plans) > 1)
	for i, p := range s.Plans {
		fault(p.ID, ReasonPlanID, p.ID == "" || s.index(p.ID) < i)
		fault(p.ID, ReasonFreePlan, subscription && p.Monthly == 0)
		fault(p.ID, ReasonPaidPlan, !subscription && p.Monthly > 0)
		fault(p.ID, ReasonFeeNotAllowed, !subscription && p.InitialFee > 0)
		_, err := FirstCharge(p, Date(2000, time.January, 1))
		errs = append(errs, err)
	}
	for _, before := range earlier {
		fault("", ReasonFormFixed, before.PlanType() != s.PlanType())
		for _, p := range before.Plans {
			i := s.index(p.ID)
			fault(p.ID, ReasonPriceFixed, i >= 0 && s.Plans[i] != p)
		}
	}
	return errors.Join(errs...)
}

func (s PlanSet) index(id string) int {
	return slices.IndexFunc(s.Plans, func(p Plan) bool { return p.ID == id })
}

// PlanError reports a plan, or a set of plans, that makeshop does not allow.
type PlanError struct {
	PlanID string // empty where the set is at fault
	Reason Reason
}

// Error returns the plan and the reason.
func (e *PlanError) Error() string {
	if e.PlanID == "" {
		return "billing: plan set refused: " + string(e.Reason)
	}
	return fmt.Sprintf("billing: plan %q refused: %s", e.PlanID, e.Reason)
}
