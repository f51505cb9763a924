package shotengai

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Clearable is a field of a request that can be left as it is, set, or cleared. The
// zero value leaves the field alone, [Set] sends a value and [Clear] sends null. The
// field needs the omitzero option.
type Clearable[T any] struct {
	value T
	state clearState
}

type clearState uint8

const (
	stateOmit clearState = iota
	stateSet
	stateClear
)

// Set returns a field that sends value, also when that is zero.
func Set[T any](value T) Clearable[T] { return Clearable[T]{value, stateSet} }

// Clear returns a field that sends null.
func Clear[T any]() Clearable[T] { return Clearable[T]{state: stateClear} }

// IsZero reports whether the field is left out, neither set nor cleared.
func (c Clearable[T]) IsZero() bool { return c.state == stateOmit }

// IsClear reports whether the field sends null.
func (c Clearable[T]) IsClear() bool { return c.state == stateClear }

// Get returns the value that the field sends, and false if it sends none.
func (c Clearable[T]) Get() (T, bool) { return c.value, c.state == stateSet }

// Format writes the value as the verb has it, null, or omitted.
func (c Clearable[T]) Format(f fmt.State, verb rune) {
	switch c.state {
	case stateSet:
		_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), c.value)
	case stateClear:
		_, _ = io.WriteString(f, "null")
	default:
		_, _ = io.WriteString(f, "omitted")
	}
}

// LogValue returns the value, null, or omitted.
func (c Clearable[T]) LogValue() slog.Value {
	if c.state == stateSet {
		return slog.AnyValue(c.value)
	}
	return slog.StringValue(fmt.Sprint(c))
}

var errOmit = errors.New("shotengai: a field that is left alone was encoded; it needs the omitzero option")

// MarshalJSON writes the value or null. A field that should have been left out is an
// error, so that a missing omitzero clears nothing.
func (c Clearable[T]) MarshalJSON() ([]byte, error) {
	switch c.state {
	case stateSet:
		return json.Marshal(c.value)
	case stateClear:
		return []byte("null"), nil
	default:
		return nil, errOmit
	}
}

// UnmarshalJSON reads null as cleared and everything else as set.
func (c *Clearable[T]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*c = Clear[T]()
		return nil
	}
	var value T
	if err := json.Unmarshal(data, &value); err != nil {
		return err
	}
	*c = Set(value)
	return nil
}

// Shape returns a value of the field's type, so that strict decoding looks for unknown
// members inside it.
func (c Clearable[T]) Shape([]byte) any { return c.value }
