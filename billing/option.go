package billing

// Option chooses another reading where the rules of makeshop leave room, or
// another tax rate. Without options every function follows the recommended
// reading, which each option names beside its own, with the figures of both.
type Option struct {
	readings reading
	rate     TaxRate
	rated    bool
	current  Yen
	changing bool
}

type reading uint16

const (
	monthlyCap reading = 1 << iota
	separateTax
	feeOnPlanChange
	feeOnPaidReinstall
	noFeeOnReinstall
	renewalAtTrialEnd
	listPriceDifference
	taxedDifference
	roundedByDay
	changeBeforeRenewal
	freeReinstall
	changeInCancelledTrial
	staysCancelled
	laterAPIStop
)

func (o Option) reads(r reading) bool { return o.readings&r != 0 }

func (o Option) taxRate() TaxRate {
	if o.rated {
		return o.rate
	}
	return StandardRate
}

// join lays options over o, later ones over earlier.
func (o Option) join(opts ...Option) Option {
	for _, opt := range opts {
		o.readings |= opt.readings
		if opt.rated {
			o.rate, o.rated = opt.rate, true
		}
		if opt.changing {
			o.current, o.changing = opt.current, true
		}
	}
	return o
}

// WithTaxRate computes with another rate than StandardRate (R3), for a payment
// of the past or of the future: 734 yen bear 73 yen at 10 percent and 58 at 8.
func WithTaxRate(rate TaxRate) Option { return Option{rate: rate, rated: true} }

// WithCurrentPlan tells [PlanChangeCharge] which plan is in use, so that it
// knows a change to a lower price (R12), which costs nothing whatever was paid,
// and has the list price for [WithListPriceDifference].
func WithCurrentPlan(p Plan) Option { return Option{current: p.Monthly, changing: true} }

// WithMonthlyCap never lets a proration exceed the price it is taken from (R2).
// The formula does so on the 1st of a month with 31 days, and the platform
// states no cap: 1,000 yen on 1 October make 1,034 + 103 = 1,137 yen by default
// and 1,000 + 100 = 1,100 yen with this option.
func WithMonthlyCap() Option { return Option{readings: monthlyCap} }

// WithSeparateTax rounds the tax on the initial fee apart from the tax on the
// plan (R8). By default both share one base and one rounding: 1,003 yen on 10
// October (736) with a fee of 505 make 1,241 + 124 = 1,365 yen, with this option
// 1,241 + 73 + 50 = 1,364 yen.
func WithSeparateTax() Option { return Option{readings: separateTax} }

// WithFeeOnPlanChange collects the initial fee of the next plan with a plan
// change (R8). By default a change bears no fee: from 1,000 to 2,000 yen with a
// fee of 500 on 10 October it is 734 + 73 = 807 yen, with this option
// 734 + 500 + 123 = 1,357 yen.
func WithFeeOnPlanChange() Option { return Option{readings: feeOnPlanChange} }

// WithFeeOnPaidReinstall collects the initial fee on a reinstallation within
// the paid month (R9). By default that costs 0 yen; with this option a fee of
// 500 makes 500 + 50 = 550 yen.
func WithFeeOnPaidReinstall() Option { return Option{readings: feeOnPaidReinstall} }

// WithoutFeeOnReinstall collects no initial fee on a reinstallation in a later
// month (R10). By default it is a new contract and bears the fee again: 1,000
// yen with a fee of 500 on 5 November make 867 + 500 + 136 = 1,503 yen, with
// this option 867 + 86 = 953 yen.
func WithoutFeeOnReinstall() Option { return Option{readings: noFeeOnReinstall} }

// WithRenewalAtTrialEnd charges a whole month when the payment after a trial
// falls on the 1st (R7). By default it is prorated like any other and takes the
// place of the renewal: 1,000 yen after a trial that ends on 31 January 2026
// are 934 + 93 = 1,027 yen, with this option 1,000 + 100 = 1,100 yen.
func WithRenewalAtTrialEnd() Option { return Option{readings: renewalAtTrialEnd} }

// WithListPriceDifference takes the list price of the plan in use for what was
// paid this month (R11). By default it is what was really paid before tax:
// installed on 10 October at 1,000 yen (734 paid) and changed to 2,000 on the
// 20th make 507 + 50 = 557 yen, with this option 400 + 40 = 440 yen. It needs
// the plan in use: a [Subscription], or [WithCurrentPlan].
func WithListPriceDifference() Option { return Option{readings: listPriceDifference} }

// WithTaxedDifference subtracts what was paid this month including tax (R11).
// By default it is what was paid before tax: in the case of
// [WithListPriceDifference] 557 yen, with this option (2,000 - 807) × 12 ÷ 30 =
// 478 + 47 = 525 yen. It concerns a [Subscription]; [PlanChangeCharge]
// subtracts the amount it is given.
func WithTaxedDifference() Option { return Option{readings: taxedDifference} }

// WithDailyRate rounds a plan change by the day before it multiplies (R11). By
// default it is rounded once at the end: a difference of 1,000 yen on 10
// October makes 734 + 73 = 807 yen, with this option ceil(1,000 ÷ 30) × 22 =
// 748 + 74 = 822 yen.
func WithDailyRate() Option { return Option{readings: roundedByDay} }

// WithChangeBeforeRenewal lets a plan change on the 1st come before the renewal
// of that day (R11). By default the renewal comes first and the change is paid
// beside it: from 1,000 to 2,000 yen on 1 October 1,100 + 1,137 = 2,237 yen;
// with this option the change is free and the renewal is 2,200 yen. It concerns
// a [Subscription].
func WithChangeBeforeRenewal() Option { return Option{readings: changeBeforeRenewal} }

// WithFreeReinstall lets a reinstallation within the paid month cost nothing
// for any plan (R9). By default another plan is a plan change (R11, R12): from
// 1,000 to 2,000 yen on 20 October 400 + 40 = 440 yen, with this option 0. It
// concerns a [Subscription].
func WithFreeReinstall() Option { return Option{readings: freeReinstall} }

// WithChangeInCancelledTrial lets a trial that was cancelled go on with another
// plan (R14). By default no plan changes during a trial, cancelled or not (R7):
// nothing is paid. With this option a trial of 1,000 yen to 9 October, changed
// to 2,000 on the 7th, is followed by 1,467 + 146 = 1,613 yen on the 10th. It
// concerns a [Subscription].
func WithChangeInCancelledTrial() Option { return Option{readings: changeInCancelledTrial} }

// WithChangeStaysCancelled lets a cancelled subscription stay cancelled when its
// plan changes (R14). By default the change makes it active again: from 1,000
// to 2,000 yen the next 1st brings 2,200 yen, with this option nothing. It
// concerns a [Subscription].
func WithChangeStaysCancelled() Option { return Option{readings: staysCancelled} }

// WithLaterAPIStop counts the 30 days of API access from the day after the
// subscription ended (R18). By default they begin with its first day: ended at
// 1 November 00:00 the API stops at 1 December 00:00, with this option at 2
// December 00:00. It concerns a [Subscription].
func WithLaterAPIStop() Option { return Option{readings: laterAPIStop} }
