package stores_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// TestErrorKinds: both shapes of body under every status, on a read and on a write.
func TestErrorKinds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status      int
		read, write []error
		isNot       []error
	}{
		{400, []error{shotengai.ErrInvalid}, []error{shotengai.ErrInvalid}, []error{shotengai.ErrOutcomeUnknown}},
		{401, []error{shotengai.ErrUnauthorized, shotengai.ErrReauthorize}, []error{shotengai.ErrUnauthorized, shotengai.ErrReauthorize}, []error{shotengai.ErrForbidden}},
		{403, []error{shotengai.ErrForbidden}, []error{shotengai.ErrForbidden}, []error{shotengai.ErrReauthorize, stores.ErrBlocked}},
		{404, []error{shotengai.ErrNotFound}, []error{shotengai.ErrNotFound}, nil},
		{409, []error{shotengai.ErrConflict}, []error{shotengai.ErrConflict}, []error{shotengai.ErrOutcomeUnknown}},
		{423, []error{stores.ErrLocked, shotengai.ErrUnavailable}, []error{stores.ErrLocked, shotengai.ErrUnavailable}, []error{shotengai.ErrOutcomeUnknown}},
		{429, []error{shotengai.ErrRateLimited}, []error{shotengai.ErrRateLimited}, []error{shotengai.ErrOutcomeUnknown}},
		{500, []error{shotengai.ErrUnavailable}, []error{shotengai.ErrUnavailable, shotengai.ErrOutcomeUnknown}, []error{stores.ErrLocked}},
		{503, []error{shotengai.ErrUnavailable}, []error{shotengai.ErrUnavailable, shotengai.ErrOutcomeUnknown}, nil},
	} {
		for shape, body := range map[string]string{"E": `{"errors":[{"message":"だめです"},{"message":"もう一つ"}]}`, "M": `{"message":"だめです"}`} {
			t.Run(fmt.Sprint(tt.status, shape), func(t *testing.T) {
				t.Parallel()
				client, _ := record(t, tt.status, body, once())
				_, read := client.Items.List(t.Context(), stores.ListItemsParams{Keyword: "secret"})
				_, write := client.Inventories.SetQuantity(t.Context(), "v", 1)
				for _, kind := range tt.read {
					require.ErrorIs(t, read, kind)
				}
				for _, kind := range tt.write {
					require.ErrorIs(t, write, kind)
				}
				for _, kind := range tt.isNot {
					require.NotErrorIs(t, read, kind)
					require.NotErrorIs(t, write, kind)
				}
				e, ok := errors.AsType[*shotengai.Error](read)
				require.True(t, ok)
				assert.Equal(t, tt.status, e.StatusCode)
				assert.Equal(t, "だめです", e.Message)
				assert.Equal(t, body, string(e.Body))
				assert.Len(t, e.Details, map[string]int{"E": 2, "M": 1}[shape])
				assert.Equal(t, "だめです", e.Details[0].Message)
				assert.Empty(t, e.Code)
				assert.Equal(t, "stores", e.Platform)
				assert.Equal(t, "GET /retail/202211/items", e.Operation)
				assert.Equal(t, "GET /base/retail/202211/items", e.Method+" "+e.Path)
				assert.Contains(t, read.Error(), "だめです")
				assert.NotContains(t, read.Error()+write.Error(), "secret")
				assert.NotContains(t, read.Error()+fmt.Sprintf("%+v", e), credential)
			})
		}
	}
}

// TestErrorLine: the line names the operation without ids, and the edge's id of the request.
func TestErrorLine(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cf-Ray", "8f1-NRT")
		reply(w, http.StatusNotFound, `{"errors":[{"message":"見つかりません。"},{"message":"もう一つ"}],"message":"三つ目"}`)
	})
	_, err := client.Orders.Shipped(t.Context(), "5f01")
	require.EqualError(t, err, "stores: POST /retail/202211/orders/{id}/shipped: 404 not found: 見つかりません。 (and 2 more) [request 8f1-NRT]")
	e, ok := errors.AsType[*shotengai.Error](err)
	require.True(t, ok)
	assert.Equal(t, []shotengai.Detail{{Message: "見つかりません。"}, {Message: "もう一つ"}, {Message: "三つ目"}}, e.Details)
	assert.Equal(t, "/base/retail/202211/orders/5f01/shipped", e.Path)
}

func TestErrorBodiesThatAreNotJSON(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status   int
		kind     string
		body     string
		contains string
		is       error
	}{
		"the edge's page":    {403, "text/html; charset=UTF-8", "<!DOCTYPE html><title>Access denied</title><h1>Error 1010</h1>", "1010", stores.ErrBlocked},
		"an HTML 503":        {503, "text/html", "<html><body>maintenance</body></html>", "maintenance", shotengai.ErrUnavailable},
		"nothing":            {500, "", "", "500 internal server error", shotengai.ErrUnavailable},
		"half an object":     {400, "application/json", `{"errors":[{"mess`, "400", shotengai.ErrInvalid},
		"another shape":      {400, "application/json", `{"errors":"no"}`, "400", shotengai.ErrInvalid},
		"an empty message":   {400, "application/json", `{"errors":[{}, {"message":"だめ"}]}`, "だめ", shotengai.ErrInvalid},
		"HTML in place of a": {200, "text/html", "<html>login</html>", "", shotengai.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.kind)
				w.Header().Set("Cf-Ray", "8f1-NRT")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			}, once())
			_, err := client.Orders.List(t.Context(), stores.ListOrdersParams{})
			require.ErrorIs(t, err, tt.is)
			require.ErrorContains(t, err, tt.contains)
			e, ok := errors.AsType[*shotengai.Error](err)
			require.True(t, ok)
			if tt.status >= 400 {
				assert.Equal(t, "8f1-NRT", e.RequestID)
			}
		})
	}
}

// TestRateLimitIsWaitedOut: the call was refused, so a write is repeated too.
func TestRateLimitIsWaitedOut(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	item := srv.Shop().AddItem(map[string]any{})
	page, err := client.Items.List(t.Context(), stores.ListItemsParams{IDs: stores.IDs{item}})
	require.NoError(t, err)
	srv.Fail(1, shotengaitest.Fault{Status: 429, Body: `{"message":"多すぎます"}`})
	var response shotengai.Response
	stock, err := client.Inventories.AddQuantity(t.Context(), page.Items[0].Variations[0].ID, 5, shotengai.WithResponse(&response))
	require.NoError(t, err)
	assert.Equal(t, 2, response.Attempts)
	assert.Equal(t, int64(15), *stock.Quantity)
}

// TestWritesAreNotRepeated: what may have been carried out is reported, not done again.
func TestWritesAreNotRepeated(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	item := srv.Shop().AddItem(map[string]any{})
	page, err := client.Items.List(t.Context(), stores.ListItemsParams{IDs: stores.IDs{item}})
	require.NoError(t, err)
	variation := page.Items[0].Variations[0].ID
	before := len(srv.Requests())
	srv.Fail(1, shotengaitest.Fault{ResetAfter: true})
	_, err = client.Inventories.AddQuantity(t.Context(), variation, 5)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	assert.Len(t, srv.Requests(), before+1)
	stock, err := client.Inventories.AddQuantity(t.Context(), variation, 0)
	require.NoError(t, err)
	assert.Equal(t, int64(15), *stock.Quantity, "it had been carried out")
}

func TestLockedOrders(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	id := srv.Shop().AddOrder(nil)
	srv.Fail(1, storestest.Refusal(http.MethodPatch, "/retail/202211/orders/"+id+"/deliveries", 423, "処理中です"))
	change := stores.UpdateDeliveriesRequest{TrackingNumber: new("1")}
	_, err := client.Orders.UpdateDeliveries(t.Context(), stores.OrderID(id), change)
	require.ErrorIs(t, err, stores.ErrLocked)
	_, err = client.Orders.UpdateDeliveries(t.Context(), stores.OrderID(id), change)
	require.NoError(t, err)
}

func TestShopThatHasWithdrawn(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	srv.Shop().Withdraw(true)
	_, err := client.Store.Get(t.Context())
	require.ErrorIs(t, err, shotengai.ErrReauthorize)
	require.ErrorIs(t, err, shotengai.ErrForbidden)
	_, err = client.Categories.List(t.Context(), stores.ListCategoriesParams{})
	require.ErrorIs(t, err, shotengai.ErrForbidden)
	require.NotErrorIs(t, err, shotengai.ErrReauthorize, "elsewhere a 403 may be a scope")
	require.ErrorIs(t, client.Verify(t.Context()), shotengai.ErrReauthorize)
	srv.Shop().Withdraw(false)
	_, err = client.Store.Get(t.Context())
	require.NoError(t, err)
	require.NoError(t, client.Verify(t.Context()))
}

func TestQuotaOfAToken(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer(storestest.WithOrders(0))
	defer srv.Close()
	client, err := srv.Client(shotengai.WithLimiter(nil), once())
	require.NoError(t, err)
	for range 60 {
		_, err := client.Store.Get(t.Context())
		require.NoError(t, err)
	}
	_, err = client.Store.Get(t.Context())
	require.ErrorIs(t, err, shotengai.ErrRateLimited)
	srv.Advance(time.Minute)
	_, err = client.Store.Get(t.Context())
	require.NoError(t, err)
}

// FuzzErrorBody: whatever comes instead of an answer ends in one line without a panic.
func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{`{"message":"a"}`, `{"errors":[{"message":"a"}]}`, `{"errors":[null]}`, `<html>`, ``, "\xff", `{"errors":{"message":"a"}}`} {
		f.Add(400, seed)
		f.Add(503, seed)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		status = 400 + (status%200+200)%200
		client, err := stores.NewClient(static("t"), shotengai.WithHTTPClient(&http.Client{Transport: always{status, body}}), shotengai.WithLimiter(nil), once())
		require.NoError(t, err)
		_, err = client.Store.Get(t.Context())
		e, ok := errors.AsType[*shotengai.Error](err)
		require.True(t, ok)
		assert.Equal(t, status, e.StatusCode)
		assert.NotContains(t, e.Error(), "\n")
		assert.LessOrEqual(t, len(e.Error()), 2048)
		for _, detail := range e.Details {
			assert.NotEmpty(t, detail.Message)
		}
	})
}

// always is a transport that has one answer to everything.
type always struct {
	status int
	body   string
}

func (a always) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: int64(len(a.body)),
	}, nil
}

// TestAnswerOfAnotherShape: a success without its list or its row is no success.
func TestAnswerOfAnotherShape(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	reads := map[string]func(*stores.Client) error{
		"orders":     func(c *stores.Client) error { return second(c.Orders.List(ctx, stores.ListOrdersParams{})) },
		"items":      func(c *stores.Client) error { return second(c.Items.List(ctx, stores.ListItemsParams{})) },
		"categories": func(c *stores.Client) error { return second(c.Categories.List(ctx, stores.ListCategoriesParams{})) },
		"sales_channels": func(c *stores.Client) error {
			return second(c.SalesChannels.List(ctx, stores.ListSalesChannelsParams{}))
		},
		"remittances": func(c *stores.Client) error { return second(c.Remittances.List(ctx, stores.ListRemittancesParams{})) },
		"order_ids":   func(c *stores.Client) error { return second(c.Remittances.OrderIDs(ctx, "a")) },
		"id":          func(c *stores.Client) error { return second(c.Store.Get(ctx)) },
		"domestic":    func(c *stores.Client) error { return second(c.ShippingFees.Get(ctx)) },
	}
	tracking := stores.UpdateDeliveriesRequest{TrackingNumber: new("1")}
	item := stores.CreateItemRequest{Name: "茶", Status: stores.ItemHidden, Variations: []stores.CreateVariationRequest{{Name: "S"}}}
	coupon := stores.CreateCouponRequest{Name: "春", Detail: stores.FreeShipping()}
	writes := map[string]func(*stores.Client) error{
		"shipped":     func(c *stores.Client) error { return second(c.Orders.Shipped(ctx, "a")) },
		"deliveries":  func(c *stores.Client) error { return second(c.Orders.UpdateDeliveries(ctx, "a", tracking)) },
		"create item": func(c *stores.Client) error { return second(c.Items.Create(ctx, item)) },
		"update item": func(c *stores.Client) error {
			return second(c.Items.Update(ctx, "a", stores.UpdateItemRequest{Name: new("茶")}))
		},
		"stock":        func(c *stores.Client) error { return second(c.Inventories.SetQuantity(ctx, "a", 1)) },
		"coupon":       func(c *stores.Client) error { return second(c.Coupons.Create(ctx, coupon)) },
		"image ticket": func(c *stores.Client) error { return second(c.Images.Ticket(ctx, "a.png", "image/png", 1)) },
	}
	null := `{"orders":null,"items":null,"categories":null,"sales_channels":null,"remittances":null,"order_ids":null,"id":null,"domestic":null,"variation_id":null,"signature":null}`
	for _, answer := range []string{`{}`, `null`, null, `{"errors":[{"message":"だめです"}]}`} {
		client, _ := record(t, 200, answer)
		for name, call := range reads {
			err := call(client)
			require.ErrorIs(t, err, shotengai.ErrUnavailable, "%s %s", name, answer)
			require.ErrorContains(t, err, "has no "+name)
			require.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
		}
		for name, call := range writes {
			require.ErrorIs(t, call(client), shotengai.ErrOutcomeUnknown, "%s %s", name, answer)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestAllEndsAtAPageOfAnotherShape: it is not the end of the list.
func TestAllEndsAtAPageOfAnotherShape(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	srv.Fail(1, shotengaitest.Fault{Status: 200, Body: `{"orders":null}`, Match: func(r shotengaitest.Request) bool { return r.Query.Has("offset") }})
	count := 0
	var last error
	for _, err := range client.Orders.All(t.Context(), stores.ListOrdersParams{Limit: 10}) {
		if last = err; err == nil {
			count++
		}
	}
	var page *shotengai.PageError
	require.ErrorAs(t, last, &page)
	assert.Equal(t, 10, page.Offset)
	assert.Equal(t, 10, count)
}
