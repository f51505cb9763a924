package api

import (
	"encoding/json"
	"reflect"
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
