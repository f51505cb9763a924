package storestest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

var remittanceRoutes = []route{
	{method: "GET", path: "/remittances", handle: (*call).listPayouts},
	{method: "GET", path: "/remittances/{remittance_id}/order_ids", handle: (*call).payoutOrders},
}

// payout is a remittance and the orders in it.
type payout struct {
	row    object
	orders []string
}

// listPayouts lists completed transfers, the latest first.
func (c *call) listPayouts() (int, any) {
	transferred, ok := c.period("transferred_date", timePattern)
	if !ok {
		return bad("日付の形式が正しくありません。")
	}
	var rows []object
	for _, p := range c.shop.payouts {
		day, err := time.ParseInLocation(time.DateOnly, p.row["transferred_date"].(string), jst)
		if err == nil && transferred.has(day) && !day.After(c.now) {
			rows = append(rows, p.row)
		}
	}
	slices.SortStableFunc(rows, func(a, b object) int {
		return strings.Compare(b["transferred_date"].(string), a["transferred_date"].(string))
	})
	rows, problem := page(c, among(rows, "id", c.list("ids")))
	if problem != "" {
		return bad(problem)
	}
	return http.StatusOK, object{"remittances": rows}
}

// payoutOrders lists all orders of a payout. An unknown payout is a 403, the only error
// that is documented.
func (c *call) payoutOrders() (int, any) {
	id := c.r.PathValue("remittance_id")
	i := slices.IndexFunc(c.shop.payouts, func(p *payout) bool { return p.row["id"] == id })
	if i < 0 {
		return http.StatusForbidden, refusal("この入金情報は参照できません。")
	}
	return http.StatusOK, object{"remittance_id": id, "order_ids": c.shop.payouts[i].orders}
}

// AddRemittance adds a payout with orders and returns its ID. The members of remittance,
// in the platform's spelling, replace those that it has of itself; AddRemittance panics
// when there is no such member. Payouts from before July 2023 lose their fee_detail.
func (shop *Shop) AddRemittance(remittance map[string]any, orders ...string) string {
	s := shop.server
	s.mu.Lock()
	defer s.mu.Unlock()
	row := overlay("remittances", shop.makePayout(s.Now(), 10_000, 0), copyJSON(remittance))
	return shop.addPayout(row, orders)
}

func (shop *Shop) addPayout(row object, orders []string) string {
	if row["transferred_date"].(string) < "2023-07" {
		delete(row, "fee_detail")
	}
	shop.payouts = append(shop.payouts, &payout{row, append([]string{}, orders...)})
	return row["id"].(string)
}

// makePayout works the amounts of a payout out of its sales.
func (shop *Shop) makePayout(day time.Time, sales, speedcash int64) object {
	payment, transfer := (sales*36+999)/1000, int64(275)
	fees := payment + transfer + speedcash
	tax := fees / 11
	return object{
		"id": shop.server.newID(), "transferred_date": day.In(jst).Format(time.DateOnly),
		"transfer_amount": sales - fees, "transfer_fee": transfer, "sales_amount": sales, "payment_fee": payment,
		"speedcash_payment_fee": speedcash, "used_speedcash": speedcash > 0, "chargeback_amount": int64(0), "deduction_amount": int64(0),
		"campaign_coupon_fee": int64(0),
		"fee_detail": object{
			"total_amount": fees - tax, "total_amount_including_tax": fees, "total_tax_amount": tax,
			"transfer_fee": transfer, "payment_fee": payment, "speedcash_payment_fee": speedcash,
			"chargeback_amount": int64(0), "taxable_deduction_amount": int64(0), "non_taxable_deduction_amount": int64(0),
		},
	}
}

// seedPayouts adds the ends of the last three months, and one from before July 2023. The
// latest has the paid orders of the online shop, without those that payouts leave out of
// their sales.
func (shop *Shop) seedPayouts() {
	now := shop.server.Now().In(jst)
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, jst)
	var orders []string
	for _, o := range shop.orders {
		kind := rows(o["transactions"])[0]["type"]
		if isOnline(o) && isPaid(o) && kind != "amazon_pay" && kind != "cash_on_delivery" {
			orders = append(orders, o["id"].(string))
		}
	}
	for i := range 3 {
		sales := int64(17_500 + 5_000*i)
		shop.addPayout(shop.makePayout(month.AddDate(0, -i, -1), sales, int64(i%2)*350), orders)
		orders = nil
	}
	shop.addPayout(shop.makePayout(time.Date(2022, time.June, 30, 0, 0, 0, 0, jst), 17_500, 0), nil)
}
