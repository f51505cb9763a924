package shotengai_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/lenient"
)

// Every value that the answers of a platform are made of is read in odd spellings, as the
// value that they stand for, and what cannot be read is named with its place. The types are
// found by reflection in what the methods return.
func TestEveryValueIsReadInOddSpellings(t *testing.T) {
	t.Parallel()
	for _, p := range everywhere {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			leaves := leavesOf(p.client(t, "").value)
			require.NotEmpty(t, leaves)
			for _, leaf := range leaves {
				sound := soundSpelling(leaf)
				if !assert.NotEmpty(t, sound, "%s is read from no value that the test knows", leaf) {
					continue
				}
				want := readLeaf(t, leaf, sound)
				for _, odd := range oddSpellings(sound, leaf) {
					assert.Equal(t, want, readLeaf(t, leaf, odd), "%s from %s", leaf, odd)
				}
				if !readsAnything(leaf) && leaf.Kind() != reflect.String && strings.Trim(sound, "{[") == sound {
					assert.True(t, isNone(readLeaf(t, leaf, `""`)), "%s from an empty text", leaf)
				}
				for _, bad := range badSpellings(leaf) {
					holder := holding(leaf)
					_, err := lenient.JSON([]byte(`{"list":[{"leaf":`+bad+`}]}`), holder.Interface())
					e, ok := errors.AsType[*lenient.Error](err)
					if assert.True(t, ok, "%s from %s: %v", leaf, bad, err) {
						assert.True(t, strings.HasPrefix(e.Path, "list[0].leaf"), "%s from %s: %s", leaf, bad, e.Path)
						assert.Less(t, len(err.Error()), 200)
					}
				}
			}
			t.Logf("%d types", len(leaves))
		})
	}
}

// leavesOf are the types of single values in what the methods of a client return: texts,
// numbers, booleans, and what reads itself.
func leavesOf(client any) []reflect.Type {
	var leaves []reflect.Type
	seen := make(map[reflect.Type]bool)
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		if seen[t] {
			return
		}
		seen[t] = true
		switch {
		case t == reflect.TypeFor[json.RawMessage]() || t == reflect.TypeFor[error]():
		case readsItself(t) || t.Kind() >= reflect.Bool && t.Kind() <= reflect.Float64 || t.Kind() == reflect.String:
			leaves = append(leaves, t)
			if shape, ok := lenient.Shape(nil, t); ok && shape != nil {
				visit(reflect.TypeOf(shape))
			}
		case t.Kind() == reflect.Struct:
			for _, field := range lenient.FieldsOf(t) {
				visit(field.Type)
			}
		case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array || t.Kind() == reflect.Map:
			visit(t.Elem())
		}
	}
	eachMethod(reflect.ValueOf(client), func(_ string, method reflect.Value) {
		if method.Type().NumOut() == 2 {
			visit(method.Type().Out(0))
		}
	})
	slices.SortFunc(leaves, func(a, b reflect.Type) int { return strings.Compare(a.String(), b.String()) })
	return leaves
}

// holding is a new value with one leaf in it.
func holding(leaf reflect.Type) reflect.Value {
	row := reflect.StructOf([]reflect.StructField{{Name: "Leaf", Type: leaf, Tag: `json:"leaf"`}})
	return reflect.New(reflect.StructOf([]reflect.StructField{{Name: "List", Type: reflect.SliceOf(row), Tag: `json:"list"`}}))
}

func readLeaf(t *testing.T, leaf reflect.Type, text string) any {
	t.Helper()
	holder := holding(leaf)
	_, err := lenient.JSON([]byte(`{"list":[{"leaf":`+text+`}]}`), holder.Interface())
	require.NoError(t, err, "%s from %s", leaf, text)
	return holder.Elem().Field(0).Index(0).Field(0).Interface()
}

// isNone reports whether a value is as good as none: one that is null, or holds nothing.
func isNone(v any) bool {
	data, err := json.Marshal(v)
	return err == nil && string(data) == "null" || reflect.ValueOf(v).IsZero()
}

// soundSpelling is a spelling that a type reads as something.
func soundSpelling(leaf reflect.Type) string {
	for _, text := range []string{
		`{"type":"cash","id":"5"}`, `{"type":"shipping","id":"5"}`, `{"type":"request"}`, // the types of unions
		`"2024-01-31"`, `"20240131"`, `"2024-01-31+09:00"`, `"2024-01-31T12:34:56+0900"`, `"2024-01-31T12:34:56+09:00"`, `"2024-01-31T12:34:56"`,
		`"2024-01-31 12:34:56"`, `"20240131123456"`, `5`, `true`, `"5"`, `[5,6]`, `[5,[]]`, `{}`, `[{}]`,
	} {
		v := reflect.New(leaf)
		if shape, ok := lenient.Shape([]byte(text), leaf); ok && shape == nil {
			continue // of a type that is not known, and kept as it is
		}
		if json.Unmarshal([]byte(text), v.Interface()) == nil && !v.Elem().IsZero() {
			return text
		}
	}
	return ""
}

// oddSpellings are other spellings of the same.
func oddSpellings(sound string, leaf reflect.Type) []string {
	plain := strings.Trim(sound, `"`)
	_, notNumber := strconv.Atoi(plain)
	switch {
	case sound == "true":
		return []string{`1`, `"1"`, `"true"`, `1.0`}
	case sound == "[5,6]":
		return []string{`["5",6.0]`, `[5.0,"6"]`}
	case sound == "[5,[]]":
		return []string{`["5",[]]`, `[5.0,[]]`}
	case notNumber != nil || readsAnything(leaf):
		return nil
	case sound != plain:
		return []string{plain}
	default:
		return []string{`"` + plain + `"`, plain + ".0", `"` + plain + `.00"`, `" ` + plain + `"`, plain + "e0"}
	}
}

// badSpellings are values that a type does not stand for.
func badSpellings(leaf reflect.Type) []string {
	sound := soundSpelling(leaf)
	switch kind := leaf.Kind(); {
	case readsItself(leaf) && sound[0] == '{':
		object, _ := lenient.Shape([]byte(sound), leaf)
		if member := scalarOf(reflect.TypeOf(object)); member != "" {
			return []string{sound[:len(sound)-1] + `,"` + member + `":{}}`}
		}
		return nil
	case readsItself(leaf) && sound == "[{}]":
		return []string{`5`, `{}`}
	case readsItself(leaf) && sound[0] == '[':
		return []string{`5`, `[5]`, `[100.5,6]`, `[null,6]`, `[5,{}]`}
	case readsAnything(leaf):
		return []string{`{}`, `[]`}
	case kind == reflect.String && !readsItself(leaf) && leaf != reflect.TypeFor[json.Number]():
		return []string{`{}`, `[]`}
	case kind >= reflect.Int && kind <= reflect.Uint64:
		return []string{`{}`, `"x"`, `100.5`, `"100.5"`, `true`, `99999999999999999999`}
	}
	return []string{`{}`, `"x"`, `"2026/11/30"`}
}

// readsAnything reports whether a type keeps the spelling of a value as it came.
func readsAnything(leaf reflect.Type) bool {
	v := reflect.New(leaf)
	return readsItself(leaf) && json.Unmarshal([]byte(`"x"`), v.Interface()) == nil
}
