package repository

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../../.."

// clone is a small repository with the release script of this one.
type clone struct {
	t   *testing.T
	dir string
}

func newClone(t *testing.T) clone {
	t.Helper()
	for _, tool := range []string{"bash", "git"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	c := clone{t, t.TempDir()}
	require.NoError(t, os.CopyFS(c.dir, os.DirFS(template(t))))
	return c
}

var made struct {
	sync.Once

	dir string
}

// template makes the repository that the clones are copies of.
func template(t *testing.T) string {
	t.Helper()
	made.Do(func() {
		dir, err := os.MkdirTemp("", "release-") //nolint:usetesting // outlives the test that comes first
		require.NoError(t, err)
		made.dir = dir
		clone{t, dir}.fill()
	})
	return made.dir
}

func TestMain(m *testing.M) {
	code := m.Run()
	if made.dir != "" {
		_ = os.RemoveAll(made.dir)
	}
	os.Exit(code)
}

func (c clone) fill() {
	t := c.t
	t.Helper()
	script, err := os.ReadFile(filepath.Join(root, ".ci/release"))
	require.NoError(t, err)
	c.write(".ci/release", string(script))
	c.write(".gitignore", "/.ci/bin/\n/.ci/out/\n")
	c.apidiff("")
	// The bill of materials goes to the last argument.
	c.write(".ci/bin/cyclonedx-gomod", "#!/bin/sh\nfor last; do :; done\necho '{}' > \"$last\"\n")
	c.write("go.mod", "module example.com/m\n\ngo 1.26.0\n")
	c.write("m.go", "// Package m is there.\npackage m\n\n// F is there.\nfunc F() {}\n")
	c.write("go.work", "go 1.26.0\n\nuse (\n\t.\n\t./oauth/redisstore\n\t./hooks/redisledger\n)\n")
	for _, dir := range []string{"oauth/redisstore", "hooks/redisledger"} {
		c.write(dir+"/go.mod", "module example.com/m/"+dir+"\n\ngo 1.26.0\n\nreplace example.com/m => ../..\n\nrequire example.com/m v0.1.0\n")
		c.write(dir+"/x.go", "// Package x is there.\npackage x\n")
	}
	c.write("CHANGELOG.md", "# Changelog\n\n## v0.1.0, 2026-12-01\n\nPlatforms: all.\n\n### Added\n\n- F.\n")
	c.git("init", "--quiet", "--initial-branch=main")
	c.commit()
}

// apidiff puts a program in the place of apidiff, which finds what the test says: what is tested
// is what the script makes of it.
func (c clone) apidiff(finds string) {
	c.t.Helper()
	c.write(".ci/bin/apidiff", "#!/bin/sh\nif [ \"$2\" = -incompatible ]; then printf '%s' '"+finds+"'; exit; fi\n"+
		"case $4 in example.com/m|example.com/m/*) echo x > \"$3\";; *) exit 1;; esac\n")
}

func (c clone) write(name, text string) {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	require.NoError(c.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(c.t, os.WriteFile(path, []byte(text), 0o755))
}

// edit replaces a text in a file.
func (c clone) edit(name, old, text string) {
	c.t.Helper()
	data, err := os.ReadFile(filepath.Join(c.dir, name))
	require.NoError(c.t, err)
	require.Contains(c.t, string(data), old)
	c.write(name, strings.Replace(string(data), old, text, 1))
}

func (c clone) run(name string, arguments ...string) (string, error) {
	cmd := exec.CommandContext(c.t.Context(), name, arguments...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com",
		"GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@example.com")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (c clone) git(arguments ...string) string {
	c.t.Helper()
	out, err := c.run("git", arguments...)
	require.NoError(c.t, err, out)
	return out
}

func (c clone) commit() {
	c.t.Helper()
	c.git("add", ".")
	c.git("commit", "--quiet", "--message=change")
}

func (c clone) release(arguments ...string) (string, error) {
	return c.run("bash", append([]string{".ci/release"}, arguments...)...)
}

func TestReleaseIsTagged(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	out, err := c.release()
	require.NoError(t, err, out)
	assert.Contains(t, out, "skipped: no earlier commit here")
	out, err = c.release("v0.1.0")
	require.NoError(t, err, out)
	assert.Empty(t, c.git("tag"), "checking makes no tag")
	out, err = c.release("-tag", "v0.1.0")
	require.NoError(t, err, out)
	assert.Equal(t, "hooks/redisledger/v0.1.0\noauth/redisstore/v0.1.0\nv0.1.0\n", c.git("tag"))
	assert.Contains(t, out, "git push origin v0.1.0 oauth/redisstore/v0.1.0 hooks/redisledger/v0.1.0")
}

func TestReleaseIsRefused(t *testing.T) {
	t.Parallel()
	for says, change := range map[string]func(c clone){
		"CHANGELOG.md is missing":       func(c clone) { c.write("CHANGELOG.md", "# Changelog\n") },
		"section of CHANGELOG.md is v0": func(c clone) { c.edit("CHANGELOG.md", "v0.1.0", "v0.0.9") },
		"YYYY-MM-DD":                    func(c clone) { c.edit("CHANGELOG.md", ", 2026-12-01", "") },
		"has no entries":                func(c clone) { c.edit("CHANGELOG.md", "- F.", "") },
		"begins with Platforms:":        func(c clone) { c.edit("CHANGELOG.md", "Platforms:", "Those:") },
		"move the entries":              func(c clone) { c.edit("CHANGELOG.md", "## v0", "## Unreleased\n\n- G.\n\n## v0") },
		"replaces a module":             func(c clone) { c.edit("go.mod", "go 1", "replace example.com/a => ./a\n\ngo 1") },
		"does not name the module":      func(c clone) { c.edit("oauth/redisstore/go.mod", "m/oauth/redisstore", "m/redis") },
		"does not replace":              func(c clone) { c.edit("oauth/redisstore/go.mod", "../..", "..") },
		"requires example.com/m v0.0.0": func(c clone) { c.edit("hooks/redisledger/go.mod", "v0.1.0", "v0.0.0") },
		"is to be tagged and has no": func(c clone) {
			c.git("rm", "--quiet", "-r", "hooks/redisledger")
			c.edit("go.work", "\t./hooks/redisledger\n", "")
		},
		"there already":  func(c clone) { c.git("tag", "oauth/redisstore/v0.1.0") },
		"made from main": func(c clone) { c.git("checkout", "--quiet", "-b", "other") },
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			c := newClone(t)
			change(c)
			c.git("add", ".")
			c.git("commit", "--quiet", "--allow-empty", "--message=change")
			out, err := c.release("-tag", "v0.1.0")
			require.Error(t, err, out)
			assert.Contains(t, out, says)
			assert.NotContains(t, strings.Fields(c.git("tag")), "v0.1.0")
		})
	}
}

func TestReleaseOfUncommittedWork(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	c.write("new.go", "package m\n")
	out, err := c.release("v0.1.0")
	require.Error(t, err)
	assert.Contains(t, out, "not committed")
	for _, arguments := range [][]string{{"-tag"}, {"0.1.0"}, {"v1"}, {"v1.02.0"}, {"v0.1.0", "v0.2.0"}} {
		out, err := c.release(arguments...)
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
		assert.Equal(t, 2, exit.ExitCode(), "%v: %s", arguments, out)
	}
}

// Before the first tag the API is compared with the commit before. What it has lost is
// printed, and is no error.
func TestReleaseBeforeTheFirstTag(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	c.apidiff("F: removed")
	c.write("m_test.go", "package m\n")
	c.commit()
	out, err := c.release()
	require.NoError(t, err, out)
	assert.Contains(t, out, "no file of the API has changed since")
	assert.Contains(t, out, "what the modules are made of has not changed since")
	c.edit("hooks/redisledger/go.mod", "go 1.26.0", "go 1.26.1")
	c.commit()
	out, err = c.release()
	require.NoError(t, err, out)
	assert.Contains(t, out, "3 bills of materials")
	c.edit("m.go", "func F", "func G")
	c.commit()
	out, err = c.release("v0.1.0")
	require.NoError(t, err, out)
	assert.Contains(t, out, "3 bills of materials")
	assert.Contains(t, out, "has changed incompatibly since")
	assert.Contains(t, out, "F: removed")
}

// The examples of the last tag are compiled against the code that is here: those of a page,
// and the programs to copy.
func TestReleaseThatBreaksExamples(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"example_test.go":         "package m_test\n\nimport \"example.com/m\"\n\nfunc ExampleF() { m.F() }\n",
		"examples/a/main.go":      "package main\n\nimport \"example.com/m\"\n\nfunc main() { m.F() }\n",
		"examples/nested/main.go": "package main\n\nimport \"example.com/m\"\n\nfunc main() { m.F() }\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClone(t)
			c.write(name, text)
			if strings.Contains(name, "nested") {
				c.write("examples/nested/go.mod", "module example.com/m/examples/nested\n\ngo 1.26.0\n\nreplace example.com/m => ../..\n\nrequire example.com/m v0.1.0\n")
			}
			c.commit()
			c.git("tag", "v0.1.0")
			c.edit("m.go", "func F() {}", "func F() {} // it is the same")
			c.commit()
			out, err := c.release()
			require.NoError(t, err, out)
			assert.NotContains(t, out, "compile")
			c.edit("m.go", "func F", "func G")
			c.edit(name, "m.F", "m.G")
			c.edit("CHANGELOG.md", "## v0.1.0, 2026-12-01", "## v0.1.1, 2026-12-02")
			c.commit()
			out, err = c.release("v0.1.1")
			require.Error(t, err, out)
			assert.Contains(t, out, "the examples of v0.1.0 in")
			assert.Contains(t, out, "undefined: m.F")
			assert.Contains(t, out, "may not break v0.1.0")
		})
	}
}

func TestReleaseThatBreaks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, last, next, heading string
		says                      string // "": it may be released
	}{
		{"a minor version before v1", "v0.1.0", "v0.2.0", "Changed", ""},
		{"a minor version that is silent about it", "v0.1.0", "v0.2.0", "Added", "may not break"},
		{"a patch", "v0.1.0", "v0.1.1", "Changed", "may not break"},
		{"a minor version", "v1.1.0", "v1.2.0", "Changed", "may not break"},
		{"an older version", "v0.3.0", "v0.2.0", "Changed", "is older than"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newClone(t)
			c.git("tag", tt.last)
			c.apidiff("F: removed")
			c.edit("m.go", "func F() {}", "// F is gone.")
			c.edit("CHANGELOG.md", "## v0.1.0, 2026-12-01", "## "+tt.next+", 2026-12-02")
			c.edit("CHANGELOG.md", "### Added", "### "+tt.heading)
			c.edit("oauth/redisstore/go.mod", "v0.1.0", tt.next)
			c.edit("hooks/redisledger/go.mod", "v0.1.0", tt.next)
			c.commit()
			out, err := c.release(tt.next)
			assert.Contains(t, out, "F: removed")
			if tt.says == "" {
				require.NoError(t, err, out)
				return
			}
			require.Error(t, err, out)
			assert.Contains(t, out, tt.says)
			assert.NotContains(t, c.git("worktree", "list"), "last", "nothing is left behind")
		})
	}
}
