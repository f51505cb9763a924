package rakutentest

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a search.
const (
	maxSearchDays    = 63
	maxSearchResults = 15000
	maxSearchPage    = 1000
)

type searchRequest struct {
	OrderProgressList []int   `json:"orderProgressList"`
	SubStatusIDList   []int   `json:"subStatusIdList"`
	DateType          int     `json:"dateType"`
	Start             instant `json:"startDatetime"`
	End               instant `json:"endDatetime"`
	OrderTypeList     []int   `json:"orderTypeList"`
	KeywordType       int     `json:"searchKeywordType"`
	Keyword           string  `json:"searchKeyword"`
	Pagination        struct {
		Amount *int      `json:"requestRecordsAmount"`
		Page   *int      `json:"requestPage"`
		Sort   []sorting `json:"SortModelList"`
	} `json:"PaginationRequestModel"`
	SettlementMethod        int    `json:"settlementMethod"`
	DeliveryName            string `json:"deliveryName"`
	ShippingNumberBlankFlag int    `json:"shippingNumberBlankFlag"`
	ShippingDateBlankFlag   int    `json:"shippingDateBlankFlag"`
	OrdererMailAddress      string `json:"ordererMailAddress"`
	PhoneNumberType         int    `json:"phoneNumberType"`
	PhoneNumber             string `json:"phoneNumber"`
	ReserveNumber           string `json:"reserveNumber"`
	AsurakuFlag             int    `json:"asurakuFlag"`
	CouponUseFlag           int    `json:"couponUseFlag"`
	DrugFlag                int    `json:"drugFlag"`
	OneDayOperationFlag     int    `json:"oneDayOperationFlag"`
}

type sorting struct {
	Column    int `json:"sortColumn"`
	Direction int `json:"sortDirection"`
}

// orderTypes are the kinds of orders.
var orderTypes = []int{1, 4, 5, 6}

// keywordLength is the most characters of a keyword by its type.
var keywordLength = map[int]int{1: 1024, 2: 127, 3: 1000, 4: 254, 5: 254, 6: 254, 7: 40, 8: 96, 9: 400}

// check returns the number and text of what is wrong with a search.
func (q *searchRequest) check(now time.Time) (int, string) {
	for _, rule := range []struct {
		broken bool
		number int
		text   string
	}{
		{q.DateType == 0 || q.Start.IsZero() || q.End.IsZero(), errRequired, "dateType、startDatetime、endDatetimeは必須です。"},
		{outside(&q.DateType, 1, 6), errValue, "dateTypeが正しくありません。"},
		{q.hasUnknownValue(), errValue, "orderProgressList、orderTypeList、searchKeywordTypeが正しくありません。"},
		{q.End.Before(q.Start.Time), errPeriod, "endDatetimeはstartDatetime以降を指定してください。"},
		{q.End.Sub(q.Start.Time) > maxSearchDays*24*time.Hour, errPeriod, "検索期間は63日以内で指定してください。"},
		{q.Start.Before(now.AddDate(0, 0, -maxPastDays)), errPeriod, "過去730日より前は検索できません。"},
		{outside(q.Pagination.Amount, 1, maxSearchPage) || outside(q.Pagination.Page, 1, maxSearchResults), errValue, "PaginationRequestModelが正しくありません。"},
		{q.hasLongKeyword(), errValue, "searchKeywordが長すぎます。"},
		{slices.Contains(q.SubStatusIDList, -1) && len(q.SubStatusIDList) > 1, errValue, "subStatusIdListが正しくありません。"},
		{slices.ContainsFunc(q.Pagination.Sort, sorting.isWrong), errValue, "SortModelListが正しくありません。"},
	} {
		if rule.broken {
			return rule.number, rule.text
		}
	}
	return 0, ""
}

func (q *searchRequest) hasUnknownValue() bool {
	return !allOf(q.OrderProgressList, progresses) || !allOf(q.OrderTypeList, orderTypes) || outside(&q.KeywordType, 0, 9)
}

func (q *searchRequest) hasLongKeyword() bool {
	most := cmp.Or(keywordLength[q.KeywordType], 1024)
	return utf8.RuneCountInString(q.Keyword) > most || len(q.Keyword) > 4000
}

func (s sorting) isWrong() bool { return s.Column != 1 || outside(&s.Direction, 1, 2) }

// allOf reports whether the list has known values alone.
func allOf(list, known []int) bool {
	return !slices.ContainsFunc(list, func(v int) bool { return !slices.Contains(known, v) })
}

// outside reports whether a value is there and out of bounds.
func outside(v *int, low, high int) bool { return v != nil && (*v < low || *v > high) }

// searchOrder lists the numbers of orders. The text of a search that found some is recorded,
// that of one without a hit is the fake's own. Whether the total of a search with more than
// 15,000 results is cut is not known: the fake returns it in full and refuses the pages
// beyond.
func (c *call) searchOrder() reply {
	nulls := []string{"orderNumberList", "PaginationResponseModel"}
	var q searchRequest
	if !c.read(&q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。", nulls...)
	}
	if number, text := q.check(c.now); number != 0 {
		return c.invalid(number, text, nulls...)
	}
	var found []string
	for _, o := range c.shop.orders {
		if q.matches(o) {
			found = append(found, o.OrderNumber)
		}
	}
	if len(found) == 0 {
		return ok(object{
			"MessageModelList":        c.plainInfo(102, "注文検索に成功しました。(検索結果0件)"),
			"orderNumberList":         []string{},
			"PaginationResponseModel": object{"totalRecordsAmount": nil, "totalPages": nil, "requestPage": nil},
		})
	}
	if sort := q.Pagination.Sort; len(sort) > 0 && sort[0].Direction == 2 {
		slices.Reverse(found) // they are kept oldest first
	}
	size, page := or(q.Pagination.Amount, 30), or(q.Pagination.Page, 1)
	if (page-1)*size >= maxSearchResults {
		return c.invalid(errTooMany, "検索結果が15000件を超えています。", nulls...)
	}
	first := min((page-1)*size, len(found))
	return ok(object{
		"MessageModelList":        c.plainInfo(101, "注文検索に成功しました。"),
		"orderNumberList":         found[first:min(first+size, len(found), maxSearchResults)],
		"PaginationResponseModel": object{"totalRecordsAmount": len(found), "totalPages": (len(found) + size - 1) / size, "requestPage": page},
	})
}

func (q *searchRequest) matches(o *order) bool {
	within := func(at instant) bool {
		return !at.IsZero() && !at.Before(q.Start.Time) && !at.After(q.End.Time)
	}
	return slices.ContainsFunc(o.dates(q.DateType), within) &&
		(len(q.OrderProgressList) == 0 || slices.Contains(q.OrderProgressList, o.OrderProgress)) &&
		(len(q.SubStatusIDList) == 0 || slices.Contains(q.SubStatusIDList, or(o.SubStatusID, -1))) &&
		(len(q.OrderTypeList) == 0 || slices.Contains(q.OrderTypeList, o.OrderType)) &&
		q.matchesRest(o) && q.matchesKeyword(o)
}

func (q *searchRequest) matchesRest(o *order) bool {
	switch {
	case q.SettlementMethod != 0 && (o.Settlement == nil || o.Settlement.SettlementMethodCode != q.SettlementMethod),
		q.DeliveryName != "" && o.Delivery.DeliveryName != q.DeliveryName,
		q.OrdererMailAddress != "" && o.Orderer.EmailAddress != q.OrdererMailAddress,
		q.ReserveNumber != "" && (o.ReserveNumber == nil || *o.ReserveNumber != q.ReserveNumber),
		q.AsurakuFlag == 1 && o.AsurakuFlag == 0,
		q.CouponUseFlag == 1 && len(o.Coupons) == 0,
		q.DrugFlag == 1 && o.DrugFlag == 0,
		q.OneDayOperationFlag == 1 && o.OneDayOperationFlag == 0,
		q.ShippingNumberBlankFlag == 1 && !o.lacks(func(s *shipping) *string { return s.ShippingNumber }),
		q.ShippingDateBlankFlag == 1 && !o.lacks(func(s *shipping) *string { return s.ShippingDate }),
		q.PhoneNumber != "" && !q.matchesPhone(o):
		return false
	}
	return true
}

// lacks reports whether a package has no parcel, or one without the field.
func (o *order) lacks(field func(*shipping) *string) bool {
	return slices.ContainsFunc(o.Packages, func(p *parcelGroup) bool {
		return len(p.Shippings) == 0 || slices.ContainsFunc(p.Shippings, func(s *shipping) bool { return text(field(s)) == "" })
	})
}

func (a address) phone() string {
	return text(a.PhoneNumber1) + text(a.PhoneNumber2) + text(a.PhoneNumber3)
}

func (q *searchRequest) matchesPhone(o *order) bool {
	wanted := strings.ReplaceAll(q.PhoneNumber, "-", "")
	if q.PhoneNumberType == 1 {
		return o.Orderer.phone() == wanted
	}
	return slices.ContainsFunc(o.Packages, func(p *parcelGroup) bool { return p.Sender.phone() == wanted })
}

func (q *searchRequest) matchesKeyword(o *order) bool {
	if q.Keyword == "" || q.KeywordType == 0 {
		return true
	}
	return slices.ContainsFunc(o.words(q.KeywordType), func(w string) bool { return strings.Contains(w, q.Keyword) })
}

// words are the texts that a type of keyword looks in.
func (o *order) words(kind int) []string {
	switch kind {
	case 3:
		return []string{text(o.Memo)}
	case 4:
		return []string{o.Orderer.FamilyName + text(o.Orderer.FirstName)}
	case 5:
		return []string{text(o.Orderer.FamilyNameKana) + text(o.Orderer.FirstNameKana)}
	}
	var words []string
	for _, p := range o.Packages {
		if kind == 6 {
			words = append(words, p.Sender.FamilyName+text(p.Sender.FirstName))
		}
		for _, line := range p.Items {
			switch kind {
			case 1:
				words = append(words, line.ItemName)
			case 2:
				words = append(words, text(line.ItemNumber))
			}
			for _, s := range line.SKUs {
				words = append(words, text(map[int]*string{7: s.VariantID, 8: s.MerchantDefinedSKUID, 9: s.SKUInfo}[kind]))
			}
		}
	}
	return words
}
