package billing_test

import (
	"testing"
	"time"

	"github.com/shotengai/shotengai-go/billing"
)

// A million charges within 100 ms are 100 ns for one.
func BenchmarkFirstCharge(b *testing.B) {
	plan := billing.Plan{ID: "1", Monthly: 1003, InitialFee: 505}
	on := billing.Date(2026, time.October, 10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := billing.FirstCharge(plan, on); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRenewalCharge(b *testing.B) {
	plan := billing.Plan{ID: "1", Monthly: 1003}
	on := billing.Date(2026, time.November, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := billing.RenewalCharge(plan, on); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlanChangeCharge(b *testing.B) {
	plan := billing.Plan{ID: "2", Monthly: 2000}
	on := billing.Date(2026, time.October, 20)
	rules := billing.Rules{MonthlyCap: true}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rules.PlanChangeCharge(billing.Plan{}, plan, 734, on); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMillionCharges(b *testing.B) {
	plan := billing.Plan{ID: "1", Monthly: 1000, InitialFee: 3000}
	on := billing.Date(2026, time.October, 10)
	b.ReportAllocs()
	for b.Loop() {
		for range 1_000_000 {
			if _, err := billing.FirstCharge(plan, on); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/million")
}
