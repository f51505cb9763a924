package colormetest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// person is a customer as orders show one.
type person struct {
	ID                  int64   `json:"id"`
	AccountID           string  `json:"account_id"`
	Name                *string `json:"name"`
	Furigana            *string `json:"furigana"`
	Hojin               *string `json:"hojin"`
	Busho               *string `json:"busho"`
	Sex                 *string `json:"sex"`
	Birthday            *string `json:"birthday"`
	Postal              *string `json:"postal"`
	PrefID              *int64  `json:"pref_id"`
	PrefName            *string `json:"pref_name"`
	Address1            *string `json:"address1"`
	Address2            *string `json:"address2"`
	Mail                *string `json:"mail"`
	Tel                 *string `json:"tel"`
	Fax                 *string `json:"fax"`
	TelMobile           *string `json:"tel_mobile"`
	Other               *string `json:"other"`
	Points              int64   `json:"points"`
	Member              bool    `json:"member"`
	SalesCount          int64   `json:"sales_count"`
	ReceiveMailMagazine *bool   `json:"receive_mail_magazine"`
	AnswerFreeForm1     *string `json:"answer_free_form1"`
	AnswerFreeForm2     *string `json:"answer_free_form2"`
	AnswerFreeForm3     *string `json:"answer_free_form3"`
	MakeDate            int64   `json:"make_date"`
	UpdateDate          int64   `json:"update_date"`
	Memo                string  `json:"memo"`
}

type customer struct {
	person

	Membership       *membership       `json:"membership"`
	ExternalAccounts []externalAccount `json:"external_accounts,omitempty"`
}

type membershipName struct {
	MembershipID string `json:"membership_id"`
	Name         string `json:"name"`
}

type membership struct {
	membershipName

	// Progress is shown by the reading of one customer alone.
	Progress *membershipProgress `json:"progress,omitempty"`
}

type membershipProgress struct {
	Score             int64             `json:"score"`
	AggregationPeriod aggregationPeriod `json:"aggregation_period"`
	NextMembership    *nextMembership   `json:"next_membership"`
}

type aggregationPeriod struct {
	StartDate int64 `json:"start_date"`
	EndDate   int64 `json:"end_date"`
}

type nextMembership struct {
	membershipName

	RequiredScore  int64 `json:"required_score"`
	RemainingScore int64 `json:"remaining_score"`
}

type externalAccount struct {
	Provider  int64  `json:"provider"`
	UID       string `json:"uid"`
	CreatedAt int64  `json:"created_at"`
}

var customerRoutes = []route{
	{pattern: "GET /v1/customers", handle: (*call).listCustomers, scopes: []string{"read_sales"}},
	{pattern: "POST /v1/customers", handle: (*call).createCustomer, body: "customer", scopes: []string{"write_sales"}},
	{pattern: "GET /v1/customers/{customer_id}", handle: (*call).getCustomer, scopes: []string{"read_sales"}},
	{pattern: "PUT /v1/customers/{customer_id}", handle: (*call).updateCustomer, body: "customer", scopes: []string{"write_sales"}},
	{pattern: "POST /v1/customers/{customer_id}/points", handle: (*call).addPoints, scopes: []string{"write_sales"}},
	{pattern: "PUT /v1/customers/{customer_id}/membership", handle: (*call).setMembership, body: "membership", scopes: []string{"read_sales", "write_sales"}},
	{pattern: "DELETE /v1/customers/{customer_id}/membership", handle: (*call).clearMembership, scopes: []string{"read_sales", "write_sales"}},
}

var phone = regexp.MustCompile(`^[\d-]+$`)

// customerRules are the fields of a customer that may be written.
var customerRules = []rule{
	{key: "name", max: 50, filled: true},
	{key: "furigana", max: 50, kana: true},
	{key: "mail", field: "email", mail: true, filled: true},
	{key: "pref_id", field: "prefecture_id", kind: numberKind, low: new(int64(1)), high: new(int64(48)), filled: true},
	{key: "postal", filled: true},
	{key: "address1", filled: true},
	{key: "address2"},
	{key: "tel", pattern: phone, filled: true},
	{key: "fax", pattern: phone},
	{key: "sex", choices: []string{"male", "female", "not_applicable"}},
	{key: "birthday", kind: dateKind},
	{key: "hojin", max: 100},
	{key: "busho", max: 50},
	{key: "receive_mail_magazine", kind: flagKind},
	{key: "answer_free_form1", max: 255},
	{key: "answer_free_form2", max: 255},
	{key: "answer_free_form3", max: 255},
	{key: "other"},
}

func (c *call) customer() *customer {
	return c.shop.customer(c.id("customer_id"))
}

func (shop *Shop) customer(id int64) *customer {
	i := slices.IndexFunc(shop.customers, func(cu *customer) bool { return cu.ID == id })
	if i < 0 {
		return nil
	}
	return shop.customers[i]
}

// short is a customer as lists and writes show one.
func (cu *customer) short() customer {
	out := *cu
	if out.Membership != nil {
		out.Membership = &membership{membershipName: out.Membership.membershipName}
	}
	return out
}

func (c *call) listCustomers() (int, any) {
	lineUID := c.query.Get("line_uid")
	items := where(newestFirst(c.shop.customers),
		oneOf(c, "ids", func(cu *customer) int64 { return cu.ID }),
		containing(c, "name", func(cu *customer) string { return text(cu.Name) }),
		containing(c, "furigana", func(cu *customer) string { return text(cu.Furigana) }),
		containing(c, "mail", func(cu *customer) string { return text(cu.Mail) }),
		containing(c, "postal", func(cu *customer) string { return text(cu.Postal) }),
		containing(c, "tel", func(cu *customer) string { return text(cu.Tel) }),
		func(cu *customer) bool {
			return lineUID == "" || slices.ContainsFunc(cu.ExternalAccounts, func(a externalAccount) bool { return a.UID == lineUID })
		},
		equal(c, "membership_id", func(cu *customer) string {
			if cu.Membership == nil {
				return ""
			}
			return cu.Membership.MembershipID
		}),
		equal(c, "sex", func(cu *customer) string { return text(cu.Sex) }, "male", "female", "not_applicable"),
		flagged(c, "member", func(cu *customer) bool { return cu.Member }),
		flagged(c, "receive_mail_magazine", func(cu *customer) bool { return cu.ReceiveMailMagazine != nil && *cu.ReceiveMailMagazine }),
		since(c, func(cu *customer) int64 { return cu.MakeDate }, "make_date_min"),
		until(c, func(cu *customer) int64 { return cu.MakeDate }, "make_date_max"),
		since(c, func(cu *customer) int64 { return cu.UpdateDate }, "update_date_min"),
		until(c, func(cu *customer) int64 { return cu.UpdateDate }, "update_date_max"),
	)
	return list(c, "customers", pageSize{normal: 10, max: 100, fields: true}, items, (*customer).short)
}

func (c *call) getCustomer() (int, any) {
	cu := c.customer()
	if cu == nil {
		return notFound()
	}
	return http.StatusOK, object{"customer": cu}
}

func (c *call) createCustomer() (int, any) {
	in := c.in
	problems := check("customer", in, customerRules, "name", "mail", "pref_id", "postal", "address1", "tel")
	problems = append(problems, check("customer", in, []rule{{key: "add_member", kind: flagKind}})...)
	if len(problems) > 0 {
		return refuseAll(problems...)
	}
	cu := &customer{person: person{
		ID:         c.newID(),
		AccountID:  c.shop.ID,
		MakeDate:   c.now.Unix(),
		UpdateDate: c.now.Unix(),
	}}
	apply(cu, in, customerRules)
	_ = json.Unmarshal(in["add_member"], &cu.Member)
	cu.settle()
	c.shop.customers = append(c.shop.customers, cu)
	return http.StatusOK, object{"customer": cu.short()}
}

// updateCustomer always needs name and address1, and empties address2 when it
// is left out. tel_mobile is not among the rules: the platform ignores it.
func (c *call) updateCustomer() (int, any) {
	cu := c.customer()
	if cu == nil {
		return notFound()
	}
	in := c.in
	if problems := check("customer", in, customerRules, "name", "address1"); len(problems) > 0 {
		return refuseAll(problems...)
	}
	if _, ok := in["address2"]; !ok {
		cu.Address2 = new("")
	}
	apply(cu, in, customerRules)
	cu.settle()
	cu.UpdateDate = c.now.Unix()
	return http.StatusOK, object{"customer": cu.short()}
}

// settle derives what the platform derives: the prefecture's name, and false
// for a mail magazine that was set to null.
func (p *person) settle() {
	p.PrefName = nil
	if p.PrefID != nil {
		p.PrefName = new(prefectureName(*p.PrefID))
	}
	if p.ReceiveMailMagazine == nil {
		p.ReceiveMailMagazine = new(false)
	}
}

func (c *call) addPoints() (int, any) {
	cu := c.customer()
	if cu == nil {
		return notFound()
	}
	in, code := c.flat()
	if code != 0 {
		return refuse(code)
	}
	points, ok := looseNumber(in["points"])
	if !ok {
		return refuseField(codeParameter, "points")
	}
	if cu.Points+points < 0 {
		return refuseField(codeRange, "points")
	}
	cu.Points += points
	cu.UpdateDate = c.now.Unix()
	return http.StatusOK, object{"customer_id": cu.ID, "points": cu.Points}
}

// looseNumber reads an integer that may be spelt as a string.
func looseNumber(raw json.RawMessage) (int64, bool) {
	var s string
	if json.Unmarshal(raw, &s) != nil || s == "" {
		s = string(raw)
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func (c *call) setMembership() (int, any) {
	if len(c.shop.ranks) == 0 {
		return refuse(codeForbidden)
	}
	cu := c.customer()
	if cu == nil {
		return notFound()
	}
	in := c.in
	rules := []rule{{key: "membership_id", filled: true}}
	if problems := check("membership", in, rules, "membership_id"); len(problems) > 0 {
		return refuseAll(problems...)
	}
	var wanted membershipName
	apply(&wanted, in, rules)
	i := slices.IndexFunc(c.shop.ranks, func(r membershipName) bool { return r.MembershipID == wanted.MembershipID })
	if i < 0 {
		return refuseField(codeChoice, "membership.membership_id")
	}
	cu.Membership = &membership{membershipName: c.shop.ranks[i], Progress: c.shop.progress(c.now, cu, i)}
	cu.UpdateDate = c.now.Unix()
	return http.StatusOK, object{"customer": object{"customer_id": cu.ID, "membership": c.shop.ranks[i]}}
}

func (c *call) clearMembership() (int, any) {
	if len(c.shop.ranks) == 0 {
		return refuse(codeForbidden)
	}
	cu := c.customer()
	if cu == nil {
		return notFound()
	}
	cu.Membership = nil
	cu.UpdateDate = c.now.Unix()
	return noContent()
}

// progress is the way to the rank after i; the last rank has none after it.
func (shop *Shop) progress(now time.Time, cu *customer, i int) *membershipProgress {
	year := time.Date(now.In(jst).Year(), time.January, 1, 0, 0, 0, 0, jst)
	p := &membershipProgress{
		Score:             cu.SalesCount * 1000,
		AggregationPeriod: aggregationPeriod{StartDate: year.Unix(), EndDate: year.AddDate(1, 0, 0).Unix() - 1},
	}
	if i+1 < len(shop.ranks) {
		required := int64(i+1) * 50_000
		p.NextMembership = &nextMembership{
			membershipName: shop.ranks[i+1],
			RequiredScore:  required,
			RemainingScore: max(required-p.Score, 0),
		}
	}
	return p
}

// AddCustomer adds a customer and returns the ID. The members of v, any value
// that becomes a JSON object in the platform's spelling, replace those of a
// realistic seed; nil takes the seed as it is.
func (shop *Shop) AddCustomer(v any) int64 {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return shop.addCustomer(shop.server.Now(), v).ID
}

func (shop *Shop) addCustomer(now time.Time, v any) *customer {
	n := len(shop.customers)
	names := [...][2]string{
		{"佐藤 陽菜", "サトウ ヒナ"},
		{"鈴木 蓮", "スズキ レン"},
		{"高橋 葵", "タカハシ アオイ"},
		{"田中 湊", "タナカ ミナト"},
		{"伊藤 凛", "イトウ リン"},
		{"渡辺 樹", "ワタナベ イツキ"},
	}
	name := names[n%len(names)]
	prefecture := int64(n*7%47 + 1)
	made := now.AddDate(0, -3, -n%90)
	cu := &customer{person: person{
		ID:         shop.server.newID(),
		AccountID:  shop.ID,
		Name:       new(name[0]),
		Furigana:   new(name[1]),
		Sex:        new([]string{"female", "male", "not_applicable"}[n%3]),
		Birthday:   new(time.Date(1960+n%45, time.Month(n%12+1), n%28+1, 0, 0, 0, 0, jst).Format(time.DateOnly)),
		Postal:     new("1000001"),
		PrefID:     &prefecture,
		Address1:   new("中央町" + strconv.Itoa(n%30+1) + "-2-3"),
		Address2:   new("みどり荘" + strconv.Itoa(101+n%20)),
		Mail:       new("customer" + strconv.Itoa(n+1) + "@example.com"),
		Tel:        new("090-0000-" + strconv.Itoa(1000+n%9000)),
		Points:     int64(n % 5 * 100),
		Member:     n%3 != 2,
		MakeDate:   made.Unix(),
		UpdateDate: made.Unix(),
	}}
	if n%4 == 0 {
		cu.Hojin, cu.Busho = new("有限会社さざなみ"), new("総務部")
	}
	if n%5 == 0 {
		cu.ExternalAccounts = []externalAccount{{UID: "U" + newSecret()[:32], CreatedAt: made.Unix()}}
	}
	if n%6 == 0 && len(shop.ranks) > 0 {
		cu.Membership = &membership{membershipName: shop.ranks[0], Progress: shop.progress(now, cu, 0)}
	}
	overlay(cu, v)
	cu.settle()
	shop.customers = append(shop.customers, cu)
	return cu
}
