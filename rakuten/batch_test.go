package rakuten_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// batchWrites is every write of many rows, with one row that is right, and what became of it.
var batchWrites = map[string]func(context.Context, *rakuten.Client) ([]rowOutcome, error){
	"Confirm": func(ctx context.Context, c *rakuten.Client) ([]rowOutcome, error) {
		results, err := c.Orders.Confirm(ctx, []string{order1})
		return []rowOutcome{outcomeOf(results.Rows[0])}, err
	},
	"UpdateSubStatus": func(ctx context.Context, c *rakuten.Client) ([]rowOutcome, error) {
		results, err := c.Orders.UpdateSubStatus(ctx, 1, []string{order1})
		return []rowOutcome{outcomeOf(results.Rows[0])}, err
	},
	"UpdateShipping": func(ctx context.Context, c *rakuten.Client) ([]rowOutcome, error) {
		result, err := c.Orders.UpdateShipping(ctx, parcel(order1))
		return []rowOutcome{outcomeOf(result.Rows[0])}, err
	},
	"UpdateShippingAsync": func(ctx context.Context, c *rakuten.Client) ([]rowOutcome, error) {
		taken, err := c.Orders.UpdateShippingAsync(ctx, []rakuten.UpdateShippingRequest{parcel(order1)})
		return []rowOutcome{outcomeOf(taken.Rows[0])}, err
	},
	"BulkUpsert": func(ctx context.Context, c *rakuten.Client) ([]rowOutcome, error) {
		results, err := c.Inventory.BulkUpsert(ctx, changes(1, rakuten.StockAbsolute))
		return []rowOutcome{outcomeOf(results.Rows[0])}, err
	},
	"EarlyCommit": func(ctx context.Context, c *rakuten.Client) ([]rowOutcome, error) {
		results, err := c.Reserve.EarlyCommit(ctx, []rakuten.ReserveKey{{ReserveNumber: "1", DetailID: 1}})
		return []rowOutcome{outcomeOf(results.Rows[0])}, err
	},
	"MarkRead": func(ctx context.Context, c *rakuten.Client) ([]rowOutcome, error) {
		results, err := c.Inquiries.MarkRead(ctx, []string{"1"})
		return []rowOutcome{outcomeOf(results.Rows[0])}, err
	},
}

// One rule for all batches: a refusal of what is asked is in the rows, all else an error.
func TestRowsAndErrorOfABatch(t *testing.T) {
	t.Parallel()
	const refusal = `{"MessageModelList":[{"messageType":"ERROR","messageCode":"E1","message":"だめ"}],"errors":[{"code":"E1","message":"だめ"}],"error":{"code":"E1","message":"だめ"},"resultCode":"E1","resultMessage":"だめ"}`
	cases := []struct {
		name   string
		status int
		body   string
		kind   error
		state  shotengai.RowState
		code   string
		says   string
	}{
		{"refused", 400, refusal, nil, shotengai.RowFailed, "E1", "だめ"},
		{"refused inside 200", 200, refusal, nil, shotengai.RowFailed, "E1", "だめ"},
		{"refused without a reason", 400, "", shotengai.ErrInvalid, shotengai.RowFailed, "", "400 bad request"},
		{"a page that is not there", 404, "<html>", shotengai.ErrNotFound, shotengai.RowFailed, "", "404 not found"},
		{"licence", 401, `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`, shotengai.ErrUnauthorized, shotengai.RowNotSent, "GA0001", "Un-Authorised"},
		{"gateway", 403, `{"Results":{"errorCode":"ES04-01","message":"no"}}`, rakuten.ErrNotEnabled, shotengai.RowNotSent, "ES04-01", "no"},
		{"too fast", 429, "", shotengai.ErrRateLimited, shotengai.RowNotSent, "", "429 too many requests"},
		{"outage", 503, "", shotengai.ErrOutcomeUnknown, shotengai.RowUnknown, "", "look before repeating it"},
	}
	for name, do := range batchWrites {
		for _, test := range cases {
			if name == "MarkRead" && test.status == http.StatusOK {
				continue // inquiries are not known to be refused inside 200
			}
			t.Run(name+"/"+test.name, func(t *testing.T) {
				t.Parallel()
				client := serve(t, func(w http.ResponseWriter, _ *http.Request) { says(test.status, test.body)(w) }, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
				rows, err := do(t.Context(), client)
				if test.kind == nil {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, test.kind)
				}
				assert.Equal(t, []any{0, test.state, test.code}, []any{rows[0].Index, rows[0].State, rows[0].Code})
				assert.Contains(t, rows[0].Message, test.says)
			})
		}
	}
}

// What never left the machine is not sent, and says why.
func TestRowsThatNeverLeft(t *testing.T) {
	t.Parallel()
	noLicence := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return rakuten.License{}, io.ErrNoProgress })
	for name, do := range batchWrites {
		client := serveWith(t, noLicence, refuseAll(t))
		rows, err := do(t.Context(), client)
		require.ErrorIs(t, err, io.ErrNoProgress, name)
		assert.Equal(t, shotengai.RowNotSent, rows[0].State, name)
		assert.Contains(t, rows[0].Message, "no licence", name)
	}
}

// One wrong quantity does not stop 999 good ones.
func TestAWrongStockRowFailsAlone(t *testing.T) {
	t.Parallel()
	var sizes []int
	client := serve(t, stockServer(t, &sizes))
	rows := changes(1001, rakuten.StockAbsolute)
	rows[499].Quantity = 100000
	rows[700].SKU = rows[3].SKU
	results, err := client.Inventory.BulkUpsert(t.Context(), rows)
	require.NoError(t, err)
	assert.Equal(t, []int{400, 400, 199}, sizes)
	failed := results.Failed()
	require.Len(t, failed, 2)
	assert.Equal(t, outcome(499, shotengai.RowFailed, "", "quantity: 100000 is not between 0 and 99999"), outcomeOf(failed[0]))
	assert.Equal(t, outcome(700, shotengai.RowFailed, "", "the same SKU as inventories[3]"), outcomeOf(failed[1]))
	assert.Equal(t, rows[499].SKU, failed[0].Key)
	assert.Equal(t, shotengai.RowDone, results.Rows[1000].State)
}

// The platform counts the rows that it got: what is refused before sending shifts them.
func TestPropertyPathBesideAWrongStockRow(t *testing.T) {
	t.Parallel()
	var sizes []int
	client := serve(t, stockServer(t, &sizes, says(400, `{"errors":[{"code":"IE0003","message":"no","metadata":{"propertyPath":"inventories[1].quantity"}},
		{"code":"IE0105","message":"another","metadata":{"propertyPath":"inventories[1].mode"}}]}`)))
	rows := changes(3, rakuten.StockAbsolute)
	rows[0].Quantity = -1
	results, err := client.Inventory.BulkUpsert(t.Context(), rows)
	require.NoError(t, err)
	assert.Equal(t, outcome(2, shotengai.RowFailed, "IE0003", "inventories[1].quantity: no"), outcomeOf(results.Rows[2]), "the first error of the row")
	assert.Equal(t, shotengai.RowUnknown, results.Rows[1].State)
	assert.Equal(t, "other rows of its call were refused", results.Rows[1].Message)
}

func TestAWrongOrderNumberFailsAlone(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `{"MessageModelList":[`+message("INFO", order1)+`,`+message("INFO", order2)+`]}`))
	results, err := client.Orders.Confirm(t.Context(), []string{order1, "1-2", order2, order1})
	require.NoError(t, err)
	assert.Equal(t, `{"orderNumberList":["`+order1+`","`+order2+`"]}`, got.Body)
	states := make([]shotengai.RowState, len(results.Rows))
	for i, row := range results.Rows {
		states[i] = row.State
	}
	assert.Equal(t, []shotengai.RowState{shotengai.RowDone, shotengai.RowFailed, shotengai.RowDone, shotengai.RowFailed}, states)
	assert.Contains(t, results.Rows[1].Message, `"1-2" is none`)
	assert.Contains(t, results.Rows[3].Message, "is there twice, at 0 and 3")
	require.ErrorContains(t, results.Err(), "2 of 4 rows failed")
}

func TestAWrongShippingRowFailsAlone(t *testing.T) {
	t.Parallel()
	row := func(number string) rakuten.ShippingRow { return rakuten.ShippingRow{ShippingNumber: &number} }
	request := rakuten.UpdateShippingRequest{OrderNumber: order1, Packages: []rakuten.ShippingBasket{
		{BasketID: 1, Rows: []rakuten.ShippingRow{row(strings.Repeat("1", 121)), row("a"), {ShippingDeleteFlag: new(rakuten.Flag(true))}}},
		{Rows: []rakuten.ShippingRow{row("b")}},
		{BasketID: 3, Rows: slices.Repeat([]rakuten.ShippingRow{row("c")}, 21)},
		{BasketID: 4, Rows: []rakuten.ShippingRow{row("d")}},
	}}
	var got call
	client := serve(t, record(&got, 200, `{"MessageModelList":[
		{"messageType":"INFO","messageCode":"I","message":"ok","dataNumber":1,"shippingDetailId":10},
		{"messageType":"ERROR","messageCode":"E","message":"だめ","dataNumber":2,"shippingDetailId":null}]}`))
	result, err := client.Orders.UpdateShipping(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, `{"orderNumber":"`+order1+`","BasketidModelList":[{"basketId":1,"ShippingModelList":[{"shippingNumber":"a"}]},{"basketId":4,"ShippingModelList":[{"shippingNumber":"d"}]}]}`, got.Body)
	for index, want := range map[int]rowOutcome{
		0: outcome(0, shotengai.RowFailed, "", "shippingNumber: 121 characters, at most 120 are allowed"), 1: outcome(1, shotengai.RowDone, "I", "ok"),
		2: outcome(2, shotengai.RowFailed, "", "shippingDeleteFlag needs a shippingDetailId"), 3: outcome(3, shotengai.RowFailed, "", "basketId is required"),
		4: outcome(4, shotengai.RowFailed, "", "ShippingModelList: 21, at most 20 are allowed"), 25: outcome(25, shotengai.RowFailed, "E", "だめ"),
	} {
		assert.Equal(t, want, outcomeOf(result.Rows[index]))
	}
	assert.Len(t, request.Packages[0].Rows, 3, "the request is left as it is")
	assert.Len(t, *request.Packages[0].Rows[0].ShippingNumber, 121)
	require.ErrorContains(t, result.Err(), "row 0 (order "+order1+", package 1, parcel 1111")

	never := serve(t, refuseAll(t)).Orders
	request.OrderNumber = "1-2"
	result, err = never.UpdateShipping(t.Context(), request)
	require.NoError(t, err)
	assert.Len(t, result.Failed(), 26)
	result, err = never.UpdateShipping(t.Context(), rakuten.UpdateShippingRequest{OrderNumber: order1, Packages: []rakuten.ShippingBasket{{BasketID: 1}, request.Packages[3]}})
	require.ErrorContains(t, err, "BasketidModelList[0].ShippingModelList: no rows")
	assert.Equal(t, shotengai.RowNotSent, result.Rows[0].State)
}

func TestAWrongOrderIsNotHandedIn(t *testing.T) {
	t.Parallel()
	wrong := parcel(order2)
	wrong.Packages[0].Rows = append(wrong.Packages[0].Rows, rakuten.ShippingRow{ShippingNumber: new(strings.Repeat("1", 121))})
	var got call
	client := serve(t, record(&got, 200, `{"MessageModelList":[{"messageType":"INFO","messageCode":"I","message":"ok","orderNumber":"`+order1+`","requestId":"id_1"}]}`))
	taken, err := client.Orders.UpdateShippingAsync(t.Context(), []rakuten.UpdateShippingRequest{parcel("1-2"), parcel(order1), wrong, parcel(order1)})
	require.NoError(t, err)
	var sent struct {
		Orders []json.RawMessage `json:"OrderShippingModelList"`
	}
	require.NoError(t, json.Unmarshal([]byte(got.Body), &sent))
	assert.Len(t, sent.Orders, 1)
	assert.Equal(t, "id_1", taken.RequestID)
	assert.Equal(t, outcome(1, shotengai.RowDone, "I", "ok"), outcomeOf(taken.Rows[1]))
	assert.Equal(t, outcome(2, shotengai.RowFailed, "", "BasketidModelList[0].ShippingModelList[1]: shippingNumber: 121 characters, at most 120 are allowed"), outcomeOf(taken.Rows[2]))
	assert.Len(t, taken.Failed(), 3)
}

func TestAWrongReservationFailsAlone(t *testing.T) {
	t.Parallel()
	key := rakuten.ReserveKey{ReserveNumber: "1", DetailID: 1}
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		says(200, `{"updateResultList":[{"reserveNumber":"1","detailId":1,"resultCode":"N00-000","resultMessage":"ok"}]}`)(w)
	})
	results, err := client.Reserve.EarlyCommit(t.Context(), []rakuten.ReserveKey{{DetailID: 1}, key, key})
	require.NoError(t, err)
	assert.Equal(t, shotengai.RowFailed, results.Rows[0].State)
	assert.Equal(t, outcome(1, shotengai.RowDone, "N00-000", "ok"), outcomeOf(results.Rows[1]))
	assert.Equal(t, outcome(2, shotengai.RowFailed, "", "the same key as reserveKeyList[1]"), outcomeOf(results.Rows[2]))
}

// What cannot be asked for is missing, and the others are returned.
func TestReadsLeaveOutWhatIsWrong(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `{"MessageModelList":[],"OrderModelList":[{"orderNumber":"`+order1+`"}],"inventories":[{"manageNumber":"shirt","variantId":"Red-M","quantity":1}]}`))
	for name, get := range map[string]func(context.Context, []string, ...shotengai.CallOption) (*rakuten.Orders, error){
		"orders": client.Orders.GetBatch, "purchase items": client.PurchaseItems.GetBatch,
	} {
		orders, err := get(t.Context(), []string{order1, ""})
		require.NoError(t, err, name)
		assert.Len(t, orders.Items, 1)
		require.Len(t, orders.Missing, 1)
		require.ErrorIs(t, orders.Missing[0], shotengai.ErrInvalid)
		require.NotErrorIs(t, orders.Missing[0], shotengai.ErrNotFound)
		assert.Contains(t, got.Body, `"orderNumberList":["`+order1+`"]`)
		orders, err = get(t.Context(), nil)
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		assert.NotNil(t, orders)
	}
	wrong := rakuten.SKU{ManageNumber: "a/b", VariantID: "x"}
	stock, err := client.Inventory.BulkGet(t.Context(), []rakuten.SKU{shirt, wrong, {ManageNumber: "SHIRT", VariantID: "Red-M"}})
	require.NoError(t, err)
	assert.Len(t, stock.Items, 1)
	assert.Equal(t, []rakuten.SKU{wrong}, stock.Missing)
	assert.JSONEq(t, `{"inventories":[{"manageNumber":"shirt","variantId":"Red-M"}]}`, got.Body, "each once")
}

// A loop over orders goes on after one that is cancelled, and stops when it is too fast.
func TestShippingOfACancelledOrder(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	number := srv.Shop().AddOrder(map[string]any{"orderProgress": 900})
	order, err := client.Orders.Get(t.Context(), number)
	require.NoError(t, err)
	request := shipping(order, rakuten.ShippingRow{ShippingNumber: new("1")}, rakuten.ShippingRow{ShippingNumber: new("2")})
	result, err := client.Orders.UpdateShipping(t.Context(), request)
	require.NoError(t, err)
	require.Len(t, result.Failed(), 2)
	for i, row := range result.Failed() {
		assert.Equal(t, outcome(i, shotengai.RowFailed, "ORDER_EXT_API_UPDATE_ORDER_SHIPPING_ERROR_010", "注文のステータスが処理の対象ではありません。"), outcomeOf(row))
	}
	srv.Fail(1, shotengaitest.Fault{Status: http.StatusTooManyRequests})
	result, err = client.Orders.UpdateShipping(t.Context(), request)
	require.ErrorIs(t, err, shotengai.ErrRateLimited)
	assert.Equal(t, shotengai.RowNotSent, result.Rows[1].State)
	_, err = client.Orders.UpdateDelivery(t.Context(), number, "鳩")
	require.ErrorContains(t, err, "failed inside 200")
}
