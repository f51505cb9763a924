package main

import (
	"encoding/csv"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/shotengaitest"
)

// fill gives a shop so many orders that an export has several pages, all but two of one second.
func fill(t *testing.T, d *demo, key shopKey, n int) {
	t.Helper()
	sh, err := d.app.store.shop(t.Context(), key)
	require.NoError(t, err)
	at, total := time.Date(2020, 1, 31, 15, 30, 0, 0, time.UTC), int64(-1234)
	orders := []order{
		{ID: "first", Number: "=HYPERLINK(1)", At: at.Add(-time.Hour), Status: "paid", Total: &total},
		{ID: "last", Number: "00120", At: at.Add(time.Hour), Status: "@SUM(1)"},
	}
	for i := range n - len(orders) {
		orders = append(orders, order{ID: strconv.Itoa(i), Number: "A" + strconv.Itoa(i), At: at, Status: "delivered", Total: &total})
	}
	require.NoError(t, d.app.store.putOrders(t.Context(), sh, orders, sh.Cursor, time.Now()))
}

func TestExport(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	d.colorMe.Fail(-1, shotengaitest.Fault{Path: "/v1/sales", Status: http.StatusServiceUnavailable}) // only what the test puts in
	o := newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	o.begin(page)
	const n = 2*exportPage + 7
	fill(t, d, shopKey{"colorme", d.colorMe.Shop().ID}, n)

	file := o.get(page + "/orders.csv")
	require.Equal(t, http.StatusOK, file.status)
	assert.Equal(t, "text/csv; charset=utf-8", file.header.Get("Content-Type"))
	_, named, err := mime.ParseMediaType(file.header.Get("Content-Disposition"))
	require.NoError(t, err)
	assert.Regexp(t, `^商店街の雑貨店-受注-20\d{6}\.csv$`, named["filename"])
	assert.Regexp(t, `filename=colorme-PA00000001-20\d{6}\.csv;`, file.header.Get("Content-Disposition"))
	text, marked := strings.CutPrefix(file.body, "\ufeff")
	assert.True(t, marked)
	assert.Equal(t, n+1, strings.Count(text, "\r\n"))
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, n+1)
	assert.Equal(t, []string{"プラットフォーム", "ショップID", "ショップ名", "受注番号", "受注日時(日本時間)", "状態", "合計(円)"}, rows[0])
	assert.Equal(t, []string{"カラーミーショップ", "PA00000001", "商店街の雑貨店", `="00120"`, "2020-02-01 01:30:00", "'@SUM(1)", ""}, rows[1])
	assert.Equal(t, []string{"カラーミーショップ", "PA00000001", "商店街の雑貨店", "'=HYPERLINK(1)", "2020-01-31 23:30:00", "入金済み", "-1234"}, rows[n])
	seen := make(map[string]bool)
	for _, row := range rows[1:] {
		seen[row[3]] = true
	}
	assert.Len(t, seen, n, "each order once")

	file = o.get(page + "/data.json")
	var data struct {
		Shop   string  `json:"shop"`
		Orders []order `json:"orders"`
	}
	require.NoError(t, json.Unmarshal([]byte(file.body), &data))
	assert.Equal(t, "PA00000001", data.Shop)
	assert.Len(t, data.Orders, n)
	assert.Contains(t, file.header.Get("Content-Disposition"), ".json")
	assert.Contains(t, o.get(page+"/orders.csv?lang=en").body, "Color Me Shop,PA00000001,")
}

// Half a file is no file: the connection breaks.
func TestExportBreaks(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	require.NoError(t, d.app.store.exec(t.Context(), `DROP TABLE app_orders`))
	for _, path := range []string{"/orders.csv", "/data.json"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.config.URL+page+path, nil)
		require.NoError(t, err)
		resp, err := o.client.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		require.Error(t, err, path)
	}
}

func TestSpreadsheetText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "A1": "A1", "0": "0", "120": "120", "0120": `="0120"`, "1234567890123456": `="1234567890123456"`,
		"=1": "'=1", "+81": "'+81", "-1": "'-1", "@a": "'@a", "\t=1": "'\t=1", "\r=1": "'\r=1", "＝1": "'＝1", "花": "花",
	} {
		assert.Equal(t, want, spreadsheetText(text))
	}
}
