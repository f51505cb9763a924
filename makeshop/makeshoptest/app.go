package makeshoptest

import (
	"maps"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
)

// App is an app as registered with the platform.
type App struct {
	// ID and Name are those in webhooks.
	ID   int64
	Name string
	// APIKey goes with each call of the API.
	APIKey shotengai.Secret
	// ClientID and ClientSecret authenticate the app at the token endpoint.
	ClientID     string
	ClientSecret shotengai.Secret
	// RedirectURIs are compared exactly.
	RedirectURIs []string
	// Operations are the fields of Query and Mutation that the app was granted;
	// nil means all. The platform grants by scopes, whose names are not known.
	Operations []string
	// Issuer is the iss of ID tokens. The platform's is not documented.
	Issuer string
	// ShopIDClaim is the name of the claim of ID tokens that holds the shop's id.
	// None by default: the platform documents no such claim.
	ShopIDClaim string
	// HookURLs are where webhooks go, by kind, as package hooks spells it. A kind with a
	// result, such as "makeshop.monthly_renewal.failure", goes to the address without
	// one if it has none of its own. Without an address nothing is sent.
	HookURLs map[string]string
	// WebhookSecret signs webhooks in the form that package hooks takes for granted:
	// the hexadecimal HMAC-SHA256 of time, dot and body. Empty sends them unsigned.
	// Neither is documented.
	WebhookSecret shotengai.Secret
	// MemberSSO puts a client id and secret into the install webhook.
	MemberSSO bool
}

func defaultApp() App {
	return App{
		ID:            101,
		Name:          "shotengai",
		APIKey:        "shotengai-api-key",
		ClientID:      "shotengai-client-id",
		ClientSecret:  "shotengai-client-secret",
		RedirectURIs:  []string{"https://app.example/callback"},
		Issuer:        "https://app-auth.makeshop.jp",
		HookURLs:      map[string]string{},
		WebhookSecret: "shotengai-webhook-secret",
	}
}

func (a App) clone() App {
	a.RedirectURIs = slices.Clone(a.RedirectURIs)
	a.Operations = slices.Clone(a.Operations)
	a.HookURLs = maps.Clone(a.HookURLs)
	return a
}

func (a App) granted(operation string) bool {
	return a.Operations == nil || slices.Contains(a.Operations, operation)
}

// Installation is the app in a shop.
type Installation struct {
	// ShopID is the id of the shop.
	ShopID string
	// PlanID is what the shop subscribed to.
	PlanID int64
	// Token is the persistent token, another one with every install.
	Token string
	// InstalledAt is the time of the install.
	InstalledAt time.Time
	// EndedAt is when the subscription ended; zero while it lasts.
	EndedAt time.Time
}

// afterEnd is how long the API answers after a subscription ended.
const afterEnd = 30 * 24 * time.Hour

// stopped reports whether the platform has closed the API for a shop.
func (in *Installation) stopped(now time.Time) bool {
	return !in.EndedAt.IsZero() && !now.Before(in.EndedAt.Add(afterEnd))
}
