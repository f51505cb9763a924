package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

func (p *program) hookCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "hook",
		Short: p.text("Webhook に署名して送信する、署名を検証する", "send a signed webhook, or verify a signature"),
		Args:  p.noCommand,
		RunE:  p.commandMissing,
	}
	cmd.AddCommand(p.hookSendCommand(), p.hookVerifyCommand())
	return cmd
}

// hookSending is what hook send is asked for.
type hookSending struct {
	kind   hooks.Kind
	to     string
	data   string // file with the body; empty for a sample
	shop   string
	plan   string
	byFake string // address of a control API
}

func (p *program) hookSendCommand() *cobra.Command {
	var s hookSending
	cmd := &cobra.Command{
		Use:   "send KIND",
		Short: p.text("Webhook に署名して送信する", "sign a webhook and send it"),
		Long: p.text(`署名した Webhook を送信します。KIND は colorme.install、colorme.uninstall、makeshop.install、
makeshop.monthly_renewal、rakuten.orders、shopify.orders/create などです。シークレット（楽天は authKey）は
環境変数 HOOK_SECRET、または HOOK_SECRET_FILE のファイルから読み込みます。--by-fake では実行中の serve が
送信し、フェイクのショップの状態も実際に変わります（アプリのインストールなど）。`,
			`Sends a signed webhook. KIND is colorme.install, colorme.uninstall, makeshop.install,
makeshop.monthly_renewal, rakuten.orders, shopify.orders/create and so on. The secret, which is the authKey
of Rakuten, comes from the environment variable HOOK_SECRET, or the file that HOOK_SECRET_FILE names. With
--by-fake a running serve sends it, and the app is then installed in the shop of the fake.`),
		Example: "  shotengai hook send colorme.install --by-fake --to http://127.0.0.1:3000/hooks/colorme/install\n" +
			"  HOOK_SECRET=… shotengai hook send makeshop.uninstall --to http://127.0.0.1:3000/hooks/makeshop",
		Args: p.operands,
		RunE: func(cmd *cobra.Command, args []string) error {
			s.kind = hooks.Kind(args[0])
			return p.sendHook(cmd.Context(), s)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&s.to, "to", "", p.text("送信先の `URL`（必須）", "`URL` to send it to, required"))
	flags.StringVar(&s.data, "data", "", p.text("本文のファイル (`FILE`)。- なら標準入力、省略時はサンプル", "`FILE` with the body, or - for the standard input; a sample if not given"))
	flags.StringVar(&s.shop, "shop", "", p.text("ショップの `ID`", "`ID` of the shop"))
	flags.StringVar(&s.plan, "plan", "", p.text("プランの `ID`", "`ID` of the plan"))
	flags.StringVar(&s.byFake, "by-fake", "", p.text("実行中の serve に送信させる。`URL` は操作用 API のもの", "let a running serve send it; `URL` is that of its control API"))
	flags.Lookup("by-fake").NoOptDefVal = fmt.Sprintf("http://127.0.0.1:%d", defaultPort)
	return cmd
}

// checkTarget refuses what no hook can be sent to.
func checkTarget(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is not an http or https address", address)
	}
	return nil
}

func (p *program) sendHook(ctx context.Context, s hookSending) error {
	if err := checkTarget(s.to); err != nil {
		return p.usagef("--to に http(s) の URL を指定してください: %w", "--to has to be an http(s) URL: %w", err)
	}
	if s.byFake != "" {
		return p.sendByFake(ctx, s)
	}
	secret, err := p.secret("HOOK_SECRET")
	if err != nil {
		return err
	}
	e, err := p.event(s, secret)
	if err != nil {
		return err
	}
	attempt := hookstest.Sender{}.Send(ctx, s.to, e)
	d := delivery{Status: attempt.Status, Answer: string(attempt.Body)}
	if !attempt.Accepted() {
		d.Error = attempt.Err.Error()
	}
	return p.printDelivery(d)
}

// printDelivery prints how a hook was answered. One that was not accepted is an error.
func (p *program) printDelivery(d delivery) error {
	var err error
	if p.json {
		err = p.printJSON(d)
	} else if d.Status != 0 {
		_, err = fmt.Fprintln(p.out, d.Status, strings.TrimSpace(d.Answer))
	} else if d.ResultCode != "" {
		_, err = fmt.Fprintln(p.out, d.ResultCode)
	}
	if d.Error != "" {
		return p.failf("Webhook は受理されませんでした: %s", "the hook was not accepted: %s", d.Error)
	}
	return err
}

// sendByFake has a running serve send the hook of its first shop, or of the one that is named.
func (p *program) sendByFake(ctx context.Context, s hookSending) error {
	platform, kind, _ := strings.Cut(string(s.kind), ".")
	if err := p.checkPlatform(platform); err != nil {
		return err
	}
	if s.data != "" {
		return p.usagef("--data は --by-fake と併用できません", "--data does not go with --by-fake")
	}
	shop := "first"
	if s.shop != "" {
		shop = url.PathEscape(s.shop)
	}
	body, err := json.Marshal(event{Kind: kind, URL: s.to, Plan: s.plan})
	if err != nil {
		return err
	}
	address := strings.TrimSuffix(s.byFake, "/") + "/api/" + platform + "/shops/" + shop + "/hooks"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return p.usagef("--by-fake の URL を解釈できません: %w", "the URL of --by-fake cannot be read: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Timeout: time.Minute}
	resp, err := client.Do(req)
	if err != nil {
		return p.failf("serve に接続できません。先に shotengai serve を実行してください: %w", "no serve can be reached, start it with shotengai serve: %w", err)
	}
	defer resp.Body.Close()
	var d delivery
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&d); err != nil {
		return p.failf("serve の応答を解釈できません: %w", "the answer of serve cannot be read: %w", err)
	}
	return p.printDelivery(d)
}

// event is the signed hook.
func (p *program) event(s hookSending, secret shotengai.Secret) (hookstest.Event, error) {
	platform, _, _ := strings.Cut(string(s.kind), ".")
	if s.data != "" {
		body, err := p.readData(s.data)
		if err != nil {
			return hookstest.Event{}, err
		}
		switch platform {
		case "colorme":
			return hookstest.ColorMe(s.kind, body, secret), nil
		case "makeshop":
			return p.signMakeShop(hookstest.MakeShop(s.kind, body, ""), secret), nil
		case "rakuten":
			return hookstest.Rakuten(s.kind, body), nil
		case "shopify":
			return p.shopify(s, body, secret), nil
		}
	}
	switch platform {
	case "colorme":
		return p.colorMeSample(s, secret)
	case "makeshop":
		return p.signMakeShop(p.makeShopSample(s), secret), nil
	case "rakuten":
		return rakutenSample(s, secret), nil
	case "shopify":
		return p.shopify(s, []byte(`{"id":1}`), secret), nil
	}
	return hookstest.Event{}, p.usagef("%q という Webhook はありません。colorme.install のように指定してください",
		"%q is no hook: name it like colorme.install", s.kind)
}

func (p *program) readData(name string) ([]byte, error) {
	const most = 10 << 20
	if name == "-" {
		return io.ReadAll(io.LimitReader(p.in, most))
	}
	text, err := os.ReadFile(name) //nolint:gosec // the user says which file
	if err != nil {
		return nil, p.usagef("ファイルを読み込めません: %w", "the file cannot be read: %w", err)
	}
	return text, nil
}

func (p *program) colorMeSample(s hookSending, secret shotengai.Secret) (hookstest.Event, error) {
	shop, plan, contract := cmp.Or(s.shop, "PA00000001"), cmp.Or(s.plan, "FREE01"), "CONTRACT1"
	switch s.kind {
	case hooks.ColorMeInstallKind:
		return hookstest.ColorMeInstall(hooks.ColorMeInstall{
			AccountID: shop, ApplicationChargeSourceID: plan, RecurringApplicationChargeID: contract, Mail: "owner@example.com",
		}, secret), nil
	case hooks.ColorMeUninstallKind:
		return hookstest.ColorMeUninstall(hooks.ColorMeUninstall{
			AccountID: shop, ApplicationChargeSourceID: plan, RecurringApplicationChargeID: contract,
			UninstalledAt: p.now(), Reason: hooks.ColorMeByShopOwner,
		}, secret), nil
	}
	return hookstest.Event{}, p.usagef("カラーミーショップの Webhook は colorme.install と colorme.uninstall です",
		"Color Me has the hooks colorme.install and colorme.uninstall")
}

func (p *program) makeShopSample(s hookSending) hookstest.Event {
	shop, app := cmp.Or(s.shop, "shop1"), int64(101)
	if s.kind == hooks.MakeShopInstallKind {
		return hookstest.MakeShop(s.kind, hookstest.MakeShopInstallBody(hooks.MakeShopInstall{
			AppID: app, PlanID: 1, AppName: "shotengai", ShopID: shop, Token: "sample-token",
		}), "")
	}
	return hookstest.MakeShop(s.kind, hookstest.MakeShopEventBody(hooks.MakeShopEvent{AppID: app, AppName: "shotengai", ShopID: shop}), "")
}

func (p *program) signMakeShop(e hookstest.Event, secret shotengai.Secret) hookstest.Event {
	return hookstest.SignMakeShop(e, hooks.MakeShopSignature{Secrets: []shotengai.Secret{secret}}, p.now())
}

func rakutenSample(s hookSending, authKey shotengai.Secret) hookstest.Event {
	shop := hooks.RakutenShop{ContractID: "contract", ShopURL: cmp.Or(s.shop, "shop")}
	if s.kind == hooks.RakutenOrdersKind {
		return hookstest.RakutenOrders(hooks.RakutenOrders{
			Shop: shop, Orders: []hooks.RakutenOrderNotice{{OrderNumber: "400001-20260101-0000000001", SeqID: "1", OrderDate: "2026-01-01 00:00:00"}},
		}, authKey)
	}
	return hookstest.RakutenNotices(hooks.RakutenNotices{
		Shop: shop, Notices: []hooks.RakutenNotice{{RequestID: "1", ServiceID: hooks.RakutenOrderChanged}},
	}, authKey)
}

func (p *program) shopify(s hookSending, body []byte, secret shotengai.Secret) hookstest.Event {
	id := fmt.Sprintf("shotengai-%d", p.now().UnixNano())
	return hookstest.Shopify(hooks.ShopifyEvent{
		Kind: s.kind, Shop: cmp.Or(s.shop, "shop.myshopify.com"), EventID: id, WebhookID: id, TriggeredAt: p.now(), Raw: body,
	}, secret)
}

func (p *program) hookVerifyCommand() *cobra.Command {
	var data, signature, timestamp string
	cmd := &cobra.Command{
		Use:   "verify PLATFORM",
		Short: p.text("受信した Webhook の署名を検証する", "verify the signature of a received webhook"),
		Long: p.text(`受信した本文と署名を検証します。PLATFORM は colorme、makeshop、rakuten、shopify のいずれかです。シークレット
は環境変数 HOOK_SECRET、または HOOK_SECRET_FILE のファイルから読み込みます。楽天の authKey は本文に含まれます。`,
			`Verifies a body and its signature. PLATFORM is colorme, makeshop, rakuten or shopify. The secret comes from
the environment variable HOOK_SECRET, or the file that HOOK_SECRET_FILE names. Rakuten's authKey is in the body.`),
		Args: p.operands,
		RunE: func(_ *cobra.Command, args []string) error {
			return p.verifyHook(args[0], data, signature, timestamp)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&data, "data", "-", p.text("本文のファイル (`FILE`)。省略時と - は標準入力", "`FILE` with the body; the standard input if not given, or -"))
	flags.StringVar(&signature, "signature", "", p.text("受信した署名 (`SIGNATURE`)", "`SIGNATURE` as it was received"))
	flags.StringVar(&timestamp, "timestamp", "", p.text("受信した時刻 (`TIME`)。makeshop の場合", "`TIME` as it was received, for makeshop"))
	return cmd
}

func (p *program) verifyHook(platform, data, signature, timestamp string) error {
	verify, known := map[string]func([]byte, shotengai.Secret) error{
		"colorme": func(body []byte, secret shotengai.Secret) error { return hooks.VerifyColorMe(body, signature, secret) },
		"makeshop": func(body []byte, secret shotengai.Secret) error {
			header := http.Header{}
			header.Set(hooks.MakeShopSignatureHeader, signature)
			header.Set(hooks.MakeShopTimestampHeader, timestamp)
			return hooks.VerifyMakeShop(header, body, hooks.MakeShopSignature{Secrets: []shotengai.Secret{secret}}, p.now())
		},
		"rakuten": func(body []byte, secret shotengai.Secret) error { return hooks.VerifyRakuten(body, secret) },
		"shopify": func(body []byte, secret shotengai.Secret) error { return hooks.VerifyShopify(body, signature, secret) },
	}[platform]
	if !known {
		return p.usagef("%q の Webhook は検証できません。colorme、makeshop、rakuten、shopify のいずれかを指定してください",
			"%q has no hooks to verify: take colorme, makeshop, rakuten or shopify", platform)
	}
	if signature == "" && platform != "rakuten" {
		return p.usagef("--signature に受信した署名を指定してください", "--signature has to be the signature that was received")
	}
	secret, err := p.secret("HOOK_SECRET")
	if err != nil {
		return err
	}
	body, err := p.readData(data)
	if err != nil {
		return err
	}
	switch err := verify(body, secret); {
	case errors.Is(err, hooks.ErrSecret):
		return usageError{err}
	case err != nil:
		return p.failf("署名が一致しません: %w", "the signature does not verify: %w", err)
	case p.json:
		return p.printJSON(map[string]bool{"valid": true})
	}
	_, err = fmt.Fprintln(p.out, p.text("署名は有効です。", "The signature is valid."))
	return err
}
