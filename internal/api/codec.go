package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/shotengai/shotengai-go"
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

func (jsonCodec) Accept() string { return "application/json" }
func (jsonCodec) Decode(data []byte, out any) error {
	if err := json.Unmarshal(data, out); err != nil {
		return err
	}
	if saysNothing(data, out) {
		return errNothingExpected
	}
	return nil
}
func (jsonCodec) Unknown(data []byte, t reflect.Type) []string { return unknownMembers(data, t) }

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

// watching is a codec that looks for unknown members after it has decoded.
type watching struct {
	Codec
	report func(paths []string) error
}

func (w watching) Decode(data []byte, out any) error {
	if err := w.Codec.Decode(data, out); err != nil {
		return err
	}
	if unknown := w.Unknown(data, reflect.TypeOf(out)); len(unknown) > 0 {
		return w.report(unknown)
	}
	return nil
}

// watched is the codec of a request under strict decoding or with a drift report.
func (e *Engine) watched(r *Request) Codec {
	operation := r.Operation
	return watching{r.Decode, func(paths []string) error {
		if e.config.DriftReport == nil {
			return fmt.Errorf("%w: %v", ErrUnknownMember, paths)
		}
		for _, path := range paths {
			e.config.DriftReport(shotengai.Drift{Platform: e.platform.Name, Operation: operation, Path: path})
		}
		return nil
	}}
}
