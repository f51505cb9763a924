package colormetest

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// fields are the members of a request object.
type fields map[string]json.RawMessage

// flat reads a body without a wrapper. Broken JSON is the platform's own
// failure (500); a body that is not declared as JSON is not seen at all.
func (c *call) flat() (fields, int) {
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if kind != "application/json" || len(c.body) == 0 {
		return fields{}, 0
	}
	var in fields
	if err := json.Unmarshal(c.body, &in); err != nil {
		if json.Valid(c.body) {
			return nil, codeParameter
		}
		return nil, codeInternal
	}
	return in, 0
}

// unwrap reads the object under name, before anything is looked for in the shop: an update of
// what does not exist is refused for its body first. A body without the object is a bad
// parameter, and an object without members is one of its own; both name a field, which this
// fake takes to be the object, as its name was not recorded.
func (c *call) unwrap(name string) (refusal apiError) {
	outer, code := c.flat()
	if code == codeInternal {
		return problem(code, "")
	}
	if json.Unmarshal(outer[name], &c.in) != nil || c.in == nil {
		return problem(codeParameter, name)
	}
	if len(c.in) == 0 {
		return problem(codeEmptyObject, name)
	}
	return apiError{}
}

// kind is the JSON type of a field.
type kind int

const (
	textKind kind = iota
	numberKind
	flagKind
	dateKind
)

// rule is what the platform demands of one request field.
type rule struct {
	key string
	// field is the name in errors, where it is not the key.
	field string
	kind  kind
	// max is the number of characters allowed; 0 means any.
	max int
	// low and high bound a number.
	low, high *int64
	// choices are the values allowed.
	choices []string
	pattern *regexp.Regexp
	// kana allows full-width katakana and spaces alone, less four archaic ones.
	kana bool
	// filled refuses null and "".
	filled bool
	// mail demands a mail address.
	mail bool
}

var kana = regexp.MustCompile(`^[ァ-ヶー 　ヷヸヹヺ]*$`)

// check applies rules to in; the required keys must be there and filled.
func check(prefix string, in fields, rules []rule, required ...string) []apiError {
	var problems []apiError
	for _, r := range rules {
		if code := r.check(in, slices.Contains(required, r.key)); code != 0 {
			problems = append(problems, problem(code, prefix+"."+r.name()))
		}
	}
	return problems
}

func (r rule) name() string {
	if r.field != "" {
		return r.field
	}
	return r.key
}

func (r rule) check(in fields, required bool) int {
	raw, present := in[r.key]
	switch {
	case !present && required, present && (required || r.filled) && blank(raw):
		return codeRequired
	case !present || string(raw) == "null":
		return 0
	}
	return r.checkValue(raw)
}

func (r rule) checkValue(raw json.RawMessage) int {
	var err error
	code := 0
	switch r.kind {
	case textKind, dateKind:
		var s string
		err = json.Unmarshal(raw, &s)
		code = r.checkText(s)
	case numberKind:
		var n int64
		err = json.Unmarshal(raw, &n)
		code = r.checkNumber(n)
	case flagKind:
		err = json.Unmarshal(raw, new(bool))
	}
	if err != nil {
		return codeParameter
	}
	return code
}

func (r rule) checkNumber(n int64) int {
	if r.low != nil && n < *r.low || r.high != nil && n > *r.high {
		return codeRange
	}
	return 0
}

func (r rule) checkText(s string) int {
	switch {
	case len(r.choices) > 0 && !slices.Contains(r.choices, s):
		return codeChoice
	case r.max > 0 && utf8.RuneCountInString(s) > r.max:
		return codeMalformed
	case s == "":
		return 0
	case !r.hasForm(s):
		return codeMalformed
	case r.kana && strings.ContainsAny(s, "ヷヸヹヺ"):
		return codeCharacter
	}
	return 0
}

// hasForm reports whether a text that is not empty looks as it has to.
func (r rule) hasForm(s string) bool {
	return (r.kind != dateKind || isDate(s)) && (!r.mail || isMail(s)) &&
		(r.pattern == nil || r.pattern.MatchString(s)) && (!r.kana || kana.MatchString(s))
}

func blank(raw json.RawMessage) bool {
	return string(raw) == "null" || string(raw) == `""`
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func isMail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// apply writes the fields that rules name into dst: absent ones stay, null
// clears what can be null.
func apply(dst any, in fields, rules []rule) {
	known := make(fields)
	for _, r := range rules {
		if raw, ok := in[r.key]; ok {
			known[r.key] = raw
		}
	}
	overlay(dst, known)
}

// overlay writes the members of v's JSON into dst. It panics when v does not
// fit or has members that dst does not, which is a mistake in the fake or in a
// test's seed.
func overlay(dst, v any) {
	if v == nil {
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(fake.JSON(v)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(dst); err != nil {
		panic("colormetest: " + err.Error())
	}
}

// clone copies v with all that it points to.
func clone[T any](v T) T {
	var out T
	overlay(&out, v)
	return out
}

// copyOf copies what p points to, so that a later write through one pointer
// does not reach the other.
func copyOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}
