package hooks

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go/internal/strictjson"
)

// node is an element of a document that was read strictly.
type node struct {
	name     string
	attrs    []xml.Attr
	children []*node
	text     []byte
}

// Limits of a document, beside that of the body.
const (
	maxXMLDepth = strictjson.MaxDepth
	maxXMLNodes = 50_000
)

// parseXML reads one document of one element. It refuses document type declarations,
// processing instructions, entities other than the five of XML, encodings other than
// UTF-8 and anything after the document.
func parseXML(body []byte) (*node, error) {
	if !utf8.Valid(body) || bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
		return nil, fmt.Errorf("%w: not UTF-8 without a byte order mark", ErrPayload)
	}
	p := xmlParser{decoder: xml.NewDecoder(bytes.NewReader(body))} //nolint:gosec // tokens alone are read, into no type, and no entity is resolved
	for {
		at := p.decoder.InputOffset()
		token, err := p.decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: malformed XML at byte %d", ErrPayload, p.decoder.InputOffset())
		}
		problem := p.token(token, at)
		if problem == "" && replaced(token, body[at:p.decoder.InputOffset()]) {
			problem = "a reference to no character"
		}
		if problem != "" {
			return nil, fmt.Errorf("%w: %s at byte %d", ErrPayload, problem, at)
		}
	}
	if p.root == nil {
		return nil, fmt.Errorf("%w: no element", ErrPayload)
	}
	return p.root, nil
}

type xmlParser struct {
	decoder *xml.Decoder
	root    *node
	open    []*node
	nodes   int
}

// token takes one token in and returns what is wrong with it.
func (p *xmlParser) token(token xml.Token, at int64) (problem string) {
	switch token := token.(type) {
	case xml.StartElement:
		return p.start(token)
	case xml.EndElement:
		p.open = p.open[:len(p.open)-1]
	case xml.CharData:
		return p.chars(token)
	case xml.ProcInst:
		if token.Target != "xml" || at != 0 {
			return "a processing instruction"
		}
	case xml.Directive:
		return "a document type declaration"
	}
	return ""
}

// replaced reports whether the decoder has put a replacement character where raw has
// none, as it does for a reference to half a surrogate pair.
func replaced(token xml.Token, raw []byte) bool {
	const replacement = "\ufffd"
	count := 0
	switch token := token.(type) {
	case xml.CharData:
		count = bytes.Count(token, []byte(replacement))
	case xml.StartElement:
		for _, attr := range token.Attr {
			count += strings.Count(attr.Value, replacement)
		}
	}
	return count > bytes.Count(raw, []byte(replacement))
}

func (p *xmlParser) start(token xml.StartElement) string {
	p.nodes++
	switch {
	case p.root != nil && len(p.open) == 0:
		return "a second document"
	case len(p.open) == maxXMLDepth:
		return "nested too deep"
	case p.nodes > maxXMLNodes:
		return "too many elements"
	}
	n := &node{name: token.Name.Local, attrs: token.Attr}
	if len(p.open) == 0 {
		p.root = n
	} else {
		parent := p.open[len(p.open)-1]
		parent.children = append(parent.children, n)
	}
	p.open = append(p.open, n)
	return ""
}

func (p *xmlParser) chars(text []byte) string {
	if len(p.open) == 0 {
		if len(bytes.TrimSpace(text)) > 0 {
			return "text outside of the document"
		}
		return ""
	}
	n := p.open[len(p.open)-1]
	n.text = append(n.text, text...)
	return ""
}

// all returns the children of a name.
func (n *node) all(name string) []*node {
	var found []*node
	for _, c := range n.children {
		if c.name == name {
			found = append(found, c)
		}
	}
	return found
}

// one returns the only child of a name, or nil; two are an error, because two readers
// would take different ones. Names that differ only in case count as the same.
func (n *node) one(f *fields, name string) *node {
	var found *node
	spellings := 0
	for _, c := range n.children {
		if !strings.EqualFold(c.name, name) {
			continue
		}
		if spellings++; spellings > 1 {
			f.fail(name, "twice")
			return nil
		}
		if c.name == name {
			found = c
		}
	}
	return found
}

// value returns the text of the only child of a name, without white space around it.
func (n *node) value(f *fields, name string) string {
	c := n.one(f, name)
	if c == nil {
		return ""
	}
	if len(c.children) > 0 {
		f.fail(name, "elements in the place of text")
	}
	return string(bytes.TrimSpace(c.text))
}

// attr returns the value of an attribute.
func (n *node) attr(f *fields, name string) string {
	value, seen := "", false
	for _, a := range n.attrs {
		if a.Name.Local != name {
			continue
		}
		if seen {
			f.fail("@"+name, "twice")
		}
		value, seen = a.Value, true
	}
	return value
}
