package stores

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go/internal/wire"
)

// OrderID identifies an order in calls: 24 hexadecimal digits in all data seen.
type OrderID string

// OrderNumber is what customers and shops see of an order: 10 digits, leading zeros
// included. It is not an OrderID.
type OrderNumber string

// Time is an instant, written with the offset of Japan. It embeds a [time.Time], its field
// Time. A zero Time stands for null.
type Time = wire.ColonTime

// LocalTime is an instant in a filter, sent in Japan time without an offset; [At] makes
// one. It embeds a [time.Time], its field Time. A zero LocalTime is not sent. That the zone
// is Japan's is client authors' reading.
type LocalTime = wire.LocalTime

// At is the LocalTime of an instant, in whole seconds.
func At(t time.Time) LocalTime { return LocalTime{Time: t} }

// Date is a day of the calendar, YYYY-MM-DD, without a time of day; [DateOf] makes one. Year,
// Month and Day are its fields; AddDays, Compare, In (the instant at which the day begins in
// a zone), IsValid and IsZero its methods.
type Date = wire.Date

// DateOf is the day that an instant falls on in Japan.
func DateOf(t time.Time) Date { return wire.DateOf(t.In(JST)) }

// JST is the platform's time zone.
var JST = wire.JST

// Rate is a fraction such as 0.1, kept as the platform wrote it.
type Rate = json.Number

// Optional is a field that may be absent, null or there: Get gives its value, IsClear says
// that it is null, IsZero that it is absent. In requests Set sends a value and Clear sends
// null.
type Optional[T any] = wire.Clearable[T]

// Set is an Optional with a value.
func Set[T any](value T) Optional[T] { return wire.Set(value) }

// Clear is an Optional that is null.
func Clear[T any]() Optional[T] { return wire.Clear[T]() }

// IDs is a list of ids in a query, a []string; it is sent with commas between. A nil list
// selects by nothing, that is everything, and an empty one that is not nil is refused: do not
// call when there is nothing to ask for.
type IDs = wire.CommaList[string]

// Secret is a value that is never printed; Reveal gives it.
type Secret = wire.Secret

// SalesChannelEC is the sales channel of the online shop. Orders have it or null for the
// same thing: see [Order.Online].
const SalesChannelEC = "ec"

// Page is one page of a list. The platform does not say how many rows there are in all: a
// page with fewer rows than its Limit is the last.
type Page[T any] struct {
	Items  []T
	Limit  int
	Offset int
}

// Last reports whether there is no further page.
func (p *Page[T]) Last() bool { return len(p.Items) < p.Limit }

const (
	defaultLimit = 10
	maxLimit     = 100
)

func newPage[T any](items []T, limit, offset int) *Page[T] {
	if limit == 0 {
		limit = defaultLimit
	}
	return &Page[T]{Items: items, Limit: limit, Offset: offset}
}

func paging(limit, offset int) error {
	if limit < 0 || limit > maxLimit || offset < 0 {
		return fmt.Errorf("limit must be 1 to %d (or 0 for %d), offset must not be negative", maxLimit, defaultLimit)
	}
	return nil
}

// oneOf refuses a value outside a set that is closed in requests; the zero value passes.
func oneOf[T ~string](field string, value T, allowed ...T) error {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is none of %v", field, string(value), allowed)
}

func notEmpty(field, value string) error {
	if strings.TrimSpace(value) == "" {
		return fmt.Errorf("%s must not be empty", field)
	}
	return nil
}

func atMost(field, value string, limit int) error {
	if n := utf8.RuneCountInString(value); n > limit {
		return fmt.Errorf("%s: %d characters, at most %d are allowed", field, n, limit)
	}
	return nil
}

func between(field string, value, low, high int64) error {
	if value < low || value > high {
		return fmt.Errorf("%s: %d is not between %d and %d", field, value, low, high)
	}
	return nil
}

func ordered(field string, from, to LocalTime) error {
	if !from.IsZero() && !to.IsZero() && to.Before(from.Time) {
		return errors.New(field + ": the end is before the start")
	}
	return nil
}

func orderedDates(field string, from, to Date) error {
	if !from.IsZero() && !to.IsZero() && to.Compare(from) < 0 {
		return errors.New(field + ": the end is before the start")
	}
	return nil
}

func minutes(hour, minute int) time.Duration {
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
}
