package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends at once
	console := newConsole(os.Stderr)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, console)
	console.clear()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "fleet:", oneLine(err.Error()))
	}
	os.Exit(exitCode(err))
}

// exitCode is 0 for success, 1 for a failure, 2 for a command line that cannot be understood.
func exitCode(err error) int {
	switch _, usage := errors.AsType[usageError](err); {
	case err == nil:
		return 0
	case usage:
		return 2
	}
	return 1
}

// usageError is a mistake in the command line.
type usageError string

func (e usageError) Error() string { return string(e) }

func usagef(format string, args ...any) error {
	return usageError(fmt.Sprintf(text(format), args...))
}

// options are what the flags, the operand and the environment say.
type options struct {
	in      io.Reader
	out     io.Writer
	console *console

	database string
	schema   string
	sealKey  string
	every    time.Duration // of work
	since    string        // of shops add
	shop     string        // of shops remove

	shops, workers, orders, kills int // of the demo

	// demoWorker is set for the workers that the demo starts: it names a worker, which ends
	// with the demo.
	demoWorker string
}

// say prints a result.
func (o *options) say(format string, args ...any) error {
	o.console.clear()
	_, err := fmt.Fprintf(o.out, text(format), args...)
	return err
}

// oneLine is a text without its line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

type command struct {
	name, operand, summary string
	flags                  func(*options, *flag.FlagSet)
	run                    func(context.Context, *options) error
}

var commands = []command{
	{"migrate", "", "make the tables, or bring them up to date", nil, migrate},
	{"shops add", "", "add the shop whose access token is on the standard input", addFlags, addShop},
	{"shops list", "", "list the shops", nil, listShops},
	{"shops remove", "SHOP", "delete a shop, its grant and the copy of its orders", nil, removeShop},
	{"work", "", "keep the shops in step until it is stopped; run as many as you like", workFlags, work},
	{"status", "", "show how far the shops are, and what has failed", nil, status},
	{"-demo", "", "run a whole fleet against a fake of the platform", demoFlags, runDemo},
}

func addFlags(o *options, flags *flag.FlagSet) {
	flags.StringVar(&o.since, "since", "", "first `day` of the orders to copy, such as 2026-01-31; 90 days ago if not set")
}

func workFlags(o *options, flags *flag.FlagSet) {
	flags.DurationVar(&o.every, "every", 5*time.Minute, "`time` between two looks at a shop, at least 1s")
}

func demoFlags(o *options, flags *flag.FlagSet) {
	flags.IntVar(&o.shops, "shops", 1000, "`number` of shops")
	flags.IntVar(&o.workers, "workers", 3, "`number` of worker processes, at least 1")
	flags.IntVar(&o.orders, "orders", 10, "`number` of orders that each shop begins with")
	flags.IntVar(&o.kills, "kills", 5, "`number` of workers that are killed in the middle of a job, in each of two rounds")
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer, console *console) error {
	o := &options{in: in, out: out, console: console, every: time.Minute, sealKey: os.Getenv("FLEET_SEAL_KEY"), demoWorker: os.Getenv("FLEET_DEMO_WORKER")}
	c, rest, err := find(args)
	if errors.Is(err, flag.ErrHelp) {
		return o.help()
	}
	if err != nil {
		return err
	}
	flags := flag.NewFlagSet("fleet "+c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.database, "database", cmp.Or(os.Getenv("DATABASE_URL"), "postgres://127.0.0.1:5432/test?sslmode=disable"), "`address` of PostgreSQL; DATABASE_URL if not set")
	schema := "fleet"
	if c.name == "-demo" {
		schema = ""
	}
	flags.StringVar(&o.schema, "schema", schema, "`schema` of all tables; the demo makes a new one and drops it at its end")
	if c.flags != nil {
		c.flags(o, flags)
	}
	switch err := flags.Parse(rest); {
	case errors.Is(err, flag.ErrHelp):
		return o.helpOf(c, flags)
	case err != nil:
		return usagef("%s: see fleet %s -h", err, c.name)
	}
	if err := o.check(c, flags.Args()); err != nil {
		return err
	}
	return c.run(ctx, o)
}

// find returns the command that args begin with, and what follows.
func find(args []string) (*command, []string, error) {
	if len(args) == 0 {
		return nil, nil, usagef("a command is missing: see fleet -h, or try fleet -demo")
	}
	if args[0] == "-h" || args[0] == "-help" || args[0] == "--help" || args[0] == "help" {
		return nil, nil, flag.ErrHelp
	}
	for i, c := range commands {
		words := strings.Fields(c.name)
		if n := len(words); len(args) >= n && strings.Join(args[:n], " ") == c.name {
			return &commands[i], args[n:], nil
		}
	}
	return nil, nil, usagef("%q is no command: see fleet -h", strings.Join(args[:min(2, len(args))], " "))
}

// check refuses what no command can do.
func (o *options) check(c *command, operands []string) error {
	if c.operand != "" && len(operands) > 0 {
		o.shop, operands = operands[0], operands[1:]
	}
	switch {
	case len(operands) > 0:
		return usagef("%s does not take %q", c.name, operands[0])
	case c.operand != "" && o.shop == "":
		return usagef("%s needs a %s", c.name, c.operand)
	case o.schema != "" && !regexp.MustCompile(`^[a-z][a-z0-9_]{0,40}$`).MatchString(o.schema):
		return usagef("-schema %q has to be a plain name in lower case", o.schema)
	case o.schema == "" && c.name != "-demo":
		return usagef("-schema has to be a name")
	case o.every < time.Second:
		return usagef("-every %s is too short: at least 1s", o.every)
	case c.name == "-demo":
		return o.checkDemo()
	}
	return nil
}

func (o *options) checkDemo() error {
	switch {
	case o.workers < 1:
		return usagef("-workers %d: at least 1", o.workers)
	case o.orders < 0 || o.kills < 0:
		return usagef("-orders and -kills cannot be negative")
	case o.shops <= max(o.kills, 1):
		return usagef("-shops %d: at least 2, and more than -kills", o.shops)
	}
	return nil
}

// help lists the commands.
func (o *options) help() error {
	table := tabwriter.NewWriter(o.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, text("Fleet keeps a copy of the orders of many shops in step with Color Me Shop.")+"\n")
	for _, c := range commands {
		_, _ = fmt.Fprintf(table, "  fleet %s\t%s\n", strings.TrimSpace(c.name+" "+c.operand), text(c.summary))
	}
	_, _ = fmt.Fprintln(table, "\n"+text("Flags come after the command: fleet work -h lists those of work."))
	return table.Flush()
}

// helpOf lists the flags of a command, each in one line.
func (o *options) helpOf(c *command, flags *flag.FlagSet) error {
	table := tabwriter.NewWriter(o.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(table, "fleet %s: %s\n\n", strings.TrimSpace(c.name+" "+c.operand), text(c.summary))
	flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		if own := text(f.Usage); own != f.Usage {
			usage = own
		}
		if f.DefValue != "" && f.Name != "database" { // an address may have a password
			usage += fmt.Sprintf(text(" (default %s)"), f.DefValue)
		}
		_, _ = fmt.Fprintf(table, "  -%s %s\t%s\n", f.Name, value, usage)
	})
	return table.Flush()
}
