package snippets

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// The calls of the guide to products, customers, coupons and inquiries, against the fakes.
func TestResources(t *testing.T) {
	t.Parallel()
	t.Run("colorme", func(t *testing.T) {
		t.Parallel()
		srv := colormetest.NewServer(colormetest.WithProducts(3), colormetest.WithCustomers(3), colormetest.WithoutRateLimits())
		t.Cleanup(srv.Close)
		client, err := srv.Client()
		require.NoError(t, err)
		require.NoError(t, colorMeProducts(t.Context(), client))
		page, err := client.Products.List(t.Context(), colorme.ListProductsParams{})
		require.NoError(t, err)
		require.NoError(t, colorMePrice(t.Context(), client, page.Items[0].ID))
		require.NoError(t, colorMeCustomers(t.Context(), client))
		require.NoError(t, colorMeCoupon(t.Context(), client))
	})
	t.Run("makeshop", func(t *testing.T) {
		t.Parallel()
		srv := makeshoptest.NewServer(makeshoptest.WithProducts(3), makeshoptest.WithMembers(1), makeshoptest.WithoutRateLimits())
		t.Cleanup(srv.Close)
		client, err := srv.Client()
		require.NoError(t, err)
		require.NoError(t, makeshopProducts(t.Context(), client))
		for member, err := range client.Members.All(t.Context(), makeshop.ListMembersParams{Lean: true}) {
			require.NoError(t, err)
			require.NoError(t, makeshopPoints(t.Context(), client, member.MemberID))
		}
		require.Error(t, makeshopPoints(t.Context(), client, "nobody"))
	})
	t.Run("stores", func(t *testing.T) {
		t.Parallel()
		srv := storestest.NewServer(storestest.WithoutRateLimits())
		t.Cleanup(srv.Close)
		client, err := srv.Client()
		require.NoError(t, err)
		require.NoError(t, storesItem(t.Context(), client))
		require.NoError(t, storesCoupon(t.Context(), client))
	})
	t.Run("rakuten", func(t *testing.T) {
		t.Parallel()
		srv, client := rakutenShop(t)
		var manageNumber string
		for found, err := range client.Items.All(t.Context(), rakuten.SearchItemsParams{}) {
			require.NoError(t, err)
			manageNumber = found.Item.ManageNumber
		}
		require.NoError(t, rakutenItem(t.Context(), client, manageNumber))
		require.NoError(t, rakutenCoupon(t.Context(), client, srv.Now().Add(24*time.Hour)))
		number := srv.Shop().AddInquiry(nil)
		require.NoError(t, rakutenInquiries(t.Context(), client, srv.Now(), func(*rakuten.Inquiry) string { return "在庫はございます。" }))
		inquiry, err := client.Inquiries.Get(t.Context(), number)
		require.NoError(t, err)
		assert.Len(t, inquiry.Replies, 1)
	})
}
