package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	code = `package shop

import "errors"

var errNone = errors.New("none")

func Price(amount, each int) (int, error) {
	if amount < 1 {
		return 0, errNone
	}
	price := amount * each
	if each > 1000 && amount > 10 {
		price -= 100
	}
	return price, nil
}

func Untested(n int) bool { return n > 0 }
`
	tests = `package shop

import "testing"

func TestPrice(t *testing.T) {
	if got, err := Price(1, 7); got != 7 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
	if _, err := Price(0, 7); err == nil {
		t.Error("none for nothing")
	}
	if got, _ := Price(11, 2000); got != 21900 {
		t.Errorf("%d", got)
	}
}
`
)

func TestRun(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(root, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	write("go.mod", "module example.com/shop\n\ngo 1.26.0\n")
	write("shop.go", code)
	write("shop_test.go", tests)
	list := `
# comment
shop.go Price: if amount < 1: true # the list is wrong
shop.go Price: each > 1000 && amount > 10: || # not worth a test
`
	o := options{in: ".", least: 60, parallel: 2, root: root, known: write("survivors.txt", list)}
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "")
	var out strings.Builder
	err := run(t.Context(), o, &out)
	require.Error(t, err)
	t.Log(out.String())
	assert.Contains(t, out.String(), "known    shop.go:12 shop.go Price: each > 1000 && amount > 10: || # not worth a test")
	assert.Contains(t, out.String(), "killed   shop.go:8 shop.go Price: if amount < 1: true: take it off the list")
	assert.ElementsMatch(t, []string{
		"shop.go:12: no test notices it: shop.go Price: each > 1000: >=",
		"shop.go:12: no test notices it: shop.go Price: amount > 10: >=",
		"shop.go:18: no test reaches it: shop.go Untested: n > 0: >=",
	}, strings.Split(err.Error(), "\n"))
}

func TestSample(t *testing.T) {
	t.Parallel()
	var all []*Mutant
	for i := range 100 {
		all = append(all, &Mutant{ID: i + 1, File: "a.go", Func: "f", What: "x", Nth: i + 1})
	}
	chosen := sample(all, options{number: 10, seed: 1})
	require.Len(t, chosen, 10)
	more := sample(append([]*Mutant{{ID: 0, File: "b.go"}}, all...), options{number: 11, seed: 1})
	assert.GreaterOrEqual(t, len(intersection(chosen, more)), 10-1, "the others stay")
	assert.NotEqual(t, chosen, sample(all, options{number: 10, seed: 2}))
}

func intersection(a, b []*Mutant) (both []*Mutant) {
	for _, m := range a {
		for _, other := range b {
			if m == other {
				both = append(both, m)
			}
		}
	}
	return both
}

func TestReadKnownNeedsReasons(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "list")
	require.NoError(t, os.WriteFile(path, []byte("a.go f: x: y\n"), 0o600))
	_, err := readKnown(path)
	require.ErrorContains(t, err, ":1: no reason")
}
