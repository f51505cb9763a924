package lenient

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type order struct {
	ID      string            `json:"id"`
	Number  int64             `json:"number"`
	Small   int8              `json:"small"`
	Count   uint32            `json:"count"`
	Rate    float64           `json:"rate"`
	Exact   json.Number       `json:"exact"`
	Paid    bool              `json:"paid"`
	Stock   *int64            `json:"stock"`
	Gift    *bool             `json:"gift"`
	Memo    *string           `json:"memo"`
	Day     day               `json:"day"`
	Days    []day             `json:"days"`
	Pair    pair              `json:"pair"`
	Lines   []line            `json:"lines"`
	Address *address          `json:"address"`
	Names   map[string]int    `json:"names"`
	Raw     json.RawMessage   `json:"raw"`
	Any     any               `json:"any"`
	Data    []byte            `json:"data"`
	Fixed   [2]int            `json:"fixed"`
	Words   map[string]string `json:"words"`
	address
}

type line struct {
	Price int64 `json:"price"`
	Day   day   `json:"day"`
}

type address struct {
	City string `json:"city"`
	Code int    `json:"code"`
}

// day has a decoder of its own, which reads one spelling.
type day struct{ text string }

func (d *day) UnmarshalJSON(data []byte) error {
	var text string
	switch err := json.Unmarshal(data, &text); {
	case string(data) == "null":
		*d = day{}
	case err != nil || len(text) != 10:
		return errors.New(string(data) + " is not a day")
	default:
		d.text = text
	}
	return nil
}

// pair has a decoder of its own, and says what it reads.
type pair struct {
	limit int64
	lines []line
}

func (p *pair) UnmarshalJSON(data []byte) error {
	parts := []any{&p.limit, &p.lines}
	if string(data) == "null" {
		return nil
	}
	return json.Unmarshal(data, &parts)
}

func (pair) Shape([]byte) any { return Tuple{int64(0), []line{}} }

type orders struct {
	Orders []order `json:"orders" rows:"id"`
	Total  *int    `json:"total"`
}

// Each odd value reads as the value that it stands for, and as nothing else.
func TestOddValues(t *testing.T) {
	t.Parallel()
	for odd, sound := range map[string]string{
		`{"number":"3800"}`:                           `{"number":3800}`,
		`{"number":3800.0}`:                           `{"number":3800}`,
		`{"number":3.8e3}`:                            `{"number":3800}`,
		`{"number":"3800.00"}`:                        `{"number":3800}`,
		`{"number":" 0012 "}`:                         `{"number":12}`,
		`{"number":-0.0}`:                             `{"number":0}`,
		`{"number":1e0,"small":"-128"}`:               `{"number":1,"small":-128}`,
		`{"number":12000e-3}`:                         `{"number":12}`,
		`{"number":""}`:                               `{"number":0}`,
		`{"number":"--"}`:                             `{"number":0}`,
		`{"number":9223372036854775807.0}`:            `{"number":9223372036854775807}`,
		`{"count":"7"}`:                               `{"count":7}`,
		`{"rate":"0.10"}`:                             `{"rate":0.10}`,
		`{"rate":".5","number":"1"}`:                  ``,
		`{"rate":""}`:                                 `{"rate":0}`,
		`{"exact":"0.10","number":"1"}`:               `{"exact":0.10,"number":1}`,
		`{"exact":"","number":"1"}`:                   `{"number":1}`,
		`{"paid":1}`:                                  `{"paid":true}`,
		`{"paid":"1","gift":"0"}`:                     `{"paid":true,"gift":false}`,
		`{"paid":"true","gift":0}`:                    `{"paid":true,"gift":false}`,
		`{"paid":"false","gift":""}`:                  `{"paid":false,"gift":null}`,
		`{"stock":"5"}`:                               `{"stock":5}`,
		`{"stock":""}`:                                `{"stock":null}`,
		`{"id":60}`:                                   `{"id":"60"}`,
		`{"id":1.50,"memo":true}`:                     `{"id":"1.50","memo":"true"}`,
		`{"memo":"","number":"1"}`:                    `{"memo":"","number":1}`,
		`{"day":""}`:                                  `{"day":null}`,
		`{"day":2024010112}`:                          `{"day":"2024010112"}`,
		`{"lines":""}`:                                `{"lines":null}`,
		`{"address":"","names":""}`:                   `{"address":null,"names":null}`,
		`{"names":{"a":"1","b":2.0}}`:                 `{"names":{"a":1,"b":2}}`,
		`{"words":{"a":1}}`:                           `{"words":{"a":"1"}}`,
		`{"pair":["5",[{"price":"7"}]]}`:              `{"pair":[5,[{"price":7}]]}`,
		`{"fixed":["1",2.0]}`:                         `{"fixed":[1,2]}`,
		`{"city":5,"code":"5","address":{"code":""}}`: `{"city":"5","code":5,"address":{"code":0}}`,
		`{"NUMBER":"5"}`:                              `{"NUMBER":5}`,
		`{ "number" : "5" , "raw" : [ 1 , {"a":"b"} ] , "any" : {"x":[]} }`: `{"number":5,"raw":[ 1 , {"a":"b"} ],"any":{"x":[]}}`,
		`{"number":"5","unknown":{"deep":["1",{}]}}`:                        `{"number":5}`,
		"{\"memo\":\"a\nb\tc\x01\"}":                                        `{"memo":"a\nb\tc\ufffd"}`,
		"{\"memo\":\"a\xff\xfeb\",\"number\":\"1\"}":                        `{"memo":"a\ufffd\ufffdb","number":1}`,
		"{\"memo\":\"\\ud800x\xff\"}":                                       `{"memo":"\ufffdx\ufffd"}`,
		"{\"memo\":\"\\ud83d\\ude00\xff\"}":                                 `{"memo":"😀\ufffd"}`,
		"{\"raw\":\"a\xff\"}":                                               `{"raw":"a\ufffd"}`,
		`{"data":"YQ==","number":"1"}`:                                      `{"data":"YQ==","number":1}`,
	} {
		var got, want order
		_, err := JSON([]byte(odd), &got)
		if sound == "" {
			require.Error(t, err, odd)
			continue
		}
		require.NoError(t, err, odd)
		require.NoError(t, json.Unmarshal([]byte(sound), &want), sound)
		assert.Equal(t, want.Raw == nil, got.Raw == nil, odd)
		if want.Raw != nil {
			assert.JSONEq(t, string(want.Raw), string(got.Raw), odd)
		}
		got.Raw, want.Raw = nil, nil
		assert.Equal(t, want, got, odd)
	}
}

// A value that cannot be read is named with its place, and never rounded or cut.
func TestRefusedValues(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"number":100.5}`:                     `number: 100.5 is not a whole number`,
		`{"number":"100.5"}`:                   `number: "100.5" is not a whole number`,
		`{"number":1e-1}`:                      `number: 1e-1 is not a whole number`,
		`{"number":1e400}`:                     `number: 1e400 is not a whole number`,
		`{"number":"3,800"}`:                   `number: "3,800" is not a whole number`,
		`{"number":"１"}`:                       `number: "１" is not a whole number`,
		`{"number":true}`:                      `number: true is not a whole number`,
		`{"number":[1]}`:                       `number: a list is not a whole number`,
		`{"number":9223372036854775808}`:       `number: 9223372036854775808 is out of range`,
		`{"small":128}`:                        `small: 128 is out of range`,
		`{"count":-1}`:                         `count: -1 is out of range`,
		`{"rate":"a"}`:                         `rate: "a" is not a number`,
		`{"exact":"a"}`:                        `exact: "a" is not a number`,
		`{"exact":true}`:                       `exact: true is not a number`,
		`{"paid":2}`:                           `paid: 2 is neither true nor false`,
		`{"paid":"yes"}`:                       `paid: "yes" is neither true nor false`,
		`{"memo":{}}`:                          `memo: an object is not a text`,
		`{"lines":{"price":1}}`:                `lines: an object is not a list`,
		`{"lines":5}`:                          `lines: 5 is not a list`,
		`{"address":[]}`:                       `address: a list is not an object`,
		`{"names":"x"}`:                        `names: "x" is not an object`,
		`{"lines":[{},{"price":"x"}]}`:         `lines[1].price: "x" is not a whole number`,
		`{"lines":[{"day":"2026/11/30 "}]}`:    `lines[0].day: "2026/11/30 " is not a day`,
		`{"days":["2026-11-30","x"]}`:          `days[1]: "x" is not a day`,
		`{"address":{"code":"x"}}`:             `address.code: "x" is not a whole number`,
		`{"names":{"a":"x"}}`:                  `names.a: "x" is not a whole number`,
		`{"pair":[5,[{"price":1},{"day":1}]]}`: `pair[1][1].day: 1 is not a day`,
		`{"pair":{}}`:                          `pair: an object is not an object`,
		`{"code":"x"}`:                         `code: "x" is not a whole number`,
		`{"":1,"number":"` + strings.Repeat("あ", 50) + `"}`: `number: "` + strings.Repeat("あ", 39) + `… is not a whole number`,
	} {
		_, err := JSON([]byte(data), new(order))
		require.Error(t, err, data)
		if data == `{"pair":{}}` {
			continue
		}
		assert.EqualError(t, err, want, data)
		_, ok := errors.AsType[*Error](err)
		assert.True(t, ok, data)
	}
}

// A row that cannot be read costs itself, and is reported as it came.
func TestRows(t *testing.T) {
	t.Parallel()
	const bad = "{\"id\":\"b\",\"memo\":\"x\xff\", \"lines\":[{\"price\":1},{\"price\":100.5}]}"
	data := `{"total":"4","orders":[{"id":"a","memo":"m","number":1}, ` + bad + ` ,{"id":7,"number":"2"},{"day":"2026/11/30 x"}],"new":1}`
	out := orders{Orders: make([]order, 4)}
	_ = json.Unmarshal([]byte(data), &out) // what failed before leaves nothing
	report, err := JSON([]byte(data), &out)
	require.NoError(t, err)
	assert.Equal(t, 4, *out.Total)
	memo := "m"
	assert.Equal(t, []order{{ID: "a", Memo: &memo, Number: 1}, {ID: "7", Number: 2}}, out.Orders)
	require.Len(t, report.Rows, 2)
	assert.Equal(t, Row{List: "orders", Index: 1, ID: "b", Path: "lines[1].price", Raw: []byte(bad), Err: report.Rows[0].Err}, report.Rows[0])
	require.EqualError(t, report.Rows[0].Err, "100.5 is not a whole number")
	assert.Equal(t, 3, report.Rows[1].Index)
	assert.Equal(t, []string{"total", "orders[2].id", "orders[2].number"}, report.Respelt)
	assert.Equal(t, []string{"orders[1].memo"}, report.Repaired)

	for data, want := range map[string]int{`{"orders":[{"number":"x"}]}`: 0, `{"orders":[5,"x",{"id":"a"},[],null]}`: 2, `{"orders":null,"total":"1"}`: 0} {
		var out orders
		_, err := JSON([]byte(data), &out)
		require.NoError(t, err, data)
		assert.Len(t, out.Orders, want, data)
	}
	_, err = JSON([]byte(`{"orders":[],"total":"x"}`), new(orders))
	require.EqualError(t, err, `total: "x" is not a whole number`)
	_, err = JSON([]byte(`{"orders":{}}`), new(orders))
	require.EqualError(t, err, `orders: an object is not a list`)
}

// What an interface holds is what the value is decoded into.
func TestHeldValue(t *testing.T) {
	t.Parallel()
	held := struct {
		N    int
		Kept string
	}{Kept: "kept"}
	out := struct {
		Data any `json:"data"`
	}{&held}
	_, err := JSON([]byte(`{"data":{"N":"5"}}`), &out)
	require.NoError(t, err)
	assert.Equal(t, 5, held.N)
	assert.Equal(t, "kept", held.Kept)
}

// What is no JSON is the syntax error of encoding/json, but for what is nested too deep.
func TestBrokenDocuments(t *testing.T) {
	t.Parallel()
	for _, data := range []string{``, `{`, `{"id":"a`, `{"id":"a"} x`, "{\"id\":\"a\x01", `[1,`, `{"id":tru`, `<html>`} {
		_, err := JSON([]byte(data), new(order))
		var syntax *json.SyntaxError
		require.ErrorAs(t, err, &syntax, data)
	}
	deep := bytes.Repeat([]byte("["), 200_000)
	_, err := JSON(append(deep, bytes.Repeat([]byte("]"), 200_000)...), new(any))
	require.ErrorIs(t, err, ErrDepth)
	assert.False(t, TooDeep([]byte(`{"a":"`+strings.Repeat("[", 20_000)+`"}`)))
	_, err = JSON([]byte(`{"raw":`+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+`,"number":"1"}`), new(order))
	require.NoError(t, err)
}

func TestOtherCharset(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		"{\"name\":\"\x96{\"}":                               true, // Shift_JIS
		"{\"name\":\"\xb1\xb2\"}":                            true, // half-width katakana
		"{\"name\":\"\xcb\xdc\x8e\xb1\x8f\xa2\xb7\"}":        true, // EUC-JP
		"{\"name\":\"\x1b$BK\\\\\x1b(B\"}":                   true, // ISO-2022-JP
		"\xff\xfe{\x00}\x00":                                 true, // UTF-16
		"\x89PNG\r\n\x1a\n\x00":                              true,
		"{\"name\":\"a\xff\"}":                               false, // in no character set
		"{\"name\":\"本棚と\xe6\x9c\"}":                         false, // a text cut inside a character
		"{\"name\":\"" + strings.Repeat("\xff", 17) + "\"}":  true,
		"{\"name\":\"" + strings.Repeat("é\xff", 17) + "\"}": false,
		"{\"name\":\"\x1bx\"}":                               false,
	} {
		assert.Equal(t, want, OtherCharset([]byte(body)), "%q", body)
	}
}

// FuzzJSON: what encoding/json reads is read the same, no input panics, and what comes out
// of a repaired document is text.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{}`, `null`, `{"orders":[{"id":"a","number":"1"},{"number":100.5}],"total":2}`, `{"orders":[null,{"raw":[{}]}]}`, "{\"orders\":[{\"memo\":\"\xff\x01\"}]}",
		`{"orders":[{"pair":[1,[{"price":"1"}]]}]}`, `{"orders":[{"Lines":[{"day":"2026-11-30"}]}]}`, `[`, `{"":{"":[]}}`, `{"orders":[{"city":1,"address":{"city":"\ud800"}}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var strict, out orders
		strictErr := json.Unmarshal(data, &strict)
		report, err := JSON(data, &out)
		if strictErr == nil && bytes.Equal(CleanJSON(data), data) {
			require.NoError(t, err)
			require.Empty(t, report.Rows)
			require.True(t, reflect.DeepEqual(strict, out), "%s: %+v %+v", data, strict, out)
		}
		for _, row := range report.Rows {
			require.Contains(t, string(data), string(row.Raw))
			require.Error(t, row.Err)
		}
	})
}
