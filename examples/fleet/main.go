package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// options are the same for all processes of a fleet.
type options struct {
	database string
	schema   string
	sealKey  string
	every    time.Duration

	shops, workers, orders, kills int // of the demo

	// demoWorker is set for the workers that the demo starts: it names a worker, which ends
	// with the demo.
	demoWorker string
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("fleet", flag.ContinueOnError)
	worker := flags.Bool("worker", false, "run one worker until it is stopped")
	demo := flags.Bool("demo", false, "run a whole fleet against a fake")
	flags.StringVar(&o.database, "database", cmpOr(os.Getenv("DATABASE_URL"), "postgres://127.0.0.1:5432/test?sslmode=disable"), "PostgreSQL")
	flags.StringVar(&o.schema, "schema", "", "schema of all tables: fleet if not set; the demo makes one and drops it at its end")
	flags.DurationVar(&o.every, "every", 5*time.Minute, "time between two looks at a shop; 0: as often as others insert a job")
	flags.IntVar(&o.shops, "shops", 1000, "demo: shops")
	flags.IntVar(&o.workers, "workers", 3, "demo: worker processes")
	flags.IntVar(&o.orders, "orders", 10, "demo: orders of each shop")
	flags.IntVar(&o.kills, "kills", 5, "demo: how often a worker is killed in the middle of a job")
	if err := flags.Parse(args); err != nil {
		return err
	}
	o.sealKey, o.demoWorker = os.Getenv("FLEET_SEAL_KEY"), os.Getenv("FLEET_DEMO_WORKER")
	if *worker && o.schema == "" {
		o.schema = "fleet"
	}
	switch {
	case o.schema != "" && !regexp.MustCompile(`^[a-z][a-z0-9_]{0,40}$`).MatchString(o.schema):
		return fmt.Errorf("-schema %q has to be a plain name in lower case", o.schema)
	case *demo:
		return runDemo(ctx, o, out)
	case *worker && o.sealKey == "":
		return errors.New("FLEET_SEAL_KEY has to hold a key for the grants: openssl rand -base64 32")
	case *worker:
		return runWorker(ctx, o)
	}
	return errors.New("say -worker, or try it with -demo")
}

func cmpOr(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
