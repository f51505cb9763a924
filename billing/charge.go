package billing

import (
	"fmt"
	"time"
)

// Plan is a price that a shop can choose. Its prices are before tax and never
// change: a new price is a new plan, and shops on the old one keep paying the
// old (R17).
type Plan struct {
	ID         string `json:"id"`                   // unique among the plans of the app; makeshop sends a number
	Monthly    Yen    `json:"monthly"`              // price of a month
	InitialFee Yen    `json:"initial_fee,omitzero"` // collected once, with the first payment; 0 for none
}

// Kind is the rule that made a charge.
type Kind string

// The kinds of charges.
const (
	KindFirst         Kind = "first"          // first installation (R5)
	KindRenewal       Kind = "renewal"        // the 1st of a month (R6)
	KindTrialEnd      Kind = "trial_end"      // the day after a trial (R7)
	KindPaidReinstall Kind = "paid_reinstall" // reinstallation within the paid month (R9)
	KindReinstall     Kind = "reinstall"      // reinstallation in a later month (R10)
	KindUpgrade       Kind = "upgrade"        // change to a higher price (R11)
	KindDowngrade     Kind = "downgrade"      // change to a lower or equal price (R12)
	KindUsage         Kind = "usage"          // metered use of a Color Me app
)

// Charge is one payment of a shop and the figures it is made of. All its days
// are 00:00 in Asia/Tokyo. [Explain] writes out the arithmetic.
type Charge struct {
	Kind   Kind
	PlanID string

	On   time.Time // the day of payment
	From time.Time // the first day it pays for; zero for metered use
	To   time.Time // the last day it pays for; zero for metered use

	Price Yen // price of a month, or the amount of a usage charge
	Paid  Yen // subtracted from Price on a plan change (R11)
	Days  int // days prorated over 30; 0 where nothing is prorated

	Base       Yen     // the plan's part, before tax
	InitialFee Yen     // the fee's part, before tax (R8)
	Tax        Yen     // on Base and InitialFee (R3)
	Total      Yen     // Base + InitialFee + Tax (R4)
	Rate       TaxRate // of Tax

	Capped      bool // Base was lowered to the price by Rules.MonthlyCap
	Daily       bool // Base is rounded by the day, by Rules.DailyRate
	SeparateTax bool // Tax is rounded apart for the fee, by Rules.SeparateTax
}

// FirstCharge returns what a first installation costs at once (R5): the price
// prorated to the end of the month (R2), the initial fee (R8) and tax (R3).
// 1,000 yen on 10 October are 734 + 73 = 807 yen; with a fee of 3,000 they are
// 734 + 3,000 + 373 = 4,107 yen. An installation on the 1st is a first payment
// and not also a renewal.
//
// Where the rules leave room: [Rules.MonthlyCap] (1,137 or 1,100 yen on 1
// October), [Rules.SeparateTax] (1,365 or 1,364 yen).
func (r Rules) FirstCharge(p Plan, on time.Time) (c Charge, err error) {
	days, err := c.begin(KindFirst, p, on)
	if err != nil {
		return Charge{}, err
	}
	err = c.prorate(days, p.InitialFee, r)
	return c, err
}

// RenewalCharge returns the monthly payment of the 1st (R6): the whole price
// and its tax, whatever the length of the month. 1,000 yen make 1,100; 1,005
// make 1,105; 999 make 1,098. A day that is not the 1st is ErrPeriod; see
// [NextRenewal].
func (r Rules) RenewalCharge(p Plan, on time.Time) (c Charge, err error) {
	if _, err = c.begin(KindRenewal, p, on); err != nil {
		return Charge{}, err
	}
	if c.On.Day() != 1 {
		return Charge{}, fmt.Errorf("%w: %s is not the 1st of a month", ErrPeriod, dayText(c.On))
	}
	err = c.total(p.Monthly, 0, r)
	return c, err
}

// TrialEndCharge returns the payment on the day after a trial (R7), given the
// last day of the trial: the price prorated for the month of that day and the
// initial fee. A trial of 1,000 yen that ends on 9 October is paid on the 10th
// with 807 yen; one that ends on 31 December is paid on 1 January with 1,137.
// How the last day follows from the length of a trial is not stated, so it is
// an argument. A trial cancelled before its end costs nothing.
//
// Where the rules leave room: a trial that ends with a month is due on the
// renewal day and makes one payment, this one; [Rules.RenewalAtTrialEnd] makes it
// a whole month (1,027 or 1,100 yen on 1 February 2026). [Rules.MonthlyCap] and
// [Rules.SeparateTax] as in [Rules.FirstCharge].
func (r Rules) TrialEndCharge(p Plan, trialEnd time.Time) (c Charge, err error) {
	last, err := dayOf(trialEnd)
	if err != nil {
		return Charge{}, err
	}
	days, err := c.begin(KindTrialEnd, p, addDays(last, 1))
	if err != nil {
		return Charge{}, err
	}
	if c.On.Day() == 1 && r.RenewalAtTrialEnd {
		err = c.total(p.Monthly, p.InitialFee, r)
		return c, err
	}
	err = c.prorate(days, p.InitialFee, r)
	return c, err
}

// ReinstallCharge returns what it costs to install an app again after it was
// cancelled. Within the month of the cancellation that month is paid: 0 yen, and
// the renewal resumes on the 1st (R9). In a later month it is a new contract
// (R10): 1,000 yen, back on 5 November, are 867 + 86 = 953 yen.
//
// It supposes that the month of the cancellation was paid. Where it was not,
// because a trial was cancelled, no rule says what a return costs: ask, then
// use [Rules.FirstCharge] or [Rules.TrialEndCharge]. A return on another plan within the
// paid month is a plan change, [Rules.PlanChangeCharge].
//
// Where the rules leave room: [Rules.FeeOnPaidReinstall] (0 or 550 yen with a fee
// of 500), [Rules.NoFeeOnReinstall] (1,503 or 953 yen). [Rules.MonthlyCap] and
// [Rules.SeparateTax] as in [Rules.FirstCharge].
func (r Rules) ReinstallCharge(p Plan, cancelled, on time.Time) (c Charge, err error) {
	left, err := dayOf(cancelled)
	if err != nil {
		return Charge{}, err
	}
	days, err := c.begin(KindReinstall, p, on)
	if err != nil {
		return Charge{}, err
	}
	if c.On.Before(left) {
		return Charge{}, fmt.Errorf("%w: back on %s, cancelled on %s", ErrPeriod, dayText(c.On), dayText(left))
	}
	if monthOf(left).Equal(monthOf(c.On)) {
		c.Kind = KindPaidReinstall
		err = c.total(0, p.feeIf(r.FeeOnPaidReinstall), r)
		return c, err
	}
	err = c.prorate(days, p.feeIf(!r.NoFeeOnReinstall), r)
	return c, err
}

// PlanChangeCharge returns what a change to another plan costs at once, given the plan in
// use, the plan changed to, and what was paid for this month, before tax and without
// initial fees, all payments added. To a higher price (R11) it is the difference,
// prorated: ceil((price - paid) × days ÷ 30) and tax. From 1,000 to 2,000 yen on 10
// October it is 734 + 73 = 807 yen. To a lower or equal price (R12) it is 0, whatever was
// paid, and nothing is refunded. The next renewal is at the new price.
//
// The plan in use may be the zero Plan where it is not known. The price is then taken to
// be higher than before.
//
// Where the rules leave room: paid is what was really paid, 734 of a first month begun on
// 10 October, so 2,000 on the 20th cost 557 yen ([Rules.ListPriceDifference]: 440; passing
// the 807 paid with tax: 525). An equal price is a lower one: 0 yen for 1,000 on that day
// ([Rules.EqualPriceAsHigher]: 117). The amount is rounded once, at its end: 807 yen
// ([Rules.DailyRate]: 822). It is rounded up as any proration, 734 and not 733, which would
// make 806 yen. A difference below zero is 0: 3,000 - 3,934 on 20 October costs nothing,
// where the bare formula would refund 373 yen against R12. On the 1st the renewal comes
// first and the change is paid beside it: 2,237 yen together
// ([Rules.ChangeBeforeRenewal]: 2,200). A change bears no initial fee: 807 yen
// ([Rules.FeeOnPlanChange]: 1,357 with a fee of 500). [Rules.MonthlyCap] caps at the
// difference: 1,137 or 1,100 yen on 1 October.
func (r Rules) PlanChangeCharge(current, next Plan, paidThisMonth Yen, on time.Time) (c Charge, err error) {
	days, err := c.begin(KindUpgrade, next, on)
	if err != nil {
		return Charge{}, err
	}
	known := current.Monthly != 0 // a subscription has no plan of 0 yen (R17)
	if paidThisMonth < 0 || current.Monthly < 0 {
		return Charge{}, fmt.Errorf("%w: %s paid for a plan of %s", ErrAmount, paidThisMonth, current.Monthly)
	}
	c.Paid = paidThisMonth
	if r.ListPriceDifference {
		c.Paid = max(c.Paid, current.Monthly)
	}
	fee := next.feeIf(r.FeeOnPlanChange)
	if known && (next.Monthly < current.Monthly || next.Monthly == current.Monthly && !r.EqualPriceAsHigher) {
		c.Kind = KindDowngrade
	}
	if c.Kind == KindDowngrade || next.Monthly <= c.Paid {
		err = c.total(0, fee, r)
		return c, err
	}
	err = c.prorate(days, fee, r)
	return c, err
}

// begin makes c a charge on a day for the rest of its month, without amounts,
// and returns the days from the one to the other (R1).
func (c *Charge) begin(kind Kind, p Plan, on time.Time) (days int, err error) {
	day, err := dayOf(on)
	if err != nil {
		return 0, err
	}
	if p.Monthly < 0 || p.InitialFee < 0 {
		return 0, fmt.Errorf("%w: plan %q of %s with a fee of %s", ErrAmount, p.ID, p.Monthly, p.InitialFee)
	}
	days = RemainingDays(day)
	c.Kind, c.PlanID, c.Price = kind, p.ID, p.Monthly
	c.On, c.From, c.To = day, day, addDays(day, days-1)
	return days, nil
}

func (p Plan) feeIf(due bool) Yen {
	if due {
		return p.InitialFee
	}
	return 0
}

// fail empties c, so that no half-made charge is handed out.
func (c *Charge) fail(err error) error {
	*c = Charge{}
	return err
}

// prorate fills in the base for the days from the payment to the end of the
// month (R2) and what follows from it.
func (c *Charge) prorate(days int, fee Yen, r Rules) error {
	price := c.Price - c.Paid
	c.Days = days
	c.Daily = c.Kind == KindUpgrade && r.DailyRate
	base, err := Prorate(price, c.Days)
	if c.Daily {
		base, err = prorateByDay(price, c.Days)
	}
	if err != nil {
		return c.fail(err)
	}
	if base > price && r.MonthlyCap {
		base, c.Capped = price, true
	}
	return c.total(base, fee, r)
}

// total fills in base, fee, tax and total (R3, R4, R8).
func (c *Charge) total(base, fee Yen, r Rules) error {
	net, err := add(base, fee)
	if err != nil {
		return c.fail(err)
	}
	c.Base, c.InitialFee, c.Rate = base, fee, r.taxRate(c.On)
	c.SeparateTax = fee > 0 && r.SeparateTax
	if c.Tax, err = c.tax(); err != nil {
		return c.fail(err)
	}
	if c.Total, err = add(net, c.Tax); err != nil {
		return c.fail(err)
	}
	return nil
}

func (c *Charge) tax() (Yen, error) {
	if !c.SeparateTax {
		return Tax(c.Base+c.InitialFee, c.Rate)
	}
	onFee, _ := Tax(c.InitialFee, c.Rate) // it fails on the rate alone, as the next does
	onBase, err := Tax(c.Base, c.Rate)
	return onBase + onFee, err
}
