package colorme

import (
	"context"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// DeliveriesService reads the shop's delivery methods.
type DeliveriesService service

// List returns all delivery methods with their charge tables; there are no pages. It
// needs no scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/delivery/operation/getDeliveries
func (s *DeliveriesService) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[Delivery], error) {
	type reply struct {
		Deliveries []Delivery `json:"deliveries" rows:"id"`
	}
	r := api.Request{Operation: "GET /v1/deliveries"}
	return api.ListAll(ctx, s.client.engine, r, func(w *reply) []Delivery { return w.Deliveries }, opts...)
}

// DateSetting returns which delivery days and times a customer may choose. It needs no
// scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/delivery/operation/getDeliveryDateSetting
func (s *DeliveriesService) DateSetting(ctx context.Context, opts ...shotengai.CallOption) (*DeliveryDateSetting, error) {
	type reply struct {
		DeliveryDate DeliveryDateSetting `json:"delivery_date"`
	}
	r := api.Request{Operation: "GET /v1/deliveries/date"}
	return api.Pick(ctx, s.client.engine, r, func(w *reply) *DeliveryDateSetting { return &w.DeliveryDate }, opts...)
}

// Delivery is a delivery method of the shop. Amounts are yen.
type Delivery struct {
	ID                    int64          `json:"id"`
	AccountID             string         `json:"account_id"`
	Name                  string         `json:"name"`
	MethodType            MethodType     `json:"method_type"`
	ImageURL              *string        `json:"image_url"`
	ChargeFreeType        ChargeFreeType `json:"charge_free_type"`
	ChargeFreeLimit       *int64         `json:"charge_free_limit"`
	ChargeType            ChargeType     `json:"charge_type"`
	Charge                DeliveryCharge `json:"charge"`
	TaxIncluded           bool           `json:"tax_included"`
	SlipNumberUse         bool           `json:"slip_number_use"`
	SlipNumberURL         *string        `json:"slip_number_url"`
	Memo                  *string        `json:"memo"`
	Memo2                 *string        `json:"memo2"`
	Sort                  *int           `json:"sort"`
	DisplayState          DisplayState   `json:"display_state"` // showing or hidden
	PreferredDateUse      bool           `json:"preferred_date_use"`
	PreferredPeriodUse    bool           `json:"preferred_period_use"`
	UnavailablePaymentIDs []int64        `json:"unavailable_payment_ids"`
	MakeDate              Time           `json:"make_date"`
	UpdateDate            Time           `json:"update_date"`
}

// DeliveryCharge is the charge table of a delivery method; ChargeType selects the part that
// applies. Amounts are yen, weights are grams.
type DeliveryCharge struct {
	DeliveryID            int64                        `json:"delivery_id"`
	AccountID             string                       `json:"account_id"`
	ChargeFixed           *int64                       `json:"charge_fixed"`
	ChargeRangesByPrice   []FeeTier                    `json:"charge_ranges_by_price"`
	ChargeMaxPrice        *int64                       `json:"charge_max_price"`      // the charge from the last limit up
	ChargeRangesByArea    []DeliveryChargeByPrefecture `json:"charge_ranges_by_area"` // 47 or 48 rows. Provisional.
	ChargeRangesByWeight  []WeightTier                 `json:"charge_ranges_by_weight"`
	ChargeRangesMaxWeight []DeliveryChargeByPrefecture `json:"charge_ranges_max_weight"` // the charges from the last limit up
}

// DeliveryChargeByPrefecture is what delivery to a prefecture costs, in yen.
type DeliveryChargeByPrefecture struct {
	PrefID   Prefecture `json:"pref_id"`
	PrefName string     `json:"pref_name"`
	Charge   int64      `json:"charge"`
}

// DeliveryDateSetting is which delivery days and times a customer may choose.
type DeliveryDateSetting struct {
	AccountID  string            `json:"account_id"`
	Days       DeliveryDateDays  `json:"days"`
	Times      DeliveryDateTimes `json:"times"`
	MakeDate   Time              `json:"make_date"`
	UpdateDate Time              `json:"update_date"`
}

// DeliveryDateDays is which days may be chosen, counted in days from the order.
type DeliveryDateDays struct {
	Enabled *bool   `json:"enabled"`
	Default *int    `json:"default"`
	Min     int     `json:"min"`
	Max     int     `json:"max"`
	Comment *string `json:"comment"`
}

// DeliveryDateTimes is which times of day may be chosen.
type DeliveryDateTimes struct {
	Enabled *bool    `json:"enabled"`
	Periods []string `json:"periods"`
	Comment *string  `json:"comment"`
}

// MethodType is the carrier of a delivery method. Open set.
type MethodType string

// Carriers.
const (
	MethodOther        MethodType = "other"
	MethodYamato       MethodType = "yamato"
	MethodYamatoPickup MethodType = "yamato_pickup"
	MethodSagawa       MethodType = "sagawa"
	MethodJP           MethodType = "jp" // Japan Post
)

// ChargeFreeType is whether delivery can be free. Open set.
type ChargeFreeType string

// Values of ChargeFreeType.
const (
	ChargeNotFree     ChargeFreeType = "not_free"
	ChargeFree        ChargeFreeType = "free"
	ChargeFreeToLimit ChargeFreeType = "free_to_limit" // free from ChargeFreeLimit on
)

// ChargeType is what a delivery charge depends on. Open set.
type ChargeType string

// Values of ChargeType.
const (
	ChargeFixed    ChargeType = "fixed"
	ChargeByPrice  ChargeType = "by_price"
	ChargeByArea   ChargeType = "by_area"
	ChargeByWeight ChargeType = "by_weight"
)
