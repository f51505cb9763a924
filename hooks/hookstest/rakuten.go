package hookstest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
)

// Rakuten returns a system event of any content. Rakuten documents no resends.
func Rakuten(kind hooks.Kind, body []byte) Event {
	return Event{
		Kind:   kind,
		Body:   body,
		Header: http.Header{"Content-Type": {"text/xml; charset=utf-8"}},
		Accept: func(a Attempt) error {
			if code := RakutenResultCode(a); code != hooks.RakutenAccepted {
				return fmt.Errorf("%w: result code %q", ErrRefused, code)
			}
			return nil
		},
	}
}

// RakutenResultCode returns the result code in an answer, or "".
func RakutenResultCode(a Attempt) string {
	var answer struct {
		XMLName    xml.Name `xml:"responseModel"`
		ResultCode string   `xml:"resultCode"`
	}
	if xml.Unmarshal(a.Body, &answer) != nil {
		return ""
	}
	return answer.ResultCode
}

type xmlWriter struct{ strings.Builder }

func (w *xmlWriter) element(name, text string) {
	if text == "" {
		return
	}
	w.WriteString("<" + name + ">")
	_ = xml.EscapeText(w, []byte(text))
	w.WriteString("</" + name + ">")
}

func (w *xmlWriter) number(name string, n int) {
	if n != 0 {
		w.element(name, strconv.Itoa(n))
	}
}

func (w *xmlWriter) auth(shop hooks.RakutenShop, authKey shotengai.Secret) {
	w.WriteString("<authModel>")
	w.element("contractId", shop.ContractID)
	w.element("shopUrl", shop.ShopURL)
	w.element("authKey", authKey.Reveal())
	w.WriteString("</authModel>")
}

// RakutenOrders returns a system event of new orders.
func RakutenOrders(event hooks.RakutenOrders, authKey shotengai.Secret) Event {
	var w xmlWriter
	w.WriteString(xml.Header + "<orderNotifyModel>")
	w.auth(event.Shop, authKey)
	for _, order := range event.Orders {
		w.WriteString("<orderInfoNotifyModel>")
		w.element("orderNumber", order.OrderNumber)
		w.element("seqId", order.SeqID)
		w.number("orderType", order.OrderType)
		for _, b := range order.Baskets {
			w.WriteString("<basketModel>")
			w.element("itemId", b.ItemID)
			w.element("pageURL", b.PageURL)
			w.number("inventoryType", b.InventoryType)
			w.number("units", b.Units)
			w.element("orgItemNumber", b.OrgItemNumber)
			w.element("itemNumber", b.ItemNumber)
			w.element("selectedChoice", b.SelectedChoice)
			w.element("h_choice_c_name", b.HChoiceName)
			w.element("v_choice_c_name", b.VChoiceName)
			w.WriteString("</basketModel>")
		}
		w.element("orderDate", order.OrderDate)
		w.WriteString("</orderInfoNotifyModel>")
	}
	w.WriteString("</orderNotifyModel>")
	return Rakuten(hooks.RakutenOrdersKind, []byte(w.String()))
}

// RakutenNotices returns a system event of anything but new orders.
func RakutenNotices(event hooks.RakutenNotices, authKey shotengai.Secret) Event {
	var w xmlWriter
	w.WriteString(xml.Header + "<notifyModel>")
	w.auth(event.Shop, authKey)
	for _, n := range event.Notices {
		w.WriteString("<notifyInfoModel>")
		w.element("requestId", n.RequestID)
		w.number("serviceId", int(n.ServiceID))
		w.number("functionId", n.FunctionID)
		for i, v := range n.Values {
			if v == (hooks.RakutenValue{}) {
				continue
			}
			_, _ = fmt.Fprintf(&w, `<value%d name="`, i+1)
			_ = xml.EscapeText(&w, []byte(v.Name))
			w.WriteString(`">`)
			_ = xml.EscapeText(&w, []byte(v.Value))
			_, _ = fmt.Fprintf(&w, "</value%d>", i+1)
		}
		w.WriteString("</notifyInfoModel>")
	}
	w.WriteString("</notifyModel>")
	return Rakuten(hooks.RakutenNoticesKind, []byte(w.String()))
}
