package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/shotengai/shotengai-go"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "orders:", err)
		os.Exit(1)
	}
}

// run is the whole program. The export goes to a file, the summary to out and the progress
// to progress.
func run(ctx context.Context, args []string, out, progress io.Writer) error {
	job, config, demo, err := parse(args)
	if err != nil {
		return err
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
		return err
	}
	results, err := job.export(ctx, shops, newProgress(progress, isTerminal(progress), len(shops)*len(job.days())))
	said := summarize(out, job, results)
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted: run the same command again to go on")
	}
	return errors.Join(err, said)
}

func parse(args []string) (j job, config string, demo bool, err error) {
	today := time.Now().In(shotengai.JST)
	flags := flag.NewFlagSet("orders", flag.ContinueOnError)
	flags.StringVar(&config, "config", "", "file with the shops")
	flags.BoolVar(&demo, "demo", false, "export from fakes on this machine instead")
	flags.StringVar(&j.path, "out", "orders.csv", "file to write; .jsonl for JSON Lines")
	flags.StringVar(&j.encoding, "encoding", "utf8", "utf8, utf8-bom (Excel) or sjis; JSON Lines are always utf8")
	flags.IntVar(&j.parallel, "parallel", 8, "shops at a time")
	flags.BoolVar(&j.overwrite, "overwrite", false, "replace a finished export")
	from := flags.String("from", today.AddDate(0, 0, -30).Format(time.DateOnly), "first day of the orders, in Japan")
	to := flags.String("to", today.AddDate(0, 0, -1).Format(time.DateOnly), "last day of the orders, in Japan")
	if err := flags.Parse(args); err != nil {
		return j, "", false, err
	}
	if config == "" && !demo {
		return j, "", false, errors.New("say which shops with -config FILE, or try it with -demo")
	}
	if j.from, err = time.ParseInLocation(time.DateOnly, *from, shotengai.JST); err != nil {
		return j, "", false, fmt.Errorf("-from %q is not a day like 2026-01-31", *from)
	}
	if j.to, err = time.ParseInLocation(time.DateOnly, *to, shotengai.JST); err != nil {
		return j, "", false, fmt.Errorf("-to %q is not a day like 2026-01-31", *to)
	}
	if j.to.Before(j.from) {
		return j, "", false, fmt.Errorf("-to %s is before -from %s", *to, *from)
	}
	return j, config, demo, j.check()
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
