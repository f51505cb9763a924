package colormetest_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Keys of the platform's objects, as published or seen.
const (
	shopKeys = "id state domain_plan contract_plan contract_start_date contract_end_date contract_term last_login_date " +
		"setup_date make_date url open_state mobile_open_state login_id name1 name2 name1_kana name2_kana hojin hojin_kana " +
		"user_mail tel fax postal pref_id pref_name address1 address2 title title_short shop_mail_1 shop_mail_2 tax_type tax " +
		"tax_rounding_method reduce_tax_rate shop_logo_url contract_payment_state"
	saleKeys = "id account_id make_date update_date memo payment_id mobile paid delivered canceled accepted_mail_state " +
		"paid_mail_state delivered_mail_state accepted_mail_sent_date paid_mail_sent_date delivered_mail_sent_date point_state " +
		"gmo_point_state yahoo_point_state product_total_price delivery_total_charge fee tax noshi_total_charge card_total_charge " +
		"wrapping_total_charge point_discount gmo_point_discount other_discount other_discount_name total_price granted_points " +
		"use_points granted_gmo_points use_gmo_points granted_yahoo_points use_yahoo_points external_order_id customer details " +
		"sale_deliveries segment totals application shop_coupon transaction_date"
	saleDetailKeys = "id sale_id account_id product_id sale_delivery_id option1_value option2_value option1_index option2_index " +
		"product_model_number product_name pristine_product_full_name product_cost product_image_url product_thumbnail_image_url " +
		"product_mobile_image_url price price_with_tax product_num unit subtotal_price tax_reduced customizations"
	saleDeliveryKeys = "id account_id sale_id delivery_id detail_ids name furigana postal pref_id pref_name address1 address2 tel " +
		"preferred_date preferred_period slip_number noshi_text noshi_charge card_name card_text card_charge wrapping_name " +
		"wrapping_charge delivery_charge total_charge tracking_url memo delivered"
	segmentKeys = "id name parent_sale_id splitted product_total_price delivery_total_charge total_price noshi_total_charge " +
		"card_total_charge wrapping_total_charge"
	totalsKeys = "normal_tax_amount reduced_tax_amount discount_amount_for_normal_tax discount_amount_for_reduced_tax " +
		"total_price_with_normal_tax total_price_with_reduced_tax"
	statKeys = "account_id date amount_today count_today amount_last_7days count_last_7days amount_this_month count_this_month"
	// personKeys are those of the customer inside an order.
	personKeys = "id account_id name furigana hojin busho sex birthday postal pref_id pref_name address1 address2 mail tel fax " +
		"tel_mobile other points member sales_count receive_mail_magazine answer_free_form1 answer_free_form2 answer_free_form3 " +
		"make_date update_date memo"
	productKeys = "account_id id name stocks stock_managed few_num model_number category group_ids display_state sales_price " +
		"sales_price_including_tax sales_price_tax price members_price members_price_including_tax members_price_tax cost " +
		"delivery_charge cool_charge unavailable_payment_ids unavailable_delivery_ids min_num max_num sale_start_date " +
		"sale_end_date unit weight soldout_display sort simple_expl expl mobile_expl smartphone_expl make_date update_date memo " +
		"image_url mobile_image_url thumbnail_image_url images options variants pickups regular_purchase tax_reduced " +
		"without_shipping digital_content unlisted"
	variantKeys = "id product_id account_id option1_value option2_value option1 option2 title stocks few_num model_number weight " +
		"option_market_price option_cost option_price option_price_including_tax option_price_tax option_members_price " +
		"option_members_price_including_tax option_members_price_tax make_date update_date"
	optionKeys = "id product_id account_id name values make_date update_date"
	stockKeys  = "account_id product_id name option1_value option2_value stocks few_num model_number variant_model_number category " +
		"display_state sales_price price members_price cost delivery_charge cool_charge min_num max_num sale_start_date " +
		"sale_end_date unit weight soldout_display sort simple_expl expl mobile_expl smartphone_expl make_date update_date memo " +
		"image_url mobile_image_url thumbnail_image_url images"
	advertisingKeys = "account_id product_id brand colors condition description gender google_product_category gtin mpn sizes"
	reviewKeys      = "id nickname sex nendai star title comment status point_flg posted_at product_id customer reply"
	groupKeys       = "id account_id name image_url expl sort display_state parent_group_id meta_tag"
	categoryKeys    = "id_big id_small account_id name image_url expl sort display_state make_date update_date"
	paymentKeys     = "id account_id name fee ip_code memo order_end_note memo_mobile sort image_url type display use_mobile make_date update_date"
	deliveryKeys    = "id account_id name method_type image_url charge_free_type charge_free_limit charge_type charge tax_included " +
		"slip_number_use slip_number_url memo memo2 sort display_state preferred_date_use preferred_period_use " +
		"unavailable_payment_ids make_date update_date"
	chargeTableKeys = "delivery_id account_id charge_fixed charge_ranges_by_price charge_max_price charge_ranges_by_area " +
		"charge_ranges_by_weight charge_ranges_max_weight"
	couponKeys = "id name code coupon_type discount_amount minimum_amount starts_at ends_at total_usage_limit usage_limit " +
		"group_limit_type status created_at updated_at group_ids"
)

func TestShapes(t *testing.T) {
	t.Parallel()
	a := speak(t, start(t))
	tests := []struct {
		path string
		to   []any
		keys string
	}{
		{"/v1/shop", []any{"shop"}, shopKeys},
		{"/v1/sales", nil, "sales meta"},
		{"/v1/sales", []any{"meta"}, "total limit offset"},
		{"/v1/sales", []any{"sales", 0}, saleKeys},
		{"/v1/sales", []any{"sales", 0, "details", 0}, saleDetailKeys},
		{"/v1/sales", []any{"sales", 0, "sale_deliveries", 0}, saleDeliveryKeys},
		{"/v1/sales", []any{"sales", 0, "customer"}, personKeys},
		{"/v1/sales", []any{"sales", 0, "segment"}, segmentKeys},
		{"/v1/sales", []any{"sales", 0, "totals"}, totalsKeys},
		{"/v1/sales/stat", []any{"sales_stat"}, statKeys},
		{"/v1/customers", []any{"customers", 0}, personKeys + " membership"},
		{"/v1/customers?limit=15", []any{"customers", 14}, personKeys + " membership external_accounts"},
		{"/v1/customers?limit=15", []any{"customers", 14, "membership"}, "membership_id name"},
		{"/v1/customers?limit=15", []any{"customers", 14, "external_accounts", 0}, "provider uid created_at"},
		{"/v1/products", []any{"products", 0}, productKeys},
		{"/v1/products", []any{"products", 1, "images", 0}, "src position mobile"},
		{"/v1/products", []any{"products", 1, "variants", 0}, variantKeys},
		{"/v1/products", []any{"products", 1, "variants", 0, "option1"}, "id name value_id value"},
		{"/v1/products", []any{"products", 1, "options", 0}, optionKeys},
		{"/v1/products", []any{"products", 1, "pickups", 0}, "pickup_type order_num make_date update_date"},
		{"/v1/stocks", []any{"stocks", 0}, stockKeys},
		{"/v1/product_advertisings", []any{"product_advertisings", 0}, advertisingKeys},
		{"/v1/reviews", []any{"reviews", 0}, reviewKeys},
		{"/v1/groups", []any{"groups", 0}, groupKeys},
		{"/v1/categories", []any{"categories", 0}, categoryKeys + " children meta_tag"},
		{"/v1/categories", []any{"categories", 1}, categoryKeys + " children"},
		{"/v1/categories", []any{"categories", 0, "children", 0}, categoryKeys},
		{"/v1/payments", []any{"payments", 0}, paymentKeys + " cod"},
		{"/v1/payments", []any{"payments", 0, "cod"}, "changeable fees fee_max changeable_by_total"},
		{"/v1/payments", []any{"payments", 1, "cod"}, "changeable"},
		{"/v1/payments", []any{"payments", 2, "cod"}, "changeable fees fee_max changeable_by_total"},
		{"/v1/payments", []any{"payments", 3}, paymentKeys + " financial"},
		{"/v1/payments", []any{"payments", 3, "financial"}, "name branch_name kouza_type kouza_number kouza_name branch_number"},
		{"/v1/payments", []any{"payments", 4}, paymentKeys + " card"},
		{"/v1/payments", []any{"payments", 4, "card", "brands", 0}, "id name"},
		{"/v1/payments", []any{"payments", 5}, paymentKeys},
		{"/v1/deliveries", []any{"deliveries", 0}, deliveryKeys},
		{"/v1/deliveries", []any{"deliveries", 0, "charge"}, chargeTableKeys},
		{"/v1/deliveries", []any{"deliveries", 2, "charge", "charge_ranges_by_area", 46}, "pref_id pref_name charge"},
		{"/v1/deliveries", []any{"deliveries", 3, "charge", "charge_ranges_by_weight", 0, 1, 47}, "pref_id pref_name charge"},
		{"/v1/deliveries/date", []any{"delivery_date"}, "account_id days times make_date update_date"},
		{"/v1/deliveries/date", []any{"delivery_date", "days"}, "enabled default min max comment"},
		{"/v1/deliveries/date", []any{"delivery_date", "times"}, "enabled periods comment"},
		{"/v1/gift", []any{"gift"}, "account_id enabled noshi card wrapping make_date update_date"},
		{"/v1/gift", []any{"gift", "noshi"}, "enabled text_enabled text_charge types comment"},
		{"/v1/gift", []any{"gift", "card"}, "enabled text_enabled types comment"},
		{"/v1/gift", []any{"gift", "wrapping"}, "enabled types comment"},
		{"/v1/shop_coupons", []any{"shop_coupons", 0}, couponKeys},
		{"/v1/templates", []any{"templates", 0}, "id name state make_date update_date"},
	}
	for _, tt := range tests {
		got := at(t, a.get(tt.path), tt.to...)
		assertKeys(t, tt.keys, got, tt.path, tt.to)
	}
}

func assertKeys(t *testing.T, want string, got any, about ...any) {
	t.Helper()
	keys := slices.Sorted(maps.Keys(got.(object)))
	assert.Equal(t, slices.Sorted(slices.Values(strings.Fields(want))), keys, about...)
}

// The parts of an order that may be null are, in some.
func TestSeededNulls(t *testing.T) {
	t.Parallel()
	a := speak(t, start(t))
	nulls := map[string]int{}
	sales := rows(t, a.get("/v1/sales?make_date_min=2020-01-01&limit=100"), "sales")
	assert.Len(t, sales, 30)
	for _, s := range sales {
		for _, key := range []string{"segment", "totals", "transaction_date", "shop_coupon"} {
			if at(t, s, key) == nil {
				nulls[key]++
			}
		}
	}
	for key, n := range nulls {
		assert.Positive(t, n, key)
		assert.Less(t, n, len(sales), key)
	}
	assert.Len(t, nulls, 4)
}

func TestAddReview(t *testing.T) {
	t.Parallel()
	srv := start(t)
	n := srv.Shop().AddReview(object{"star": 9, "reply": nil})
	newest := rows(t, speak(t, srv).get("/v1/reviews"), "reviews")[0]
	assert.Equal(t, n, id(t, newest, "id"))
	assert.EqualValues(t, 9, id(t, newest, "star"))
	assert.Nil(t, at(t, newest, "reply"))
}

// A seed that does not fit is a mistake of the test, reported at once.
func TestWrongSeeds(t *testing.T) {
	t.Parallel()
	shop := start(t).Shop()
	assert.Panics(t, func() { shop.AddSale(object{"total_price": "much"}) })
	assert.Panics(t, func() { shop.AddSale(object{"total": 5}) }, "no such member")
	assert.Panics(t, func() { shop.AddOption(1, "色", "藍") })
	assert.Panics(t, func() { shop.SplitSale(1) })
}

func TestSeedSizes(t *testing.T) {
	t.Parallel()
	a := speak(t, start(t, withSizes(250, 120, 0)...))
	assert.EqualValues(t, 250, id(t, a.get("/v1/sales?after=2000-01-01"), "meta", "total"))
	assert.EqualValues(t, 120, id(t, a.get("/v1/products"), "meta", "total"))
	assert.EqualValues(t, 0, id(t, a.get("/v1/customers"), "meta", "total"))
}
