package rakutentest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// Limits of reservations.
const (
	maxReservations = 1000 // rows of a page
	maxCommitKeys   = 500
)

var reserveRoutes = []route{
	{pattern: "GET /es/1.0/reserve/reserveInfoList", name: "reserve.reserveInfoList.get", rate: "reserve", handle: (*call).listReservations},
	{pattern: "POST /es/1.0/reserve/earlyCommitReservations", name: "reserve.earlyCommit.update", rate: "reserve", handle: (*call).commitReservations},
}

// Results of the reserve family. Beyond success the codes are the fake's own.
const (
	reserveOK        = "N00-000"
	reserveInvalid   = "E10-001"
	reserveMissing   = "E10-002"
	reserveCommitted = "E10-003"
)

// Kinds of reservations. What the platform's 1 to 3 stand for is not established; the fake
// takes the order in which the platform names them.
const (
	reserveSubscription = 1
	reserveBuyingClub   = 2
	reservePreOrder     = 3
)

// orderTypeOf is the type of the orders that come out of a kind of reservation.
var orderTypeOf = map[int]int{reserveSubscription: 4, reserveBuyingClub: 5, reservePreOrder: 6}

// reservation is what a buyer has ordered for later, with its deliveries.
type reservation struct {
	ShopID            int64             `json:"shopId"`
	Number            string            `json:"reserveNumber"`
	Status            int               `json:"reserveStatus"`
	StatusName        string            `json:"reserveStatusName"`
	Type              int               `json:"reserveType"`
	ShippingCycle     string            `json:"shippingCycle"`
	RakutenMemberFlag int               `json:"rakutenMemberFlag"`
	Datetime          localTime         `json:"reserveDatetime"`
	Memo              string            `json:"memo"`
	CarrierCode       int               `json:"carrierCode"`
	EmailCarrierCode  int               `json:"emailCarrierCode"`
	Item              object            `json:"reserveItem"`
	Orderer           object            `json:"reserveOrderer"`
	Sender            object            `json:"reserveSender"`
	Details           []reserveDelivery `json:"reserveDatails"` // spelt so
}

type reserveDelivery struct {
	DetailID       int     `json:"detailId"`
	ShippingDate   string  `json:"shippingDate"`
	CommitDate     string  `json:"commitDate"`
	ReleaseDate    *string `json:"releaseDate"`
	ItemDetailName string  `json:"itemDetailName"`
	ShippingStatus int     `json:"shippingStatus"`
	EarlyFlag      int     `json:"earlyFlag"`
	TotalAmount    int64   `json:"totalAmount"`
	Settlement     object  `json:"reserveSettlement"`
	Amount         object  `json:"reserveAmount"`
}

// seedReservations makes one of each kind.
func (shop *Shop) seedReservations(now time.Time) {
	shop.addReservation(now.AddDate(0, 0, -20), reserveSubscription, 3)
	shop.addReservation(now.AddDate(0, 0, -10), reserveBuyingClub, 2)
	shop.addReservation(now.AddDate(0, 0, -5), reservePreOrder, 1)
}

func (shop *Shop) addReservation(at time.Time, kind, deliveries int) {
	n := len(shop.reservations)
	g, person := goods[n%len(goods)], newAddress(n)
	id, _ := strconv.ParseInt(shop.ID, 10, 64)
	r := &reservation{
		ShopID: id, Number: fmt.Sprintf("%s-%s-R%08d", shop.ID, at.In(jst).Format("20060102"), n+1), Status: 1, StatusName: "予約中", Type: kind,
		ShippingCycle: "1ヶ月ごと", RakutenMemberFlag: 1, Datetime: localTime{at.Truncate(time.Second)}, CarrierCode: 11,
		Item: object{
			"itemId": 10_000_000 + n, "itemName": g.name, "itemNumber": g.itemNumber, "url": "https://item.example.jp/" + g.manageNumber, "price": g.price,
			"firstPrice": g.price, "lastPrice": g.price, "units": 1, "includePostageFlag": 0, "includeTaxFlag": 1, "taxRate": 0.1, "includeCodFeeFlag": 0,
			"selectedChoice": "", "pointRate": 1, "pointType": 0, "inventoryType": 1, "singleItemShippingFlag": 0, "variantId": g.variants[0],
			"merchantDefinedSkuId": "", "skuInfo": "",
		},
		Orderer: object{
			"differentSenderAddressFlag": 0, "emailAddress": "xxxxxx@pc.masked.example.jp", "sex": "女", "birthday": "1980-01-01",
			"deliveryName": deliveryNames[0], "comment": "",
		},
		Sender: object{"shippingNumber": "", "isolatedIslandFlag": 0},
	}
	var fields object
	overlay(&fields, person)
	for name, v := range fields {
		s, _ := v.(string) // what is null elsewhere is empty here
		r.Orderer[name], r.Sender[name] = s, s
	}
	for i := range deliveries {
		day := fake.AddMonths(at.In(jst), 1+i)
		r.Details = append(r.Details, reserveDelivery{
			DetailID: i + 1, ShippingDate: day.Format(time.DateOnly), CommitDate: day.AddDate(0, 0, -7).Format(time.DateOnly),
			ItemDetailName: fmt.Sprintf("%s 第%d回", g.name, i+1), TotalAmount: g.price + 660,
			Settlement: object{"settlementName": "クレジットカード", "cardName": "VISA", "cardOwner": "HANAKO RAKUDA", "cardInstallmentType": "0", "cardInstallmentDesc": ""},
			Amount:     object{"taxAmount": 0, "postageAmount": 660, "codFeeAmount": 0},
		})
	}
	shop.reservations = append(shop.reservations, r)
}

func reserveFails(text string) reply {
	return answer(http.StatusBadRequest, object{"resultCodeInt": -1, "resultCode": reserveInvalid, "resultMessage": text})
}

// reserveSearch is what a search of reservations asks for.
type reserveSearch struct {
	dateType      int
	from, to      string // days
	kinds         []int
	limit, offset int
}

// reserveSearch reads the query. It returns what is wrong with it, or "".
func (c *call) reserveSearch() (q reserveSearch, problem string) {
	for _, n := range []struct {
		name                 string
		into                 *int
		otherwise, low, high int
	}{
		{"dateType", &q.dateType, 0, 1, 3}, {"limit", &q.limit, 100, 1, maxReservations}, {"offset", &q.offset, 0, 0, 1 << 30},
	} {
		var fine bool
		if *n.into, fine = c.number(n.name, n.otherwise, n.low, n.high); !fine {
			return q, "dateType, limit or offset is wrong"
		}
	}
	if q.dateType == 0 {
		return q, "dateType, limit or offset is wrong"
	}
	q.from, q.to = c.query.Get("startDate"), c.query.Get("endDate")
	if !isDay(q.from) || !isDay(q.to) || q.to < q.from {
		return q, "startDate or endDate is wrong"
	}
	for _, v := range c.query["reserveType"] {
		kind, err := strconv.Atoi(v)
		if err != nil || orderTypeOf[kind] == 0 {
			return q, "reserveType is wrong"
		}
		q.kinds = append(q.kinds, kind)
	}
	if len(q.kinds) == 0 {
		return q, "reserveType is required"
	}
	return q, ""
}

// listReservations selects by a period of days, the kinds and the settings of the query.
// What dateType stands for is not established: the fake takes 1 for the day of the
// reservation, 2 for a delivery's shipping day and 3 for its commit day.
func (c *call) listReservations() reply {
	q, problem := c.reserveSearch()
	if problem != "" {
		return reserveFails(problem)
	}
	found := []*reservation{}
	for _, r := range c.shop.reservations {
		if q.selects(r) && c.selectsReservation(r) {
			found = append(found, r)
		}
	}
	first := min(q.offset, len(found))
	rows := found[first:min(first+q.limit, len(found))]
	return ok(object{
		"resultCodeInt": 0, "resultCode": reserveOK, "resultMessage": "正常終了", "responseDatetime": localTime{c.now}, "totalCount": len(found),
		"resultCount": len(rows), "limit": q.limit, "offset": q.offset, "publicReserveModelList": rows,
	})
}

func (q reserveSearch) selects(r *reservation) bool {
	inside := func(day string) bool { return day >= q.from && day <= q.to }
	return slices.Contains(q.kinds, r.Type) && slices.ContainsFunc(r.days(q.dateType), inside)
}

// selectsReservation compares the texts that the query may name.
func (c *call) selectsReservation(r *reservation) bool {
	return !c.asks("reserveStatusName", r.StatusName) && !c.asks("deliveryName", r.Orderer["deliveryName"]) &&
		strings.Contains(fmt.Sprint(r.Item["itemName"]), c.query.Get("keyword"))
}

// days are the days that a search by dateType looks at.
func (r *reservation) days(dateType int) []string {
	if dateType == 1 {
		return []string{r.Datetime.In(jst).Format(time.DateOnly)}
	}
	var days []string
	for _, d := range r.Details {
		days = append(days, map[int]string{2: d.ShippingDate, 3: d.CommitDate}[dateType])
	}
	return days
}

// commitReservations turns deliveries into orders before their day, and says of each what
// became of it.
func (c *call) commitReservations() reply {
	type key struct {
		Number   string `json:"reserveNumber"`
		DetailID int    `json:"detailId"`
	}
	var q struct {
		Keys []key `json:"reserveKeyList"`
	}
	if !c.read(&q) || len(q.Keys) == 0 || len(q.Keys) > maxCommitKeys {
		return reserveFails("reserveKeyList must have 1 to 500 keys")
	}
	rows := []object{}
	done := 0
	for _, k := range q.Keys {
		code, text := c.commit(k.Number, k.DetailID)
		if code == reserveOK {
			done++
		}
		rows = append(rows, object{"reserveNumber": k.Number, "detailId": k.DetailID, "resultCode": code, "resultMessage": text})
	}
	return ok(object{"date": localTime{c.now}, "summaryResultMessage": fmt.Sprintf("%d件中%d件成功", len(rows), done), "updateResultList": rows})
}

// commit makes an order of a delivery. That the order is there at once is a guess.
func (c *call) commit(number string, detailID int) (code, text string) {
	i := slices.IndexFunc(c.shop.reservations, func(r *reservation) bool { return r.Number == number })
	if i < 0 {
		return reserveMissing, "予約が存在しません。"
	}
	r := c.shop.reservations[i]
	j := slices.IndexFunc(r.Details, func(d reserveDelivery) bool { return d.DetailID == detailID })
	switch {
	case j < 0:
		return reserveMissing, "お届け回が存在しません。"
	case r.Details[j].EarlyFlag == 1:
		return reserveCommitted, "確定済みです。"
	}
	r.Details[j].EarlyFlag = 1
	o := c.shop.newOrder(c.now, progressNew)
	o.OrderType, o.ReserveNumber, o.ReserveDeliveryCount = orderTypeOf[r.Type], &r.Number, &detailID
	c.shop.place(o)
	return reserveOK, "正常終了"
}
