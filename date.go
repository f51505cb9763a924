package shotengai

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/shotengai/shotengai-go/internal/wire"
)

var errNoSuchDay = errors.New("shotengai: no such day in the years 0 to 9999")

// DateIn is a day of the calendar, without a time and a zone, in one of the spellings
// below. The zero date is read from null, "" and "--"; it encodes as null in JSON, as empty
// text in XML, and is left out of a query. A date that the calendar does not have is refused
// when it is read and when it is written. Dates of different spellings convert into each
// other.
type DateIn[S DateSpelling] struct {
	// Year is 0 to 9999.
	Year int
	// Month is 1 to 12.
	Month time.Month
	// Day is 1 to 31.
	Day int
}

// Date is a day such as 2024-01-31. The platforms write most of their dates so.
type Date = DateIn[DashedDate]

// DateSpelling is how a platform writes a day: [DashedDate], [CompactDate] or [ZonedDate].
type DateSpelling interface{ dateLayout() string }

type (
	// DashedDate writes 2024-01-31.
	DashedDate struct{}
	// CompactDate writes 20240131.
	CompactDate struct{}
	// ZonedDate writes 2024-01-31+09:00. Another offset is refused.
	ZonedDate struct{}
)

func (DashedDate) dateLayout() string  { return time.DateOnly }
func (CompactDate) dateLayout() string { return "20060102" }
func (ZonedDate) dateLayout() string   { return time.DateOnly + "+09:00" }

// DateOf returns the day in Japan on which t falls. The zero time has no date.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	year, month, day := t.In(JST).Date()
	return Date{year, month, day}
}

// In returns the midnight that begins the day in loc.
func (d DateIn[S]) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// IsZero reports whether there is no date.
func (d DateIn[S]) IsZero() bool { return d == DateIn[S]{} }

// IsValid reports whether the calendar has the day.
func (d DateIn[S]) IsValid() bool {
	year, month, day := d.In(time.UTC).Date()
	return 0 <= year && year <= 9999 && d == DateIn[S]{year, month, day}
}

// Compare returns -1 if d is before other, 1 if it is after it, and 0 if they are the
// same day.
func (d DateIn[S]) Compare(other DateIn[S]) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// AddDays returns the date n days later.
func (d DateIn[S]) AddDays(n int) DateIn[S] {
	year, month, day := d.In(time.UTC).AddDate(0, 0, n).Date()
	return DateIn[S]{year, month, day}
}

// String spells the date as the platform does; no date is empty.
func (d DateIn[S]) String() string {
	if d.IsZero() {
		return ""
	}
	if !d.IsValid() {
		return fmt.Sprintf("%d-%d-%d (no such day)", d.Year, d.Month, d.Day)
	}
	var s S
	return d.In(time.UTC).Format(s.dateLayout())
}

// MarshalText spells the date as the platform does; no date is empty.
func (d DateIn[S]) MarshalText() ([]byte, error) {
	if !d.IsZero() && !d.IsValid() {
		return nil, errNoSuchDay
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads the platform's spelling; "" and "--" are no date.
func (d *DateIn[S]) UnmarshalText(text []byte) error { return d.set(string(text)) }

// MarshalJSON spells the date as the platform does; no date is null.
func (d DateIn[S]) MarshalJSON() ([]byte, error) { return wire.EncodeString(d.MarshalText()) }

// UnmarshalJSON reads the platform's spelling; null, "" and "--" are no date.
func (d *DateIn[S]) UnmarshalJSON(data []byte) error {
	text, err := wire.DecodeString(data)
	if err != nil {
		return d.refuse(string(data))
	}
	return d.set(text)
}

// EncodeValues puts the date into a query; no date is left out.
func (d DateIn[S]) EncodeValues(key string, query *url.Values) error {
	text, err := d.MarshalText()
	return wire.AddText(key, query, text, err)
}

func (d *DateIn[S]) set(text string) error {
	if wire.IsNone(text) {
		*d = DateIn[S]{}
		return nil
	}
	var s S
	parsed, err := parseExact(s.dateLayout(), text)
	if err != nil {
		return d.refuse(text)
	}
	year, month, day := parsed.Date()
	*d = DateIn[S]{year, month, day}
	return nil
}

func (*DateIn[S]) refuse(text string) error {
	var s S
	return fmt.Errorf("%q is not a date like %s", wire.Excerpt(text), s.dateLayout())
}
