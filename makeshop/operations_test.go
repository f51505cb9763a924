package makeshop_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
				_, err := c.ProductQuantities.Update(ctx, []makeshop.UpdateProductQuantity{
					{ProductKeyType: makeshop.ByCustomCode, CustomCode: "c", QuantityCalculationType: makeshop.QuantityAdd},
				})
				return err
			},
		},
		{
			"updateMemberShopPoint", `{"shopPoints":[{"memberId":"m","point":0}]}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.Members.UpdateShopPoints(ctx, []makeshop.UpdateMemberShopPoint{{MemberID: "m"}})
				return err
			},
		},
		{
			"updateOrderAttribute", `{"updateOrderAttributes":[{"displayOrderNumber":"1","deliveryRequestInfos":[{"slipNumber":""}]}]}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.Orders.UpdateAttributes(ctx, []makeshop.UpdateOrderAttribute{
					{DisplayOrderNumber: "1", DeliveryRequestInfos: []makeshop.DeliveryRequestInfo{{SlipNumber: new("")}}},
				})
				return err
			},
		},
		{
			"updateOrderDeliveryStatus", `{"updateOrderDeliveryStatusRequests":[{"displayOrderNumber":"1","deliveryStatus":"RETURN"}]}`,
			func(ctx context.Context, c *makeshop.Client) error {
				_, err := c.Orders.UpdateDeliveryStatuses(ctx, []makeshop.UpdateOrderDelivery{{DisplayOrderNumber: "1", DeliveryStatus: "RETURN"}})
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
			_, err := c.Orders.UpdateDeliveryStatuses(ctx, []makeshop.UpdateOrderDelivery{{DisplayOrderNumber: "1", DeliveryStatus: s}})
			return err
		}
	}
	stock := func(row makeshop.UpdateProductQuantity) func(context.Context, *makeshop.Client) error {
		return func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.ProductQuantities.Update(ctx, []makeshop.UpdateProductQuantity{row})
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
		"systemCode must not be empty":     stock(makeshop.UpdateProductQuantity{QuantityCalculationType: 1}),
		"customCode must not be empty":     stock(makeshop.UpdateProductQuantity{ProductKeyType: 1, SystemCode: "1", QuantityCalculationType: 1}),
		"productKeyType: 2":                stock(makeshop.UpdateProductQuantity{ProductKeyType: 2, QuantityCalculationType: 1}),
		"quantityCalculationType is":       stock(makeshop.UpdateProductQuantity{SystemCode: "1"}),
		"cancelOrderRequests: no rows": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Orders.Cancel(ctx, nil)
			return err
		},
		"updateOrderAttributes[1]: displayOrderNumber": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Orders.UpdateAttributes(ctx, []makeshop.UpdateOrderAttribute{{DisplayOrderNumber: "1"}, {}})
			return err
		},
		"shopPoints[0]: point": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.Members.UpdateShopPoints(ctx, []makeshop.UpdateMemberShopPoint{{MemberID: "m", Point: -1}})
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
		"variationCustomCode must": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.ProductQuantities.UpdateVariations(ctx, []makeshop.UpdateVariationQuantity{{
				SystemCode: "1", VariationQuantityDetails: []makeshop.VariationQuantityDetail{{VariationKeyType: 1, QuantityCalculationType: 1}},
			}})
			return err
		},
		"variationKeyType is required": func(ctx context.Context, c *makeshop.Client) error {
			_, err := c.ProductQuantities.UpdateVariations(ctx, []makeshop.UpdateVariationQuantity{{
				SystemCode: "1", VariationQuantityDetails: []makeshop.VariationQuantityDetail{{QuantityCalculationType: 1}},
			}})
			return err
		},
		"code: give one":         create(func(c *makeshop.CreateCouponRequest) { c.Code = "" }),
		"exclude each other":     create(func(c *makeshop.CreateCouponRequest) { c.CodeAutoCreate = true }),
		"at most 20 letters":     create(func(c *makeshop.CreateCouponRequest) { c.Code = "123456789012345678901" }),
		`code: "夏" is not`:       create(func(c *makeshop.CreateCouponRequest) { c.Code = "夏" }),
		"name must not be empty": create(func(c *makeshop.CreateCouponRequest) { c.Name = " " }),
		"discountType: ":         create(func(c *makeshop.CreateCouponRequest) { c.DiscountType = "" }),
		"fixedAmount: required":  create(func(c *makeshop.CreateCouponRequest) { c.DiscountType = makeshop.DiscountFixedAmount }),
		"fixedRate: required":    create(func(c *makeshop.CreateCouponRequest) { c.FixedRate = 5 }),
		"fixedRate: 101":         create(func(c *makeshop.CreateCouponRequest) { c.DiscountType, c.FixedRate = makeshop.DiscountFixedRate, 101 }),
		"needs isForOnlyMember":  create(func(c *makeshop.CreateCouponRequest) { c.MaximumMemberUsableCount = new(uint64(1)) }),
		"endedAt is not after started": create(func(c *makeshop.CreateCouponRequest) {
			c.StartedAt, c.EndedAt = makeshop.CouponAt(noon), makeshop.CouponAt(noon)
		}),
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, ok(`{}`))
			err := call(t.Context(), newClient(t, srv))
			require.ErrorIs(t, err, makeshop.ErrInvalid)
			assert.Contains(t, err.Error(), "not sent")
			assert.Contains(t, err.Error(), reason)
			assert.Empty(t, srv.requests())
		})
	}
}

// TestRows holds the three shapes in which mutations tell of rows that failed.
func TestRows(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		call func(context.Context, *makeshop.Client) (any, error)
		want []makeshop.RowFailure
	}{
		"a message of the operation's own results": {
			`{"data":{"cancelOrder":{"cancelOrderResults":[{"displayOrderNumber":"1","message":null},{"displayOrderNumber":"2","message":"取消済み"}]}}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) {
				return c.Orders.Cancel(ctx, []makeshop.CancelOrder{{DisplayOrderNumber: "1"}, {DisplayOrderNumber: "2"}})
			},
			[]makeshop.RowFailure{{Index: 1, Key: "2", Message: "取消済み"}},
		},
		"a status among results": {
			`{"data":{"createCoupon":{"results":[{"code":"A","status":"FAIL","errorMessage":"重複"},{"code":"B","status":"SUCCESS"},{"name":"c","status":null}]}}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) {
				return c.Coupons.Create(ctx, []makeshop.CreateCouponRequest{{Code: "A", Name: "a", DiscountType: makeshop.DiscountFreeDeliveryFee}})
			},
			[]makeshop.RowFailure{{Index: 0, Key: "A", Message: "重複"}, {Index: 2, Key: "c"}},
		},
		"a list of failures": {
			`{"data":{"updateVariationQuantity":{"failResult":[{"systemCode":"1","variationCustomCode":"v","message":null}]}}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) {
				return c.ProductQuantities.UpdateVariations(ctx, []makeshop.UpdateVariationQuantity{{
					SystemCode: "1", VariationQuantityDetails: []makeshop.VariationQuantityDetail{{VariationKeyType: 1, VariationCustomCode: "v", QuantityCalculationType: 1, Quantity: 1}},
				}})
			},
			[]makeshop.RowFailure{{Key: "1 v"}},
		},
		"points": {
			`{"data":{"updateMemberShopPoint":{"results":[{"memberId":"m","message":"退会"}]}}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) {
				return c.Members.UpdateShopPoints(ctx, []makeshop.UpdateMemberShopPoint{{MemberID: "m", Point: 1}})
			},
			[]makeshop.RowFailure{{Key: "m", Message: "退会"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, err := tt.call(t.Context(), newClient(t, newServer(t, ok(tt.body))))
			require.ErrorIs(t, err, makeshop.ErrRows)
			require.NotErrorIs(t, err, makeshop.ErrOutcomeUnknown)
			assert.NotNil(t, result, "the result is there too")
			var failed *makeshop.RowsError
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, tt.want, failed.Rows)
			var e *makeshop.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, 200, e.StatusCode)
			assert.Contains(t, e.Operation, "mutation ")
		})
	}
	result, err := newClient(t, newServer(t, ok(`{"data":{"updateProductQuantity":{"failResult":[]}}}`))).ProductQuantities.
		Update(t.Context(), []makeshop.UpdateProductQuantity{{SystemCode: "1", QuantityCalculationType: 1}})
	require.NoError(t, err)
	assert.Empty(t, result.FailResult)
}
