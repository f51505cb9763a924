package makeshoptest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/shotengai/shotengai-go"
)

// Keys of an order that the API does not show: when it was paid, as 14 digits, the
// points that the buyer used, and of a delivery the carrier.
const (
	paidAt     = "paymentDate"
	usedPoints = "usedPoints"
	carrier    = "deliveryCompanyCode"
)

// AddOrder adds an order and returns its displayOrderNumber. The fields are those
// of SearchedOrder in the schema and override the fake's; beside them paymentDate
// (YYYYMMDDHHmmss) is what searchOrder filters by, and usedPoints is what a
// cancellation may return. Members of a delivery or of a line that are left out
// are filled in. It panics for unknown fields.
func (shop *Shop) AddOrder(fields map[string]any) string {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return shop.addOrder(fields)
}

func (shop *Shop) addOrder(fields map[string]any) string {
	row := shop.newOrder()
	shop.override(row, fields)
	shop.orders = append(shop.orders, row)
	return textOf(row["displayOrderNumber"])
}

// override replaces members of an order by those that it may have.
func (shop *Shop) override(row object, fields map[string]any) {
	fields = normal(fields).(object)
	for _, hidden := range []string{paidAt, usedPoints} {
		if v, there := fields[hidden]; there {
			row[hidden] = v
			delete(fields, hidden)
		}
	}
	shop.server.merge("SearchedOrder", row, fields)
	if deliveries, ok := fields["deliveryInfos"].([]any); ok {
		row["deliveryInfos"] = shop.fillDeliveries(deliveries)
	}
}

// Orders returns the shop's orders in the order in which they were added, with the
// two keys that AddOrder knows beside the schema.
func (shop *Shop) Orders() []map[string]any { return shop.copyOf(&shop.orders) }

func (shop *Shop) copyOf(rows *[]object) []map[string]any {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	var out []map[string]any
	for _, row := range *rows {
		out = append(out, normal(row).(object))
	}
	return out
}

func (shop *Shop) newOrder() object {
	s := shop.server
	n := s.newID()
	now := s.Now().In(shotengai.JST)
	number := fmt.Sprintf("%s%06d", now.Format("060102"), n)
	return object{
		"systemOrderNumber": "P" + number, "displayOrderNumber": number, "orderDate": now.Format(spaced),
		"memberId": "", "senderName": "山田 太郎", "senderPrefecture": "13", "payMethod": "クレジットカード決済",
		"paymentStatusCode": "0002", "sumPrice": 3800, "discountPerTax": []any{object{"taxRate": 10, "discount": 0}},
		"message": "", "deliveryInfos": shop.fillDeliveries([]any{object{}}), paidAt: now.Format(compact),
	}
}

func (shop *Shop) fillDeliveries(deliveries []any) []any {
	for i, v := range deliveries {
		given, _ := v.(object)
		row := object{
			"deliveryId": strconv.Itoa(shop.server.newID()), "deliveryStatus": "N", "deliveryMethodIds": "1",
			"deliveryDate": "", "estimatedShipmentDate": "", "desiredDeliveryDate": "--",
			"desiredDeliveryTimezone": "", "slipNumber": "", "wmsStatus": nil, "shippingCharge": 800,
			"deliverySumPrice": 3800, "deliveryMessage": "", "receiverName": "山田 花子",
			"receiverPost": "100-0001", "receiverPrefecture": "東京(23区内)", "receiverAddress": "千代田区千代田1-1",
			"receiverAddress2": "", "receiverTel": "03-0000-0000", "basketInfos": shop.fillLines([]any{object{}}),
		}
		maps.Copy(row, given)
		if lines, ok := given["basketInfos"].([]any); ok {
			row["basketInfos"] = shop.fillLines(lines)
		}
		deliveries[i] = row
	}
	return deliveries
}

func (shop *Shop) fillLines(lines []any) []any {
	for i, v := range lines {
		given, _ := v.(object)
		row := object{
			"productCode": "000000000001", "productCustomCode": "", "variationCustomCode": "", "janCode": "",
			"productName": "手ぬぐい", "variationName": "", "customSelects": []any{}, "amount": 1, "price": 3000,
		}
		maps.Copy(row, given)
		lines[i] = row
	}
	return lines
}

// searchOrder lists orders, the oldest first unless asked otherwise; the platform's
// own order is not known.
func searchOrder(shop *Shop, arguments map[string]any) (any, error) {
	input := inputOf(arguments)
	if err := checkDates(input, compact, "startOrderDate", "endOrderDate", "startPaymentDate", "endPaymentDate"); err != nil {
		return nil, err
	}
	status := textOf(input["deliveryStatus"])
	if status != "" && !slices.Contains([]string{"N", "Y", "C", "R"}, status) {
		return nil, errors.New("deliveryStatus is invalid")
	}
	all := filter(shop.orders,
		between("orderDate", input["startOrderDate"], input["endOrderDate"]),
		between(paidAt, input["startPaymentDate"], input["endPaymentDate"]),
		func(row object) bool {
			return status == "" || slices.ContainsFunc(deliveriesOf(row, nil), func(d object) bool { return d["deliveryStatus"] == status })
		})
	order(all, "orderDate", input["sortOrder"] == "DESC")
	return found(shop, "orders", all, input, true), nil
}

// deliveriesOf are the deliveries of an order, or the one with an id.
func deliveriesOf(row object, id any) []object {
	var out []object
	list, _ := row["deliveryInfos"].([]any)
	for _, v := range list {
		if d, ok := v.(object); ok && (id == nil || d["deliveryId"] == id) {
			out = append(out, d)
		}
	}
	return out
}

func (shop *Shop) order(number any) object {
	i := slices.IndexFunc(shop.orders, func(row object) bool { return row["displayOrderNumber"] == number })
	if i < 0 {
		return nil
	}
	return shop.orders[i]
}

// Messages of failed rows; the platform's own are not known.
const (
	noOrder    = "該当する注文が存在しません。"
	noDelivery = "該当する配送先が存在しません。"
	cancelled  = "キャンセル済みの注文です。"
)

// target finds what a row of an order mutation is about.
func (shop *Shop) target(number, delivery any) (object, []object, any) {
	row := shop.order(number)
	if row == nil {
		return nil, nil, noOrder
	}
	deliveries := deliveriesOf(row, delivery)
	if len(deliveries) == 0 {
		return nil, nil, noDelivery
	}
	if slices.ContainsFunc(deliveries, func(d object) bool { return d["deliveryStatus"] == "C" }) {
		return nil, nil, cancelled
	}
	return row, deliveries, nil
}

// updateOrderAttribute writes nothing of a row that fails. A member that is not
// there is left alone.
func updateOrderAttribute(shop *Shop, arguments map[string]any) (any, error) {
	results := []any{}
	for _, in := range rows(arguments, "updateOrderAttributes") {
		message := shop.attribute(in)
		results = append(results, object{"displayOrderNumber": in["displayOrderNumber"], "message": message})
	}
	return object{"updateOrderAttributeResults": results}, nil
}

func (shop *Shop) attribute(in object) any {
	infos, _ := in["deliveryRequestInfos"].([]any)
	var writes []func()
	for _, v := range infos {
		info, _ := v.(object)
		_, deliveries, message := shop.target(in["displayOrderNumber"], info["deliveryId"])
		if message != nil {
			return message
		}
		for _, d := range deliveries {
			for _, name := range []string{"slipNumber", carrier} {
				if value, there := info[name]; there {
					writes = append(writes, func() { d[name] = value })
				}
			}
		}
	}
	for _, write := range writes {
		write()
	}
	if shop.order(in["displayOrderNumber"]) == nil {
		return noOrder
	}
	return nil
}

// updateOrderDeliveryStatus translates the states that are written into those that
// are read. Without a deliveryId it means all deliveries, which is an assumption.
func updateOrderDeliveryStatus(shop *Shop, arguments map[string]any) (any, error) {
	results := []any{}
	for _, in := range rows(arguments, "updateOrderDeliveryStatusRequests") {
		_, deliveries, message := shop.target(in["displayOrderNumber"], in["deliveryId"])
		for _, d := range deliveries {
			d["deliveryStatus"], d["deliveryDate"] = "N", ""
			if in["deliveryStatus"] == "COMPLETED" {
				d["deliveryStatus"], d["deliveryDate"] = "Y", shop.server.Now().In(shotengai.JST).Format(compact)
			}
		}
		results = append(results, object{
			"displayOrderNumber": in["displayOrderNumber"], "deliveryId": in["deliveryId"], "message": message,
		})
	}
	return object{"updateOrderDeliveryStatusResults": results}, nil
}

// cancelOrder lists the rows that failed and no others, which fits how the one
// program that is known to use it reads the answer.
func cancelOrder(shop *Shop, arguments map[string]any) (any, error) {
	results := []any{}
	for _, in := range rows(arguments, "cancelOrderRequests") {
		row, deliveries, message := shop.target(in["displayOrderNumber"], in["deliveryId"])
		if message != nil {
			results = append(results, object{
				"displayOrderNumber": in["displayOrderNumber"], "deliveryId": in["deliveryId"], "message": message,
			})
			continue
		}
		shop.cancel(row, deliveries, in["isReturnStock"] == true, in["isReturnPoint"] == true)
	}
	return object{"cancelOrderResults": results}, nil
}

// cancel cancels deliveries of an order, and the order with its last one.
func (shop *Shop) cancel(row object, deliveries []object, returnStock, returnPoint bool) {
	for _, d := range deliveries {
		d["deliveryStatus"] = "C"
		if returnStock {
			shop.returnStock(d)
		}
	}
	if slices.ContainsFunc(deliveriesOf(row, nil), func(d object) bool { return d["deliveryStatus"] != "C" }) {
		return
	}
	row["paymentStatusCode"] = "0003"
	if member := shop.member(row["memberId"]); member != nil && returnPoint {
		member["shopPoint"] = intOf(member["shopPoint"]) + intOf(row[usedPoints])
		row[usedPoints] = 0
	}
}

// returnStock puts the lines of a delivery back.
func (shop *Shop) returnStock(delivery object) {
	lines, _ := delivery["basketInfos"].([]any)
	for _, v := range lines {
		line, _ := v.(object)
		product := shop.products.find("systemCode", line["productCode"])
		if product == nil {
			continue
		}
		stock, field := product.row, "quantity"
		if variation := product.variation(line["variationCustomCode"]); variation != nil {
			stock, field = variation, variationStock
		}
		stock[field] = intOf(stock[field]) + intOf(line["amount"])
	}
}
