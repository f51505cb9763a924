package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/lenient"
)

type base struct {
	ID     int   `json:"id"`
	Hidden inner `json:"hidden"`
}

type inner struct {
	A int `json:"a"`
}

type outer struct {
	base
	*Embedded
	Hidden  int              `json:"hidden"` // hides the one in base
	One     inner            `json:"one"`
	Pointer **inner          `json:"pointer"`
	List    []inner          `json:"list"`
	Pair    [2]inner         `json:"pair"`
	Named   map[string]inner `json:"named"`
	Any     any              `json:"any"`
	Raw     json.RawMessage  `json:"raw"`
	Own     opaque           `json:"own"`
	Shaped  shaped           `json:"shaped"`
	PShaped *shaped          `json:"pshaped"`
	Tuple   tuple            `json:"tuple"`
	Untold  int
	Skipped int `json:"-"`
	Dash    int `json:"-,"` //nolint:staticcheck // the member is called "-"
	tiny    int
}

// Embedded is exported, so that a decoder may allocate it.
type Embedded struct {
	Deep inner `json:"deep"`
}

// opaque reads anything.
type opaque struct{}

func (*opaque) UnmarshalJSON([]byte) error { return nil }

// shaped has a decoder of its own, and says what it reads.
type shaped struct{}

func (*shaped) UnmarshalJSON([]byte) error { return nil }

func (*shaped) Shape(data []byte) any {
	if strings.Contains(string(data), "anything") {
		return nil
	}
	return []inner{}
}

// tuple is a number and an object.
type tuple struct{}

func (*tuple) UnmarshalJSON([]byte) error { return nil }

func (*tuple) Shape([]byte) any { return lenient.Tuple{new(int), new(inner)} }

func TestUnknownMembers(t *testing.T) {
	t.Parallel()
	_ = outer{}.tiny
	for data, want := range map[string][]string{
		`{"id":1,"hidden":2,"one":{"a":1},"deep":{"a":1},"any":{"x":1},"raw":{"x":1},"own":{"x":1},"-":1}`: nil,
		`{"new":1}`:                           {"new"},
		`{"ID":1,"ONE":{"A":1}}`:              nil, // as encoding/json reads them
		`{"hidden":{"a":1}}`:                  nil, // an int here, to be refused by the decoder
		`{"one":{"a":1,"b":{"c":1}}}`:         {"one.b"},
		`{"deep":{"b":1}}`:                    {"deep.b"},
		`{"pointer":{"b":1}}`:                 {"pointer.b"},
		`{"pointer":null,"one":null}`:         nil,
		`{"list":[{"a":1},{"b":1}]}`:          {"list[1].b"},
		`{"list":[{"b":1},{"b":1},{"c":1}]}`:  {"list[0].b", "list[2].c"},
		`{"pair":[{"b":1}]}`:                  {"pair[0].b"},
		`{"named":{"x":{"b":1}}}`:             {"named.x.b"},
		`{"shaped":[{"a":1,"b":1}]}`:          {"shaped[0].b"},
		`{"pshaped":[{"a":1},{"b":1}]}`:       {"pshaped[1].b"},
		`{"shaped":[{"b":"anything"}]}`:       nil,
		`{"tuple":[1,{"a":1,"b":1},{"c":1}]}`: {"tuple[1].b"},
		`{"Untold":1,"Skipped":1,"tiny":1}`:   {"Skipped", "tiny"},
		`{"z":1,"y":1}`:                       {"y", "z"},
		`[1]`:                                 nil,
		`null`:                                nil,
		`not JSON`:                            nil,
		` { "one" : { "a" : 1 , "b" : 2 } } `: {"one.b"},
		`{"\u006fne":{"\u0062":1}}`:           {"one.b"}, // names with escapes
		`{"any":{"x":"\"}\\"},"new":1}`:       {"new"},   // texts with escapes
		"{\"b\xff\":1}":                       {"b\uFFFD"},
		`{"":1}`:                              {""},
		`{"one":{"a":1},"one":{"b":1}}`:       {"one.b"}, // each of them
	} {
		assert.Equal(t, want, unknownMembers([]byte(data), reflect.TypeFor[*outer]()), data)
	}
	for _, broken := range []string{`{`, `{"one"`, `{"one":`, `{"one":{`, `{"list":[{"a":`, `{"list":[,]}`, `{"a`, `{"any":[`, `{"any":"\`, `{]`, `[}`, `{"one"}`} {
		unknownMembers([]byte(broken), reflect.TypeFor[*outer]())
	}
	assert.Nil(t, unknownMembers([]byte(`{"a":1}`), nil))
	assert.Nil(t, unknownMembers([]byte(`{"a":1}`), reflect.TypeFor[any]()))
	assert.Equal(t, []string{"[0].b"}, unknownMembers([]byte(`[{"b":1}]`), reflect.TypeFor[[]inner]()))
}

func TestStrictDecoding(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(200, "application/json", `{"id":1,"name":"a","rows":[{"x":1},{"x":2}],"new":1}`))
	type list struct {
		thing
		Rows []inner `json:"rows"`
	}
	var out list
	require.NoError(t, newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1"}, &out))
	assert.Equal(t, "a", out.Name)

	err := newEngine(t, srv.URL, nil, shotengai.WithStrictDecoding()).Do(t.Context(), Request{Operation: "GET /v1"}, &out)
	require.ErrorIs(t, err, ErrUnknownMember)
	require.ErrorContains(t, err, "[new rows[0].x]")
	assert.Equal(t, 1, asShop(t, err).Attempts)

	var operations, paths []string
	e := newEngine(t, srv.URL, nil, shotengai.WithStrictDecoding(), shotengai.WithDriftReport(func(d shotengai.Drift) {
		assert.Equal(t, "shop", d.Platform)
		operations, paths = append(operations, d.Operation), append(paths, d.Path)
	}))
	require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, &out))
	assert.Equal(t, []string{"new", "rows[0].x"}, paths)
	assert.Equal(t, []string{"GET /v1", "GET /v1"}, operations)
}

// tree is a type that has itself inside.
type tree struct {
	Name  string          `json:"name"`
	Leafs []tree          `json:"leafs"`
	Named map[string]tree `json:"named"`
}

func TestUnknownMembersOfARecursiveType(t *testing.T) {
	t.Parallel()
	const data = `{"leafs":[{"leafs":[{"new":1}]},{"named":{"x":{"name":"","odd":1}}}],"named":{"y":{"leafs":[{},{"new":1}]}}}`
	assert.Equal(t, []string{"leafs[0].leafs[0].new", "leafs[1].named.x.odd", "named.y.leafs[1].new"}, unknownMembers([]byte(data), reflect.TypeFor[tree]()))
}

// A look for unknown members allocates for what it finds alone, however long the answer is.
func TestAllocsPerDriftReport(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	body := thousandRows(t)
	sound := testing.AllocsPerRun(20, func() { require.Empty(t, unknownMembers(body, reflect.TypeFor[rows]())) })
	body = []byte(strings.ReplaceAll(string(body), `"postal"`, `"postcode"`))
	drifted := testing.AllocsPerRun(20, func() { require.Len(t, unknownMembers(body, reflect.TypeFor[rows]()), 1) })
	t.Logf("sound %v, drifted %v", sound, drifted)
	assert.LessOrEqual(t, sound, 5.0)
	assert.LessOrEqual(t, drifted, 20.0)
}

func BenchmarkDriftReport(b *testing.B) {
	body := thousandRows(b)
	for name, codec := range map[string]Codec{"plain": JSON, "watching": watching{JSON}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := codec.Decode(body, new(rows), new(Notes)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzUnknownMembers: no input panics, and what encoding/json itself refuses as unknown
// in a plain struct is found, and nothing else.
func FuzzUnknownMembers(f *testing.F) {
	for _, s := range []string{`{}`, `{"id":1,"name":"a"}`, `{"x":1}`, `{"ID":1}`, `[]`, `null`, `{"id":1,"id":2}`, `{"":1}`, `{"ſ":1}`, `{"id":{"x":1}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		unknownMembers(data, reflect.TypeFor[outer]())
		found := unknownMembers(data, reflect.TypeFor[thing]())
		if json.Unmarshal(data, new(thing)) != nil {
			return
		}
		decoder := json.NewDecoder(strings.NewReader(string(data)))
		decoder.DisallowUnknownFields()
		require.Equal(t, decoder.Decode(new(thing)) != nil, len(found) > 0, "%s: %v", data, found)
	})
}
