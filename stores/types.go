package stores

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/shotengai/shotengai-go"
)

// OrderID identifies an order in calls: 24 hexadecimal digits in all data seen.
type OrderID string

// OrderNumber is what customers and shops see of an order: 10 digits, leading zeros
// included. It is not an OrderID.
type OrderNumber string

// Time is an instant, written with the offset of Japan, such as 2024-01-31T12:34:56+09:00.
// A zero Time stands for null.
type Time = shotengai.Timestamp[shotengai.ColonOffsetTime]

// LocalTime is an instant in a filter, sent in Japan time without an offset, such as
// 2024-01-31T12:34:56; [At] makes one. A zero LocalTime is not sent. Provisional.
type LocalTime = shotengai.Timestamp[shotengai.LocalTime]

// At returns the LocalTime of an instant, in whole seconds.
func At(t time.Time) LocalTime { return LocalTime{Time: t} }

// Rate is a fraction such as 0.1, kept as the platform wrote it.
type Rate = json.Number

// IDs is a list of ids in a query, a []string; it is sent with commas between. A nil list
// selects by nothing, that is everything, and an empty one that is not nil is refused: do not
// call when there is nothing to ask for.
type IDs = shotengai.CommaList[string]

// SalesChannelEC is the sales channel of the online shop. Orders have it or null for the
// same thing: see [Order.Online].
const SalesChannelEC = "ec"

func ordered(field string, from, to LocalTime) error {
	if !from.IsZero() && !to.IsZero() && to.Before(from.Time) {
		return errors.New(field + ": the end is before the start")
	}
	return nil
}

func orderedDates(field string, from, to shotengai.Date) error {
	if !from.IsZero() && !to.IsZero() && to.Compare(from) < 0 {
		return errors.New(field + ": the end is before the start")
	}
	return nil
}
