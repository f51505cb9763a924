package graphql

import "fmt"

// Schema is a set of types. It does not change once it is read.
type Schema struct {
	types map[string]*definition
}

type definition struct {
	// kind is type, input, enum or scalar.
	kind   string
	name   string
	fields map[string]*fieldDefinition
	// order are the names of the fields, or the values of an enum.
	order []string
}

type fieldDefinition struct {
	name      string
	typ       *typeRef
	arguments map[string]*fieldDefinition
	// order are the names of the arguments.
	order []string
}

// leaf reports whether a type has no fields.
func (d *definition) leaf() bool { return d.kind == "scalar" || d.kind == "enum" }

// ReadSchema reads definitions of types, inputs, enums and scalars; "extend type"
// adds fields to an earlier one.
func ReadSchema(sdl string) (*Schema, error) {
	s := &Schema{types: map[string]*definition{}}
	for _, scalar := range []string{"Int", "Float", "String", "Boolean", "ID"} {
		s.types[scalar] = &definition{kind: "scalar", name: scalar}
	}
	p := newParser(sdl)
	for p.err == nil && p.tok.kind != endOfText {
		s.define(p)
	}
	if p.err != nil {
		return nil, fmt.Errorf("line %d: %w", p.err.Locations[0].Line, p.err)
	}
	return s, s.check()
}

func (s *Schema) define(p *parser) {
	extend := p.word("extend")
	if extend {
		p.advance()
	}
	d := &definition{kind: p.name(), fields: map[string]*fieldDefinition{}}
	d.name = p.name()
	if extend && s.types[d.name] != nil {
		d = s.types[d.name]
	}
	switch d.kind {
	case "scalar":
	case "enum":
		p.many("{", "}", func() { d.order = append(d.order, p.name()) })
	case "type", "input":
		p.many("{", "}", func() { d.add(p.fieldDefinition()) })
	default:
		p.unexpected()
	}
	s.types[d.name] = d
}

func (d *definition) add(f *fieldDefinition) {
	d.fields[f.name] = f
	d.order = append(d.order, f.name)
}

func (p *parser) fieldDefinition() *fieldDefinition {
	f := &fieldDefinition{name: p.name(), arguments: map[string]*fieldDefinition{}}
	if p.is("(") {
		p.many("(", ")", func() {
			a := &fieldDefinition{name: p.name()}
			p.expect(":")
			a.typ = p.typeRef()
			f.arguments[a.name] = a
			f.order = append(f.order, a.name)
		})
	}
	p.expect(":")
	f.typ = p.typeRef()
	return f
}

func (s *Schema) check() error {
	for _, d := range s.types {
		for _, f := range d.fields {
			used := []*fieldDefinition{f}
			for _, a := range f.arguments {
				used = append(used, a)
			}
			for _, u := range used {
				if s.types[u.typ.base()] == nil {
					return fmt.Errorf("%s.%s: unknown type %s", d.name, f.name, u.typ.base())
				}
			}
		}
	}
	return nil
}

// Operations are the names of the fields of Query, or of Mutation.
func (s *Schema) Operations(root string) []string {
	if d := s.types[root]; d != nil {
		return d.order
	}
	return nil
}

// Conform reports the first member of a Go value that a type does not have. The
// value is made of maps, slices and leaves.
func (s *Schema) Conform(typeName string, v any) error {
	switch v := v.(type) {
	case map[string]any:
		d := s.types[typeName]
		for name, member := range v {
			f := d.fields[name]
			if f == nil {
				return fmt.Errorf("%s has no field %q", typeName, name)
			}
			if err := s.Conform(f.typ.base(), member); err != nil {
				return err
			}
		}
	case []any:
		for _, element := range v {
			if err := s.Conform(typeName, element); err != nil {
				return err
			}
		}
	}
	return nil
}
