package colormetest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// goods is what products and rows of the stock list have in common.
type goods struct {
	AccountID         string         `json:"account_id"`
	Name              string         `json:"name"`
	Stocks            *int64         `json:"stocks"`
	FewNum            *int64         `json:"few_num"`
	ModelNumber       *string        `json:"model_number"`
	Category          *categoryRef   `json:"category"`
	DisplayState      string         `json:"display_state"`
	SalesPrice        *int64         `json:"sales_price"`
	Price             *int64         `json:"price"`
	MembersPrice      *int64         `json:"members_price"`
	Cost              *int64         `json:"cost"`
	DeliveryCharge    *int64         `json:"delivery_charge"`
	CoolCharge        *int64         `json:"cool_charge"`
	MinNum            *int64         `json:"min_num"`
	MaxNum            *int64         `json:"max_num"`
	SaleStartDate     *int64         `json:"sale_start_date"`
	SaleEndDate       *int64         `json:"sale_end_date"`
	Unit              *string        `json:"unit"`
	Weight            *int64         `json:"weight"`
	SoldoutDisplay    bool           `json:"soldout_display"`
	Sort              *int64         `json:"sort"`
	SimpleExpl        *string        `json:"simple_expl"`
	Expl              *string        `json:"expl"`
	MobileExpl        *string        `json:"mobile_expl"`
	SmartphoneExpl    *string        `json:"smartphone_expl"`
	MakeDate          int64          `json:"make_date"`
	UpdateDate        int64          `json:"update_date"`
	Memo              *string        `json:"memo"`
	ImageURL          *string        `json:"image_url"`
	MobileImageURL    *string        `json:"mobile_image_url"`
	ThumbnailImageURL *string        `json:"thumbnail_image_url"`
	Images            []productImage `json:"images"`
}

type product struct {
	ID int64 `json:"id"`
	goods

	StockManaged             bool       `json:"stock_managed"`
	GroupIDs                 []int64    `json:"group_ids"`
	SalesPriceIncludingTax   int64      `json:"sales_price_including_tax"`
	SalesPriceTax            int64      `json:"sales_price_tax"`
	MembersPriceIncludingTax int64      `json:"members_price_including_tax"`
	MembersPriceTax          int64      `json:"members_price_tax"`
	UnavailablePaymentIDs    []int64    `json:"unavailable_payment_ids"`
	UnavailableDeliveryIDs   []int64    `json:"unavailable_delivery_ids"`
	Options                  []*option  `json:"options"`
	Variants                 []*variant `json:"variants"`
	Pickups                  []*pickup  `json:"pickups"`
	RegularPurchase          bool       `json:"regular_purchase"`
	TaxReduced               bool       `json:"tax_reduced"`
	WithoutShipping          bool       `json:"without_shipping"`
	DigitalContent           bool       `json:"digital_content"`
	Unlisted                 bool       `json:"unlisted"`

	// emptied is when the stock last fell to 0, for recent_zero_stocks.
	emptied int64
	// gallery holds the pictures by position, 0 to 49.
	gallery     map[int64]string
	advertising advertising
}

type categoryRef struct {
	IDBig   int64 `json:"id_big"`
	IDSmall int64 `json:"id_small"`
}

// productImage is a picture other than the main one.
type productImage struct {
	Src      string `json:"src"`
	Position int64  `json:"position"`
	Mobile   bool   `json:"mobile"`
}

var displayStates = []string{"showing", "hidden", "showing_for_members", "sale_for_members"}

var productRoutes = []route{
	{pattern: "GET /v1/products", handle: (*call).listProducts, scopes: []string{"read_products"}},
	{pattern: "POST /v1/products", handle: (*call).createProduct, body: "product", scopes: []string{"write_products"}},
	{pattern: "GET /v1/products/{product_id}", handle: (*call).getProduct, scopes: []string{"read_products"}},
	{pattern: "PUT /v1/products/{product_id}", handle: (*call).updateProduct, body: "product", scopes: []string{"write_products"}},
	{pattern: "GET /v1/products/{product_id}/variants", handle: (*call).listVariants, scopes: []string{"read_products"}},
	{pattern: "GET /v1/products/{product_id}/variants/{id}", handle: (*call).getVariant, scopes: []string{"read_products"}},
	{pattern: "PUT /v1/products/{product_id}/variants/{id}", handle: (*call).updateVariant, body: "variant", scopes: []string{"write_products"}},
	{pattern: "POST /v1/products/{product_id}/options", handle: (*call).createOption, body: "option", scopes: []string{"write_products"}},
	{pattern: "DELETE /v1/products/{product_id}/options/{id}", handle: (*call).deleteOption, scopes: []string{"write_products"}},
	{pattern: "POST /v1/products/{product_id}/options/{option_id}/values", handle: (*call).createOptionValue, body: "option_value", scopes: []string{"write_products"}},
	{pattern: "DELETE /v1/products/{product_id}/options/{option_id}/values/{id}", handle: (*call).deleteOptionValue, scopes: []string{"write_products"}},
	{pattern: "POST /v1/products/{product_id}/pickups", handle: (*call).createPickup, scopes: []string{"write_products"}},
	{pattern: "PUT /v1/products/{product_id}/pickups", handle: (*call).updatePickup, scopes: []string{"write_products"}},
	{pattern: "DELETE /v1/products/{product_id}/pickups/{pickup_type}", handle: (*call).deletePickup, scopes: []string{"write_products"}},
	{pattern: "GET /v1/products/{product_id}/images", handle: (*call).listImages, scopes: []string{"read_products"}},
	{pattern: "POST /v1/products/{product_id}/images", handle: (*call).uploadImage, scopes: []string{"read_products", "write_products"}, premium: true, images: true},
	{pattern: "DELETE /v1/products/{product_id}/images/{position}", handle: (*call).deleteImage, scopes: []string{"write_products"}},
	{pattern: "GET /v1/product_advertisings", handle: (*call).listAdvertisings, scopes: []string{"read_products"}},
	{pattern: "GET /v1/reviews", handle: (*call).listReviews, scopes: []string{"read_products", "read_sales"}},
	{pattern: "GET /v1/stocks", handle: (*call).listStocks},
	{pattern: "GET /v1/groups", handle: (*call).listGroups},
	{pattern: "POST /v1/groups", handle: (*call).createGroup, body: "group", scopes: []string{"write_products"}},
	{pattern: "GET /v1/groups/{id}", handle: (*call).getGroup},
	{pattern: "PUT /v1/groups/{id}", handle: (*call).updateGroup, body: "group", scopes: []string{"write_products"}},
	{pattern: "GET /v1/categories", handle: (*call).listCategories},
	{pattern: "POST /v1/categories", handle: (*call).createCategory, body: "category", scopes: []string{"write_products"}},
	{pattern: "PUT /v1/categories/{id}", handle: (*call).updateCategory, body: "category", scopes: []string{"write_products"}},
	{pattern: "POST /v1/categories/{category_id}/children", handle: (*call).createCategoryChild, body: "category", scopes: []string{"write_products"}},
	{pattern: "PUT /v1/categories/{category_id}/children/{id}", handle: (*call).updateCategoryChild, body: "category", scopes: []string{"write_products"}},
}

// productRules are the plain fields of a product that may be written. A price
// below zero is stored without complaint.
var productRules = []rule{
	{key: "name", max: 100, filled: true},
	{key: "price", kind: numberKind},
	{key: "cost", kind: numberKind, low: new(int64(0))},
	{key: "sales_price", kind: numberKind, low: new(int64(0))},
	{key: "members_price", kind: numberKind, low: new(int64(0))},
	{key: "model_number", max: 50},
	{key: "expl"},
	{key: "simple_expl", max: 255},
	{key: "smartphone_expl"},
	{key: "display_state", field: "disp_flg", choices: displayStates, filled: true},
	{key: "stock_managed", kind: flagKind},
	{key: "tax_reduced", kind: flagKind},
}

// productRefRules are the fields that name other resources.
var productRefRules = []rule{
	{key: "category_id_big", kind: numberKind},
	{key: "category_id_small", kind: numberKind},
}

func (c *call) product() *product { return c.shop.product(c.id("product_id")) }

func (shop *Shop) product(id int64) *product {
	i := slices.IndexFunc(shop.products, func(p *product) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return shop.products[i]
}

func (c *call) listProducts() (int, any) {
	groups := c.numbers("group_ids")
	filters := []filter[*product]{
		oneOf(c, "ids", func(p *product) int64 { return p.ID }),
		c.inCategory(func(p *product) *categoryRef { return p.Category }),
		func(p *product) bool {
			return len(groups) == 0 || slices.ContainsFunc(p.GroupIDs, func(id int64) bool { return slices.Contains(groups, id) })
		},
		containing(c, "model_number", func(p *product) string { return text(p.ModelNumber) }),
		containing(c, "name", func(p *product) string { return p.Name }),
		equal(c, "display_state", func(p *product) string { return p.DisplayState }, displayStates...),
		atMost(c, "stocks", func(p *product) *int64 { return p.Stocks }), // assumed: at most so many
		flagged(c, "stock_managed", func(p *product) bool { return p.StockManaged }),
		c.recentlyEmpty(),
		since(c, func(p *product) int64 { return p.MakeDate }, "make_date_min"),
		until(c, func(p *product) int64 { return p.MakeDate }, "make_date_max"),
		since(c, func(p *product) int64 { return p.UpdateDate }, "update_date_min"),
		until(c, func(p *product) int64 { return p.UpdateDate }, "update_date_max"),
		atLeast(c, "sales_price_min", func(p *product) *int64 { return p.SalesPrice }),
		atMost(c, "sales_price_max", func(p *product) *int64 { return p.SalesPrice }),
		atLeast(c, "price_min", func(p *product) *int64 { return p.Price }),
		atMost(c, "price_max", func(p *product) *int64 { return p.Price }),
		atLeast(c, "members_price_min", func(p *product) *int64 { return p.MembersPrice }),
		atMost(c, "members_price_max", func(p *product) *int64 { return p.MembersPrice }),
		equal(c, "jan_code", func(p *product) string { return text(p.advertising.GTIN) }),
	}
	items := where(newestFirst(c.shop.products), filters...)
	c.sortProducts(items)
	return list(c, "products", pageSize{normal: 10, max: 50, fields: true}, items, same)
}

// inCategory keeps items of a big category, and of a small one within it.
func (c *call) inCategory(of func(*product) *categoryRef) filter[*product] {
	big, byBig := c.number("category_id_big")
	small, bySmall := c.number("category_id_small")
	return func(p *product) bool {
		ref := of(p)
		return (!byBig || ref != nil && ref.IDBig == big) && (!bySmall || ref != nil && ref.IDSmall == small)
	}
}

// recentlyEmpty keeps products that sold out within the last seven days; the
// platform's own span is not known.
func (c *call) recentlyEmpty() filter[*product] {
	if wanted, ok := c.flag("recent_zero_stocks"); !ok || !wanted {
		return nil
	}
	from := c.now.AddDate(0, 0, -7).Unix()
	return func(p *product) bool { return p.emptied >= from && p.emptied > 0 }
}

var productSorts = map[string]func(*product) *int64{
	"make_date":     func(p *product) *int64 { return &p.MakeDate },
	"update_date":   func(p *product) *int64 { return &p.UpdateDate },
	"sales_price":   func(p *product) *int64 { return p.SalesPrice },
	"price":         func(p *product) *int64 { return p.Price },
	"members_price": func(p *product) *int64 { return p.MembersPrice },
}

// sortProducts orders by the sort parameter. Unknown keys are ignored, nulls
// come last either way.
func (c *call) sortProducts(items []*product) {
	for _, key := range slices.Backward(strings.Split(c.query.Get("sort"), ",")) {
		name, down := strings.CutPrefix(key, "-")
		of, ok := productSorts[name]
		if !ok {
			continue
		}
		slices.SortStableFunc(items, func(a, b *product) int {
			x, y := of(a), of(b)
			switch {
			case x == nil || y == nil:
				return nullsLast(x, y)
			case down:
				return cmp.Compare(*y, *x)
			}
			return cmp.Compare(*x, *y)
		})
	}
}

func nullsLast(x, y *int64) int {
	switch {
	case x == nil && y != nil:
		return 1
	case x != nil && y == nil:
		return -1
	}
	return 0
}

func (c *call) getProduct() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	return http.StatusOK, object{"product": p}
}

// createProduct needs a name; whether the platform needs more is not known.
func (c *call) createProduct() (int, any) {
	in := c.in
	problems := append(check("product", in, productRules, "name"), c.checkProductRefs(in)...)
	if len(problems) > 0 {
		return refuseAll(problems...)
	}
	p := c.shop.newProduct(c.now)
	c.writeProduct(p, in)
	if p.StockManaged {
		p.Stocks = new(int64(0))
	}
	c.shop.products = append(c.shop.products, p)
	return http.StatusOK, object{"product": p}
}

// checkProductRefs checks what productRules cannot: that categories and groups
// exist, and the prices of the free plan, which start at 100 yen.
func (c *call) checkProductRefs(in fields) []apiError {
	problems := check("product", in, productRefRules)
	ref := categoryRef{}
	if json.Unmarshal(in["category_id_big"], &ref.IDBig) == nil && ref.IDBig != 0 && c.shop.category(ref.IDBig) == nil {
		problems = append(problems, problem(codeChoice, "product.category_id_big"))
	}
	var groups []int64
	if raw, ok := in["group_ids"]; ok && json.Unmarshal(raw, &groups) != nil {
		problems = append(problems, problem(codeParameter, "product.group_ids"))
	}
	for _, id := range groups {
		if c.shop.group(id) == nil {
			problems = append(problems, problem(codeChoice, "product.group_ids"))
		}
	}
	for _, key := range []string{"price", "sales_price", "members_price"} {
		n, ok := looseNumber(in[key])
		if c.shop.profile.ContractPlan == "free" && ok && n < 100 {
			problems = append(problems, problem(codeRange, "product."+key))
		}
	}
	return problems
}

// writeProduct stores checked fields; unlisted and all that is unknown is
// ignored.
func (c *call) writeProduct(p *product, in fields) {
	apply(p, in, productRules)
	for key, dst := range map[string]func(*categoryRef) *int64{
		"category_id_big":   func(r *categoryRef) *int64 { return &r.IDBig },
		"category_id_small": func(r *categoryRef) *int64 { return &r.IDSmall },
	} {
		if raw, ok := in[key]; ok {
			if p.Category == nil {
				p.Category = &categoryRef{}
			}
			overlay(dst(p.Category), raw)
		}
	}
	if raw, ok := in["group_ids"]; ok {
		p.GroupIDs = []int64{}
		overlay(&p.GroupIDs, raw)
	}
	p.UpdateDate = c.now.Unix()
	p.settle(c.shop.profile)
}

// settle derives what the platform derives from prices and pictures.
func (p *product) settle(shop shopProfile) {
	p.SalesPriceIncludingTax, p.SalesPriceTax = shop.taxed(value(p.SalesPrice), p.TaxReduced)
	p.MembersPriceIncludingTax, p.MembersPriceTax = shop.taxed(value(p.MembersPrice), p.TaxReduced)
	for _, v := range p.Variants {
		v.settle(shop, p.TaxReduced)
	}
	p.showImages()
}

// taxed is a price with tax, and the tax in it.
func (shop shopProfile) taxed(price int64, reduced bool) (including, tax int64) {
	rate := shop.Tax
	if reduced {
		rate = shop.ReduceTaxRate
	}
	if shop.TaxType == "included" {
		return price, price - price*100/(100+rate)
	}
	tax = price * rate / 100
	return price + tax, tax
}

// updateProduct changes what is named. Stock is an integer or an increment; at
// the level of the product it is ignored when stock is kept per variant.
func (c *call) updateProduct() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	in := c.in
	problems := append(check("product", in, productRules), c.checkProductRefs(in)...)
	writes, bad := p.planStocks(in)
	if problems = append(problems, bad...); len(problems) > 0 {
		return refuseAll(problems...)
	}
	for _, w := range writes {
		w()
	}
	c.writeProduct(p, in)
	c.shop.noteStock(p, c.now.Unix())
	return http.StatusOK, object{"product": p}
}
