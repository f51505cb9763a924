package lenient

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/shotengai/shotengai-go/internal/wire"
)

var (
	errNotWhole   = errors.New("not a whole number")
	errNotNumber  = errors.New("not a number")
	errNotBoolean = errors.New("neither true nor false")
)

// maxDigits is how many digits a whole number may have: those of a uint64.
const maxDigits = 20

// Integer returns the plain decimal digits of a whole number that may be written with a
// decimal point, an exponent, leading zeros or blanks around it. Text that stands for
// nothing is 0.
func Integer[T string | []byte](text T) (string, error) {
	s := strings.TrimSpace(string(text))
	if wire.IsNone(s) {
		return "0", nil
	}
	digits, negative := strings.CutPrefix(s, "-")
	digits, scale, err := splitNumber(digits)
	if err != nil {
		return "", errNotWhole
	}
	digits = strings.TrimLeft(digits, "0")
	switch {
	case digits == "":
		return "0", nil
	case scale > 0 && len(digits)+scale <= maxDigits:
		digits += strings.Repeat("0", scale)
	case scale > 0 || -scale >= len(digits) || strings.Trim(digits[len(digits)+scale:], "0") != "":
		return "", errNotWhole
	default:
		digits = digits[:len(digits)+scale]
	}
	if len(digits) > maxDigits {
		return "", errNotWhole
	}
	if negative {
		digits = "-" + digits
	}
	return digits, nil
}

// splitNumber returns the digits of a decimal number without a sign, and the power of ten
// that they are to be multiplied by.
func splitNumber(s string) (digits string, scale int, err error) {
	mantissa, exponent, scientific := s, "", false
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent, scientific = s[:i], s[i+1:], true
	}
	whole, fraction, pointed := strings.Cut(mantissa, ".")
	if whole == "" || pointed && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return "", 0, errNotNumber
	}
	if scientific {
		if scale, err = strconv.Atoi(exponent); err != nil || scale > 1000 || scale < -1000 {
			return "", 0, errNotNumber
		}
	}
	return whole + fraction, scale - len(fraction), nil
}

// Number returns a decimal number as JSON writes it, which may have leading zeros or blanks
// around it. Text that stands for nothing is 0.
func Number[T string | []byte](text T) (string, error) {
	s := strings.TrimSpace(string(text))
	if wire.IsNone(s) {
		return "0", nil
	}
	plain, negative := strings.CutPrefix(s, "-")
	if _, _, err := splitNumber(plain); err != nil {
		return "", errNotNumber
	}
	plain = strings.TrimLeft(plain, "0")
	if plain == "" || plain[0] < '0' || plain[0] > '9' {
		plain = "0" + plain
	}
	if negative {
		plain = "-" + plain
	}
	return plain, nil
}

// Boolean reads true, false, 1 and 0. Text that stands for nothing is false.
func Boolean[T string | []byte](text T) (bool, error) {
	s := strings.TrimSpace(string(text))
	if number, err := Integer(s); err == nil {
		s = number
	}
	switch s {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	}
	return false, errNotBoolean
}

// refused is the error for a value that is not what it should be. It shows no more of the
// value than the types of the root package do.
func refused(raw []byte, reason error) error {
	switch {
	case len(raw) > 0 && raw[0] == '{':
		return fmt.Errorf("an object is %w", reason)
	case len(raw) > 0 && raw[0] == '[':
		return fmt.Errorf("a list is %w", reason)
	}
	return fmt.Errorf("%s is %w", bytes.ToValidUTF8([]byte(wire.Excerpt(raw)), []byte("\uFFFD")), reason)
}
