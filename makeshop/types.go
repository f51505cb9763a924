package makeshop

import (
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go/internal/wire"
)

// JST is Japan Standard Time, in which the platform writes all its dates without saying
// so.
var JST = wire.JST

// Time is an instant in a filter of orders, sent as YYYYMMDDhhmmss in Japan time; [At] makes
// one. It embeds a [time.Time], its field Time. A zero Time is not sent. That the platform means Japan time is not documented: clients that
// sent UTC missed the orders of the current day.
type Time = wire.CompactTime

// At is the Time of an instant, in whole seconds.
func At(t time.Time) Time { return Time{Time: t} }

// Date is a day in a filter of members, sent as YYYYMMDD; [DateOf] makes one. Year, Month and
// Day are its fields; AddDays, Compare, In (the instant at which the day begins in a zone),
// IsValid and IsZero its methods. A zero Date is not sent.
type Date = wire.CompactDate

// DateOf is the day that an instant falls on in Japan; the zero instant gives no Date.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return Date(wire.DateOf(t.In(JST)))
}

// CouponTime is an instant in the period of a coupon, sent as YYYY-MM-DD hh:mm:ss in
// Japan time; [CouponAt] makes one. It embeds a [time.Time], its field Time. A zero
// CouponTime is not sent.
type CouponTime = wire.SpacedTime

// CouponAt is the CouponTime of an instant, in whole seconds.
func CouponAt(t time.Time) CouponTime { return CouponTime{Time: t} }

// Timestamp is a time or a day as the platform writes it in answers, in one of several
// spellings that differ from field to field and are documented for none. It is kept as it
// came. The platform writes "", null or "--" where there is none.
type Timestamp string

// timestampLayouts are all spellings that were seen, in Japan time.
var timestampLayouts = []string{"20060102150405", time.DateTime, "20060102", time.DateOnly}

// Time returns the instant, in [JST]; a day is the midnight that begins it. No time is the
// zero time. A spelling that nobody has seen yet is an error.
func (t Timestamp) Time() (time.Time, error) {
	if t.IsZero() {
		return time.Time{}, nil
	}
	for _, layout := range timestampLayouts {
		if len(layout) != len(t) {
			continue
		}
		if at, err := time.ParseInLocation(layout, string(t), JST); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("makeshop: %.40q is no time in a known spelling", string(t))
}

// IsZero reports whether there is no time: "", null or "--".
func (t Timestamp) IsZero() bool { return isNone(string(t)) }

// SortOrder is the direction of a list.
type SortOrder string

// Directions of a list.
const (
	Ascending  SortOrder = "ASC"
	Descending SortOrder = "DESC"
)

// YesNo is a yes or no that the platform writes as "Y" or "N". Open set.
type YesNo string

// Values of YesNo.
const (
	Yes YesNo = "Y"
	No  YesNo = "N"
)
