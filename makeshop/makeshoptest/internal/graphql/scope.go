package graphql

import "fmt"

// scope checks the variables of one operation, through its fragments.
type scope struct {
	v         *validator
	operation *operation
	declared  map[string]*variable
	used      map[string]bool
	seen      map[string]bool
}

func (s *scope) where() string {
	if s.operation.name == "" {
		return ""
	}
	return fmt.Sprintf(" in operation %q", s.operation.name)
}

func (s *scope) declare() {
	for _, declared := range s.operation.variables {
		if s.declared[declared.name] != nil {
			s.v.report(declared.at, "There can be only one variable named \"$%s\".", declared.name)
		}
		s.declared[declared.name] = declared
		d := s.v.schema.types[declared.typ.base()]
		switch {
		case d == nil:
			s.v.report(declared.at, "Unknown type %q.", declared.typ.base())
		case d.kind == "type":
			s.v.report(declared.at, "Variable \"$%s\" cannot be non-input type %q.", declared.name, declared.typ)
		case declared.value != nil:
			s.v.literal(declared.value, declared.typ)
		}
	}
}

func (s *scope) selections(selections []*selection, parent *definition) {
	for _, sel := range selections {
		s.directives(sel.directives)
		switch {
		case sel.spread != "":
			f := s.v.fragments[sel.spread]
			if f == nil || s.seen[sel.spread] {
				continue
			}
			s.seen[sel.spread] = true
			if on := s.v.schema.types[f.on]; on != nil {
				s.directives(f.directives)
				s.selections(f.selections, on)
			}
		case sel.inline:
			s.selections(sel.selections, parent)
		default:
			f := parent.fields[sel.name]
			if f == nil {
				continue
			}
			for _, a := range sel.arguments {
				if definition := f.arguments[a.name]; definition != nil {
					s.value(a.value, definition.typ)
				}
			}
			s.selections(sel.selections, s.v.schema.types[f.typ.base()])
		}
	}
}

func (s *scope) directives(all []*directive) {
	for _, d := range all {
		for _, a := range d.arguments {
			s.value(a.value, condition)
		}
	}
}

// value checks the variables within a literal at a place of type t; nil is any type,
// as within a scalar that is an object in truth.
func (s *scope) value(v *value, t *typeRef) {
	switch v.kind {
	case variableValue:
		declared := s.declared[v.raw]
		if declared == nil {
			s.v.report(v.at, "Variable \"$%s\" is not defined%s.", v.raw, s.by())
			return
		}
		s.used[v.raw] = true
		if s.v.schema.types[declared.typ.base()] != nil && t != nil && !fits(declared, t) {
			s.v.report(v.at, "Variable \"$%s\" of type %q used in position expecting type %q.", v.raw, declared.typ, t)
		}
	case listValue:
		var element *typeRef
		if t != nil {
			element = t.elem
		}
		for _, v := range v.list {
			s.value(v, element)
		}
	case objectValue:
		for _, field := range v.fields {
			s.value(field.value, s.member(t, field.name))
		}
	}
}

// member is the type of an input's field, or nil.
func (s *scope) member(t *typeRef, field string) *typeRef {
	if t == nil {
		return nil
	}
	if f := s.v.schema.types[t.base()].fields[field]; f != nil {
		return f.typ
	}
	return nil
}

func (s *scope) by() string {
	if s.operation.name == "" {
		return ""
	}
	return fmt.Sprintf(" by operation %q", s.operation.name)
}

// fits reports whether a variable may stand where t is expected.
func fits(declared *variable, t *typeRef) bool {
	have := *declared.typ
	if declared.value != nil && declared.value.kind != nullValue {
		have.nonNull = true
	}
	return assignable(&have, t)
}

func assignable(have, want *typeRef) bool {
	switch {
	case want.nonNull && !have.nonNull:
		return false
	case (want.elem == nil) != (have.elem == nil):
		return false
	case want.elem != nil:
		return assignable(have.elem, want.elem)
	default:
		return have.name == want.name
	}
}
