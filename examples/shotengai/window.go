package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
)

func (p *program) windowCommand() *cobra.Command {
	var start, trialEnd, uninstalled, closing day
	cmd := &cobra.Command{
		Use:   "window",
		Short: p.text("カラーミーの従量課金を登録できる期間と締め日を計算する", "when usage charges of a Color Me app can be made, and the closing date"),
		Long: p.text(`カラーミーショップのアプリの契約期間、アンインストール後の締め日、従量課金を登録できる期間を計算します。
Webhook で締め日 (closing_on) を受信した場合は --closing-on に指定してください。その日付が優先されます。`,
			`Computes the contract period of an app of Color Me Shop, the closing date after an uninstallation, and when
usage charges can be made. A closing date from the webhook takes precedence over the computed one: pass it
with --closing-on.`),
		Example: "  shotengai window --start 2026-01-20 --trial-end 2026-02-04 --uninstalled 2026-03-10",
		Args:    p.operands,
		RunE: func(*cobra.Command, []string) error {
			if start.IsZero() {
				return p.usagef("--start に契約の開始日を指定してください", "--start has to be the day on which the contract began")
			}
			return p.window(billing.UsageContract{
				Start: start.Time, TrialEnd: trialEnd.Time, Uninstalled: uninstalled.Time, ClosingOn: closing.Time,
			})
		},
	}
	flags := cmd.Flags()
	flags.Var(&start, "start", p.text("契約の開始日 (`DAY`)。インストールした日、必須", "first `DAY` of the contract, that of the installation, required"))
	flags.Var(&trialEnd, "trial-end", p.text("trial_term の ends_at の日付 (`DAY`)", "`DAY` of ends_at in trial_term"))
	flags.Var(&uninstalled, "uninstalled", p.text("アンインストールした日 (`DAY`)", "`DAY` of the uninstallation"))
	flags.Var(&closing, "closing-on", p.text("受信した締め日 (`DAY`)", "closing `DAY` as it was received (closing_on)"))
	return cmd
}

// shownWindow is a window as JSON shows it. Until is the first instant after it.
type shownWindow struct {
	PeriodFrom shotengai.Date `json:"period_from,omitzero"`
	PeriodTo   shotengai.Date `json:"period_to,omitzero"`
	From       time.Time      `json:"from,omitzero"`
	Until      time.Time      `json:"until,omitzero"`
	Computed   bool           `json:"computed"`
	Never      bool           `json:"never"`
}

// window prints the contract period of the uninstallation, or of today, and the window.
func (p *program) window(c billing.UsageContract) error {
	w, err := c.Window()
	if err != nil {
		return usageError{err}
	}
	shown := shownWindow{From: w.From, Until: w.Until, Computed: w.Computed, Never: w.Never}
	at, begin := c.Uninstalled, c.Start
	if at.IsZero() {
		at = p.now()
	}
	if c.TrialEnd.After(begin) {
		begin = c.TrialEnd
	}
	if !at.Before(begin) {
		from, to, err := billing.ContractPeriod(begin, at)
		if err != nil {
			return usageError{err}
		}
		shown.PeriodFrom, shown.PeriodTo = shotengai.DateOf(from), shotengai.DateOf(to)
	}
	if p.json {
		return p.printJSON(shown)
	}
	_, err = fmt.Fprint(p.out, p.windowText(shown))
	return err
}

func (p *program) windowText(w shownWindow) string {
	var b strings.Builder
	if w.PeriodFrom.IsZero() {
		b.WriteString(p.text("契約期間  無料お試し期間中\n", "period    free trial\n"))
	} else {
		fmt.Fprintf(&b, p.text("契約期間  %s 〜 %s\n", "period    %s to %s\n"), w.PeriodFrom, w.PeriodTo)
	}
	if w.Never {
		b.WriteString(p.text("課金      できません（無料お試し期間中にアンインストール済み）\n", "charges   none: the app was uninstalled during its trial\n"))
		return b.String()
	}
	from, until := p.text("利用開始", "the beginning"), p.text("アンインストール", "the uninstallation")
	if !w.From.IsZero() {
		from = w.From.In(shotengai.JST).Format(time.DateTime)
	}
	if !w.Until.IsZero() {
		until = w.Until.In(shotengai.JST).Format(time.DateTime)
	}
	fmt.Fprintf(&b, p.text("課金      %sから、%sまで\n", "charges   from %s, before %s\n"), from, until)
	if w.Computed {
		b.WriteString(p.text("締め日は計算値です。Webhook の closing_on と異なる場合があります。\n",
			"The closing date is computed. The one of the hook, closing_on, may differ.\n"))
	}
	return b.String()
}
