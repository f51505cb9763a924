package rakutentest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const pages = "/es/1.0/shop-page/"

func TestNavigationsAndWidgets(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	assert.Empty(t, at(t, c.get(pages+"navigations").json(t), "result"))
	id, _ := at(t, c.json(http.MethodPost, pages+"navigations", object{"type": "SHOP", "options": object{"ranking": true}}).json(t), "navigationId").(string)
	require.Equal(t, 204, c.json(http.MethodPut, pages+"navigations/"+id, object{"type": "SHOP"}).status)
	assert.NotContains(t, c.get(pages+"navigations/"+id).json(t), "options", "what is left out is gone")
	assert.Len(t, at(t, c.get(pages+"navigations").json(t), "result"), 1)
	assert.Equal(t, 404, c.json(http.MethodPut, pages+"navigations/0", object{}).status)
	assert.Equal(t, 404, c.get(pages+"navigations/0").status)

	widget := object{"type": "TITLE", "body": []object{{"caption": "新着"}}}
	id, _ = at(t, c.json(http.MethodPost, pages+"widgets", widget).json(t), "widgetId").(string)
	assert.Equal(t, "新着", at(t, c.get(pages+"widgets/"+id).json(t), "body", 0, "caption"))
	for name, wrong := range map[string]object{"type": {"type": "CLOCK"}, "format": {"type": "TITLE", "displayFormat": "ROUND"}} {
		assert.Equal(t, 400, c.json(http.MethodPut, pages+"widgets/"+id, wrong).status, name)
	}
	assert.Equal(t, 204, c.send(http.MethodDelete, pages+"widgets/"+id, "", nil).status)
	assert.Empty(t, at(t, c.get(pages+"widgets").json(t), "result"))
	assert.Equal(t, 404, c.send(http.MethodDelete, pages+"widgets/"+id, "", nil).status)
}

func TestLayouts(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	layout := func(title string) object {
		return object{"type": "SHOP_TOP", "title": title, "modules": []object{{"type": "WIDGET", "details": object{"widgetIds": []string{"1"}}}}}
	}
	make1 := func(status string, l object) string {
		made := c.json(http.MethodPost, pages+"layouts/status/"+status, l)
		require.Equal(t, 200, made.status, "%s", made.body)
		id, _ := at(t, made.json(t), "layoutId").(string)
		return id
	}
	draft := make1("draft", layout("下書き"))
	assert.Equal(t, 404, c.get(pages+"layouts/"+draft+"/status/public").status)
	srv.Advance(time.Hour)
	require.Equal(t, 204, c.json(http.MethodPut, pages+"layouts/"+draft+"/status/draft", layout("改訂")).status)
	got := c.get(pages + "layouts/" + draft + "/status/DRAFT").json(t)
	assert.Equal(t, "改訂", at(t, got, "title"))
	assert.Equal(t, "2026-11-01T19:00:00+09:00", at(t, got, "createTime"))
	assert.Equal(t, "2026-11-01T20:00:00+09:00", at(t, got, "updateTime"))

	later := layout("歳末")
	later["startTime"] = "2026-12-01T00:00:00+09:00"
	make1("public", later)
	public := make1("public", layout("店"))
	published := c.get(pages + "layouts/published?layoutType=SHOP_TOP").json(t)
	require.Len(t, at(t, published, "result"), 1, "the other has not begun")
	assert.Equal(t, public, at(t, published, "result", 0, "layoutId"))
	assert.Len(t, at(t, c.get(pages+"layouts/status/public").json(t), "result"), 2)
	replaced := c.json(http.MethodPost, pages+"layouts/replace/"+public, layout("新しい店"))
	assert.Equal(t, public, at(t, replaced.json(t), "layoutId"))
	assert.Equal(t, "新しい店", at(t, c.get(pages+"layouts/"+public+"/status/public").json(t), "title"))

	assert.Equal(t, 400, c.json(http.MethodPut, pages+"layouts/"+public+"/status/public", layout("x")).status, "drafts alone can be changed")
	assert.Equal(t, 400, c.json(http.MethodPost, pages+"layouts/status/draft", object{"type": "ITEM"}).status)
	assert.Equal(t, 400, c.json(http.MethodPost, pages+"layouts/status/draft", object{"modules": []object{{}}}).status)
	assert.Equal(t, 400, c.json(http.MethodPost, pages+"layouts/status/ready", layout("x")).status)
	assert.Equal(t, 400, c.get(pages+"layouts/published").status)
	assert.Equal(t, 404, c.json(http.MethodPost, pages+"layouts/replace/0", layout("x")).status)
	assert.Equal(t, 204, c.send(http.MethodDelete, pages+"layouts/"+public+"/status/public", "", nil).status)
	assert.Equal(t, 404, c.get(pages+"layouts/"+public+"/status/public").status)
}
