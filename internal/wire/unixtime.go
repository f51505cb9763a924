package wire

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// UnixTime is an instant as whole seconds since 1970-01-01T00:00:00Z. It reads a number
// or a string that holds one and encodes as a number, without its fraction of a second.
// Decoded times are in [JST]. The zero time is read from null, "" and "--"; it encodes
// as null in JSON, as empty text in XML, and is left out of a query. The number 0 is the
// beginning of 1970, not the zero time.
type UnixTime struct{ time.Time }

// AppendText appends the seconds, and nothing for no time.
func (t UnixTime) AppendText(b []byte) ([]byte, error) {
	if t.IsZero() {
		return b, nil
	}
	if !representable(t.Time) {
		return nil, errTimeRange
	}
	return strconv.AppendInt(b, t.Unix(), 10), nil
}

// MarshalText writes the seconds; no time is empty.
func (t UnixTime) MarshalText() ([]byte, error) { return t.AppendText([]byte{}) }

// UnmarshalText reads the seconds; "" and "--" are no time.
func (t *UnixTime) UnmarshalText(text []byte) error {
	if isNone(text) {
		t.Time = time.Time{}
		return nil
	}
	seconds, err := parseInt(text)
	parsed := time.Unix(seconds, 0).In(JST)
	if err != nil || !representable(parsed) || parsed.Unix() != seconds {
		return fmt.Errorf("wire: %q is not a time in unix seconds", excerpt(text))
	}
	t.Time = parsed
	return nil
}

// MarshalJSON writes the seconds as a number; no time is null.
func (t UnixTime) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return t.MarshalText()
}

// UnmarshalJSON reads the seconds; null, "" and "--" are no time.
func (t *UnixTime) UnmarshalJSON(data []byte) error { return t.UnmarshalText(unquote(data)) }

// EncodeValues puts the seconds into a query; no time is left out.
func (t UnixTime) EncodeValues(key string, query *url.Values) error {
	text, err := t.MarshalText()
	return addText(key, query, text, err)
}
