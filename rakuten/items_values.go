package rakuten

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Price is an amount of yen as items spell it: text of 1 to 9 digits.
type Price string

// PriceOf is the Price of an amount of yen.
func PriceOf(yen int64) Price { return Price(strconv.FormatInt(yen, 10)) }

// Yen is the amount. A price that is not 1 to 9 digits is an error.
func (p Price) Yen() (int64, error) {
	if !digits(string(p), 1, 9) {
		return 0, fmt.Errorf("rakuten: price %q is not 1 to 9 digits", string(p))
	}
	return strconv.ParseInt(string(p), 10, 64)
}

// MarshalJSON writes both ends in whole seconds.
func (p ItemPeriod) MarshalJSON() ([]byte, error) {
	type period ItemPeriod
	return json.Marshal(period{ItemAt(p.Start.Time), ItemAt(p.End.Time)})
}
