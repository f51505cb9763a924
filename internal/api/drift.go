package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Shaper is implemented by types with a decoder of their own. Shape returns a value of
// the type whose members the given data is expected to have, so that unknown members
// can be found inside it; nil means that anything goes.
type Shaper interface {
	Shape(data []byte) any
}

var (
	shaperType      = reflect.TypeFor[Shaper]()
	unmarshalerType = reflect.TypeFor[json.Unmarshaler]()
)

// unknownMembers lists the paths of JSON members that decoding data into a t drops.
func unknownMembers(data []byte, t reflect.Type) []string {
	var found []string
	walkDrift(data, t, "", func(path string) { found = append(found, path) })
	slices.Sort(found)
	return slices.Compact(found)
}

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
		field, known := fields[name]
		if !known {
			report(join(path, name))
			continue
		}
		walkDrift(value, field, join(path, name), report)
	}
}

func collectFields(t reflect.Type, fields map[string]reflect.Type) {
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" {
			inner := field.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct {
				collectFields(inner, fields)
				continue
			}
		}
		switch {
		case name == "-" || !field.IsExported():
		case name == "":
			fields[field.Name] = field.Type
		default:
			fields[name] = field.Type
		}
	}
}

func shapeOf(data []byte, t reflect.Type) (shape any, ok bool) {
	value := reflect.New(t)
	if t.Kind() == reflect.Pointer {
		value = reflect.New(reflect.New(t.Elem()).Type())
		value.Elem().Set(reflect.New(t.Elem()))
	}
	if s, ok := value.Interface().(Shaper); ok {
		return s.Shape(data), true
	}
	if s, ok := value.Elem().Interface().(Shaper); ok {
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
