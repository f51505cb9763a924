package hooks

import (
	"fmt"
	"slices"
)

// MakeShopPlanType is the form in which an app is offered (提供プラン形態). It decides which
// events the app has to handle.
type MakeShopPlanType string

// The plan types of the requirements page.
const (
	MakeShopPlanFree                     MakeShopPlanType = "free"
	MakeShopPlanSubscription             MakeShopPlanType = "subscription"
	MakeShopPlanSubscriptionInitial      MakeShopPlanType = "subscription+initial_fee"
	MakeShopPlanSubscriptionTrial        MakeShopPlanType = "subscription+trial"
	MakeShopPlanSubscriptionInitialTrial MakeShopPlanType = "subscription+initial_fee+trial"
	// MakeShopPlanOutside is paid outside of makeshop apps.
	MakeShopPlanOutside MakeShopPlanType = "outside"
	// MakeShopPlanFreePayment is paid through the free-payment API. The page has it since
	// [MakeShopEdition202406].
	MakeShopPlanFreePayment MakeShopPlanType = "free_payment"
)

// MakeShopEdition is an edition of makeshop's requirements page
// (https://developers.makeshop.jp/guide/specifications.html). The zero value is the one
// before June 2024, which this package implements.
type MakeShopEdition string

// MakeShopEdition202406 is the edition since June 2024. It adds two events: that the time for
// repeating a failed payment is over ([MakeShopRepaymentExceededKind], 4 June), which every
// subscription has to handle, and the result of a reserved payment
// ([MakeShopFreePaymentKind], 28 June). Later the page dropped the subscriptions, which stay
// here for the apps that have one.
const MakeShopEdition202406 MakeShopEdition = "2024-06"

// MakeShopPlanOptions are what else decides which events an app has to handle.
type MakeShopPlanOptions struct {
	// SeveralPlans is set for an app that offers more than one plan.
	SeveralPlans bool
	// FreePaymentAPI is set for an app that uses the free-payment API, which exists since
	// [MakeShopEdition202406].
	FreePaymentAPI bool
	// AsOf is the edition of the requirements that counts.
	AsOf MakeShopEdition
}

// RequiredEvents returns the events that makeshop requires of an app of a plan type,
// without results. It fails with [ErrConfig] for an edition that it does not know, and for
// a plan type or an option that the edition does not have.
func RequiredEvents(plan MakeShopPlanType, options MakeShopPlanOptions) ([]Kind, error) {
	later := options.AsOf == MakeShopEdition202406
	if err := options.check(plan); err != nil {
		return nil, err
	}
	var subscription, trial bool
	freePayment := options.FreePaymentAPI
	switch plan {
	case MakeShopPlanFree:
	case MakeShopPlanOutside:
		freePayment = false
	case MakeShopPlanFreePayment:
		freePayment = true
	case MakeShopPlanSubscription, MakeShopPlanSubscriptionInitial:
		subscription = true
	case MakeShopPlanSubscriptionTrial, MakeShopPlanSubscriptionInitialTrial:
		subscription, trial = true, true
	default:
		return nil, fmt.Errorf("%w: unknown makeshop plan type %q", ErrConfig, plan)
	}
	kinds := []Kind{MakeShopInstallKind, MakeShopUninstallKind}
	for _, row := range []struct {
		kind     Kind
		required bool
	}{
		{MakeShopTrialRenewalKind, trial},
		{MakeShopMonthlyRenewalKind, subscription},
		{MakeShopPlanChangeKind, subscription && options.SeveralPlans},
		{MakeShopCancelKind, subscription},
		{MakeShopRepaymentExceededKind, later && (subscription || plan == MakeShopPlanFreePayment)},
		{MakeShopFreePaymentKind, freePayment},
	} {
		if row.required {
			kinds = append(kinds, row.kind)
		}
	}
	return kinds, nil
}

// check refuses an edition that is not known, and what the edition does not have.
func (o MakeShopPlanOptions) check(plan MakeShopPlanType) error {
	later := o.AsOf == MakeShopEdition202406
	switch {
	case o.AsOf != "" && !later:
		return fmt.Errorf("%w: unknown edition %q of the makeshop requirements", ErrConfig, o.AsOf)
	case !later && (o.FreePaymentAPI || plan == MakeShopPlanFreePayment):
		return fmt.Errorf("%w: the free-payment API of makeshop takes AsOf: MakeShopEdition202406", ErrConfig)
	}
	return nil
}

// missingKinds returns the required kinds that are handled neither as such nor, for
// payments, by a pair of functions for success and failure.
func missingKinds(required []Kind, handles func(Kind) bool) []Kind {
	return slices.DeleteFunc(slices.Clone(required), func(k Kind) bool {
		return handles(k) || handles(k+"."+MakeShopSuccess) && handles(k+"."+MakeShopFailure)
	})
}
