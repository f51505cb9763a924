package shotengai_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

func ExampleTime() {
	var order struct {
		Ordered shotengai.Timestamp[shotengai.OffsetTime] `json:"orderDatetime"`
		Shipped shotengai.Timestamp[shotengai.OffsetTime] `json:"shippingCmplRptDatetime"`
	}
	err := json.Unmarshal([]byte(`{"orderDatetime": "2024-01-31T12:34:56+0900", "shippingCmplRptDatetime": null}`), &order)
	fmt.Println(err, order.Ordered.UTC(), order.Shipped.IsZero())
	data, err := json.Marshal(order)
	fmt.Println(string(data), err)
	// Output:
	// <nil> 2024-01-31 03:34:56 +0000 UTC true
	// {"orderDatetime":"2024-01-31T12:34:56+0900","shippingCmplRptDatetime":null} <nil>
}

// moment is the instant that all spellings below mean.
var moment = time.Date(2024, time.January, 31, 12, 34, 56, 0, shotengai.JST)

func TestTimeSpellings(t *testing.T) {
	t.Parallel()
	t.Run("offset", func(t *testing.T) {
		t.Parallel()
		spelling[shotengai.Timestamp[shotengai.OffsetTime]](t, shotengai.Timestamp[shotengai.OffsetTime]{Time: moment.UTC()}, "2024-01-31T12:34:56+0900")
		respell[shotengai.Timestamp[shotengai.OffsetTime]](t, map[string]string{`"2024-01-31T03:34:56+0000"`: `"2024-01-31T12:34:56+0900"`})
		refuse(t, "2006-01-02T15:04:05-0700", shotengai.Timestamp[shotengai.OffsetTime]{Time: moment},
			`"2024-01-31T12:34:56+09:00"`, `"2024-01-31T12:34:56Z"`, `"2024-01-31T12:34:56.5+0900"`, `"2024-01-31T1:34:56+0900"`)
	})
	t.Run("colon", func(t *testing.T) {
		t.Parallel()
		spelling[shotengai.Timestamp[shotengai.ColonOffsetTime]](t, shotengai.Timestamp[shotengai.ColonOffsetTime]{Time: moment.UTC()}, "2024-01-31T12:34:56+09:00")
		respell[shotengai.Timestamp[shotengai.ColonOffsetTime]](t, map[string]string{
			`"2024-01-31T03:34:56Z"`:                `"2024-01-31T12:34:56+09:00"`,
			`"2024-01-31T03:34:56.141Z"`:            `"2024-01-31T12:34:56.141+09:00"`,
			`"2024-01-31T03:34:56.123456Z"`:         `"2024-01-31T12:34:56.123456+09:00"`,
			`"2024-01-31T12:34:56.000+09:00"`:       `"2024-01-31T12:34:56+09:00"`,
			`"2024-01-31T12:34:56.123456789+09:00"`: `"2024-01-31T12:34:56.123456789+09:00"`,
			`"2024-01-30T22:34:56-05:00"`:           `"2024-01-31T12:34:56+09:00"`,
			`"2024-01-31T12:34:56\u002b09:00"`:      `"2024-01-31T12:34:56+09:00"`,
		})
		refuse(t, "is not a time like 2006-01-02T15:04:05", shotengai.Timestamp[shotengai.ColonOffsetTime]{Time: moment},
			`"2024-01-31T12:34:56+0900"`, `"2024-01-31T12:34:56"`, `"2024-01-31 12:34:56+09:00"`, `"2024-01-31T12:34:56,5Z"`, `"2024-01-31T1:34:56.5Z"`, `"2024-01-31T1:34:56Z"`,
			`"2024-01-31T12:34:56.1234567890Z"`, `"2024-01-31T12:34:56+09:00:30"`, `"0001-01-01T00:00:00Z"`, `"9999-12-31T23:59:59-05:00"`)
	})
	t.Run("local", func(t *testing.T) {
		t.Parallel()
		spelling[shotengai.Timestamp[shotengai.LocalTime]](t, shotengai.Timestamp[shotengai.LocalTime]{Time: moment.UTC()}, "2024-01-31T12:34:56")
		refuse(t, "2006-01-02T15:04:05", shotengai.Timestamp[shotengai.LocalTime]{}, `"2024-01-31T12:34:56Z"`, `"2024-01-31 12:34:56"`, `"2024-01-31"`)
	})
	t.Run("spaced", func(t *testing.T) {
		t.Parallel()
		spelling[shotengai.Timestamp[shotengai.SpacedTime]](t, shotengai.Timestamp[shotengai.SpacedTime]{Time: moment.UTC()}, "2024-01-31 12:34:56")
		refuse(t, "2006-01-02 15:04:05", shotengai.Timestamp[shotengai.SpacedTime]{}, `"2024-01-31T12:34:56"`, `"2024/01/31 12:34:56"`, `"2024-01-31"`)
	})
	t.Run("compact", func(t *testing.T) {
		t.Parallel()
		spelling[shotengai.Timestamp[shotengai.CompactTime]](t, shotengai.Timestamp[shotengai.CompactTime]{Time: moment.UTC()}, "20240131123456")
		respell[shotengai.Timestamp[shotengai.CompactTime]](t, map[string]string{`"20240131"`: `"20240131000000"`})
		refuse(t, "20060102150405", shotengai.Timestamp[shotengai.CompactTime]{}, `"202401311234"`, `"2024013112345"`, `"2024-01-31 12:34:56"`, `"20240231"`)
	})
}

func TestTimeRefusesWhatTheClockDoesNotHave(t *testing.T) {
	t.Parallel()
	refuse(t, "is not a time", shotengai.Timestamp[shotengai.LocalTime]{Time: moment},
		`"2024-02-30T00:00:00"`, `"2023-02-29T00:00:00"`, `"2024-13-01T00:00:00"`, `"2024-00-01T00:00:00"`, `"2024-01-01T24:00:00"`,
		`"2024-01-01T23:60:00"`, `"2024-01-01T23:59:60"`, `"0000-00-00T00:00:00"`, `20240131`, `true`, `[]`, `{}`)
}

func TestTimeErrorIsShort(t *testing.T) {
	t.Parallel()
	var at shotengai.Timestamp[shotengai.ColonOffsetTime]
	err := json.Unmarshal([]byte(`"`+strings.Repeat("あ", 1000)+`"`), &at)
	require.EqualError(t, err, `"`+strings.Repeat("あ", 40)+`…" is not a time like 2006-01-02T15:04:05.999999999-07:00`)
}

func TestTimeOutOfRangeIsNotWritten(t *testing.T) {
	t.Parallel()
	for _, year := range []int{-1, 10_000} {
		far := time.Date(year, time.June, 1, 0, 0, 0, 0, time.UTC)
		for _, value := range []json.Marshaler{shotengai.Timestamp[shotengai.UnixSeconds]{Time: far}, shotengai.Timestamp[shotengai.ColonOffsetTime]{Time: far}, shotengai.Timestamp[shotengai.CompactTime]{Time: far}} {
			_, err := value.MarshalJSON()
			assert.ErrorContains(t, err, "years 0 to 9999")
		}
	}
}

func TestTimeIsUnknown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`null`:                            true,
		`"1970-01-01T00:00:00.000+09:00"`: true,
		`"1970-01-01T00:00:00Z"`:          true,
		`"1970-01-01T23:00:00Z"`:          true,
		`"1970-01-02T12:00:00Z"`:          false,
		`"2024-01-31T12:34:56.000+09:00"`: false,
	} {
		assert.Equal(t, want, decode[shotengai.Timestamp[shotengai.ColonOffsetTime]](t, text).IsUnknown(), text)
	}
	assert.Equal(t, `"1970-01-01T00:00:00+09:00"`, encode(t, decode[shotengai.Timestamp[shotengai.ColonOffsetTime]](t, `"1970-01-01T00:00:00.000+09:00"`)))
}

// spelling expects value to be the moment, spelt as text everywhere.
func spelling[T interface {
	comparable
	IsZero() bool
	Equal(time.Time) bool
}](t *testing.T, value T, text string) {
	t.Helper()
	var none T
	assert.Equal(t, `"`+text+`"`, encode(t, value))
	decoded := decode[T](t, `"`+text+`"`)
	assert.True(t, decoded.Equal(moment))
	assert.Contains(t, fmt.Sprint(decoded), "JST")
	assert.Equal(t, text, queryValue(t, value))
	respell[T](t, map[string]string{`"` + text + `"`: `"` + text + `"`, `null`: `null`, `""`: `null`, `"--"`: `null`})
	assert.True(t, none.IsZero())
	assert.Empty(t, inQuery(t, none))
}

func FuzzOffsetTime(f *testing.F) {
	fuzz[shotengai.Timestamp[shotengai.OffsetTime]](f, `"2024-01-31T12:34:56+0900"`)
}

func FuzzColonTime(f *testing.F) {
	fuzz[shotengai.Timestamp[shotengai.ColonOffsetTime]](f, `"2024-01-31T12:34:56.123456Z"`)
}

func FuzzLocalTime(f *testing.F) {
	fuzz[shotengai.Timestamp[shotengai.LocalTime]](f, `"2024-01-31T12:34:56"`)
}

func FuzzSpacedTime(f *testing.F) {
	fuzz[shotengai.Timestamp[shotengai.SpacedTime]](f, `"2024-01-31 12:34:56"`)
}

func FuzzCompactTime(f *testing.F) {
	fuzz[shotengai.Timestamp[shotengai.CompactTime]](f, `"20240131123456"`, `"20240131"`)
}
