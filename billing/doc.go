// Package billing computes, to the yen, what a shop pays for an app: the
// subscriptions of makeshop and the metered plans of Color Me Shop. A first price:
//
//	plan := billing.Plan{ID: "standard", Monthly: 1000}
//	charge, err := billing.FirstCharge(plan, billing.Date(2026, time.October, 10))
//	// charge.Base, charge.Tax, charge.Total: ¥734 ¥73 ¥807
//
// A [Subscription] follows a shop through its events and makes the charges,
// [Forecast] lists those to come, and [Explain] writes out how each was computed,
// in Japanese or English. [PlanSet] checks the plans that an app offers, and
// [UsageContract] says how long a Color Me app may charge for use.
//
// The package has no I/O, no clock and no state: the same arguments make the same
// charge. All arithmetic is on integers, for float arithmetic gets 1,097 of 620,000
// pairs of a price and a number of days wrong, and what no int64 can hold is an error.
//
// Amounts are whole yen and prices are before tax. Days are calendar days in
// Asia/Tokyo, a fixed zone nine hours ahead of UTC; an instant in any other zone
// is converted, so 10 October 15:00 UTC is the 11th. The platform names no zone.
//
// # The rules of makeshop
//
// P is the monthly price and d the days that remain of the month.
//
//	R1   Days    d counts from the day of payment to the end of the month, both
//	             included: 22 on 10 October. RemainingDays
//	R2   Part    ceil(P × d ÷ 30); the divisor is 30 in every month. Prorate
//	R3   Tax     floor(base × 10%), on the rounded base. Tax
//	R4   Total   base + tax: 734 + 73 = 807 for 1,000 yen on 10 October. Charge
//	R5   First   a first installation pays R2 to R4 at once. FirstCharge
//	R6   Renewal the 1st of each next month costs P and its tax. RenewalCharge
//	R7   Trial   no plan change during a trial; the day after it costs R2 to R4,
//	             unless it was cancelled. TrialEndCharge
//	R8   Fee     the initial fee comes with the first payment, whole.
//	R9   Back    within the paid month a reinstallation costs 0. ReinstallCharge
//	R10  Back    in a later month it is a new contract. ReinstallCharge
//	R11  Higher  ceil((P of the new plan - paid this month) × d ÷ 30) and tax, the
//	             next month the new P. PlanChangeCharge
//	R12  Lower   0, no refund, the next month the new P. PlanChangeCharge
//	R13  Cancel  no renewal, no refund, usable to the end of the paid month or of
//	             the trial; the app stays installed. Cancel
//	R14  Return  after cancelling another plan may be chosen; the same plan takes
//	             an uninstallation and an installation. PlanChange
//	R15  End     after the end the app can only be uninstalled. MonthEnd
//	R16  Failure only a failed renewal or payment after a trial leads to the state
//	             "payment failed". Renewal, TrialEnd
//	R17  Plans   a free app has one plan of 0 yen, a subscription none; a form and
//	             a price never change. PlanSet
//	R18  States  what an owner may do and whether the API answers, to 30 days
//	             after the end. Subscription.Allowed, Subscription.APIUntil
//
// # The rules of Color Me Shop
//
//	C1  Points  a usage charge is 100 to 1,000,000 yen before tax; the tax is
//	            rounded down. UsageCharge
//	C2  Period  a contract period runs from a day to the day before it in the next
//	            month, after a trial. ContractPeriod
//	C3  Closing closing_on is normally the last day of the month in which the
//	            period in force at the uninstallation ends. ClosingOn
//	C4  Window  no usage charge during a trial, and none after the day of
//	            closing_on; the one received wins. UsageContract.Window
//
// # Where they leave room
//
// The zero value of [Rules] is the documented reading, and each of its fields chooses the
// other reading of one open point. The figures are for 1,000 yen unless the comment of the
// field names another case.
//
//	R2    no cap on the 1st of 31 days: 1,137        MonthlyCap: 1,100
//	R3    10 percent: 807                            TaxRates: 792
//	R7    prorated, also on the 1st: 1,027           RenewalAtTrialEnd: 1,100
//	R8    one tax on plan and fee: 1,365             SeparateTax: 1,364
//	R8    no fee on a plan change: 807               FeeOnPlanChange: 1,357
//	R9    no fee within the paid month: 0            FeeOnPaidReinstall: 550
//	R9    another plan is a plan change: 440         FreeReinstall: 0
//	R10   the fee again in a later month: 1,503      NoFeeOnReinstall: 953
//	R11   what was paid: 557                         ListPriceDifference: 440
//	R11   paid before tax: 557                       TaxedDifference: 525
//	R11   paid without initial fees: 557             FeeInDifference: 337
//	R11   in use is the plan changed to: 2,150       DowngradeNextMonth: 1,173
//	R11   rounded once at the end: 807               DailyRate: 822
//	R11   on the 1st the renewal first: 2,237        ChangeBeforeRenewal: 2,200
//	R12   an equal price is a lower one: 0           EqualPriceAsHigher: 117
//	R14   no change in a cancelled trial: 0          ChangeInCancelledTrial: 1,613
//	R14   a change makes active again: 2,200         ChangeStaysCancelled: 0
//	R18   30 days of API, to: 2026-12-01             LaterAPIStop: 2026-12-02
//	C2    a short month's last day: 2026-03-31       PeriodOverflow: 2026-02-28
//	C2    periods after the trial: 2026-03-31        PeriodFromInstall: 2026-02-28
//	C4    closing_on is a day: 2021-01-31            ClosingInstant: 2021-01-30
//
// What the platform did in a return within a month of which nothing was paid, and when a
// trial ends, are arguments: [Reinstall], [Install]. A difference below zero is 0, since
// makeshop refunds nothing (R11 to R13).
package billing
