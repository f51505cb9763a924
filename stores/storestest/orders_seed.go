package storestest

import (
	"time"
)

// sample is what is particular about an order of the seed.
type sample struct {
	pay   string // type of the transaction
	pos   bool   // sold at a register
	line  string // type of the lines; regular when empty
	kind  string // type of the delivery; shipping when empty, counter at a register
	state string // pending when empty; unpaid, shipped, canceled, repaid
	// twist changes the finished order.
	twist func(shop *Shop, o object)
}

// samples are one order for each way of payment, and then one for each peculiarity.
var samples = []sample{
	{pay: "credit_card"},
	{pay: "convenience_store_payment", state: "unpaid"},
	{pay: "cash_on_delivery", twist: discount("shipping_discount", "送料無料クーポン", -500)},
	{pay: "bank_transfer", state: "shipped"},
	{pay: "paypay", twist: requestDate},
	{pay: "cash", pos: true, line: "instant"},
	{pay: "custom", pos: true},
	{pay: "amazon_pay", state: "shipped", twist: func(_ *Shop, o object) { o["billing_address"] = nil; shippingAddress(o)["first_name"] = "" }},
	{pay: "au", state: "shipped"},
	{pay: "docomo"},
	{pay: "softbank", twist: preorder},
	{pay: "paidy", twist: systemFee},
	{pay: "paypal", twist: abroad},
	{pay: "rakuten_pay", twist: discount("coupon_discount", "春のクーポン", -300)},
	{pay: "stores_terminal_credit_card", pos: true},
	{pay: "stores_terminal_electronic_money", pos: true},
	{pay: "stores_terminal_quic_pay", pos: true},
	{pay: "stores_terminal_id", pos: true},
	{pay: "stores_terminal_smart_code", pos: true},
	{pay: "stores_terminal_paypay", pos: true},
	{pay: "stores_terminal_d_payment", pos: true},
	{pay: "stores_terminal_rakuten_pay", pos: true},
	{pay: "stores_terminal_we_chat_pay", pos: true},
	{pay: "kanzashi_point", pos: true, line: "reserve_menu"},
	{pay: "kanzashi_smart_shiharai", pos: true, line: "reserve_time_slot"},
	{pay: "unknown", kind: "unknown", line: "unknown"},

	{pay: "custom", pos: true, state: "repaid"}, // the refund has no payment_method_name
	{pay: "credit_card", state: "repaid"},
	{pay: "bank_transfer", state: "canceled"},
	{pay: "cash_on_delivery", state: "shipped"},
	{pay: "credit_card", kind: "download", line: "digital_contents", twist: noChannel},
	{pay: "credit_card", kind: "download", line: "digital_content"},
	{pay: "credit_card", kind: "ticket", line: "ticket"},
	{pay: "convenience_store_payment", state: "shipped", twist: emptyTexts},
	{pay: "paypay", twist: secondDelivery},
	{pay: "credit_card", twist: discount("gift_wrapping", "ギフトラッピング", 330)},
	{pay: "credit_card", twist: discount("point_discount", "ポイント利用", -200)},
	{pay: "bank_transfer", state: "unpaid", twist: noChannel},
}

func (shop *Shop) seedOrders(n int) {
	newest := shop.server.Now().Add(-time.Hour)
	for i := range n {
		shop.orders = append(shop.orders, shop.makeOrder(samples[i%len(samples)], newest.Add(time.Duration(-i)*6*time.Hour)))
	}
}

// makeOrder builds an order that was made at a time. Amounts are settled after the twist.
func (shop *Shop) makeOrder(k sample, at time.Time) object {
	s := shop.server
	channel := any("ec")
	if k.pos {
		channel = shop.channels[0]["id"]
	}
	o := object{
		"id": s.newID(), "number": s.newNumber(), "sales_channel_id": channel, "email": "hanako@example.com",
		"sales_amount": int64(0), "sales_discount": int64(0), "cancel_amount": int64(0), "cancel_discount": int64(0),
		"sales_tax": int64(0), "cancel_tax": int64(0), "tax_details": []object{}, "payment_amount": int64(0), "payment_tax": int64(0),
		"transactions": []object{shop.makeTransaction(k, channel)}, "deliveries": []object{shop.makeDelivery(k)}, "option": []object{},
		"note": "", "remarks": "", "receipt_address": nil, "ordered_at": stamp(at), "readied_at": stamp(at), "billing_address": address(),
	}
	if k.pos {
		o["email"], o["billing_address"] = nil, nil
	}
	if k.twist != nil {
		k.twist(shop, o)
	}
	settle(o)
	shop.progress(o, k, at)
	return o
}

// progress takes an order to its state.
func (shop *Shop) progress(o object, k sample, at time.Time) {
	t := rows(o["transactions"])[0]
	cod := k.pay == "cash_on_delivery"
	if _, has := t["paid_at"]; has {
		t["paid_at"], t["deposit"] = stamp(at), t["amount"]
	}
	switch {
	case k.state == "unpaid", k.state == "canceled" && !cod:
		t["paid_at"], t["deposit"], o["readied_at"] = nil, int64(0), nil
	case k.state == "shipped", k.pos, k.kind == "download":
		for _, d := range rows(o["deliveries"]) {
			d["shipped_at"] = stamp(at.Add(time.Minute))
		}
	}
	if k.state == "canceled" || k.state == "repaid" {
		shop.server.cancel(o, stamp(at.Add(30*time.Minute)), k.state == "repaid")
	}
}

// makeTransaction builds a payment. One on delivery has no paid_at at all. Its fees are
// in the sample data, against the documentation.
func (shop *Shop) makeTransaction(k sample, channel any) object {
	t := object{
		"id": shop.server.newID(), "type": k.pay, "sales_channel_id": channel, "amount": int64(0), "deposit": int64(0), "change": int64(0),
		"paid_at": nil, "payment_fee": int64(0), "payment_fee_rate": paymentRate(k), "fee": nil, "system_fee": nil,
	}
	switch k.pay {
	case "cash_on_delivery":
		delete(t, "paid_at")
		t["fee"] = fee(330)
	case "custom":
		t["payment_method_name"] = "商品券"
	}
	return t
}

func paymentRate(k sample) float64 {
	switch {
	case k.pay == "cash", k.pay == "custom", k.pay == "cash_on_delivery", k.pay == "unknown":
		return 0
	case k.pos:
		return 0.0324
	}
	return 0.036
}

func fee(yen int64) object { return object{"tax_class": "taxable", "tax_rate": 0.1, "amount": yen} }

// makeDelivery builds a delivery with two lines, one of which has an option.
func (shop *Shop) makeDelivery(k sample) object {
	kind := k.kind
	switch {
	case kind != "":
	case k.pos:
		kind = "counter"
	default:
		kind = "shipping"
	}
	d := object{
		"id": shop.server.newID(), "type": kind, "canceled_at": nil, "shipped_at": nil,
		"items": []object{shop.makeLine(k.line, 0, 0.1, 1), shop.makeLine(k.line, 1, 0.08, 2)},
	}
	lines := rows(d["items"])
	lines[0]["option"] = []object{{"id": shop.server.newID(), "name": "¥100引き", "price": int64(-100), "quantity": 1}}
	if kind != "shipping" {
		return d
	}
	d["shipping_fee"], d["shipping_address"] = fee(500), address()
	d["delivery_date"] = object{"type": "regular"}
	d["delivery_method_name"], d["estimated_arrival_date"], d["tracking_number"], d["shipped_mail_message"] = nil, nil, nil, nil
	return d
}

// makeLine builds a line of the nth item. Goods that were typed in at a register have an
// empty item_id, and a null variation_id.
func (shop *Shop) makeLine(kind string, n int, rate float64, quantity int) object {
	line := object{
		"id": shop.server.newID(), "type": kind, "name": "商店街Tシャツ", "item_id": nil, "variation_id": nil, "variation_name": "",
		"code": nil, "barcode": nil, "tax_rate": rate, "regular_price": int64(2200 - 1000*n), "quantity": quantity, "option": []object{},
	}
	switch {
	case kind == "instant":
		line["name"], line["item_id"] = "手打ち商品", ""
	case kind == "" && len(shop.items) > n:
		item := shop.items[n]
		variation := rows(item["variations"])[0]
		line["name"], line["item_id"], line["variation_id"], line["variation_name"] = item["name"], item["id"], variation["id"], variation["name"]
		line["code"], line["barcode"] = variation["code"], variation["barcode"]
	}
	if kind == "" {
		line["type"] = "regular"
	}
	return line
}

func address() object {
	return object{
		"first_name": "花子", "last_name": "商店", "tel": "0312345678", "zip_code": "1500011",
		"country": "JPN", "prefecture": "東京都", "address": "渋谷区東3丁目16番3号",
	}
}
