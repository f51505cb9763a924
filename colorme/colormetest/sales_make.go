package colormetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// saleInput is the body of an order's creation.
type saleInput struct {
	PaymentID int64   `json:"payment_id"`
	Customer  *person `json:"customer"`
	Details   []struct {
		ProductID    int64   `json:"product_id"`
		Option1Value *string `json:"option1_value"`
		Option2Value *string `json:"option2_value"`
		ProductNum   int64   `json:"product_num"`
		Price        *int64  `json:"price"`
	} `json:"details"`
	SaleDeliveries []saleDelivery `json:"sale_deliveries"`
}

// createSale makes an order. Its success has never been seen; the reply is
// taken from the description of the API.
func (c *call) createSale() (int, any) {
	raw := c.in
	var in saleInput
	if json.Unmarshal(fake.JSON(raw), &in) != nil {
		return refuseField(codeParameter, "sale")
	}
	if problems := c.checkSale(in); len(problems) > 0 {
		return refuseAll(problems...)
	}
	s := c.shop.newSale(c.now)
	s.PaymentID = in.PaymentID
	s.Customer = c.shop.buyer(in.Customer)
	reserve, ok := c.flag("reserve_stocks")
	for _, line := range in.Details {
		d := c.shop.addDetail(s, c.shop.product(line.ProductID), line.ProductNum)
		d.Option1Value, d.Option2Value = line.Option1Value, line.Option2Value
		if line.Price != nil {
			d.Price = *line.Price
		}
		if reserve || !ok {
			c.shop.restock(d.ProductID, text(d.Option1Value), text(d.Option2Value), -d.ProductNum)
		}
	}
	for i := range in.SaleDeliveries {
		c.shop.addDelivery(s, c.shop.destination(in.SaleDeliveries[i]))
	}
	s.price(c.shop.profile)
	c.shop.put(s)
	return http.StatusCreated, object{"sale": s.short()}
}

// orderPayments are the types of payment that orders can be made with: cash on
// delivery, bank and postal transfer, the Epsilon family, other, Rakuten Pay
// and Square.
var orderPayments = []int64{0, 1, 2, 6, 7, 9, 12, 13, 15, 16, 20, 21, 23, 26, 35, 36, 37, 40, 42, 44, 45}

func (c *call) checkSale(in saleInput) []apiError {
	var problems []apiError
	fail := func(bad bool, code int, field string) {
		if bad {
			problems = append(problems, problem(code, field))
		}
	}
	fail(in.PaymentID == 0, codeRequired, "sale.payment_id")
	fail(in.PaymentID != 0 && !slices.ContainsFunc(c.shop.payments, func(p *payment) bool {
		return p.ID == in.PaymentID && slices.Contains(orderPayments, p.Type)
	}), codeChoice, "sale.payment_id")
	fail(len(in.Details) == 0, codeRequired, "sale.details")
	ships := false
	for _, line := range in.Details {
		p := c.shop.product(line.ProductID)
		fail(line.ProductID == 0, codeRequired, "sale_detail.product_id")
		fail(line.ProductID != 0 && p == nil, codeChoice, "sale_detail.product_id")
		fail(line.ProductNum <= 0, codeRange, "sale_detail.product_num")
		fail(p != nil && len(p.Variants) > 0 && p.variant(text(line.Option1Value), text(line.Option2Value)) == nil,
			codeChoice, "sale_detail.option1_value")
		ships = ships || p != nil && !p.WithoutShipping
	}
	fail(ships && len(in.SaleDeliveries) == 0, codeRequired, "sale.sale_deliveries")
	for _, d := range in.SaleDeliveries {
		fail(!slices.ContainsFunc(c.shop.deliveries, func(m *delivery) bool { return m.ID == d.DeliveryID }), codeChoice, "sale_delivery.delivery_id")
		fail(d.Name == "", codeRequired, "sale_delivery.name")
		fail(d.Furigana == "", codeRequired, "sale_delivery.furigana")
		fail(text(d.Postal) == "", codeRequired, "sale_delivery.postal")
		fail(prefectureName(d.PrefID) == "", codeChoice, "sale_delivery.prefecture_id")
		fail(text(d.Address1) == "", codeRequired, "sale_delivery.address1")
		fail(text(d.Tel) == "", codeRequired, "sale_delivery.tel")
	}
	return problems
}

// buyer is the customer of a new order: a member as known to the shop, else
// the fields of the request, of which some are not taken.
func (shop *Shop) buyer(in *person) person {
	if in == nil {
		return person{AccountID: shop.ID}
	}
	if cu := shop.customer(in.ID); cu != nil && cu.Member {
		return clone(cu.person)
	}
	out := person{
		AccountID: shop.ID, Name: in.Name, Furigana: in.Furigana, Postal: in.Postal, PrefID: in.PrefID,
		Address1: in.Address1, Address2: in.Address2, Mail: in.Mail, Tel: in.Tel, Fax: in.Fax, TelMobile: in.TelMobile,
		Sex: in.Sex, Birthday: in.Birthday,
	}
	out.settle()
	return out
}

// destination is a delivery line as a new order may name it. The charge is that
// of a fixed-price method; other tables are not worked out.
func (shop *Shop) destination(in saleDelivery) *saleDelivery {
	i := slices.IndexFunc(shop.deliveries, func(m *delivery) bool { return m.ID == in.DeliveryID })
	return &saleDelivery{
		DeliveryID: in.DeliveryID, Name: in.Name, Furigana: in.Furigana, Postal: in.Postal, PrefID: in.PrefID,
		Address1: in.Address1, Address2: in.Address2, Tel: in.Tel,
		PreferredDate: in.PreferredDate, PreferredPeriod: in.PreferredPeriod, Memo: in.Memo,
		DeliveryCharge: value(shop.deliveries[i].Charge.ChargeFixed), DetailIDs: []int64{},
	}
}

// newSale is an empty order of now.
func (shop *Shop) newSale(now time.Time) *sale {
	return &sale{
		ID: shop.server.newID(), AccountID: shop.ID,
		MakeDate: now.Unix(), UpdateDate: now.Unix(),
		AcceptedMailState: "not_yet", PaidMailState: "not_yet", DeliveredMailState: "not_yet",
		PointState:     "assumed",
		Details:        []*saleDetail{},
		SaleDeliveries: []*saleDelivery{},
	}
}

// addDetail adds a line for a product to an order.
func (shop *Shop) addDetail(s *sale, p *product, num int64) *saleDetail {
	d := &saleDetail{
		ID: shop.server.newID(), SaleID: s.ID, AccountID: shop.ID, ProductID: p.ID,
		ProductModelNumber: copyOf(p.ModelNumber), ProductName: p.Name, PristineProductFullName: p.Name, ProductCost: copyOf(p.Cost),
		ProductImageURL: copyOf(p.ImageURL), ProductThumbnailImageURL: copyOf(p.ThumbnailImageURL),
		ProductNum: num, Unit: copyOf(p.Unit), TaxReduced: p.TaxReduced,
		Customizations: []customization{},
	}
	if p.SalesPrice != nil {
		d.Price = *p.SalesPrice
	}
	s.Details = append(s.Details, d)
	return d
}

// addDelivery adds a destination that takes all lines of the order.
func (shop *Shop) addDelivery(s *sale, d *saleDelivery) {
	d.ID, d.AccountID, d.SaleID, d.PrefName = shop.server.newID(), shop.ID, s.ID, prefectureName(d.PrefID)
	for _, line := range s.Details {
		line.SaleDeliveryID = new(d.ID)
		d.DetailIDs = append(d.DetailIDs, line.ID)
	}
	s.SaleDeliveries = append(s.SaleDeliveries, d)
}

// price works out the lines of an order and its sums.
func (s *sale) price(shop shopProfile) {
	for _, d := range s.Details {
		d.PriceWithTax, _ = shop.taxed(d.Price, d.TaxReduced)
		d.SubtotalPrice = d.Price * d.ProductNum
		s.Tax += (d.PriceWithTax - d.Price) * d.ProductNum
	}
	s.sum()
	s.GrantedPoints = s.ProductTotalPrice / 100
}

// sum adds up the charges and the total.
func (s *sale) sum() {
	s.ProductTotalPrice, s.DeliveryTotalCharge = 0, 0
	s.NoshiTotalCharge, s.CardTotalCharge, s.WrappingTotalCharge = 0, 0, 0
	for _, d := range s.Details {
		s.ProductTotalPrice += d.SubtotalPrice
	}
	for _, d := range s.SaleDeliveries {
		s.DeliveryTotalCharge += d.DeliveryCharge
		s.NoshiTotalCharge += value(d.NoshiCharge)
		s.CardTotalCharge += value(d.CardCharge)
		s.WrappingTotalCharge += value(d.WrappingCharge)
		// The platform counts the goods in, whatever the field is called.
		d.TotalCharge = s.ProductTotalPrice + d.DeliveryCharge + value(d.NoshiCharge) + value(d.CardCharge) + value(d.WrappingCharge)
	}
	s.TotalPrice = s.ProductTotalPrice + s.Tax + s.DeliveryTotalCharge + s.Fee +
		s.NoshiTotalCharge + s.CardTotalCharge + s.WrappingTotalCharge -
		s.PointDiscount - s.GMOPointDiscount - s.OtherDiscount
	if s.Canceled {
		s.TotalPrice = 0
	}
}

func value(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

// AddSale adds an order and returns its ID. The members of v, any value that
// becomes a JSON object in the platform's spelling, replace those of a
// realistic seed; nil takes the seed as it is.
//
//	shop.AddSale(map[string]any{"make_date": at.Unix(), "paid": true})
func (shop *Shop) AddSale(v any) int64 {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return shop.addSale(shop.server.Now(), v).ID
}

// addSale seeds an order of at. Some are paid, delivered or cancelled; every
// third has no totals, every fifth no segment, and SplitSale makes split ones.
func (shop *Shop) addSale(at time.Time, v any) *sale {
	n := len(shop.sales)
	s := shop.newSale(at)
	s.PaymentID = shop.payments[n%len(shop.payments)].ID
	s.Mobile = n%2 == 0
	if len(shop.customers) > 0 {
		cu := shop.customers[n%len(shop.customers)]
		cu.SalesCount++
		s.Customer = clone(cu.person)
	}
	for i := range min(n%3+1, len(shop.products)) {
		p := shop.products[(n+i)%len(shop.products)]
		d := shop.addDetail(s, p, int64(n%2+1))
		if len(p.Variants) > 0 {
			variant := p.Variants[n%len(p.Variants)]
			d.Option1Value, d.Option2Value = variant.value(0), variant.value(1)
			d.Option1Index, d.Option2Index = p.index(variant, 0), p.index(variant, 1)
		}
	}
	shop.addDelivery(s, shop.seedDestination(n, s))
	if n%4 == 1 {
		s.PointDiscount, s.UsePoints = 100, 100
	}
	s.price(shop.profile)
	shop.seedProgress(n, s)
	overlay(s, v)
	s.link()
	shop.put(s)
	return s
}

// link repeats the order's ID in its parts, after a seed may have changed it.
func (s *sale) link() {
	for _, d := range s.Details {
		d.SaleID = s.ID
	}
	for _, d := range s.SaleDeliveries {
		d.SaleID = s.ID
	}
}

func (shop *Shop) seedDestination(n int, s *sale) *saleDelivery {
	method := shop.deliveries[n%len(shop.deliveries)]
	d := &saleDelivery{
		DeliveryID: method.ID, DetailIDs: []int64{},
		Name: text(s.Customer.Name), Furigana: text(s.Customer.Furigana),
		Postal: copyOf(s.Customer.Postal), PrefID: 13, Address1: copyOf(s.Customer.Address1), Address2: copyOf(s.Customer.Address2),
		Tel:            copyOf(s.Customer.Tel),
		DeliveryCharge: 500,
	}
	if s.Customer.PrefID != nil {
		d.PrefID = *s.Customer.PrefID
	}
	if n%4 == 0 {
		d.PreferredDate, d.PreferredPeriod = new(time.Unix(s.MakeDate, 0).In(jst).AddDate(0, 0, 5).Format(time.DateOnly)), new("午前中")
	}
	if n%6 == 0 {
		d.WrappingName, d.WrappingCharge = new("ギフト包装"), new(int64(200))
	}
	return d
}

// seedProgress ages a seeded order and adds the parts that may be null.
func (shop *Shop) seedProgress(n int, s *sale) {
	sent := s.MakeDate + 60
	s.AcceptedMailState, s.AcceptedMailSentDate = "sent", new(sent)
	if n%2 == 0 {
		s.Paid, s.PaidMailState, s.PaidMailSentDate = true, "sent", new(sent)
		s.TransactionDate = new(s.MakeDate + 3600)
	}
	if n%4 == 0 {
		s.Delivered, s.DeliveredMailState, s.DeliveredMailSentDate = true, "sent", new(sent)
		for _, d := range s.SaleDeliveries {
			d.Delivered, d.SlipNumber = true, new(fmt.Sprintf("0000-0000-%04d", n%10000))
			d.TrackingURL = new("https://tracking.example.com/" + *d.SlipNumber)
		}
	}
	if n%11 == 10 {
		s.Canceled, s.PointState = true, "canceled"
		for _, d := range s.Details {
			d.ProductNum, d.SubtotalPrice = 0, 0
		}
		s.TotalPrice = 0
	}
	if n%3 != 0 {
		s.Totals = &saleTotals{NormalTaxAmount: s.Tax, TotalPriceWithNormalTax: s.TotalPrice, DiscountAmountForNormalTax: s.PointDiscount}
	}
	if n%5 != 0 {
		s.Segment = &saleSegment{
			ID: shop.server.newID(), Name: "通常", ParentSaleID: s.ID,
			ProductTotalPrice: s.ProductTotalPrice, DeliveryTotalCharge: s.DeliveryTotalCharge, TotalPrice: s.TotalPrice,
			WrappingTotalCharge: s.WrappingTotalCharge,
			SiblingsSaleIDs:     []int64{},
		}
	}
	if n%9 == 4 {
		s.ShopCoupon = &saleCoupon{ID: 1, Name: "秋の感謝クーポン", Code: "AUTUMN"}
		s.Application = &named{Name: "商店街アプリ"}
	}
}
