package rakutentest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func TestReservations(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	const base = "/es/1.0/reserve/"
	const query = base + "reserveInfoList?dateType=1&startDate=2026-10-01&endDate=2026-11-01"

	all := c.get(query + "&reserveType=1&reserveType=2&reserveType=3").json(t)
	assert.Equal(t, "N00-000", at(t, all, "resultCode"))
	assert.EqualValues(t, 3, at(t, all, "totalCount"))
	first := at(t, all, "publicReserveModelList", 0)
	assert.Len(t, at(t, first, "reserveDatails"), 3, "spelt so")
	assert.Regexp(t, `^\d{4}-\d{2}-\d{2}$`, at(t, first, "reserveDatails", 0, "shippingDate"))
	rest := c.get(query + "&reserveType=1&reserveType=2&reserveType=3&limit=2&offset=1").json(t)
	assert.Len(t, at(t, rest, "publicReserveModelList"), 2, "the offset is a row")
	assert.Equal(t, at(t, all, "publicReserveModelList", 1), at(t, rest, "publicReserveModelList", 0))
	assert.EqualValues(t, 1, at(t, c.get(query+"&reserveType=2").json(t), "totalCount"))
	assert.EqualValues(t, 0, at(t, c.get(base+"reserveInfoList?dateType=2&startDate=2026-10-01&endDate=2026-11-01&reserveType=1").json(t), "totalCount"))

	for _, q := range []string{
		query, query + "&reserveType=4", query + "&reserveType=1&limit=1001", query + "&reserveType=1&offset=-1",
		base + "reserveInfoList?startDate=2026-10-01&endDate=2026-11-01&reserveType=1",
		base + "reserveInfoList?dateType=1&startDate=2026-10-01T00:00:00&endDate=2026-11-01&reserveType=1",
	} {
		got := c.get(q)
		assert.Equal(t, 400, got.status, q)
		assert.NotEqual(t, "N00-000", at(t, got.json(t), "resultCode"), q)
	}

	number := at(t, first, "reserveNumber")
	commit := func(keys ...object) answer {
		return c.json(http.MethodPost, base+"earlyCommitReservations", object{"reserveKeyList": keys})
	}
	got := commit(object{"reserveNumber": number, "detailId": 1}, object{"reserveNumber": number, "detailId": 9}, object{"reserveNumber": "none", "detailId": 1})
	require.Equal(t, 200, got.status, "failed rows come with 200")
	var codes []any
	for i := range 3 {
		codes = append(codes, at(t, got.json(t), "updateResultList", i, "resultCode") == "N00-000")
	}
	assert.Equal(t, []any{true, false, false}, codes)
	assert.NotEqual(t, "N00-000", at(t, commit(object{"reserveNumber": number, "detailId": 1}).json(t), "updateResultList", 0, "resultCode"), "only once")
	orders := c.order("searchOrder", search(start, start, object{"orderTypeList": []int{4}, "reserveNumber": number})).json(t)
	assert.Len(t, at(t, orders, "orderNumberList"), 1)
	assert.Equal(t, 400, commit(make([]object, 501)...).status)
	assert.Equal(t, 400, commit().status)
}

// A subscription that begins on the 31st is delivered once in each month.
func TestReservationsAtTheEndOfAMonth(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 2, 19, 18, 0, 0, 0, time.UTC) // 20 days after 31 January, 03:00 in Japan
	srv := newServer(t, rakutentest.WithClock(func() time.Time { return now }))
	c := as(t, srv, srv.Shop())
	all := c.get("/es/1.0/reserve/reserveInfoList?dateType=1&startDate=2027-01-31&endDate=2027-01-31&reserveType=1").json(t)
	for i, day := range []string{"2027-02-28", "2027-03-31", "2027-04-30"} {
		assert.Equal(t, day, at(t, all, "publicReserveModelList", 0, "reserveDatails", i, "shippingDate"))
	}
}
