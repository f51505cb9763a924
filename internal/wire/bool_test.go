package wire_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/internal/wire"
)

func ExampleBool01() {
	var order struct {
		Gift  wire.Bool01 `json:"giftCheckFlag"`
		Shown wire.BoolYN `json:"display"`
	}
	err := json.Unmarshal([]byte(`{"giftCheckFlag": 1, "display": "Y"}`), &order)
	fmt.Println(err, order.Gift, order.Shown)
	data, err := json.Marshal(order)
	fmt.Println(string(data), err)
	// Output:
	// <nil> true true
	// {"giftCheckFlag":1,"display":"Y"} <nil>
}

func TestBool01(t *testing.T) {
	t.Parallel()
	respell[wire.Bool01](t, map[string]string{
		`1`: `1`, `"1"`: `1`, `true`: `1`, `0`: `0`, `"0"`: `0`, `false`: `0`, `null`: `0`, `""`: `0`,
	})
	refuse[wire.Bool01](t, "neither 0 nor 1", true, `2`, `-1`, `1.0`, `"Y"`, `"TRUE"`, `"null"`, `[]`, `{}`)
	assert.Equal(t, "v=1", inQuery(t, wire.Bool01(true)))
	assert.Equal(t, "v=0", inQuery(t, wire.Bool01(false)))
}

func TestBoolYN(t *testing.T) {
	t.Parallel()
	respell[wire.BoolYN](t, map[string]string{`"Y"`: `"Y"`, `"N"`: `"N"`, `null`: `"N"`, `""`: `"N"`})
	refuse[wire.BoolYN](t, "neither Y nor N", true, `"y"`, `1`, `true`, `"C"`, `"R"`, `{}`)
	assert.Equal(t, "v=Y", inQuery(t, wire.BoolYN(true)))
	assert.Equal(t, "v=N", inQuery(t, wire.BoolYN(false)))
}

func FuzzBool01(f *testing.F) { fuzz[wire.Bool01](f, `1`, `"0"`) }
func FuzzBoolYN(f *testing.F) { fuzz[wire.BoolYN](f, `"Y"`, `"N"`) }
