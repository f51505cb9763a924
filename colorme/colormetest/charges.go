package colormetest

import (
	_ "embed" // the character sets
	"encoding/json"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"
)

// Charge is a charge that the platform accepted.
type Charge struct {
	ID string
	// Source is the contract of a usage charge, or the application_charge_source_id
	// of an in-app charge.
	Source string
	// Point is the amount in yen before tax.
	Point int64
	// Description of a usage charge.
	Description string
	Time        time.Time
}

// UsageCharges returns the usage charges of the shop, oldest first.
func (shop *Shop) UsageCharges() []Charge {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return slices.Clone(shop.usage)
}

// ApplicationCharges returns the in-app charges of the shop, oldest first.
func (shop *Shop) ApplicationCharges() []Charge {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return slices.Clone(shop.inApp)
}

// Refusals of the App Store API are not documented; the fake uses the codes
// of v1.
var chargeRoutes = []route{
	{pattern: "POST /appstore/v1/application_charges", handle: (*call).createApplicationCharge, body: "application_charge", scopes: []string{"write_application_charge"}, suffixed: true},
	{pattern: "DELETE /appstore/v1/installation", handle: (*call).deleteInstallation, suffixed: true},
	{
		pattern: "POST /appstore/v1/recurring_application_charges/{id}/usage_charges", handle: (*call).createUsageCharge, body: "usage_charge",
		scopes: []string{"write_application_charge"}, suffixed: true, usageToken: true,
	},
}

// usageChargeRules: 100 to 1,000,000 yen, at most 50 characters.
var usageChargeRules = []rule{
	{key: "point", kind: numberKind, low: new(int64(100)), high: new(int64(1_000_000)), filled: true},
	{key: "description", max: 50, filled: true},
}

// createUsageCharge posts a metered charge to the contract in the path. It is
// refused on plans without metering and in the free trial.
func (c *call) createUsageCharge() (int, any) {
	in := c.token.installation
	if in == nil || in.ContractID != c.r.PathValue("id") || in.Plan.Kind == OneTime {
		return notFound()
	}
	raw := c.in
	problems := check("usage_charge", raw, usageChargeRules, "point", "description")
	charge := Charge{ID: newChargeID(), Source: in.ContractID, Time: c.now}
	if len(problems) == 0 {
		_ = json.Unmarshal(raw["point"], &charge.Point)
		_ = json.Unmarshal(raw["description"], &charge.Description)
		if !writable(charge.Description) {
			problems = append(problems, problem(codeCharacter, "usage_charge.description"))
		}
	}
	if len(problems) > 0 {
		return refuseAll(problems...)
	}
	if !in.Plan.Kind.metered() || in.inTrial(c.now) {
		return refuse(codeChoice)
	}
	c.shop.usage = append(c.shop.usage, charge)
	return http.StatusCreated, object{"usage_charge": charge.reply(true)}
}

func (ch Charge) reply(described bool) object {
	out := object{"id": ch.ID, "point": ch.Point, "make_date": ch.Time.Unix(), "update_date": ch.Time.Unix()}
	if described {
		out["description"] = ch.Description
	}
	return out
}

// createApplicationCharge takes the price from the registration; the same
// source may be charged again and again.
func (c *call) createApplicationCharge() (int, any) {
	if c.token.installation == nil {
		return refuse(codeForbidden)
	}
	raw := c.in
	rules := []rule{{key: "application_charge_source_id", filled: true}}
	if problems := check("application_charge", raw, rules, "application_charge_source_id"); len(problems) > 0 {
		return refuseAll(problems...)
	}
	charge := Charge{ID: newChargeID(), Time: c.now}
	_ = json.Unmarshal(raw["application_charge_source_id"], &charge.Source)
	price, ok := c.app.Prices[charge.Source]
	if !ok {
		return refuseField(codeChoice, "application_charge.application_charge_source_id")
	}
	charge.Point = price
	c.shop.inApp = append(c.shop.inApp, charge)
	return http.StatusCreated, object{"application_charge": charge.reply(false)}
}

// deleteInstallation uninstalls the app of the token and sends no hook.
func (c *call) deleteInstallation() (int, any) {
	if c.token.installation == nil {
		return notFound()
	}
	return http.StatusOK, c.uninstall(c.shop)
}

// jis has a bit for each character of the basic plane that ASCII, JIS X 0201,
// JIS X 0208 or JIS X 0212 contains.
//
//go:embed jis.bitmap
var jis []byte

// writable reports whether all of s is in the character sets of descriptions.
func writable(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || r > 0xFFFF || jis[r>>3]&(1<<(r&7)) == 0 {
			return false
		}
	}
	return true
}
