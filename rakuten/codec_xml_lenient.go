package rakuten

import (
	"bytes"
	"encoding"
	"encoding/xml"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/lenient"
	"github.com/shotengai/shotengai-go/internal/wire"
)

// decodeLenient decodes a document that encoding/xml refuses: one with broken texts, with
// values that are spelt otherwise, or with a row that cannot be read. A field with the struct
// tag rows, which names the element that identifies a row, is a list of which each row is
// read alone: one that cannot be read is left out and noted. It is slower than encoding/xml,
// and meant to be asked only after that.
func decodeLenient(data []byte, out any, notes *api.Notes) error {
	r := newXMLReader(data)
	if err := r.document(reflect.TypeOf(out)); err != nil {
		return err
	}
	if err := xml.Unmarshal(r.out, out); err != nil {
		return err
	}
	notes.Rows = append(notes.Rows, r.rows...)
	notes.AddDrift(shotengai.DriftText, r.repaired...)
	notes.AddDrift(shotengai.DriftSpelling, r.respelt...)
	return nil
}

// xmlReader writes a document anew as encoding/xml takes it, guided by the type that it is
// decoded into.
type xmlReader struct {
	text  xmlText
	dec   *xml.Decoder
	depth int    // of the open elements
	seen  int    // how many repairs are behind the decoder
	out   []byte // what was written
	kept  int    // the text up to here is in out, or left out of it

	path []byte
	row  int // where the path inside the current row begins

	rows              []*shotengai.RowError
	repaired, respelt []string
}

func newXMLReader(data []byte) *xmlReader {
	text := cleanXML(data)
	return &xmlReader{text: text, dec: xml.NewDecoder(bytes.NewReader(text.data))}
}

// next returns the next token and where it begins.
func (r *xmlReader) next() (xml.Token, int, error) {
	at := int(r.dec.InputOffset())
	token, err := r.dec.Token()
	if err != nil {
		return nil, at, err
	}
	switch token.(type) {
	case xml.Directive:
		return nil, at, errDocumentType
	case xml.StartElement:
		r.depth++
	case xml.EndElement:
		r.depth--
	}
	for r.seen < len(r.text.repairs) && r.text.repairs[r.seen].at < int(r.dec.InputOffset()) {
		r.seen++
		r.repaired = append(r.repaired, string(r.path))
	}
	return token, at, nil
}

// skip reads on until no more than the given number of elements are open.
func (r *xmlReader) skip(depth int) error {
	for r.depth > depth {
		if _, _, err := r.next(); err != nil {
			return err
		}
	}
	return nil
}

// copyTo writes the text up to an offset.
func (r *xmlReader) copyTo(offset int) {
	r.out = append(r.out, r.text.data[r.kept:offset]...)
	r.kept = offset
}

// leaveOut writes the text up to an offset, and goes on behind the last token.
func (r *xmlReader) leaveOut(from int) {
	r.copyTo(from)
	r.kept = int(r.dec.InputOffset())
}

// at enters an element, and returns a function that leaves it.
func (r *xmlReader) at(step string) (leave func()) {
	length := len(r.path)
	if length > 0 {
		r.path = append(r.path, '.')
	}
	r.path = append(r.path, step...)
	return func() { r.path = r.path[:length] }
}

// fail is the error for the element at the current place.
func (r *xmlReader) fail(err error) error {
	return &lenient.Error{Path: strings.TrimPrefix(string(r.path[r.row:]), "."), Err: err}
}

// document reads up to the end of the root element, for a value of type t.
func (r *xmlReader) document(t reflect.Type) error {
	for {
		token, _, err := r.next()
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			defer r.at(start.Name.Local)()
			_, err := r.children([]reflect.Type{elementType(t)})
			r.copyTo(int(r.dec.InputOffset()))
			return err
		}
	}
}

// children reads the children of an element up to its end, and reports whether there is
// anything in it. The types are those of which one may have a field for a child.
func (r *xmlReader) children(types []reflect.Type) (content bool, err error) {
	counts := make(map[string]int)
	for {
		token, at, err := r.next()
		if err != nil {
			return content, err
		}
		switch token := token.(type) {
		case xml.EndElement:
			return content, nil
		case xml.CharData:
			content = true
		case xml.StartElement:
			content = true
			name := token.Name.Local
			if err := r.child(name, counts[name], at, types); err != nil {
				return content, err
			}
			counts[name]++
		}
	}
}

// child reads one child, which begins at an offset. Its index is among those of its name.
func (r *xmlReader) child(name string, index, at int, types []reflect.Type) error {
	fields, anything := childFields(types, name)
	if anything || len(fields) == 0 {
		defer r.at(name)()
		return r.skip(r.depth - 1)
	}
	field, list := fields[0], name
	if field.wrapped {
		list = string(r.path[bytes.LastIndexByte(r.path, '.')+1:])
	}
	step := name
	if field.list {
		step += "[" + strconv.Itoa(index) + "]"
	}
	defer r.at(step)()
	if field.rows {
		return r.oneRow(field, shotengai.RowError{List: list, Index: index}, at)
	}
	content, err := r.element(fields)
	if err == nil && !content {
		r.leaveOut(at)
	}
	return err
}

// element reads the content of an element, and reports whether there is any. One without
// content is as good as none.
func (r *xmlReader) element(fields []xmlField) (content bool, err error) {
	if fields[0].isValue() {
		return r.value(fields[0])
	}
	return r.children(elementsOf(fields))
}

// oneRow reads one row of a list, and leaves it out if it cannot be read.
func (r *xmlReader) oneRow(field xmlField, row shotengai.RowError, at int) error {
	outer, depth := r.row, r.depth-1
	r.copyTo(at)
	mark := len(r.out)
	r.row = len(r.path)
	content, err := r.element([]xmlField{field})
	r.row = outer
	wrong, isValue := errors.AsType[*lenient.Error](err)
	if err != nil && !isValue {
		return err
	}
	if err := r.skip(depth); err != nil {
		return err
	}
	end := int(r.dec.InputOffset())
	if err == nil && content {
		r.copyTo(end)
		if err := xml.Unmarshal(r.out[mark:], reflect.New(field.element).Interface()); err != nil {
			wrong = &lenient.Error{Err: err}
		}
	}
	if wrong != nil {
		row.ID = idOfElement(r.text.data[at:end], field.id)
		row.Path, row.Err = wrong.Path, wrong.Err
		row.Raw = slices.Clone(r.text.source[r.text.origin(at):r.text.origin(end)])
		r.rows = append(r.rows, &row)
	}
	if wrong != nil || !content {
		r.out, r.kept = r.out[:mark], end
	}
	return nil
}

// idOfElement is the text of the child that identifies a row.
func idOfElement(row []byte, name string) (id string) {
	dec := xml.NewDecoder(bytes.NewReader(row))
	for depth := 0; ; {
		token, err := dec.Token()
		if err != nil {
			return ""
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth == 2 && token.Name.Local == name {
				_ = dec.DecodeElement(&id, &token) // it was read once
				return strings.TrimSpace(id)
			}
		case xml.EndElement:
			depth--
		}
	}
}

// value reads an element for a field without children, and writes it as encoding/xml takes
// it.
func (r *xmlReader) value(field xmlField) (content bool, err error) {
	depth, from := r.depth, int(r.dec.InputOffset())
	var text []byte
	for {
		token, at, err := r.next()
		if err != nil {
			return content, err
		}
		if data, ok := token.(xml.CharData); ok && r.depth == depth {
			text, content = append(text, data...), true
		}
		if r.depth >= depth {
			continue
		}
		if !content || field.pointer && field.element.Kind() != reflect.String && wire.IsNone(bytes.TrimSpace(text)) {
			return false, nil
		}
		spelt, err := field.spell(string(text))
		if err != nil {
			return content, r.fail(err)
		}
		if spelt != string(text) {
			r.copyTo(from)
			r.out, r.kept = append(r.out, spelt...), at
			r.respelt = append(r.respelt, string(r.path))
		}
		return content, nil
	}
}

var errOutOfRange = errors.New("out of range")

// spell spells a text as encoding/xml takes it for the field.
func (f xmlField) spell(text string) (spelt string, err error) {
	t, plain := f.element, strings.TrimSpace(text)
	switch kind := t.Kind(); {
	case f.readsText():
		return respellFor(t, text)
	case kind == reflect.Bool:
		if _, err := strconv.ParseBool(plain); err == nil {
			return text, nil
		}
		var value bool
		value, err = lenient.Boolean(text)
		spelt = strconv.FormatBool(value)
	case kind >= reflect.Int && kind <= reflect.Uint64:
		if fits(plain, t) == nil {
			return text, nil
		}
		if spelt, err = lenient.Integer(text); err == nil && fits(spelt, t) != nil {
			err = errOutOfRange
		}
	case kind == reflect.Float32 || kind == reflect.Float64:
		if _, err := strconv.ParseFloat(plain, t.Bits()); err == nil {
			return text, nil
		}
		spelt, err = lenient.Number(text)
	default:
		return text, nil
	}
	if err != nil {
		err = fmt.Errorf("%q is %w", wire.Excerpt(text), err)
	}
	return spelt, err
}

// fits reports whether digits are a whole number of a type.
func fits(digits string, t reflect.Type) error {
	var err error
	if t.Kind() >= reflect.Uint {
		_, err = strconv.ParseUint(digits, 10, t.Bits())
	} else {
		_, err = strconv.ParseInt(digits, 10, t.Bits())
	}
	return err
}

// respellFor finds the spelling of a text that a type takes which reads it by itself.
func respellFor(t reflect.Type, text string) (string, error) {
	read := func(spelling string) error {
		value, _ := reflect.TypeAssert[encoding.TextUnmarshaler](reflect.New(t))
		return value.UnmarshalText([]byte(spelling))
	}
	refusal := read(text)
	if refusal == nil {
		return text, nil
	}
	spellings := []string{strings.TrimSpace(text)}
	if digits, err := lenient.Integer(text); err == nil {
		spellings = append(spellings, digits)
	}
	for _, spelling := range spellings {
		if read(spelling) == nil {
			return spelling, nil
		}
	}
	return "", refusal
}
