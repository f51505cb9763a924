package rakuten

import (
	"time"

	"github.com/shotengai/shotengai-go/internal/wire"
)

// The platform spells times in one way per family. Each is a time.Time inside a type that
// is read and written in that spelling; decoded times are in JST and a zero time is null.

// OrderTime is an instant in orders: 2024-01-31T12:34:56+0900, without a colon. [At] makes
// one. It embeds a [time.Time], its field Time.
type OrderTime = wire.OffsetTime

// ItemTime is an instant in items, stock, categories, coupons and products:
// 2024-01-31T12:34:56+09:00. The spelling of orders is refused there. It embeds a
// [time.Time], its field Time. IsUnknown tells the 1970-01-01 that products write for a
// time that the platform does not know.
type ItemTime = wire.ColonTime

// LocalTime is an instant in licences and inquiries: 2024-01-31T12:34:56, Japan time
// without saying so. It embeds a [time.Time], its field Time.
type LocalTime = wire.LocalTime

// SpacedTime is an instant in the cabinet: 2024-01-31 12:34:56, Japan time without saying so.
// It embeds a [time.Time], its field Time.
type SpacedTime = wire.SpacedTime

// Date is a day of the calendar: 2024-01-31; [DateOf] makes one. Year, Month and Day are its
// fields; AddDays, Compare, In (the instant at which the day begins in a zone), IsValid and
// IsZero its methods.
type Date = wire.Date

// ZonedDate is a day of the calendar as an item's release date spells it: 2024-01-31+09:00.
// It has the fields and methods of [Date] (Year, Month, Day, AddDays, Compare, In, IsValid,
// IsZero), and ZonedDate(date) converts one.
type ZonedDate = wire.ZonedDate

// CompactDate is a day of the calendar as the shop's calendars spell it: 20240131. It has the
// fields and methods of [Date] (Year, Month, Day, AddDays, Compare, In, IsValid, IsZero), and
// CompactDate(date) converts one.
type CompactDate = wire.CompactDate

// Flag is a yes or no that the platform writes as 1 or 0, a bool.
type Flag = wire.Bool01

// Secret is a value that must not reach a log: every fmt verb, slog, JSON and text show a
// mask. Only Reveal gives the value.
type Secret = wire.Secret

// Clearable is a field of an update that is left alone (zero), set ([Set]) or emptied
// ([Clear]). Get, IsClear and IsZero tell which.
type Clearable[T any] = wire.Clearable[T]

// Set is a Clearable that sets a value.
func Set[T any](value T) Clearable[T] { return wire.Set(value) }

// Clear is a Clearable that empties the field.
func Clear[T any]() Clearable[T] { return wire.Clear[T]() }

// JST is the platform's time zone.
var JST = wire.JST

// At is the OrderTime of an instant.
func At(t time.Time) OrderTime { return OrderTime{Time: t} }

// DateOf is the day that an instant falls on in Japan; the zero instant gives no Date.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return wire.DateOf(t.In(JST))
}
