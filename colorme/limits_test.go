package colorme_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// atMostIn holds that no window of that length has more than n of the times.
func atMostIn(t *testing.T, times []time.Time, n int, window time.Duration) {
	t.Helper()
	for i := n; i < len(times); i++ {
		require.GreaterOrEqual(t, times[i].Sub(times[i-n]), window, "%d requests from the %dth on", n+1, i-n)
	}
}

func TestDefaultLimiterLets117PassIn60Seconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := colorme.DefaultLimiter()
		var times []time.Time
		for i := range 600 {
			if i == 300 { // a pause refills the window, and no more
				<-time.After(time.Hour)
			}
			require.NoError(t, limiter.Wait(t.Context()))
			times = append(times, time.Now())
		}
		atMostIn(t, times, 117, time.Minute)
	})
}

// 3,000 orders are 30 calls, which fit into the limit: none of them waits for more than the
// pause between two.
func TestWalkOf3000SalesWaitsForNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := colormetest.NewServer(colormetest.InMemory(), colormetest.WithSales(3000))
		defer srv.Close()
		client, err := srv.Client()
		require.NoError(t, err)
		began, rows := time.Now(), 0
		for _, err := range client.Sales.All(t.Context(), colorme.ListSalesParams{MakeDateMin: colorme.At(srv.Now().AddDate(-100, 0, 0))}) {
			require.NoError(t, err)
			rows++
		}
		assert.Equal(t, 3000, rows)
		assert.Len(t, srv.Requests(), 30)
		assert.Equal(t, 29*25*time.Millisecond, time.Since(began))
	})
}

// The stock of 3,000 products takes 1.05 of the time that the platform makes it take.
func TestStockOf3000ProductsUsesTheAllowance(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := colormetest.NewServer(colormetest.InMemory(), colormetest.WithProducts(0))
		defer srv.Close()
		client, err := srv.Client(shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
		require.NoError(t, err)
		rows := make([]colorme.UpdateStockRequest, 3000)
		for i := range rows {
			rows[i] = colorme.UpdateStockRequest{ProductID: srv.Shop().AddProduct(map[string]any{"name": "湯のみ", "stock_managed": true}), Stocks: colorme.SetStocks(7)}
		}
		began := time.Now()
		results, err := client.Stocks.UpdateMany(t.Context(), rows)
		require.NoError(t, err)
		require.NoError(t, results.Err())
		allowed := time.Minute * (3000 - 120) / 120
		assert.LessOrEqual(t, time.Since(began), allowed*105/100)
		atMostIn(t, arrivals(srv), 117, time.Minute)
	})
}

func TestClientKeepsToTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := colormetest.NewServer(colormetest.InMemory())
		defer srv.Close()
		client, err := srv.Client(shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
		require.NoError(t, err)
		for range 260 {
			_, err := client.Shop.Get(t.Context())
			require.NoError(t, err)
		}
		atMostIn(t, arrivals(srv), 117, time.Minute)
	})
}

func arrivals(srv *colormetest.Server) (times []time.Time) {
	for _, r := range srv.Requests() {
		times = append(times, r.Time)
	}
	return times
}

var gif = []byte("GIF89a")

// premiumProduct makes a product of a shop that may upload images.
func premiumProduct(srv *colormetest.Server) (*colormetest.Shop, int64) {
	shop := srv.AddShop(colormetest.Seed{Plan: "premium"})
	return shop, shop.AddProduct(map[string]any{"name": "湯のみ"})
}

func TestUploadsArePacedAt4In10Seconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := colormetest.NewServer(colormetest.InMemory())
		defer srv.Close()
		shop, product := premiumProduct(srv)
		client, err := shop.Client(shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
		require.NoError(t, err)
		for position := range 20 {
			image, err := client.ProductImages.Create(t.Context(), product, position, gif)
			require.NoError(t, err)
			assert.Equal(t, position, image.Position)
		}
		atMostIn(t, arrivals(srv), 4, 10*time.Second)
	})
}

// An upload puts the same image into the same place, so that a busy platform is asked
// again; of any other write nobody knows.
func TestOnlyUploadsAreRepeatedWhenBusy(t *testing.T) {
	t.Parallel()
	busy := shotengaitest.Fault{Status: 503, Body: `{"errors":[{"code":503002,"message":"busy","status":503}]}`}
	srv, _ := startFake(t)
	shop, product := premiumProduct(srv)
	client, err := shop.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)

	srv.Fail(1, busy)
	_, err = client.ProductImages.Create(t.Context(), product, 0, gif)
	require.NoError(t, err)
	assert.Len(t, srv.Requests(), 2)

	srv.Fail(1, busy)
	_, err = client.Products.Update(t.Context(), product, colorme.UpdateProductRequest{Stocks: colorme.AddStocks(1)})
	require.ErrorIs(t, err, shotengai.ErrUnavailable)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	assert.Len(t, srv.Requests(), 3)
}

// 429 carried nothing out, whatever the call was: every operation waits and asks again.
func TestTooManyRequestsAreWaitedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := colormetest.NewServer(colormetest.InMemory())
		defer srv.Close()
		client, err := srv.Client()
		require.NoError(t, err)
		customer := srv.Shop().AddCustomer(map[string]any{"points": 0})
		srv.Fail(1, shotengaitest.Fault{Status: 429, RetryAfter: "7", Body: `{"errors":[{"code":429000,"message":"fast","status":429}]}`})
		start := time.Now()
		points, err := client.Customers.AddPoints(t.Context(), customer, 5)
		require.NoError(t, err)
		assert.EqualValues(t, 5, points.Points)
		assert.Equal(t, 7*time.Second, time.Since(start))
	})
}

func TestImages(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/base/v1/products/7/images", r.URL.Path)
		assert.NoError(t, r.ParseMultipartForm(1<<20))
		assert.Equal(t, "3", r.FormValue("position"))
		file, header, err := r.FormFile("image")
		if assert.NoError(t, err) {
			defer file.Close()
			assert.Equal(t, "image/gif", header.Header.Get("Content-Type"))
			assert.EqualValues(t, len(gif), header.Size)
		}
		answer(w, 201, `{"product_image":{"position":3,"url":"https://x/3.gif"}}`)
	})
	image, err := client.ProductImages.Create(t.Context(), 7, 3, gif)
	require.NoError(t, err)
	assert.Equal(t, &colorme.ProductImageEntry{Position: 3, URL: "https://x/3.gif"}, image)

	for name, tt := range map[string]struct {
		position int
		image    []byte
		text     string
	}{
		"text":     {0, []byte("hello"), "neither JPEG, PNG nor GIF"},
		"empty":    {0, nil, "image: empty"},
		"too big":  {0, append([]byte("GIF89a"), make([]byte, colorme.MaxImageSize)...), "at most"},
		"below":    {-1, gif, "between 0 and 49"},
		"far away": {50, gif, "between 0 and 49"},
	} {
		_, err := client.ProductImages.Create(t.Context(), 7, tt.position, tt.image)
		require.ErrorIs(t, err, shotengai.ErrInvalid, name)
		assert.ErrorContains(t, err, tt.text, name)
	}
}

// A plan that lacks a feature is not taken for a token that is dead.
func TestPlanRefusals(t *testing.T) {
	t.Parallel()
	srv, _ := startFake(t)
	shop := srv.AddShop(colormetest.Seed{Plan: "small"})
	client, err := shop.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	_, upload := client.ProductImages.Create(t.Context(), shop.AddProduct(map[string]any{"name": "n"}), 0, gif)
	_, order := client.Sales.Create(t.Context(), colorme.CreateSaleRequest{PaymentID: 1, Details: []colorme.CreateSaleDetail{{ProductID: 1, ProductNum: 1}}})
	for _, err := range []error{upload, order} {
		require.ErrorIs(t, err, colorme.ErrPlan)
		require.NotErrorIs(t, err, shotengai.ErrUnauthorized)
		require.NotErrorIs(t, err, shotengai.ErrReauthorize)
		e, ok := errors.AsType[*shotengai.Error](err)
		require.True(t, ok)
		assert.Equal(t, 401, e.StatusCode)
	}
}
