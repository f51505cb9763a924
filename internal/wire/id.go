package wire

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
)

// ID is an identifier that a platform writes as a number or as a string. It is kept
// as text, of any length, and encodes as the kind that it came as. The zero ID is
// read from null and encodes as null.
//
// Compare the text of two IDs, not the values: 12 and "12" differ as values.
type ID struct {
	text string
	kind idKind
}

type idKind uint8

const (
	idNone idKind = iota
	idNumber
	idString
)

// StringID returns the ID that is written as a string.
func StringID(text string) ID { return ID{text, idString} }

// NumberID returns the ID that is written as a number.
func NumberID(number int64) ID { return ID{strconv.FormatInt(number, 10), idNumber} }

// String returns the text of the ID, without quotes.
func (id ID) String() string { return id.text }

// Int64 returns the ID as a number, and false if it is not one of 64 bits.
func (id ID) Int64() (int64, bool) {
	number, err := parseInt([]byte(id.text))
	return number, err == nil
}

// IsZero reports whether there is no ID: null, absent or "".
func (id ID) IsZero() bool { return id.text == "" }

// MarshalJSON writes the kind that the ID came as.
func (id ID) MarshalJSON() ([]byte, error) {
	switch id.kind {
	case idNumber:
		return []byte(id.text), nil
	case idString:
		return json.Marshal(id.text)
	default:
		return []byte("null"), nil
	}
}

// UnmarshalJSON reads an integer or a string.
func (id *ID) UnmarshalJSON(data []byte) error {
	switch {
	case string(data) == "null":
		*id = ID{}
	case isInteger(data):
		*id = ID{string(data), idNumber}
	default:
		text, err := decodeString(data)
		if err != nil {
			return fmt.Errorf("wire: %q is neither an integer nor a string", excerpt(data))
		}
		*id = StringID(text)
	}
	return nil
}

// MarshalText returns the text of the ID.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.text), nil }

// UnmarshalText reads the ID as a string; "" is none.
func (id *ID) UnmarshalText(text []byte) error {
	*id = ID{}
	if len(text) > 0 {
		*id = StringID(string(text))
	}
	return nil
}

// EncodeValues puts the ID into a query; none is left out.
func (id ID) EncodeValues(key string, query *url.Values) error {
	return addText(key, query, []byte(id.text), nil)
}
