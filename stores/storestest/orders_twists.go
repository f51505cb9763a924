package storestest

import "maps"

// discount adds an option to an order, a surcharge if the price is positive.
func discount(kind, name string, yen int64) func(*Shop, object) {
	return func(shop *Shop, o object) {
		o["option"] = []object{{"id": shop.server.newID(), "type": kind, "name": name, "price": yen}}
	}
}

// noChannel has null where other orders of the online shop have "ec".
func noChannel(_ *Shop, o object) {
	o["sales_channel_id"] = nil
	rows(o["transactions"])[0]["sales_channel_id"] = nil
}

func delivery(o object) object        { return rows(o["deliveries"])[0] }
func shippingAddress(o object) object { return delivery(o)["shipping_address"].(object) }

func requestDate(shop *Shop, o object) {
	day := shop.server.Now().In(jst).AddDate(0, 0, 7).Format("2006-01-02")
	delivery(o)["delivery_date"] = object{"type": "request", "requested_date": day, "start_time": "14:00", "end_time": nil}
}

// preorder has its months in the spelling of orders, which is not that of items.
func preorder(shop *Shop, o object) {
	month := shop.server.Now().In(jst)
	delivery(o)["delivery_date"] = object{
		"type": "preorder", "start_month": month.AddDate(0, 1, 1-month.Day()).Format("200601"), "start_period": "middle",
		"end_month": month.AddDate(0, 2, 1-month.Day()).Format("200601"), "end_period": "late",
	}
}

func systemFee(_ *Shop, o object) { rows(o["transactions"])[0]["system_fee"] = fee(350) }

func abroad(_ *Shop, o object) {
	maps.Copy(shippingAddress(o), object{"country": "TWN", "prefecture": "", "zip_code": "100", "address": "台北市中正區1"})
}

// emptyTexts has texts that were set and emptied again, in place of null.
func emptyTexts(_ *Shop, o object) {
	maps.Copy(delivery(o), object{
		"delivery_method_name": "", "estimated_arrival_date": "", "tracking_number": "", "shipped_mail_message": "", "shipping_fee": nil,
	})
	o["receipt_address"] = "商店街株式会社"
}

func secondDelivery(shop *Shop, o object) {
	second := shop.makeDelivery(sample{})
	second["shipping_fee"] = nil
	o["deliveries"] = append(rows(o["deliveries"]), second)
}
