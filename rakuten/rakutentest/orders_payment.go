package rakutentest

import (
	"cmp"
	"encoding/json"
)

// paymentStatuses are what payments are in by the order's progress; the fake's own choice
// of the platform's codes.
var paymentStatuses = map[int]int{
	progressNew: 30000, progressProcessing: 30300, progressToShip: 30300, progressChanging: 30300, progressShipped: 30500, progressPaying: 30500,
	progressPaid: 30610, progressCancelling: 31100, progressCancelled: 31200,
}

// maxPaymentVersion is the newest known version, which brought PayPal and Alipay. That
// others are refused is a guess.
const maxPaymentVersion = 4

// getPayment returns how an order is paid.
func (c *call) getPayment() reply {
	var q struct {
		OrderNumber string      `json:"orderNumber"`
		Version     json.Number `json:"version"`
	}
	if !c.read(&q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。", "OrderModel")
	}
	version, err := q.Version.Int64()
	if err != nil || version < 1 || version > maxPaymentVersion {
		return c.invalid(errValue, "versionが正しくありません。", "OrderModel")
	}
	if !orderNumber.MatchString(q.OrderNumber) {
		return c.invalid(errValue, "注文番号の形式が正しくありません。", "OrderModel")
	}
	o := c.order(q.OrderNumber)
	if o == nil {
		return ok(object{"MessageModelList": []message{c.failed(errMissing, textMissing, q.OrderNumber)}, "OrderModel": nil})
	}
	payment := o.payment()
	if version >= 4 {
		payment["PaymentPaypalModel"] = nil
	}
	return ok(object{
		"MessageModelList": []message{c.info(q.OrderNumber)},
		"OrderModel":       object{"orderNumber": o.OrderNumber, "PaymentModelList": []object{payment}},
	})
}

// payment is the only payment of the order, of the amount that is charged.
func (o *order) payment() object {
	s := cmp.Or(o.Settlement, &settlement{})
	out := object{
		"orderPaymentNumber": o.OrderNumber + "-1", "paymentMethod": s.SettlementMethodCode, "paymentAmount": o.RequestPrice,
		"paymentCharge": o.PaymentCharge, "paymentStatus": paymentStatuses[o.OrderProgress],
		"paymentProcReqDatetime": o.ShopOrderCfmDatetime, "paymentProcCmplDatetime": o.ShopOrderCfmDatetime,
		"paymentReqDatetime": o.ShippingCmplRptDatetime, "paymentFixDatetime": o.paid, "payExpectDate": nil, "minusPayExpectDate": nil,
		"paymentOrganizationLinkageNumberList": []string{}, "PaymentCardModel": nil, "PaymentMultiModel": nil, "PaymentBankModel": nil,
		"PaymentPayAfterModel": nil, "RefundModelList": nil, "AdditionalFeeModelList": nil,
	}
	for _, name := range []string{
		"paymentProcNgDatetime", "paymentProcCancelNgDate", "paymentProcCancelCmplDatetime", "paymentNgDatetime", "paymentCancelNgDatetime",
		"paymentCancelCmplDatetime", "paymentCancelFixDatetime",
	} {
		out[name] = nil
	}
	switch s.SettlementMethodCode {
	case 1:
		out["PaymentCardModel"] = object{
			"cardName": s.CardName, "cardYm": s.CardYM, "cardOwner": s.CardOwner, "cardNumber": s.CardNumber, "cardPayType": s.CardPayType,
			"cardInstallmentDesc": s.CardInstallmentDesc,
		}
	case 9:
		out["PaymentBankModel"] = object{"transferDate": nil, "transferNameKana": text(o.Orderer.FamilyNameKana)}
	}
	return out
}
