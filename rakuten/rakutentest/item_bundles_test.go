package rakutentest_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestItemBundles(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	const one, list = "/es/1.0/bto/bundle", "/es/1.0/bto/bundles"
	bundle := func(number string, more object) object {
		b := object{
			"bundleManageNumber": number, "bundleName": "夏の組", "bundleState": "ACTIVE", "parentItemManageNumber": "Sensu",
			"bundleItems": []object{{"itemManageNumber": "sensu", "mandatory": true}, {"itemManageNumber": "FUROSHIKI", "sequence": 1}},
		}
		maps.Copy(b, more)
		return b
	}
	made := c.json(http.MethodPost, one, bundle("b1", nil))
	require.Equal(t, 200, made.status, "%s", made.body)
	assert.Equal(t, "2026-11-01T10:00:00.000000Z", at(t, made.json(t), "createdDate"), "UTC to the microsecond")
	assert.Equal(t, "furoshiki", at(t, made.json(t), "bundleItems", 1, "itemManageNumber"))
	require.Equal(t, 200, c.json(http.MethodPost, one, bundle("b2", nil)).status)

	items := func(numbers ...string) object {
		rows := []object{}
		for _, n := range numbers {
			rows = append(rows, object{"itemManageNumber": n})
		}
		return object{"bundleItems": rows}
	}
	for name, b := range map[string]object{
		"a third active one": bundle("b3", nil), "the number is taken": bundle("b1", object{"bundleState": "INACTIVE"}),
		"no name": bundle("b3", object{"bundleName": "", "bundleState": "INACTIVE"}), "name": bundle("b3", object{"bundleName": strings.Repeat("あ", 33), "bundleState": "INACTIVE"}),
		"state": bundle("b3", object{"bundleState": "ON"}), "alone": bundle("b3", items("sensu")), "four others": bundle("b3", items("sensu", "furoshiki", "manju-10", "geta-kiri", "chawan-mino")),
		"without the parent": bundle("b3", items("furoshiki", "manju-10")), "unknown item": bundle("b3", items("sensu", "none")),
	} {
		assert.Equal(t, 400, c.json(http.MethodPost, one, b).status, name)
	}
	require.Equal(t, 200, c.json(http.MethodPost, one, bundle("b3", object{"bundleState": "INACTIVE"})).status)

	assert.EqualValues(t, 2, at(t, c.get(list+"?bundleState=ACTIVE").json(t), "numberOfBundles"))
	assert.EqualValues(t, 0, at(t, c.get(list+"?itemManageNumber=furoshiki&type=parent").json(t), "numberOfBundles"))
	assert.EqualValues(t, 3, at(t, c.get(list+"?itemManageNumber=furoshiki&type=child").json(t), "numberOfBundles"))
	assert.Len(t, at(t, c.get(list+"?pageSize=2&pageNumber=2").json(t), "bundles"), 1)
	assert.Equal(t, 400, c.get(list+"?pageSize=0").status)

	changed := bundle("b1", items("sensu", "manju-10"))
	require.Equal(t, 200, c.json(http.MethodPut, one+"/b1", changed).status)
	require.Equal(t, 204, c.send(http.MethodDelete, "/es/2.0/items/manage-numbers/manju-10", "", nil).status)
	got := c.get(one + "/b1").json(t)
	assert.Len(t, at(t, got, "bundleItems"), 2, "what was left out is gone")
	assert.Equal(t, true, at(t, got, "bundleItems", 1, "isDeletedItem"), "the item is gone, the bundle is not")
	assert.Equal(t, 204, c.send(http.MethodDelete, one+"/b1", "", nil).status)
	assert.Equal(t, 404, c.get(one+"/b1").status)
	assert.Equal(t, 404, c.json(http.MethodPut, one+"/b1", changed).status)
}
