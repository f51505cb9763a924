package api

import (
	"encoding/json"
	"reflect"
	"slices"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/lenient"
)

// Codec reads a platform's answers.
type Codec interface {
	// Accept is the media type to ask for.
	Accept() string
	// Decode reads an answer, also one with odd spellings and broken texts. A row that cannot
	// be read alone is left out of its list and put down in the notes.
	Decode(data []byte, out any, notes *Notes) error
	// Unknown lists the paths of members that data has and a value of type t would drop.
	Unknown(data []byte, t reflect.Type) []string
}

// JSON is the codec of most platforms.
var JSON Codec = jsonCodec{}

type jsonCodec struct{}

func (jsonCodec) Accept() string { return "application/json" }

// Decode is json.Unmarshal, and the slower lenient reading only where that fails.
func (jsonCodec) Decode(data []byte, out any, notes *Notes) error {
	if notes.Broken || json.Unmarshal(data, out) != nil {
		report, err := lenient.JSON(data, out)
		if err != nil {
			return err
		}
		notes.add(report)
	}
	if len(notes.Rows) == 0 && saysNothing(data, out) {
		return errNothingExpected
	}
	return nil
}

func (jsonCodec) Unknown(data []byte, t reflect.Type) []string {
	return unknownMembers(data, t)
}

// saysNothing reports whether data has no member of the struct that out points to, or only
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

// watching is a codec that looks for unknown members and for halves of surrogate pairs,
// which the decoder replaces by itself. It is that of a request under strict decoding or with
// a drift report.
type watching struct{ Codec }

func (w watching) Decode(data []byte, out any, notes *Notes) error {
	notes.Broken = notes.Broken || lenient.HalfSurrogates(data)
	if err := w.Codec.Decode(data, out, notes); err != nil {
		return err
	}
	notes.AddDrift(shotengai.DriftUnknown, w.Unknown(data, reflect.TypeOf(out))...)
	return nil
}
