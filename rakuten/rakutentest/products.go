package rakutentest

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

var productRoutes = []route{
	{pattern: "GET /es/2.0/product/search", name: "product.search", rate: "product", handle: (*call).searchProducts},
}

// product is one of the platform's catalogue.
type product struct {
	ProductID       string `xml:"productId"`
	ProductNo       string `xml:"productNo"`
	ReviewCount     int    `xml:"reviewCount"`
	ReviewAverage   string `xml:"reviewAverage"`
	ReviewURLPC     string `xml:"reviewUrlPC"`
	ReviewURLMobile string `xml:"reviewUrlMobile"`
	Rank            string `xml:"rank"`
	RankGenreID     string `xml:"rankTargetGenreId"`
	RankCount       string `xml:"rankTargetProductCount"`
	GenreID         string `xml:"genreId"` // the path, the root first
	GenreName       string `xml:"genreName"`
	ProductName     string `xml:"productName"`
	ReleaseDateDisp string `xml:"releaseDateDisp"`
	DetailInfo      string `xml:"detailInfo"`
	BrandName       string `xml:"brandName"`
	StandardPrice   string `xml:"standardPrice"`
	IsOpenPrice     int    `xml:"isOpenPrice"`
	TaxCategory     int    `xml:"taxCategory"`
	ReleaseDate     string `xml:"releaseDate"`
	MakerName       string `xml:"makerName"`
	UpdateDate      string `xml:"updateDate"`
}

// productTime is the spelling of a time in the catalogue, and of the release dates of a
// search.
const productTime = "2006-01-02T15:04:05.000-07:00"

// unknownDate is what the catalogue says of a day that it does not know.
const unknownDate = "1970-01-01T09:00:00.000+09:00"

// catalogue is a small one; ranks and prices may be empty elements.
var catalogue = []product{
	{
		ProductID: "4900000000011", ProductNo: "TNG-01", ReviewCount: 3, ReviewAverage: "4.33", Rank: "12", RankGenreID: "100003", RankCount: "340",
		GenreID: "/0/100001/100002/100003", GenreName: "手ぬぐい", ProductName: "手ぬぐい 藍", ReleaseDateDisp: "2025年04月01日", DetailInfo: "33cm x 90cm",
		BrandName: "商店街", StandardPrice: "1000", ReleaseDate: "2025-04-01T00:00:00.000+09:00", MakerName: "商店街染工", UpdateDate: "2026-01-01T00:00:00.000+09:00",
	},
	{
		ProductID: "4900000000028", ProductNo: "SNS-07", ReviewAverage: "0.0", GenreID: "/0/100001", GenreName: "和雑貨", ProductName: "扇子 波",
		IsOpenPrice: 1, ReleaseDate: unknownDate, MakerName: "商店街扇舗", UpdateDate: "2026-01-01T00:00:00.000+09:00",
	},
	{
		ProductID: "4900000000035", ProductNo: "TNG-02", ReviewAverage: "0.0", GenreID: "/0/100001/100002/100003", GenreName: "手ぬぐい", ProductName: "手ぬぐい 紅",
		BrandName: "商店街", StandardPrice: "900", ReleaseDate: "2026-04-01T00:00:00.000+09:00", MakerName: "商店街染工", UpdateDate: "2026-05-01T00:00:00.000+09:00",
	},
}

const (
	maxProductIDs = 30
	maxProducts   = 30 // of a page
)

// productSorts are the known orders. A product without a price comes last, which is a guess.
var productSorts = map[string]func(a, b product) int{
	"standardPriceAsc": func(a, b product) int { return cmp.Compare(a.price(), b.price()) },
	"productIdAsc":     func(a, b product) int { return strings.Compare(a.ProductID, b.ProductID) },
	"productIdDesc":    func(a, b product) int { return strings.Compare(b.ProductID, a.ProductID) },
}

func (p product) price() int {
	yen, err := strconv.Atoi(p.StandardPrice)
	if err != nil {
		return 1 << 30
	}
	return yen
}

// productSearch is what a search asks for.
type productSearch struct {
	ids                   []string
	keyword, genre, maker string
	from, to              time.Time
	sort                  func(a, b product) int
	offset, limit         int
}

// productQuery reads a search, and reports false for one without a known criterion and for
// one that is wrong. That other values of sortBy are refused is a guess, and so is that
// release dates have to be spelt in the only way that is known.
func (c *call) productQuery() (q productSearch, fine bool) {
	value := c.query.Get
	q = productSearch{keyword: value("keyword"), genre: value("genreId"), maker: value("makerName")}
	if ids := value("productId"); ids != "" {
		q.ids = strings.Split(ids, ",")
	}
	var fineFrom, fineTo, fineOffset, fineLimit bool
	q.from, fineFrom = releaseDate(value("releaseDateFrom"))
	q.to, fineTo = releaseDate(value("releaseDateTo"))
	q.offset, fineOffset = c.number("offset", 0, 0, 1<<30)
	q.limit, fineLimit = c.number("limit", maxProducts, 1, maxProducts)
	sort := value("sortBy")
	q.sort = productSorts[sort]
	criterion := q.ids != nil || q.keyword != "" || q.genre != "" || q.maker != "" || !q.from.IsZero() || !q.to.IsZero()
	return q, criterion && fineFrom && fineTo && fineOffset && fineLimit && len(q.ids) <= maxProductIDs && (sort == "" || q.sort != nil)
}

func releaseDate(text string) (at time.Time, fine bool) {
	if text == "" {
		return at, true
	}
	at, err := time.Parse(productTime, text)
	return at, err == nil
}

// finds reports whether a search finds a product: a genre by its path and by its own id.
func (q productSearch) finds(p product) bool {
	released, _ := time.Parse(productTime, p.ReleaseDate)
	leaf := p.GenreID[strings.LastIndexByte(p.GenreID, '/')+1:]
	switch {
	case q.ids != nil && !slices.Contains(q.ids, p.ProductID),
		q.genre != "" && q.genre != p.GenreID && q.genre != leaf,
		!strings.Contains(p.ProductName, q.keyword), !strings.Contains(p.MakerName, q.maker),
		released.Before(q.from), !q.to.IsZero() && released.After(q.to):
		return false
	}
	return true
}

// searchProducts finds products by their numbers, text, genre, maker or release date.
// Nothing found is NG in HTTP 200.
func (c *call) searchProducts() reply {
	type result struct {
		NumFound int       `xml:"pagination>numFound"`
		Offset   int       `xml:"pagination>offset"`
		Products []product `xml:"products>product"`
	}
	out := struct {
		XMLName xml.Name  `xml:"result"`
		Status  xmlStatus `xml:"status"`
		Result  *result   `xml:"productSearchResult"`
	}{Status: c.status("NG", "ParameterError")}
	q, fine := c.productQuery()
	if !fine {
		return xmlAnswer(http.StatusBadRequest, out)
	}
	found := slices.DeleteFunc(slices.Clone(catalogue), func(p product) bool { return !q.finds(p) })
	if len(found) == 0 {
		out.Status.Message = "Data not found"
		return xmlAnswer(http.StatusOK, out)
	}
	if q.sort != nil {
		slices.SortStableFunc(found, q.sort)
	}
	from := min(q.offset, len(found))
	out.Status, out.Result = c.status("OK", "OK"), &result{len(found), q.offset, found[from:min(from+q.limit, len(found))]}
	return xmlAnswer(http.StatusOK, out)
}
