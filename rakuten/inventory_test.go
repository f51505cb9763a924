package rakuten_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// golden is one call of a method and what has to arrive at the platform.
type golden struct {
	name   string
	run    func(context.Context, *rakuten.Client) error
	answer string
	method string
	path   string // with the query
	body   string
}

func checkGolden(t *testing.T, tests []golden) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			status := http.StatusOK
			if test.answer == "" {
				status = http.StatusNoContent
			}
			var got call
			client := serve(t, record(&got, status, test.answer), shotengai.WithStrictDecoding())
			require.NoError(t, test.run(t.Context(), client))
			path := got.Path
			if got.Query != "" {
				path += "?" + got.Query
			}
			assert.Equal(t, test.method, got.Method)
			assert.Equal(t, test.path, path)
			assert.Equal(t, test.body, got.Body)
			assert.True(t, strings.HasPrefix(got.Authorization, "ESA "))
			if test.body != "" {
				assert.Equal(t, "application/json; charset=utf-8", got.ContentType)
			}
		})
	}
}

// only drops the first result of a method.
func only[T any](_ T, err error) error { return err }

var shirt = rakuten.SKU{ManageNumber: "shirt", VariantID: "Red-M"}

func TestInventoryCalls(t *testing.T) {
	t.Parallel()
	const stock = `{"manageNumber":"shirt","variantId":"Red-M","quantity":3,"operationLeadTime":null,"shipFromIds":null,"created":"2026-01-02T03:04:05+09:00"}`
	checkGolden(t, []golden{
		{
			"get", func(ctx context.Context, c *rakuten.Client) error { return only(c.Inventory.Get(ctx, shirt)) },
			stock, "GET", "/es/2.1/inventories/manage-numbers/shirt/variants/Red-M", "",
		},
		{"upsert", func(ctx context.Context, c *rakuten.Client) error {
			return c.Inventory.Upsert(ctx, rakuten.UpsertInventoryRequest{SKU: shirt, Mode: rakuten.StockAbsolute, ShipFromIDs: []int{1}})
		}, "", "PUT", "/es/2.1/inventories/manage-numbers/shirt/variants/Red-M", `{"mode":"ABSOLUTE","quantity":0,"shipFromIds":[1]}`},
		{
			"delete", func(ctx context.Context, c *rakuten.Client) error { return c.Inventory.Delete(ctx, shirt) },
			"", "DELETE", "/es/2.1/inventories/manage-numbers/shirt/variants/Red-M", "",
		},
		{"bulk get", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Inventory.BulkGet(ctx, []rakuten.SKU{shirt}))
		}, `{"inventories":[` + stock + `]}`, "POST", "/es/2.1/inventories/bulk-get", `{"inventories":[{"manageNumber":"shirt","variantId":"Red-M"}]}`},
		{"range", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Inventory.Range(ctx, rakuten.StockRangeParams{MinQuantity: new(0), MaxQuantity: new(5)}))
		}, `{"inventories":[]}`, "GET", "/es/2.1/inventories/bulk-get/range?maxQuantity=5&minQuantity=0", ""},
		{"bulk upsert", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Inventory.BulkUpsert(ctx, []rakuten.UpsertInventoryRequest{{SKU: shirt, Mode: rakuten.StockRelative, Quantity: -1}}))
		}, "", "POST", "/es/2.1/inventories/bulk-upsert", `{"inventories":[{"manageNumber":"shirt","variantId":"Red-M","mode":"RELATIVE","quantity":-1}]}`},
		{
			"variants", func(ctx context.Context, c *rakuten.Client) error { return only(c.Inventory.Variants(ctx, "shirt")) },
			`{"variantList":["a"]}`, "GET", "/es/2.1/inventories/variant-lists/manage-numbers/shirt", "",
		},
		{
			"2.0 get", func(ctx context.Context, c *rakuten.Client) error { return only(c.Inventory20.Get(ctx, shirt)) },
			`{"manageNumber":"shirt","variantId":"Red-M","quantity":3}`, "GET", "/es/2.0/inventories/manage-numbers/shirt/variants/Red-M", "",
		},
		{"2.0 upsert", func(ctx context.Context, c *rakuten.Client) error {
			return c.Inventory20.Upsert(ctx, rakuten.UpsertInventory20Request{SKU: shirt, Mode: rakuten.StockAbsolute, Quantity: 4})
		}, "", "PUT", "/es/2.0/inventories/manage-numbers/shirt/variants/Red-M", `{"mode":"ABSOLUTE","quantity":4}`},
		{
			"2.0 delete", func(ctx context.Context, c *rakuten.Client) error { return c.Inventory20.Delete(ctx, shirt) },
			"", "DELETE", "/es/2.0/inventories/manage-numbers/shirt/variants/Red-M", "",
		},
		{"2.0 bulk get", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Inventory20.BulkGet(ctx, []rakuten.SKU{shirt}))
		}, `{"inventories":[]}`, "POST", "/es/2.0/inventories/bulk-get", `{"inventories":[{"manageNumber":"shirt","variantId":"Red-M"}]}`},
		{"2.0 range", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Inventory20.Range(ctx, rakuten.StockRangeParams{}))
		}, `{"inventories":[]}`, "GET", "/es/2.0/inventories/bulk-get/range", ""},
		{"2.0 bulk upsert", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Inventory20.BulkUpsert(ctx, []rakuten.UpsertInventory20Request{{SKU: shirt, Mode: rakuten.StockAbsolute, Quantity: 1}}))
		}, "", "POST", "/es/2.0/inventories/bulk-upsert", `{"inventories":[{"manageNumber":"shirt","variantId":"Red-M","mode":"ABSOLUTE","quantity":1}]}`},
	})
}

func TestStockIsRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change rakuten.UpsertInventoryRequest
		want   string
	}{
		{"no mode", rakuten.UpsertInventoryRequest{SKU: shirt}, "mode"},
		{"negative", rakuten.UpsertInventoryRequest{SKU: shirt, Mode: rakuten.StockAbsolute, Quantity: -1}, "not between 0 and 99999"},
		{"too many", rakuten.UpsertInventoryRequest{SKU: shirt, Mode: rakuten.StockRelative, Quantity: -100000}, "not between -99999 and 99999"},
		{"no item", rakuten.UpsertInventoryRequest{SKU: rakuten.SKU{VariantID: "a"}, Mode: rakuten.StockAbsolute}, "manageNumber"},
		{"slash", rakuten.UpsertInventoryRequest{SKU: rakuten.SKU{ManageNumber: "a/b", VariantID: "a"}, Mode: rakuten.StockAbsolute}, "manageNumber"},
		{"33 bytes", rakuten.UpsertInventoryRequest{SKU: rakuten.SKU{ManageNumber: "a", VariantID: strings.Repeat("x", 33)}, Mode: rakuten.StockAbsolute}, "variantId"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, refuseAll(t))
			err := client.Inventory.Upsert(t.Context(), test.change)
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			require.ErrorContains(t, err, test.want)
			results, err := client.Inventory.BulkUpsert(t.Context(), []rakuten.UpsertInventoryRequest{test.change})
			require.NoError(t, err)
			assert.Equal(t, shotengai.RowFailed, results.Rows[0].State)
			assert.Contains(t, results.Rows[0].Message, test.want)
		})
	}
	client := serve(t, refuseAll(t))
	_, err := client.Inventory.BulkGet(t.Context(), nil)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	none, err := client.Inventory.BulkUpsert(t.Context(), nil)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	assert.NotNil(t, none)
	_, err = client.Inventory.Range(t.Context(), rakuten.StockRangeParams{MinQuantity: new(2), MaxQuantity: new(1)})
	require.ErrorContains(t, err, "above")
	_, err = client.Inventory.Range(t.Context(), rakuten.StockRangeParams{MinQuantity: new(-1)})
	require.ErrorIs(t, err, shotengai.ErrInvalid)
}

// refuseAll fails the test when a call arrives.
func refuseAll(t *testing.T) http.HandlerFunc {
	t.Helper()
	return func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s %s was sent", r.Method, r.URL.Path) }
}

func changes(n int, mode rakuten.StockMode) []rakuten.UpsertInventoryRequest {
	rows := make([]rakuten.UpsertInventoryRequest, n)
	for i := range rows {
		rows[i] = rakuten.UpsertInventoryRequest{SKU: rakuten.SKU{ManageNumber: "item", VariantID: strconv.Itoa(i)}, Mode: mode, Quantity: 1}
	}
	return rows
}

// stockServer counts the rows of each call and answers the calls in turn.
func stockServer(t *testing.T, sizes *[]int, answers ...func(http.ResponseWriter)) http.HandlerFunc {
	t.Helper()
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Inventories []rakuten.SKU `json:"inventories"`
		}
		assert.NoError(t, json.NewDecoder(r.Body).Decode(&body))
		mu.Lock()
		defer mu.Unlock()
		*sizes = append(*sizes, len(body.Inventories))
		if n := len(*sizes); n <= len(answers) && answers[n-1] != nil {
			answers[n-1](w)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func says(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestBulkUpsertInCalls(t *testing.T) {
	t.Parallel()
	var sizes []int
	client := serve(t, stockServer(t, &sizes))
	results, err := client.Inventory.BulkUpsert(t.Context(), changes(1001, rakuten.StockAbsolute))
	require.NoError(t, err)
	require.NoError(t, results.Err())
	assert.Equal(t, []int{400, 400, 201}, sizes)
	assert.Len(t, results.Rows, 1001)
	assert.Equal(t, row(rakuten.SKU{ManageNumber: "item", VariantID: "1000"}, outcome(1000, shotengai.RowDone, "", "")), results.Rows[1000])
}

func TestBulkUpsertPartialFailure(t *testing.T) {
	t.Parallel()
	const refusal = `{"errors":[{"code":"IE0003","message":"quantity","metadata":{"propertyPath":"inventories[1].quantity"}},{"code":"IE0105","message":"other","metadata":null}]}`
	for _, status := range []int{400, 200} { // with which of the two the platform answers is not established
		var sizes []int
		client := serve(t, stockServer(t, &sizes, says(status, refusal)))
		results, err := client.Inventory.BulkUpsert(t.Context(), changes(402, rakuten.StockAbsolute))
		require.NoError(t, err, "rows that were refused are no failed call")
		assert.Equal(t, []int{400, 2}, sizes, "the calls after it are made")
		assert.Equal(t, row(rakuten.SKU{ManageNumber: "item", VariantID: "1"}, outcome(1, shotengai.RowFailed, "IE0003", "inventories[1].quantity: quantity")), results.Rows[1])
		assert.Equal(t, outcome(0, shotengai.RowUnknown, "IE0105", "other"), outcomeOf(results.Rows[0]), "whether the valid rows were carried out is not known")
		assert.Equal(t, shotengai.RowDone, results.Rows[401].State)
		assert.Len(t, results.Failed(), 400)
		var failed *shotengai.RowFailure
		require.ErrorAs(t, results.Err(), &failed)
		require.ErrorContains(t, results.Err(), "row 1 ({item 1}): failed: inventories[1].quantity: quantity (IE0003)")
	}
}

func TestBulkUpsertFailsAsAWhole(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		kind   error
		state  shotengai.RowState
	}{
		{"licence", 401, `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`, shotengai.ErrUnauthorized, shotengai.RowNotSent},
		{"no reason", 400, `{}`, shotengai.ErrInvalid, shotengai.RowFailed},
		{"server", 500, ``, shotengai.ErrOutcomeUnknown, shotengai.RowUnknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var sizes []int
			client := serve(t, stockServer(t, &sizes, nil, says(test.status, test.body)))
			results, err := client.Inventory.BulkUpsert(t.Context(), changes(1000, rakuten.StockAbsolute))
			require.ErrorIs(t, err, test.kind)
			assert.Equal(t, []int{400, 400}, sizes)
			assert.Equal(t, shotengai.RowDone, results.Rows[399].State)
			assert.Equal(t, test.state, results.Rows[400].State)
			assert.NotEmpty(t, results.Rows[400].Message)
			assert.Equal(t, shotengai.RowNotSent, results.Rows[800].State)
			assert.Equal(t, "an earlier call of the batch failed", results.Rows[800].Message)
			assert.Len(t, results.Rows, 1000)
		})
	}
}

func TestPropertyPathOfARow(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{
		"inventories[2].quantity": 2, "inventories.2.quantity": 2, "$.inventories[2]": 2, "inventories[0]": 0,
		"inventories": -1, "inventories[x]": -1, "inventories[-1]": -1, "inventories[3]": -1, "quantity": -1, "": -1,
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			var sizes []int
			body := fmt.Sprintf(`{"errors":[{"code":"IE0003","message":"no","metadata":{"propertyPath":%q}}]}`, path)
			client := serve(t, stockServer(t, &sizes, says(400, body)))
			results, err := client.Inventory20.BulkUpsert(t.Context(), []rakuten.UpsertInventory20Request{
				{SKU: rakuten.SKU{ManageNumber: "a", VariantID: "0"}, Mode: rakuten.StockAbsolute},
				{SKU: rakuten.SKU{ManageNumber: "a", VariantID: "1"}, Mode: rakuten.StockAbsolute},
				{SKU: rakuten.SKU{ManageNumber: "a", VariantID: "2"}, Mode: rakuten.StockAbsolute},
			})
			require.NoError(t, err)
			if want < 0 { // whether the call was carried out in part is not known
				assert.Equal(t, outcome(2, shotengai.RowUnknown, "IE0003", strings.TrimPrefix(path+": no", ": ")), outcomeOf(results.Rows[2]))
				return
			}
			assert.Equal(t, shotengai.RowFailed, results.Rows[want].State)
		})
	}
}

// A relative change counts each time that it arrives.
func TestQuirk7RelativeStockIsNeverSentAgain(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 429, 500, 503} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(status)
			})
			relative := rakuten.UpsertInventoryRequest{SKU: shirt, Mode: rakuten.StockRelative, Quantity: -1}
			require.Error(t, client.Inventory.Upsert(t.Context(), relative))
			assert.EqualValues(t, 1, calls.Swap(0))
			require.Error(t, client.Inventory.Upsert(t.Context(), relative, shotengai.WithRetry()))
			assert.EqualValues(t, 1, calls.Swap(0), "nor when it is permitted")
			_, err := client.Inventory.BulkUpsert(t.Context(), append(changes(2, rakuten.StockAbsolute), relative))
			require.Error(t, err)
			assert.EqualValues(t, 1, calls.Swap(0))
			require.Error(t, client.Inventory20.Upsert(t.Context(), rakuten.UpsertInventory20Request{SKU: shirt, Mode: rakuten.StockRelative}))
			assert.EqualValues(t, 1, calls.Load())
		})
	}
}

// Only the calls that have a relative change are sent once.
func TestAbsoluteStockAfterRelativeStockIsSentAgain(t *testing.T) {
	t.Parallel()
	var sizes []int
	client := serve(t, stockServer(t, &sizes, nil, func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	rows := append(changes(400, rakuten.StockRelative), changes(401, rakuten.StockAbsolute)[400:]...)
	results, err := client.Inventory.BulkUpsert(t.Context(), rows)
	require.NoError(t, err)
	assert.Equal(t, []int{400, 1, 1}, sizes)
	assert.Empty(t, results.Failed())
}

func TestErrorOfAStockCallWithOneRow(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"quantity", ""} {
		var sizes []int
		client := serve(t, stockServer(t, &sizes, says(400, `{"errors":[{"code":"IE0003","message":"no","metadata":{"propertyPath":"`+path+`"}}]}`)))
		results, err := client.Inventory.BulkUpsert(t.Context(), changes(1, rakuten.StockAbsolute))
		require.NoError(t, err, path)
		assert.Equal(t, outcome(0, shotengai.RowFailed, "IE0003", strings.TrimPrefix(path+": no", ": ")), outcomeOf(results.Rows[0]), "there is no other row to blame")
	}
}

func TestAbsoluteStockIsSentAgainAfterARefusal(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(map[bool]int{true: http.StatusTooManyRequests, false: http.StatusNoContent}[calls.Add(1) == 1])
	})
	require.NoError(t, client.Inventory.Upsert(t.Context(), rakuten.UpsertInventoryRequest{SKU: shirt, Mode: rakuten.StockAbsolute}))
	assert.EqualValues(t, 2, calls.Load())
}

// Manage numbers come back in lower case.
func TestQuirk9ManageNumberComesBackInLowerCase(t *testing.T) {
	t.Parallel()
	var sizes []int
	client := serve(t, stockServer(t, &sizes,
		says(200, `{"inventories":[{"manageNumber":"shirt","variantId":"Red-M","quantity":1,"operationLeadTime":null,"shipFromIds":[2]}]}`),
		says(200, `{"inventories":[]}`)))
	skus := []rakuten.SKU{{ManageNumber: "SHIRT", VariantID: "Red-M"}, {ManageNumber: "shirt", VariantID: "red-m"}}
	for i := range 1000 {
		skus = append(skus, rakuten.SKU{ManageNumber: "gone", VariantID: strconv.Itoa(i)})
	}
	found, err := client.Inventory.BulkGet(t.Context(), skus)
	require.NoError(t, err)
	assert.ElementsMatch(t, []int{1000, 2}, sizes)
	assert.Len(t, found.Items, 1)
	assert.Equal(t, skus[1:], found.Missing, "the case of variant ids counts")
	assert.True(t, rakuten.SameManageNumber("SHIRT-1", "shirt-1"))
	assert.True(t, skus[0].Is(shirt))
	assert.False(t, skus[1].Is(shirt))
}

// A 2.1 change without lead time and shipping places empties them.
func TestChangeCarriesLeadTimeOver(t *testing.T) {
	t.Parallel()
	stock := rakuten.Inventory{SKU: shirt, Quantity: 3, OperationLeadTime: &rakuten.OperationLeadTime{NormalDeliveryTimeID: new(2)}, ShipFromIDs: []int{5}}
	body, err := json.Marshal(stock.Change(rakuten.StockAbsolute, 9))
	require.NoError(t, err)
	assert.JSONEq(t, `{"manageNumber":"shirt","variantId":"Red-M","mode":"ABSOLUTE","quantity":9,
		"operationLeadTime":{"normalDeliveryTimeId":2,"backOrderDeliveryTimeId":null},"shipFromIds":[5]}`, string(body))
}

func TestStockReadsAreRepeated(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		says(200, `{"inventories":[]}`)(w)
	})
	found, err := client.Inventory.BulkGet(t.Context(), []rakuten.SKU{shirt})
	require.NoError(t, err, "bulk-get is a POST that reads")
	assert.Equal(t, []rakuten.SKU{shirt}, found.Missing)
}
