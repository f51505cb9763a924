package makeshoptest_test

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
)

// fact is one thing that is known of the platform: what it documents, or what was seen of it.
// The calls are made in order, without the client. {order} in them is the number of an order.
type fact struct {
	says  string
	opts  []makeshoptest.Option
	calls []ask
}

// ask is one request and what its answer has to be.
type ask struct {
	query  string // a document; the API is called with it
	input  string // its variable input, in JSON
	body   string // in place of query and input
	line   string // "METHOD path", in place of the API
	header []string
	status int // 200 when zero
	exact  string
	has    []string
	lacks  []string
	kind   string // the content type, where it is not JSON
	to     string // where a redirect goes, as a pattern
}

func asks(query string, has ...string) ask { return ask{query: query, has: has} }

func about(input, query string, has ...string) ask { return ask{query: query, input: input, has: has} }

func (a ask) without(lacks ...string) ask { a.lacks = lacks; return a }

func (a ask) with(header ...string) ask { a.header = header; return a }

func (a ask) answered(status int) ask { a.status = status; return a }

const (
	searchOrders = "query($input: SearchOrderRequest!) { searchOrder(input: $input) { searchedCount page orders { displayOrderNumber orderDate memberId message senderPrefecture " +
		"deliveryInfos { deliveryStatus deliveryDate desiredDeliveryDate basketInfos { amount productCode } } } } }"
	searchProducts = "query($input: SearchProductRequest!) { searchProduct(input: $input) { searchedCount limit products { systemCode maxImageUrl categories { categoryUID } variationShowType display } } }"
	setStatus      = "mutation($input: UpdateOrderDeliveryStatusRequest!) { updateOrderDeliveryStatus(input: $input) { updateOrderDeliveryStatusResults { displayOrderNumber message } } }"
	cancelOrders   = "mutation($input: CancelOrderRequest!) { cancelOrder(input: $input) { cancelOrderResults { displayOrderNumber message } } }"
	setStock       = "mutation($input: UpdateProductQuantityRequest!) { updateProductQuantity(input: $input) { failResult { systemCode message } } }"
	makeCoupons    = "mutation($input: CreateCouponRequest!) { createCoupon(input: $input) { results { code status errorMessage } } }"
	setPoints      = "mutation($input: UpdateMemberShopPointRequest!) { updateMemberShopPoint(input: $input) { results { memberId message } } }"
	members        = "query($input: SearchMemberRequest!) { searchMember(input: $input) { searchedCount members { memberId name email shopPoint registrationDate } } }"
)

func couponInput(change ...string) string {
	return strings.NewReplacer(change...).Replace(`{"coupons":[{"name":"秋","code":"AUTUMN2026","codeAutoCreate":false,"discountType":"FIXED_AMOUNT","fixedAmount":100,"fixedRate":0,` +
		`"hasPeriod":false,"hasMinimumPrice":false,"hasTotalUseCount":false,"hasMaximumMemberUsableCount":false,"isForOnlyMember":false}]}`)
}

func seconds(change int64) string { return strconv.FormatInt(noon.Unix()+change, 10) }

var facts = []fact{
	// Transport.
	{says: "__typename is a ping", calls: []ask{{query: "{ __typename }", exact: `{"data":{"__typename":"Query"}}`}}},
	{says: "a wrong address is 404 with a web page", calls: []ask{{
		line: "POST /v1/graphql/", body: `{"query":"{ __typename }"}`, status: 404, kind: "text/html; charset=utf-8", has: []string{"<!DOCTYPE html>"},
	}}},
	{says: "operationName is null, absent or the name", calls: []ask{
		{body: `{"query":"query A { __typename }","operationName":null}`, has: []string{`"data"`}},
		{body: `{"query":"query A { __typename }"}`, has: []string{`"data"`}},
		{body: `{"query":"query A { __typename }","operationName":"A","variables":{}}`, has: []string{`"data"`}},
	}},
	{says: "a call without the key, or with another, is refused", calls: []ask{
		asks("{ __typename }", `"errors":[{"message":"`).with("X-Api-Key", "-").answered(401), asks("{ __typename }", `"errors"`).with("X-Api-Key", "other").answered(401),
	}},
	{says: "a call without a token, or with another, is refused", calls: []ask{
		asks("{ __typename }", `"errors"`).with("Authorization", "-").answered(401), asks("{ __typename }", `"errors"`).with("Authorization", "Bearer PAT.0").answered(401),
	}},
	{says: "x-timestamp is in seconds and good for an hour", calls: []ask{
		asks("{ __typename }", `"data":{`).with("X-Timestamp", seconds(-3600)), asks("{ __typename }", `"errors"`).with("X-Timestamp", seconds(-3601)).answered(401),
		asks("{ __typename }", `"errors"`).with("X-Timestamp", strconv.FormatInt(noon.UnixMilli(), 10)).answered(401), asks("{ __typename }", `"errors"`).with("X-Timestamp", "-").answered(401),
		asks("{ __typename }", `"errors"`).with("X-Timestamp", "2026-11-10T12:00:00+09:00").answered(401),
	}},
	{says: "x-signature is not needed and does no harm", calls: []ask{asks("{ __typename }", `"data":{`).with("X-Signature", "0")}},
	{says: "a body of 5 MB may be refused", calls: []ask{{body: `{"query":"` + strings.Repeat(" ", 5_000_000) + `{ __typename }"}`, status: 413, has: []string{`"errors"`}}}},
	{says: "a body that is no JSON is refused", calls: []ask{asks("{ __typename }", `"errors"`).with("Content-Type", "text/plain").answered(400)}},

	// Errors.
	{says: "an unknown field is 422, in gqlgen's words", calls: []ask{
		about(couponInput(), `mutation($input: CreateCouponRequest!) { createCoupon(input: $input) { status } }`, `"errors":[{"message":"Cannot query field \"status\" on type \"CreateCouponResponse\"`).answered(422),
	}},
	{says: "an unknown input field is named by its path", calls: []ask{
		about(`{"name":"x"}`, searchOrders, `"message":"unknown field"`, `"path":["variable","input","name"]`).answered(422),
	}},
	{says: "an operation that was not granted is FORBIDDEN inside 200", opts: []makeshoptest.Option{without("searchProduct")}, calls: []ask{
		about(`{}`, searchProducts, `"extensions":{"code":"FORBIDDEN"}`), about(`{}`, searchOrders, `"searchedCount":`),
	}},
	{says: "introspection is FORBIDDEN", calls: []ask{
		asks("{ __schema { queryType { name } } }", `"extensions":{"code":"FORBIDDEN"}`), asks(`{ __type(name: "Query") { name } }`, `"extensions":{"code":"FORBIDDEN"}`),
	}},
	{says: "a business failure is inside 200, in its row", calls: []ask{
		about(`{"updateOrderDeliveryStatusRequests":[{"displayOrderNumber":"0","deliveryStatus":"COMPLETED"},{"displayOrderNumber":"{order}","deliveryStatus":"COMPLETED"}]}`, setStatus,
			`{"displayOrderNumber":"0","message":"`, `{"displayOrderNumber":"{order}","message":null}`).without(`"errors"`),
	}},

	// Searches.
	{says: "bounds of order dates are 14 digits in Japan time, and answers have spaces", calls: []ask{
		about(`{"startOrderDate":"20261110110000","endOrderDate":"20261110115959"}`, searchOrders, `"searchedCount":1`, `"orderDate":"2026-11-10 11:00:00"`),
		about(`{"startOrderDate":"2026-11-10 11:00:00"}`, searchOrders, `"errors"`),
	}},
	{says: "bounds of join dates are 8 digits, and answers have 14", calls: []ask{
		about(`{"joinDateFrom":"20261110","joinDateTo":"20261110"}`, members, `"searchedCount":1`, `"registrationDate":"20261110120000"`), about(`{"joinDateFrom":"20261110000000"}`, members, `"errors"`),
	}},
	{says: "a wish for no day is two dashes, and deliveryDate has 14 digits", calls: []ask{
		about(`{"deliveryStatus":"N","limit":1,"sortOrder":"DESC"}`, searchOrders, `"desiredDeliveryDate":"--"`, `"deliveryDate":""`), about(`{"deliveryStatus":"Y","limit":1,"sortOrder":"DESC"}`, searchOrders, `"deliveryDate":"20261110`),
	}},
	{says: "a page has 200 rows at most, whatever was asked for", opts: []makeshoptest.Option{makeshoptest.WithProducts(201)}, calls: []ask{
		{query: searchProducts, input: `{"limit":1000}`, has: []string{`"searchedCount":201`, `"systemCode":"000000000200"`}, lacks: []string{`"000000000201"`}},
		{query: searchProducts, input: `{"limit":1000,"page":2}`, has: []string{`"searchedCount":201`, `"000000000201"`}, lacks: []string{`"000000000200"`}},
		{query: searchProducts, input: `{"limit":1000,"page":3}`, has: []string{`"products":[]`}},
	}},
	{says: "stock is not counted", calls: []ask{
		about(`{}`, "query($input: SearchProductQuantityRequest!) { searchProductQuantity(input: $input) { searchedCount } }", `Cannot query field \"searchedCount\"`).answered(422),
	}},
	{says: "states of a search are N, Y, C and R", calls: []ask{about(`{"deliveryStatus":"COMPLETED"}`, searchOrders, `"errors"`), about(`{"deliveryStatus":"R"}`, searchOrders, `"orders":[]`)}},
	{says: "states of an update are other words", calls: []ask{
		about(`{"updateOrderDeliveryStatusRequests":[{"displayOrderNumber":"{order}","deliveryStatus":"Y"}]}`, setStatus, `"errors"`).answered(422),
		about(`{"updateOrderDeliveryStatusRequests":[{"displayOrderNumber":"{order}","deliveryStatus":"COMPLETED"}]}`, setStatus, `"message":null`), about(`{"deliveryStatus":"Y","limit":1,"sortOrder":"DESC"}`, searchOrders, `"displayOrderNumber":"{order}"`),
	}},
	{says: "codes are text of 12 digits, and addresses of images have a query", calls: []ask{about(`{"limit":1}`, searchProducts, `"systemCode":"000000000001"`, `.jpg?`, `"display":"Y"`, `"variationShowType":0`)}},
	{says: "a list takes a single value", calls: []ask{about(`{"systemCodes":"000000000002"}`, searchProducts, `"searchedCount":1`, `"systemCode":"000000000002"`)}},
	{says: "ids of categories are spelt in two ways", calls: []ask{
		about(`{"limit":1}`, searchProducts, `"categoryUID":1`), asks("{ getProductCategory { productCategories { categoryUid } } }", `"categoryUid":1`), asks("{ getProductCategory { productCategories { categoryUID } } }", `"errors"`).answered(422),
	}},
	{says: "the number of a line is amount, and lines are in deliveries", calls: []ask{about(`{"limit":1}`, searchOrders, `"basketInfos":[{"amount":`, `"productCode":"0000000000`)}},
	{says: "the buyer of a guest's order is X, six digits and the name", calls: []ask{about(`{"limit":1000}`, searchOrders, `"memberId":"X000004山田 太郎"`)}},
	{says: "notes go on behind two bars", calls: []ask{about(`{"limit":1000}`, searchOrders, `"message":"領収書をお願いします||はい||会社名"`)}},
	{says: "a withdrawn member is found, and empty but for the id", calls: []ask{about(`{"limit":1000}`, members, `"name":"","email":"","shopPoint":null,"registrationDate":""`)}},

	// Writes.
	{says: "rows of a cancellation are those that failed", calls: []ask{
		{query: cancelOrders, input: `{"cancelOrderRequests":[{"displayOrderNumber":"{order}","isReturnStock":true}]}`, exact: `{"data":{"cancelOrder":{"cancelOrderResults":[]}}}`},
		about(`{"cancelOrderRequests":[{"displayOrderNumber":"{order}"}]}`, cancelOrders, `"cancelOrderResults":[{"displayOrderNumber":"{order}","message":"`), about(`{"deliveryStatus":"C"}`, searchOrders, `"displayOrderNumber":"{order}"`),
	}},
	{says: "a calculation of 1 adds, and failResult has the failed rows alone", calls: []ask{
		{query: setStock, input: `{"productQuantities":[{"productKeyType":0,"systemCode":"000000000001","quantityCalculationType":1,"quantity":-1}]}`, exact: `{"data":{"updateProductQuantity":{"failResult":[]}}}`},
		about(`{"productQuantities":[{"productKeyType":1,"customCode":"nothing","quantityCalculationType":1,"quantity":1}]}`, setStock, `"failResult":[{"systemCode":null,"message":"`),
		about(`{"systemCodes":["000000000001"]}`, "query($input: SearchProductQuantityRequest!) { searchProductQuantity(input: $input) { productQuantities { quantity } } }", `[{"quantity":9}]`),
	}},
	{says: "points are the new total", calls: []ask{
		about(`{"shopPoints":[{"memberId":"{member}","point":7}]}`, setPoints, `"memberId":"{member}","message":null`), about(`{"memberId":"{member}"}`, members, `"shopPoint":7`),
	}},
	{says: "a coupon answers by status", calls: []ask{
		about(couponInput(), makeCoupons, `{"code":"AUTUMN2026","status":"SUCCESS","errorMessage":null}`), about(couponInput("AUTUMN2026", "autumn2026"), makeCoupons, `{"code":"autumn2026","status":"FAIL","errorMessage":"`),
	}},
	{says: "a code of a coupon has 20 letters or digits at most", calls: []ask{
		about(couponInput("AUTUMN2026", strings.Repeat("A", 21)), makeCoupons, `"status":"FAIL"`), about(couponInput("AUTUMN2026", "AUTUMN-26"), makeCoupons, `"status":"FAIL"`),
		about(couponInput("AUTUMN2026", strings.Repeat("A", 20)), makeCoupons, `"status":"SUCCESS"`),
	}},
	{says: "a period needs times, not days", calls: []ask{
		about(couponInput(`"hasPeriod":false`, `"hasPeriod":true,"startedAt":"2026-12-01","endedAt":"2026-12-31"`), makeCoupons, `"status":"FAIL"`),
		about(couponInput(`"hasPeriod":false`, `"hasPeriod":true,"startedAt":"2026-12-01 00:00:00","endedAt":"2026-12-31 23:59:59"`), makeCoupons, `"status":"SUCCESS"`),
	}},

	// The single sign-on.
	{says: "a login comes back with code, scope and state", calls: []ask{{line: "GET " + loginPath("abcd1234"), status: 302, to: `^https://app\.example/callback\?code=[^&]+&scope=[^&]+&state=abcd1234$`}}},
	{says: "a state has 8 letters and digits at least", calls: []ask{
		{line: "GET " + loginPath("abcd123"), status: 302, to: `error=[a-z_]+&error_description=`}, {line: "GET " + loginPath("abcd-1234"), status: 302, to: `error=[a-z_]+&error_description=`},
	}},
	{says: "a challenge is S256 alone", calls: []ask{
		{line: "GET " + loginPath("abcd1234") + "&code_challenge=x&code_challenge_method=plain", status: 302, to: `error=[a-z_]+&error_description=`},
		{line: "GET " + loginPath("abcd1234") + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256", status: 302, to: `code=`},
	}},
	{says: "the token endpoint wants Basic and the client id in the body", calls: []ask{
		token("grant_type=refresh_token&refresh_token=x&client_id=shotengai-client-id", "-", 401, `{"error":"`, `"error_description":"`), token("grant_type=refresh_token&refresh_token=x", basic, 400, `{"error":"`),
	}},
	{says: "an unknown code, or refresh token, is 400", calls: []ask{
		token("grant_type=authorization_code&code=x&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&client_id=shotengai-client-id", basic, 400, `{"error":"invalid_grant"`),
		token("grant_type=refresh_token&refresh_token=x&client_id=shotengai-client-id", basic, 400, `{"error":"invalid_grant"`),
	}},
	{says: "error is no code in the printed example", opts: []makeshoptest.Option{makeshoptest.WithFreeTextErrors()}, calls: []ask{
		token("grant_type=refresh_token&refresh_token=x&client_id=shotengai-client-id", basic, 400, `{"error":"bad request"`),
	}},
	{says: "keys of ID tokens are at the well-known path", calls: []ask{{line: "GET /.well-known/jwks.json", kind: "application/json", has: []string{`{"keys":[{`, `"kty":"EC"`}}}},
}

var basic = "Basic " + base64.StdEncoding.EncodeToString([]byte("shotengai-client-id:shotengai-client-secret"))

func token(form, authorization string, status int, has ...string) ask {
	return ask{line: "POST /oauth2/token", body: form, status: status, has: has, header: []string{"Content-Type", "application/x-www-form-urlencoded", "Authorization", authorization}}
}

func loginPath(state string) string {
	return "/apps/sso?response_type=code&client_id=shotengai-client-id&redirect_uri=" + url.QueryEscape("https://app.example/callback") + "&state=" + state
}

// without has all operations but one.
func without(operation string) makeshoptest.Option {
	app := makeshoptest.App{
		ID: 101, Name: "shotengai", APIKey: "shotengai-api-key", ClientID: "shotengai-client-id", ClientSecret: "shotengai-client-secret",
		RedirectURIs: []string{"https://app.example/callback"},
	}
	for _, name := range []string{"searchOrder", "searchMember", "searchProduct", "getShop"} {
		if name != operation {
			app.Operations = append(app.Operations, name)
		}
	}
	return makeshoptest.WithApp(app)
}

func TestFacts(t *testing.T) {
	t.Parallel()
	for _, f := range facts {
		t.Run(f.says, func(t *testing.T) {
			t.Parallel()
			srv := start(t, f.opts...)
			fill := strings.NewReplacer("{order}", srv.Shop().AddOrder(nil), "{member}", srv.Shop().AddMember(object{"registrationDate": "20200101000000"})).Replace
			for _, a := range f.calls {
				a.made(t, srv, fill)
			}
		})
	}
}

// A persistent token is PAT. and 64 hexadecimal digits, and another one with each install.
func TestPersistentTokens(t *testing.T) {
	t.Parallel()
	srv := start(t)
	first := srv.Shop().Token()
	assert.Regexp(t, `^PAT\.[0-9a-f]{64}$`, first)
	_, err := srv.Uninstall(t.Context(), srv.Shop())
	require.NoError(t, err)
	assert.False(t, works(t, srv, first))
	again, err := srv.Install(t.Context(), srv.Shop(), 1)
	require.NoError(t, err)
	assert.NotEqual(t, first, again.Token)
	assert.False(t, works(t, srv, first))
	assert.True(t, works(t, srv, again.Token))
}

// made makes the call and judges its answer.
func (a ask) made(t *testing.T, srv *makeshoptest.Server, fill func(string) string) {
	t.Helper()
	method, path, _ := strings.Cut(cmp.Or(a.line, "POST "+makeshoptest.EndpointPath), " ")
	body := a.body
	if a.query != "" {
		body = fmt.Sprintf(`{"query":%q,"variables":{"input":%s}}`, a.query, cmp.Or(a.input, "{}"))
	}
	header := append(headers(srv, srv.Shop().Token()), a.header...)
	status, got, answer := send(t, srv, method, srv.URL+path, fill(body), header...)
	about := a.line + a.query + a.input + "\n" + answer
	require.Equal(t, cmp.Or(a.status, http.StatusOK), status, about)
	if a.exact != "" {
		assert.Equal(t, fill(a.exact), answer, about)
	}
	for _, part := range a.has {
		assert.Contains(t, answer, fill(part), about)
	}
	for _, part := range a.lacks {
		assert.NotContains(t, answer, part, about)
	}
	assert.Empty(t, got.Get("Retry-After"), about)
	if a.to != "" {
		assert.Regexp(t, regexp.MustCompile(a.to), got.Get("Location"), about)
		return
	}
	assert.Equal(t, cmp.Or(a.kind, "application/json; charset=utf-8"), got.Get("Content-Type"), about)
}
