package shotengai_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

func ExampleTimestamp_unixSeconds() {
	var sale struct {
		Made     shotengai.Timestamp[shotengai.UnixSeconds] `json:"make_date"`
		Canceled shotengai.Timestamp[shotengai.UnixSeconds] `json:"canceled_date"`
	}
	err := json.Unmarshal([]byte(`{"make_date": 1706672096, "canceled_date": null}`), &sale)
	fmt.Println(err, sale.Made, sale.Canceled.IsZero())
	// Output: <nil> 2024-01-31 12:34:56 +0900 JST true
}

func TestUnixTime(t *testing.T) {
	t.Parallel()
	respell[shotengai.Timestamp[shotengai.UnixSeconds]](t, map[string]string{
		`1706672096`: `1706672096`, `0`: `0`, `-1`: `-1`, `"1706672096"`: `1706672096`, `null`: `null`, `""`: `null`, `"--"`: `null`,
	})
	assert.True(t, decode[shotengai.Timestamp[shotengai.UnixSeconds]](t, `1706672096`).Equal(moment))
	assert.False(t, decode[shotengai.Timestamp[shotengai.UnixSeconds]](t, `0`).IsZero())
	assert.Equal(t, `1706672096`, encode(t, shotengai.Timestamp[shotengai.UnixSeconds]{Time: moment.Add(time.Second / 2)}))
	assert.Equal(t, "v=1706672096", inQuery(t, shotengai.Timestamp[shotengai.UnixSeconds]{Time: moment}))
	assert.Empty(t, inQuery(t, shotengai.Timestamp[shotengai.UnixSeconds]{}))
	refuse(t, "unix seconds", shotengai.Timestamp[shotengai.UnixSeconds]{Time: moment},
		`1706672096.5`, `1.7e9`, `"2024-01-31"`, `true`, `[]`, `{}`, `-62135596800`, `253402300800`, `9223372036854775807`, `9223372036854775808`)
}

func TestDecodingWithoutAllocation(t *testing.T) {
	var at shotengai.Timestamp[shotengai.UnixSeconds]
	data := []byte(`1706672096`)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if err := at.UnmarshalJSON(data); err != nil {
			t.Fatal(err)
		}
	}))
	require.False(t, at.IsZero())
}

func FuzzUnixTime(f *testing.F) {
	fuzz[shotengai.Timestamp[shotengai.UnixSeconds]](f, `1706672096`, `-62135596800`, `253402300799`)
}
