package shotengai

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/wire"
)

// JST is Japan Standard Time. It needs no time zone database: Japan has had no
// daylight saving time since 1951.
var JST = time.FixedZone("JST", 9*60*60)

var errTimeRange = errors.New("shotengai: time outside the years 0 to 9999")

// Timestamp is an instant in the spelling S of a platform. It embeds a [time.Time], which
// is the field Time: a composite literal Timestamp[S]{Time: t} makes one. Decoded times are
// in [JST], and encoded ones are written in it, whatever the zone of the value. The zero
// time is read from null, "" and "--"; it encodes as null in JSON, as empty text in XML, and
// is left out of a query.
type Timestamp[S TimeSpelling] struct{ time.Time }

// TimeSpelling is how a platform writes an instant: [UnixSeconds], [OffsetTime],
// [ColonOffsetTime], [LocalTime], [SpacedTime] or [CompactTime]. All but ColonOffsetTime
// write whole seconds and drop fractions; the texts without an offset are Japan time.
type TimeSpelling interface {
	like() string // an example or a layout
	parse(text string) (time.Time, error)
	appendTo(b []byte, t time.Time) []byte
	number() bool // in JSON it is a number
}

type (
	// UnixSeconds writes whole seconds since 1970-01-01T00:00:00Z as a number, and reads a
	// string of digits too. The number 0 is the beginning of 1970, not the zero time.
	UnixSeconds struct{}
	// OffsetTime writes 2024-01-31T12:34:56+0900, which RFC 3339 does not allow.
	OffsetTime struct{}
	// ColonOffsetTime writes 2024-01-31T12:34:56+09:00. It reads every RFC 3339 time and
	// writes a fraction only if there is one: truncate a time to the second where the
	// platform wants no fraction.
	ColonOffsetTime struct{}
	// LocalTime writes 2024-01-31T12:34:56.
	LocalTime struct{}
	// SpacedTime writes 2024-01-31 12:34:56.
	SpacedTime struct{}
	// CompactTime writes 20240131123456. It also reads the day alone, as the midnight that
	// begins it.
	CompactTime struct{}
)

func (UnixSeconds) like() string     { return "1706672096, in unix seconds" }
func (OffsetTime) like() string      { return "2006-01-02T15:04:05-0700" }
func (ColonOffsetTime) like() string { return "2006-01-02T15:04:05.999999999-07:00" }
func (LocalTime) like() string       { return "2006-01-02T15:04:05" }
func (SpacedTime) like() string      { return time.DateTime }
func (CompactTime) like() string     { return "20060102150405" }

func (UnixSeconds) number() bool     { return true }
func (OffsetTime) number() bool      { return false }
func (ColonOffsetTime) number() bool { return false }
func (LocalTime) number() bool       { return false }
func (SpacedTime) number() bool      { return false }
func (CompactTime) number() bool     { return false }

func (UnixSeconds) appendTo(b []byte, t time.Time) []byte {
	return strconv.AppendInt(b, t.Unix(), 10)
}

func (s OffsetTime) appendTo(b []byte, t time.Time) []byte { return t.AppendFormat(b, s.like()) }

func (s ColonOffsetTime) appendTo(b []byte, t time.Time) []byte { return t.AppendFormat(b, s.like()) }

func (s LocalTime) appendTo(b []byte, t time.Time) []byte { return t.AppendFormat(b, s.like()) }

func (s SpacedTime) appendTo(b []byte, t time.Time) []byte { return t.AppendFormat(b, s.like()) }

func (s CompactTime) appendTo(b []byte, t time.Time) []byte { return t.AppendFormat(b, s.like()) }

func (UnixSeconds) parse(text string) (time.Time, error) { return parseSeconds([]byte(text)) }

// parseSeconds keeps no reference to text, so that reading a time allocates nothing.
func parseSeconds(text []byte) (time.Time, error) {
	seconds, err := wire.ParseInt(text)
	parsed := time.Unix(seconds, 0)
	if err == nil && parsed.Unix() != seconds {
		err = errTimeRange
	}
	return parsed, err
}

func (s OffsetTime) parse(text string) (time.Time, error) { return parseExact(s.like(), text) }

func (s LocalTime) parse(text string) (time.Time, error) { return parseExact(s.like(), text) }

func (s SpacedTime) parse(text string) (time.Time, error) { return parseExact(s.like(), text) }

func (s CompactTime) parse(text string) (time.Time, error) {
	const day = "20060102"
	if len(text) == len(day) {
		return parseExact(day, text)
	}
	return parseExact(s.like(), text)
}

func (ColonOffsetTime) parse(text string) (time.Time, error) {
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

var errSpelling = errors.New("shotengai: wrong spelling")

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
func (t Timestamp[S]) IsUnknown() bool {
	year, day := t.UTC().Year(), t.UTC().YearDay()
	return t.IsZero() || year == 1970 && day == 1 || DateOf(t.Time) == Date{1970, time.January, 1}
}

// AppendText appends the time as the platform spells it, and nothing for no time.
func (t Timestamp[S]) AppendText(b []byte) ([]byte, error) {
	if t.IsZero() {
		return b, nil
	}
	if !representable(t.Time) {
		return nil, errTimeRange
	}
	var s S
	return s.appendTo(b, t.In(JST)), nil
}

// MarshalText spells the time as the platform does; no time is empty.
func (t Timestamp[S]) MarshalText() ([]byte, error) { return t.AppendText([]byte{}) }

// UnmarshalText reads the platform's spelling; "" and "--" are no time.
func (t *Timestamp[S]) UnmarshalText(text []byte) error { return t.set(string(text)) }

// MarshalJSON spells the time as the platform does; no time is null.
func (t Timestamp[S]) MarshalJSON() ([]byte, error) {
	var s S
	text, err := t.MarshalText()
	if s.number() && len(text) > 0 {
		return text, err
	}
	return wire.EncodeString(text, err)
}

// UnmarshalJSON reads the platform's spelling; null, "" and "--" are no time.
func (t *Timestamp[S]) UnmarshalJSON(data []byte) error {
	var s S
	if s.number() {
		return t.setNumber(wire.Unquote(data))
	}
	text, err := wire.DecodeString(data)
	if err != nil {
		return t.refuse(string(data))
	}
	return t.set(text)
}

// EncodeValues puts the time into a query; no time is left out.
func (t Timestamp[S]) EncodeValues(key string, query *url.Values) error {
	text, err := t.MarshalText()
	return wire.AddText(key, query, text, err)
}

func (t *Timestamp[S]) set(text string) error {
	if wire.IsNone(text) {
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

func (t *Timestamp[S]) setNumber(text []byte) error {
	if wire.IsNone(text) {
		t.Time = time.Time{}
		return nil
	}
	parsed, err := parseSeconds(text)
	if err != nil || !representable(parsed) {
		return t.refuse(string(text))
	}
	t.Time = parsed.In(JST)
	return nil
}

func (*Timestamp[S]) refuse(text string) error {
	var s S
	return fmt.Errorf("%q is not a time like %s", wire.Excerpt(text), s.like())
}
