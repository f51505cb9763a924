package rakuten

import (
	"time"

	"github.com/shotengai/shotengai-go/internal/wire"
)

// The platform spells times in one way per family. Each is a time.Time inside a type that
// is read and written in that spelling; decoded times are in JST and a zero time is null.

// OrderTime is an instant in orders: 2024-01-31T12:34:56+0900, without a colon.
type OrderTime = wire.OffsetTime

// ItemTime is an instant in items, stock, categories, coupons and products:
// 2024-01-31T12:34:56+09:00. The spelling of orders is refused there.
type ItemTime = wire.ColonTime

// LocalTime is an instant in licences and inquiries: 2024-01-31T12:34:56, Japan time
// without saying so.
type LocalTime = wire.LocalTime

// SpacedTime is an instant in the cabinet: 2024-01-31 12:34:56, Japan time without saying so.
type SpacedTime = wire.SpacedTime

// Date is a day of the calendar: 2024-01-31.
type Date = wire.Date

// ZonedDate is a day of the calendar as an item's release date spells it: 2024-01-31+09:00.
type ZonedDate = wire.ZonedDate

// CompactDate is a day of the calendar as the shop's calendars spell it: 20240131.
type CompactDate = wire.CompactDate

// Flag is a yes or no that the platform writes as 1 or 0.
type Flag = wire.Bool01

// Secret is a value that must not reach a log: every fmt verb, slog, JSON and text show a
// mask. Only Reveal gives the value.
type Secret = wire.Secret

// Clearable is a field of an update that is left alone (zero), set (Set) or emptied
// (Clear).
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
