package colormetest

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// jst is the zone of the platform's dates.
var jst = time.FixedZone("JST", 9*60*60)

// pageSize is the paging rule of one list.
type pageSize struct {
	normal, max int
	// fields reports whether the list honours the fields parameter.
	fields bool
}

// meta is the paging part of a list reply, with the values in force.
type meta struct {
	Total  int `json:"total"`
	Limit  int `json:"limit"`
	Offset int `json:"offset"`
}

// list answers with one page of items under name, each as show makes it. A
// limit that is too large is clamped; 0 and below select no elements.
func list[T, V any](c *call, name string, size pageSize, items []T, show func(T) V) (int, any) {
	if c.arrayStyle() {
		return refuse(codeInternal)
	}
	m := meta{Total: len(items), Limit: size.normal}
	if limit, ok := c.number("limit"); ok {
		m.Limit = int(min(limit, int64(size.max)))
	}
	if offset, ok := c.number("offset"); ok && offset >= 0 {
		m.Offset = int(offset)
	}
	from := min(m.Offset, len(items))
	page := items[from:min(from+max(m.Limit, 0), len(items))]
	out := make([]any, len(page))
	for i, item := range page {
		out[i] = show(item)
		if size.fields {
			out[i] = c.pick(out[i])
		}
	}
	return 200, object{name: out, "meta": m}
}

// same shows an item as it is.
func same[T any](item T) T { return item }

// arrayStyle reports a list parameter spelt as an array, which the platform
// cannot take: ids[0]=1. An array of fields is harmless; see pick.
func (c *call) arrayStyle() bool {
	for key := range c.query {
		name, _, found := strings.Cut(key, "[")
		if found && strings.HasSuffix(name, "ids") {
			return true
		}
	}
	return false
}

// pick reduces an object to the members that fields names. Array-style fields
// match none, so the object comes out empty.
func (c *call) pick(item any) any {
	for key := range c.query {
		if strings.HasPrefix(key, "fields[") {
			return object{}
		}
	}
	fields := c.query.Get("fields")
	if fields == "" {
		return item
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(fake.JSON(item), &members); err != nil {
		panic(err)
	}
	var out bytes.Buffer
	for name := range strings.SplitSeq(fields, ",") {
		value, ok := members[name]
		if !ok {
			continue
		}
		delete(members, name)
		if out.Len() > 0 {
			out.WriteByte(',')
		}
		out.WriteString(strconv.Quote(name) + ":")
		out.Write(value)
	}
	return json.RawMessage("{" + out.String() + "}")
}

// number is an integer parameter; what is not one is ignored.
func (c *call) number(name string) (int64, bool) {
	n, err := strconv.ParseInt(c.query.Get(name), 10, 64)
	return n, err == nil
}

// numbers is a comma-joined list parameter; what is not a number is ignored.
func (c *call) numbers(name string) []int64 {
	var out []int64
	for part := range strings.SplitSeq(c.query.Get(name), ",") {
		if n, err := strconv.ParseInt(part, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// flag is a boolean parameter: true, 1, false or 0; anything else is ignored.
func (c *call) flag(name string) (value, ok bool) {
	switch c.query.Get(name) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// date is a date parameter in Japan time; anything else is ignored.
func (c *call) date(names ...string) (time.Time, bool) {
	for _, name := range names {
		for _, layout := range []string{time.DateOnly, time.DateTime} {
			if t, err := time.ParseInLocation(layout, c.query.Get(name), jst); err == nil {
				return t, true
			}
		}
	}
	return time.Time{}, false
}

// filter is one condition of a list; nil means none.
type filter[T any] func(T) bool

// where keeps the items that meet all filters.
func where[T any](items []T, filters ...filter[T]) []T {
	filters = slices.DeleteFunc(filters, func(f filter[T]) bool { return f == nil })
	var out []T
	for _, item := range items {
		if !slices.ContainsFunc(filters, func(f filter[T]) bool { return !f(item) }) {
			out = append(out, item)
		}
	}
	return out
}

// oneOf keeps items whose number is in a list parameter.
func oneOf[T any](c *call, name string, of func(T) int64) filter[T] {
	wanted := c.numbers(name)
	if len(wanted) == 0 {
		return nil
	}
	return func(item T) bool { return slices.Contains(wanted, of(item)) }
}

// equal keeps items whose text is the parameter's; with choices, any other
// value of the parameter is ignored.
func equal[T any](c *call, name string, of func(T) string, choices ...string) filter[T] {
	wanted := c.query.Get(name)
	if wanted == "" || len(choices) > 0 && !slices.Contains(choices, wanted) {
		return nil
	}
	return func(item T) bool { return of(item) == wanted }
}

// containing keeps items whose text has the parameter's in it.
func containing[T any](c *call, name string, of func(T) string) filter[T] {
	wanted := c.query.Get(name)
	if wanted == "" {
		return nil
	}
	return func(item T) bool { return strings.Contains(of(item), wanted) }
}

// flagged keeps items whose boolean is the parameter's.
func flagged[T any](c *call, name string, of func(T) bool) filter[T] {
	wanted, ok := c.flag(name)
	if !ok {
		return nil
	}
	return func(item T) bool { return of(item) == wanted }
}

// atLeast and atMost keep items whose number is on this side of the parameter;
// null never is.
func atLeast[T any](c *call, name string, of func(T) *int64) filter[T] {
	wanted, ok := c.number(name)
	if !ok {
		return nil
	}
	return func(item T) bool { n := of(item); return n != nil && *n >= wanted }
}

func atMost[T any](c *call, name string, of func(T) *int64) filter[T] {
	wanted, ok := c.number(name)
	if !ok {
		return nil
	}
	return func(item T) bool { n := of(item); return n != nil && *n <= wanted }
}

// since and until keep items by a moment; a day stands for its 00:00.
func since[T any](c *call, of func(T) int64, names ...string) filter[T] {
	t, ok := c.date(names...)
	if !ok {
		return nil
	}
	return func(item T) bool { return of(item) >= t.Unix() }
}

func until[T any](c *call, of func(T) int64, names ...string) filter[T] {
	t, ok := c.date(names...)
	if !ok {
		return nil
	}
	return func(item T) bool { return of(item) <= t.Unix() }
}

// text is the string behind p, or "".
func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// newestFirst is the order of lists: what was added last leads.
func newestFirst[T any](items []T) []T {
	out := slices.Clone(items)
	slices.Reverse(out)
	return out
}
