package colormetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

func product(changes object) object { return object{"product": changes} }

func TestCreateProduct(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	category := at(t, a.get("/v1/categories"), "categories", 0)
	got := at(t, a.want(200, http.MethodPost, "/v1/products", product(object{
		"name": "新しい器", "price": -1, "sales_price": 999, "category_id_big": at(t, category, "id_big"), "tax_reduced": true,
		"stock_managed": true, "unlisted": true, "weight": 3,
	})), "product")
	assertKeys(t, productKeys, got)
	assert.EqualValues(t, -1, id(t, got, "price"), "stored without complaint")
	assert.EqualValues(t, 1078, id(t, got, "sales_price_including_tax"), "8 %, rounded down")
	assert.EqualValues(t, 79, id(t, got, "sales_price_tax"))
	assert.Equal(t, object{"id_big": at(t, category, "id_big"), "id_small": 0.0}, at(t, got, "category"))
	assert.Equal(t, false, at(t, got, "unlisted"), "ignored")
	assert.Nil(t, at(t, got, "weight"), "ignored")
	assert.Equal(t, got, at(t, a.get(fmt.Sprintf("/v1/products/%d", id(t, got, "id"))), "product"))
	assert.Equal(t, got, rows(t, a.get("/v1/products"), "products")[0], "newest first")

	refusals := []struct {
		body object
		want []any
	}{
		{object{}, []any{422100, "product"}},
		{product(object{}), []any{422210, "product"}},
		{product(object{"price": 1}), []any{422007, "product.name"}},
		{product(object{"name": strings.Repeat("a", 101)}), []any{422003, "product.name"}},
		{product(object{"name": "x", "display_state": "gone"}), []any{422001, "product.disp_flg"}},
		{product(object{"name": "x", "sales_price": -1, "cost": -1}), []any{422014, "product.cost", 422014, "product.sales_price"}},
		{product(object{"name": "x", "category_id_big": 5}), []any{422001, "product.category_id_big"}},
		{product(object{"name": "x", "simple_expl": strings.Repeat("a", 256)}), []any{422003, "product.simple_expl"}},
	}
	for _, tt := range refusals {
		a.refused(http.MethodPost, "/v1/products", tt.body, tt.want...)
	}
}

func TestFreePlanPrices(t *testing.T) {
	t.Parallel()
	srv := start(t)
	free := srv.AddShop(colormetest.Seed{Plan: "free"})
	a := api{t: t, srv: srv, token: free.Token()}
	a.refused(http.MethodPost, "/v1/products", product(object{"name": "x", "price": 99}), 422014, "product.price")
	a.want(200, http.MethodPost, "/v1/products", product(object{"name": "x", "price": 100}))
}

func TestTaxIncluded(t *testing.T) {
	t.Parallel()
	srv := start(t)
	shop := srv.AddShop(colormetest.Seed{Profile: object{"tax_type": "included"}})
	a := api{t: t, srv: srv, token: shop.Token()}
	got := a.get(fmt.Sprintf("/v1/products/%d", shop.AddProduct(object{"sales_price": 1100, "tax_reduced": false})))
	assert.EqualValues(t, 1100, id(t, got, "product", "sales_price_including_tax"))
	assert.EqualValues(t, 100, id(t, got, "product", "sales_price_tax"))
}

func TestUpdateProduct(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	path := fmt.Sprintf("/v1/products/%d", srv.Shop().AddProduct(object{"stocks": 5, "stock_managed": true, "expl": "x", "price": 200}))
	update := func(changes object) any {
		return at(t, a.want(200, http.MethodPut, path, product(changes)), "product")
	}
	got := update(object{"name": "新", "expl": nil, "unlisted": true})
	assert.Equal(t, "新", at(t, got, "name"))
	assert.Nil(t, at(t, got, "expl"), "null clears")
	assert.EqualValues(t, 200, id(t, got, "price"), "what is left out stays")
	assert.Equal(t, false, at(t, got, "unlisted"), "ignored")

	assert.EqualValues(t, 9, id(t, update(object{"stocks": 9}), "stocks"))
	assert.EqualValues(t, 7, id(t, update(object{"stocks": object{"increment": -2}}), "stocks"))
	assert.EqualValues(t, 10, id(t, update(object{"stocks": object{"increment": 3}}), "stocks"))
	a.refused(http.MethodPut, path, product(object{"stocks": -1}), 422014, "product.stocks")
	a.refused(http.MethodPut, path, product(object{"stocks": object{"increment": -11}}), 422014, "product.stocks")
	a.refused(http.MethodPut, path, product(object{"stocks": "5"}), 422100, "product.stocks")
	a.refused(http.MethodPut, path, product(object{"name": "", "stocks": 3}), 422007, "product.name")
	assert.EqualValues(t, 10, id(t, a.get(path), "product", "stocks"), "a refusal changes nothing")

	groups := rows(t, a.get("/v1/groups"), "groups")
	assert.Equal(t, []any{at(t, groups[1], "id")}, at(t, update(object{"group_ids": []any{at(t, groups[1], "id")}}), "group_ids"))
	assert.Equal(t, []any{}, at(t, update(object{"group_ids": []any{}}), "group_ids"))
	a.refused(http.MethodPut, path, product(object{"group_ids": []int{1}}), 422001, "product.group_ids")
	categories := rows(t, a.get("/v1/categories"), "categories")
	small := at(t, categories[0], "children", 1, "id_small")
	assert.Equal(t, small, at(t, update(object{"category_id_big": at(t, categories[0], "id_big"), "category_id_small": small}), "category", "id_small"))
	a.refused(http.MethodPut, "/v1/products/1", product(object{"name": "x"}), 404100)
}

// withVariants adds a product with an axis of two values and a stock of 10 each.
func withVariants(t *testing.T, srv *colormetest.Server) string {
	t.Helper()
	n := srv.Shop().AddProduct(object{"stock_managed": true})
	srv.Shop().AddOption(n, "色", "藍", "白")
	return fmt.Sprintf("/v1/products/%d", n)
}

// stocks are the stocks of a product's variants by title.
func (a api) stocks(path string) object {
	a.t.Helper()
	out := object{}
	for _, v := range rows(a.t, a.get(path+"/variants?limit=100"), "variants") {
		out[at(a.t, v, "title").(string)] = at(a.t, v, "stocks")
	}
	return out
}

func TestVariants(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	path := withVariants(t, srv)
	list := rows(t, a.get(path+"/variants"), "variants")
	require.Len(t, list, 2)
	one := fmt.Sprintf("%s/variants/%d", path, id(t, list[0], "id"))
	assert.Equal(t, list[0], at(t, a.get(one), "variant"))

	got := at(t, a.want(200, http.MethodPut, one, object{"variant": object{
		"stocks": 4, "model_number": "A-1", "option_price": 500, "few_num": nil,
	}}), "variant")
	assert.EqualValues(t, 4, id(t, got, "stocks"))
	assert.EqualValues(t, 550, id(t, got, "option_price_including_tax"))
	assert.EqualValues(t, 14, id(t, a.get(path), "product", "stocks"), "the product shows the sum")
	assert.EqualValues(t, 1, a.count(path+"/variants?model_number=A-1"))
	a.refused(http.MethodPut, one, object{"variant": object{"stocks": -1}}, 422014, "variant.stocks")
	a.refused(http.MethodPut, one, object{"variant": object{"stocks": object{"increment": 1}}}, 422100, "variant.stocks")
	a.refused(http.MethodGet, path+"/variants/1", nil, 404100)
	a.refused(http.MethodPut, path+"/variants/1", object{"variant": object{"stocks": 1}}, 404100)
	a.refused(http.MethodGet, "/v1/products/1/variants", nil, 404100)
}

func TestVariantStock(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	path := withVariants(t, srv)
	a.want(200, http.MethodPut, path, product(object{"stocks": 99, "variants": []object{
		{"option1_value": "藍", "stocks": object{"increment": -3}}, {"option1_value": "白", "stocks": 2},
	}}))
	assert.Equal(t, object{"藍": 7.0, "白": 2.0}, a.stocks(path))
	assert.EqualValues(t, 9, id(t, a.get(path), "product", "stocks"), "ignored at the product")
	a.refused(http.MethodPut, path, product(object{"variants": []object{{"option1_value": "赤", "stocks": 1}}}), 422001, "product.variants")
	a.refused(http.MethodPut, path, product(object{"variants": []object{{"option1_value": "藍", "stocks": 0}, {"option1_value": "白", "stocks": -1}}}),
		422014, "product.variants")
	assert.Equal(t, object{"藍": 7.0, "白": 2.0}, a.stocks(path), "a refusal changes nothing")

	stock := rows(t, a.get("/v1/stocks?ids="+strings.TrimPrefix(path, "/v1/products/")), "stocks")
	require.Len(t, stock, 2)
	assertKeys(t, stockKeys, stock[0])
	assert.Equal(t, "藍", at(t, stock[0], "option1_value"))
	assert.EqualValues(t, 7, id(t, stock[0], "stocks"))
}

func TestOptions(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	path := fmt.Sprintf("/v1/products/%d", srv.Shop().AddProduct(nil))
	option := func(name string, values ...string) object {
		list := []object{}
		for _, v := range values {
			list = append(list, object{"name": v})
		}
		return object{"option": object{"name": name, "values": list}}
	}
	colour := at(t, a.want(201, http.MethodPost, path+"/options", option("色", "藍", "白")), "option")
	assertKeys(t, optionKeys, colour)
	assert.Equal(t, []any{"藍", "白"}, at(t, colour, "values"))
	assert.Equal(t, object{"藍": nil, "白": nil}, a.stocks(path), "new variants have no stock")

	blue := rows(t, a.get(path+"/variants"), "variants")[0]
	a.want(200, http.MethodPut, fmt.Sprintf("%s/variants/%d", path, id(t, blue, "id")), object{"variant": object{"stocks": 3}})
	assert.Equal(t, object{"藍": 3.0, "白": 0.0}, a.stocks(path), "the others get 0")

	values := fmt.Sprintf("%s/options/%d/values", path, id(t, colour, "id"))
	red := at(t, a.want(201, http.MethodPost, values, object{"option_value": object{"name": "赤"}}), "option_value")
	assertKeys(t, "option_id value_id product_id account_id name make_date update_date", red)
	assert.Equal(t, object{"藍": 3.0, "白": 0.0, "赤": 0.0}, a.stocks(path), "a new value starts with 0")
	assert.Equal(t, at(t, blue, "id"), rows(t, a.get(path+"/variants"), "variants")[0].(object)["id"], "variants that exist stay")
	a.refused(http.MethodPost, values, object{"option_value": object{"name": "赤"}}, 422001, "option_value.name")
	a.refused(http.MethodPost, values, object{"option_value": object{"name": ""}}, 422007, "option_value.name")

	size := at(t, a.want(201, http.MethodPost, path+"/options", option("サイズ", "大")), "option")
	assert.Equal(t, object{"藍 x 大": nil, "白 x 大": nil, "赤 x 大": nil}, a.stocks(path), "a new axis starts anew")
	a.refused(http.MethodPost, path+"/options", option("柄", "縞"), 422014)
	a.refused(http.MethodPost, path+"/options", option("", ""), 422007, "option.name", 422007, "option_value.name", 422014)
	a.refused(http.MethodPost, path+"/options", object{"option": object{"name": "x"}}, 422007, "option.values", 422014)

	sizes := fmt.Sprintf("%s/options/%d", path, id(t, size, "id"))
	only := at(t, a.get(path+"/variants"), "variants", 0, "option2", "value_id")
	a.refused(http.MethodDelete, fmt.Sprintf("%s/values/%v", sizes, int64(only.(float64))), nil, 422014)
	a.want(201, http.MethodPost, sizes+"/values", object{"option_value": object{"name": "小"}})
	assert.Len(t, a.stocks(path), 6)
	assert.Nil(t, a.want(204, http.MethodDelete, fmt.Sprintf("%s/%d", values, id(t, red, "value_id")), nil))
	assert.Len(t, a.stocks(path), 4)
	assert.Nil(t, a.want(204, http.MethodDelete, sizes, nil))
	assert.Equal(t, object{"藍": nil, "白": nil}, a.stocks(path))
	a.refused(http.MethodDelete, sizes, nil, 404100)
	a.refused(http.MethodDelete, values+"/1", nil, 404100)
	a.refused(http.MethodPost, sizes+"/values", object{"option_value": object{"name": "x"}}, 404100)
}

func TestPickups(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv)
	path := fmt.Sprintf("/v1/products/%d", srv.Shop().AddProduct(object{"pickups": []any{}}))
	got := a.want(200, http.MethodPost, path+"/pickups", object{"pickup_type": 4, "order_num": 2})
	assertKeys(t, "pickup_type product_id account_id order_num make_date update_date", at(t, got, "pickup"))
	assertKeys(t, "pickup_type order_num make_date update_date", at(t, a.get(path), "product", "pickups", 0))
	assert.EqualValues(t, 5, id(t, a.want(200, http.MethodPut, path+"/pickups", object{"pickup_type": 4, "order_num": 5}), "pickup", "order_num"))
	a.refused(http.MethodPut, path+"/pickups", object{"pickup_type": 0, "order_num": 5}, 404100)
	a.refused(http.MethodPost, path+"/pickups", object{"pickup_type": 2}, 422001, "pickup.pickup_type")
	a.refused(http.MethodPost, path+"/pickups", object{"order_num": 1}, 422007, "pickup.pickup_type")
	a.refused(http.MethodPost, path+"/pickups", object{"pickup_type": 1, "order_num": -1}, 422014, "pickup.order_num")
	assert.EqualValues(t, 5, id(t, a.want(200, http.MethodDelete, path+"/pickups/4", nil), "pickup", "order_num"), "200 with the object")
	a.refused(http.MethodDelete, path+"/pickups/4", nil, 404100)
	assert.Empty(t, at(t, a.get(path), "product", "pickups"))
}

func TestGroups(t *testing.T) {
	t.Parallel()
	a := speak(t, start(t))
	group := func(changes object) object { return object{"group": changes} }
	parent := at(t, a.get("/v1/groups"), "groups", 0, "id")
	got := at(t, a.want(201, http.MethodPost, "/v1/groups", group(object{
		"name": "夏", "display_state": "members_only", "parent_group_id": parent, "meta_tag": object{"title": "一"},
	})), "group")
	assertKeys(t, groupKeys, got)
	assert.Equal(t, parent, at(t, got, "parent_group_id"))
	path := fmt.Sprintf("/v1/groups/%d", id(t, got, "id"))
	assert.Equal(t, got, at(t, a.get(path), "group"))

	a.want(200, http.MethodPut, path, group(object{"name": "秋", "meta_tag": object{"title": "二"}}))
	a.want(200, http.MethodPut, path, group(object{"expl": "説明", "meta_tag": object{"title": "三"}}))
	got = at(t, a.get(path), "group").(object)
	assert.Equal(t, "秋", at(t, got, "name"))
	assert.Equal(t, "説明", at(t, got, "expl"))
	assert.Equal(t, "二", at(t, got, "meta_tag", "title"), "later changes do not reach readers")

	a.refused(http.MethodPost, "/v1/groups", group(object{"expl": "x"}), 422007, "product_group.name")
	a.refused(http.MethodPut, path, group(object{"display_state": "showing_for_members"}), 422001, "product_group.display_state")
	a.refused(http.MethodPut, path, group(object{"meta_tag": object{"title": strings.Repeat("a", 256)}}), 422003, "product_group.meta_tag.title")
	a.refused(http.MethodPut, path, group(object{"meta_tag": "x"}), 422100, "product_group.meta_tag")
	a.refused(http.MethodPost, "/v1/groups", group(object{"name": "x", "parent_group_id": 1}), 422001, "product_group.parent_group_id")
	a.refused(http.MethodGet, "/v1/groups/1", nil, 404100)
	a.refused(http.MethodPut, "/v1/groups/1", group(object{"name": "x"}), 404100)
}

func TestCategories(t *testing.T) {
	t.Parallel()
	a := speak(t, start(t))
	category := func(changes object) object { return object{"category": changes} }
	big := at(t, a.want(201, http.MethodPost, "/v1/categories", category(object{
		"name": "夏", "expl": "説明", "meta_tag": object{"title": "一", "keywords": "二"},
	})), "category")
	assertKeys(t, categoryKeys+" children meta_tag", big)
	assert.EqualValues(t, 0, id(t, big, "id_small"))
	path := fmt.Sprintf("/v1/categories/%d", id(t, big, "id_big"))

	got := at(t, a.want(200, http.MethodPut, path, category(object{"expl": nil, "meta_tag": object{"title": "三"}})), "category")
	assert.Equal(t, "説明", at(t, got, "expl"), "null is ignored")
	assert.Nil(t, at(t, got, "meta_tag", "keywords"), "replaced, not merged")
	got = at(t, a.want(200, http.MethodPut, path, category(object{"expl": "", "sort": 4})), "category")
	assert.Empty(t, at(t, got, "expl"))
	a.refused(http.MethodPut, path, category(object{"sort": -1}), 422014, "product_category.order_num")
	a.refused(http.MethodPut, path, category(object{"display_state": "gone"}), 422001, "product_category.display_state")
	a.refused(http.MethodPost, "/v1/categories", category(object{"expl": "x"}), 422007, "product_category.name")

	small := at(t, a.want(201, http.MethodPost, path+"/children", category(object{"name": "浴衣"})), "category")
	assertKeys(t, categoryKeys, small)
	child := fmt.Sprintf("%s/children/%d", path, id(t, small, "id_small"))
	a.want(200, http.MethodPut, child, category(object{"name": "帯", "display_state": "hidden"}))
	all := rows(t, a.get("/v1/categories"), "categories")
	assert.Equal(t, "帯", at(t, all[len(all)-1], "children", 0, "name"))
	for _, missing := range []string{"/v1/categories/1", "/v1/categories/1/children/1", path + "/children/1"} {
		a.refused(http.MethodPut, missing, category(object{"name": "x"}), 404100)
	}
	a.refused(http.MethodPost, "/v1/categories/1/children", category(object{"name": "x"}), 404100)
}

func TestChargeTables(t *testing.T) {
	t.Parallel()
	a := speak(t, start(t))
	payments := rows(t, a.get("/v1/payments"), "payments")
	assert.Equal(t, []any{[]any{10000.0, 330.0}, []any{30000.0, 440.0}, []any{100000.0, 660.0}}, at(t, payments[0], "cod", "fees"))
	assert.EqualValues(t, 1100, id(t, payments[0], "cod", "fee_max"))
	assert.Nil(t, at(t, payments[2], "cod", "fee_max"), "may be null")
	deliveries := rows(t, a.get("/v1/deliveries"), "deliveries")
	assert.Equal(t, []any{[]any{3000.0, 700.0}, []any{5000.0, 500.0}}, at(t, deliveries[1], "charge", "charge_ranges_by_price"))
	assert.Len(t, at(t, deliveries[2], "charge", "charge_ranges_by_area"), 47)
	assert.EqualValues(t, 2000, id(t, deliveries[3], "charge", "charge_ranges_by_weight", 0, 0))
	assert.Len(t, at(t, deliveries[3], "charge", "charge_ranges_max_weight"), 48)
}
