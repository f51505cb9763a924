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

// run is the whole program. The export goes to a file and the summary to out, or the export
// to out and the summary to progress. How far it is goes to progress.
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
	target, err := job.open(out)
	if err != nil {
		return err
	}
	defer target.close()
	job = target.job
	results, err := job.export(ctx, shops, target, newProgress(progress, isTerminal(progress), len(shops)*len(job.days())))
	if job.path == standardOutput {
		out = progress
	}
	said := summarize(out, job, results)
	if errors.Is(err, context.Canceled) {
		return errors.Join(job.interrupted(), said)
	}
	return errors.Join(err, said)
}

func (j job) interrupted() error {
	if j.path == standardOutput {
		return errors.New("interrupted: not all orders were written")
	}
	return errors.New("interrupted: run the same command again to go on")
}

func parse(args []string, now time.Time) (j job, config string, demo bool, err error) {
	flags := flag.NewFlagSet("orders", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&config, "config", "", "`FILE` with the shops")
	flags.BoolVar(&demo, "demo", false, "export from fakes on this machine instead")
	flags.StringVar(&j.path, "out", "orders.csv", "`FILE` to write, or - for standard output")
	flags.StringVar(&j.format, "format", "", "`FORMAT`: csv, or jsonl for JSON Lines; jsonl if the file is called .jsonl, else csv")
	flags.StringVar(&j.encoding, "encoding", utf8, "`NAME`: utf8, utf8-bom (for Excel, which keeps leading zeros) or sjis")
	flags.IntVar(&j.parallel, "parallel", 8, "`NUMBER` of shops at a time")
	flags.BoolVar(&j.overwrite, "overwrite", false, "replace a finished export")
	from := flags.String("from", now.AddDate(0, 0, -30).Format(time.DateOnly), "first `DAY` of the orders, in Japan")
	to := flags.String("to", now.AddDate(0, 0, -1).Format(time.DateOnly), "last `DAY` of the orders, in Japan")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return j, "", false, helpError{flags}
	} else if err != nil {
		return j, "", false, err
	}
	flags.Visit(func(f *flag.Flag) {
		j.fromGiven = j.fromGiven || f.Name == "from"
		j.toGiven = j.toGiven || f.Name == "to"
	})
	switch {
	case flags.NArg() > 0:
		return j, "", false, fmt.Errorf("%q is not a flag: orders takes flags only", flags.Arg(0))
	case config == "" && !demo:
		return j, "", false, errors.New("say which shops with -config FILE, or try it with -demo")
	case config != "" && demo:
		return j, "", false, errors.New("-config and -demo contradict each other")
	}
	if j.from, err = day("from", *from); err != nil {
		return j, "", false, err
	}
	if j.to, err = day("to", *to); err != nil {
		return j, "", false, err
	}
	return j.named(), config, demo, j.named().check()
}

func day(name, text string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, text, shotengai.JST)
	if err != nil {
		return t, fmt.Errorf("-%s %q is not a day like 2026-01-31", name, text)
	}
	return t, nil
}

// helpError is the wish to read about the flags.
type helpError struct{ flags *flag.FlagSet }

func (helpError) Error() string { return "help was asked for" }

// print writes one line for each flag.
func (e helpError) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "orders exports the orders of many shops into one file.")
	e.flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		if strings.HasPrefix(f.Usage, "`") {
			usage = strings.TrimLeft(strings.TrimPrefix(usage, value), ": ")
		}
		if f.DefValue != "" && f.DefValue != "false" {
			usage += " (default " + f.DefValue + ")"
		}
		_, _ = fmt.Fprintf(table, "  -%s %s\t%s\n", f.Name, value, usage)
	})
	return table.Flush()
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
