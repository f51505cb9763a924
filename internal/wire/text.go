package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"unicode/utf8"
)

// excerptLength is the number of characters of a refused value that an error shows.
const excerptLength = 40

// Excerpt shortens a refused value for an error message.
func Excerpt[T string | []byte](value T) string {
	text := string(value[:min(len(value), excerptLength*utf8.UTFMax)])
	seen := 0
	for i := range text {
		if seen == excerptLength {
			return text[:i] + "…"
		}
		seen++
	}
	return text
}

// IsNone reports whether the text stands for nothing.
func IsNone[T string | []byte](text T) bool {
	return len(text) == 0 || string(text) == "--"
}

// Unquote returns the inside of a JSON string as it is written there, a number or a
// literal as it is, and nothing for null.
func Unquote(data []byte) []byte {
	if n := len(data); n >= 2 && data[0] == '"' && data[n-1] == '"' {
		return data[1 : n-1]
	}
	if string(data) == "null" {
		return nil
	}
	return data
}

var errNotString = errors.New("not a string")

// DecodeString returns what a JSON string says, and "" for null.
func DecodeString(data []byte) (string, error) {
	if string(data) == "null" {
		return "", nil
	}
	if len(data) == 0 || data[0] != '"' || !utf8.Valid(data) {
		return "", errNotString
	}
	if bytes.IndexByte(data, '\\') < 0 {
		return string(Unquote(data)), nil
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return "", errNotString
	}
	return text, nil
}

// EncodeString quotes text that needs no escapes; none becomes null.
func EncodeString(text []byte, err error) ([]byte, error) {
	switch {
	case err != nil:
		return nil, err
	case len(text) == 0:
		return []byte("null"), nil
	default:
		return append(append([]byte{'"'}, text...), '"'), nil
	}
}

// AddText puts text into a query, unless there is none.
func AddText(key string, query *url.Values, text []byte, err error) error {
	if err == nil && len(text) > 0 {
		query.Add(key, string(text))
	}
	return err
}

var errNotInteger = errors.New("not an integer")

// ParseInt reads decimal digits behind an optional minus sign, and allocates nothing.
func ParseInt(text []byte) (int64, error) {
	digits := bytes.TrimPrefix(text, []byte("-"))
	if len(digits) == 0 || len(digits) > 19 {
		return 0, errNotInteger
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, errNotInteger
		}
	}
	return strconv.ParseInt(string(text), 10, 64)
}
