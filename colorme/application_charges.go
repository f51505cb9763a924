package colorme

import (
	"context"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ApplicationChargesService makes one-off charges inside an App Store app.
type ApplicationChargesService service

// ApplicationCharge is a one-off charge.
type ApplicationCharge struct {
	ID         string `json:"id"`
	Point      int64  `json:"point"` // yen before tax
	MakeDate   Time   `json:"make_date"`
	UpdateDate Time   `json:"update_date"`
}

// Create charges the shop the price that was registered beforehand as sourceID. The same
// price may be charged again and again, so repeating a call charges twice: after
// [shotengai.ErrOutcomeUnknown] ask the owner or the developer console before another one. Scope:
// write_application_charge.
//
// https://app.shop-pro.jp/open_api#operation/postApplicationCharge
func (s *ApplicationChargesService) Create(ctx context.Context, sourceID string, opts ...shotengai.CallOption) (*ApplicationCharge, error) {
	r := api.Request{
		Operation: "POST /appstore/v1/application_charges.json", Check: check.NotEmpty("application_charge_source_id", sourceID),
		Body: applicationChargeEnvelope[applicationChargeBody]{applicationChargeBody{sourceID}},
	}
	return api.Pick(ctx, s.client.engine, r, (*applicationChargeEnvelope[ApplicationCharge]).value, opts...)
}

type applicationChargeEnvelope[T any] struct {
	Charge T `json:"application_charge"`
}

func (e *applicationChargeEnvelope[T]) value() *T { return &e.Charge }

type applicationChargeBody struct {
	SourceID string `json:"application_charge_source_id"`
}
