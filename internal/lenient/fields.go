package lenient

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Shaper is implemented by types with a decoder of their own. Shape returns a value of
// another type, whose members the given data is expected to have, so that it can be looked
// into; nil means that anything goes. A [Tuple] stands for an array.
type Shaper interface {
	Shape(data []byte) any
}

// Tuple is the shape of an array whose elements are of different types, each with a value of
// its type.
type Tuple []any

var shaperType = reflect.TypeFor[Shaper]()

// IsShaper reports whether values of a type say their shape by themselves.
func IsShaper(t reflect.Type) bool { return t.Implements(shaperType) }

// Shape is what a type with a decoder of its own expects of data, and false for a type that
// does not say.
func Shape(data []byte, t reflect.Type) (shape any, ok bool) {
	value := reflect.New(t)
	if t.Kind() == reflect.Pointer {
		value.Elem().Set(reflect.New(t.Elem()))
	}
	if s, ok := reflect.TypeAssert[Shaper](value); ok {
		return s.Shape(data), true
	}
	if s, ok := reflect.TypeAssert[Shaper](value.Elem()); ok {
		return s.Shape(data), true
	}
	return nil, false
}

// Field is what a member of an object is decoded into.
type Field struct {
	Type  reflect.Type
	Index []int // of the field in the struct
	// Rows reports that the member is a list of rows, each of which may fail alone, and ID
	// names the member that identifies one: the struct tag rows.
	Rows bool
	ID   string
}

// Fields are the fields of a struct, by the names of their members.
type Fields map[string]Field

// FieldsOf returns the fields of t, those of embedded structs included, that are not hidden
// by one of the same name further out.
func FieldsOf(t reflect.Type) Fields {
	fields := make(Fields)
	fields.collect(t, nil)
	return fields
}

func (fields Fields) collect(t reflect.Type, index []int) {
	type embedding struct {
		t     reflect.Type
		index []int
	}
	var embedded []embedding
	for field := range t.Fields() {
		at := append(slices.Clone(index), field.Index...)
		tag := field.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		if inner := deref(field.Type); field.Anonymous && name == "" && inner.Kind() == reflect.Struct {
			embedded = append(embedded, embedding{inner, at})
			continue
		}
		if tag == "-" || !field.IsExported() {
			continue
		}
		name = cmp.Or(name, field.Name)
		if _, hidden := fields[name]; !hidden {
			id, rows := field.Tag.Lookup("rows")
			fields[name] = Field{field.Type, at, rows, id}
		}
	}
	for _, inner := range embedded {
		if inner.t != t {
			fields.collect(inner.t, inner.index)
		}
	}
}

// Find finds the field of a member as encoding/json does: by its name, else without regard
// to case.
func (fields Fields) Find(name string) (Field, bool) {
	if f, ok := fields[name]; ok {
		return f, true
	}
	for known, f := range fields {
		if strings.EqualFold(known, name) {
			return f, true
		}
	}
	return Field{}, false
}

func deref(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

var unmarshalerType = reflect.TypeFor[json.Unmarshaler]()

// HasDecoder reports whether a type reads JSON by itself.
func HasDecoder(t reflect.Type) bool {
	return t.Implements(unmarshalerType) || reflect.PointerTo(t).Implements(unmarshalerType)
}
