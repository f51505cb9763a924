package snippets

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
)

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// Every block of Go in the README and the guides is code that compiles.
func TestSnippetsAreCompiled(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, programs := range []string{"*/*.go", "../observe/*.go"} { // the latter has what its guide shows
		more, err := filepath.Glob(programs)
		require.NoError(t, err)
		files = append(files, more...)
	}
	for _, file := range files {
		code.WriteString(flat(t, file))
	}
	pages, err := filepath.Glob("../../docs/*/*.md")
	require.NoError(t, err)
	pages = append(pages, "../../README.md", "../../README.ja.md")
	blocks := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, block := range goBlock.FindAllStringSubmatch(string(text), -1) {
			blocks++
			assert.Contains(t, code.String(), flatten(block[1]), "a block of %s", page)
		}
	}
	assert.Greater(t, blocks, 30)
}

// The guides exist in both languages, and say the same in code.
func TestGuidesAreTwins(t *testing.T) {
	t.Parallel()
	english, err := filepath.Glob("../../docs/en/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, english)
	for _, page := range english {
		twin := filepath.Join("../../docs/ja", filepath.Base(page))
		require.FileExists(t, twin)
		assert.Equal(t, blocksOf(t, page), blocksOf(t, twin), page)
		assert.Equal(t, shapeOf(t, page), shapeOf(t, twin), page)
	}
	assert.Equal(t, blocksOf(t, "../../README.md"), blocksOf(t, "../../README.ja.md"))
	assert.Equal(t, shapeOf(t, "../../README.md"), shapeOf(t, "../../README.ja.md"))
}

var (
	codeBlock = regexp.MustCompile("(?s)```.*?```")
	shape     = regexp.MustCompile("(?m)^(?:#+|- |\\||```)")
	heading   = regexp.MustCompile(`(?m)^#+ (.+)$`)
	pageLink  = regexp.MustCompile(`\]\(([^):]*)\)`)
	noAnchor  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// shapeOf are the beginnings of a page's headings, rows of lists and tables, and blocks of code.
func shapeOf(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	return shape.FindAllString(codeBlock.ReplaceAllString(string(text), "```"), -1)
}

// Links from page to page end at a file, and at a heading where they name one.
func TestLinksBetweenGuides(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/*/*.md")
	require.NoError(t, err)
	prose := func(page string) string {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		return codeBlock.ReplaceAllString(string(text), "")
	}
	for _, page := range append(pages, "../../README.md", "../../README.ja.md") {
		for _, link := range pageLink.FindAllStringSubmatch(prose(page), -1) {
			file, anchor, _ := strings.Cut(link[1], "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			require.FileExists(t, target, page)
			if anchor == "" {
				continue
			}
			var anchors []string
			for _, h := range heading.FindAllStringSubmatch(prose(target), -1) {
				anchors = append(anchors, strings.ReplaceAll(noAnchor.ReplaceAllString(strings.ToLower(h[1]), ""), " ", "-"))
			}
			assert.Contains(t, anchors, anchor, "%s links to %s", page, link[1])
		}
	}
}

func blocksOf(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	var blocks []string
	for _, block := range goBlock.FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, flatten(block[1]))
	}
	return blocks
}

func flat(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return flatten(string(text))
}

// flatten drops indentation, runs of spaces and blank lines.
func flatten(code string) string {
	var b strings.Builder
	for line := range strings.Lines(code) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// The checklist names the events that makeshop requires of each plan type.
func TestRequiredEventsOfTheChecklist(t *testing.T) {
	t.Parallel()
	kinds := []hooks.Kind{
		hooks.MakeShopInstallKind, hooks.MakeShopUninstallKind, hooks.MakeShopTrialRenewalKind, hooks.MakeShopMonthlyRenewalKind,
		hooks.MakeShopPlanChangeKind, hooks.MakeShopCancelKind, hooks.MakeShopRepaymentExceededKind, hooks.MakeShopFreePaymentKind,
	}
	row := regexp.MustCompile("(?m)^\\| `([a-z_+]+)` \\|(.*)\\|$")
	for _, page := range []string{"../../docs/en/production.md", "../../docs/ja/production.md"} {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		rows := row.FindAllStringSubmatch(string(text), -1)
		require.Len(t, rows, 7, page)
		for _, row := range rows {
			required, err := hooks.RequiredEvents(hooks.MakeShopPlanType(row[1]), hooks.MakeShopPlanOptions{SeveralPlans: true, AsOf: hooks.MakeShopEdition202406})
			require.NoError(t, err, page)
			cells := strings.Split(row[2], "|")
			require.Len(t, cells, len(kinds), row[1])
			for i, kind := range kinds {
				assert.Equal(t, slices.Contains(required, kind), strings.TrimSpace(cells[i]) != "", "%s: %s of %s", page, kind, row[1])
			}
		}
	}
}
