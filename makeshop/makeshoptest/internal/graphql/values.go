package graphql

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
)

// Upload is a file in the place of a variable of the scalar Upload.
type Upload struct {
	Name string
	Type string
	Data []byte
}

// variables checks the variables of a request and brings them to the types that an
// operation declares.
func (s *Schema) variables(o *ast.OperationDefinition, request map[string]any) (map[string]any, *Error) {
	values, err := validator.VariableValues(s.types, o, request)
	if err != nil {
		return nil, coded(CodeValidation, err)
	}
	for _, declared := range o.VariableDefinitions {
		v, there := values[declared.Variable]
		if !there {
			continue
		}
		converted, err := s.convert(v, declared.Type, ast.Path{ast.PathName("variable"), ast.PathName(declared.Variable)})
		if err != nil {
			return nil, coded(CodeValidation, err)
		}
		values[declared.Variable] = converted
	}
	return values, nil
}

// convert brings a value that fits a type to the form in which handlers get it, as the
// code that gqlgen generates does: a single value becomes a list where a list is due, and
// whole numbers, also in a text of digits, become int64. It refuses what gqlparser leaves
// to that code.
func (s *Schema) convert(v any, t *ast.Type, path ast.Path) (any, *Error) {
	if v == nil {
		return nil, nil
	}
	if t.Elem != nil {
		return s.convertList(v, t.Elem, path)
	}
	switch d := s.types.Types[t.NamedType]; d.Kind {
	case ast.InputObject:
		return s.convertInput(v, d, path)
	case ast.Enum:
		if spelt := fmt.Sprint(v); d.EnumValues.ForName(spelt) == nil {
			return nil, gqlerror.ErrorPathf(path, "%s is not a valid %s", spelt, d.Name)
		}
		return v, nil
	default:
		return convertScalar(v, d.Name, path)
	}
}

func (s *Schema) convertList(v any, elem *ast.Type, path ast.Path) (any, *Error) {
	elements := reflect.ValueOf(v)
	if elements.Kind() != reflect.Slice {
		elements = reflect.ValueOf([]any{v})
	}
	list := make([]any, elements.Len())
	for i := range list {
		converted, err := s.convert(elements.Index(i).Interface(), elem, append(slices.Clip(path), ast.PathIndex(i)))
		if err != nil {
			return nil, err
		}
		list[i] = converted
	}
	return list, nil
}

func (s *Schema) convertInput(v any, d *ast.Definition, path ast.Path) (any, *Error) {
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, gqlerror.ErrorPathf(path, "must be a %s", d.Name)
	}
	object := map[string]any{}
	for _, f := range d.Fields {
		member, there := fields[f.Name]
		if !there && f.DefaultValue != nil {
			member, _ = f.DefaultValue.Value(nil)
		} else if !there {
			continue
		}
		converted, err := s.convert(member, f.Type, append(slices.Clip(path), ast.PathName(f.Name)))
		if err != nil {
			return nil, err
		}
		object[f.Name] = converted
	}
	return object, nil
}

// convertScalar leaves scalars alone of which nothing is known.
func convertScalar(v any, scalar string, path ast.Path) (any, *Error) {
	text := fmt.Sprint(v)
	var err error
	switch scalar {
	case "Int", "Int64":
		var n int64
		if n, err = strconv.ParseInt(text, 10, 64); scalar == "Int" && (n > math.MaxInt32 || n < math.MinInt32) {
			err = strconv.ErrRange
		}
		v = n
	case "Uint64":
		var n uint64
		if n, err = strconv.ParseUint(text, 10, 63); err == nil {
			v = int64(n)
		}
	case "Float":
		v, err = strconv.ParseFloat(text, 64)
	case "String", "ID":
		v = text
	case "Upload":
		switch file := v.(type) {
		case Upload:
			return &file, nil
		case *Upload:
			return file, nil
		}
		return nil, gqlerror.ErrorPathf(path, "%T is not an Upload", v)
	}
	if err != nil {
		return nil, gqlerror.ErrorPathf(path, "cannot use value %s as %s", text, scalar)
	}
	return v, nil
}
