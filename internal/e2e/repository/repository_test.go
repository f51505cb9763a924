package repository

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	require.NoError(t, err)
	return data
}

// parse reads a YAML file strictly into T.
func parse[T any](t *testing.T, name string) (out T) {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(read(t, name)))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&out), name)
	return out
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := fs.Glob(os.DirFS(root), pattern)
	require.NoError(t, err)
	require.NotEmpty(t, names, pattern)
	return names
}

func TestEveryYAMLFileIsOne(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{".golangci.yml", ".github/*.yml", ".github/workflows/*.yml", ".github/ISSUE_TEMPLATE/*.yml", ".devcontainer/*.yml"} {
		for _, name := range glob(t, pattern) {
			var value map[string]any
			assert.NoError(t, yaml.Unmarshal(read(t, name), &value), name)
			assert.NotEmpty(t, value, name)
		}
	}
}

type workflow struct {
	Name        string            `yaml:"name"`
	On          map[string]any    `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Concurrency map[string]any    `yaml:"concurrency"`
	Jobs        map[string]struct {
		RunsOn      string            `yaml:"runs-on"`
		Timeout     int               `yaml:"timeout-minutes"`
		Permissions map[string]string `yaml:"permissions"`
		Steps       []struct {
			Name string            `yaml:"name"`
			If   string            `yaml:"if"`
			Uses string            `yaml:"uses"`
			Run  string            `yaml:"run"`
			Dir  string            `yaml:"working-directory"`
			With map[string]any    `yaml:"with"`
			Env  map[string]string `yaml:"env"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

var (
	script = regexp.MustCompile(`(?m)^\s*bash (\S+)`)
	action = regexp.MustCompile(`^actions/[a-z-]+@v\d+$`)
)

// Workflows run what is there, with as few rights as they need: only the one that a tag starts
// may write, and what it writes is the release.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	everything := false
	for _, name := range glob(t, ".github/workflows/*.yml") {
		w := parse[workflow](t, name)
		releases := filepath.Base(name) == "release.yml"
		if releases {
			assert.Equal(t, map[string]any{"push": map[string]any{"tags": []any{"v[0-9]*"}}}, w.On, name)
		} else {
			assert.Contains(t, w.On, "pull_request", name)
		}
		assert.Equal(t, map[string]string{"contents": "read"}, w.Permissions, name)
		for _, job := range w.Jobs {
			assert.Positive(t, job.Timeout, name)
			assert.True(t, releases || job.Permissions == nil, name)
			for _, step := range job.Steps {
				if step.Uses != "" {
					assert.Regexp(t, action, step.Uses, name)
				}
				if file, ok := step.With["go-version-file"].(string); ok {
					assert.FileExists(t, filepath.Join(root, file))
				}
				for _, match := range script.FindAllStringSubmatch(step.Run, -1) {
					assert.FileExists(t, filepath.Join(root, match[1]), name)
					everything = everything || match[1] == ".ci/run" && step.Env["CI"] == "true"
				}
			}
		}
	}
	assert.True(t, everything, "no workflow runs .ci/run with CI=true")
	for _, match := range regexp.MustCompile(`(?m)^step .* bash (\S+)`).FindAllSubmatch(read(t, ".ci/run"), -1) {
		assert.FileExists(t, filepath.Join(root, string(match[1])))
	}
}

type dependabot struct {
	Version int `yaml:"version"`
	Updates []struct {
		Ecosystem   string         `yaml:"package-ecosystem"`
		Directory   string         `yaml:"directory"`
		Directories []string       `yaml:"directories"`
		Schedule    map[string]any `yaml:"schedule"`
		Groups      map[string]any `yaml:"groups"`
	} `yaml:"updates"`
}

func TestDependabotKnowsEveryModule(t *testing.T) {
	t.Parallel()
	var modules, watched []string
	for scanner := bufio.NewScanner(bytes.NewReader(read(t, "go.work"))); scanner.Scan(); {
		if dir := strings.TrimSpace(scanner.Text()); strings.HasPrefix(dir, ".") {
			modules = append(modules, path.Join("/", dir))
		}
	}
	config := parse[dependabot](t, ".github/dependabot.yml")
	for _, update := range config.Updates {
		assert.NotEmpty(t, update.Schedule, update.Ecosystem)
		if update.Ecosystem == "gomod" {
			watched = append(watched, update.Directories...)
		}
		for _, dir := range append(update.Directories, update.Directory) {
			assert.DirExists(t, filepath.Join(root, dir))
		}
	}
	assert.ElementsMatch(t, modules, watched)
}

type form struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Title       string   `yaml:"title"`
	Labels      []string `yaml:"labels"`
	Body        []struct {
		Type        string         `yaml:"type"`
		ID          string         `yaml:"id"`
		Attributes  map[string]any `yaml:"attributes"`
		Validations map[string]any `yaml:"validations"`
	} `yaml:"body"`
}

// Each platform has a form, and each form says first what to take out, in both languages.
func TestIssueForms(t *testing.T) {
	t.Parallel()
	names := glob(t, ".github/ISSUE_TEMPLATE/*.yml")
	for _, platform := range []string{"colorme", "makeshop", "stores", "rakuten", "other", "config"} {
		assert.Contains(t, names, ".github/ISSUE_TEMPLATE/"+platform+".yml")
	}
	for _, name := range names {
		if strings.HasSuffix(name, "/config.yml") {
			continue
		}
		f := parse[form](t, name)
		assert.NotEmpty(t, f.Name, name)
		assert.NotEmpty(t, f.Description, name)
		require.NotEmpty(t, f.Body, name)
		assert.Equal(t, "markdown", f.Body[0].Type, name)
		assert.Contains(t, f.Body[0].Attributes["value"], "Take out before you paste", name)
		assert.Contains(t, f.Body[0].Attributes["value"], "投稿前に必ず消してください", name)
		ids := map[string]bool{}
		for _, field := range f.Body[1:] {
			assert.Contains(t, []string{"textarea", "input", "dropdown", "checkboxes"}, field.Type, name)
			assert.False(t, ids[field.ID] || field.ID == "", "%s: id %q", name, field.ID)
			ids[field.ID] = true
			assert.NotEmpty(t, field.Attributes["label"], name)
		}
		assert.True(t, ids["redacted"], name)
	}
}

type compose struct {
	Services map[string]struct {
		Image       string            `yaml:"image"`
		Command     string            `yaml:"command"`
		Network     string            `yaml:"network_mode"`
		Volumes     []string          `yaml:"volumes"`
		Environment map[string]string `yaml:"environment"`
	} `yaml:"services"`
	Volumes map[string]any `yaml:"volumes"`
}

// The databases are where the tests look for them, on the loopback address of the container.
func TestDevcontainer(t *testing.T) {
	t.Parallel()
	var container struct {
		Compose string `json:"dockerComposeFile"`
		Service string `json:"service"`
		Create  string `json:"postCreateCommand"`
	}
	require.NoError(t, json.Unmarshal(read(t, ".devcontainer/devcontainer.json"), &container))
	assert.FileExists(t, filepath.Join(root, strings.TrimPrefix(container.Create, "bash ")))
	config := parse[compose](t, ".devcontainer/"+container.Compose)
	require.Contains(t, config.Services, container.Service)
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(read(t, "go.mod"))[1]
	assert.True(t, strings.HasPrefix(config.Services[container.Service].Image, "golang:"+string(version)), "the image has another Go than go.mod")
	for _, database := range []string{"postgres", "mariadb", "redis"} {
		require.Contains(t, config.Services, database)
		assert.Equal(t, "service:"+container.Service, config.Services[database].Network)
	}
	for name, service := range config.Services {
		assert.Regexp(t, `^[a-z]+:[\w.-]+$`, service.Image, name)
	}
}

var (
	heading = regexp.MustCompile(`(?m)^#+ `)
	block   = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```")
	comment = regexp.MustCompile(`(?m)\s+#.*$`)
	link    = regexp.MustCompile(`\]\(([^)#:]+)\)`)
)

// CONTRIBUTING has the same headings, the same tables and the same commands in both languages.
func TestContributingIsATwin(t *testing.T) {
	t.Parallel()
	shape := func(name string) (shape []string) {
		text := read(t, name)
		for _, code := range block.FindAllSubmatch(text, -1) {
			shape = append(shape, string(code[1]), string(comment.ReplaceAll(code[2], nil)))
		}
		text = block.ReplaceAll(text, nil)
		for _, h := range heading.FindAll(text, -1) {
			shape = append(shape, string(h))
		}
		shape = append(shape, "lists", strings.Repeat("|", bytes.Count(text, []byte("\n| "))), strings.Repeat("-", len(regexp.MustCompile(`(?m)^\s*(-|\d+\.) `).FindAll(text, -1))))
		return shape
	}
	assert.Equal(t, shape("CONTRIBUTING.md"), shape("CONTRIBUTING.ja.md"))
}

func TestPagesLinkToWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Concat(glob(t, "*.md"), glob(t, "docs/*.md"), glob(t, "docs/*/*.md"), glob(t, ".github/*.md")) {
		for _, match := range link.FindAllSubmatch(block.ReplaceAll(read(t, name), nil), -1) {
			_, err := os.Stat(filepath.Join(root, path.Dir(name), string(match[1])))
			assert.NoError(t, err, name)
		}
	}
}
