package colorme

import (
	"context"
	"fmt"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// InstallationService ends the app's own installation.
type InstallationService service

// Uninstallation is what remains after [InstallationService.Delete]. It has the fields of
// the uninstall hook but for the reason.
type Uninstallation struct {
	AccountID                    string                  `json:"account_id"`
	ApplicationChargeSourceID    string                  `json:"application_charge_source_id"`
	RecurringApplicationChargeID string                  `json:"recurring_application_charge_id,omitzero"` // not for a one-time purchase
	UninstalledAt                Time                    `json:"uninstalled_at"`
	UsageCharge                  *UninstalledUsageCharge `json:"usage_charge,omitzero"` // metered plans only
}

// UninstalledUsageCharge lets an app charge for use after the shop has left.
type UninstalledUsageCharge struct {
	APIToken  shotengai.Secret `json:"api_token,omitzero"` // empty if the shop left during its trial; kept out of JSON as out of logs
	ClosingOn Time             `json:"closing_on"`         // the token works to the end of this day in Japan, whatever the hour of it
}

// Format writes the charge with its token masked, whatever the verb: for a verb that does
// not fit fmt shows what is behind a pointer without asking it.
func (c UninstalledUsageCharge) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "{APIToken:%v ClosingOn:%v}", c.APIToken, c.ClosingOn)
}

// Delete uninstalls the app from the shop behind the token. The platform sends NO
// uninstall hook for it: the answer has the content of the hook, so keep it.
// The token is dead afterwards and the app's script tags are gone. It needs no scope.
//
// https://app.shop-pro.jp/open_api#operation/deleteInstallation
func (s *InstallationService) Delete(ctx context.Context, opts ...shotengai.CallOption) (*Uninstallation, error) {
	r := api.Request{Operation: "DELETE /appstore/v1/installation.json"}
	return api.Get[Uninstallation](ctx, s.client.engine, r, opts...)
}
