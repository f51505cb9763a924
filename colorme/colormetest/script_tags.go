package colormetest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// shopScriptTag is a script of the storefront.
type shopScriptTag struct {
	scriptTag

	AccountID          string `json:"account_id"`
	Integrity          string `json:"integrity"`
	OAuthApplicationID int64  `json:"oauth_application_id"`
}

// scriptTag is a script of the old, deprecated API.
type scriptTag struct {
	tag

	Src string `json:"src"`
}

// inlineScriptTag is a script without a source, deprecated.
type inlineScriptTag struct {
	tag

	AccountID          string `json:"account_id"`
	OAuthApplicationID int64  `json:"oauth_application_id"`
	Script             string `json:"script"`
	TriggerEvent       string `json:"trigger_event"`
}

// tag is what all scripts have.
type tag struct {
	ID           int64  `json:"id"`
	DisplayScope string `json:"display_scope"`
	MakeDate     int64  `json:"make_date"`
	UpdateDate   int64  `json:"update_date"`
}

func (t *tag) base() *tag { return t }

// tagged is one of the kinds of script.
type tagged interface{ base() *tag }

// tagKind is the behaviour of one kind of script in its five operations.
type tagKind[T tagged] struct {
	path string
	// name wraps one script, name plus s a list.
	name string
	// scope follows read_ and write_.
	scope string
	// created is the status of a creation.
	created int
	rules   []rule
	of      func(*Shop) *[]T
	make    func(shop *Shop) T
}

// oauthApplicationID is the number of the app.
const oauthApplicationID = 1001

var (
	shopTags = tagKind[*shopScriptTag]{
		path: "/appstore/v1/script_tags", name: "script_tag", scope: "shop_script_tags", created: http.StatusOK,
		rules: []rule{
			{key: "src", filled: true},
			{key: "integrity"},
			{key: "display_scope", choices: []string{"shop", "thanks_page"}, filled: true},
		},
		of: func(shop *Shop) *[]*shopScriptTag { return &shop.tags },
		make: func(shop *Shop) *shopScriptTag {
			return &shopScriptTag{AccountID: shop.ID, OAuthApplicationID: oauthApplicationID}
		},
	}
	oldTags = tagKind[*scriptTag]{
		path: "/v1/script_tags", name: "script_tag", scope: "script_tags", created: http.StatusOK,
		rules: []rule{
			{key: "src", filled: true},
			{key: "display_scope", choices: []string{"all", "shop", "thanks_page", "cart"}, filled: true},
		},
		of:   func(shop *Shop) *[]*scriptTag { return &shop.oldTags },
		make: func(*Shop) *scriptTag { return &scriptTag{} },
	}
	inlineTags = tagKind[*inlineScriptTag]{
		path: "/v1/inline_script_tags", name: "inline_script_tag", scope: "inline_script_tags", created: http.StatusCreated,
		rules: []rule{
			{key: "script", filled: true},
			{key: "display_scope", choices: []string{"all", "thanks_page", "cart"}, filled: true},
			{key: "trigger_event", choices: []string{"object_builded"}, filled: true},
		},
		of: func(shop *Shop) *[]*inlineScriptTag { return &shop.inlineTags },
		make: func(shop *Shop) *inlineScriptTag {
			return &inlineScriptTag{AccountID: shop.ID, OAuthApplicationID: oauthApplicationID}
		},
	}
	scriptTagRoutes = slices.Concat(shopTags.routes(), oldTags.routes(), inlineTags.routes())
)

func (k tagKind[T]) routes() []route {
	read, write := []string{"read_" + k.scope}, []string{"write_" + k.scope}
	return []route{
		{pattern: "GET " + k.path, handle: k.list, scopes: read, suffixed: true},
		{pattern: "POST " + k.path, handle: k.create, body: k.name, scopes: write, suffixed: true},
		{pattern: "GET " + k.path + "/{id}", handle: k.get, scopes: read, suffixed: true},
		{pattern: "PUT " + k.path + "/{id}", handle: k.update, body: k.name, scopes: write, suffixed: true},
		{pattern: "DELETE " + k.path + "/{id}", handle: k.remove, scopes: write, suffixed: true},
	}
}

func (k tagKind[T]) list(c *call) (int, any) {
	return http.StatusOK, object{k.name + "s": append([]T{}, *k.of(c.shop)...)}
}

// find returns the index of the script in the path, or -1.
func (k tagKind[T]) find(c *call) int {
	return slices.IndexFunc(*k.of(c.shop), func(t T) bool { return t.base().ID == c.id("id") })
}

func (k tagKind[T]) get(c *call) (int, any) {
	i := k.find(c)
	if i < 0 {
		return notFound()
	}
	return http.StatusOK, object{k.name: (*k.of(c.shop))[i]}
}

// write checks and stores the fields of a script; the platform fetches the
// source of a script that is new or changed.
func (k tagKind[T]) write(c *call, t T, required ...string) []apiError {
	in := c.in
	problems := check(k.name, in, k.rules, required...)
	var src string
	if raw, ok := in["src"]; ok && len(problems) == 0 {
		_ = json.Unmarshal(raw, &src)
		if !strings.HasPrefix(src, "https://") || c.broken[src] {
			problems = append(problems, problem(codeMalformed, k.name+".src"))
		}
	}
	if len(problems) > 0 {
		return problems
	}
	apply(t, in, k.rules)
	t.base().UpdateDate = c.now.Unix()
	return nil
}

func (k tagKind[T]) create(c *call) (int, any) {
	t := k.make(c.shop)
	required := []string{"display_scope", "src"}
	if k.name == "inline_script_tag" {
		required = []string{"display_scope", "script", "trigger_event"}
	}
	if problems := k.write(c, t, required...); len(problems) > 0 {
		return refuseAll(problems...)
	}
	t.base().ID, t.base().MakeDate = c.newID(), c.now.Unix()
	*k.of(c.shop) = append(*k.of(c.shop), t)
	return k.created, object{k.name: t}
}

func (k tagKind[T]) update(c *call) (int, any) {
	i := k.find(c)
	if i < 0 {
		return notFound()
	}
	t := (*k.of(c.shop))[i]
	if problems := k.write(c, t); len(problems) > 0 {
		return refuseAll(problems...)
	}
	return http.StatusOK, object{k.name: t}
}

func (k tagKind[T]) remove(c *call) (int, any) {
	i := k.find(c)
	if i < 0 {
		return notFound()
	}
	*k.of(c.shop) = slices.Delete(*k.of(c.shop), i, i+1)
	return noContent()
}

// BreakScript makes the platform find no script at src: tags that name it are
// refused from now on.
func (s *Server) BreakScript(src string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken[src] = true
}
