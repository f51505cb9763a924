package rakuten

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shotengai/shotengai-go/internal/text"
)

var errNoNumbers = errors.New("orderNumberList: no order numbers")

// validNumber wants the shop's id, a day of 8 digits and 8 to 10 digits.
func validNumber(number string) error {
	shop, rest, _ := strings.Cut(number, "-")
	day, running, _ := strings.Cut(rest, "-")
	if !digits(shop, 1, 20) || !digits(day, 8, 8) || !digits(running, 8, 10) {
		return fmt.Errorf("orderNumber: %q is none: it is a shop id, a day and 8 to 10 digits, with hyphens between", text.OneLine(number))
	}
	return nil
}

func digits(text string, least, most int) bool {
	return len(text) >= least && len(text) <= most && strings.Trim(text, "0123456789") == ""
}

// value is what a pointer points to, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
