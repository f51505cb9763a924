package hooks

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReasonOf(t *testing.T) {
	t.Parallel()
	assert.Empty(t, reasonOf(nil))
	assert.Equal(t, ReasonSignature, reasonOf(ErrSignatureMalformed))
	assert.Equal(t, ReasonTimestamp, reasonOf(&SkewError{}))
	assert.Equal(t, ReasonPayload, reasonOf(&FieldError{}))
	assert.Equal(t, ReasonHandler, reasonOf(fmt.Errorf("%w: %w", ErrHandler, ErrSignature)), "whatever it wraps")
	assert.Equal(t, ReasonPanic, reasonOf(ErrPanic))
	assert.Equal(t, ReasonOther, reasonOf(errors.New("of the app")))
}

// Every sentinel that a delivery may end with has a reason: a new one needs a row.
func TestEverySentinelHasAReason(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	require.NoError(t, err)
	known := make(map[string]bool)
	table, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(table, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			known[name.Name] = true
		}
		return true
	})
	for name := range file.Scope.Objects {
		switch name {
		case "ErrSecret", "ErrConfig", "ErrClaim": // of a construction and of a ledger
		case "ErrSignatureMalformed", "ErrEvent": // which wrap one that is there
		case "FieldError", "SkewError":
		default:
			assert.True(t, known[name], name)
		}
	}
}
