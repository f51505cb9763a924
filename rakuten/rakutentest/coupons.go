package rakutentest

import (
	"bytes"
	"crypto/rand"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

var couponRoutes = []route{
	{pattern: "POST /es/1.0/coupon/issue", name: "coupon.issue", rate: "coupon", handle: (*call).issueCoupon},
	{pattern: "POST /es/1.0/coupon/update", name: "coupon.update", rate: "coupon", handle: (*call).updateCoupon},
	{pattern: "POST /es/1.0/coupon/delete", name: "coupon.delete", rate: "coupon", handle: (*call).deleteCoupon},
	{pattern: "GET /es/1.0/coupon/get", name: "coupon.get", rate: "coupon", handle: (*call).getCoupon},
	{pattern: "GET /es/1.0/coupon/search", name: "coupon.search", rate: "coupon", handle: (*call).searchCoupons},
	{pattern: "/es/1.0/coupon/", name: "coupon.unknown", rate: "coupon", handle: (*call).wrongMethod},
}

// coupon is a coupon; the elements are in the platform's order.
type coupon struct {
	Code           string            `xml:"couponCode"`
	Name           string            `xml:"couponName"`
	Caption        string            `xml:"couponCaption"`
	Start          string            `xml:"couponStartDate"`
	End            string            `xml:"couponEndDate"`
	Image          string            `xml:"couponImage"`
	IssueCount     int               `xml:"issueCount"`
	ItemType       int               `xml:"itemType"`
	DiscountType   int               `xml:"discountType"`
	DiscountFactor int               `xml:"discountFactor"`
	MemberMax      int               `xml:"memberAvailMaxCount"`
	History        int               `xml:"purchaseHistoryCond>type"`
	Ranks          []int             `xml:"multiRankCond>rankCond"`
	Gender         string            `xml:"genderCond"`
	Lower          int               `xml:"ageRangeCond>lowerBound"`
	Upper          int               `xml:"ageRangeCond>upperBound"`
	BirthMonth     int               `xml:"birthmonthCond"`
	Prefectures    []string          `xml:"multiPrefectureCond>prefectureCond"`
	CombineFlag    int               `xml:"combineFlag"`
	DisplayFlag    int               `xml:"displayFlag"`
	Items          []couponItem      `xml:"items>item"`
	Conditions     []couponCondition `xml:"otherConditions>otherCondition"`
}

type couponItem struct {
	URL string `xml:"itemUrl"`
}

type couponAnswer struct {
	XMLName xml.Name  `xml:"result"`
	Status  xmlStatus `xml:"status"`
	Coupon  any       `xml:"coupon,omitempty"`
}

// couponOrder is the order of a coupon's elements. Items may follow itemType as well.
var couponOrder = []string{
	"couponCode", "couponName", "couponCaption", "couponStartDate", "couponEndDate", "couponImage", "issueCount", "itemType", "discountType",
	"discountFactor", "memberAvailMaxCount", "purchaseHistoryCond", "multiRankCond", "genderCond", "ageRangeCond", "birthmonthCond",
	"multiPrefectureCond", "combineFlag", "displayFlag", "items", "otherConditions",
}

// optional elements of a new coupon.
var couponOptional = []string{"couponCode", "couponCaption", "couponImage", "items", "otherConditions"}

// wellFormed reports whether a request has the elements of a coupon in the platform's
// order, and, when it is a whole one, all that are mandatory even where they are unused.
func wellFormed(body []byte, whole bool) bool {
	names := couponElements(body)
	last, after := -1, ""
	for _, name := range names {
		i := slices.Index(couponOrder, name)
		early := name == "items" && after == "itemType"
		if i < 0 || i <= last && !early {
			return false
		}
		if !early {
			last = i
		}
		after = name
	}
	return !whole || !slices.ContainsFunc(couponOrder, func(name string) bool {
		return !slices.Contains(couponOptional, name) && !slices.Contains(names, name)
	})
}

// couponElements are the names of the elements of request/xxxRequest/coupon.
func couponElements(body []byte) []string {
	var names []string
	depth := 0
	decoder := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := decoder.Token()
		if err != nil {
			return names
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth == 4 {
				names = append(names, t.Name.Local)
			}
		case xml.EndElement:
			depth--
		}
	}
}

const wrongFormat = "Request data is wrong format"

// couponTime reads a time with +09:00; +0900 is refused.
func couponTime(s string) (time.Time, bool) {
	at, err := time.Parse("2006-01-02T15:04:05-07:00", s)
	return at, err == nil && strings.HasSuffix(s, "+09:00")
}

// check returns what is wrong with a coupon.
func (k *coupon) check(now time.Time) string {
	start, fine := couponTime(k.Start)
	end, alsoFine := couponTime(k.End)
	switch {
	case !fine || !alsoFine:
		return wrongFormat
	case start.Before(now.Add(time.Hour)) || start.After(now.AddDate(0, 0, 30)):
		return "couponStartDate is out of range"
	case end.Before(start.Add(5 * time.Minute)):
		return "couponEndDate is out of range"
	case utf8.RuneCountInString(k.Name) > 60 || utf8.RuneCountInString(k.Caption) > 200:
		return "couponName or couponCaption is too long"
	case len(k.Items) > 3000:
		return "too many items"
	case k.DiscountType == 2 && (k.DiscountFactor < 1 || k.DiscountFactor > 99):
		return "discountFactor is out of range"
	case !slices.Contains([]int{1, 2, 4}, k.DiscountType) || !slices.Contains([]int{1, 3, 4, 5}, k.ItemType):
		return "discountType or itemType is wrong"
	}
	return ""
}

func (c *call) couponFails(text string) reply {
	return c.refuseXML(http.StatusBadRequest, "E00", text)
}

func (c *call) coupon(v any) reply {
	return xmlAnswer(http.StatusOK, couponAnswer{Status: c.status("OK", "OK"), Coupon: v})
}

// issueCoupon makes a coupon, and a second one when it is called a second time.
func (c *call) issueCoupon() reply {
	var q struct {
		XMLName xml.Name `xml:"request"`
		Coupon  coupon   `xml:"couponIssueRequest>coupon"`
	}
	if !c.readXML(&q) || !wellFormed(c.body, true) {
		return c.couponFails(wrongFormat)
	}
	if problem := q.Coupon.check(c.now); problem != "" {
		return c.couponFails(problem)
	}
	q.Coupon.Code = rand.Text()[:8]
	c.shop.coupons = append(c.shop.coupons, &q.Coupon)
	return c.coupon(struct {
		Code string `xml:"couponCode"`
		URL  string `xml:"pcGetUrl"`
	}{q.Coupon.Code, "https://coupon.example.jp/getCoupon?getkey=" + q.Coupon.Code})
}

func (c *call) findCoupon(code string) int {
	return slices.IndexFunc(c.shop.coupons, func(k *coupon) bool { return k.Code == code })
}

func (c *call) noCoupon() reply {
	return c.refuseXML(http.StatusNotFound, "404", "Data not found")
}

// updateCoupon replaces a coupon, up to an hour before its start.
func (c *call) updateCoupon() reply {
	var q struct {
		XMLName xml.Name `xml:"request"`
		Coupon  coupon   `xml:"couponUpdateRequest>coupon"`
	}
	if !c.readXML(&q) || !wellFormed(c.body, false) {
		return c.couponFails(wrongFormat)
	}
	i := c.findCoupon(q.Coupon.Code)
	if i < 0 {
		return c.noCoupon()
	}
	if start, _ := couponTime(c.shop.coupons[i].Start); c.now.After(start.Add(-time.Hour)) {
		return c.couponFails("the coupon cannot be edited any more")
	}
	if problem := q.Coupon.check(c.now); problem != "" {
		return c.couponFails(problem)
	}
	c.shop.coupons[i] = &q.Coupon
	return c.coupon(nil)
}

func (c *call) deleteCoupon() reply {
	var q struct {
		XMLName xml.Name `xml:"request"`
		Code    string   `xml:"couponDeleteRequest>coupon>couponCode"`
	}
	if !c.readXML(&q) {
		return c.couponFails(wrongFormat)
	}
	i := c.findCoupon(q.Code)
	if i < 0 {
		return c.noCoupon()
	}
	c.shop.coupons = slices.Delete(c.shop.coupons, i, i+1)
	return c.coupon(struct {
		Code string `xml:"couponCode"`
	}{q.Code})
}

func (c *call) getCoupon() reply {
	if i := c.findCoupon(c.query.Get("couponCode")); i >= 0 {
		return c.coupon(c.shop.coupons[i])
	}
	return c.noCoupon()
}

// searchCoupons lists coupons. The answer echoes the criteria in status/requests.
func (c *call) searchCoupons() reply {
	page, fine := c.number("page", 1, 1, 1<<30)
	hits, alsoFine := c.number("hits", 30, 1, 100)
	if !fine || !alsoFine {
		return c.couponFails("page or hits is wrong")
	}
	var found []*coupon
	for _, k := range c.shop.coupons {
		if code := c.query.Get("couponCode"); strings.Contains(k.Name, c.query.Get("couponName")) && (code == "" || code == k.Code) {
			found = append(found, k)
		}
	}
	from := min((page-1)*hits, len(found))
	var out struct {
		XMLName  xml.Name  `xml:"result"`
		Status   xmlStatus `xml:"status"`
		AllCount int       `xml:"allCount"`
		Coupons  []*coupon `xml:"coupons>coupon"`
	}
	out.Status = c.status("OK", "OK")
	out.AllCount, out.Coupons = len(found), found[from:min(from+hits, len(found))]
	return xmlAnswer(http.StatusOK, out)
}
