package rakuten

import (
	"bytes"
	"cmp"
	"encoding"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// xmlFormat reads the answers of the XML families.
var xmlFormat api.Codec = xmlCodec{}

type xmlCodec struct{}

// Accept is the media types of the XML families. A refusal of the licence comes in JSON
// all the same.
func (xmlCodec) Accept() string { return "text/xml, application/xml" }

// Decode reads one document. An element without content is as good as none: numbers come
// as empty elements where there are none, and a pointer then stays nil. A document that
// breaks off is io.ErrUnexpectedEOF. What encoding/xml refuses is read once more, see
// decodeLenient.
func (xmlCodec) Decode(data []byte, out any, notes *api.Notes) error {
	var err error
	if !notes.Broken {
		if err = decodeContent(data, out); err == nil || errors.Is(err, errDocumentType) {
			return err
		}
		empty(out)
	}
	if err == nil || !isBrokenOff(err) {
		err = decodeLenient(data, out, notes)
	}
	switch {
	case err == nil:
		return nil
	case isBrokenOff(err):
		return fmt.Errorf("%w: %w", io.ErrUnexpectedEOF, err)
	case strings.Contains(err.Error(), "CharsetReader"):
		return fmt.Errorf("%w: %w", api.ErrCharset, err)
	}
	return err
}

// isBrokenOff reports whether a document ends before its root element does.
func isBrokenOff(err error) bool {
	syntax, ok := errors.AsType[*xml.SyntaxError](err)
	return errors.Is(err, io.EOF) || ok && strings.Contains(syntax.Msg, "unexpected EOF")
}

// empty takes out of a value what a failed reading has left in it: the next one would add its
// rows to those.
func empty(out any) {
	if v := reflect.ValueOf(out); v.Kind() == reflect.Pointer && !v.IsNil() {
		v.Elem().SetZero()
	}
}

// Unknown lists the paths of elements that a value of type t drops, each once.
func (xmlCodec) Unknown(data []byte, t reflect.Type) []string {
	w := xmlDrift{dec: xml.NewDecoder(bytes.NewReader(cleanXML(data).data)), seen: make(map[string]bool)}
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
			next, anything := childFields(types, t.Name.Local)
			if anything || len(next) == 0 {
				if !anything && !w.seen[inner] {
					w.seen[inner] = true
					w.found = append(w.found, inner)
				}
				_ = w.dec.Skip()
				continue
			}
			w.element(inner, elementsOf(next))
		}
	}
}

// xmlField is what a child of an element is decoded into.
type xmlField struct {
	element reflect.Type // of one element, if it is a list
	pointer bool
	list    bool
	rows    bool   // each of the list may fail alone: the struct tag rows
	id      string // the child that identifies a row, as that tag names it
	wrapped bool   // the element around it has nothing else
}

func newXMLField(t reflect.Type, tag reflect.StructTag) xmlField {
	f := xmlField{element: elementType(t), pointer: t.Kind() == reflect.Pointer, list: t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8}
	f.id, f.rows = tag.Lookup("rows")
	return f
}

// isValue reports whether the field takes an element's text, and not its children.
func (f xmlField) isValue() bool { return f.element.Kind() != reflect.Struct || f.readsText() }

// readsText reports whether the field's type reads a text by itself.
func (f xmlField) readsText() bool { return reflect.PointerTo(f.element).Implements(textReader) }

var textReader = reflect.TypeFor[encoding.TextUnmarshaler]()

func elementsOf(fields []xmlField) []reflect.Type {
	types := make([]reflect.Type, len(fields))
	for i, f := range fields {
		types[i] = f.element
	}
	return types
}

// childFields are the fields that take a child of the given name; anything reports that one
// takes every child.
func childFields(types []reflect.Type, name string) (next []xmlField, anything bool) {
	for _, t := range types {
		if t.Kind() != reflect.Struct {
			continue
		}
		for field := range t.Fields() {
			takers, all := takersOf(field, name)
			next, anything = append(next, takers...), anything || all
		}
	}
	return next, anything
}

// takersOf is childFields for one field, or those of an embedded one.
func takersOf(field reflect.StructField, name string) (takers []xmlField, anything bool) {
	tag, flags, _ := strings.Cut(field.Tag.Get("xml"), ",")
	switch {
	case field.Anonymous && tag == "":
		return childFields([]reflect.Type{elementType(field.Type)}, name)
	case strings.Contains(flags, "innerxml"):
		return nil, true
	case strings.Contains(flags, "any"):
		shape, known := shapeOfElement(elementType(field.Type))
		return []xmlField{{element: shape, list: true}}, !known
	case tag == "-" || field.Name == "XMLName" || strings.Contains(flags, "attr") || strings.Contains(flags, "chardata"):
		return nil, false
	}
	tag = cmp.Or(tag, field.Name)
	first, rest, wrapped := strings.Cut(tag[strings.LastIndexByte(tag, ' ')+1:], ">")
	switch {
	case first != name:
		return nil, false
	case wrapped:
		return []xmlField{{element: wrapperOf(rest, field)}}, false
	}
	child := newXMLField(field.Type, field.Tag)
	child.wrapped = field.Name == wrapperField
	return []xmlField{child}, false
}

// xmlShaper is implemented by types that read an element of any name by themselves.
type xmlShaper interface {
	xmlShape() reflect.Type // the type that the element's children go to
}

func shapeOfElement(t reflect.Type) (reflect.Type, bool) {
	shaper, ok := reflect.TypeAssert[xmlShaper](reflect.Zero(t))
	if !ok {
		return nil, false
	}
	return elementType(shaper.xmlShape()), true
}

const wrapperField = "Wrapped"

// wrapperOf is a struct type with one field for the rest of a tag with ">".
func wrapperOf(rest string, field reflect.StructField) reflect.Type {
	tag := `xml:"` + rest + `"`
	if id, rows := field.Tag.Lookup("rows"); rows {
		tag += ` rows:"` + id + `"`
	}
	return reflect.StructOf([]reflect.StructField{{Name: wrapperField, Type: field.Type, Tag: reflect.StructTag(tag)}})
}

// elementType is the type that one element decodes into.
func elementType(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 {
		t = t.Elem()
	}
	return t
}

// xmlAnswer is what the answers of the cabinet, product and coupon families begin with.
type xmlAnswer struct {
	Status xmlStatus `xml:"status"`
}

// xmlStatus is what an answer of the cabinet, product and coupon families says of itself.
// What it repeats of the request is not kept: elements in there have the names of those in
// the answer.
type xmlStatus struct {
	InterfaceID  string `xml:"interfaceId"`
	SystemStatus string `xml:"systemStatus"` // OK or NG
	Message      string `xml:"message"`
	RequestID    string `xml:"requestId"`
	Requests     struct {
		Echo []struct{} `xml:",any"`
	} `xml:"requests"`
}

// xmlBody is a request's body: a declaration and v, its elements in the order of its
// fields. The encoder writes the element around a list also where the list is empty: those
// that are given, inner ones first, are then left out.
func xmlBody(v any, lists ...string) (api.Content, error) {
	data, err := xml.Marshal(v)
	if err != nil {
		return api.Content{}, fmt.Errorf("%w: body: %w", shotengai.ErrInvalid, err)
	}
	// The encoder writes this in the place of what XML cannot carry.
	if bytes.ContainsRune(data, utf8.RuneError) {
		return api.Content{}, fmt.Errorf("%w: body: a text has a control character or is not UTF-8", shotengai.ErrInvalid)
	}
	for _, list := range lists {
		data = bytes.ReplaceAll(data, []byte("<"+list+"></"+list+">"), nil)
	}
	return api.Content{Type: "application/xml; charset=utf-8", Data: append([]byte(xml.Header), data...)}, nil
}
