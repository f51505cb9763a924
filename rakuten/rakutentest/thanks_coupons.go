package rakutentest

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"unicode/utf8"
)

const thanksCouponByID = "/es/1.0/thankscoupon/{thanksCouponId}"

var thanksCouponRoutes = []route{
	{pattern: "POST /es/1.0/thankscoupon", name: "coupon.thanks.issue", rate: "coupon", handle: (*call).issueThanksCoupon},
	{pattern: "GET " + thanksCouponByID, name: "coupon.thanks.get", rate: "coupon", handle: (*call).getThanksCoupon},
	{pattern: "PUT " + thanksCouponByID, name: "coupon.thanks.update", rate: "coupon", handle: (*call).updateThanksCoupon},
	{pattern: "PUT " + thanksCouponByID + "/issuestatus/stop", name: "coupon.thanks.stop", rate: "coupon", handle: (*call).stopThanksCoupon},
	{pattern: "GET /es/1.0/thankscoupons", name: "coupon.thanks.search", rate: "coupon", handle: (*call).searchThanksCoupons},
}

// Where a thanks coupon stands.
const (
	thanksBefore  = 3
	thanksRunning = 4
	thanksStopped = 5
	thanksEnded   = 6
)

type thanksCoupon struct {
	Image           string            `xml:"couponImage"`
	Name            string            `xml:"couponName"`
	Caption         string            `xml:"couponCaption"`
	DiscountType    int               `xml:"discountType"`
	DiscountFactor  int               `xml:"discountFactor"`
	UnavailableTerm int               `xml:"couponUnavailableTerm"`
	Term            int               `xml:"couponTerm"`
	MemberMax       int               `xml:"memberAvailMaxCount"`
	CombineFlag     int               `xml:"combineFlag"`
	Conditions      []couponCondition `xml:"thanksOtherConditions>thanksOtherCondition"`
	AutoGet         []thanksCondition `xml:"thanksAutoGetConditions>thanksAutoGetCondition"`
	ID              int64             `xml:"thanksCouponId"`
	ShopID          string            `xml:"shopId"`
	ShopName        string            `xml:"shopName"`
	ShopURL         string            `xml:"shopUrl"`

	stopped bool
}

type couponCondition struct {
	Code  string `xml:"conditionTypeCode"`
	Value string `xml:"startValue"`
}

// thanksCondition is what an order or its buyer has to fulfil: totalPrice, grantTerm or
// serviceUseHistory.
type thanksCondition struct {
	Code     string `xml:"getCondCd"`
	Start    string `xml:"startValue"`
	End      string `xml:"endValue,omitempty"`
	Operator int    `xml:"compOperatorCd"`
}

// check returns what is wrong with the coupon. The limits are those of other coupons.
func (k *thanksCoupon) check() string {
	switch {
	case k.Name == "", utf8.RuneCountInString(k.Name) > 60, utf8.RuneCountInString(k.Caption) > 200:
		return "couponName or couponCaption is missing or too long"
	case k.DiscountType != 1 && k.DiscountType != 2 && k.DiscountType != 4:
		return "discountType is wrong"
	case k.DiscountType == 2 && (k.DiscountFactor < 1 || k.DiscountFactor > 99):
		return "discountFactor is out of range"
	}
	for _, condition := range k.AutoGet {
		if condition.Code != "totalPrice" && condition.Code != "grantTerm" && condition.Code != "serviceUseHistory" {
			return "getCondCd is wrong"
		}
	}
	return ""
}

// thanksState is where the coupon stands by its grantTerm; one without runs until it is
// stopped.
func (c *call) thanksState(k *thanksCoupon) int {
	if k.stopped {
		return thanksStopped
	}
	for _, condition := range k.AutoGet {
		if condition.Code != "grantTerm" {
			continue
		}
		if start, fine := couponTime(condition.Start); fine && c.now.Before(start) {
			return thanksBefore
		}
		if end, fine := couponTime(condition.End); fine && c.now.After(end) {
			return thanksEnded
		}
	}
	return thanksRunning
}

// thanksID is an answer with the coupon's id alone.
func (c *call) thanksID(id int64) reply {
	return xmlAnswer(http.StatusOK, struct {
		XMLName xml.Name  `xml:"result"`
		Status  xmlStatus `xml:"status"`
		ID      int64     `xml:"thanksCoupon>thanksCouponId"`
	}{Status: c.status("OK", "OK"), ID: id})
}

// readThanksCoupon reads the terms of a coupon.
func (c *call) readThanksCoupon() (*thanksCoupon, *reply) {
	var q struct {
		XMLName xml.Name     `xml:"request"`
		Coupon  thanksCoupon `xml:"thanksCoupon"`
	}
	if !c.readXML(&q) {
		return nil, new(c.couponFails(wrongFormat))
	}
	if problem := q.Coupon.check(); problem != "" {
		return nil, new(c.couponFails(problem))
	}
	return &q.Coupon, nil
}

// issueThanksCoupon makes a coupon, and a second one when it is called a second time.
func (c *call) issueThanksCoupon() reply {
	k, refused := c.readThanksCoupon()
	if refused != nil {
		return *refused
	}
	k.ID, k.ShopID, k.ShopName, k.ShopURL = c.newID(), c.shop.ID, c.shop.name, c.shop.url()
	c.shop.thanks = append(c.shop.thanks, k)
	return c.thanksID(k.ID)
}

// thanksCoupon is the coupon of the path.
func (c *call) thanksCoupon() *thanksCoupon {
	for _, k := range c.shop.thanks {
		if strconv.FormatInt(k.ID, 10) == c.r.PathValue("thanksCouponId") {
			return k
		}
	}
	return nil
}

func (c *call) getThanksCoupon() reply {
	k := c.thanksCoupon()
	if k == nil {
		return c.noCoupon()
	}
	return xmlAnswer(http.StatusOK, struct {
		XMLName xml.Name      `xml:"result"`
		Status  xmlStatus     `xml:"status"`
		Coupon  *thanksCoupon `xml:"thanksCoupon"`
	}{Status: c.status("OK", "OK"), Coupon: k})
}

// updateThanksCoupon replaces the terms. That a coupon that is stopped or has ended
// cannot be changed is a guess.
func (c *call) updateThanksCoupon() reply {
	old := c.thanksCoupon()
	if old == nil {
		return c.noCoupon()
	}
	if state := c.thanksState(old); state == thanksStopped || state == thanksEnded {
		return c.couponFails("the coupon cannot be edited any more")
	}
	k, refused := c.readThanksCoupon()
	if refused != nil {
		return *refused
	}
	k.ID, k.ShopID, k.ShopName, k.ShopURL = old.ID, old.ShopID, old.ShopName, old.ShopURL
	*old = *k
	return c.thanksID(k.ID)
}

func (c *call) stopThanksCoupon() reply {
	k := c.thanksCoupon()
	if k == nil {
		return c.noCoupon()
	}
	k.stopped = true
	return c.thanksID(k.ID)
}

// searchThanksCoupons selects by issueStats alone; how the platform wants the times of its
// other conditions is not established. No hit is HTTP 404.
func (c *call) searchThanksCoupons() reply {
	page, fine := c.number("page", 1, 1, 1<<30)
	hits, alsoFine := c.number("hits", 30, 1, 100)
	state, knownState := c.number("issueStats", 0, thanksBefore, thanksEnded)
	if !fine || !alsoFine || !knownState {
		return c.couponFails("page, hits or issueStats is wrong")
	}
	var found []*thanksCoupon
	for _, k := range c.shop.thanks {
		if state == 0 || state == c.thanksState(k) {
			found = append(found, k)
		}
	}
	if len(found) == 0 {
		return c.noCoupon()
	}
	from := min((page-1)*hits, len(found))
	return xmlAnswer(http.StatusOK, struct {
		XMLName  xml.Name        `xml:"result"`
		Status   xmlStatus       `xml:"status"`
		AllCount int             `xml:"allCount"`
		Coupons  []*thanksCoupon `xml:"thanksCoupons>thanksCoupon"`
	}{Status: c.status("OK", "OK"), AllCount: len(found), Coupons: found[from:min(from+hits, len(found))]})
}
