package billing

import (
	"fmt"
	"time"
)

// The bounds of one usage charge of a Color Me app, in yen before tax.
const (
	MinUsageCharge Yen = 100
	MaxUsageCharge Yen = 1_000_000
)

// UsageCharge returns what a shop pays for one usage charge of a Color Me app
// (C1): the points registered, which are yen before tax, and consumption tax
// rounded down, which Color Me adds. 1,005 points make 1,005 + 100 = 1,105 yen.
// Points outside [MinUsageCharge] to [MaxUsageCharge] are ErrAmount. Of the
// rules only [Rules.TaxRate] concerns it.
func (r Rules) UsageCharge(points Yen, on time.Time) (c Charge, err error) {
	day, err := dayOf(on)
	if err != nil {
		return Charge{}, err
	}
	if points < MinUsageCharge || points > MaxUsageCharge {
		return Charge{}, fmt.Errorf("%w: a usage charge of %s is not from %s to %s", ErrAmount, points, MinUsageCharge, MaxUsageCharge)
	}
	c.Kind, c.On, c.Price = KindUsage, day, points
	err = c.total(points, 0, r)
	return c, err
}

// ContractPeriod returns the first and the last day of the contract period in
// force at an instant (C2), given the day on which the contract began. A period
// runs for a month, from a day to the day before it in the next: the 10th to
// the 9th. An instant before the start is ErrPeriod.
//
// Provisional. What follows from a start on the 29th to 31st is not stated.
// Here a period begins on the last day of a month that has no such day, and
// later ones return to it: from 31 January the periods begin on 31 January, 28
// February, 31 March and 30 April. Another reading begins it on the day after
// that month: on 31 January, 1 March, 31 March and 1 May. Uninstalled on 28
// February, [ClosingOn] is 31 March here and 28 February there; on 27 February it
// is 28 February in both.
func ContractPeriod(start, at time.Time) (from, to time.Time, err error) {
	first, err := dayOf(start)
	if err != nil {
		return time.Time{}, time.Time{}, err
	}
	day, err := dayOf(at)
	if err != nil {
		return time.Time{}, time.Time{}, err
	}
	if day.Before(first) {
		return time.Time{}, time.Time{}, fmt.Errorf("%w: %s is before the contract of %s", ErrPeriod, dayText(day), dayText(first))
	}
	year, month, _ := day.Date()
	from = anniversary(first, year, month)
	if day.Before(from) {
		return anniversary(first, year, month-1), addDays(from, -1), nil
	}
	return from, addDays(anniversary(first, year, month+1), -1), nil
}

// anniversary is the day of a month on which a period of the contract begins.
func anniversary(first time.Time, year int, month time.Month) time.Time {
	last := addDays(Date(year, month+1, 1), -1)
	return Date(year, month, min(first.Day(), last.Day()))
}

// ClosingOn computes the closing date of the points of a metered contract (C3):
// the last day of the month in which the contract period in force at the
// uninstallation ends, given the day on which that or an earlier period began.
// A contract from 10 December, uninstalled on 9 January, closes on 31 January;
// uninstalled on 10 January, a day later, on 28 February.
//
// The platform says that this is so "normally" and sends closing_on with the
// uninstall hook: use that where it was received, as [UsageContract] does. The
// hour is not stated: the result is the start of the day.
func ClosingOn(uninstalled, periodStart time.Time) (time.Time, error) {
	_, to, err := ContractPeriod(periodStart, uninstalled)
	if err != nil {
		return time.Time{}, err
	}
	return addDays(to, RemainingDays(to)-1), nil
}

// UsageContract is what the hooks of a Color Me app say about a metered plan.
type UsageContract struct {
	Start       time.Time // a day on which a contract period began, as the day of installation
	TrialEnd    time.Time // ends_at of trial_term; zero without a trial
	Uninstalled time.Time // uninstalled_at; zero while installed
	ClosingOn   time.Time // closing_on as received; zero if it was not
}

// UsageWindow is the time in which usage charges can be made (C4).
type UsageWindow struct {
	From  time.Time // the first instant: the end of the trial; zero if always
	Until time.Time // the last instant; zero while the app is installed
	// Computed marks an Until that was computed by [ClosingOn] in the absence of a
	// received one. The platform's own date may differ. Provisional.
	Computed bool
	// Never marks an app uninstalled during its trial: the platform issues no
	// token with which to charge afterwards.
	Never bool
}

// Window returns when usage charges can be made (C4): not during a free trial,
// while the app is installed without limit, and after an uninstallation, with
// the token of its hook, up to closing_on. A received closing_on always wins
// over the computed one and is taken to the second. After an uninstallation
// during the trial there is no token and so no charge.
//
// Provisional. The field ends_at is taken for the first instant after the trial. In the
// platform's example it is 00:00, 30 days of 24 hours after starts_at.
func (c UsageContract) Window() (UsageWindow, error) {
	left := !c.Uninstalled.IsZero()
	switch {
	case left && c.Uninstalled.Before(c.TrialEnd):
		return UsageWindow{From: c.TrialEnd, Never: true}, nil
	case left && c.ClosingOn.IsZero():
		until, err := ClosingOn(c.Uninstalled, c.Start)
		if err != nil {
			return UsageWindow{}, err
		}
		return UsageWindow{From: c.TrialEnd, Until: until, Computed: true}, nil
	default:
		return UsageWindow{From: c.TrialEnd, Until: c.ClosingOn}, nil
	}
}

// Open reports whether a usage charge is possible at an instant.
func (w UsageWindow) Open(at time.Time) bool {
	return !w.Never && !at.Before(w.From) && (w.Until.IsZero() || !at.After(w.Until))
}
