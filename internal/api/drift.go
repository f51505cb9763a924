package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Shaper is implemented by types with a decoder of their own. Shape returns a value of
// another type, whose members the given data is expected to have, so that unknown members
// can be found inside it; nil means that anything goes.
type Shaper interface {
	Shape(data []byte) any
}

var (
	shaperType      = reflect.TypeFor[Shaper]()
	unmarshalerType = reflect.TypeFor[json.Unmarshaler]()
)

// unknownMembers lists the paths of JSON members that decoding data into a t drops. A
// member that is unknown in many elements of a list is listed with the first of them.
func unknownMembers(data []byte, t reflect.Type) []string {
	var found []string
	seen := make(map[string]bool)
	walkDrift(data, t, "", func(path string) {
		if every := indexes.ReplaceAllString(path, "[]"); !seen[every] {
			seen[every] = true
			found = append(found, path)
		}
	})
	slices.Sort(found)
	return found
}

var indexes = regexp.MustCompile(`\[\d+\]`)

func walkDrift(data []byte, t reflect.Type, path string, report func(string)) {
	if t == nil {
		return
	}
	for t.Kind() == reflect.Pointer && !t.Implements(shaperType) {
		t = t.Elem()
	}
	if shape, ok := shapeOf(data, t); ok {
		if shape != nil {
			walkDrift(data, reflect.TypeOf(shape), path, report)
		}
		return
	}
	if t.Implements(unmarshalerType) || reflect.PointerTo(t).Implements(unmarshalerType) {
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		walkObject(data, t, path, report)
	case reflect.Map:
		for name, value := range members(data) {
			walkDrift(value, t.Elem(), join(path, name), report)
		}
	case reflect.Slice, reflect.Array:
		var items []json.RawMessage
		if json.Unmarshal(data, &items) == nil {
			for i, item := range items {
				walkDrift(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i), report)
			}
		}
	}
}

func walkObject(data []byte, t reflect.Type, path string, report func(string)) {
	fields := make(map[string]reflect.Type)
	collectFields(t, fields)
	for name, value := range members(data) {
		field, known := fieldFor(name, fields)
		if !known {
			report(join(path, name))
			continue
		}
		walkDrift(value, field, join(path, name), report)
	}
}

// fieldFor finds the field of a member as encoding/json does: by its name, else without
// regard to case.
func fieldFor(name string, fields map[string]reflect.Type) (reflect.Type, bool) {
	if t, ok := fields[name]; ok {
		return t, true
	}
	for known, t := range fields {
		if strings.EqualFold(known, name) {
			return t, true
		}
	}
	return nil, false
}

// collectFields adds the fields of t that are not hidden by one of the same name further
// out.
func collectFields(t reflect.Type, fields map[string]reflect.Type) {
	var embedded []reflect.Type
	for field := range t.Fields() {
		tag := field.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		if inner := deref(field.Type); field.Anonymous && name == "" && inner.Kind() == reflect.Struct {
			embedded = append(embedded, inner)
			continue
		}
		if tag == "-" || !field.IsExported() {
			continue
		}
		name = cmp.Or(name, field.Name)
		if _, hidden := fields[name]; !hidden {
			fields[name] = field.Type
		}
	}
	for _, inner := range embedded {
		if inner != t {
			collectFields(inner, fields)
		}
	}
}

func deref(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func shapeOf(data []byte, t reflect.Type) (shape any, ok bool) {
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

func members(data []byte) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(data, &m) != nil {
		return nil
	}
	return m
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
