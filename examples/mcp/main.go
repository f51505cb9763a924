package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/shotengai/shotengai-go"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], &mcp.StdioTransport{}, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mcp:", err)
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

// options are the flags.
type options struct {
	config       string
	demo         bool
	allowWrites  bool
	showPersonal bool
	endpoint     endpoint
}

// run is the whole program. Help goes to out, everything else that people read to diagnostics,
// as out belongs to the protocol.
func run(ctx context.Context, args []string, stdio mcp.Transport, out, diagnostics io.Writer) error {
	o, err := parse(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	s := &service{
		showPersonal: o.showPersonal, allowWrites: o.allowWrites, now: time.Now,
		log: slog.New(slog.NewTextHandler(diagnostics, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	if o.demo {
		d, err := startDemo()
		if err != nil {
			return err
		}
		defer d.close()
		s.places = d.places
	} else {
		loaded, err := load(ctx, o.config)
		if err != nil {
			return usageError{err}
		}
		defer func() { _ = loaded.close(context.WithoutCancel(ctx)) }()
		s.places = loaded.places
	}
	if o.endpoint.address != "" {
		return o.endpoint.serve(ctx, s.server(), func(at net.Addr) { fmt.Fprintf(diagnostics, "http://%s/mcp\n", at) })
	}
	err = s.server().Run(ctx, stdio)
	if ctx.Err() != nil {
		return nil // ended by a signal
	}
	return err
}

func parse(args []string, out io.Writer) (options, error) {
	var o options
	in := language()
	flags := flag.NewFlagSet("mcp", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.config, "config", "", in.Pick("ショップの設定ファイル `FILE`", "`FILE` with the shops"))
	flags.BoolVar(&o.demo, "demo", false, in.Pick("このマシン上のフェイクを使う", "use fakes on this machine"))
	flags.BoolVar(&o.allowWrites, "allow-writes", false, in.Pick("在庫の更新を許可する（更新のたびに確認が必要）", "allow updates of stock, each with a confirmation"))
	flags.BoolVar(&o.showPersonal, "show-personal-data", false, in.Pick("購入者の個人情報をマスクしない", "do not mask personal data of buyers"))
	flags.StringVar(&o.endpoint.address, "http", "", in.Pick("標準入出力の代わりに HTTP で待ち受ける `ADDRESS`（例 127.0.0.1:8800）", "`ADDRESS` to serve over HTTP instead of standard input and output, as in 127.0.0.1:8800"))
	hosts := flags.String("allow-host", "", in.Pick("クライアントがサーバーへの接続に使うホスト名の `NAMES`（カンマ区切り）", "`NAMES` of hosts, separated by commas, by which clients call the server"))
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return o, errors.Join(err, help(flags, out, in))
	} else if err != nil {
		return o, err
	}
	for name := range strings.SplitSeq(*hosts, ",") {
		if name != "" {
			o.endpoint.hosts = append(o.endpoint.hosts, strings.ToLower(name))
		}
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf(in.Pick("%q はフラグではありません。mcp に指定できるのはフラグだけです", "%q is not a flag: mcp takes flags only"), flags.Arg(0))
	case (o.config == "") != o.demo:
		return o, errors.New(in.Pick("-config FILE でショップを指定するか、-demo で試してください", "say which shops with -config FILE, or try it with -demo"))
	case o.endpoint.address == "":
		return o, nil
	}
	o.endpoint.token = shotengai.Secret(os.Getenv("MCP_TOKEN"))
	return o, o.endpoint.check()
}

// help writes one line for each flag.
func help(flags *flag.FlagSet, out io.Writer, in shotengai.Language) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, in.Pick("mcp は、AI クライアントからショップを操作するための MCP サーバーです。", "mcp is a server of the Model Context Protocol that lets an AI client work with shops."))
	flags.VisitAll(func(f *flag.Flag) {
		name, usage := flag.UnquoteUsage(f)
		_, _ = fmt.Fprintf(table, "  -%s %s\t%s\n", f.Name, name, usage)
	})
	return table.Flush()
}
