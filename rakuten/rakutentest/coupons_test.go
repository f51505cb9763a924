package rakutentest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
	change := func(terms string) answer {
		return c.xml("/es/1.0/coupon/update", "<request><couponUpdateRequest><coupon><couponCode>"+code+"</couponCode>"+terms+"</coupon></couponUpdateRequest></request>")
	}
	assert.Equal(t, 200, change(terms).status)
	srv.Advance(4*time.Hour + time.Minute)
	later := fmt.Sprintf(termsOfACoupon, "2026-11-05T00:00:00+09:00", "2026-11-06T00:00:00+09:00")
	assert.Equal(t, 400, change(later).status, "within an hour of its start")
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
