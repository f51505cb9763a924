package main

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
)

type planCostArgs struct {
	Monthly        int64  `json:"monthly" jsonschema:"yen a month of the plan, before tax"`
	InitialFee     int64  `json:"initial_fee,omitempty" jsonschema:"yen once, before tax"`
	On             string `json:"on,omitempty" jsonschema:"day of the installation or of the change, as in 2026-01-31; today when left out"`
	TrialEnd       string `json:"trial_end,omitempty" jsonschema:"last day of the trial; left out without one"`
	CurrentMonthly int64  `json:"current_monthly,omitempty" jsonschema:"yen a month of the plan in use: then it is a change of plan"`
	PaidThisMonth  *int64 `json:"paid_this_month,omitempty" jsonschema:"yen before tax that were paid for this month; current_monthly when left out"`
	Renewals       int    `json:"renewals,omitempty" jsonschema:"renewals to list, 1 to 12; 1 when left out"`
	Language       string `json:"language,omitempty" jsonschema:"ja or en, of the explanation; ja when left out"`
}

type costResult struct {
	Charges []charge `json:"charges"`
	Total   int64    `json:"total" jsonschema:"yen of all charges with tax"`
}

type charge struct {
	Kind        string `json:"kind"`
	On          string `json:"on"`
	Total       int64  `json:"total" jsonschema:"yen with tax"`
	Explanation string `json:"explanation" jsonschema:"the arithmetic, step by step"`
}

func (s *service) planCost(_ context.Context, args planCostArgs) (costResult, error) {
	charges, err := s.charges(args)
	if text, ok := errors.AsType[refusal](err); ok {
		return costResult{}, text
	}
	if err != nil {
		return costResult{}, refusedf("makeshop's rules do not allow this: %v", err)
	}
	language := shotengai.Japanese
	if args.Language == "en" {
		language = shotengai.English
	}
	out := costResult{Charges: []charge{}}
	for _, c := range charges {
		out.Total += int64(c.Total)
		out.Charges = append(out.Charges, charge{
			Kind: string(c.Kind), On: c.On.In(shotengai.JST).Format(time.DateOnly), Total: int64(c.Total), Explanation: billing.Explain(c, language),
		})
	}
	return out, nil
}

// charges are those of an installation, or of a change of plan, and the renewals after it.
func (s *service) charges(args planCostArgs) ([]billing.Charge, error) {
	on, err := day("on", cmp.Or(args.On, s.today()))
	if err != nil {
		return nil, err
	}
	if args.Renewals == 0 {
		args.Renewals = 1
	}
	if args.Renewals < 1 || args.Renewals > 12 {
		return nil, refusedf("renewals %d is not between 1 and 12", args.Renewals)
	}
	plan := billing.Plan{ID: "plan", Monthly: billing.Yen(args.Monthly), InitialFee: billing.Yen(args.InitialFee)}
	if args.CurrentMonthly > 0 {
		return changed(args, plan, on)
	}
	install := billing.Install{On: on, Plan: plan}
	until := on
	if args.TrialEnd != "" {
		if install.TrialEnd, err = day("trial_end", args.TrialEnd); err != nil {
			return nil, err
		}
		until = install.TrialEnd.AddDate(0, 0, 1)
	}
	subscription, charges, err := billing.Subscription{}.Apply(install)
	if err != nil {
		return nil, err
	}
	return append(charges, billing.Forecast(subscription, renewal(until, args.Renewals))...), nil
}

// changed is the charge of a change of plan and the renewals after it.
func changed(args planCostArgs, plan billing.Plan, on time.Time) ([]billing.Charge, error) {
	if args.TrialEnd != "" {
		return nil, refusedf("a plan cannot be changed during a trial: leave trial_end or current_monthly out")
	}
	paid := billing.Yen(args.CurrentMonthly)
	if args.PaidThisMonth != nil {
		paid = billing.Yen(*args.PaidThisMonth)
	}
	change, err := billing.PlanChangeCharge(billing.Plan{ID: "current", Monthly: billing.Yen(args.CurrentMonthly)}, plan, paid, on)
	if err != nil {
		return nil, err
	}
	charges := []billing.Charge{change}
	for i := range args.Renewals {
		next, err := billing.RenewalCharge(plan, renewal(on, i+1))
		if err != nil {
			return nil, err
		}
		charges = append(charges, next)
	}
	return charges, nil
}

// renewal is the n-th renewal day after a day.
func renewal(on time.Time, n int) time.Time {
	for range n {
		on = billing.NextRenewal(on)
	}
	return on
}
