package billing

import "time"

// Rules are the rules of makeshop and of Color Me's metered plans, read one way where the
// platforms' pages leave room. The zero value is the documented reading: what the page says,
// and where it says nothing the recommended one. Each field is one open point and chooses
// the other reading of it; its comment has the figures of both. The package functions
// compute by the zero value.
type Rules struct {
	// TaxRates replace [StandardRate] (R3), each from its day on and in any order. Before
	// the first of them it is StandardRate. 734 yen bear 73 yen at 10 percent, which
	// makes 807 yen, and 58 yen at 8, which makes 792. For one rate at all times leave
	// From zero.
	TaxRates []RateFrom
	// MonthlyCap keeps a proration from exceeding the price it is taken from (R2). The
	// formula exceeds it on the 1st of a month with 31 days, and the platform states no
	// cap: 1,000 yen on 1 October make 1,034 + 103 = 1,137 yen, and with a cap
	// 1,000 + 100 = 1,100 yen.
	MonthlyCap bool
	// SeparateTax rounds the tax on the initial fee apart from the tax on the plan (R8).
	// With one base and one rounding 1,003 yen on 10 October (736) with a fee of 505 make
	// 1,241 + 124 = 1,365 yen, and with two 1,241 + 73 + 50 = 1,364 yen.
	SeparateTax bool
	// FeeOnPlanChange collects the initial fee of the next plan with a plan change (R8).
	// Without a fee a change from 1,000 to 2,000 yen on 10 October is 734 + 73 = 807 yen,
	// and with a fee of 500 it is 734 + 500 + 123 = 1,357 yen.
	FeeOnPlanChange bool
	// FeeOnPaidReinstall collects the initial fee on a reinstallation within the paid
	// month (R9). Without it that costs 0 yen, and with a fee of 500 it costs
	// 500 + 50 = 550 yen.
	FeeOnPaidReinstall bool
	// NoFeeOnReinstall collects no initial fee on a reinstallation in a later month (R10).
	// As a new contract, 1,000 yen with a fee of 500 on 5 November make
	// 867 + 500 + 136 = 1,503 yen, and without the fee 867 + 86 = 953 yen.
	NoFeeOnReinstall bool
	// RenewalAtTrialEnd charges a whole month when the payment after a trial falls on the
	// 1st (R7). Prorated like any other, in the place of the renewal, 1,000 yen after a
	// trial that ends on 31 January 2026 are 934 + 93 = 1,027 yen, and as a renewal
	// 1,000 + 100 = 1,100 yen.
	RenewalAtTrialEnd bool
	// ListPriceDifference takes the list price of the month's dearest plan for what was
	// paid this month, unless more was (R11). By what was paid before tax, a shop that
	// installed on 10 October at 1,000 yen (734 paid) and changes to 2,000 on the 20th pays
	// 507 + 50 = 557 yen, and by the list price 400 + 40 = 440 yen.
	ListPriceDifference bool
	// TaxedDifference subtracts what was paid this month including tax (R11). In the case
	// of ListPriceDifference a change is 557 yen, and with this reading
	// (2,000 - 807) × 12 ÷ 30 = 478 + 47 = 525 yen. It concerns a [Subscription]:
	// PlanChangeCharge subtracts the amount that it is given.
	TaxedDifference bool
	// FeeInDifference subtracts what was paid this month including initial fees (R11). In
	// the case of ListPriceDifference with a fee of 500 a change is 557 yen, and with this
	// reading (2,000 - 1,234) × 12 ÷ 30 = 307 + 30 = 337 yen. It concerns a [Subscription].
	FeeInDifference bool
	// DowngradeNextMonth lets a change to a lower price take effect with the next renewal,
	// so that the month's dearest plan stays the one in use (R11, R12). Where it takes
	// effect at once, a shop that renewed at 1,000 yen and changes on 27 October to 7,400,
	// back, to 7,400 and back pays 1,173 + 977 = 2,150 yen, and with this reading 1,173
	// yen: its return to 7,400 is no change to a higher price. It concerns a
	// [Subscription]: PlanChangeCharge takes the plan in use that it is given.
	DowngradeNextMonth bool
	// EqualPriceAsHigher treats a change to an equal price like one to a higher (R12). As
	// one to a lower, it costs a shop that installed on 10 October at 1,000 yen (734 paid)
	// 0 yen on the 20th, and with this reading 266 × 12 ÷ 30 = 107 + 10 = 117 yen.
	EqualPriceAsHigher bool
	// DailyRate rounds a plan change by the day before it multiplies (R11). Rounded once
	// at the end, a difference of 1,000 yen on 10 October makes 734 + 73 = 807 yen, and by
	// the day ceil(1,000 ÷ 30) × 22 = 748 + 74 = 822 yen.
	DailyRate bool
	// ChangeBeforeRenewal lets a plan change on the 1st come before the renewal of that
	// day (R11). Where the renewal comes first and the change is paid beside it, a change
	// from 1,000 to 2,000 yen on 1 October makes 1,100 + 1,137 = 2,237 yen. Where the
	// change comes first it is free, and the renewal is 2,200 yen. It concerns a
	// [Subscription].
	ChangeBeforeRenewal bool
	// FreeReinstall lets a reinstallation within the paid month cost nothing for any plan
	// (R9). As a plan change (R11, R12) a return from 1,000 to 2,000 yen on 20 October
	// makes 400 + 40 = 440 yen, and with this reading 0 yen. It concerns a [Subscription].
	FreeReinstall bool
	// ChangeInCancelledTrial lets a trial that was cancelled go on with another plan (R14).
	// Where no plan changes during a trial, cancelled or not (R7), 0 yen are paid. With
	// this reading a trial of 1,000 yen to 9 October, changed to 2,000 on the 7th, is
	// followed by 1,467 + 146 = 1,613 yen on the 10th. It concerns a [Subscription].
	ChangeInCancelledTrial bool
	// ChangeStaysCancelled lets a cancelled subscription stay cancelled when its plan
	// changes (R14). Where the change makes it active again, a change from 1,000 to 2,000
	// yen brings 2,200 yen on the next 1st, and with this reading 0 yen. It concerns a
	// [Subscription].
	ChangeStaysCancelled bool
	// LaterAPIStop counts the 30 days of API access from the day after the subscription
	// ended (R18). Counted from its first day, a subscription that ended at 2026-11-01 00:00
	// loses the API at 2026-12-01 00:00, and with this reading at 2026-12-02 00:00. It
	// concerns a [Subscription].
	LaterAPIStop bool
	// PeriodOverflow lets a contract period that would begin on a day its month does not
	// have begin on the 1st of the next month (C2). Begun on the month's last day, the
	// period of a contract of 31 January 2026 that is in force on 28 February closes on
	// 2026-03-31, and with this reading on 2026-02-28.
	PeriodOverflow bool
	// PeriodFromInstall counts the contract periods from the installation, also where a
	// trial came first (C2). Counted from the end of the trial, a contract of 20 January
	// 2026 with a trial to 4 February, uninstalled on the 10th, closes on 2026-03-31, and
	// with this reading on 2026-02-28.
	PeriodFromInstall bool
	// ClosingInstant takes closing_on for an instant (C4). As a date, whose whole day
	// counts, a closing_on of 31 January 2021 00:00 allows usage charges to the end of
	// 2021-01-31, and with this reading to the end of 2021-01-30. A computed closing date
	// then ends at its first instant too.
	ClosingInstant bool
}

// RateFrom is a rate of consumption tax and the first day on which it applies.
type RateFrom struct {
	From time.Time // its day in Japan counts; zero for a rate that always applied
	Rate TaxRate
}

// taxRate is the rate on a day.
func (r Rules) taxRate(on time.Time) TaxRate {
	rate, since := StandardRate, time.Time{}
	for _, next := range r.TaxRates {
		if next.From.Before(addDays(on, 1)) && !next.From.Before(since) {
			rate, since = next.Rate, next.From
		}
	}
	return rate
}

// FirstCharge is [Rules.FirstCharge] by the documented reading.
func FirstCharge(p Plan, on time.Time) (Charge, error) { return Rules{}.FirstCharge(p, on) }

// RenewalCharge is [Rules.RenewalCharge] by the documented reading.
func RenewalCharge(p Plan, on time.Time) (Charge, error) { return Rules{}.RenewalCharge(p, on) }

// TrialEndCharge is [Rules.TrialEndCharge] by the documented reading.
func TrialEndCharge(p Plan, trialEnd time.Time) (Charge, error) {
	return Rules{}.TrialEndCharge(p, trialEnd)
}

// ReinstallCharge is [Rules.ReinstallCharge] by the documented reading.
func ReinstallCharge(p Plan, cancelled, on time.Time) (Charge, error) {
	return Rules{}.ReinstallCharge(p, cancelled, on)
}

// PlanChangeCharge is [Rules.PlanChangeCharge] by the documented reading.
func PlanChangeCharge(current, next Plan, paidThisMonth Yen, on time.Time) (Charge, error) {
	return Rules{}.PlanChangeCharge(current, next, paidThisMonth, on)
}

// UsageCharge is [Rules.UsageCharge] by the documented reading.
func UsageCharge(points Yen, on time.Time) (Charge, error) { return Rules{}.UsageCharge(points, on) }

// ContractPeriod is [Rules.ContractPeriod] by the documented reading.
func ContractPeriod(start, at time.Time) (from, to time.Time, err error) {
	return Rules{}.ContractPeriod(start, at)
}

// ClosingOn is [Rules.ClosingOn] by the documented reading.
func ClosingOn(uninstalled, periodStart time.Time) (time.Time, error) {
	return Rules{}.ClosingOn(uninstalled, periodStart)
}

// Window is [Rules.Window] by the documented reading.
func (c UsageContract) Window() (UsageWindow, error) { return Rules{}.Window(c) }
