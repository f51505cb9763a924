package main

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// read makes a platform's order from its JSON and then a common one.
func read[T any](t *testing.T, common func(*T) order, text string) order {
	t.Helper()
	var o T
	require.NoError(t, json.Unmarshal([]byte(text), &o))
	row := common(&o)
	row.Other = row.other()
	return row
}

// Two sizes of one product differ, whatever codes the shop gave them.
func TestVariants(t *testing.T) {
	t.Parallel()
	type names struct{ item, sku, variant string }
	for name, c := range map[string]struct {
		order order
		want  []names
	}{
		"rakuten": {
			read(t, rakutenOrder, `{"PackageModelList":[{"ItemModelList":[
				{"manageNumber":"geta","itemNumber":"G-1","SkuModelList":[{"variantId":"s","merchantDefinedSkuId":"G-1-S","skuInfo":"サイズ:S"}]},
				{"manageNumber":"geta","itemNumber":"G-1","SkuModelList":[{"variantId":"m","merchantDefinedSkuId":null,"skuInfo":"サイズ:M"}]},
				{"manageNumber":"geta","itemNumber":"G-1","SkuModelList":[{"variantId":"l","merchantDefinedSkuId":"","skuInfo":null}]},
				{"manageNumber":"geta","itemNumber":null,"selectedChoice":"名入れ:あり"}]}]}`),
			[]names{{"geta", "G-1-S", "サイズ:S"}, {"geta", "G-1", "サイズ:M"}, {"geta", "G-1", "l"}, {"geta", "geta", "名入れ:あり"}},
		},
		"makeshop": {
			read(t, makeShopOrder, `{"deliveryInfos":[{"basketInfos":[
				{"productCode":"000000000012","productCustomCode":"G","variationCustomCode":"G-S","variationName":"サイズ : S"},
				{"productCode":"000000000012","productCustomCode":"G","variationCustomCode":"","variationName":"サイズ : M"},
				{"productCode":"000000000012","customSelects":[{"customSelectName":"名入れ","selectedItemName":"あり"}]}]}]}`),
			[]names{{"000000000012", "G-S", "サイズ : S"}, {"000000000012", "G", "サイズ : M"}, {"000000000012", "", "名入れ : あり"}},
		},
		"stores": {
			read(t, storesOrder, `{"deliveries":[{"type":"shipping","items":[
				{"item_id":"i","variation_id":"v1","code":"G-S","variation_name":"S"},
				{"item_id":"i","variation_id":"v2","code":null,"variation_name":"M"},
				{"item_id":"","variation_id":null,"code":null,"variation_name":""}]}]}`),
			[]names{{"i", "G-S", "S"}, {"i", "v2", "M"}, {"", "", ""}},
		},
		"colorme": {
			read(t, colorMeOrder, `{"details":[
				{"product_id":7,"product_model_number":"G","option1_value":"S","option2_value":"赤"},
				{"product_id":7,"product_model_number":"G","option1_value":"M","option2_value":null}]}`),
			[]names{{"7", "G", "S / 赤"}, {"7", "G", "M"}},
		},
	} {
		var got []names
		for _, l := range c.order.Lines {
			got = append(got, names{l.Item, l.SKU, l.Variant})
		}
		assert.Equal(t, c.want, got, name)
	}
}

// Totals by rate and the rest are the total, and each rate has its discount.
func TestTotalsByRate(t *testing.T) {
	t.Parallel()
	is := func(total, tax, discount int64) taxed { return taxed{&total, &tax, &discount} }
	for name, c := range map[string]struct {
		order        order
		ten, eight   taxed
		total, other int64
	}{
		"rakuten with untaxed goods": {
			read(t, rakutenOrder, `{"totalPrice":5300,"couponAllTotalPrice":300,"deliveryPrice":0,"paymentCharge":100,"additionalFeeOccurAmountToUser":0,"TaxSummaryModelList":[
				{"taxRate":0.1,"reqPrice":2000,"reqPriceTax":181,"couponPrice":100},{"taxRate":0.08,"reqPrice":2600,"reqPriceTax":192,"couponPrice":200},{"taxRate":0,"reqPrice":500,"reqPriceTax":0,"couponPrice":0}]}`),
			is(2000, 181, 100), is(2600, 192, 200), 5100, 500,
		},
		"rakuten not fixed": {
			read(t, rakutenOrder, `{"totalPrice":5000,"couponAllTotalPrice":0,"deliveryPrice":0,"paymentCharge":0,"additionalFeeOccurAmountToUser":0,"TaxSummaryModelList":[{"taxRate":0.1,"reqPrice":-9999,"reqPriceTax":-9999,"couponPrice":0}]}`),
			taxed{nil, nil, new(int64(0))},
			taxed{},
			5000, 5000,
		},
		"stores partly cancelled, with a system fee": {
			read(t, storesOrder, `{"payment_amount":3850,"tax_details":[
				{"tax_rate":0.1,"sales_amount":2600,"sales_discount":100,"sales_tax":236,"cancel_amount":0,"cancel_discount":0,"cancel_tax":0},
				{"tax_rate":0.08,"sales_amount":2400,"sales_discount":50,"sales_tax":177,"cancel_amount":1200,"cancel_discount":20,"cancel_tax":88}]}`),
			is(2600, 236, 100), is(1200, 89, 30), 3850, 50,
		},
		"colorme": {
			read(t, colorMeOrder, `{"make_date":1772334000,"total_price":3000,"totals":{"normal_tax_amount":100,"reduced_tax_amount":140,"discount_amount_for_normal_tax":11,
				"discount_amount_for_reduced_tax":22,"total_price_with_normal_tax":1100,"total_price_with_reduced_tax":1900}}`),
			is(1100, 100, 11), is(1900, 140, 22), 3000, 0,
		},
		"colorme before October 2019": {
			read(t, colorMeOrder, `{"make_date":1569855599,"total_price":1080,"totals":{"normal_tax_amount":80,"total_price_with_normal_tax":1080}}`),
			taxed{},
			is(1080, 80, 0), 1080, 0,
		},
		"colorme without totals": {read(t, colorMeOrder, `{"make_date":1772334000,"total_price":3000,"totals":null}`), taxed{}, taxed{}, 3000, 3000},
		"makeshop": {
			read(t, makeShopOrder, `{"sumPrice":3800,"discountPerTax":[{"taxRate":10,"discount":200},{"taxRate":8,"discount":100}]}`),
			taxed{nil, nil, new(int64(200))},
			taxed{nil, nil, new(int64(100))},
			3800, 3800,
		},
	} {
		assert.Equal(t, c.ten, c.order.Rate10, name)
		assert.Equal(t, c.eight, c.order.Rate8, name)
		assert.Equal(t, c.total, value(c.order.Total), name)
		assert.Equal(t, c.other, value(c.order.Other), name)
	}
	assert.Nil(t, read(t, rakutenOrder, `{}`).Other, "no total has no rest")
	assert.Nil(t, percent(""))
	assert.Equal(t, []int64{8, 10}, []int64{*percent("0.08"), *percent("0.1")})
}

func TestTaxOfLines(t *testing.T) {
	t.Parallel()
	const sale = `{"make_date":%d,"details":[{},{"tax_reduced":true}]}`
	for at, want := range map[time.Time][]int64{
		time.Date(2019, 9, 30, 14, 59, 59, 0, time.UTC): {8, 8},
		time.Date(2019, 9, 30, 15, 0, 0, 0, time.UTC):   {10, 8},
	} {
		lines := read(t, colorMeOrder, fmt.Sprintf(sale, at.Unix())).Lines
		assert.Equal(t, want, []int64{*lines[0].TaxPercent, *lines[1].TaxPercent})
	}

	items := []rakuten.OrderItem{{TaxRate: new(rakuten.OrderTaxReduced)}, {}}
	lines := rakutenOrder(&rakuten.Order{Packages: []rakuten.OrderPackage{{Items: items}}}).Lines
	assert.Equal(t, new(int64(8)), lines[0].TaxPercent)
	assert.Nil(t, lines[1].TaxPercent)

	delivery := stores.Delivery{Items: []stores.DeliveryItem{{TaxRate: "0.08"}}}
	assert.Equal(t, new(int64(8)), storesOrder(&stores.Order{Deliveries: []stores.Delivery{delivery}}).Lines[0].TaxPercent)
	basket := makeshop.Delivery{BasketInfos: []makeshop.Line{{}}}
	assert.Nil(t, makeShopOrder(&makeshop.Order{DeliveryInfos: []makeshop.Delivery{basket}}).Lines[0].TaxPercent, "makeshop does not say")
}
