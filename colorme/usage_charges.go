package colorme

import (
	"context"
	"errors"
	"net/http"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/internal/jis"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// UsageChargesService makes the metered charges of an App Store app.
type UsageChargesService service

type usageChargeEnvelope[T any] struct {
	UsageCharge T `json:"usage_charge"`
}

func (e *usageChargeEnvelope[T]) value() *T { return &e.UsageCharge }

// UsageCharge is a metered charge.
type UsageCharge struct {
	ID          string `json:"id"`
	Point       int64  `json:"point"` // yen before tax
	Description string `json:"description"`
	MakeDate    Time   `json:"make_date"`
	UpdateDate  Time   `json:"update_date"`
}

// CreateUsageChargeRequest is a metered charge to be made.
type CreateUsageChargeRequest struct {
	// Point is the amount in yen before tax, 100 to 1,000,000.
	Point int64 `json:"point"`
	// Description is shown to the owner: 1 to 50 characters of ASCII and JIS X 0201, 0208
	// and 0212, so no emoji.
	Description string `json:"description"`
}

func (r CreateUsageChargeRequest) validate(contractID string) error {
	return errors.Join(
		check.NotEmpty("recurring_application_charge_id", contractID),
		check.Between("point", r.Point, 100, 1_000_000),
		check.NotEmpty("description", r.Description),
		check.AtMost("description", r.Description, 50),
		jis.Check("description", r.Description),
	)
}

// Create charges the shop for use. ContractID is the recurring_application_charge_id of
// the install hook. It is refused during the free trial, and repeating a call charges
// twice. Scope: write_application_charge.
//
// https://app.shop-pro.jp/open_api#operation/createUsageCharge
func (s *UsageChargesService) Create(ctx context.Context, contractID string, charge CreateUsageChargeRequest, opts ...shotengai.CallOption) (*UsageCharge, error) {
	return s.create(ctx, contractID, charge, nil, opts)
}

// CreateAfterUninstall is Create for a shop that has uninstalled the app, whose access
// token is dead: apiToken is the usage_charge.api_token of the uninstall hook, or of
// [InstallationService.Delete], and works to the end of the day of closing_on in Japan. There
// is none if the shop left during its trial.
func (s *UsageChargesService) CreateAfterUninstall(ctx context.Context, apiToken shotengai.Secret, contractID string, charge CreateUsageChargeRequest, opts ...shotengai.CallOption) (*UsageCharge, error) {
	return s.create(ctx, contractID, charge, usageToken(apiToken), opts)
}

func (s *UsageChargesService) create(ctx context.Context, contractID string, charge CreateUsageChargeRequest, auth api.Auth, opts []shotengai.CallOption) (*UsageCharge, error) {
	refused := charge.validate(contractID)
	if auth == usageToken("") {
		refused = errors.Join(refused, errNoUsageToken)
	}
	r := api.Request{
		Operation: "POST /appstore/v1/recurring_application_charges/{contract_id}/usage_charges.json", Path: []string{contractID},
		Check: refused, Body: usageChargeEnvelope[CreateUsageChargeRequest]{charge}, Auth: auth,
	}
	return api.Pick(ctx, s.client.engine, r, (*usageChargeEnvelope[UsageCharge]).value, opts...)
}

var errNoUsageToken = errors.New("no usage charge token: the shop left during its trial, or the hook was not kept")

// usageToken authorises with the token that outlives an installation.
type usageToken shotengai.Secret

func (t usageToken) Authorize(_ context.Context, h http.Header) (any, error) {
	h["X-Appstore-Usage-Charge-Token"] = []string{shotengai.Secret(t).Reveal()}
	return nil, nil
}

func (usageToken) Renew(context.Context, any) (bool, error) { return false, nil }
