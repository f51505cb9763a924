// Tour runs an app on each platform, from installation to uninstallation, against the
// library's own fakes: no account, no network, no configuration.
//
//	go run ./examples/tour
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "tour:", err)
		os.Exit(1)
	}
}

// stop is one stop of the tour.
type stop struct {
	title string
	walk  func(ctx context.Context, say *guide) error
}

var stops = []stop{
	{"Color Me Shop: installed, logged in, charged, uninstalled", colorMe},
	{"STORES: logged in with a key, shipped, refreshed", storesStop},
	{"Rakuten Ichiba: a licence key is renewed, and ends, while orders flow", rakutenStop},
	{"makeshop: installed, signed on, refreshed", makeshopStop},
	{"makeshop: what a shop pays, to the yen", bill},
}

// run makes all stops and says at which step one failed.
func run(ctx context.Context, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for i, s := range stops {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out, s.title)
		if err := s.walk(ctx, &guide{out: out}); err != nil {
			return fmt.Errorf("%s: %w", s.title, err)
		}
	}
	fmt.Fprintln(out, "\nAll of it ran against fakes on this machine.")
	return nil
}

// guide prints the steps of a stop in two columns.
type guide struct{ out io.Writer }

func (g *guide) step(name, format string, args ...any) {
	fmt.Fprintf(g.out, "  %-22s %s\n", name, fmt.Sprintf(format, args...))
}
