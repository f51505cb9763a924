package shotengai_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/internal/lenient"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// listing is a fake shop with at least three rows in every list that is paged, and a client of
// it.
type listing struct {
	client any
	fail   func(n int, f shotengaitest.Fault)
	heal   func()
	// arguments are those behind the context of methods that need other ones than zero values
	// and two rows a page.
	arguments map[string][]any
	// open looks into an answer.
	open func(body []byte) listed
}

// listed is a list in an answer, to be changed.
type listed interface {
	rows() []string
	// spoil puts something where it cannot be read, at a place such as "price" or
	// "details[0].price".
	spoil(row int, place string)
	// drop takes rows away from the front, and from what the answer says of rows in all.
	drop(n int)
	body() []byte
}

// listings are shops of the platforms. A rule about lists is proved by one test over every list
// of their clients, found by reflection. Those of rakuten, which are in two formats, have their
// own test beside the client: TestEveryAll.
var listings = map[string]func(t testing.TB) listing{
	"colorme":  colormeLists,
	"makeshop": makeshopLists,
	"stores":   storesLists,
}

func colormeLists(t testing.TB) listing {
	t.Helper()
	srv := colormetest.NewServer(colormetest.WithoutRateLimits(), colormetest.WithSales(5), colormetest.WithCustomers(5), colormetest.WithProducts(5))
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	ctx := t.Context()
	for _, src := range []string{"https://x.example/a.js", "https://x.example/b.js"} {
		tag := colorme.CreateScriptTagRequest{Src: src, DisplayScope: colorme.ScriptCart} //nolint:staticcheck // its list has rows, too
		_, err := client.ScriptTags.Create(ctx, tag)                                      //nolint:staticcheck // as above
		require.NoError(t, err)
		_, err = client.ShopScriptTags.Create(ctx, colorme.CreateShopScriptTagRequest{Src: src, DisplayScope: colorme.ScriptShop, Integrity: colorme.Integrity([]byte(src))})
		require.NoError(t, err)
		inline := colorme.CreateInlineScriptTagRequest{Script: "a()", TriggerEvent: colorme.TriggerObjectBuilded, DisplayScope: colorme.ScriptCart} //nolint:staticcheck // as above
		_, err = client.InlineScriptTags.Create(ctx, inline)                                                                                        //nolint:staticcheck // as above
		require.NoError(t, err)
	}
	var manifold int64 // the product with most variants
	most := 0
	for product, err := range client.Products.All(ctx, colorme.ListProductsParams{}) {
		require.NoError(t, err)
		if len(product.Variants) > most {
			manifold, most = product.ID, len(product.Variants)
		}
	}
	sales := colorme.ListSalesParams{Limit: 2, MakeDateMin: colorme.At(srv.Now().AddDate(-1, 0, 0))}
	return listing{
		client: client, fail: srv.Fail, heal: srv.Heal, open: openJSON,
		arguments: map[string][]any{
			"Sales.List": {sales}, "Sales.All": {sales},
			"ProductVariants.List": {manifold, colorme.ListProductVariantsParams{Limit: 2}},
			"ProductVariants.All":  {manifold, colorme.ListProductVariantsParams{Limit: 2}},
			"ProductImages.List":   {manifold},
		},
	}
}

func makeshopLists(t testing.TB) listing {
	t.Helper()
	srv := makeshoptest.NewServer(makeshoptest.WithoutRateLimits(), makeshoptest.WithOrders(5), makeshoptest.WithMembers(5), makeshoptest.WithProducts(5))
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	return listing{client: client, fail: srv.Fail, heal: srv.Heal, open: openJSON}
}

func storesLists(t testing.TB) listing {
	t.Helper()
	srv := storestest.NewServer(storestest.WithoutRateLimits(), storestest.WithOrders(5), storestest.WithItems(5))
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	return listing{client: client, fail: srv.Fail, heal: srv.Heal, open: openJSON}
}

// call calls a method with the arguments of the table, or else zero values and two rows a page.
func (l *listing) call(ctx context.Context, name string, method reflect.Value) []reflect.Value {
	in := []reflect.Value{reflect.ValueOf(ctx)}
	for _, v := range l.arguments[name] {
		in = append(in, reflect.ValueOf(v))
	}
	for i := len(in); i < method.Type().NumIn()-1; i++ {
		v := reflect.New(method.Type().In(i)).Elem()
		if limit := reflect.Indirect(v); limit.Kind() == reflect.Struct && limit.FieldByName("Limit").IsValid() {
			limit.FieldByName("Limit").SetInt(2)
		}
		in = append(in, v)
	}
	return method.Call(in)
}

// page calls a method that returns a page.
func (l *listing) page(t *testing.T, name string, method reflect.Value) (items reflect.Value, rows []*shotengai.RowError) {
	t.Helper()
	out := l.call(t.Context(), name, method)
	require.Nil(t, out[1].Interface(), name)
	page := out[0].Elem()
	rows, ok := reflect.TypeAssert[[]*shotengai.RowError](page.FieldByName("RowErrors"))
	require.True(t, ok)
	return page.FieldByName("Items"), rows
}

// walked is what an iteration yields: rows as text, errors of rows as nil in their places, and
// the failure it ends with.
func (l *listing) walked(t *testing.T, name string, method reflect.Value) (rows []string, odd []*shotengai.RowError, failure error) {
	t.Helper()
	for row, err := range l.call(t.Context(), name, method)[0].Seq2() {
		e, _ := reflect.TypeAssert[error](err)
		switch bad, ok := errors.AsType[*shotengai.RowError](e); {
		case ok:
			rows, odd = append(rows, ""), append(odd, bad)
		case e != nil:
			return rows, odd, e
		default:
			text, err := json.Marshal(row.Interface())
			require.NoError(t, err)
			rows = append(rows, string(text))
		}
	}
	return rows, odd, nil
}

// onEachList visits every method that returns a page, and every iteration over one.
func onEachList(t *testing.T, pages, walks func(t *testing.T, l *listing, name string, method reflect.Value)) {
	t.Helper()
	for platform, open := range listings {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			l := open(t)
			visited := 0
			eachMethod(reflect.ValueOf(l.client), func(name string, method reflect.Value) {
				test := walks
				if kind := method.Type(); kind.NumOut() == 2 && isShared(kind.Out(0), "Page[") {
					test = pages
				} else if !isWalk(name, kind) {
					return
				}
				if test != nil {
					visited++
					t.Run(name, func(t *testing.T) {
						defer l.heal()
						test(t, &l, name, method)
					})
				}
			})
			assert.NotZero(t, visited)
		})
	}
}

func isWalk(name string, kind reflect.Type) bool {
	_, method, _ := strings.Cut(name, ".")
	return strings.Contains(method, "All") && kind.NumOut() == 1 && kind.Out(0).CanSeq2()
}

// One value that cannot be read costs the row that it is in, and no other: in a page.
func TestH25OneOddValueCostsOneRowOfAPage(t *testing.T) {
	t.Parallel()
	onEachList(t, func(t *testing.T, l *listing, name string, method reflect.Value) {
		sound, rows := l.page(t, name, method)
		require.NotZero(t, sound.Len(), "the shop of the test needs rows")
		require.Empty(t, rows)
		at := sound.Len() / 2
		for _, place := range places(sound.Type().Elem()) {
			var raw string
			l.fail(1, shotengaitest.Fault{Rewrite: func(body []byte) []byte {
				list := l.open(body)
				list.spoil(at, place)
				raw = list.rows()[at]
				return list.body()
			}})
			items, rows := l.page(t, name, method)
			assert.Equal(t, sound.Len()-1, items.Len(), place)
			for i := range sound.Len() {
				if i != at {
					assert.Equal(t, sound.Index(i).Interface(), items.Index(i-min(1, max(0, i-at))).Interface(), place)
				}
			}
			if assert.Len(t, rows, 1, place) {
				assert.Equal(t, at, rows[0].Index)
				assert.Equal(t, place, rows[0].Path)
				assert.NotEmpty(t, rows[0].ID)
				assert.NotEmpty(t, rows[0].Operation)
				assert.JSONEq(t, raw, string(rows[0].Raw))
				assert.Contains(t, rows[0].Error(), fmt.Sprintf("[%d] (%s): %s: ", at, rows[0].ID, place))
			}
		}
	}, nil)
}

// One value that cannot be read costs the row that it is in, and no other: in a walk, which
// yields it in its place and once.
func TestH25OneOddValueCostsOneRowOfAWalk(t *testing.T) {
	t.Parallel()
	onEachList(t, nil, func(t *testing.T, l *listing, name string, method reflect.Value) {
		sound, odd, failure := l.walked(t, name, method)
		require.NoError(t, failure)
		require.Empty(t, odd)
		for at := range sound {
			seen, victim := make(map[string]bool), ""
			place := places(method.Type().Out(0).In(0).In(0).Elem())[0]
			l.fail(-1, shotengaitest.Fault{Rewrite: func(body []byte) []byte {
				list := l.open(body)
				for i, row := range list.rows() {
					if victim == "" && !seen[row] && len(seen) == at {
						victim = row
					}
					seen[row] = true
					if row == victim { // also where the next page has it again
						list.spoil(i, place)
					}
				}
				return list.body()
			}})
			rows, odd, failure := l.walked(t, name, method)
			l.heal()
			require.NoError(t, failure, at)
			assert.Len(t, rows, len(sound), at)
			if assert.Len(t, odd, 1, at) {
				assert.Equal(t, place, odd[0].Path)
			}
			gone := slices.Index(rows, "")
			assert.Equal(t, slices.Delete(slices.Clone(sound), gone, gone+1), slices.DeleteFunc(rows, func(s string) bool { return s == "" }), at)
		}
	})
}

// Rows that leave a list while it is walked end the walk, or else the comment says that this
// is not noticed.
func TestRowsThatLeaveEndAWalk(t *testing.T) {
	t.Parallel()
	silent := unnoticed(t)
	onEachList(t, nil, func(t *testing.T, l *listing, name string, method reflect.Value) {
		sound, _, failure := l.walked(t, name, method)
		require.NoError(t, failure)
		answers, first := 0, 0
		l.fail(-1, shotengaitest.Fault{Rewrite: func(body []byte) []byte {
			list := l.open(body)
			if answers++; answers == 1 {
				first = len(list.rows())
				return body
			}
			list.drop(1)
			return list.body()
		}})
		rows, _, failure := l.walked(t, name, method)
		require.Greater(t, answers, 1, "the list of %d rows has one page", len(sound))
		if silent[strings.ToLower(name)] {
			require.NotErrorIs(t, failure, shotengai.ErrRowsMoved, "the comment says otherwise")
			return
		}
		require.ErrorIs(t, failure, shotengai.ErrRowsMoved)
		_, ok := errors.AsType[*shotengai.PageError](failure)
		assert.True(t, ok)
		assert.Equal(t, sound[:first], rows, "what came before")
	})
}

// unnoticed are the iterations whose comment says that they do not notice rows that leave,
// in lower case, by service and method.
func unnoticed(t *testing.T) map[string]bool {
	t.Helper()
	found := make(map[string]bool)
	for _, dir := range platforms {
		packages, err := parser.ParseDir(token.NewFileSet(), dir, func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, parser.ParseComments) //nolint:staticcheck // no build tags
		require.NoError(t, err)
		for _, file := range packages[dir].Files {
			for _, decl := range file.Decls {
				method, ok := decl.(*ast.FuncDecl)
				if !ok || method.Recv == nil || !strings.Contains(strings.Join(strings.Fields(method.Doc.Text()), " "), "does not notice rows that leave") {
					continue
				}
				if star, ok := method.Recv.List[0].Type.(*ast.StarExpr); ok {
					service := strings.TrimSuffix(star.X.(*ast.Ident).Name, "Service")
					found[strings.ToLower(service+"."+method.Name.Name)] = true
				}
			}
		}
	}
	return found
}

// places are where a row can be spoilt: its last member that is a scalar, and one inside the
// first list of objects that it has.
func places(row reflect.Type) []string {
	var found []string
	if member := scalarOf(row); member != "" {
		found = append(found, member)
	}
	for field := range row.Fields() {
		if field.Type.Kind() != reflect.Slice || field.Type.Elem().Kind() != reflect.Struct || readsItself(field.Type.Elem()) {
			continue
		}
		if member := scalarOf(field.Type.Elem()); member != "" {
			return append(found, memberName(field)+"[0]."+member)
		}
	}
	return found
}

// scalarOf is the name of the last member of an object that is a text, a number or a boolean.
func scalarOf(object reflect.Type) string {
	name := ""
	for field := range object.Fields() {
		kind := deref(field.Type).Kind()
		if scalar := kind >= reflect.Bool && kind <= reflect.Float64 || kind == reflect.String; scalar && field.IsExported() && memberName(field) != "-" {
			name = memberName(field)
		}
	}
	return name
}

func deref(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func memberName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

func readsItself(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// listedJSON is the first list of objects in a JSON answer that is in no other list.
type listedJSON struct {
	tree   any
	parent map[string]any
	member string
	totals []map[string]any
}

func openJSON(body []byte) listed {
	l := new(listedJSON)
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber()
	if decoder.Decode(&l.tree) == nil {
		l.look(l.tree)
	}
	return l
}

func (l *listedJSON) look(v any) {
	object, _ := v.(map[string]any)
	for name, value := range object {
		list, _ := value.([]any)
		if len(list) > 0 && l.parent == nil {
			if _, ok := list[0].(map[string]any); ok {
				l.parent, l.member = object, name
			}
		}
		if name == "total" || name == "searchedCount" {
			l.totals = append(l.totals, object)
		}
		l.look(value)
	}
}

func (l *listedJSON) list() []any {
	list, _ := l.parent[l.member].([]any)
	return list
}

func (l *listedJSON) rows() []string {
	var texts []string
	for _, row := range l.list() {
		texts = append(texts, string(encoded(row)))
	}
	return texts
}

func (l *listedJSON) spoil(row int, place string) {
	object, _ := l.list()[row].(map[string]any)
	odd := any([]any{})
	if list, member, nested := strings.Cut(place, "[0]."); nested {
		place, odd = list, []any{map[string]any{member: odd}}
	}
	object[place] = odd
}

func (l *listedJSON) drop(n int) {
	if l.parent == nil {
		return
	}
	l.parent[l.member] = l.list()[n:]
	for _, object := range l.totals {
		for _, name := range []string{"total", "searchedCount"} {
			if total, ok := object[name].(json.Number); ok {
				count, _ := total.Int64()
				object[name] = count - int64(n)
			}
		}
	}
}

func (l *listedJSON) body() []byte { return encoded(l.tree) }

func encoded(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

// Orders that leave the selection as they are shipped inside the loop would hide others.
func TestOrdersThatAreShippedInTheLoop(t *testing.T) {
	t.Parallel()
	srv := makeshoptest.NewServer(makeshoptest.WithoutRateLimits(), makeshoptest.WithOrders(0), makeshoptest.WithPageCap(2))
	t.Cleanup(srv.Close)
	for range 6 {
		srv.Shop().AddOrder(nil)
	}
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	open := makeshop.ListOrdersParams{DeliveryStatus: makeshop.DeliveryNotProcessed}
	ship := func(order *makeshop.Order) {
		results, err := client.Orders.UpdateDeliveryStatuses(t.Context(), []makeshop.UpdateOrderDeliveryRequest{
			{DisplayOrderNumber: order.DisplayOrderNumber, DeliveryStatus: makeshop.UpdateDeliveryCompleted},
		})
		require.NoError(t, err)
		require.NoError(t, results.Err())
	}
	shipped := 0
	var failure error
	for order, err := range client.Orders.All(t.Context(), open) {
		if failure = err; err == nil {
			ship(order)
			shipped++
		}
	}
	require.ErrorIs(t, failure, shotengai.ErrRowsMoved)
	assert.Equal(t, 2, shipped)
	for failure != nil { // from the start, until nothing has moved
		failure = nil
		for order, err := range client.Orders.All(t.Context(), open) {
			if failure = err; err == nil {
				ship(order)
				shipped++
			}
		}
	}
	assert.Equal(t, 6, shipped)
}

// always answers every request alike.
type always string

func (a always) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(a))),
		ContentLength: int64(len(a)), Request: r,
	}, nil
}

// soundRows are the orders and sales of the fakes, as they are sent.
func soundRows(f *testing.F) (rows []string) {
	f.Helper()
	for _, open := range listings {
		l := open(f)
		l.fail(1, shotengaitest.Fault{Rewrite: func(body []byte) []byte {
			rows = append(rows, l.open(body).rows()...)
			return body
		}})
		eachMethod(reflect.ValueOf(l.client), func(name string, method reflect.Value) {
			if name == "Sales.List" || name == "Orders.List" {
				require.Nil(f, l.call(f.Context(), name, method)[1].Interface(), name)
			}
		})
	}
	require.NotEmpty(f, rows)
	return rows
}

// FuzzOneOddRow: whatever one row of a page is, the others are read, and it is read itself or
// reported.
func FuzzOneOddRow(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `7`, `{"id":"x","sumPrice":100.5}`, `{"id":2,"sales_amount":"1","details":[{"price":{}}]}`, `{"deliveries":[{"type":"shipping","items":[{"quantity":1.5}]}]}`,
		`{"orderDate":{},"deliveryInfos":""}`, "{\"memo\":\"a\x01\"}", `{"make_date":"yesterday","paid":2}`, `{"transactions":[{"type":"cash","amount":true}]}`,
	} {
		f.Add(seed)
	}
	for _, row := range soundRows(f) {
		f.Add(row)
	}
	type listed func(t *testing.T, around func(first, last string) shotengai.Option) (rows, odd int, first, last string, err error)
	lists := map[string]listed{
		"colorme": func(t *testing.T, around func(first, last string) shotengai.Option) (rows, odd int, first, last string, err error) {
			client, err := colorme.NewClient(staticToken(), shotengai.WithLimiter(nil), around(`{"sales":[{"id":1},`, `,{"id":3}],"meta":{"total":3,"limit":100,"offset":0}}`))
			require.NoError(t, err)
			page, err := client.Sales.List(t.Context(), colorme.ListSalesParams{})
			if err != nil {
				return 0, 0, "", "", err
			}
			return len(page.Items), len(page.RowErrors), strconv.FormatInt(page.Items[0].ID, 10), strconv.FormatInt(page.Items[len(page.Items)-1].ID, 10), nil
		},
		"makeshop": func(t *testing.T, around func(first, last string) shotengai.Option) (rows, odd int, first, last string, err error) {
			config := makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey}
			client, err := makeshop.NewClient(config, staticToken(), shotengai.WithLimiter(nil),
				around(`{"data":{"searchOrder":{"orders":[{"systemOrderNumber":"1"},`, `,{"systemOrderNumber":"3"}],"searchedCount":3}}}`))
			require.NoError(t, err)
			page, err := client.Orders.List(t.Context(), makeshop.ListOrdersParams{})
			if err != nil {
				return 0, 0, "", "", err
			}
			return len(page.Items), len(page.RowErrors), page.Items[0].SystemOrderNumber, page.Items[len(page.Items)-1].SystemOrderNumber, nil
		},
		"stores": func(t *testing.T, around func(first, last string) shotengai.Option) (rows, odd int, first, last string, err error) {
			client, err := stores.NewClient(staticToken(), shotengai.WithLimiter(nil), around(`{"orders":[{"id":"1"},`, `,{"id":"3"}]}`))
			require.NoError(t, err)
			page, err := client.Orders.List(t.Context(), stores.ListOrdersParams{})
			if err != nil {
				return 0, 0, "", "", err
			}
			return len(page.Items), len(page.RowErrors), string(page.Items[0].ID), string(page.Items[len(page.Items)-1].ID), nil
		},
	}
	f.Fuzz(func(t *testing.T, odd string) {
		clean := lenient.CleanJSON([]byte(odd))
		if !utf8.ValidString(odd) || strings.Contains(odd, "\x1b") || !json.Valid(clean) || len(clean) > 1<<16 {
			t.Skip("no row")
		}
		for name, list := range lists {
			rows, unread, first, last, err := list(t, func(before, after string) shotengai.Option {
				return shotengai.WithHTTPClient(&http.Client{Transport: always(before + odd + after)})
			})
			require.NoError(t, err, name)
			require.Equal(t, 3, rows+unread, name)
			require.LessOrEqual(t, unread, 1, name)
			require.Equal(t, []string{"1", "3"}, []string{first, last}, name)
		}
	})
}
