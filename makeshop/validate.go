package makeshop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// oneOf refuses a value outside a set that is closed in requests; the zero value passes.
func oneOf[T ~string](field string, value T, allowed ...T) error {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is none of %q", field, string(value), allowed)
}

func notEmpty(field, value string) error {
	if strings.TrimSpace(value) == "" {
		return fmt.Errorf("%s must not be empty", field)
	}
	return nil
}

// paging refuses what lies outside the documented range; zero leaves both to the platform.
func paging(page, limit int) error {
	switch {
	case page < 0:
		return errors.New("page: must not be negative; the first is 1")
	case limit < 0 || limit > MaxLimit:
		return fmt.Errorf("limit: %d is not between 1 and %d", limit, MaxLimit)
	}
	return nil
}

func orderedTimes(field string, from, to Time) error {
	if !from.IsZero() && !to.IsZero() && to.Before(from.Time) {
		return fmt.Errorf("%s: the end is before the start", field)
	}
	return nil
}

// eachRow checks the rows of a mutation, of which there has to be one.
func eachRow[T any](field string, rows []T, check func(T) error) error {
	if len(rows) == 0 {
		return fmt.Errorf("%s: no rows", field)
	}
	var errs []error
	for i, row := range rows {
		if err := check(row); err != nil {
			errs = append(errs, fmt.Errorf("%s[%d]: %w", field, i, err))
		}
	}
	return errors.Join(errs...)
}
