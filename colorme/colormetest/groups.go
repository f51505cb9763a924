package colormetest

import (
	"encoding/json"
	"net/http"
	"slices"
)

type group struct {
	ID            int64    `json:"id"`
	AccountID     string   `json:"account_id"`
	Name          string   `json:"name"`
	ImageURL      *string  `json:"image_url"`
	Expl          *string  `json:"expl"`
	Sort          *int64   `json:"sort"`
	DisplayState  string   `json:"display_state"`
	ParentGroupID *int64   `json:"parent_group_id"`
	MetaTag       *metaTag `json:"meta_tag"`

	// metaWritten reports that the meta tag was changed once; later changes do
	// not reach readers.
	metaWritten bool
}

type metaTag struct {
	Title       *string `json:"title"`
	Keywords    *string `json:"keywords"`
	Description *string `json:"description"`
}

var metaTagRules = []rule{
	{key: "title", max: 255},
	{key: "keywords", max: 65535},
	{key: "description", max: 65535},
}

var groupRules = []rule{
	{key: "name", max: 100, filled: true},
	{key: "expl"},
	{key: "display_state", choices: memberStates, filled: true},
}

// memberStates are the display states of groups and categories.
var memberStates = []string{"showing", "hidden", "members_only"}

func (shop *Shop) group(id int64) *group {
	i := slices.IndexFunc(shop.groups, func(g *group) bool { return g.ID == id })
	if i < 0 {
		return nil
	}
	return shop.groups[i]
}

func (c *call) listGroups() (int, any) {
	return http.StatusOK, object{"groups": c.shop.groups}
}

func (c *call) getGroup() (int, any) {
	g := c.shop.group(c.id("id"))
	if g == nil {
		return notFound()
	}
	return http.StatusOK, object{"group": g}
}

// metaTag reads the meta tag of a write; nil when there is none.
func (c *call) metaTag(prefix string, in fields) (*metaTag, []apiError) {
	raw, ok := in["meta_tag"]
	if !ok || string(raw) == "null" {
		return nil, nil
	}
	var members fields
	if json.Unmarshal(raw, &members) != nil {
		return nil, []apiError{problem(codeParameter, prefix+".meta_tag")}
	}
	if problems := check(prefix+".meta_tag", members, metaTagRules); len(problems) > 0 {
		return nil, problems
	}
	var tag metaTag
	apply(&tag, members, metaTagRules)
	return &tag, nil
}

func (c *call) createGroup() (int, any) {
	in := c.in
	tag, problems := c.metaTag("product_group", in)
	rules := append(slices.Clone(groupRules), rule{key: "parent_group_id", kind: numberKind})
	problems = append(check("product_group", in, rules, "name"), problems...)
	if id, ok := looseNumber(in["parent_group_id"]); ok && c.shop.group(id) == nil {
		problems = append(problems, problem(codeChoice, "product_group.parent_group_id"))
	}
	if len(problems) > 0 {
		return refuseAll(problems...)
	}
	g := &group{ID: c.newID(), AccountID: c.shop.ID, DisplayState: "showing", MetaTag: tag}
	apply(g, in, rules)
	c.shop.groups = append(c.shop.groups, g)
	return http.StatusCreated, object{"group": g}
}

// updateGroup stores the first change of a meta tag; later ones are accepted
// and do not reach readers.
func (c *call) updateGroup() (int, any) {
	g := c.shop.group(c.id("id"))
	if g == nil {
		return notFound()
	}
	in := c.in
	tag, problems := c.metaTag("product_group", in)
	if problems = append(check("product_group", in, groupRules), problems...); len(problems) > 0 {
		return refuseAll(problems...)
	}
	apply(g, in, groupRules)
	if tag != nil && !g.metaWritten {
		g.MetaTag, g.metaWritten = tag, true
	}
	return http.StatusOK, object{"group": g}
}
