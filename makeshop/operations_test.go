package makeshop_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

var noon = time.Date(2026, 4, 5, 12, 30, 15, 500, time.UTC)

// TestInputs holds what each method sends as the input of its operation.
func TestInputs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		root, want string
		call       func(context.Context, *makeshop.Client) error
	}{
		{
			"searchOrder", `{"startOrderDate":"20260405213015","endOrderDate":"20260406213015","deliveryStatus":"R","sortOrder":"ASC","page":2,"limit":1000}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.Orders.List(ctx, makeshop.ListOrdersParams{
					StartOrderDate: makeshop.At(noon), EndOrderDate: makeshop.At(noon.AddDate(0, 0, 1)),
					DeliveryStatus: makeshop.DeliveryReturned, SortOrder: makeshop.Ascending, Page: 2, Limit: 1000,
				})
				return err
			},
		},
		{
			"searchMember", `{"joinDateFrom":"20260405","joinDateTo":"20260406"}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.Members.List(ctx, makeshop.ListMembersParams{
					JoinDateFrom: makeshop.DateOf(noon), JoinDateTo: makeshop.DateOf(noon.Add(3 * time.Hour)),
				})
				return err
			},
		},
		{
			"searchProduct", `{"systemCodes":["000000000001"]}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.Products.List(ctx, makeshop.ListProductsParams{SystemCodes: []string{"000000000001"}, Lean: true})
				return err
			},
		},
		{
			"searchProductQuantity", `{}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.ProductQuantities.List(ctx, makeshop.ListProductQuantitiesParams{})
				return err
			},
		},
		{
			"getAccessHeadTag", `{}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.AccessTags.GetHead(ctx, nil)
				return err
			},
		},
		{
			"updateProductQuantity", `{"productQuantities":[{"productKeyType":1,"customCode":"c","quantityCalculationType":1,"quantity":0}]}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.ProductQuantities.Update(ctx, []makeshop.UpdateProductQuantityRequest{
					{ProductKeyType: makeshop.ByCustomCode, CustomCode: "c", QuantityCalculationType: makeshop.QuantityAdd},
				})
				return err
			},
		},
		{
			"updateMemberShopPoint", `{"shopPoints":[{"memberId":"m","point":0}]}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.Members.UpdateShopPoints(ctx, []makeshop.UpdateMemberShopPointRequest{{MemberID: "m"}})
				return err
			},
		},
		{
			"updateOrderAttribute", `{"updateOrderAttributes":[{"displayOrderNumber":"1","deliveryRequestInfos":[{"slipNumber":""}]}]}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.Orders.UpdateAttributes(ctx, []makeshop.UpdateOrderAttributeRequest{
					{DisplayOrderNumber: "1", DeliveryRequestInfos: []makeshop.DeliveryRequestInfo{{SlipNumber: new("")}}},
				})
				return err
			},
		},
		{
			"updateOrderDeliveryStatus", `{"updateOrderDeliveryStatusRequests":[{"displayOrderNumber":"1","deliveryStatus":"RETURN"}]}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.Orders.UpdateDeliveryStatuses(ctx, []makeshop.UpdateOrderDeliveryRequest{{DisplayOrderNumber: "1", DeliveryStatus: "RETURN"}})
				return err
			},
		},
		{
			"createCoupon", `{"coupons":[{"code":"A1","name":"n","isForOnlyMember":true,"hasMaximumMemberUsableCount":true,"maximumMemberUsableCount":1,` +
				`"discountType":"FIXED_RATE","fixedRate":10,"hasPeriod":true,"startedAt":"2026-04-05 21:30:15"}]}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.Coupons.Create(ctx, []makeshop.CreateCouponRequest{{
					Code: "A1", Name: "n", DiscountType: makeshop.DiscountFixedRate, FixedRate: 10, IsForOnlyMember: true,
					MaximumMemberUsableCount: new(uint64(1)), StartedAt: makeshop.CouponAt(noon),
				}})
				return err
			},
		},
	} {
		t.Run(tt.root, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, ok(`{"data":{"`+tt.root+`":{}}}`))
			require.NoError(t, tt.call(t.Context(), newClient(t, srv)))
			var variables struct {
				Input json.RawMessage `json:"input"`
			}
			require.NoError(t, json.Unmarshal(srv.only(t).Body.Variables, &variables))
			assert.Equal(t, tt.want, string(variables.Input))
			assert.Equal(t, tt.root, *srv.only(t).Body.OperationName)
		})
	}
}

// TestWrongInputIsNotSent holds the reasons.
func TestWrongInputIsNotSent(t *testing.T) {
	t.Parallel()
	coupon := makeshop.CreateCouponRequest{Code: "A1", Name: "n", DiscountType: makeshop.DiscountFreeDeliveryFee}
	create := func(change func(*makeshop.CreateCouponRequest)) func(context.Context, *makeshop.Client) error {
		return func(ctx context.Context, c *makeshop.Client) error {
			row := coupon
			change(&row)
			_, err := c.Coupons.Create(ctx, []makeshop.CreateCouponRequest{row})
			return err
		}
	}
	orders := func(params makeshop.ListOrdersParams) func(context.Context, *makeshop.Client) error {
		return func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Orders.List(ctx, params)
			return err
		}
	}
	status := func(s makeshop.UpdateDeliveryStatus) func(context.Context, *makeshop.Client) error {
		return func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Orders.UpdateDeliveryStatuses(ctx, []makeshop.UpdateOrderDeliveryRequest{{DisplayOrderNumber: "1", DeliveryStatus: s}})
			return err
		}
	}
	stock := func(row makeshop.UpdateProductQuantityRequest) func(context.Context, *makeshop.Client) error {
		return func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.ProductQuantities.Update(ctx, []makeshop.UpdateProductQuantityRequest{row})
			return err
		}
	}
	for reason, call := range map[string]func(context.Context, *makeshop.Client) error{
		"limit: 1001":                      orders(makeshop.ListOrdersParams{Limit: 1001}),
		"page: must not":                   orders(makeshop.ListOrdersParams{Page: -1}),
		`deliveryStatus: "COMPLETED"`:      orders(makeshop.ListOrdersParams{DeliveryStatus: "COMPLETED"}),
		`sortOrder: "asc"`:                 orders(makeshop.ListOrdersParams{SortOrder: "asc"}),
		"orderDate: the end":               orders(makeshop.ListOrdersParams{StartOrderDate: makeshop.At(noon), EndOrderDate: makeshop.At(noon.Add(-time.Second))}),
		"parts: ":                          orders(makeshop.ListOrdersParams{Parts: 1 << 10}),
		`deliveryStatus: "Y" is a state`:   status("Y"),
		`deliveryStatus: "" cannot be`:     status(""),
		`deliveryStatus: "NOT YET" cannot`: status("NOT YET"),
		"systemCode: must not be empty":    stock(makeshop.UpdateProductQuantityRequest{QuantityCalculationType: 1}),
		"customCode: must not be empty":    stock(makeshop.UpdateProductQuantityRequest{ProductKeyType: 1, SystemCode: "1", QuantityCalculationType: 1}),
		"productKeyType: 2":                stock(makeshop.UpdateProductQuantityRequest{ProductKeyType: 2, QuantityCalculationType: 1}),
		"quantityCalculationType is":       stock(makeshop.UpdateProductQuantityRequest{SystemCode: "1"}),
		"cancelOrderRequests: no rows": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Orders.Cancel(ctx, nil)
			return err
		},
		"updateOrderAttributes[1]: displayOrderNumber": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Orders.UpdateAttributes(ctx, []makeshop.UpdateOrderAttributeRequest{{DisplayOrderNumber: "1"}, {}})
			return err
		},
		"shopPoints[0]: point": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Members.UpdateShopPoints(ctx, []makeshop.UpdateMemberShopPointRequest{{MemberID: "m", Point: -1}})
			return err
		},
		"joinDate: the end": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Members.List(ctx, makeshop.ListMembersParams{JoinDateFrom: makeshop.DateOf(noon), JoinDateTo: makeshop.DateOf(noon.AddDate(0, 0, -1))})
			return err
		},
		"systemCode and systemCodes": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Products.List(ctx, makeshop.ListProductsParams{SystemCode: "1", SystemCodes: []string{"2"}})
			return err
		},
		"systemCodes: no rows": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Products.List(ctx, makeshop.ListProductsParams{SystemCodes: []string{}})
			return err
		},
		"variationCustomCode: must": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.ProductQuantities.UpdateVariations(ctx, []makeshop.UpdateVariationQuantityRequest{{
				SystemCode: "1", VariationQuantityDetails: []makeshop.VariationQuantityDetail{{VariationKeyType: 1, QuantityCalculationType: 1}},
			}})
			return err
		},
		"variationKeyType is required": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.ProductQuantities.UpdateVariations(ctx, []makeshop.UpdateVariationQuantityRequest{{
				SystemCode: "1", VariationQuantityDetails: []makeshop.VariationQuantityDetail{{QuantityCalculationType: 1}},
			}})
			return err
		},
		"code: set it":            create(func(c *makeshop.CreateCouponRequest) { c.Code = "" }),
		"exclude each other":      create(func(c *makeshop.CreateCouponRequest) { c.CodeAutoCreate = true }),
		"at most 20 letters":      create(func(c *makeshop.CreateCouponRequest) { c.Code = "123456789012345678901" }),
		`code: "夏" is not`:        create(func(c *makeshop.CreateCouponRequest) { c.Code = "夏" }),
		"name: must not be empty": create(func(c *makeshop.CreateCouponRequest) { c.Name = " " }),
		"discountType: ":          create(func(c *makeshop.CreateCouponRequest) { c.DiscountType = "" }),
		"fixedAmount: required":   create(func(c *makeshop.CreateCouponRequest) { c.DiscountType = makeshop.DiscountFixedAmount }),
		"fixedRate: required":     create(func(c *makeshop.CreateCouponRequest) { c.FixedRate = 5 }),
		"fixedRate: 101":          create(func(c *makeshop.CreateCouponRequest) { c.DiscountType, c.FixedRate = makeshop.DiscountFixedRate, 101 }),
		"needs isForOnlyMember":   create(func(c *makeshop.CreateCouponRequest) { c.MaximumMemberUsableCount = new(uint64(1)) }),
		"endedAt is not after started": create(func(c *makeshop.CreateCouponRequest) {
			c.StartedAt, c.EndedAt = makeshop.CouponAt(noon), makeshop.CouponAt(noon)
		}),
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, ok(`{}`))
			err := call(t.Context(), newClient(t, srv))
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			assert.Contains(t, err.Error(), "not sent")
			assert.Contains(t, err.Error(), reason)
			assert.Empty(t, srv.requests())
		})
	}
}

// TestRows holds the three shapes in which mutations report rows that failed, and what is
// made of rows that an answer does not name.
func TestRows(t *testing.T) {
	t.Parallel()
	const done, failed, unknown = shotengai.RowDone, shotengai.RowFailed, shotengai.RowUnknown
	type order = shotengai.Row[makeshop.OrderKey]
	type coupon = shotengai.Row[makeshop.CouponKey]
	type product = shotengai.Row[makeshop.ProductKey]
	type variation = shotengai.Row[makeshop.VariationKey]
	cancel := func(rows ...makeshop.CancelOrderRequest) func(context.Context, *makeshop.Client) (any, error) {
		return func(ctx context.Context, c *makeshop.Client) (any, error) {
			results, err := c.Orders.Cancel(ctx, rows)
			return results.Rows, err
		}
	}
	create := func(rows ...makeshop.CreateCouponRequest) func(context.Context, *makeshop.Client) (any, error) {
		for i := range rows {
			rows[i].DiscountType, rows[i].CodeAutoCreate = makeshop.DiscountFreeDeliveryFee, rows[i].Code == ""
		}
		return func(ctx context.Context, c *makeshop.Client) (any, error) {
			results, err := c.Coupons.Create(ctx, rows)
			return results.Rows, err
		}
	}
	points := func(members ...string) func(context.Context, *makeshop.Client) (any, error) {
		return func(ctx context.Context, c *makeshop.Client) (any, error) {
			rows := make([]makeshop.UpdateMemberShopPointRequest, len(members))
			for i, member := range members {
				rows[i].MemberID = member
			}
			results, err := c.Members.UpdateShopPoints(ctx, rows)
			return results.Rows, err
		}
	}
	stock := func(ctx context.Context, c *makeshop.Client) (any, error) {
		results, err := c.ProductQuantities.Update(ctx, []makeshop.UpdateProductQuantityRequest{
			{SystemCode: "1", CustomCode: "not it", QuantityCalculationType: 1},
			{ProductKeyType: makeshop.ByCustomCode, CustomCode: "c", QuantityCalculationType: 1},
			{SystemCode: "3", QuantityCalculationType: 1},
		})
		return results.Rows, err
	}
	detail := func(code string) makeshop.VariationQuantityDetail {
		return makeshop.VariationQuantityDetail{VariationKeyType: 1, VariationCustomCode: code, QuantityCalculationType: 1, Quantity: 1}
	}
	one, two := makeshop.CancelOrderRequest{DisplayOrderNumber: "1"}, makeshop.CancelOrderRequest{DisplayOrderNumber: "2"}
	for _, tt := range []struct {
		name, body string
		call       func(context.Context, *makeshop.Client) (any, error)
		want       any
	}{
		{
			"a message of the operation's own results, in another order",
			`{"cancelOrder":{"cancelOrderResults":[{"displayOrderNumber":"2","message":"取消済み"},{"displayOrderNumber":"1","message":null}]}}`,
			cancel(one, two),
			[]order{
				{Index: 0, Key: makeshop.OrderKey{DisplayOrderNumber: "1"}, State: done},
				{Index: 1, Key: makeshop.OrderKey{DisplayOrderNumber: "2"}, State: failed, Message: "取消済み"},
			},
		},
		{
			"an order that is not named counts as cancelled",
			`{"cancelOrder":{"cancelOrderResults":[]}}`, cancel(one),
			[]order{{Key: makeshop.OrderKey{DisplayOrderNumber: "1"}, State: done}},
		},
		{
			"one delivery of an order failed", `{"cancelOrder":{"cancelOrderResults":[{"displayOrderNumber":"1","deliveryId":"a"},` +
				`{"displayOrderNumber":"1","deliveryId":"b","message":"出荷済み"},{"displayOrderNumber":"2","deliveryId":"c"}]}}`,
			cancel(one, two),
			[]order{
				{Index: 0, Key: makeshop.OrderKey{DisplayOrderNumber: "1", DeliveryID: "a"}, State: failed, Message: "出荷済み"},
				{Index: 1, Key: makeshop.OrderKey{DisplayOrderNumber: "2", DeliveryID: "c"}, State: done},
			},
		},
		{
			"an order and one delivery of it", `{"cancelOrder":{"cancelOrderResults":[{"displayOrderNumber":"1","deliveryId":"b","message":"出荷済み"}]}}`,
			cancel(one, makeshop.CancelOrderRequest{DisplayOrderNumber: "1", DeliveryID: new("b")}),
			[]order{
				{Index: 0, Key: makeshop.OrderKey{DisplayOrderNumber: "1"}, State: done},
				{Index: 1, Key: makeshop.OrderKey{DisplayOrderNumber: "1", DeliveryID: "b"}, State: failed, Message: "出荷済み"},
			},
		},
		{
			"a failure that names no row", `{"cancelOrder":{"cancelOrderResults":[{"displayOrderNumber":null,"message":"不明"}]}}`, cancel(one, two),
			[]order{
				{Index: 0, Key: makeshop.OrderKey{DisplayOrderNumber: "1"}, State: unknown, Message: "不明"},
				{Index: 1, Key: makeshop.OrderKey{DisplayOrderNumber: "2"}, State: unknown, Message: "不明"},
			},
		},
		{
			"a failure that can only be of one row", `{"cancelOrder":{"cancelOrderResults":[{"displayOrderNumber":"01","message":"不明"}]}}`, cancel(one),
			[]order{{Key: makeshop.OrderKey{DisplayOrderNumber: "1"}, State: failed, Message: "不明"}},
		},
		{
			"a status among results, and a code that the platform made up",
			`{"createCoupon":{"results":[{"code":"A","status":"FAIL","errorMessage":"重複"},{"code":"MADEUP","name":"b","status":"SUCCESS"},{"name":"c","status":null}]}}`,
			create(makeshop.CreateCouponRequest{Name: "b"}, makeshop.CreateCouponRequest{Code: "A", Name: "a"}, makeshop.CreateCouponRequest{Name: "c"}),
			[]coupon{
				{Index: 0, Key: makeshop.CouponKey{Code: "MADEUP", Name: "b"}, State: done},
				{Index: 1, Key: makeshop.CouponKey{Code: "A", Name: "a"}, State: failed, Code: "FAIL", Message: "重複"},
				{Index: 2, Key: makeshop.CouponKey{Name: "c"}, State: failed},
			},
		},
		{
			"points", `{"updateMemberShopPoint":{"results":[{"memberId":"m","message":"退会"},{"memberId":"n"}]}}`, points("m", "n", "o"),
			[]shotengai.Row[string]{
				{Index: 0, Key: "m", State: failed, Message: "退会"},
				{Index: 1, Key: "n", State: done},
				{Index: 2, Key: "o", State: unknown, Message: "the answer does not name the row"},
			},
		},
		{
			"a list of failures", `{"updateProductQuantity":{"failResult":[{"systemCode":"9","customCode":"c","message":"在庫不足"}]}}`, stock,
			[]product{
				{Index: 0, Key: makeshop.ProductKey{SystemCode: "1"}, State: done},
				{Index: 1, Key: makeshop.ProductKey{SystemCode: "9", CustomCode: "c"}, State: failed, Message: "在庫不足"},
				{Index: 2, Key: makeshop.ProductKey{SystemCode: "3"}, State: done},
			},
		},
		{
			"one of two rows of the same product failed", `{"updateProductQuantity":{"failResult":[{"systemCode":"1","message":"在庫不足"}]}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) {
				row := makeshop.UpdateProductQuantityRequest{SystemCode: "1", QuantityCalculationType: 1}
				results, err := c.ProductQuantities.Update(ctx, []makeshop.UpdateProductQuantityRequest{row, row})
				return results.Rows, err
			},
			[]product{
				{Index: 0, Key: makeshop.ProductKey{SystemCode: "1"}, State: failed, Message: "在庫不足"},
				{Index: 1, Key: makeshop.ProductKey{SystemCode: "1"}, State: unknown, Message: "the request has the row twice, and one of them failed"},
			},
		},
		{
			"no failures", `{"updateProductQuantity":{"failResult":[]}}`, stock,
			[]product{
				{Index: 0, Key: makeshop.ProductKey{SystemCode: "1"}, State: done},
				{Index: 1, Key: makeshop.ProductKey{CustomCode: "c"}, State: done},
				{Index: 2, Key: makeshop.ProductKey{SystemCode: "3"}, State: done},
			},
		},
		{
			"a list of failed variations",
			`{"updateVariationQuantity":{"failResult":[{"systemCode":"1","variationCustomCode":"w","variation1ItemId":7,"message":null}]}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) {
				results, err := c.ProductQuantities.UpdateVariations(ctx, []makeshop.UpdateVariationQuantityRequest{
					{SystemCode: "2", VariationQuantityDetails: []makeshop.VariationQuantityDetail{detail("w")}},
					{SystemCode: "1", VariationQuantityDetails: []makeshop.VariationQuantityDetail{detail("v"), detail("w")}},
				})
				return results.Rows, err
			},
			[]variation{
				{Index: 0, Key: makeshop.VariationKey{SystemCode: "2", VariationCustomCode: "w"}, State: done},
				{Index: 1, Key: makeshop.VariationKey{SystemCode: "1", VariationCustomCode: "v"}, State: done},
				{Index: 2, Key: makeshop.VariationKey{SystemCode: "1", VariationCustomCode: "w", Variation1ItemID: "7"}, State: failed},
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.call(t.Context(), newClient(t, newServer(t, ok(`{"data":`+tt.body+`}`))))
			require.NoError(t, err, "the call did not fail as a whole")
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestRowsOfAFailedCall: the error is that of the call, and the rows have what is known.
func TestRowsOfAFailedCall(t *testing.T) {
	t.Parallel()
	const failed, unsent, unknown = shotengai.RowFailed, shotengai.RowNotSent, shotengai.RowUnknown
	rows := []makeshop.CancelOrderRequest{{DisplayOrderNumber: "1"}, {DisplayOrderNumber: "2", DeliveryID: new("b")}}
	for name, tt := range map[string]struct {
		answer answer
		rows   []makeshop.CancelOrderRequest
		kind   error
		want   []shotengai.RowState
		text   string
	}{
		"refused": {answer{422, "application/json", `{"errors":[{"message":"x"}]}`}, rows, shotengai.ErrInvalid, []shotengai.RowState{failed, failed}, "row 1 (2/b): failed: x"},
		"expired": {answer{401, "application/json", `{"errors":[{"message":"x"}]}`}, rows, shotengai.ErrUnauthorized, []shotengai.RowState{unsent, unsent}, "row 1 (2/b): not sent: x"},
		"lost":    {answer{}, rows, shotengai.ErrOutcomeUnknown, []shotengai.RowState{unknown, unknown}, "row 0 (1): unknown"},
		"in part": {
			ok(`{"data":{"cancelOrder":{"cancelOrderResults":[{"displayOrderNumber":"1","message":"取消済み"}]}},"errors":[{"message":"x"}]}`), rows,
			makeshop.ErrPartial,
			[]shotengai.RowState{failed, unknown},
			"row 0 (1): failed: 取消済み",
		},
		"wrong input": {
			answer{},
			[]makeshop.CancelOrderRequest{{DisplayOrderNumber: "1"}, {}},
			shotengai.ErrInvalid,
			[]shotengai.RowState{unsent, failed},
			"displayOrderNumber: must not be empty",
		},
		"no rows": {answer{}, nil, shotengai.ErrInvalid, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			results, err := newClient(t, newServer(t, tt.answer)).Orders.Cancel(t.Context(), tt.rows)
			require.ErrorIs(t, err, tt.kind)
			var e *shotengai.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "mutation cancelOrder", e.Operation)
			var states []shotengai.RowState
			for _, row := range results.Rows {
				states = append(states, row.State)
			}
			assert.Equal(t, tt.want, states)
			if tt.text != "" {
				require.ErrorContains(t, results.Err(), tt.text)
			}
		})
	}
}
