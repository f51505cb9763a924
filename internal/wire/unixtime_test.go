package wire_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/wire"
)

func ExampleUnixTime() {
	var sale struct {
		Made     wire.UnixTime `json:"make_date"`
		Canceled wire.UnixTime `json:"canceled_date"`
	}
	err := json.Unmarshal([]byte(`{"make_date": 1706672096, "canceled_date": null}`), &sale)
	fmt.Println(err, sale.Made, sale.Canceled.IsZero())
	// Output: <nil> 2024-01-31 12:34:56 +0900 JST true
}

func TestUnixTime(t *testing.T) {
	t.Parallel()
	respell[wire.UnixTime](t, map[string]string{
		`1706672096`: `1706672096`, `0`: `0`, `-1`: `-1`, `"1706672096"`: `1706672096`, `null`: `null`, `""`: `null`, `"--"`: `null`,
	})
	assert.True(t, decode[wire.UnixTime](t, `1706672096`).Equal(moment))
	assert.False(t, decode[wire.UnixTime](t, `0`).IsZero())
	assert.Equal(t, `1706672096`, encode(t, wire.UnixTime{Time: moment.Add(time.Second / 2)}))
	assert.Equal(t, "v=1706672096", inQuery(t, wire.UnixTime{Time: moment}))
	assert.Empty(t, inQuery(t, wire.UnixTime{}))
	refuse(t, "unix seconds", wire.UnixTime{Time: moment},
		`1706672096.5`, `1.7e9`, `"2024-01-31"`, `true`, `[]`, `{}`, `-62135596800`, `253402300800`, `9223372036854775807`, `9223372036854775808`)
}

func TestDecodingWithoutAllocation(t *testing.T) {
	var (
		at   wire.UnixTime
		n    wire.Int
		yen  wire.Yen
		flag wire.Bool01
		yes  wire.BoolYN
	)
	for _, test := range []struct {
		into json.Unmarshaler
		data string
	}{{&at, `1706672096`}, {&n, `"1234567"`}, {&yen, `1980.00`}, {&flag, `"1"`}, {&yes, `"Y"`}} {
		data := []byte(test.data)
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			if err := test.into.UnmarshalJSON(data); err != nil {
				t.Fatal(err)
			}
		}), "%T", test.into)
	}
	require.False(t, at.IsZero())
}

func FuzzUnixTime(f *testing.F) { fuzz[wire.UnixTime](f, `1706672096`, `-62135596800`, `253402300799`) }
