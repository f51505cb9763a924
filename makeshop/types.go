package makeshop

import (
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Time is an instant in a filter of orders, sent as YYYYMMDDhhmmss in Japan time; [At] makes
// one. A zero Time is not sent. That the platform means Japan time is not documented:
// clients that sent UTC missed the orders of the current day.
type Time = shotengai.Timestamp[shotengai.CompactTime]

// At returns the Time of an instant, in whole seconds.
func At(t time.Time) Time { return Time{Time: t} }

// Date is a day in a filter of members, sent as YYYYMMDD; [DateOf] makes one, and a
// [shotengai.Date] converts to it. A zero Date is not sent.
type Date = shotengai.DateIn[shotengai.CompactDate]

// DateOf returns the day that an instant falls on in Japan. The zero time has no date.
func DateOf(t time.Time) Date { return Date(shotengai.DateOf(t)) }

// CouponTime is an instant in the period of a coupon, sent as YYYY-MM-DD hh:mm:ss in
// Japan time (Provisional); [CouponAt] makes one. A zero CouponTime is not sent.
type CouponTime = shotengai.Timestamp[shotengai.SpacedTime]

// CouponAt returns the CouponTime of an instant, in whole seconds.
func CouponAt(t time.Time) CouponTime { return CouponTime{Time: t} }

// Timestamp is a time or a day as the platform writes it in answers, in one of several
// spellings that differ from field to field and are documented for none. It is kept as it
// came. The platform writes "", null or "--" where there is none.
type Timestamp string

// timestampLayouts are all spellings that were seen, in Japan time.
var timestampLayouts = []string{"20060102150405", time.DateTime, "20060102", time.DateOnly}

// Time returns the instant, in [shotengai.JST]; a day is the midnight that begins it. No time is the
// zero time. A spelling that has not been seen yet is an error.
func (t Timestamp) Time() (time.Time, error) {
	if t.IsZero() {
		return time.Time{}, nil
	}
	for _, layout := range timestampLayouts {
		if len(layout) != len(t) {
			continue
		}
		if at, err := time.ParseInLocation(layout, string(t), shotengai.JST); err == nil {
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
