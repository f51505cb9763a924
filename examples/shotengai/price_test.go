package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPrice(t *testing.T) {
	t.Parallel()
	run := func(line string) ran { return environment{}.run(t, "", strings.Fields(line)...) }
	assert.Equal(t, ran{0, `初回決済 2026年10月10日(対象期間 2026年10月10日〜2026年10月31日)
プラン料金 1,000円 × 22日 ÷ 30日 = 734円(733.33…円の切り上げ)
消費税 734円 × 10% = 73円(73.4円の切り捨て)
合計 734円 + 73円 = 807円
`, ""}, run("price --monthly 1000 --on 2026-10-10 --lang ja"))
	for line, totals := range map[string][]int64{
		"--monthly 1000": {623}, // today, the 15th
		"--monthly 1000 --on 2026-10-10 --through 2026-12-31":      {807, 1100, 1100},
		"--monthly 1000 --on 2026-10-01 --trial-end 2026-10-09":    {807},
		"--monthly 1000 --fee 3000 --on 2026-10-10":                {4107},
		"--monthly 2000 --current 1000 --on 2026-10-10":            {807},
		"--monthly 2000 --current 1000 --paid 734 --on 2026-10-20": {557},
		"--monthly 1000 --cancelled 2026-10-20 --on 2026-10-25":    {0},
		"--monthly 1000 --cancelled 2026-10-20 --on 2026-11-05":    {953},
	} {
		got := run("price --json " + line)
		require.Zero(t, got.code, got.errors)
		var all []int64
		for text := range strings.Lines(got.out) {
			charge := decode[shownCharge](t, text)
			assert.NotEmpty(t, charge.Explanation)
			all = append(all, int64(charge.Total))
		}
		assert.Equal(t, totals, all, line)
	}
	for line, says := range map[string]string{
		"":                     "--monthly has to be",
		"--monthly 1 --fee -5": "out of range",
		"--monthly 1 --current 1 --cancelled 2026-10-01": "does not go with",
	} {
		got := run("price " + line)
		assert.Equal(t, 2, got.code, line)
		assert.Contains(t, got.errors, says, line)
	}
	assert.Equal(t, 2, strings.Count(run("price --monthly 1000 --on 2026-10-10 --through 2026-12-01").out, "\n\n"))
}

func TestWindow(t *testing.T) {
	t.Parallel()
	run := func(line string) ran { return environment{}.run(t, "", strings.Fields("window "+line)...) }
	for line, want := range map[string]string{
		"--start 2026-01-20 --trial-end 2026-02-04 --uninstalled 2026-02-10": `period    2026-02-04 to 2026-03-03
charges   from 2026-02-04 00:00:00, before 2026-04-01 00:00:00
The closing date is computed. The one of the hook, closing_on, may differ.
`,
		"--start 2026-01-20 --uninstalled 2026-02-10 --closing-on 2026-02-28": `period    2026-01-20 to 2026-02-19
charges   from the beginning, before 2026-03-01 00:00:00
`,
		"--start 2026-10-01 --lang ja": `契約期間  2026-10-01 〜 2026-10-31
課金      利用開始から、アンインストールまで
`,
		"--start 2026-01-20 --trial-end 2026-02-04 --uninstalled 2026-01-25": `period    free trial
charges   none: the app was uninstalled during its trial
`,
	} {
		assert.Equal(t, ran{0, want, ""}, run(line), line)
	}
	got := decode[shownWindow](t, run("--json --start 2026-01-20 --uninstalled 2026-02-10").out)
	assert.True(t, got.Computed)
	assert.Equal(t, "2026-02-28T15:00:00Z", got.Until.UTC().Format("2006-01-02T15:04:05Z"))
	assert.Equal(t, 2, run("").code)
	assert.Equal(t, 2, run("--start 2026-02-01 --uninstalled 2026-01-01").code)
}
