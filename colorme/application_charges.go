package colorme

import (
	"context"
	"net/http"

	"github.com/shotengai/shotengai-go/internal/api"
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
// [ErrOutcomeUnknown] ask the owner or the developer console before another one. Scope:
// write_application_charge.
//
// https://app.shop-pro.jp/open_api#operation/postApplicationCharge
func (s *ApplicationChargesService) Create(ctx context.Context, sourceID string, opts ...CallOption) (*ApplicationCharge, error) {
	type charge struct {
		SourceID string `json:"application_charge_source_id"`
	}
	type envelope[T any] struct {
		Charge T `json:"application_charge"`
	}
	var out envelope[ApplicationCharge]
	r := api.Request{
		Method: http.MethodPost, Path: "/appstore/v1/application_charges.json",
		Check: notEmpty("application_charge_source_id", sourceID), Body: envelope[charge]{charge{sourceID}},
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Charge, nil
}
