package shotengai

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// redacted is what a secret shows of itself.
const redacted = "[redacted]"

// Secret is a value that must not reach a log: every fmt verb, slog, JSON, text and
// queries show a mask. Only Reveal gives the value. An empty secret shows nothing, so
// that one that was never set is not taken for one that is hidden.
//
// Four places are out of its reach. The fmt package does not ask a value in an unexported
// field to mask itself: a struct that keeps a Secret in one has to print itself. For a verb
// that does not fit, as in Printf("%s", []*T{v}), it shows what is behind a pointer inside of
// another value without asking either: a struct that is held by pointer has to print itself
// too. It asks nobody for the verbs %p and %w, which go vet refuses. And encoding/json does
// not ask the key of a map: a Secret is no key.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// Format writes the mask, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// String returns the mask.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString returns the mask.
func (s Secret) GoString() string { return s.String() }

// LogValue returns the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns the mask.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON returns the mask.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

var errSecret = errors.New("shotengai: a secret is not a string")

// UnmarshalJSON reads the value from a string; null is empty. An error does not show
// what was there instead.
func (s *Secret) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return errSecret
	}
	*s = Secret(text)
	return nil
}
