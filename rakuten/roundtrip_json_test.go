package rakuten_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten"
)

// Decoding an answer and encoding it again loses and changes no member.
func TestAnswersRoundTrip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind   any
		answer string
	}{
		{rakuten.Inventory{}, `{"manageNumber":"shirt","variantId":"Red-M","quantity":0,"operationLeadTime":{"normalDeliveryTimeId":1,"backOrderDeliveryTimeId":null},
			"shipFromIds":[],"created":"2026-01-02T03:04:05+09:00","updated":"2026-01-02T03:04:05+09:00"}`},
		{rakuten.Inventory{}, `{"manageNumber":"shirt","variantId":"Red-M","quantity":3,"operationLeadTime":null,"shipFromIds":null}`},
		{rakuten.Inventory20{}, `{"manageNumber":"shirt","variantId":"Red-M","quantity":3,"created":"2026-01-02T03:04:05+09:00"}`},
		{rakuten.InventorySettings{}, `{"unlimitedInventoryFlag":false,"features":{"inventoryDisplay":"DISPLAY_LOW_STOCK","lowStockThreshold":null},
			"variants":{"a":{"restockOnCancel":null,"backOrderFlag":false,"normalDeliveryDateId":0}}}`},
		{rakuten.FoundItem{}, `{"item":{"manageNumber":"a","variants":{"x":{}}},"category":{"categoryIds":["1"]},
			"review":{"count":null,"averageRating":4.5},"inventory":{"x":{"any":[1,null]}}}`},
		{rakuten.Category{}, `{"categoryId":"1","categorySetId":"0","title":"服","categoryFeatures":{"display":false,"categoryPageViewMode":"LIST"},
			"description":{"pc":"","sp":null},"additionalDescription":"","images":[],"layout":{"navigationId":0},"breadcrumbList":[{"categoryId":"0"}]}`},
		{rakuten.CategorySets{}, `{"categorySetKeyList":null,"categorySetList":[{"categorySetId":"0","title":"a","categorySetFeatures":{"display":null}}]}`},
		{rakuten.ItemMapping{}, `{"categoryIds":[],"mainPluralCategoryId":"1","created":"2026-01-02T03:04:05+09:00"}`},
		{rakuten.GenreResult{}, `{"version":{"id":1,"fixedAt":"2026-01-02T03:04:05+09:00"},"genre":{"genreId":1,"genreIdPath":[0,1],"nameJa":"服","nameJaPath":["","服"],
			"level":1,"lowest":false,"properties":{"itemRegisterFlg":false},"siblings":[],"attributes":[{"id":4,"nameJa":"色","dataType":"TEXT","minLength":0,
			"maxLength":null,"minValue":0.5,"maxValue":null,"dateFormat":null,"unit":null,"subUnits":null,"properties":{"rmsMandatoryFlg":true,"rmsMultiValueLimit":0,
			"rmsInputMethod":"","rmsSkuUnifyFlg":false,"rmsRecommend":false,"rmsMandatoryType":null},"dictionaryValues":[]}]}}`},
		{rakuten.ItemBundle{}, `{"bundleManageNumber":"a","bundleName":"b","bundleDescription":null,"bundleState":"ACTIVE","parentItemManageNumber":"c",
			"bundleItems":[{"itemManageNumber":"c","isDeletedItem":false,"mandatory":false,"sequence":0}],
			"createdDate":"2026-01-02T03:04:05.123456+09:00","updatedDate":"2026-01-02T03:04:05+09:00"}`},
		{rakuten.PageLayout{}, `{"type":"SHOP_TOP","title":"t","modules":[{"type":"WIDGET","details":{"widgetIds":[]}},{"type":"HEADER","details":null}],"layoutId":"1",
			"startTime":null,"endTime":null,"createTime":"2026-01-02T03:04:05+09:00","updateTime":"2026-01-02T03:04:05+09:00"}`},
	}
	for _, test := range tests {
		kind := reflect.TypeOf(test.kind)
		t.Run(kind.Name(), func(t *testing.T) {
			t.Parallel()
			decoded := reflect.New(kind).Interface()
			require.NoError(t, json.Unmarshal([]byte(test.answer), decoded))
			again, err := json.Marshal(decoded)
			require.NoError(t, err)
			assert.JSONEq(t, test.answer, string(again))
		})
	}
}
