package colormetest

import (
	"encoding/json"
)

// stock is one row of the stock list: a product, or one of its variants. It
// carries no variant ID.
type stock struct {
	ProductID          int64   `json:"product_id"`
	Option1Value       *string `json:"option1_value"`
	Option2Value       *string `json:"option2_value"`
	VariantModelNumber *string `json:"variant_model_number"`
	goods
}

func (c *call) listStocks() (int, any) {
	products := where(newestFirst(c.shop.products),
		oneOf(c, "ids", func(p *product) int64 { return p.ID }),
		c.inCategory(func(p *product) *categoryRef { return p.Category }),
		containing(c, "model_number", func(p *product) string { return text(p.ModelNumber) }),
		containing(c, "name", func(p *product) string { return p.Name }),
		equal(c, "display_state", func(p *product) string { return p.DisplayState }, displayStates...),
		c.recentlyEmpty(),
	)
	var rows []stockRow
	for _, p := range products {
		rows = append(rows, p.stockRows()...)
	}
	rows = where(rows, atMost(c, "stocks", stockRow.stocks))
	return list(c, "stocks", pageSize{normal: 10, max: 50, fields: true}, rows, stockRow.show)
}

// stockRow is a product, or one of its variants.
type stockRow struct {
	product *product
	variant *variant
}

func (p *product) stockRows() []stockRow {
	if len(p.Variants) == 0 {
		return []stockRow{{product: p}}
	}
	rows := make([]stockRow, len(p.Variants))
	for i, v := range p.Variants {
		rows[i] = stockRow{product: p, variant: v}
	}
	return rows
}

func (r stockRow) stocks() *int64 {
	if r.variant != nil {
		return r.variant.Stocks
	}
	return r.product.Stocks
}

func (r stockRow) show() stock {
	out := stock{ProductID: r.product.ID, goods: r.product.goods}
	if v := r.variant; v != nil {
		out.Option1Value, out.Option2Value = v.Option1Value, v.Option2Value
		out.Stocks, out.FewNum, out.VariantModelNumber = v.Stocks, v.FewNum, v.ModelNumber
	}
	return out
}

// planStocks reads the stock fields of a product update into the writes they
// ask for, so that a refused update changes nothing.
func (p *product) planStocks(in fields) (writes []func(), problems []apiError) {
	plan := func(raw json.RawMessage, current *int64, field string, set func(*int64)) {
		next, code := stockWrite(raw, current)
		if code != 0 {
			problems = append(problems, problem(code, field))
			return
		}
		writes = append(writes, func() { set(next) })
	}
	if raw, ok := in["stocks"]; ok && !p.stockPerVariant() {
		plan(raw, p.Stocks, "product.stocks", func(n *int64) { p.Stocks = n })
	}
	raw, ok := in["variants"]
	if !ok {
		return writes, problems
	}
	var lines []struct {
		Option1Value string          `json:"option1_value"`
		Option2Value string          `json:"option2_value"`
		Stocks       json.RawMessage `json:"stocks"`
	}
	if json.Unmarshal(raw, &lines) != nil {
		return nil, append(problems, problem(codeParameter, "product.variants"))
	}
	for _, line := range lines {
		v := p.variant(line.Option1Value, line.Option2Value)
		if v == nil {
			problems = append(problems, problem(codeChoice, "product.variants"))
			continue
		}
		if len(line.Stocks) > 0 {
			plan(line.Stocks, v.Stocks, "product.variants", func(n *int64) { p.setVariantStock(v, n) })
		}
	}
	return writes, problems
}

// stockWrite is the stock after a write of an integer, an increment or null.
func stockWrite(raw json.RawMessage, current *int64) (*int64, int) {
	if string(raw) == "null" {
		return nil, 0
	}
	var n int64
	if json.Unmarshal(raw, &n) == nil {
		if n < 0 {
			return nil, codeRange
		}
		return &n, 0
	}
	var delta struct {
		Increment *int64 `json:"increment"`
	}
	if json.Unmarshal(raw, &delta) != nil || delta.Increment == nil {
		return nil, codeParameter
	}
	n = value(current) + *delta.Increment
	if n < 0 {
		return nil, codeRange
	}
	return &n, 0
}

// stockPerVariant reports whether the variants have stock of their own.
func (p *product) stockPerVariant() bool {
	for _, v := range p.Variants {
		if v.Stocks != nil {
			return true
		}
	}
	return false
}

// setVariantStock sets one variant; when none had a stock, the others get 0.
func (p *product) setVariantStock(v *variant, n *int64) {
	if n != nil && !p.stockPerVariant() {
		for _, other := range p.Variants {
			other.Stocks = new(int64(0))
		}
	}
	v.Stocks = n
	p.sumStock()
}

// sumStock shows the stock of the variants at the product.
func (p *product) sumStock() {
	if !p.stockPerVariant() {
		return
	}
	var total int64
	for _, v := range p.Variants {
		total += value(v.Stocks)
	}
	p.Stocks = &total
}

// noteStock remembers when a product sold out.
func (shop *Shop) noteStock(p *product, now int64) {
	switch {
	case p.Stocks == nil || *p.Stocks > 0:
		p.emptied = 0
	case p.emptied == 0:
		p.emptied = now
	}
}

// restock moves the stock of what an order sold or gave back; what is not
// counted stays so, and nothing falls below 0.
func (shop *Shop) restock(productID int64, option1, option2 string, n int64) {
	p := shop.product(productID)
	if p == nil {
		return
	}
	target := &p.Stocks
	if v := p.variant(option1, option2); v != nil && p.stockPerVariant() {
		target = &v.Stocks
	}
	if *target != nil {
		*target = new(max(**target+n, 0))
	}
	p.sumStock()
	shop.noteStock(p, shop.server.Now().Unix())
}
