package rakuten

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
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
// breaks off is io.ErrUnexpectedEOF.
func (xmlCodec) Decode(data []byte, out any, _ *api.Notes) error {
	data, err := withoutEmpty(data)
	if err == nil {
		err = xml.Unmarshal(data, out)
	}
	syntax, isSyntax := errors.AsType[*xml.SyntaxError](err)
	if errors.Is(err, io.EOF) || isSyntax && strings.Contains(syntax.Msg, "unexpected EOF") {
		return fmt.Errorf("%w: %w", io.ErrUnexpectedEOF, err)
	}
	return err
}

var errDocumentType = errors.New("the answer has a document type declaration, which is refused")

// withoutEmpty is a document less the elements without content. What is wrong with it is
// left to the reader.
func withoutEmpty(data []byte) ([]byte, error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	var out []byte
	var name xml.Name
	kept, depth, open := int64(0), 0, int64(-1) // open is where an element begins that has had no content so far
	for at, token := range rawTokens(dec) {
		switch t := token.(type) {
		case xml.Directive:
			return nil, errDocumentType
		case xml.Comment, xml.ProcInst:
			continue
		case xml.StartElement:
			depth++
			name, open = t.Name, at
			continue
		case xml.EndElement:
			depth--
			if open >= 0 && depth > 0 && name == t.Name {
				out = append(out, data[kept:open]...)
				kept = dec.InputOffset()
			}
		}
		open = -1
	}
	if kept == 0 {
		return data, nil
	}
	return append(out, data[kept:]...), nil
}

// rawTokens are the tokens of a document with where each begins, up to the first that
// cannot be read.
func rawTokens(dec *xml.Decoder) iter.Seq2[int64, xml.Token] {
	return func(yield func(int64, xml.Token) bool) {
		for {
			at := dec.InputOffset()
			token, err := dec.RawToken()
			if err != nil || !yield(at, token) {
				return
			}
		}
	}
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
			if strings.Contains(flags, "innerxml") {
				return nil, true
			}
			if strings.Contains(flags, "any") {
				shape, known := shapeOfElement(elementType(field.Type))
				if !known {
					return nil, true
				}
				next = append(next, shape)
				continue
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
		Echo string `xml:",innerxml"`
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
