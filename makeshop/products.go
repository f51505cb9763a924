package makeshop

import (
	"context"
	"errors"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ProductsService reads products.
type ProductsService service

// Product is a product. Prices are yen.
type Product struct {
	UID                      Scalar                   `json:"uid"`
	SystemCode               string                   `json:"systemCode"` // 12 digits with leading zeros
	CustomCode               string                   `json:"customCode"` // the shop's own
	JANCode                  string                   `json:"janCode"`
	ProductName              string                   `json:"productName"`
	ProductGroupCode         string                   `json:"productGroupCode"`
	ProductGroupName         string                   `json:"productGroupName"`
	SellPrice                int64                    `json:"sellPrice"`
	ConsumerPrice            *int64                   `json:"consumerPrice"` // the maker's price
	TaxRate                  Scalar                   `json:"taxRate"`
	Quantity                 *int64                   `json:"quantity"`
	Display                  YesNo                    `json:"display"`
	Maker                    string                   `json:"maker"`
	PCContent                string                   `json:"pcContent"` // HTML
	PCAddContent             string                   `json:"pcAddContent"`
	MobileContent            string                   `json:"mobileContent"`
	MobileAddContent         string                   `json:"mobileAddContent"`
	MaxImageURL              string                   `json:"maxImageUrl"` // with a query
	MinImageURL              string                   `json:"minImageUrl"`
	TinyImageURL             string                   `json:"tinyImageUrl"`
	SubImages                []SubImage               `json:"subImages"`
	VariationShowType        *int64                   `json:"variationShowType"` // 0: no variations
	Variations               []Variation              `json:"variations"`
	Categories               []ProductCategorySummary `json:"categories"`
	IsSellStart              YesNo                    `json:"isSellStart"`
	IsSellEnd                YesNo                    `json:"isSellEnd"`
	SellStartDateTime        Timestamp                `json:"sellStartDateTime"`
	SellEndDateTime          Timestamp                `json:"sellEndDateTime"`
	IsDisplayOutOfSellPeriod Scalar                   `json:"isDisplayOutOfSellPeriod"`
	CreatedAt                Timestamp                `json:"createdAt"`
	UpdatedAt                Timestamp                `json:"updatedAt"`
	CustomCreatedAt          Timestamp                `json:"customCreatedAt"`
}

// SubImage is a further image of a product.
type SubImage struct {
	SubImageID Scalar `json:"subImageId"`
	URL        string `json:"url"`
}

// Variation is one of the forms that a product comes in.
type Variation struct {
	ProductSystemCode   string `json:"productSystemCode"`
	VariationCustomCode string `json:"variationCustomCode"` // the shop's own text, also with blanks around it
	Variation1ItemName  string `json:"variation1ItemName"`
	Variation2ItemName  string `json:"variation2ItemName"`
	JANCode             string `json:"janCode"`
	SubImageID          Scalar `json:"subImageId"`
}

// ProductCategorySummary is a category that a product is in.
type ProductCategorySummary struct {
	CategoryUID    Scalar `json:"categoryUID"` // in the list of categories it is spelt categoryUid
	CategoryName   string `json:"categoryName"`
	IsMainCategory Scalar `json:"isMainCategory"`
}

// ListProductsParams selects products. The platform returned 200 products a page at most,
// whatever Limit was.
type ListProductsParams struct {
	SystemCodes    []string  `json:"systemCodes,omitzero"`
	SystemCode     string    `json:"systemCode,omitzero"` // provisional; another document has SystemCodes only
	CustomCode     string    `json:"customCode,omitzero"`
	CategoryCode   string    `json:"categoryCode,omitzero"`
	LastUpdateFrom string    `json:"lastUpdateFrom,omitzero"` // the spelling of the time is not known
	LastUpdateTo   string    `json:"lastUpdateTo,omitzero"`
	SortOrder      SortOrder `json:"sortOrder,omitzero"`
	Page           int       `json:"page,omitzero"`  // from 1
	Limit          int       `json:"limit,omitzero"` // rows a page, 1 to 1,000; the platform may return fewer

	// Lean asks for codes, names, prices, stock, images, categories and times alone: what
	// rests on more than one source.
	Lean bool `json:"-"`
}

func (p ListProductsParams) validate() error {
	errs := []error{check.OneOf("sortOrder", p.SortOrder, Ascending, Descending), paging(p.Page, p.Limit), codes(p.SystemCodes)}
	if p.SystemCode != "" && p.SystemCodes != nil {
		errs = append(errs, errors.New("systemCode and systemCodes: give one of them"))
	}
	return errors.Join(errs...)
}

// codes refuses a list that would select something else than what was meant.
func codes(list []string) error {
	if list == nil {
		return nil
	}
	return eachRow("systemCodes", list, func(code string) error { return check.NotEmpty("code", code) })
}

var (
	searchProduct = operation{
		root: "searchProduct",
		text: "query searchProduct($input: SearchProductRequest!) { searchProduct(input: $input) { products {" +
			" uid systemCode customCode janCode productName productGroupCode productGroupName sellPrice consumerPrice" +
			" taxRate quantity display maker pcContent pcAddContent mobileContent mobileAddContent" +
			" maxImageUrl minImageUrl tinyImageUrl subImages { subImageId url } variationShowType" +
			" variations { productSystemCode variationCustomCode variation1ItemName variation2ItemName janCode subImageId }" +
			" categories { categoryUID categoryName isMainCategory } isSellStart isSellEnd sellStartDateTime" +
			" sellEndDateTime isDisplayOutOfSellPeriod createdAt updatedAt customCreatedAt" +
			" } searchedCount page limit } }",
	}
	searchProductLean = operation{
		root: "searchProduct",
		text: "query searchProduct($input: SearchProductRequest!) { searchProduct(input: $input) { products {" +
			" uid systemCode customCode janCode productName sellPrice quantity display maker maxImageUrl" +
			" categories { categoryUID categoryName isMainCategory } updatedAt customCreatedAt" +
			" } searchedCount } }",
	}
)

type searchProductResponse struct {
	searched

	Products []Product `json:"products" rows:"systemCode"`
}

func (r *searchProductResponse) page() *shotengai.Page[Product] {
	return pageOf(r.searched, r.Products)
}

// List returns one page of products (searchProduct).
func (s *ProductsService) List(ctx context.Context, params ListProductsParams, opts ...shotengai.CallOption) (*shotengai.Page[Product], error) {
	return list(ctx, s.client, params.operation(), params, params.validate(), (*searchProductResponse).page, opts)
}

func (p ListProductsParams) operation() operation {
	if p.Lean {
		return searchProductLean
	}
	return searchProduct
}

// All yields the products that params selects, as [OrdersService.All] does orders.
func (s *ProductsService) All(ctx context.Context, params ListProductsParams, opts ...shotengai.CallOption) iter.Seq2[*Product, error] {
	return walk(ctx, params.Page, params.Limit, func(p *Product) string { return p.SystemCode }, func(ctx context.Context, page, limit int) (*shotengai.Page[Product], error) {
		params.Page, params.Limit = page, limit
		return s.List(ctx, params, opts...)
	}, opts...)
}
