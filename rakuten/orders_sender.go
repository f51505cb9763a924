package rakuten

import (
	"context"
	"errors"
	"fmt"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// UpdateOrderSenderRequest changes what is bought, where it goes and what it costs. Fields
// that are nil or empty are left out. A reduction of the price needs a ReductionReason,
// and an order with coupons needs Coupons, whose units cannot grow.
type UpdateOrderSenderRequest struct {
	OrderNumber               string               `json:"orderNumber"`
	ReductionReason           *ReasonCode          `json:"reductionReason,omitzero"`
	Wrapping1                 *UpdateWrapping      `json:"WrappingModel1,omitzero"`
	Wrapping2                 *UpdateWrapping      `json:"WrappingModel2,omitzero"`
	Packages                  []UpdateOrderPackage `json:"PackageModelList"` // required
	Coupons                   []UpdateOrderCoupon  `json:"CouponModelList,omitzero"`
	AfterSettlementMethodCode *SettlementMethod    `json:"afterSettlementMethodCode,omitzero"` // not after shipping

	// TaxRecalcFlag is a leftover.
	//
	// Deprecated: the platform computes taxes by rate.
	TaxRecalcFlag *Flag `json:"taxRecalcFlag,omitzero"`
}

// UpdateWrapping changes a wrapping. The price is yen.
type UpdateWrapping struct {
	Title              *WrappingTitle `json:"title,omitzero"`
	Name               *string        `json:"name,omitzero"` // 125 characters
	Price              *int64         `json:"price,omitzero"`
	TaxRate            *OrderTaxRate  `json:"taxRate,omitzero"`
	IncludeTaxFlag     *Flag          `json:"includeTaxFlag,omitzero"`
	DeleteWrappingFlag *Flag          `json:"deleteWrappingFlag,omitzero"` // deletes the wrapping
}

// UpdateOrderPackage changes what goes to one destination. Prices are yen.
type UpdateOrderPackage struct {
	BasketID          int64             `json:"basketId"` // required
	PostagePrice      *int64            `json:"postagePrice,omitzero"`
	PostageTaxRate    *OrderTaxRate     `json:"postageTaxRate,omitzero"`
	DeliveryPrice     *int64            `json:"deliveryPrice,omitzero"`
	DeliveryTaxRate   *OrderTaxRate     `json:"deliveryTaxRate,omitzero"`
	Noshi             *string           `json:"noshi,omitzero"`
	PackageDeleteFlag *Flag             `json:"packageDeleteFlag,omitzero"` // deletes the package
	Sender            *UpdateReceiver   `json:"SenderModel,omitzero"`
	Items             []UpdateOrderItem `json:"ItemModelList,omitzero"`
	DropOffLocation   *DropOffLocation  `json:"dropOffLocation,omitzero"` // provisional

	// GoodsTax is a leftover.
	//
	// Deprecated: the platform computes taxes by rate.
	GoodsTax *int64 `json:"goodsTax,omitzero"`
}

// UpdateReceiver changes where a package goes. City, SubAddress and the names have 127
// characters at most.
type UpdateReceiver struct {
	ZipCode1       *string `json:"zipCode1,omitzero"`
	ZipCode2       *string `json:"zipCode2,omitzero"`
	Prefecture     *string `json:"prefecture,omitzero"`
	City           *string `json:"city,omitzero"`
	SubAddress     *string `json:"subAddress,omitzero"`
	FamilyName     *string `json:"familyName,omitzero"`
	FirstName      *string `json:"firstName,omitzero"`
	FamilyNameKana *string `json:"familyNameKana,omitzero"`
	FirstNameKana  *string `json:"firstNameKana,omitzero"`
	PhoneNumber1   *string `json:"phoneNumber1,omitzero"`
	PhoneNumber2   *string `json:"phoneNumber2,omitzero"`
	PhoneNumber3   *string `json:"phoneNumber3,omitzero"`
}

// UpdateOrderItem changes one line of a package. The price is yen.
type UpdateOrderItem struct {
	ItemDetailID                     int64             `json:"itemDetailId"`        // required
	ItemName                         *string           `json:"itemName,omitzero"`   // 1000 characters
	ItemNumber                       *string           `json:"itemNumber,omitzero"` // 125 characters
	Price                            *int64            `json:"price,omitzero"`
	TaxRate                          *OrderTaxRate     `json:"taxRate,omitzero"`
	Units                            *int64            `json:"units,omitzero"`
	IncludePostageFlag               *Flag             `json:"includePostageFlag,omitzero"`
	IncludeTaxFlag                   *Flag             `json:"includeTaxFlag,omitzero"`
	IncludeCashOnDeliveryPostageFlag *Flag             `json:"includeCashOnDeliveryPostageFlag,omitzero"`
	SelectedChoice                   *string           `json:"selectedChoice,omitzero"` // 4000 characters
	RestoreInventoryFlag             *InventoryRestore `json:"restoreInventoryFlag,omitzero"`
	DeleteItemFlag                   *Flag             `json:"deleteItemFlag,omitzero"` // deletes the line
	SKUs                             []UpdateOrderSKU  `json:"SkuModelList,omitzero"`
}

// UpdateOrderSKU changes the variant of a line. Items with several variants need SKUInfo;
// the variant itself cannot change.
type UpdateOrderSKU struct {
	VariantID            *string `json:"variantId,omitzero"`
	MerchantDefinedSKUID *string `json:"merchantDefinedSkuId,omitzero"`
	SKUInfo              *string `json:"skuInfo,omitzero"`
}

// UpdateOrderCoupon is a coupon of the order, as it shall be.
type UpdateOrderCoupon struct {
	CouponCode  string `json:"couponCode"`
	ItemID      int64  `json:"itemId"` // 0 for a coupon on the whole order
	CouponPrice int64  `json:"couponPrice"`
	CouponUnit  int64  `json:"couponUnit"`
}

func (r UpdateOrderSenderRequest) validate() error {
	var errs []error
	if len(r.Packages) == 0 {
		errs = append(errs, errors.New("PackageModelList is required"))
	}
	for _, w := range []*UpdateWrapping{r.Wrapping1, r.Wrapping2} {
		if w != nil {
			errs = append(errs, check.AtMost("WrappingModel.name", value(w.Name), 125))
		}
	}
	for i, p := range r.Packages {
		if p.BasketID == 0 {
			errs = append(errs, fmt.Errorf("PackageModelList[%d].basketId is required", i))
		}
		if p.Sender != nil {
			errs = append(errs, p.Sender.validate())
		}
		for j, item := range p.Items {
			if item.ItemDetailID == 0 {
				errs = append(errs, fmt.Errorf("PackageModelList[%d].ItemModelList[%d].itemDetailId is required", i, j))
			}
			errs = append(errs, check.AtMost("itemName", value(item.ItemName), 1000), check.AtMost("itemNumber", value(item.ItemNumber), 125),
				check.AtMost("selectedChoice", value(item.SelectedChoice), 4000))
		}
	}
	return errors.Join(errs...)
}

func (r *UpdateReceiver) validate() error {
	return errors.Join(check.AtMost("city", value(r.City), 127), check.AtMost("subAddress", value(r.SubAddress), 127),
		check.AtMost("familyName", value(r.FamilyName), 127), check.AtMost("firstName", value(r.FirstName), 127))
}

// UpdateSender changes items, prices, addresses, wrapping, coupons and the way of paying
// of an order that is not shipped: progress 100, 200 or 300.
func (s *OrdersService) UpdateSender(ctx context.Context, request UpdateOrderSenderRequest, opts ...shotengai.CallOption) (Messages, error) {
	return s.write(ctx, "updateOrderSender", request.OrderNumber, request, request.validate(), opts...)
}

// UpdateSenderAfterShipping is UpdateSender for an order that is shipped: progress 500, 600
// or 700. The way of paying cannot change any more.
func (s *OrdersService) UpdateSenderAfterShipping(ctx context.Context, request UpdateOrderSenderRequest, opts ...shotengai.CallOption) (Messages, error) {
	check := request.validate()
	if request.AfterSettlementMethodCode != nil {
		check = errors.Join(check, errors.New("afterSettlementMethodCode cannot change after shipping"))
	}
	return s.write(ctx, "updateOrderSenderAfterShipping", request.OrderNumber, request, check, opts...)
}

// SimulateCouponAmount returns what a change would do to the payment charge, without
// changing anything. Provisional: the details are not established, the request is
// believed to be the one of UpdateSender.
func (s *OrdersService) SimulateCouponAmount(ctx context.Context, request UpdateOrderSenderRequest, opts ...shotengai.CallOption) (*CouponSimulation, error) {
	r := s.post("simulateCouponAmount", request)
	r.Safety, r.Check = api.Read, errors.Join(validNumber(request.OrderNumber), request.validate())
	r.Auth = s.client.guard(request.OrderNumber)
	return api.Get[CouponSimulation](ctx, s.client.engine, r, opts...)
}

// CouponSimulation is what a change would do. Provisional.
type CouponSimulation struct {
	Messages            Messages `json:"MessageModelList"`
	PaymentChargeBefore Amount   `json:"paymentChargeBefore,omitzero"`
	PaymentChargeAfter  Amount   `json:"paymentChargeAfter,omitzero"`
}
