// Tour runs an app on each platform, from installation to uninstallation, against the
// library's own fakes: no account, no network, no configuration.
//
//	go run ./examples/tour
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/shotengai/shotengai-go"
)

func main() {
	if len(os.Args) > 1 {
		os.Exit(refuse(os.Args[1]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "tour:", err)
		os.Exit(1)
	}
}

// refuse answers an argument, of which the tour takes none but the wish for help, and returns
// the exit code.
func refuse(arg string) int {
	in := shotengai.Language(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")))
	if arg == "-h" || arg == "-help" || arg == "--help" {
		fmt.Fprintln(os.Stdout, in.Pick("tour は、フェイクを使って各プラットフォームのアプリを一通り動かします。フラグはありません。",
			"tour runs an app on each platform against fakes. It has no flags."))
		return 0
	}
	fmt.Fprintf(os.Stderr, in.Pick("tour: 余分な引数 %q があります。tour は引数を受け取りません\n", "tour: %q is not known: tour takes no arguments\n"), arg)
	return 2
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
