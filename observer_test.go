package shotengai_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	for want, errs := range map[shotengai.ErrorKind][]error{
		"":                             {nil},
		shotengai.KindOutcomeUnknown:   {shotengai.ErrOutcomeUnknown, &shotengai.Error{Kind: shotengai.ErrUnavailable, Unknown: true, Cause: context.Canceled}},
		shotengai.KindReauthorize:      {shotengai.ErrReauthorize, oauth.ErrNoGrant, &shotengai.Error{Kind: shotengai.ErrForbidden, Cause: rakuten.ErrKeyExpired}},
		shotengai.KindUnauthorized:     {shotengai.ErrUnauthorized, colorme.ErrScope},
		shotengai.KindForbidden:        {shotengai.ErrForbidden, colorme.ErrPlan, rakuten.ErrNotEnabled},
		shotengai.KindNotFound:         {fmt.Errorf("wrapped: %w", shotengai.ErrNotFound)},
		shotengai.KindConflict:         {shotengai.ErrConflict, rakuten.ErrCabinetFull},
		shotengai.KindRateLimited:      {shotengai.ErrRateLimited},
		shotengai.KindResponseTooLarge: {shotengai.ErrResponseTooLarge},
		shotengai.KindRowsMoved:        {&shotengai.PageError{Err: shotengai.ErrRowsMoved}},
		shotengai.KindPageRepeated:     {&shotengai.PageError{Err: shotengai.ErrPageRepeated}},
		shotengai.KindUnavailable:      {&shotengai.Error{Kind: shotengai.ErrUnavailable, Cause: context.DeadlineExceeded}, oauth.ErrTemporary},
		shotengai.KindInvalid:          {shotengai.ErrInvalid, rakuten.ErrWrongShop},
		shotengai.KindCanceled:         {&shotengai.Error{Cause: context.Canceled}},
		shotengai.KindDeadline:         {&shotengai.Error{Cause: context.DeadlineExceeded}},
		shotengai.KindOther:            {errors.New("of the app"), &shotengai.Error{StatusCode: 200}},
	} {
		for _, err := range errs {
			assert.Equal(t, want, shotengai.KindOf(err), "%v", err)
		}
	}
}

// Every sentinel of the root package has a kind of its own: a new one needs a row.
func TestEverySentinelHasAKind(t *testing.T) {
	t.Parallel()
	var sentinels, kinds []string
	eachPublicFile(t, func(set *token.FileSet, file *ast.File) {
		if filepath.Dir(set.Position(file.Pos()).Filename) != "." {
			return
		}
		for _, decl := range file.Decls {
			for _, name := range declared(decl) {
				if rest, ok := strings.CutPrefix(name.Name, "Err"); ok && name.IsExported() && rest != "or" && rest != "orKind" {
					sentinels = append(sentinels, rest)
				}
				if rest, ok := strings.CutPrefix(name.Name, "Kind"); ok && rest != "Of" {
					kinds = append(kinds, rest)
				}
			}
		}
	})
	require.NotEmpty(t, sentinels)
	assert.ElementsMatch(t, append(sentinels, "Canceled", "Deadline", "Other"), kinds)
}
