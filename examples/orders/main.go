package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"github.com/shotengai/shotengai-go"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "orders:", err)
	}
	os.Exit(exitCode(err))
}

// usageError is a mistake in the command line or in the configuration.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func exitCode(err error) int {
	if _, ok := errors.AsType[usageError](err); ok {
		return 2
	}
	if err != nil {
		return 1
	}
	return 0
}

// run is the whole program. Files and the summary of them go to out, or the export to out and
// the summary to progress. How far it is goes to progress.
func run(ctx context.Context, args []string, out, progress io.Writer) error {
	job, config, demo, err := parse(args, time.Now().In(shotengai.JST))
	if help, ok := errors.AsType[helpError](err); ok {
		return help.print(out)
	}
	if err != nil {
		return usageError{err}
	}
	var shops []shop
	if demo {
		servers, demoShops, err := startDemo()
		if err != nil {
			return err
		}
		defer servers.close()
		shops = demoShops
	} else if shops, err = load(config); err != nil {
		return usageError{err}
	}
	if job.changes {
		return job.runChanges(ctx, shops, out, progress)
	}
	return job.runExport(ctx, shops, out, progress)
}

func (j job) runExport(ctx context.Context, shops []shop, out, progress io.Writer) error {
	target, err := j.open(out)
	if err != nil {
		return err
	}
	defer target.close()
	j = target.job
	results, err := j.export(ctx, shops, target, newProgress(progress, isTerminal(progress), len(shops)*len(j.days())))
	if j.path == standardOutput {
		out = progress
	}
	return j.end(err, summarize(out, j, results))
}

func (j job) runChanges(ctx context.Context, shops []shop, out, progress io.Writer) error {
	target, err := j.openChanges()
	if err != nil {
		return err
	}
	defer target.close()
	all, path, err := target.run(ctx, shops, newProgress(progress, isTerminal(progress), -1))
	return j.end(err, summarizeChanges(out, all, path))
}

// end is what a run ends with: err, and whether the summary was said.
func (j job) end(err, said error) error {
	switch {
	case !errors.Is(err, context.Canceled):
		return errors.Join(err, said)
	case j.path == standardOutput:
		return errors.Join(failf("interrupted: not all orders were written"), said)
	}
	return errors.Join(failf("interrupted: run the same command again to go on"), said)
}

func parse(args []string, now time.Time) (j job, config string, demo bool, err error) {
	j.perSave = ordersPerSave
	flags := flag.NewFlagSet("orders", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&config, "config", "", "`FILE` with the shops")
	flags.BoolVar(&demo, "demo", false, "export from fakes on this machine instead")
	flags.BoolVar(&j.changes, "changes", false, "write what is new or has changed since the last run, as one more file in the directory -out")
	flags.StringVar(&j.path, "out", text("orders.csv, or changes with -changes"), "`NAME` of the file to write, or - for standard output; with -changes, of a directory")
	flags.StringVar(&j.format, "format", "", "`FORMAT`: csv, or jsonl for JSON Lines; jsonl if the file is called .jsonl, else csv")
	flags.StringVar(&j.encoding, "encoding", utf8, "`NAME`: utf8, utf8-bom (for Excel, which keeps leading zeros) or sjis")
	flags.IntVar(&j.parallel, "parallel", 8, "`NUMBER` of shops at a time")
	flags.BoolVar(&j.overwrite, "overwrite", false, "replace a finished export")
	from := flags.String("from", now.AddDate(0, 0, -30).Format(time.DateOnly), "first `DAY` of the orders, in Japan; with -changes, of shops that were never asked before")
	to := flags.String("to", now.AddDate(0, 0, -1).Format(time.DateOnly), "last `DAY` of the orders, in Japan")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return j, "", false, helpError{flags}
	} else if err != nil {
		return j, "", false, failf("%s: see orders -h", err)
	}
	given := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	switch {
	case flags.NArg() > 0:
		return j, "", false, failf("%q is not a flag: orders takes flags only", flags.Arg(0))
	case config == "" && !demo:
		return j, "", false, failf("say which shops with -config FILE, or try it with -demo")
	case config != "" && demo:
		return j, "", false, failf("-config and -demo contradict each other")
	}
	if j.from, err = day("from", *from); err != nil {
		return j, "", false, err
	}
	if j.to, err = day("to", *to); err != nil {
		return j, "", false, err
	}
	j = j.named(given)
	return j, config, demo, j.check(given)
}

func day(name, value string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, value, shotengai.JST)
	if err != nil {
		return t, failf("-%s %q is not a day like 2026-01-31", name, value)
	}
	return t, nil
}

// helpError is the wish to read about the flags.
type helpError struct{ flags *flag.FlagSet }

func (helpError) Error() string { return "help was asked for" }

// print writes one line for each flag.
func (e helpError) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, text("orders exports the orders of many shops into one file, or what has changed since the last run."))
	e.flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		if own := text(f.Usage); own != f.Usage {
			usage = own
		} else if strings.HasPrefix(f.Usage, "`") {
			usage = strings.TrimLeft(strings.TrimPrefix(usage, value), ": ")
		}
		if f.DefValue != "" && f.DefValue != "false" {
			usage += fmt.Sprintf(text(" (default %s)"), f.DefValue)
		}
		_, _ = fmt.Fprintf(table, "  -%s %s\t%s\n", f.Name, value, usage)
	})
	return table.Flush()
}

// isTerminal reports whether w can show a bar.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}
