package makeshop_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

func TestTimestamps(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 4, 5, 21, 30, 15, 0, shotengai.JST)
	day := time.Date(2026, 4, 5, 0, 0, 0, 0, shotengai.JST)
	for text, want := range map[makeshop.Timestamp]time.Time{
		"20260405213015": at, "2026-04-05 21:30:15": at, "20260405": day, "2026-04-05": day, "": {}, "--": {},
	} {
		got, err := text.Time()
		require.NoError(t, err, text)
		assert.True(t, want.Equal(got), "%q: %s", text, got)
		assert.Equal(t, want.IsZero(), text.IsZero())
	}
	for _, text := range []makeshop.Timestamp{"text", "2026-02-30", "20260405 1230", "0", "2026/04/05", "202604052130156"} {
		_, err := text.Time()
		require.Error(t, err, text)
	}
}

func TestScalar(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		json, text string
		number     int64
		isNumber   bool
		is, isBool bool
		none       bool
	}{
		{json: `12`, text: "12", number: 12, isNumber: true},
		{json: `"012"`, text: "012", number: 12, isNumber: true},
		{json: `"1"`, text: "1", number: 1, isNumber: true, is: true, isBool: true},
		{json: `10.5`, text: "10.5"},
		{json: `true`, text: "true", is: true, isBool: true},
		{json: `"N"`, text: "N", isBool: true},
		{json: `"\u5e97 \"A\""`, text: `店 "A"`},
		{json: `null`, none: true},
		{json: `""`, none: true},
		{json: `"--"`, text: "--", none: true},
	} {
		var s makeshop.Scalar
		require.NoError(t, json.Unmarshal([]byte(tt.json), &s), tt.json)
		assert.Equal(t, tt.text, s.String())
		number, isNumber := s.Int64()
		assert.Equal(t, tt.isNumber, isNumber, tt.json)
		if isNumber {
			assert.Equal(t, tt.number, number)
		}
		is, isBool := s.Bool()
		assert.Equal(t, [2]bool{tt.is, tt.isBool}, [2]bool{is, isBool}, tt.json)
		assert.Equal(t, tt.none, s.IsZero())
		again, err := json.Marshal(s)
		require.NoError(t, err)
		assert.JSONEq(t, tt.json, string(again))
	}
	for _, bad := range []string{`{}`, `[1]`} {
		require.Error(t, json.Unmarshal([]byte(bad), new(makeshop.Scalar)))
	}
}

func FuzzScalar(f *testing.F) {
	for _, seed := range []string{`1`, `"a"`, `true`, `null`, `{}`, `-0.5e3`, `"\ud800"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var s makeshop.Scalar
		if json.Unmarshal(data, &s) != nil {
			return
		}
		_, _ = s.Int64()
		_, _ = s.Bool()
		again, err := json.Marshal(s)
		require.NoError(t, err)
		var other makeshop.Scalar
		require.NoError(t, json.Unmarshal(again, &other))
		assert.Equal(t, s.String(), other.String())
	})
}

func FuzzOrder(f *testing.F) {
	f.Add([]byte(`{"systemOrderNumber":"1","memberId":"X123456山田","message":"急ぎ||色:黒","deliveryInfos":[{"wmsStatus":1,"basketInfos":[{"amount":2}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var order makeshop.Order
		if json.Unmarshal(data, &order) != nil {
			return
		}
		order.IsGuest()
		order.Note()
		_, _ = order.OrderDate.Time()
		first, err := json.Marshal(order)
		require.NoError(t, err)
		var again makeshop.Order
		require.NoError(t, json.Unmarshal(first, &again))
		second, err := json.Marshal(again)
		require.NoError(t, err)
		assert.JSONEq(t, string(first), string(second))
	})
}

func TestPrefectures(t *testing.T) {
	t.Parallel()
	for number, jis := range map[makeshop.Prefecture]int{
		makeshop.PrefHokkaido: 1, makeshop.PrefMiyagi: 4, makeshop.PrefAkita: 5, makeshop.PrefTokyoWards: 13, makeshop.PrefTokyoOutside: 13,
		makeshop.PrefKanagawa: 14, makeshop.PrefOkinawa: 47,
	} {
		got, is := number.JIS()
		assert.True(t, is)
		assert.Equal(t, jis, got, number)
	}
	for _, none := range []makeshop.Prefecture{0, -1, makeshop.PrefRemoteIslands, makeshop.PrefOverseas, 51, math.MaxInt} {
		_, is := none.JIS()
		assert.False(t, is, int(none))
	}
	names := map[string]int{}
	for code := 1; code <= 47; code++ {
		p, is := makeshop.PrefectureOfJIS(code)
		require.True(t, is)
		back, is := p.JIS()
		assert.True(t, is)
		assert.Equal(t, code, back)
		names[p.String()]++
	}
	assert.Len(t, names, 47)
	for _, bad := range []int{0, 48, -1} {
		_, is := makeshop.PrefectureOfJIS(bad)
		assert.False(t, is)
	}
	assert.Equal(t, "東京都", makeshop.PrefTokyoOutside.String())
	assert.Equal(t, "海外", makeshop.PrefOverseas.String())
	assert.Equal(t, "51", makeshop.Prefecture(51).String())
}

// TestQuirks holds what answers of shops look like.
func TestQuirks(t *testing.T) {
	t.Parallel()
	guest := makeshop.Order{MemberID: "X123456山田太郎", Message: "急ぎ ||色:黒||名入れ:有"}
	assert.True(t, guest.IsGuest())
	assert.Equal(t, "急ぎ", guest.Note())
	for _, member := range []string{"", "X", "yamada", "X12345山田", "X123456", "x123456a"} {
		assert.False(t, (&makeshop.Order{MemberID: member}).IsGuest(), member)
	}
	assert.Equal(t, "玄関前", (&makeshop.Delivery{DeliveryMessage: "玄関前||のし:無"}).Note())

	var gone, member makeshop.Member
	require.NoError(t, json.Unmarshal([]byte(`{"memberId":"m","name":"","email":null,"registrationDate":"","haddress1":""}`), &gone))
	assert.True(t, gone.Withdrawn())
	_, there := gone.Prefecture()
	assert.False(t, there)
	require.NoError(t, json.Unmarshal([]byte(`{"memberId":"m","name":"n","haddress1":13,"haddressAddr":"東京(23区内)"}`), &member))
	assert.False(t, member.Withdrawn())
	p, there := member.Prefecture()
	assert.True(t, there)
	assert.Equal(t, makeshop.PrefTokyoWards, p)
	require.NoError(t, json.Unmarshal([]byte(`{"haddress1":"50"}`), &member))
	p, _ = member.Prefecture()
	assert.Equal(t, makeshop.PrefOverseas, p)

	var product makeshop.Product
	require.NoError(t, json.Unmarshal([]byte(`{"systemCode":"000000000012","quantity":null,"categories":[{"categoryUID":"7","isMainCategory":"Y"}]}`), &product))
	assert.Equal(t, "000000000012", product.SystemCode, "leading zeros stay")
	assert.Nil(t, product.Quantity)
	assert.Equal(t, "7", product.Categories[0].CategoryUID.String())
	var category makeshop.ProductCategory
	require.NoError(t, json.Unmarshal([]byte(`{"categoryUid":7}`), &category))
	assert.Equal(t, "7", category.CategoryUID.String(), "the same id, spelt otherwise")
}

// TestRoundTrip holds that decoding and encoding changes and loses nothing.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	const order = `{"systemOrderNumber":"s","displayOrderNumber":"d","orderDate":"2026-04-05 21:30:15","memberId":"m","senderName":"山田",` +
		`"senderPrefecture":"東京(23区内)","payMethod":"p","paymentStatusCode":"0002","sumPrice":1000,"discountPerTax":[{"taxRate":10,"discount":5}],` +
		`"message":"a||b","deliveryInfos":[{"deliveryId":"1","deliveryStatus":"?","deliveryMethodIds":"1","deliveryDate":"20260405213015",` +
		`"estimatedShipmentDate":"","desiredDeliveryDate":"--","desiredDeliveryTimezone":"","slipNumber":"返金","wmsStatus":"2","shippingCharge":0,` +
		`"deliverySumPrice":1,"deliveryMessage":"","receiverName":"r","receiverPost":"1000001","receiverPrefecture":"p","receiverAddress":"a",` +
		`"receiverAddress2":"b","receiverTel":"t","basketInfos":[{"productCode":"000000000012","productCustomCode":"c","variationCustomCode":" v ",` +
		`"janCode":"j","productName":"n","variationName":"カラー : 黒","customSelects":[{"customSelectName":"x","selectedItemName":"y"}],"amount":2,"price":500}]}]}`
	const product = `{"uid":12,"systemCode":"000000000012","customCode":"c","janCode":"j","productName":"n","productGroupCode":"g","productGroupName":"gn",` +
		`"sellPrice":1,"consumerPrice":null,"taxRate":"10","quantity":0,"display":"Y","maker":"m","pcContent":"<p>","pcAddContent":"","mobileContent":"",` +
		`"mobileAddContent":"","maxImageUrl":"u?1","minImageUrl":"","tinyImageUrl":"","subImages":[{"subImageId":1,"url":"u"}],"variationShowType":0,` +
		`"variations":[{"productSystemCode":"p","variationCustomCode":"#v","variation1ItemName":"1","variation2ItemName":"2","janCode":"j","subImageId":null}],` +
		`"categories":[{"categoryUID":"7","categoryName":"c","isMainCategory":true}],"isSellStart":"N","isSellEnd":"N","sellStartDateTime":"2026-01-02 03:04:05",` +
		`"sellEndDateTime":"","isDisplayOutOfSellPeriod":"Y","createdAt":"x","updatedAt":"y","customCreatedAt":"z"}`
	for text, out := range map[string]any{order: new(makeshop.Order), product: new(makeshop.Product)} {
		require.NoError(t, json.Unmarshal([]byte(text), out))
		again, err := json.Marshal(out)
		require.NoError(t, err)
		assert.JSONEq(t, text, string(again))
	}
}
