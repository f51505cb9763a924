package rakutentest

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"
)

// maxShippingRows is the most rows of one package in a request.
const maxShippingRows = 20

// asyncRetention is how long the result of an asynchronous request is kept.
const asyncRetention = 30 * 24 * time.Hour

type shippingRequest struct {
	OrderNumber string           `json:"orderNumber"`
	Baskets     []shippingBasket `json:"BasketidModelList"`
}

type shippingBasket struct {
	BasketID int64         `json:"basketId"`
	Rows     []shippingRow `json:"ShippingModelList"`
}

type shippingRow struct {
	ID     *int64  `json:"shippingDetailId"`
	Number *string `json:"shippingNumber"`
	Code   *string `json:"deliveryCompany"`
	Date   *string `json:"shippingDate"`
	Delete int     `json:"shippingDeleteFlag"`
}

// rowMessage is what the platform says of a shipping row, or of none.
type rowMessage struct {
	Type             string `json:"messageType"`
	Code             string `json:"messageCode"`
	Message          string `json:"message"`
	DataNumber       *int   `json:"dataNumber"`
	ShippingDetailID *int64 `json:"shippingDetailId"`
}

func (c *call) rowFailed(number int, text string) rowMessage {
	return rowMessage{Type: "ERROR", Code: c.code("ERROR", number), Message: text}
}

// check returns what is wrong with the whole request, and "" when nothing is.
func (q *shippingRequest) check() string {
	if q.OrderNumber == "" || len(q.Baskets) == 0 {
		return "orderNumber、BasketidModelListは必須です。"
	}
	for _, b := range q.Baskets {
		switch n := len(b.Rows); {
		case b.BasketID == 0 || n == 0:
			return "basketId、ShippingModelListは必須です。"
		case n > maxShippingRows:
			return "ShippingModelListは20件以内で指定してください。"
		}
	}
	return ""
}

// refuseOrder returns why parcels of an order cannot be changed. At which progress they can
// is not known: the fake takes those from 300 to 700.
func (c *call) refuseOrder(number string) (int, string) {
	o := c.order(number)
	switch {
	case o == nil:
		return errMissing, textMissing
	case o.OrderProgress < progressToShip || o.OrderProgress > progressPaid:
		return errProgress, textProgress
	}
	return 0, ""
}

const textProgress = "注文のステータスが処理の対象ではありません。"

// updateOrderShipping adds, changes and deletes parcels row by row. What is wrong with the
// request is HTTP 400; what is wrong with the order or a row is HTTP 200.
func (c *call) updateOrderShipping() reply {
	var q shippingRequest
	if !c.read(&q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。")
	}
	if text := q.check(); text != "" {
		return c.invalid(errValue, text)
	}
	if number, text := c.refuseOrder(q.OrderNumber); number != 0 {
		return ok(object{"MessageModelList": []rowMessage{c.rowFailed(number, text)}})
	}
	return ok(object{"MessageModelList": c.ship(q)})
}

// ship carries out the rows of an order that has been checked.
func (c *call) ship(q shippingRequest) []rowMessage {
	o := c.order(q.OrderNumber)
	var list []rowMessage
	for _, b := range q.Baskets {
		i := slices.IndexFunc(o.Packages, func(p *parcelGroup) bool { return p.BasketID == b.BasketID })
		for _, row := range b.Rows {
			m := rowMessage{Type: "INFO", Code: c.code("INFO", 101), Message: "発送情報の更新に成功しました。", ShippingDetailID: row.ID}
			if i < 0 {
				m = c.rowFailed(errMissing, "指定された送付先は存在しません。")
			} else if id, number, text := c.shipRow(o.Packages[i], row); number != 0 {
				m = c.rowFailed(number, text)
				m.ShippingDetailID = row.ID
			} else {
				m.ShippingDetailID = &id
			}
			m.DataNumber = new(len(list) + 1)
			list = append(list, m)
		}
	}
	o.advance(c.now)
	return list
}

// shipRow carries out one row and returns the parcel's id, or an error.
func (c *call) shipRow(p *parcelGroup, row shippingRow) (id int64, number int, problem string) {
	_, known := carriers[text(row.Code)]
	switch {
	case utf8.RuneCountInString(text(row.Number)) > 120:
		return 0, errValue, "shippingNumberは120文字以内で指定してください。"
	case text(row.Code) != "" && !known:
		return 0, errValue, "deliveryCompanyが正しくありません。"
	case text(row.Date) != "" && !isDay(*row.Date):
		return 0, errValue, "shippingDateが正しくありません。"
	case row.Delete != 0 && row.Delete != 1:
		return 0, errValue, "shippingDeleteFlagが正しくありません。"
	}
	var parcel *shipping
	if row.ID == nil {
		if row.Delete == 1 {
			return 0, errRequired, "削除するshippingDetailIdは必須です。"
		}
		parcel = &shipping{ShippingDetailID: c.newID()}
		p.Shippings = append(p.Shippings, parcel)
	} else {
		i := slices.IndexFunc(p.Shippings, func(s *shipping) bool { return s.ShippingDetailID == *row.ID })
		if i < 0 {
			return 0, errMissing, "指定されたshippingDetailIdは存在しません。"
		}
		if parcel = p.Shippings[i]; row.Delete == 1 {
			p.Shippings = slices.Delete(p.Shippings, i, i+1)
			return parcel.ShippingDetailID, 0, ""
		}
	}
	parcel.take(row)
	return parcel.ShippingDetailID, 0, ""
}

// take writes a row into a parcel: what is absent stays, what is empty is erased.
func (s *shipping) take(row shippingRow) {
	set(&s.ShippingNumber, row.Number)
	set(&s.ShippingDate, row.Date)
	set(&s.DeliveryCompany, row.Code)
	if row.Code != nil {
		name := carriers[*row.Code]
		set(&s.DeliveryCompanyName, &name)
	}
}

func set(dst **string, v *string) {
	switch {
	case v == nil:
	case *v == "":
		*dst = nil
	default:
		*dst = v
	}
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// advance moves an order that awaits shipping on, once each package has a parcel with a
// day. That the platform waits for just this is not established.
func (o *order) advance(now time.Time) {
	if o.OrderProgress != progressToShip || o.lacks(func(s *shipping) *string { return s.ShippingDate }) {
		return
	}
	o.OrderProgress, o.ShippingCmplRptDatetime = progressShipped, instant{now.Truncate(time.Second)}
}

// asyncRequest is an asynchronous shipping request.
type asyncRequest struct {
	taken   time.Time
	due     time.Time
	orders  []shippingRequest
	results []asyncOrderResult // nil until it is carried out
}

type asyncOrderResult struct {
	OrderNumber string       `json:"orderNumber"`
	Messages    []rowMessage `json:"MessageModelList"`
}

type asyncMessage struct {
	rowMessage

	OrderNumber string `json:"orderNumber"`
	RequestID   string `json:"requestId"`
}

// updateOrderShippingAsync takes requests to be carried out later. What is wrong with them,
// or with all of the call, comes with HTTP 200.
func (c *call) updateOrderShippingAsync() reply {
	var q struct {
		Orders []shippingRequest `json:"OrderShippingModelList"`
	}
	if !c.read(&q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。")
	}
	refused := func(number int, text, order string) reply {
		return ok(object{"MessageModelList": []asyncMessage{{rowMessage: c.rowFailed(number, text), OrderNumber: order}}})
	}
	if n := len(q.Orders); n == 0 || n > maxOrders {
		return refused(errTooMany, "OrderShippingModelListは1件以上100件以内で指定してください。", "")
	}
	seen := map[string]bool{}
	for _, o := range q.Orders {
		if seen[o.OrderNumber] {
			return refused(errValue, "注文番号が重複しています。", o.OrderNumber)
		}
		seen[o.OrderNumber] = true
	}
	id := c.newRequestID()
	job := &asyncRequest{taken: c.now, due: c.now.Add(c.config.asyncDelay)}
	var list []asyncMessage
	for _, o := range q.Orders {
		m := asyncMessage{OrderNumber: o.OrderNumber}
		number, text := c.refuseOrder(o.OrderNumber)
		if wrong := o.check(); wrong != "" {
			number, text = errValue, wrong
		}
		if number != 0 {
			m.rowMessage = c.rowFailed(number, text)
		} else {
			m.rowMessage = rowMessage{Type: "INFO", Code: c.code("INFO", 101), Message: "受け付けました。"}
			m.RequestID = id
			job.orders = append(job.orders, o)
		}
		list = append(list, m)
	}
	if len(job.orders) > 0 {
		c.shop.async[id] = job
	}
	return ok(object{"MessageModelList": list})
}

// newRequestID is a uuid and the time in Japan.
func (c *call) newRequestID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	h := hex.EncodeToString(b)
	return fmt.Sprintf("%s-%s-%s-%s-%s_%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:], c.now.In(jst).Format("20060102150405"))
}

// settle carries out what has fallen due, each at its own time and in their order.
func (c *call) settle() {
	later := *c
	later.name = "order.updateOrderShippingAsync"
	jobs := slices.SortedFunc(maps.Values(c.shop.async), func(a, b *asyncRequest) int { return a.due.Compare(b.due) })
	for _, job := range jobs {
		if job.results == nil && !c.now.Before(job.due) {
			later.now = job.due
			job.results = later.shipAll(job.orders)
		}
	}
}

func (c *call) shipAll(orders []shippingRequest) []asyncOrderResult {
	results := []asyncOrderResult{}
	for _, q := range orders {
		result := asyncOrderResult{OrderNumber: q.OrderNumber}
		if number, text := c.refuseOrder(q.OrderNumber); number != 0 {
			result.Messages = []rowMessage{c.rowFailed(number, text)}
		} else {
			result.Messages = c.ship(q)
		}
		results = append(results, result)
	}
	return results
}

// asyncResult says the same of a request that is not finished, that never was and that is
// older than 30 days: nothing.
func (c *call) asyncResult() reply {
	var q struct {
		RequestID string `json:"requestId"`
	}
	if !c.read(&q) || q.RequestID == "" {
		return c.invalid(errRequired, "requestIdは必須です。")
	}
	results := []asyncOrderResult{}
	if job := c.shop.async[q.RequestID]; job != nil && job.results != nil && c.now.Sub(job.taken) <= asyncRetention {
		results = job.results
	}
	return ok(object{"ResultShippingModelList": results})
}
