package graphql

import (
	"strconv"
	"strings"
)

// document is an executable document.
type document struct {
	operations []*operation
	fragments  []*fragment
}

type operation struct {
	kind       string
	name       string
	variables  []*variable
	directives []*directive
	selections []*selection
	at         Position
}

type variable struct {
	name  string
	typ   *typeRef
	value *value
	at    Position
}

type fragment struct {
	name       string
	on         string
	directives []*directive
	selections []*selection
	at         Position
}

// selection is a field, a fragment spread (spread is set) or an inline fragment
// (inline is set).
type selection struct {
	alias, name string
	arguments   []*argument
	directives  []*directive
	selections  []*selection
	spread      string
	inline      bool
	on          string
	at          Position
}

func (s *selection) key() string {
	if s.alias != "" {
		return s.alias
	}
	return s.name
}

type argument struct {
	name  string
	value *value
	at    Position
}

type directive struct {
	name      string
	arguments []*argument
	at        Position
}

type valueKind int

const (
	variableValue valueKind = iota
	intValue
	floatValue
	stringValue
	booleanValue
	nullValue
	enumValue
	listValue
	objectValue
)

type value struct {
	kind valueKind
	// raw is the text of a leaf, or the name of a variable.
	raw    string
	list   []*value
	fields []*argument
	at     Position
}

func (v *value) String() string {
	switch v.kind {
	case variableValue:
		return "$" + v.raw
	case stringValue:
		return strconv.Quote(v.raw)
	case listValue:
		parts := make([]string, len(v.list))
		for i, element := range v.list {
			parts[i] = element.String()
		}
		return "[" + strings.Join(parts, ",") + "]"
	case objectValue:
		parts := make([]string, len(v.fields))
		for i, field := range v.fields {
			parts[i] = field.name + ":" + field.value.String()
		}
		return "{" + strings.Join(parts, ",") + "}"
	default:
		return v.raw
	}
}

// typeRef is a type as it is used: a name, or a list of elem.
type typeRef struct {
	name    string
	elem    *typeRef
	nonNull bool
}

func (t *typeRef) String() string {
	s := t.name
	if t.elem != nil {
		s = "[" + t.elem.String() + "]"
	}
	if t.nonNull {
		s += "!"
	}
	return s
}

// base is the name of the type within all lists.
func (t *typeRef) base() string {
	for t.elem != nil {
		t = t.elem
	}
	return t.name
}
