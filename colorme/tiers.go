package colorme

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/shotengai/shotengai-go/internal/lenient"
)

// FeeTier is one step of a fee table, which the platform writes as a pair. The fee holds
// for values BELOW the limit, although the documentation says "up to". Provisional.
type FeeTier struct {
	Limit int64 // yen; the tier ends before it
	Fee   int64 // yen
}

// MarshalJSON writes the pair [limit, fee].
func (t FeeTier) MarshalJSON() ([]byte, error) { return json.Marshal([2]int64{t.Limit, t.Fee}) }

// UnmarshalJSON reads the pair [limit, fee].
func (t *FeeTier) UnmarshalJSON(data []byte) error { return pair(data, &t.Limit, &t.Fee) }

// Shape returns what the elements of the pair are read into.
func (FeeTier) Shape([]byte) any { return lenient.Tuple{new(int64), new(int64)} }

// WeightTier is one step of a weight table, which the platform writes as a pair. The
// charges hold for weights BELOW the limit. Provisional.
type WeightTier struct {
	Limit int64 // grams; the tier ends before it
	Areas []DeliveryChargeByPrefecture

	raw json.RawMessage // a pair of another form than a number and a list
}

// MarshalJSON writes the pair [grams, areas], and one of another form as it came.
func (t WeightTier) MarshalJSON() ([]byte, error) {
	if t.raw != nil {
		return t.raw, nil
	}
	if t.Areas == nil {
		t.Areas = []DeliveryChargeByPrefecture{}
	}
	return json.Marshal([2]any{t.Limit, t.Areas})
}

// UnmarshalJSON reads the pair [grams, areas]. The platform's description leaves open which
// of the two comes first, and would allow two of a kind: what can be read of such a pair is
// read, and the pair itself is kept.
func (t *WeightTier) UnmarshalJSON(data []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil || len(parts) != 2 {
		return errPair
	}
	*t = WeightTier{}
	if isList(parts[0]) || !isList(parts[1]) {
		t.raw = slices.Clone(data)
	}
	for _, part := range parts {
		target := any(&t.Limit)
		if isList(part) {
			target = &t.Areas
		}
		if err := json.Unmarshal(part, target); err != nil || isNull(part) {
			return errPair
		}
	}
	return nil
}

// Shape returns what the elements of the pair, in the order in which they come, are read into.
func (WeightTier) Shape(data []byte) any {
	var parts []json.RawMessage
	if json.Unmarshal(data, &parts) != nil {
		return nil
	}
	shape := make(lenient.Tuple, len(parts))
	for i, part := range parts {
		if shape[i] = new(int64); isList(part) {
			shape[i] = []DeliveryChargeByPrefecture{}
		}
	}
	return shape
}

func isList(part json.RawMessage) bool { return part[0] == '[' }

var errPair = errors.New("a tier is not a pair of a limit and a value")

func pair(data []byte, first, second any) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil || len(parts) != 2 || isNull(parts[0]) || isNull(parts[1]) {
		return errPair
	}
	return errors.Join(json.Unmarshal(parts[0], first), json.Unmarshal(parts[1], second))
}

func isNull(data json.RawMessage) bool { return string(data) == "null" }

// Fee finds the fee of an amount in a table with its fee beyond the last limit. It
// reports false when the table does not cover the amount.
func Fee(tiers []FeeTier, beyond *int64, amount int64) (int64, bool) {
	for _, tier := range tiers {
		if amount < tier.Limit {
			return tier.Fee, true
		}
	}
	if beyond == nil {
		return 0, false
	}
	return *beyond, true
}
