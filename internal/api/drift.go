package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go/internal/lenient"
)

// unknownMembers lists the paths of JSON members that decoding data into a t drops. A
// member that is unknown in many elements of a list is listed with the first of them.
func unknownMembers(data []byte, t reflect.Type) []string {
	var found []string
	walkDrift(data, t, "", func(path string) { found = append(found, path) })
	return firsts(found)
}

// firsts sorts paths, and keeps the first of those that differ in indexes only.
func firsts(paths []string) []string {
	seen := make(map[string]bool)
	paths = slices.DeleteFunc(paths, func(path string) bool {
		every := withoutIndexes(path)
		known := seen[every]
		seen[every] = true
		return known
	})
	slices.Sort(paths)
	return paths
}

// withoutIndexes is a path with "[]" for each index in it.
func withoutIndexes(path string) string {
	parts := strings.Split(path, "[")
	for i, part := range parts[1:] {
		if rest := strings.TrimLeft(part, "0123456789"); strings.HasPrefix(rest, "]") {
			parts[i+1] = rest
		}
	}
	return strings.Join(parts, "[")
}

func walkDrift(data []byte, t reflect.Type, path string, report func(string)) {
	if t == nil {
		return
	}
	for t.Kind() == reflect.Pointer && !lenient.IsShaper(t) {
		t = t.Elem()
	}
	if shape, ok := lenient.Shape(data, t); ok {
		walkShape(data, shape, path, report)
		return
	}
	if lenient.HasDecoder(t) {
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
		walkList(data, func(int) reflect.Type { return t.Elem() }, path, report)
	}
}

// walkShape goes on with what a type with a decoder of its own expects; nil is anything.
func walkShape(data []byte, shape any, path string, report func(string)) {
	tuple, ok := shape.(lenient.Tuple)
	if !ok {
		walkDrift(data, reflect.TypeOf(shape), path, report)
		return
	}
	walkList(data, func(i int) reflect.Type {
		if i < len(tuple) {
			return reflect.TypeOf(tuple[i])
		}
		return nil
	}, path, report)
}

func walkList(data []byte, element func(index int) reflect.Type, path string, report func(string)) {
	var items []json.RawMessage
	if json.Unmarshal(data, &items) != nil {
		return
	}
	for i, item := range items {
		walkDrift(item, element(i), fmt.Sprintf("%s[%d]", path, i), report)
	}
}

func walkObject(data []byte, t reflect.Type, path string, report func(string)) {
	fields := lenient.FieldsOf(t)
	for name, value := range members(data) {
		field, known := fields.Find(name)
		if !known {
			report(join(path, name))
			continue
		}
		walkDrift(value, field.Type, join(path, name), report)
	}
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
