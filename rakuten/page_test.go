package rakuten_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"iter"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// H26: rows that have left a list while it is walked are noticed by its total.
func TestH26RowsMoved(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		total, page := 6, r.URL.Query().Get("page")
		if page != "1" {
			total = 5
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"totalCount":%d,"totalPageCount":3,"page":%s,"list":[{"inquiryNumber":"%s-a"},{"inquiryNumber":"%s-b"}]}`, total, page, page, page)
	})
	from := time.Date(2026, time.April, 1, 0, 0, 0, 0, shotengai.JST)
	var seen int
	var last error
	params := rakuten.ListInquiriesParams{CountInquiriesParams: rakuten.CountInquiriesParams{
		FromDate: rakuten.LocalTime{Time: from}, ToDate: rakuten.LocalTime{Time: from.AddDate(0, 0, 7)},
	}}
	for _, err := range client.Inquiries.All(t.Context(), params) {
		if last = err; err == nil {
			seen++
		}
	}
	require.ErrorIs(t, last, shotengai.ErrRowsMoved)
	assert.Equal(t, 2, seen, "those of the first page")
}

// A loop that takes rows out of the list that it walks over does not pass over others in
// silence: against the fake, by what the platform lets a shop do with each row.
func TestH26ALoopThatEmptiesItsList(t *testing.T) {
	t.Parallel()
	none := func(*testing.T, *rakuten.Client) {}
	insert := func(t *testing.T, c *rakuten.Client) {
		var picture bytes.Buffer
		require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))))
		for range 6 {
			_, err := c.Cabinet.InsertFile(t.Context(), rakuten.InsertFileRequest{FileName: "傘", Picture: picture.Bytes()})
			require.NoError(t, err)
		}
	}
	page := rakuten.CabinetPageParams{Limit: 2}
	for name, test := range map[string]struct {
		seed func(t *testing.T, c *rakuten.Client)
		walk func(ctx context.Context, c *rakuten.Client, now time.Time) (taken int, err error)
	}{
		"pictures": {insert, func(ctx context.Context, c *rakuten.Client, _ time.Time) (int, error) {
			return emptied(c.Cabinet.AllFiles(ctx, rakuten.FolderFilesParams{CabinetPageParams: page}), func(f *rakuten.CabinetFile) error { return c.Cabinet.DeleteFile(ctx, f.FileID) })
		}},
		"the trash": {
			func(t *testing.T, c *rakuten.Client) {
				insert(t, c)
				files, err := c.Cabinet.ListFiles(t.Context(), rakuten.FolderFilesParams{})
				require.NoError(t, err)
				for _, f := range files.Items {
					require.NoError(t, c.Cabinet.DeleteFile(t.Context(), f.FileID))
				}
			},
			func(ctx context.Context, c *rakuten.Client, _ time.Time) (int, error) {
				return emptied(c.Cabinet.AllTrash(ctx, page), func(f *rakuten.CabinetFile) error { return c.Cabinet.RevertFile(ctx, f.FileID, rakuten.RootFolder) })
			},
		},
		"coupons": {
			func(t *testing.T, c *rakuten.Client) {
				for range 6 {
					_, err := c.Coupons.Issue(t.Context(), quirkCoupon())
					require.NoError(t, err)
				}
			},
			func(ctx context.Context, c *rakuten.Client, _ time.Time) (int, error) {
				return emptied(c.Coupons.All(ctx, rakuten.SearchCouponsParams{Hits: 2}), func(coupon *rakuten.Coupon) error { return c.Coupons.Delete(ctx, coupon.CouponCode) })
			},
		},
		"items": {none, func(ctx context.Context, c *rakuten.Client, _ time.Time) (int, error) {
			return emptied(c.Items.All(ctx, rakuten.SearchItemsParams{Hits: 2}), func(item *rakuten.FoundItem) error { return c.Items.Delete(ctx, item.Item.ManageNumber) })
		}},
		"inquiries without a reply": {none, func(ctx context.Context, c *rakuten.Client, now time.Time) (int, error) {
			period := rakuten.CountInquiriesParams{FromDate: rakuten.LocalTime{Time: now.AddDate(0, 0, -30)}, ToDate: rakuten.LocalTime{Time: now}, NoMerchantReply: new(true)}
			return emptied(c.Inquiries.All(ctx, rakuten.ListInquiriesParams{CountInquiriesParams: period, Limit: 1}), func(inquiry *rakuten.Inquiry) error {
				_, err := c.Inquiries.Reply(ctx, rakuten.ReplyInquiryRequest{InquiryNumber: inquiry.InquiryNumber, ShopID: strconv.FormatInt(inquiry.ShopID, 10), Message: "はい"})
				return err
			})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, client := quirkServer(t)
			test.seed(t, client)
			taken, err := test.walk(t.Context(), client, srv.Now())
			require.ErrorIs(t, err, shotengai.ErrRowsMoved)
			assert.Positive(t, taken)
			assert.LessOrEqual(t, taken, 2, "those of the first page")
		})
	}
}

// emptied walks over a list and removes each row.
func emptied[T any](rows iter.Seq2[*T, error], remove func(*T) error) (taken int, err error) {
	for row, err := range rows {
		if err == nil {
			err = remove(row)
		}
		if err != nil {
			return taken, err
		}
		taken++
	}
	return taken, nil
}
