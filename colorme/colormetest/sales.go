package colormetest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

type sale struct {
	ID                    int64           `json:"id"`
	AccountID             string          `json:"account_id"`
	MakeDate              int64           `json:"make_date"`
	UpdateDate            int64           `json:"update_date"`
	Memo                  *string         `json:"memo"`
	PaymentID             int64           `json:"payment_id"`
	Mobile                bool            `json:"mobile"`
	Paid                  bool            `json:"paid"`
	Delivered             bool            `json:"delivered"`
	Canceled              bool            `json:"canceled"`
	AcceptedMailState     string          `json:"accepted_mail_state"`
	PaidMailState         string          `json:"paid_mail_state"`
	DeliveredMailState    string          `json:"delivered_mail_state"`
	AcceptedMailSentDate  *int64          `json:"accepted_mail_sent_date"`
	PaidMailSentDate      *int64          `json:"paid_mail_sent_date"`
	DeliveredMailSentDate *int64          `json:"delivered_mail_sent_date"`
	PointState            string          `json:"point_state"`
	GMOPointState         *string         `json:"gmo_point_state"`
	YahooPointState       *string         `json:"yahoo_point_state"`
	ProductTotalPrice     int64           `json:"product_total_price"`
	DeliveryTotalCharge   int64           `json:"delivery_total_charge"`
	Fee                   int64           `json:"fee"`
	Tax                   int64           `json:"tax"`
	NoshiTotalCharge      int64           `json:"noshi_total_charge"`
	CardTotalCharge       int64           `json:"card_total_charge"`
	WrappingTotalCharge   int64           `json:"wrapping_total_charge"`
	PointDiscount         int64           `json:"point_discount"`
	GMOPointDiscount      int64           `json:"gmo_point_discount"`
	OtherDiscount         int64           `json:"other_discount"`
	OtherDiscountName     string          `json:"other_discount_name"`
	TotalPrice            int64           `json:"total_price"`
	GrantedPoints         int64           `json:"granted_points"`
	UsePoints             int64           `json:"use_points"`
	GrantedGMOPoints      int64           `json:"granted_gmo_points"`
	UseGMOPoints          int64           `json:"use_gmo_points"`
	GrantedYahooPoints    int64           `json:"granted_yahoo_points"`
	UseYahooPoints        int64           `json:"use_yahoo_points"`
	ExternalOrderID       string          `json:"external_order_id"`
	Customer              person          `json:"customer"`
	Details               []*saleDetail   `json:"details"`
	SaleDeliveries        []*saleDelivery `json:"sale_deliveries"`
	Segment               *saleSegment    `json:"segment"`
	Totals                *saleTotals     `json:"totals"`
	Application           *named          `json:"application"`
	ShopCoupon            *saleCoupon     `json:"shop_coupon"`
	TransactionDate       *int64          `json:"transaction_date"`

	// before is the order as readers see it until settled.
	before  *sale
	settled time.Time
}

type named struct {
	Name string `json:"name"`
}

type saleCoupon struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Code string `json:"code"`
}

type saleDetail struct {
	ID                       int64           `json:"id"`
	SaleID                   int64           `json:"sale_id"`
	AccountID                string          `json:"account_id"`
	ProductID                int64           `json:"product_id"`
	SaleDeliveryID           *int64          `json:"sale_delivery_id"`
	Option1Value             *string         `json:"option1_value"`
	Option2Value             *string         `json:"option2_value"`
	Option1Index             *int64          `json:"option1_index"`
	Option2Index             *int64          `json:"option2_index"`
	ProductModelNumber       *string         `json:"product_model_number"`
	ProductName              string          `json:"product_name"`
	PristineProductFullName  string          `json:"pristine_product_full_name"`
	ProductCost              *int64          `json:"product_cost"`
	ProductImageURL          *string         `json:"product_image_url"`
	ProductThumbnailImageURL *string         `json:"product_thumbnail_image_url"`
	ProductMobileImageURL    *string         `json:"product_mobile_image_url"`
	Price                    int64           `json:"price"`
	PriceWithTax             int64           `json:"price_with_tax"`
	ProductNum               int64           `json:"product_num"`
	Unit                     *string         `json:"unit"`
	SubtotalPrice            int64           `json:"subtotal_price"`
	TaxReduced               bool            `json:"tax_reduced"`
	Customizations           []customization `json:"customizations"`
}

type customization struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

type saleDelivery struct {
	ID              int64   `json:"id"`
	AccountID       string  `json:"account_id"`
	SaleID          int64   `json:"sale_id"`
	DeliveryID      int64   `json:"delivery_id"`
	DetailIDs       []int64 `json:"detail_ids"`
	Name            string  `json:"name"`
	Furigana        string  `json:"furigana"`
	Postal          *string `json:"postal"`
	PrefID          int64   `json:"pref_id"`
	PrefName        string  `json:"pref_name"`
	Address1        *string `json:"address1"`
	Address2        *string `json:"address2"`
	Tel             *string `json:"tel"`
	PreferredDate   *string `json:"preferred_date"`
	PreferredPeriod *string `json:"preferred_period"`
	SlipNumber      *string `json:"slip_number"`
	NoshiText       *string `json:"noshi_text"`
	NoshiCharge     *int64  `json:"noshi_charge"`
	CardName        *string `json:"card_name"`
	CardText        *string `json:"card_text"`
	CardCharge      *int64  `json:"card_charge"`
	WrappingName    *string `json:"wrapping_name"`
	WrappingCharge  *int64  `json:"wrapping_charge"`
	DeliveryCharge  int64   `json:"delivery_charge"`
	TotalCharge     int64   `json:"total_charge"`
	TrackingURL     *string `json:"tracking_url"`
	Memo            *string `json:"memo"`
	Delivered       bool    `json:"delivered"`
}

type saleSegment struct {
	ID                  int64  `json:"id"`
	Name                string `json:"name"`
	ParentSaleID        int64  `json:"parent_sale_id"`
	Splitted            bool   `json:"splitted"`
	ProductTotalPrice   int64  `json:"product_total_price"`
	DeliveryTotalCharge int64  `json:"delivery_total_charge"`
	TotalPrice          int64  `json:"total_price"`
	NoshiTotalCharge    int64  `json:"noshi_total_charge"`
	CardTotalCharge     int64  `json:"card_total_charge"`
	WrappingTotalCharge int64  `json:"wrapping_total_charge"`
	// SiblingsSaleIDs is shown by the reading of one order alone.
	SiblingsSaleIDs []int64 `json:"siblings_sale_ids,omitzero"`
}

type saleTotals struct {
	NormalTaxAmount             int64 `json:"normal_tax_amount"`
	ReducedTaxAmount            int64 `json:"reduced_tax_amount"`
	DiscountAmountForNormalTax  int64 `json:"discount_amount_for_normal_tax"`
	DiscountAmountForReducedTax int64 `json:"discount_amount_for_reduced_tax"`
	TotalPriceWithNormalTax     int64 `json:"total_price_with_normal_tax"`
	TotalPriceWithReducedTax    int64 `json:"total_price_with_reduced_tax"`
}

type salesStat struct {
	AccountID       string `json:"account_id"`
	Date            int64  `json:"date"`
	AmountToday     int64  `json:"amount_today"`
	CountToday      int64  `json:"count_today"`
	AmountLast7Days int64  `json:"amount_last_7days"`
	CountLast7Days  int64  `json:"count_last_7days"`
	AmountThisMonth int64  `json:"amount_this_month"`
	CountThisMonth  int64  `json:"count_this_month"`
}

var saleRoutes = []route{
	{pattern: "GET /v1/sales", handle: (*call).listSales, scopes: []string{"read_sales"}},
	{pattern: "POST /v1/sales", handle: (*call).createSale, body: "sale", scopes: []string{"write_sales"}, premium: true},
	{pattern: "GET /v1/sales/stat", handle: (*call).statSale, scopes: []string{"read_sales"}},
	{pattern: "GET /v1/sales/{sale_id}", handle: (*call).getSale, scopes: []string{"read_sales"}},
	{pattern: "PUT /v1/sales/{sale_id}", handle: (*call).updateSale, body: "sale", scopes: []string{"write_sales"}},
	{pattern: "PUT /v1/sales/{sale_id}/cancel", handle: (*call).cancelSale, scopes: []string{"write_sales"}},
	{pattern: "POST /v1/sales/{sale_id}/mails", handle: (*call).sendMail, body: "mail", scopes: []string{"write_sales"}},
	{pattern: "POST /v1/sales/{sale_id}/payment_urls", handle: (*call).createPaymentURL, scopes: []string{"write_sales"}},
}

var mailStates = []string{"not_yet", "sent", "pass"}

func (c *call) sale() *sale { return c.shop.sale(c.id("sale_id")) }

// short is an order as lists and writes show one.
func (s *sale) short() sale {
	out := *s
	if out.Segment != nil {
		segment := *out.Segment
		segment.SiblingsSaleIDs = nil
		out.Segment = &segment
	}
	return out
}

// isChild reports an order split off another.
func (s *sale) isChild() bool { return s.Segment != nil && s.Segment.ParentSaleID != s.ID }

func (c *call) listSales() (int, any) {
	made := func(s *sale) int64 { return s.MakeDate }
	updated := func(s *sale) int64 { return s.UpdateDate }
	filters := []filter[*sale]{
		c.salesWindow(),
		until(c, made, "make_date_max", "before"),
		since(c, updated, "update_date_min"),
		until(c, updated, "update_date_max"),
		oneOf(c, "ids", func(s *sale) int64 { return s.ID }),
		oneOf(c, "customer_ids", func(s *sale) int64 { return s.Customer.ID }),
		oneOf(c, "payment_ids", func(s *sale) int64 { return s.PaymentID }),
		containing(c, "customer_name", func(s *sale) string { return text(s.Customer.Name) }),
		containing(c, "customer_furigana", func(s *sale) string { return text(s.Customer.Furigana) }),
		containing(c, "customer_mail", func(s *sale) string { return text(s.Customer.Mail) }),
		equal(c, "accepted_mail_state", func(s *sale) string { return s.AcceptedMailState }, mailStates...),
		equal(c, "paid_mail_state", func(s *sale) string { return s.PaidMailState }, mailStates...),
		equal(c, "delivered_mail_state", func(s *sale) string { return s.DeliveredMailState }, mailStates...),
		flagged(c, "mobile", func(s *sale) bool { return s.Mobile }),
		flagged(c, "paid", func(s *sale) bool { return s.Paid }),
		flagged(c, "delivered", func(s *sale) bool { return s.Delivered }),
		flagged(c, "canceled", func(s *sale) bool { return s.Canceled }),
	}
	sales := newestFirst(c.shop.sales)
	for i, s := range sales {
		sales[i] = s.seen(c.now)
	}
	return list(c, "sales", pageSize{normal: 10, max: 100, fields: true}, where(sales, filters...), (*sale).short)
}

// salesWindow keeps orders from the start date on. Without one it is 00:00
// seven days before the end date, or before now. A start of the update date
// does not lift the window.
func (c *call) salesWindow() filter[*sale] {
	from, ok := c.date("make_date_min", "after")
	if !ok {
		end, ok := c.date("make_date_max", "before")
		if !ok {
			end = c.now
		}
		from = day(end).AddDate(0, 0, -7)
	}
	return func(s *sale) bool { return s.MakeDate >= from.Unix() }
}

// day is 00:00 in Japan of the day that t is in.
func day(t time.Time) time.Time {
	y, m, d := t.In(jst).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, jst)
}

func (c *call) getSale() (int, any) {
	s := c.sale()
	if s == nil {
		return notFound()
	}
	return http.StatusOK, object{"sale": s.seen(c.now)}
}

// statSale counts what is not cancelled. The last 7 days span eight: the base
// day and the seven before it.
func (c *call) statSale() (int, any) {
	today := day(c.now)
	for _, layout := range []string{time.DateOnly, "2006/01/02"} {
		if t, err := time.ParseInLocation(layout, c.query.Get("make_date"), jst); err == nil {
			today = t
		}
	}
	week, month := today.AddDate(0, 0, -7), today.AddDate(0, 0, 1-today.Day())
	stat := salesStat{AccountID: c.shop.ID, Date: today.Unix()}
	for _, s := range c.shop.sales {
		made := time.Unix(s.MakeDate, 0)
		if s.Canceled || !made.Before(today.AddDate(0, 0, 1)) {
			continue
		}
		if !made.Before(today) {
			stat.AmountToday += s.TotalPrice
			stat.CountToday++
		}
		if !made.Before(week) {
			stat.AmountLast7Days += s.TotalPrice
			stat.CountLast7Days++
		}
		if !made.Before(month) {
			stat.AmountThisMonth += s.TotalPrice
			stat.CountThisMonth++
		}
	}
	return http.StatusOK, object{"sales_stat": stat}
}

// updateSale takes only paid, point_state and sale_deliveries. The server's
// spelling of canceled is not known; both are taken.
func (c *call) updateSale() (int, any) {
	s := c.sale()
	if s == nil {
		return notFound()
	}
	in := c.in
	rules := []rule{
		{key: "paid", kind: flagKind},
		{key: "point_state", choices: []string{"assumed", "fixed", "cenceled", "canceled"}},
	}
	if problems := check("sale", in, rules); len(problems) > 0 {
		return refuseAll(problems...)
	}
	next := struct {
		Paid       bool   `json:"paid"`
		PointState string `json:"point_state"`
	}{s.Paid, s.PointState}
	apply(&next, in, rules)
	if next.PointState == "cenceled" {
		next.PointState = "canceled"
	}
	if next.PointState != s.PointState && (s.PointState == "fixed" || s.isChild()) {
		return refuseField(codeChoice, "sale.point_state")
	}
	deliveries, status, body := s.changedDeliveries(in["sale_deliveries"])
	if status != 0 {
		return status, body
	}
	c.shop.change(s, c.now)
	s.deliver(deliveries)
	s.Paid = next.Paid
	if next.PointState == "fixed" && s.PointState != "fixed" {
		c.shop.grant(s, s.GrantedPoints)
	}
	s.PointState = next.PointState
	return http.StatusOK, object{"sale": s.short()}
}

// changedDeliveries reads new values of the delivery lines that raw names by ID; their
// identity and delivery method stay. A status of 0 means that all went well.
func (s *sale) changedDeliveries(raw json.RawMessage) (changed map[int]*saleDelivery, status int, body any) {
	refused := func(status int, body any) (map[int]*saleDelivery, int, any) { return nil, status, body }
	if len(raw) == 0 || string(raw) == "null" {
		return nil, 0, nil
	}
	var lines []fields
	if json.Unmarshal(raw, &lines) != nil {
		return refused(refuseField(codeParameter, "sale.sale_deliveries"))
	}
	changed = make(map[int]*saleDelivery)
	for _, line := range lines {
		id, _ := looseNumber(line["id"])
		i := slices.IndexFunc(s.SaleDeliveries, func(d *saleDelivery) bool { return d.ID == id })
		if i < 0 {
			return refused(notFound())
		}
		old := s.SaleDeliveries[i]
		next := clone(*old)
		if err := json.Unmarshal(fake.JSON(line), &next); err != nil {
			return refused(refuseField(codeParameter, "sale.sale_deliveries"))
		}
		next.ID, next.SaleID, next.AccountID, next.DeliveryID, next.DetailIDs = old.ID, old.SaleID, old.AccountID, old.DeliveryID, old.DetailIDs
		if next.PrefName = prefectureName(next.PrefID); next.PrefName == "" {
			return refused(refuseField(codeChoice, "sale_delivery.prefecture_id"))
		}
		changed[i] = &next
	}
	return changed, 0, nil
}

// deliver puts changed lines in their places.
func (s *sale) deliver(changed map[int]*saleDelivery) {
	if changed == nil {
		return
	}
	for i, d := range changed {
		s.SaleDeliveries[i] = d
	}
	s.Delivered = len(s.SaleDeliveries) > 0 && !slices.ContainsFunc(s.SaleDeliveries, func(d *saleDelivery) bool { return !d.Delivered })
	s.sum()
}

// grant adds points to the customer of an order, or takes them back.
func (shop *Shop) grant(s *sale, points int64) {
	if cu := shop.customer(s.Customer.ID); cu != nil {
		cu.Points = max(cu.Points+points, 0)
	}
}

// cancelSale zeroes quantities and total and reverses points; a split order
// and one already cancelled are refused.
func (c *call) cancelSale() (int, any) {
	s := c.sale()
	if s == nil {
		return notFound()
	}
	in, code := c.flat()
	if code != 0 {
		return refuse(code)
	}
	if problems := check("sale", in, []rule{{key: "restock", kind: flagKind}}); len(problems) > 0 {
		return refuseAll(problems...)
	}
	if s.Canceled || s.Segment != nil && s.Segment.Splitted {
		return refuseField(codeChoice, "sale.canceled")
	}
	var restock bool
	_ = json.Unmarshal(in["restock"], &restock)
	c.shop.change(s, c.now)
	c.shop.cancel(s, restock)
	return http.StatusOK, object{"sale": s.short()}
}

// sendMail answers 201 with nothing. Accepted and paid go to the parent of a
// split order alone.
func (c *call) sendMail() (int, any) {
	s := c.sale()
	if s == nil {
		return notFound()
	}
	in := c.in
	rules := []rule{{key: "type", choices: []string{"accepted", "paid", "delivered"}, filled: true}}
	if problems := check("mail", in, rules, "type"); len(problems) > 0 {
		return refuseAll(problems...)
	}
	var m struct {
		Type string `json:"type"`
	}
	apply(&m, in, rules)
	if s.isChild() && m.Type != "delivered" {
		return refuseField(codeChoice, "mail.type")
	}
	at := new(c.now.Unix())
	switch m.Type {
	case "accepted":
		s.AcceptedMailState, s.AcceptedMailSentDate = "sent", at
	case "paid":
		s.PaidMailState, s.PaidMailSentDate = "sent", at
	case "delivered":
		s.DeliveredMailState, s.DeliveredMailSentDate = "sent", at
	}
	c.mails = append(c.mails, Mail{ShopID: c.shop.ID, SaleID: s.ID, Kind: m.Type, Time: c.now})
	return http.StatusCreated, nil
}

// createPaymentURL serves unpaid, uncancelled orders that are to be paid
// online; the link lives 72 hours.
func (c *call) createPaymentURL() (int, any) {
	s := c.sale()
	if s == nil {
		return notFound()
	}
	i := slices.IndexFunc(c.shop.payments, func(p *payment) bool { return p.ID == s.PaymentID })
	if s.Paid || s.Canceled || i < 0 || slices.Contains([]int64{0, 1, 2, 9}, c.shop.payments[i].Type) {
		return refuse(codeChoice)
	}
	return http.StatusOK, object{
		"payment_url": c.shop.profile.URL + "/payment/" + newSecret(),
		"expires_at":  c.now.Add(72 * time.Hour).Unix(),
	}
}

// put inserts an order by its date.
func (shop *Shop) put(s *sale) {
	i, _ := slices.BinarySearchFunc(shop.sales, s, func(a, b *sale) int {
		return cmp.Or(cmp.Compare(a.MakeDate, b.MakeDate), cmp.Compare(a.ID, b.ID))
	})
	shop.sales = slices.Insert(shop.sales, i, s)
}
