package rakutentest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// progresses is what seeded orders are in, newest first and over again.
var progresses = []int{100, 300, 500, 700, 200, 600, 900, 400, 800}

const (
	progressNew        = 100
	progressProcessing = 200
	progressToShip     = 300
	progressChanging   = 400
	progressShipped    = 500
	progressPaying     = 600
	progressPaid       = 700
	progressCancelling = 800
	progressCancelled  = 900
)

// seedOrders fills a new shop, oldest first, as a shop grows.
func (shop *Shop) seedOrders(now time.Time) {
	shop.subStatuses = []subStatus{
		{progressNew, 1001, "在庫確認中"},
		{progressNew, 1002, "入金待ち"},
		{progressToShip, 3001, "梱包中"},
		{progressToShip, 3002, "集荷待ち"},
	}
	config := shop.server.config
	every := config.every
	if config.orders > 0 {
		every = min(every, 700*24*time.Hour/time.Duration(config.orders))
	}
	shop.orders = make([]*order, 0, config.orders)
	for i := config.orders - 1; i >= 0; i-- {
		shop.place(shop.newOrder(now.Add(-time.Hour-time.Duration(i)*every), progresses[i%len(progresses)]))
	}
}

// AddOrder places an order now and returns its number. The members of v, any value that
// becomes a JSON object in the platform's spelling, replace those of a realistic seed, and
// nil takes the seed as it is:
//
//	shop.AddOrder(map[string]any{"orderProgress": 300, "remarks": "午後に"})
//
// An order of a later progress has the times and parcels that go with it, sums follow from
// the rest, and another orderDatetime dates it back. Of every second order that awaits
// confirmation, as the seed does, the postage and so the total are not fixed. AddOrder panics
// when v does not fit.
func (shop *Shop) AddOrder(v any) string {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	asked := order{OrderProgress: progressNew}
	overlay(&asked, v)
	at := shop.server.Now()
	if !asked.OrderDatetime.IsZero() {
		at = asked.OrderDatetime.Time
	}
	o := shop.newOrder(at, asked.OrderProgress)
	overlay(o, v)
	o.total()
	overlay(o, v) // sums that are given stand
	shop.place(o)
	return o.OrderNumber
}

// place takes an order in, so that orders stay sorted by their time.
func (shop *Shop) place(o *order) {
	at, _ := slices.BinarySearchFunc(shop.orders, o.OrderDatetime, func(other *order, t instant) int {
		if other.OrderDatetime.After(t.Time) {
			return 1
		}
		return -1
	})
	shop.orders = slices.Insert(shop.orders, at, o)
	shop.byNumber[o.OrderNumber] = o
}

// overlay writes the members of v's JSON into dst. It panics when v does not fit or has
// members that dst does not, which is a mistake in the fake or in a test's seed.
func overlay(dst, v any) {
	if v == nil {
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(fake.JSON(v)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(dst); err != nil {
		panic("rakutentest: " + err.Error())
	}
}

// newOrder makes an order of at. Every second has two lines, every fifth two packages,
// every sixth wrapping, every seventh is a social gift whose receiver has not answered;
// postage of orders that are not confirmed is not fixed, of every second one.
func (shop *Shop) newOrder(at time.Time, progress int) *order {
	shop.lastNumber++
	n := int(shop.lastNumber)
	at = at.Truncate(time.Second)
	o := &order{
		OrderNumber:   fmt.Sprintf("%s-%s-%010d", shop.ID, at.In(jst).Format("20060102"), shop.lastNumber),
		OrderProgress: progress, OrderDatetime: instant{at}, RakutenMemberFlag: 1, CarrierCode: []int{0, 11, 12, 21}[n%4], OrderType: 1,
		Orderer: newOrderer(n), Delivery: delivery{DeliveryName: "宅配便", DeliveryClass: new(1)}, Point: &point{UsedPoint: int64(n%3) * 100},
		Settlement: newSettlement(n), ReceiptIssueHistory: []instant{},
	}
	if n%3 == 0 {
		o.Remarks, o.DeliveryDate, o.ShippingTerm = new("[配送日時指定:]\n午前中"), new(at.AddDate(0, 0, 5).In(jst).Format(time.DateOnly)), new(1)
	}
	shop.addPackage(o, n)
	if n%5 == 0 {
		shop.addPackage(o, n+1)
		o.SeveralSenderFlag = 1
	} else {
		o.EqualSenderFlag = 1
	}
	if n%6 == 0 {
		o.GiftCheckFlag = 1
		o.Wrapping1 = &wrapping{Title: 1, Name: "包装紙(赤)", Price: new(int64(220)), IncludeTaxFlag: 1, TaxRate: new(0.1), TaxPrice: new(int64(20))}
	}
	if n%7 == 0 {
		o.makeGift(at, n)
	}
	o.age(at, progress)
	if progress == progressNew && n%2 == 0 {
		for _, p := range o.Packages {
			p.PostagePrice, p.TotalPrice = notFixed, notFixed
		}
	}
	o.total()
	return o
}

// age sets the times and parcels of the order that its progress takes.
func (o *order) age(at time.Time, progress int) {
	step := func(hours int) instant { return instant{at.Add(time.Duration(hours) * time.Minute * 10)} }
	if progress == progressNew {
		return
	}
	o.ShopOrderCfmDatetime, o.RakutenConfirmFlag = step(1), 1
	if progress == progressProcessing {
		return
	}
	o.OrderFixDatetime, o.ShippingInstDatetime = step(2), step(2)
	if progress == progressCancelling || progress == progressCancelled {
		o.ChangeReasons = []changeReason{{
			ChangeID: 1, ChangeType: new(0), ChangeTypeDetail: new(2), ChangeReason: new(1), ChangeReasonDetail: new(1), ChangeApplyDatetime: step(3),
		}}
		return
	}
	if progress < progressShipped {
		return
	}
	o.ShippingCmplRptDatetime = step(3)
	if progress == progressPaid {
		o.paid = step(4)
	}
	for i, p := range o.Packages {
		p.Shippings = []*shipping{{
			ShippingDetailID: p.BasketID*10 + int64(i), ShippingNumber: new(fmt.Sprintf("4%011d", p.BasketID)), DeliveryCompany: new("1001"),
			DeliveryCompanyName: new(carriers["1001"]), ShippingDate: new(at.In(jst).Format(time.DateOnly)),
		}}
	}
}

// makeGift makes a social gift of the order, whose receiver has not answered yet.
func (o *order) makeGift(at time.Time, n int) {
	o.SocialGiftFlag, o.EqualSenderFlag = 1, 0
	for _, p := range o.Packages {
		p.Sender.ZipCode1, p.Sender.ZipCode2 = new("999"), new("9999")
		p.Sender.Prefecture, p.Sender.City, p.Sender.SubAddress = "入力待ち", "入力待ち", new("入力待ち")
		p.SocialGift = &socialGift{SGMngNumber: fmt.Sprintf("SG%08d", n), InputDueDate: at.AddDate(0, 0, 10).In(jst).Format(time.DateOnly)}
	}
}

// total sums the order up; an amount that is not fixed makes the sums not fixed.
func (o *order) total() {
	o.GoodsPrice, o.PostagePrice, o.DeliveryPrice = 0, 0, 0
	var sum int64
	for _, p := range o.Packages {
		p.GoodsPrice = 0
		if p.PackageDeleteFlag == 1 {
			continue
		}
		for _, line := range p.Items {
			if line.DeleteItemFlag == 0 {
				p.GoodsPrice += line.PriceTaxIncl * line.Units
			}
		}
		o.GoodsPrice += p.GoodsPrice
		if p.PostagePrice == notFixed || o.PostagePrice == notFixed {
			o.PostagePrice = notFixed
			continue
		}
		p.TotalPrice = p.GoodsPrice + p.PostagePrice
		o.PostagePrice += p.PostagePrice
		o.DeliveryPrice += p.DeliveryPrice
		sum += p.TotalPrice
	}
	for _, w := range []*wrapping{o.Wrapping1, o.Wrapping2} {
		if w != nil && w.Price != nil && *w.Price != notFixed {
			sum += *w.Price
		}
	}
	if o.PostagePrice == notFixed {
		o.TotalPrice, o.RequestPrice, o.TaxSummaries = notFixed, notFixed, nil
		return
	}
	o.TotalPrice = sum
	grand := sum - o.CouponAllTotalPrice + o.DeliveryPrice + o.PaymentCharge + o.FeeToUser
	o.RequestPrice = grand - o.Point.UsedPoint
	o.TaxSummaries = []taxSummary{{TaxRate: 0.1, ReqPrice: o.RequestPrice, ReqPriceTax: o.RequestPrice / 11, TotalPrice: o.TotalPrice, PaymentCharge: o.PaymentCharge}}
}

// good is what the shop sells: the seed of items, stock and order lines.
type good struct {
	manageNumber, itemNumber, name string
	price                          int64
	variants                       []string // the variantIds; an item of one SKU has its manageNumber
}

var goods = []good{
	{"tenugui-indigo", "TNG-01", "手ぬぐい 藍", 1100, []string{"tenugui-indigo"}},
	{"geta-kiri", "GTA-02", "桐下駄", 4400, []string{"S-24", "M-26", "L-28"}},
	{"manju-10", "MNJ-10", "温泉まんじゅう 10個", 1300, []string{"manju-10"}},
	{"furoshiki", "FRS-03", "風呂敷", 2200, []string{"Red", "Navy"}},
	{"chawan-mino", "CWN-05", "美濃焼 茶碗", 3300, []string{"chawan-mino"}},
	{"sensu", "SNS-07", "扇子", 2750, []string{"Sakura", "Nami", "Take"}},
}

// newDetail hands out ids of packages and lines.
func (shop *Shop) newDetail() int64 {
	shop.lastDetail++
	return shop.lastDetail
}

func (shop *Shop) addPackage(o *order, n int) {
	p := &parcelGroup{
		BasketID: shop.newDetail(), PostagePrice: 660, PostageTaxRate: new(0.1), DeliveryTaxRate: new(0.1),
		DefaultDeliveryCompanyCode: new("1001"), Shippings: []*shipping{}, Sender: receiver{address: newAddress(n), IsolatedIslandFlag: new(0)},
	}
	lines := 1 + n%2
	for i := range lines {
		g := n + i
		p.Items = append(p.Items, shop.newLine(goods[g%len(goods)], g))
	}
	if n%4 == 1 {
		p.DropOffFlag, p.DropOffLocation = 1, new("宅配ボックス")
	}
	o.Packages = append(o.Packages, p)
}

func (shop *Shop) newLine(g good, n int) *orderLine {
	line := &orderLine{
		ItemDetailID: shop.newDetail(), ItemName: g.name, ItemID: 10_000_000 + int64(n%len(goods)), ItemNumber: new(g.itemNumber), ManageNumber: g.manageNumber,
		Price: g.price, PriceTaxIncl: g.price, TaxRate: new(0.1), Units: 1 + int64(n%3), IncludeTaxFlag: 1, PointRate: 1, InventoryType: 1, DelvdateInfo: new("翌日配達"),
	}
	sku := orderSKU{VariantID: new(g.variants[n%len(g.variants)])}
	if len(g.variants) > 1 {
		line.InventoryType = 2
		sku.SKUInfo, sku.MerchantDefinedSKUID = new("種類:"+*sku.VariantID), new(g.itemNumber+"-"+*sku.VariantID)
		line.SelectedChoice = sku.SKUInfo
	}
	if n%4 == 0 {
		line.TaxRate = nil
	}
	line.SKUs = []orderSKU{sku}
	return line
}

// newAddress makes a person; every third has no first part of the telephone number.
func newAddress(n int) address {
	a := address{
		ZipCode1: new("164"), ZipCode2: new("0001"), Prefecture: "東京都", City: "中野区", SubAddress: new(fmt.Sprintf("中野0-0-%d", n)),
		FamilyName: []string{"楽田", "市場", "商店"}[n%3], FirstName: new([]string{"太郎", "花子"}[n%2]),
		FamilyNameKana: new([]string{"ラクダ", "イチバ", "ショウテン"}[n%3]), FirstNameKana: new([]string{"タロウ", "ハナコ"}[n%2]),
		PhoneNumber1: new("03"), PhoneNumber2: new("0000"), PhoneNumber3: new(fmt.Sprintf("%04d", n%10000)),
	}
	if n%3 == 0 {
		a.PhoneNumber1 = nil
	}
	return a
}

// newOrderer makes a buyer; the mail address is a masked one.
func newOrderer(n int) orderer {
	return orderer{
		address: newAddress(n), EmailAddress: fmt.Sprintf("%s%d@pc.masked.example.jp", strings.Repeat("x", 6), n),
		Sex: new([]string{"男", "女"}[n%2]), BirthYear: new(1970 + n%30), BirthMonth: new(1 + n%12), BirthDay: new(1 + n%28),
	}
}

func newSettlement(n int) *settlement {
	if n%2 == 0 {
		return &settlement{SettlementMethod: "銀行振込", RpaySettlementFlag: 1, SettlementMethodCode: 9}
	}
	return &settlement{
		SettlementMethod: "クレジットカード", RpaySettlementFlag: 1, SettlementMethodCode: 1, CardName: new("VISA"),
		CardNumber: new("************0000"), // masked; in which form is not known
		CardOwner:  new("TARO RAKUDA"), CardYM: new("2030/01"), CardPayType: new(0),
	}
}

// carriers are the carriers' names by their codes.
var carriers = map[string]string{
	"1000": "その他", "1001": "ヤマト運輸", "1002": "佐川急便", "1003": "日本郵便", "1004": "西濃運輸", "1005": "セイノースーパーエクスプレス",
	"1006": "福山通運", "1007": "名鉄運輸", "1008": "トナミ運輸", "1009": "第一貨物", "1010": "新潟運輸", "1011": "中越運送", "1012": "岡山県貨物運送",
	"1013": "久留米運送", "1014": "山陽自動車運送", "1015": "NXトランスポート", "1016": "エコ配", "1017": "EMS", "1018": "DHL", "1019": "FedEx", "1020": "UPS",
	"1021": "日本通運", "1022": "TNT", "1023": "OCS", "1024": "USPS", "1025": "SFエクスプレス", "1026": "Aramex", "1027": "SGHグローバル・ジャパン",
	"1028": "Rakuten EXPRESS", "1029": "日本郵便 楽天倉庫出荷", "1030": "ヤマト運輸 クロネコゆうパケット", "1031": "名鉄NX運輸",
}
