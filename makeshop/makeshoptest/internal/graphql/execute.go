package graphql

import (
	"encoding/json"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
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
	op        *ast.OperationDefinition
	variables map[string]any
}

// checks are the rules of gqlparser, without those that suggest names: the texts that were
// recorded suggest none.
var checks = func() *rules.Rules {
	r := rules.NewDefaultRules()
	for name, rule := range map[string]validator.Rule{
		rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRule.Name: rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		r.ReplaceRule(name, rule.RuleFunc)
	}
	return r
}()

// Prepare reads and checks a call. Numbers among its variables are json.Number.
func (s *Schema) Prepare(c Call) (*Operation, []*Error) {
	doc, err := parser.ParseQuery(&ast.Source{Input: c.Query})
	if err != nil {
		return nil, []*Error{coded(CodeParse, err)}
	}
	if len(doc.Operations) == 0 {
		return nil, []*Error{Coded(CodeValidation, "no operation provided")}
	}
	if errs := validator.ValidateWithRules(s.types, doc, checks); len(errs) > 0 {
		for _, err := range errs {
			coded(CodeValidation, err)
		}
		return nil, errs
	}
	op := doc.Operations.ForName(c.OperationName)
	if op == nil {
		return nil, []*Error{Coded(CodeValidation, "operation %s not found", c.OperationName)}
	}
	variables, refused := s.variables(op, c.Variables)
	if refused != nil {
		return nil, []*Error{refused}
	}
	return &Operation{s, op, variables}, nil
}

// Introspects reports whether a document that can be read asks for the schema, by
// whichever operation.
func Introspects(query string) bool {
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return false
	}
	return slices.ContainsFunc(doc.Operations, func(o *ast.OperationDefinition) bool { return introspects(o.SelectionSet) }) ||
		slices.ContainsFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool { return introspects(f.SelectionSet) })
}

func introspects(set ast.SelectionSet) bool {
	return slices.ContainsFunc(set, func(selection ast.Selection) bool {
		switch s := selection.(type) {
		case *ast.Field:
			return s.Name == "__schema" || s.Name == "__type" || introspects(s.SelectionSet)
		case *ast.InlineFragment:
			return introspects(s.SelectionSet)
		}
		return false
	})
}

// Resolver answers one field of Query or Mutation.
type Resolver func(field string, arguments map[string]any) (any, *Error)

// Run executes the operation, one field after the other. Roots are not nullable:
// where one fails there is no data.
func (o *Operation) Run(resolve Resolver) (any, []*Error) {
	out := Object{}
	var errs []*Error
	for _, f := range o.collect(o.op.SelectionSet) {
		if f.Name == "__typename" {
			out = append(out, Member{f.Alias, f.ObjectDefinition.Name})
			continue
		}
		arguments, err := o.arguments(f.Field)
		var v any
		if err == nil {
			v, err = resolve(f.Name, arguments)
		}
		if err != nil {
			failed := *err
			failed.Path = append(ast.Path{ast.PathName(f.Alias)}, err.Path...)
			errs = append(errs, &failed)
			continue
		}
		out = append(out, Member{f.Alias, o.complete(v, f.Definition.Type, f)})
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return out, nil
}

func (o *Operation) arguments(f *ast.Field) (map[string]any, *Error) {
	arguments := map[string]any{}
	for _, d := range f.Definition.Arguments {
		value := d.DefaultValue
		if a := f.Arguments.ForName(d.Name); a != nil {
			if _, there := o.variables[a.Value.Raw]; there || a.Value.Kind != ast.Variable {
				value = a.Value
			}
		}
		if value == nil {
			continue
		}
		path := ast.Path{ast.PathName(d.Name)}
		v, err := value.Value(o.variables)
		if err != nil {
			return nil, gqlerror.WrapPath(path, err)
		}
		converted, refused := o.schema.convert(v, d.Type, path)
		if refused != nil {
			return nil, refused
		}
		arguments[d.Name] = converted
	}
	return arguments, nil
}

// collected is a field of the answer, with all selections under it.
type collected struct {
	*ast.Field

	below []ast.SelectionSet
}

func (o *Operation) collect(sets ...ast.SelectionSet) []*collected {
	var out []*collected
	seen := map[string]bool{}
	var add func(ast.SelectionSet)
	add = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.FragmentSpread:
				if o.included(s.Directives) && !seen[s.Name] {
					seen[s.Name] = true
					add(s.Definition.SelectionSet)
				}
			case *ast.InlineFragment:
				if o.included(s.Directives) {
					add(s.SelectionSet)
				}
			case *ast.Field:
				if !o.included(s.Directives) {
					continue
				}
				i := slices.IndexFunc(out, func(c *collected) bool { return c.Alias == s.Alias })
				if i < 0 {
					i = len(out)
					out = append(out, &collected{Field: s})
				}
				out[i].below = append(out[i].below, s.SelectionSet)
			}
		}
	}
	for _, set := range sets {
		add(set)
	}
	return out
}

func (o *Operation) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		on, _ := d.ArgumentMap(o.variables)["if"].(bool)
		if d.Name == "skip" && on || d.Name == "include" && !on {
			return false
		}
	}
	return true
}

// complete picks what was asked for out of a value.
func (o *Operation) complete(v any, t *ast.Type, f *collected) any {
	switch v := v.(type) {
	case []map[string]any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = o.complete(element, t.Elem, f)
		}
		return list
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = o.complete(element, t.Elem, f)
		}
		return list
	case map[string]any:
		if v == nil || o.schema.types.Types[t.Name()].IsLeafType() {
			return v
		}
		out := Object{}
		for _, member := range o.collect(f.below...) {
			if member.Name == "__typename" {
				out = append(out, Member{member.Alias, member.ObjectDefinition.Name})
				continue
			}
			out = append(out, Member{member.Alias, o.complete(v[member.Name], member.Definition.Type, member)})
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
func (o Object) MarshalJSON() ([]byte, error) { return appendJSON(nil, o) }

// appendJSON writes what is in an answer in one pass: json.Marshal would read the text of each
// object again for each object around it.
func appendJSON(b []byte, value any) ([]byte, error) {
	var err error
	switch v := value.(type) {
	case Object:
		b = append(b, '{')
		for i, m := range v {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendJSON(b, m.Name); err != nil {
				return nil, err
			}
			if b, err = appendJSON(append(b, ':'), m.Value); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	case []any:
		if v == nil {
			return append(b, "null"...), nil
		}
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendJSON(b, item); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	}
	text, err := json.Marshal(value)
	return append(b, text...), err
}
