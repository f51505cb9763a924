package colormetest

import (
	"encoding/json"
	"net/http"
	"slices"
)

// option is an axis of variants.
type option struct {
	ID         int64    `json:"id"`
	ProductID  int64    `json:"product_id"`
	AccountID  string   `json:"account_id"`
	Name       string   `json:"name"`
	Values     []string `json:"values"`
	MakeDate   *int64   `json:"make_date"`
	UpdateDate int64    `json:"update_date"`

	// valueIDs are the IDs of Values.
	valueIDs []int64
}

type optionValue struct {
	OptionID   int64  `json:"option_id"`
	ValueID    int64  `json:"value_id"`
	ProductID  int64  `json:"product_id"`
	AccountID  string `json:"account_id"`
	Name       string `json:"name"`
	MakeDate   int64  `json:"make_date"`
	UpdateDate int64  `json:"update_date"`
}

var optionValueRules = []rule{{key: "name", filled: true}}

// choices are the values of the option as variants show them.
func (o *option) choices() []*variantOption {
	out := make([]*variantOption, len(o.Values))
	for i, v := range o.Values {
		out[i] = &variantOption{ID: o.ID, Name: o.Name, ValueID: new(o.valueIDs[i]), Value: new(v)}
	}
	return out
}

// addOption adds an axis to a product; the variants are left to newVariants.
func (shop *Shop) addOption(p *product, at int64, name string, values []string) *option {
	o := &option{
		ID: shop.server.newID(), ProductID: p.ID, AccountID: shop.ID, Name: name, Values: values,
		MakeDate: &at, UpdateDate: at,
	}
	for range values {
		o.valueIDs = append(o.valueIDs, shop.server.newID())
	}
	p.Options = append(p.Options, o)
	return o
}

// createOption adds an axis, at most two to a product. All variants are new and
// begin without a stock.
func (c *call) createOption() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	in := c.in
	problems := check("option", in, optionValueRules, "name")
	var values []struct {
		Name string `json:"name"`
	}
	if raw, ok := in["values"]; ok && json.Unmarshal(raw, &values) != nil {
		problems = append(problems, problem(codeParameter, "option.values"))
	} else if len(values) == 0 {
		problems = append(problems, problem(codeRequired, "option.values"))
	}
	var names []string
	for _, v := range values {
		if v.Name == "" {
			problems = append(problems, problem(codeRequired, "option_value.name"))
		}
		names = append(names, v.Name)
	}
	if len(p.Options) >= 2 {
		problems = append(problems, problem(codeRange, ""))
	}
	if len(problems) > 0 {
		return refuseAll(problems...)
	}
	var name struct {
		Name string `json:"name"`
	}
	apply(&name, in, optionValueRules)
	o := c.shop.addOption(p, c.now.Unix(), name.Name, names)
	c.shop.newVariants(p, c.now, func([]*variantOption) *variant { return nil }, nil)
	return http.StatusCreated, object{"option": o}
}

func (p *product) option(id int64) *option {
	i := slices.IndexFunc(p.Options, func(o *option) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return p.Options[i]
}

// deleteOption removes an axis with its variants; those of the axis that is
// left begin without a stock.
func (c *call) deleteOption() (int, any) {
	p := c.product()
	if p == nil || p.option(c.id("id")) == nil {
		return notFound()
	}
	p.Options = slices.DeleteFunc(p.Options, func(o *option) bool { return o.ID == c.id("id") })
	c.shop.newVariants(p, c.now, func([]*variantOption) *variant { return nil }, nil)
	return noContent()
}

// createOptionValue adds variants for the value: with a stock of 0 when those
// that exist have one.
func (c *call) createOptionValue() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	o := p.option(c.id("option_id"))
	if o == nil {
		return notFound()
	}
	in := c.in
	if problems := check("option_value", in, optionValueRules, "name"); len(problems) > 0 {
		return refuseAll(problems...)
	}
	out := optionValue{
		OptionID: o.ID, ValueID: c.newID(), ProductID: p.ID, AccountID: c.shop.ID,
		MakeDate: c.now.Unix(), UpdateDate: c.now.Unix(),
	}
	apply(&out, in, optionValueRules)
	if slices.Contains(o.Values, out.Name) {
		return refuseField(codeChoice, "option_value.name")
	}
	o.Values, o.valueIDs, o.UpdateDate = append(o.Values, out.Name), append(o.valueIDs, out.ValueID), c.now.Unix()
	var stock *int64
	if p.stockPerVariant() {
		stock = new(int64(0))
	}
	c.shop.newVariants(p, c.now, p.existing(), stock)
	return http.StatusCreated, object{"option_value": out}
}

// existing finds the variants that a product has, by their values.
func (p *product) existing() func([]*variantOption) *variant {
	return func(values []*variantOption) *variant {
		names := make([]string, len(values))
		for i, v := range values {
			if v != nil {
				names[i] = *v.Value
			}
		}
		return p.variant(names[0], names[1])
	}
}

// deleteOptionValue never removes the last value; that refusal names no field.
func (c *call) deleteOptionValue() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	o := p.option(c.id("option_id"))
	if o == nil {
		return notFound()
	}
	i := slices.Index(o.valueIDs, c.id("id"))
	if i < 0 {
		return notFound()
	}
	if len(o.Values) == 1 {
		return refuse(codeRange)
	}
	o.Values, o.valueIDs = slices.Delete(o.Values, i, i+1), slices.Delete(o.valueIDs, i, i+1)
	o.UpdateDate = c.now.Unix()
	c.shop.newVariants(p, c.now, p.existing(), nil)
	return noContent()
}
