package billing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/billing"
)

// No charge allocates, by whatever rules.
func TestChargesDoNotAllocate(t *testing.T) {
	p, on, first := planWithFee(1003, 505), oct(10), nov(1)
	utc := on.UTC()
	rates := []billing.RateFrom{{Rate: 800}, {From: first, Rate: 1500}}
	for name, charge := range map[string]func() error{
		"Prorate":         func() error { _, err := billing.Prorate(1003, 22); return err },
		"Tax":             func() error { _, err := billing.Tax(736, billing.StandardRate); return err },
		"FirstCharge":     func() error { _, err := billing.FirstCharge(p, on); return err },
		"FirstCharge UTC": func() error { _, err := billing.FirstCharge(p, utc); return err },
		"FirstCharge by other rules": func() error {
			_, err := billing.Rules{MonthlyCap: true, SeparateTax: true, TaxRates: rates}.FirstCharge(p, on)
			return err
		},
		"RenewalCharge":   func() error { _, err := billing.RenewalCharge(p, first); return err },
		"TrialEndCharge":  func() error { _, err := billing.TrialEndCharge(p, on); return err },
		"ReinstallCharge": func() error { _, err := billing.ReinstallCharge(p, on, first); return err },
		"PlanChangeCharge": func() error {
			_, err := billing.Rules{DailyRate: true, FeeOnPlanChange: true}.PlanChangeCharge(billing.Plan{}, p, 734, on)
			return err
		},
		"UsageCharge": func() error { _, err := billing.UsageCharge(1005, on); return err },
		"ClosingOn":   func() error { _, err := billing.ClosingOn(first, on); return err },
		"Window": func() error {
			w, err := billing.UsageContract{Start: on, Uninstalled: first}.Window()
			w.Open(first)
			return err
		},
	} {
		allocations := testing.AllocsPerRun(100, func() {
			if err := charge(); err != nil {
				t.Error(err)
			}
		})
		assert.Zero(t, allocations, name)
	}
}

// A forecast is one list: what it allocates is its growth.
func TestForecastAllocations(t *testing.T) {
	s := renewed(t, billing.Rules{})
	year := billing.Date(2027, time.October, 1)
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { billing.Forecast(s, year) }), 5.0)
}
