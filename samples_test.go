package shotengai_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// sampleDay is the day of all samples, and of the clients that are called with them.
var sampleDay = time.Date(2026, time.January, 15, 3, 0, 0, 0, time.UTC)

const samplePNG = "\x89PNG\r\n\x1a\n"

// sampleValues are values of types of which not any value is sent.
var sampleValues = map[reflect.Type]any{
	reflect.TypeFor[time.Time]():            sampleDay,
	reflect.TypeFor[[]byte]():               []byte(samplePNG),
	reflect.TypeFor[shotengai.Cursor]():     shotengai.CursorFrom(sampleDay),
	reflect.TypeFor[colorme.MailType]():     colorme.MailPaid,
	reflect.TypeFor[colorme.StocksUpdate](): colorme.SetStocks(1),
	reflect.TypeFor[stores.ItemStatus]():    stores.ItemHidden,
	reflect.TypeFor[rakuten.StockMode]():    rakuten.StockAbsolute,
	reflect.TypeFor[rakuten.LayoutStatus](): rakuten.LayoutDraft,
}

// sampleArguments are those behind the context of methods whose parameters have rules of
// their own.
var sampleArguments = map[string][]any{
	"colorme Sales.All":        {colorme.ListSalesParams{MakeDateMin: colorme.At(sampleDay)}},
	"colorme Sales.Update":     {int64(1), colorme.UpdateSaleRequest{Paid: new(true)}},
	"colorme Customers.Create": {colorme.CreateCustomerRequest{Name: "a", Mail: "a@a.example", PrefID: 13, Postal: "1000001", Address1: "a", Tel: "03-0000-0000"}},
	"colorme Customers.Update": {int64(1), colorme.UpdateCustomerRequest{Name: "a", Address1: "a", Address2: shotengai.Clear[string]()}},
	"colorme Coupons.Create": {colorme.CreateCouponRequest{
		Code: "a", CouponType: colorme.CouponAmount, StartsAt: shotengai.DateOf(sampleDay), EndsAt: shotengai.DateOf(sampleDay),
	}},
	"colorme UsageCharges.Create":               {"A3FT0001", colorme.CreateUsageChargeRequest{Point: 100, Description: "a"}},
	"colorme UsageCharges.CreateAfterUninstall": {shotengai.Secret(shopToken), "A3FT0001", colorme.CreateUsageChargeRequest{Point: 100, Description: "a"}},
	"colorme ShopScriptTags.Create":             {colorme.CreateShopScriptTagRequest{Src: "https://a.example/a.js", DisplayScope: colorme.ScriptShop}},
	"colorme ScriptTags.Create":                 {colorme.CreateScriptTagRequest{Src: "https://a.example/a.js", DisplayScope: colorme.ScriptCart}}, //nolint:staticcheck // it fails, too
	"colorme InlineScriptTags.Create": {colorme.CreateInlineScriptTagRequest{ //nolint:staticcheck // as above
		Script: "a()", TriggerEvent: colorme.TriggerObjectBuilded, DisplayScope: colorme.ScriptCart, //nolint:staticcheck // as above
	}},
	"makeshop Coupons.Create": {[]makeshop.CreateCouponRequest{{
		Code: "a", Name: "a", DiscountType: makeshop.DiscountFixedAmount, FixedAmount: 1, StartedAt: makeshop.CouponAt(sampleDay),
	}}},
	"stores Images.Ticket":  {"a.png", "image/png", 8},
	"stores Coupons.Create": {stores.CreateCouponRequest{Name: "a", Detail: stores.FreeShipping()}},
	"rakuten Items.Replace": {"a", rakuten.ReplaceItemRequest{
		Title: "a", GenreID: "100371", Variants: map[string]rakuten.Variant{"a": {StandardPrice: rakuten.PriceOf(100)}},
	}},
	"rakuten ItemBundles.Create":  {sampleBundle},
	"rakuten ItemBundles.Replace": {"a", rakuten.ReplaceItemBundleRequest(sampleBundle)},
	"rakuten Coupons.Issue":       {rakuten.IssueCouponRequest(sampleCoupon)},
	"rakuten Coupons.Update":      {rakuten.UpdateCouponRequest{CouponCode: "ABCD-EFGH", CouponContent: sampleCoupon}},
}

var (
	sampleBundle = rakuten.CreateItemBundleRequest{
		ParentItemManageNumber: "a", BundleManageNumber: "a", BundleState: rakuten.BundleActive, BundleName: "a",
		BundleItems: []rakuten.ItemBundleItemRequest{{ItemManageNumber: "a"}, {ItemManageNumber: "b"}},
	}
	sampleCoupon = rakuten.CouponContent{
		CouponName: "a", CouponStartDate: rakuten.ItemAt(sampleDay.Add(2 * time.Hour)), CouponEndDate: rakuten.ItemAt(sampleDay.Add(26 * time.Hour)),
		IssueCount: 100, ItemType: rakuten.CouponWholeOrder, DiscountType: rakuten.DiscountPercent, DiscountFactor: 10, MemberAvailMaxCount: 1,
	}
)

// sample makes arguments by reflection.
type sample struct {
	text     string // for each text; "" leaves all values zero
	optional bool   // with what may be left out
}

// samples are tried one after the other, until one of them is sent.
var samples = []sample{{}, {text: "a"}, {text: "400001-20260115-0000000001"}, {text: "a", optional: true}}

func (s sample) argument(of reflect.Type) reflect.Value {
	v := reflect.New(of).Elem()
	if of == reflect.TypeFor[io.Reader]() {
		v.Set(reflect.ValueOf(bytes.NewReader([]byte(samplePNG))))
	} else if s.text != "" {
		s.fill(v, 0)
	}
	return v
}

// fill fills a value. One that reads itself from JSON gets the first of a few spellings that
// it takes.
func (s sample) fill(v reflect.Value, depth int) {
	of := v.Type()
	if value, ok := sampleValues[of]; ok {
		v.Set(reflect.ValueOf(value))
		return
	}
	if read, ok := reflect.TypeAssert[json.Unmarshaler](v.Addr()); ok && of.Kind() == reflect.Struct {
		spellings := []string{`"2026-01-15T00:00:00"`, `"2026-01-15T00:00:00+0900"`, `"2026-01-15"`, `1768435200`, `"20260115"`, `"a"`, `1`}
		for _, spelling := range spellings {
			if read.UnmarshalJSON([]byte(spelling)) == nil {
				break
			}
		}
		return
	}
	switch of.Kind() {
	case reflect.String:
		v.SetString(s.text)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Slice:
		element := reflect.New(of.Elem()).Elem()
		s.fill(element, depth+1)
		v.Set(reflect.Append(v, element))
	case reflect.Map:
		key, element := reflect.New(of.Key()).Elem(), reflect.New(of.Elem()).Elem()
		s.fill(key, depth+1)
		s.fill(element, depth+1)
		v.Set(reflect.MakeMap(of))
		v.SetMapIndex(key, element)
	case reflect.Pointer:
		if (s.optional || depth == 0) && depth < 6 {
			v.Set(reflect.New(of.Elem()))
			s.fill(v.Elem(), depth+1)
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			if field.IsExported() && (s.optional || !strings.Contains(string(field.Tag), "omit")) {
				s.fill(value, depth+1)
			}
		}
	}
}

// samplesOf finds arguments for every method of the services of a client, by which it sends
// something: they are made anew for each call. The client has to count what it sends.
func samplesOf(t *testing.T, c *client, sent func() int) map[string]func() []reflect.Value {
	t.Helper()
	found := map[string]func() []reflect.Value{}
	eachMethod(reflect.ValueOf(c.value), func(name string, method reflect.Value) {
		kind := method.Type()
		if kind.NumIn() == 0 || kind.In(0) != reflect.TypeFor[context.Context]() {
			return
		}
		var last error
		for _, s := range samples {
			arguments := func() (in []reflect.Value) {
				for i, value := range sampleArguments[c.name+" "+name] {
					in = append(in, reflect.New(kind.In(i+1)).Elem())
					in[i].Set(reflect.ValueOf(value))
				}
				for i := len(in) + 1; i < kind.NumIn()-1; i++ {
					in = append(in, s.argument(kind.In(i)))
				}
				return in
			}
			before := sent()
			last = invoke(t.Context(), method, arguments())
			if sent() > before {
				found[name] = arguments
				return
			}
		}
		require.Fail(t, "no sample is sent", "%s %s: %v: give it some in sampleArguments", c.name, name, last)
	})
	return found
}

// invoke calls a method, goes through what it iterates over, and returns its error: of a batch
// of which a row alone failed, that of the row.
func invoke(ctx context.Context, method reflect.Value, arguments []reflect.Value) error {
	out := method.Call(append([]reflect.Value{reflect.ValueOf(ctx)}, arguments...))
	last := out[len(out)-1]
	if last.Type().CanSeq2() {
		for _, value := range last.Seq2() {
			if err, _ := reflect.TypeAssert[error](value); err != nil {
				return err
			}
		}
		return nil
	}
	err, _ := reflect.TypeAssert[error](last)
	if rows, ok := reflect.TypeAssert[interface{ Err() error }](out[0]); ok && err == nil {
		return rows.Err()
	}
	return err
}
