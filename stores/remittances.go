package stores

import (
	"context"
	"errors"
	"iter"
	"net/http"

	"github.com/shotengai/shotengai-go/internal/api"
)

// RemittancesService reads payouts: at the end of a month, or by Speed Cash.
type RemittancesService service

// ListRemittancesParams selects payouts.
type ListRemittancesParams struct {
	IDs                 IDs  `url:"ids,omitempty"`
	TransferredDateFrom Date `url:"transferred_date_from,omitempty"`
	TransferredDateTo   Date `url:"transferred_date_to,omitempty"`
	Limit               int  `url:"limit,omitempty"` // rows a page, 1 to 100; 10 when 0
	Offset              int  `url:"offset,omitempty"`
}

func (p ListRemittancesParams) validate() error {
	return errors.Join(orderedDates("transferred_date", p.TransferredDateFrom, p.TransferredDateTo), paging(p.Limit, p.Offset))
}

// List returns one page of completed payouts, the latest first. Scope: retail.shop.read.
//
// https://github.com/heyinc/retail-api-docs
func (s *RemittancesService) List(ctx context.Context, params ListRemittancesParams, opts ...CallOption) (*Page[Remittance], error) {
	var out struct {
		Remittances []Remittance `json:"remittances"`
	}
	r := api.Request{
		Method: http.MethodGet, Path: root + "/remittances", Params: params, Check: params.validate(),
		Decode: needs("remittances", func() bool { return out.Remittances != nil }),
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return newPage(out.Remittances, params.Limit, params.Offset), nil
}

// All yields the payouts that params selects, fetching 100 at a time unless params.Limit
// says otherwise. Rows that leave the list meanwhile end it with [ErrRowsMoved].
// Scope: retail.shop.read.
func (s *RemittancesService) All(ctx context.Context, params ListRemittancesParams, opts ...CallOption) iter.Seq2[*Remittance, error] {
	params.Limit = walkLimit(params.Limit)
	return walk(ctx, params.Offset, func(r *Remittance) string { return r.ID }, func(ctx context.Context, offset int) (*Page[Remittance], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	})
}

// OrderIDs returns the orders of a payout; there are no pages. Scope: retail.shop.read.
//
// https://github.com/heyinc/retail-api-docs
func (s *RemittancesService) OrderIDs(ctx context.Context, id string, opts ...CallOption) ([]OrderID, error) {
	var out struct {
		RemittanceID string    `json:"remittance_id"`
		OrderIDs     []OrderID `json:"order_ids"`
	}
	r := api.Request{
		Method: http.MethodGet, Path: api.Path(root+"/remittances/%s/order_ids", id),
		Decode: needs("order_ids", func() bool { return out.OrderIDs != nil }),
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return out.OrderIDs, nil
}

// Remittance is a payout. Amounts are yen: what is transferred is sales less payment fee,
// transfer fee, Speed Cash fee, chargebacks and deductions. Orders paid by Amazon Pay or on
// delivery are not in SalesAmount.
type Remittance struct {
	ID                  string     `json:"id"`
	TransferredDate     Date       `json:"transferred_date"`
	TransferAmount      int64      `json:"transfer_amount"`
	TransferFee         int64      `json:"transfer_fee"`
	SalesAmount         int64      `json:"sales_amount"`
	PaymentFee          int64      `json:"payment_fee"`
	SpeedcashPaymentFee int64      `json:"speedcash_payment_fee"`
	UsedSpeedcash       bool       `json:"used_speedcash"`
	ChargebackAmount    int64      `json:"chargeback_amount"`
	DeductionAmount     int64      `json:"deduction_amount"`
	FeeDetail           *FeeDetail `json:"fee_detail,omitzero"` // absent before 2023-07
	CampaignCouponFee   int64      `json:"campaign_coupon_fee"` // paid separately; those paid before 2021-02-01 are not told
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
