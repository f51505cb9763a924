package colormetest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// IncludeTag must stay in the HTML of an index page. The platform demands such a
// tag; that it is spelt like this is an assumption of the fake.
const IncludeTag = "<{include file=$file_name}>"

type template struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	State      string `json:"state"`
	MakeDate   int64  `json:"make_date"`
	UpdateDate int64  `json:"update_date"`

	pages map[string]*templatePage
}

type templatePage struct {
	TemplateID int64   `json:"template_id"`
	PageType   string  `json:"page_type"`
	HTML       *string `json:"html"`
	CSS        *string `json:"css"`
	MakeDate   *int64  `json:"make_date"`
	UpdateDate int64   `json:"update_date"`
}

var pageTypes = []string{"index", "top", "product_list", "product", "shopkeeper", "product_srh", "option_stock", "privacy"}

var templateRoutes = []route{
	{pattern: "GET /v1/templates", handle: (*call).listTemplates, scopes: []string{"read_templates"}},
	{pattern: "GET /v1/templates/{template_id}/preview_url", handle: (*call).previewTemplate, scopes: []string{"read_templates"}},
	{pattern: "GET /v1/templates/{template_id}/pages/{page_type}", handle: (*call).getTemplatePage, scopes: []string{"read_templates"}},
	{pattern: "PUT /v1/templates/{template_id}/pages/{page_type}", handle: (*call).updateTemplatePage, body: "template_page", scopes: []string{"write_templates"}},
}

func (c *call) template() *template {
	i := slices.IndexFunc(c.shop.templates, func(t *template) bool { return t.ID == c.id("template_id") })
	if i < 0 {
		return nil
	}
	return c.shop.templates[i]
}

func (c *call) templatePage() *templatePage {
	t := c.template()
	if t == nil {
		return nil
	}
	return t.pages[c.r.PathValue("page_type")]
}

func (c *call) listTemplates() (int, any) {
	return http.StatusOK, object{"templates": c.shop.templates}
}

// previewTemplate returns a URL that works for one hour.
func (c *call) previewTemplate() (int, any) {
	t := c.template()
	if t == nil {
		return notFound()
	}
	return http.StatusOK, object{"preview_url": c.shop.profile.URL + "/?preview=" + strconv.FormatInt(t.ID, 10) + "&token=" + newSecret()}
}

func (c *call) getTemplatePage() (int, any) {
	page := c.templatePage()
	if page == nil {
		return notFound()
	}
	return http.StatusOK, object{"template_page": page}
}

// updateTemplatePage replaces HTML, CSS or both: HTML of 120,000 characters on
// the platinum and premium plans and 65,530 on others, CSS of 65,535.
func (c *call) updateTemplatePage() (int, any) {
	page := c.templatePage()
	if page == nil {
		return notFound()
	}
	in := c.in
	rules := []rule{{key: "html"}, {key: "css"}}
	if problems := check("template_page", in, rules); len(problems) > 0 {
		return refuseAll(problems...)
	}
	next := clone(*page)
	apply(&next, in, rules)
	limit := 65_530
	if slices.Contains([]string{"platinum", "premium"}, c.shop.profile.ContractPlan) {
		limit = 120_000
	}
	html := text(next.HTML)
	switch {
	case utf8.RuneCountInString(html) > limit, page.PageType == "index" && !strings.Contains(html, IncludeTag):
		return refuseField(codeMalformed, "template_page.html")
	case utf8.RuneCountInString(text(next.CSS)) > 65_535:
		return refuseField(codeMalformed, "template_page.css")
	}
	next.UpdateDate = c.now.Unix()
	*page = next
	return http.StatusOK, object{"template_page": page}
}

func (shop *Shop) seedTemplates(now time.Time) {
	made := now.AddDate(0, -6, 0).Unix()
	for i, name := range []string{"アーケード", "雨の日"} {
		t := &template{
			ID: shop.server.newID(), Name: name, State: []string{"active", "inactive"}[i],
			MakeDate: made, UpdateDate: made, pages: make(map[string]*templatePage),
		}
		for _, kind := range pageTypes {
			page := &templatePage{TemplateID: t.ID, PageType: kind, MakeDate: new(made), UpdateDate: made}
			page.HTML, page.CSS = new("<h1><{$shop_name}></h1>"), new("h1 { font-weight: normal; }")
			switch kind {
			case "index":
				page.HTML = new("<body>" + IncludeTag + "</body>")
			case "privacy":
				page.CSS, page.MakeDate = nil, nil
			}
			t.pages[kind] = page
		}
		shop.templates = append(shop.templates, t)
	}
}
