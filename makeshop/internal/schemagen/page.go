package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
)

// maxPage bounds what is read, in bytes.
const maxPage = 64 << 20

// readPage finds the operations and the types in a page.
func readPage(r io.Reader) (*schema, error) {
	root, err := html.Parse(io.LimitReader(r, maxPage))
	if err != nil {
		return nil, err
	}
	var s schema
	for _, section := range all(root, "section", "") {
		switch {
		case hasClass(section, "operation-query"):
			s.Queries = append(s.Queries, readOperation(section))
		case hasClass(section, "operation-mutation"):
			s.Mutations = append(s.Mutations, readOperation(section))
		case hasClass(section, "definition"):
			d := readDefinition(section)
			if d.Name == "" || d.Kind == "" {
				return nil, fmt.Errorf("section %q: no name, or of an unknown kind", attribute(section, "id"))
			}
			s.Types = append(s.Types, d)
		}
	}
	if len(s.Queries) == 0 || len(s.Types) == 0 {
		return nil, errors.New("the page has no operations or no types: is it a SpectaQL reference, saved whole?")
	}
	for _, f := range append(s.Queries, s.Mutations...) {
		if f.Name == "" || f.Type == "" {
			return nil, fmt.Errorf("operation %q: no name or no type", f.Name)
		}
	}
	return &s, nil
}

func readOperation(section *html.Node) field {
	f := field{Name: text(first(section, "h2", "operation-heading"))}
	heading := first(section, "h2", "operation-heading")
	f.IsOld = heading != nil && hasClass(heading, "operation-deprecated")
	f.Deprecated = text(first(section, "div", "deprecation-reason"))
	f.Description = description(first(section, "div", "operation-description"))
	if response := first(section, "div", "operation-response"); response != nil {
		if codes := all(response, "code", ""); len(codes) > 0 {
			f.Type = text(codes[len(codes)-1])
		}
	}
	if arguments := first(section, "div", "operation-arguments"); arguments != nil {
		f.Args = readRows(arguments)
	}
	return f
}

func readDefinition(section *html.Node) definition {
	d := definition{
		Name:        text(first(section, "h2", "definition-heading")),
		Description: description(first(section, "div", "definition-description")),
	}
	for _, kind := range []string{"scalar", "enum", "union", "interface", "object", "input-object"} {
		if hasClass(section, "definition-"+kind) {
			d.Kind = kind
		}
	}
	for _, properties := range all(section, "div", "definition-properties") {
		switch {
		case d.Kind == "enum":
			d.Values = readValues(properties)
		case d.Kind == "union", hasClass(properties, "definition-possible-types"):
			for _, code := range all(properties, "code", "") {
				d.Members = append(d.Members, text(code))
			}
		default:
			d.Fields = readRows(properties)
		}
	}
	return d
}

// readRows reads a table of fields or arguments. The arguments of a field are a row of
// their own, below it.
func readRows(table *html.Node) []field {
	var fields []field
	for _, row := range all(table, "tr", "") {
		cells := all(row, "td", "")
		switch {
		case hasClass(row, "row-field-arguments") && len(fields) > 0:
			for _, argument := range all(row, "div", "field-argument") {
				f := readName(argument)
				f.explain(text(first(argument, "p", "")))
				fields[len(fields)-1].Args = append(fields[len(fields)-1].Args, f)
			}
		case len(cells) == 2:
			f := readName(cells[0])
			f.IsOld = hasClass(cells[0], "definition-deprecated")
			f.describe(cells[1])
			fields = append(fields, f)
		}
	}
	return fields
}

func readValues(table *html.Node) []field {
	var values []field
	for _, row := range all(table, "tr", "") {
		if cells := all(row, "td", ""); len(cells) == 2 {
			f := field{Name: text(cells[0]), IsOld: len(all(cells[0], "p", "definition-deprecated")) > 0}
			f.describe(cells[1])
			values = append(values, f)
		}
	}
	return values
}

func readName(cell *html.Node) field {
	f := field{Name: text(first(cell, "span", "property-name")), Type: text(first(cell, "span", "property-type"))}
	if preset := first(cell, "span", "property-default"); preset != nil {
		f.Default = text(first(preset, "code", ""))
	}
	return f
}

// describe reads a cell with a description and, in a span, why the field is deprecated.
func (f *field) describe(cell *html.Node) {
	if reason := first(cell, "span", "deprecation-reason"); reason != nil {
		f.Deprecated = text(reason)
		reason.Parent.RemoveChild(reason)
	}
	f.explain(text(cell))
}

// explain takes the default value out of a description, where the page writes it.
func (f *field) explain(description string) {
	before, preset, found := strings.Cut(" "+description, " Default = ")
	if found && f.Default == "" && preset != "" && !strings.Contains(preset, " ") {
		f.Default, description = preset, before
	}
	f.Description = strings.TrimSpace(description)
}

// description is a section's text below its heading.
func description(section *html.Node) string {
	if section == nil {
		return ""
	}
	return strings.TrimSpace(strings.TrimPrefix(text(section), "Description"))
}

// first returns the first element of a kind and class below a node, nil if there is none.
func first(node *html.Node, tag, class string) *html.Node {
	if node == nil {
		return nil
	}
	if found := all(node, tag, class); len(found) > 0 {
		return found[0]
	}
	return nil
}

// all returns the elements of a kind, and of a class unless that is empty, below a node.
func all(node *html.Node, tag, class string) []*html.Node {
	var found []*html.Node
	for n := range node.Descendants() {
		if n.Type == html.ElementNode && n.Data == tag && (class == "" || hasClass(n, class)) {
			found = append(found, n)
		}
	}
	return found
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasClass(node *html.Node, class string) bool {
	return strings.Contains(" "+strings.Join(strings.Fields(attribute(node, "class")), " ")+" ", " "+class+" ")
}

// text is what a reader sees of an element, on one line.
func text(node *html.Node) string {
	if node == nil {
		return ""
	}
	var b strings.Builder
	for n := range node.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
