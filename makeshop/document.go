package makeshop

import (
	"errors"
	"fmt"
	"strings"
)

// introspection begins the name of an operation that asks for the schema.
const introspection = "introspection"

// document is what has to be known of a GraphQL document to send it.
type document struct {
	kind        string // query or mutation
	name        string // of the operation, empty when it has none
	introspects bool
}

// label names the operation in errors.
func (d document) label() string {
	label := d.kind + " " + d.name
	if d.name == "" {
		label = d.kind + " (anonymous)"
	}
	if d.introspects {
		return introspection + " " + label
	}
	return label
}

// parseDocument looks at a document from outside: which operation it has. Whether the
// schema allows it is for the platform to decide.
func parseDocument(text string) (document, error) {
	if _, reason, broken := strings.Cut(text, notSelected); broken {
		reason, _, _ = strings.Cut(reason, notSelected)
		return document{}, errors.New(reason)
	}
	var (
		d       document
		head    []string // the tokens of the definition so far
		braces  int
		nesting int // parentheses and brackets
		found   int
	)
	for rest := text; ; {
		var token string
		token, rest = nextToken(rest)
		switch token {
		case "":
			if braces != 0 || nesting != 0 || len(head) > 0 {
				return document{}, errors.New("document: its brackets do not match, or it breaks off")
			}
			if found != 1 {
				return document{}, fmt.Errorf("document: it has %d operations, not one", found)
			}
			return d, nil
		case "(", "[":
			nesting++
		case ")", "]":
			nesting--
		case "{":
			if braces == 0 && nesting == 0 {
				kind, name := definition(head)
				switch kind {
				case "query", "mutation":
					d.kind, d.name = kind, name
					found++
				case "fragment":
				default:
					return document{}, fmt.Errorf("document: %q is neither a query nor a mutation", kind)
				}
				head = head[:0]
			}
			braces++
		case "}":
			braces--
		default:
			if braces == 0 && nesting == 0 {
				head = append(head, token)
			}
			d.introspects = d.introspects || braces > 0 && (token == "__schema" || token == "__type")
		}
		if braces < 0 || nesting < 0 {
			return document{}, errors.New("document: its brackets do not match")
		}
	}
}

// definition returns the kind and the name of a definition. Without a head it is a query.
func definition(head []string) (kind, name string) {
	if len(head) == 0 {
		return "query", ""
	}
	if len(head) > 1 && isName(head[1]) {
		name = head[1]
	}
	return head[0], name
}

// nextToken returns the next name, number, string or mark and what follows it; "" is the
// end.
func nextToken(text string) (token, rest string) {
	for {
		text = strings.TrimLeft(text, " \t\r\n,\ufeff")
		if !strings.HasPrefix(text, "#") {
			break
		}
		_, text, _ = strings.Cut(text, "\n")
	}
	if text == "" {
		return "", ""
	}
	end := 1
	switch {
	case text[0] == '"':
		end = stringEnd(text)
	case isNameByte(text[0]):
		for end < len(text) && isNameByte(text[end]) {
			end++
		}
	}
	return text[:end], text[end:]
}

// stringEnd is where a string ends that text begins with, quotes included.
func stringEnd(text string) int {
	quote := `"`
	if strings.HasPrefix(text, `"""`) {
		quote = `"""`
	}
	for i := len(quote); i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], quote):
			return i + len(quote)
		case text[i] == '\\':
			i++
		}
	}
	return len(text)
}

func isName(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i]) || i == 0 && '0' <= s[0] && s[0] <= '9' {
			return false
		}
	}
	return s != ""
}

func isNameByte(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
