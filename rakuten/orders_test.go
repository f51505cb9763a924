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
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

const (
	order1 = "123456-20260101-0000000001"
	order2 = "123456-20260101-0000000002"
	order3 = "123456-20260101-0000000003"
)

// theTime is an instant as orders spell it.
var theTime = rakuten.At(time.Date(2026, 1, 2, 3, 4, 5, 0, shotengai.JST))

func TestOrderRequests(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   func(*testing.T, *rakuten.OrdersService) error
		path string
		body string
	}{
		{"search", func(t *testing.T, s *rakuten.OrdersService) error {
			_, err := s.Search(t.Context(), rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: theTime, EndDatetime: theTime, DrugFlag: new(rakuten.Flag(false))})
			return err
		}, "searchOrder", `{"dateType":1,"startDatetime":"2026-01-02T03:04:05+0900","endDatetime":"2026-01-02T03:04:05+0900","drugFlag":0}`},
		{"sub-statuses", func(t *testing.T, s *rakuten.OrdersService) error {
			_, err := s.SubStatuses(t.Context())
			return err
		}, "getSubStatusList", ``},
		{"confirm", func(t *testing.T, s *rakuten.OrdersService) error {
			_, err := s.Confirm(t.Context(), []string{order1})
			return err
		}, "confirmOrder", `{"orderNumberList":["` + order1 + `"]}`},
		{"sub-status", func(t *testing.T, s *rakuten.OrdersService) error {
			_, err := s.UpdateSubStatus(t.Context(), 7, []string{order1})
			return err
		}, "updateOrderSubStatus", `{"subStatusId":7,"orderNumberList":["` + order1 + `"]}`},
		{"memo", func(t *testing.T, s *rakuten.OrdersService) error {
			_, err := s.UpdateMemo(t.Context(), rakuten.UpdateOrderMemoRequest{OrderNumber: order1, Memo: shotengai.Clear[string](), Operator: shotengai.Set("山田")})
			return err
		}, "updateOrderMemo", `{"orderNumber":"` + order1 + `","memo":null,"operator":"山田"}`},
		{"delivery", func(t *testing.T, s *rakuten.OrdersService) error {
			_, err := s.UpdateDelivery(t.Context(), order1, "メール便")
			return err
		}, "updateOrderDelivery", `{"orderNumber":"` + order1 + `","deliveryName":"メール便"}`},
		{"cancel", func(t *testing.T, s *rakuten.OrdersService) error {
			_, err := s.Cancel(t.Context(), rakuten.CancelOrderRequest{OrderNumber: order1, ChangeReasonDetailApply: rakuten.ReasonOutOfStock})
			return err
		}, "cancelOrder", `{"orderNumber":"` + order1 + `","inventoryRestoreType":0,"changeReasonDetailApply":8}`},
		{"payment", func(t *testing.T, s *rakuten.OrdersService) error {
			_, err := s.Payment(t.Context(), order1)
			return err
		}, "getPayment", `{"orderNumber":"` + order1 + `","version":4}`},
		{"shipping", func(t *testing.T, s *rakuten.OrdersService) error {
			_, err := s.UpdateShipping(t.Context(), rakuten.UpdateShippingRequest{OrderNumber: order1, Packages: []rakuten.ShippingBasket{{BasketID: 5, Rows: []rakuten.ShippingRow{
				{DeliveryCompany: new(rakuten.CarrierYamato), ShippingNumber: new("1-2"), ShippingDate: rakuten.ShippedOn(shotengai.Date{Year: 2026, Month: 1, Day: 3})},
				{ShippingDetailID: new(int64(9)), ShippingDate: rakuten.NoShipDate()},
			}}}})
			return err
		}, "updateOrderShipping", `{"orderNumber":"` + order1 + `","BasketidModelList":[{"basketId":5,"ShippingModelList":[{"deliveryCompany":"1001","shippingNumber":"1-2","shippingDate":"2026-01-03"},{"shippingDetailId":9,"shippingDate":""}]}]}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got call
			client := serve(t, record(&got, 200, `{"MessageModelList":[],"StatusModelList":[],"orderNumberList":[]}`))
			require.NoError(t, test.do(t, client.Orders))
			assert.Equal(t, "POST", got.Method)
			assert.Equal(t, "/es/2.0/order/"+test.path+"/", got.Path, "with its trailing slash")
			assert.Equal(t, test.body, got.Body)
		})
	}
}

func TestOrderRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("was sent") })
	orders, ctx := client.Orders, t.Context()
	long := rakuten.At(theTime.AddDate(0, 0, 64))
	search := func(change func(*rakuten.SearchOrdersParams)) error {
		p := rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: theTime, EndDatetime: theTime}
		change(&p)
		_, err := orders.Search(ctx, p)
		return err
	}
	second := func(_ any, err error) error { return err }
	for want, err := range map[string]error{
		"longer than 63 days":   search(func(p *rakuten.SearchOrdersParams) { p.EndDatetime = long }),
		"before startDatetime":  search(func(p *rakuten.SearchOrdersParams) { p.StartDatetime = long }),
		"dateType: 0":           search(func(p *rakuten.SearchOrdersParams) { p.DateType = 0 }),
		"stands alone":          search(func(p *rakuten.SearchOrdersParams) { p.SubStatusIDList = []int{-1, 2} }),
		"go together":           search(func(p *rakuten.SearchOrdersParams) { p.PhoneNumber = new("1") }),
		"needs a searchKeyword": search(func(p *rakuten.SearchOrdersParams) { p.SearchKeyword = new("x") }),
		"41 characters": search(func(p *rakuten.SearchOrdersParams) {
			p.SearchKeyword, p.SearchKeywordType = new(strings.Repeat("x", 41)), new(rakuten.KeywordSKUNumber)
		}),
		"in 4000 are allowed": search(func(p *rakuten.SearchOrdersParams) {
			p.SearchKeyword, p.SearchKeywordType = new(strings.Repeat("𠮷", 1001)), new(rakuten.KeywordItemName)
		}),
		`orderNumber: "123456"`:   second(orders.UpdateMemo(ctx, rakuten.UpdateOrderMemoRequest{OrderNumber: "123456"})),
		"requestRecordsAmount":    search(func(p *rakuten.SearchOrdersParams) { p.Pagination = &rakuten.SearchPage{RequestRecordsAmount: 1001} }),
		"no order numbers":        second(orders.GetBatch(ctx, nil)),
		`"123456-2026"`:           second(orders.Get(ctx, "123456-2026")),
		"orderNumberList: no":     second(orders.Confirm(ctx, nil)),
		"memo: 1001":              second(orders.UpdateMemo(ctx, rakuten.UpdateOrderMemoRequest{OrderNumber: order1, Memo: shotengai.Set(strings.Repeat("あ", 1001))})),
		"deliveryName":            second(orders.UpdateDelivery(ctx, order1, "")),
		"changeReasonDetailApply": second(orders.Cancel(ctx, rakuten.CancelOrderRequest{OrderNumber: order1})),
		"BasketidModelList is":    second(orders.UpdateShipping(ctx, rakuten.UpdateShippingRequest{OrderNumber: order1})),
		"PackageModelList":        second(orders.UpdateSender(ctx, rakuten.UpdateOrderSenderRequest{OrderNumber: order1})),
		"OrderShippingModelList":  second(orders.UpdateShippingAsync(ctx, nil)),
		"requestId":               second(orders.AsyncResult(ctx, "")),
	} {
		require.ErrorIs(t, err, shotengai.ErrInvalid, want)
		assert.ErrorContains(t, err, want)
	}
}

func TestSearchWithoutAHit(t *testing.T) {
	t.Parallel()
	params := rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: theTime, EndDatetime: theTime}
	const none = `{"MessageModelList":[{"messageType":"INFO","messageCode":"ORDER_EXT_API_SEARCH_ORDER_INFO_102","message":"なし"}],"orderNumberList":[],"PaginationResponseModel":`
	for _, pagination := range []string{`{"totalRecordsAmount":null,"totalPages":null,"requestPage":null}}`, `null}`} {
		var got call
		client := serve(t, record(&got, 200, none+pagination))
		page, err := client.Orders.Search(t.Context(), params)
		require.NoError(t, err)
		assert.Empty(t, page.Items)
		assert.Zero(t, *page.Total)
		assert.Zero(t, *page.Pages)
	}
}

// A search that failed has neither a list nor a pagination, whatever its messages say.
func TestQuirk2SearchThatFailed(t *testing.T) {
	t.Parallel()
	for _, messages := range []string{`[]`, `[{"messageType":"WARNING","messageCode":"W","message":"?"}]`, `[{"messageType":"ERROR","messageCode":"E","message":"だめ"}]`} {
		var got call
		client := serve(t, record(&got, 200, `{"MessageModelList":`+messages+`,"orderNumberList":null,"PaginationResponseModel":null}`))
		_, err := client.Orders.Search(t.Context(), rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: theTime, EndDatetime: theTime})
		require.ErrorIs(t, err, shotengai.ErrInvalid, messages)
		_, err = client.PurchaseItems.Search(t.Context(), rakuten.SearchPurchaseItemsParams{DateType: rakuten.DateOrdered, StartDatetime: theTime, EndDatetime: theTime})
		require.ErrorIs(t, err, shotengai.ErrInvalid, messages)
		var orders int
		for _, err = range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 1))) {
			orders++
		}
		require.ErrorIs(t, err, shotengai.ErrInvalid, "a failure is not an empty list of orders")
		assert.Equal(t, 1, orders)
	}
}

func message(kind, order string) string {
	return fmt.Sprintf(`{"messageType":%q,"messageCode":"C_%s","message":"文","orderNumber":%q}`, kind, kind, order)
}

func TestRowsOfABatch(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `{"MessageModelList":[`+message("INFO", order1)+`,`+message("ERROR", order2)+`]}`))
	results, err := client.Orders.Confirm(t.Context(), []string{order1, order2, order3})
	require.NoError(t, err, "a row that failed is a row")
	states := []shotengai.RowState{results.Rows[0].State, results.Rows[1].State, results.Rows[2].State}
	assert.Equal(t, []shotengai.RowState{shotengai.RowDone, shotengai.RowFailed, shotengai.RowUnknown}, states)
	assert.Len(t, results.Failed(), 2)
	require.ErrorContains(t, results.Err(), "2 of 3 rows failed")
	require.ErrorContains(t, results.Err(), order2)
}

// Of several messages about a row, an ERROR counts.
func TestAnErrorAboutARowCounts(t *testing.T) {
	t.Parallel()
	const row = `{"messageType":"%s","messageCode":"C","message":"文","dataNumber":%d,"shippingDetailId":null}`
	request := rakuten.UpdateShippingRequest{OrderNumber: order1, Packages: []rakuten.ShippingBasket{{BasketID: 1, Rows: []rakuten.ShippingRow{{}}}}}
	for _, kinds := range [][]string{{"ERROR", "INFO"}, {"INFO", "ERROR"}} {
		var got call
		client := serve(t, record(&got, 200, `{"MessageModelList":[`+message(kinds[0], order1)+`,`+message(kinds[1], order1)+`]}`))
		results, err := client.Orders.Confirm(t.Context(), []string{order1})
		require.NoError(t, err)
		assert.Equal(t, shotengai.RowFailed, results.Rows[0].State)
		assert.Equal(t, "C_ERROR", results.Rows[0].Code)

		messages := fmt.Sprintf(row+","+row, kinds[0], 1, kinds[1], 1)
		shipped, err := serve(t, record(&got, 200, `{"MessageModelList":[`+messages+`]}`)).Orders.UpdateShipping(t.Context(), request)
		require.NoError(t, err)
		assert.Equal(t, shotengai.RowFailed, shipped.Rows[0].State)
	}
	var got call
	shipped, err := serve(t, record(&got, 200, `{"MessageModelList":[`+fmt.Sprintf(row, "INFO", 2)+`]}`)).Orders.UpdateShipping(t.Context(), request)
	require.NoError(t, err)
	assert.Len(t, shipped.Messages, 1, "there is no second row")
}

func TestBatchThatFailsAsAWhole(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `{"MessageModelList":[{"messageType":"ERROR","messageCode":"C1","message":"だめ","orderNumber":null}]}`))
	results, err := client.Orders.Confirm(t.Context(), []string{order1})
	require.NoError(t, err, "what is refused for what it asks is in the rows")
	assert.Equal(t, outcome(0, shotengai.RowFailed, "C1", "だめ"), outcomeOf(results.Rows[0]))
	require.ErrorContains(t, results.Err(), "("+order1+"): failed: だめ (C1)")
}

// rowOutcome is a row of a batch without what it is about.
type rowOutcome struct {
	Index         int
	State         shotengai.RowState
	Code, Message string
}

func outcome(index int, state shotengai.RowState, code, message string) rowOutcome {
	return rowOutcome{index, state, code, message}
}

func outcomeOf[K any](row shotengai.Row[K]) rowOutcome {
	return rowOutcome{row.Index, row.State, row.Code, row.Message}
}

// row is a row of a batch about key.
func row[K any](key K, o rowOutcome) shotengai.Row[K] {
	return shotengai.Row[K]{Index: o.Index, Key: key, State: o.State, Code: o.Code, Message: o.Message}
}

// Where all rows fail, the platform may answer with 400: the rows say so all the same. An
// error about the whole call is one.
func TestQuirk2RowsOfARefusal(t *testing.T) {
	t.Parallel()
	client := func(body string) *rakuten.OrdersService {
		var got call
		return serve(t, record(&got, 400, `{"MessageModelList":[`+body+`]}`)).Orders
	}
	ctx := t.Context()
	const whole = `{"messageType":"ERROR","messageCode":"W","message":"だめ","orderNumber":null}`
	const first = `{"messageType":"ERROR","messageCode":"C_ERROR","message":"文","dataNumber":1,"shippingDetailId":null}`
	both := message("ERROR", order1) + "," + message("ERROR", order2)
	failed := []shotengai.Row[string]{
		row(order1, outcome(0, shotengai.RowFailed, "C_ERROR", "文")), row(order2, outcome(1, shotengai.RowFailed, "C_ERROR", "文")),
	}

	results, err := client(both).Confirm(ctx, []string{order1, order2})
	require.NoError(t, err)
	assert.Equal(t, failed, results.Rows)
	results, err = client(both).UpdateSubStatus(ctx, 1, []string{order1, order2})
	require.NoError(t, err)
	assert.Equal(t, failed, results.Rows)
	results, err = client(both+","+whole).Confirm(ctx, []string{order1, order2, order3})
	require.NoError(t, err)
	assert.Equal(t, failed, results.Rows[:2])
	assert.Equal(t, outcome(2, shotengai.RowUnknown, "W", "だめ"), outcomeOf(results.Rows[2]), "of which nothing is said beside the others")
	results, err = client(both).Confirm(ctx, []string{order3})
	require.NoError(t, err)
	assert.Equal(t, shotengai.RowFailed, results.Rows[0].State, "with the call, about orders that were not asked for")
	assert.Len(t, results.Messages, 2)

	orders, err := client(both).GetBatch(ctx, []string{order1, order2})
	require.NoError(t, err)
	require.Len(t, orders.Missing, 2)
	for i, number := range []string{order1, order2} {
		require.EqualError(t, orders.Missing[i], fmt.Sprintf("rakuten: POST /es/2.0/order/getOrder/: row %d (%s): 文 (C_ERROR)", i, number))
	}
	_, err = client(whole).GetBatch(ctx, []string{order1})
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	results, err = client("").Confirm(ctx, []string{order1})
	require.ErrorIs(t, err, shotengai.ErrInvalid, "a refusal without a reason")
	assert.Equal(t, shotengai.RowFailed, results.Rows[0].State)

	request := rakuten.UpdateShippingRequest{OrderNumber: order1, Packages: []rakuten.ShippingBasket{{BasketID: 1, Rows: []rakuten.ShippingRow{{ShippingNumber: new("1")}}}}}
	shipped, err := client(first).UpdateShipping(ctx, request)
	require.NoError(t, err)
	assert.Equal(t, outcome(0, shotengai.RowFailed, "C_ERROR", "文"), outcomeOf(shipped.Rows[0]))
	shipped, err = client(whole).UpdateShipping(ctx, request)
	require.NoError(t, err)
	assert.Equal(t, outcome(0, shotengai.RowFailed, "W", "だめ"), outcomeOf(shipped.Rows[0]))
	taken, err := client(message("ERROR", order1)).UpdateShippingAsync(ctx, []rakuten.UpdateShippingRequest{request})
	require.NoError(t, err)
	assert.Empty(t, taken.RequestID, "nothing was taken")
	assert.Equal(t, outcome(0, shotengai.RowFailed, "C_ERROR", "文"), outcomeOf(taken.Rows[0]))
	require.Len(t, taken.Messages, 1)
	assert.True(t, taken.Messages[0].IsError())
	assert.Equal(t, order1, taken.Messages[0].OrderNumber)
}

func TestBatchThatIsNotSent(t *testing.T) {
	t.Parallel()
	noLicence := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return rakuten.License{}, io.ErrNoProgress })
	client := serveWith(t, noLicence, func(http.ResponseWriter, *http.Request) { t.Error("was sent") })
	results, err := client.Orders.Confirm(t.Context(), []string{order1})
	require.ErrorIs(t, err, io.ErrNoProgress)
	require.Len(t, results.Rows, 1)
	assert.Equal(t, shotengai.RowNotSent, results.Rows[0].State)
	assert.Contains(t, results.Rows[0].Message, "not sent: no licence")
}

func manyNumbers(n int) []string {
	numbers := make([]string, n)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("123456-20260101-%010d", i)
	}
	return numbers
}

func TestBatchGoesOnAfterRowsThatFailed(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			OrderNumberList []string `json:"orderNumberList"`
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		kind := "INFO"
		if calls.Add(1) == 1 {
			kind = "ERROR"
			w.WriteHeader(http.StatusBadRequest)
		}
		rows := make([]string, len(body.OrderNumberList))
		for i, number := range body.OrderNumberList {
			rows[i] = message(kind, number)
		}
		_, _ = io.WriteString(w, `{"MessageModelList":[`+strings.Join(rows, ",")+`]}`)
	})
	results, err := client.Orders.Confirm(t.Context(), manyNumbers(130))
	require.NoError(t, err)
	assert.Len(t, results.Failed(), 100)
	assert.Equal(t, shotengai.RowDone, results.Rows[129].State)
}

func TestBatchOfManyCallsKeepsItsRows(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 2 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		var body struct {
			OrderNumberList []string `json:"orderNumberList"`
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		rows := make([]string, len(body.OrderNumberList))
		for i, number := range body.OrderNumberList {
			rows[i] = message("INFO", number)
		}
		_, _ = io.WriteString(w, `{"MessageModelList":[`+strings.Join(rows, ",")+`]}`)
	})
	numbers := manyNumbers(250)
	results, err := client.Orders.Confirm(t.Context(), numbers)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	require.Len(t, results.Rows, 250)
	for i, want := range map[int]shotengai.RowState{0: shotengai.RowDone, 99: shotengai.RowDone, 100: shotengai.RowUnknown, 199: shotengai.RowUnknown, 200: shotengai.RowNotSent} {
		assert.Equal(t, want, results.Rows[i].State, i)
		assert.Equal(t, numbers[i], results.Rows[i].Key)
	}
	assert.EqualValues(t, 2, calls.Load(), "a write is not sent again")
}

func TestGetKeepsOrdersBesideAnError(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `{"MessageModelList":[{"messageType":"ERROR","messageCode":"C1","message":"だめ","orderNumber":null}],"OrderModelList":[{"orderNumber":"`+order1+`"}]}`))
	orders, err := client.Orders.GetBatch(t.Context(), []string{order1, order2})
	require.NoError(t, err)
	assert.Len(t, orders.Items, 1)
	require.Len(t, orders.Missing, 1)
	assert.Equal(t, order2, orders.Missing[0].ID)
	assert.Len(t, orders.Messages, 1)
}

func TestGetReportsMissingOrders(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `{"MessageModelList":[`+message("ERROR", order2)+`],"OrderModelList":[{"orderNumber":"`+order1+`"}]}`))
	orders, err := client.Orders.GetBatch(t.Context(), []string{order1, order2, order3})
	require.NoError(t, err)
	assert.Equal(t, order1, orders.Items[0].OrderNumber)
	require.Len(t, orders.Missing, 2)
	require.ErrorContains(t, orders.Missing[0], "(C_ERROR)")
	require.ErrorContains(t, orders.Missing[1], "neither")
	assert.Equal(t, []int{1, 2}, []int{orders.Missing[0].Index, orders.Missing[1].Index}, "the positions in the request")
	_, err = client.Orders.Get(t.Context(), order2)
	missing, ok := errors.AsType[*shotengai.RowError](err)
	require.True(t, ok)
	assert.Equal(t, order2, missing.ID)
}

func TestShippingRows(t *testing.T) {
	t.Parallel()
	request := rakuten.UpdateShippingRequest{OrderNumber: order1, Packages: []rakuten.ShippingBasket{
		{BasketID: 1, Rows: []rakuten.ShippingRow{{ShippingNumber: new("1")}, {ShippingNumber: new("2")}}},
		{BasketID: 2, Rows: []rakuten.ShippingRow{{ShippingNumber: new("3")}, {ShippingDetailID: new(int64(40))}}},
	}}
	var got call
	client := serve(t, record(&got, 200, `{"MessageModelList":[
		{"messageType":"INFO","messageCode":"I","message":"ok","dataNumber":1,"shippingDetailId":10},
		{"messageType":"ERROR","messageCode":"E","message":"だめ","dataNumber":3,"shippingDetailId":null},
		{"messageType":"INFO","messageCode":"I","message":"ok","dataNumber":null,"shippingDetailId":40}]}`))
	result, err := client.Orders.UpdateShipping(t.Context(), request)
	require.NoError(t, err)
	want := []shotengai.Row[rakuten.Parcel]{
		row(rakuten.Parcel{OrderNumber: order1, BasketID: 1, ShippingNumber: "1", ShippingDetailID: 10}, outcome(0, shotengai.RowDone, "I", "ok")),
		row(rakuten.Parcel{OrderNumber: order1, BasketID: 1, ShippingNumber: "2"}, outcome(1, shotengai.RowUnknown, "", "the platform said nothing of it")),
		row(rakuten.Parcel{OrderNumber: order1, BasketID: 2, ShippingNumber: "3"}, outcome(2, shotengai.RowFailed, "E", "だめ")),
		row(rakuten.Parcel{OrderNumber: order1, BasketID: 2, ShippingDetailID: 40}, outcome(3, shotengai.RowDone, "I", "ok")),
	}
	assert.Equal(t, want, result.Rows)
	assert.Len(t, result.Failed(), 2)
	var failed *shotengai.RowFailure
	require.ErrorAs(t, result.Err(), &failed)
	require.ErrorContains(t, result.Err(), "2 of 4 rows failed")
	require.ErrorContains(t, result.Err(), "row 2 (order "+order1+", package 2, parcel 3): failed: だめ (E)")
}

func TestShippingRowsThatNoMessageNames(t *testing.T) {
	t.Parallel()
	const whole = `{"messageType":"%s","messageCode":"W","message":"文","dataNumber":null,"shippingDetailId":null}`
	const first = `,{"messageType":"INFO","messageCode":"I","message":"ok","dataNumber":1,"shippingDetailId":10}`
	request := rakuten.UpdateShippingRequest{OrderNumber: order1, Packages: []rakuten.ShippingBasket{{BasketID: 1, Rows: []rakuten.ShippingRow{{}, {}}}}}
	tests := []struct {
		name, messages string
		want           rowOutcome // of the second row
	}{
		{"nothing is said", "", outcome(1, shotengai.RowUnknown, "", "the platform said nothing of it")},
		{"a success of all", fmt.Sprintf(whole, "INFO"), outcome(1, shotengai.RowDone, "W", "文")},
		{"a success, and one row named", fmt.Sprintf(whole, "INFO") + first, outcome(1, shotengai.RowUnknown, "", "the platform said nothing of it")},
		{"a refusal", fmt.Sprintf(whole, "ERROR"), outcome(1, shotengai.RowFailed, "W", "文")},
		{"a refusal, and one row named", fmt.Sprintf(whole, "ERROR") + first, outcome(1, shotengai.RowUnknown, "W", "文")},
		{"another row", strings.ReplaceAll(first[1:], `"dataNumber":1`, `"dataNumber":3`), outcome(1, shotengai.RowUnknown, "", "the platform said nothing of it")},
	}
	for _, test := range tests {
		var got call
		result, err := serve(t, record(&got, 200, `{"MessageModelList":[`+test.messages+`]}`)).Orders.UpdateShipping(t.Context(), request)
		require.NoError(t, err, test.name)
		require.Len(t, result.Rows, 2)
		assert.Equal(t, test.want, outcomeOf(result.Rows[1]), test.name)
	}
}

// H13: a request that adds parcels is sent once, whatever happens.
func TestH13ShippingIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	adds := rakuten.UpdateShippingRequest{OrderNumber: order1, Packages: []rakuten.ShippingBasket{{BasketID: 1, Rows: []rakuten.ShippingRow{{ShippingNumber: new("1")}}}}}
	changes := rakuten.UpdateShippingRequest{OrderNumber: order1, Packages: []rakuten.ShippingBasket{{BasketID: 1, Rows: []rakuten.ShippingRow{{ShippingDetailID: new(int64(1))}}}}}
	tests := []struct {
		name    string
		status  int
		request rakuten.UpdateShippingRequest
		calls   int32
		state   shotengai.RowState
	}{
		{"503", 503, adds, 1, shotengai.RowUnknown},
		{"too fast, adding", 429, adds, 1, shotengai.RowNotSent},
		{"too fast, changing", 429, changes, 3, shotengai.RowNotSent},
		{"unauthorised", 401, adds, 1, shotengai.RowNotSent},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.WriteHeader(test.status)
			}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 3}))
			result, err := client.Orders.UpdateShipping(t.Context(), test.request)
			require.Error(t, err)
			assert.Equal(t, test.calls, calls.Load())
			assert.Equal(t, test.state, result.Rows[0].State)
			assert.Contains(t, result.Rows[0].Message, strconv.Itoa(test.status), "and why")
			calls.Store(0)
			taken, err := client.Orders.UpdateShippingAsync(t.Context(), []rakuten.UpdateShippingRequest{test.request})
			require.Error(t, err)
			assert.Equal(t, test.state, taken.Rows[0].State)
			assert.Equal(t, test.calls, calls.Load())
			calls.Store(0)
			_, err = client.Orders.UpdateShipping(t.Context(), test.request, shotengai.WithRetry())
			require.Error(t, err)
			assert.Equal(t, test.calls, calls.Load(), "nor when it is permitted")
		})
	}
}

func TestQuirk12AsyncShipping(t *testing.T) {
	t.Parallel()
	request := func(order string) rakuten.UpdateShippingRequest {
		return rakuten.UpdateShippingRequest{OrderNumber: order, Packages: []rakuten.ShippingBasket{{BasketID: 1, Rows: []rakuten.ShippingRow{{ShippingNumber: new("1")}}}}}
	}
	synctest.Test(t, func(t *testing.T) {
		var polls atomic.Int32
		client := bubble(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/updateOrderShippingAsync/") {
				_, _ = io.WriteString(w, `{"MessageModelList":[
					{"messageType":"INFO","messageCode":"I","message":"ok","orderNumber":"","requestId":"id_20260101000000"},
					{"messageType":"ERROR","messageCode":"E","message":"だめ","orderNumber":"`+order2+`","requestId":"","dataNumber":1}]}`)
				return
			}
			if polls.Add(1) < 4 {
				_, _ = io.WriteString(w, `{"ResultShippingModelList":[]}`)
				return
			}
			_, _ = io.WriteString(w, `{"ResultShippingModelList":[{"orderNumber":"`+order1+`","MessageModelList":[{"messageType":"INFO","messageCode":"I","message":"ok","dataNumber":1,"shippingDetailId":77}]}]}`)
		})
		taken, err := client.Orders.UpdateShippingAsync(t.Context(), []rakuten.UpdateShippingRequest{request(order1), request(order2)})
		require.NoError(t, err)
		assert.Equal(t, "id_20260101000000", taken.RequestID)
		require.Len(t, taken.Messages, 2)
		assert.True(t, taken.Messages[1].IsError())
		assert.Equal(t, order2, taken.Messages[1].OrderNumber)
		assert.Equal(t, []shotengai.Row[string]{
			row(order1, outcome(0, shotengai.RowDone, "", "")), row(order2, outcome(1, shotengai.RowFailed, "E", "だめ")),
		}, taken.Rows)
		require.ErrorContains(t, taken.Err(), order2)
		_, err = client.Orders.AsyncResult(t.Context(), taken.RequestID)
		require.ErrorIs(t, err, rakuten.ErrResultPending)
		started := time.Now()
		results, err := client.Orders.Await(t.Context(), taken.RequestID, 5*time.Second)
		require.NoError(t, err)
		assert.Equal(t, 35*time.Second, time.Since(started), "5, 10 and 20 seconds")
		rows := results.Items[0].Result(request(order1)).Rows
		assert.Equal(t, []shotengai.Row[rakuten.Parcel]{
			row(rakuten.Parcel{OrderNumber: order1, BasketID: 1, ShippingNumber: "1", ShippingDetailID: 77}, outcome(0, shotengai.RowDone, "I", "ok")),
		}, rows)
		assert.Equal(t, shotengai.RowUnknown, results.Items[0].Result(request(order2)).Rows[0].State, "of another order")
		assert.False(t, results.Items[0].Failed())
	})
}

// "Unknown" and "not yet" are the same answer, so that only the context ends the waiting.
func TestQuirk12AwaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked []time.Duration
		started := time.Now()
		client := bubble(t, func(w http.ResponseWriter, _ *http.Request) {
			asked = append(asked, time.Since(started))
			_, _ = io.WriteString(w, `{"ResultShippingModelList":[]}`)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Second)
		defer cancel()
		_, err := client.Orders.Await(ctx, "wrong", 0)
		require.ErrorIs(t, err, rakuten.ErrResultPending)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		// A pause of a second, then each twice as long as the one before, a minute at most.
		want := []time.Duration{
			time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second, 31 * time.Second, 63 * time.Second, 123 * time.Second, 183 * time.Second,
		}
		assert.Equal(t, want, asked)
	})
}

func TestAsyncShippingOfWhichNothingIsTaken(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `{"MessageModelList":[{"messageType":"ERROR","messageCode":"E","message":"だめ","orderNumber":"`+order1+`","requestId":"","dataNumber":2}]}`))
	taken, err := client.Orders.UpdateShippingAsync(t.Context(), []rakuten.UpdateShippingRequest{{OrderNumber: order1, Packages: []rakuten.ShippingBasket{{BasketID: 1, Rows: []rakuten.ShippingRow{{}}}}}})
	require.NoError(t, err)
	assert.Empty(t, taken.RequestID)
	require.Len(t, taken.Messages, 1)
	assert.True(t, taken.Messages[0].IsError())
	assert.Equal(t, taken.Failed(), taken.Rows)
	require.ErrorContains(t, taken.Err(), order1+"): failed: だめ (E)")
}

func TestQuirk4AmountsThatAreNotFixed(t *testing.T) {
	t.Parallel()
	const fixed = `"totalPrice":1000,"couponAllTotalPrice":100,"deliveryPrice":330,"paymentCharge":50,"additionalFeeOccurAmountToUser":20`
	tests := []struct {
		body string
		want int64
		ok   bool
	}{
		{`{` + fixed + `}`, 1300, true},
		{`{` + strings.Replace(fixed, "330", "-9999", 1) + `}`, 0, false},
		{`{` + strings.Replace(fixed, `"paymentCharge":50,`, "", 1) + `}`, 0, false},
		{`{"totalPrice":0,"couponAllTotalPrice":0,"deliveryPrice":0,"paymentCharge":0,"additionalFeeOccurAmountToUser":0}`, 0, true},
	}
	for _, test := range tests {
		var order rakuten.Order
		require.NoError(t, json.Unmarshal([]byte(test.body), &order))
		yen, ok := order.Total()
		assert.Equal(t, test.want, yen)
		assert.Equal(t, test.ok, ok, test.body)
		again, err := json.Marshal(order)
		require.NoError(t, err)
		for member := range strings.SplitSeq(strings.Trim(test.body, "{}"), ",") {
			assert.Contains(t, string(again), member)
		}
	}
	assert.Equal(t, "not fixed", rakuten.NotFixed().String())
	assert.Equal(t, "12", rakuten.Yen(12).String())
	assert.Equal(t, "not sent", rakuten.Amount{}.String())
	require.Error(t, json.Unmarshal([]byte(`1.5`), new(rakuten.Amount)))
}

func TestShippingTermHours(t *testing.T) {
	t.Parallel()
	from, to, ok := rakuten.ShippingTerm(1214).Hours()
	assert.Equal(t, []any{12, 14, true}, []any{from, to, ok})
	from, to, ok = rakuten.ShippingTerm(724).Hours()
	assert.Equal(t, []any{7, 24, true}, []any{from, to, ok})
	for _, term := range []rakuten.ShippingTerm{rakuten.TermNone, rakuten.TermOther, 1412, 2530} {
		_, _, ok := term.Hours()
		assert.False(t, ok, term)
	}
}

func TestErrorsOfOrders(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{401: shotengai.ErrUnauthorized, 404: shotengai.ErrNotFound, 429: shotengai.ErrRateLimited, 500: shotengai.ErrUnavailable} {
		var got call
		client := serve(t, record(&got, status, `<html><body>sorry</body></html>`), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
		_, err := client.Orders.SubStatuses(t.Context())
		require.ErrorIs(t, err, want)
		_, err = client.PurchaseItems.GetBatch(t.Context(), []string{order1})
		require.ErrorIs(t, err, want)
	}
}
