package rakutentest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNavigation(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	assert.EqualValues(t, 42, at(t, c.get("/es/2.0/navigation/version").json(t), "version", "id"))
	root := c.get("/es/2.0/navigation/genres/0?showChildren=true").json(t)
	assert.Len(t, at(t, root, "genre", "children"), 2)
	assert.NotContains(t, at(t, root, "genre"), "ancestors")
	leaf := c.get("/es/2.0/navigation/genres/100003?showAncestors=true&showSiblings=true").json(t)
	assert.Len(t, at(t, leaf, "genre", "ancestors"), 3)
	assert.Len(t, at(t, leaf, "genre", "siblings"), 1)
	assert.Equal(t, true, at(t, leaf, "genre", "lowest"))
	list := c.get("/es/2.0/navigation/genres/100003/attributes").json(t)
	assert.Equal(t, true, at(t, list, "genre", "attributes", 0, "properties", "rmsMandatoryFlg"))
	assert.Len(t, at(t, c.get("/es/2.0/navigation/genres/100003/attributes/2").json(t), "genre", "attributes"), 1)
	values := c.get("/es/2.0/navigation/genres/100003/attributes/-/dictionaryValues?limit=2&page=2").json(t)
	assert.Len(t, at(t, values, "genre", "attributes"), 2)
	assert.Len(t, at(t, values, "genre", "attributes", 1, "dictionaryValues"), 1)
	assert.Equal(t, 404, c.get("/es/2.0/navigation/genres/1").status)
	assert.Equal(t, 404, c.get("/es/2.0/navigation/genres/100003/attributes/9").status)
}
