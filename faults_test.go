package shotengai_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var updateGenerated = flag.Bool("update", false, "rewrite the generated column of the fault catalogue, and the table of types")

// faultCatalogue lists the faults that tests are named after. The last column of its
// tables is generated.
const faultCatalogue = "docs/faults.md"

var (
	faultID      = regexp.MustCompile(`\b[WTHS][0-9]{2}\b`)
	faultPrefix  = regexp.MustCompile(`^(?:[WTHS][0-9]{2} )+`)
	faultRow     = regexp.MustCompile(`^(\| ([WTHS][0-9]{2}) \|.*\| )([^|]+) \|$`)
	faultRowLike = regexp.MustCompile(`^\|\s*[WTHS][0-9]`)
	// nameWord is a word of a Go name. An id is a word of its own, so that the S25 of ES256
	// is none.
	nameWord = regexp.MustCompile(`[A-Z][a-z]+|[A-Z]+[0-9]*|[^A-Z]+`)
)

// TestFaultCatalogue compares the catalogue with the names of all tests: each id in a name
// has a row, and each row lists its tests. With -update it rewrites that column.
func TestFaultCatalogue(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(faultCatalogue)
	require.NoError(t, err)
	c := checkFaults(string(data), faultTests(t))
	for _, problem := range c.problems {
		t.Errorf("%s: %s", faultCatalogue, problem)
	}
	if len(c.untested) > 0 {
		t.Logf("%s: rows without a test: %s", faultCatalogue, strings.Join(c.untested, " "))
	}
	if *updateGenerated {
		require.NoError(t, os.WriteFile(faultCatalogue, []byte(c.text), 0o600))
		return
	}
	for _, id := range slices.Sorted(maps.Keys(c.stale)) {
		t.Errorf("%s: the tests of %s are: %s (go test -run TestFaultCatalogue . -update)", faultCatalogue, id, c.stale[id])
	}
}

// faultNames are the names of tests by the id in them and the directory they are in.
type faultNames map[string]map[string][]string

// faultTests collects the tests of the repository. The suites that implementations run
// count as tests.
func faultTests(t *testing.T) faultNames {
	t.Helper()
	found := faultNames{}
	walkFiles(t, func(name string) {
		dir := path.Dir(name)
		test := strings.HasSuffix(name, "_test.go") || path.Ext(name) == ".go" && slices.Contains(suites, dir)
		if !test || strings.Contains("/"+name, "/testdata/") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.FromSlash(name), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		found.add(dir, file)
	})
	return found
}

// add collects the tests of one file.
func (f faultNames) add(dir string, file *ast.File) {
	for _, decl := range file.Decls {
		name := declName(decl)
		for _, word := range nameWord.FindAllString(name, -1) {
			f.note(word, dir, name)
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			for _, id := range caseIDs(n) {
				if !slices.Contains(nameWord.FindAllString(name, -1), id) {
					f.note(id, dir, name+"/"+id)
				}
			}
			return true
		})
	}
}

func (f faultNames) note(id, dir, name string) {
	if faultID.FindString(id) != id || id == "" || slices.Contains(f[id][dir], name) {
		return
	}
	if f[id] == nil {
		f[id] = map[string][]string{}
	}
	f[id][dir] = append(f[id][dir], name)
}

// column is what the catalogue lists for an id.
func (f faultNames) column(id string) string {
	var parts []string
	for _, dir := range slices.Sorted(maps.Keys(f[id])) {
		names := slices.Sorted(slices.Values(f[id][dir]))
		parts = append(parts, "`"+dir+"`: "+strings.Join(names, ", "))
	}
	if len(parts) == 0 {
		return "—"
	}
	return strings.Join(parts, "; ")
}

// declName is the name of a function, or of the first variable or constant of a group.
func declName(decl ast.Decl) string {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		return decl.Name.Name
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			if values, ok := spec.(*ast.ValueSpec); ok {
				return values.Names[0].Name
			}
		}
	}
	return ""
}

// caseIDs returns the ids in the name of a subtest, or in that of a case of a table: a key
// of a map, the field name of a struct, or its first field. The latter have to begin with
// the id.
func caseIDs(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.CallExpr:
		selector, ok := n.Fun.(*ast.SelectorExpr)
		if !ok || selector.Sel.Name != "Run" || len(n.Args) != 2 {
			return nil
		}
		var ids []string
		ast.Inspect(n.Args[0], func(n ast.Node) bool {
			ids = append(ids, faultID.FindAllString(stringLit(n), -1)...)
			return true
		})
		return ids
	case *ast.CompositeLit:
		var ids []string
		for i, element := range n.Elts {
			ids = append(ids, faultID.FindAllString(faultPrefix.FindString(caseName(i, element)), -1)...)
		}
		return ids
	}
	return nil
}

// caseName returns the text of an element of a composite literal that may be a name.
func caseName(i int, element ast.Expr) string {
	switch pair, ok := element.(*ast.KeyValueExpr); {
	case !ok && i == 0:
		return stringLit(element)
	case !ok:
		return ""
	default:
		if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "name" {
			return stringLit(pair.Value)
		}
		return stringLit(pair.Key)
	}
}

// stringLit returns the value of a string literal, "" of all else.
func stringLit(n ast.Node) string {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}

// faultCheck is what a comparison of the catalogue with the tests has found.
type faultCheck struct {
	text     string            // the catalogue with the right column
	stale    map[string]string // the right column of the rows where it differs
	untested []string
	problems []string
}

func checkFaults(text string, tests faultNames) faultCheck {
	c := faultCheck{stale: map[string]string{}}
	rows := map[string]bool{}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		row := faultRow.FindStringSubmatch(line)
		if row == nil {
			if faultRowLike.MatchString(line) {
				c.problems = append(c.problems, fmt.Sprintf("line %d is no row of four columns", i+1))
			}
			continue
		}
		begin, id, column := row[1], row[2], tests.column(row[2])
		if rows[id] {
			c.problems = append(c.problems, "two rows for "+id)
		}
		rows[id] = true
		if len(tests[id]) == 0 {
			c.untested = append(c.untested, id)
		}
		if row[3] != column {
			c.stale[id] = column
			lines[i] = begin + column + " |"
		}
	}
	for _, id := range slices.Sorted(maps.Keys(tests)) {
		if !rows[id] {
			c.problems = append(c.problems, "no row for "+id+", which tests name: "+tests.column(id))
		}
	}
	c.text = strings.Join(lines, "\n")
	return c
}

func TestFaultNames(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "x_test.go", `package x
func TestH07H08Redirects(t *testing.T) { t.Run("H07 again", f) }
func TestES256AndHTTPS22(t *testing.T) { t.Run("XW01", f); t.Run("S1", f); assert.Equal(t, 1, 2, "S02: a message") }
func TestTables(t *testing.T) {
	t.Run("W19 "+text, f)
	t.Run("a case of T23 and T24", f)
	_ = map[string]int{"T28 429": 1, "T28 503": 2, "T29": 3}
	_ = []row{{"W16 cut", "S03 no name"}, {name: "T08 issuer", value: "S06 no name"}, {"S04 S05 both"}}
}
var table = map[string]int{"H16 empty": 1}
`, parser.SkipObjectResolution)
	require.NoError(t, err)
	found := faultNames{}
	found.add("a", file)
	found.add("b", file)
	columns := map[string]string{}
	for id := range found {
		columns[id], _, _ = strings.Cut(found.column(id), ";")
	}
	assert.Equal(t, map[string]string{
		"H07": "`a`: TestH07H08Redirects",
		"H08": "`a`: TestH07H08Redirects",
		"W19": "`a`: TestTables/W19",
		"T23": "`a`: TestTables/T23",
		"T24": "`a`: TestTables/T24",
		"T28": "`a`: TestTables/T28",
		"W16": "`a`: TestTables/W16",
		"T08": "`a`: TestTables/T08",
		"S04": "`a`: TestTables/S04",
		"S05": "`a`: TestTables/S05",
		"H16": "`a`: table/H16",
	}, columns)
	assert.Equal(t, "`a`: TestTables/W19; `b`: TestTables/W19", found.column("W19"))
}

func TestFaultCheck(t *testing.T) {
	t.Parallel()
	const text = "| id | fault |\n| --- | --- |\n" +
		"| W01 | a | b | `hooks`: TestW01 |\n| W02 | a | b | `hooks`: TestOld |\n| W03 | a | b | — |\n| W04 | a | b | `hooks`: TestOld |\n"
	tests := faultNames{"W01": {"hooks": {"TestW01"}}, "W02": {"hooks": {"TestW02B", "TestW02A"}}}
	c := checkFaults(text, tests)
	assert.Empty(t, c.problems)
	assert.Equal(t, map[string]string{"W02": "`hooks`: TestW02A, TestW02B", "W04": "—"}, c.stale)
	assert.Equal(t, []string{"W03", "W04"}, c.untested)
	again := checkFaults(c.text, tests)
	assert.Empty(t, again.stale)
	assert.Equal(t, c.text, again.text)

	tests["S09"] = map[string][]string{"oauth": {"TestS09"}}
	c = checkFaults(text+"| W01 | a | b | — |\n| W05 |\n", tests)
	assert.Equal(t, []string{
		"two rows for W01", "line 8 is no row of four columns", "no row for S09, which tests name: `oauth`: TestS09",
	}, c.problems)
}
