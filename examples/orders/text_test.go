package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each message has a translation with the same verbs, and each translation a message.
func TestJapaneseIsComplete(t *testing.T) {
	t.Parallel()
	verbs := regexp.MustCompile(`%(\[\d\])?[a-z]`)
	for english, japanese := range inJapanese {
		assert.Equal(t, verbs.FindAllString(english, -1), verbs.FindAllString(japanese, -1), english)
		assert.Equal(t, strings.HasSuffix(english, "\n"), strings.HasSuffix(japanese, "\n"), english)
		assert.Equal(t, strings.Count(english, "\t"), strings.Count(japanese, "\t"), english)
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	literals := make(map[string]bool)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "text.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				value, _ := strconv.Unquote(lit.Value)
				literals[value] = true
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			fun, isName := call.Fun.(*ast.Ident)
			lit, isText := call.Args[0].(*ast.BasicLit)
			if isName && isText && (fun.Name == "text" || fun.Name == "failf") {
				value, err := strconv.Unquote(lit.Value)
				require.NoError(t, err)
				if regexp.MustCompile(`\pL{2}`).MatchString(value) {
					assert.Contains(t, inJapanese, value, name)
				}
			}
			return true
		})
	}
	for english := range inJapanese {
		assert.True(t, literals[english], "translated for nothing: %s", english)
	}
}

// The language of the environment is that of help, results and mistakes. LC_ALL wins.
func TestJapanese(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "shops.json")
	require.NoError(t, os.WriteFile(config, []byte(`[{"name":"a","platform":"colorme","tokn":"PATH"}]`), 0o600))
	kana := regexp.MustCompile(`\p{Hiragana}|\p{Katakana}`)
	t.Setenv("LC_MESSAGES", "")
	for _, env := range []struct {
		all, lang string
		japanese  bool
	}{{"", "ja_JP.UTF-8", true}, {"ja_JP.UTF-8", "en_US.UTF-8", true}, {"C", "ja_JP.UTF-8", false}, {"", "en_US.UTF-8", false}, {"", "", false}} {
		t.Setenv("LC_ALL", env.all)
		t.Setenv("LANG", env.lang)
		var out, progress bytes.Buffer
		require.NoError(t, run(t.Context(), []string{"-h"}, &out, io.Discard))
		for line := range strings.Lines(out.String()) {
			assert.Equal(t, env.japanese, kana.MatchString(line), line)
		}
		out.Reset()
		require.NoError(t, run(t.Context(), []string{"-demo", "-changes", "-out", filepath.Join(t.TempDir(), "changes")}, &out, &progress))
		assert.Equal(t, env.japanese, strings.Contains(out.String(), "注文"), out.String())
		assert.Equal(t, env.japanese, strings.Contains(progress.String(), "注文"), progress.String())
		assert.NotContains(t, out.String()+progress.String(), "\x1b", "no colour and no bar on a pipe")
		for _, args := range [][]string{{}, {"-demo", "now"}, {"-frm", "x"}, {"-demo", "-parallel", "0"}, {"-demo", "-from", "x"}, {"-config", config}} {
			err := run(t.Context(), args, io.Discard, io.Discard)
			require.Error(t, err)
			assert.Equal(t, env.japanese, kana.MatchString(err.Error()) || strings.Contains(err.Error(), "余分"), err)
			assert.Equal(t, 2, exitCode(err))
		}
	}
}
