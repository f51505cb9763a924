package billing

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// The errors of this package. Each is wrapped with the value that caused it.
var (
	// ErrAmount reports a negative amount, one outside the bounds of the
	// platform, or a result that no int64 can hold.
	ErrAmount = errors.New("billing: amount out of range")
	// ErrDays reports a number of days outside 1 to 31.
	ErrDays = errors.New("billing: days outside 1 to 31")
	// ErrPeriod reports times that are missing, out of order, or not on the day
	// that a rule names.
	ErrPeriod = errors.New("billing: times out of order")
	// ErrRate reports a tax rate outside 0 to 100 percent.
	ErrRate = errors.New("billing: tax rate outside 0% to 100%")
)

// Yen is an amount in whole yen. Prices are before tax; a total includes it.
type Yen int64

// String returns the amount with a yen sign and separated thousands, as ¥1,000.
func (y Yen) String() string {
	if y < 0 {
		return "-¥" + y.digits()
	}
	return "¥" + y.digits()
}

// digits returns the absolute amount with separated thousands.
func (y Yen) digits() string {
	s := strconv.FormatUint(uint64(max(y, -y)), 10) // the least int64 is its own negation, and right as a uint64
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// TaxRate is a rate of consumption tax in basis points: 1000 is 10 percent.
type TaxRate int32

// StandardRate is the consumption tax of 10 percent, in force since October 2019.
const StandardRate TaxRate = 1000

// basisPoints is the rate of 100 percent.
const basisPoints = 10000

// String returns the rate in percent, as 10% or 7.5%.
func (r TaxRate) String() string {
	sign, points := "", int64(r)
	if points < 0 {
		sign, points = "-", -points
	}
	percent := sign + strconv.FormatInt(points/100, 10)
	if fraction := decimals(Yen(points%100), 100, 2); fraction != "" {
		percent += "." + fraction
	}
	return percent + "%"
}

// Tax returns the consumption tax on an amount before tax (R3), rounded down to
// the yen: floor(amount × rate). On 734 yen at 10 percent it is 73.
func Tax(amount Yen, rate TaxRate) (Yen, error) {
	if rate < 0 || rate > basisPoints {
		return 0, fmt.Errorf("%w: %s", ErrRate, rate)
	}
	whole, rest := amount/basisPoints, amount%basisPoints
	return times(amount, whole, Yen(rate), rest*Yen(rate)/basisPoints)
}

// times returns whole × factor + rest, the parts of a calculation with amount.
// The whole units and the rest of an amount are multiplied apart, so that no
// product wraps.
func times(amount, whole, factor, rest Yen) (Yen, error) {
	if amount < 0 {
		return 0, fmt.Errorf("%w: %s is negative", ErrAmount, amount)
	}
	if high, low := bits.Mul64(uint64(whole), uint64(factor)); high > 0 || low > uint64(math.MaxInt64-rest) {
		return 0, fmt.Errorf("%w: %s is too large", ErrAmount, amount)
	}
	return whole*factor + rest, nil
}

// add returns the sum of two amounts that are not negative.
func add(a, b Yen) (Yen, error) {
	if a > math.MaxInt64-b {
		return 0, fmt.Errorf("%w: %s and %s are too large together", ErrAmount, a, b)
	}
	return a + b, nil
}

// decimals returns rest ÷ denominator as the digits behind the point, at most
// places of them and an ellipsis where more would follow.
func decimals(rest, denominator Yen, places int) string {
	var b strings.Builder
	for range places {
		if rest == 0 {
			return b.String()
		}
		rest *= 10
		b.WriteByte(byte('0' + rest/denominator))
		rest %= denominator
	}
	if rest > 0 {
		b.WriteString("…")
	}
	return b.String()
}
