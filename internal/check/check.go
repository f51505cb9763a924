// Package check has the rules that the requests of all platforms are checked by before
// they are sent. Its errors begin with the name of the field.
package check

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// OneOf refuses a value outside a set that is closed in requests. The zero value passes.
func OneOf[T ~string](field string, value T, allowed ...T) error {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is none of %v", field, string(value), allowed)
}

// Exactly is OneOf for a field that is required.
func Exactly[T ~string](field string, value T, allowed ...T) error {
	if value == "" {
		return fmt.Errorf("%s: has to be one of %v", field, allowed)
	}
	return OneOf(field, value, allowed...)
}

// NotEmpty refuses an empty or blank text.
func NotEmpty[T ~string](field string, value T) error {
	if strings.TrimSpace(string(value)) == "" {
		return errors.New(field + ": must not be empty")
	}
	return nil
}

// AtMost refuses a text of more than limit characters.
func AtMost(field, value string, limit int) error {
	if n := utf8.RuneCountInString(value); n > limit {
		return fmt.Errorf("%s: %d characters, at most %d are allowed", field, n, limit)
	}
	return nil
}

// Between refuses a value outside a range.
func Between[T cmp.Ordered](field string, value, low, high T) error {
	if value < low || value > high {
		return fmt.Errorf("%s: %v is not between %v and %v", field, value, low, high)
	}
	return nil
}

// Paging refuses a limit beyond the greatest one, and what is negative.
func Paging(limit, greatest, offset int) error {
	switch {
	case limit < 0 || limit > greatest:
		return fmt.Errorf("limit: %d is not between 1 and %d (0 for the default)", limit, greatest)
	case offset < 0:
		return fmt.Errorf("offset: %d is negative", offset)
	}
	return nil
}
