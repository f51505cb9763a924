package rakuten

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

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
	GenreID                string   `xml:"genreId"` // the path from the root, such as /0/200162/203063
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

// MaxProductIDs is the most ids that one search takes.
const MaxProductIDs = 30

// SearchProductsParams selects products. At least one of the fields above SortBy is
// required. Unlike the cabinet's, Offset is a row.
type SearchProductsParams struct {
	ProductIDs      shotengai.CommaList[string] `url:"productId,omitempty"` // JANs and the like, at most 30
	Keyword         *string                     `url:"keyword,omitempty"`
	GenreID         *string                     `url:"genreId,omitempty"` // the id alone, or the path from the root, such as /0/200162/203063
	MakerName       *string                     `url:"makerName,omitempty"`
	ReleaseDateFrom *shotengai.Date             `url:"-"` // the first day in Japan; how the platform reads the two dates is provisional
	ReleaseDateTo   *shotengai.Date             `url:"-"` // the last day in Japan
	SortBy          *ProductSort                `url:"sortBy,omitempty"`
	Offset          int                         `url:"offset,omitempty"` // row, from 0
	Limit           int                         `url:"limit,omitempty"`  // rows a page, 1 to 30
}

// ProductSort is an order of products. Open set.
type ProductSort string

// Values of ProductSort. Those by id rest on a post of 2018 (provisional).
const (
	ProductsByPrice  ProductSort = "standardPriceAsc"
	ProductsByID     ProductSort = "productIdAsc"
	ProductsByIDDesc ProductSort = "productIdDesc"
)

// validate wants a criterion: without a known one the platform answers 400.
func (p SearchProductsParams) validate() error {
	var errs []error
	texts := []*string{p.Keyword, p.GenreID, p.MakerName}
	if len(p.ProductIDs) == 0 && p.ReleaseDateFrom == nil && p.ReleaseDateTo == nil &&
		!slices.ContainsFunc(texts, func(text *string) bool { return value(text) != "" }) {
		errs = append(errs, errors.New("one of productId, keyword, genreId, makerName, releaseDateFrom and releaseDateTo is required"))
	}
	if n := len(p.ProductIDs); n > MaxProductIDs {
		errs = append(errs, fmt.Errorf("productId: %d ids, at most %d are allowed", n, MaxProductIDs))
	}
	return errors.Join(append(errs, validPage("offset", p.Offset, "limit", p.Limit, MaxProductPage))...)
}

// productsQuery is the query of a search. The spelling of the release dates rests on a post
// of 2018 (provisional).
type productsQuery struct {
	SearchProductsParams

	From string `url:"releaseDateFrom,omitempty"`
	To   string `url:"releaseDateTo,omitempty"`
}

func (p SearchProductsParams) query() productsQuery {
	const layout = "2006-01-02T15:04:05.000-07:00"
	q := productsQuery{SearchProductsParams: p}
	if day := p.ReleaseDateFrom; day != nil {
		q.From = day.In(shotengai.JST).Format(layout)
	}
	if day := p.ReleaseDateTo; day != nil {
		q.To = day.AddDays(1).In(shotengai.JST).Add(-time.Millisecond).Format(layout)
	}
	return q
}

// Search returns one page of products. Finding none, which the platform answers with NG, is
// an empty page.
func (s *ProductsService) Search(ctx context.Context, params SearchProductsParams, opts ...shotengai.CallOption) (*shotengai.Page[Product], error) {
	r := api.Request{
		Operation: "GET /es/2.0/product/search", Params: params.query(), Check: params.validate(),
	}
	page, err := api.List(ctx, s.client.engine, r, (*productsSearchReply).page, opts...)
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
		Products []Product `xml:"products>product" rows:"productId"`
	} `xml:"productSearchResult"`
}

func (w *productsSearchReply) page() *shotengai.Page[Product] {
	return &shotengai.Page[Product]{Items: w.Result.Products, Total: &w.Result.Pagination.NumFound, Offset: w.Result.Pagination.Offset}
}

// All yields the products that params selects, from params.Offset on and 30 at a time
// unless params.Limit says otherwise. A product that cannot be read is yielded as a
// *shotengai.RowError. Products that leave the list while it runs end it with
// [shotengai.ErrRowsMoved].
func (s *ProductsService) All(ctx context.Context, params SearchProductsParams, opts ...shotengai.CallOption) iter.Seq2[*Product, error] {
	params.Limit = cmp.Or(params.Limit, MaxProductPage)
	return walk(ctx, params.Offset, byRow(params.Limit), func(p *Product) string { return p.ProductID + "\n" + p.ProductNo + "\n" + p.ProductName },
		func(ctx context.Context, offset int) (*shotengai.Page[Product], error) {
			params.Offset = offset
			return s.Search(ctx, params, opts...)
		}, opts...)
}

// foundNoProducts reports whether a search failed because there is nothing to find.
func foundNoProducts(err error) bool {
	e, ok := errors.AsType[*shotengai.Error](err)
	return ok && e.StatusCode == http.StatusOK && len(e.Details) == 1 && strings.EqualFold(e.Message, "Data not found")
}
