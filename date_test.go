package shotengai_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go"
)

func ExampleDateIn() {
	var delivery struct {
		Preferred shotengai.Date `json:"preferred_date"`
	}
	err := json.Unmarshal([]byte(`{"preferred_date": "2024-02-29"}`), &delivery)
	fmt.Println(err, delivery.Preferred, delivery.Preferred.In(shotengai.JST))
	fmt.Println(json.Unmarshal([]byte(`{"preferred_date": "2024-02-31"}`), &delivery))
	// Output:
	// <nil> 2024-02-29 2024-02-29 00:00:00 +0900 JST
	// "2024-02-31" is not a date like 2006-01-02
}

func TestDate(t *testing.T) {
	t.Parallel()
	day := shotengai.Date{Year: 2024, Month: time.January, Day: 31}
	spelt(t, day, "2024-01-31")
	spelt(t, shotengai.DateIn[shotengai.CompactDate](day), "20240131")
	spelt(t, shotengai.DateIn[shotengai.ZonedDate](day), "2024-01-31+09:00")
	assert.Equal(t, day, decode[shotengai.Date](t, `"2024-01-31"`))
	assert.Empty(t, inQuery(t, shotengai.Date{}))
	assert.Empty(t, shotengai.Date{}.String())
	none := map[string]string{`null`: `null`, `""`: `null`, `"--"`: `null`}
	respell[shotengai.Date](t, none)
	respell[shotengai.DateIn[shotengai.CompactDate]](t, none)
	respell[shotengai.DateIn[shotengai.ZonedDate]](t, none)
	respell[shotengai.Date](t, map[string]string{`"2024-01-31"`: `"2024-01-31"`, `"0000-01-01"`: `"0000-01-01"`})
	respell[shotengai.DateIn[shotengai.CompactDate]](t, map[string]string{`"20240131"`: `"20240131"`})
	respell[shotengai.DateIn[shotengai.ZonedDate]](t, map[string]string{`"2024-01-31+09:00"`: `"2024-01-31+09:00"`})
	refuse(t, "is not a date like 2006-01-02", day,
		`"2024-02-30"`, `"2024-2-3"`, `"2024/01/31"`, `"2024-01-31T00:00:00"`, `"20240131"`, `"0000-00-00"`, `20240131`, `{}`)
	refuse(t, "is not a date like 20060102", shotengai.DateIn[shotengai.CompactDate](day), `"2024-01-31"`, `"20240230"`, `20240131`)
	refuse(t, "is not a date like 2006-01-02+09:00", shotengai.DateIn[shotengai.ZonedDate](day), `"2024-01-31"`, `"2024-01-31Z"`, `"2024-01-31+00:00"`)
}

func spelt[T any](t *testing.T, day T, text string) {
	t.Helper()
	assert.Equal(t, `"`+text+`"`, encode(t, day))
	assert.Equal(t, text, queryValue(t, day))
	assert.Equal(t, text, fmt.Sprint(day))
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	newYear := shotengai.Date{Year: 2024, Month: time.January, Day: 1}
	eve := newYear.AddDays(-1)
	assert.Equal(t, shotengai.Date{Year: 2023, Month: time.December, Day: 31}, eve)
	assert.Equal(t, -1, eve.Compare(newYear))
	assert.Equal(t, 1, newYear.Compare(eve))
	assert.Zero(t, eve.Compare(eve))
	midnight := newYear.In(shotengai.JST)
	assert.Equal(t, newYear, shotengai.DateOf(midnight))
	assert.Equal(t, newYear, shotengai.DateOf(midnight.UTC()), "the day in Japan")
	assert.Equal(t, eve, shotengai.DateOf(midnight.Add(-time.Second)))
	assert.True(t, shotengai.DateOf(time.Time{}).IsZero())
}

func TestDateThatDoesNotExistIsNotWritten(t *testing.T) {
	t.Parallel()
	for _, day := range []shotengai.Date{
		{Year: 2024, Month: time.February, Day: 31}, {Year: 2024, Month: 13, Day: 1}, {Year: 2024}, {Year: 10_000, Month: 1, Day: 1}, {Year: -1, Month: 1, Day: 1},
	} {
		_, err := day.MarshalJSON()
		assert.ErrorContains(t, err, "no such day")
		assert.Contains(t, day.String(), "no such day")
		assert.False(t, day.IsValid())
	}
}

func FuzzDate(f *testing.F)        { fuzz[shotengai.Date](f, `"2024-01-31"`) }
func FuzzCompactDate(f *testing.F) { fuzz[shotengai.DateIn[shotengai.CompactDate]](f, `"20240131"`) }

func FuzzZonedDate(f *testing.F) {
	fuzz[shotengai.DateIn[shotengai.ZonedDate]](f, `"2024-01-31+09:00"`)
}
