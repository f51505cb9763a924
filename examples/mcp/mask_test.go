package main

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
)

// people are the members of the fakes' orders, as the platforms spell them, that are about
// buyers, recipients, and what these wrote.
var people = regexp.MustCompile(`(?i)^(name|furigana|hojin|busho|postal|address\d?|tel|fax|tel_?mobile|mail|email|memo|other|remarks|note|message|` +
	`noshi(_?text)?|card_?text|slip_?number|answer_?free_?form\d|first_?name(_?kana)?|last_?name|family_?name(_?kana)?|zip_?code\d?|` +
	`phone_?number\d?|city|sub_?address|email_?address|receiver\w+|sender_?name|member_?id|delivery_?message|tracking_?number|` +
	`shipping_?number|receipt_?address|drop_?off_?location|birthday)$`)

// goods are objects whose name is that of a thing.
var goods = regexp.MustCompile(`(?i)(detail|item|option|method|payment|coupon|segment|application|product|category|sku)`)

// part are texts that say nothing alone and may be in anything: two characters, a part of a
// telephone number.
var part = regexp.MustCompile(`^\s*(.{0,2}|\d{1,4})\s*$`)

// collect adds the personal texts of an order.
func collect(found map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			text, isText := child.(string)
			if isText && people.MatchString(key) && (key != "name" || !goods.MatchString(path)) {
				if !part.MatchString(text) {
					found[text] = path + "." + key
				}
				continue
			}
			collect(found, path+"."+key, child)
		}
	default:
		if list := reflect.ValueOf(v); v != nil && list.Kind() == reflect.Slice {
			for i := range list.Len() {
				collect(found, path, list.Index(i).Interface())
			}
		}
	}
}

// seeded are the personal texts of all orders that the tools can see, and where they are.
func (b *bench) seeded(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, o := range works[page[order]](t, b, "list_orders", month("demo-colorme")).Rows {
		id, err := colorMeID(o.Number)
		require.NoError(t, err)
		collect(found, "sale", b.colorMe.Shop().Sale(id))
	}
	for _, o := range b.makeShop.Shop().Orders() {
		collect(found, "order", o)
	}
	for _, o := range works[page[order]](t, b, "list_orders", month("demo-rakuten")).Rows {
		collect(found, "order", b.rakuten.Shop().Order(o.Number))
	}
	storesClient := b.places["demo-stores"].shop.(storesShop)
	for o, err := range storesClient.client.Orders.All(t.Context(), stores.ListOrdersParams{}) {
		require.NoError(t, err)
		collect(found, "order", b.stores.Shop().Order(string(o.ID)))
	}
	return found
}

// everyResult calls every tool that the server has, on every shop and every order, and
// returns what a client sees, errors included.
func (b *bench) everyResult(t *testing.T) string {
	t.Helper()
	tools, err := b.session.ListTools(t.Context(), nil)
	require.NoError(t, err)
	var all strings.Builder
	see := func(tool string, arguments args) {
		result, text := call(t, b.session, tool, arguments)
		fmt.Fprintln(&all, tool, text, result.StructuredContent)
	}
	for _, tool := range tools.Tools {
		for _, shop := range everyShop {
			switch tool.Name {
			case "list_shops", "plan_cost":
				see(tool.Name, nil)
			case "list_orders":
				see(tool.Name, month(shop))
			case "get_order":
				for _, o := range works[page[order]](t, b, "list_orders", month(shop)).Rows {
					see(tool.Name, orderArgs(shop, o))
				}
			case "list_items", "diagnose_key", "licence_days":
				see(tool.Name, args{"shop": shop})
			case "get_stock", "update_stock":
				for _, i := range works[page[item]](t, b, "list_items", args{"shop": shop}).Rows {
					see(tool.Name, args{"shop": shop, "item": i.Item, "quantity": 1})
				}
			default:
				t.Errorf("the test does not know the tool %s", tool.Name)
			}
		}
	}
	return all.String()
}

func TestNoPersonalDataInAnyResult(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(s *service) { s.allowWrites = true })
	b.addPeople()
	seeded := b.seeded(t)
	require.Greater(t, len(seeded), 60)
	seen := b.everyResult(t)
	assert.True(t, strings.Contains(seen, string(masked)))
	logged := b.log.String()
	for text, where := range seeded {
		if strings.Contains(seen, text) || strings.Contains(logged, text) {
			t.Errorf("%s: %q is in a result or in the log", where, text)
		}
	}
}

// The opposite: the test above looks for the right texts.
func TestPersonalDataWhenAskedFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(s *service) { s.showPersonal = true })
	b.addPeople()
	seen := b.everyResult(t)
	assert.False(t, strings.Contains(seen, string(masked)))
	for _, marker := range markers {
		assert.True(t, strings.Contains(seen, marker), marker)
	}
}

// markers are texts that addPeople writes where buyers write.
var markers = []string{"花輪小路", "hanawa@example.com", "090-0000-4321", "のし不要です", "表書き花輪", "裏口へ花輪", "領収書花輪"}

// addPeople adds an order with texts of its own to each shop.
func (b *bench) addPeople() {
	b.colorMe.Shop().AddSale(map[string]any{
		"customer":        map[string]any{"name": "花輪小路 守", "mail": "hanawa@example.com", "tel": "090-0000-4321", "other": "のし不要です"},
		"sale_deliveries": []any{map[string]any{"name": "花輪小路 守", "memo": "裏口へ花輪", "noshi_text": "表書き花輪"}},
	})
	b.makeShop.Shop().AddOrder(map[string]any{"senderName": "花輪小路 守", "message": "のし不要です||裏口へ花輪"})
	b.rakuten.Shop().AddOrder(map[string]any{"remarks": "のし不要です", "memo": "裏口へ花輪"})
	b.stores.Shop().AddOrder(map[string]any{"remarks": "のし不要です", "note": "裏口へ花輪", "receipt_address": "領収書花輪", "email": "hanawa@example.com"})
}

// A row that cannot be read is reported without what is in it.
func TestUnreadRowsAreNotQuoted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.colorMe.Fail(1, shotengaitest.Fault{Path: "/v1/sales", Rewrite: func(body []byte) []byte {
		return []byte(strings.Replace(string(body), `"total_price":`, `"total_price":"花輪小路","was":`, 1))
	}})
	found := works[page[order]](t, b, "list_orders", month("demo-colorme"))
	require.Len(t, found.Unread, 1)
	assert.Contains(t, found.Unread[0], "total_price")
	assert.NotContains(t, fmt.Sprint(found), "花輪小路")

	number := found.Rows[0].Number
	b.colorMe.Fail(1, shotengaitest.Fault{Path: "/v1/sales", Rewrite: func(body []byte) []byte {
		return []byte(strings.Replace(string(body), `"total_price":`, `"total_price":"花輪小路","was":`, 1))
	}})
	text := fails(t, b, "get_order", args{"shop": "demo-colorme", "number": number})
	assert.NotContains(t, text, "花輪小路")
	assert.NotContains(t, b.log.String(), "花輪小路")
}

// What the results are made of is what mask goes through, and a field named after something
// about a person is of the type that it masks.
func TestResultTypes(t *testing.T) {
	t.Parallel()
	about := regexp.MustCompile(`(?i)(reading|company|postal|address|phone|mail|note|tracking|choice|buyer.*name|recipient.*name)`)
	var visit func(path string, typ reflect.Type)
	visit = func(path string, typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice:
			visit(path, typ.Elem())
		case reflect.Struct:
			for field := range typ.Fields() {
				if field.IsExported() {
					visit(path+"."+field.Name, field.Type)
				}
			}
		case reflect.String:
			if about.MatchString(path) {
				assert.Equal(t, reflect.TypeFor[personal](), typ, path)
			}
		case reflect.Map, reflect.Interface, reflect.Array:
			t.Errorf("mask does not go into %s", path)
		}
	}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[orderResult](), reflect.TypeFor[page[order]](), reflect.TypeFor[page[item]](), reflect.TypeFor[page[stock]](),
		reflect.TypeFor[shopsResult](), reflect.TypeFor[licenceResult](), reflect.TypeFor[diagnosis](), reflect.TypeFor[costResult](), reflect.TypeFor[updateStockResult](),
	} {
		visit(typ.Name(), typ)
	}
}
