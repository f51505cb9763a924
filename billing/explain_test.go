package billing_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	october := "2026年10月1日〜2026年10月31日"
	for _, test := range []struct {
		name     string
		charge   func() (billing.Charge, error)
		japanese string
		english  string
	}{
		{
			"R5 the platform's example",
			func() (billing.Charge, error) { return billing.FirstCharge(plan(1000), oct(10)) },
			`
初回決済 2026年10月10日(対象期間 2026年10月10日〜2026年10月31日)
プラン料金 1,000円 × 22日 ÷ 30日 = 734円(733.33…円の切り上げ)
消費税 734円 × 10% = 73円(73.4円の切り捨て)
合計 734円 + 73円 = 807円`,
			`
First payment on 10 October 2026, for 10 October 2026 to 31 October 2026
Plan: ¥1,000 × 22 days ÷ 30 days = ¥734 (¥733.33… rounded up)
Tax: ¥734 × 10% = ¥73 (¥73.4 rounded down)
Total: ¥734 + ¥73 = ¥807`,
		},
		{
			"R5 exact, no tax due",
			func() (billing.Charge, error) {
				return billing.Rules{TaxRates: always(0)}.FirstCharge(plan(9000), oct(31))
			},
			`
初回決済 2026年10月31日(対象期間 2026年10月31日〜2026年10月31日)
プラン料金 9,000円 × 1日 ÷ 30日 = 300円
消費税 300円 × 0% = 0円
合計 300円`,
			`
First payment on 31 October 2026, for 31 October 2026 to 31 October 2026
Plan: ¥9,000 × 1 day ÷ 30 days = ¥300
Tax: ¥300 × 0% = ¥0
Total: ¥300`,
		},
		{
			"R6",
			func() (billing.Charge, error) { return billing.RenewalCharge(plan(999), nov(1)) },
			`
月額自動更新 2026年11月1日(対象期間 2026年11月1日〜2026年11月30日)
プラン料金 999円(1か月分)
消費税 999円 × 10% = 99円(99.9円の切り捨て)
合計 999円 + 99円 = 1,098円`,
			`
Monthly renewal on 1 November 2026, for 1 November 2026 to 30 November 2026
Plan: ¥999 (one month)
Tax: ¥999 × 10% = ¥99 (¥99.9 rounded down)
Total: ¥999 + ¥99 = ¥1,098`,
		},
		{
			"R7 R8 one tax",
			func() (billing.Charge, error) { return billing.TrialEndCharge(planWithFee(1003, 505), oct(9)) },
			`
トライアル終了後の決済 2026年10月10日(対象期間 2026年10月10日〜2026年10月31日)
プラン料金 1,003円 × 22日 ÷ 30日 = 736円(735.53…円の切り上げ)
初期費用 505円
消費税 (736円 + 505円) × 10% = 124円(124.1円の切り捨て)
合計 736円 + 505円 + 124円 = 1,365円`,
			`
Payment after the trial on 10 October 2026, for 10 October 2026 to 31 October 2026
Plan: ¥1,003 × 22 days ÷ 30 days = ¥736 (¥735.53… rounded up)
Initial fee: ¥505
Tax: (¥736 + ¥505) × 10% = ¥124 (¥124.1 rounded down)
Total: ¥736 + ¥505 + ¥124 = ¥1,365`,
		},
		{
			"R8 tax apart, at a rate with a fraction",
			func() (billing.Charge, error) {
				return billing.Rules{SeparateTax: true, TaxRates: always(625)}.FirstCharge(planWithFee(1003, 505), oct(10))
			},
			`
初回決済 2026年10月10日(対象期間 2026年10月10日〜2026年10月31日)
プラン料金 1,003円 × 22日 ÷ 30日 = 736円(735.53…円の切り上げ)
初期費用 505円
消費税 736円 × 6.25% = 46円
消費税 505円 × 6.25% = 31円(31.5625円の切り捨て)
合計 736円 + 505円 + 77円 = 1,318円`,
			`
First payment on 10 October 2026, for 10 October 2026 to 31 October 2026
Plan: ¥1,003 × 22 days ÷ 30 days = ¥736 (¥735.53… rounded up)
Initial fee: ¥505
Tax: ¥736 × 6.25% = ¥46
Tax: ¥505 × 6.25% = ¥31 (¥31.5625 rounded down)
Total: ¥736 + ¥505 + ¥77 = ¥1,318`,
		},
		{
			"R2 cap",
			func() (billing.Charge, error) {
				return billing.Rules{MonthlyCap: true}.FirstCharge(plan(1000), oct(1))
			},
			`
初回決済 2026年10月1日(対象期間 ` + october + `)
プラン料金 1,000円 × 31日 ÷ 30日 = 1,034円(1,033.33…円の切り上げ) → 1,000円(上限)
消費税 1,000円 × 10% = 100円
合計 1,000円 + 100円 = 1,100円`,
			`
First payment on 1 October 2026, for 1 October 2026 to 31 October 2026
Plan: ¥1,000 × 31 days ÷ 30 days = ¥1,034 (¥1,033.33… rounded up), capped at ¥1,000
Tax: ¥1,000 × 10% = ¥100
Total: ¥1,000 + ¥100 = ¥1,100`,
		},
		{
			"R9",
			func() (billing.Charge, error) { return billing.ReinstallCharge(plan(1000), oct(12), oct(20)) },
			`
当月中の再インストール 2026年10月20日(対象期間 2026年10月20日〜2026年10月31日)
プラン料金 0円(当月分は支払い済み)
合計 0円`,
			`
Reinstallation within the paid month on 20 October 2026, for 20 October 2026 to 31 October 2026
Plan: ¥0 (this month is paid)
Total: ¥0`,
		},
		{
			"R9 with fee",
			func() (billing.Charge, error) {
				return billing.Rules{FeeOnPaidReinstall: true}.ReinstallCharge(planWithFee(1000, 500), oct(12), oct(20))
			},
			`
当月中の再インストール 2026年10月20日(対象期間 2026年10月20日〜2026年10月31日)
プラン料金 0円(当月分は支払い済み)
初期費用 500円
消費税 500円 × 10% = 50円
合計 500円 + 50円 = 550円`,
			`
Reinstallation within the paid month on 20 October 2026, for 20 October 2026 to 31 October 2026
Plan: ¥0 (this month is paid)
Initial fee: ¥500
Tax: ¥500 × 10% = ¥50
Total: ¥500 + ¥50 = ¥550`,
		},
		{
			"R10",
			func() (billing.Charge, error) { return billing.ReinstallCharge(plan(1000), oct(12), nov(5)) },
			`
再インストール 2026年11月5日(対象期間 2026年11月5日〜2026年11月30日)
プラン料金 1,000円 × 26日 ÷ 30日 = 867円(866.66…円の切り上げ)
消費税 867円 × 10% = 86円(86.7円の切り捨て)
合計 867円 + 86円 = 953円`,
			`
Reinstallation on 5 November 2026, for 5 November 2026 to 30 November 2026
Plan: ¥1,000 × 26 days ÷ 30 days = ¥867 (¥866.66… rounded up)
Tax: ¥867 × 10% = ¥86 (¥86.7 rounded down)
Total: ¥867 + ¥86 = ¥953`,
		},
		{
			"R11",
			func() (billing.Charge, error) {
				return billing.PlanChangeCharge(billing.Plan{}, plan(2000), 734, oct(20))
			},
			`
プラン変更(高い料金へ) 2026年10月20日(対象期間 2026年10月20日〜2026年10月31日)
差額 2,000円 - 734円 = 1,266円
プラン料金 1,266円 × 12日 ÷ 30日 = 507円(506.4円の切り上げ)
消費税 507円 × 10% = 50円(50.7円の切り捨て)
合計 507円 + 50円 = 557円`,
			`
Change to a higher price on 20 October 2026, for 20 October 2026 to 31 October 2026
Difference: ¥2,000 - ¥734 = ¥1,266
Plan: ¥1,266 × 12 days ÷ 30 days = ¥507 (¥506.4 rounded up)
Tax: ¥507 × 10% = ¥50 (¥50.7 rounded down)
Total: ¥507 + ¥50 = ¥557`,
		},
		{
			"R11 by the day",
			func() (billing.Charge, error) {
				return billing.Rules{DailyRate: true}.PlanChangeCharge(billing.Plan{}, plan(2000), 1000, oct(10))
			},
			`
プラン変更(高い料金へ) 2026年10月10日(対象期間 2026年10月10日〜2026年10月31日)
差額 2,000円 - 1,000円 = 1,000円
プラン料金 1,000円 ÷ 30日 = 34円(33.33…円の切り上げ)、34円 × 22日 = 748円
消費税 748円 × 10% = 74円(74.8円の切り捨て)
合計 748円 + 74円 = 822円`,
			`
Change to a higher price on 10 October 2026, for 10 October 2026 to 31 October 2026
Difference: ¥2,000 - ¥1,000 = ¥1,000
Plan: ¥1,000 ÷ 30 days = ¥34 (¥33.33… rounded up), ¥34 × 22 days = ¥748
Tax: ¥748 × 10% = ¥74 (¥74.8 rounded down)
Total: ¥748 + ¥74 = ¥822`,
		},
		{
			"R11 below zero",
			func() (billing.Charge, error) {
				return billing.PlanChangeCharge(billing.Plan{}, plan(3000), 3934, oct(20))
			},
			`
プラン変更(高い料金へ) 2026年10月20日(対象期間 2026年10月20日〜2026年10月31日)
差額 3,000円 - 3,934円 = -934円 → 0円(返金なし)
合計 0円`,
			`
Change to a higher price on 20 October 2026, for 20 October 2026 to 31 October 2026
Difference: ¥3,000 - ¥3,934 = -¥934, so ¥0 (no refund)
Total: ¥0`,
		},
		{
			"R12",
			func() (billing.Charge, error) {
				return billing.PlanChangeCharge(plan(1000), plan(500), 1000, oct(20))
			},
			`
プラン変更(同額以下の料金へ) 2026年10月20日(対象期間 2026年10月20日〜2026年10月31日)
差額 0円(決済、返金なし)
合計 0円`,
			`
Change to a lower or equal price on 20 October 2026, for 20 October 2026 to 31 October 2026
Difference: ¥0 (no payment, no refund)
Total: ¥0`,
		},
		{
			"R8 a fee as high as the plan's part",
			func() (billing.Charge, error) { return billing.FirstCharge(planWithFee(1000, 734), oct(10)) },
			`
初回決済 2026年10月10日(対象期間 2026年10月10日〜2026年10月31日)
プラン料金 1,000円 × 22日 ÷ 30日 = 734円(733.33…円の切り上げ)
初期費用 734円
消費税 (734円 + 734円) × 10% = 146円(146.8円の切り捨て)
合計 734円 + 734円 + 146円 = 1,614円`,
			`
First payment on 10 October 2026, for 10 October 2026 to 31 October 2026
Plan: ¥1,000 × 22 days ÷ 30 days = ¥734 (¥733.33… rounded up)
Initial fee: ¥734
Tax: (¥734 + ¥734) × 10% = ¥146 (¥146.8 rounded down)
Total: ¥734 + ¥734 + ¥146 = ¥1,614`,
		},
		{
			"C1",
			func() (billing.Charge, error) { return billing.UsageCharge(1005, oct(10)) },
			`
従量課金 2026年10月10日
利用料 1,005円
消費税 1,005円 × 10% = 100円(100.5円の切り捨て)
合計 1,005円 + 100円 = 1,105円`,
			`
Usage charge on 10 October 2026
Use: ¥1,005
Tax: ¥1,005 × 10% = ¥100 (¥100.5 rounded down)
Total: ¥1,005 + ¥100 = ¥1,105`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			charge, err := test.charge()
			require.NoError(t, err)
			assert.Equal(t, strings.TrimPrefix(test.japanese, "\n"), billing.Explain(charge, shotengai.Japanese))
			assert.Equal(t, strings.TrimPrefix(test.english, "\n"), billing.Explain(charge, shotengai.English))
			assert.Equal(t, billing.Explain(charge, shotengai.English), billing.Explain(charge, "fr"))
		})
	}
}

func TestExplainCappedByDay(t *testing.T) {
	t.Parallel()
	c, err := billing.Rules{DailyRate: true, MonthlyCap: true}.PlanChangeCharge(billing.Plan{}, plan(1100), 1000, oct(2))
	require.NoError(t, err)
	assert.Contains(t, billing.Explain(c, shotengai.Japanese),
		"プラン料金 100円 ÷ 30日 = 4円(3.33…円の切り上げ)、4円 × 30日 = 120円 → 100円(上限)\n")
}

// Days are written as days in Tokyo, and a charge of nobody's making is no reason
// to stop.
func TestExplainForeignCharges(t *testing.T) {
	t.Parallel()
	c, err := billing.FirstCharge(plan(1000), oct(10))
	require.NoError(t, err)
	want := billing.Explain(c, shotengai.Japanese)
	c.On, c.From, c.To = c.On.UTC(), c.From.UTC(), c.To.UTC()
	assert.Equal(t, want, billing.Explain(c, shotengai.Japanese))

	assert.NotPanics(t, func() {
		billing.Explain(billing.Charge{}, shotengai.Japanese)
		billing.Explain(billing.Charge{Days: -1, Price: -5, Paid: 1 << 62, Base: -7, Rate: -1, Capped: true}, shotengai.English)
		billing.Explain(billing.Charge{Kind: "gift", On: time.Unix(1<<40, 0)}, shotengai.English)
	})
	assert.Contains(t, billing.Explain(billing.Charge{Kind: "gift", On: oct(10)}, shotengai.English), "gift on 10 October 2026")
}
