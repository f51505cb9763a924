package rakutentest_test

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	bulkGet    = "/es/2.1/inventories/bulk-get"
	bulkUpsert = "/es/2.1/inventories/bulk-upsert"
	oneStock   = "/es/2.1/inventories/manage-numbers/%s/variants/%s"
)

func stockRow(item, variant, mode string, quantity any) object {
	return object{"manageNumber": item, "variantId": variant, "mode": mode, "quantity": quantity}
}

func TestStockOfOneSKU(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	path := fmt.Sprintf(oneStock, "Geta-KIRI", "S-24")

	got := c.get(path).json(t)
	assert.Equal(t, "geta-kiri", at(t, got, "manageNumber"), "in lower case")
	assert.Equal(t, 404, c.get(fmt.Sprintf(oneStock, "geta-kiri", "s-24")).status, "the case of a variant counts")
	assert.Contains(t, at(t, got, "updated"), "+09:00")
	assert.Contains(t, got, "shipFromIds")
	assert.NotContains(t, c.get("/es/2.0/inventories/manage-numbers/geta-kiri/variants/S-24").json(t), "shipFromIds")

	put := func(mode string, quantity int, more object) int {
		body := object{"mode": mode, "quantity": quantity}
		maps.Copy(body, more)
		return c.json(http.MethodPut, path, body).status
	}
	require.Equal(t, 204, put("ABSOLUTE", 10, object{"operationLeadTime": object{"normalDeliveryTimeId": 3, "backOrderDeliveryTimeId": nil}, "shipFromIds": []int{2}}))
	assert.EqualValues(t, 3, at(t, c.get(path).json(t), "operationLeadTime", "normalDeliveryTimeId"))
	require.Equal(t, 204, put("RELATIVE", -4, nil))
	require.Equal(t, 204, put("RELATIVE", -4, nil))
	assert.EqualValues(t, 2, at(t, c.get(path).json(t), "quantity"), "each one counts")
	assert.Nil(t, at(t, c.get(path).json(t), "operationLeadTime"), "left out is emptied")
	assert.Equal(t, 400, put("RELATIVE", -3, nil), "below 0")
	assert.Equal(t, 400, put("ABSOLUTE", 100000, nil))
	assert.Equal(t, 400, put("", 1, nil))

	assert.Equal(t, 204, c.send(http.MethodDelete, path, "", nil).status)
	assert.Equal(t, 404, c.get(path).status)
	assert.Equal(t, 400, put("RELATIVE", 1, nil), "the first one has to be absolute")
}

func TestBulkUpsert(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	shop := srv.Shop()
	c := as(t, srv, shop)
	send := func(rows ...object) answer { return c.json(http.MethodPost, bulkUpsert, object{"inventories": rows}) }

	assert.Equal(t, 204, send(stockRow("SENSU", "Nami", "ABSOLUTE", 3), stockRow("sensu", "Take", "RELATIVE", 1), stockRow("nowhere", "x", "ABSOLUTE", 9)).status)
	quantity, _ := shop.Stock("sensu", "Nami")
	assert.Equal(t, 3, quantity)
	_, known := shop.Stock("nowhere", "x")
	assert.True(t, known, "an unknown item is no error")
	srv.Advance(24 * time.Hour)
	c.get(stockPath)
	_, known = shop.Stock("nowhere", "x")
	assert.False(t, known, "and is thrown away after a day")

	got := send(stockRow("sensu", "Nami", "ABSOLUTE", 50), stockRow("sensu", "Take", "ABSOLUTE", -1), stockRow("sensu", "Sakura", "ABSOLUTE", "x"), stockRow("sensu", "Nami", "ABSOLUTE", 1))
	assert.Equal(t, 400, got.status)
	var said []any
	list, _ := at(t, got.json(t), "errors").([]any)
	for _, e := range list {
		said = append(said, at(t, e, "code"), at(t, e, "metadata", "propertyPath"))
	}
	assert.Equal(t, []any{"IE0003", "inventories[1].quantity", "IE0002", "inventories[2].quantity", "IE0121", "inventories[3].variantId"}, said)
	quantity, _ = shop.Stock("sensu", "Nami")
	assert.Equal(t, 3, quantity)

	rows := make([]object, 401)
	for i := range rows {
		rows[i] = stockRow("many", strconv.Itoa(i), "ABSOLUTE", 1)
	}
	assert.Equal(t, 400, send(rows...).status)
	assert.Equal(t, 204, send(rows[:400]...).status)
	assert.Equal(t, 400, send().status)
	assert.Equal(t, "IE0004", at(t, send(stockRow("a23456789012345678901234567890123", "v", "ABSOLUTE", 1)).json(t), "errors", 0, "code"))
}

func TestBulkGetAndRange(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	shop := srv.Shop()
	c := as(t, srv, shop)
	ask := make([]object, 1001)
	for i := range ask {
		shop.SetStock("Many", strconv.Itoa(i), 777)
		ask[i] = object{"manageNumber": "MANY", "variantId": strconv.Itoa(i)}
	}
	assert.Equal(t, 400, c.json(http.MethodPost, bulkGet, object{"inventories": ask}).status)
	ask[0] = object{"manageNumber": "none", "variantId": "x"}
	got := c.json(http.MethodPost, bulkGet, object{"inventories": ask[:1000]}).json(t)
	assert.Len(t, at(t, got, "inventories"), 999)
	assert.Equal(t, "many", at(t, got, "inventories", 0, "manageNumber"))

	assert.Equal(t, 400, c.get(stockPath).status, "more than 1000")
	assert.Len(t, at(t, c.get("/es/2.0/inventories/bulk-get/range?maxQuantity=100").json(t), "inventories"), 11)
	assert.Equal(t, 400, c.get("/es/2.0/inventories/bulk-get/range?maxQuantity=x").status)
	assert.Equal(t, []any{"L-28", "M-26", "S-24"}, at(t, c.get("/es/2.1/inventories/variant-lists/manage-numbers/GETA-kiri").json(t), "variantList"))
	assert.Equal(t, 404, c.get("/es/2.1/inventories/variant-lists/manage-numbers/none").status)
}
