package billing_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
)

// The platform's own example: 1,000 yen on 10 October.
func ExampleFirstCharge() {
	plan := billing.Plan{ID: "1", Monthly: 1000}
	charge, err := billing.FirstCharge(plan, billing.Date(2026, time.October, 10))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(charge.Base, charge.Tax, charge.Total)
	// Output: ¥734 ¥73 ¥807
}

func ExampleExplain() {
	plan := billing.Plan{ID: "1", Monthly: 1000}
	charge, err := billing.FirstCharge(plan, billing.Date(2026, time.October, 10))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(billing.Explain(charge, shotengai.Japanese))
	fmt.Println(billing.Explain(charge, shotengai.English))
	// Output:
	// 初回決済 2026年10月10日(対象期間 2026年10月10日〜2026年10月31日)
	// プラン料金 1,000円 × 22日 ÷ 30日 = 734円(733.33…円の切り上げ)
	// 消費税 734円 × 10% = 73円(73.4円の切り捨て)
	// 合計 734円 + 73円 = 807円
	// First payment on 10 October 2026, for 10 October 2026 to 31 October 2026
	// Plan: ¥1,000 × 22 days ÷ 30 days = ¥734 (¥733.33… rounded up)
	// Tax: ¥734 × 10% = ¥73 (¥73.4 rounded down)
	// Total: ¥734 + ¥73 = ¥807
}

// What a change costs depends on what was paid this month: here 734 yen for the
// rest of the month of the installation.
func ExamplePlanChangeCharge() {
	next := billing.Plan{ID: "2", Monthly: 2000}
	charge, err := billing.PlanChangeCharge(billing.Plan{}, next, 734, billing.Date(2026, time.October, 20))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(billing.Explain(charge, shotengai.Japanese))
	// Output:
	// プラン変更(高い料金へ) 2026年10月20日(対象期間 2026年10月20日〜2026年10月31日)
	// 差額 2,000円 - 734円 = 1,266円
	// プラン料金 1,266円 × 12日 ÷ 30日 = 507円(506.4円の切り上げ)
	// 消費税 507円 × 10% = 50円(50.7円の切り捨て)
	// 合計 507円 + 50円 = 557円
}

// The formula exceeds the price of a month on the 1st of a month with 31 days;
// MonthlyCap caps it.
func ExampleRules() {
	plan, first := billing.Plan{ID: "1", Monthly: 1000}, billing.Date(2026, time.October, 1)
	literal, _ := billing.FirstCharge(plan, first)
	capped, _ := billing.Rules{MonthlyCap: true}.FirstCharge(plan, first)
	fmt.Println(literal.Total, capped.Total)
	// Output: ¥1,137 ¥1,100
}

func ExampleSubscription_Apply() {
	light, full := billing.Plan{ID: "1", Monthly: 1000}, billing.Plan{ID: "2", Monthly: 2000}
	var sub billing.Subscription
	for _, event := range []billing.Event{
		billing.Install{On: billing.Date(2026, time.October, 10), Plan: light},
		billing.PlanChange{On: billing.Date(2026, time.October, 20), Plan: full},
		billing.Renewal{On: billing.Date(2026, time.November, 1)},
		billing.Cancel{On: billing.Date(2026, time.November, 5)},
		billing.PlanChange{On: billing.Date(2026, time.November, 6), Plan: full},
	} {
		next, charges, err := sub.Apply(event)
		if refusal, ok := errors.AsType[*billing.RefusedError](err); ok {
			fmt.Println("refused:", refusal.Reason)
			continue
		}
		for _, charge := range charges {
			fmt.Println(charge.On.Format(time.DateOnly), charge.Kind, charge.Total)
		}
		sub = next
	}
	fmt.Println(sub.Status, sub.Allowed())
	until, _ := sub.APIUntil()
	fmt.Println("API until", until.Format(time.DateTime))
	// Output:
	// 2026-10-10 first ¥807
	// 2026-10-20 upgrade ¥557
	// 2026-11-01 renewal ¥2,200
	// refused: same_plan
	// cancelled [change_plan uninstall]
	// API until 2026-12-31 00:00:00
}

func ExampleForecast() {
	sub, _, err := billing.Subscription{}.Apply(billing.Install{
		On:       billing.Date(2026, time.October, 1),
		Plan:     billing.Plan{ID: "1", Monthly: 1000, InitialFee: 3000},
		TrialEnd: billing.Date(2026, time.October, 9),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, charge := range billing.Forecast(sub, billing.Date(2026, time.December, 31)) {
		fmt.Println(charge.On.Format(time.DateOnly), charge.Kind, charge.Total)
	}
	// Output:
	// 2026-10-10 trial_end ¥4,107
	// 2026-11-01 renewal ¥1,100
	// 2026-12-01 renewal ¥1,100
}

// One day's difference moves the closing date by a month.
func ExampleClosingOn() {
	start := billing.Date(2020, time.December, 10)
	for _, day := range []int{9, 10} {
		closing, err := billing.ClosingOn(billing.Date(2021, time.January, day), start)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(closing.Format(time.DateOnly))
	}
	// Output:
	// 2021-01-31
	// 2021-02-28
}

func ExampleUsageContract_Window() {
	contract := billing.UsageContract{
		Start:       billing.Date(2020, time.December, 10),
		Uninstalled: billing.Date(2021, time.January, 9),
	}
	window, err := contract.Window()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(window.Until.Format(time.DateOnly), "computed:", window.Computed)

	contract.ClosingOn = time.Unix(1612018800, 0) // 31 January 00:00 in Japan, as the hook said
	window, err = contract.Window()
	if err != nil {
		fmt.Println(err)
		return
	}
	evening := billing.Date(2021, time.January, 31).Add(20 * time.Hour)
	fmt.Println(window.Open(evening), window.Open(window.Until), "computed:", window.Computed)
	// Output:
	// 2021-02-01 computed: true
	// true false computed: false
}
