package shotengai_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type forbiddenWord struct {
	what   string
	except []string // files that need the word
	parts  []string // a file without any of them is not searched: patterns are slow
	word   *regexp.Regexp
}

func (f *forbiddenWord) find(data []byte) []int {
	if !slices.ContainsFunc(f.parts, func(part string) bool { return bytes.Contains(data, []byte(part)) }) {
		return nil
	}
	return f.word.FindIndex(data)
}

// forbidden are the words that no file of the tree contains: paths of one
// machine, notes of unfinished work. They are spelt so that this file does not
// contain them.
var forbidden = []forbiddenWord{
	{"a path of one machine", nil, []string{"/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/wo" + "rk/"}, regexp.MustCompile(`(?m)(?:^|[\s"'=(\x60])/(?:root|home/[a-z]\w*|Users/\w+|work)/`)},
	{"the folder beside the project", []string{".ci/run"}, []string{"../share" + "d"}, regexp.MustCompile(`\.\./share` + `d\b`)},
	{"a note of unfinished work", nil, []string{"TO" + "DO", "FIX" + "ME"}, regexp.MustCompile(`\b(?:TO` + `DO|FIX` + `ME)\b`)},
}

func TestNoForbiddenWords(t *testing.T) {
	t.Parallel()
	walkFiles(t, func(name string) {
		data, err := os.ReadFile(filepath.FromSlash(name))
		require.NoError(t, err)
		if bytes.IndexByte(data, 0) >= 0 {
			return // an image, a binary
		}
		for _, f := range forbidden {
			if at := f.find(data); at != nil && !slices.Contains(f.except, name) {
				line := 1 + bytes.Count(data[:at[0]], []byte("\n"))
				t.Errorf("%s:%d: %s: %q", name, line, f.what, data[at[0]:at[1]])
			}
		}
	})
}

// TestForbiddenWordsBite holds the patterns themselves.
func TestForbiddenWordsBite(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`open("/ro` + `ot/x")`, "/ho" + "me/ann/x", "=/Us" + "ers/ann/x", " ../share" + "d/x", "// TO" + "DO: x", "FIX" + "ME",
	} {
		found := slices.ContainsFunc(forbidden, func(f forbiddenWord) bool { return f.find([]byte(text)) != nil })
		assert.True(t, found, text)
	}
}

// TestDocComments holds that the documentation is complete: a package comment in
// each package, in doc.go where users read it, and a comment that begins with the
// name on everything exported outside of internal packages.
func TestDocComments(t *testing.T) {
	t.Parallel()
	comments := map[string][]string{}
	names := map[string]string{}
	walkFiles(t, func(name string) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains("/"+name, "/testdata/") {
			return
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.FromSlash(name), nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		dir := path.Dir(name)
		names[dir] = file.Name.Name
		if file.Doc != nil {
			comments[dir] = append(comments[dir], file.Doc.Text())
			if isPublic(dir) && file.Name.Name != "main" && path.Base(name) != "doc.go" {
				t.Errorf("%s: the package comment belongs into doc.go", name)
			}
		}
		if !isPublic(dir) {
			return
		}
		for _, missing := range undocumented(file) {
			t.Errorf("%s: the doc comment of %s does not begin with its name", set.Position(missing.Pos()), missing.Name)
		}
	})
	for dir, name := range names {
		switch {
		case len(comments[dir]) != 1:
			t.Errorf("%s: %d package comments instead of one", dir, len(comments[dir]))
		case name != "main" && !strings.HasPrefix(comments[dir][0], "Package "+name+" "):
			t.Errorf("%s: the package comment does not begin with Package %s", dir, name)
		}
	}
}

func isPublic(dir string) bool {
	return !slices.Contains(strings.Split(dir, "/"), "internal")
}

// undocumented returns the exported names of a file that no comment explains.
func undocumented(file *ast.File) []*ast.Ident {
	var missing []*ast.Ident
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Name.IsExported() && exportedReceiver(decl) && !begins(decl.Doc, decl.Name) {
				missing = append(missing, decl.Name)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				missing = append(missing, undocumentedSpec(decl, spec)...)
			}
		}
	}
	return missing
}

// undocumentedSpec reads one type, or one line of constants or variables. In a
// group of these the comment of the group explains the lines that have none.
func undocumentedSpec(decl *ast.GenDecl, spec ast.Spec) []*ast.Ident {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		doc := spec.Doc
		if doc == nil {
			doc = decl.Doc
		}
		if spec.Name.IsExported() && !begins(doc, spec.Name) {
			return []*ast.Ident{spec.Name}
		}
	case *ast.ValueSpec:
		exported := slices.DeleteFunc(slices.Clone(spec.Names), func(name *ast.Ident) bool { return !name.IsExported() })
		grouped := decl.Lparen.IsValid()
		switch {
		case len(exported) == 0:
		case grouped && spec.Doc == nil && (decl.Doc != nil || spec.Comment != nil):
		case grouped && begins(spec.Doc, exported...):
		case !grouped && begins(decl.Doc, exported...):
		default:
			return exported
		}
	}
	return nil
}

// begins reports whether the comment begins with one of the names.
func begins(doc *ast.CommentGroup, names ...*ast.Ident) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(doc.Text()), " ")
	first = strings.TrimRight(strings.ReplaceAll(first, "\n", " "), " ,:")
	first, _, _ = strings.Cut(first, " ")
	return slices.ContainsFunc(names, func(name *ast.Ident) bool { return name.Name == first })
}

// exportedReceiver reports whether a function is one, or the method of an
// exported type.
func exportedReceiver(decl *ast.FuncDecl) bool {
	return decl.Recv == nil || token.IsExported(typeName(decl.Recv.List[0].Type))
}

// TestUndocumented holds the reading of doc comments itself.
func TestUndocumented(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", `package x

type Bare struct{}

// Told is told.
type Told[T any] struct{}

func (t *Told[T]) Silent() {}

// Loud is loud.
func (t *Told[T]) Loud() {}

func (t *hidden) Exported() {}

type hidden struct{}

// Says something else.
func Other() {}

// The states.
const (
	A = 1
	B = 2
	// Wrong name.
	C = 3
)

const (
	D = 1 // D is one.
	E = 2
)

var F, g = 1, 2
`, parser.ParseComments)
	require.NoError(t, err)
	var names []string
	for _, name := range undocumented(file) {
		names = append(names, name.Name)
	}
	assert.Equal(t, []string{"Bare", "Silent", "Other", "C", "E", "F"}, names)
}

// typeName is the name of a type as it is written, without its arguments and pointers.
func typeName(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.StarExpr:
		return typeName(expr.X)
	case *ast.IndexExpr:
		return typeName(expr.X)
	case *ast.IndexListExpr:
		return typeName(expr.X)
	case *ast.SelectorExpr:
		return typeName(expr.X) + "." + expr.Sel.Name
	case *ast.Ident:
		return expr.Name
	default:
		return ""
	}
}
