package rakuten_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

var couponClock = time.Date(2026, 7, 1, 12, 0, 0, 0, shotengai.JST)

func summerCoupon() rakuten.IssueCouponRequest {
	return rakuten.IssueCouponRequest{
		CouponName:      "夏",
		CouponStartDate: rakuten.ItemTime{Time: couponClock.Add(2*time.Hour + 300*time.Millisecond)},
		CouponEndDate:   rakuten.ItemTime{Time: couponClock.Add(26*time.Hour + 300*time.Millisecond)},
		IssueCount:      100, ItemType: rakuten.CouponWholeOrder, DiscountType: rakuten.DiscountPercent, DiscountFactor: 10, MemberAvailMaxCount: 1,
		CombineFlag: true, DisplayFlag: true,
	}
}

const issuedCoupon = `<result>` + statusOK + `<coupon><couponCode>ABCD-EFGH</couponCode><pcGetUrl>https://coupon.example.com/x</pcGetUrl></coupon></result>`

func TestQuirk10CouponElementOrder(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, issuedCoupon), shotengai.WithStrictDecoding(), shotengai.WithClock(func() time.Time { return couponClock }))
	terms := summerCoupon()
	issued, err := client.Coupons.Issue(t.Context(), terms)
	require.NoError(t, err)
	assert.Equal(t, rakuten.IssuedCoupon{CouponCode: "ABCD-EFGH", PCGetURL: "https://coupon.example.com/x"}, *issued)
	assert.Equal(t, "POST /es/1.0/coupon/issue", got.Method+" "+got.Path)
	assert.Equal(t, xmlHeader+`<request><couponIssueRequest><coupon><couponName>夏</couponName>`+
		`<couponStartDate>2026-07-01T14:00:00+09:00</couponStartDate><couponEndDate>2026-07-02T14:00:00+09:00</couponEndDate>`+
		`<issueCount>100</issueCount><itemType>4</itemType><discountType>2</discountType><discountFactor>10</discountFactor><memberAvailMaxCount>1</memberAvailMaxCount>`+
		`<purchaseHistoryCond><type>0</type></purchaseHistoryCond><multiRankCond><rankCond>0</rankCond></multiRankCond><genderCond>NONE</genderCond>`+
		`<ageRangeCond><lowerBound>0</lowerBound><upperBound>0</upperBound></ageRangeCond><birthmonthCond>0</birthmonthCond>`+
		`<multiPrefectureCond><prefectureCond>NONE</prefectureCond></multiPrefectureCond><combineFlag>1</combineFlag><displayFlag>1</displayFlag>`+
		`</coupon></couponIssueRequest></request>`, got.Body)
	assert.Empty(t, terms.Ranks, "the caller's terms are not changed")

	full := summerCoupon()
	full.CouponCaption, full.CouponImage = "暑い", "https://example.com/a.jpg"
	full.Ranks, full.Gender, full.Prefectures = []rakuten.CouponRank{rakuten.RankGold, rakuten.RankDiamond}, "X", []string{"P1", "P2"}
	full.Items = []rakuten.CouponItem{{ItemURL: "a"}, {ItemURL: "b"}}
	full.OtherConditions = []rakuten.CouponCondition{{ConditionTypeCode: rakuten.ConditionAmount, StartValue: "1000"}}
	_, err = client.Coupons.Issue(t.Context(), full)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"couponName", "couponCaption", "couponStartDate", "couponEndDate", "couponImage", "issueCount", "itemType", "discountType", "discountFactor",
		"memberAvailMaxCount", "purchaseHistoryCond", "multiRankCond", "genderCond", "ageRangeCond", "birthmonthCond", "multiPrefectureCond",
		"combineFlag", "displayFlag", "items", "otherConditions",
	}, childrenAt(t, got.Body, 4))
	assert.Contains(t, got.Body, `<multiRankCond><rankCond>3</rankCond><rankCond>5</rankCond></multiRankCond>`)
	assert.Contains(t, got.Body, `<items><item><itemUrl>a</itemUrl></item><item><itemUrl>b</itemUrl></item></items>`)
}

// childrenAt lists the elements of a depth in their order.
func childrenAt(t *testing.T, doc string, depth int) []string {
	t.Helper()
	var names []string
	at := 0
	for dec := xml.NewDecoder(strings.NewReader(doc)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			if at++; at == depth {
				names = append(names, token.Name.Local)
			}
		case xml.EndElement:
			at--
		}
	}
}

func TestCouponIssueIsNeverRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 403, 503, 500} {
		var calls atomic.Int32
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `<result><errors><error><code>MAX_QPS_OVER</code><message>too fast</message></error></errors></result>`)
		}, shotengai.WithClock(func() time.Time { return couponClock }))
		_, err := client.Coupons.Issue(t.Context(), summerCoupon(), shotengai.WithRetry())
		require.Error(t, err)
		_, err = client.ThanksCoupons.Issue(t.Context(), rakuten.IssueThanksCouponRequest{CouponName: "a", DiscountType: rakuten.DiscountYen, DiscountFactor: 1}, shotengai.WithRetry())
		require.Error(t, err)
		assert.EqualValues(t, 2, calls.Load(), "status %d", status)
	}
}

func TestCouponRefusesBeforeSending(t *testing.T) {
	t.Parallel()
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") }, shotengai.WithClock(func() time.Time { return couponClock }))
	tests := []struct {
		name   string
		change func(*rakuten.IssueCouponRequest)
		want   string
	}{
		{"starts too soon", func(c *rakuten.IssueCouponRequest) { c.CouponStartDate.Time = couponClock.Add(59 * time.Minute) }, "59m0s from now"},
		{"starts too late", func(c *rakuten.IssueCouponRequest) {
			c.CouponStartDate.Time, c.CouponEndDate.Time = couponClock.AddDate(0, 0, 31), couponClock.AddDate(0, 0, 32)
		}, "744h0m0s from now"},
		{"too short", func(c *rakuten.IssueCouponRequest) { c.CouponEndDate.Time = c.CouponStartDate.Add(4 * time.Minute) }, "less than 5m0s"},
		{"no end", func(c *rakuten.IssueCouponRequest) { c.CouponEndDate = rakuten.ItemTime{} }, "couponStartDate, couponEndDate: required"},
		{"no name", func(c *rakuten.IssueCouponRequest) { c.CouponName = "" }, "couponName: required"},
		{"long name", func(c *rakuten.IssueCouponRequest) { c.CouponName = strings.Repeat("夏", 61) }, "couponName: 61 characters"},
		{"long caption", func(c *rakuten.IssueCouponRequest) { c.CouponCaption = strings.Repeat("夏", 201) }, "couponCaption: 201 characters"},
		{"all for nothing", func(c *rakuten.IssueCouponRequest) { c.DiscountFactor = 100 }, "100 percent"},
		{"no yen", func(c *rakuten.IssueCouponRequest) { c.DiscountType, c.DiscountFactor = rakuten.DiscountYen, 0 }, "0 yen"},
		{"no kind", func(c *rakuten.IssueCouponRequest) { c.DiscountType = 0 }, "discountType: required"},
		{"for nothing", func(c *rakuten.IssueCouponRequest) { c.ItemType = 0 }, "itemType: required"},
		{"month", func(c *rakuten.IssueCouponRequest) { c.BirthMonth = 13 }, "there is no month 13"},
		{"items", func(c *rakuten.IssueCouponRequest) { c.Items = make([]rakuten.CouponItem, 3001) }, "items: 3001"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			terms := summerCoupon()
			test.change(&terms)
			_, err := client.Coupons.Issue(t.Context(), terms)
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			require.ErrorContains(t, err, test.want)
		})
	}
	require.ErrorContains(t, client.Coupons.Delete(t.Context(), ""), "couponCode: required")
	require.ErrorContains(t, client.Coupons.Update(t.Context(), rakuten.UpdateCouponRequest{CouponContent: rakuten.CouponContent(summerCoupon())}), "couponCode: required")
	_, err := client.Coupons.Search(t.Context(), rakuten.SearchCouponsParams{Hits: 101})
	require.ErrorContains(t, err, "hits: 101")
}

const decodedCoupon = `<coupon><couponCode>ABCD-EFGH</couponCode><couponName>夏</couponName><couponCaption>暑い</couponCaption>` +
	`<couponStartDate>2026-07-01T14:00:00+09:00</couponStartDate><couponEndDate>2026-07-02T14:00:00+09:00</couponEndDate><couponImage>https://example.com/a.jpg</couponImage>` +
	`<issueCount>100</issueCount><itemType>1</itemType><discountType>1</discountType><discountFactor>500</discountFactor><memberAvailMaxCount>1</memberAvailMaxCount>` +
	`<purchaseHistoryCond><type>1</type></purchaseHistoryCond><multiRankCond><rankCond>2</rankCond></multiRankCond><genderCond>NONE</genderCond>` +
	`<ageRangeCond><lowerBound>20</lowerBound><upperBound>30</upperBound></ageRangeCond><birthmonthCond>7</birthmonthCond>` +
	`<multiPrefectureCond><prefectureCond>NONE</prefectureCond></multiPrefectureCond><combineFlag>0</combineFlag><displayFlag>1</displayFlag>` +
	`<items><item><itemUrl>a</itemUrl></item></items><otherConditions><otherCondition><conditionTypeCode>RS003</conditionTypeCode><startValue>1000</startValue></otherCondition></otherConditions></coupon>`

func TestCouponUpdateSendsWhatGetGave(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `<result>`+statusOK+decodedCoupon+`</result>`), shotengai.WithStrictDecoding())
	coupon, err := client.Coupons.Get(t.Context(), "ABCD-EFGH")
	require.NoError(t, err)
	assert.Equal(t, "couponCode=ABCD-EFGH", got.Query)

	var sent call
	client = serve(t, record(&sent, 200, `<result>`+statusOK+`</result>`), shotengai.WithStrictDecoding())
	require.NoError(t, client.Coupons.Update(t.Context(), rakuten.UpdateCouponRequest(*coupon)))
	assert.Equal(t, xmlHeader+`<request><couponUpdateRequest>`+decodedCoupon+`</couponUpdateRequest></request>`, sent.Body)
	require.NoError(t, serve(t, record(&sent, 200, `<result>`+statusOK+`<coupon><couponCode>A</couponCode></coupon></result>`), shotengai.WithStrictDecoding()).Coupons.Delete(t.Context(), "A"))
	assert.Equal(t, xmlHeader+`<request><couponDeleteRequest><coupon><couponCode>A</couponCode></coupon></couponDeleteRequest></request>`, sent.Body)
}

func TestCouponUpdateWritesTheCriteriaToo(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `<result>`+statusOK+`</result>`))
	require.NoError(t, client.Coupons.Update(t.Context(), rakuten.UpdateCouponRequest{CouponCode: "A", CouponContent: rakuten.CouponContent(summerCoupon())}))
	assert.Equal(t, "couponCode", childrenAt(t, got.Body, 4)[0])
	assert.Contains(t, got.Body, `<multiRankCond><rankCond>0</rankCond></multiRankCond><genderCond>NONE</genderCond>`)
}

func TestCouponSearchDoesNotReadTheEcho(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `<result><status><systemStatus>OK</systemStatus><requests><couponCode>ECHO</couponCode><error><code>E</code></error><allCount>9</allCount></requests></status>`+
		`<allCount>1</allCount><coupons>`+decodedCoupon+`</coupons></result>`), shotengai.WithStrictDecoding())
	var codes []string
	for coupon, err := range client.Coupons.All(t.Context(), rakuten.SearchCouponsParams{CouponCode: new("ECHO")}) {
		require.NoError(t, err)
		codes = append(codes, coupon.CouponCode)
	}
	assert.Equal(t, []string{"ABCD-EFGH"}, codes)
	assert.Equal(t, "couponCode=ECHO&hits=100&page=1", got.Query)
}

func TestCouponErrorsWithStatusOK(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `<result>`+statusOK+`<errors><error><code>C1</code><message>no</message></error><error><code>C2</code><message>nor this</message></error></errors></result>`))
	_, err := client.Coupons.Get(t.Context(), "A")
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	var e *shotengai.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, []shotengai.Detail{{Code: "C1", Message: "no"}, {Code: "C2", Message: "nor this"}}, e.Details)
	assert.Equal(t, "r1", e.RequestID)
}

func TestCouponLimitComesAs403(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"MAX_QPS_OVER", "MAX_QPM_OVER", "MAX_CONNECTION_OVER"} {
		var calls atomic.Int32
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/xml")
			if calls.Add(1) == 1 {
				w.WriteHeader(http.StatusForbidden)
				_, _ = fmt.Fprintf(w, `<result><errors><error><code>%s</code><message>too fast</message></error></errors></result>`, code)
				return
			}
			_, _ = io.WriteString(w, `<result>`+statusOK+`</result>`)
		}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
		err := client.Coupons.Update(t.Context(), rakuten.UpdateCouponRequest{CouponCode: "A", CouponContent: rakuten.CouponContent(summerCoupon())})
		require.ErrorIs(t, err, shotengai.ErrRateLimited, code)
		require.NotErrorIs(t, err, shotengai.ErrForbidden)
		require.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)

		calls.Store(0)
		for _, err := range client.Coupons.All(t.Context(), rakuten.SearchCouponsParams{}) {
			require.ErrorIs(t, err, shotengai.ErrRateLimited)
		}
	}
}

func TestQuirk1CouponTimes(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `<result>`+statusOK+`</result>`))
	when := rakuten.ItemTime{Time: time.Date(2026, 1, 31, 3, 34, 56, 0, time.UTC)}
	_, err := client.Coupons.Search(t.Context(), rakuten.SearchCouponsParams{CouponStartDate: when})
	require.NoError(t, err)
	assert.Equal(t, "couponStartDate=2026-01-31T12%3A34%3A56%2B09%3A00", got.Query)

	const answer = `<result>` + statusOK + `<coupon><couponStartDate>2026-01-31T12:34:56%s</couponStartDate></coupon></result>`
	coupon, err := serve(t, record(&got, 200, fmt.Sprintf(answer, "+09:00"))).Coupons.Get(t.Context(), "A")
	require.NoError(t, err)
	assert.True(t, coupon.CouponStartDate.Equal(when.Time))
	_, err = serve(t, record(&got, 200, fmt.Sprintf(answer, "+0900"))).Coupons.Get(t.Context(), "A")
	require.ErrorContains(t, err, "is not a time like")
}

func TestSearchesWithoutAHit(t *testing.T) {
	t.Parallel()
	const none = `<result><status><systemStatus>OK</systemStatus></status><errors><error><code>404</code><message>no data</message></error></errors></result>`
	var got call
	client := serve(t, record(&got, 404, none))
	thanks, err := client.ThanksCoupons.Search(t.Context(), rakuten.SearchThanksCouponsParams{})
	require.NoError(t, err)
	assert.Empty(t, thanks.Items)
	coupons, err := client.Coupons.Search(t.Context(), rakuten.SearchCouponsParams{})
	require.NoError(t, err)
	assert.Zero(t, *coupons.Total)
	_, err = client.ThanksCoupons.Get(t.Context(), 1)
	require.ErrorIs(t, err, shotengai.ErrNotFound, "one coupon that is not there is an error")

	_, err = serve(t, record(&got, 404, "")).ThanksCoupons.Search(t.Context(), rakuten.SearchThanksCouponsParams{})
	require.NoError(t, err)
	for _, elsewhere := range []string{`<html><body>no such page</body></html>`, `{"Results":{"errorCode":"ES04-04","message":"no such path"}}`} {
		_, err = serve(t, record(&got, 404, elsewhere)).ThanksCoupons.Search(t.Context(), rakuten.SearchThanksCouponsParams{})
		require.ErrorIs(t, err, shotengai.ErrNotFound, "a wrong address is no empty result")
	}
}

func TestThanksCouponCalls(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `<result>`+statusOK+`<thanksCoupon><thanksCouponId>12</thanksCouponId></thanksCoupon></result>`), shotengai.WithStrictDecoding())
	coupons, ctx := client.ThanksCoupons, t.Context()
	terms := rakuten.IssueThanksCouponRequest{
		CouponName: "感謝", DiscountType: rakuten.DiscountYen, DiscountFactor: 500, CouponUnavailableTerm: 1, CouponTerm: 30, MemberAvailMaxCount: 1,
		AutoGetConditions: []rakuten.ThanksAutoGetCondition{{GetCondCD: rakuten.ThanksTotalPrice, StartValue: "5000", CompOperatorCD: 1}},
	}
	const body = `<request><thanksCoupon><couponName>感謝</couponName><discountType>1</discountType><discountFactor>500</discountFactor>` +
		`<couponUnavailableTerm>1</couponUnavailableTerm><couponTerm>30</couponTerm><memberAvailMaxCount>1</memberAvailMaxCount><combineFlag>0</combineFlag>` +
		`<thanksAutoGetConditions><thanksAutoGetCondition><getCondCd>totalPrice</getCondCd><startValue>5000</startValue><compOperatorCd>1</compOperatorCd>` +
		`</thanksAutoGetCondition></thanksAutoGetConditions></thanksCoupon></request>`

	id, err := coupons.Issue(ctx, terms)
	require.NoError(t, err)
	assert.EqualValues(t, 12, id)
	assert.Equal(t, "POST /es/1.0/thankscoupon", got.Method+" "+got.Path)
	assert.Equal(t, xmlHeader+body, got.Body)

	require.NoError(t, coupons.Update(ctx, 12, rakuten.UpdateThanksCouponRequest(terms)))
	assert.Equal(t, "PUT /es/1.0/thankscoupon/12", got.Method+" "+got.Path)
	assert.Equal(t, xmlHeader+body, got.Body)

	require.NoError(t, coupons.Stop(ctx, 12))
	assert.Equal(t, "PUT /es/1.0/thankscoupon/12/issuestatus/stop", got.Method+" "+got.Path)
	assert.Empty(t, got.Body)

	coupon, err := coupons.Get(ctx, 12)
	require.NoError(t, err)
	assert.EqualValues(t, 12, coupon.ThanksCouponID)
	require.ErrorIs(t, coupons.Stop(ctx, 0), shotengai.ErrInvalid)
	require.ErrorContains(t, coupons.Update(ctx, 12, rakuten.UpdateThanksCouponRequest{}), "couponName: required")
}
