package wire

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// JST is Japan Standard Time. It needs no time zone database: Japan has had no
// daylight saving time since 1951.
var JST = time.FixedZone("JST", 9*60*60)

var errTimeRange = errors.New("wire: time outside the years 0 to 9999")

// Time is an instant in one of the spellings below. Decoded times are in [JST], and
// encoded ones are written in it, whatever the zone of the value. The zero time is
// read from null, "" and "--"; it encodes as null in JSON, as empty text in XML, and
// is left out of a query.
type Time[S spelling] struct{ time.Time }

// The spellings of an instant. All but ColonTime write whole seconds and refuse
// fractions.
type (
	// OffsetTime is 2024-01-31T12:34:56+0900, which RFC 3339 does not allow.
	OffsetTime = Time[offsetSpelling]
	// ColonTime is 2024-01-31T12:34:56+09:00. It reads every RFC 3339 time and writes
	// a fraction only if there is one: truncate a time of your own to the second where
	// the platform wants no fraction.
	ColonTime = Time[colonSpelling]
	// LocalTime is 2024-01-31T12:34:56, Japan time without saying so.
	LocalTime = Time[localSpelling]
	// SpacedTime is 2024-01-31 12:34:56, Japan time without saying so.
	SpacedTime = Time[spacedSpelling]
	// CompactTime is 20240131123456, Japan time without saying so. It also reads the
	// day alone, as the midnight that begins it.
	CompactTime = Time[compactSpelling]
)

type spelling interface {
	layout() string
	parse(text string) (time.Time, error)
}

type (
	offsetSpelling  struct{}
	colonSpelling   struct{}
	localSpelling   struct{}
	spacedSpelling  struct{}
	compactSpelling struct{}
)

func (offsetSpelling) layout() string  { return "2006-01-02T15:04:05-0700" }
func (colonSpelling) layout() string   { return "2006-01-02T15:04:05.999999999-07:00" }
func (localSpelling) layout() string   { return "2006-01-02T15:04:05" }
func (spacedSpelling) layout() string  { return time.DateTime }
func (compactSpelling) layout() string { return "20060102150405" }

func (s offsetSpelling) parse(text string) (time.Time, error) { return parseExact(s.layout(), text) }

func (s localSpelling) parse(text string) (time.Time, error) { return parseExact(s.layout(), text) }

func (s spacedSpelling) parse(text string) (time.Time, error) { return parseExact(s.layout(), text) }

func (s compactSpelling) parse(text string) (time.Time, error) {
	const day = "20060102"
	if len(text) == len(day) {
		return parseExact(day, text)
	}
	return parseExact(s.layout(), text)
}

func (colonSpelling) parse(text string) (time.Time, error) {
	// The time package also reads one digit of an hour and a comma before a fraction,
	// and drops what is below the nanosecond.
	const seconds, nanoseconds = len("2006-01-02T15:04:05"), 9
	if len(text) <= seconds || text[seconds-len(":04:05")] != ':' || text[seconds] == ',' {
		return time.Time{}, errSpelling
	}
	if text[seconds] == '.' && strings.IndexAny(text[seconds+1:], "Z+-") > nanoseconds {
		return time.Time{}, errSpelling
	}
	return time.Parse(time.RFC3339, text)
}

var errSpelling = errors.New("wire: wrong spelling")

// parseExact is time.Parse without its leniency: the layouts have a fixed length, and
// what it would also read has another.
func parseExact(layout, text string) (time.Time, error) {
	if len(text) != len(layout) {
		return time.Time{}, errSpelling
	}
	return time.ParseInLocation(layout, text, JST)
}

// representable reports whether t has a spelling and is not mistaken for no time.
func representable(t time.Time) bool {
	year := t.In(JST).Year()
	return !t.IsZero() && 0 <= year && year <= 9999
}

// IsUnknown reports whether there is no time or it is on 1970-01-01, in UTC or in
// Japan, which the Rakuten product search writes for a day it does not know.
func (t Time[S]) IsUnknown() bool {
	epoch := Date{1970, time.January, 1}
	return t.IsZero() || DateOf(t.UTC()) == epoch || DateOf(t.In(JST)) == epoch
}

// AppendText appends the time as the platform spells it, and nothing for no time.
func (t Time[S]) AppendText(b []byte) ([]byte, error) {
	if t.IsZero() {
		return b, nil
	}
	if !representable(t.Time) {
		return nil, errTimeRange
	}
	var s S
	return t.In(JST).AppendFormat(b, s.layout()), nil
}

// MarshalText spells the time as the platform does; no time is empty.
func (t Time[S]) MarshalText() ([]byte, error) { return t.AppendText([]byte{}) }

// UnmarshalText reads the platform's spelling; "" and "--" are no time.
func (t *Time[S]) UnmarshalText(text []byte) error { return t.set(string(text)) }

// MarshalJSON spells the time as the platform does; no time is null.
func (t Time[S]) MarshalJSON() ([]byte, error) { return encodeString(t.MarshalText()) }

// UnmarshalJSON reads the platform's spelling; null, "" and "--" are no time.
func (t *Time[S]) UnmarshalJSON(data []byte) error {
	text, err := decodeString(data)
	if err != nil {
		return t.refuse(string(data))
	}
	return t.set(text)
}

// EncodeValues puts the time into a query; no time is left out.
func (t Time[S]) EncodeValues(key string, query *url.Values) error {
	text, err := t.MarshalText()
	return addText(key, query, text, err)
}

func (t *Time[S]) set(text string) error {
	if isNone(text) {
		t.Time = time.Time{}
		return nil
	}
	var s S
	parsed, err := s.parse(text)
	if err != nil || !representable(parsed) {
		return t.refuse(text)
	}
	t.Time = parsed.In(JST)
	return nil
}

func (*Time[S]) refuse(text string) error {
	var s S
	return fmt.Errorf("wire: %q is not a time like %s", excerpt(text), s.layout())
}
