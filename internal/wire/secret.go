package wire

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is what a secret shows of itself.
const redacted = "[redacted]"

// Secret is a value that must not reach a log: every fmt verb, slog, JSON and text
// show a mask. Reveal gives the value.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// Format writes the mask, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String returns the mask.
func (s Secret) String() string { return redacted }

// GoString returns the mask.
func (s Secret) GoString() string { return redacted }

// LogValue returns the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns the mask.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON returns the mask.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
