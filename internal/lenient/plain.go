package lenient

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"

	"github.com/shotengai/shotengai-go/internal/wire"
)

var (
	errNotText   = errors.New("not a text")
	errNotObject = errors.New("not an object")
	errNotList   = errors.New("not a list")
	errRange     = errors.New("out of range")
)

// reasonFor is why a value cannot be one of a type.
func reasonFor(t reflect.Type) error {
	switch kind := t.Kind(); {
	case t == numberType:
		return errNotNumber
	case kind == reflect.String:
		return errNotText
	case kind == reflect.Bool:
		return errNotBoolean
	case kind >= reflect.Int && kind <= reflect.Uint64:
		return errNotWhole
	case kind == reflect.Float32 || kind == reflect.Float64:
		return errNotNumber
	case kind == reflect.Slice || kind == reflect.Array:
		return errNotList
	}
	return errNotObject
}

var numberType = reflect.TypeFor[json.Number]()

// plain writes a string, a number or a literal for a type without a decoder of its own.
func (r *reader) plain(t reflect.Type, nullable bool) error {
	raw := r.word()
	if string(raw) == "null" {
		r.out = append(r.out, raw...)
		return nil
	}
	text, quoted := unquote(raw), raw[0] == '"'
	if quoted && isText(t) {
		r.clean(raw)
		return nil
	}
	if quoted && wire.IsNone(text) && (nullable || !isScalar(t)) {
		r.respell("null")
		return nil
	}
	spelt, err := spell(text, quoted, t)
	switch {
	case err != nil:
		return r.fail(refused(raw, err))
	case spelt == string(raw):
		r.out = append(r.out, raw...)
	default:
		r.respell(spelt)
	}
	return nil
}

// isText reports whether a type takes a string: one of bytes takes it in Base64.
func isText(t reflect.Type) bool {
	return t.Kind() == reflect.String && t != numberType || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}

func isScalar(t reflect.Type) bool {
	return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Float64
}

// spell spells a value as encoding/json takes it for a type.
func spell(text string, quoted bool, t reflect.Type) (string, error) {
	literal := !quoted && (text == "true" || text == "false")
	switch kind := t.Kind(); {
	case kind == reflect.Bool:
		value, err := Boolean(text)
		return strconv.FormatBool(value), err
	case t == numberType || kind == reflect.Float32 || kind == reflect.Float64:
		if !quoted && !literal {
			return text, nil
		}
		return Number(text)
	case kind >= reflect.Int && kind <= reflect.Uint64:
		digits, err := Integer(text)
		if err == nil {
			err = fits(digits, t)
		}
		return digits, err
	case isText(t) && kind == reflect.String:
		return strconv.Quote(text), nil
	}
	return "", reasonFor(t)
}

// fits reports why a whole number is beyond a type.
func fits(digits string, t reflect.Type) error {
	var err error
	if t.Kind() >= reflect.Uint {
		_, err = strconv.ParseUint(digits, 10, t.Bits())
	} else {
		_, err = strconv.ParseInt(digits, 10, t.Bits())
	}
	if err != nil {
		return errRange
	}
	return nil
}

// spellings are other spellings of a value, for a type that refuses the one that came.
func spellings(raw []byte) []string {
	text, quoted := unquote(raw), raw[0] == '"'
	if quoted && wire.IsNone(text) {
		return []string{"null"}
	}
	var list []string
	if digits, err := Integer(text); err == nil {
		list = append(list, digits)
	} else if number, err := Number(text); err == nil && quoted {
		list = append(list, number)
	}
	if value, err := Boolean(text); err == nil {
		list = append(list, strconv.FormatBool(value))
	}
	if !quoted {
		list = append(list, strconv.Quote(text))
	}
	return list
}

// unquote returns what a string says, and any other value as it is written.
func unquote(raw []byte) string {
	text := string(raw)
	if raw[0] == '"' {
		clean, _ := cleanString(nil, raw)
		_ = json.Unmarshal(clean, &text) // a string
	}
	return text
}
