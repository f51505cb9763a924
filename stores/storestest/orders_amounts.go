package storestest

import (
	"math"
	"slices"
)

// rows returns the elements of a list of the fake or of a test.
func rows(v any) []object {
	switch list := v.(type) {
	case []object:
		return list
	case []any:
		var out []object
		for _, e := range list {
			if o, ok := e.(object); ok {
				out = append(out, o)
			}
		}
		return out
	}
	return nil
}

// number returns an amount of the fake or of a test.
func number(v any) int64 {
	switch n := v.(type) {
	case int64:
		return n
	case int:
		return int64(n)
	case float64:
		return int64(n)
	}
	return 0
}

// feeOf is the amount of a fee, 0 when there is none.
func feeOf(v any) int64 {
	f, _ := v.(object)
	return number(f["amount"])
}

// settle works out the amounts of an order from its lines, options and fees. Options of
// the order and fees count at ten per cent.
func settle(o object) {
	amounts, discounts := map[float64]int64{}, map[float64]int64{}
	add := func(rate float64, yen int64, option bool) {
		amounts[rate] += yen
		if option && yen < 0 {
			discounts[rate] -= yen
		}
	}
	for _, d := range rows(o["deliveries"]) {
		for _, line := range rows(d["items"]) {
			rate, _ := line["tax_rate"].(float64)
			add(rate, number(line["regular_price"])*number(line["quantity"]), false)
			for _, option := range rows(line["option"]) {
				add(rate, number(option["price"]), true)
			}
		}
		add(0.1, feeOf(d["shipping_fee"]), false)
	}
	for _, option := range rows(o["option"]) {
		add(0.1, number(option["price"]), true)
	}
	payment := rows(o["transactions"])[0]
	add(0.1, feeOf(payment["fee"]), false)

	var details []object
	var total, discount, tax int64
	for _, rate := range []float64{0.1, 0.08} {
		amount, there := amounts[rate]
		if !there {
			continue
		}
		inner := int64(math.Floor(float64(amount)*rate/(1+rate) + 1e-9))
		total, discount, tax = total+amount, discount+discounts[rate], tax+inner
		details = append(details, object{
			"tax_class": "taxable", "tax_rate": rate, "sales_tax": inner, "cancel_tax": int64(0),
			"sales_amount": amount, "sales_discount": discounts[rate], "cancel_amount": int64(0), "cancel_discount": int64(0),
		})
	}
	o["tax_details"] = slices.Clip(details)
	o["sales_amount"], o["sales_discount"], o["sales_tax"] = total, discount, tax
	o["payment_amount"], o["payment_tax"] = total+feeOf(payment["system_fee"]), tax
	payment["amount"] = total
	rate, _ := payment["payment_fee_rate"].(float64)
	payment["payment_fee"] = int64(math.Ceil(float64(total)*rate - 1e-9))
}
