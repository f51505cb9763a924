package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// The port of the control API if none is given; those of the fakes follow.
const defaultPort = 8800

// serving is what serve is asked for. Port 0 stands for a free one, a negative one of a fake for
// the one that follows.
type serving struct {
	port      int
	fakes     map[string]*int // ports by platform
	unlimited bool
}

func (p *program) serveCommand() *cobra.Command {
	s := serving{fakes: make(map[string]*int)}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: p.text("4 つのフェイクと操作用のページ・API をこのマシンで動かす", "run the four fakes on this machine, with a control page and API"),
		Long:  p.serveHelp(),
		Args:  p.operands,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.serve(cmd.Context(), s)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&s.port, "port", defaultPort, p.text(
		"操作用 API のポート番号 (`PORT`)。省略時は 8800。フェイクは続く番号を順に使う。0 ならすべて空きポート",
		"`PORT` of the control API, 8800 if not given; the fakes take the ones after it. 0: free ports for all"))
	for _, platform := range platforms {
		s.fakes[platform] = flags.Int(platform+"-port", -1, p.text(
			platform+" のフェイクのポート番号 (`PORT`)。0 なら空きポート", "`PORT` of the fake of "+platform+"; 0 for a free one"))
	}
	flags.BoolVar(&s.unlimited, "without-rate-limits", false, p.text("フェイクのレート制限を無効にする", "switch the rate limits of the fakes off"))
	return cmd
}

func (p *program) serveHelp() string {
	return p.text(
		`4 つのプラットフォームのフェイクを 127.0.0.1 で動かします。PHP、Ruby、Python、JavaScript など、
どの言語のテストからも使えます。`,
		`Runs fakes of the four platforms on 127.0.0.1, for tests in PHP, Ruby, Python, JavaScript and any
other language.`) + "\n\n" +
		p.text("操作用の API（JSON）", "The control API (JSON)") + `:

  GET    /api                                         ` + p.text("URL、登録情報、ショップと認証情報", "addresses, the app, shops and their tokens") + `
  POST   /api/reset                                   ` + p.text("すべて初期状態に戻す", "fresh fakes") + `
  GET    /api/PLATFORM                                ` + p.text("1 つのフェイクの状態", "one fake") + `
  POST   /api/PLATFORM/reset                          ` + p.text("初期状態に戻す", "a fresh fake") + `
  GET    /api/PLATFORM/requests                       ` + p.text("受信したリクエスト", "the requests received") + `
  POST   /api/PLATFORM/clock                          {"days": 91}
  POST   /api/PLATFORM/faults                         {"times": 1, "path": "/v1", "status": 429, "retry_after": "7"}
  DELETE /api/PLATFORM/faults                         ` + p.text("障害を解除する", "no more faults") + `
  POST   /api/PLATFORM/app                            {"redirect_uri": "http://…/callback", "deny_logins": false}
  POST   /api/PLATFORM/shops                          {"id": "…", "name": "…"}
  GET    /api/PLATFORM/shops/SHOP                     ` + p.text("ショップ。SHOP は ID または first", "a shop, by its id or first") + `
  POST   /api/PLATFORM/shops/SHOP/login               ` + p.text("以後、このショップのオーナーがログインする", "its owner logs in from now on") + `
  POST   /api/PLATFORM/shops/SHOP/orders              {…} ` + p.text("プラットフォームの項目名で指定する", "in the platform's spelling") + `
  POST   /api/PLATFORM/shops/SHOP/orders/ORDER/STEP   pay, ship, cancel, …
  POST   /api/PLATFORM/shops/SHOP/grants/CHANGE       issue, expire, unlink, renew, …
  POST   /api/PLATFORM/shops/SHOP/hooks               {"kind": "install", "url": "http://…"}

` + p.text(
		`STEP と CHANGE に使える値はショップの steps と grants で確認できます。障害にはほかに method、body、
content_type、header、after_effect、reset、reset_after、delay_ms、truncate、drip_ms を指定できます。
Webhook の種類は colorme が install と uninstall、makeshop が install、uninstall、monthly_renewal など、
rakuten が orders（orders に注文番号）と 3000 などのサービス番号です。`,
		`A shop's steps and grants list what STEP and CHANGE may be. A fault also takes method, body,
content_type, header, after_effect, reset, reset_after, delay_ms, truncate and drip_ms. The hooks are
install and uninstall of colorme; install, uninstall, monthly_renewal and others of makeshop; orders
(with the numbers in "orders") and a service such as 4000 of rakuten.`)
}

// serve runs until the context ends.
func (p *program) serve(ctx context.Context, s serving) error {
	c := &control{stalls: make(map[string]*stall), text: p.text}
	defer c.close()
	for i, platform := range platforms {
		port := *s.fakes[platform]
		if port < 0 && s.port == 0 {
			port = 0
		} else if port < 0 {
			port = s.port + 1 + i
		}
		listener, err := p.listen(ctx, port)
		if err != nil {
			return err
		}
		c.stalls[platform] = openStall(platform, listener, !s.unlimited)
	}
	listener, err := p.listen(ctx, s.port)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: c.handler(), ReadHeaderTimeout: time.Minute}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := p.printAddresses(c, "http://"+listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// listen takes a port of loopback, and no other address.
func (p *program) listen(ctx context.Context, port int) (net.Listener, error) {
	if port < 0 || port > 65535 {
		return nil, p.usagef("ポート %d は使えません。0 から 65535 で指定してください", "%d is no port: take 0 to 65535", port)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, p.failf("ポート %d を使えません。--port でほかの番号を指定してください: %w", "the port %d cannot be had, try another --port: %w", port, err)
	}
	return listener, nil
}

func (c *control) close() {
	for _, s := range c.stalls {
		s.close()
	}
}

// printAddresses says where everything is.
func (p *program) printAddresses(c *control, address string) error {
	if p.json {
		return p.printJSON(map[string]any{"control": address, "platforms": c.show()})
	}
	var text strings.Builder
	fmt.Fprintf(&text, "control   %s\n", address)
	for _, platform := range platforms {
		fmt.Fprintf(&text, "%-9s http://%s\n", platform, c.stalls[platform].site.listener.Addr())
	}
	text.WriteString(p.text("Ctrl-C で終了します。\n", "Ctrl-C ends it.\n"))
	_, err := io.WriteString(p.out, text.String())
	return err
}
