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

func upload(t *testing.T, c *caller, path, request string, picture []byte) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("xml", request))
	part, err := form.CreateFormFile("file", "a.png")
	require.NoError(t, err)
	_, err = part.Write(picture)
	require.NoError(t, err)
	require.NoError(t, form.Close())
	return c.send(http.MethodPost, path, form.FormDataContentType(), body.Bytes())
}

// grey is a PNG of the given width.
func grey(t *testing.T, width int) []byte {
	t.Helper()
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, width, 2))))
	return picture.Bytes()
}

// Other pictures than those of the standard library: only what tells their size.
var (
	bmp        = "BM" + strings.Repeat("\x00", 12) + "\x28\x00\x00\x00" + "\x07\x00\x00\x00" + "\x05\x00\x00\x00"
	tiffLittle = "II*\x00\x08\x00\x00\x00" + "\x02\x00" + "\x00\x01\x03\x00\x01\x00\x00\x00\x07\x00\x00\x00" + "\x01\x01\x04\x00\x01\x00\x00\x00\x05\x00\x00\x00"
	tiffBig    = "MM\x00*\x00\x00\x00\x08" + "\x00\x02" + "\x01\x00\x00\x03\x00\x00\x00\x01\x00\x07\x00\x00" + "\x01\x01\x00\x04\x00\x00\x00\x01\x00\x00\x00\x05"
)

func TestPicturesBecomeJPEG(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	for name, picture := range map[string]string{"a.bmp": bmp, "b.tif": tiffLittle, "c.tiff": tiffBig} {
		request := `<request><fileInsertRequest><file><fileName>x</fileName><folderId>0</folderId><filePath>` + name + `</filePath></file></fileInsertRequest></request>`
		got := upload(t, c, "/es/1.0/cabinet/file/insert", request, []byte(picture))
		require.Equal(t, 200, got.status, "%s: %s", name, got.body)
		found := c.get("/es/1.0/cabinet/files/search?fileId=" + between(t, got, "FileId"))
		assert.Equal(t, name[:1]+".jpg", between(t, found, "FilePath"))
		assert.Equal(t, "7", between(t, found, "FileWidth"), name)
		assert.Equal(t, "5", between(t, found, "FileHeight"), name)
		for cut := range len(picture) {
			assert.NotEqual(t, 500, upload(t, c, "/es/1.0/cabinet/file/insert", request, []byte(picture[:cut])).status)
		}
	}
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

	put := upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), grey(t, 3))
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

	for _, refused := range []struct {
		why, code string
		answer    answer
	}{
		{"folder", "3005", c.get(base + "folder/files/get?folderId=9")},
		{"file", "3004", c.xml(base+"file/delete", `<request><fileDeleteRequest><file><fileId>9</fileId></file></fileDeleteRequest></request>`)},
		{"page 0", "3001", c.get(base + "folders/get?offset=0")},
		{"101 rows", "3001", c.get(base + "folders/get?limit=101")},
		{"pixels", "3001", upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), grey(t, 3841))},
		{"no picture", "3001", upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), []byte("text"))},
		{"2 MB", "3008", upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), make([]byte, 2<<20+1))},
		{"no folder", "3005", upload(t, c, base+"file/insert", fmt.Sprintf(insert, "9"), grey(t, 1))},
		{"51 bytes of a name", "3001", upload(t, c, base+"file/insert", strings.Replace(fmt.Sprintf(insert, folder), "扇子", strings.Repeat("扇", 17), 1), grey(t, 1))},
		{"21 bytes of a path", "3001", upload(t, c, base+"file/insert", strings.Replace(fmt.Sprintf(insert, folder), "sensu.png", strings.Repeat("a", 21), 1), grey(t, 1))},
		{"the same path again", "3001", upload(t, c, base+"file/insert", fmt.Sprintf(insert, folder), grey(t, 1))},
	} {
		assert.Equal(t, 400, refused.answer.status, refused.why)
		assert.Equal(t, refused.code, between(t, refused.answer, "resultCode"), refused.why)
	}
	overwrite := strings.Replace(fmt.Sprintf(insert, folder), "</file>", "<overWrite>true</overWrite></file>", 1)
	assert.Equal(t, file, between(t, upload(t, c, base+"file/insert", overwrite, grey(t, 4)), "FileId"))
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

func TestCouponTerms(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	terms := fmt.Sprintf(termsOfACoupon, "2026-11-02T00:00:00+09:00", "2026-11-03T00:00:00+09:00")
	issue := func(old, replacement string) int {
		require.Contains(t, terms, old)
		changed := strings.Replace(terms, old, replacement, 1)
		return c.xml("/es/1.0/coupon/issue", "<request><couponIssueRequest><coupon>"+changed+"</coupon></couponIssueRequest></request>").status
	}
	const start, name = "2026-11-02T00:00:00+09:00", "<couponName>秋の割引</couponName>"
	const percent = "<discountType>2</discountType><discountFactor>%d</discountFactor>"
	const amount = "<discountType>1</discountType><discountFactor>100</discountFactor>"
	assert.Equal(t, 200, issue(start, "2026-11-01T20:00:00+09:00"), "in 60 minutes")
	assert.Equal(t, 400, issue(start, "2026-11-01T19:59:59+09:00"))
	terms = fmt.Sprintf(termsOfACoupon, "2026-12-01T19:00:00+09:00", "2026-12-03T00:00:00+09:00")
	assert.Equal(t, 200, issue("1<", "1<"), "in 30 days")
	assert.Equal(t, 400, issue("2026-12-01T19:00:00", "2026-12-01T19:00:01"))
	terms = fmt.Sprintf(termsOfACoupon, start, "2026-11-03T00:00:00+09:00")
	assert.Equal(t, 200, issue("2026-11-03T00:00:00+09:00", "2026-11-02T00:05:00+09:00"), "five minutes long")
	assert.Equal(t, 200, issue(name, "<couponName>"+strings.Repeat("あ", 60)+"</couponName>"))
	assert.Equal(t, 400, issue(name, "<couponName>"+strings.Repeat("あ", 61)+"</couponName>"))
	assert.Equal(t, 400, issue(name, name+"<couponCaption>"+strings.Repeat("あ", 201)+"</couponCaption>"))
	assert.Equal(t, 200, issue(amount, fmt.Sprintf(percent, 99)))
	assert.Equal(t, 400, issue(amount, fmt.Sprintf(percent, 100)))
	assert.Equal(t, 400, issue("<discountType>1<", "<discountType>3<"))
	assert.Equal(t, 400, issue("<itemType>4<", "<itemType>2<"))
	items := func(n int) string {
		return "<items>" + strings.Repeat("<item><itemUrl>sensu</itemUrl></item>", n) + "</items>"
	}
	assert.Equal(t, 200, issue("<itemType>4</itemType>", "<itemType>3</itemType>"+items(3000)))
	assert.Equal(t, 400, issue("<itemType>4</itemType>", "<itemType>3</itemType>"+items(3001)))
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
