package makeshop_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

// TestReads holds what the methods without rows make of answers, of null too.
func TestReads(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body string
		call       func(context.Context, *makeshop.Client) (any, error)
		want       any
	}{
		{
			"body tag", `{"data":{"getAccessBodyTag":{"accessTag":{"tag":"<script>","key":"k"}}}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) {
				return c.AccessTags.GetBody(ctx, makeshop.GetAccessTagRequest{"a": 1})
			}, &makeshop.AccessTag{Tag: "<script>", Key: "k"},
		},
		{
			"no head tag", `{"data":{"getAccessHeadTag":{"accessTag":null}}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) { return c.AccessTags.GetHead(ctx, nil) }, (*makeshop.AccessTag)(nil),
		},
		{
			"no delivery setting", `{"data":{"getShopDeliverySetting":{"delivery":null}}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) { return c.Shop.DeliverySetting(ctx) }, (*makeshop.ShopDeliverySetting)(nil),
		},
		{
			"no categories", `{"data":{"getProductCategory":{"productCategories":null}}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) { return c.ProductCategories.List(ctx) }, &shotengai.Page[makeshop.ProductCategory]{},
		},
		{
			"categories", `{"data":{"getProductCategory":{"productCategories":[{"categoryName":"靴","seoInfo":{"browserTitle":"b"}}]}}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) { return c.ProductCategories.ListLean(ctx) },
			&shotengai.Page[makeshop.ProductCategory]{
				Items: []makeshop.ProductCategory{{CategoryName: "靴", SEOInfo: &makeshop.SEOInfo{BrowserTitle: "b"}}},
			},
		},
		{
			"members", `{"data":{"searchMember":{"members":[{"memberId":"m","shopPoint":5,"etc":["a"]}],"searchedCount":1,"page":1,"limit":200}}}`,
			func(ctx context.Context, c *makeshop.Client) (any, error) {
				return c.Members.List(ctx, makeshop.ListMembersParams{Lean: true})
			},
			&shotengai.Page[makeshop.Member]{
				Items: []makeshop.Member{{MemberID: "m", ShopPoint: 5, Etc: []string{"a"}}}, Total: new(1), Number: 1, Limit: 200,
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.call(t.Context(), newClient(t, newServer(t, ok(tt.body))))
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
		t.Run(tt.name+" refused", func(t *testing.T) {
			t.Parallel()
			got, err := tt.call(t.Context(), newClient(t, newServer(t, answer{422, "application/json", `{"errors":[{"message":"x"}]}`})))
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			assert.Empty(t, got)
		})
	}
}

func TestDeliverySetting(t *testing.T) {
	t.Parallel()
	const body = `{"data":{"getShopDeliverySetting":{"delivery":{"settingDeliveryMethods":[{"settingName":"宅配","settingDisplay":"Y",` +
		`"settingShippingFee":"500","settingAreaShippingFees":[{"areaName":"北海道","feeByArea":1200}]}]}}}}`
	setting, err := newClient(t, newServer(t, ok(body))).Shop.DeliverySetting(t.Context())
	require.NoError(t, err)
	method := setting.SettingDeliveryMethods[0]
	fee, is := method.SettingShippingFee.Int64()
	assert.True(t, is)
	assert.EqualValues(t, 500, fee)
	area, is := method.SettingAreaShippingFees[0].FeeByArea.Int64()
	assert.True(t, is)
	assert.EqualValues(t, 1200, area)
	shown, is := method.SettingDisplay.Bool()
	assert.True(t, is && shown)
}

func TestMembersAll(t *testing.T) {
	t.Parallel()
	client, _ := pages(t, func(n int) string {
		return []string{
			`{"data":{"searchMember":{"members":[{"memberId":"a"}],"searchedCount":2}}}`,
			`{"data":{"searchMember":{"members":[{"memberId":"b"}],"searchedCount":2}}}`,
		}[n-1]
	})
	var ids []string
	for member, err := range client.Members.All(t.Context(), makeshop.ListMembersParams{Email: "a@example.com"}) {
		require.NoError(t, err)
		ids = append(ids, member.MemberID)
	}
	assert.Equal(t, []string{"a", "b"}, ids)
}
