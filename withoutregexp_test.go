package shotengai_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// oneCall is a program that makes one call of a platform.
const oneCall = `package main

import (
	"context"
	"fmt"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

func main() {
	ctx, tokens := context.Background(), oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"})
	c, err := colorme.NewClient(tokens)
	fmt.Println(err, c.Verify(ctx))
	m, err := makeshop.NewClient(makeshop.Config{}, tokens)
	fmt.Println(err, m.Verify(ctx))
	s, err := stores.NewClient(tokens)
	fmt.Println(err, s.Verify(ctx))
	r, err := rakuten.NewClient(rakuten.StaticLicense(rakuten.License{}))
	fmt.Println(err, r.Verify(ctx))
}
`

// A program that makes calls links no regexp: it takes a quarter of a megabyte.
func TestCallsLinkNoRegexp(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it links a program")
	}
	dir := t.TempDir()
	source, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "program")
	require.NoError(t, os.WriteFile(source, []byte(oneCall), 0o600))
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, source).CombinedOutput()
	require.NoError(t, err, string(out))
	symbols, err := exec.CommandContext(t.Context(), "go", "tool", "nm", program).Output()
	require.NoError(t, err)
	assert.Contains(t, string(symbols), "encoding/json.", "the symbols are there")
	assert.NotContains(t, string(symbols), "regexp.(*Regexp)")
}
