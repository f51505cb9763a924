package rakutentest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func (c *caller) xml(path, body string) answer {
	c.t.Helper()
	return c.send(http.MethodPost, path, "text/xml; charset=utf-8", []byte(body))
}

// between is the text of the first such element.
func between(t *testing.T, a answer, element string) string {
	t.Helper()
	_, rest, found := strings.Cut(string(a.body), "<"+element+">")
	require.True(t, found, "no %s in %s", element, a.body)
	value, _, _ := strings.Cut(rest, "</"+element+">")
	return value
}

func upload(t *testing.T, c *caller, path, request string, width int) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("xml", request))
	part, err := form.CreateFormFile("file", "a.png")
	require.NoError(t, err)
	require.NoError(t, png.Encode(part, image.NewGray(image.Rect(0, 0, width, 2))))
	require.NoError(t, form.Close())
	return c.send(http.MethodPost, path, form.FormDataContentType(), body.Bytes())
}

func TestCabinet(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	const base = "/es/1.0/cabinet/"
	const insert = `<request><fileInsertRequest><file><fileName>扇子</fileName><folderId>%s</folderId><filePath>sensu.png</filePath></file></fileInsertRequest></request>`

	made := c.xml(base+"folder/insert", `<request><folderInsertRequest><folder><folderName>夏物</folderName></folder></folderInsertRequest></request>`)
	require.Equal(t, 200, made.status, "%s", made.body)
	folder := between(t, made, "FolderId")
	root := c.xml(base+"folder/insert", `<request><folderInsertRequest><folder><folderName>x</folderName><upperFolderId>0</upperFolderId></folder></folderInsertRequest></request>`)
	assert.Equal(t, 400, root.status, "the root is left out")
	assert.Equal(t, "3001", between(t, root, "resultCode"))
	assert.Equal(t, "NG", between(t, root, "systemStatus"))

	put := upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), 3)
	require.Equal(t, 200, put.status, "%s", put.body)
	file := between(t, put, "FileId")
	listed := c.get(base + "folder/files/get?folderId=" + folder)
	assert.Equal(t, "sensu.jpg", between(t, listed, "FilePath"), "PNG becomes JPEG")
	assert.Equal(t, "3", between(t, listed, "FileWidth"))
	assert.Equal(t, "2026-11-01 19:00:00", between(t, listed, "TimeStamp"))
	assert.Equal(t, "1", between(t, listed, "fileAllCount"))
	assert.Equal(t, "0", between(t, c.get(base+"folder/files/get?offset=2&folderId="+folder), "fileCount"), "the offset is a page")
	assert.Equal(t, "2", between(t, c.get(base+"folders/get"), "folderAllCount"))
	assert.Equal(t, "5000", between(t, c.get(base+"usage/get"), "MaxSpace"))

	for code, got := range map[string]answer{
		"3005": c.get(base + "folder/files/get?folderId=9"),
		"3004": c.xml(base+"file/delete", `<request><fileDeleteRequest><file><fileId>9</fileId></file></fileDeleteRequest></request>`),
		"3001": upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), 3841),
	} {
		assert.Equal(t, 400, got.status)
		assert.Equal(t, code, between(t, got, "resultCode"))
	}
	assert.Equal(t, 200, c.xml(base+"file/delete", "<request><fileDeleteRequest><file><fileId>"+file+"</fileId></file></fileDeleteRequest></request>").status)
	assert.Equal(t, "1", between(t, c.get(base+"trashbox/files/get"), "fileAllCount"))
	assert.Equal(t, 200, c.xml(base+"trashbox/file/revert", "<request><fileRevertRequest><file><fileId>"+file+"</fileId><folderId>0</folderId></file></fileRevertRequest></request>").status)
	assert.Equal(t, "1", between(t, c.get(base+"files/search?folderId=0"), "fileAllCount"))
	assert.Equal(t, 405, c.get(base+"no/such/function").status)
}

const termsOfACoupon = `<couponName>秋の割引</couponName><couponStartDate>%s</couponStartDate><couponEndDate>%s</couponEndDate><issueCount>10</issueCount>` +
	`<itemType>4</itemType><discountType>1</discountType><discountFactor>100</discountFactor><memberAvailMaxCount>1</memberAvailMaxCount>` +
	`<purchaseHistoryCond><type>0</type></purchaseHistoryCond><multiRankCond><rankCond>0</rankCond></multiRankCond><genderCond>NONE</genderCond>` +
	`<ageRangeCond><lowerBound>0</lowerBound><upperBound>0</upperBound></ageRangeCond><birthmonthCond>0</birthmonthCond>` +
	`<multiPrefectureCond><prefectureCond>NONE</prefectureCond></multiPrefectureCond><combineFlag>1</combineFlag><displayFlag>1</displayFlag>`

// Quirk 10: the elements of a coupon have one order.
func TestCouponElementOrder(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	terms := fmt.Sprintf(termsOfACoupon, "2026-11-02T00:00:00+09:00", "2026-11-03T00:00:00+09:00")
	issue := func(terms string) answer {
		return c.xml("/es/1.0/coupon/issue", "<request><couponIssueRequest><coupon>"+terms+"</coupon></couponIssueRequest></request>")
	}
	first, second := issue(terms), issue(terms)
	require.Equal(t, 200, first.status, "%s", first.body)
	code := between(t, first, "couponCode")
	assert.NotEqual(t, code, between(t, second, "couponCode"), "a second call makes a second coupon")
	const items = `<items><item><itemUrl>sensu</itemUrl></item></items>`
	assert.Equal(t, 200, issue(terms+items).status)
	assert.Equal(t, 200, issue(strings.Replace(terms, "<discountType>", items+"<discountType>", 1)).status, "after itemType as well")

	for name, bad := range map[string]string{
		"order":    strings.Replace(terms, "<combineFlag>1</combineFlag><displayFlag>1</displayFlag>", "<displayFlag>1</displayFlag><combineFlag>1</combineFlag>", 1),
		"criteria": strings.Replace(terms, "<genderCond>NONE</genderCond>", "", 1),
		"unknown":  terms + "<color>red</color>",
		"offset":   strings.Replace(terms, "+09:00", "+0900", 1),
	} {
		got := issue(bad)
		assert.Equal(t, 400, got.status, name)
		assert.Contains(t, string(got.body), "Request data is wrong format", name)
	}
	assert.Equal(t, 400, issue(fmt.Sprintf(termsOfACoupon, "2026-11-01T19:59:00+09:00", "2026-11-03T00:00:00+09:00")).status, "too soon")
	assert.Equal(t, 400, issue(fmt.Sprintf(termsOfACoupon, "2026-11-02T00:00:00+09:00", "2026-11-02T00:04:00+09:00")).status, "too short")

	got := c.get("/es/1.0/coupon/get?couponCode=" + code)
	assert.Equal(t, "秋の割引", between(t, got, "couponName"))
	search := c.get("/es/1.0/coupon/search?couponCode=" + code)
	assert.Equal(t, "1", between(t, search, "allCount"))
	assert.Contains(t, string(search.body), "<requests><couponCode>"+code+"</couponCode></requests>", "the criteria are echoed")
	change := func() answer {
		return c.xml("/es/1.0/coupon/update", "<request><couponUpdateRequest><coupon><couponCode>"+code+"</couponCode>"+terms+"</coupon></couponUpdateRequest></request>")
	}
	assert.Equal(t, 200, change().status)
	srv.Advance(4*time.Hour + time.Minute)
	assert.Equal(t, 400, change().status, "within an hour of its start")
	assert.Equal(t, 200, c.xml("/es/1.0/coupon/delete", "<request><couponDeleteRequest><coupon><couponCode>"+code+"</couponCode></coupon></couponDeleteRequest></request>").status)
	assert.Equal(t, 404, c.get("/es/1.0/coupon/get?couponCode="+code).status)
}

// The limit of coupons is 403, which is no trouble with the licence.
func TestCouponLimit(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithRateLimits())
	c := as(t, srv, srv.Shop())
	var got answer
	for range 3 {
		got = c.get("/es/1.0/coupon/search")
	}
	assert.Equal(t, 403, got.status)
	assert.Equal(t, "MAX_QPS_OVER", between(t, got, "code"))
}

// Quirk 2: no product is NG in 200.
func TestProducts(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	none := c.get("/es/2.0/product/search?keyword=x")
	assert.Equal(t, 200, none.status)
	assert.Equal(t, "NG", between(t, none, "systemStatus"))
	assert.Equal(t, "Data not found", between(t, none, "message"))
	all := c.get("/es/2.0/product/search?offset=1")
	assert.Equal(t, "2", between(t, all, "numFound"))
	assert.Empty(t, between(t, all, "standardPrice"), "an empty element")
	assert.Equal(t, 400, c.get("/es/2.0/product/search?limit=31").status)
	c.key = "no"
	assert.JSONEq(t, unlawful, string(c.get("/es/2.0/product/search").body), "JSON even here")
}

func TestNotify(t *testing.T) {
	t.Parallel()
	var got []string
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, string(body))
		_, _ = io.WriteString(w, "<responseModel><resultCode>N-000-000</resultCode></responseModel>")
	}))
	t.Cleanup(app.Close)
	srv := newServer(t)
	to := rakutentest.Receiver{URL: app.URL, ContractID: "c", ShopURL: "s", AuthKey: "k"}
	number := srv.Shop().AddOrder(nil)
	code, err := srv.NotifyOrders(to, srv.Shop(), number)
	require.NoError(t, err)
	assert.Equal(t, "N-000-000", code)
	assert.Contains(t, got[0], "<orderNotifyModel><authModel><contractId>c</contractId><shopUrl>s</shopUrl><authKey>k</authKey></authModel><orderInfoNotifyModel><orderNumber>"+number)
	_, err = srv.Notify(to, 4000, "orderNumber", number)
	require.NoError(t, err)
	assert.Contains(t, got[1], `<serviceId>4000</serviceId><functionId>1100</functionId><value1 name="orderNumber">`+number+`</value1>`)
	_, err = srv.NotifyOrders(to, srv.Shop(), "none")
	require.Error(t, err)
	app.Close()
	_, err = srv.Notify(to, 4000)
	require.Error(t, err)
}
