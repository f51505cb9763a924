package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// selection is a tree of fields that a document asks for, or that an input has.
type selection struct {
	name  string
	below []*selection
}

func (s *selection) find(name string) *selection {
	i := slices.IndexFunc(s.below, func(c *selection) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return s.below[i]
}

// client is what the client covers.
type client struct {
	queries   selection
	mutations selection
	inputs    selection // by the input's name
}

// readClient reads the client's documents and inputs: one in a line, documents with the
// one operation that they are named after.
func readClient(documents string) (*client, error) {
	var c client
	for line := range strings.Lines(documents) {
		words := tokens(line)
		if len(words) == 0 {
			continue
		}
		open := slices.Index(words, "{")
		if open < 2 {
			return nil, fmt.Errorf("%.40q: no name", line)
		}
		into := map[string]*selection{"query": &c.queries, "mutation": &c.mutations, "input": &c.inputs}[words[0]]
		if into == nil {
			return nil, fmt.Errorf("%.40q: neither a query, a mutation nor an input", line)
		}
		tree, rest, err := parse(words[open+1:])
		if err != nil || len(rest) > 0 {
			return nil, fmt.Errorf("%.40q: its brackets do not match", line)
		}
		if words[0] == "input" {
			tree = []*selection{{name: words[1], below: tree}}
		}
		into.below = append(into.below, tree...)
	}
	return &c, nil
}

// tokens splits a document into names and braces; what is in parentheses is left out.
func tokens(line string) []string {
	var b strings.Builder
	depth := 0
	for _, r := range line {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case depth > 0:
		case r == '{', r == '}':
			b.WriteString(" " + string(r) + " ")
		default:
			b.WriteRune(r)
		}
	}
	return strings.Fields(b.String())
}

// parse reads fields up to the brace that closes them.
func parse(words []string) (fields []*selection, rest []string, err error) {
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		switch {
		case word == "}":
			return fields, words, nil
		case word != "{":
			fields = append(fields, &selection{name: word})
		case len(fields) == 0:
			return nil, nil, errors.New("nothing in front of a brace")
		default:
			last := fields[len(fields)-1]
			if last.below, words, err = parse(words); err != nil {
				return nil, nil, err
			}
		}
	}
	return nil, nil, errors.New("a brace is not closed")
}

// report collects what is to be reported.
type report struct {
	schema  *schema
	client  *client
	missing []string // operations
	fields  []string
	inputs  []string
	unknown []string // what the client asks for and the page does not have
	seen    map[string]bool
}

// compare says what of the schema the client does not cover, and what the client has that
// the schema does not.
func compare(s *schema, c *client) string {
	r := report{schema: s, client: c, seen: make(map[string]bool)}
	r.operations("query", "Query", s.Queries, &c.queries)
	r.operations("mutation", "Mutation", s.Mutations, &c.mutations)
	var b strings.Builder
	for _, part := range []struct {
		title string
		lines []string
	}{
		{"operations without a method", r.missing},
		{"fields that no document asks for", r.fields},
		{"inputs that cannot be sent", r.inputs},
		{"asked for or sent by the client, and not in the reference", r.unknown},
	} {
		fmt.Fprintf(&b, "%d %s\n", len(part.lines), part.title)
		for _, line := range part.lines {
			b.WriteString("  " + line + "\n")
		}
	}
	return b.String()
}

func (r *report) operations(kind, root string, operations []field, covered *selection) {
	for _, f := range operations {
		selected := covered.find(f.Name)
		if selected == nil {
			r.missing = append(r.missing, strings.TrimSpace(kind+" "+signature(f)+"  "+f.Description))
			continue
		}
		r.output(f.typeName(), selected.below)
		for _, argument := range f.Args {
			r.input(argument)
		}
	}
	for _, selected := range covered.below {
		if !slices.ContainsFunc(operations, func(f field) bool { return f.Name == selected.name }) {
			r.unknown = append(r.unknown, root+"."+selected.name)
		}
	}
}

// output compares what a document asks for of a type.
func (r *report) output(name string, selected []*selection) {
	d, known := r.schema.definition(name)
	if !known || r.seen["out "+name] {
		return
	}
	r.seen["out "+name] = true
	r.fields = append(r.fields, r.walk(d, selected, r.output)...)
}

// input compares what the client can send for an argument.
func (r *report) input(argument field) {
	d, known := r.schema.definition(argument.typeName())
	if !known || d.Kind != "input-object" || r.seen["in "+d.Name] {
		return
	}
	r.seen["in "+d.Name] = true
	sent := r.client.inputs.find(d.Name)
	if sent == nil {
		r.inputs = append(r.inputs, d.Name)
		return
	}
	r.fieldsOfInput(d.Name, sent.below)
}

func (r *report) fieldsOfInput(name string, sent []*selection) {
	d, known := r.schema.definition(name)
	if !known {
		return
	}
	r.inputs = append(r.inputs, r.walk(d, sent, r.fieldsOfInput)...)
}

// walk returns the fields of a type that were not selected, notes those selected that it
// does not have, and goes on below the others.
func (r *report) walk(d definition, selected []*selection, below func(string, []*selection)) []string {
	var missing []string
	has := selection{below: selected}
	for _, f := range d.Fields {
		found := has.find(f.Name)
		if found == nil {
			missing = append(missing, strings.TrimSpace(d.Name+"."+signature(f)+"  "+f.Description))
			continue
		}
		below(f.typeName(), found.below)
	}
	for _, s := range selected {
		if !slices.ContainsFunc(d.Fields, func(f field) bool { return f.Name == s.name }) {
			r.unknown = append(r.unknown, d.Name+"."+s.name)
		}
	}
	return missing
}

// signature is a field on one line.
func signature(f field) string {
	var args []string
	for _, a := range f.Args {
		args = append(args, a.Name+": "+a.Type)
	}
	if len(args) > 0 {
		return f.Name + "(" + strings.Join(args, ", ") + "): " + f.Type
	}
	return f.Name + ": " + f.Type
}
