package rakutentest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Fields that XML answers are made of are no floats, which the encoder may write with an
// exponent.
func TestNoXMLFieldIsAFloat(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	fields := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			field, isField := n.(*ast.Field)
			if !isField || field.Tag == nil || !strings.Contains(field.Tag.Value, "xml:") {
				return true
			}
			fields++
			ast.Inspect(field.Type, func(n ast.Node) bool {
				if id, isName := n.(*ast.Ident); isName {
					assert.NotContains(t, id.Name, "float", "%s: %s", name, field.Tag.Value)
				}
				return true
			})
			return true
		})
	}
	assert.Greater(t, fields, 80)
}
