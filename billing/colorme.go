package billing

import (
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go/internal/closing"
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
// rules only [Rules.TaxRates] concerns it.
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
// Where the rules leave room: a contract that began on the 29th to 31st. A period
// begins on the last day of a month that has no such day, and later ones return to
// it: from 31 January the periods begin on 31 January, 28 February, 31 March and 30
// April ([Rules.PeriodOverflow]: 31 January, 1 March, 31 March and 1 May).
func (r Rules) ContractPeriod(start, at time.Time) (from, to time.Time, err error) {
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
	from = r.anniversary(first, year, month)
	if day.Before(from) {
		return r.anniversary(first, year, month-1), addDays(from, -1), nil
	}
	return from, addDays(r.anniversary(first, year, month+1), -1), nil
}

// anniversary is the day on which the period of a month begins.
func (r Rules) anniversary(first time.Time, year int, month time.Month) time.Time {
	next := Date(year, month+1, 1)
	last := addDays(next, -1)
	switch {
	case first.Day() <= last.Day():
		return Date(year, month, first.Day())
	case r.PeriodOverflow:
		return next
	default:
		return last
	}
}

// ClosingOn computes the closing date of the points of a metered contract (C3):
// the last day of the month in which the contract period in force at the
// uninstallation ends, given the day on which that or an earlier period began.
// A contract from 10 December, uninstalled on 9 January, closes on 31 January;
// uninstalled on 10 January, a day later, on 28 February. The result is the start
// of that day, and the whole of it counts: see [UsageWindow].
//
// The platform says that this is so "normally" and sends closing_on with the
// uninstall hook: use that where it was received, as [UsageContract] does.
//
// Where the rules leave room: [Rules.PeriodOverflow] (31 March or 28 February for a
// contract of 31 January 2026, uninstalled on 28 February).
func (r Rules) ClosingOn(uninstalled, periodStart time.Time) (time.Time, error) {
	_, to, err := r.ContractPeriod(periodStart, uninstalled)
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
	Until time.Time // the first instant after it; zero while the app is installed
	// Computed marks an Until that was computed by [ClosingOn] in the absence of a
	// received one. The platform's own date may differ. Provisional.
	Computed bool
	// Never marks an app uninstalled during its trial: the platform issues no
	// token with which to charge afterwards.
	Never bool
}

// Window returns when usage charges can be made (C4): not during a free trial,
// while the app is installed without limit, and after an uninstallation, with
// the token of its hook, to the end of the closing date in Japan. A received
// closing_on always wins over the computed one. After an uninstallation during the
// trial there is no token and so no charge.
//
// The field ends_at is an instant (終了日時), the first after the trial: in the
// platform's example it is 00:00, 30 days after starts_at. The field closing_on is a
// date (締め日): received as 31 January 00:00, it lets charges through until 1
// February 00:00.
//
// A trial comes before the first contract period, which begins on the day of
// ends_at: the platform collects a price when the contract begins or after it ends,
// and for a trial it collects nothing.
//
// Where the rules leave room: [Rules.ClosingInstant] (until 1 February or 31 January
// in the case above), [Rules.PeriodFromInstall] (31 March or 28 February for an
// installation on 20 January 2026 with a trial to 4 February, uninstalled on the
// 10th), and [Rules.PeriodOverflow] as in [Rules.ClosingOn].
func (r Rules) Window(c UsageContract) (UsageWindow, error) {
	w := UsageWindow{From: c.TrialEnd}
	closingOn := c.ClosingOn
	left := !c.Uninstalled.IsZero()
	if left && c.Uninstalled.Before(c.TrialEnd) {
		w.Never = true
		return w, nil
	}
	if left && closingOn.IsZero() {
		var err error
		if closingOn, err = r.ClosingOn(c.Uninstalled, r.periodStart(c)); err != nil {
			return UsageWindow{}, err
		}
		w.Computed = true
	}
	switch {
	case closingOn.IsZero():
	case r.ClosingInstant:
		w.Until = closingOn
	default:
		w.Until = closing.End(closingOn)
	}
	return w, nil
}

func (r Rules) periodStart(c UsageContract) time.Time {
	if c.TrialEnd.After(c.Start) && !r.PeriodFromInstall {
		return c.TrialEnd
	}
	return c.Start
}

// Open reports whether a usage charge is possible at an instant.
func (w UsageWindow) Open(at time.Time) bool {
	return !w.Never && !at.Before(w.From) && (w.Until.IsZero() || at.Before(w.Until))
}
