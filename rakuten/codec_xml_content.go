package rakuten

import (
	"bytes"
	"encoding/xml"
	"errors"
	"iter"
	"reflect"
	"strings"
	"sync"
)

var errDocumentType = errors.New("the answer has a document type declaration, which is refused")

// decodeContent is xml.Unmarshal for a document less its elements without content.
func decodeContent(data []byte, out any) error {
	if takesSource(reflect.TypeOf(out)) {
		plain, err := withoutEmpty(data)
		if err != nil {
			return err
		}
		return xml.Unmarshal(plain, out)
	}
	content := &xmlContent{dec: xml.NewDecoder(bytes.NewReader(data))}
	err := xml.NewTokenDecoder(content).Decode(out)
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		syntax.Line, _ = content.dec.InputPos() // a decoder of tokens counts no lines
	}
	return err
}

// xmlContent is the tokens of a document less the elements without content, comments and
// processing instructions. The root is always there.
type xmlContent struct {
	dec      *xml.Decoder
	depth    int
	held     xml.Token // what comes next, behind the start of an element with content
	heldFail error
}

// Token implements [xml.TokenReader].
func (c *xmlContent) Token() (xml.Token, error) {
	for {
		token, err := c.next()
		if err != nil {
			return nil, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			return token, nil
		}
		if c.held, c.heldFail = c.next(); c.depth == 0 || !ends(c.held, start) {
			return token, nil
		}
		c.held = nil
	}
}

func ends(token xml.Token, start xml.StartElement) bool {
	end, ok := token.(xml.EndElement)
	return ok && end.Name == start.Name
}

// next is the next token, the held one first.
func (c *xmlContent) next() (xml.Token, error) {
	if token, err := c.held, c.heldFail; token != nil || err != nil {
		c.held, c.heldFail = nil, nil
		return token, err
	}
	for {
		token, err := c.dec.RawToken()
		if err != nil {
			return nil, err
		}
		switch token.(type) {
		case xml.Directive:
			return nil, errDocumentType
		case xml.Comment, xml.ProcInst:
			continue
		case xml.StartElement:
			c.depth++
		case xml.EndElement:
			c.depth--
		}
		return token, nil
	}
}

var sourceTakers sync.Map // what takesSource has found, by type

// takesSource reports whether a value of a type takes elements as they are written, or reads
// them by itself: a decoder of tokens cannot serve it.
func takesSource(t reflect.Type) bool {
	if t == nil {
		return false
	}
	found, ok := sourceTakers.Load(t)
	if !ok {
		found = findSourceTaker(t, make(map[reflect.Type]bool))
		sourceTakers.Store(t, found)
	}
	takes, _ := found.(bool)
	return takes
}

func findSourceTaker(t reflect.Type, seen map[reflect.Type]bool) bool {
	t = elementType(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	if _, ours := shapeOfElement(t); !ours && reflect.PointerTo(t).Implements(elementReader) {
		return true
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	for field := range t.Fields() {
		if strings.Contains(field.Tag.Get("xml"), ",innerxml") || findSourceTaker(field.Type, seen) {
			return true
		}
	}
	return false
}

var elementReader = reflect.TypeFor[xml.Unmarshaler]()

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
