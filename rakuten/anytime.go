package rakuten

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

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
	return fmt.Errorf("rakuten: %s is no time in any spelling of the platform", api.OneLine(string(data[:min(len(data), 64)])))
}
