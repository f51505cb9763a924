package shotengai_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoInternalTypeIsShown holds that no exported type, field, function, method, variable
// or constant mentions a type of an internal package: its methods would be on no page.
func TestNoInternalTypeIsShown(t *testing.T) {
	t.Parallel()
	eachPublicFile(t, func(set *token.FileSet, file *ast.File) {
		for _, at := range shownInternals(file) {
			t.Errorf("%s: an internal type is shown", set.Position(at))
		}
	})
}

// shared are the names that only the root package declares.
var shared = []string{
	"Option", "CallOption", "Settings", "Response", "Limiter", "RetryPolicy", "Call", "ErrorKind", "KindOf", "NotRetried", "Error", "Detail", "Page", "PageError", "RowError", "Results", "Row",
	"Secret", "Clearable", "Date", "JST", "DateOf", "Fault", "Request",
	"ErrUnauthorized", "ErrForbidden", "ErrNotFound", "ErrConflict", "ErrInvalid", "ErrRateLimited", "ErrUnavailable", "ErrOutcomeUnknown",
	"ErrResponseTooLarge", "ErrReauthorize", "ErrRowsMoved", "ErrPageRepeated",
	"WithBaseURL", "WithTestServer", "WithHTTPClient", "WithUserAgent", "WithLimiter", "WithRetryPolicy", "WithTimeout", "WithBodyLimit", "WithLogger", "WithObserver",
	"WithStrictDecoding", "WithDriftReport", "WithHeader", "WithResponse", "WithRequestCount", "WithRetry",
}

// TestSharedNamesStandOnce holds that the clients declare and re-export nothing of what
// the root package has.
func TestSharedNamesStandOnce(t *testing.T) {
	t.Parallel()
	eachPublicFile(t, func(set *token.FileSet, file *ast.File) {
		dir := path.Dir(filepath.ToSlash(set.Position(file.Pos()).Filename))
		if !slices.Contains(append([]string{"oauth", "hooks"}, platforms...), dir) {
			return
		}
		for _, decl := range file.Decls {
			for _, name := range declared(decl) {
				if slices.Contains(shared, name.Name) && !slices.Contains(sharedExceptions, dir+"."+name.Name) {
					t.Errorf("%s: %s is the root package's", set.Position(name.Pos()), name.Name)
				}
			}
		}
	})
}

// sharedExceptions are names that mean something else there: a spelling of dates of the
// platform's own, and the function that makes one.
var sharedExceptions = []string{"makeshop.Date", "makeshop.DateOf"}

// declared are the names that a declaration at the top of a file introduces.
func declared(decl ast.Decl) (names []*ast.Ident) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil {
			names = append(names, decl.Name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name)
			case *ast.ValueSpec:
				names = append(names, spec.Names...)
			}
		}
	}
	return names
}

func eachPublicFile(t *testing.T, visit func(set *token.FileSet, file *ast.File)) {
	t.Helper()
	walkFiles(t, func(name string) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || !isPublic(path.Dir(name)) || within(name, "examples") {
			return
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.FromSlash(name), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		visit(set, file)
	})
}

// shownInternals returns where exported declarations mention a package whose path has an
// element named internal.
func shownInternals(file *ast.File) (found []token.Pos) {
	internal := map[string]bool{}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil || !slices.Contains(strings.Split(name, "/"), "internal") {
			continue
		}
		base := path.Base(name)
		if spec.Name != nil {
			base = spec.Name.Name
		}
		internal[base] = true
	}
	look := func(node ast.Node) {
		if node == nil {
			return
		}
		ast.Inspect(node, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && len(field.Names) > 0 && !slices.ContainsFunc(field.Names, func(name *ast.Ident) bool { return name.IsExported() }) {
				_, structure := node.(*ast.StructType)
				return !structure // unexported fields of a struct are not shown, parameters are
			}
			if selector, ok := n.(*ast.SelectorExpr); ok {
				if base, ok := selector.X.(*ast.Ident); ok && internal[base.Name] {
					found = append(found, selector.Pos())
				}
			}
			return true
		})
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Name.IsExported() && exportedReceiver(decl) {
				look(decl.Type)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					if spec.Name.IsExported() {
						look(spec.Type)
					}
				case *ast.ValueSpec:
					if slices.ContainsFunc(spec.Names, func(name *ast.Ident) bool { return name.IsExported() }) && spec.Type != nil {
						look(spec.Type)
					}
				}
			}
		}
	}
	return found
}

// TestShownInternals holds the reading itself.
func TestShownInternals(t *testing.T) {
	t.Parallel()
	for source, shown := range map[string]int{
		"type A = api.Option":                         1,
		"type A struct{ B api.Option; c api.Option }": 1,
		"func F(a api.Option) {}":                     1,
		"func f(a api.Option) {}":                     0,
		"func (t *T) F() api.Option { return nil }":   1,
		"func (t *t) F() api.Option { return nil }":   0,
		"var V api.Option":                            1,
		"var V = api.Thing()":                         0,
		"type A interface{ M(api.Option) }":           1,
		"type A struct{ shotengai.Page[int] }":        0,
		"func F() { var a api.Option; _ = a }":        0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n\nimport \"m/internal/api\"\n\n"+source, parser.SkipObjectResolution)
		require.NoError(t, err)
		assert.Len(t, shownInternals(file), shown, source)
	}
}

// keyTypes are what a method takes besides bodies and queries: what identifies a resource,
// and the nodes of a tree, which is written as it is read.
var keyTypes = []string{"rakuten.SKU", "rakuten.ReserveKey", "rakuten.InquiryAttachment", "rakuten.CategoryTreeNode"}

// TestBodiesAndQueriesAreNamedAlike holds that the name of a body's type ends in Request,
// and that of a query's in Params.
func TestBodiesAndQueriesAreNamedAlike(t *testing.T) {
	t.Parallel()
	onEachPlatform(t, func(t *testing.T, p platform) {
		c := p.client(t, serving(t, saying(500, `{}`)))
		seen := 0
		eachMethod(reflect.ValueOf(c.value), func(name string, method reflect.Value) {
			for in := range method.Type().Ins() {
				if in.Kind() == reflect.Slice || in.Kind() == reflect.Pointer {
					in = in.Elem()
				}
				if in.Kind() != reflect.Struct || path.Base(in.PkgPath()) != p.name || slices.Contains(keyTypes, in.String()) {
					continue
				}
				seen++
				assert.Regexp(t, "(Request|Params)$", in.Name(), "%s takes %s", name, in)
			}
		})
		assert.Greater(t, seen, 5)
	})
}
