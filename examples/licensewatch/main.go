package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "licensewatch:", err)
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

// run is the whole program.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("licensewatch", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	config := flags.String("config", "", "`FILE` with the shops; without one, the demo runs")
	calendar := flags.String("calendar", "licences.ics", "calendar `FILE` to write, in place of the one that is there")
	state := flags.String("state", "", "`FILE` that keeps what was seen and reported")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return help(out, flags)
	case err != nil:
		return usageError{failf("%s: see licensewatch -h", err)}
	case flags.NArg() > 0:
		return usageError{failf("%q is not a flag: licensewatch takes flags only", flags.Arg(0))}
	}
	fleet, done, err := open(*config)
	if err != nil {
		return err
	}
	defer done()
	store, err := openStore(*state)
	if err != nil {
		return err
	}
	return fleet.report(ctx, store, *calendar, out)
}

// help writes one line for each flag.
func help(out io.Writer, flags *flag.FlagSet) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, text("licensewatch shows how long the licence keys of Rakuten shops are valid, and writes a calendar."))
	flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		if own := text(f.Usage); own != f.Usage {
			usage = own
		}
		if f.DefValue != "" {
			usage += fmt.Sprintf(text(" (default %s)"), f.DefValue)
		}
		_, _ = fmt.Fprintf(table, "  -%s %s\t%s\n", f.Name, value, usage)
	})
	return table.Flush()
}

// open reads the shops of the configuration, or starts the demo's.
func open(config string) (fleet, func(), error) {
	if config == "" {
		return startDemo()
	}
	f, err := load(config)
	if err != nil {
		return f, nil, usageError{err}
	}
	return f, func() {}, nil
}

// fleet is the shops that are watched.
type fleet struct {
	shops []shop
	local bool // on this machine, and asked without pause
}

type shop struct {
	name   string
	client *rakuten.Client // nil for a shop that has not handed over a key yet
}

// unhurried is a limiter that never waits.
type unhurried struct{}

func (unhurried) Wait(ctx context.Context) error { return ctx.Err() }

// report checks all shops, prints the new warnings and the table, and writes the calendar. A
// warning that cannot be printed is not noted as delivered, and comes again.
func (f fleet) report(ctx context.Context, store licensewatch.Store, calendar string, out io.Writer) error {
	watcher, err := licensewatch.New(f.config(store))
	if err != nil {
		return err
	}
	var trouble []error
	err = watcher.Check(ctx, func(event licensewatch.Event, err error) error {
		if err == nil {
			_, err = fmt.Fprintln(out, text("new:"), licensewatch.NewNotice(event.Status(), time.Now(), licensewatch.TextsIn(language())).Subject)
		}
		if err != nil {
			trouble = append(trouble, err)
		}
		return err
	})
	if err != nil {
		return failf("interrupted")
	}
	statuses, err := watcher.Statuses(ctx)
	if err != nil {
		return err
	}
	now := time.Now()
	f.diagnose(ctx, statuses)
	trouble = append(trouble, f.print(out, statuses, now), writeCalendar(calendar, f.calendar().File(statuses, now), out))
	return errors.Join(trouble...)
}

// calendar is in the language of the environment.
func (fleet) calendar() licensewatch.Calendar {
	return licensewatch.Calendar{Texts: []licensewatch.Texts{licensewatch.TextsIn(language())}}
}

// writeCalendar says where the calendar goes before it is written. It replaces the one of the
// day before.
func writeCalendar(path string, content []byte, out io.Writer) error {
	whole, err := filepath.Abs(path)
	if err != nil {
		return failf("the calendar cannot be written: %w", err)
	}
	_, unsaid := fmt.Fprintln(out, text("writing the calendar (-calendar) to"), whole)
	if err := os.WriteFile(whole, content, 0o600); err != nil {
		return errors.Join(failf("the calendar cannot be written: %w", err), unsaid)
	}
	return unsaid
}

// diagnose finds out what the watcher left open: for half an hour it does not call a key
// refused that it has never seen before.
func (f fleet) diagnose(ctx context.Context, statuses []licensewatch.Status) {
	clients := f.clients()
	for i := range statuses {
		if status := &statuses[i]; status.Verdict == "" || status.Verdict == rakuten.VerdictSettling {
			status.Verdict = clients[status.Shop].Diagnose(ctx).Verdict
		}
	}
}

// clients are the clients of the shops that have handed over a key, by name.
func (f fleet) clients() map[string]*rakuten.Client {
	clients := make(map[string]*rakuten.Client)
	for _, s := range f.shops {
		if s.client != nil {
			clients[s.name] = s.client
		}
	}
	return clients
}

// config describes the shops to the watcher. Shops without a key are not asked for.
func (f fleet) config(store licensewatch.Store) licensewatch.Config {
	clients := f.clients()
	asked := progress(os.Stderr, isTerminal(os.Stderr) && !f.local, len(clients))
	config := licensewatch.Config{
		Shops: func(context.Context) ([]string, error) {
			return slices.Sorted(maps.Keys(clients)), nil
		},
		Client: func(_ context.Context, name string) (*rakuten.Client, error) {
			asked()
			return clients[name], nil
		},
		Store: store,
		Every: 20 * time.Hour, // so that each daily run finds the keys due
	}
	if f.local {
		config.Pace = unhurried{}
	}
	return config
}
