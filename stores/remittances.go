package stores

import (
	"context"
	"errors"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// RemittancesService reads payouts: at the end of a month, or by Speed Cash.
type RemittancesService service

// ListRemittancesParams selects payouts.
type ListRemittancesParams struct {
	IDs                 IDs            `url:"ids,omitempty"`
	TransferredDateFrom shotengai.Date `url:"transferred_date_from,omitempty"`
	TransferredDateTo   shotengai.Date `url:"transferred_date_to,omitempty"`
	Limit               int            `url:"limit,omitempty"` // rows a page, 1 to 100; 10 when 0
	Offset              int            `url:"offset,omitempty"`
}

func (p ListRemittancesParams) validate() error {
	return errors.Join(orderedDates("transferred_date", p.TransferredDateFrom, p.TransferredDateTo), paging(p.Limit, p.Offset))
}

// List returns one page of completed payouts, the latest first. Scope: retail.shop.read.
//
// https://github.com/heyinc/retail-api-docs
func (s *RemittancesService) List(ctx context.Context, params ListRemittancesParams, opts ...shotengai.CallOption) (*shotengai.Page[Remittance], error) {
	r := api.Request{Operation: "GET " + root + "/remittances", Params: params, Check: params.validate()}
	return list(ctx, s.client, r, "remittances", (*remittancesReply).rows, params.Limit, params.Offset, opts)
}

type remittancesReply struct {
	Remittances []Remittance `json:"remittances" rows:"id"`
}

func (r *remittancesReply) rows() []Remittance { return r.Remittances }

// All yields the payouts that params selects, 100 a page unless params.Limit sets another number.
// Rows that leave the list meanwhile end it with [shotengai.ErrRowsMoved].
// Scope: retail.shop.read.
func (s *RemittancesService) All(ctx context.Context, params ListRemittancesParams, opts ...shotengai.CallOption) iter.Seq2[*Remittance, error] {
	params.Limit = walkLimit(params.Limit)
	return walk(ctx, params.Offset, func(r *Remittance) string { return r.ID }, func(ctx context.Context, offset int) (*shotengai.Page[Remittance], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// OrderIDs returns the orders of a payout; there are no pages. Scope: retail.shop.read.
//
// https://github.com/heyinc/retail-api-docs
func (s *RemittancesService) OrderIDs(ctx context.Context, id string, opts ...shotengai.CallOption) ([]OrderID, error) {
	r := api.Request{Operation: "GET " + root + "/remittances/{id}/order_ids", Path: []string{id}, Decode: wholePayout}
	return api.Pick(ctx, s.client.engine, r, (*payoutReply).orders, opts...)
}

type payoutReply struct {
	RemittanceID string    `json:"remittance_id"`
	OrderIDs     []OrderID `json:"order_ids"`
}

func (r *payoutReply) orders() []OrderID { return r.OrderIDs }

var wholePayout = api.Needs("order_ids", func(r *payoutReply) bool { return r.OrderIDs != nil })

// Remittance is a payout. Amounts are yen: what is transferred is sales less payment fee,
// transfer fee, Speed Cash fee, chargebacks and deductions. Orders paid by Amazon Pay or on
// delivery are not in SalesAmount.
type Remittance struct {
	ID                  string         `json:"id"`
	TransferredDate     shotengai.Date `json:"transferred_date"`
	TransferAmount      int64          `json:"transfer_amount"`
	TransferFee         int64          `json:"transfer_fee"`
	SalesAmount         int64          `json:"sales_amount"`
	PaymentFee          int64          `json:"payment_fee"`
	SpeedcashPaymentFee int64          `json:"speedcash_payment_fee"`
	UsedSpeedcash       bool           `json:"used_speedcash"`
	ChargebackAmount    int64          `json:"chargeback_amount"`
	DeductionAmount     int64          `json:"deduction_amount"`
	FeeDetail           *FeeDetail     `json:"fee_detail,omitzero"` // absent before 2023-07
	CampaignCouponFee   int64          `json:"campaign_coupon_fee"` // paid separately; without what was paid before 2021-02-01
}

// FeeDetail is a payout's fees with their tax, in yen.
type FeeDetail struct {
	TotalAmount               int64 `json:"total_amount"`
	TotalAmountIncludingTax   int64 `json:"total_amount_including_tax"`
	TotalTaxAmount            int64 `json:"total_tax_amount"`
	TransferFee               int64 `json:"transfer_fee"`
	PaymentFee                int64 `json:"payment_fee"`
	SpeedcashPaymentFee       int64 `json:"speedcash_payment_fee"`
	ChargebackAmount          int64 `json:"chargeback_amount"`
	TaxableDeductionAmount    int64 `json:"taxable_deduction_amount"`
	NonTaxableDeductionAmount int64 `json:"non_taxable_deduction_amount"`
}
