package billing

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Explain writes out the arithmetic of a charge, one step a line, without a line
// feed at the end, in the manner of the platform's own example:
//
//	初回決済 2026年10月10日(対象期間 2026年10月10日〜2026年10月31日)
//	プラン料金 1,000円 × 22日 ÷ 30日 = 734円(733.33…円の切り上げ)
//	消費税 734円 × 10% = 73円(73.4円の切り捨て)
//	合計 734円 + 73円 = 807円
//
// It explains charges that this package computed; it does not check others.
func Explain(c Charge, in shotengai.Language) string {
	e := explanation{language: in}
	e.heading(c)
	e.plan(c)
	if c.InitialFee > 0 {
		e.add("初期費用 "+e.yen(c.InitialFee), "Initial fee: "+e.yen(c.InitialFee))
	}
	e.tax(c)
	e.total(c)
	return strings.Join(e.lines, "\n")
}

type explanation struct {
	language shotengai.Language
	lines    []string
}

func (e *explanation) add(japanese, english string) {
	e.lines = append(e.lines, e.pick(japanese, english))
}

func (e *explanation) pick(japanese, english string) string {
	return e.language.Pick(japanese, english)
}

// yen renders an amount, minus sign first.
func (e *explanation) yen(y Yen) string { return e.exactly(y, "") }

// exactly renders an amount with digits behind its point.
func (e *explanation) exactly(y Yen, fraction string) string {
	digits := y.digits()
	if fraction != "" {
		digits += "." + fraction
	}
	sign := ""
	if y < 0 {
		sign = "-"
	}
	return sign + e.pick(digits+"円", "¥"+digits)
}

// rounded renders a result and, where it was rounded, from what: the whole yen
// below it and the digits behind the point.
func (e *explanation) rounded(result, below Yen, fraction, japanese, english string) string {
	if fraction == "" {
		return e.yen(result)
	}
	exact := e.exactly(below, fraction)
	return e.yen(result) + e.pick("("+exact+"の"+japanese+")", " ("+exact+" rounded "+english+")")
}

func (e *explanation) date(t time.Time) string {
	return t.In(shotengai.JST).Format(e.pick("2006年1月2日", "2 January 2006"))
}

func (e *explanation) days(n int) string {
	if n == 1 {
		return e.pick("1日", "1 day")
	}
	return strconv.Itoa(n) + e.pick("日", " days")
}

func (e *explanation) heading(c Charge) {
	on, from, to := e.date(c.On), e.date(c.From), e.date(c.To)
	japanese, english := c.Kind.label()
	if c.Kind == KindUsage {
		e.add(japanese+" "+on, english+" on "+on)
		return
	}
	e.add(fmt.Sprintf("%s %s(対象期間 %s〜%s)", japanese, on, from, to),
		fmt.Sprintf("%s on %s, for %s to %s", english, on, from, to))
}

func (k Kind) label() (japanese, english string) {
	switch k {
	case KindFirst:
		return "初回決済", "First payment"
	case KindRenewal:
		return "月額自動更新", "Monthly renewal"
	case KindTrialEnd:
		return "トライアル終了後の決済", "Payment after the trial"
	case KindPaidReinstall:
		return "当月中の再インストール", "Reinstallation within the paid month"
	case KindReinstall:
		return "再インストール", "Reinstallation"
	case KindUpgrade:
		return "プラン変更(高い料金へ)", "Change to a higher price"
	case KindDowngrade:
		return "プラン変更(同額以下の料金へ)", "Change to a lower or equal price"
	case KindUsage:
		return "従量課金", "Usage charge"
	default:
		return string(k), string(k)
	}
}

// plan explains the base (R2, R9, R11, R12).
func (e *explanation) plan(c Charge) {
	price := e.yen(c.Price)
	switch {
	case c.Kind == KindUsage:
		e.add("利用料 "+price, "Use: "+price)
	case c.Kind == KindPaidReinstall:
		e.add("プラン料金 "+e.yen(0)+"(当月分は支払い済み)", "Plan: "+e.yen(0)+" (this month is paid)")
	case c.Kind == KindDowngrade:
		e.add("差額 "+e.yen(0)+"(決済、返金なし)", "Difference: "+e.yen(0)+" (no payment, no refund)")
	case c.Kind == KindUpgrade && c.Days == 0:
		e.difference(c, e.pick(" → "+e.yen(0)+"(返金なし)", ", so "+e.yen(0)+" (no refund)"))
	case c.Days == 0:
		e.add("プラン料金 "+price+"(1か月分)", "Plan: "+price+" (one month)")
	default:
		if c.Kind == KindUpgrade {
			e.difference(c, "")
		}
		e.proration(c)
	}
}

func (e *explanation) difference(c Charge, end string) {
	line := e.yen(c.Price) + " - " + e.yen(c.Paid) + " = " + e.yen(c.Price-c.Paid) + end
	e.add("差額 "+line, "Difference: "+line)
}

func (e *explanation) proration(c Charge) {
	price := c.Price - c.Paid
	var result Yen
	var steps string
	if c.Daily {
		daily := dailyRate(price)
		result = daily * Yen(c.Days)
		steps = fmt.Sprintf("%s ÷ %s = %s%s%s × %s = %s", e.yen(price), e.days(prorationDays), e.roundedUp(daily, price, 1),
			e.pick("、", ", "), e.yen(daily), e.days(c.Days), e.yen(result))
	} else {
		result, _ = Prorate(price, c.Days) // c.Base, unless that is capped
		steps = fmt.Sprintf("%s × %s ÷ %s = %s", e.yen(price), e.days(c.Days), e.days(prorationDays), e.roundedUp(result, price, c.Days))
	}
	if c.Capped {
		steps += e.pick(" → "+e.yen(c.Base)+"(上限)", ", capped at "+e.yen(c.Base))
	}
	e.add("プラン料金 "+steps, "Plan: "+steps)
}

func (e *explanation) roundedUp(result, price Yen, days int) string {
	rest := price % prorationDays * Yen(days) % prorationDays
	return e.rounded(result, result-1, decimals(rest, prorationDays, 2), "切り上げ", "up")
}

func (e *explanation) roundedDown(result, amount Yen, rate TaxRate) string {
	rest := amount % basisPoints * Yen(rate) % basisPoints
	return e.rounded(result, result, decimals(rest, basisPoints, 4), "切り捨て", "down")
}

// tax explains the tax (R3, R8).
func (e *explanation) tax(c Charge) {
	if c.Base+c.InitialFee == 0 {
		return
	}
	if c.SeparateTax {
		for _, part := range []Yen{c.Base, c.InitialFee} {
			e.taxOn(part, e.yen(part), c.Rate)
		}
		return
	}
	base := e.yen(c.Base + c.InitialFee)
	if c.Base > 0 && c.InitialFee > 0 {
		base = "(" + e.yen(c.Base) + " + " + e.yen(c.InitialFee) + ")"
	}
	e.taxOn(c.Base+c.InitialFee, base, c.Rate)
}

func (e *explanation) taxOn(amount Yen, shown string, rate TaxRate) {
	tax, _ := Tax(amount, rate)
	line := fmt.Sprintf("%s × %s = %s", shown, rate, e.roundedDown(tax, amount, rate))
	e.add("消費税 "+line, "Tax: "+line)
}

// total explains the sum (R4).
func (e *explanation) total(c Charge) {
	var parts []string
	for _, part := range []Yen{c.Base, c.InitialFee, c.Tax} {
		if part > 0 {
			parts = append(parts, e.yen(part))
		}
	}
	line := e.yen(c.Total)
	if len(parts) > 1 {
		line = strings.Join(parts, " + ") + " = " + line
	}
	e.add("合計 "+line, "Total: "+line)
}
