package wire_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/internal/wire"
)

func ExampleInt() {
	var line struct {
		Amount wire.Int `json:"amount"`
		Price  wire.Yen `json:"price"`
	}
	err := json.Unmarshal([]byte(`{"amount": "12", "price": 1980.0}`), &line)
	fmt.Println(err, line.Amount, line.Price)
	// Output: <nil> 12 1980
}

func TestInt(t *testing.T) {
	t.Parallel()
	respell[wire.Int](t, map[string]string{
		`12`: `12`, `"12"`: `12`, `-12`: `-12`, `"-12"`: `-12`, `0`: `0`, `null`: `0`, `""`: `0`,
		`9223372036854775807`: `9223372036854775807`, `-9223372036854775808`: `-9223372036854775808`,
	})
	refuse(t, "is not an integer of 64 bits", wire.Int(7),
		`12.0`, `1e3`, `"+12"`, `" 12"`, `"012"`, `"1,200"`, `"--"`, `"-"`, `"0x10"`, `"１２"`, `true`, `[]`, `{}`, `9223372036854775808`)
	assert.Equal(t, "v=12", inQuery(t, wire.Int(12)))
}

func TestYen(t *testing.T) {
	t.Parallel()
	respell[wire.Yen](t, map[string]string{
		`1980`: `1980`, `1980.0`: `1980`, `"1980.00"`: `1980`, `"-5"`: `-5`, `null`: `0`, `""`: `0`, `9007199254740993`: `9007199254740993`,
	})
	refuse(t, "is not an amount in whole yen", wire.Yen(7), `12.5`, `12.01`, `1e3`, `"12."`, `".0"`, `"1,980"`, `"12.0.0"`, `"¥12"`, `true`)
}

func FuzzInt(f *testing.F) { fuzz[wire.Int](f, `12`, `"-12"`, `9223372036854775808`) }
func FuzzYen(f *testing.F) { fuzz[wire.Yen](f, `12.0`, `"12.5"`) }
