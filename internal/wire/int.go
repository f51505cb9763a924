package wire

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// Int is an integer that a platform may write as a number or as a string. It reads
// 12, "12", and null and "" as 0; it encodes as a number. Fractions, exponents, signs
// of plus, leading zeros and spaces are refused: text that has them is not a number to
// the platform either.
type Int int64

// UnmarshalJSON reads a number or a string that holds one.
func (n *Int) UnmarshalJSON(data []byte) error { return n.UnmarshalText(unquote(data)) }

// UnmarshalText reads an integer; "" is 0.
func (n *Int) UnmarshalText(text []byte) error {
	value, err := parseIntOrNone(text)
	if err != nil {
		return fmt.Errorf("wire: %q is not an integer of 64 bits", excerpt(text))
	}
	*n = Int(value)
	return nil
}

// Yen is an amount of money in whole yen. It reads what [Int] reads, and a number with
// nothing but zeros after its point; an amount with a part of a yen is refused. It
// encodes as a number.
type Yen int64

// UnmarshalJSON reads a number or a string that holds one.
func (y *Yen) UnmarshalJSON(data []byte) error { return y.UnmarshalText(unquote(data)) }

// UnmarshalText reads an amount; "" is 0.
func (y *Yen) UnmarshalText(text []byte) error {
	whole, fraction, found := bytes.Cut(text, []byte("."))
	value, err := parseIntOrNone(whole)
	if err != nil || found && (len(whole) == 0 || len(fraction) == 0 || len(bytes.Trim(fraction, "0")) > 0) {
		return fmt.Errorf("wire: %q is not an amount in whole yen", excerpt(text))
	}
	*y = Yen(value)
	return nil
}

var errNotInteger = errors.New("wire: not an integer")

func parseIntOrNone(text []byte) (int64, error) {
	if len(text) == 0 {
		return 0, nil
	}
	return parseInt(text)
}

// parseInt reads an integer as JSON writes it.
func parseInt(text []byte) (int64, error) {
	if !isInteger(text) {
		return 0, errNotInteger
	}
	return strconv.ParseInt(string(text), 10, 64)
}

// isInteger reports whether text is an optional minus and digits without a leading
// zero.
func isInteger(text []byte) bool {
	digits := bytes.TrimPrefix(text, []byte("-"))
	if len(digits) == 0 || digits[0] == '0' && len(digits) > 1 {
		return false
	}
	for _, c := range digits {
		if c < '0' || '9' < c {
			return false
		}
	}
	return true
}
