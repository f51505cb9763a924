package colormetest

// advertising is the data of a product for shopping feeds.
type advertising struct {
	AccountID             string   `json:"account_id"`
	ProductID             int64    `json:"product_id"`
	Brand                 *string  `json:"brand"`
	Colors                []string `json:"colors"`
	Condition             *string  `json:"condition"`
	Description           *string  `json:"description"`
	Gender                *string  `json:"gender"`
	GoogleProductCategory *string  `json:"google_product_category"`
	GTIN                  *string  `json:"gtin"`
	MPN                   *string  `json:"mpn"`
	Sizes                 []string `json:"sizes"`
}

// listAdvertisings ignores the fields parameter.
func (c *call) listAdvertisings() (int, any) {
	products := where(newestFirst(c.shop.products),
		oneOf(c, "product_ids", func(p *product) int64 { return p.ID }),
		equal(c, "display_state", func(p *product) string { return p.DisplayState }, displayStates...),
	)
	return list(c, "product_advertisings", pageSize{normal: 50, max: 250}, products, func(p *product) advertising { return p.advertising })
}
