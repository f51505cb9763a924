package colormetest_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPaging(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(130, 130, 130)...)
	a := speak(t, srv)
	product := srv.Shop().AddProduct(nil)
	srv.Shop().AddOption(product, "サイズ", numbered(12)...)
	srv.Shop().AddOption(product, "色", numbered(11)...)
	lists := []struct {
		path, name  string
		normal, max int
		total       int64
	}{
		{"/v1/sales?make_date_min=2020-01-01", "sales", 10, 100, 130},
		{"/v1/customers?x=1", "customers", 10, 100, 130},
		{"/v1/products?x=1", "products", 10, 50, 131},
		{"/v1/stocks?model_number=none", "stocks", 10, 50, 0},
		{fmt.Sprintf("/v1/stocks?ids=%d", product), "stocks", 10, 50, 132},
		{fmt.Sprintf("/v1/products/%d/variants?x=1", product), "variants", 10, 100, 132},
		{"/v1/product_advertisings?x=1", "product_advertisings", 50, 250, 131},
		{"/v1/reviews?x=1", "reviews", 10, 100, 5},
	}
	for _, l := range lists {
		read := func(query string) (n int, limit, offset int64) {
			got := a.get(l.path + query)
			assert.Equal(t, l.total, id(t, got, "meta", "total"), l.path)
			return len(rows(t, got, l.name)), id(t, got, "meta", "limit"), id(t, got, "meta", "offset")
		}
		page := func(size int, offset int64) int { return max(0, min(size, int(l.total-offset))) }
		for query, want := range map[string]struct {
			limit  int
			offset int64
		}{
			"":                    {l.normal, 0},
			"&limit=3&offset=2":   {3, 2},
			"&limit=1000":         {l.max, 0},
			"&limit=abc":          {l.normal, 0},
			"&offset=-1":          {l.normal, 0},
			"&limit=0":            {0, 0},
			"&limit=-1":           {-1, 0},
			"&offset=1000":        {l.normal, 1000},
			"&limit=5&unknown=1&": {5, 0},
		} {
			n, limit, offset := read(query)
			assert.Equal(t, page(want.limit, want.offset), n, l.path+query)
			assert.EqualValues(t, want.limit, limit, l.path+query)
			assert.Equal(t, want.offset, offset, l.path+query)
		}
	}
}

func numbered(n int) []string {
	var out []string
	for i := range n {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func TestPagesCoverAll(t *testing.T) {
	t.Parallel()
	a := speak(t, start(t, withSizes(130, 0, 0)...))
	var ids []int64
	for offset := int64(0); offset < 130; offset += 50 {
		for _, s := range rows(t, a.get(fmt.Sprintf("/v1/sales?after=2020-01-01&limit=50&offset=%d", offset)), "sales") {
			ids = append(ids, id(t, s, "id"))
		}
	}
	assert.Len(t, ids, 130)
	assert.True(t, slices.IsSortedFunc(ids, func(x, y int64) int { return int(y - x) }), "newest first")
	assert.Len(t, slices.Compact(ids), 130)
}

func TestArrayQueries(t *testing.T) {
	t.Parallel()
	a := speak(t, start(t))
	for _, path := range []string{
		"/v1/sales?ids[0]=1", "/v1/sales?customer_ids[]=1", "/v1/sales?payment_ids[0]=1", "/v1/customers?ids[0]=1",
		"/v1/products?ids[0]=1", "/v1/products?group_ids[0]=1", "/v1/stocks?ids[0]=1", "/v1/product_advertisings?product_ids[0]=1",
	} {
		a.refused(http.MethodGet, path, nil, 500000)
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	product := srv.Shop().AddProduct(nil)
	srv.Shop().AddOption(product, "色", "藍")
	for path, name := range map[string]string{
		"/v1/sales": "sales", "/v1/customers": "customers", "/v1/products": "products", "/v1/stocks": "stocks",
		fmt.Sprintf("/v1/products/%d/variants", product): "variants",
	} {
		assertKeys(t, "account_id make_date", rows(t, a.get(path+"?fields=make_date,account_id,nothing"), name)[0], path)
		assertKeys(t, "", rows(t, a.get(path+"?fields[]=id"), name)[0], path)
	}
	assertKeys(t, advertisingKeys, rows(t, a.get("/v1/product_advertisings?fields=brand"), "product_advertisings")[0])
}

// count is the total of a list.
func (a api) count(path string) int64 {
	a.t.Helper()
	return id(a.t, a.get(path), "meta", "total")
}

func TestSalesWindow(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(0, 3, 0)...)
	a := speak(t, srv)
	jst := time.FixedZone("JST", 9*60*60)
	at := func(day, hour, minute int) object {
		return object{"make_date": time.Date(2026, time.November, day, hour, minute, 0, 0, jst).Unix()}
	}
	// Now is 12:00 on the 10th in Japan.
	srv.Shop().AddSale(at(2, 23, 59))
	srv.Shop().AddSale(at(3, 0, 0))
	srv.Shop().AddSale(at(10, 11, 0))
	old := srv.Shop().AddSale(at(1, 0, 0))

	assert.EqualValues(t, 2, a.count("/v1/sales"), "seven days, from midnight")
	assert.EqualValues(t, 4, a.count("/v1/sales?make_date_min=2026-11-01"))
	assert.EqualValues(t, 4, a.count("/v1/sales?after=2026-11-01"))
	assert.EqualValues(t, 3, a.count("/v1/sales?make_date_min=2026-11-01+00:00:01"))
	assert.EqualValues(t, 1, a.count("/v1/sales?make_date_min=2026-11-03+00:00:01"))
	assert.EqualValues(t, 2, a.count("/v1/sales?make_date_max=2026-11-09"), "seven days before the end")
	assert.EqualValues(t, 2, a.count("/v1/sales?before=2026-11-09"))
	assert.EqualValues(t, 0, a.count("/v1/sales?make_date_max=2025-01-01"))
	assert.EqualValues(t, 2, a.count("/v1/sales?make_date_min=yesterday"), "a wrong date is ignored")
	assert.EqualValues(t, 2, a.count("/v1/sales?make_date_min=2026/11/01"), "a wrong date is ignored")
	assert.EqualValues(t, 0, a.count(fmt.Sprintf("/v1/sales?ids=%d", old)), "the window holds for IDs too")
	assert.EqualValues(t, 1, a.count(fmt.Sprintf("/v1/sales?after=2000-01-01&ids=%d,abc", old)))
}

func TestSalesFilters(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(0, 3, 0)...)
	a := speak(t, srv)
	base := object{
		"paid": false, "delivered": false, "canceled": false, "mobile": false,
		"accepted_mail_state": "not_yet", "paid_mail_state": "not_yet", "delivered_mail_state": "not_yet",
	}
	with := func(changes object) object {
		out := object{}
		for _, m := range []object{base, changes} {
			maps.Copy(out, m)
		}
		return out
	}
	srv.Shop().AddSale(with(nil))
	srv.Shop().AddSale(with(object{"paid": true, "mobile": true, "payment_id": 7, "paid_mail_state": "pass"}))
	srv.Shop().AddSale(with(object{
		"delivered": true, "canceled": true, "accepted_mail_state": "sent", "delivered_mail_state": "sent",
		"customer": object{"id": 9, "name": "山田 花", "furigana": "ヤマダ ハナ", "mail": "hana@example.com"},
	}))
	for query, want := range map[string]int64{
		"":                               3,
		"paid=true":                      1,
		"paid=1":                         1,
		"paid=false":                     2,
		"paid=0":                         2,
		"paid=yes":                       3,
		"mobile=true":                    1,
		"delivered=true":                 1,
		"canceled=true":                  1,
		"canceled=0&paid=0":              1,
		"payment_ids=7,8":                1,
		"customer_ids=9":                 1,
		"customer_name=山田":               1,
		"customer_furigana=ハナ":           1,
		"customer_mail=hana@example.com": 1,
		"accepted_mail_state=sent":       1,
		"accepted_mail_state=wrong":      3,
		"paid_mail_state=pass":           1,
		"delivered_mail_state=sent":      1,
		"update_date_min=2026-11-11":     0,
		"update_date_max=2026-11-01":     0,
		"update_date_max=2026-12-01":     3,
	} {
		assert.Equal(t, want, a.count("/v1/sales?"+query), query)
	}
}

func TestCustomerFilters(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(0, 0, 0)...)
	a := speak(t, srv)
	srv.Shop().SetMembershipRanks(nil)
	first := srv.Shop().AddCustomer(object{"member": false, "sex": "male", "external_accounts": nil})
	srv.Shop().AddCustomer(object{
		"name": "山田 花", "furigana": "ヤマダ ハナ", "mail": "hana@example.com", "postal": "9999999", "tel": "03-1", "sex": "female", "member": true,
		"receive_mail_magazine": true, "external_accounts": []object{{"provider": 0, "uid": "U1", "created_at": 1}},
		"membership": object{"membership_id": "GOLD", "name": "ゴールド"}, "make_date": 10, "update_date": 20,
	})
	for query, want := range map[string]int64{
		"":                            2,
		fmt.Sprintf("ids=%d", first):  1,
		"name=山田":                     1,
		"furigana=ハナ":                 1,
		"mail=hana@example.com":       1,
		"postal=9999999":              1,
		"tel=03-1":                    1,
		"line_uid=U1":                 1,
		"membership_id=GOLD":          1,
		"sex=female":                  1,
		"sex=other":                   2,
		"member=1":                    1,
		"receive_mail_magazine=false": 1,
		"make_date_min=2000-01-01":    1,
		"make_date_max=2000-01-01":    1,
		"update_date_min=2000-01-01":  1,
		"update_date_max=2000-01-01":  1,
	} {
		assert.Equal(t, want, a.count("/v1/customers?"+query), query)
	}
}

func TestProductFilters(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(0, 0, 0)...)
	a := speak(t, srv)
	big := id(t, a.get("/v1/categories"), "categories", 1, "id_big")
	small := id(t, a.get("/v1/categories"), "categories", 0, "children", 0, "id_small")
	group := id(t, a.get("/v1/groups"), "groups", 2, "id")
	plain := srv.Shop().AddProduct(object{
		"name": "手ぬぐい", "model_number": "A-1", "category": object{"id_big": big, "id_small": 0}, "group_ids": []int64{group},
		"display_state": "hidden", "stocks": 1, "stock_managed": true, "sales_price": 100, "price": 200, "members_price": 90,
	})
	srv.Shop().AddProduct(object{
		"name": "飯碗", "model_number": "A-2", "category": object{"id_big": 1, "id_small": small}, "group_ids": []int64{},
		"stocks": nil, "stock_managed": false, "sales_price": 300, "price": nil, "members_price": nil,
		"make_date": 10, "update_date": 20,
	})
	gtin := at(t, a.get("/v1/product_advertisings"), "product_advertisings", 0, "gtin")
	for query, want := range map[string]int64{
		"":                                     2,
		fmt.Sprintf("ids=%d", plain):           1,
		fmt.Sprintf("category_id_big=%d", big): 1,
		fmt.Sprintf("category_id_small=%d", small): 1,
		fmt.Sprintf("group_ids=%d,5", group):       1,
		"model_number=A-1":                         1,
		"name=ぬぐ":                                  1,
		"display_state=hidden":                     1,
		"display_state=wrong":                      2,
		"stocks=1":                                 1,
		"stock_managed=0":                          1,
		"recent_zero_stocks=true":                  0,
		"make_date_min=2000-01-01":                 1,
		"make_date_max=2000-01-01":                 1,
		"update_date_min=2000-01-01":               1,
		"update_date_max=2000-01-01":               1,
		"sales_price_min=200":                      1,
		"sales_price_max=200":                      1,
		"price_min=1":                              1,
		"price_max=199":                            0,
		"members_price_min=90":                     1,
		"members_price_max=89":                     0,
		fmt.Sprintf("jan_code=%v", gtin):           1,
	} {
		assert.Equal(t, want, a.count("/v1/products?"+query), query)
	}
	a.want(200, http.MethodPut, fmt.Sprintf("/v1/products/%d", plain), object{"product": object{"stocks": 0}})
	assert.EqualValues(t, 1, a.count("/v1/products?recent_zero_stocks=true"))
	assert.EqualValues(t, 1, a.count("/v1/stocks?recent_zero_stocks=1"))
	assert.EqualValues(t, 1, a.count("/v1/stocks?stocks=0"))
	assert.EqualValues(t, 1, a.count("/v1/product_advertisings?display_state=hidden"))
	assert.EqualValues(t, 1, a.count(fmt.Sprintf("/v1/product_advertisings?product_ids=%d", plain)))
}

func TestProductSort(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(0, 0, 0)...)
	a := speak(t, srv)
	for i, p := range []object{
		{"name": "a", "sales_price": 300, "price": nil},
		{"name": "b", "sales_price": 100, "price": 10},
		{"name": "c", "sales_price": 200, "price": 20},
		{"name": "d", "sales_price": 100, "price": 20},
	} {
		p["make_date"], p["update_date"] = 1000+i, 2000-i
		srv.Shop().AddProduct(p)
	}
	for sort, want := range map[string]string{
		"":                   "dcba",
		"make_date":          "abcd",
		"-make_date":         "dcba",
		"update_date":        "dcba",
		"sales_price":        "dbca",
		"-sales_price":       "acdb",
		"-sales_price,price": "acbd",
		"price":              "bdca",
		"-price":             "dcba",
		"Sales_price":        "dcba",
		"unknown,make_date":  "abcd",
	} {
		var got []string
		for _, p := range rows(t, a.get("/v1/products?sort="+sort), "products") {
			got = append(got, at(t, p, "name").(string))
		}
		assert.Equal(t, want, strings.Join(got, ""), "sort=%s", sort)
	}
}

func TestStat(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(0, 3, 0)...)
	a := speak(t, srv)
	jst := time.FixedZone("JST", 9*60*60)
	for _, day := range []int{1, 2, 3, 9, 10} {
		srv.Shop().AddSale(object{"make_date": time.Date(2026, time.November, day, 0, 0, 0, 0, jst).Unix(), "total_price": 100})
	}
	srv.Shop().AddSale(object{"make_date": noon.Unix(), "total_price": 100, "canceled": true})
	stat := at(t, a.get("/v1/sales/stat"), "sales_stat")
	assert.Equal(t, time.Date(2026, time.November, 10, 0, 0, 0, 0, jst).Unix(), id(t, stat, "date"))
	assert.EqualValues(t, 1, id(t, stat, "count_today"))
	assert.EqualValues(t, 3, id(t, stat, "count_last_7days"), "eight days, the base day included")
	assert.EqualValues(t, 5, id(t, stat, "count_this_month"))
	assert.EqualValues(t, 500, id(t, stat, "amount_this_month"))
	for _, day := range []string{"2026-11-09", "2026/11/09"} {
		stat = at(t, a.get("/v1/sales/stat?make_date="+day), "sales_stat")
		assert.EqualValues(t, 1, id(t, stat, "count_today"), day)
		assert.EqualValues(t, 3, id(t, stat, "count_last_7days"), day)
		assert.EqualValues(t, 4, id(t, stat, "count_this_month"), day)
	}
	require.Equal(t, a.get("/v1/sales/stat"), a.get("/v1/sales/stat?make_date=today"))
}
