package colormetest

import (
	"maps"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/oauth"
)

// App is an app as registered in the platform's developer console.
type App struct {
	// ClientID and ClientSecret authenticate the app at the token endpoint.
	ClientID     string
	ClientSecret shotengai.Secret
	// RedirectURIs are compared exactly.
	RedirectURIs []string
	// WebhookSecret signs the hooks.
	WebhookSecret shotengai.Secret
	// InstallURL and UninstallURL receive the hooks. Without an InstallURL an
	// install asks nobody; without an UninstallURL nothing is sent.
	InstallURL, UninstallURL string
	// Plans are what a shop may subscribe to.
	Plans []Plan
	// Prices are the in-app charges registered beforehand: the yen before tax
	// by application_charge_source_id.
	Prices map[string]int64
}

// PlanKind is the way that a plan charges.
type PlanKind int

// Kinds of plans.
const (
	// Free costs nothing and has a contract all the same.
	Free PlanKind = iota
	// OneTime is paid once at the start. It has no trial and no recurring contract.
	OneTime
	// Monthly is paid in advance.
	Monthly
	// MonthlyInitial is paid in advance, with a fee at the start.
	MonthlyInitial
	// MonthlyMetered is paid afterwards and takes usage charges.
	MonthlyMetered
	// Metered has usage charges alone. It has no trial.
	Metered
)

// metered reports whether a plan takes usage charges.
func (k PlanKind) metered() bool { return k == MonthlyMetered || k == Metered }

// Plan is one way to subscribe to an app.
type Plan struct {
	// ID is the plan's application_charge_source_id.
	ID   string
	Kind PlanKind
	// TrialDays is the length of the free trial, from 00:00 in Japan of the day
	// of the install. Only monthly plans may have one.
	TrialDays int
}

// Plans of the app that a Server begins with.
const (
	PlanFree           = "FREE01"
	PlanOneTime        = "ONCE01"
	PlanMonthly        = "MONTH1"
	PlanMonthlyTrial   = "TRIAL1"
	PlanMonthlyMetered = "MUSAGE"
	PlanMetered        = "USAGE1"
)

// PriceOption is the in-app charge of the app that a Server begins with,
// 500 yen.
const PriceOption = "OPTION1"

func defaultApp() App {
	return App{
		ClientID:      "shotengai-client-id",
		ClientSecret:  "shotengai-client-secret",
		RedirectURIs:  []string{"http://localhost/callback", oauth.OutOfBand},
		WebhookSecret: "shotengai-webhook-secret",
		Plans: []Plan{
			{ID: PlanFree, Kind: Free},
			{ID: PlanOneTime, Kind: OneTime},
			{ID: PlanMonthly, Kind: Monthly},
			{ID: PlanMonthlyTrial, Kind: MonthlyMetered, TrialDays: 30},
			{ID: PlanMonthlyMetered, Kind: MonthlyMetered},
			{ID: PlanMetered, Kind: Metered},
		},
		Prices: map[string]int64{PriceOption: 500},
	}
}

func (a App) clone() App {
	a.RedirectURIs = slices.Clone(a.RedirectURIs)
	a.Plans = slices.Clone(a.Plans)
	a.Prices = maps.Clone(a.Prices)
	return a
}

// plan finds a plan that can be subscribed to as it is registered.
func (a App) plan(id string) (Plan, bool) {
	i := slices.IndexFunc(a.Plans, func(p Plan) bool { return p.ID == id })
	if i < 0 {
		return Plan{}, false
	}
	p := a.Plans[i]
	trial := p.Kind == Monthly || p.Kind == MonthlyInitial || p.Kind == MonthlyMetered
	return p, trial || p.TrialDays == 0
}

// Installation is the contract of a shop with the app.
type Installation struct {
	// ShopID is the account ID.
	ShopID string
	// Plan is what the shop subscribed to.
	Plan Plan
	// ContractID is the recurring_application_charge_id, new on every install;
	// of a one-time plan it is the application_charge_id.
	ContractID string
	// RedirectURL is where the app sent the shop owner's browser.
	RedirectURL string
	// InstalledAt is the time of the install.
	InstalledAt time.Time
	// TrialEndsAt is zero without a trial.
	TrialEndsAt time.Time
	// UninstalledAt is zero while installed.
	UninstalledAt time.Time
	// UsageToken is what usage charges need after the uninstall of a metered
	// plan; there is none after a trial.
	UsageToken string
	// ClosingOn is the closing date as the hook sends it: 00:00 in Japan. Such
	// charges are taken to the end of that day.
	ClosingOn time.Time
}

// inTrial reports whether the free trial still runs.
func (in *Installation) inTrial(now time.Time) bool { return now.Before(in.TrialEndsAt) }

// closingOn is the last day of the month in which the contract period in force
// ends, at 00:00 in Japan. A period runs from a day of the month to the day before
// it in the next; a day that a month lacks becomes its last. That rule, the hour,
// and that a trial comes before the first period are assumptions of this fake. The
// hour is the one of the platform's other dates, and the one at which an app
// stops a day early that takes the date for an instant.
func closingOn(begin, uninstalled time.Time) time.Time {
	today, first := day(uninstalled), day(begin)
	months := 1
	for !fake.AddMonths(first, months).After(today) {
		months++
	}
	end := fake.AddMonths(first, months).AddDate(0, 0, -1)
	return time.Date(end.Year(), end.Month()+1, 0, 0, 0, 0, 0, jst)
}
