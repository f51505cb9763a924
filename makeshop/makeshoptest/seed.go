package makeshoptest

import (
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
)

// seed fills a new shop; the caller holds the lock, the shop is not shared yet.
func (shop *Shop) seed() {
	c := shop.server.config
	shop.tags = map[string]object{
		"head": {"tag": "<script src=\"https://analytics.example/head.js\"></script>", "key": "head-key"},
		"body": {"tag": "<script src=\"https://analytics.example/body.js\"></script>", "key": "body-key"},
	}
	shop.delivery = object{"settingDeliveryMethods": []any{object{
		"settingName": "宅配便", "settingDisplay": "Y", "settingShippingFee": 800,
		"settingAreaShippingFees": []any{
			object{"areaName": "北海道", "feeByArea": 1200}, object{"areaName": "東京(23区内)", "feeByArea": 600},
		},
	}}}
	for i := range 4 {
		shop.addCategory(object{"categoryName": []string{"手ぬぐい", "風呂敷", "扇子", "うつわ"}[i]})
	}
	for i := range c.products {
		shop.seedProduct(i)
	}
	var ids []string
	for i := range c.members {
		ids = append(ids, shop.seedMember(i))
	}
	if c.members > 1 {
		shop.withdraw(ids[c.members-1])
		ids = ids[:c.members-1]
	}
	for i := range c.orders {
		member := fmt.Sprintf("X%06d山田 太郎", i)
		if i%5 != 4 && len(ids) > 0 {
			member = ids[i%len(ids)]
		}
		shop.seedOrder(c.orders-1-i, member)
	}
}

func (shop *Shop) seedProduct(i int) {
	category := shop.categories[i%len(shop.categories)]
	fields := object{
		"janCode":    fmt.Sprintf("49%011d", i),
		"quantity":   10 + i,
		"categories": []any{object{"categoryUID": category["categoryUid"], "categoryName": category["categoryName"], "isMainCategory": true}},
	}
	if i%3 == 2 {
		fields["variationShowType"] = 1
		fields["subImages"] = []any{object{"subImageId": 1, "url": "https://image.example/sub.jpg?1"}}
		fields["variations"] = []any{
			object{"variationCustomCode": fmt.Sprintf("#%03d-BK", i), "variation1ItemName": "黒", variationStock: 5},
			object{"variationCustomCode": fmt.Sprintf("#%03d-WH", i), "variation1ItemName": "白", variationStock: 7, "subImageId": 1},
		}
	}
	shop.addProduct(fields)
}

func (shop *Shop) seedMember(i int) string {
	joined := shop.server.Now().In(shotengai.JST).AddDate(0, 0, -i)
	return shop.addMember(object{"shopPoint": 100 * i, "registrationDate": joined.Format(compact)})
}

// seedOrder adds an order of so many steps ago. Every second one is shipped; the
// quirks of messages and dates take turns.
func (shop *Shop) seedOrder(ago int, member string) {
	at := shop.server.Now().In(shotengai.JST).Add(-time.Hour - 8*time.Hour*time.Duration(ago))
	line := object{}
	if products := shop.products.rows; len(products) > 0 {
		product := products[ago%len(products)]
		line = object{
			"productCode": product["systemCode"], "productCustomCode": product["customCode"], "janCode": product["janCode"],
			"productName": product["productName"], "price": product["sellPrice"], "amount": 1 + ago%3,
		}
		if variations := listOf(product["variations"]); len(variations) > 0 {
			variation, _ := variations[0].(object)
			line["variationCustomCode"] = variation["variationCustomCode"]
			line["variationName"] = "カラー : 黒"
			line["customSelects"] = []any{object{"customSelectName": "のし", "selectedItemName": "あり"}}
		}
	}
	price := max(intOf(line["price"])*intOf(line["amount"]), 3000) + 800
	delivery := object{"deliverySumPrice": price, "basketInfos": []any{line}}
	if ago%2 == 1 {
		delivery["deliveryStatus"], delivery["slipNumber"] = "Y", fmt.Sprintf("4000%08d", ago)
		delivery["deliveryDate"] = at.Add(time.Hour).Format(compact)
	}
	if ago%3 == 1 {
		delivery["desiredDeliveryDate"] = at.AddDate(0, 0, 3).Format("2006/01/02")
		delivery["deliveryMessage"] = "玄関前に置いてください||配達希望"
	}
	fields := object{
		"orderDate": at.Format(spaced), paidAt: at.Format(compact), "memberId": member, "sumPrice": price,
		"deliveryInfos": []any{delivery},
	}
	if ago%4 == 1 {
		fields["message"] = "領収書をお願いします||はい||会社名"
	}
	shop.addOrder(fields)
}
