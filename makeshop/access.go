package makeshop

import (
	"errors"
	"fmt"
	"time"
)

// SubscriptionStatus is the state of a shop's subscription to the app. The platform knows
// four; how it spells them to an app is not documented. These are the names that package
// billing has for them.
type SubscriptionStatus string

// States of a subscription.
const (
	// SubscriptionActive (利用中) is subscribed.
	SubscriptionActive SubscriptionStatus = "active"
	// SubscriptionCancelled (キャンセル) is not renewed, and usable to the end of the trial
	// or of the paid month.
	SubscriptionCancelled SubscriptionStatus = "cancelled"
	// SubscriptionEnded (利用終了) is over after cancelling.
	SubscriptionEnded SubscriptionStatus = "ended"
	// SubscriptionPaymentFailed (決済失敗) is one whose renewal, or payment after a trial,
	// failed.
	SubscriptionPaymentFailed SubscriptionStatus = "payment_failed"
)

// APIAfterEnd is for how many days the API answers once a subscription has ended.
const APIAfterEnd = 30

// AccessPolicy is what the platform leaves to the app. The zero value blocks the app where
// there is a choice.
type AccessPolicy struct {
	// AllowPaymentFailed lets a shop go on whose payment has failed.
	AllowPaymentFailed bool
}

// Permission is what a shop may do.
type Permission struct {
	// App says that the shop may use the app. The platform requires that the app sees to
	// it.
	App bool
	// API says that the platform answers calls on behalf of the shop.
	API bool
	// APIUntil is the first moment at which it no longer does; the zero time where no end
	// is known.
	APIUntil time.Time
}

// Access says whether a shop may use the app at a moment, and whether the API answers for
// it. The end of the subscription is the first moment after the trial or the paid month:
// 1 November 00:00 in Japan for one that was paid for October. It counts for cancelled
// and ended subscriptions; a cancelled one whose end has passed has ended, also if the
// platform's word of it is late.
//
// The API goes on for [APIAfterEnd] days after the end, to 1 December 00:00 in the
// example; whether the platform counts the days so is not documented. A status that is
// not known, or an end that is missing, is an error and permits nothing.
func Access(status SubscriptionStatus, endedAt, now time.Time, policy AccessPolicy) (Permission, error) {
	stop := time.Time{}
	if !endedAt.IsZero() {
		stop = endedAt.In(JST).AddDate(0, 0, APIAfterEnd)
	}
	switch status {
	case SubscriptionActive:
		return Permission{App: true, API: true}, nil
	case SubscriptionPaymentFailed:
		return Permission{App: policy.AllowPaymentFailed, API: true}, nil
	case SubscriptionCancelled, SubscriptionEnded:
		if endedAt.IsZero() {
			return Permission{}, errors.New("makeshop: access: a subscription that was cancelled needs its end")
		}
		usable := status == SubscriptionCancelled && now.Before(endedAt)
		return Permission{App: usable, API: now.Before(stop), APIUntil: stop}, nil
	}
	return Permission{}, fmt.Errorf("makeshop: access: unknown status %q", string(status))
}
