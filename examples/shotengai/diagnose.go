package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

func (p *program) diagnoseCommand() *cobra.Command {
	var c connection
	cmd := &cobra.Command{
		Use:   "diagnose PLATFORM",
		Short: p.text("トークンやライセンスキーが使えるか、使えない場合はその理由を調べる", "whether a token or licence key works, and why not"),
		Long: p.text("トークンやライセンスキーを 1、2 回の読み取りで確認します。使えない場合の終了コードは 1 です。",
			"Tries a token or a licence key by one or two read calls. The exit code is 1 if it does not work.") + "\n\n" + p.secretsHelp(),
		Example:           "  shotengai diagnose rakuten",
		Args:              p.platformOperand,
		ValidArgsFunction: completePlatform,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := p.diagnose(cmd.Context(), args[0], c)
			if err != nil {
				return err
			}
			return p.printFinding(f)
		},
	}
	c.flags(p, cmd)
	return cmd
}

// finding is what a diagnosis comes to.
type finding struct {
	Platform  string        `json:"platform"`
	Works     bool          `json:"works"`
	Verdict   string        `json:"verdict"`
	Who       rakuten.Actor `json:"who_acts,omitzero"`
	What      string        `json:"what_to_do,omitzero"`
	ExpiresAt time.Time     `json:"expires_at,omitzero"`
	Err       string        `json:"error,omitzero"`
}

func (p *program) diagnose(ctx context.Context, platform string, c connection) (finding, error) {
	switch platform {
	case "rakuten":
		return p.diagnoseRakuten(ctx, c)
	case "stores":
		client, err := p.stores(c)
		if err != nil {
			return finding{}, err
		}
		presence, err := client.Presence(ctx)
		f := p.judge(platform, err)
		f.Works, f.Verdict = presence == stores.PresenceThere, string(presence)
		return f, nil
	case "makeshop":
		client, err := p.makeShop(c)
		if err != nil {
			return finding{}, err
		}
		return p.judge(platform, client.Verify(ctx)), nil
	}
	client, err := p.colorMe(c)
	if err != nil {
		return finding{}, err
	}
	return p.judge(platform, client.Verify(ctx)), nil
}

// diagnoseRakuten knows when the key ends only while the platform says it.
func (p *program) diagnoseRakuten(ctx context.Context, c connection) (finding, error) {
	license, err := p.license("RAKUTEN_SERVICE_SECRET", "RAKUTEN_LICENSE_KEY")
	if err != nil {
		return finding{}, err
	}
	client, err := p.rakuten(c)
	if err != nil {
		return finding{}, err
	}
	d := client.DiagnoseLicense(ctx, license)
	f := finding{Platform: "rakuten", Verdict: string(d.Verdict), ExpiresAt: d.ExpiresAt}
	f.Works = d.Verdict == rakuten.VerdictWorks || d.Verdict == rakuten.VerdictExpiryNotEnabled
	f.Who, f.What = d.Act(p.language)
	if err := errors.Join(d.Expiry, d.Probe); err != nil && !f.Works {
		f.Err = d.Expiry.Error()
	}
	return f, nil
}

// judge reads what a first call failed with.
func (p *program) judge(platform string, err error) finding {
	f := finding{Platform: platform, Works: err == nil, Verdict: "works"}
	if err == nil {
		return f
	}
	f.Err = err.Error()
	switch {
	case errors.Is(err, shotengai.ErrReauthorize), errors.Is(err, shotengai.ErrUnauthorized):
		f.Verdict, f.What = "refused", p.text("ショップのオーナーに再認可してもらってください", "send the owner of the shop through the login again")
	case errors.Is(err, shotengai.ErrForbidden):
		f.Verdict, f.What = "forbidden", p.text("アプリの権限と契約の状態を確認してください", "check what the app is allowed, and whether its subscription lasts")
	default:
		f.Verdict, f.What = "unknown", p.text("しばらくしてからもう一度実行してください", "try again later")
	}
	return f
}

func (p *program) printFinding(f finding) error {
	var err error
	if p.json {
		err = p.printJSON(f)
	} else {
		_, err = fmt.Fprintf(p.out, "%s: %s\n", f.Platform, f.Verdict)
		if !f.ExpiresAt.IsZero() {
			_, err = fmt.Fprintf(p.out, p.text("有効期限: %s\n", "ends: %s\n"), f.ExpiresAt.In(shotengai.JST).Format(time.DateTime))
		}
		if f.What != "" {
			_, err = fmt.Fprintln(p.out, f.What)
		}
	}
	if err != nil {
		return err
	}
	if !f.Works {
		return p.failf("%s の認証情報は使えません（%s）: %s", "the credentials of %s do not work (%s): %s", f.Platform, f.Verdict, f.Err)
	}
	return nil
}
