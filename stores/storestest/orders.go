package storestest

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go/internal/fake"
)

var orderRoutes = []route{
	{method: "GET", path: "/orders", handle: (*call).listOrders},
	{method: "POST", path: "/orders/{order_id}/shipped", handle: (*call).shipOrder},
	{method: "PATCH", path: "/orders/{order_id}/deliveries", handle: (*call).updateDeliveries},
}

// listOrders searches. Parameters that are not documented are ignored.
func (c *call) listOrders() (int, any) {
	q, problem := c.orderQuery()
	if problem != "" {
		return bad(problem)
	}
	direction, ok := c.choice("direction", "asc", "desc")
	if !ok {
		return bad("directionが正しくありません。")
	}
	rows := among(among(c.shop.orders, "id", c.list("ids")), "number", c.list("numbers"))
	rows = slices.DeleteFunc(slices.Clone(rows), func(o object) bool {
		return c.now.Before(orderedAt(o).Add(c.config.lag)) || !q.matches(o)
	})
	slices.SortStableFunc(rows, func(a, b object) int {
		order := cmp.Or(orderedAt(a).Compare(orderedAt(b)), strings.Compare(a["id"].(string), b["id"].(string)))
		if direction == "asc" {
			return order
		}
		return -order
	})
	rows, problem = page(c, rows)
	if problem != "" {
		return bad(problem)
	}
	return http.StatusOK, object{"orders": rows}
}

// orderQuery is what a search asks of each order.
type orderQuery struct {
	ordered, canceled, readied, start period
	paid, delivery, channel           string
}

// orderQuery reads the parameters.
func (c *call) orderQuery() (q orderQuery, problem string) {
	for _, number := range c.list("numbers") {
		if strings.Trim(number, "0123456789") != "" {
			return q, "numbersは半角数字で指定してください。"
		}
	}
	for _, p := range []struct {
		name    string
		pattern *regexp.Regexp
		into    *period
	}{
		{"ordered_at", timePattern, &q.ordered},
		{"canceled_at", timePattern, &q.canceled},
		{"readied_at", timePattern, &q.readied},
		{"delivery_start_date", datePattern, &q.start},
	} {
		var ok bool
		if *p.into, ok = c.period(p.name, p.pattern); !ok {
			return q, "日時の形式が正しくありません。"
		}
	}
	var paidOK, deliveryOK bool
	q.paid, paidOK = c.choice("paid_status", "paid", "unpaid")
	q.delivery, deliveryOK = c.choice("delivery_status", "shipped", "waiting")
	if !paidOK || !deliveryOK {
		return q, "ステータスが正しくありません。"
	}
	q.channel = c.query.Get("settled_sales_channel")
	return q, ""
}

func (q orderQuery) matches(o object) bool {
	readiedAt, ready := instant(o["readied_at"])
	return soldAt(o, q.channel) && q.ordered.has(orderedAt(o)) &&
		(q.readied.open() || ready && q.readied.has(readiedAt)) &&
		(q.canceled.open() || slices.ContainsFunc(canceledTimes(o), q.canceled.has)) &&
		(q.start.open() || slices.ContainsFunc(startDates(o), q.start.has)) &&
		paidAs(o, q.paid) && deliveredAs(o, q.delivery)
}

func orderedAt(o object) time.Time {
	at, _ := instant(o["ordered_at"])
	return at
}

func isOnline(o object) bool { return o["sales_channel_id"] == nil || o["sales_channel_id"] == "ec" }

func soldAt(o object, channel string) bool {
	switch channel {
	case "":
		return true
	case "ec":
		return isOnline(o)
	case "regi":
		return !isOnline(o)
	}
	return o["sales_channel_id"] == channel
}

// canceledTimes are when deliveries were cancelled and money was given back.
func canceledTimes(o object) (times []time.Time) {
	for _, d := range rows(o["deliveries"]) {
		if at, ok := instant(d["canceled_at"]); ok {
			times = append(times, at)
		}
	}
	for _, t := range rows(o["transactions"]) {
		if at, ok := instant(t["paid_at"]); ok && number(t["amount"]) < 0 {
			times = append(times, at)
		}
	}
	return times
}

// startDates are the days that buyers wish for, and those that preorders begin with.
func startDates(o object) (days []time.Time) {
	for _, d := range rows(o["deliveries"]) {
		date, _ := d["delivery_date"].(object)
		text, _ := date["requested_date"].(string)
		if month, ok := date["start_month"].(string); ok {
			text = month[:4] + "-" + month[4:] + map[string]string{"early": "-01", "middle": "-11", "late": "-21"}[date["start_period"].(string)]
		}
		if day, err := time.ParseInLocation(time.DateOnly, text, jst); err == nil {
			days = append(days, day)
		}
	}
	return days
}

func hasCOD(o object) bool {
	return slices.ContainsFunc(rows(o["transactions"]), func(t object) bool { return t["type"] == "cash_on_delivery" })
}

// isPaid: every payment has a time.
func isPaid(o object) bool {
	return !slices.ContainsFunc(rows(o["transactions"]), func(t object) bool { return number(t["amount"]) >= 0 && t["paid_at"] == nil })
}

// paidAs leaves out all orders that are paid on delivery, whichever way is asked for.
func paidAs(o object, status string) bool {
	return status == "" || !hasCOD(o) && isPaid(o) == (status == "paid")
}

func openDeliveries(o object) []object {
	return slices.DeleteFunc(slices.Clone(rows(o["deliveries"])), func(d object) bool { return d["canceled_at"] != nil })
}

func isShipped(o object) bool {
	open := openDeliveries(o)
	return len(open) > 0 && !slices.ContainsFunc(open, func(d object) bool { return d["shipped_at"] == nil })
}

func isWaiting(o object) bool {
	return o["readied_at"] != nil && len(openDeliveries(o)) > 0 && !isShipped(o)
}

func deliveredAs(o object, status string) bool {
	return status == "" || status == "shipped" && isShipped(o) || status == "waiting" && isWaiting(o)
}

// shipOrder marks an order as shipped.
func (c *call) shipOrder() (int, any) {
	id := c.r.PathValue("order_id")
	o := byID(c.shop.orders, id)
	switch {
	case o == nil:
		return http.StatusNotFound, refusal("オーダーが見つかりません。")
	case !isOnline(o):
		return bad("ECのオーダーではありません。")
	case c.shop.asked[id]:
		return http.StatusConflict, refusal("すでに発送リクエストが行われています。")
	case len(deliverable(o)) == 0:
		return bad("発送できる配送がありません。")
	case !isWaiting(o):
		return bad("発送できる状態のオーダーではありません。")
	}
	c.shop.asked[id] = true
	for _, d := range deliverable(o) {
		d["shipped_at"] = stamp(c.now)
	}
	return http.StatusOK, o
}

// deliverable are the deliveries of goods that can still be sent.
func deliverable(o object) []object {
	return slices.DeleteFunc(openDeliveries(o), func(d object) bool { return d["type"] != "shipping" || d["shipped_at"] != nil })
}

// updateDeliveries changes the one delivery of an order, also one that was sent.
func (c *call) updateDeliveries() (int, any) {
	o := byID(c.shop.orders, c.r.PathValue("order_id"))
	if o == nil {
		return http.StatusNotFound, refusal("オーダーが見つかりません。")
	}
	var body object
	if err := fake.ReadJSON(c.r, &body); err != nil {
		return bad("リクエストの形式が正しくありません。")
	}
	limits := map[string]int{"delivery_method_name": 20, "estimated_arrival_date": 30, "tracking_number": 20, "shipped_mail_message": 1000}
	change := object{}
	for name, limit := range limits {
		value, given := body[name]
		text, isText := value.(string)
		switch {
		case !given:
		case !isText:
			return bad(name + "は文字列で指定してください。")
		case utf8.RuneCountInString(text) > limit:
			return bad(name + "が長すぎます。")
		default:
			change[name] = text
		}
	}
	goods := slices.DeleteFunc(slices.Clone(rows(o["deliveries"])), func(d object) bool { return d["type"] != "shipping" })
	switch {
	case len(change) == 0:
		return bad("更新する項目がありません。")
	case !isOnline(o):
		return bad("ECのオーダーではありません。")
	case len(rows(o["deliveries"])) > 1:
		return bad("配送が複数あるオーダーは更新できません。")
	case len(goods) == 0:
		return bad("更新できる配送がありません。")
	case goods[0]["canceled_at"] != nil:
		return bad("キャンセルされたオーダーです。")
	}
	overlay("deliveries", goods[0], change)
	return http.StatusOK, o
}
