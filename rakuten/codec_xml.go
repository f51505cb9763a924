package rakuten

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go/internal/api"
)

// xmlFormat reads the answers of the XML families.
var xmlFormat api.Codec = xmlCodec{}

type xmlCodec struct{}

// Accept is the media types of the XML families. A refusal of the licence comes in JSON
// all the same.
func (xmlCodec) Accept() string { return "text/xml, application/xml" }

// Decode reads one document. One that breaks off is io.ErrUnexpectedEOF.
func (xmlCodec) Decode(data []byte, out any) error {
	err := xml.Unmarshal(data, out)
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok && strings.Contains(syntax.Msg, "unexpected EOF") {
		return fmt.Errorf("%w: %w", io.ErrUnexpectedEOF, err)
	}
	return err
}

// Unknown lists the paths of elements that a value of type t drops, each once.
func (xmlCodec) Unknown(data []byte, t reflect.Type) []string {
	w := xmlDrift{dec: xml.NewDecoder(bytes.NewReader(data)), seen: make(map[string]bool)}
	for {
		token, err := w.dec.Token()
		if err != nil {
			return nil
		}
		if start, ok := token.(xml.StartElement); ok {
			w.element(start.Name.Local, []reflect.Type{elementType(t)})
			slices.Sort(w.found)
			return w.found
		}
	}
}

type xmlDrift struct {
	dec   *xml.Decoder
	seen  map[string]bool
	found []string
}

// element walks one element, whose children the given types may take.
func (w *xmlDrift) element(path string, types []reflect.Type) {
	for {
		token, err := w.dec.Token()
		if err != nil {
			return
		}
		switch t := token.(type) {
		case xml.EndElement:
			return
		case xml.StartElement:
			inner := path + "." + t.Name.Local
			next, anything := childTypes(types, t.Name.Local)
			if anything || len(next) == 0 {
				if !anything && !w.seen[inner] {
					w.seen[inner] = true
					w.found = append(w.found, inner)
				}
				_ = w.dec.Skip()
				continue
			}
			w.element(inner, next)
		}
	}
}

// childTypes are the types of the fields that take a child of the given name; anything
// reports that a field takes every child.
func childTypes(types []reflect.Type, name string) (next []reflect.Type, anything bool) {
	for _, t := range types {
		if t.Kind() != reflect.Struct {
			continue
		}
		for field := range t.Fields() {
			tag, flags, _ := strings.Cut(field.Tag.Get("xml"), ",")
			if field.Anonymous && tag == "" {
				inner, all := childTypes([]reflect.Type{elementType(field.Type)}, name)
				next, anything = append(next, inner...), anything || all
				continue
			}
			if strings.Contains(flags, "innerxml") || strings.Contains(flags, "any") {
				return nil, true
			}
			if tag == "-" || field.Name == "XMLName" || strings.Contains(flags, "attr") || strings.Contains(flags, "chardata") {
				continue
			}
			if tag == "" {
				tag = field.Name
			}
			if i := strings.LastIndexByte(tag, ' '); i >= 0 {
				tag = tag[i+1:]
			}
			first, rest, wrapped := strings.Cut(tag, ">")
			if first != name {
				continue
			}
			if wrapped {
				next = append(next, wrappedType(rest, field.Type))
				continue
			}
			next = append(next, elementType(field.Type))
		}
	}
	return next, anything
}

// wrappedType is a struct type with one field for the rest of a tag with ">".
func wrappedType(rest string, t reflect.Type) reflect.Type {
	return reflect.StructOf([]reflect.StructField{{Name: "Wrapped", Type: t, Tag: reflect.StructTag(`xml:"` + rest + `"`)}})
}

// elementType is the type that one element decodes into.
func elementType(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 {
		t = t.Elem()
	}
	return t
}

// xmlBody is a request's body: a declaration and v, its elements in the order of its
// fields.
func xmlBody(v any) (api.Content, error) {
	data, err := xml.Marshal(v)
	if err != nil {
		return api.Content{}, fmt.Errorf("%w: body: %w", ErrInvalid, err)
	}
	return api.Content{Type: "application/xml; charset=utf-8", Data: append([]byte(xml.Header), data...)}, nil
}
