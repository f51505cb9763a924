package colorme

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// Create makes an order. The shop needs the Premium plan, else the error is [ErrPlan].
// Hidden products and payment methods are allowed. Payment methods that work: cash on
// delivery, bank and postal transfer, Square, the Epsilon family, Rakuten Pay V2, other.
// Scope: write_sales. The shape of the answer is Provisional.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/sale/operation/createSale
func (s *SalesService) Create(ctx context.Context, sale CreateSaleRequest, opts ...shotengai.CallOption) (*Sale, error) {
	r := api.Request{
		Operation: "POST /v1/sales", Params: sale.query(), Check: sale.validate(),
		Body: saleEnvelope[CreateSaleRequest]{sale},
	}
	return api.Pick(ctx, s.client.engine, r, (*saleEnvelope[Sale]).value, opts...)
}

// CreateSaleRequest is an order to be made.
type CreateSaleRequest struct {
	Customer       *CreateSaleCustomer  `json:"customer,omitzero"`
	SaleDeliveries []CreateSaleDelivery `json:"sale_deliveries,omitzero"` // required unless nothing ships
	Details        []CreateSaleDetail   `json:"details"`                  // required
	PaymentID      int64                `json:"payment_id"`               // required

	// ReserveStocks takes the products out of the stock. The platform's default is true.
	ReserveStocks *bool `json:"-"`
}

// CreateSaleCustomer is the customer of an order to be made. With the ID of a member all
// other fields are ignored.
type CreateSaleCustomer struct {
	ID        *int64         `json:"id,omitzero"`
	Name      *string        `json:"name,omitzero"`
	Furigana  *string        `json:"furigana,omitzero"`
	Postal    *string        `json:"postal,omitzero"`
	PrefID    *Prefecture    `json:"pref_id,omitzero"`
	Address1  *string        `json:"address1,omitzero"`
	Address2  *string        `json:"address2,omitzero"`
	Mail      *string        `json:"mail,omitzero"`
	Tel       *string        `json:"tel,omitzero"`
	Fax       *string        `json:"fax,omitzero"`
	TelMobile *string        `json:"tel_mobile,omitzero"`
	Sex       *Sex           `json:"sex,omitzero"` // male or female only
	Birthday  shotengai.Date `json:"birthday,omitzero"`
}

// CreateSaleDelivery is one destination of an order to be made.
type CreateSaleDelivery struct {
	DeliveryID      int64          `json:"delivery_id"` // required
	Name            string         `json:"name"`        // required
	Furigana        string         `json:"furigana"`    // required
	Postal          string         `json:"postal"`      // required
	PrefID          Prefecture     `json:"pref_id"`     // required
	Address1        string         `json:"address1"`    // required
	Address2        *string        `json:"address2,omitzero"`
	Tel             string         `json:"tel"` // required
	PreferredDate   shotengai.Date `json:"preferred_date,omitzero"`
	PreferredPeriod *string        `json:"preferred_period,omitzero"`
	Memo            *string        `json:"memo,omitzero"`
}

// CreateSaleDetail is one line of an order to be made.
type CreateSaleDetail struct {
	ProductID    int64   `json:"product_id"` // required
	Option1Value *string `json:"option1_value,omitzero"`
	Option2Value *string `json:"option2_value,omitzero"`
	ProductNum   int     `json:"product_num"`    // required: quantity
	Price        *int64  `json:"price,omitzero"` // yen, before or including tax by the shop's TaxType; the product's own when nil
}

func (r CreateSaleRequest) query() url.Values {
	if r.ReserveStocks == nil {
		return nil
	}
	return url.Values{"reserve_stocks": {strconv.FormatBool(*r.ReserveStocks)}}
}

func (r CreateSaleRequest) validate() error {
	var errs []error
	if r.PaymentID <= 0 {
		errs = append(errs, errors.New("payment_id is required"))
	}
	if len(r.Details) == 0 {
		errs = append(errs, errors.New("details: at least one is required"))
	}
	for i, d := range r.Details {
		if d.ProductID <= 0 || d.ProductNum <= 0 {
			errs = append(errs, fmt.Errorf("details[%d]: product_id and product_num must be positive", i))
		}
	}
	if c := r.Customer; c != nil && c.Sex != nil {
		errs = append(errs, check.Exactly("customer.sex", *c.Sex, SexMale, SexFemale))
	}
	if c := r.Customer; c != nil && c.PrefID != nil {
		errs = append(errs, validPrefecture("customer.pref_id", *c.PrefID))
	}
	for i, d := range r.SaleDeliveries {
		errs = append(errs, d.validate(fmt.Sprintf("sale_deliveries[%d]", i)))
	}
	return errors.Join(errs...)
}

func (d CreateSaleDelivery) validate(field string) error {
	errs := []error{validPrefecture(field+".pref_id", d.PrefID)}
	if d.DeliveryID <= 0 {
		errs = append(errs, fmt.Errorf("%s.delivery_id is required", field))
	}
	for name, value := range map[string]string{
		"name": d.Name, "furigana": d.Furigana, "postal": d.Postal, "address1": d.Address1, "tel": d.Tel,
	} {
		errs = append(errs, check.NotEmpty(field+"."+name, value))
	}
	return errors.Join(errs...)
}
