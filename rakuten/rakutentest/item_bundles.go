package rakutentest

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxActiveBundles is the most bundles of one parent that are offered.
const maxActiveBundles = 2

const bundleByNumber = "/es/1.0/bto/bundle/{bundleManageNumber}"

var itemBundleRoutes = []route{
	{pattern: "POST /es/1.0/bto/bundle", name: "itemBundle.create", rate: "itemBundle", handle: (*call).createBundle},
	{pattern: "GET " + bundleByNumber, name: "itemBundle.getBundle", rate: "itemBundle", handle: (*call).getBundle},
	{pattern: "PUT " + bundleByNumber, name: "itemBundle.update", rate: "itemBundle", handle: (*call).putBundle},
	{pattern: "DELETE " + bundleByNumber, name: "itemBundle.delete", rate: "itemBundle", handle: (*call).deleteBundle},
	{pattern: "GET /es/1.0/bto/bundles", name: "itemBundle.getBundleList", rate: "itemBundle", handle: (*call).listBundles},
}

// bundle is items that are offered together. Its parent is among them.
type bundle struct {
	Number      string       `json:"bundleManageNumber"`
	Name        string       `json:"bundleName"`
	Description *string      `json:"bundleDescription"`
	State       string       `json:"bundleState"`
	Parent      string       `json:"parentItemManageNumber"`
	Items       []bundleItem `json:"bundleItems"`
	Created     string       `json:"createdDate"`
	Updated     string       `json:"updatedDate"`
}

type bundleItem struct {
	Number    string `json:"itemManageNumber"`
	Deleted   bool   `json:"isDeletedItem"`
	Mandatory bool   `json:"mandatory"`
	Sequence  int    `json:"sequence"`
}

// microseconds spells a time as bundles do: UTC to the microsecond.
func microseconds(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// bundle finds the bundle of the path.
func (c *call) bundle() (int, *bundle) {
	i := slices.IndexFunc(c.shop.bundles, func(b *bundle) bool { return b.Number == c.r.PathValue("bundleManageNumber") })
	if i < 0 {
		return i, nil
	}
	return i, c.shop.bundles[i]
}

// readBundle reads a whole bundle that replaces old, or nil for a new one.
func (c *call) readBundle(old *bundle) (*bundle, *reply) {
	var b bundle
	if !c.read(&b) {
		return nil, new(refuse(http.StatusBadRequest, codeParameter, "the body is no JSON object", ""))
	}
	if problems := c.checkBundle(&b, old); len(problems) > 0 {
		return nil, new(refuseAll(http.StatusBadRequest, problems...))
	}
	b.Parent = strings.ToLower(b.Parent)
	for i := range b.Items {
		b.Items[i].Number, b.Items[i].Deleted = strings.ToLower(b.Items[i].Number), false
	}
	b.Updated = microseconds(c.now)
	b.Created = b.Updated
	if old != nil {
		b.Created = old.Created
	}
	return &b, nil
}

func (c *call) checkBundle(b, old *bundle) []apiError {
	var f faults
	for _, rule := range []struct {
		name, value string
		least, most int
		problem     string
	}{
		{"bundleManageNumber", b.Number, 1, 64, "is required, or it is too long"},
		{"bundleName", b.Name, 1, 32, "is required, or it is too long"},
		{"parentItemManageNumber", b.Parent, 1, 32, "is required, or it is too long"},
		{"bundleDescription", text(b.Description), 0, 50, "is too long"},
	} {
		if n := utf8.RuneCountInString(rule.value); n < rule.least || n > rule.most {
			f.add(codeParameter, rule.problem, rule.name)
		}
	}
	if b.State != "ACTIVE" && b.State != "INACTIVE" {
		f.add(codeParameter, "must be ACTIVE or INACTIVE", "bundleState")
	}
	c.checkBundleItems(&f, b)
	c.checkOtherBundles(&f, b, old)
	return f
}

func (c *call) checkBundleItems(f *faults, b *bundle) {
	isParent := func(i bundleItem) bool { return strings.EqualFold(i.Number, b.Parent) }
	if n := len(b.Items); n < 2 || n > 4 || !slices.ContainsFunc(b.Items, isParent) {
		f.add(codeKeys, "must be the parent and 1 to 3 others", "bundleItems")
	}
	for _, i := range b.Items {
		if c.shop.items[strings.ToLower(i.Number)] == nil {
			f.add(codeNotFound, "there is no such item", "bundleItems")
		}
	}
}

// checkOtherBundles compares a bundle with those of the shop, except the one that it
// replaces.
func (c *call) checkOtherBundles(f *faults, b, old *bundle) {
	active := 0
	for _, other := range c.shop.bundles {
		if other == old {
			continue
		}
		if other.Number == b.Number {
			f.add(codeKeys, "is taken", "bundleManageNumber")
		}
		if other.State == "ACTIVE" && strings.EqualFold(other.Parent, b.Parent) {
			active++
		}
	}
	if b.State == "ACTIVE" && active >= maxActiveBundles {
		f.add(codeParameter, "at most 2 bundles of a parent are active", "bundleState")
	}
}

// showBundle marks the items that are gone by now.
func (c *call) showBundle(b *bundle) bundle {
	shown := *b
	shown.Items = slices.Clone(b.Items)
	for i := range shown.Items {
		shown.Items[i].Deleted = c.shop.items[shown.Items[i].Number] == nil
	}
	return shown
}

func (c *call) createBundle() reply {
	b, refused := c.readBundle(nil)
	if refused != nil {
		return *refused
	}
	c.shop.bundles = append(c.shop.bundles, b)
	return ok(c.showBundle(b))
}

func (c *call) getBundle() reply {
	_, b := c.bundle()
	if b == nil {
		return notFound()
	}
	return ok(c.showBundle(b))
}

func (c *call) putBundle() reply {
	i, old := c.bundle()
	if old == nil {
		return notFound()
	}
	b, refused := c.readBundle(old)
	if refused != nil {
		return *refused
	}
	c.shop.bundles[i] = b
	return ok(c.showBundle(b))
}

func (c *call) deleteBundle() reply {
	i, b := c.bundle()
	if b == nil {
		return notFound()
	}
	c.shop.bundles = slices.Delete(c.shop.bundles, i, i+1)
	return noContent()
}

// listBundles pages. That pages begin at 1 and have 30 rows unless the query says otherwise
// is a guess, and so is that numberOfBundles counts those of all pages.
func (c *call) listBundles() reply {
	size, fine := c.number("pageSize", 30, 1, 1<<30)
	page, alsoFine := c.number("pageNumber", 1, 1, 1<<30)
	if !fine || !alsoFine {
		return refuse(http.StatusBadRequest, codeParameter, "pageSize or pageNumber is invalid", "")
	}
	found := []bundle{}
	for _, b := range c.shop.bundles {
		if c.selectsBundle(b) {
			found = append(found, c.showBundle(b))
		}
	}
	from := min((page-1)*size, len(found))
	return ok(object{"numberOfBundles": len(found), "bundles": found[from:min(from+size, len(found))]})
}

func (c *call) selectsBundle(b *bundle) bool {
	number := strings.ToLower(c.query.Get("itemManageNumber"))
	parent := number == b.Parent
	child := !parent && slices.ContainsFunc(b.Items, func(i bundleItem) bool { return i.Number == number })
	switch {
	case c.asks("bundleState", b.State), !strings.Contains(b.Name, c.query.Get("bundleName")):
		return false
	case number == "":
		return true
	case c.query.Get("type") == "parent":
		return parent
	case c.query.Get("type") == "child":
		return child
	}
	return parent || child
}
