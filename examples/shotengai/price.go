package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
)

// pricing is what price is asked for. Amounts are yen before tax.
type pricing struct {
	monthly, fee, current, paid      int64
	on, trialEnd, cancelled, through day
}

func (p *program) priceCommand() *cobra.Command {
	var a pricing
	cmd := &cobra.Command{
		Use:   "price",
		Short: p.text("makeshop アプリの料金を計算する", "what a shop pays for a makeshop app"),
		Long: p.text(`makeshop アプリの料金を日割り・消費税込みで計算し、計算式を示します。初回インストールのほか、
--current でプラン変更、--cancelled で再インストールを計算します。`,
			`Computes what a shop pays for an app of makeshop, prorated and with tax, and shows how. It is a first
installation, a change of the plan with --current, or an installation after a cancellation with --cancelled.`),
		Example: "  shotengai price --monthly 1000 --on 2026-10-10 --through 2026-12-31\n  shotengai price --monthly 2000 --current 1000 --paid 734 --on 2026-10-20",
		Args:    p.operands,
		RunE: func(*cobra.Command, []string) error {
			charges, err := p.charges(a)
			if err != nil {
				return err
			}
			return p.printCharges(charges)
		},
	}
	flags := cmd.Flags()
	flags.Int64Var(&a.monthly, "monthly", 0, p.text("プランの月額 (`YEN`)。税抜、必須", "price of a month before tax, in `YEN`, required"))
	flags.Int64Var(&a.fee, "fee", 0, p.text("初期費用 (`YEN`)。税抜", "initial fee before tax, in `YEN`"))
	flags.Var(&a.on, "on", p.text("決済日 (`DAY`)。省略時は今日", "`DAY` of the payment, today if not given"))
	flags.Var(&a.trialEnd, "trial-end", p.text("無料お試し期間の最終日 (`DAY`)", "last `DAY` of the free trial"))
	flags.Var(&a.cancelled, "cancelled", p.text("前回キャンセルした日 (`DAY`)", "`DAY` on which the app was cancelled before"))
	flags.Int64Var(&a.current, "current", 0, p.text("変更前のプランの月額 (`YEN`)。税抜", "price of the plan in use before tax, in `YEN`"))
	flags.Int64Var(&a.paid, "paid", -1, p.text("今月支払い済みの額 (`YEN`)。税抜、省略時は変更前の月額", "what was paid for this month before tax, in `YEN`; the price of the plan in use if not given"))
	flags.Var(&a.through, "through", p.text("この日 (`DAY`) までの決済も表示する", "show the payments up to this `DAY` as well"))
	return cmd
}

// day is a date of the calendar in Japan, as a flag.
type day struct{ time.Time }

func (d *day) Set(text string) error {
	t, err := time.ParseInLocation(time.DateOnly, text, shotengai.JST)
	d.Time = t
	return err
}

func (d *day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Format(time.DateOnly)
}

// Type names the values in the help where nothing else does.
func (*day) Type() string { return "YYYY-MM-DD" }

func (p *program) charges(a pricing) ([]billing.Charge, error) {
	if a.monthly <= 0 {
		return nil, p.usagef("--monthly に月額を指定してください", "--monthly has to be the price of a month")
	}
	if a.current > 0 && !a.cancelled.IsZero() {
		return nil, p.usagef("--current と --cancelled は併用できません", "--current does not go with --cancelled")
	}
	on := a.on.Time
	if on.IsZero() {
		on = p.now()
	}
	plan := billing.Plan{ID: "plan", Monthly: billing.Yen(a.monthly), InitialFee: billing.Yen(a.fee)}
	var charge billing.Charge
	var err error
	switch {
	case a.current > 0:
		paid := a.paid
		if paid < 0 {
			paid = a.current
		}
		charge, err = billing.PlanChangeCharge(billing.Plan{ID: "current", Monthly: billing.Yen(a.current)}, plan, billing.Yen(paid), on)
	case !a.cancelled.IsZero():
		charge, err = billing.ReinstallCharge(plan, a.cancelled.Time, on)
	default:
		return p.subscription(plan, on, a)
	}
	if err != nil {
		return nil, usageError{err}
	}
	return []billing.Charge{charge}, nil
}

// subscription is the charges of a new one, up to the day that was asked for, and at least the
// first.
func (p *program) subscription(plan billing.Plan, on time.Time, a pricing) ([]billing.Charge, error) {
	sub, charges, err := billing.Subscription{}.Apply(billing.Install{On: on, Plan: plan, TrialEnd: a.trialEnd.Time})
	if err != nil {
		return nil, usageError{err}
	}
	through := a.through.Time
	if first := a.trialEnd.AddDate(0, 0, 1); sub.InTrial() && through.Before(first) {
		through = first
	}
	return append(charges, billing.Forecast(sub, through)...), nil
}

// shownCharge is a charge as JSON shows it.
type shownCharge struct {
	Kind        billing.Kind   `json:"kind"`
	On          shotengai.Date `json:"on"`
	Base        billing.Yen    `json:"base"`
	InitialFee  billing.Yen    `json:"initial_fee"`
	Tax         billing.Yen    `json:"tax"`
	Total       billing.Yen    `json:"total"`
	Explanation string         `json:"explanation"`
}

func (p *program) printCharges(charges []billing.Charge) error {
	for i, c := range charges {
		explanation := billing.Explain(c, p.language)
		var err error
		switch {
		case p.json:
			err = p.printJSON(shownCharge{c.Kind, shotengai.DateOf(c.On), c.Base, c.InitialFee, c.Tax, c.Total, explanation})
		case i > 0:
			_, err = fmt.Fprintf(p.out, "\n%s\n", explanation)
		default:
			_, err = fmt.Fprintln(p.out, explanation)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
