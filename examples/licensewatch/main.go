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

	"github.com/shotengai/shotengai-go/rakuten"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licensewatch:", err)
		os.Exit(1)
	}
}

// run is the whole program.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("licensewatch", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	config := flags.String("config", "", "file with the shops; without one, the demo runs")
	calendar := flags.String("calendar", "licences.ics", "calendar file to write")
	state := flags.String("state", "", "file that remembers what was seen and told")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(out)
			flags.Usage()
			return nil
		}
		return err
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

// open reads the shops of the configuration, or starts the demo's.
func open(config string) (fleet, func(), error) {
	if config == "" {
		return startDemo()
	}
	f, err := load(config)
	return f, func() {}, err
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

// report checks all shops, prints the table and the new warnings, and writes the calendar.
func (f fleet) report(ctx context.Context, store rakuten.WatchStore, calendar string, out io.Writer) error {
	watcher, err := rakuten.NewWatcher(f.config(store))
	if err != nil {
		return err
	}
	var warnings []rakuten.LicenseEvent
	var trouble []error
	err = watcher.Check(ctx, func(event rakuten.LicenseEvent, err error) error {
		if err != nil {
			trouble = append(trouble, err)
			return nil
		}
		warnings = append(warnings, event)
		return nil
	})
	if err != nil {
		return errors.New("interrupted")
	}
	statuses, err := watcher.Statuses(ctx)
	if err != nil {
		return err
	}
	now := time.Now()
	if err := f.print(ctx, out, statuses, now); err != nil {
		return err
	}
	for _, event := range warnings {
		fmt.Fprintln(out, "new:", rakuten.NewNotice(rakuten.English, event.Status(), now).Subject)
	}
	if err := os.WriteFile(calendar, rakuten.Calendar(now, statuses...), 0o600); err != nil {
		return fmt.Errorf("the calendar cannot be written: %w", err)
	}
	fmt.Fprintln(out, "calendar:", calendar)
	return errors.Join(trouble...)
}

// config describes the shops to the watcher. Shops without a key are not asked for.
func (f fleet) config(store rakuten.WatchStore) rakuten.WatcherConfig {
	var names []string
	clients := make(map[string]*rakuten.Client)
	for _, s := range f.shops {
		if s.client != nil {
			names, clients[s.name] = append(names, s.name), s.client
		}
	}
	config := rakuten.WatcherConfig{
		Shops:  func(context.Context) ([]string, error) { return names, nil },
		Client: func(_ context.Context, name string) (*rakuten.Client, error) { return clients[name], nil },
		Store:  store,
	}
	if f.local {
		config.Pace = unhurried{}
	}
	return config
}
