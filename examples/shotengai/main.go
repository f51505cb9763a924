package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/shotengai/shotengai-go"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends at once
	p := &program{args: os.Args[1:], env: os.Getenv, in: os.Stdin, out: os.Stdout, errors: os.Stderr, now: time.Now}
	os.Exit(p.run(ctx))
}

// program is one run of the command, with all that it has of the outside.
type program struct {
	args   []string
	env    func(string) string
	in     io.Reader
	out    io.Writer
	errors io.Writer
	now    func() time.Time

	settings []shotengai.Option // of clients

	language shotengai.Language
	json     bool // --json
}

// run carries out the command and returns the exit code: 0 for success, 1 for a failure, 2 for
// a command line or settings that cannot be used.
func (p *program) run(ctx context.Context) int {
	root, err := p.root() //nolint:contextcheck // the commands take the context of cobra
	if err == nil {
		root.SetArgs(p.args)
		err = root.ExecuteContext(ctx)
	}
	if err == nil {
		return 0
	}
	p.report(err)
	if _, usage := errors.AsType[usageError](err); usage {
		return 2
	}
	return 1
}

// report prints an error in one line.
func (p *program) report(err error) {
	line := strings.Join(strings.Fields(err.Error()), " ")
	if p.json || slices.Contains(p.args, "--json") {
		_ = json.NewEncoder(p.errors).Encode(map[string]string{"error": line})
		return
	}
	fmt.Fprintln(p.errors, "shotengai:", line)
}

// usageError is a command line, or a setting of the environment, that cannot be used.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// usagef is a usageError in the language of the program.
func (p *program) usagef(japanese, english string, args ...any) error {
	return usageError{fmt.Errorf(p.text(japanese, english), args...)}
}

// failf is any other error in the language of the program.
func (p *program) failf(japanese, english string, args ...any) error {
	return fmt.Errorf(p.text(japanese, english), args...)
}

// printJSON prints a value as one line of JSON.
func (p *program) printJSON(v any) error {
	encoder := json.NewEncoder(p.out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

func (p *program) root() (*cobra.Command, error) {
	if err := p.chooseLanguage(); err != nil {
		return nil, err
	}
	root := &cobra.Command{
		Use: "shotengai",
		Long: p.text(
			"カラーミーショップ、makeshop、STORES、楽天市場 (RMS) のアプリ開発のためのコマンドです。",
			"A command for those who build apps of Color Me Shop, makeshop, STORES and Rakuten Ichiba (RMS)."),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          p.noCommand,
		RunE:          p.commandMissing,
	}
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.errors)
	flags := root.PersistentFlags()
	flags.BoolVar(&p.json, "json", false, p.text("結果を JSON で出力する", "print results as JSON"))
	flags.String("lang", "", p.text("表示言語 (`LANGUAGE`)。ja または en。省略時は環境変数 LC_ALL、LC_MESSAGES、LANG",
		"`LANGUAGE` of all texts: ja or en; that of LC_ALL, LC_MESSAGES or LANG if not given"))
	flags.BoolP("help", "h", false, p.text("使い方を表示する", "show how a command is used"))
	root.AddCommand(p.serveCommand(), p.hookCommand(), p.priceCommand(), p.windowCommand(),
		p.diagnoseCommand(), p.ordersCommand(), p.watchCommand(), p.callCommand())
	p.translate(root)
	return root, nil
}

// commandMissing is what a command does that only has commands below it.
func (p *program) commandMissing(cmd *cobra.Command, _ []string) error {
	return p.usagef("コマンドを指定してください。%s -h で一覧を表示します", "a command is missing: see %s -h", cmd.CommandPath())
}

func (p *program) noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return p.usagef("%q というコマンドはありません。%s -h を参照してください", "%q is no command: see %s -h", args[0], cmd.CommandPath())
}

// operands checks that a command has its operands, which its Use names, and no others.
func (p *program) operands(cmd *cobra.Command, args []string) error {
	want := strings.Fields(cmd.Use)[1:]
	if len(args) == len(want) {
		return nil
	}
	return p.usagef("%s の引数は %q です（%d 個指定されました）", "%s takes %q: %d operands were given",
		cmd.CommandPath(), strings.Join(want, " "), len(args))
}
