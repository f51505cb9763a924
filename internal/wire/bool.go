package wire

import (
	"fmt"
	"net/url"
)

// Bool01 is a yes or no that the platform writes as 1 or 0. It reads 0, 1, true and
// false, also as strings, and null and "" as false; it encodes as the number. A pointer
// to it in a query needs the omitempty option, or nil is sent as 0.
type Bool01 bool

// MarshalJSON writes 1 or 0.
func (b Bool01) MarshalJSON() ([]byte, error) { return b.MarshalText() }

// MarshalText writes 1 or 0.
func (b Bool01) MarshalText() ([]byte, error) {
	if b {
		return []byte("1"), nil
	}
	return []byte("0"), nil
}

// UnmarshalJSON reads 0, 1, "0", "1", true, false, null and "".
func (b *Bool01) UnmarshalJSON(data []byte) error { return b.UnmarshalText(unquote(data)) }

// UnmarshalText reads 0, 1, true and false; "" is false.
func (b *Bool01) UnmarshalText(text []byte) error {
	switch string(text) {
	case "1", "true":
		*b = true
	case "0", "false", "":
		*b = false
	default:
		return fmt.Errorf("wire: %q is neither 0 nor 1", excerpt(text))
	}
	return nil
}

// EncodeValues puts 1 or 0 into a query.
func (b Bool01) EncodeValues(key string, query *url.Values) error {
	text, err := b.MarshalText()
	return addText(key, query, text, err)
}

// BoolYN is a yes or no that the platform writes as "Y" or "N". It reads null and "" as
// no. A pointer to it in a query needs the omitempty option, or nil is sent as N.
type BoolYN bool

// MarshalJSON writes "Y" or "N".
func (b BoolYN) MarshalJSON() ([]byte, error) { return encodeString(b.MarshalText()) }

// MarshalText writes Y or N.
func (b BoolYN) MarshalText() ([]byte, error) {
	if b {
		return []byte("Y"), nil
	}
	return []byte("N"), nil
}

// UnmarshalJSON reads "Y", "N", null and "".
func (b *BoolYN) UnmarshalJSON(data []byte) error { return b.UnmarshalText(unquote(data)) }

// UnmarshalText reads Y and N; "" is no.
func (b *BoolYN) UnmarshalText(text []byte) error {
	switch string(text) {
	case "Y":
		*b = true
	case "N", "":
		*b = false
	default:
		return fmt.Errorf("wire: %q is neither Y nor N", excerpt(text))
	}
	return nil
}

// EncodeValues puts Y or N into a query.
func (b BoolYN) EncodeValues(key string, query *url.Values) error {
	text, err := b.MarshalText()
	return addText(key, query, text, err)
}
