package graphql

import "slices"

// maxDepth is how deep a document may nest.
const maxDepth = 64

type parser struct {
	lex   *lexer
	tok   token
	depth int
	err   *Error
}

func newParser(src string) *parser {
	p := &parser{lex: newLexer(src)}
	p.advance()
	return p
}

// advance moves to the next token. After an error all tokens are the end.
func (p *parser) advance() token {
	was := p.tok
	if p.err != nil {
		return was
	}
	next, err := p.lex.next()
	if err != nil {
		p.fail(err)
		return was
	}
	p.tok = next
	return was
}

func (p *parser) fail(err *Error) {
	if p.err == nil {
		p.err = err
	}
	p.tok = token{kind: endOfText, at: p.tok.at}
}

func (p *parser) unexpected() { p.fail(parseError(p.tok.at, "Unexpected %s", p.tok.describe())) }

func (p *parser) is(punct string) bool { return p.tok.kind == punctuator && p.tok.text == punct }

func (p *parser) skip(punct string) bool {
	if !p.is(punct) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(punct string) {
	if !p.skip(punct) {
		p.fail(parseError(p.tok.at, "Expected %s, found %s", punct, p.tok.describe()))
	}
}

func (p *parser) word(keyword string) bool { return p.tok.kind == name && p.tok.text == keyword }

func (p *parser) name() string {
	if p.tok.kind != name {
		p.fail(parseError(p.tok.at, "Expected Name, found %s", p.tok.describe()))
		return ""
	}
	return p.advance().text
}

// many calls each, at least once, until the closing punctuator.
func (p *parser) many(open, shut string, each func()) {
	p.expect(open)
	if p.depth++; p.depth > maxDepth {
		p.fail(parseError(p.tok.at, "The document nests too deep."))
	}
	for p.err == nil {
		each()
		if p.skip(shut) {
			break
		}
	}
	p.depth--
}

func parseDocument(src string) (*document, *Error) {
	p := newParser(src)
	d := &document{}
	for p.err == nil && p.tok.kind != endOfText {
		switch {
		case p.is("{"):
			d.operations = append(d.operations, &operation{kind: "query", at: p.tok.at, selections: p.selections()})
		case p.word("query"), p.word("mutation"), p.word("subscription"):
			d.operations = append(d.operations, p.operation())
		case p.word("fragment"):
			d.fragments = append(d.fragments, p.fragment())
		default:
			p.unexpected()
		}
	}
	return d, p.err
}

func (p *parser) operation() *operation {
	o := &operation{at: p.tok.at, kind: p.name()}
	if p.tok.kind == name {
		o.name = p.name()
	}
	if p.is("(") {
		p.many("(", ")", func() { o.variables = append(o.variables, p.variable()) })
	}
	o.directives = p.directives()
	o.selections = p.selections()
	return o
}

func (p *parser) variable() *variable {
	v := &variable{at: p.tok.at}
	p.expect("$")
	v.name = p.name()
	p.expect(":")
	v.typ = p.typeRef()
	if p.skip("=") {
		v.value = p.value(true)
	}
	p.directives()
	return v
}

func (p *parser) fragment() *fragment {
	f := &fragment{at: p.tok.at}
	p.advance()
	if p.word("on") {
		p.unexpected()
	}
	f.name = p.name()
	if !p.word("on") {
		p.unexpected()
	}
	p.advance()
	f.on = p.name()
	f.directives = p.directives()
	f.selections = p.selections()
	return f
}

func (p *parser) selections() []*selection {
	var all []*selection
	p.many("{", "}", func() { all = append(all, p.selection()) })
	return all
}

func (p *parser) selection() *selection {
	s := &selection{at: p.tok.at}
	if p.skip("...") {
		switch {
		case p.word("on"):
			p.advance()
			s.inline, s.on = true, p.name()
		case p.tok.kind == name:
			s.spread = p.name()
			s.directives = p.directives()
			return s
		default:
			s.inline = true
		}
		s.directives = p.directives()
		s.selections = p.selections()
		return s
	}
	s.name = p.name()
	if p.skip(":") {
		s.alias, s.name = s.name, p.name()
	}
	s.arguments = p.arguments(false)
	s.directives = p.directives()
	if p.is("{") {
		s.selections = p.selections()
	}
	return s
}

func (p *parser) arguments(constant bool) []*argument {
	var all []*argument
	if p.is("(") {
		p.many("(", ")", func() { all = append(all, p.argument(constant)) })
	}
	return all
}

func (p *parser) argument(constant bool) *argument {
	a := &argument{at: p.tok.at, name: p.name()}
	p.expect(":")
	a.value = p.value(constant)
	return a
}

func (p *parser) directives() []*directive {
	var all []*directive
	for p.err == nil && p.is("@") {
		d := &directive{at: p.tok.at}
		p.advance()
		d.name = p.name()
		d.arguments = p.arguments(false)
		all = append(all, d)
	}
	return all
}

func (p *parser) value(constant bool) *value {
	v := &value{at: p.tok.at, raw: p.tok.text}
	switch p.tok.kind {
	case intNumber:
		v.kind = intValue
	case floatNumber:
		v.kind = floatValue
	case text:
		v.kind = stringValue
	case name:
		switch {
		case slices.Contains([]string{"true", "false"}, v.raw):
			v.kind = booleanValue
		case v.raw == "null":
			v.kind = nullValue
		default:
			v.kind = enumValue
		}
	default:
		p.compound(v, constant)
		return v
	}
	p.advance()
	return v
}

func (p *parser) compound(v *value, constant bool) {
	switch {
	case p.is("[") || p.is("{"):
		object := p.is("{")
		shut := "]"
		each := func() { v.list = append(v.list, p.value(constant)) }
		v.kind = listValue
		if object {
			v.kind, shut = objectValue, "}"
			each = func() { v.fields = append(v.fields, p.argument(constant)) }
		}
		p.possiblyNone(shut, each)
	case p.is("$") && !constant:
		p.advance()
		v.kind, v.raw = variableValue, p.name()
	default:
		p.unexpected()
	}
}

// possiblyNone is many for a list that may be empty.
func (p *parser) possiblyNone(shut string, each func()) {
	open := p.advance().text
	if p.skip(shut) {
		return
	}
	if p.depth++; p.depth > maxDepth {
		p.fail(parseError(p.tok.at, "The document nests too deep after %s.", open))
	}
	for p.err == nil {
		each()
		if p.skip(shut) {
			break
		}
	}
	p.depth--
}

func (p *parser) typeRef() *typeRef {
	t := &typeRef{}
	if p.skip("[") {
		if p.depth++; p.depth > maxDepth {
			p.fail(parseError(p.tok.at, "The document nests too deep."))
			return &typeRef{}
		}
		t.elem = p.typeRef()
		p.depth--
		p.expect("]")
	} else {
		t.name = p.name()
	}
	t.nonNull = p.skip("!")
	return t
}
