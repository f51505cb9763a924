package rakuten_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten"
)

// sampleOrder has every kind of value: amounts that are fixed and not, nulls, codes that
// nobody knows, times in the spelling of orders.
const sampleOrder = `{
	"orderNumber":"123456-20260101-0123456789","orderProgress":300,"subStatusId":null,"subStatusName":null,
	"orderDatetime":"2026-01-01T09:08:07+0900","shopOrderCfmDatetime":null,"orderFixDatetime":null,"shippingInstDatetime":null,
	"shippingCmplRptDatetime":null,"cancelDueDate":null,"deliveryDate":"2026-01-05","shippingTerm":1214,"remarks":"[配送日時指定:]",
	"giftCheckFlag":0,"severalSenderFlag":1,"equalSenderFlag":0,"isolatedIslandFlag":0,"rakutenMemberFlag":1,"carrierCode":77,
	"emailCarrierCode":0,"orderType":1,"reserveNumber":null,"reserveDeliveryCount":null,"cautionDisplayType":0,"rakutenConfirmFlag":0,
	"goodsPrice":3000,"postagePrice":-9999,"deliveryPrice":0,"paymentCharge":-9999,"totalPrice":3000,"requestPrice":-9999,
	"couponAllTotalPrice":100,"couponShopPrice":100,"couponOtherPrice":0,"additionalFeeOccurAmountToUser":0,"additionalFeeOccurAmountToShop":0,
	"asurakuFlag":0,"drugFlag":0,"dealFlag":0,"membershipType":0,"memo":null,"operator":null,"mailPlugSentence":null,"modifyFlag":0,
	"receiptIssueCount":1,"receiptIssueHistoryList":["2026-01-02T03:04:05+0900"],
	"OrdererModel":{"zipCode1":"100","zipCode2":"0001","prefecture":"東京都","city":"千代田区","subAddress":null,"familyName":"山田","firstName":"花子",
		"familyNameKana":null,"firstNameKana":null,"phoneNumber1":"03","phoneNumber2":"0000","phoneNumber3":null,"emailAddress":"x@fw.example","sex":null,
		"birthYear":null,"birthMonth":null,"birthDay":null},
	"SettlementModel":{"settlementMethod":"クレジットカード","rpaySettlementFlag":1,"cardName":null,"cardNumber":null,"cardOwner":null,"cardYm":null,
		"cardPayType":0,"cardInstallmentDesc":null,"settlementMethodCode":1},
	"DeliveryModel":{"deliveryName":"宅配便","deliveryClass":null},"PointModel":{"usedPoint":0},"WrappingModel1":null,
	"WrappingModel2":{"title":1,"name":"紙","price":0,"includeTaxFlag":1,"deleteWrappingFlag":0,"taxRate":0.1,"taxPrice":null},
	"PackageModelList":[{"basketId":1,"postagePrice":-9999,"postageTaxRate":0.1,"deliveryPrice":0,"deliveryTaxRate":null,"goodsPrice":3000,
		"totalPrice":-9999,"noshi":null,"packageDeleteFlag":0,
		"SenderModel":{"zipCode1":"999","zipCode2":"9999","prefecture":"入力待ち","city":"入力待ち","subAddress":"入力待ち","familyName":"入力待ち","firstName":null,
			"familyNameKana":null,"firstNameKana":null,"phoneNumber1":null,"phoneNumber2":null,"phoneNumber3":null,"isolatedIslandFlag":null},
		"ItemModelList":[{"itemDetailId":1,"itemName":"傘","itemId":10,"itemNumber":null,"manageNumber":"kasa","price":3000,"priceTaxIncl":3000,"taxRate":null,
			"units":1,"includePostageFlag":0,"includeTaxFlag":1,"includeCashOnDeliveryPostageFlag":0,"selectedChoice":null,"pointRate":1,"pointType":-99,
			"inventoryType":2,"delvdateInfo":null,"restoreInventoryFlag":0,"dealFlag":0,"drugFlag":0,"deleteItemFlag":0,"isSingleItemShipping":0,
			"SkuModelList":[{"variantId":"r1","merchantDefinedSkuId":null,"skuInfo":"色:赤"}]}],
		"ShippingModelList":[{"shippingDetailId":5,"shippingNumber":null,"deliveryCompany":"1001","deliveryCompanyName":"ヤマト運輸","shippingDate":null}],
		"DeliveryCvsModel":null,"defaultDeliveryCompanyCode":"9999","dropOffFlag":0,"dropOffLocation":null,
		"SocialGiftModel":{"sgMngNumber":"g","inputDueDate":"2026-01-10","inputFlag":0,"inputCompDatetime":null,"receiverEmailAddress":null}}],
	"CouponModelList":[{"couponCode":"C","itemId":0,"itemDetailId":0,"couponPrice":100,"couponUnit":1,"couponTotalPrice":100,"couponName":"n","couponSummary":"s",
		"couponCapital":"ショップ","couponCapitalCode":1,"expiryDate":"2026-02-01"}],
	"ChangeReasonModelList":[{"changeId":1,"changeType":null,"changeTypeDetail":10,"changeReason":0,"changeReasonDetail":16,
		"changeApplyDatetime":null,"changeFixDatetime":null,"changeCmplDatetime":null}],
	"cautionDisplayDetailType":null,"paymentChargeTaxRate":0.1,"deliveryCertPrgFlag":0,"oneDayOperationFlag":0,"socialGiftFlag":1,
	"TaxSummaryModelList":[{"taxRate":0.08,"reqPrice":-9999,"reqPriceTax":0,"totalPrice":3000,"paymentCharge":0,"couponPrice":100,"point":0}],
	"DueDateModelList":null}`

func TestOrderRoundTrip(t *testing.T) {
	t.Parallel()
	var order rakuten.Order
	require.NoError(t, json.Unmarshal([]byte(sampleOrder), &order))
	again, err := json.Marshal(order)
	require.NoError(t, err)
	assert.JSONEq(t, sampleOrder, string(again))
	_, fixed := order.PostagePrice.Fixed()
	assert.False(t, fixed)
}

func TestOrderOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	var order rakuten.Order
	require.NoError(t, json.Unmarshal([]byte(`{"orderNumber":"1","isTaxRecalc":0,"goodsTax":0}`), &order))
	again, err := json.Marshal(order)
	require.NoError(t, err)
	assert.Contains(t, string(again), `"isTaxRecalc":0`)
	assert.Contains(t, string(again), `"goodsTax":0`)
}

func FuzzOrder(f *testing.F) {
	f.Add([]byte(sampleOrder))
	f.Add([]byte(`{"goodsPrice":null,"orderDatetime":""}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var order rakuten.Order
		if json.Unmarshal(data, &order) != nil {
			return
		}
		order.Total()
		once, err := json.Marshal(order)
		if err != nil {
			return // a date that the calendar does not have, for instance
		}
		var second rakuten.Order
		require.NoError(t, json.Unmarshal(once, &second))
		twice, err := json.Marshal(second)
		require.NoError(t, err)
		assert.JSONEq(t, string(once), string(twice))
	})
}
