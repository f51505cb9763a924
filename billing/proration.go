package billing

import "fmt"

// prorationDays divides every proration, whatever the length of the month.
const prorationDays = 30

// Prorate returns the part of a monthly price that falls on a number of days
// (R2), rounded up to the yen: ceil(price × days ÷ 30). 1,000 yen for 22 days
// are 734. The divisor is 30 in every month, so the 31 days from the 1st of a
// long month make 1,034; see [Rules.MonthlyCap].
func Prorate(price Yen, days int) (Yen, error) {
	if days < 1 || days > 31 {
		return 0, fmt.Errorf("%w: %d", ErrDays, days)
	}
	whole, rest := price/prorationDays, price%prorationDays
	return times(price, whole, Yen(days), (rest*Yen(days)+prorationDays-1)/prorationDays)
}

// prorateByDay rounds the price of one day up before it multiplies (R11, the
// reading of Rules.DailyRate).
func prorateByDay(price Yen, days int) (Yen, error) {
	return times(price, dailyRate(price), Yen(days), 0)
}

func dailyRate(price Yen) Yen {
	return price/prorationDays + (price%prorationDays+prorationDays-1)/prorationDays
}
