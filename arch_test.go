package shotengai_test

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// module is the path of the root module. In this file a package is named by its
// directory below the module's root, the root itself by ".".
const module = "github.com/shotengai/shotengai-go"

const (
	jose    = "github.com/go-jose/go-jose/v4"
	testify = "github.com/stretchr/testify"

	gqlparser = "github.com/vektah/gqlparser/v2"
)

var platforms = []string{"colorme", "makeshop", "stores", "rakuten"}

// requirements are all that an importer of the module inherits.
var requirements = []string{
	jose,
	"github.com/google/go-querystring",
	testify,
	gqlparser,
	"golang.org/x/oauth2",
	"golang.org/x/time",
}

// joseFence are the packages that may import go-jose, and signers the platforms
// that may import these.
var (
	joseFence = []string{"oauth/assertion", "oauth/idtoken"}
	signers   = []string{"makeshop", "stores"}
)

// suites are the conformance suites that users run on implementations of their
// own: the only packages that import testing outside of test files.
var suites = []string{"hooks/ledgertest", "oauth/storetest"}

// edge is one import: the directory of the importing package, what it imports
// (a directory when it is of this module, an import path when not) and whether a
// test file says so.
type edge struct {
	from, to string
	own      bool
	test     bool
}

// engines are the internal packages that carry calls. The others are leaves, which
// everybody may use.
var engines = []string{"internal/api", "internal/fake"}

// refuse returns why an import is not allowed, or "". basic reports whether an internal
// package imports nothing of the module.
func (e edge) refuse(basic func(dir string) bool) string {
	switch {
	case !e.own:
		return e.refuseForeign()
	case e.test:
		return e.refuseInTest()
	case within(e.from, "examples"), isWorkshop(e.from):
		return ""
	case e.from == ".":
		return unless(basic(e.to), "the root package imports internal packages that import nothing of the module")
	case isTestPackage(e.to):
		fake := e.to == "shotengaitest" && (e.from == "internal/fake" || e.from == "internal/feedtest")
		return unless(fake || isTestPackage(e.from) && slices.Contains(sharedFakes, e.to), "only tests and examples import a ...test package")
	case within(e.to, "examples"), isWorkshop(e.to):
		return "nothing imports examples, internal/bench or internal/e2e"
	case e.to == ".":
		return ""
	}

	home := top(e.from)
	switch {
	case home == "internal":
		return unless(top(e.to) == "internal", "internal imports the root and internal only")
	case home == "shotengaitest":
		return unless(top(e.to) == "internal", "shotengaitest imports the root and internal only")
	case home == "billing", home == "hooks":
		parent := e.from != home && e.to == home
		leaf := top(e.to) == "internal" && !slices.Contains(engines, e.to)
		return unless(parent || leaf || isTestPackage(e.from) && e.to == "internal/fake", "billing and hooks import the root and internal leaves")
	case home == "oauth":
		parent := e.from != home && e.to == home
		return unless(parent || top(e.to) == "internal", "oauth imports the root and internal")
	case slices.Contains(platforms, home):
		return e.refusePlatform(home)
	}
	return "no rule places this package: add one"
}

// sharedFakes are what the fakes of all platforms stand on.
var sharedFakes = []string{"shotengaitest", "oauth/oauthtest"}

func (e edge) refusePlatform(home string) string {
	switch {
	case top(e.to) == "internal", within(e.to, home), e.to == "oauth":
		return ""
	case slices.Contains(joseFence, e.to):
		return unless(slices.Contains(signers, home) && !isTestPackage(e.from), "only makeshop and stores sign and read ID tokens")
	}
	return "a platform imports the root, internal and oauth"
}

func (e edge) refuseInTest() string {
	home := top(e.from)
	if slices.Contains(platforms, home) && slices.Contains(platforms, top(e.to)) && top(e.to) != home {
		return "a platform's tests import no other platform"
	}
	programs := home == "internal" && within(e.from, "internal/e2e") // where databases and processes are for them
	return unless(!within(e.to, "examples") || programs, "nothing imports examples, internal/bench or internal/e2e")
}

func (e edge) refuseForeign() string {
	switch {
	case isWorkshop(e.from):
		return ""
	case within(e.to, jose):
		return unless(slices.Contains(joseFence, e.from), "go-jose is fenced into "+strings.Join(joseFence, " and "))
	case within(e.to, gqlparser):
		return unless(within(e.from, "makeshop/makeshoptest"), "gqlparser is fenced into makeshoptest")
	case e.test:
		return ""
	case within(e.to, "testing"), within(e.to, testify):
		return unless(slices.Contains(suites, e.from), "only tests and the ...test.Run suites import testing and testify")
	}
	return ""
}

// within reports whether dir is the given one or lies below it.
func within(dir, given string) bool {
	return dir == given || strings.HasPrefix(dir, given+"/")
}

func top(dir string) string {
	first, _, _ := strings.Cut(dir, "/")
	return first
}

// isTestPackage reports whether dir is a fake or a suite, as in colormetest.
func isTestPackage(dir string) bool {
	return strings.HasSuffix(path.Base(dir), "test") && top(dir) != "internal"
}

// isWorkshop reports whether dir is of a nested module that the library is tested and measured
// in: it may use whatever it needs.
func isWorkshop(dir string) bool { return within(dir, "internal/bench") || within(dir, "internal/e2e") }

func unless(allowed bool, reason string) string {
	if allowed {
		return ""
	}
	return reason
}

func TestImportRules(t *testing.T) {
	t.Parallel()
	edges := imports(t)
	knowsModule := map[string]bool{}
	for _, e := range edges {
		if e.own && !e.test {
			knowsModule[e.from] = true
		}
	}
	basic := func(dir string) bool { return top(dir) == "internal" && !knowsModule[dir] }
	for _, e := range edges {
		if reason := e.refuse(basic); reason != "" {
			t.Errorf("%s imports %s (in a test file: %t): %s", e.from, e.to, e.test, reason)
		}
	}
}

// TestImportRulesRefuse holds the rules themselves, so that they bite before
// somebody breaks them.
func TestImportRulesRefuse(t *testing.T) {
	t.Parallel()
	basic := func(dir string) bool { return dir == "internal/wire" }
	tests := []struct {
		name     string
		edge     edge
		expected string
	}{
		{"the root takes a leaf", edge{from: ".", to: "internal/wire", own: true}, ""},
		{"the root takes the engine", edge{from: ".", to: "internal/api", own: true}, "the root package imports"},
		{"anybody takes the root", edge{from: "billing", to: ".", own: true}, ""},
		{"billing takes a leaf", edge{from: "billing", to: "internal/text", own: true}, ""},
		{"billing takes the engine", edge{from: "billing", to: "internal/api", own: true}, "internal leaves"},
		{"hooks take oauth", edge{from: "hooks", to: "oauth", own: true}, "internal leaves"},
		{"a ledger takes hooks", edge{from: "hooks/sqlledger", to: "hooks", own: true}, ""},
		{"hooks take a ledger", edge{from: "hooks", to: "hooks/sqlledger", own: true}, "internal leaves"},
		{"hooks take a platform", edge{from: "hooks", to: "colorme", own: true}, "internal leaves"},
		{"oauth takes the engine", edge{from: "oauth", to: "internal/api", own: true}, ""},
		{"oauth takes its ID token", edge{from: "oauth", to: "oauth/idtoken", own: true}, "oauth imports"},
		{"a store takes oauth", edge{from: "oauth/sqlstore", to: "oauth", own: true}, ""},
		{"oauth takes hooks", edge{from: "oauth", to: "hooks", own: true}, "oauth imports"},
		{"a platform takes oauth", edge{from: "rakuten", to: "oauth", own: true}, ""},
		{"a platform takes another", edge{from: "rakuten", to: "stores", own: true}, "a platform imports"},
		{"a platform takes hooks", edge{from: "colorme", to: "hooks", own: true}, "a platform imports"},
		{"makeshop takes the ID token", edge{from: "makeshop", to: "oauth/idtoken", own: true}, ""},
		{"colorme takes the ID token", edge{from: "colorme", to: "oauth/idtoken", own: true}, "only makeshop and stores"},
		{"a fake takes its platform", edge{from: "stores/storestest", to: "stores", own: true}, ""},
		{"a fake takes oauth", edge{from: "stores/storestest", to: "oauth", own: true}, ""},
		{"a fake takes the authorisation server", edge{from: "stores/storestest", to: "oauth/oauthtest", own: true}, ""},
		{"a fake takes what fakes share", edge{from: "stores/storestest", to: "shotengaitest", own: true}, ""},
		{"a fake takes hooks", edge{from: "stores/storestest", to: "hooks", own: true}, "a platform imports"},
		{"a fake takes another", edge{from: "stores/storestest", to: "colorme/colormetest", own: true}, "only tests and examples"},
		{"a platform takes its fake", edge{from: "stores", to: "stores/storestest", own: true}, "only tests and examples"},
		{"a platform takes what fakes share", edge{from: "stores", to: "shotengaitest", own: true}, "only tests and examples"},
		{"a test takes the fake", edge{from: "stores", to: "stores/storestest", own: true, test: true}, ""},
		{"a test takes another platform", edge{from: "stores", to: "colorme", own: true, test: true}, "no other platform"},
		{"an example takes a fake", edge{from: "examples/tour", to: "stores/storestest", own: true}, ""},
		{"internal takes a platform", edge{from: "internal/api", to: "colorme", own: true}, "internal only"},
		{"a measurement takes all platforms", edge{from: "internal/bench", to: "rakuten", own: true}, ""},
		{"a measurement takes a peer", edge{from: "internal/bench", to: "github.com/coreos/go-oidc/v3/oidc"}, ""},
		{"a platform takes a measurement", edge{from: "rakuten", to: "internal/bench", own: true}, "nothing imports"},
		{"a stranger appears", edge{from: "shopify", to: "internal/api", own: true}, "no rule"},
		{"a platform takes testing", edge{from: "stores", to: "testing"}, "only tests"},
		{"a fake takes testify", edge{from: "stores/storestest", to: testify + "/require"}, "only tests"},
		{"a suite takes testify", edge{from: "oauth/storetest", to: testify + "/require"}, ""},
		{"a test takes testify", edge{from: "stores", to: testify + "/require", test: true}, ""},
		{"the ID token takes go-jose", edge{from: "oauth/idtoken", to: jose + "/jwt"}, ""},
		{"the client takes gqlparser", edge{from: "makeshop", to: gqlparser + "/ast"}, "fenced"},
		{"a test takes go-jose", edge{from: "makeshop", to: jose, test: true}, "fenced"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			reason := tt.edge.refuse(basic)
			if tt.expected == "" {
				assert.Empty(t, reason)
				return
			}
			assert.Contains(t, reason, tt.expected)
		})
	}
}

// imports reads the import clauses of every Go file of every module of the tree,
// whatever its build tags.
func imports(t *testing.T) []edge {
	t.Helper()
	var edges []edge
	walkFiles(t, func(name string) {
		if path.Ext(name) != ".go" {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.FromSlash(name), nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range file.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			e := edge{from: path.Dir(name), to: to, test: strings.HasSuffix(name, "_test.go")}
			if within(to, module) {
				e.own, e.to = true, directory(to)
			}
			if !slices.Contains(edges, e) {
				edges = append(edges, e)
			}
		}
	})
	return edges
}

// directory turns an import path of the module into its directory.
func directory(importPath string) string {
	return path.Clean(strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/"))
}

// walkFiles calls visit with the slash-separated name of every file of the tree
// that belongs to the project.
func walkFiles(t *testing.T, visit func(name string)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		name = filepath.ToSlash(name)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", ".ci/bin", ".ci/out", "internal/e2e/interop/node_modules"}, name):
			return filepath.SkipDir
		case entry.Type().IsRegular() && name != ".git": // a file in a worktree
			visit(name)
		}
		return nil
	}))
}

// goList runs go list on the packages of the root module as an importer would
// see them, whatever the workspace says.
func goList(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Deps,Error", "./...")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	deps := map[string][]string{}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var pkg struct {
			ImportPath string   `json:"ImportPath"`
			Deps       []string `json:"Deps"`
			Error      *struct {
				Err string `json:"Err"`
			} `json:"Error"`
		}
		require.NoError(t, decoder.Decode(&pkg))
		if pkg.Error == nil {
			deps[directory(pkg.ImportPath)] = pkg.Deps
		} else {
			assert.Contains(t, pkg.Error.Err, "no Go files", pkg.ImportPath)
		}
	}
	return deps
}

// TestLinking holds what a program links when it imports one package, directly
// or through others.
func TestLinking(t *testing.T) {
	t.Parallel()
	for dir, deps := range goList(t) {
		home := top(dir)
		for _, dep := range deps {
			own := within(dep, module)
			to := directory(dep)
			if !slices.Contains(suites, dir) {
				assert.False(t, within(dep, "testing") || within(dep, testify), "%s links %s", dir, dep)
			}
			if home == "examples" || home == "internal" {
				continue
			}
			if own && slices.Contains(platforms, top(to)) {
				assert.Equal(t, home, top(to), "%s links %s", dir, to)
			}
			if own && isTestPackage(to) && !isTestPackage(dir) {
				assert.Fail(t, "a fake is linked", "%s links %s", dir, to)
			}
			if own && slices.Contains(platforms, home) {
				assert.NotEqual(t, "hooks", top(to), "%s links %s", dir, to)
			}
			if within(dep, jose) && !slices.Contains(joseFence, dir) {
				assert.Contains(t, signers, home, "%s links %s", dir, dep)
			}
		}
	}
}

// TestRequirements holds what an importer of the module inherits: no module that
// is not on the list, whether go.mod or the code asks for it, and no replace that
// only this repository would see. That none is missing is for go mod tidy to say.
func TestRequirements(t *testing.T) {
	t.Parallel()
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace []struct{ Old struct{ Path string } }
	}
	goEdit(t, &mod, "mod")
	assert.Empty(t, mod.Replace)
	for _, required := range mod.Require {
		if !required.Indirect {
			assert.Contains(t, requirements, required.Path)
		}
	}

	nested := nestedModules(t)
	for _, e := range imports(t) {
		std := !strings.Contains(top(e.to), ".")
		if e.own || std || slices.ContainsFunc(nested, func(dir string) bool { return within(e.from, dir) }) {
			continue
		}
		if !slices.ContainsFunc(requirements, func(required string) bool { return within(e.to, required) }) {
			t.Errorf("%s imports %s, which is not a requirement of the root module", e.from, e.to)
		}
	}
}

// TestWorkspace holds that go.work lists every module, so that `go test work`
// tests it.
func TestWorkspace(t *testing.T) {
	t.Parallel()
	var work struct{ Use []struct{ DiskPath string } }
	goEdit(t, &work, "work")
	var used []string
	for _, use := range work.Use {
		used = append(used, path.Clean(use.DiskPath))
	}
	assert.ElementsMatch(t, append(nestedModules(t), "."), used)
}

func nestedModules(t *testing.T) []string {
	t.Helper()
	var dirs []string
	walkFiles(t, func(name string) {
		if path.Base(name) == "go.mod" && name != "go.mod" {
			dirs = append(dirs, path.Dir(name))
		}
	})
	return dirs
}

// goEdit reads go.mod or go.work, which needs no network.
func goEdit(t *testing.T, out any, kind string) {
	t.Helper()
	data, err := exec.CommandContext(t.Context(), "go", kind, "edit", "-json", "go."+kind).Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, out))
}
