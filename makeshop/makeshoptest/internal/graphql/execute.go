package graphql

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Call is what a request asks for.
type Call struct {
	Query         string
	OperationName string
	Variables     map[string]any
}

// Operation is a checked operation with its variables.
type Operation struct {
	schema    *Schema
	op        *operation
	fragments map[string]*fragment
	variables map[string]any
}

// Prepare reads and checks a call. Numbers among its variables are json.Number.
func (s *Schema) Prepare(c Call) (*Operation, []*Error) {
	doc, err := parseDocument(c.Query)
	if err != nil {
		return nil, []*Error{err}
	}
	if len(doc.operations) == 0 {
		return nil, []*Error{Coded(CodeValidation, "no operation provided")}
	}
	if errs := s.validate(doc); len(errs) > 0 {
		return nil, errs
	}
	op := doc.operations[0]
	if c.OperationName != "" || len(doc.operations) > 1 {
		i := slices.IndexFunc(doc.operations, func(o *operation) bool { return o.name == c.OperationName })
		if i < 0 {
			return nil, []*Error{Coded(CodeValidation, "operation %s not found", c.OperationName)}
		}
		op = doc.operations[i]
	}
	variables, err := s.variables(op, c.Variables)
	if err != nil {
		return nil, []*Error{err}
	}
	o := &Operation{schema: s, op: op, fragments: map[string]*fragment{}, variables: variables}
	for _, f := range doc.fragments {
		o.fragments[f.name] = f
	}
	return o, nil
}

// Introspects reports whether a document that can be read asks for the schema, by
// whichever operation.
func Introspects(query string) bool {
	doc, err := parseDocument(query)
	if err != nil {
		return false
	}
	asks := func(s *selection) bool { return s.name == "__schema" || s.name == "__type" }
	var within func(all []*selection) bool
	within = func(all []*selection) bool {
		return slices.ContainsFunc(all, func(s *selection) bool { return asks(s) || within(s.selections) })
	}
	return slices.ContainsFunc(doc.operations, func(o *operation) bool { return within(o.selections) }) ||
		slices.ContainsFunc(doc.fragments, func(f *fragment) bool { return within(f.selections) })
}

// Resolver answers one field of Query or Mutation.
type Resolver func(field string, arguments map[string]any) (any, *Error)

// Run executes the operation, one field after the other. Roots are not nullable:
// where one fails there is no data.
func (o *Operation) Run(resolve Resolver) (any, []*Error) {
	root := o.schema.types[rootType(o.op.kind)]
	out := Object{}
	var errs []*Error
	for _, f := range o.collect([][]*selection{o.op.selections}) {
		if f.name == "__typename" {
			out = append(out, Member{f.key, root.name})
			continue
		}
		definition := root.fields[f.name]
		v, err := resolve(f.name, o.arguments(f.first, definition))
		if err != nil {
			failed := *err
			failed.Path = append([]any{f.key}, err.Path...)
			errs = append(errs, &failed)
			continue
		}
		out = append(out, Member{f.key, o.complete(v, definition.typ, f)})
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return out, nil
}

func (o *Operation) arguments(s *selection, f *fieldDefinition) map[string]any {
	arguments := map[string]any{}
	for _, a := range s.arguments {
		if _, given := o.variables[a.value.raw]; a.value.kind == variableValue && !given {
			continue
		}
		arguments[a.name] = o.schema.resolve(a.value, f.arguments[a.name].typ, o.variables)
	}
	return arguments
}

// collected is a field of the answer, with all selections under it.
type collected struct {
	key, name string
	first     *selection
	below     [][]*selection
}

func (o *Operation) collect(sets [][]*selection) []*collected {
	var out []*collected
	seen := map[string]bool{}
	var add func([]*selection)
	add = func(selections []*selection) {
		for _, s := range selections {
			if !o.included(s.directives) {
				continue
			}
			switch {
			case s.spread != "":
				if !seen[s.spread] {
					seen[s.spread] = true
					add(o.fragments[s.spread].selections)
				}
			case s.inline:
				add(s.selections)
			default:
				i := slices.IndexFunc(out, func(c *collected) bool { return c.key == s.key() })
				if i < 0 {
					i = len(out)
					out = append(out, &collected{key: s.key(), name: s.name, first: s})
				}
				out[i].below = append(out[i].below, s.selections)
			}
		}
	}
	for _, selections := range sets {
		add(selections)
	}
	return out
}

func (o *Operation) included(directives []*directive) bool {
	for _, d := range directives {
		for _, a := range d.arguments {
			if on, _ := o.schema.resolve(a.value, condition, o.variables).(bool); on == (d.name == "skip") {
				return false
			}
		}
	}
	return true
}

// complete picks what was asked for out of a value.
func (o *Operation) complete(v any, t *typeRef, f *collected) any {
	switch v := v.(type) {
	case []map[string]any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = o.complete(element, t.elem, f)
		}
		return list
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = o.complete(element, t.elem, f)
		}
		return list
	case map[string]any:
		d := o.schema.types[t.base()]
		if v == nil || d.leaf() {
			return v
		}
		out := Object{}
		for _, member := range o.collect(f.below) {
			if member.name == "__typename" {
				out = append(out, Member{member.key, d.name})
				continue
			}
			out = append(out, Member{member.key, o.complete(v[member.name], d.fields[member.name].typ, member)})
		}
		return out
	default:
		return v
	}
}

// Object is a JSON object whose members keep their order.
type Object []Member

// Member is one member of an Object.
type Member struct {
	Name  string
	Value any
}

// MarshalJSON writes the members in their order.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.Name)
		if err != nil {
			return nil, err
		}
		v, err := json.Marshal(m.Value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
