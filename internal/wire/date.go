package wire

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"time"
)

var errNoSuchDay = errors.New("wire: no such day in the years 0 to 9999")

// CivilDate is a day of the calendar, without a time and a zone, in one of the
// spellings below. The zero date is read from null, "" and "--"; it encodes as null in
// JSON, as empty text in XML, and is left out of a query. A date that the calendar
// does not have is refused when it is read and when it is written. Dates of different
// spellings convert into each other.
type CivilDate[S dateSpelling] struct {
	// Year is 0 to 9999.
	Year int
	// Month is 1 to 12.
	Month time.Month
	// Day is 1 to 31.
	Day int
}

// The spellings of a date.
type (
	// Date is 2024-01-31.
	Date = CivilDate[dashedDate]
	// CompactDate is 20240131.
	CompactDate = CivilDate[compactDate]
	// ZonedDate is 2024-01-31+09:00; another offset is refused.
	ZonedDate = CivilDate[zonedDate]
)

type dateSpelling interface{ dateLayout() string }

type (
	dashedDate  struct{}
	compactDate struct{}
	zonedDate   struct{}
)

func (dashedDate) dateLayout() string  { return time.DateOnly }
func (compactDate) dateLayout() string { return "20060102" }
func (zonedDate) dateLayout() string   { return time.DateOnly + "+09:00" }

// DateOf returns the day of t in its own zone. Use t.In(JST) for the day in Japan.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// In returns the midnight that begins the day in loc.
func (d CivilDate[S]) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// IsZero reports whether there is no date.
func (d CivilDate[S]) IsZero() bool { return d == CivilDate[S]{} }

// IsValid reports whether the calendar has the day.
func (d CivilDate[S]) IsValid() bool {
	year, month, day := d.In(time.UTC).Date()
	return 0 <= year && year <= 9999 && d == CivilDate[S]{year, month, day}
}

// Compare returns -1 if d is before other, 1 if it is after it, and 0 if they are the
// same day.
func (d CivilDate[S]) Compare(other CivilDate[S]) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// AddDays returns the date n days later.
func (d CivilDate[S]) AddDays(n int) CivilDate[S] {
	year, month, day := d.In(time.UTC).AddDate(0, 0, n).Date()
	return CivilDate[S]{year, month, day}
}

// String spells the date as the platform does; no date is empty.
func (d CivilDate[S]) String() string {
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
func (d CivilDate[S]) MarshalText() ([]byte, error) {
	if !d.IsZero() && !d.IsValid() {
		return nil, errNoSuchDay
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads the platform's spelling; "" and "--" are no date.
func (d *CivilDate[S]) UnmarshalText(text []byte) error { return d.set(string(text)) }

// MarshalJSON spells the date as the platform does; no date is null.
func (d CivilDate[S]) MarshalJSON() ([]byte, error) { return encodeString(d.MarshalText()) }

// UnmarshalJSON reads the platform's spelling; null, "" and "--" are no date.
func (d *CivilDate[S]) UnmarshalJSON(data []byte) error {
	text, err := decodeString(data)
	if err != nil {
		return d.refuse(string(data))
	}
	return d.set(text)
}

// EncodeValues puts the date into a query; no date is left out.
func (d CivilDate[S]) EncodeValues(key string, query *url.Values) error {
	text, err := d.MarshalText()
	return addText(key, query, text, err)
}

func (d *CivilDate[S]) set(text string) error {
	if isNone(text) {
		*d = CivilDate[S]{}
		return nil
	}
	var s S
	parsed, err := parseExact(s.dateLayout(), text)
	if err != nil {
		return d.refuse(text)
	}
	year, month, day := parsed.Date()
	*d = CivilDate[S]{year, month, day}
	return nil
}

func (*CivilDate[S]) refuse(text string) error {
	var s S
	return fmt.Errorf("wire: %q is not a date like %s", excerpt(text), s.dateLayout())
}
