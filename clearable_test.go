package shotengai_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

type update struct {
	Memo  shotengai.Clearable[string] `json:"memo,omitzero"`
	Stock shotengai.Clearable[int64]  `json:"stock,omitzero"`
}

func ExampleClearable() {
	for _, change := range []update{
		{},
		{Memo: shotengai.Set("fragile"), Stock: shotengai.Set[int64](0)},
		{Memo: shotengai.Clear[string]()},
	} {
		data, err := json.Marshal(change)
		fmt.Println(string(data), err)
	}
	// Output:
	// {} <nil>
	// {"memo":"fragile","stock":0} <nil>
	// {"memo":null} <nil>
}

func TestClearable(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{}`, `{"memo":""}`, `{"memo":null,"stock":null}`, `{"memo":"a","stock":7}`} {
		assert.Equal(t, text, encode(t, decode[update](t, text)))
	}

	left, set, cleared := shotengai.Clearable[string]{}, shotengai.Set(""), shotengai.Clear[string]()
	assert.Equal(t, []bool{true, false, false}, []bool{left.IsZero(), set.IsZero(), cleared.IsZero()})
	assert.Equal(t, []bool{false, false, true}, []bool{left.IsClear(), set.IsClear(), cleared.IsClear()})
	value, ok := shotengai.Set("a").Get()
	assert.Equal(t, "a", value)
	assert.True(t, ok)
	_, ok = left.Get()
	assert.False(t, ok)
	_, ok = cleared.Get()
	assert.False(t, ok)
	refuse(t, "cannot unmarshal", shotengai.Set[int64](7), `"x"`, `1.5`, `{}`)
}

func TestClearableWithoutOmitzeroClearsNothing(t *testing.T) {
	t.Parallel()
	_, err := json.Marshal(struct {
		Memo shotengai.Clearable[string] `json:"memo"`
	}{})
	require.ErrorContains(t, err, "omitzero")
}

func FuzzClearable(f *testing.F) { fuzz[update](f, `{"memo":null,"stock":7}`, `{"memo":"a"}`) }

func TestClearableShape(t *testing.T) {
	t.Parallel()
	assert.Equal(t, shotengai.Date{}, shotengai.Clear[shotengai.Date]().Shape([]byte("null")))
}

func TestClearablePrints(t *testing.T) {
	t.Parallel()
	type request struct {
		Stock shotengai.Clearable[int]
		Token shotengai.Clearable[shotengai.Secret]
	}
	for want, r := range map[string]request{
		"{Stock:7 Token:[redacted]}":    {shotengai.Set(7), shotengai.Set(shotengai.Secret("s"))},
		"{Stock:0 Token:}":              {shotengai.Set(0), shotengai.Set(shotengai.Secret(""))},
		"{Stock:null Token:null}":       {shotengai.Clear[int](), shotengai.Clear[shotengai.Secret]()},
		"{Stock:omitted Token:omitted}": {},
	} {
		assert.Equal(t, want, fmt.Sprintf("%+v", r))
	}
	assert.Equal(t, "007", fmt.Sprintf("%03d", shotengai.Set(7)))
	assert.Equal(t, "7", shotengai.Set(7).LogValue().String())
	assert.Equal(t, "[redacted]", shotengai.Set(shotengai.Secret("s")).LogValue().Resolve().String())
	assert.Equal(t, "null", shotengai.Clear[int]().LogValue().String())
	assert.Equal(t, "omitted", shotengai.Clearable[int]{}.LogValue().String())
}
