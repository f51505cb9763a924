package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/tools/go/packages"
)

// The packages that are changed: those whose faults cost a shop money or its connection.
var targets = []string{"./billing", "./hooks", "./oauth", "./oauth/idtoken", "./internal/api", "./internal/httpx"}

type options struct {
	number   int
	seed     uint64
	in       string
	least    float64
	parallel int
	root     string
	known    string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	flag.IntVar(&o.number, "n", 150, "how many mutants; 0 for all")
	flag.Uint64Var(&o.seed, "seed", 1, "chooses the sample")
	flag.StringVar(&o.in, "in", strings.Join(targets, ","), "the packages, from the root of the module")
	flag.Float64Var(&o.least, "least", 90, "how many percent have to be killed")
	flag.IntVar(&o.parallel, "parallel", 2, "how many run at a time")
	flag.StringVar(&o.root, "root", ".", "the root of the module")
	flag.StringVar(&o.known, "known", "internal/e2e/mutate/survivors.txt", "the list of known survivors")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "mutate: %q is not understood\n", flag.Args())
		os.Exit(2)
	}
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

// subject is a package under change.
type subject struct {
	pkg     *packages.Package
	texts   map[string]string
	binary  *Binary
	mutants []*Mutant
}

func run(ctx context.Context, o options, out io.Writer) error {
	root, err := filepath.Abs(o.root)
	if err != nil {
		return err
	}
	known, err := readKnown(o.known)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	subjects, mutants, err := load(ctx, root, strings.Split(o.in, ","))
	if err != nil {
		return err
	}
	for i, s := range subjects {
		dir := filepath.Join(work, strconv.Itoa(i))
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
		if s.binary, err = build(ctx, dir, s.pkg, s.texts, len(mutants)); err != nil {
			return err
		}
	}
	chosen := sample(mutants, o)
	say(out, "%d of %d mutants, seed %d\n", len(chosen), len(mutants), o.seed)
	return judge(ctx, o, out, subjects, chosen, known)
}

func say(out io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }

func load(ctx context.Context, root string, patterns []string) ([]*subject, []*Mutant, error) {
	loaded, err := packages.Load(&packages.Config{
		Context: ctx, Dir: root,
		Mode: packages.NeedName | packages.NeedCompiledGoFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps,
	}, patterns...)
	if err != nil {
		return nil, nil, err
	}
	var subjects []*subject
	var mutants []*Mutant
	for _, pkg := range loaded {
		if len(pkg.Errors) > 0 {
			return nil, nil, pkg.Errors[0]
		}
		before := len(mutants)
		texts, err := change(pkg, root, &mutants)
		if err != nil {
			return nil, nil, err
		}
		subjects = append(subjects, &subject{pkg: pkg, texts: texts, mutants: mutants[before:]})
	}
	return subjects, mutants, nil
}

// sample chooses mutants by their names, so that a change of the code leaves the others in the
// sample.
func sample(mutants []*Mutant, o options) []*Mutant {
	chosen := slices.Clone(mutants)
	if o.number == 0 || o.number >= len(chosen) {
		return chosen
	}
	rank := make(map[*Mutant]uint64, len(chosen))
	for _, m := range chosen {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", o.seed, m.Name()))
		rank[m] = binary.BigEndian.Uint64(sum[:])
	}
	slices.SortFunc(chosen, func(a, b *Mutant) int { return cmp.Compare(rank[a], rank[b]) })
	chosen = chosen[:o.number]
	slices.SortFunc(chosen, func(a, b *Mutant) int { return a.ID - b.ID })
	return chosen
}

// verdicts of a run.
type verdicts struct {
	mu        sync.Mutex
	killed    []*Mutant
	survivors []*Mutant
	unreached map[*Mutant]bool
}

func judge(ctx context.Context, o options, out io.Writer, subjects []*subject, chosen []*Mutant, known map[string]string) error {
	began := time.Now()
	v := verdicts{unreached: make(map[*Mutant]bool)}
	queue := make(chan *Mutant)
	failed := make(chan error, o.parallel)
	var workers sync.WaitGroup
	for range o.parallel {
		workers.Go(func() {
			for m := range queue {
				if err := v.try(ctx, subjects, m); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	for _, m := range chosen {
		select {
		case queue <- m:
		case err := <-failed:
			return err
		}
	}
	close(queue)
	workers.Wait()
	return v.report(o, out, known, len(chosen), time.Since(began))
}

func (v *verdicts) try(ctx context.Context, subjects []*subject, m *Mutant) error {
	i := slices.IndexFunc(subjects, func(s *subject) bool { return slices.Contains(s.mutants, m) })
	killed, reached, err := subjects[i].binary.Kills(ctx, m.ID)
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if killed {
		v.killed = append(v.killed, m)
		return nil
	}
	v.survivors = append(v.survivors, m)
	v.unreached[m] = !reached
	return nil
}

func (v *verdicts) report(o options, out io.Writer, known map[string]string, tried int, took time.Duration) error {
	var errs []error
	slices.SortFunc(v.survivors, func(a, b *Mutant) int { return a.ID - b.ID })
	for _, m := range v.survivors {
		why, listed := known[m.Name()]
		switch {
		case listed:
			say(out, "known    %s:%d %s # %s\n", m.File, m.Line, m.Name(), why)
		case v.unreached[m]:
			errs = append(errs, fmt.Errorf("%s:%d: no test reaches it: %s", m.File, m.Line, m.Name()))
		default:
			errs = append(errs, fmt.Errorf("%s:%d: no test notices it: %s", m.File, m.Line, m.Name()))
		}
	}
	for _, m := range v.killed {
		if _, listed := known[m.Name()]; listed {
			say(out, "killed   %s:%d %s: take it off the list, unless a time limit has killed it\n", m.File, m.Line, m.Name())
		}
	}
	percent := 100 * float64(len(v.killed)) / float64(max(tried, 1))
	say(out, "%d of %d killed (%.1f %%) in %s\n", len(v.killed), tried, percent, took.Round(time.Second))
	if percent < o.least {
		errs = append(errs, fmt.Errorf("%.1f %% killed, %.0f %% are wanted", percent, o.least))
	}
	return errors.Join(errs...)
}

// readKnown reads the list of survivors: a name, " # " and the reason on each line.
func readKnown(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	known := make(map[string]string)
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.LastIndex(line, " # ")
		if at < 0 {
			return nil, fmt.Errorf("%s:%d: no reason", path, i+1)
		}
		known[line[:at]] = line[at+3:]
	}
	return known, nil
}
