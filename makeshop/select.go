package makeshop

import (
	"cmp"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Select writes the selection of a struct: the names of its fields, and below each struct,
// or list of structs, the selection of that. A document needs it in braces:
//
//	type Order struct {
//		DisplayOrderNumber string
//		Total              int64 `json:"sumPrice"`
//	}
//	document := "query ($input: SearchOrderRequest!) { searchOrder(input: $input) { orders { " + makeshop.Select[Order]() + " } } }"
//
// A field is asked for by its json name, or else by its own with a small first letter.
// The tag graphql:"…" is written as it is in place of the name, for an argument or, with
// the json name as alias, for another field; graphql:"-" asks for nothing. Fields that
// json leaves out are left out here. Types with a decoder of their own, such as time.Time
// and [Scalar], have no selection below them, and neither have maps and interfaces.
//
// The selection of a type is written once. A type without one, such as a struct that
// contains itself, is reported by the call that is made with it.
func Select[T any]() string {
	t := reflect.TypeFor[T]()
	if text, ok := selections.Load(t); ok {
		return text.(string) //nolint:errcheck,forcetypeassert // nothing else is stored
	}
	text, err := selection(t, nil)
	if err == nil && text == "" {
		err = fmt.Errorf("%s has no fields", t)
	}
	if err != nil {
		text = notSelected + "select: " + err.Error() + notSelected
	}
	stored, _ := selections.LoadOrStore(t, text)
	return stored.(string) //nolint:errcheck,forcetypeassert // nothing else is stored
}

// selections are the texts by type.
var selections sync.Map

// notSelected marks a selection that could not be written; the reason is between two of
// them. It is no character of a document.
const notSelected = "\x00"

var (
	jsonDecoder = reflect.TypeFor[json.Unmarshaler]()
	textDecoder = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// selection writes what is below a field of type t, "" when there is nothing below.
func selection(t reflect.Type, within []reflect.Type) (string, error) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		if decodes(t) {
			return "", nil
		}
		t = t.Elem()
	}
	switch {
	case t.Kind() != reflect.Struct, decodes(t):
		return "", nil
	case slices.Contains(within, t):
		return "", fmt.Errorf("%s contains itself", t)
	}
	var pieces []string
	for field := range t.Fields() {
		piece, err := selectField(field, append(within, t))
		if err != nil {
			return "", err
		}
		if piece != "" {
			pieces = append(pieces, piece)
		}
	}
	return strings.Join(pieces, " "), nil
}

func selectField(field reflect.StructField, within []reflect.Type) (string, error) {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	asked := field.Tag.Get("graphql")
	if field.Tag.Get("json") == "-" || asked == "-" {
		return "", nil
	}
	below, err := selection(field.Type, within)
	if err != nil {
		return "", err
	}
	if field.Anonymous && name == "" && asked == "" && structOf(field.Type) {
		return below, nil // its fields are the outer one's
	}
	if !field.IsExported() {
		return "", nil
	}
	text := cmp.Or(asked, name, lowerFirst(field.Name))
	if asked == "" && !isName(text) {
		return "", fmt.Errorf("field %s of %s: %q is no name", field.Name, within[len(within)-1], text)
	}
	switch {
	case below != "":
		return text + " { " + below + " }", nil
	case structOf(field.Type) && !decodes(field.Type):
		return "", fmt.Errorf("field %s of %s: %s has no fields", field.Name, within[len(within)-1], field.Type)
	}
	return text, nil
}

// decodes reports whether a type reads its JSON itself.
func decodes(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Implements(jsonDecoder) || p.Implements(jsonDecoder) || t.Implements(textDecoder) || p.Implements(textDecoder)
}

// structOf reports whether a type is a struct, or a pointer to one.
func structOf(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct
}

func lowerFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}
