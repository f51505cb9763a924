package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// watched is a shop whose licence key is looked at. In the configuration it names the
// environment variables of the two halves.
type watched struct {
	Name          string `json:"name"`
	ServiceSecret string `json:"service_secret"`
	LicenseKey    string `json:"license_key"`
}

func (p *program) watchCommand() *cobra.Command {
	var c connection
	var config string
	var warn int
	cmd := &cobra.Command{
		Use:   "watch",
		Short: p.text("楽天のライセンスキーの残り日数を表示する", "days left of Rakuten's licence keys"),
		Long: p.text(`楽天のライセンスキーの残り日数を表示します。使えないキー、または残りが --warn 日以内のキーがあれば終了コードは
1 です。通知、カレンダー、記録まで行うには examples/licensewatch を使ってください。`,
			`Prints the days left of Rakuten's licence keys. The exit code is 1 if a key does not work or ends within
--warn days. The complete watcher, with notices, a calendar and a memory, is examples/licensewatch.`) + "\n\n" +
			p.text(`--config のファイルは、環境変数の名前を書いた JSON です`, `The file of --config names environment variables`) +
			":\n\n  [{\"name\": \"knives\", \"service_secret\": \"RMS_SECRET\", \"license_key\": \"KNIVES_KEY\"}]\n\n" +
			p.text("省略時は RAKUTEN_SERVICE_SECRET と RAKUTEN_LICENSE_KEY を使います。", "Without it they are RAKUTEN_SERVICE_SECRET and RAKUTEN_LICENSE_KEY."),
		Args: p.operands,
		RunE: func(cmd *cobra.Command, _ []string) error {
			shops, err := p.watchedShops(config)
			if err != nil {
				return err
			}
			return p.watch(cmd.Context(), shops, c, warn)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&config, "config", "", p.text("ショップの一覧のファイル (`FILE`)", "`FILE` with the shops"))
	flags.IntVar(&warn, "warn", 14, p.text("残りがこの日数 (`DAYS`) 以内なら失敗とする。省略時は 14", "fail for a key that ends within this number of `DAYS`, 14 if not given"))
	c.flags(p, cmd)
	return cmd
}

func (p *program) watchedShops(config string) ([]watched, error) {
	if config == "" {
		return []watched{{"rakuten", "RAKUTEN_SERVICE_SECRET", "RAKUTEN_LICENSE_KEY"}}, nil
	}
	text, err := os.ReadFile(config) //nolint:gosec // the user says which file
	if err != nil {
		return nil, p.usagef("設定ファイルを読み込めません: %w", "the configuration cannot be read: %w", err)
	}
	var shops []watched
	if err := json.Unmarshal(text, &shops); err != nil || len(shops) == 0 {
		return nil, p.usagef("%s はショップの JSON 配列ではありません", "%s is no list of shops in JSON", config)
	}
	return shops, nil
}

// keyStatus is what is known of a key.
type keyStatus struct {
	Shop     string         `json:"shop"`
	Verdict  string         `json:"verdict"`
	DaysLeft *int           `json:"days_left"` // nil if it is not known
	LastDay  shotengai.Date `json:"last_day,omitzero"`
	What     string         `json:"what_to_do,omitzero"`
	works    bool
}

func (p *program) watch(ctx context.Context, shops []watched, c connection, warn int) error {
	var statuses []keyStatus
	due := 0
	for _, shop := range shops {
		s, err := p.keyStatus(ctx, shop, c)
		if err != nil {
			return err
		}
		if !s.works || s.DaysLeft != nil && *s.DaysLeft <= warn {
			due++
		}
		statuses = append(statuses, s)
	}
	if err := p.printKeys(statuses); err != nil {
		return err
	}
	if due > 0 {
		return p.failf("%d 件のライセンスキーに対応が必要です", "%d licence keys need someone to act", due)
	}
	return nil
}

func (p *program) keyStatus(ctx context.Context, shop watched, c connection) (keyStatus, error) {
	license, err := p.license(shop.ServiceSecret, shop.LicenseKey)
	if err != nil {
		return keyStatus{}, err
	}
	client, err := checked(rakuten.NewClient(rakuten.StaticLicense(license), p.options(c)...))
	if err != nil {
		return keyStatus{}, err
	}
	d := client.Diagnose(ctx)
	s := keyStatus{Shop: shop.Name, Verdict: string(d.Verdict)}
	s.works = d.Verdict == rakuten.VerdictWorks || d.Verdict == rakuten.VerdictExpiryNotEnabled
	_, s.What = d.Act(p.language)
	if !d.ExpiresAt.IsZero() {
		s.LastDay = shotengai.DateOf(d.ExpiresAt)
		s.DaysLeft = new(daysBetween(p.now(), d.ExpiresAt))
	}
	return s, nil
}

// daysBetween counts the days of the calendar in Japan.
func daysBetween(from, to time.Time) int {
	return int(midnight(to).Sub(midnight(from)) / (24 * time.Hour))
}

func midnight(t time.Time) time.Time {
	year, month, day := t.In(shotengai.JST).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, shotengai.JST)
}

func (p *program) printKeys(statuses []keyStatus) error {
	if p.json {
		for _, s := range statuses {
			if err := p.printJSON(s); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, p.text("ショップ\t残り日数\t最終日\t状態\t対応", "SHOP\tDAYS LEFT\tLAST DAY\tSTATE\tWHAT TO DO"))
	for _, s := range statuses {
		left, last := "?", "?"
		if s.DaysLeft != nil {
			left, last = strconv.Itoa(*s.DaysLeft), s.LastDay.String()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", s.Shop, left, last, s.Verdict, s.What)
	}
	return table.Flush()
}
