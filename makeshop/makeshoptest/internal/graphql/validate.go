package graphql

import (
	"maps"
	"slices"
)

// validator checks one document. It reports all it finds.
type validator struct {
	schema    *Schema
	doc       *document
	fragments map[string]*fragment
	errs      []*Error
	// used are the fragments that operations reach.
	used map[string]bool
}

func (v *validator) report(at Position, format string, args ...any) {
	v.errs = append(v.errs, invalid(at, format, args...))
}

func (s *Schema) validate(doc *document) []*Error {
	v := &validator{schema: s, doc: doc, fragments: map[string]*fragment{}, used: map[string]bool{}}
	for _, f := range doc.fragments {
		if v.fragments[f.name] != nil {
			v.report(f.at, "There can be only one fragment named %q.", f.name)
		}
		v.fragments[f.name] = f
	}
	for _, f := range doc.fragments {
		v.fragment(f)
	}
	names := map[string]bool{}
	for _, o := range doc.operations {
		if o.name == "" && len(doc.operations) > 1 {
			v.report(o.at, "This anonymous operation must be the only defined operation.")
		}
		if o.name != "" && names[o.name] {
			v.report(o.at, "There can be only one operation named %q.", o.name)
		}
		names[o.name] = true
		v.operation(o)
	}
	for _, f := range doc.fragments {
		if !v.used[f.name] {
			v.report(f.at, "Fragment %q is never used.", f.name)
		}
	}
	return v.errs
}

func (v *validator) fragment(f *fragment) {
	d := v.schema.types[f.on]
	switch {
	case d == nil:
		v.report(f.at, "Unknown type %q.", f.on)
		return
	case d.kind != "type":
		v.report(f.at, "Fragment %q cannot condition on non composite type %q.", f.name, f.on)
		return
	}
	v.selections(f.selections, d)
	if v.reaches(f.selections, f.name, map[string]bool{}) {
		v.report(f.at, "Cannot spread fragment %q within itself.", f.name)
	}
}

// reaches reports whether selections spread a fragment, by way of others too.
func (v *validator) reaches(selections []*selection, target string, seen map[string]bool) bool {
	for _, s := range selections {
		if s.spread != "" {
			if s.spread == target {
				return true
			}
			if f := v.fragments[s.spread]; f != nil && !seen[s.spread] {
				seen[s.spread] = true
				if v.reaches(f.selections, target, seen) {
					return true
				}
			}
		}
		if v.reaches(s.selections, target, seen) {
			return true
		}
	}
	return false
}

func rootType(kind string) string {
	return map[string]string{"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}[kind]
}

func (v *validator) operation(o *operation) {
	root := v.schema.types[rootType(o.kind)]
	if root == nil {
		v.report(o.at, "Schema does not support operation type %q", o.kind)
		return
	}
	v.directives(o.directives)
	v.selections(o.selections, root)
	scope := &scope{v: v, operation: o, declared: map[string]*variable{}, used: map[string]bool{}, seen: map[string]bool{}}
	scope.declare()
	scope.selections(o.selections, root)
	maps.Copy(v.used, scope.seen)
	for _, declared := range o.variables {
		if !scope.used[declared.name] {
			v.report(declared.at, "Variable \"$%s\" is never used%s.", declared.name, scope.where())
		}
	}
	if len(v.errs) == 0 {
		v.conflicts([]*selectionsOf{{o.selections, root}})
	}
}

func (v *validator) selections(selections []*selection, parent *definition) {
	for _, s := range selections {
		v.directives(s.directives)
		switch {
		case s.spread != "":
			v.spread(s, parent)
		case s.inline:
			on := parent
			if s.on != "" {
				on = v.schema.types[s.on]
			}
			if on == nil {
				v.report(s.at, "Unknown type %q.", s.on)
				continue
			}
			if on != parent {
				v.report(s.at, "Fragment cannot be spread here as objects of type %q can never be of type %q.", parent.name, on.name)
				continue
			}
			v.selections(s.selections, on)
		default:
			v.field(s, parent)
		}
	}
}

func (v *validator) spread(s *selection, parent *definition) {
	f := v.fragments[s.spread]
	switch {
	case f == nil:
		v.report(s.at, "Unknown fragment %q.", s.spread)
	case f.on != parent.name && v.schema.types[f.on] != nil:
		v.report(s.at, "Fragment %q cannot be spread here as objects of type %q can never be of type %q.", f.name, parent.name, f.on)
	}
}

func (v *validator) field(s *selection, parent *definition) {
	if s.name == "__typename" {
		if s.selections != nil {
			v.report(s.at, "Field %q must not have a selection since type %q has no subfields.", s.name, "String!")
		}
		return
	}
	f := parent.fields[s.name]
	if f == nil {
		v.report(s.at, "Cannot query field %q on type %q.", s.name, parent.name)
		return
	}
	v.arguments(s, f, parent)
	typ := v.schema.types[f.typ.base()]
	switch {
	case typ.leaf() && s.selections != nil:
		v.report(s.at, "Field %q must not have a selection since type %q has no subfields.", s.name, f.typ)
	case !typ.leaf() && s.selections == nil:
		v.report(s.at, "Field %q of type %q must have a selection of subfields. Did you mean \"%s { ... }\"?", s.name, f.typ, s.name)
	default:
		v.selections(s.selections, typ)
	}
}

func (v *validator) arguments(s *selection, f *fieldDefinition, parent *definition) {
	given := map[string]bool{}
	for _, a := range s.arguments {
		if given[a.name] {
			v.report(a.at, "There can be only one argument named %q.", a.name)
		}
		given[a.name] = true
		definition := f.arguments[a.name]
		if definition == nil {
			v.report(a.at, "Unknown argument %q on field \"%s.%s\".", a.name, parent.name, f.name)
			continue
		}
		v.literal(a.value, definition.typ)
	}
	for _, name := range f.order {
		if t := f.arguments[name].typ; t.nonNull && !given[name] {
			v.report(s.at, "Field %q argument %q of type %q is required, but it was not provided.", f.name, name, t)
		}
	}
}

var condition = &typeRef{name: "Boolean", nonNull: true}

func (v *validator) directives(all []*directive) {
	for _, d := range all {
		if d.name != "include" && d.name != "skip" {
			v.report(d.at, "Unknown directive \"@%s\".", d.name)
			continue
		}
		found := false
		for _, a := range d.arguments {
			if a.name != "if" {
				v.report(a.at, "Unknown argument %q on directive \"@%s\".", a.name, d.name)
				continue
			}
			found = true
			v.literal(a.value, condition)
		}
		if !found {
			v.report(d.at, "Directive \"@%s\" argument \"if\" of type \"Boolean!\" is required, but it was not provided.", d.name)
		}
	}
}

// selectionsOf is a selection set of a type.
type selectionsOf struct {
	selections []*selection
	parent     *definition
}

// conflicts reports fields of one name in the answer that are not the same field.
// It is called on documents that are otherwise valid.
func (v *validator) conflicts(sets []*selectionsOf) {
	fields, order := map[string][]*selection{}, []string(nil)
	var parent *definition
	for _, set := range sets {
		parent = set.parent
		v.flatten(set.selections, map[string]bool{}, func(s *selection) {
			if !slices.Contains(order, s.key()) {
				order = append(order, s.key())
			}
			fields[s.key()] = append(fields[s.key()], s)
		})
	}
	for _, key := range order {
		same := fields[key]
		var below []*selectionsOf
		for _, s := range same {
			if s.name != same[0].name {
				v.report(s.at, "Fields %q conflict because %s and %s are different fields. Use different aliases on the fields to fetch both if this was intentional.", key, same[0].name, s.name)
				return
			}
			if !sameArguments(s.arguments, same[0].arguments) {
				v.report(s.at, "Fields %q conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.", key)
				return
			}
			if s.selections != nil {
				below = append(below, &selectionsOf{s.selections, v.schema.types[parent.fields[s.name].typ.base()]})
			}
		}
		if below != nil {
			v.conflicts(below)
		}
	}
}

// flatten calls each for every field of a selection set, those of fragments included.
func (v *validator) flatten(selections []*selection, seen map[string]bool, each func(*selection)) {
	for _, s := range selections {
		switch {
		case s.spread != "":
			if !seen[s.spread] {
				seen[s.spread] = true
				v.flatten(v.fragments[s.spread].selections, seen, each)
			}
		case s.inline:
			v.flatten(s.selections, seen, each)
		default:
			each(s)
		}
	}
}

func sameArguments(a, b []*argument) bool {
	spelt := func(all []*argument) map[string]string {
		m := map[string]string{}
		for _, argument := range all {
			m[argument.name] = argument.value.String()
		}
		return m
	}
	return maps.Equal(spelt(a), spelt(b))
}
