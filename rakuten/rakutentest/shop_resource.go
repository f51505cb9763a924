package rakutentest

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const shopNamespace = "http://rakuten.co.jp/rms/mall/shop/biz/api/model/resource"

// element is any element with what is in it.
type element struct {
	XMLName  xml.Name
	Text     string     `xml:",chardata"`
	Children []*element `xml:",any"`
}

// tidy drops the text between the children of an element.
func (e *element) tidy() {
	if len(e.Children) > 0 {
		e.Text = ""
	}
	for _, child := range e.Children {
		child.tidy()
	}
}

// child is the first child of a name, or nil. With make, a missing one is made.
func (e *element) child(name string, make bool) *element {
	if e == nil {
		return nil
	}
	for _, child := range e.Children {
		if child.XMLName.Local == name {
			return child
		}
	}
	if !make {
		return nil
	}
	child := &element{XMLName: xml.Name{Local: name}}
	e.Children = append(e.Children, child)
	return child
}

// at walks down a path such as a>b.
func (e *element) at(path string) *element {
	for name := range strings.SplitSeq(path, ">") {
		e = e.child(name, false)
	}
	return e
}

// text is the text of a child.
func (e *element) text(name string) string {
	if child := e.child(name, false); child != nil {
		return child.Text
	}
	return ""
}

// merge takes the children of another element over, each in the place of one of its name.
func (e *element) merge(from *element) {
	for _, child := range from.Children {
		*e.child(child.XMLName.Local, true) = *child
	}
}

// shopAnswer is an answer of the shop family: only its root is in a namespace.
func (c *call) shopAnswer(status int, code, messageCode, message string, models ...*element) reply {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString(`<shopbiz:shopBizApiResponse xmlns:shopbiz="` + shopNamespace + `"><resultCode>` + code + `</resultCode>`)
	b.WriteString(`<resultMessageList><resultMessage><code>` + messageCode + `</code><message>`)
	_ = xml.EscapeText(&b, []byte(message)) // a buffer takes everything
	b.WriteString(`</message></resultMessage></resultMessageList>`)
	if len(models) > 0 {
		kind := strings.TrimSuffix(strings.TrimPrefix(c.name, "shop."), ".get")
		b.WriteString(`<result xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="shopbiz:` + kind + `BizModel">`)
		for _, m := range models {
			b.Write(xmlAnswer(status, m).body[len(xml.Header):])
		}
		b.WriteString(`</result>`)
	}
	b.WriteString(`</shopbiz:shopBizApiResponse>`)
	return reply{status: status, contentType: xmlType + "; charset=utf-8", body: b.Bytes()}
}

// shopOK is an answer without an error. Beyond N000 the codes are the fake's own.
func (c *call) shopOK(models ...*element) reply {
	return c.shopAnswer(http.StatusOK, "N000", "SHOP_BIZ_API_COM_I001", "OK", models...)
}

func (c *call) shopFails(message string) reply {
	return c.shopAnswer(http.StatusBadRequest, "E001", "SHOP_BIZ_API_COM_E001", message)
}

// top is the element of the resource in a reading.
func (r shopResource) top() string {
	top, _, _ := strings.Cut(cmp.Or(r.rows, r.name), ">")
	return top
}

// container is where the rows of the resource are.
func (r shopResource) container(settings *element) *element {
	e := settings
	for name := range strings.SplitSeq(r.rows, ">") {
		e = e.child(name, true)
	}
	return e
}

// row is the name of the elements in the container.
func (r shopResource) row() string {
	last := r.rows[strings.LastIndexByte(r.rows, '>')+1:]
	return strings.TrimSuffix(last, "List")
}

// getSetting reads a resource: of several rows, those that the query asks for.
func (c *call) getSetting(r shopResource) reply {
	model := c.shop.settings.child(r.top(), false)
	asked := c.query.Get(cmp.Or(r.param, r.id))
	kind := c.query.Get("kbnId") // of soryoKbn alone
	if r.rows == "" || asked == "" && kind == "" {
		return c.shopOK(model)
	}
	found := &element{}
	for _, row := range r.container(c.shop.settings).Children {
		if (asked == "" || row.text(r.id) == asked) && (kind == "" || row.text("kbnId") == kind) {
			found.Children = append(found.Children, row)
		}
	}
	names := strings.Split(r.rows, ">")
	slices.Reverse(names)
	for i, name := range names {
		if i > 0 {
			found = &element{Children: []*element{found}}
		}
		found.XMLName.Local = name
	}
	return c.shopOK(found)
}

// readEdit reads the body of an edit: its root is in the namespace of the family, what is
// in it is in none.
func (c *call) readEdit(root string) (*element, string) {
	var body element
	if !c.readXML(&body) {
		return nil, "the body is no XML"
	}
	if body.XMLName != (xml.Name{Space: shopNamespace, Local: root + "BizModel"}) {
		return nil, "the root must be " + root + "BizModel in the namespace of the shop family"
	}
	if body.qualified() {
		return nil, "the elements in the root are in no namespace"
	}
	body.tidy()
	return &body, ""
}

// qualified reports whether anything in the element is in a namespace.
func (e *element) qualified() bool {
	return slices.ContainsFunc(e.Children, func(child *element) bool { return child.XMLName.Space != "" || child.qualified() })
}

// editSetting carries out the edits of a body, all or none.
func (c *call) editSetting(r shopResource) reply {
	body, problem := c.readEdit(cmp.Or(r.root, r.name))
	if problem != "" {
		return c.shopFails(problem)
	}
	changed := c.shop.settings.clone()
	done := 0
	for _, edit := range r.edits {
		verb, _, _ := strings.Cut(edit, ">")
		if body.child(verb, false) == nil {
			continue
		}
		if problem := r.apply(changed, verb, cmp.Or(body.at(edit), &element{})); problem != "" {
			return c.shopFails(problem)
		}
		done++
	}
	if done == 0 || done < len(body.Children) {
		return c.shopFails("the body must have " + strings.Join(r.edits, " or "))
	}
	c.shop.settings = changed
	return c.shopOK()
}

func (e *element) clone() *element {
	copied := *e
	copied.Children = nil
	for _, child := range e.Children {
		copied.Children = append(copied.Children, child.clone())
	}
	return &copied
}

// apply carries one edit out. Only a replacement takes away what it leaves out; that the
// others do not is a guess.
func (r shopResource) apply(settings *element, verb string, from *element) string {
	if r.rows == "" {
		model := settings.child(r.name, true)
		switch {
		case verb == "deleteList":
			model.Children = nil
		case strings.HasPrefix(verb, "replace"):
			model.Children = from.Children
		case strings.HasSuffix(verb, "List") && len(from.Children) > 0: // of the one that there is
			model.merge(from.Children[0])
		default:
			model.merge(from)
		}
		return ""
	}
	if len(from.Children) == 0 {
		return verb + " has no rows"
	}
	for _, row := range from.Children {
		if problem := r.applyRow(r.container(settings), verb, row); problem != "" {
			return problem
		}
	}
	return ""
}

// applyRow inserts, changes or deletes one row.
func (r shopResource) applyRow(container *element, verb string, row *element) string {
	id := row.text(r.id)
	i := slices.IndexFunc(container.Children, func(there *element) bool { return there.text(r.id) == id })
	if strings.HasPrefix(verb, "insert") {
		if id != "" && i >= 0 {
			return r.id + " is taken"
		}
		added := row.clone()
		added.XMLName.Local = r.row()
		if id == "" {
			added.child(r.id, true).Text = r.nextID(container)
		}
		container.Children = append(container.Children, added)
		return ""
	}
	if id == "" || i < 0 {
		return r.id + ": there is none"
	}
	if strings.HasPrefix(verb, "delete") {
		container.Children = slices.Delete(container.Children, i, i+1)
		return ""
	}
	container.Children[i].merge(row)
	return ""
}

func (r shopResource) nextID(container *element) string {
	next := 1
	for _, row := range container.Children {
		n, _ := strconv.Atoi(row.text(r.id))
		next = max(next, n+1)
	}
	return strconv.Itoa(next)
}

// getShopStatus returns how far the shop has moved to a new function.
func (c *call) getShopStatus() reply {
	key := c.r.PathValue("statusKey")
	state := c.shop.settings.child(key, false)
	if key != "skuMigration" && key != "pcTopMigration" {
		return c.shopFails("statusKey is unknown")
	}
	return c.shopOK(&element{XMLName: xml.Name{Local: "shopStatus"}, Children: []*element{
		{XMLName: xml.Name{Local: "statusKey"}, Text: key}, {XMLName: xml.Name{Local: "statusValue"}, Text: state.Text},
	}})
}

func (c *call) editShopStatus() reply {
	key := c.r.PathValue("statusKey")
	body, problem := c.readEdit("shopStatus")
	model := body.at("updateModel")
	switch {
	case problem != "":
		return c.shopFails(problem)
	case key != "skuMigration" && key != "pcTopMigration", model.text("statusKey") != key:
		return c.shopFails("statusKey is unknown, or not that of the path")
	}
	c.shop.settings.child(key, true).Text = model.text("statusValue")
	return c.shopOK()
}
