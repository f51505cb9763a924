package rakutentest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const thanksTerms = `<request><thanksCoupon><couponName>御礼</couponName><discountType>2</discountType><discountFactor>%d</discountFactor>` +
	`<couponUnavailableTerm>0</couponUnavailableTerm><couponTerm>30</couponTerm><memberAvailMaxCount>1</memberAvailMaxCount><combineFlag>0</combineFlag>` +
	`<thanksAutoGetConditions><thanksAutoGetCondition><getCondCd>grantTerm</getCondCd><startValue>2026-11-02T00:00:00+09:00</startValue>` +
	`<endValue>2026-11-03T00:00:00+09:00</endValue><compOperatorCd>1</compOperatorCd></thanksAutoGetCondition></thanksAutoGetConditions></thanksCoupon></request>`

func TestThanksCoupons(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	const base = "/es/1.0/thankscoupon"
	put := func(path, body string) answer {
		return c.send(http.MethodPut, base+path, "text/xml; charset=utf-8", []byte(body))
	}
	none := c.get(base + "s")
	assert.Equal(t, 404, none.status, "no hit")
	assert.Equal(t, "NG", between(t, none, "systemStatus"))

	terms := fmt.Sprintf(thanksTerms, 10)
	made := c.xml(base, terms)
	require.Equal(t, 200, made.status, "%s", made.body)
	id := between(t, made, "thanksCouponId")
	assert.NotEqual(t, id, between(t, c.xml(base, terms), "thanksCouponId"), "a second call makes a second coupon")
	assert.Equal(t, 400, c.xml(base, fmt.Sprintf(thanksTerms, 100)).status)
	assert.Equal(t, 400, c.xml(base, strings.Replace(terms, "御礼", strings.Repeat("あ", 61), 1)).status)
	assert.Equal(t, 400, c.xml(base, strings.Replace(terms, ">grantTerm<", ">weather<", 1)).status)
	assert.Equal(t, 400, c.xml(base, "<coupon/>").status)

	found := func(state int) int {
		return strings.Count(string(c.get(fmt.Sprintf("%ss?issueStats=%d", base, state)).body), "<thanksCoupon>")
	}
	assert.Equal(t, 2, found(3), "before its time")
	srv.Advance(6 * time.Hour)
	assert.Equal(t, 2, found(4), "running")
	page := c.get(base + "s?hits=1&page=2")
	assert.Equal(t, "2", between(t, page, "allCount"))
	assert.Equal(t, 1, strings.Count(string(page.body), "<thanksCoupon>"))

	require.Equal(t, 200, put("/"+id, fmt.Sprintf(thanksTerms, 20)).status)
	assert.Equal(t, "20", between(t, c.get(base+"/"+id), "discountFactor"))
	assert.Equal(t, "400001", between(t, c.get(base+"/"+id), "shopId"))
	require.Equal(t, 200, put("/"+id+"/issuestatus/stop", "").status)
	assert.Equal(t, 1, found(5), "stopped")
	assert.Equal(t, 400, put("/"+id, terms).status)
	srv.Advance(24 * time.Hour)
	assert.Equal(t, 1, found(6), "ended")
	assert.Equal(t, 404, c.get(base+"/9").status)
	assert.Equal(t, 404, put("/9/issuestatus/stop", "").status)
	assert.Equal(t, 400, c.get(base+"s?hits=101").status)
}
