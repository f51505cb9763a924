package hooks

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strconv"

	"github.com/shotengai/shotengai-go"
)

// The root elements of Rakuten's system events.
const (
	rakutenOrderRoot  = "orderNotifyModel"
	rakutenNotifyRoot = "notifyModel"
)

// RakutenShop is the shop that an event names and its authKey proves. How it relates to the
// shop's id is not documented; order numbers begin with the id.
type RakutenShop struct {
	ContractID string
	// ShopURL is the shop's name in its address.
	ShopURL string
}

// RakutenOrders is the system event of new orders. Provisional.
type RakutenOrders struct {
	Shop   RakutenShop
	Orders []RakutenOrderNotice
	// Raw is the whole body, the authKey with it.
	Raw Raw
}

// RakutenOrderNotice is one new order.
type RakutenOrderNotice struct {
	OrderNumber string
	SeqID       string
	// OrderType is 1, 4, 5 or 6; what they mean is not documented.
	OrderType int
	// OrderDate is as sent: its form is not documented.
	OrderDate string
	Baskets   []RakutenBasket
}

// RakutenBasket is one item of a new order.
type RakutenBasket struct {
	ItemID         string
	PageURL        string
	InventoryType  int
	Units          int
	OrgItemNumber  string
	ItemNumber     string
	SelectedChoice string
	// HChoiceName and VChoiceName are the choices on the horizontal and the vertical axis.
	HChoiceName string
	VChoiceName string
}

// RakutenServiceID is what a system event is about.
type RakutenServiceID int

// The services that send system events; others may come.
const (
	RakutenItemFileDone   RakutenServiceID = 3000
	RakutenImageFileDone  RakutenServiceID = 3100
	RakutenOrderChanged   RakutenServiceID = 4000
	RakutenRestockRequest RakutenServiceID = 4100
	RakutenPaymentReview  RakutenServiceID = 5000
	RakutenCautionOrder   RakutenServiceID = 5100
)

// RakutenNotices is the system event of everything but new orders. Provisional.
type RakutenNotices struct {
	Shop    RakutenShop
	Notices []RakutenNotice
	// Raw is the whole body, the authKey with it.
	Raw Raw
}

// RakutenNotice is one thing that happened.
type RakutenNotice struct {
	RequestID  string
	ServiceID  RakutenServiceID
	FunctionID int
	// Values are value1 to value10. What they mean depends on the service.
	Values [10]RakutenValue
}

// RakutenValue is a named value.
type RakutenValue struct {
	Name  string
	Value string
}

// rakutenBody is a system event whose authKey has not been looked at.
type rakutenBody struct {
	root    *node
	auth    *node
	authKey string
	shop    RakutenShop
}

// readRakuten reads a body as far as is needed to authenticate it.
func readRakuten(body []byte) (*rakutenBody, error) {
	root, err := parseXML(body)
	if err != nil {
		return nil, err
	}
	if root.name != rakutenOrderRoot && root.name != rakutenNotifyRoot {
		return nil, fmt.Errorf("%w: neither %s nor %s", ErrPayload, rakutenOrderRoot, rakutenNotifyRoot)
	}
	var f fields
	b := &rakutenBody{root: root, auth: root.one(&f, "authModel")}
	if b.auth != nil {
		b.authKey = b.auth.value(&f, "authKey")
		b.shop = RakutenShop{ContractID: b.auth.value(&f, "contractId"), ShopURL: b.auth.value(&f, "shopUrl")}
	}
	if f.err != nil {
		return nil, f.err
	}
	return b, nil
}

// authenticate compares the authKey with each of the keys, by hashes and to the end.
func (b *rakutenBody) authenticate(keys []shotengai.Secret) (int, error) {
	given := sha256.Sum256([]byte(b.authKey))
	found := -1
	for i, key := range keys {
		expected := sha256.Sum256([]byte(key.Reveal()))
		if subtle.ConstantTimeCompare(expected[:], given[:]) == 1 && found < 0 {
			found = i
		}
	}
	if found < 0 {
		return -1, ErrAuthKey
	}
	return found, nil
}

// VerifyRakuten checks the authKey of a system event of either kind against the keys. It
// is the only proof: nothing is signed. With several keys, as during a change, one of them
// has to match. It fails with [ErrSecret], [ErrAuthKey], [ErrPayload], and for a field with
// a [FieldError].
func VerifyRakuten(body []byte, authKeys ...shotengai.Secret) error {
	_, _, err := matchRakuten(body, authKeys)
	return err
}

// matchRakuten reads the body as far as is needed, and returns the index of the key that
// matched.
func matchRakuten(body []byte, authKeys []shotengai.Secret) (*rakutenBody, int, error) {
	if err := checkSecrets(authKeys); err != nil {
		return nil, -1, err
	}
	b, err := readRakuten(body)
	if err != nil {
		return nil, -1, err
	}
	matched, err := b.authenticate(authKeys)
	return b, matched, err
}

// ParseRakutenOrders reads a system event of new orders. It does not verify it: see
// [VerifyRakuten], or [OpenRakutenOrders] for both. It fails with [ErrPayload], and for a
// field with a [FieldError].
func ParseRakutenOrders(body []byte) (*RakutenOrders, error) {
	b, err := readRakuten(body)
	if err != nil {
		return nil, err
	}
	return b.orders(body)
}

// ParseRakutenNotices reads a system event of anything but new orders. It does not verify
// it: see [VerifyRakuten], or [OpenRakutenNotices] for both. It fails as
// [ParseRakutenOrders] does.
func ParseRakutenNotices(body []byte) (*RakutenNotices, error) {
	b, err := readRakuten(body)
	if err != nil {
		return nil, err
	}
	return b.notices(body)
}

// OpenRakutenOrders verifies a system event of new orders as [VerifyRakuten] does, and then
// parses it: for an application that takes its events from a queue rather than from
// [Rakuten].
func OpenRakutenOrders(body []byte, authKeys ...shotengai.Secret) (Verified[*RakutenOrders], error) {
	b, matched, err := matchRakuten(body, authKeys)
	return verified(matched, err, func() (*RakutenOrders, error) { return b.orders(body) })
}

// OpenRakutenNotices verifies a system event of anything but new orders as [VerifyRakuten]
// does, and then parses it.
func OpenRakutenNotices(body []byte, authKeys ...shotengai.Secret) (Verified[*RakutenNotices], error) {
	b, matched, err := matchRakuten(body, authKeys)
	return verified(matched, err, func() (*RakutenNotices, error) { return b.notices(body) })
}

func (b *rakutenBody) is(root string) error {
	if b.root.name != root {
		return fmt.Errorf("%w: not %s", ErrPayload, root)
	}
	return nil
}

func (b *rakutenBody) orders(body []byte) (*RakutenOrders, error) {
	if err := b.is(rakutenOrderRoot); err != nil {
		return nil, err
	}
	event := &RakutenOrders{Shop: b.shop, Raw: body}
	var f fields
	for _, n := range b.root.all("orderInfoNotifyModel") {
		order := RakutenOrderNotice{
			OrderNumber: n.value(&f, "orderNumber"),
			SeqID:       n.value(&f, "seqId"),
			OrderType:   n.number(&f, "orderType"),
			OrderDate:   n.value(&f, "orderDate"),
		}
		f.required("orderNumber", order.OrderNumber)
		for _, n := range n.all("basketModel") {
			order.Baskets = append(order.Baskets, RakutenBasket{
				ItemID:         n.value(&f, "itemId"),
				PageURL:        n.value(&f, "pageURL"),
				InventoryType:  n.number(&f, "inventoryType"),
				Units:          n.number(&f, "units"),
				OrgItemNumber:  n.value(&f, "orgItemNumber"),
				ItemNumber:     n.value(&f, "itemNumber"),
				SelectedChoice: n.value(&f, "selectedChoice"),
				HChoiceName:    n.value(&f, "h_choice_c_name"),
				VChoiceName:    n.value(&f, "v_choice_c_name"),
			})
		}
		event.Orders = append(event.Orders, order)
	}
	if len(event.Orders) == 0 {
		f.fail("orderInfoNotifyModel", "missing")
	}
	if f.err != nil {
		return nil, f.err
	}
	return event, nil
}

func (b *rakutenBody) notices(body []byte) (*RakutenNotices, error) {
	if err := b.is(rakutenNotifyRoot); err != nil {
		return nil, err
	}
	event := &RakutenNotices{Shop: b.shop, Raw: body}
	var f fields
	for _, n := range b.root.all("notifyInfoModel") {
		notice := RakutenNotice{
			RequestID:  n.value(&f, "requestId"),
			ServiceID:  RakutenServiceID(n.number(&f, "serviceId")),
			FunctionID: n.number(&f, "functionId"),
		}
		f.positive("serviceId", int64(notice.ServiceID))
		for i := range notice.Values {
			name := "value" + strconv.Itoa(i+1)
			notice.Values[i].Value = n.value(&f, name)
			if v := n.one(&f, name); v != nil {
				notice.Values[i].Name = v.attr(&f, "name")
			}
		}
		event.Notices = append(event.Notices, notice)
	}
	if len(event.Notices) == 0 {
		f.fail("notifyInfoModel", "missing")
	}
	if f.err != nil {
		return nil, f.err
	}
	return event, nil
}

// number returns the only child of a name as a number; zero when it is missing or empty.
func (n *node) number(f *fields, name string) int {
	text := n.value(f, name)
	if text == "" {
		return 0
	}
	v, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		f.fail(name, "not a whole number of 32 bits")
	}
	return int(v)
}
