package strictjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/strictjson"
)

func ExampleCheck() {
	fmt.Println(strictjson.Check([]byte(`{"iss": "https://accounts.example", "ISS": "https://evil.example"}`)))
	// Output: strictjson: duplicate member name at byte 36
}

func ExampleCheckObject() {
	fmt.Println(strictjson.CheckObject([]byte(`{"event": "install"}`)))
	fmt.Println(strictjson.CheckObject([]byte(`null`)))
	// Output:
	// <nil>
	// strictjson: not an object at byte 0
}

func TestCheckAccepts(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{}`, `[]`, `null`, `true`, `false`, `""`, `0`, `-0`, `12`, `-1.50e+10`, `1E5`, `0.0e-0`,
		" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n",
		`{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}`,
		`{"":1,"a":2,"aa":3}`,
		`{"日本":"商店街","日本語":1}`,
		`"\"\\\/\b\f\n\r\t\u0000\u3042\ud83d\ude00"`,
		`"` + "\u007f\ufffd\U0001F600" + `"`,
		`{"\ud83d\ude00":1,"\ud83d\ude01":2}`,
		`{"a":1,"a\u0000":2}`,
		nested(strictjson.MaxDepth),
	} {
		require.NoError(t, strictjson.Check([]byte(doc)), doc)
		assert.True(t, json.Valid([]byte(doc)), doc)
	}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, doc string
		want      error
		offset    int
	}{
		{"nothing", ``, strictjson.ErrEmpty, 0},
		{"only space", " \n\t", strictjson.ErrEmpty, 3},
		{"W16 truncated object", `{"a":1`, strictjson.ErrSyntax, 6},
		{"W16 truncated array", `[1,`, strictjson.ErrSyntax, 3},
		{"W16 truncated string", `{"a":"b`, strictjson.ErrSyntax, 7},
		{"W16 truncated escape", `"\`, strictjson.ErrSyntax, 2},
		{"W16 truncated unicode escape", `"\u12`, strictjson.ErrSyntax, 2},
		{"W16 truncated literal", `tru`, strictjson.ErrSyntax, 3},
		{"W16 truncated number", `-`, strictjson.ErrSyntax, 1},
		{"W16 trailing garbage", `{"a":1} x`, strictjson.ErrTrailing, 8},
		{"W16 trailing NUL", "{}\x00", strictjson.ErrTrailing, 2},
		{"W16 second document", `{"a":1}{"a":1}`, strictjson.ErrTrailing, 7},
		{"T41 trailing garbage of a token", `{"access_token":"t"}<!-- -->`, strictjson.ErrTrailing, 20},
		{"leading zero", `01`, strictjson.ErrTrailing, 1},
		{"plus sign", `+1`, strictjson.ErrSyntax, 0},
		{"bare point", `1.`, strictjson.ErrSyntax, 2},
		{"bare exponent", `1e+-1`, strictjson.ErrSyntax, 3},
		{"NaN", `NaN`, strictjson.ErrSyntax, 0},
		{"comma before the end", `{"a":1,}`, strictjson.ErrSyntax, 7},
		{"comma before the end of an array", `[1,]`, strictjson.ErrSyntax, 3},
		{"no comma", `[1 2]`, strictjson.ErrSyntax, 3},
		{"no colon", `{"a" 1}`, strictjson.ErrSyntax, 5},
		{"no quotes", `{a:1}`, strictjson.ErrSyntax, 1},
		{"single quotes", `{'a':1}`, strictjson.ErrSyntax, 1},
		{"control character", "\"a\nb\"", strictjson.ErrSyntax, 2},
		{"unknown escape", `"\x41"`, strictjson.ErrSyntax, 2},
		{"bad hex", `"\u12G4"`, strictjson.ErrSyntax, 2},
		{"HTML", `<html>`, strictjson.ErrSyntax, 0},
		{"text outside a string", `あ`, strictjson.ErrSyntax, 0},
		{"W17 duplicate", `{"a":1,"b":2,"a":3}`, strictjson.ErrDuplicateKey, 13},
		{"W17 three times", `{"a":1,"a":2,"a":3}`, strictjson.ErrDuplicateKey, 7},
		{"W17 duplicate after unescaping", `{"ab":1,"\u0061b":2}`, strictjson.ErrDuplicateKey, 8},
		{"W17 escapes of every kind", `{"\b\f\n\r\t\/\"\\":1,"\u0008\u000c\u000A\u000d\u0009/\u0022\u005c":2}`, strictjson.ErrDuplicateKey, 22},
		{"W17 surrogate pair", `{"😀":1,"\ud83d\ude00":2}`, strictjson.ErrDuplicateKey, 10},
		{"W17 deep", `[{"x":{"a":{"k":1,"k":2}}}]`, strictjson.ErrDuplicateKey, 18},
		{"W17 outer duplicate around an inner object", `{"a":{"b":1},"A":{"b":1}}`, strictjson.ErrDuplicateKey, 13},
		{"W17 empty names", `{"":1,"":2}`, strictjson.ErrDuplicateKey, 6},
		{"T13 aud and AUD", `{"aud":"a","AUD":"b"}`, strictjson.ErrDuplicateKey, 11},
		{"T13 long s", `{"iss":1,"iſſ":2}`, strictjson.ErrDuplicateKey, 9},
		{"T13 Kelvin sign", `{"kid":1,"` + "\u212a" + `ID":2}`, strictjson.ErrDuplicateKey, 9},
		{"T13 Greek sigmas", `{"σ":1,"ς":2}`, strictjson.ErrDuplicateKey, 8},
		{"W18 invalid byte", "{\"a\":\"\xff\"}", strictjson.ErrEncoding, 6},
		{"W18 Shift_JIS", "{\"name\":\"\x83e\x83X\"}", strictjson.ErrEncoding, 9},
		{"W18 overlong", "\"\xc0\xaf\"", strictjson.ErrEncoding, 1},
		{"W18 truncated character", "\"\xe3\x81\"", strictjson.ErrEncoding, 1},
		{"W18 surrogate in UTF-8", "\"\xed\xa0\x80\"", strictjson.ErrEncoding, 1},
		{"W18 invalid name", "{\"\xff\":1}", strictjson.ErrEncoding, 2},
		{"W18 outside a string", "{\xff}", strictjson.ErrEncoding, 1},
		{"W18 high half alone", `"\ud83d"`, strictjson.ErrEncoding, 1},
		{"W18 low half alone", `"a\ude00"`, strictjson.ErrEncoding, 2},
		{"W18 two high halves", `"\ud83d\ud83d"`, strictjson.ErrEncoding, 1},
		{"W18 high half and text", `"\ud83dxude00"`, strictjson.ErrEncoding, 1},
		{"byte order mark", "\ufeff{}", strictjson.ErrEncoding, 0},
		{"UTF-16", "\xff\xfe{\x00}\x00", strictjson.ErrEncoding, 0},
		{"W19 65 levels", nested(strictjson.MaxDepth + 1), strictjson.ErrDepth, strictjson.MaxDepth},
		{"W19 10,000 levels", nested(10_000), strictjson.ErrDepth, strictjson.MaxDepth},
		{"W19 levels of objects", strings.Repeat(`{"a":`, 65) + `1` + strings.Repeat(`}`, 65), strictjson.ErrDepth, 64 * 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := strictjson.Check([]byte(test.doc))
			require.ErrorIs(t, err, test.want)
			assert.Equal(t, fmt.Sprintf("%v at byte %d", test.want, test.offset), err.Error())
		})
	}
}

func TestCheckObject(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]error{
		` {"a":1}`:         nil,
		`{}`:               nil,
		` null`:            strictjson.ErrNotObject,
		`[]`:               strictjson.ErrNotObject,
		`"x"`:              strictjson.ErrNotObject,
		`1`:                strictjson.ErrNotObject,
		`true`:             strictjson.ErrNotObject,
		``:                 strictjson.ErrEmpty,
		`{`:                strictjson.ErrSyntax,
		`{} {}`:            strictjson.ErrTrailing,
		`{"a":1,"A":1}`:    strictjson.ErrDuplicateKey,
		"{\"a\":\"\xff\"}": strictjson.ErrEncoding,
		nested(65):         strictjson.ErrDepth,
	} {
		t.Run("W19 "+doc, func(t *testing.T) {
			t.Parallel()
			assert.ErrorIs(t, strictjson.CheckObject([]byte(doc)), want)
		})
	}
}

func TestReadObject(t *testing.T) {
	t.Parallel()
	doc := ` { "a" : [ 1 , {"c": 2} ] , "\u0062\/" : "x" , "A2":{"a":{}},"\ud83d\ude00":null , "":-1e3}`
	object, err := strictjson.ReadObject([]byte(doc))
	require.NoError(t, err)
	for name, want := range map[string]string{
		"a": `[ 1 , {"c": 2} ]`, "b/": `"x"`, "A2": `{"a":{}}`, "😀": `null`, "": `-1e3`,
	} {
		value, ok := object.Member(name)
		assert.True(t, ok, name)
		assert.Equal(t, want, string(value), name)
		assert.Equal(t, len(value), cap(value), "%s: an append must not write into the document", name)
	}
	for _, name := range []string{"A", "a2", "aa", "b", `\u0062\/`, "c", "😁"} {
		_, ok := object.Member(name)
		assert.False(t, ok, name)
	}
	for doc, want := range map[string]error{
		``: strictjson.ErrEmpty, `{"a":1,"A":1}`: strictjson.ErrDuplicateKey, `{"a":{"b":1,"b":2}}`: strictjson.ErrDuplicateKey,
		`{"a":1`: strictjson.ErrSyntax, `[{"a":1}]`: strictjson.ErrNotObject, `null`: strictjson.ErrNotObject,
	} {
		object, err := strictjson.ReadObject([]byte(doc))
		require.ErrorIs(t, err, want, doc)
		_, ok := object.Member("a")
		assert.False(t, ok, doc)
	}
}

func TestCheckRead(t *testing.T) {
	t.Parallel()
	type line struct {
		Name string `json:"name"`
	}
	type read struct {
		line
		ID     int             `json:"id"`
		Lines  []*line         `json:"lines"`
		Whole  json.RawMessage `json:"whole"`
		Any    map[string]any  `json:"any"`
		Plain  string
		Hidden string `json:"-"`
	}
	for doc, want := range map[string]error{
		`{"note":1,"note":2,"NOTE":3}`:                 nil,
		`{"note":"\ud83d","\ud83d":{"a":1,"A":2}}`:     nil,
		"{\"note\":\"\xff\",\"\xff\":[\"\xff\"]}":      nil,
		`{"hidden":1,"Hidden":2,"-":1,"-":2}`:          nil,
		`{"name":"\ud83d"}`:                            nil,
		`{"lines":[{"name":"a"},{"name":"b"}]}`:        nil,
		`{"lines":[{"x":1,"x":2}],"id":{"a":1,"a":2}}`: nil,
		`{"id":1,"ID":2}`:                              strictjson.ErrDuplicateKey,
		`{"id":1,"\u0069d":2}`:                         strictjson.ErrDuplicateKey,
		`{"plain":1,"Plain":2}`:                        strictjson.ErrDuplicateKey,
		`{"name":1,"name":2}`:                          strictjson.ErrDuplicateKey,
		`{"lines":[{"name":"a","n\u0061me":"b"}]}`:     strictjson.ErrDuplicateKey,
		`{"whole":{"a":1,"a":2}}`:                      strictjson.ErrDuplicateKey,
		`{"any":{"a":{"b":1,"B":2}}}`:                  strictjson.ErrDuplicateKey,
		"{\"name\":\"\xff\"}":                          strictjson.ErrEncoding,
		"{\"lines\":[{\"name\":\"\xff\"}]}":            strictjson.ErrEncoding,
		"\ufeff{}":                                     strictjson.ErrEncoding,
		`{"note":` + nested(64) + `}`:                  strictjson.ErrDepth,
		`{"note":"\ud83"}`:                             strictjson.ErrSyntax,
		`{"note":1,}`:                                  strictjson.ErrSyntax,
		`{"note" 1}`:                                   strictjson.ErrSyntax,
		`{note:1}`:                                     strictjson.ErrSyntax,
		`{"note":1 "b":2}`:                             strictjson.ErrSyntax,
		`{"note":"a`:                                   strictjson.ErrSyntax,
		`{} {}`:                                        strictjson.ErrTrailing,
		`[]`:                                           strictjson.ErrNotObject,
	} {
		var into any = &read{}
		err := strictjson.CheckRead([]byte(doc), into)
		if want == nil {
			require.NoError(t, err, doc)
			require.NoError(t, json.Unmarshal([]byte(strings.ReplaceAll(doc, `"id":{"a":1,"a":2}`, `"id":1`)), into), doc)
			continue
		}
		require.ErrorIs(t, err, want, doc)
	}
}

func TestErrorHidesContent(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{`{"hunter2":1,"hunter2":2}`, `{"a":hunter2}`, `{"a":"hunter2\x"}`, `{} hunter2`} {
		assert.NotContains(t, strictjson.Check([]byte(doc)).Error(), "hunter2")
	}
}

// TestManyNames shows that an object of 20,000 names is neither searched in
// quadratic time nor let through.
func TestManyNames(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteByte('{')
	for i := range 20_000 {
		fmt.Fprintf(&b, `"n%d":0,`, i)
	}
	require.NoError(t, strictjson.Check([]byte(b.String()+`"last":0}`)))
	require.ErrorIs(t, strictjson.Check([]byte(b.String()+`"N7777":0}`)), strictjson.ErrDuplicateKey)
}

func TestAllocations(t *testing.T) {
	flat := []byte(`{"event":"install","account_id":"PA00000001","api_version":"v1","created_at":1700000000}`)
	large := []byte(`{"a":"` + strings.Repeat("あ", 100_000) + `","b":[` + strings.Repeat(`{"c":1},`, 10_000) + `0]}`)
	for name, doc := range map[string][]byte{"flat": flat, "large": large} {
		allocs := testing.AllocsPerRun(10, func() {
			if err := strictjson.CheckObject(doc); err != nil {
				t.Fatal(err)
			}
		})
		assert.Zero(t, allocs, name)
		into := new(struct{ Event, B string })
		allocs = testing.AllocsPerRun(10, func() {
			if err := strictjson.CheckRead(doc, into); err != nil {
				t.Fatal(err)
			}
		})
		assert.Zero(t, allocs, "%s, read", name)
		allocs = testing.AllocsPerRun(10, func() {
			if _, err := strictjson.ReadObject(doc); err != nil {
				t.Fatal(err)
			}
		})
		assert.LessOrEqual(t, allocs, 1.0, "%s, its members", name)
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"A":2}`, `{ "\u0061" : [ 1 ] , "b":{"a":2} }`, `[{"\ud83d\ude00":-1.5e+3}]`, `{"k":1,"` + "\u212a" + `":2}`, "\ufeff{}", `"\ud83d"`, "\"\xff\"", `[1,{"b":null}] x`, ` `, nested(65),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := strictjson.Check(data)
		if err == nil {
			require.True(t, json.Valid(data))
			require.Equal(t, countNames(t, data), countDecoded(t, data), "names lost in decoding")
			compareMembers(t, data)
			return
		}
		matches := 0
		for _, reason := range []error{
			strictjson.ErrEmpty, strictjson.ErrSyntax, strictjson.ErrTrailing, strictjson.ErrDuplicateKey, strictjson.ErrEncoding, strictjson.ErrDepth,
		} {
			if errors.Is(err, reason) {
				matches++
			}
		}
		require.Equal(t, 1, matches, "one reason: %v", err)
		if errors.Is(err, strictjson.ErrSyntax) || errors.Is(err, strictjson.ErrTrailing) || errors.Is(err, strictjson.ErrEmpty) {
			require.False(t, json.Valid(data), "refused, but valid: %v", err)
		}
	})
}

// compareMembers reads an object beside encoding/json.
func compareMembers(t *testing.T, data []byte) {
	t.Helper()
	object, err := strictjson.ReadObject(data)
	if err != nil {
		require.ErrorIs(t, err, strictjson.ErrNotObject)
		return
	}
	var decoded map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(data, &decoded))
	for name, want := range decoded {
		value, ok := object.Member(name)
		require.True(t, ok, name)
		require.Equal(t, string(want), string(value), name)
	}
}

// countNames counts the member names in the text.
func countNames(t *testing.T, data []byte) int {
	t.Helper()
	names, decoder := 0, json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var walk func()
	walk = func() {
		token, err := decoder.Token()
		require.NoError(t, err)
		if _, opened := token.(json.Delim); !opened {
			return
		}
		for decoder.More() {
			if token == json.Delim('{') {
				names++
				_, err := decoder.Token()
				require.NoError(t, err)
			}
			walk()
		}
		_, err = decoder.Token()
		require.NoError(t, err)
	}
	walk()
	return names
}

// countDecoded counts the member names that are left after decoding, where equal
// ones have become one, and fails when two differ only in case.
func countDecoded(t *testing.T, data []byte) int {
	t.Helper()
	var decoded any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&decoded))
	var count func(any) int
	count = func(value any) int {
		n := 0
		switch value := value.(type) {
		case map[string]any:
			names := slices.Collect(maps.Keys(value))
			for i, name := range names {
				same := func(other string) bool { return strings.EqualFold(name, other) }
				require.False(t, slices.ContainsFunc(names[:i], same), name)
				n += 1 + count(value[name])
			}
		case []any:
			for _, element := range value {
				n += count(element)
			}
		}
		return n
	}
	return count(decoded)
}

func BenchmarkCheck(b *testing.B) {
	doc := []byte(`[` + strings.Repeat(`{"id":1,"name":"商店街","made":"2024-01-31","lines":[{"id":1},{"id":2}]},`, 1000) + `0]`)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if err := strictjson.Check(doc); err != nil {
			b.Fatal(err)
		}
	}
}

func nested(depth int) string {
	return strings.Repeat("[", depth) + strings.Repeat("]", depth)
}
