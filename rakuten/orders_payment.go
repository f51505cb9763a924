package rakuten

import (
	"context"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// paymentVersion is the version of getPayment: 4 added PayPal and Alipay.
const paymentVersion = 4

// Payment returns how an order was and will be paid.
func (s *OrdersService) Payment(ctx context.Context, orderNumber string, opts ...shotengai.CallOption) (*OrderPayments, error) {
	var out paymentReply
	r := s.post("getPayment", struct {
		OrderNumber string `json:"orderNumber"`
		Version     int    `json:"version"`
	}{orderNumber, paymentVersion})
	guard := s.client.guard(orderNumber)
	r.Safety, r.Check, r.Auth = api.Read, validNumber(orderNumber), guard
	r.Judge = func(*api.Reply) (kind, cause error) {
		if out.Order.OrderNumber == "" {
			return nil, nil
		}
		return nil, guard.check(out.Order.OrderNumber)
	}
	if err := s.client.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out.Order, nil
}

type paymentReply struct {
	Messages []OrderMessage `json:"MessageModelList"`
	Order    OrderPayments  `json:"OrderModel"`
}

// OrderPayments is the payments of one order. What is below it is provisional.
type OrderPayments struct {
	OrderNumber string         `json:"orderNumber"`
	Payments    []OrderPayment `json:"PaymentModelList"`
}

// OrderPayment is one payment of an order. Provisional, but for the way of paying and
// the charge.
type OrderPayment struct {
	OrderPaymentNumber            string               `json:"orderPaymentNumber"`
	PaymentMethod                 SettlementMethod     `json:"paymentMethod"`
	PaymentAmount                 Amount               `json:"paymentAmount,omitzero"`
	PaymentCharge                 Amount               `json:"paymentCharge,omitzero"`
	PaymentStatus                 PaymentStatus        `json:"paymentStatus"`
	PaymentProcReqDatetime        OrderTime            `json:"paymentProcReqDatetime"`
	PaymentProcNGDatetime         OrderTime            `json:"paymentProcNgDatetime"`
	PaymentProcCmplDatetime       OrderTime            `json:"paymentProcCmplDatetime"`
	PaymentProcCancelNGDate       OrderTime            `json:"paymentProcCancelNgDate"` // an instant, in spite of its name
	PaymentProcCancelCmplDatetime OrderTime            `json:"paymentProcCancelCmplDatetime"`
	PaymentReqDatetime            OrderTime            `json:"paymentReqDatetime"`
	PaymentNGDatetime             OrderTime            `json:"paymentNgDatetime"`
	PaymentFixDatetime            OrderTime            `json:"paymentFixDatetime"`
	PaymentCancelNGDatetime       OrderTime            `json:"paymentCancelNgDatetime"`
	PaymentCancelCmplDatetime     OrderTime            `json:"paymentCancelCmplDatetime"`
	PaymentCancelFixDatetime      OrderTime            `json:"paymentCancelFixDatetime"`
	PayExpectDate                 shotengai.Date       `json:"payExpectDate"`
	MinusPayExpectDate            shotengai.Date       `json:"minusPayExpectDate"`
	LinkageNumbers                []string             `json:"paymentOrganizationLinkageNumberList"`
	Card                          *PaymentCard         `json:"PaymentCardModel"`
	Multi                         *PaymentMulti        `json:"PaymentMultiModel"`
	Bank                          *PaymentBank         `json:"PaymentBankModel"`
	PayAfter                      *PaymentPayAfter     `json:"PaymentPayAfterModel"`
	Refunds                       []PaymentRefund      `json:"RefundModelList"`
	AdditionalFees                []OrderAdditionalFee `json:"AdditionalFeeModelList"`
	PayPal                        *PaymentPayPal       `json:"PaymentPaypalModel"`
}

// PaymentCard is a payment by card.
type PaymentCard struct {
	CardName            string          `json:"cardName"`
	CardYM              string          `json:"cardYm"`
	CardOwner           string          `json:"cardOwner"`
	CardNumber          string          `json:"cardNumber"` // masked
	CardPayType         CardPayType     `json:"cardPayType"`
	CardInstallmentDesc CardInstallment `json:"cardInstallmentDesc"`
}

// PaymentMulti is a payment at a convenience store or the like.
type PaymentMulti struct {
	EventDatetime OrderTime `json:"eventDatetime"`
	RcvgNumber    string    `json:"rcvgNumber"`
	PayInfoURL    string    `json:"payInfoUrl"`
	PayStartURL   string    `json:"payStartUrl"`
}

// PaymentBank is a bank transfer.
type PaymentBank struct {
	TransferDate     shotengai.Date `json:"transferDate"`
	TransferNameKana string         `json:"transferNameKana"`
}

// PaymentPayAfter is a deferred payment.
type PaymentPayAfter struct {
	RcvgAgcyTypeName string `json:"rcvgAgcyTypeName"`
	RcvgNumber       string `json:"rcvgNumber"`
}

// PaymentPayPal is a payment by PayPal.
type PaymentPayPal struct {
	EventDate OrderTime `json:"eventDate"` // an instant, in spite of its name
	BillID    string    `json:"billId"`
}

// PaymentRefund is money that goes back.
type PaymentRefund struct {
	PaymentAmount           Amount         `json:"paymentAmount,omitzero"`
	PaymentStatus           PaymentStatus  `json:"paymentStatus"`
	PaymentProcCmplDatetime OrderTime      `json:"paymentProcCmplDatetime"`
	PaymentReqDatetime      OrderTime      `json:"paymentReqDatetime"`
	PaymentFixDatetime      OrderTime      `json:"paymentFixDatetime"`
	PayExpectDate           shotengai.Date `json:"payExpectDate"`
}

// OrderAdditionalFee is a fee beside the price. The meanings of its codes are not
// established.
type OrderAdditionalFee struct {
	AdditionalFeeID            int64        `json:"additionalFeeId"`
	AdditionalFeeType          int          `json:"additionalFeeType"`
	PayFrom                    int          `json:"payFrom"`
	AdditionalFeeOccurDatetime OrderTime    `json:"additionalFeeOccurDatetime"`
	AdditionalFeeOccurAmount   Amount       `json:"additionalFeeOccurAmount,omitzero"`
	AdditionalFeeTaxRate       OrderTaxRate `json:"additionalFeeTaxRate"`
}
