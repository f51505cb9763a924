package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
)

// bill computes what a shop pays for an app of makeshop: installed on 10 October, changed
// to a dearer plan on the 20th, renewed in November.
func bill(_ context.Context, say *guide) error {
	light := billing.Plan{ID: "light", Monthly: 1000}
	full := billing.Plan{ID: "full", Monthly: 2000}
	sub, charges, err := billing.Subscription{}.Apply(billing.Install{On: billing.Date(2026, time.October, 10), Plan: light})
	if err != nil {
		return err
	}
	sub, change, err := sub.Apply(billing.PlanChange{On: billing.Date(2026, time.October, 20), Plan: full})
	if err != nil {
		return err
	}
	for _, c := range slices.Concat(charges, change, billing.Forecast(sub, billing.Date(2026, time.November, 1))) {
		lines := strings.Split(billing.Explain(c, shotengai.Japanese), "\n")
		say.step(c.On.Format(time.DateOnly), "%s", lines[0])
		for _, line := range lines[1:] {
			say.step("", "%s", strings.TrimSpace(line))
		}
	}
	return nil
}
