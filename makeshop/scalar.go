package makeshop

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// Scalar is a value that the platform may write as a number, a string or a boolean: which
// one is not known. It reads any of them and null, and encodes as what it read. The
// zero Scalar is null.
type Scalar struct{ raw string }

// String returns the text of the value, without quotes; null is empty.
func (s Scalar) String() string {
	var text string
	if strings.HasPrefix(s.raw, `"`) && json.Unmarshal([]byte(s.raw), &text) == nil {
		return text
	}
	return s.raw
}

// IsZero reports whether there is no value: null, "" or "--".
func (s Scalar) IsZero() bool { return isNone(s.String()) }

// Int64 returns the value as a whole number, and false if it is none.
func (s Scalar) Int64() (int64, bool) {
	n, err := strconv.ParseInt(s.String(), 10, 64)
	return n, err == nil
}

// Bool returns the value as a yes or no, and false for ok if it is neither: true, 1 and Y
// are yes; false, 0 and N are no.
func (s Scalar) Bool() (value, ok bool) {
	switch s.String() {
	case "true", "1", "Y":
		return true, true
	case "false", "0", "N":
		return false, true
	}
	return false, false
}

var errNotScalar = errors.New("neither a number nor a string nor a boolean")

// UnmarshalJSON reads a number, a string, a boolean or null.
func (s *Scalar) UnmarshalJSON(data []byte) error {
	switch {
	case len(data) == 0 || data[0] == '{' || data[0] == '[':
		return errNotScalar
	case string(data) == "null":
		*s = Scalar{}
	default:
		*s = Scalar{string(data)}
	}
	return nil
}

// MarshalJSON writes what was read.
func (s Scalar) MarshalJSON() ([]byte, error) {
	if s.raw == "" {
		return []byte("null"), nil
	}
	return []byte(s.raw), nil
}

// isNone reports whether a text stands for nothing.
func isNone(text string) bool { return text == "" || text == "--" }
