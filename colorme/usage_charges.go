package colorme

import (
	"context"
	"errors"
	"net/http"

	"github.com/shotengai/shotengai-go/colorme/internal/jis"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/wire"
)

// UsageChargesService makes the metered charges of an App Store app.
type UsageChargesService service

type usageChargeEnvelope[T any] struct {
	UsageCharge T `json:"usage_charge"`
}

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
		notEmpty("recurring_application_charge_id", contractID),
		between("point", r.Point, 100, 1_000_000),
		notEmpty("description", r.Description),
		atMost("description", r.Description, 50),
		jis.Check("description", r.Description),
	)
}

// Create charges the shop for use. ContractID is the recurring_application_charge_id of
// the install hook. It is refused during the free trial, and repeating a call charges
// twice. Scope: write_application_charge.
//
// https://app.shop-pro.jp/open_api#operation/createUsageCharge
func (s *UsageChargesService) Create(ctx context.Context, contractID string, charge CreateUsageChargeRequest, opts ...CallOption) (*UsageCharge, error) {
	return s.create(ctx, contractID, charge, nil, opts)
}

// CreateAfterUninstall is Create for a shop that has uninstalled the app, whose access
// token is dead: apiToken is the usage_charge.api_token of the uninstall hook, or of
// [InstallationService.Delete], and works until closing_on. There is none if the shop
// left during its trial.
func (s *UsageChargesService) CreateAfterUninstall(ctx context.Context, apiToken Secret, contractID string, charge CreateUsageChargeRequest, opts ...CallOption) (*UsageCharge, error) {
	return s.create(ctx, contractID, charge, usageToken(apiToken), opts)
}

func (s *UsageChargesService) create(ctx context.Context, contractID string, charge CreateUsageChargeRequest, auth api.Auth, opts []CallOption) (*UsageCharge, error) {
	var out usageChargeEnvelope[UsageCharge]
	check := charge.validate(contractID)
	if auth == usageToken("") {
		check = errors.Join(check, errNoUsageToken)
	}
	r := api.Request{
		Method: http.MethodPost, Path: api.Path("/appstore/v1/recurring_application_charges/%s/usage_charges.json", contractID),
		Check: check, Body: usageChargeEnvelope[CreateUsageChargeRequest]{charge}, Auth: auth,
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.UsageCharge, nil
}

// Secret is a value that is never printed; Reveal gives it.
type Secret = wire.Secret

var errNoUsageToken = errors.New("no usage charge token: the shop left during its trial, or the hook was not kept")

// usageToken authorises with the token that outlives an installation.
type usageToken Secret

func (t usageToken) Authorize(_ context.Context, h http.Header) (any, error) {
	h["X-Appstore-Usage-Charge-Token"] = []string{Secret(t).Reveal()}
	return nil, nil
}

func (usageToken) Renew(context.Context, any) (bool, error) { return false, nil }
