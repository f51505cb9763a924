package billing

import (
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
)

// The years 1 to 9999 in Tokyo, in Unix seconds.
var (
	yearOne         = Date(1, time.January, 1).Unix()
	yearTenThousand = Date(10000, time.January, 1).Unix()
)

// Date returns the start of a calendar day in Japan, 00:00 in Asia/Tokyo.
func Date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, shotengai.JST)
}

// RemainingDays returns the days from the day of payment to the end of its
// month, both included (R1): 22 on 10 October, 31 on 1 October, 1 on 31 October.
func RemainingDays(on time.Time) int {
	year, month, day := on.In(shotengai.JST).Date()
	return daysIn(year, month) - day + 1
}

// NextRenewal returns the first renewal day after the day of t: the 1st of the
// next month (R6).
func NextRenewal(t time.Time) time.Time {
	year, month, _ := t.In(shotengai.JST).Date()
	return Date(year, month+1, 1)
}

const (
	dayLength  = 24 * time.Hour
	daySeconds = int64(dayLength / time.Second)
)

// dayOf returns the calendar day of an instant, or ErrPeriod for a time that is
// missing or of a year outside 1 to 9999.
func dayOf(t time.Time) (time.Time, error) {
	if t.IsZero() {
		return time.Time{}, fmt.Errorf("%w: a time is missing", ErrPeriod)
	}
	if unix := t.Unix(); unix < yearOne || unix >= yearTenThousand {
		return time.Time{}, fmt.Errorf("%w: year %d", ErrPeriod, t.In(shotengai.JST).Year())
	}
	return startOfDay(t), nil
}

// startOfDay counts from the start of year 1 in Tokyo, so that the remainder is
// never negative.
func startOfDay(t time.Time) time.Time {
	local := t.Unix() - yearOne
	return time.Unix(yearOne+local-local%daySeconds, 0).In(shotengai.JST)
}

func monthOf(t time.Time) time.Time {
	year, month, _ := t.In(shotengai.JST).Date()
	return Date(year, month, 1)
}

// addDays counts days of 24 hours: Japan has no others.
func addDays(day time.Time, n int) time.Time { return day.Add(time.Duration(n) * dayLength) }

func daysIn(year int, month time.Month) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// dayText renders a day for an error message.
func dayText(t time.Time) string { return t.In(shotengai.JST).Format(time.DateOnly) }
