package colorme

import (
	"context"
	"encoding/json"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// PaymentsService reads the shop's payment methods.
type PaymentsService service

// List returns all payment methods; there are no pages. It needs no scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/payment/operation/getPayments
func (s *PaymentsService) List(ctx context.Context, opts ...shotengai.CallOption) (*shotengai.Page[Payment], error) {
	type reply struct {
		Payments []Payment `json:"payments" rows:"id"`
	}
	r := api.Request{Operation: "GET /v1/payments"}
	return api.ListAll(ctx, s.client.engine, r, func(w *reply) []Payment { return w.Payments }, opts...)
}

// Payment is a payment method of the shop. COD, Card and Financial are there for the
// types that have them. Amounts are yen.
type Payment struct {
	ID           int64             `json:"id"`
	AccountID    string            `json:"account_id"`
	Name         string            `json:"name"`
	Fee          *int64            `json:"fee"`
	IPCode       *string           `json:"ip_code"`
	Memo         *string           `json:"memo"`
	OrderEndNote *string           `json:"order_end_note"`
	MemoMobile   *string           `json:"memo_mobile"`
	Sort         *int              `json:"sort"`
	ImageURL     *string           `json:"image_url"`
	Type         PaymentType       `json:"type"`
	Display      bool              `json:"display"`
	UseMobile    bool              `json:"use_mobile"`
	MakeDate     Time              `json:"make_date"`
	UpdateDate   Time              `json:"update_date"`
	COD          *PaymentCOD       `json:"cod,omitzero"`
	Card         *PaymentCard      `json:"card,omitzero"`
	Financial    *PaymentFinancial `json:"financial,omitzero"`
}

// PaymentCOD is how the fee of cash on delivery is found.
type PaymentCOD struct {
	Changeable bool `json:"changeable"` // the fee depends on the amount; the rest is absent when false
	// Fees apply to amounts below their Limit. Provisional.
	Fees []FeeTier `json:"fees,omitzero"`
	// FeeMax applies from the last limit up. It may be null. Provisional.
	FeeMax            *int64 `json:"fee_max"`
	ChangeableByTotal bool   `json:"changeable_by_total"` // by the total, not by the goods alone
}

// PaymentCard lists the card brands of a method.
type PaymentCard struct {
	Brands []PaymentCardBrand `json:"brands"`
}

// PaymentCardBrand is a card brand.
type PaymentCardBrand struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// PaymentFinancial is the bank account of a transfer.
type PaymentFinancial struct {
	Name         string          `json:"name"`
	BranchName   string          `json:"branch_name"`
	KouzaType    KouzaType       `json:"kouza_type"`
	KouzaNumber  string          `json:"kouza_number"`
	KouzaName    string          `json:"kouza_name"`
	BranchNumber json.RawMessage `json:"branch_number,omitzero"` // Provisional.
}

// KouzaType is the kind of a bank account. Open set.
type KouzaType string

// Kinds of bank accounts.
const (
	KouzaSaving   KouzaType = "saving"
	KouzaChecking KouzaType = "checking"
)
