package graphql

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Upload is a file in the place of a variable of the scalar Upload.
type Upload struct {
	Name string
	Type string
	Data []byte
}

// literal checks a value in a document; variables are checked by scope.
func (v *validator) literal(val *value, t *typeRef) {
	switch {
	case val.kind == variableValue:
		return
	case val.kind == nullValue:
		if t.nonNull {
			v.report(val.at, "Expected value of type %q, found null.", t)
		}
		return
	case t.elem != nil && val.kind == listValue:
		for _, element := range val.list {
			v.literal(element, t.elem)
		}
		return
	case t.elem != nil:
		v.literal(val, t.elem)
		return
	}
	d := v.schema.types[t.name]
	if d == nil {
		return
	}
	switch d.kind {
	case "input":
		v.inputLiteral(val, d)
	case "enum":
		if val.kind != enumValue || !slices.Contains(d.order, val.raw) {
			v.report(val.at, "Value %q does not exist in %q enum.", val.raw, d.name)
		}
	default:
		if !literalFits(val.kind, d.name) {
			v.report(val.at, "Expected value of type %q, found %s.", t, val)
		}
	}
}

func literalFits(k valueKind, scalar string) bool {
	switch scalar {
	case "Int", "Int64", "Uint64":
		return k == intValue
	case "Float":
		return k == intValue || k == floatValue
	case "String":
		return k == stringValue
	case "ID":
		return k == stringValue || k == intValue
	case "Boolean":
		return k == booleanValue
	case "Upload":
		return false
	default:
		return true
	}
}

func (v *validator) inputLiteral(val *value, d *definition) {
	if val.kind != objectValue {
		v.report(val.at, "Expected value of type %q, found %s.", d.name, val)
		return
	}
	given := map[string]bool{}
	for _, field := range val.fields {
		if given[field.name] {
			v.report(field.at, "There can be only one input field named %q.", field.name)
		}
		given[field.name] = true
		f := d.fields[field.name]
		if f == nil {
			v.report(field.at, "Field %q is not defined by type %q.", field.name, d.name)
			continue
		}
		v.literal(field.value, f.typ)
	}
	for _, name := range d.order {
		if t := d.fields[name].typ; t.nonNull && !given[name] {
			v.report(val.at, "Field \"%s.%s\" of required type %q was not provided.", d.name, name, t)
		}
	}
}

// variables brings the variables of a request to the types that an operation
// declares.
func (s *Schema) variables(o *operation, given map[string]any) (map[string]any, *Error) {
	values := map[string]any{}
	for _, declared := range o.variables {
		path := []any{"variable", declared.name}
		v, there := given[declared.name]
		switch {
		case there:
			coerced, err := s.coerce(v, declared.typ, path)
			if err != nil {
				return nil, err
			}
			values[declared.name] = coerced
		case declared.value != nil:
			values[declared.name] = s.resolve(declared.value, declared.typ, nil)
		case declared.typ.nonNull:
			return nil, pathError(path, "must be defined")
		}
	}
	return values, nil
}

func pathError(path []any, format string, args ...any) *Error {
	e := Coded(CodeValidation, format, args...)
	e.Path = slices.Clone(path)
	return e
}

// coerce brings a JSON value, with numbers as json.Number, to a type. A single
// value becomes a list where a list is due.
func (s *Schema) coerce(v any, t *typeRef, path []any) (any, *Error) {
	if v == nil {
		if t.nonNull {
			return nil, pathError(path, "cannot be null")
		}
		return nil, nil
	}
	if t.elem != nil {
		elements, ok := v.([]any)
		if !ok {
			elements = []any{v}
		}
		list := make([]any, len(elements))
		for i, element := range elements {
			var err *Error
			if list[i], err = s.coerce(element, t.elem, append(slices.Clip(path), i)); err != nil {
				return nil, err
			}
		}
		return list, nil
	}
	switch d := s.types[t.name]; d.kind {
	case "input":
		return s.coerceInput(v, d, path)
	case "enum":
		spelt, ok := v.(string)
		if !ok {
			return nil, pathError(path, "enums must be ints or strings")
		}
		if !slices.Contains(d.order, spelt) {
			return nil, pathError(path, "%s is not a valid %s", spelt, d.name)
		}
		return spelt, nil
	default:
		return coerceScalar(v, d.name, path)
	}
}

func (s *Schema) coerceInput(v any, d *definition, path []any) (any, *Error) {
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, pathError(path, "must be a %s", d.name)
	}
	for name := range fields {
		if d.fields[name] == nil {
			return nil, pathError(append(slices.Clip(path), name), "unknown field")
		}
	}
	object := map[string]any{}
	for _, name := range d.order {
		f := d.fields[name]
		below := append(slices.Clip(path), name)
		member, there := fields[name]
		if !there {
			if f.typ.nonNull {
				return nil, pathError(below, "must be defined")
			}
			continue
		}
		var err *Error
		if object[name], err = s.coerce(member, f.typ, below); err != nil {
			return nil, err
		}
	}
	return object, nil
}

// coerceScalar accepts a text of digits for a whole number, as gqlgen does.
func coerceScalar(v any, scalar string, path []any) (any, *Error) {
	refuse := func() (any, *Error) { return nil, pathError(path, "cannot use %s as %s", goKind(v), scalar) }
	digits := fmt.Sprint(v)
	_, isText := v.(string)
	number, isNumber := v.(json.Number)
	switch scalar {
	case "Int", "Int64":
		n, err := strconv.ParseInt(digits, 10, 64)
		if !isText && !isNumber || err != nil || scalar == "Int" && (n > math.MaxInt32 || n < math.MinInt32) {
			return refuse()
		}
		return n, nil
	case "Uint64":
		n, err := strconv.ParseUint(digits, 10, 64)
		if !isText && !isNumber || err != nil || n > math.MaxInt64 {
			return refuse()
		}
		return int64(n), nil
	case "Float":
		if f, err := number.Float64(); err == nil {
			return f, nil
		}
		return refuse()
	case "String":
		if !isText {
			return refuse()
		}
	case "ID":
		if !isText && !isNumber {
			return refuse()
		}
		return digits, nil
	case "Boolean":
		if _, ok := v.(bool); !ok {
			return refuse()
		}
	case "Upload":
		if _, ok := v.(*Upload); !ok {
			return nil, pathError(path, "%s is not an Upload", goKind(v))
		}
	}
	return v, nil
}

func goKind(v any) string {
	switch v := v.(type) {
	case string:
		return "string"
	case bool:
		return "bool"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "float64"
		}
		return "int64"
	case []any:
		return "slice"
	case map[string]any:
		return "map"
	default:
		return "ptr"
	}
}

// resolve turns a checked literal into a value. A variable that was not given is
// left out of an object.
func (s *Schema) resolve(val *value, t *typeRef, variables map[string]any) any {
	if val.kind == variableValue {
		return variables[val.raw]
	}
	if val.kind == nullValue {
		return nil
	}
	if t.elem != nil {
		elements := val.list
		if val.kind != listValue {
			elements = []*value{val}
		}
		list := make([]any, len(elements))
		for i, element := range elements {
			list[i] = s.resolve(element, t.elem, variables)
		}
		return list
	}
	switch val.kind {
	case intValue:
		n, err := strconv.ParseInt(val.raw, 10, 64)
		if err != nil {
			return val.raw
		}
		return n
	case floatValue:
		f, _ := strconv.ParseFloat(val.raw, 64)
		return f
	case booleanValue:
		return val.raw == "true"
	case listValue:
		return s.resolve(val, &typeRef{elem: t}, variables)
	case objectValue:
		return s.resolveObject(val, t, variables)
	default:
		return val.raw
	}
}

func (s *Schema) resolveObject(val *value, t *typeRef, variables map[string]any) any {
	object := map[string]any{}
	d := s.types[t.base()]
	for _, field := range val.fields {
		member := &typeRef{name: t.base()}
		if f := d.fields[field.name]; f != nil {
			member = f.typ
		}
		if _, given := variables[field.value.raw]; field.value.kind == variableValue && !given {
			continue
		}
		object[field.name] = s.resolve(field.value, member, variables)
	}
	return object
}
