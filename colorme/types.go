package colorme

import (
	"time"

	"github.com/shotengai/shotengai-go/internal/wire"
)

// Time is an instant in an answer, which the platform writes in unix seconds. It embeds a
// [time.Time], its field Time. A zero Time stands for null and is encoded as null.
type Time = wire.UnixTime

// DateTime is an instant in a filter, sent as YYYY-MM-DD hh:mm:ss in Japan time; [At] makes
// one. It embeds a [time.Time], its field Time. A zero DateTime is not sent. That filters
// are in Japan time was observed for Stat only.
type DateTime = wire.SpacedTime

// At is the DateTime of an instant, in whole seconds.
func At(t time.Time) DateTime { return DateTime{Time: t} }

// Date is a day of the calendar, YYYY-MM-DD, without a time of day; [DateOf] makes one. Year,
// Month and Day are its fields; AddDays, Compare, In (the instant at which the day begins in
// a zone), IsValid and IsZero its methods.
type Date = wire.Date

// DateOf is the day that an instant falls on in Japan; the zero instant gives no Date.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return wire.DateOf(t.In(JST))
}

// JST is the platform's time zone.
var JST = wire.JST

// IDs is a list of ids in a query, a []int64; it is sent with commas between. A nil list
// selects by nothing, that is everything, and an empty one that is not nil is refused: do not
// call when there is nothing to ask for.
type IDs = wire.CommaList[int64]

// Fields lists the members that an answer shall have, a []string; what is not listed stays
// zero.
type Fields = wire.CommaList[string]

// Clearable is a field of an update that is left alone (zero), set ([Set]) or emptied
// ([Clear]). Get, IsClear and IsZero tell which.
type Clearable[T any] = wire.Clearable[T]

// Set is a Clearable that sets a value.
func Set[T any](value T) Clearable[T] { return wire.Set(value) }

// Clear is a Clearable that empties the field.
func Clear[T any]() Clearable[T] { return wire.Clear[T]() }

// Sex is the sex of a customer. Open set.
type Sex string

// Values of Sex.
const (
	SexMale          Sex = "male"
	SexFemale        Sex = "female"
	SexNotApplicable Sex = "not_applicable"
)
