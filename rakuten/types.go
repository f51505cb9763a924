package rakuten

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/text"
	"github.com/shotengai/shotengai-go/internal/wire"
)

// The platform spells times in one way per family. Decoded times are in Japan time, and the
// zero time is null.
type (
	// OrderTime is an instant in orders: 2024-01-31T12:34:56+0900. [At] makes one.
	OrderTime = shotengai.Timestamp[shotengai.OffsetTime]

	// ItemTime is an instant in items, stock, categories, coupons and products:
	// 2024-01-31T12:34:56+09:00. The spelling of orders is refused there. [ItemAt] makes
	// one.
	ItemTime = shotengai.Timestamp[shotengai.ColonOffsetTime]

	// LocalTime is an instant in licences and inquiries: 2024-01-31T12:34:56, in Japan
	// time.
	LocalTime = shotengai.Timestamp[shotengai.LocalTime]

	// SpacedTime is an instant in the cabinet: 2024-01-31 12:34:56, in Japan time.
	SpacedTime = shotengai.Timestamp[shotengai.SpacedTime]

	// ZonedDate is the day of an item's release: 2024-01-31+09:00. ZonedDate(date) converts
	// a [shotengai.Date].
	ZonedDate = shotengai.DateIn[shotengai.ZonedDate]

	// CompactDate is a day of the shop's calendars: 20240131. CompactDate(date) converts a
	// [shotengai.Date].
	CompactDate = shotengai.DateIn[shotengai.CompactDate]
)

// At returns the OrderTime of an instant.
func At(t time.Time) OrderTime { return OrderTime{Time: t} }

// ItemAt returns the ItemTime of an instant, to the second: the platform refuses fractions.
func ItemAt(t time.Time) ItemTime { return ItemTime{Time: t.Truncate(time.Second)} }

// Flag is a yes or no that the platform writes as 1 or 0. It reads 0, 1, true and false,
// also as strings, and null and "" as false. A pointer to it in a query needs the omitempty
// option, or nil is sent as 0.
type Flag bool

// MarshalJSON writes 1 or 0.
func (f Flag) MarshalJSON() ([]byte, error) { return f.MarshalText() }

// MarshalText writes 1 or 0.
func (f Flag) MarshalText() ([]byte, error) {
	if f {
		return []byte("1"), nil
	}
	return []byte("0"), nil
}

// UnmarshalJSON reads 0, 1, "0", "1", true, false, null and "".
func (f *Flag) UnmarshalJSON(data []byte) error { return f.UnmarshalText(wire.Unquote(data)) }

// UnmarshalText reads 0, 1, true and false; "" is false.
func (f *Flag) UnmarshalText(text []byte) error {
	switch string(text) {
	case "1", "true":
		*f = true
	case "0", "false", "":
		*f = false
	default:
		return fmt.Errorf("%q is neither 0 nor 1", wire.Excerpt(text))
	}
	return nil
}

// EncodeValues puts 1 or 0 into a query.
func (f Flag) EncodeValues(key string, query *url.Values) error {
	text, err := f.MarshalText()
	return wire.AddText(key, query, text, err)
}

// AnyTime is an instant in answers of families of which it is not established how they
// spell times: inquiries, reservations, shop pages and the genre tree. It reads all
// spellings of the platform, those without an offset as Japan time, and is written with
// +09:00.
type AnyTime struct{ time.Time }

// MarshalJSON writes the time with +09:00; no time is null.
func (t AnyTime) MarshalJSON() ([]byte, error) { return json.Marshal(ItemTime{Time: t.Time}) }

// UnmarshalJSON reads a time in any spelling of the platform; null is no time.
func (t *AnyTime) UnmarshalJSON(data []byte) error {
	var colon ItemTime
	if colon.UnmarshalJSON(data) == nil {
		t.Time = colon.Time
		return nil
	}
	var local LocalTime
	if local.UnmarshalJSON(data) == nil {
		t.Time = local.Time
		return nil
	}
	var offset OrderTime
	if offset.UnmarshalJSON(data) == nil {
		t.Time = offset.Time
		return nil
	}
	var spaced SpacedTime
	if spaced.UnmarshalJSON(data) == nil {
		t.Time = spaced.Time
		return nil
	}
	return fmt.Errorf("%s is no time in any spelling of the platform", text.OneLine(string(data[:min(len(data), 64)])))
}
