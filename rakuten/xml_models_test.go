package rakuten

import (
	"encoding/xml"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// TestXMLModelsLoseNothing holds that what was decoded encodes to what it was decoded from.
func TestXMLModelsLoseNothing(t *testing.T) {
	t.Parallel()
	models := []any{
		CabinetUsage{},
		CabinetFolder{},
		CabinetFile{},
		Product{},
		Coupon{},
		ThanksCoupon{},
		ShopMaster{},
		ShopDelvdateMaster{},
		ShopDelvAreaMaster{},
		ShopDeliverySetInfo{},
		ShopOperationLeadTime{},
		ShopShipFrom{},
		ShopSoryoKbn{},
		ShopAreaSoryoPattern{},
		ShopStatus{},
		ShopCalendar{},
		ShopHolidayInput{},
		ShopCalendarAndDesign{},
		ShopTopDisplay{},
		ShopLayoutImage{},
		ShopLayoutCommon{},
		ShopLayoutTextLargeList{},
		ShopLayoutTextSmall{},
		ShopLayoutLossLeader{},
		ShopLayoutItemMap{},
		ShopLayoutCategoryMap{},
		ShopNaviButton{},
		ShopNaviButtonInfo{},
		ShopGoldTop{},
		ShopSignboard{},
		ShopSpTopPageDetails{},
		ShopSpTopPageDisplay{},
		ShopSpCategoryPage{},
		ShopSpItemPage{},
		ShopResult{},
	}
	for _, model := range models {
		kind := reflect.TypeOf(model)
		t.Run(kind.Name(), func(t *testing.T) {
			t.Parallel()
			full := reflect.New(kind)
			n := 0
			fill(full.Elem(), &n)
			for _, value := range []reflect.Value{full, reflect.New(kind)} {
				doc, err := xml.Marshal(value.Interface())
				require.NoError(t, err)
				again := reflect.New(kind)
				require.NoError(t, xmlFormat.Decode(doc, again.Interface(), new(api.Notes)), string(doc))
				encoded, err := xml.Marshal(again.Interface())
				require.NoError(t, err)
				assert.Equal(t, string(doc), string(encoded))
				assert.Empty(t, xmlFormat.Unknown(doc, kind))
			}
			doc, err := xml.Marshal(full.Interface())
			require.NoError(t, err)
			again := reflect.New(kind)
			require.NoError(t, xmlFormat.Decode(doc, again.Interface(), new(api.Notes)))
			assert.Equal(t, full.Interface(), again.Interface())
		})
	}
}

// fill sets every field to another value.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("v" + string(rune('a'+*n%26)))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Struct:
		switch v.Type() {
		case reflect.TypeFor[time.Time]():
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, *n%60, 0, shotengai.JST)))
			return
		case reflect.TypeFor[shotengai.Date]():
			v.Set(reflect.ValueOf(shotengai.Date{Year: 2026, Month: 1, Day: 1 + *n%28}))
			return
		}
		for _, field := range v.Fields() {
			fill(field, n)
		}
	}
}
