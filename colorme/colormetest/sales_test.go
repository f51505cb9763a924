package colormetest_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGetSale(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	parent := srv.Shop().AddSale(nil)
	child := srv.Shop().SplitSale(parent)

	got := at(t, a.get(fmt.Sprintf("/v1/sales/%d", child)), "sale")
	assertKeys(t, saleKeys, got)
	assertKeys(t, segmentKeys+" siblings_sale_ids", at(t, got, "segment"))
	assert.EqualValues(t, parent, id(t, got, "segment", "siblings_sale_ids", 0))
	assert.EqualValues(t, parent, id(t, got, "segment", "parent_sale_id"))
	listed := rows(t, a.get(fmt.Sprintf("/v1/sales?ids=%d", child)), "sales")[0]
	assertKeys(t, segmentKeys, at(t, listed, "segment"), "lists lack the siblings")
}

func TestUpdateSale(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	customer := srv.Shop().AddCustomer(object{"points": 10})
	sale := srv.Shop().AddSale(object{
		"paid": false, "point_state": "assumed", "granted_points": 7, "canceled": false, "delivered": false, "customer": object{"id": customer},
	})
	path := fmt.Sprintf("/v1/sales/%d", sale)
	before := at(t, a.get(path), "sale")
	line := id(t, before, "sale_deliveries", 0, "id")

	got := at(t, a.want(200, http.MethodPut, path, object{"sale": object{
		"id": 1, "paid": true, "total_price": 1, "memo": "x",
		"sale_deliveries": []object{{
			"id": line, "delivery_id": 1, "slip_number": "1234", "pref_id": 47, "delivered": true, "noshi_charge": 300,
		}},
	}}), "sale")
	assert.EqualValues(t, sale, id(t, got, "id"), "an ID in the body is ignored")
	assert.Equal(t, true, at(t, got, "paid"))
	assert.Nil(t, at(t, got, "memo"), "other members are ignored")
	delivery := at(t, got, "sale_deliveries", 0)
	assert.Equal(t, "1234", at(t, delivery, "slip_number"))
	assert.Equal(t, "沖縄県", at(t, delivery, "pref_name"))
	assert.Equal(t, at(t, before, "sale_deliveries", 0, "delivery_id"), at(t, delivery, "delivery_id"), "read only")
	assert.Equal(t, at(t, before, "sale_deliveries", 0, "name"), at(t, delivery, "name"), "what is left out stays")
	assert.Equal(t, true, at(t, got, "delivered"))
	assert.EqualValues(t, 300, id(t, got, "noshi_total_charge"))
	assert.Equal(t, at(t, a.get(path), "sale", "sale_deliveries"), at(t, got, "sale_deliveries"))

	a.refused(http.MethodPut, path, object{"sale": object{"point_state": "unknown"}}, 422001, "sale.point_state")
	a.refused(http.MethodPut, path, object{"sale": object{"paid": "yes"}}, 422100, "sale.paid")
	a.refused(http.MethodPut, path, object{"sale": object{}}, 422210, "sale")
	a.refused(http.MethodPut, path, object{}, 422100, "sale")
	a.refused(http.MethodPut, path, `{"sale":{"paid":tr`, 500000)
	a.refused(http.MethodPut, path, object{"sale": object{"sale_deliveries": []object{{"id": 1}}}}, 404100)
	a.refused(http.MethodPut, path, object{"sale": object{"sale_deliveries": []object{{"id": line, "pref_id": 49}}}}, 422001, "sale_delivery.prefecture_id")
	assert.Equal(t, "沖縄県", at(t, a.get(path), "sale", "sale_deliveries", 0, "pref_name"), "a refusal changes nothing")

	a.want(200, http.MethodPut, path, object{"sale": object{"point_state": "fixed"}})
	assert.EqualValues(t, 17, id(t, a.get(fmt.Sprintf("/v1/customers/%d", customer)), "customer", "points"))
	a.refused(http.MethodPut, path, object{"sale": object{"point_state": "assumed"}}, 422001, "sale.point_state")
	for _, spelling := range []string{"cenceled", "canceled"} {
		other := fmt.Sprintf("/v1/sales/%d", srv.Shop().AddSale(object{"point_state": "assumed", "segment": nil}))
		assert.Equal(t, "canceled", at(t, a.want(200, http.MethodPut, other, object{"sale": object{"point_state": spelling}}), "sale", "point_state"))
	}
	child := srv.Shop().SplitSale(sale)
	a.refused(http.MethodPut, fmt.Sprintf("/v1/sales/%d", child), object{"sale": object{"point_state": "fixed"}}, 422001, "sale.point_state")
}

func TestCancelSale(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(0, 0, 0)...)
	a := speak(t, srv)
	product := srv.Shop().AddProduct(object{"stocks": 5, "stock_managed": true})
	customer := srv.Shop().AddCustomer(object{"points": 100})
	sell := func() string {
		return fmt.Sprintf("/v1/sales/%d", srv.Shop().AddSale(object{
			"details": []object{{"product_num": 3}}, "canceled": false, "point_state": "fixed", "granted_points": 20, "use_points": 50,
			"customer": object{"id": customer}, "segment": nil,
		}))
	}
	stocks := func() int64 { return id(t, a.get(fmt.Sprintf("/v1/products/%d", product)), "product", "stocks") }

	path := sell()
	got := at(t, a.want(200, http.MethodPut, path+"/cancel", object{"restock": true}), "sale")
	assert.Equal(t, true, at(t, got, "canceled"))
	assert.EqualValues(t, 0, id(t, got, "total_price"))
	assert.EqualValues(t, 0, id(t, got, "details", 0, "product_num"))
	assert.EqualValues(t, 8, stocks())
	assert.EqualValues(t, 130, id(t, a.get(fmt.Sprintf("/v1/customers/%d", customer)), "customer", "points"))
	a.refused(http.MethodPut, path+"/cancel", object{}, 422001, "sale.canceled")

	a.want(200, http.MethodPut, sell()+"/cancel", nil)
	assert.EqualValues(t, 8, stocks(), "no restock unless asked")
	a.refused(http.MethodPut, sell()+"/cancel", object{"restock": "yes"}, 422100, "sale.restock")

	parent := srv.Shop().AddSale(nil)
	srv.Shop().SplitSale(parent)
	a.refused(http.MethodPut, fmt.Sprintf("/v1/sales/%d/cancel", parent), nil, 422001, "sale.canceled")
}

func TestSendMail(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	sale := srv.Shop().AddSale(object{"paid_mail_state": "not_yet", "paid_mail_sent_date": nil})
	path := fmt.Sprintf("/v1/sales/%d", sale)
	mail := func(kind any) object { return object{"mail": object{"type": kind}} }

	status, body := a.call(http.MethodPost, path+"/mails", mail("paid"))
	assert.Equal(t, http.StatusCreated, status)
	assert.Empty(t, body)
	got := a.get(path)
	assert.Equal(t, "sent", at(t, got, "sale", "paid_mail_state"))
	assert.EqualValues(t, noon.Unix(), id(t, got, "sale", "paid_mail_sent_date"))
	require.Len(t, srv.Mails(), 1)
	assert.Equal(t, "paid", srv.Mails()[0].Kind)
	assert.Equal(t, sale, srv.Mails()[0].SaleID)

	a.refused(http.MethodPost, path+"/mails", mail("thanks"), 422001, "mail.type")
	a.refused(http.MethodPost, path+"/mails", mail(nil), 422007, "mail.type")
	a.refused(http.MethodPost, path+"/mails", object{"mail": object{}}, 422210, "mail")
	child := fmt.Sprintf("/v1/sales/%d/mails", srv.Shop().SplitSale(sale))
	a.refused(http.MethodPost, child, mail("accepted"), 422001, "mail.type")
	a.refused(http.MethodPost, child, mail("paid"), 422001, "mail.type")
	a.want(201, http.MethodPost, child, mail("delivered"))
	a.want(201, http.MethodPost, path+"/mails", mail("accepted"))
}

func TestPaymentURL(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	payments := rows(t, a.get("/v1/payments"), "payments")
	bank, card := id(t, payments[3], "id"), id(t, payments[4], "id")
	sale := func(payment int64, paid, canceled bool) string {
		n := srv.Shop().AddSale(object{"payment_id": payment, "paid": paid, "canceled": canceled})
		return fmt.Sprintf("/v1/sales/%d/payment_urls", n)
	}
	got := a.want(200, http.MethodPost, sale(card, false, false), nil)
	assertKeys(t, "payment_url expires_at", got)
	assert.EqualValues(t, noon.Add(72*time.Hour).Unix(), id(t, got, "expires_at"))
	a.refused(http.MethodPost, sale(card, true, false), nil, 422001)
	a.refused(http.MethodPost, sale(card, false, true), nil, 422001)
	a.refused(http.MethodPost, sale(bank, false, false), nil, 422001)
}

func TestCreateSale(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	product := srv.Shop().AddProduct(object{"stocks": 5, "stock_managed": true, "sales_price": 1000, "tax_reduced": false})
	download := srv.Shop().AddProduct(object{"without_shipping": true})
	member := srv.Shop().AddCustomer(object{"member": true, "name": "会員"})
	payment := id(t, a.get("/v1/payments"), "payments", 4, "id")
	method := id(t, a.get("/v1/deliveries"), "deliveries", 0, "id")
	destination := object{
		"delivery_id": method, "name": "山田 花", "furigana": "ヤマダ ハナ", "postal": "1000001", "pref_id": 13, "address1": "中央町", "tel": "03-1",
	}
	order := func(changes object) object {
		sale := object{
			"payment_id": payment, "customer": object{"id": member, "name": "別人"},
			"details": []object{{"product_id": product, "product_num": 2}}, "sale_deliveries": []object{destination},
		}
		for k, v := range changes {
			if sale[k] = v; v == nil {
				delete(sale, k)
			}
		}
		return object{"sale": sale}
	}
	stocks := func() int64 { return id(t, a.get(fmt.Sprintf("/v1/products/%d", product)), "product", "stocks") }

	got := at(t, a.want(201, http.MethodPost, "/v1/sales", order(nil)), "sale")
	assertKeys(t, saleKeys, got)
	assert.Equal(t, "会員", at(t, got, "customer", "name"), "a member's other fields are ignored")
	assert.EqualValues(t, 2000, id(t, got, "product_total_price"))
	assert.EqualValues(t, 200, id(t, got, "tax"))
	assert.EqualValues(t, 3, stocks(), "stock is reserved")
	assert.Equal(t, "東京都", at(t, got, "sale_deliveries", 0, "pref_name"))
	assert.EqualValues(t, 250, id(t, got, "delivery_total_charge"))
	assert.EqualValues(t, 2000+200+250, id(t, got, "total_price"))
	assert.EqualValues(t, 2250, id(t, got, "sale_deliveries", 0, "total_charge"), "goods are counted in")
	assert.Equal(t, got, rows(t, a.get("/v1/sales?limit=1"), "sales")[0])

	a.want(201, http.MethodPost, "/v1/sales?reserve_stocks=false", order(nil))
	assert.EqualValues(t, 3, stocks())
	got = at(t, a.want(201, http.MethodPost, "/v1/sales", order(object{
		"details": []object{{"product_id": download, "product_num": 1, "price": 50}}, "sale_deliveries": nil, "customer": object{"name": "客"},
	})), "sale")
	assert.EqualValues(t, 50, id(t, got, "details", 0, "price"))
	assert.Equal(t, "客", at(t, got, "customer", "name"))

	a.refused(http.MethodPost, "/v1/sales", order(object{"payment_id": nil}), 422007, "sale.payment_id")
	a.refused(http.MethodPost, "/v1/sales", order(object{"payment_id": 1}), 422001, "sale.payment_id")
	paypal := id(t, a.get("/v1/payments"), "payments", 5, "id")
	a.refused(http.MethodPost, "/v1/sales", order(object{"payment_id": paypal}), 422001, "sale.payment_id")
	a.refused(http.MethodPost, "/v1/sales", order(object{"details": nil}), 422007, "sale.details")
	a.refused(http.MethodPost, "/v1/sales", order(object{"sale_deliveries": nil}), 422007, "sale.sale_deliveries")
	a.refused(http.MethodPost, "/v1/sales", order(object{"details": []object{{"product_id": 1, "product_num": 0}}}),
		422001, "sale_detail.product_id", 422014, "sale_detail.product_num")
	a.refused(http.MethodPost, "/v1/sales", order(object{"sale_deliveries": []object{{"delivery_id": method}}}),
		422007, "sale_delivery.name", 422007, "sale_delivery.furigana", 422007, "sale_delivery.postal",
		422001, "sale_delivery.prefecture_id", 422007, "sale_delivery.address1", 422007, "sale_delivery.tel")
	a.refused(http.MethodPost, "/v1/sales", order(object{"payment_id": "x"}), 422100, "sale")
}
