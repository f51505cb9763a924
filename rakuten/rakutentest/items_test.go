package rakutentest_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const items = "/es/2.0/items/manage-numbers/"

// Quirk 6: PUT resets what is left out, but for two members.
func TestPutItemReplaces(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	before := c.get(items + "TENUGUI-indigo").json(t)
	assert.Equal(t, "ご自宅用に", at(t, before, "tagline"))

	require.Equal(t, 204, c.json(http.MethodPatch, items+"tenugui-indigo", object{"features": object{"socialGiftFlag": true}}).status)
	body := object{"title": "手ぬぐい", "genreId": "100003", "variants": object{"tenugui-indigo": object{"standardPrice": "1200"}}}
	assert.Equal(t, 204, c.json(http.MethodPut, items+"TENUGUI-indigo", body).status)
	after := c.get(items + "tenugui-indigo").json(t)
	assert.Equal(t, "tenugui-indigo", at(t, after, "manageNumber"), "in lower case")
	assert.Nil(t, at(t, after, "tagline"))
	assert.Equal(t, true, at(t, after, "variants", "tenugui-indigo", "shipping", "okihaiSetting"), "survives")
	assert.Equal(t, true, at(t, after, "features", "socialGiftFlag"), "survives too")
	assert.Equal(t, "HIDDEN_STOCK", at(t, after, "features", "inventoryDisplay"), "is reset")
	assert.Equal(t, at(t, before, "created"), at(t, after, "created"))
	assert.Contains(t, at(t, after, "updated"), "+09:00")

	for _, test := range []struct {
		path string
		bad  object
	}{
		{"title", object{"genreId": "100003", "variants": object{"a": object{}}}},
		{"genreId", object{"title": "a", "genreId": "1", "variants": object{"a": object{}}}},
		{"variants", object{"title": "a", "genreId": "100003"}},
		{"variants.a b", object{"title": "a", "genreId": "100003", "variants": object{"a b": object{}}}},
		{"variants.a.standardPrice", object{"title": "a", "genreId": "100003", "variants": object{"a": object{"standardPrice": "1.5"}}}},
		{"payment.taxRate", object{"title": "a", "genreId": "100003", "variants": object{"a": object{}}, "payment": object{"taxRate": "0.10"}}},
		{"purchasablePeriod.start", with(object{"purchasablePeriod": object{"start": "2026-11-01T00:00:00+0900"}})},
		{"purchasablePeriod.end", with(object{"purchasablePeriod": object{"end": "2026-11-01T00:00:00Z"}})},
		{"releaseDate", with(object{"releaseDate": "2026-11-01"})},
		{"tagline", with(object{"tagline": strings.Repeat("あ", 175)})},
		{"images[0].type", with(object{"images": []object{{"type": "WEB", "location": "/a.jpg"}}})},
		{"features.review", with(object{"features": object{"review": "YES"}})},
		{"features.lowStockThreshold", with(object{"features": object{"inventoryDisplay": "DISPLAY_LOW_STOCK", "lowStockThreshold": 21}})},
		{"customizationOptions[0].inputType", with(object{"customizationOptions": []object{{"displayName": "名入れ", "inputType": "TEXT"}}})},
		{"pointCampaign.applicablePeriod.start", with(object{"pointCampaign": object{"applicablePeriod": object{"start": "2026-11-01T00:00:00.5+09:00"}}})},
		{"variants.a.articleNumber.exemptionReason", with(object{"variants": object{"a": object{"articleNumber": object{"exemptionReason": 7}}}})},
		{"variants.a.referencePrice.type", with(object{"variants": object{"a": object{"referencePrice": object{"type": 3}}}})},
	} {
		got := c.json(http.MethodPut, items+"bad", test.bad)
		assert.Equal(t, 400, got.status, test.path)
		assert.Equal(t, test.path, at(t, got.json(t), "errors", 0, "metadata", "propertyPath"))
	}
	assert.Equal(t, 400, c.json(http.MethodPut, items+strings.Repeat("a", 33), body).status)
	assert.Equal(t, 404, c.get(items+"bad").status)
}

// with is a whole item with some members replaced.
func with(more object) object {
	item := object{"title": "a", "genreId": "100003", "variants": object{"a": object{}}}
	maps.Copy(item, more)
	return item
}

func TestPatchItemMerges(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	patch := object{"tagline": nil, "variants": object{"S-24": object{"standardPrice": "4500"}, "s-24": object{"standardPrice": "1"}}}
	assert.Equal(t, 204, c.json(http.MethodPatch, items+"geta-kiri", patch).status)
	got := c.get(items + "geta-kiri").json(t)
	assert.Equal(t, "桐下駄", at(t, got, "title"), "what is left out stays")
	assert.Equal(t, "4500", at(t, got, "variants", "S-24", "standardPrice"))
	assert.Equal(t, false, at(t, got, "variants", "S-24", "hidden"))
	assert.Equal(t, "4400", at(t, got, "variants", "M-26", "standardPrice"))
	assert.Equal(t, "1", at(t, got, "variants", "s-24", "standardPrice"), "a typo makes a SKU")
	assert.Equal(t, 404, c.json(http.MethodPatch, items+"none", patch).status)
	assert.Contains(t, srv.Shop().Item("GETA-kiri"), "variants")
	assert.Nil(t, srv.Shop().Item("none"))

	assert.Equal(t, 204, c.send(http.MethodDelete, items+"geta-kiri", "", nil).status)
	assert.Equal(t, 404, c.send(http.MethodDelete, items+"geta-kiri", "", nil).status)
}

// Stock that came before its item is kept once the item is there.
func TestItemClaimsItsStock(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	require.Equal(t, 204, c.json(http.MethodPut, fmt.Sprintf(oneStock, "new", "v"), object{"mode": "ABSOLUTE", "quantity": 3}).status)
	require.Equal(t, 204, c.json(http.MethodPut, items+"new", object{"title": "新作", "genreId": "100003", "variants": object{"v": object{"standardPrice": "1"}}}).status)
	srv.Advance(48 * time.Hour)
	assert.Equal(t, 200, c.get(fmt.Sprintf(oneStock, "new", "v")).status)
}

func TestSearchItems(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	all := c.get("/es/2.0/items/search?hits=4").json(t)
	assert.EqualValues(t, 6, at(t, all, "numFound"))
	assert.Len(t, at(t, all, "results"), 4)
	assert.NotContains(t, all, "nextCursorMark")
	assert.Equal(t, "chawan-mino", at(t, all, "results", 0, "item", "manageNumber"))
	rest := c.get("/es/2.0/items/search?hits=4&offset=4").json(t)
	assert.Len(t, at(t, rest, "results"), 2, "the offset is a row")
	assert.Len(t, at(t, c.get("/es/2.0/items/search?title="+"扇").json(t), "results"), 1)
	assert.Len(t, at(t, c.get("/es/2.0/items/search?standardPriceFrom=3000").json(t), "results"), 2)
	assert.Len(t, at(t, c.get("/es/2.0/items/search?isHiddenItem=true").json(t), "results"), 0)
	with := c.get("/es/2.0/items/search?manageNumber=tenugui&isCategoryIncluded=true&isReviewIncluded=true").json(t)
	assert.Equal(t, []any{"2"}, at(t, with, "results", 0, "category", "categoryIds"))
	for _, q := range []string{"hits=101", "offset=10001", "cursorMark=x", "updatedFrom=2026-11-01T00:00:00%2B09:00", "sortKey=title", "sortOrder=up"} {
		assert.Equal(t, 400, c.get("/es/2.0/items/search?"+q).status, q)
	}
	srv.Shop().SetStock("sensu", "Nami", 0)
	for q, want := range map[string]int{
		"updatedFrom=2026-10-31": 2, "updatedTo=2026-10-30": 4, "createdFrom=2026-09-01": 1, "itemType=PRE_ORDER": 0, "genreId=100003": 6,
		"variantId=Nami": 1, "variantId=nami": 0, "categoryId=2": 1, "isVariantStockout=true": 1, "isItemStockout=true": 0, "isSearchable=true": 6, "isHiddenVariant=true": 0,
	} {
		assert.EqualValues(t, want, at(t, c.get("/es/2.0/items/search?"+q).json(t), "numFound"), q)
	}
	newest := c.get("/es/2.0/items/search?sortKey=updated&sortOrder=desc").json(t)
	assert.Equal(t, "tenugui-indigo", at(t, newest, "results", 0, "item", "manageNumber"))

	seen, cursor := 0, "*"
	for {
		page := c.get("/es/2.0/items/search?hits=4&cursorMark=" + cursor).json(t)
		results, _ := at(t, page, "results").([]any)
		seen += len(results)
		next, _ := at(t, page, "nextCursorMark").(string)
		if next == cursor || len(results) == 0 {
			break
		}
		cursor = next
	}
	assert.Equal(t, 6, seen)
}

func TestBulkGetItems(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	got := c.json(http.MethodPost, "/es/2.0/items/bulk-get", object{"manageNumbers": []string{"SENSU", "none"}}).json(t)
	assert.Len(t, at(t, got, "results"), 1)
	many := make([]string, 51)
	assert.Equal(t, 400, c.json(http.MethodPost, "/es/2.0/items/bulk-get", object{"manageNumbers": many}).status)
}

func TestItemSettings(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	const path = "/es/2.0/items/inventory-related-settings/manage-numbers/"
	got := c.get(path + "sensu").json(t)
	assert.Equal(t, true, at(t, got, "variants", "Nami", "restockOnCancel"))
	body := object{
		"unlimitedInventoryFlag": true, "features": object{"inventoryDisplay": "DISPLAY_LOW_STOCK", "lowStockThreshold": 3},
		"variants": object{"Nami": object{"backOrderFlag": true}},
	}
	assert.Equal(t, 204, c.json(http.MethodPut, path+"sensu", body).status)
	got = c.get(path + "sensu").json(t)
	assert.Equal(t, true, at(t, got, "variants", "Nami", "backOrderFlag"))
	assert.Nil(t, at(t, got, "variants", "Nami", "restockOnCancel"))
	assert.EqualValues(t, 3, at(t, got, "features", "lowStockThreshold"))
	assert.Equal(t, true, at(t, c.get(items+"sensu").json(t), "unlimitedInventoryFlag"))
	body["features"] = object{"inventoryDisplay": "DISPLAY_LOW_STOCK"}
	assert.Equal(t, 400, c.json(http.MethodPut, path+"sensu", body).status, "the threshold is missing")
	body["features"] = object{"inventoryDisplay": "HIDDEN_STOCK"}
	body["variants"] = object{"Nowhere": object{}}
	assert.Equal(t, 400, c.json(http.MethodPut, path+"sensu", body).status)
	assert.Equal(t, 404, c.get(path+"none").status)
}
