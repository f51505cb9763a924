package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// schema is what a reference page says.
type schema struct {
	Queries   []field
	Mutations []field
	Types     []definition
}

// definition is a type of the schema.
type definition struct {
	Kind        string // scalar, enum, union, interface, object or input-object
	Name        string
	Description string
	Fields      []field  // of an object, an interface or an input
	Values      []field  // of an enum
	Members     []string // of a union, or those that implement an interface
}

// field is a field, an argument, a value of an enum or an operation.
type field struct {
	Name        string
	Type        string // as GraphQL writes it
	Description string
	Default     string
	Deprecated  string // why
	IsOld       bool
	Args        []field
}

// typeName is the name in a type, without marks of lists and of what cannot be null.
func (f field) typeName() string { return strings.Trim(f.Type, "[]!") }

func (s *schema) definition(name string) (definition, bool) {
	i := slices.IndexFunc(s.Types, func(d definition) bool { return d.Name == name })
	if i < 0 {
		return definition{}, false
	}
	return s.Types[i], true
}

// builtIn are the scalars that every schema has.
var builtIn = []string{"Int", "Float", "String", "Boolean", "ID"}

// SDL writes the schema, types by name.
func (s *schema) SDL() string {
	var b strings.Builder
	for _, root := range []definition{
		{Kind: "object", Name: "Query", Fields: s.Queries}, {Kind: "object", Name: "Mutation", Fields: s.Mutations},
	} {
		if len(root.Fields) > 0 {
			s.write(&b, root)
		}
	}
	types := slices.SortedFunc(slices.Values(s.Types), func(a, b definition) int { return cmp.Compare(a.Name, b.Name) })
	for _, d := range types {
		if d.Kind != "scalar" || !slices.Contains(builtIn, d.Name) {
			s.write(&b, d)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (s *schema) write(b *strings.Builder, d definition) {
	describe(b, "", d.Description)
	switch d.Kind {
	case "scalar":
		fmt.Fprintf(b, "scalar %s\n\n", d.Name)
		return
	case "union":
		fmt.Fprintf(b, "union %s = %s\n\n", d.Name, strings.Join(d.Members, " | "))
		return
	case "enum":
		fmt.Fprintf(b, "enum %s {\n", d.Name)
		writeFields(b, "  ", d.Values)
	case "input-object":
		fmt.Fprintf(b, "input %s {\n", d.Name)
		writeFields(b, "  ", d.Fields)
	case "interface":
		fmt.Fprintf(b, "interface %s {\n", d.Name)
		writeFields(b, "  ", d.Fields)
	default:
		fmt.Fprintf(b, "type %s%s {\n", d.Name, s.implements(d.Name))
		writeFields(b, "  ", d.Fields)
	}
	b.WriteString("}\n\n")
}

// implements is said by the page on the side of the interfaces.
func (s *schema) implements(name string) string {
	var interfaces []string
	for _, d := range s.Types {
		if d.Kind == "interface" && slices.Contains(d.Members, name) {
			interfaces = append(interfaces, d.Name)
		}
	}
	if len(interfaces) == 0 {
		return ""
	}
	return " implements " + strings.Join(interfaces, " & ")
}

func writeFields(b *strings.Builder, indent string, fields []field) {
	for _, f := range fields {
		describe(b, indent, f.Description)
		b.WriteString(indent + f.Name)
		if len(f.Args) > 0 {
			b.WriteString("(\n")
			writeFields(b, indent+"  ", f.Args)
			b.WriteString(indent + ")")
		}
		if f.Type != "" {
			b.WriteString(": " + f.Type)
		}
		if f.Default != "" {
			b.WriteString(" = " + f.Default)
		}
		switch {
		case f.Deprecated != "":
			fmt.Fprintf(b, " @deprecated(reason: %q)", f.Deprecated)
		case f.IsOld:
			b.WriteString(" @deprecated")
		}
		b.WriteString("\n")
	}
}

func describe(b *strings.Builder, indent, text string) {
	if text == "" {
		return
	}
	if strings.HasSuffix(text, `"`) {
		text += " " // it would join the quotes that end the description
	}
	fmt.Fprintf(b, "%s\"\"\"%s\"\"\"\n", indent, strings.ReplaceAll(text, `"""`, `\"""`))
}
