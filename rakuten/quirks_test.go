package rakuten_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// The twelve quirks of the platform that every program meets, one test for each, with the
// client against the fake. Where a quirk is a trap for whoever sends requests by hand, the
// test does that too and shows what the platform makes of it. Further sides of a quirk are
// tested beside the family they belong to.

// quirkTime is when the fakes of these tests begin: 19:00 in Japan.
var quirkTime = time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)

func quirkServer(t *testing.T, opts ...rakutentest.Option) (*rakutentest.Server, *rakuten.Client) {
	t.Helper()
	opts = append([]rakutentest.Option{rakutentest.WithClock(func() time.Time { return quirkTime }), rakutentest.WithOrders(0), rakutentest.WithoutRateLimits()}, opts...)
	srv := rakutentest.NewServer(opts...)
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithStrictDecoding())
	require.NoError(t, err)
	return srv, client
}

// byHand sends a request as a program without this library would.
func byHand(t *testing.T, srv *rakutentest.Server, method, path, contentType, body string) (status int, header http.Header, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	license := srv.Shop().License()
	r.Header.Set("Authorization", "ESA "+base64.StdEncoding.EncodeToString([]byte(license.ServiceSecret.Reveal()+":"+license.Key.Reveal())))
	r.Header.Set("Content-Type", contentType)
	resp, err := srv.HTTPClient().Do(r)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, string(data)
}

// lastRequest is the newest request that the server got.
func lastRequest(t *testing.T, srv *rakutentest.Server) shotengaitest.Request {
	t.Helper()
	all := srv.Requests()
	require.NotEmpty(t, all)
	return all[len(all)-1]
}

// countSince is how many requests for a path came in after the first n.
func countSince(srv *rakutentest.Server, n int, path string) (count int) {
	for _, r := range srv.Requests()[n:] {
		if strings.Contains(r.Path, path) {
			count++
		}
	}
	return count
}

// 1. Times are spelt +0900 in orders, +09:00 in items and coupons, and without an offset in
// licences and inquiries.
func TestQuirk01SpellingsOfTime(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	ctx, asked := t.Context(), quirkTime.Add(-time.Hour) // in UTC, and 18:00 in Japan
	number := srv.Shop().AddOrder(nil)

	_, err := client.Orders.Search(ctx, rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(asked), EndDatetime: rakuten.At(quirkTime)})
	require.NoError(t, err)
	assert.Contains(t, string(lastRequest(t, srv).Body), `"startDatetime":"2026-11-01T18:00:00+0900"`)
	order, err := client.Orders.Get(ctx, number)
	require.NoError(t, err)
	assert.True(t, order.OrderDatetime.Equal(quirkTime))

	period := rakuten.ItemPeriod{Start: rakuten.ItemAt(asked), End: rakuten.ItemAt(quirkTime)}
	require.NoError(t, client.Items.Patch(ctx, "sensu", rakuten.PatchItemRequest{PurchasablePeriod: shotengai.Set(period)}))
	assert.Contains(t, string(lastRequest(t, srv).Body), `"start":"2026-11-01T18:00:00+09:00"`)

	_, err = client.Coupons.Issue(ctx, quirkCoupon())
	require.NoError(t, err)
	assert.Contains(t, string(lastRequest(t, srv).Body), "<couponStartDate>2026-11-01T21:00:00+09:00</couponStartDate>")

	_, err = client.Inquiries.Count(ctx, rakuten.CountInquiriesParams{FromDate: rakuten.LocalTime{Time: asked}, ToDate: rakuten.LocalTime{Time: quirkTime}})
	require.NoError(t, err)
	assert.Equal(t, "2026-11-01T18:00:00", lastRequest(t, srv).Query.Get("fromDate"))
	ends, err := client.Licenses.ExpiryDate(ctx)
	require.NoError(t, err)
	assert.Equal(t, "2027-01-20T23:59:59+09:00", ends.In(shotengai.JST).Format(time.RFC3339))

	for path, body := range map[string]string{
		"/es/2.0/order/searchOrder/":               `{"dateType":1,"startDatetime":"2026-11-01T18:00:00+09:00","endDatetime":"2026-11-01T19:00:00+09:00"}`,
		"/es/2.0/items/manage-numbers/sensu PATCH": `{"purchasablePeriod":{"start":"2026-11-01T18:00:00+0900","end":null}}`,
		"/es/1.0/inquirymng-api/inquiries/count?fromDate=2026-11-01T18:00:00%2B09:00&toDate=2026-11-01T19:00:00%2B09:00 GET": "",
	} {
		path, method, _ := strings.Cut(path, " ")
		status, _, answer := byHand(t, srv, orElse(method, http.MethodPost), path, "application/json", body)
		assert.Equal(t, http.StatusBadRequest, status, "%s: %s", path, answer)
	}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func quirkCoupon() rakuten.IssueCouponRequest {
	return rakuten.IssueCouponRequest{
		CouponName: "秋", CouponStartDate: rakuten.ItemAt(quirkTime.Add(2 * time.Hour)), CouponEndDate: rakuten.ItemAt(quirkTime.Add(26 * time.Hour)),
		IssueCount: 10, ItemType: rakuten.CouponWholeOrder, DiscountType: rakuten.DiscountYen, DiscountFactor: 100, MemberAvailMaxCount: 1,
	}
}

// 2. HTTP 200 carries ERROR messages in orders, NG in products, and rows that failed in
// batches.
func TestQuirk02FailuresInside200(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	ctx := t.Context()
	fresh, shipped := srv.Shop().AddOrder(nil), srv.Shop().AddOrder(map[string]any{"orderProgress": 500})

	_, err := client.Orders.UpdateDelivery(ctx, fresh, "鳩")
	refused, ok := errors.AsType[*shotengai.Error](err)
	require.True(t, ok, "an ERROR is an error")
	assert.Equal(t, http.StatusOK, refused.StatusCode)
	require.ErrorIs(t, err, shotengai.ErrInvalid)

	none, err := client.Products.Search(ctx, rakuten.SearchProductsParams{Keyword: new("ない")})
	require.NoError(t, err, "NG for no hit is an empty page")
	assert.Empty(t, none.Items)

	const missing = "400001-20260101-0000000009"
	found, err := client.Orders.GetBatch(ctx, []string{fresh, missing})
	require.NoError(t, err)
	assert.Len(t, found.Items, 1)
	require.Len(t, found.Missing, 1)
	assert.Equal(t, missing, found.Missing[0].ID)
	confirmed, err := client.Orders.Confirm(ctx, []string{fresh, shipped, missing})
	require.NoError(t, err)
	states := map[string]shotengai.RowState{}
	for _, row := range confirmed.Rows {
		states[row.Key] = row.State
	}
	assert.Equal(t, map[string]shotengai.RowState{fresh: shotengai.RowDone, shipped: shotengai.RowFailed, missing: shotengai.RowFailed}, states)
	marked, err := client.Inquiries.MarkRead(ctx, []string{"none"})
	require.NoError(t, err)
	require.Error(t, marked.Err())
}

// 3. The body of a 401 is JSON in the XML families too, and a function that is not enabled
// looks like a wrong key.
func TestQuirk03LookAlikesOf401(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	ctx := t.Context()
	license := srv.Shop().License()
	license.Key = "SL400001_wrong"
	wrong, err := rakuten.NewClient(rakuten.StaticLicense(license), shotengai.WithTestServer(srv.URL), shotengai.WithHTTPClient(srv.HTTPClient()),
		shotengai.WithClock(srv.Now), shotengai.WithLimiter(nil))
	require.NoError(t, err)
	srv.Shop().Disable(rakutentest.LikeAWrongKey, "cabinet", "navigation")

	for name, c := range map[string]*rakuten.Client{"wrong key": wrong, "not enabled": client} {
		_, err = c.Cabinet.Usage(ctx)
		require.ErrorIs(t, err, shotengai.ErrUnauthorized, name)
		refused, ok := errors.AsType[*shotengai.Error](err)
		require.True(t, ok)
		assert.Equal(t, []any{http.StatusUnauthorized, "GA0001", "Un-Authorised"}, []any{refused.StatusCode, refused.Code, refused.Message}, name)
		assert.JSONEq(t, `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`, string(refused.Body), name)
	}
	assert.Equal(t, rakuten.VerdictWrongPair, wrong.Diagnose(ctx).Verdict, "two calls distinguish them")
	assert.Equal(t, rakuten.VerdictFunctionNotEnabled, client.Diagnose(ctx).Verdict)
	srv.Shop().Disable(rakutentest.GatewayCode, "cabinet")
	_, err = client.Cabinet.Usage(ctx)
	require.ErrorIs(t, err, rakuten.ErrNotEnabled, "or the gateway says it in so many words")
}

// 4. An amount of -9999 is one that is not fixed yet.
func TestQuirk04AmountsThatAreNotFixed(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	srv.Shop().AddOrder(nil)
	number := srv.Shop().AddOrder(nil) // of every second order, the postage is not fixed
	order, err := client.Orders.Get(t.Context(), number)
	require.NoError(t, err)
	_, _, answer := byHand(t, srv, http.MethodPost, "/es/2.0/order/getOrder/", "application/json", `{"orderNumberList":["`+number+`"],"version":10}`)
	require.Contains(t, answer, `"totalPrice":-9999`)
	for name, amount := range map[string]rakuten.Amount{"total": order.TotalPrice, "postage": order.PostagePrice, "request": order.RequestPrice, "package": order.Packages[0].PostagePrice} {
		yen, fixed := amount.Fixed()
		assert.False(t, fixed, name)
		assert.Zero(t, yen, name)
	}
	_, fixed := order.Total()
	assert.False(t, fixed, "what is not fixed cannot be summed")

	postage := rakuten.UpdateOrderPackage{BasketID: order.Packages[0].BasketID, PostagePrice: new(int64(500))}
	_, err = client.Orders.UpdateSender(t.Context(), rakuten.UpdateOrderSenderRequest{OrderNumber: number, Packages: []rakuten.UpdateOrderPackage{postage}})
	require.NoError(t, err)
	order, err = client.Orders.Get(t.Context(), number)
	require.NoError(t, err)
	total, fixed := order.Total()
	assert.True(t, fixed)
	goods, _ := order.GoodsPrice.Fixed()
	assert.Equal(t, goods+500, total)
}

// 5. BasketidModelList and reserveDatails are spelt so, orders have a trailing slash, and
// the cabinet mixes cases.
func TestQuirk05Spellings(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	ctx := t.Context()
	number := srv.Shop().AddOrder(map[string]any{"orderProgress": 300})
	order, err := client.Orders.Get(ctx, number)
	require.NoError(t, err)

	shipped, err := client.Orders.UpdateShipping(ctx, shipping(order, rakuten.ShippingRow{ShippingNumber: new("1")}))
	require.NoError(t, err)
	assert.Equal(t, shotengai.RowDone, shipped.Rows[0].State)
	sent := lastRequest(t, srv)
	assert.Equal(t, "/es/2.0/order/updateOrderShipping/", sent.Path)
	assert.Contains(t, string(sent.Body), `"BasketidModelList":[{"basketId":`)
	proper := bytes.ReplaceAll(sent.Body, []byte("BasketidModelList"), []byte("BasketIdModelLists"))
	status, _, _ := byHand(t, srv, http.MethodPost, sent.Path, "application/json", string(proper))
	assert.Equal(t, http.StatusBadRequest, status, "another name is none")

	reservations, err := client.Reserve.List(ctx, rakuten.ListReservationsParams{
		DateType: 1, ReserveType: []int{1}, StartDate: shotengai.Date{Year: 2026, Month: 10, Day: 1}, EndDate: shotengai.Date{Year: 2026, Month: 11, Day: 1},
	})
	require.NoError(t, err)
	require.Len(t, reservations.Items, 1)
	assert.Len(t, reservations.Items[0].ReserveDetails, 3)

	id, err := client.Cabinet.InsertFolder(ctx, rakuten.InsertFolderRequest{FolderName: "夏物"})
	require.NoError(t, err)
	folders, err := client.Cabinet.ListFolders(ctx, rakuten.CabinetPageParams{})
	require.NoError(t, err)
	assert.Equal(t, 2, *folders.Total, "folderAllCount")
	require.Len(t, folders.Items, 2)
	assert.Equal(t, id, folders.Items[1].FolderID, "FolderId")
	assert.Equal(t, "夏物", folders.Items[1].FolderName)
}

// shipping is a request with rows for the first package of an order.
func shipping(order *rakuten.Order, rows ...rakuten.ShippingRow) rakuten.UpdateShippingRequest {
	basket := rakuten.ShippingBasket{BasketID: order.Packages[0].BasketID, Rows: rows}
	return rakuten.UpdateShippingRequest{OrderNumber: order.OrderNumber, Packages: []rakuten.ShippingBasket{basket}}
}

// 6. PUT of an item and PUT of a tree destroy what is left out, and a PATCH with a typo in a
// variantId adds a SKU.
func TestQuirk06WritesThatDestroy(t *testing.T) {
	t.Parallel()
	_, client := quirkServer(t)
	ctx := t.Context()
	before, err := client.Items.Get(ctx, "geta-kiri")
	require.NoError(t, err)
	require.Len(t, before.Variants, 3)

	typo := rakuten.PatchItemRequest{Variants: map[string]rakuten.Variant{"s-24": {StandardPrice: "9999"}}}
	_, isUnknown := errors.AsType[*rakuten.UnknownVariantsError](client.Items.Patch(ctx, "geta-kiri", typo))
	assert.True(t, isUnknown, "Patch refuses it")
	require.NoError(t, client.Items.PatchOrCreateVariants(ctx, "geta-kiri", typo))
	patched, err := client.Items.Get(ctx, "geta-kiri")
	require.NoError(t, err)
	assert.Len(t, patched.Variants, 4, "the platform's own PATCH adds a SKU")

	whole := rakuten.ReplaceItemRequest{Title: before.Title, GenreID: before.GenreID, Variants: map[string]rakuten.Variant{"S-24": {StandardPrice: "4400"}}}
	require.NoError(t, client.Items.Replace(ctx, "geta-kiri", whole))
	replaced, err := client.Items.Get(ctx, "geta-kiri")
	require.NoError(t, err)
	assert.Len(t, replaced.Variants, 1)
	assert.True(t, replaced.ItemNumber.IsClear(), "reset")

	_, err = client.Categories.ItemMapping(ctx, "tenugui-indigo", rakuten.GetCategoryParams{})
	require.NoError(t, err)
	require.Error(t, client.Categories.ReplaceTree(ctx, rakuten.NoCategorySet, nil), "an empty tree has a method of its own")
	require.NoError(t, client.Categories.ReplaceTree(ctx, rakuten.NoCategorySet, []rakuten.CategoryTreeNode{{CategoryID: "3"}}))
	_, err = client.Categories.Get(ctx, "2", rakuten.GetCategoryParams{})
	require.ErrorIs(t, err, shotengai.ErrNotFound)
	_, err = client.Categories.ItemMapping(ctx, "tenugui-indigo", rakuten.GetCategoryParams{})
	require.ErrorIs(t, err, shotengai.ErrNotFound, "the mappings went with it")
}

// 7. RELATIVE stock and shipping rows without an id count each time that they arrive.
func TestQuirk07WritesThatCountTwice(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	ctx := t.Context()
	srv.Shop().SetStock("sensu", "Nami", 10)
	lessOne := rakuten.UpsertInventoryRequest{SKU: rakuten.SKU{ManageNumber: "sensu", VariantID: "Nami"}, Mode: rakuten.StockRelative, Quantity: -1}
	stock := func() int { n, _ := srv.Shop().Stock("sensu", "Nami"); return n }

	n := len(srv.Requests())
	srv.Fail(1, shotengaitest.Fault{ResetAfter: true}) // carried out, and its answer is lost
	require.ErrorIs(t, client.Inventory.Upsert(ctx, lessOne), shotengai.ErrOutcomeUnknown)
	assert.Equal(t, 1, countSince(srv, n, "/inventories/"), "never sent again")
	assert.Equal(t, 9, stock())
	n = len(srv.Requests())
	srv.Fail(1, shotengaitest.Fault{Status: http.StatusTooManyRequests})
	require.ErrorIs(t, client.Inventory.Upsert(ctx, lessOne), shotengai.ErrRateLimited)
	assert.Equal(t, 1, countSince(srv, n, "/inventories/"), "not even after a refusal")
	require.NoError(t, client.Inventory.Upsert(ctx, lessOne))
	assert.Equal(t, 8, stock(), "a second one counts again")

	number := srv.Shop().AddOrder(map[string]any{"orderProgress": 300})
	order, err := client.Orders.Get(ctx, number)
	require.NoError(t, err)
	adds := shipping(order, rakuten.ShippingRow{ShippingNumber: new("1")})
	n = len(srv.Requests())
	srv.Fail(1, shotengaitest.Fault{ResetAfter: true})
	_, err = client.Orders.UpdateShipping(ctx, adds)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	assert.Equal(t, 1, countSince(srv, n, "/updateOrderShipping"), "never sent again")
	n = len(srv.Requests())
	srv.Fail(1, shotengaitest.Fault{Status: http.StatusTooManyRequests})
	_, err = client.Orders.UpdateShipping(ctx, adds)
	require.ErrorIs(t, err, shotengai.ErrRateLimited)
	assert.Equal(t, 1, countSince(srv, n, "/updateOrderShipping"), "not even after a refusal")
	_, err = client.Orders.UpdateShipping(ctx, adds)
	require.NoError(t, err)
	order, err = client.Orders.Get(ctx, number)
	require.NoError(t, err)
	assert.Len(t, order.Packages[0].Shippings, 2, "a second one adds a second parcel")
}

// 8. The offset is a page in the cabinet and a row in items, products and reservations.
func TestQuirk08Offsets(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	ctx := t.Context()
	for _, name := range []string{"春", "夏", "秋", "冬"} {
		_, err := client.Cabinet.InsertFolder(ctx, rakuten.InsertFolderRequest{FolderName: name})
		require.NoError(t, err)
	}
	offsets := func(path string) (all []string) {
		for _, r := range srv.Requests() {
			if strings.HasSuffix(r.Path, path) {
				all = append(all, orElse(r.Query.Get("offset"), "0"))
			}
		}
		return all
	}
	var folders []string
	for folder, err := range client.Cabinet.AllFolders(ctx, rakuten.CabinetPageParams{Limit: 2}) {
		require.NoError(t, err)
		folders = append(folders, folder.FolderName)
	}
	assert.Equal(t, []string{"基本フォルダ", "春", "夏", "秋", "冬"}, folders)
	assert.Equal(t, []string{"1", "2", "3"}, offsets("/folders/get"), "pages")

	second, err := client.Items.Search(ctx, rakuten.SearchItemsParams{Hits: 2, Offset: 2})
	require.NoError(t, err)
	first, err := client.Items.Search(ctx, rakuten.SearchItemsParams{Hits: 3})
	require.NoError(t, err)
	assert.Equal(t, first.Items[2].Item.ManageNumber, second.Items[0].Item.ManageNumber, "rows")

	products := 0
	for _, err := range client.Products.All(ctx, rakuten.SearchProductsParams{GenreID: new("100003"), Limit: 1}) {
		require.NoError(t, err)
		products++
	}
	assert.Equal(t, 2, products)
	assert.Equal(t, []string{"0", "1"}, offsets("/product/search"), "rows")

	reservations := 0
	for _, err := range client.Reserve.All(ctx, rakuten.ListReservationsParams{
		DateType: 1, ReserveType: []int{1, 2, 3}, StartDate: shotengai.Date{Year: 2026, Month: 10, Day: 1}, EndDate: shotengai.Date{Year: 2026, Month: 11, Day: 1}, Limit: 2,
	}) {
		require.NoError(t, err)
		reservations++
	}
	assert.Equal(t, 3, reservations)
	assert.Equal(t, []string{"0", "2"}, offsets("/reserveInfoList"), "rows")
}

// 9. A manageNumber comes back in lower case; the case of a variantId stays and counts.
func TestQuirk09ManageNumbersInLowerCase(t *testing.T) {
	t.Parallel()
	_, client := quirkServer(t)
	ctx := t.Context()
	item, err := client.Items.Get(ctx, "SENSU")
	require.NoError(t, err)
	assert.Equal(t, "sensu", item.ManageNumber)
	registered := rakuten.ReplaceItemRequest{Title: "鋏", GenreID: "100003", Variants: map[string]rakuten.Variant{"Large": {StandardPrice: "5500"}}}
	require.NoError(t, client.Items.Replace(ctx, "Hasami-01", registered))
	item, err = client.Items.Get(ctx, "hasami-01")
	require.NoError(t, err)
	assert.Equal(t, "hasami-01", item.ManageNumber, "not as it was registered")
	assert.Contains(t, item.Variants, "Large")
	items, err := client.Items.BulkGet(ctx, []string{"SENSU", "Geta-Kiri"})
	require.NoError(t, err)
	assert.Empty(t, items.Missing, "compared without regard to case")

	asked := []rakuten.SKU{{ManageNumber: "SENSU", VariantID: "Nami"}, {ManageNumber: "SENSU", VariantID: "nami"}}
	stock, err := client.Inventory.BulkGet(ctx, asked)
	require.NoError(t, err)
	require.Len(t, stock.Items, 1)
	assert.Equal(t, rakuten.SKU{ManageNumber: "sensu", VariantID: "Nami"}, stock.Items[0].SKU)
	assert.True(t, asked[0].Is(stock.Items[0].SKU))
	assert.Equal(t, asked[1:], stock.Missing)
}

// 10. The elements of a coupon have one order, and five criteria are mandatory even where
// they are unused; all else is a bare 400.
func TestQuirk10CouponElements(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	issued, err := client.Coupons.Issue(t.Context(), quirkCoupon())
	require.NoError(t, err)
	assert.NotEmpty(t, issued.CouponCode)
	body := string(lastRequest(t, srv).Body)
	status, _, _ := byHand(t, srv, http.MethodPost, "/es/1.0/coupon/issue", "application/xml", body)
	require.Equal(t, http.StatusOK, status)

	const gender, birth = "<genderCond>NONE</genderCond>", "<birthmonthCond>0</birthmonthCond>"
	require.Contains(t, body, gender)
	require.Contains(t, body, birth)
	for name, wrong := range map[string]string{
		"order":    strings.Replace(strings.Replace(body, birth, "", 1), gender, birth+gender, 1),
		"criteria": strings.Replace(body, gender, "", 1),
	} {
		status, _, answer := byHand(t, srv, http.MethodPost, "/es/1.0/coupon/issue", "application/xml", wrong)
		assert.Equal(t, http.StatusBadRequest, status, name)
		assert.Contains(t, answer, "Request data is wrong format", name)
	}
}

// 11. The licence key is in the query of the expiry endpoint, and once the key has expired
// its date cannot be read any more.
func TestQuirk11LicenceKeyInTheQuery(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	key := srv.Shop().License().Key.Reveal()
	ends, err := client.Licenses.ExpiryDate(t.Context())
	require.NoError(t, err)
	assert.Equal(t, key, lastRequest(t, srv).Query.Get("licenseKey"))

	srv.Fail(1, shotengaitest.Fault{Status: http.StatusBadRequest, Body: `{"errors":[{"code":"IE0105","message":"` + key + ` is invalid"}]}`})
	_, err = client.Licenses.ExpiryDate(t.Context())
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	refused, ok := errors.AsType[*shotengai.Error](err)
	require.True(t, ok)
	assert.NotContains(t, err.Error()+refused.Message+string(refused.Body), key, "it reaches no error, not even when the platform repeats it")

	srv.Advance(ends.Sub(srv.Now()))
	_, err = client.Licenses.ExpiryDate(t.Context())
	require.NoError(t, err, "in its last second")
	srv.Advance(time.Second)
	_, err = client.Licenses.ExpiryDate(t.Context())
	require.ErrorIs(t, err, shotengai.ErrUnauthorized)
	d := client.Diagnose(t.Context())
	assert.Equal(t, rakuten.VerdictExpired, d.Verdict, "by the date that was kept")
}

// 12. The result of asynchronous shipping is the same nothing while it is not there, for an
// id that never was, and after 30 days.
func TestQuirk12AsyncResultsThatAreNotThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := rakutentest.NewServer(rakutentest.InMemory(), rakutentest.WithOrders(0), rakutentest.WithAsyncDelay(3*time.Minute))
		defer srv.Close()
		client, err := srv.Client(shotengai.WithStrictDecoding())
		require.NoError(t, err)
		number := srv.Shop().AddOrder(map[string]any{"orderProgress": 300})
		order, err := client.Orders.Get(t.Context(), number)
		require.NoError(t, err)
		taken, err := client.Orders.UpdateShippingAsync(t.Context(), []rakuten.UpdateShippingRequest{shipping(order, rakuten.ShippingRow{ShippingNumber: new("1")})})
		require.NoError(t, err)

		answers := map[string]bool{}
		for name, id := range map[string]string{"not yet": taken.RequestID, "unknown": "00000000-0000-0000-0000-000000000000_20000101000000"} {
			_, err = client.Orders.AsyncResult(t.Context(), id)
			require.ErrorIs(t, err, rakuten.ErrResultPending, name)
			_, _, answer := byHand(t, srv, http.MethodPost, "/es/2.0/order/getResultUpdateOrderShippingAsync/", "application/json", `{"requestId":"`+id+`"}`)
			answers[answer] = true
		}
		assert.Len(t, answers, 1, "the very same answer")

		results, err := client.Orders.Await(t.Context(), taken.RequestID, time.Minute)
		require.NoError(t, err)
		require.Len(t, results.Items, 1)
		assert.False(t, results.Items[0].Failed())
		srv.Advance(31 * 24 * time.Hour)
		_, err = client.Orders.AsyncResult(t.Context(), taken.RequestID)
		require.ErrorIs(t, err, rakuten.ErrResultPending, "too old")
	})
}
