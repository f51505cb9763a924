package colormetest

import (
	"net/http"
	"slices"
	"time"
)

type variant struct {
	ID                             int64          `json:"id"`
	ProductID                      int64          `json:"product_id"`
	AccountID                      string         `json:"account_id"`
	Option1Value                   *string        `json:"option1_value"`
	Option2Value                   *string        `json:"option2_value"`
	Option1                        *variantOption `json:"option1"`
	Option2                        *variantOption `json:"option2"`
	Title                          string         `json:"title"`
	Stocks                         *int64         `json:"stocks"`
	FewNum                         *int64         `json:"few_num"`
	ModelNumber                    *string        `json:"model_number"`
	Weight                         *int64         `json:"weight"`
	OptionMarketPrice              *int64         `json:"option_market_price"`
	OptionCost                     *int64         `json:"option_cost"`
	OptionPrice                    *int64         `json:"option_price"`
	OptionPriceIncludingTax        int64          `json:"option_price_including_tax"`
	OptionPriceTax                 int64          `json:"option_price_tax"`
	OptionMembersPrice             *int64         `json:"option_members_price"`
	OptionMembersPriceIncludingTax int64          `json:"option_members_price_including_tax"`
	OptionMembersPriceTax          int64          `json:"option_members_price_tax"`
	MakeDate                       int64          `json:"make_date"`
	UpdateDate                     int64          `json:"update_date"`
}

type variantOption struct {
	ID      int64   `json:"id"`
	Name    string  `json:"name"`
	ValueID *int64  `json:"value_id"`
	Value   *string `json:"value"`
}

var variantRules = []rule{
	{key: "stocks", kind: numberKind, low: new(int64(0))},
	{key: "few_num", kind: numberKind, low: new(int64(0))},
	{key: "model_number"},
	{key: "weight", kind: numberKind},
	{key: "option_price", kind: numberKind},
	{key: "option_members_price", kind: numberKind},
	{key: "option_market_price", kind: numberKind},
	{key: "option_cost", kind: numberKind},
}

// value is the variant's value on axis 0 or 1.
func (v *variant) value(axis int) *string {
	return copyOf([]*string{v.Option1Value, v.Option2Value}[axis])
}

func (v *variant) settle(shop shopProfile, reduced bool) {
	v.OptionPriceIncludingTax, v.OptionPriceTax = shop.taxed(value(v.OptionPrice), reduced)
	v.OptionMembersPriceIncludingTax, v.OptionMembersPriceTax = shop.taxed(value(v.OptionMembersPrice), reduced)
}

// variant finds a variant by its values; "" stands for none.
func (p *product) variant(option1, option2 string) *variant {
	i := slices.IndexFunc(p.Variants, func(v *variant) bool {
		return text(v.Option1Value) == option1 && text(v.Option2Value) == option2
	})
	if i < 0 {
		return nil
	}
	return p.Variants[i]
}

// index is the position of a variant's value on an axis.
func (p *product) index(v *variant, axis int) *int64 {
	if axis >= len(p.Options) {
		return nil
	}
	return new(int64(slices.Index(p.Options[axis].Values, text(v.value(axis)))))
}

func (c *call) variant() (*product, *variant) {
	p := c.product()
	if p == nil {
		return nil, nil
	}
	i := slices.IndexFunc(p.Variants, func(v *variant) bool { return v.ID == c.id("id") })
	if i < 0 {
		return p, nil
	}
	return p, p.Variants[i]
}

// listVariants sends at most 50 rows as documented, and 100 as observed.
func (c *call) listVariants() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	items := where(p.Variants, containing(c, "model_number", func(v *variant) string { return text(v.ModelNumber) }))
	return list(c, "variants", pageSize{normal: 10, max: 100, fields: true}, items, same)
}

func (c *call) getVariant() (int, any) {
	_, v := c.variant()
	if v == nil {
		return notFound()
	}
	return http.StatusOK, object{"variant": v}
}

func (c *call) updateVariant() (int, any) {
	p, v := c.variant()
	if v == nil {
		return notFound()
	}
	in := c.in
	if problems := check("variant", in, variantRules); len(problems) > 0 {
		return refuseAll(problems...)
	}
	if raw, ok := in["stocks"]; ok {
		n, _ := stockWrite(raw, v.Stocks)
		p.setVariantStock(v, n)
		c.shop.noteStock(p, c.now.Unix())
	}
	apply(v, in, variantRules)
	v.settle(c.shop.profile, p.TaxReduced)
	v.UpdateDate = c.now.Unix()
	return http.StatusOK, object{"variant": v}
}

// newVariants rebuilds the variants of a product from its options. Those that
// keep has a place for stay; the others begin with stock.
func (shop *Shop) newVariants(p *product, now time.Time, keep func(values []*variantOption) *variant, stock *int64) {
	axes := make([][]*variantOption, 2)
	for axis := range axes {
		axes[axis] = []*variantOption{nil}
		if axis < len(p.Options) {
			axes[axis] = p.Options[axis].choices()
		}
	}
	var out []*variant
	if len(p.Options) > 0 {
		for _, first := range axes[0] {
			for _, second := range axes[1] {
				v := keep([]*variantOption{first, second})
				if v == nil {
					v = shop.newVariant(p, now, first, second)
					v.Stocks = copyOf(stock)
				}
				out = append(out, v)
			}
		}
	}
	p.Variants = slices.Clip(append([]*variant{}, out...))
	p.sumStock()
}

func (shop *Shop) newVariant(p *product, now time.Time, first, second *variantOption) *variant {
	v := &variant{
		ID: shop.server.newID(), ProductID: p.ID, AccountID: shop.ID,
		Option1: first, Option2: second,
		MakeDate: now.Unix(), UpdateDate: now.Unix(),
	}
	if first != nil {
		v.Option1Value, v.Title = copyOf(first.Value), *first.Value
	}
	if second != nil {
		v.Option2Value = copyOf(second.Value)
		v.Title += " x " + *second.Value
	}
	v.settle(shop.profile, p.TaxReduced)
	return v
}
