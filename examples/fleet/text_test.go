package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each message has a translation with the same verbs, and each translation a
// message.
func TestJapaneseIsComplete(t *testing.T) {
	t.Parallel()
	verbs := regexp.MustCompile(`%(\[\d\])?[a-z]`)
	for english, japanese := range japanese {
		assert.Equal(t, verbs.FindAllString(english, -1), verbs.FindAllString(japanese, -1), english)
		assert.Equal(t, strings.HasSuffix(english, "\n"), strings.HasSuffix(japanese, "\n"), english)
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var literals []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "text.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				value, _ := strconv.Unquote(lit.Value)
				literals = append(literals, value)
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			called := ""
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				called = fun.Name
			case *ast.SelectorExpr:
				called = fun.Sel.Name
			}
			lit, isText := call.Args[0].(*ast.BasicLit)
			if strings.Contains(" text usagef failf say ", " "+called+" ") && isText {
				value, err := strconv.Unquote(lit.Value)
				require.NoError(t, err)
				if regexp.MustCompile(`\pL{2}`).MatchString(value) {
					assert.Contains(t, japanese, value, name)
				}
			}
			return true
		})
	}
	all := strings.Join(literals, "\x00")
	for english := range japanese {
		assert.Contains(t, all, english, "translated for nothing")
	}
}

// The language of the environment is that of help, results and failures.
func TestJapanese(t *testing.T) {
	t.Setenv("LC_ALL", "")
	t.Setenv("LC_MESSAGES", "")
	kana := regexp.MustCompile(`\p{Hiragana}|\p{Katakana}`)
	for lang, japanese := range map[string]bool{"ja_JP.UTF-8": true, "en_US.UTF-8": false, "": false} {
		t.Setenv("LANG", lang)
		var help bytes.Buffer
		require.NoError(t, run(t.Context(), []string{"-h"}, nil, &help, newConsole(io.Discard)))
		for _, c := range commands {
			require.NoError(t, run(t.Context(), append(strings.Fields(c.name), "-h"), nil, &help, newConsole(io.Discard)))
		}
		for line := range strings.Lines(help.String()) {
			if strings.TrimSpace(line) != "" {
				assert.Equal(t, japanese, kana.MatchString(line), line)
			}
		}
		for _, args := range []string{"", "works", "work now", "work -every 0", "work -evry 1m", "-demo -database postgres://127.0.0.1:1/none"} {
			err := run(t.Context(), strings.Fields(args), nil, io.Discard, newConsole(io.Discard))
			require.Error(t, err)
			assert.Equal(t, japanese, kana.MatchString(err.Error()), err)
		}
	}
}
