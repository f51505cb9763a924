package rakutentest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
)

// Receiver is a program that a vendor has registered for system events.
type Receiver struct {
	// URL receives the events.
	URL string
	// ContractID, ShopURL and AuthKey are sent with each event. The key is all that distinguishes
	// the platform from others.
	ContractID, ShopURL string
	AuthKey             shotengai.Secret
}

type authModel struct {
	ContractID string `xml:"contractId"`
	ShopURL    string `xml:"shopUrl"`
	AuthKey    string `xml:"authKey"`
}

func (r Receiver) auth() authModel { return authModel{r.ContractID, r.ShopURL, r.AuthKey.Reveal()} }

type basketModel struct {
	ItemID         string `xml:"itemId"`
	PageURL        string `xml:"pageURL"`
	InventoryType  int    `xml:"inventoryType"`
	Units          int64  `xml:"units"`
	ItemNumber     string `xml:"itemNumber"`
	SelectedChoice string `xml:"selectedChoice"`
}

type orderInfo struct {
	OrderNumber string        `xml:"orderNumber"`
	SeqID       string        `xml:"seqId"`
	OrderType   int           `xml:"orderType"`
	Baskets     []basketModel `xml:"basketModel"`
	OrderDate   string        `xml:"orderDate"`
}

// NotifyOrders sends the receiver new orders, once, and returns the resultCode of its
// answer. How the platform spells orderDate is not known; the fake spells it as orders.
func (s *Server) NotifyOrders(to Receiver, shop *Shop, orderNumbers ...string) (resultCode string, err error) {
	var infos []orderInfo
	s.mu.Lock()
	for i, number := range orderNumbers {
		o := shop.byNumber[number]
		if o == nil {
			s.mu.Unlock()
			return "", fmt.Errorf("rakutentest: shop %s has no order %s", shop.ID, number)
		}
		info := orderInfo{OrderNumber: number, SeqID: strconv.Itoa(i + 1), OrderType: o.OrderType, OrderDate: o.OrderDatetime.In(jst).Format(orderLayout)}
		for _, p := range o.Packages {
			for _, line := range p.Items {
				info.Baskets = append(info.Baskets, basketModel{
					ItemID: strconv.FormatInt(line.ItemID, 10), InventoryType: line.InventoryType, Units: line.Units, ItemNumber: text(line.ItemNumber), SelectedChoice: text(line.SelectedChoice),
				})
			}
		}
		infos = append(infos, info)
	}
	s.mu.Unlock()
	return s.push(to, struct {
		XMLName xml.Name    `xml:"orderNotifyModel"`
		Auth    authModel   `xml:"authModel"`
		Orders  []orderInfo `xml:"orderInfoNotifyModel"`
	}{Auth: to.auth(), Orders: infos})
}

// Notify sends the receiver anything but new orders, once, and returns the resultCode of
// its answer. The service is 3000 (item file done), 3100 (image file done), 4000 (order
// changed), 4100 (restock request), 5000 (payment review) or 5100 (caution order); the
// values are name and text in turn, up to ten pairs. What they are called is not
// established.
func (s *Server) Notify(to Receiver, service int, values ...string) (resultCode string, err error) {
	if len(values)%2 != 0 || len(values) > 20 {
		return "", fmt.Errorf("rakutentest: %d values, up to ten pairs are allowed", len(values))
	}
	type element struct {
		XMLName xml.Name
		Name    string `xml:"name,attr"`
		Value   string `xml:",chardata"`
	}
	type info struct {
		RequestID  string `xml:"requestId"`
		ServiceID  int    `xml:"serviceId"`
		FunctionID int    `xml:"functionId"`
		Values     []element
	}
	s.mu.Lock()
	notice := info{RequestID: strconv.FormatInt(s.newID(), 10), ServiceID: service, FunctionID: 1100}
	s.mu.Unlock()
	for i := 0; i < len(values); i += 2 {
		name := xml.Name{Local: fmt.Sprintf("value%d", i/2+1)}
		notice.Values = append(notice.Values, element{name, values[i], values[i+1]})
	}
	return s.push(to, struct {
		XMLName xml.Name  `xml:"notifyModel"`
		Auth    authModel `xml:"authModel"`
		Notices []info    `xml:"notifyInfoModel"`
	}{Auth: to.auth(), Notices: []info{notice}})
}

// push sends an event and reads the answer. Whether the platform repeats one that failed
// is not known; the fake does not.
func (s *Server) push(to Receiver, v any) (string, error) {
	body, err := xml.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("rakutentest: %w", err)
	}
	header := http.Header{"Content-Type": {"text/xml; charset=utf-8"}}
	answer, err := fake.Post(s.life, s.config.hookClient, to.URL, header, append([]byte(xml.Header), body...))
	if err != nil {
		return "", fmt.Errorf("rakutentest: %w", err)
	}
	var out struct {
		XMLName xml.Name `xml:"responseModel"`
		Code    string   `xml:"resultCode"`
	}
	if err := xml.Unmarshal(answer.Body, &out); err != nil {
		return "", fmt.Errorf("rakutentest: the receiver answered %d without a responseModel", answer.Status)
	}
	return out.Code, nil
}
