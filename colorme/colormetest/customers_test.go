package colormetest_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func newCustomer(changes object) object {
	customer := object{"name": "山田 花", "mail": "hana@example.com", "pref_id": 13, "postal": "1000001", "address1": "中央町", "tel": "03-0000-0000"}
	maps.Copy(customer, changes)
	return object{"customer": customer}
}

func TestCreateCustomer(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	got := at(t, a.want(200, http.MethodPost, "/v1/customers", newCustomer(object{
		"add_member": true, "sex": "female", "birthday": "1990-01-31", "furigana": "ヤマダ　ハナー", "id": 5, "tel_mobile": "090-1",
	})), "customer")
	assertKeys(t, personKeys+" membership", got)
	assert.NotEqualValues(t, 5, id(t, got, "id"))
	assert.Equal(t, true, at(t, got, "member"))
	assert.Equal(t, "東京都", at(t, got, "pref_name"))
	assert.Equal(t, false, at(t, got, "receive_mail_magazine"))
	assert.Nil(t, at(t, got, "tel_mobile"))
	assert.Equal(t, got, at(t, a.get(fmt.Sprintf("/v1/customers/%d", id(t, got, "id"))), "customer"))

	refusals := []struct {
		body object
		want []any
	}{
		{object{}, []any{422100, "customer"}},
		{object{"customer": nil}, []any{422100, "customer"}},
		{object{"customer": object{}}, []any{422210, "customer"}},
		{object{"customer": object{"x": 1}}, []any{
			422007, "customer.name", 422007, "customer.email", 422007, "customer.prefecture_id",
			422007, "customer.postal", 422007, "customer.address1", 422007, "customer.tel",
		}},
		{newCustomer(object{"name": ""}), []any{422007, "customer.name"}},
		{newCustomer(object{"name": strings.Repeat("あ", 51)}), []any{422003, "customer.name"}},
		{newCustomer(object{"mail": "hana"}), []any{422003, "customer.email"}},
		{newCustomer(object{"pref_id": 49}), []any{422014, "customer.prefecture_id"}},
		{newCustomer(object{"pref_id": "13"}), []any{422100, "customer.prefecture_id"}},
		{newCustomer(object{"tel": "03 (0000)"}), []any{422003, "customer.tel"}},
		{newCustomer(object{"fax": "x"}), []any{422003, "customer.fax"}},
		{newCustomer(object{"furigana": "やまだ"}), []any{422003, "customer.furigana"}},
		{newCustomer(object{"furigana": "ヷ"}), []any{422250, "customer.furigana"}},
		{newCustomer(object{"sex": "other"}), []any{422001, "customer.sex"}},
		{newCustomer(object{"birthday": "31/01/1990"}), []any{422003, "customer.birthday"}},
		{newCustomer(object{"add_member": "yes"}), []any{422100, "customer.add_member"}},
	}
	for _, tt := range refusals {
		a.refused(http.MethodPost, "/v1/customers", tt.body, tt.want...)
	}
	a.refused(http.MethodPost, "/v1/customers", `{"customer":{"name":"`, 500000)
	status, _ := a.call(http.MethodPost, "/v1/customers", `{"customer":{"name":"x"}}`, "Content-Type", "text/plain")
	assert.Equal(t, http.StatusUnprocessableEntity, status, "what is not declared as JSON is not read")
}

func TestUpdateCustomer(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	path := fmt.Sprintf("/v1/customers/%d", srv.Shop().AddCustomer(object{
		"address2": "2階", "hojin": "商店", "tel_mobile": "090-1", "receive_mail_magazine": true, "fax": "03-1", "pref_id": 1,
	}))
	update := func(changes object) object {
		body := object{"name": "新", "address1": "町"}
		maps.Copy(body, changes)
		return at(t, a.want(200, http.MethodPut, path, object{"customer": body}), "customer").(object)
	}
	got := update(object{"address2": "3階", "hojin": nil, "tel_mobile": "080-2", "pref_id": 48})
	assert.Equal(t, "3階", got["address2"])
	assert.Nil(t, got["hojin"], "null clears")
	assert.Equal(t, "03-1", got["fax"], "what is left out stays")
	assert.Equal(t, "090-1", got["tel_mobile"], "ignored")
	assert.Equal(t, "海外", got["pref_name"])
	got = update(nil)
	assert.Empty(t, got["address2"], "emptied when left out")
	assert.Equal(t, true, got["receive_mail_magazine"])
	assert.Equal(t, false, update(object{"receive_mail_magazine": nil})["receive_mail_magazine"])

	a.refused(http.MethodPut, path, object{"customer": object{"fax": "03-2"}}, 422007, "customer.name", 422007, "customer.address1")
	a.refused(http.MethodPut, path, object{"customer": object{"name": "x", "address1": "y", "mail": nil}}, 422007, "customer.email")
	a.refused(http.MethodPut, path, object{"customer": object{}}, 422210, "customer")
	a.refused(http.MethodPut, "/v1/customers/1", object{"customer": object{"name": "x"}}, 404100)
}

// An order keeps the customer as it was.
func TestSaleKeepsItsCustomer(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(0, 1, 0)...)
	a := speak(t, srv)
	customer := srv.Shop().AddCustomer(object{"name": "旧"})
	sale := srv.Shop().AddSale(nil)
	a.want(200, http.MethodPut, fmt.Sprintf("/v1/customers/%d", customer), object{"customer": object{"name": "新", "address1": "町"}})
	assert.Equal(t, "旧", at(t, a.get(fmt.Sprintf("/v1/sales/%d", sale)), "sale", "customer", "name"))
}

func TestPoints(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	customer := srv.Shop().AddCustomer(object{"points": 10})
	path := fmt.Sprintf("/v1/customers/%d/points", customer)
	assert.Equal(t, object{"customer_id": float64(customer), "points": 15.0}, a.want(200, http.MethodPost, path, object{"points": 5}))
	assert.EqualValues(t, 12, id(t, a.want(200, http.MethodPost, path, object{"points": "-3"}), "points"), "a numeric string will do")
	a.refused(http.MethodPost, path, object{"points": -13}, 422014, "points")
	for _, bad := range []object{{}, {"points": nil}, {"points": "x"}, {"points": 1.5}} {
		a.refused(http.MethodPost, path, bad, 422100, "points")
	}
}

func TestMembership(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	customer := srv.Shop().AddCustomer(object{"membership": nil})
	path := fmt.Sprintf("/v1/customers/%d", customer)
	set := func(rank any) object { return object{"membership": object{"membership_id": rank}} }

	got := at(t, a.want(200, http.MethodPut, path+"/membership", set("SILVER")), "customer")
	assertKeys(t, "customer_id membership", got)
	assertKeys(t, "membership_id name", at(t, got, "membership"))
	got = at(t, a.get(path), "customer", "membership")
	assertKeys(t, "membership_id name progress", got)
	assertKeys(t, "score aggregation_period next_membership", at(t, got, "progress"))
	assertKeys(t, "membership_id name required_score remaining_score", at(t, got, "progress", "next_membership"))
	assertKeys(t, "membership_id name", at(t, rows(t, a.get(fmt.Sprintf("/v1/customers?ids=%d", customer)), "customers")[0], "membership"))
	a.want(200, http.MethodPut, path+"/membership", set("GOLD"))
	assert.Nil(t, at(t, a.get(path), "customer", "membership", "progress", "next_membership"))

	a.refused(http.MethodPut, path+"/membership", set("DIAMOND"), 422001, "membership.membership_id")
	a.refused(http.MethodPut, path+"/membership", set(""), 422007, "membership.membership_id")
	a.refused(http.MethodPut, "/v1/customers/1/membership", set("GOLD"), 404100)
	assert.Nil(t, a.want(204, http.MethodDelete, path+"/membership", nil))
	assert.Nil(t, at(t, a.get(path), "customer", "membership"))

	srv.Shop().SetMembershipRanks(nil)
	a.refused(http.MethodPut, path+"/membership", set("GOLD"), 403100)
	a.refused(http.MethodDelete, path+"/membership", nil, 403100)
	srv.Shop().SetMembershipRanks(map[string]string{"ONLY": "唯一"})
	assert.Equal(t, "唯一", at(t, a.want(200, http.MethodPut, path+"/membership", set("ONLY")), "customer", "membership", "name"))
}
