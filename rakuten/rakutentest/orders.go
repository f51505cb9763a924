package rakutentest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of orders.
const (
	maxSearchDays    = 63
	maxPastDays      = 730
	maxSearchResults = 15000
	maxSearchPage    = 1000
	maxOrders        = 100
)

var orderRoutes = []route{
	orderRoute("searchOrder", (*call).searchOrder),
	orderRoute("getOrder", (*call).getOrder),
	orderRoute("confirmOrder", (*call).confirmOrder),
	orderRoute("updateOrderShipping", (*call).updateOrderShipping),
	orderRoute("updateOrderShippingAsync", (*call).updateOrderShippingAsync),
	orderRoute("getResultUpdateOrderShippingAsync", (*call).asyncResult),
	orderRoute("getSubStatusList", (*call).getSubStatusList),
	orderRoute("updateOrderSubStatus", (*call).updateOrderSubStatus),
	orderRoute("updateOrderMemo", (*call).updateOrderMemo),
	orderRoute("updateOrderRemarks", (*call).updateOrderRemarks),
	orderRoute("updateOrderDelivery", (*call).updateOrderDelivery),
	orderRoute("updateOrderOrderer", (*call).updateOrderOrderer),
	orderRoute("cancelOrder", (*call).cancelOrder),
	orderRoute("cancelOrderAfterShipping", (*call).cancelOrderAfterShipping),
}

func orderRoute(name string, handle func(*call) reply) route {
	return route{pattern: "POST /es/2.0/order/" + name, name: "order." + name, rate: "order", handle: handle}
}

// message is what the platform says of an order, or of none.
type message struct {
	Type        string  `json:"messageType"`
	Code        string  `json:"messageCode"`
	Message     string  `json:"message"`
	OrderNumber *string `json:"orderNumber"`
}

// plain is a message of the answers that speak of no order.
type plain struct {
	Type    string `json:"messageType"`
	Code    string `json:"messageCode"`
	Message string `json:"message"`
}

func (c *call) plainInfo(number int, text string) []plain {
	return []plain{{Type: "INFO", Code: c.code("INFO", number), Message: text}}
}

// code spells a message's code as the platform does. Beyond INFO_101 and INFO_102 the
// numbers are the fake's own.
func (c *call) code(kind string, number int) string {
	var name strings.Builder
	for i, r := range c.operation() {
		if i > 0 && r >= 'A' && r <= 'Z' {
			name.WriteByte('_')
		}
		name.WriteRune(r)
	}
	return fmt.Sprintf("ORDER_EXT_API_%s_%s_%03d", strings.ToUpper(name.String()), kind, number)
}

// operation is the last part of the path.
func (c *call) operation() string {
	return c.r.URL.Path[strings.LastIndexByte(c.r.URL.Path, '/')+1:]
}

func (c *call) info(order string) message {
	return message{Type: "INFO", Code: c.code("INFO", 101), Message: "処理に成功しました。", OrderNumber: named(order)}
}

func (c *call) failed(number int, text, order string) message {
	return message{Type: "ERROR", Code: c.code("ERROR", number), Message: text, OrderNumber: named(order)}
}

func named(order string) *string {
	if order == "" {
		return nil
	}
	return &order
}

// Numbers of errors.
const (
	errBody     = 1
	errRequired = 2
	errValue    = 3
	errTooMany  = 4
	errPeriod   = 5
	errMissing  = 9
	errProgress = 10
)

// messages is an answer of messages alone.
func messages(list ...message) reply { return ok(object{"MessageModelList": list}) }

// invalid is the answer for a request that breaks a rule; some operations have more
// members, null on a failure.
func (c *call) invalid(number int, text string, more ...string) reply {
	out := object{"MessageModelList": []message{c.failed(number, text, "")}}
	for _, member := range more {
		out[member] = nil
	}
	return answer(http.StatusBadRequest, out)
}

var orderNumber = regexp.MustCompile(`^\d+-\d{8}-\d{8,10}$`)

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
		Amount *int `json:"requestRecordsAmount"`
		Page   *int `json:"requestPage"`
		Sort   []struct {
			Column    int `json:"sortColumn"`
			Direction int `json:"sortDirection"`
		} `json:"SortModelList"`
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

// keywordLength is the most characters of a keyword by its type.
var keywordLength = map[int]int{1: 1024, 2: 127, 3: 1000, 4: 254, 5: 254, 6: 254, 7: 40, 8: 96, 9: 400}

// check returns the number and text of what is wrong with a search.
func (q *searchRequest) check(now time.Time) (int, string) {
	switch {
	case q.DateType == 0 || q.Start.IsZero() || q.End.IsZero():
		return errRequired, "dateType、startDatetime、endDatetimeは必須です。"
	case q.DateType < 1 || q.DateType > 6:
		return errValue, "dateTypeが正しくありません。"
	case q.End.Before(q.Start.Time):
		return errPeriod, "endDatetimeはstartDatetime以降を指定してください。"
	case q.End.Sub(q.Start.Time) > maxSearchDays*24*time.Hour:
		return errPeriod, "検索期間は63日以内で指定してください。"
	case q.Start.Before(now.AddDate(0, 0, -maxPastDays)):
		return errPeriod, "過去730日より前は検索できません。"
	case outside(q.Pagination.Amount, 1, maxSearchPage), outside(q.Pagination.Page, 1, maxSearchResults):
		return errValue, "PaginationRequestModelが正しくありません。"
	case q.Keyword != "" && utf8.RuneCountInString(q.Keyword) > cmp.Or(keywordLength[q.KeywordType], 1024), len(q.Keyword) > 4000:
		return errValue, "searchKeywordが長すぎます。"
	case slices.Contains(q.SubStatusIDList, -1) && len(q.SubStatusIDList) > 1:
		return errValue, "subStatusIdListが正しくありません。"
	}
	for _, sort := range q.Pagination.Sort {
		if sort.Column != 1 || sort.Direction != 1 && sort.Direction != 2 {
			return errValue, "SortModelListが正しくありません。"
		}
	}
	return 0, ""
}

// outside reports whether a value is there and out of bounds.
func outside(v *int, low, high int) bool { return v != nil && (*v < low || *v > high) }

// searchOrder lists the numbers of orders. Whether the total of a search with more than
// 15,000 results is cut is not known: the fake tells it in full and refuses the pages
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
			"MessageModelList":        c.plainInfo(102, "検索に成功しました。(検索結果0件)"),
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
		"MessageModelList":        c.plainInfo(101, "検索に成功しました。"),
		"orderNumberList":         found[first:min(first+size, len(found), maxSearchResults)],
		"PaginationResponseModel": object{"totalRecordsAmount": len(found), "totalPages": (len(found) + size - 1) / size, "requestPage": page},
	})
}

func or(v *int, otherwise int) int {
	if v == nil {
		return otherwise
	}
	return *v
}

func (q *searchRequest) matches(o *order) bool {
	at := o.date(q.DateType)
	if at.IsZero() || at.Before(q.Start.Time) || at.After(q.End.Time) {
		return false
	}
	return (len(q.OrderProgressList) == 0 || slices.Contains(q.OrderProgressList, o.OrderProgress)) &&
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

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
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

// date is the time that a search by dateType looks at. When payment was fixed is not kept:
// the fake takes the shipping report of paid orders.
func (o *order) date(kind int) time.Time {
	switch kind {
	case 1:
		return o.OrderDatetime.Time
	case 2:
		return o.ShopOrderCfmDatetime.Time
	case 3:
		return o.OrderFixDatetime.Time
	case 6:
		if o.OrderProgress != progressPaid {
			return time.Time{}
		}
	case 4:
		for _, p := range o.Packages {
			for _, s := range p.Shippings {
				if at, err := time.ParseInLocation(time.DateOnly, text(s.ShippingDate), jst); err == nil {
					return at
				}
			}
		}
		return time.Time{}
	}
	return o.ShippingCmplRptDatetime.Time
}

// numbers checks a list of order numbers.
func (c *call) numbers(list []string) (reply, bool) {
	switch {
	case len(list) == 0:
		return c.invalid(errRequired, "orderNumberListは必須です。"), false
	case len(list) > maxOrders:
		return c.invalid(errTooMany, "orderNumberListは100件以内で指定してください。"), false
	case slices.ContainsFunc(list, func(n string) bool { return !orderNumber.MatchString(n) }):
		return c.invalid(errValue, "注文番号の形式が正しくありません。"), false
	}
	return reply{}, true
}

// order finds an order that is not too old.
func (c *call) order(number string) *order {
	o := c.shop.byNumber[number]
	if o == nil || o.OrderDatetime.Before(c.now.AddDate(0, 0, -maxPastDays)) {
		return nil
	}
	return o
}

const textMissing = "指定された注文番号は存在しません。"

// getOrder gives the orders that exist, and a message for each that does not.
func (c *call) getOrder() reply {
	var q struct {
		Numbers []string    `json:"orderNumberList"`
		Version json.Number `json:"version"`
	}
	if !c.read(&q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。")
	}
	version, err := q.Version.Int64()
	if err != nil {
		return c.invalid(errRequired, "versionは必須です。")
	}
	if version < 3 || version > 10 {
		return c.invalid(errValue, "versionが正しくありません。")
	}
	if out, fine := c.numbers(q.Numbers); !fine {
		return out
	}
	list, models := c.find(q.Numbers, int(version))
	out := object{"MessageModelList": list, "OrderModelList": models}
	if version >= 6 {
		out["version"] = version
	}
	return ok(out)
}

func (c *call) find(numbers []string, version int) ([]message, []any) {
	list, models := []message{}, []any{}
	for _, number := range numbers {
		if o := c.order(number); o != nil {
			models = append(models, o.inVersion(version))
		} else {
			list = append(list, c.failed(errMissing, textMissing, number))
		}
	}
	if len(models) > 0 {
		list = slices.Insert(list, 0, c.info(""))
	}
	return list, models
}

// since is the version of the order model that brought a member.
var since = map[string]int{
	"paymentChargeTaxRate": 3, "TaxSummaryModelList": 3, "settlementMethodCode": 3, "couponCapitalCode": 3, "taxRate": 3, "taxPrice": 3,
	"postageTaxRate": 3, "deliveryTaxRate": 3, "priceTaxIncl": 3, "defaultDeliveryCompanyCode": 4, "isSingleItemShipping": 4,
	"receiptIssueCount": 5, "receiptIssueHistoryList": 5, "DueDateModelList": 5, "cautionDisplayDetailType": 6, "SkuModelList": 7,
	"deliveryCertPrgFlag": 8, "oneDayOperationFlag": 8, "dropOffFlag": 9, "dropOffLocation": 9, "socialGiftFlag": 10, "SocialGiftModel": 10,
}

// inVersion is the order as a version of the model shows it.
func (o *order) inVersion(version int) any {
	if version == 10 {
		return o
	}
	var tree object
	overlay(&tree, o)
	prune(tree, version)
	if version < 8 {
		tree["isTaxRecalc"], tree["goodsTax"] = 0, 0
		packages, _ := tree["PackageModelList"].([]any)
		for _, p := range packages {
			if p, isObject := p.(object); isObject {
				p["goodsTax"] = 0
			}
		}
	}
	return tree
}

func prune(v any, version int) {
	switch v := v.(type) {
	case object:
		for name, member := range v {
			if since[name] > version {
				delete(v, name)
				continue
			}
			prune(member, version)
		}
	case []any:
		for _, member := range v {
			prune(member, version)
		}
	}
}
