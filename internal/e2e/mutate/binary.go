package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/go/packages"
)

// Binary is the tests of a package, with the mutants of one package in it.
type Binary struct {
	file  string
	dir   string // where the tests run
	tests []*Test
}

// Test is one test function.
type Test struct {
	Name    string
	Took    time.Duration
	Reaches map[int]bool // the mutants, by their numbers
}

// patience is how much longer than before a test may take with a mutant.
const patience = 5

// tooLong is a test that is not run for a mutant: process-kill tests and the like.
const tooLong = 30 * time.Second

// build compiles the tests of a package with the texts in place of files.
func build(ctx context.Context, work string, pkg *packages.Package, texts map[string]string, mutants int) (*Binary, error) {
	replace := make(map[string]string)
	for path, text := range texts {
		replace[path] = filepath.Join(work, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(replace[path], []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	dir := filepath.Dir(pkg.CompiledGoFiles[0])
	added := filepath.Join(work, "switches.go")
	if err := os.WriteFile(added, fmt.Appendf(nil, switches, pkg.Name, mutants+1), 0o600); err != nil {
		return nil, err
	}
	replace[filepath.Join(dir, "zz_mutant_switches.go")] = added
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(work, "overlay.json"), overlay, 0o600); err != nil {
		return nil, err
	}
	b := &Binary{file: filepath.Join(work, "tests"), dir: dir}
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", filepath.Join(work, "overlay.json"), "-o", b.file, ".")
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", pkg.PkgPath, err, said)
	}
	return b, b.list(ctx)
}

// list finds the tests of the binary, and what each of them reaches.
func (b *Binary) list(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, b.file, "-test.list", ".")
	cmd.Dir = b.dir
	said, err := cmd.Output()
	if err != nil {
		return err
	}
	for name := range strings.Lines(string(said)) {
		name = strings.TrimSpace(name)
		if strings.HasPrefix(name, "Benchmark") || name == "" {
			continue
		}
		trace := b.file + "." + name
		began := time.Now()
		passed := b.pass(ctx, 0, time.Minute, trace, name)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !passed {
			fmt.Fprintf(os.Stderr, "%s fails without a mutant and is left out\n", name)
			continue
		}
		t := &Test{Name: name, Took: time.Since(began), Reaches: make(map[int]bool)}
		if t.Took > tooLong {
			fmt.Fprintf(os.Stderr, "%s takes %s and is left out\n", name, t.Took.Round(time.Second))
			continue
		}
		reached, err := os.ReadFile(trace)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		for line := range bytes.Lines(reached) {
			if id, err := strconv.Atoi(string(bytes.TrimSpace(line))); err == nil {
				t.Reaches[id] = true
			}
		}
		b.tests = append(b.tests, t)
	}
	slices.SortFunc(b.tests, func(x, y *Test) int { return int(x.Took - y.Took) })
	return nil
}

// pass runs tests with a mutant and reports whether they pass.
func (b *Binary) pass(ctx context.Context, mutant int, limit time.Duration, trace string, tests ...string) bool {
	ctx, cancel := context.WithTimeout(ctx, limit+5*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.file, "-test.run", "^("+strings.Join(tests, "|")+")$",
		"-test.failfast", "-test.count=1", "-test.timeout", limit.String())
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "SHOTENGAI_MUTANT="+strconv.Itoa(mutant), "SHOTENGAI_MUTANT_TRACE="+trace)
	return cmd.Run() == nil
}

// Kills reports whether a test notices the mutant, and whether one reaches it. The quick ones
// run first, by themselves.
func (b *Binary) Kills(ctx context.Context, mutant int) (killed, reached bool, err error) {
	var quick, slow []string
	var took time.Duration
	for _, t := range b.tests {
		switch {
		case !t.Reaches[mutant]:
		case len(quick) < 10 && took < time.Second:
			quick, took = append(quick, t.Name), took+t.Took
		default:
			slow, took = append(slow, t.Name), took+t.Took
		}
	}
	for _, tests := range [][]string{quick, slow} {
		if len(tests) == 0 {
			continue
		}
		passed := b.pass(ctx, mutant, patience*took+2*time.Second, "", tests...)
		if ctx.Err() != nil {
			return false, true, ctx.Err()
		}
		if !passed {
			return true, true, nil
		}
	}
	return false, len(quick) > 0, nil
}
