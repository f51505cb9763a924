package hooks

import "strings"

// Kind is a kind of event: the platform, a dot, and the event as the platform names it.
// The constants are those that the platforms document; others may come.
type Kind string

// The kinds of Color Me.
const (
	ColorMeInstallKind   Kind = "colorme.install"
	ColorMeUninstallKind Kind = "colorme.uninstall"
)

// The kinds of makeshop. No field of a body is known to name the kind: each has its own
// URL, which the app declares when it applies for development or publication. Whether the
// success and the failure of a payment have URLs of their own is not documented, so each
// kind that is about a payment exists without a result and with both.
const (
	MakeShopInstallKind   Kind = "makeshop.install"
	MakeShopUninstallKind Kind = "makeshop.uninstall"
	// MakeShopTrialRenewalKind is the payment on the day after a trial.
	MakeShopTrialRenewalKind          Kind = "makeshop.trial_renewal"
	MakeShopTrialRenewalSucceededKind Kind = "makeshop.trial_renewal.success"
	MakeShopTrialRenewalFailedKind    Kind = "makeshop.trial_renewal.failure"
	// MakeShopMonthlyRenewalKind is the payment on the first of a month.
	MakeShopMonthlyRenewalKind          Kind = "makeshop.monthly_renewal"
	MakeShopMonthlyRenewalSucceededKind Kind = "makeshop.monthly_renewal.success"
	MakeShopMonthlyRenewalFailedKind    Kind = "makeshop.monthly_renewal.failure"
	MakeShopPlanChangeKind              Kind = "makeshop.plan_change"
	MakeShopCancelKind                  Kind = "makeshop.cancel"
	// MakeShopRepaymentExceededKind comes 14 days after a failed payment, since 4 June 2024:
	// see [MakeShopEdition202406].
	MakeShopRepaymentExceededKind Kind = "makeshop.repayment_exceeded"
	// MakeShopFreePaymentKind is the result of a reserved payment, since 28 June 2024.
	MakeShopFreePaymentKind          Kind = "makeshop.free_payment"
	MakeShopFreePaymentSucceededKind Kind = "makeshop.free_payment.success"
	MakeShopFreePaymentFailedKind    Kind = "makeshop.free_payment.failure"
	// MakeShopOrderUpdateKind comes when orders were placed or changed, every two minutes.
	MakeShopOrderUpdateKind   Kind = "makeshop.order_update"
	MakeShopMemberUpdateKind  Kind = "makeshop.member_update"
	MakeShopProductUpdateKind Kind = "makeshop.product_update"
	// MakeShopConsentRenewedKind comes when a shop has agreed to added APIs.
	MakeShopConsentRenewedKind Kind = "makeshop.consent_renewed"
)

// The kinds of Rakuten.
const (
	RakutenOrdersKind  Kind = "rakuten.orders"
	RakutenNoticesKind Kind = "rakuten.notices"
)

// The kinds of Shopify's form that have a type of their own. Behind the dot stands the
// topic, so that the kind of new orders is "shopify.orders/create". Other kinds reach
// [ShopifyConfig.OnOther].
const (
	ShopifyAppUninstalledKind       Kind = "shopify.app/uninstalled"
	ShopifyCustomersDataRequestKind Kind = "shopify.customers/data_request"
	ShopifyCustomersRedactKind      Kind = "shopify.customers/redact"
	ShopifyShopRedactKind           Kind = "shopify.shop/redact"
)

const (
	makeShopKinds = "makeshop."
	shopifyKinds  = "shopify."
)

// Results of the kinds that are about a payment.
const (
	MakeShopSuccess = "success"
	MakeShopFailure = "failure"
)

// Platform returns the part in front of the first dot, such as "colorme".
func (k Kind) Platform() string {
	platform, _, _ := strings.Cut(string(k), ".")
	return platform
}

// Event returns the kind without its result.
func (k Kind) Event() Kind {
	if r := k.Result(); r != "" {
		return k[:len(k)-len(r)-1]
	}
	return k
}

// Result returns [MakeShopSuccess] or [MakeShopFailure] where the kind has one of these
// results, and "" otherwise.
func (k Kind) Result() string {
	for _, result := range []string{MakeShopSuccess, MakeShopFailure} {
		if strings.HasSuffix(string(k), "."+result) {
			return result
		}
	}
	return ""
}
