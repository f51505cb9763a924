package makeshoptest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Layouts of the platform's dates, in Japan time.
const (
	compact = "20060102150405"
	spaced  = time.DateTime
)

// Shop is a shop on the platform, with its data.
type Shop struct {
	// ID is the id that webhooks and getShop name.
	ID string

	server    *Server
	installed *Installation

	profile    object
	delivery   object
	tags       map[string]object
	orders     []object
	members    []object
	products   catalogue
	categories []object
	coupons    []object
}

// handler is a Handler of the fake's own, with the server's lock held.
type handler = func(shop *Shop, arguments map[string]any) (any, error)

// operations are the known fields of Query and Mutation.
var operations = map[string]handler{
	"getAccessBodyTag":       accessTag("body"),
	"getAccessHeadTag":       accessTag("head"),
	"getProductCategory":     getProductCategory,
	"getShop":                getShop,
	"getShopDeliverySetting": getShopDeliverySetting,
	"searchMember":           searchMember,
	"searchOrder":            searchOrder,
	"searchProduct":          searchProduct,
	"searchProductQuantity":  searchProductQuantity,

	"cancelOrder":               cancelOrder,
	"createCoupon":              createCoupon,
	"updateMemberShopPoint":     updateMemberShopPoint,
	"updateOrderAttribute":      updateOrderAttribute,
	"updateOrderDeliveryStatus": updateOrderDeliveryStatus,
	"updateProductQuantity":     updateProductQuantity,
	"updateVariationQuantity":   updateVariationQuantity,
}

// Seed is what a new shop has of its own. The zero Seed makes a complete shop.
type Seed struct {
	// ID is the shop's id; the default counts the shops of the server.
	ID string
	// Name is the name of the shop.
	Name string
	// Profile replaces further fields of Shop in the schema. It does not change the ID.
	Profile map[string]any
}

// AddShop adds a seeded shop:
//
//	srv.AddShop(makeshoptest.Seed{Name: "別の店"})
//
// It panics when the ID is taken or the profile does not fit the schema.
func (s *Server) AddShop(seed Seed) *Shop {
	s.mu.Lock()
	defer s.mu.Unlock()
	shop := &Shop{ID: cmp.Or(seed.ID, fmt.Sprintf("shotengai%d", len(s.shops)+1)), server: s}
	if s.shop(shop.ID) != nil {
		panic("makeshoptest: there is a shop " + shop.ID + " already")
	}
	shop.profile = object{
		"shopName": cmp.Or(seed.Name, "商店街ショップ"), "shopUrl": "https://" + shop.ID + ".example/",
		"settingOriginalDomain": "", "openCondition": "OPEN",
	}
	s.merge("Shop", shop.profile, seed.Profile)
	shop.profile["shopId"] = shop.ID
	shop.seed()
	s.shops = append(s.shops, shop)
	return shop
}

// merge overrides members by fields that the type has.
func (s *Server) merge(typeName string, into object, fields map[string]any) {
	fields = normal(fields).(object)
	if err := s.schema.Conform(typeName, fields); err != nil {
		panic("makeshoptest: " + err.Error())
	}
	maps.Copy(into, fields)
}

// normal copies a value and turns slices of maps and of texts into []any.
func normal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := object{}
		for name, member := range v {
			out[name] = normal(member)
		}
		return out
	case []any:
		return each(v)
	case []map[string]any:
		return each(v)
	case []string:
		return each(v)
	default:
		return v
	}
}

func each[T any](list []T) []any {
	out := make([]any, len(list))
	for i, element := range list {
		out[i] = normal(element)
	}
	return out
}

// Token is the shop's persistent token. Where the app is not installed, it is
// installed first, without a webhook.
func (shop *Shop) Token() string {
	s := shop.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if shop.installed == nil {
		s.install(shop, 1)
	}
	return shop.installed.Token
}

// ExpireTokens ends the access tokens of the shop's logins before their five minutes are over.
// Refresh tokens and the persistent token stay.
func (shop *Shop) ExpireTokens() { shop.server.auth.ExpireShop(shop.ID) }

// Unlink ends the grants of all logins of the shop. The persistent token stays.
func (shop *Shop) Unlink() { shop.server.auth.RevokeShop(shop.ID) }

// EndSubscription lets the shop's subscription end now: the API answers for 30
// days more. It panics where the app is not installed.
func (shop *Shop) EndSubscription() {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	if shop.installed == nil {
		panic("makeshoptest: the app is not installed in " + shop.ID)
	}
	shop.installed.EndedAt = shop.server.Now()
}

func accessTag(part string) handler {
	return func(shop *Shop, _ map[string]any) (any, error) {
		return object{"accessTag": shop.tags[part]}, nil
	}
}

func getShop(shop *Shop, _ map[string]any) (any, error) {
	return object{"shop": shop.profile}, nil
}

func getShopDeliverySetting(shop *Shop, _ map[string]any) (any, error) {
	return object{"delivery": shop.delivery}, nil
}

func getProductCategory(shop *Shop, _ map[string]any) (any, error) {
	return object{"productCategories": shop.categories}, nil
}

// found is a page of rows. Pages are capped silently; page and limit are repeated
// as they came, or are the fake's own where none did.
func found(shop *Shop, name string, all []object, input object, counted bool) object {
	number, limit := max(intOf(input["page"]), 1), intOf(input["limit"])
	if limit < 1 {
		limit = 100
	}
	size := min(limit, 1000, shop.server.config.pageCap)
	begin := min((number-1)*size, len(all))
	out := object{name: all[begin:min(begin+size, len(all))], "page": number, "limit": limit}
	if counted {
		out["searchedCount"] = len(all)
	}
	return out
}

func intOf(v any) int {
	switch v := v.(type) {
	case int64:
		return int(v)
	case int:
		return v
	default:
		return 0
	}
}

func textOf(v any) string {
	s, _ := v.(string)
	return s
}

func inputOf(arguments map[string]any) object {
	input, _ := arguments["input"].(object)
	return input
}

// filter keeps the rows that pass all tests.
func filter(all []object, tests ...func(object) bool) []object {
	out := []object{}
	for _, row := range all {
		if !slices.ContainsFunc(tests, func(test func(object) bool) bool { return !test(row) }) {
			out = append(out, row)
		}
	}
	return out
}

// equals tests a field against a filter of the input, if there is one.
func equals(field string, want any) func(object) bool {
	return func(row object) bool { return want == nil || want == "" || row[field] == want }
}

// between tests the digits of a date against bounds, if there are some.
func between(field string, from, to any) func(object) bool {
	first, last := digits(textOf(from)), digits(textOf(to))
	return func(row object) bool {
		at := digits(textOf(row[field]))
		return (first == "" || at != "" && at[:min(len(at), len(first))] >= first) &&
			(last == "" || at != "" && at[:min(len(at), len(last))] <= last)
	}
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// checkDates refuses a date that is not spelt in so many digits. The platform's
// words are not known.
func checkDates(input object, layout string, names ...string) error {
	for _, name := range names {
		if v := textOf(input[name]); v != "" {
			if _, err := time.ParseInLocation(layout, v, shotengai.JST); err != nil || len(v) != len(layout) {
				return fmt.Errorf("%s is invalid", name)
			}
		}
	}
	return nil
}

// order sorts rows by the digits of a date.
func order(all []object, field string, descending bool) {
	slices.SortStableFunc(all, func(a, b object) int {
		c := strings.Compare(digits(textOf(a[field])), digits(textOf(b[field])))
		if descending {
			return -c
		}
		return c
	})
}
