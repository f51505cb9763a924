package rakuten_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// changing is a transport that changes the answers of one path.
type changing struct {
	path   string
	change func(body []byte) []byte
}

func (c changing) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !strings.HasPrefix(r.URL.Path, c.path) {
		return resp, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<24))
	body = c.change(body)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, err
}

// withValue replaces a value of an order in an answer of getOrder. The path has names and
// indexes.
func withValue(t *testing.T, body []byte, number, path, value string) []byte {
	t.Helper()
	var answer map[string]any
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&answer))
	for _, order := range answer["OrderModelList"].([]any) {
		if order.(map[string]any)["orderNumber"] != number {
			continue
		}
		at := order
		steps := strings.Split(path, ".")
		for _, step := range steps[:len(steps)-1] {
			if index, err := strconv.Atoi(step); err == nil {
				at = at.([]any)[index]
			} else {
				at = at.(map[string]any)[step]
			}
		}
		at.(map[string]any)[steps[len(steps)-1]] = json.RawMessage(value)
	}
	changed, err := json.Marshal(answer)
	require.NoError(t, err)
	return changed
}

// One odd value in one of five orders: it is read where it can only mean one thing, and
// otherwise costs that order.
func TestH25OneOddValueCostsAtMostOneOrder(t *testing.T) {
	t.Parallel()
	const line = "PackageModelList.0.ItemModelList.0."
	for _, test := range []struct {
		path, value string
		read        func(*rakuten.Order) bool // nil for a value that cannot be read
		reason      string
	}{
		// A number as text is that number.
		{"OrdererModel.birthYear", `"1970"`, func(o *rakuten.Order) bool { return *o.Orderer.BirthYear == 1970 }, ""},
		{line + "units", `"3"`, func(o *rakuten.Order) bool { return o.Packages[0].Items[0].Units == 3 }, ""},
		{"subStatusId", `"1"`, func(o *rakuten.Order) bool { return *o.SubStatusID == 1 }, ""},
		{"PackageModelList.0.DeliveryCvsModel", `{"cvsCode":"60"}`, func(o *rakuten.Order) bool { return *o.Packages[0].DeliveryCVS.CVSCode == 60 }, ""},
		{line + "taxRate", `"0.1"`, func(o *rakuten.Order) bool { return *o.Packages[0].Items[0].TaxRate == rakuten.OrderTaxStandard }, ""},
		{"totalPrice", `"3800"`, func(o *rakuten.Order) bool { yen, ok := o.TotalPrice.Fixed(); return ok && yen == 3800 }, ""},
		// A decimal point does not make another number of a whole one.
		{"totalPrice", `3800.0`, func(o *rakuten.Order) bool { yen, ok := o.TotalPrice.Fixed(); return ok && yen == 3800 }, ""},
		{"totalPrice", `-9999.0`, func(o *rakuten.Order) bool { _, ok := o.TotalPrice.Fixed(); return !ok && !o.TotalPrice.IsZero() }, ""},
		// Empty text is no value, and no zero where there is a difference.
		{"totalPrice", `""`, func(o *rakuten.Order) bool { return o.TotalPrice.IsZero() }, ""},
		{"subStatusId", `""`, func(o *rakuten.Order) bool { return o.SubStatusID == nil }, ""},
		{"deliveryDate", `""`, func(o *rakuten.Order) bool { return o.DeliveryDate.IsZero() }, ""},
		// A boolean in any spelling of 0 and 1.
		{"giftCheckFlag", `true`, func(o *rakuten.Order) bool { return bool(o.GiftCheckFlag) }, ""},
		{"giftCheckFlag", `"1"`, func(o *rakuten.Order) bool { return bool(o.GiftCheckFlag) }, ""},
		// Text that came as a number is that text.
		{"memo", `17`, func(o *rakuten.Order) bool { return *o.Memo == "17" }, ""},

		// What is no whole number is not rounded: yen, points and pieces have no halves.
		{line + "price", `100.5`, nil, "100.5 is not a whole number of yen"},
		{line + "pointRate", `1.5`, nil, "1.5 is not a whole number"},
		{line + "units", `"two"`, nil, "is not a whole number"},
		// Neither yes nor no.
		{"giftCheckFlag", `2`, nil, `"2" is neither 0 nor 1`},
		// Another spelling of a date may be another date, and some days do not exist.
		{"deliveryDate", `"2026/11/30"`, nil, `"2026/11/30" is not a date`},
		{"deliveryDate", `"2026-11-31"`, nil, `"2026-11-31" is not a date`},
		{"orderDatetime", `"2026-11-30"`, nil, `"2026-11-30" is not a time`},
		// Something else altogether.
		{"orderProgress", `{}`, nil, "an object is not a whole number"},
		{"PackageModelList", `7`, nil, "7 is not a list"},
	} {
		t.Run(test.path+" "+test.value, func(t *testing.T) {
			t.Parallel()
			srv := rakutentest.NewServer(rakutentest.WithClock(func() time.Time { return quirkTime }), rakutentest.WithOrders(0), rakutentest.WithoutRateLimits())
			t.Cleanup(srv.Close)
			var numbers []string
			for range 5 {
				numbers = append(numbers, srv.Shop().AddOrder(nil))
			}
			odd := numbers[2]
			transport := changing{"/es/2.0/order/getOrder", func(body []byte) []byte { return withValue(t, body, odd, test.path, test.value) }}
			client, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithHTTPClient(&http.Client{Transport: transport}))
			require.NoError(t, err)

			given := make(map[string]*rakuten.Order)
			var rows []*shotengai.RowError
			for order, err := range client.Orders.All(t.Context(), rakuten.SearchOrdersParams{
				DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(quirkTime.AddDate(0, 0, -60)), EndDatetime: rakuten.At(quirkTime),
			}) {
				if row, ok := errors.AsType[*shotengai.RowError](err); ok {
					rows = append(rows, row)
					continue
				}
				require.NoError(t, err)
				given[order.OrderNumber] = order
			}
			order, getErr := client.Orders.Get(t.Context(), odd)
			if test.read != nil {
				require.Len(t, given, 5)
				assert.True(t, test.read(given[odd]), "%+v", given[odd])
				require.NoError(t, getErr)
				assert.True(t, test.read(order))
				return
			}
			assert.Len(t, given, 4)
			require.Len(t, rows, 1)
			path := strings.ReplaceAll(strings.ReplaceAll(test.path, ".0.", "[0]."), ".0", "[0]")
			assert.Equal(t, odd, rows[0].ID)
			assert.Equal(t, path, rows[0].Path)
			assert.Contains(t, string(rows[0].Raw), test.value)
			require.ErrorContains(t, rows[0], "rakuten: POST /es/2.0/order/getOrder/: OrderModelList[")
			require.ErrorContains(t, rows[0], "] ("+odd+"): "+path+": ")
			require.ErrorContains(t, rows[0], test.reason)
			row, ok := errors.AsType[*shotengai.RowError](getErr)
			require.True(t, ok, "%v", getErr)
			assert.Contains(t, string(row.Raw), test.value)
		})
	}
}

// walked is an All of the library and the answers that it walks over.
type walked struct {
	all   func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error]
	row   string // with ID
	odd   string // the same with a value that cannot be read
	page  string // with ROWS, PAGE and TOTAL
	byRow bool   // its offset counts rows
}

func each[T any](rows iter.Seq2[*T, error]) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for row, err := range rows {
			if !yield(row, err) {
				return
			}
		}
	}
}

const (
	filesOf    = `<result><status/><NAME><resultCode>0</resultCode><fileAllCount>TOTAL</fileAllCount><fileCount>2</fileCount><files>ROWS</files></NAME></result>`
	fileRow    = `<file><FileId>ID</FileId><FileName>a</FileName></file>`
	fileOddRow = `<file><FileId>ID</FileId><FileWidth>wide</FileWidth></file>`
)

var walks = map[string]walked{
	"Cabinet.AllFolders": {
		func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error] {
			return each(c.Cabinet.AllFolders(ctx, rakuten.CabinetPageParams{Limit: 2}))
		},
		`<folder><FolderId>ID</FolderId></folder>`, `<folder><FolderId>ID</FolderId><FileCount>1.5</FileCount></folder>`,
		`<result><status/><cabinetFoldersGetResult><folderAllCount>TOTAL</folderAllCount><folders>ROWS</folders></cabinetFoldersGetResult></result>`,
		false,
	},
	"Cabinet.AllFiles": {
		func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error] {
			return each(c.Cabinet.AllFiles(ctx, rakuten.FolderFilesParams{CabinetPageParams: rakuten.CabinetPageParams{Limit: 2}}))
		},
		fileRow, fileOddRow, strings.ReplaceAll(filesOf, "NAME", "cabinetFolderFilesGetResult"),
		false,
	},
	"Cabinet.SearchAllFiles": {
		func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error] {
			return each(c.Cabinet.SearchAllFiles(ctx, rakuten.SearchFilesParams{CabinetPageParams: rakuten.CabinetPageParams{Limit: 2}}))
		},
		fileRow, fileOddRow, strings.ReplaceAll(filesOf, "NAME", "cabinetFilesSearchResult"),
		false,
	},
	"Cabinet.AllTrash": {
		func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error] {
			return each(c.Cabinet.AllTrash(ctx, rakuten.CabinetPageParams{Limit: 2}))
		},
		fileRow, fileOddRow, strings.ReplaceAll(filesOf, "NAME", "cabinetTrashboxFilesGetResult"),
		false,
	},
	"Coupons.All": {
		func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error] {
			return each(c.Coupons.All(ctx, rakuten.SearchCouponsParams{Hits: 2}))
		},
		`<coupon><couponCode>ID</couponCode></coupon>`,
		`<coupon><couponCode>ID</couponCode><otherConditions><otherCondition/></otherConditions><couponEndDate>soon</couponEndDate></coupon>`,
		`<result><status/><allCount>TOTAL</allCount><coupons>ROWS</coupons></result>`,
		false,
	},
	"ThanksCoupons.All": {
		func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error] {
			return each(c.ThanksCoupons.All(ctx, rakuten.SearchThanksCouponsParams{Hits: 2}))
		},
		`<thanksCoupon><thanksCouponId>ID</thanksCouponId></thanksCoupon>`,
		`<thanksCoupon><thanksCouponId>ID</thanksCouponId><couponTerm>a month</couponTerm></thanksCoupon>`,
		`<result><status/><allCount>TOTAL</allCount><thanksCoupons>ROWS</thanksCoupons></result>`,
		false,
	},
	"Products.All": {
		func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error] {
			return each(c.Products.All(ctx, rakuten.SearchProductsParams{Keyword: new("a"), Limit: 2}))
		},
		`<product><productId>ID</productId></product>`, `<product><productId>ID</productId><isOpenPrice>2</isOpenPrice></product>`,
		`<result><status/><productSearchResult><pagination><numFound>TOTAL</numFound></pagination><products>ROWS</products></productSearchResult></result>`,
		true,
	},
	"Inquiries.All": {
		func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error] {
			return each(c.Inquiries.All(ctx, rakuten.ListInquiriesParams{CountInquiriesParams: rakuten.CountInquiriesParams{
				FromDate: rakuten.LocalTime{Time: begin}, ToDate: rakuten.LocalTime{Time: begin.AddDate(0, 0, 7)},
			}}))
		},
		`{"inquiryNumber":"ID"}`, `{"inquiryNumber":"ID","replies":[{"regDate":"now"}]}`,
		`{"totalCount":TOTAL,"totalPageCount":3,"page":PAGE,"list":[ROWS]}`,
		false,
	},
	"Reserve.All": {
		func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error] {
			return each(c.Reserve.All(ctx, rakuten.ListReservationsParams{
				DateType: 1, ReserveType: []int{1}, StartDate: shotengai.DateOf(begin), EndDate: shotengai.DateOf(begin), Limit: 2,
			}))
		},
		`{"reserveNumber":"ID"}`, `{"reserveNumber":"ID","reserveType":1.5,"registerDatetime":"now"}`,
		`{"resultCode":"N00-000","totalCount":TOTAL,"publicReserveModelList":[ROWS]}`,
		true,
	},
	"Items.All": {
		func(ctx context.Context, c *rakuten.Client) iter.Seq2[any, error] {
			return each(c.Items.All(ctx, rakuten.SearchItemsParams{Hits: 2}))
		},
		`{"item":{"manageNumber":"ID"}}`, `{"item":{"manageNumber":"ID","created":"now"}}`,
		`{"numFound":TOTAL,"nextCursorMark":"PAGE","results":[ROWS]}`,
		false,
	},
}

// pages answers with three pages of two rows: the fourth row is odd, and the total is smaller
// from the second page on, if they are asked to be.
func (w walked) pages(odd, moved bool) http.HandlerFunc {
	page := 0
	return func(resp http.ResponseWriter, r *http.Request) {
		if offset := r.URL.Query().Get("offset"); w.byRow && offset != "" && offset != strconv.Itoa(2*page) {
			http.Error(resp, "offset "+offset, http.StatusBadRequest)
			return
		}
		page++
		var rows []string
		for id := 2*page - 1; id <= 2*page && id <= 6; id++ {
			row := w.row
			if odd && id == 4 {
				row = w.odd
			}
			rows = append(rows, strings.ReplaceAll(row, "ID", strconv.Itoa(id)))
		}
		total, separator := 6, ""
		if moved && page > 1 {
			total = 5
		}
		kind := "text/xml; charset=utf-8"
		if w.page[0] == '{' {
			kind, separator = "application/json", ","
		}
		resp.Header().Set("Content-Type", kind)
		next := strconv.Itoa(min(page, 3))
		_, _ = strings.NewReplacer("TOTAL", strconv.Itoa(total), "PAGE", next, "ROWS", strings.Join(rows, separator)).WriteString(resp, w.page)
	}
}

// take runs through a walk: "1" is a row, "!4" the error of one.
func (w walked) take(t *testing.T, odd, moved bool) (rows []string, err error) {
	t.Helper()
	client := serve(t, w.pages(odd, moved), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
	for row, err := range w.all(t.Context(), client) {
		if bad, ok := errors.AsType[*shotengai.RowError](err); ok {
			assert.Nil(t, reflect.ValueOf(row).UnsafePointer())
			assert.Equal(t, 1, bad.Index)
			assert.NotEmpty(t, bad.Path)
			assert.Equal(t, strings.ReplaceAll(w.odd, "ID", "4"), string(bad.Raw))
			rows = append(rows, "!"+bad.ID)
			continue
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, "row")
	}
	return rows, nil
}

// Every iteration yields the rows beside one that cannot be read, in their order, and
// notices that rows have left the list. None is left out of this test but those of orders,
// which search again until nothing new turns up.
func TestEveryAll(t *testing.T) {
	t.Parallel()
	for name, walk := range walks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, err := walk.take(t, false, false)
			require.NoError(t, err)
			assert.Equal(t, []string{"row", "row", "row", "row", "row", "row"}, rows)

			rows, err = walk.take(t, true, false)
			require.NoError(t, err)
			assert.Equal(t, []string{"row", "row", "row", "!4", "row", "row"}, rows)

			rows, err = walk.take(t, false, true)
			require.ErrorIs(t, err, shotengai.ErrRowsMoved)
			var page *shotengai.PageError
			require.ErrorAs(t, err, &page)
			assert.Equal(t, []string{"row", "row"}, rows)
		})
	}
	client := serve(t, func(http.ResponseWriter, *http.Request) {})
	var names []string
	for field, value := range reflect.ValueOf(client).Elem().Fields() {
		for i := 0; field.IsExported() && i < value.NumMethod(); i++ {
			if method := value.Type().Method(i); method.Type.NumOut() == 1 && method.Type.Out(0).Kind() == reflect.Func {
				names = append(names, field.Name+"."+method.Name)
			}
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { _, known := walks[name]; return known })
	assert.Equal(t, []string{"Orders.All", "Orders.Changes"}, names, "iterations that this test does not know")
}

// Lists in one piece, and batches of reads, have the sound rows and the error of the odd one.
func TestEveryListReadsPastAnOddRow(t *testing.T) {
	t.Parallel()
	type result struct {
		items int
		rows  []*shotengai.RowError
	}
	const sku = `"manageNumber":"tea","variantId":`
	const stock = `{"inventories":[{` + sku + `"1","quantity":1},{` + sku + `"2","quantity":1.5},{` + sku + `"3","quantity":"7"}]}`
	skus := []rakuten.SKU{{ManageNumber: "tea", VariantID: "1"}, {ManageNumber: "tea", VariantID: "2"}, {ManageNumber: "tea", VariantID: "3"}, {ManageNumber: "tea", VariantID: "4"}}
	const layouts = `{"result":[{"layoutId":"1"},{"layoutId":"2","startTime":"now"},{"layoutId":"3"}]}`
	const leadTimes = `<shopBizApiResponse><resultCode>N000</resultCode><result><operationLeadTimeList><operationLeadTime><operationLeadTimeId>1</operationLeadTimeId></operationLeadTime>` +
		`<operationLeadTime><operationLeadTimeId>2</operationLeadTimeId><numberOfDays>soon</numberOfDays></operationLeadTime>` +
		`<operationLeadTime><operationLeadTimeId>3</operationLeadTimeId><numberOfDays>1.0</numberOfDays></operationLeadTime></operationLeadTimeList></result></shopBizApiResponse>`
	for name, test := range map[string]struct {
		id, body string
		call     func(ctx context.Context, c *rakuten.Client) (result, error)
	}{
		"inventory range": {"tea 2", stock, func(ctx context.Context, c *rakuten.Client) (result, error) {
			page, err := c.Inventory.Range(ctx, rakuten.StockRangeParams{})
			return result{len(page.Items), page.RowErrors}, err
		}},
		"inventory bulk get": {"tea 2", stock, func(ctx context.Context, c *rakuten.Client) (result, error) {
			found, err := c.Inventory.BulkGet(ctx, skus)
			assert.Equal(t, skus[3:], found.Missing, "one that cannot be read is not missing")
			return result{len(found.Items), found.RowErrors}, err
		}},
		"inventory 2.0 bulk get": {"tea 2", stock, func(ctx context.Context, c *rakuten.Client) (result, error) {
			found, err := c.Inventory20.BulkGet(ctx, skus)
			assert.Equal(t, skus[3:], found.Missing)
			return result{len(found.Items), found.RowErrors}, err
		}},
		"items bulk get": {
			"b", `{"results":[{"manageNumber":"a"},{"manageNumber":"b","created":"now"},{"manageNumber":"c"}]}`,
			func(ctx context.Context, c *rakuten.Client) (result, error) {
				found, err := c.Items.BulkGet(ctx, []string{"a", "B", "c", "d"})
				assert.Equal(t, []string{"d"}, found.Missing)
				return result{len(found.Items), found.RowErrors}, err
			},
		},
		"bundles": {
			"2", `{"numberOfBundles":3,"bundles":[{"bundleManageNumber":"1"},{"bundleManageNumber":"2","createdDate":"now"},{"bundleManageNumber":"3"}]}`,
			func(ctx context.Context, c *rakuten.Client) (result, error) {
				page, err := c.ItemBundles.List(ctx, rakuten.ListItemBundlesParams{})
				return result{len(page.Items), page.RowErrors}, err
			},
		},
		"navigations": {
			"2", `{"result":[{"navigationId":"1"},{"navigationId":"2","options":{"ranking":"perhaps"}},{"navigationId":"3","options":{"ranking":"1"}}]}`,
			func(ctx context.Context, c *rakuten.Client) (result, error) {
				page, err := c.ShopPages.Navigations(ctx)
				return result{len(page.Items), page.RowErrors}, err
			},
		},
		"widgets": {
			"2", `{"result":[{"widgetId":"1"},{"widgetId":"2","body":{}},{"widgetId":3}]}`,
			func(ctx context.Context, c *rakuten.Client) (result, error) {
				page, err := c.ShopPages.Widgets(ctx)
				return result{len(page.Items), page.RowErrors}, err
			},
		},
		"layouts": {"2", layouts, func(ctx context.Context, c *rakuten.Client) (result, error) {
			page, err := c.ShopPages.Layouts(ctx, rakuten.LayoutDraft)
			return result{len(page.Items), page.RowErrors}, err
		}},
		"published layouts": {"2", layouts, func(ctx context.Context, c *rakuten.Client) (result, error) {
			page, err := c.ShopPages.PublishedLayouts(ctx, rakuten.LayoutShopTop)
			return result{len(page.Items), page.RowErrors}, err
		}},
		"sub-statuses": {
			"200", `{"StatusModelList":[{"orderProgress":100},{"orderProgress":200,"SubStatusModelList":[{"subStatusId":1.5}]},{"orderProgress":"300"}]}`,
			func(ctx context.Context, c *rakuten.Client) (result, error) {
				page, err := c.Orders.SubStatuses(ctx)
				return result{len(page.Items), page.RowErrors}, err
			},
		},
		"category sets": {
			"2", `{"categorySetList":[{"categorySetId":"1"},{"categorySetId":"2","created":"now"},{"categorySetId":"3"}]}`,
			func(ctx context.Context, c *rakuten.Client) (result, error) {
				sets, err := c.Categories.Sets(ctx, nil)
				return result{len(sets.Sets), sets.RowErrors}, err
			},
		},
		"results of parcels": {
			"123456-20260101-2", `{"ResultShippingModelList":[{"orderNumber":"123456-20260101-1"},{"orderNumber":"123456-20260101-2","MessageModelList":7},{"orderNumber":"123456-20260101-3"}]}`,
			func(ctx context.Context, c *rakuten.Client) (result, error) {
				page, err := c.Orders.AsyncResult(ctx, "id")
				return result{len(page.Items), page.RowErrors}, err
			},
		},
		"lead times of the shop": {"2", leadTimes, func(ctx context.Context, c *rakuten.Client) (result, error) {
			page, err := c.Shop.OperationLeadTime.List(ctx)
			return result{len(page.Items), page.RowErrors}, err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var last call
			got, err := test.call(t.Context(), serve(t, record(&last, 200, test.body)))
			require.NoError(t, err)
			assert.Equal(t, 2, got.items)
			require.Len(t, got.rows, 1)
			assert.Equal(t, 1, got.rows[0].Index)
			assert.Equal(t, test.id, got.rows[0].ID)
			assert.Equal(t, "rakuten", got.rows[0].Platform)
			assert.Equal(t, last.Method+" "+last.Path, strings.ReplaceAll(got.rows[0].Operation, "{status}", "draft"))
			assert.NotEmpty(t, got.rows[0].Raw)
		})
	}
}

// An import of 251 orders, one of which cannot be read, has the others and names that one.
func TestAnOddOrderDoesNotStopAnImport(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(251, begin, time.Minute)
	odd := s.orders[150].number
	s.odd = map[string]string{odd: "2026/11/30"}
	client := s.serve(t, shotengai.WithLimiter(nil))
	var rows []string
	given := 0
	for order, err := range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 2))) {
		if row, ok := errors.AsType[*shotengai.RowError](err); ok {
			require.ErrorContains(t, row, fmt.Sprintf(`(%s): deliveryDate: `, odd))
			require.ErrorContains(t, row, `"2026/11/30" is not a date`)
			rows = append(rows, row.ID)
			continue
		}
		require.NoError(t, err)
		assert.NotNil(t, order)
		given++
	}
	assert.Equal(t, 250, given)
	assert.Equal(t, []string{odd}, rows)
}

// An order of which not even the number can be read is reported beside that it was not
// returned.
func TestAnOrderWithoutANumber(t *testing.T) {
	t.Parallel()
	var last call
	client := serve(t, record(&last, 200, `{"OrderModelList":[{"orderNumber":{},"units":1}]}`))
	orders, err := client.Orders.GetBatch(t.Context(), []string{"123456-20260101-0000000001"})
	require.NoError(t, err)
	require.Len(t, orders.Missing, 2)
	assert.Equal(t, "123456-20260101-0000000001", orders.Missing[0].ID)
	assert.Equal(t, "orderNumber", orders.Missing[1].Path)
	assert.Empty(t, orders.Missing[1].ID)
}

// Broken texts of an XML answer are repaired, and reported with their place.
func TestBrokenTextsOfXMLAnswers(t *testing.T) {
	t.Parallel()
	const page = `<result><status/><allCount>1</allCount><coupons><coupon><couponCode>A</couponCode><couponName>%s</couponName></coupon></coupons></result>`
	for text, want := range map[string]string{"夏\xffの": "夏\uFFFDの", "夏\x01": "夏\uFFFD", "夏&nbsp;&copy;&lt;": "夏\u00a0©<", "夏&#1;&zzz;": "夏\uFFFD&zzz;"} {
		var last call
		var drift []shotengai.Drift
		client := serve(t, record(&last, 200, fmt.Sprintf(page, text)), shotengai.WithDriftReport(func(d shotengai.Drift) { drift = append(drift, d) }))
		coupons, err := client.Coupons.Search(t.Context(), rakuten.SearchCouponsParams{})
		require.NoError(t, err, "%q", text)
		require.Len(t, coupons.Items, 1)
		assert.Equal(t, want, coupons.Items[0].CouponName)
		assert.Equal(t, []shotengai.Drift{{
			Platform: "rakuten", Operation: "GET /es/1.0/coupon/search", Path: "result.coupons.coupon[0].couponName", Kind: shotengai.DriftText,
		}}, drift)
	}
	for name, body := range map[string]string{
		"Shift_JIS": `<result><status/><coupons><coupon><couponName>` + strings.Repeat("\x8f\xa4\x95\x69", 20) + `</couponName></coupon></coupons></result>`,
		"EUC-JP":    `<?xml version="1.0" encoding="EUC-JP"?><result><status/></result>`,
	} {
		var last call
		var sent atomic.Int64
		_, err := serve(t, record(&last, 200, body)).Coupons.Search(t.Context(), rakuten.SearchCouponsParams{}, shotengai.WithRequestCount(&sent))
		require.ErrorContains(t, err, "not in UTF-8", name)
		assert.NotErrorIs(t, err, shotengai.ErrUnavailable)
		assert.EqualValues(t, 1, sent.Load(), "another attempt would bring the same")
	}
}

// A message that cannot be read leaves the orders readable, and one about an order that was
// not returned is the reason for that.
func TestAnOddMessageAboutAnOrder(t *testing.T) {
	t.Parallel()
	const first, second = "123456-20260101-0000000001", "123456-20260101-0000000002"
	var last call
	client := serve(t, record(&last, 200, `{"MessageModelList":[{"orderNumber":"`+first+`","message":{}},{"orderNumber":"`+second+`","messageType":"ERROR","message":[]}],`+
		`"OrderModelList":[{"orderNumber":"`+first+`"}]}`))
	orders, err := client.Orders.GetBatch(t.Context(), []string{first, second})
	require.NoError(t, err)
	require.Len(t, orders.Items, 1)
	require.Len(t, orders.Missing, 1)
	require.ErrorContains(t, orders.Missing[0], "MessageModelList[1] ("+second+"): message: a list is not a text")
}

// FuzzOneOddOrder: whatever stands for a value of one order, the others are read.
func FuzzOneOddOrder(f *testing.F) {
	for i, value := range []string{`"1970"`, `100.5`, `2`, `"2026/11/30"`, `{}`, `[[]]`, `null`, `""`, "\"\xff\\ud800\"", `1e400`, `"a\nb"`, `true`} {
		f.Add(value, uint8(i))
	}
	members := []string{"orderProgress", "orderDatetime", "totalPrice", "giftCheckFlag", "memo", "PackageModelList", "OrdererModel", "deliveryDate", "subStatusId", "unknown"}
	const number = "123456-20260101-000000000"
	var answer atomic.Value
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer.Load().(string))
	}))
	f.Cleanup(srv.Close)
	client, err := rakuten.NewClient(rakuten.StaticLicense(pair), shotengai.WithTestServer(srv.URL), shotengai.WithLimiter(nil))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, value string, which uint8) {
		member := members[int(which)%len(members)]
		if !json.Valid([]byte(`{"a":`+value+`}`)) || len(value) > 40 {
			return // it breaks the document, and not the order; or more of it is broken than sound
		}
		rows, numbers := make([]string, 5), make([]string, 5)
		for i := range rows {
			numbers[i] = number + strconv.Itoa(i)
			rows[i] = `{"orderNumber":"` + numbers[i] + `","remarks":"午前中にお届けください"}`
		}
		rows[2] = `{"orderNumber":"` + numbers[2] + `","` + member + `":` + value + `}`
		answer.Store(`{"OrderModelList":[` + strings.Join(rows, ",") + `]}`)
		orders, err := client.Orders.GetBatch(t.Context(), numbers)
		require.NoError(t, err)
		require.Equal(t, 5, len(orders.Items)+len(orders.Missing))
		if len(orders.Items) < 5 {
			require.Len(t, orders.Missing, 1)
			assert.Equal(t, numbers[2], orders.Missing[0].ID)
			assert.Equal(t, rows[2], string(orders.Missing[0].Raw))
		}
	})
}

// One row that was asked for and cannot be read is an error with the place and the body, and
// not one that goes away by itself.
func TestASingleOddRow(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body, place string
		call        func(ctx context.Context, c *rakuten.Client, opts ...shotengai.CallOption) error
	}{
		"coupon": {
			`<result><status/><coupon><couponCode>A</couponCode><otherConditions><otherCondition><startValue>1</startValue></otherCondition></otherConditions><issueCount>ten</issueCount></coupon></result>`,
			`result.coupon.issueCount: "ten" is not a whole number`,
			func(ctx context.Context, c *rakuten.Client, opts ...shotengai.CallOption) error {
				return failureOf(c.Coupons.Get(ctx, "A", opts...))
			},
		},
		"item": {
			`{"manageNumber":"tea","images":[{"type":"CABINET"},{"type":7,"location":[]}]}`, "images[1].location: a list is not a text",
			func(ctx context.Context, c *rakuten.Client, opts ...shotengai.CallOption) error {
				return failureOf(c.Items.Get(ctx, "tea", opts...))
			},
		},
		"stock": {
			`{"manageNumber":"tea","variantId":"green","quantity":1.5}`, "quantity: 1.5 is not a whole number",
			func(ctx context.Context, c *rakuten.Client, opts ...shotengai.CallOption) error {
				return failureOf(c.Inventory.Get(ctx, rakuten.SKU{ManageNumber: "tea", VariantID: "green"}, opts...))
			},
		},
		"inquiry": {
			`{"result":{"inquiryNumber":"1","replies":[{"id":1},{"id":2,"isRead":"perhaps"}]}}`, `result.replies[1].isRead: "perhaps" is neither true nor false`,
			func(ctx context.Context, c *rakuten.Client, opts ...shotengai.CallOption) error {
				return failureOf(c.Inquiries.Get(ctx, "1", opts...))
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var last call
			var sent atomic.Int64
			err := test.call(t.Context(), serve(t, record(&last, 200, test.body)), shotengai.WithRequestCount(&sent))
			require.ErrorContains(t, err, test.place)
			e, ok := errors.AsType[*shotengai.Error](err)
			require.True(t, ok)
			assert.Equal(t, test.body, string(e.Body))
			assert.NotErrorIs(t, err, shotengai.ErrUnavailable)
			assert.EqualValues(t, 1, sent.Load())
		})
	}
}

// A refusal in an answer with status 200 is found, and quoted, however it is spelt.
func TestARefusalWithOddValuesIsFound(t *testing.T) {
	t.Parallel()
	order := func(ctx context.Context, c *rakuten.Client) error {
		return failureOf(c.Orders.UpdateMemo(ctx, rakuten.UpdateOrderMemoRequest{OrderNumber: "123456-20260101-0000000001"}))
	}
	item := func(ctx context.Context, c *rakuten.Client) error { return failureOf(c.Items.Get(ctx, "tea")) }
	reserve := func(ctx context.Context, c *rakuten.Client) error {
		return failureOf(c.Reserve.List(ctx, rakuten.ListReservationsParams{
			DateType: 1, ReserveType: []int{1}, StartDate: shotengai.DateOf(begin), EndDate: shotengai.DateOf(begin),
		}))
	}
	coupon := func(ctx context.Context, c *rakuten.Client) error {
		return failureOf(c.Coupons.Search(ctx, rakuten.SearchCouponsParams{}))
	}
	for name, test := range map[string]struct {
		call       func(ctx context.Context, c *rakuten.Client) error
		body, code string
	}{
		"a code that is a number":     {order, `{"MessageModelList":[{"messageType":"ERROR","messageCode":101,"message":"no"}]}`, "101"},
		"a control character":         {order, "{\"MessageModelList\":[{\"messageType\":\"ERROR\",\"messageCode\":\"E1\",\"message\":\"n\x01o\"}]}", "E1"},
		"a message that is an object": {item, `{"errors":[{"code":"IE0105","message":{}}]}`, "IE0105"},
		"a broken byte":               {item, "{\"errors\":[{\"code\":\"IE0105\",\"message\":\"傘傘\xff\"}]}", "IE0105"},
		"a result code as a number":   {reserve, `{"resultCode":7,"resultMessage":"no","totalCount":0,"publicReserveModelList":[]}`, "7"},
		"a broken byte in XML":        {coupon, "<result><status><message>\xff傘傘</message><systemStatus>NG</systemStatus></status><errors><error><code>C1</code></error></errors></result>", "C1"},
		"an entity of HTML in XML":    {coupon, "<result><status><message>&nbsp;</message></status><errors><error><message>&yen;</message><code>C1</code></error></errors></result>", "C1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var last call
			err := test.call(t.Context(), serve(t, record(&last, 200, test.body)))
			e, ok := errors.AsType[*shotengai.Error](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, test.code, e.Code, "%v", err)
			require.ErrorIs(t, err, shotengai.ErrInvalid)
		})
	}
}

// Answers of which nothing can be read are no answers that say nothing.
func TestAnswersWithOddRowsOnly(t *testing.T) {
	t.Parallel()
	const number = "123456-20260101-0000000001"
	var last call
	client := serve(t, record(&last, 200, `{"MessageModelList":[{"messageType":"ERROR","messageCode":"E1","message":"no"}],"OrderModelList":[{"orderNumber":"`+number+`","orderType":{}}]}`))
	orders, err := client.Orders.GetBatch(t.Context(), []string{number})
	require.NoError(t, err)
	require.Len(t, orders.Missing, 1)
	assert.Equal(t, "orderType", orders.Missing[0].Path)

	client = serve(t, record(&last, 200, `{"ResultShippingModelList":[{"orderNumber":"`+number+`","MessageModelList":7}]}`))
	results, err := client.Orders.AsyncResult(t.Context(), "id")
	require.NoError(t, err)
	assert.Empty(t, results.Items)
	assert.Len(t, results.RowErrors, 1)
	assert.Equal(t, 1, *results.Total)
}
