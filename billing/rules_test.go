package billing_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

// history applies events and sums up what they cost. A refused event costs nothing.
func history(s billing.Subscription, events ...billing.Event) (billing.Subscription, billing.Yen, error) {
	var paid billing.Yen
	for _, event := range events {
		next, charges, err := s.Apply(event)
		if _, refused := errors.AsType[*billing.RefusedError](err); err != nil && !refused {
			return s, paid, err
		}
		for _, charge := range charges {
			paid += charge.Total
		}
		s = next
	}
	return s, paid, nil
}

// Wherever the rules leave room, the figures of both readings are the ones that the
// package's overview, the guides and the comment of the field state, and overview and
// guides list exactly the fields of Rules.
func TestBothFiguresOfEveryReading(t *testing.T) {
	t.Parallel()
	total := func(c billing.Charge, err error) (string, error) { return c.Total.String(), err }
	// life sums up what a shop pays with events, after those that lead to them.
	life := func(r billing.Rules, before []billing.Event, events ...billing.Event) (string, error) {
		s, _, err := history(billing.Subscription{}.With(r), before...)
		if err != nil {
			return "", err
		}
		_, paid, err := history(s, events...)
		return paid.String(), err
	}
	september := billing.Install{On: billing.Date(2026, time.September, 1), Plan: plan(1000)}
	october := []billing.Event{september, billing.Renewal{On: oct(1)}}
	tenth := []billing.Event{billing.Install{On: oct(10), Plan: plan(1000)}}
	tenthWithFee := []billing.Event{billing.Install{On: oct(10), Plan: planWithFee(1000, 500)}}
	trial := []billing.Event{billing.Install{On: oct(1), Plan: plan(1000), TrialEnd: oct(9)}, billing.Cancel{On: oct(5)}}
	toFull := billing.PlanChange{On: oct(20), Plan: plan(2000)}
	withFee := planWithFee(2000, 500)

	// lastDay is the last day in a window of usage charges.
	lastDay := func(r billing.Rules, c billing.UsageContract) (string, error) {
		window, err := r.Window(c)
		return window.Until.Add(-time.Nanosecond).Format(time.DateOnly), err
	}

	pages := map[string]map[string][]string{}
	for name, row := range map[string]string{
		"doc.go":                `(?m)^//\t[RC]\d+ +.+: (\S+) +(\w+): (\S+)$`,
		"../docs/en/billing.md": `(?m)^\| [RC]\d+ \|.+\| (\S+) \| .(\w+). \|.+\| (\S+) \|$`,
		"../docs/ja/billing.md": `(?m)^\| [RC]\d+ \|.+\| (\S+) \| .(\w+). \|.+\| (\S+) \|$`,
	} {
		pages[name] = openPoints(t, name, row)
	}
	comments := fieldComments(t)
	var tested []string
	for _, test := range []struct {
		name       string
		other      billing.Rules
		figure     func(r billing.Rules) (string, error) // of yen, or a date
		documented string
		byOther    string
	}{
		{"MonthlyCap", billing.Rules{MonthlyCap: true}, func(r billing.Rules) (string, error) {
			return total(r.FirstCharge(plan(1000), oct(1)))
		}, "¥1,137", "¥1,100"},
		{"TaxRates", billing.Rules{TaxRates: always(800)}, func(r billing.Rules) (string, error) {
			return total(r.FirstCharge(plan(1000), oct(10)))
		}, "¥807", "¥792"},
		{"RenewalAtTrialEnd", billing.Rules{RenewalAtTrialEnd: true}, func(r billing.Rules) (string, error) {
			return total(r.TrialEndCharge(plan(1000), billing.Date(2026, time.January, 31)))
		}, "¥1,027", "¥1,100"},
		{"SeparateTax", billing.Rules{SeparateTax: true}, func(r billing.Rules) (string, error) {
			return total(r.FirstCharge(planWithFee(1003, 505), oct(10)))
		}, "¥1,365", "¥1,364"},
		{"FeeOnPlanChange", billing.Rules{FeeOnPlanChange: true}, func(r billing.Rules) (string, error) {
			return total(r.PlanChangeCharge(billing.Plan{}, withFee, 1000, oct(10)))
		}, "¥807", "¥1,357"},
		{"FeeOnPaidReinstall", billing.Rules{FeeOnPaidReinstall: true}, func(r billing.Rules) (string, error) {
			return total(r.ReinstallCharge(withFee, oct(12), oct(20)))
		}, "¥0", "¥550"},
		{"FreeReinstall", billing.Rules{FreeReinstall: true}, func(r billing.Rules) (string, error) {
			return life(r, october, billing.Cancel{On: oct(12)}, billing.Uninstall{On: oct(12)}, billing.Reinstall{On: oct(20), Plan: plan(2000)})
		}, "¥440", "¥0"},
		{"NoFeeOnReinstall", billing.Rules{NoFeeOnReinstall: true}, func(r billing.Rules) (string, error) {
			return total(r.ReinstallCharge(planWithFee(1000, 500), oct(12), nov(5)))
		}, "¥1,503", "¥953"},
		{"ListPriceDifference", billing.Rules{ListPriceDifference: true}, func(r billing.Rules) (string, error) { return life(r, tenth, toFull) }, "¥557", "¥440"},
		{"TaxedDifference", billing.Rules{TaxedDifference: true}, func(r billing.Rules) (string, error) { return life(r, tenth, toFull) }, "¥557", "¥525"},
		{"FeeInDifference", billing.Rules{FeeInDifference: true}, func(r billing.Rules) (string, error) { return life(r, tenthWithFee, toFull) }, "¥557", "¥337"},
		{"DowngradeNextMonth", billing.Rules{DowngradeNextMonth: true}, func(r billing.Rules) (string, error) {
			up, down := billing.PlanChange{On: oct(27), Plan: plan(7400)}, billing.PlanChange{On: oct(27), Plan: plan(1000)}
			return life(r, october, up, down, up, down)
		}, "¥2,150", "¥1,173"},
		{"EqualPriceAsHigher", billing.Rules{EqualPriceAsHigher: true}, func(r billing.Rules) (string, error) {
			return life(r, tenth, billing.PlanChange{On: oct(20), Plan: billing.Plan{ID: "other", Monthly: 1000}})
		}, "¥0", "¥117"},
		{"DailyRate", billing.Rules{DailyRate: true}, func(r billing.Rules) (string, error) {
			return total(r.PlanChangeCharge(billing.Plan{}, plan(2000), 1000, oct(10)))
		}, "¥807", "¥822"},
		{"ChangeBeforeRenewal", billing.Rules{ChangeBeforeRenewal: true}, func(r billing.Rules) (string, error) {
			change, renewal := billing.PlanChange{On: oct(1), Plan: plan(2000)}, billing.Renewal{On: oct(1)}
			// What comes too early is refused and comes again.
			return life(r, []billing.Event{september}, change, renewal, change)
		}, "¥2,237", "¥2,200"},
		{"ChangeInCancelledTrial", billing.Rules{ChangeInCancelledTrial: true}, func(r billing.Rules) (string, error) {
			return life(r, trial, billing.PlanChange{On: oct(7), Plan: plan(2000)}, billing.TrialEnd{On: oct(10)})
		}, "¥0", "¥1,613"},
		{"LaterAPIStop", billing.Rules{LaterAPIStop: true}, func(r billing.Rules) (string, error) {
			cancelled, _, err := history(billing.Subscription{}.With(r), append(october[:2:2], billing.Cancel{On: oct(5)})...)
			until, _ := cancelled.APIUntil()
			return until.Format(time.DateOnly), err
		}, "2026-12-01", "2026-12-02"},
		{"PeriodOverflow", billing.Rules{PeriodOverflow: true}, func(r billing.Rules) (string, error) {
			day, err := r.ClosingOn(billing.Date(2026, time.February, 28), billing.Date(2026, time.January, 31))
			return day.Format(time.DateOnly), err
		}, "2026-03-31", "2026-02-28"},
		{"PeriodFromInstall", billing.Rules{PeriodFromInstall: true}, func(r billing.Rules) (string, error) {
			return lastDay(r, billing.UsageContract{
				Start: billing.Date(2026, time.January, 20), TrialEnd: billing.Date(2026, time.February, 4), Uninstalled: billing.Date(2026, time.February, 10),
			})
		}, "2026-03-31", "2026-02-28"},
		{"ClosingInstant", billing.Rules{ClosingInstant: true}, func(r billing.Rules) (string, error) {
			return lastDay(r, billing.UsageContract{ClosingOn: billing.Date(2021, time.January, 31)})
		}, "2021-01-31", "2021-01-30"},
		{"ChangeStaysCancelled", billing.Rules{ChangeStaysCancelled: true}, func(r billing.Rules) (string, error) {
			cancelled := append(october[:2:2], billing.Cancel{On: oct(5)}, toFull)
			return life(r, cancelled, billing.Renewal{On: nov(1)})
		}, "¥2,200", "¥0"},
	} {
		tested = append(tested, test.name)
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			documented, err := test.figure(billing.Rules{})
			require.NoError(t, err)
			assert.Equal(t, test.documented, documented)
			byOther, err := test.figure(test.other)
			require.NoError(t, err)
			assert.Equal(t, test.byOther, byOther)
			want := []string{strings.TrimPrefix(documented, "¥"), strings.TrimPrefix(byOther, "¥")}
			for page, points := range pages {
				assert.Equal(t, want, points[test.name], "figures in %s", page)
			}
			for _, figure := range want {
				assert.Regexp(t, `\b`+figure+`\b`, comments[test.name], "the comment of the field")
			}
		})
	}
	assert.ElementsMatch(t, fields(), tested)
	for page, points := range pages {
		assert.ElementsMatch(t, fields(), slices.Collect(maps.Keys(points)), "the open points in %s", page)
	}
}

// openPoints are the two figures of each field of Rules that the table of a page lists.
func openPoints(t *testing.T, page, row string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	points := map[string][]string{}
	for _, cells := range regexp.MustCompile(row).FindAllStringSubmatch(string(text), -1) {
		assert.NotContains(t, points, cells[2], "listed twice in %s", page)
		points[cells[2]] = []string{cells[1], cells[3]}
	}
	return points
}

// fieldComments are the comments of the fields of Rules.
func fieldComments(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "rules.go", nil, parser.ParseComments)
	require.NoError(t, err)
	comments := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		rules, ok := n.(*ast.TypeSpec)
		if !ok || rules.Name.Name != "Rules" {
			return true
		}
		for _, field := range rules.Type.(*ast.StructType).Fields.List {
			comments[field.Names[0].Name] = field.Doc.Text()
		}
		return false
	})
	return comments
}

// fields are the names of the open points, in the order of Rules.
func fields() []string {
	var names []string
	for field := range reflect.TypeFor[billing.Rules]().Fields() {
		names = append(names, field.Name)
	}
	return names
}

// switches are all rules with up to two other readings.
func switches() []billing.Rules {
	rules := []billing.Rules{{}}
	count := reflect.TypeFor[billing.Rules]().NumField()
	for i := range count {
		for j := i; j < count; j++ {
			var r billing.Rules
			for _, n := range []int{i, j} {
				if field := reflect.ValueOf(&r).Elem().Field(n); field.Kind() == reflect.Bool {
					field.SetBool(true)
				}
			}
			rules = append(rules, r)
		}
	}
	return rules
}

// A month that was paid is not paid again, in whatever reading: renewed at 3,000 on 1
// October, down to 1,000 and up again.
func TestWhatWasPaidCountsInEveryReading(t *testing.T) {
	t.Parallel()
	for _, rules := range switches() {
		s, _, err := history(billing.Subscription{}.With(rules),
			billing.Install{On: billing.Date(2026, time.September, 1), Plan: plan(3000)}, billing.Renewal{On: oct(1)})
		require.NoError(t, err)
		s, paid, err := history(s, billing.PlanChange{On: oct(10), Plan: plan(1000)}, billing.PlanChange{On: oct(11), Plan: plan(3000)})
		require.NoError(t, err)
		assert.Zero(t, paid, "%+v", rules)
		assert.Equal(t, plan(3000), s.Plan)
	}
}
