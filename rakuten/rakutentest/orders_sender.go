package rakutentest

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"unicode/utf8"
)

// senderRequest changes what was ordered, where it goes and how it is paid. What is absent
// stays.
type senderRequest struct {
	OrderNumber string          `json:"orderNumber"`
	Reason      *int            `json:"reductionReason"`
	Wrapping1   *wrappingChange `json:"WrappingModel1"`
	Wrapping2   *wrappingChange `json:"WrappingModel2"`
	Packages    []packageChange `json:"PackageModelList"`
	Coupons     []couponChange  `json:"CouponModelList"`
	Settlement  *int            `json:"afterSettlementMethodCode"`
}

type wrappingChange struct {
	Title          *int     `json:"title"`
	Name           *string  `json:"name"`
	Price          *int64   `json:"price"`
	TaxRate        *float64 `json:"taxRate"`
	IncludeTaxFlag *int     `json:"includeTaxFlag"`
	Delete         int      `json:"deleteWrappingFlag"`
}

type packageChange struct {
	BasketID        int64           `json:"basketId"`
	PostagePrice    *int64          `json:"postagePrice"`
	PostageTaxRate  *float64        `json:"postageTaxRate"`
	DeliveryPrice   *int64          `json:"deliveryPrice"`
	DeliveryTaxRate *float64        `json:"deliveryTaxRate"`
	Noshi           *string         `json:"noshi"`
	Delete          int             `json:"packageDeleteFlag"`
	Sender          json.RawMessage `json:"SenderModel"`
	Items           []lineChange    `json:"ItemModelList"`
	DropOffLocation *string         `json:"dropOffLocation"`
}

type lineChange struct {
	ItemDetailID          int64      `json:"itemDetailId"`
	ItemName              *string    `json:"itemName"`
	ItemNumber            *string    `json:"itemNumber"`
	Price                 *int64     `json:"price"`
	TaxRate               *float64   `json:"taxRate"`
	Units                 *int64     `json:"units"`
	IncludePostageFlag    *int       `json:"includePostageFlag"`
	IncludeTaxFlag        *int       `json:"includeTaxFlag"`
	IncludeCashOnDelivery *int       `json:"includeCashOnDeliveryPostageFlag"`
	SelectedChoice        *string    `json:"selectedChoice"`
	RestoreInventoryFlag  *int       `json:"restoreInventoryFlag"`
	Delete                int        `json:"deleteItemFlag"`
	SKUs                  []orderSKU `json:"SkuModelList"`
}

type couponChange struct {
	Code   string `json:"couponCode"`
	ItemID int64  `json:"itemId"`
	Price  int64  `json:"couponPrice"`
	Unit   int64  `json:"couponUnit"`
}

// dropOffLocations are the places that a request may name.
var dropOffLocations = []string{"利用しない", "宅配ボックス", "玄関前", "玄関前鍵付容器", "メーターボックス", "物置", "車庫"}

// settlements are the methods that an order can be changed to, with their names.
var settlements = map[int]string{
	2: "代金引換", 4: "ショッピングクレジット", 5: "オートローン", 6: "リース", 7: "請求書払い", 9: "銀行振込",
	13: "セブンイレブン(前払)", 14: "ローソン、郵便局ATM等(前払)", 16: "Alipay", 27: "Alipay(支付宝)",
}

// checked is a member of a request, and whether it is missing or wrong in itself.
type checked struct {
	name  string
	wrong bool
}

// firstWrong is the name of the first member that is wrong, or "".
func firstWrong(parts ...checked) string {
	for _, p := range parts {
		if p.wrong {
			return p.name
		}
	}
	return ""
}

// check returns the name of a member that is missing or wrong in itself.
func (q *senderRequest) check() string {
	wrong := firstWrong(
		checked{"PackageModelList", len(q.Packages) == 0},
		checked{"reductionReason", q.Reason != nil && !slices.Contains(reasons, *q.Reason)},
		checked{"afterSettlementMethodCode", q.Settlement != nil && settlements[*q.Settlement] == ""},
		checked{"WrappingModel", q.Wrapping1.isWrong() || q.Wrapping2.isWrong()},
	)
	for _, p := range q.Packages {
		wrong = cmp.Or(wrong, p.check())
	}
	return wrong
}

func (m *wrappingChange) isWrong() bool {
	return m != nil && (longer(m.Name, 125) || outside(m.Title, 1, 2))
}

func (m packageChange) check() string {
	wrong := firstWrong(
		checked{"basketId", m.BasketID == 0},
		checked{"SenderModel", m.hasWrongSender()},
		checked{"dropOffLocation", m.DropOffLocation != nil && !slices.Contains(dropOffLocations, *m.DropOffLocation)},
	)
	for _, l := range m.Items {
		wrong = cmp.Or(wrong, l.check())
	}
	return wrong
}

func (m packageChange) hasWrongSender() bool {
	var to address
	if len(m.Sender) > 0 && json.Unmarshal(m.Sender, &to) != nil {
		return true
	}
	return longer(&to.City, 127) || longer(to.SubAddress, 127) || longer(&to.FamilyName, 127) || longer(to.FirstName, 127)
}

func (m lineChange) check() string {
	tooLong := longer(m.ItemName, 1000) || longer(m.ItemNumber, 125) || longer(m.SelectedChoice, 4000)
	return firstWrong(
		checked{"itemDetailId", m.ItemDetailID == 0},
		checked{"ItemModelList", tooLong || outside(m.RestoreInventoryFlag, 0, 2)},
		checked{"taxRate", m.TaxRate != nil && !slices.Contains([]float64{0, 0.08, 0.1}, *m.TaxRate)},
	)
}

func longer(s *string, most int) bool { return utf8.RuneCountInString(text(s)) > most }

func (c *call) updateOrderSender() reply {
	return c.changeSender(progressNew, progressProcessing, progressToShip)
}

// updateOrderSenderAfterShipping is updateOrderSender without a change of the payment
// method.
func (c *call) updateOrderSenderAfterShipping() reply {
	return c.changeSender(progressShipped, progressPaying, progressPaid)
}

func (c *call) changeSender(in ...int) reply {
	var q senderRequest
	if c.read(&q) {
		if wrong := q.check(); wrong != "" {
			return c.invalid(errValue, wrong+"が正しくありません。")
		}
	}
	return c.one(&q, &q.OrderNumber, func(o *order) (int, string) {
		switch {
		case !slices.Contains(in, o.OrderProgress):
			return errProgress, textProgress
		case q.Settlement != nil && o.OrderProgress >= progressShipped:
			return errValue, "発送後は支払方法を変更できません。"
		}
		changed, number, problem := q.apply(o)
		if number == 0 {
			changed.ModifyFlag = 1
			*o = *changed
		}
		return number, problem
	})
}

// simulateCouponAmount returns what a change would do. Its details are not established: the
// fake takes the request of updateOrderSender, and no change of it moves the charge.
func (c *call) simulateCouponAmount() reply {
	var q senderRequest
	if !c.read(&q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。")
	}
	if wrong := q.check(); wrong != "" {
		return c.invalid(errValue, wrong+"が正しくありません。")
	}
	o := c.order(q.OrderNumber)
	if o == nil {
		return messages(c.failed(errMissing, textMissing, q.OrderNumber))
	}
	changed, number, problem := q.apply(o)
	if number != 0 {
		return messages(c.failed(number, problem, q.OrderNumber))
	}
	return ok(object{
		"MessageModelList": []message{c.info(q.OrderNumber)}, "paymentChargeBefore": o.PaymentCharge, "paymentChargeAfter": changed.PaymentCharge,
	})
}

// apply returns the order as it would be, or why it cannot be so.
func (q *senderRequest) apply(o *order) (changed *order, number int, problem string) {
	changed = &order{paid: o.paid}
	overlay(changed, o)
	for _, step := range []func(*order) (int, string){q.applyPackages, q.applyCoupons} {
		if number, problem = step(changed); number != 0 {
			return nil, number, problem
		}
	}
	q.Wrapping1.apply(&changed.Wrapping1)
	q.Wrapping2.apply(&changed.Wrapping2)
	if q.Settlement != nil {
		changed.Settlement = &settlement{SettlementMethod: settlements[*q.Settlement], SettlementMethodCode: *q.Settlement, RpaySettlementFlag: 1}
	}
	changed.total()
	if q.Reason == nil && changed.RequestPrice != notFixed && changed.RequestPrice < o.RequestPrice {
		return nil, errRequired, "減額の場合はreductionReasonは必須です。"
	}
	return changed, 0, ""
}

func (q *senderRequest) applyPackages(o *order) (int, string) {
	for _, change := range q.Packages {
		i := slices.IndexFunc(o.Packages, func(p *parcelGroup) bool { return p.BasketID == change.BasketID })
		if i < 0 {
			return errMissing, "指定された送付先は存在しません。"
		}
		if number, problem := change.apply(o.Packages[i]); number != 0 {
			return number, problem
		}
	}
	return 0, ""
}

func (m packageChange) apply(p *parcelGroup) (int, string) {
	put(&p.PostagePrice, m.PostagePrice)
	put(&p.DeliveryPrice, m.DeliveryPrice)
	putPointer(&p.PostageTaxRate, m.PostageTaxRate)
	putPointer(&p.DeliveryTaxRate, m.DeliveryTaxRate)
	putPointer(&p.Noshi, m.Noshi)
	if m.DropOffLocation != nil {
		p.DropOffLocation, p.DropOffFlag = m.DropOffLocation, 1
		if *m.DropOffLocation == dropOffLocations[0] {
			p.DropOffLocation, p.DropOffFlag = nil, 0
		}
	}
	if len(m.Sender) > 0 {
		_ = json.Unmarshal(m.Sender, &p.Sender.address) // it has been checked
	}
	p.PackageDeleteFlag = max(p.PackageDeleteFlag, m.Delete)
	for _, change := range m.Items {
		i := slices.IndexFunc(p.Items, func(l *orderLine) bool { return l.ItemDetailID == change.ItemDetailID })
		if i < 0 {
			return errMissing, "指定された商品は存在しません。"
		}
		if number, problem := change.apply(p.Items[i]); number != 0 {
			return number, problem
		}
	}
	return 0, ""
}

func (m lineChange) apply(l *orderLine) (int, string) {
	several := len(l.SKUs) > 0 && l.SKUs[0].SKUInfo != nil
	for i, k := range m.SKUs {
		switch {
		case i >= len(l.SKUs), k.VariantID != nil && text(k.VariantID) != text(l.SKUs[i].VariantID):
			return errValue, "variantIdは変更できません。"
		}
		putPointer(&l.SKUs[i].MerchantDefinedSKUID, k.MerchantDefinedSKUID)
		putPointer(&l.SKUs[i].SKUInfo, k.SKUInfo)
	}
	if several && (len(m.SKUs) == 0 || text(m.SKUs[0].SKUInfo) == "") {
		return errRequired, "skuInfoは必須です。"
	}
	put(&l.ItemName, m.ItemName)
	putPointer(&l.ItemNumber, m.ItemNumber)
	put(&l.Price, m.Price)
	putPointer(&l.TaxRate, m.TaxRate)
	put(&l.Units, m.Units)
	put(&l.IncludePostageFlag, m.IncludePostageFlag)
	put(&l.IncludeTaxFlag, m.IncludeTaxFlag)
	put(&l.IncludeCashOnDeliveryPostageFlag, m.IncludeCashOnDelivery)
	putPointer(&l.SelectedChoice, m.SelectedChoice)
	put(&l.RestoreInventoryFlag, m.RestoreInventoryFlag)
	l.DeleteItemFlag = max(l.DeleteItemFlag, m.Delete)
	l.PriceTaxIncl = l.Price
	if l.IncludeTaxFlag == 0 && l.TaxRate != nil {
		l.PriceTaxIncl = int64(math.Floor(float64(l.Price) * (1 + *l.TaxRate)))
	}
	return 0, ""
}

// applyCoupons changes the coupons that are named. An order with coupons needs the list;
// that those left out stay is a guess.
func (q *senderRequest) applyCoupons(o *order) (int, string) {
	if len(o.Coupons) > 0 && q.Coupons == nil {
		return errRequired, "クーポンが利用された注文ではCouponModelListは必須です。"
	}
	for _, change := range q.Coupons {
		i := slices.IndexFunc(o.Coupons, func(k orderCoupon) bool { return k.CouponCode == change.Code && k.ItemID == change.ItemID })
		if i < 0 {
			return errMissing, "指定されたクーポンは存在しません。"
		}
		k := &o.Coupons[i]
		if change.Unit > k.CouponUnit {
			return errValue, "couponUnitを増やすことはできません。"
		}
		k.CouponPrice, k.CouponUnit, k.CouponTotalPrice = change.Price, change.Unit, change.Price*change.Unit
	}
	if len(q.Coupons) == 0 {
		return 0, ""
	}
	o.CouponAllTotalPrice, o.CouponShopPrice, o.CouponOtherPrice = 0, 0, 0
	for _, k := range o.Coupons {
		o.CouponAllTotalPrice += k.CouponTotalPrice
		if k.CouponCapitalCode == 1 {
			o.CouponShopPrice += k.CouponTotalPrice
		} else {
			o.CouponOtherPrice += k.CouponTotalPrice
		}
	}
	return 0, ""
}

func (m *wrappingChange) apply(dst **wrapping) {
	if m == nil {
		return
	}
	if m.Delete == 1 {
		*dst = nil
		return
	}
	if *dst == nil {
		*dst = &wrapping{}
	}
	w := *dst
	put(&w.Title, m.Title)
	put(&w.Name, m.Name)
	put(&w.IncludeTaxFlag, m.IncludeTaxFlag)
	putPointer(&w.Price, m.Price)
	putPointer(&w.TaxRate, m.TaxRate)
}

// put writes what is there.
func put[T any](dst, v *T) {
	if v != nil {
		*dst = *v
	}
}

func putPointer[T any](dst **T, v *T) {
	if v != nil {
		*dst = v
	}
}
