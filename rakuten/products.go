package rakuten

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ProductsService reads the platform's catalogue of products. They are no items of the
// shop.
type ProductsService service

// MaxProductPage is the most rows that a page of products has.
const MaxProductPage = 30

// Product is a product of the catalogue. The platform has gaps in all of it.
type Product struct {
	ProductID              string   `xml:"productId"` // JAN and the like
	ProductNo              string   `xml:"productNo"`
	ReviewCount            int      `xml:"reviewCount"`
	ReviewAverage          float64  `xml:"reviewAverage"`
	ReviewURLPC            string   `xml:"reviewUrlPC"`
	ReviewURLMobile        string   `xml:"reviewUrlMobile"`
	Rank                   *int     `xml:"rank"` // nil when it has none, as the next two
	RankTargetGenreID      *int     `xml:"rankTargetGenreId"`
	RankTargetProductCount *int     `xml:"rankTargetProductCount"`
	GenreID                string   `xml:"genreId"`
	GenreName              string   `xml:"genreName"`
	ProductName            string   `xml:"productName"`
	ReleaseDateDisp        string   `xml:"releaseDateDisp"` // the release date in words
	DetailInfo             string   `xml:"detailInfo"`
	BrandName              string   `xml:"brandName"`
	StandardPrice          string   `xml:"standardPrice"` // yen, as the platform writes it
	IsOpenPrice            Flag     `xml:"isOpenPrice"`
	TaxCategory            int      `xml:"taxCategory"`
	ReleaseDate            ItemTime `xml:"releaseDate"` // IsUnknown is true for 1970-01-01
	MakerName              string   `xml:"makerName"`
	UpdateDate             ItemTime `xml:"updateDate"`
}

// SearchProductsParams selects products. Unlike the cabinet's, Offset is a row.
type SearchProductsParams struct {
	ProductID       *string         `url:"productId,omitempty"` // JAN and the like
	Keyword         *string         `url:"keyword,omitempty"`
	GenreID         *string         `url:"genreId,omitempty"`
	MakerName       *string         `url:"makerName,omitempty"`
	ReleaseDateFrom *shotengai.Date `url:"releaseDateFrom,omitempty"`
	ReleaseDateTo   *shotengai.Date `url:"releaseDateTo,omitempty"`
	SortBy          *string         `url:"sortBy,omitempty"` // its values are not established
	Offset          int             `url:"offset,omitempty"` // row, from 0
	Limit           int             `url:"limit,omitempty"`  // rows a page, 1 to 30
}

// Search returns one page of products. Finding none, which the platform answers with NG, is
// an empty page.
func (s *ProductsService) Search(ctx context.Context, params SearchProductsParams, opts ...shotengai.CallOption) (*shotengai.Page[Product], error) {
	r := api.Request{
		Operation: "GET /es/2.0/product/search", Params: params,
		Check: validPage("offset", params.Offset, "limit", params.Limit, MaxProductPage),
	}
	page, err := api.Pick(ctx, s.client.engine, r, (*productsSearchReply).page, opts...)
	if foundNoProducts(err) {
		return new(productsSearchReply).page(), nil
	}
	return page, err
}

type productsSearchReply struct {
	xmlAnswer

	XMLName struct{} `xml:"result"`
	Result  struct {
		Pagination struct {
			NumFound int `xml:"numFound"`
			Offset   int `xml:"offset"`
		} `xml:"pagination"`
		Products []Product `xml:"products>product"`
	} `xml:"productSearchResult"`
}

func (w *productsSearchReply) page() *shotengai.Page[Product] {
	return &shotengai.Page[Product]{Items: w.Result.Products, Total: &w.Result.Pagination.NumFound, Offset: w.Result.Pagination.Offset}
}

// All yields the products that params selects, from params.Offset on and 30 at a time
// unless params.Limit says otherwise. Products that leave the list while it runs end it with
// [shotengai.ErrRowsMoved].
func (s *ProductsService) All(ctx context.Context, params SearchProductsParams, opts ...shotengai.CallOption) iter.Seq2[*Product, error] {
	params.Limit = cmp.Or(params.Limit, MaxProductPage)
	return walk(ctx, params.Offset, byRow(params.Limit), func(p *Product) string { return p.ProductID + "\n" + p.ProductNo + "\n" + p.ProductName },
		func(ctx context.Context, offset int) (*shotengai.Page[Product], error) {
			params.Offset = offset
			return s.Search(ctx, params, opts...)
		})
}

// foundNoProducts reports whether a search failed because there is nothing to find.
func foundNoProducts(err error) bool {
	e, ok := errors.AsType[*shotengai.Error](err)
	return ok && e.StatusCode == http.StatusOK && len(e.Details) == 1 && strings.EqualFold(e.Message, "Data not found")
}
