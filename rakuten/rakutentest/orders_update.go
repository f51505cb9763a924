package rakutentest

import (
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"
)

type subStatus struct {
	progress int
	id       int
	name     string
}

// confirmOrder confirms the orders that await it, and says of each what became of it.
func (c *call) confirmOrder() reply {
	var q struct {
		Numbers []string `json:"orderNumberList"`
	}
	if !c.read(&q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。")
	}
	if out, fine := c.numbers(q.Numbers); !fine {
		return out
	}
	return c.each(q.Numbers, func(o *order) (int, string) {
		if o.OrderProgress != progressNew {
			return errProgress, textProgress
		}
		o.confirm(c.now.Truncate(time.Second))
		return 0, ""
	})
}

// each does something to each order and answers with a message for each.
func (c *call) each(numbers []string, do func(*order) (int, string)) reply {
	list := make([]message, 0, len(numbers))
	for _, number := range numbers {
		o := c.order(number)
		if o == nil {
			list = append(list, c.failed(errMissing, textMissing, number))
			continue
		}
		if code, problem := do(o); code != 0 {
			list = append(list, c.failed(code, problem, number))
			continue
		}
		list = append(list, c.info(number))
	}
	return messages(list...)
}

// getSubStatusList lists the shop's own states below each progress.
func (c *call) getSubStatusList() reply {
	var models []object
	for _, progress := range slices.Sorted(slices.Values(progresses)) {
		rows := []object{}
		for i, s := range c.shop.subStatuses {
			if s.progress == progress {
				rows = append(rows, object{"subStatusId": s.id, "subStatusName": s.name, "orderby": i + 1})
			}
		}
		models = append(models, object{"orderProgress": progress, "SubStatusModelList": rows})
	}
	return ok(object{"MessageModelList": c.plainInfo(101, "処理に成功しました。"), "StatusModelList": models})
}

// setSubStatus sets an order to one of the states below its progress.
func (c *call) setSubStatus(o *order, id int) (int, string) {
	i := slices.IndexFunc(c.shop.subStatuses, func(s subStatus) bool { return s.id == id && s.progress == o.OrderProgress })
	if i < 0 {
		return errProgress, "サブステータスは注文のステータスに設定できません。"
	}
	o.SubStatusID, o.SubStatusName = new(id), new(c.shop.subStatuses[i].name)
	return 0, ""
}

func (c *call) updateOrderSubStatus() reply {
	var q struct {
		ID      *int     `json:"subStatusId"`
		Numbers []string `json:"orderNumberList"`
	}
	if !c.read(&q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。")
	}
	if out, fine := c.numbers(q.Numbers); !fine {
		return out
	}
	if q.ID == nil {
		return c.invalid(errRequired, "subStatusIdは必須です。")
	}
	return c.each(q.Numbers, func(o *order) (int, string) { return c.setSubStatus(o, *q.ID) })
}

// one reads a request about one order. What is wrong with the request is HTTP 400, an
// order that does not exist is an ERROR in HTTP 200.
func (c *call) one(q any, number *string, change func(*order) (int, string)) reply {
	if !c.read(q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。")
	}
	if !orderNumber.MatchString(*number) {
		return c.invalid(errValue, "注文番号の形式が正しくありません。")
	}
	return c.each([]string{*number}, change)
}

// change is a member that keeps what is there when it is absent, and clears it with null.
type change[T any] struct {
	said bool
	to   *T
}

// UnmarshalJSON takes a value or null.
func (m *change[T]) UnmarshalJSON(data []byte) error {
	m.said = true
	return json.Unmarshal(data, &m.to)
}

func (m change[T]) apply(dst **T) {
	if m.said {
		*dst = m.to
	}
}

type memoRequest struct {
	OrderNumber      string         `json:"orderNumber"`
	SubStatusID      change[int]    `json:"subStatusId"`
	DeliveryClass    change[int]    `json:"deliveryClass"`
	DeliveryDate     change[string] `json:"deliveryDate"`
	ShippingTerm     change[int]    `json:"shippingTerm"`
	Memo             change[string] `json:"memo"`
	Operator         change[string] `json:"operator"`
	MailPlugSentence change[string] `json:"mailPlugSentence"`
}

// check returns the name of a member that is wrong.
func (q *memoRequest) check() string {
	longer := func(m change[string], most int) bool { return utf8.RuneCountInString(text(m.to)) > most }
	switch {
	case longer(q.Memo, 1000):
		return "memo"
	case longer(q.Operator, 6):
		return "operator"
	case longer(q.MailPlugSentence, 1024):
		return "mailPlugSentence"
	case outside(q.DeliveryClass.to, 0, 8):
		return "deliveryClass"
	case q.DeliveryDate.to != nil && !isDay(*q.DeliveryDate.to):
		return "deliveryDate"
	}
	return ""
}

// updateOrderMemo changes what the shop notes about an order: what is absent stays, null
// clears.
func (c *call) updateOrderMemo() reply {
	var q memoRequest
	if c.read(&q) {
		if wrong := q.check(); wrong != "" {
			return c.invalid(errValue, wrong+"が正しくありません。")
		}
	}
	return c.one(&q, &q.OrderNumber, func(o *order) (int, string) {
		switch {
		case q.SubStatusID.to != nil:
			if code, problem := c.setSubStatus(o, *q.SubStatusID.to); code != 0 {
				return code, problem
			}
		case q.SubStatusID.said:
			o.SubStatusID, o.SubStatusName = nil, nil
		}
		q.DeliveryClass.apply(&o.Delivery.DeliveryClass)
		q.DeliveryDate.apply(&o.DeliveryDate)
		q.ShippingTerm.apply(&o.ShippingTerm)
		q.Memo.apply(&o.Memo)
		q.Operator.apply(&o.Operator)
		q.MailPlugSentence.apply(&o.MailPlugSentence)
		return 0, ""
	})
}

func (c *call) updateOrderRemarks() reply {
	var q struct {
		OrderNumber string  `json:"orderNumber"`
		GiftCheck   *int    `json:"giftCheck"`
		Remarks     *string `json:"remarks"`
	}
	return c.one(&q, &q.OrderNumber, func(o *order) (int, string) {
		if outside(q.GiftCheck, 0, 1) {
			return errValue, "giftCheckが正しくありません。"
		}
		if q.GiftCheck != nil {
			o.GiftCheckFlag = *q.GiftCheck
		}
		set(&o.Remarks, q.Remarks)
		return 0, ""
	})
}

func (c *call) updateOrderDelivery() reply {
	var q struct {
		OrderNumber  string `json:"orderNumber"`
		DeliveryName string `json:"deliveryName"`
	}
	return c.one(&q, &q.OrderNumber, func(o *order) (int, string) {
		if !slices.Contains(deliveryNames, q.DeliveryName) {
			return errValue, "deliveryNameが店舗の設定にありません。"
		}
		o.Delivery.DeliveryName = q.DeliveryName
		return 0, ""
	})
}

// deliveryNames are the platform's defaults.
var deliveryNames = []string{
	"宅配便", "小型宅配便", "大型宅配便", "クール便", "メール便", "国際配送", "コンビニ受取", "ロッカー受取", "店頭受取", "発送を伴わない", "郵便局受取",
}

func (c *call) updateOrderOrderer() reply {
	var q struct {
		OrderNumber string          `json:"orderNumber"`
		Reason      *int            `json:"reductionReason"`
		Orderer     json.RawMessage `json:"OrdererModel"`
	}
	return c.one(&q, &q.OrderNumber, func(o *order) (int, string) {
		var changed orderer
		overlay(&changed, o.Orderer)
		switch {
		case len(q.Orderer) == 0 || json.Unmarshal(q.Orderer, &changed) != nil:
			return errRequired, "OrdererModelは必須です。"
		case q.Reason != nil && !slices.Contains(reasons, *q.Reason):
			return errValue, "reductionReasonが正しくありません。"
		}
		o.Orderer = changed
		return 0, ""
	})
}

// reasons are the codes that a change or a cancellation may have.
var reasons = []int{1, 2, 3, 4, 5, 6, 8, 10, 13, 14, 15}

// cancelOrder cancels an order that is not shipped. Whether the platform goes through to
// the end at once, as it does after shipping, is not established; the fake does.
func (c *call) cancelOrder() reply {
	return c.cancel(progressNew, progressProcessing, progressToShip)
}

func (c *call) cancelOrderAfterShipping() reply {
	return c.cancel(progressShipped, progressPaying, progressPaid, progressCancelling)
}

// cancel cancels an order in one of the given progresses. Stock stays as it is.
func (c *call) cancel(from ...int) reply {
	var q struct {
		OrderNumber string `json:"orderNumber"`
		Restore     *int   `json:"inventoryRestoreType"`
		Reason      *int   `json:"changeReasonDetailApply"`
	}
	return c.one(&q, &q.OrderNumber, func(o *order) (int, string) {
		switch {
		case q.Restore == nil || q.Reason == nil:
			return errRequired, "inventoryRestoreType、changeReasonDetailApplyは必須です。"
		case outside(q.Restore, 0, 2) || !slices.Contains(reasons, *q.Reason):
			return errValue, "inventoryRestoreType、changeReasonDetailApplyが正しくありません。"
		case !slices.Contains(from, o.OrderProgress):
			return errProgress, textProgress
		}
		o.cancel(c.now.Truncate(time.Second), *q.Reason)
		return 0, ""
	})
}
