package shotengai_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// plumbing are methods that nobody calls by hand.
var plumbing = []string{
	"AppendText", "MarshalJSON", "MarshalText", "UnmarshalJSON", "UnmarshalText", "EncodeValues", "Shape",
	"String", "GoString", "Format", "LogValue", "Error", "Unwrap", "IsUnknown",
}

// TestAliasesTellTheirMembers holds the comments of types that are declared in an
// internal package: documentation shows such a type as one line, so its comment has to
// name the fields and methods that a user needs.
func TestAliasesTellTheirMembers(t *testing.T) {
	t.Parallel()
	members, aliases := readTypes(t)
	require.NotEmpty(t, aliases)
	for _, a := range aliases {
		known, ok := members[a.target]
		if !ok {
			t.Errorf("%s.%s: %s is not known", a.dir, a.name, a.target)
		}
		for _, member := range known {
			if !slices.Contains(plumbing, member) && !regexp.MustCompile(`\b`+member+`\b`).MatchString(a.doc) {
				t.Errorf("%s: the comment of %s does not tell of its member %s", a.dir, a.name, member)
			}
		}
	}
}

// alias is a type of a public package that stands for one of an internal package.
type alias struct{ dir, name, doc, target string }

// readTypes returns the exported members of all types of internal packages, by
// package.Name, and the aliases that public packages make of them.
func readTypes(t *testing.T) (members map[string][]string, aliases []alias) {
	t.Helper()
	members = map[string][]string{}
	stands := map[string]string{} // aliases among the internal types
	walkFiles(t, func(name string) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains("/"+name, "/testdata/") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.FromSlash(name), nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		dir := path.Dir(name)
		for _, decl := range file.Decls {
			if method, ok := decl.(*ast.FuncDecl); ok && method.Recv != nil && method.Name.IsExported() && !isPublic(dir) {
				key := path.Base(dir) + "." + typeName(method.Recv.List[0].Type)
				members[key] = append(members[key], method.Name.Name)
			}
			types, ok := decl.(*ast.GenDecl)
			if !ok || types.Tok != token.TYPE {
				continue
			}
			for _, spec := range types.Specs {
				spec := spec.(*ast.TypeSpec)
				key := path.Base(dir) + "." + spec.Name.Name
				target := typeName(spec.Type)
				switch {
				case !isPublic(dir) && spec.Assign.IsValid():
					stands[key] = path.Base(dir) + "." + target
				case !isPublic(dir):
					members[key] = append(members[key], fields(spec.Type)...)
				case spec.Assign.IsValid() && spec.Name.IsExported() && strings.Contains(target, "."):
					doc := spec.Doc
					if doc == nil {
						doc = types.Doc
					}
					aliases = append(aliases, alias{dir, spec.Name.Name, doc.Text(), target})
				}
			}
		}
	})
	for key, target := range stands {
		members[key] = members[target]
	}
	aliases = slices.DeleteFunc(aliases, func(a alias) bool { // of the standard library, or of a public package
		pkg, _, _ := strings.Cut(a.target, ".")
		return !slices.Contains([]string{"api", "wire", "fake", "strictjson"}, pkg)
	})
	return members, aliases
}

// fields returns the exported fields of a struct, embedded ones by their type, and the
// methods of an interface.
func fields(expr ast.Expr) []string {
	var list *ast.FieldList
	switch expr := expr.(type) {
	case *ast.StructType:
		list = expr.Fields
	case *ast.InterfaceType:
		list = expr.Methods
	default:
		return nil
	}
	var names []string
	for _, field := range list.List {
		for _, name := range field.Names {
			if name.IsExported() {
				names = append(names, name.Name)
			}
		}
		if len(field.Names) == 0 {
			embedded := typeName(field.Type)
			names = append(names, embedded[strings.LastIndex(embedded, ".")+1:])
		}
	}
	return names
}

// typeName returns Name or package.Name of a type, without pointer and type arguments.
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
