package rakutentest

import (
	"encoding/json"
	"slices"
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
		o.OrderProgress, o.ShopOrderCfmDatetime, o.RakutenConfirmFlag = progressProcessing, c.instant(), 1
		return 0, ""
	})
}

// instant is the time as an order keeps it.
func (c *call) instant() instant { return instant{c.now.Truncate(1e9)} }

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

// setSubStatus gives an order one of the states below its progress.
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

// updateOrderMemo changes what the shop notes about an order: what is absent stays, null
// clears.
func (c *call) updateOrderMemo() reply {
	var q map[string]json.RawMessage
	var number string
	if c.read(&q) {
		_ = json.Unmarshal(q["orderNumber"], &number)
	}
	for name, most := range map[string]int{"memo": 1000, "operator": 6, "mailPlugSentence": 1024} {
		var s *string
		if raw, there := q[name]; there && (json.Unmarshal(raw, &s) != nil || utf8.RuneCountInString(text(s)) > most) {
			return c.invalid(errValue, name+"が正しくありません。")
		}
	}
	return c.one(&q, &number, func(o *order) (int, string) {
		if raw, there := q["subStatusId"]; there {
			var id *int
			if json.Unmarshal(raw, &id) != nil {
				return errValue, "subStatusIdが正しくありません。"
			}
			if id == nil {
				o.SubStatusID, o.SubStatusName = nil, nil
			} else if code, problem := c.setSubStatus(o, *id); code != 0 {
				return code, problem
			}
		}
		for name, dst := range map[string]any{
			"memo": &o.Memo, "operator": &o.Operator, "mailPlugSentence": &o.MailPlugSentence, "deliveryDate": &o.DeliveryDate,
			"shippingTerm": &o.ShippingTerm, "deliveryClass": &o.Delivery.DeliveryClass,
		} {
			if raw, there := q[name]; there && json.Unmarshal(raw, dst) != nil {
				return errValue, name + "が正しくありません。"
			}
		}
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
		Orderer     json.RawMessage `json:"OrdererModel"`
	}
	return c.one(&q, &q.OrderNumber, func(o *order) (int, string) {
		changed := o.Orderer
		if len(q.Orderer) == 0 || json.Unmarshal(q.Orderer, &changed) != nil {
			return errRequired, "OrdererModelは必須です。"
		}
		o.Orderer = changed
		return 0, ""
	})
}

func (c *call) cancelOrder() reply {
	return c.cancel(progressNew, progressProcessing, progressToShip)
}

func (c *call) cancelOrderAfterShipping() reply {
	return c.cancel(progressShipped, progressPaying, progressPaid, progressCancelling)
}

// cancel cancels an order in one of the given progresses, through to the end.
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
		case !slices.Contains(from, o.OrderProgress):
			return errProgress, textProgress
		}
		o.OrderProgress = progressCancelled
		at := c.instant()
		o.ChangeReasons = append(o.ChangeReasons, changeReason{
			ChangeID: int64(len(o.ChangeReasons) + 1), ChangeType: new(2), ChangeTypeDetail: new(2), ChangeReason: new(0), ChangeReasonDetail: q.Reason,
			ChangeApplyDatetime: at, ChangeFixDatetime: at, ChangeCmplDatetime: at,
		})
		return 0, ""
	})
}
