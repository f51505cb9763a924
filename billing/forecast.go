package billing

import "time"

// Forecast returns the charges to come, oldest first, up to and including those
// of the day of until, as long as nothing else happens: the payment after a
// running trial (R7) and the renewal of every 1st after it or after the last
// month paid (R6). A subscription that is cancelled, ended, not installed or has
// a failed payment has none (R13, R15). Charges made at once, such as the first,
// are the result of [Subscription.Apply] and not to come. Each is taxed at the rate
// of its day, see [Rules.TaxRates].
//
// A plan whose charges cannot be computed, which Apply lets into no
// subscription, has none either.
func Forecast(sub Subscription, until time.Time) []Charge {
	end, err := dayOf(until)
	if err != nil || sub.Status != StatusActive || sub.PaidMonth.IsZero() && sub.TrialEnd.IsZero() {
		return nil
	}
	var charges []Charge
	for due := sub.coveredUntil(); !due.After(end); due = NextRenewal(due) {
		charge, err := sub.payment(due)
		if err != nil {
			return nil
		}
		charges = append(charges, charge)
		sub.TrialEnd = time.Time{}
	}
	return charges
}

// payment is the next payment of an active subscription.
func (s Subscription) payment(due time.Time) (Charge, error) {
	if s.TrialEnd.IsZero() {
		return s.rules.RenewalCharge(s.Plan, due)
	}
	return s.rules.TrialEndCharge(s.Plan, s.TrialEnd)
}
