package api

import (
	"encoding/json"
	"reflect"
	"slices"
)

// Codec reads a platform's answers.
type Codec interface {
	// Accept is the media type to ask for.
	Accept() string
	Decode(data []byte, out any) error
	// Unknown lists the paths of members that data has and a value of type t would drop.
	Unknown(data []byte, t reflect.Type) []string
}

// JSON is the codec of most platforms.
var JSON Codec = jsonCodec{}

type jsonCodec struct{}

func (jsonCodec) Accept() string                               { return "application/json" }
func (jsonCodec) Decode(data []byte, out any) error            { return json.Unmarshal(data, out) }
func (jsonCodec) Unknown(data []byte, t reflect.Type) []string { return unknownMembers(data, t) }

// saysNothing tells whether data has no member of the struct that out points to, or only
// nulls: an error in the clothes of a success, such as {} or {"errors":[...]}. A struct
// that came out other than zero had one.
func saysNothing(data []byte, out any) bool {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct || !v.Elem().IsZero() {
		return false
	}
	if _, own := out.(json.Unmarshaler); own || v.Elem().NumField() == 0 {
		return false
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return false
	}
	unknown := unknownMembers(data, v.Type())
	for name, value := range members {
		if string(value) != "null" && !slices.Contains(unknown, name) {
			return false
		}
	}
	return true
}
