package colorme_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

func TestCustomers(t *testing.T) {
	t.Parallel()
	const reply = `{"customer":{"id":7,"points":3}}`
	runExchanges(t, map[string]exchange{
		"list": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				page, err := c.Customers.List(ctx, colorme.ListCustomersParams{
					IDs: colorme.IDs{1, 2}, Name: "山田", Sex: colorme.SexFemale, Member: new(false), MembershipID: "GOLD", LineUID: "U1",
					ReceiveMailMagazine: new(true), Limit: 5, Offset: 10,
				})
				return page, err
			},
			method: "GET", path: "/v1/customers",
			query:  "ids=1,2&limit=5&line_uid=U1&member=false&membership_id=GOLD&name=山田&offset=10&receive_mail_magazine=true&sex=female",
			status: 200, reply: `{"customers":[{"id":1,"name":null}],"meta":{"total":11,"limit":5,"offset":10}}`,
			want: &shotengai.Page[colorme.Customer]{Items: []colorme.Customer{{ID: 1}}, Total: new(11), Limit: 5, Offset: 10},
		},
		"get, whose meta was absent in a real reply": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Customers.Get(ctx, 7) },
			method: "GET", path: "/v1/customers/7", status: 200, reply: reply, want: &colorme.Customer{ID: 7, Points: 3},
		},
		"get, with the documented meta": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Customers.Get(ctx, 7) },
			method: "GET", path: "/v1/customers/7", status: 200,
			reply: `{"customer":{"id":7,"points":3},"meta":{"total":1,"limit":1,"offset":0}}`, want: &colorme.Customer{ID: 7, Points: 3},
		},
		"create answers 200": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Customers.Create(ctx, colorme.CreateCustomerRequest{
					Name: "山田 <太郎>", Mail: "t@example.jp", PrefID: colorme.PrefMiyagi, Postal: "9800011", Address1: "仙台市", Tel: "022-1",
					Furigana: new("ヤマダ タロウ"), Birthday: shotengai.Date{Year: 1990, Month: 2, Day: 3}, Sex: new(colorme.SexMale), AddMember: new(true),
				})
			},
			method: "POST", path: "/v1/customers", status: 200, reply: reply,
			body: `{"customer":{"name":"山田 <太郎>","mail":"t@example.jp","pref_id":5,"postal":"9800011","address1":"仙台市","tel":"022-1",
				"furigana":"ヤマダ タロウ","birthday":"1990-02-03","sex":"male","add_member":true}}`,
		},
		"update omits, clears and sets": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Customers.Update(ctx, 7, colorme.UpdateCustomerRequest{
					Name: "山田", Address1: "仙台市", Address2: shotengai.Clear[string](), Fax: shotengai.Set("022-2"), Birthday: shotengai.Clear[shotengai.Date](),
					ReceiveMailMagazine: new(false),
				})
			},
			method: "PUT", path: "/v1/customers/7", status: 200, reply: reply,
			body: `{"customer":{"name":"山田","address1":"仙台市","address2":null,"fax":"022-2","birthday":null,"receive_mail_magazine":false}}`,
		},
		"points are flat both ways": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Customers.AddPoints(ctx, 7, -3) },
			method: "POST", path: "/v1/customers/7/points", status: 200, body: `{"points":-3}`,
			reply: `{"customer_id":7,"points":0}`, want: &colorme.CustomerPoints{CustomerID: 7},
		},
		"membership answers another shape of customer": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Customers.SetMembership(ctx, 7, "GOLD")
			},
			method: "PUT", path: "/v1/customers/7/membership", status: 200, body: `{"membership":{"membership_id":"GOLD"}}`,
			reply: `{"customer":{"customer_id":7,"membership":{"membership_id":"GOLD","name":"ゴールド"}}}`,
			want:  &colorme.CustomerMembershipResult{CustomerID: 7, Membership: colorme.CustomerMembership{MembershipID: "GOLD", Name: "ゴールド"}},
		},
		"membership delete answers 204": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return only(c.Customers.DeleteMembership(ctx, 7))
			},
			method: "DELETE", path: "/v1/customers/7/membership", status: 204,
		},
	})
}

func TestCustomersRefused(t *testing.T) {
	t.Parallel()
	good := colorme.CreateCustomerRequest{Name: "山田", Mail: "t@example.jp", PrefID: 13, Postal: "1000001", Address1: "千代田区", Tel: "03-1"}
	create := func(change func(*colorme.CreateCustomerRequest)) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) {
			r := good
			change(&r)
			return c.Customers.Create(ctx, r)
		}
	}
	update := func(change func(*colorme.UpdateCustomerRequest)) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) {
			r := colorme.UpdateCustomerRequest{Name: "山田", Address1: "千代田区", Address2: shotengai.Set("1-1")}
			change(&r)
			return c.Customers.Update(ctx, 1, r)
		}
	}
	list := func(p colorme.ListCustomersParams) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) { return c.Customers.List(ctx, p) }
	}
	runRefusals(t, map[string]refusal{
		"no name":         {create(func(r *colorme.CreateCustomerRequest) { r.Name = " " }), "name: must not be empty"},
		"long name":       {create(func(r *colorme.CreateCustomerRequest) { r.Name = strings.Repeat("山", 51) }), "51 characters, at most 50"},
		"no prefecture":   {create(func(r *colorme.CreateCustomerRequest) { r.PrefID = 0 }), "0 is no prefecture"},
		"JIS-like 49":     {create(func(r *colorme.CreateCustomerRequest) { r.PrefID = 49 }), "49 is no prefecture"},
		"tel with spaces": {create(func(r *colorme.CreateCustomerRequest) { r.Tel = "03 1" }), "tel: digits and hyphens"},
		"empty fax":       {create(func(r *colorme.CreateCustomerRequest) { r.Fax = new("") }), "fax: digits and hyphens"},
		"archaic kana":    {create(func(r *colorme.CreateCustomerRequest) { r.Furigana = new("ヷ") }), "furigana"},
		"hiragana":        {create(func(r *colorme.CreateCustomerRequest) { r.Furigana = new("やまだ") }), "furigana"},
		"long answer":     {create(func(r *colorme.CreateCustomerRequest) { r.AnswerFreeForm3 = new(strings.Repeat("x", 256)) }), "answer_free_form"},
		"unknown sex":     {create(func(r *colorme.CreateCustomerRequest) { r.Sex = new(colorme.Sex("x")) }), `sex: "x" is none of`},
		"empty sex":       {create(func(r *colorme.CreateCustomerRequest) { r.Sex = new(colorme.Sex("")) }), "sex: has to be one of"},
		"no such day":     {create(func(r *colorme.CreateCustomerRequest) { r.Birthday = shotengai.Date{Year: 2023, Month: 2, Day: 29} }), "no such day"},
		"address2 unsaid": {update(func(r *colorme.UpdateCustomerRequest) { r.Address2 = shotengai.Clearable[string]{} }), "address2 has to be set or cleared"},
		"no address1":     {update(func(r *colorme.UpdateCustomerRequest) { r.Address1 = "" }), "address1: must not be empty"},
		"set to no day":   {update(func(r *colorme.UpdateCustomerRequest) { r.Birthday = shotengai.Set(shotengai.Date{}) }), "birthday: set to no date"},
		"set to no sex":   {update(func(r *colorme.UpdateCustomerRequest) { r.Sex = shotengai.Set(colorme.Sex("")) }), "sex: has to be one of"},
		"long company":    {update(func(r *colorme.UpdateCustomerRequest) { r.Hojin = shotengai.Set(strings.Repeat("社", 101)) }), "hojin"},
		"list by no sex":  {list(colorme.ListCustomersParams{Sex: "woman"}), `sex: "woman"`},
		"negative limit":  {list(colorme.ListCustomersParams{Limit: -1}), "must not be negative"},
		"negative offset": {list(colorme.ListCustomersParams{Offset: -1}), "must not be negative"},
		"no customer":     {func(ctx context.Context, c *colorme.Client) (any, error) { return c.Customers.Get(ctx, 0) }, "identifier"},
		"no membership id": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.Customers.SetMembership(ctx, 1, "")
		}, "membership_id"},
	})
}

func TestPrefecturesAreNotJISCodes(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "秋田県", colorme.Prefecture(4).String(), "JIS has Miyagi here")
	assert.Equal(t, "長野県", colorme.Prefecture(21).String())
	assert.Equal(t, "海外", colorme.PrefOverseas.String())
	assert.Equal(t, "49", colorme.Prefecture(49).String())
	assert.False(t, colorme.Prefecture(0).Valid())
}

// Walking customers asks for 100 a page.
func TestCustomersAll(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t)
	for range 130 {
		srv.Shop().AddCustomer(map[string]any{"name": "客"})
	}
	before, count := len(srv.Requests()), 0
	for _, err := range client.Customers.All(t.Context(), colorme.ListCustomersParams{}) {
		require.NoError(t, err)
		count++
	}
	assert.Equal(t, 145, count)
	assert.Len(t, srv.Requests()[before:], 2)
}
