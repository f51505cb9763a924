package rakuten_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// sampleItem has nulls, members that are not there and members with their zero value.
const sampleItem = `{"manageNumber":"shirt","itemNumber":null,"title":"シャツ","tagline":"","productDescription":{"pc":null,"sp":"<p>"},
	"itemType":"SUBSCRIPTION","images":[{"type":"CABINET","location":"/a.jpg","alt":null}],"whiteBgImage":null,"genreId":"100371","tags":[],
	"hideItem":false,"releaseDate":"2026-01-02+09:00","purchasablePeriod":{"start":"2026-01-02T03:04:05+09:00","end":null},"subscription":null,
	"accessControl":{"accessPassword":"open"},"payment":{"taxIncluded":true,"taxRate":null,"cashOnDeliveryFeeIncluded":false},
	"pointCampaign":{"applicablePeriod":{"start":null,"end":null},"benefits":{"pointRate":null}},"layout":{"itemLayoutId":0},
	"variantSelectors":[{"key":"c","displayName":"色","values":[{"displayValue":""}]}],
	"variants":{"Red-M":{"merchantDefinedSkuId":null,"selectorValues":{"c":"赤"},"hidden":false,"standardPrice":"1500","shipping":{"fee":"","postageIncluded":null},
		"attributes":[{"name":"色","values":["赤"],"unit":null}],"articleNumber":{"value":null,"exemptionReason":3}},"red-m":{}},
	"customizationOptions":null,"features":{"lowStockThreshold":null,"review":"HIDDEN"},"created":"2026-01-02T03:04:05+09:00"}`

func TestItemCalls(t *testing.T) {
	t.Parallel()
	checkGolden(t, []golden{
		{
			"get", func(ctx context.Context, c *rakuten.Client) error { return only(c.Items.Get(ctx, "shirt")) },
			sampleItem, "GET", "/es/2.0/items/manage-numbers/shirt", "",
		},
		{"replace", func(ctx context.Context, c *rakuten.Client) error {
			return c.Items.Replace(ctx, "shirt", rakuten.ReplaceItemRequest{
				Title: "シャツ", GenreID: "100371", Variants: map[string]rakuten.Variant{"a": {StandardPrice: rakuten.PriceOf(100)}},
			})
		}, "", "PUT", "/es/2.0/items/manage-numbers/shirt", `{"title":"シャツ","genreId":"100371","variants":{"a":{"standardPrice":"100"}}}`},
		{"patch", func(ctx context.Context, c *rakuten.Client) error {
			return c.Items.PatchOrCreateVariants(ctx, "shirt", rakuten.PatchItemRequest{
				HideItem: new(false), Tagline: shotengai.Clear[string](), Images: []rakuten.ItemImage{},
				Variants: map[string]rakuten.Variant{"a": {Hidden: shotengai.Set(true)}},
			})
		}, "", "PATCH", "/es/2.0/items/manage-numbers/shirt", `{"tagline":null,"images":[],"hideItem":false,"variants":{"a":{"hidden":true}}}`},
		{
			"delete", func(ctx context.Context, c *rakuten.Client) error { return c.Items.Delete(ctx, "shirt") },
			"", "DELETE", "/es/2.0/items/manage-numbers/shirt", "",
		},
		{
			"bulk get", func(ctx context.Context, c *rakuten.Client) error {
				return only(c.Items.BulkGet(ctx, []string{"shirt"}))
			},
			`{"results":[` + sampleItem + `]}`, "POST", "/es/2.0/items/bulk-get", `{"manageNumbers":["shirt"]}`,
		},
		{
			"search", func(ctx context.Context, c *rakuten.Client) error {
				return only(c.Items.Search(ctx, rakuten.SearchItemsParams{
					Title: "シャツ", IsHiddenItem: new(false), UpdatedFrom: shotengai.Date{Year: 2026, Month: 1, Day: 2}, Offset: 100, Hits: 50,
				}))
			}, `{"numFound":1,"offset":0,"results":[{"item":` + sampleItem + `,"category":{"categoryIds":["1"]},"review":null,"inventory":{"a":{"any":1}}}]}`,
			"GET", "/es/2.0/items/search?hits=50&isHiddenItem=false&offset=100&title=%E3%82%B7%E3%83%A3%E3%83%84&updatedFrom=2026-01-02", "",
		},
		{
			"inventory settings", func(ctx context.Context, c *rakuten.Client) error {
				return only(c.Items.InventorySettings(ctx, "shirt"))
			},
			`{"unlimitedInventoryFlag":false,"features":{"inventoryDisplay":"HIDDEN_STOCK","lowStockThreshold":null},"variants":{"a":{"backOrderFlag":null}}}`,
			"GET", "/es/2.0/items/inventory-related-settings/manage-numbers/shirt", "",
		},
		{
			"update inventory settings", func(ctx context.Context, c *rakuten.Client) error {
				return c.Items.UpdateInventorySettings(ctx, "shirt", rakuten.UpdateInventorySettingsRequest{
					Features: rakuten.InventorySettingsFeatures{InventoryDisplay: rakuten.HideStock}, Variants: map[string]rakuten.VariantInventorySettings{"a": {}},
				})
			}, "", "PUT", "/es/2.0/items/inventory-related-settings/manage-numbers/shirt",
			`{"unlimitedInventoryFlag":false,"features":{"inventoryDisplay":"HIDDEN_STOCK"},"variants":{"a":{}}}`,
		},
	})
}

func TestItemRoundTrip(t *testing.T) {
	t.Parallel()
	var item rakuten.Item
	require.NoError(t, json.Unmarshal([]byte(sampleItem), &item))
	again, err := json.Marshal(item)
	require.NoError(t, err)
	assert.JSONEq(t, sampleItem, string(again))

	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(sampleItem), &members))
	delete(members, "manageNumber")
	delete(members, "created")
	want, err := json.Marshal(members)
	require.NoError(t, err)
	whole, err := json.Marshal(rakuten.ReplaceItemRequest(item.ItemContent))
	require.NoError(t, err)
	assert.JSONEq(t, string(want), string(whole), "an item that was read can be written whole")
}

func TestItemsAreRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	sku := map[string]rakuten.Variant{"a": {}}
	tests := []struct {
		name string
		item rakuten.ReplaceItemRequest
		want string
	}{
		{"empty", rakuten.ReplaceItemRequest{}, "title is required"},
		{"no SKU", rakuten.ReplaceItemRequest{Title: "a", GenreID: "100371"}, "at least one SKU"},
		{"genre", rakuten.ReplaceItemRequest{Title: "a", GenreID: "12", Variants: sku}, "6 digits"},
		{"variant id", rakuten.ReplaceItemRequest{Title: "a", GenreID: "100371", Variants: map[string]rakuten.Variant{"a b": {}}}, "variants"},
		{"price", rakuten.ReplaceItemRequest{Title: "a", GenreID: "100371", Variants: map[string]rakuten.Variant{"a": {StandardPrice: "1,000"}}}, "variants.a.standardPrice"},
		{"images", rakuten.ReplaceItemRequest{Title: "a", GenreID: "100371", Variants: sku, Images: make([]rakuten.ItemImage, 21)}, "images: 21"},
		{"low stock", rakuten.ReplaceItemRequest{Title: "a", GenreID: "100371", Variants: sku, Features: &rakuten.ItemFeatures{LowStockThreshold: shotengai.Set(21)}}, "lowStockThreshold"},
		{"period", rakuten.ReplaceItemRequest{Title: "a", GenreID: "100371", Variants: sku, PurchasablePeriod: shotengai.Set(rakuten.ItemPeriod{
			Start: rakuten.ItemAt(time.Unix(100, 0)), End: rakuten.ItemAt(time.Unix(0, 0)),
		})}, "before the start"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := serve(t, refuseAll(t)).Items.Replace(t.Context(), "shirt", test.item)
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			require.ErrorContains(t, err, test.want)
		})
	}
	items := serve(t, refuseAll(t)).Items
	require.ErrorIs(t, items.Delete(t.Context(), ""), shotengai.ErrInvalid)
	_, err := items.BulkGet(t.Context(), []string{"shirt", "SHIRT"})
	require.ErrorContains(t, err, "manageNumbers[1]: the same as manageNumbers[0]")
	_, err = items.Search(t.Context(), rakuten.SearchItemsParams{Offset: 10001})
	require.ErrorContains(t, err, "offset")
	require.ErrorContains(t, items.UpdateInventorySettings(t.Context(), "shirt", rakuten.UpdateInventorySettingsRequest{}), "variants are required")
}

// A patch with a typo in a variant id adds a SKU, which takes a method that says so.
func TestQuirk6PatchCreatesUnknownSKU(t *testing.T) {
	t.Parallel()
	var read, patched int
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			read++
			says(200, sampleItem)(w)
			return
		}
		patched++
		w.WriteHeader(http.StatusNoContent)
	})
	items, ctx := client.Items, t.Context()
	typo := rakuten.PatchItemRequest{Variants: map[string]rakuten.Variant{"Red-m": {}, "RED-M": {}, "Red-M": {Hidden: shotengai.Set(true)}}}
	err := items.Patch(ctx, "SHIRT", typo)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	var unknown *rakuten.UnknownVariantsError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, []string{"RED-M", "Red-m"}, unknown.VariantIDs, "the case of variant ids counts")
	require.ErrorContains(t, err, "PatchOrCreateVariants")
	assert.Zero(t, patched)

	require.NoError(t, items.PatchOrCreateVariants(ctx, "SHIRT", typo))
	assert.Equal(t, []int{1, 1}, []int{read, patched}, "in one call")
	delete(typo.Variants, "Red-m")
	delete(typo.Variants, "RED-M")
	require.NoError(t, items.Patch(ctx, "SHIRT", typo))
	assert.Equal(t, []int{2, 2}, []int{read, patched})
	require.NoError(t, items.Patch(ctx, "SHIRT", rakuten.PatchItemRequest{HideItem: new(true)}))
	assert.Equal(t, []int{2, 3}, []int{read, patched}, "without variants there is nothing to look at")
}

func TestPatchDoesNotChangeWhatItCannotRead(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, http.MethodGet, r.Method)
		says(404, `{"errors":[{"code":"GE0014","message":"no item"}]}`)(w)
	})
	err := client.Items.Patch(t.Context(), "shirt", rakuten.PatchItemRequest{Variants: map[string]rakuten.Variant{"a": {}}})
	require.ErrorIs(t, err, shotengai.ErrNotFound)
	require.ErrorIs(t, client.Items.Patch(t.Context(), "", rakuten.PatchItemRequest{}), shotengai.ErrInvalid)
}

// Items want +09:00 and whole seconds.
func TestQuirk1ItemPeriodsAreInWholeSecondsWithAColon(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 18, 4, 5, 678, time.UTC)
	body, err := json.Marshal(rakuten.PatchItemRequest{PurchasablePeriod: shotengai.Set(rakuten.ItemPeriod{
		Start: rakuten.ItemTime{Time: at}, End: rakuten.ItemAt(at.Add(time.Hour)),
	})})
	require.NoError(t, err)
	assert.JSONEq(t, `{"purchasablePeriod":{"start":"2026-01-02T03:04:05+09:00","end":"2026-01-02T04:04:05+09:00"}}`, string(body))
	open, err := json.Marshal(rakuten.ItemPeriod{})
	require.NoError(t, err)
	assert.JSONEq(t, `{"start":null,"end":null}`, string(open))
	var refused rakuten.ItemPeriod
	require.NoError(t, json.Unmarshal([]byte(`{"start":"2026-01-02T03:04:05+09:00","end":null}`), &refused))
	require.Error(t, json.Unmarshal([]byte(`{"start":"2026-01-02T03:04:05+0900","end":null}`), &refused))
}

func TestItemThatSpeaksOfErrors(t *testing.T) {
	t.Parallel()
	var got call
	item, err := serve(t, record(&got, 200, `{"manageNumber":"a","title":"\"errors\"","tagline":"errors","variants":{"errors":{}}}`)).Items.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, `"errors"`, item.Title)
}

func TestPrice(t *testing.T) {
	t.Parallel()
	yen, err := rakuten.PriceOf(1500).Yen()
	require.NoError(t, err)
	assert.EqualValues(t, 1500, yen)
	for _, price := range []rakuten.Price{"", "1,500", "-1", "1234567890", "1.5"} {
		_, err := price.Yen()
		require.Error(t, err, price)
	}
}

func TestItemsBulkGetInCalls(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var sizes []int
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			ManageNumbers []string `json:"manageNumbers"`
		}
		assert.NoError(t, json.NewDecoder(r.Body).Decode(&body))
		mu.Lock()
		defer mu.Unlock()
		sizes = append(sizes, len(body.ManageNumbers))
		if len(body.ManageNumbers) == 20 {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var rows []string
		for _, number := range body.ManageNumbers[1:] {
			rows = append(rows, fmt.Sprintf(`{"manageNumber":%q,"variants":{}}`, strings.ToLower(number)))
		}
		says(200, `{"results":[`+strings.Join(rows, ",")+`]}`)(w)
	})
	var numbers []string
	for i := range 120 {
		numbers = append(numbers, "ITEM-"+strconv.Itoa(i))
	}
	items, err := client.Items.BulkGet(t.Context(), numbers)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	assert.ElementsMatch(t, []int{50, 50, 20}, sizes)
	require.Len(t, items.Items, 98, "what was given before the error is kept")
	assert.Equal(t, "item-1", items.Items[0].ManageNumber, "in the order of the request")
	assert.Equal(t, "item-99", items.Items[97].ManageNumber)
	assert.Equal(t, []string{"ITEM-0", "ITEM-50"}, items.Missing)
}

// searchServer has a number of items, and pages by offset and cursor as the platform does.
func searchServer(t *testing.T, total int, queries *[]string) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		*queries = append(*queries, r.URL.RawQuery)
		hits, _ := strconv.Atoi(query.Get("hits"))
		at, _ := strconv.Atoi(query.Get("offset"))
		cursor := query.Get("cursorMark")
		if cursor != "" && cursor != "*" {
			at, _ = strconv.Atoi(strings.TrimPrefix(cursor, "after "))
		}
		if cursor == "" && at > 10000 {
			says(400, `{"errors":[{"code":"IE0105","message":"offset"}]}`)(w)
			return
		}
		var rows []string
		for i := at; i < min(at+hits, total); i++ {
			rows = append(rows, fmt.Sprintf(`{"item":{"manageNumber":"item-%d","variants":{}}}`, i))
		}
		next := "null"
		if cursor != "" {
			next = fmt.Sprintf("%q", "after "+strconv.Itoa(min(at+hits, total)))
		}
		_, _ = io.WriteString(w, fmt.Sprintf(`{"numFound":%d,"results":[%s],"nextCursorMark":%s}`, total, strings.Join(rows, ","), next))
	}
}

func TestAllItemsBeyondTheOffset(t *testing.T) {
	t.Parallel()
	const total = 10250
	var queries []string
	client := serve(t, searchServer(t, total, &queries), shotengai.WithStrictDecoding())
	n := 0
	for item, err := range client.Items.All(t.Context(), rakuten.SearchItemsParams{Title: "x"}) {
		require.NoError(t, err)
		require.Equal(t, "item-"+strconv.Itoa(n), item.Item.ManageNumber)
		n++
	}
	assert.Equal(t, total, n)
	assert.Len(t, queries, 104, "103 pages and the one that ends it")
	assert.Equal(t, "cursorMark=%2A&hits=100&title=x", queries[0])
}

func TestAllItemsEnds(t *testing.T) {
	t.Parallel()
	page := func(next string) string {
		return `{"numFound":3,"results":[{"item":{"manageNumber":"a","variants":{}}}],"nextCursorMark":` + next + `}`
	}
	tests := []struct {
		name    string
		answers []string // by call; the last one for all further
		rows    int
		err     error
		cursor  string
	}{
		{"null cursor", []string{page("null")}, 1, nil, ""},
		{"the same cursor", []string{page(`"*"`)}, 1, nil, ""},
		{"an empty page that names a next one", []string{page(`"b"`), `{"numFound":3,"results":[],"nextCursorMark":"c"}`, page("null")}, 2, nil, ""},
		{"a cursor that comes again", []string{page(`"b"`), page(`"*"`)}, 2, shotengai.ErrPageRepeated, "*"},
		{"an error", []string{page(`"b"`), ""}, 1, shotengai.ErrNotFound, "b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				answer := test.answers[min(calls, len(test.answers)-1)]
				calls++
				if answer == "" {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				_, _ = io.WriteString(w, answer)
			})
			rows := 0
			var failed error
			for item, err := range client.Items.All(t.Context(), rakuten.SearchItemsParams{}) {
				if err != nil {
					assert.Nil(t, item)
					failed = err
					continue
				}
				rows++
			}
			assert.Equal(t, test.rows, rows)
			if test.err == nil {
				require.NoError(t, failed)
				return
			}
			require.ErrorIs(t, failed, test.err)
			at, ok := errors.AsType[*rakuten.ItemCursorError](failed)
			require.True(t, ok)
			assert.Equal(t, test.cursor, at.CursorMark)
			page, ok := errors.AsType[*shotengai.PageError](failed)
			require.True(t, ok)
			assert.Equal(t, test.rows, page.Offset)
		})
	}
}

func TestAllItemsStartsAtACursorAndRefusesAnOffset(t *testing.T) {
	t.Parallel()
	var queries []string
	client := serve(t, searchServer(t, 10, &queries))
	n := 0
	for _, err := range client.Items.All(t.Context(), rakuten.SearchItemsParams{CursorMark: "after 8", Hits: 5}) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 2, n)
	queries = nil
	for _, err := range client.Items.All(t.Context(), rakuten.SearchItemsParams{Offset: 1}) {
		require.ErrorIs(t, err, shotengai.ErrInvalid)
	}
	assert.Empty(t, queries)
}

func FuzzItem(f *testing.F) {
	f.Add([]byte(sampleItem))
	f.Fuzz(func(t *testing.T, data []byte) {
		var item rakuten.Item
		if json.Unmarshal(data, &item) != nil {
			return
		}
		once, err := json.Marshal(item)
		if err != nil {
			return // a time outside the range that the platform can spell
		}
		var again rakuten.Item
		require.NoError(t, json.Unmarshal(once, &again))
		twice, err := json.Marshal(again)
		require.NoError(t, err)
		assert.Equal(t, string(once), string(twice))
	})
}
