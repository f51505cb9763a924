package colorme

import (
	"context"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// GiftService reads the shop's gift settings.
type GiftService service

// Get returns the gift settings. It needs no scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/gift/operation/getGift
func (s *GiftService) Get(ctx context.Context, opts ...shotengai.CallOption) (*Gift, error) {
	type reply struct {
		Gift Gift `json:"gift"`
	}
	r := api.Request{Operation: "GET /v1/gift"}
	return api.Pick(ctx, s.client.engine, r, func(w *reply) *Gift { return &w.Gift }, opts...)
}

// Gift is the shop's gift settings. Amounts are yen.
type Gift struct {
	AccountID  string       `json:"account_id"`
	Enabled    *bool        `json:"enabled"`
	Noshi      GiftNoshi    `json:"noshi"`
	Card       GiftCard     `json:"card"`
	Wrapping   GiftWrapping `json:"wrapping"`
	MakeDate   Time         `json:"make_date"`
	UpdateDate Time         `json:"update_date"`
}

// GiftNoshi is the settings of noshi, the ceremonial wrapping paper.
type GiftNoshi struct {
	Enabled     *bool      `json:"enabled"`
	TextEnabled *bool      `json:"text_enabled"`
	TextCharge  *int64     `json:"text_charge"`
	Types       []GiftType `json:"types"`
	Comment     *string    `json:"comment"`
}

// GiftCard is the settings of message cards.
type GiftCard struct {
	Enabled     *bool      `json:"enabled"`
	TextEnabled *bool      `json:"text_enabled"`
	Types       []GiftType `json:"types"`
	Comment     *string    `json:"comment"`
}

// GiftWrapping is the settings of wrapping.
type GiftWrapping struct {
	Enabled *bool      `json:"enabled"`
	Types   []GiftType `json:"types"`
	Comment *string    `json:"comment"`
}

// GiftType is one choice of noshi, card or wrapping, and what it costs.
type GiftType struct {
	Name   string `json:"name"`
	Charge int64  `json:"charge"`
}
