package graphql

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Schema is a set of types. It does not change once it is read.
type Schema struct{ types *ast.Schema }

// ReadSchema reads definitions of types, inputs, enums and scalars; "extend type" adds
// fields to an earlier one.
func ReadSchema(sdl string) (*Schema, error) {
	types, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: sdl})
	if err != nil {
		return nil, err
	}
	for _, d := range types.Types {
		if d.IsAbstractType() && !d.BuiltIn {
			return nil, fmt.Errorf("%s: interfaces and unions are not supported", d.Name)
		}
	}
	return &Schema{types}, nil
}

// Operations are the names of the fields of Query, or of Mutation.
func (s *Schema) Operations(root string) []string {
	var names []string
	if d := s.types.Types[root]; d != nil {
		for _, f := range d.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

// Conform reports the first member of a Go value that a type does not have. The
// value is made of maps, slices and leaves.
func (s *Schema) Conform(typeName string, v any) error {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			f := s.types.Types[typeName].Fields.ForName(name)
			if f == nil {
				return fmt.Errorf("%s has no field %q", typeName, name)
			}
			if err := s.Conform(f.Type.Name(), member); err != nil {
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
