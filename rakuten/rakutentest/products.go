package rakutentest

import (
	"encoding/xml"
	"net/http"
	"strings"
)

var productRoutes = []route{
	{pattern: "GET /es/2.0/product/search", name: "product.search", rate: "product", handle: (*call).searchProducts},
}

// product is one of the platform's catalogue.
type product struct {
	ProductID     string `xml:"productId"`
	ProductNo     string `xml:"productNo"`
	ReviewCount   int    `xml:"reviewCount"`
	ReviewAverage string `xml:"reviewAverage"`
	Rank          string `xml:"rank"`
	GenreID       string `xml:"genreId"`
	ProductName   string `xml:"productName"`
	StandardPrice string `xml:"standardPrice"`
	IsOpenPrice   int    `xml:"isOpenPrice"`
	ReleaseDate   string `xml:"releaseDate"`
	MakerName     string `xml:"makerName"`
	UpdateDate    string `xml:"updateDate"`
}

// unknownDate is what the catalogue says of a day that it does not know.
const unknownDate = "1970-01-01T09:00:00.000+09:00"

// catalogue is a small one; ranks and prices may be empty elements.
var catalogue = []product{
	{"4900000000011", "TNG-01", 3, "4.33", "12", "100003", "手ぬぐい 藍", "1000", 0, "2025-04-01T00:00:00.000+09:00", "商店街染工", "2026-01-01T00:00:00.000+09:00"},
	{"4900000000028", "SNS-07", 0, "0.0", "", "100001", "扇子 波", "", 1, unknownDate, "商店街扇舗", "2026-01-01T00:00:00.000+09:00"},
}

// searchProducts finds products by their number, text, genre or maker. Nothing found is NG
// in HTTP 200.
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
	}{Status: c.status("NG", "Data not found")}
	offset, fine := c.number("offset", 0, 0, 1<<30)
	limit, alsoFine := c.number("limit", 30, 1, 30)
	if !fine || !alsoFine {
		out.Status.Message = "Parameter is wrong"
		return xmlAnswer(http.StatusBadRequest, out)
	}
	var found []product
	for _, p := range catalogue {
		q := c.query
		if (q.Get("productId") == "" || q.Get("productId") == p.ProductID) && (q.Get("genreId") == "" || q.Get("genreId") == p.GenreID) &&
			strings.Contains(p.ProductName, q.Get("keyword")) && strings.Contains(p.MakerName, q.Get("makerName")) {
			found = append(found, p)
		}
	}
	if len(found) > 0 {
		from := min(offset, len(found))
		out.Status, out.Result = c.status("OK", "OK"), &result{len(found), offset, found[from:min(from+limit, len(found))]}
	}
	return xmlAnswer(http.StatusOK, out)
}
