package main

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// platforms are the operands of the commands that talk to one.
var platforms = []string{"colorme", "makeshop", "rakuten", "stores"}

// secretsHelp says where the commands find what opens a shop.
func (p *program) secretsHelp() string {
	return p.text("認証情報は環境変数から読み込みます", "The credentials come from the environment") + `:

  colorme   COLORME_TOKEN
  stores    STORES_TOKEN
  makeshop  MAKESHOP_ENDPOINT, MAKESHOP_API_KEY, MAKESHOP_TOKEN
  rakuten   RAKUTEN_SERVICE_SECRET, RAKUTEN_LICENSE_KEY

` + p.text("名前に _FILE を付けた変数（COLORME_TOKEN_FILE など）には、値を書いたファイルを指定できます。",
		"A variable with _FILE at its end, such as COLORME_TOKEN_FILE, names a file with the value instead.")
}

// platformOperand checks the first operand, which is a platform.
func (p *program) platformOperand(cmd *cobra.Command, args []string) error {
	if err := p.operands(cmd, args); err != nil {
		return err
	}
	return p.checkPlatform(args[0])
}

// completePlatform completes the first operand in a shell.
func completePlatform(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return platforms, cobra.ShellCompDirectiveNoFileComp
}

func (p *program) checkPlatform(name string) error {
	if slices.Contains(platforms, name) {
		return nil
	}
	return p.usagef("プラットフォーム %q はありません。%s のいずれかを指定してください", "%q is no platform: take one of %s",
		name, strings.Join(platforms, ", "))
}

// secret reads a value from the environment variable of that name, or from the file that the
// variable with _FILE at its end names.
func (p *program) secret(name string) (shotengai.Secret, error) {
	if value := p.env(name); value != "" {
		return shotengai.Secret(value), nil
	}
	file := p.env(name + "_FILE")
	if file == "" {
		return "", p.usagef("環境変数 %[1]s（またはファイルを指定する %[1]s_FILE）を設定してください",
			"set the environment variable %[1]s, or %[1]s_FILE to a file with its value", name)
	}
	text, err := os.ReadFile(file) //nolint:gosec // the user says which file
	if err != nil {
		return "", p.usagef("%s_FILE のファイルを読み込めません: %w", "the file of %s_FILE cannot be read: %w", name, err)
	}
	value := strings.TrimSpace(string(text))
	if value == "" {
		return "", p.usagef("%s_FILE のファイル %s が空です", "the file of %s_FILE, %s, is empty", name, file)
	}
	return shotengai.Secret(value), nil
}

// connection is how the commands reach a platform.
type connection struct {
	server string // of a fake on this machine; empty for the platform itself
}

func (c *connection) flags(p *program, cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.server, "server", "", p.text("プラットフォームの代わりに使う、このマシンのフェイクの `URL`（serve を参照）",
		"`URL` of a fake on this machine in place of the platform, see serve"))
}

func (p *program) options(c connection) []shotengai.Option {
	if c.server == "" {
		return p.settings
	}
	return append(slices.Clip(p.settings), shotengai.WithTestServer(c.server))
}

func (p *program) token(name string) (oauth2.TokenSource, error) {
	value, err := p.secret(name)
	return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: value.Reveal()}), err
}

func (p *program) colorMe(c connection) (*colorme.Client, error) {
	tokens, err := p.token("COLORME_TOKEN")
	if err != nil {
		return nil, err
	}
	return checked(colorme.NewClient(tokens, p.options(c)...))
}

func (p *program) stores(c connection) (*stores.Client, error) {
	tokens, err := p.token("STORES_TOKEN")
	if err != nil {
		return nil, err
	}
	return checked(stores.NewClient(tokens, p.options(c)...))
}

func (p *program) makeShop(c connection) (*makeshop.Client, error) {
	key, err := p.secret("MAKESHOP_API_KEY")
	if err != nil {
		return nil, err
	}
	tokens, err := p.token("MAKESHOP_TOKEN")
	if err != nil {
		return nil, err
	}
	config := makeshop.Config{Endpoint: p.env("MAKESHOP_ENDPOINT"), APIKey: key}
	if c.server == "" && config.Endpoint == "" {
		return nil, p.usagef("環境変数 MAKESHOP_ENDPOINT を設定してください", "set the environment variable MAKESHOP_ENDPOINT")
	}
	if c.server != "" {
		c.server = strings.TrimSuffix(c.server, "/") + makeshoptest.EndpointPath
		config.Endpoint = c.server
	}
	return checked(makeshop.NewClient(config, tokens, p.options(c)...))
}

func (p *program) rakuten(c connection) (*rakuten.Client, error) {
	license, err := p.license("RAKUTEN_SERVICE_SECRET", "RAKUTEN_LICENSE_KEY")
	if err != nil {
		return nil, err
	}
	return checked(rakuten.NewClient(rakuten.StaticLicense(license), p.options(c)...))
}

// license reads the two halves of a licence.
func (p *program) license(secretName, keyName string) (rakuten.License, error) {
	secret, err := p.secret(secretName)
	if err != nil {
		return rakuten.License{}, err
	}
	key, err := p.secret(keyName)
	return rakuten.License{ServiceSecret: secret, Key: key}, err
}

// checked makes a client that refuses its settings a usageError.
func checked[C any](client C, err error) (C, error) {
	if err != nil {
		err = usageError{err}
	}
	return client, err
}
