package storestest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// body is a JSON object of a request, read member by member. The first problem stays.
type body struct {
	members object
	problem string
}

// readBody reads the object of a request that may have the named members and no other.
func (c *call) readBody(names ...string) *body {
	b := &body{}
	if err := fake.ReadJSON(c.r, &b.members); err != nil || b.members == nil {
		b.members = object{}
		b.fail("リクエストの形式が正しくありません。")
	}
	return b.only(names)
}

func (b *body) only(names []string) *body {
	for _, name := range slices.Sorted(maps.Keys(b.members)) {
		if !slices.Contains(names, name) {
			b.fail(name + "は指定できません。")
		}
	}
	return b
}

func (b *body) fail(problem string) {
	if b.problem == "" {
		b.problem = problem
	}
}

func (b *body) has(name string) bool {
	_, given := b.members[name]
	return given
}

// null reports whether the member is there and null.
func (b *body) null(name string) bool { return b.has(name) && b.members[name] == nil }

func (b *body) require(names ...string) {
	for _, name := range names {
		if !b.has(name) {
			b.fail(name + "を指定してください。")
		}
	}
}

// get reads a member of a type; what is not there is its zero value.
func get[T any](b *body, name string) T {
	value, ok := b.members[name].(T)
	if b.has(name) && !ok {
		b.fail(name + "の型が正しくありません。")
	}
	return value
}

func (b *body) text(name string, least, most int) string {
	text := get[string](b, name)
	if n := utf8.RuneCountInString(text); b.has(name) && (n < least || n > most) {
		b.fail(fmt.Sprintf("%sは%d文字以上%d文字以内で指定してください。", name, least, most))
	}
	return text
}

func (b *body) integer(name string, low, high int64) int64 {
	n, err := get[json.Number](b, name).Int64()
	if b.has(name) && (err != nil || n < low || n > high) {
		b.fail(fmt.Sprintf("%sは%dから%dまでの整数で指定してください。", name, low, high))
	}
	return n
}

func (b *body) fraction(name string) float64 {
	f, err := get[json.Number](b, name).Float64()
	if b.has(name) && (err != nil || f < 0 || f > 1) {
		b.fail(name + "は0から1までの数で指定してください。")
	}
	return f
}

func (b *body) oneOf(name string, values ...string) string {
	text := get[string](b, name)
	if b.has(name) && !slices.Contains(values, text) {
		b.fail(name + "が正しくありません。")
	}
	return text
}

// texts reads a list of strings.
func (b *body) texts(name string) []string {
	out := []string{}
	for _, e := range get[[]any](b, name) {
		text, ok := e.(string)
		if !ok {
			b.fail(name + "の型が正しくありません。")
		}
		out = append(out, text)
	}
	return out
}

// inner reads an object that may have the named members and no other.
func (b *body) inner(name string, names ...string) *body {
	in := &body{members: get[object](b, name)}
	return in.only(names)
}

// each reads a list of such objects.
func (b *body) each(name string, names ...string) []*body {
	var out []*body
	for _, e := range get[[]any](b, name) {
		members, ok := e.(object)
		if !ok {
			b.fail(name + "の型が正しくありません。")
		}
		in := &body{members: members}
		out = append(out, in.only(names))
	}
	return out
}

// adopt takes over the problem of an inner object.
func (b *body) adopt(in *body) {
	if in.problem != "" {
		b.fail(in.problem)
	}
}

func (b *body) date(name string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, get[string](b, name), jst)
	if b.has(name) && err != nil {
		b.fail(name + "はYYYY-MM-DDで指定してください。")
	}
	return day
}

func (b *body) instant(name string) time.Time {
	t, ok := instant(b.members[name])
	if b.has(name) && !ok {
		b.fail(name + "の形式が正しくありません。")
	}
	return t
}
