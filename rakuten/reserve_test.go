package rakuten_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

var reserved = rakuten.ListReservationsParams{
	DateType: 1, ReserveType: []int{1, 3}, StartDate: shotengai.Date{Year: 2026, Month: 1, Day: 1}, EndDate: shotengai.Date{Year: 2026, Month: 1, Day: 31},
}

func TestBundleAndReserveCalls(t *testing.T) {
	t.Parallel()
	bundle := rakuten.CreateItemBundleRequest{
		ParentItemManageNumber: "shirt", BundleManageNumber: "set-1", BundleState: rakuten.BundleActive, BundleName: "上下",
		BundleItems: []rakuten.ItemBundleItemRequest{{ItemManageNumber: "shirt"}, {ItemManageNumber: "hat", Sequence: new(2)}},
	}
	const sent = `{"parentItemManageNumber":"shirt","bundleManageNumber":"set-1","bundleState":"ACTIVE","bundleItems":[{"itemManageNumber":"shirt"},{"itemManageNumber":"hat","sequence":2}],"bundleName":"上下"}`
	const given = `{"bundleManageNumber":"set-1","bundleDescription":null,"createdDate":"2026-01-02T03:04:05.123456Z"}`
	checkGolden(t, []golden{
		{
			"create bundle", func(ctx context.Context, c *rakuten.Client) error { return only(c.ItemBundles.Create(ctx, bundle)) },
			given, "POST", "/es/1.0/bto/bundle", sent,
		},
		{
			"get bundle", func(ctx context.Context, c *rakuten.Client) error { return only(c.ItemBundles.Get(ctx, "set-1")) },
			given, "GET", "/es/1.0/bto/bundle/set-1", "",
		},
		{"replace bundle", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.ItemBundles.Replace(ctx, "set-1", rakuten.ReplaceItemBundleRequest(bundle)))
		}, given, "PUT", "/es/1.0/bto/bundle/set-1", sent},
		{
			"delete bundle", func(ctx context.Context, c *rakuten.Client) error { return c.ItemBundles.Delete(ctx, "set-1") },
			"", "DELETE", "/es/1.0/bto/bundle/set-1", "",
		},
		{"list bundles", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.ItemBundles.List(ctx, rakuten.ListItemBundlesParams{Type: rakuten.BundleChild, PageNumber: new(0)}))
		}, `{"numberOfBundles":1,"bundles":[` + given + `]}`, "GET", "/es/1.0/bto/bundles?pageNumber=0&type=child", ""},
		{
			"list reservations", func(ctx context.Context, c *rakuten.Client) error { return only(c.Reserve.List(ctx, reserved)) },
			`{"resultCode":"N00-000","publicReserveModelList":[{"reserveNumber":"1","reserveDatails":[{"detailId":3}]}]}`,
			"GET", "/es/1.0/reserve/reserveInfoList?dateType=1&endDate=2026-01-31&reserveType=1&reserveType=3&startDate=2026-01-01", "",
		},
		{"early commit", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Reserve.EarlyCommit(ctx, []rakuten.ReserveKey{{ReserveNumber: "1", DetailID: 2}}))
		}, `{"updateResultList":[]}`, "POST", "/es/1.0/reserve/earlyCommitReservations", `{"reserveKeyList":[{"reserveNumber":"1","detailId":2}]}`},
	})
}

func TestBundlesAndReservationsAreRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	client, ctx := serve(t, refuseAll(t)), t.Context()
	_, err := client.ItemBundles.Create(ctx, rakuten.CreateItemBundleRequest{
		ParentItemManageNumber: "shirt", BundleItems: []rakuten.ItemBundleItemRequest{{ItemManageNumber: "hat"}}, BundleDescription: new(strings.Repeat("長", 51)),
	})
	for _, want := range []string{"bundleName", "bundleState", "1 to 3 others", "the parent has to be", "bundleDescription: 51"} {
		require.ErrorContains(t, err, want)
	}
	_, err = client.Reserve.List(ctx, rakuten.ListReservationsParams{Limit: 1001, DeviceCode: []int{5}, Offset: -1})
	for _, want := range []string{"dateType", "limit", "reserveType is required", "deviceCode", "startDate", "offset"} {
		require.ErrorContains(t, err, want)
	}
	_, err = client.Reserve.EarlyCommit(ctx, nil)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	results, err := client.Reserve.EarlyCommit(ctx, []rakuten.ReserveKey{{}})
	require.NoError(t, err)
	assert.Equal(t, outcome(0, shotengai.RowFailed, "", "reserveNumber is required"), outcomeOf(results.Rows[0]))
}

// The platform misspells a member.
func TestQuirk5ReservationDetailsAreMisspelt(t *testing.T) {
	t.Parallel()
	var reservation rakuten.Reservation
	require.NoError(t, json.Unmarshal([]byte(`{"reserveDatails":[{"detailId":3,"releaseDate":null,"shippingDate":"2026-01-02"}]}`), &reservation))
	assert.Equal(t, 3, reservation.ReserveDetails[0].DetailID)
	body, err := json.Marshal(reservation)
	require.NoError(t, err)
	assert.Contains(t, string(body), `"reserveDatails":`)
}

// The offset of reservations is a row.
func TestQuirk8AllReservations(t *testing.T) {
	t.Parallel()
	var offsets []string
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		offsets = append(offsets, r.URL.Query().Get("offset"))
		at, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		var rows []string
		for i := at; i < min(at+1000, 2300); i++ {
			rows = append(rows, fmt.Sprintf(`{"reserveNumber":"%d"}`, i))
		}
		says(200, fmt.Sprintf(`{"resultCode":"N00-000","totalCount":2300,"publicReserveModelList":[%s]}`, strings.Join(rows, ",")))(w)
	})
	n := 0
	for reservation, err := range client.Reserve.All(t.Context(), reserved) {
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(n), reservation.ReserveNumber)
		n++
	}
	assert.Equal(t, 2300, n)
	assert.Equal(t, []string{"", "1000", "2000"}, offsets)
}

// A batch of which rows failed is answered with 200.
func TestQuirk2EarlyCommitPartialFailure(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			says(200, `{"summaryResultMessage":"partly","updateResultList":[
				{"reserveNumber":"0","detailId":1,"resultCode":"N00-000","resultMessage":"ok"},
				{"reserveNumber":"1","detailId":1,"resultCode":"E01-001","resultMessage":"too late"},
				{"reserveNumber":"x","detailId":1,"resultCode":"N00-000"}]}`)(w)
			return
		}
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusTooManyRequests)
	}, shotengai.WithStrictDecoding())
	var keys []rakuten.ReserveKey
	for i := range 1100 {
		keys = append(keys, rakuten.ReserveKey{ReserveNumber: strconv.Itoa(i), DetailID: 1})
	}
	results, err := client.Reserve.EarlyCommit(t.Context(), keys)
	require.ErrorIs(t, err, shotengai.ErrRateLimited)
	assert.EqualValues(t, 2, calls.Load(), "it is never sent again")
	states := map[shotengai.RowState]int{}
	for _, row := range results.Rows {
		states[row.State]++
	}
	assert.Equal(t, map[shotengai.RowState]int{shotengai.RowDone: 1, shotengai.RowFailed: 1, shotengai.RowUnknown: 498, shotengai.RowNotSent: 600}, states)
	assert.Equal(t, row(keys[1], outcome(1, shotengai.RowFailed, "E01-001", "too late")), results.Rows[1])
	require.ErrorContains(t, results.Err(), "row 1 (reservation 1, delivery 1): failed: too late (E01-001)")
}
