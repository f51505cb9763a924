package rakuten

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/shotengai/shotengai-go/internal/wire"
)

// notFixed is what the platform writes for an amount that is not fixed yet.
const notFixed = -9999

// Amount is yen in an order. An amount may not be fixed yet, which the platform writes as
// -9999: Fixed has to be asked before it can be counted with. The zero Amount was not in
// the answer.
type Amount struct {
	yen  int64
	sent bool
}

// Yen is the Amount of a sum of money.
func Yen(yen int64) Amount { return Amount{yen: yen, sent: true} }

// NotFixed is an Amount that is not fixed yet.
func NotFixed() Amount { return Amount{yen: notFixed, sent: true} }

// Fixed returns the yen, and false when the amount is not fixed yet or was not sent.
func (a Amount) Fixed() (yen int64, ok bool) {
	if !a.sent || a.yen == notFixed {
		return 0, false
	}
	return a.yen, true
}

// IsZero reports whether the amount was not in the answer. Zero yen are an amount.
func (a Amount) IsZero() bool { return !a.sent }

// String is the yen, or says that there are none.
func (a Amount) String() string {
	switch {
	case !a.sent:
		return "not sent"
	case a.yen == notFixed:
		return "not fixed"
	}
	return strconv.FormatInt(a.yen, 10)
}

// MarshalJSON writes the number that the platform writes.
func (a Amount) MarshalJSON() ([]byte, error) {
	if !a.sent {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, a.yen, 10), nil
}

// UnmarshalJSON reads an integer; null is an amount that was not sent.
func (a *Amount) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*a = Amount{}
		return nil
	}
	var yen int64
	if err := json.Unmarshal(data, &yen); err != nil {
		return fmt.Errorf("%s is not a whole number of yen", wire.Excerpt(data))
	}
	*a = Yen(yen)
	return nil
}

// sum adds amounts with their signs. It reports false when one of them is not fixed.
func sum(terms ...term) (int64, bool) {
	var total int64
	for _, t := range terms {
		yen, ok := t.amount.Fixed()
		if !ok {
			return 0, false
		}
		total += t.sign * yen
	}
	return total, true
}

type term struct {
	sign   int64
	amount Amount
}

// Total is the grand total of the order: TotalPrice less all coupons, plus DeliveryPrice,
// PaymentCharge and the additional fees that the buyer bears. What is charged after points
// is RequestPrice.
//
// It reports false as long as one of these amounts is not fixed, or was not sent. That is
// no failure: keep the order without a total, and get it again by its number until it has
// one. At which progress the platform fixes amounts is not established, and an order that is
// cancelled before may never have a total.
func (o *Order) Total() (yen int64, ok bool) {
	return sum(
		term{1, o.TotalPrice}, term{-1, o.CouponAllTotalPrice}, term{1, o.DeliveryPrice},
		term{1, o.PaymentCharge}, term{1, o.AdditionalFeeOccurAmountToUser},
	)
}
