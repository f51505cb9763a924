package hooks_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// format is how the body of a platform is written: a good body is spoilt in it in all
// the ways that a row is about.
type format struct {
	xml bool
	// contentTypes are accepted, foreign are not.
	contentTypes, foreign []string
	// malformed is for W16, ambiguous for W17, misspelt for W18, misshapen for W19.
	malformed, ambiguous, misspelt, misshapen func(t *testing.T, good string) map[string]string
	// odd bodies are genuine: what is wrong with them is in fields that nobody reads. Nil
	// where the format has none.
	odd func(good string) map[string]string
	// harmless ways of writing the same, among them the deepest nesting.
	harmless func(t *testing.T, good string) map[string]string
	// more is the body with a field that nobody knows: W20.
	more func(good string) string
}

func jsonFormat() format {
	// with puts a member at the end.
	with := func(good, member string) string { return good[:len(good)-1] + "," + member + "}" }
	return format{
		contentTypes: []string{"application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"},
		foreign:      []string{"application/json; charset=shift_jis", "text/json", "application/jsonp"},
		malformed: func(t *testing.T, good string) map[string]string {
			t.Helper()
			return map[string]string{
				"truncated": good[:len(good)-1], "headless": good[1:], "trailing text": good + "x",
				"two documents": good + good, "two lines": good + "\n{}", "an open brace": "{",
				"white space": " ", "a NUL": "\x00", "a BOM": "\xef\xbb\xbf" + good,
				"as the platform prints it": string(testdata(t, "colorme-install-trial-as-printed.txt")),
			}
		},
		ambiguous: func(_ *testing.T, good string) map[string]string {
			first := good[2 : 2+strings.IndexByte(good[2:], '"')]
			escaped := `\u00` + strconv.FormatUint(uint64(first[0]), 16) + first[1:]
			return map[string]string{
				"a name twice":         with(good, `"`+first+`":"PA00000009"`),
				"a name in other case": with(good, `"`+strings.ToUpper(first)+`":"PA00000009"`),
				"a name escaped":       with(good, `"`+escaped+`":"PA00000009"`),
			}
		},
		misspelt: func(_ *testing.T, good string) map[string]string {
			bad := map[string]string{}
			_, rest, _ := strings.Cut(good, ",")
			first := good[:strings.IndexByte(good, ':')+1]
			for _, text := range []string{"\xff", "\xc3", `\ud800`, `\udc00\ud800`} {
				bad[fmt.Sprintf("%q", text)] = first + `"` + text + `",` + rest
			}
			return bad
		},
		odd: func(good string) map[string]string {
			return map[string]string{
				"half a surrogate pair":      with(good, `"note":"\ud83d"`),
				"two halves, turned round":   with(good, `"note":"\udc00\ud800"`),
				"half a pair in a name":      with(good, `"\ud83d":1`),
				"an unknown name twice":      with(good, `"note":1,"note":2`),
				"in other case":              with(good, `"note":1,"NOTE":2`),
				"deeper":                     with(good, `"extra":{"a":1,"A":2}`),
				"a known name twice, deeper": with(good, `"extra":[{"account_id":1,"account_id":2}]`),
				"invalid UTF-8":              with(good, "\"note\":\"\xff\""),
			}
		},
		misshapen: func(_ *testing.T, good string) map[string]string {
			return map[string]string{
				"null": "null", "a list": "[]", "a text": `"x"`, "a number": "1", "a truth": "true",
				"in a list":     "[" + good + "]",
				"10 000 levels": with(good, `"deep":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)),
				"65 levels":     with(good, `"deep":`+strings.Repeat(`{"a":`, 64)+"1"+strings.Repeat("}", 64)),
			}
		},
		harmless: func(_ *testing.T, good string) map[string]string {
			return map[string]string{
				"64 levels":   with(good, `"deep":`+strings.Repeat("[", 63)+strings.Repeat("]", 63)),
				"white space": " " + strings.Replace(good, "{", "{\n\t", 1) + "\n",
			}
		},
		more: func(good string) string { return with(good, `"new_field":{"a":[1,2]}`) },
	}
}

// xmlFormat spoils a body of two levels or more that has an authModel with a contractId
// c1, a shopUrl and the authKey secretNew.
func xmlFormat() format {
	const declared = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	bare := func(t *testing.T, good string) string {
		t.Helper()
		rest, found := strings.CutPrefix(good, declared)
		require.True(t, found)
		return rest
	}
	// once replaces what has to be there.
	once := func(t *testing.T, good, old, by string) string {
		t.Helper()
		require.Contains(t, good, old)
		return strings.Replace(good, old, by, 1)
	}
	return format{
		xml:          true,
		contentTypes: []string{"text/xml", "application/xml", "text/xml; charset=UTF-8", "Application/XML;charset=utf-8"},
		foreign:      []string{"text/xml; charset=euc-jp", "application/json"},
		malformed: func(t *testing.T, good string) map[string]string {
			t.Helper()
			bare := bare(t, good)
			return map[string]string{
				"truncated": good[:len(good)-1], "trailing text": good + "x", "two documents": good + bare,
				"text before": "x" + bare, "no element": declared, "white space": " \n ", "not XML": "{}",
				"a BOM":                 "\xef\xbb\xbf" + good,
				"a DTD":                 declared + "<!DOCTYPE notifyModel>" + bare,
				"an entity bomb":        declared + `<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + once(t, bare, "c1", "&b;"),
				"an external entity":    declared + `<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + once(t, bare, "c1", "&a;"),
				"an undeclared entity":  once(t, good, "c1", "&nbsp;"),
				"an instruction":        declared + `<?php 1?>` + bare,
				"a second declaration":  good + `<?xml version="1.0"?>`,
				"unclosed":              once(t, good, "</authModel>", ""),
				"crossed":               once(t, good, "</contractId>", "</x>"),
				"an unquoted attribute": once(t, good, "<contractId>", "<contractId a=b>"),
			}
		},
		ambiguous: func(t *testing.T, good string) map[string]string {
			t.Helper()
			return map[string]string{
				"two authModels":         once(t, good, "<authModel>", "<authModel><authKey>"+secretNew+"</authKey></authModel><authModel>"),
				"two authKeys":           once(t, good, "<authKey>", "<authKey>x</authKey><authKey>"),
				"authKeys of other case": once(t, good, "<authKey>", "<authkey>x</authkey><authKey>"),
				"two shops":              once(t, good, "<shopUrl>", "<shopUrl>x</shopUrl><shopUrl>"),
			}
		},
		misspelt: func(t *testing.T, good string) map[string]string {
			t.Helper()
			return map[string]string{
				"another encoding":    `<?xml version="1.0" encoding="EUC-JP"?>` + bare(t, good),
				"invalid UTF-8":       once(t, good, "c1", "\xff"),
				"half a letter":       once(t, good, "c1", "\xc3"),
				"a surrogate":         once(t, good, "c1", "&#xD800;"),
				"one in an attribute": once(t, good, "<contractId>", `<contractId a="&#xDFFF;">`),
				"one beside another":  once(t, good, "c1", "\ufffd&#xD800;"),
				"a decimal surrogate": once(t, good, "c1", "&#55296;"),
				"a control character": once(t, good, "c1", "\x01"),
				"a NUL by number":     once(t, good, "c1", "&#0;"),
			}
		},
		misshapen: func(t *testing.T, good string) map[string]string {
			t.Helper()
			return map[string]string{
				"another root":      "<x/>",
				"in another root":   "<x>" + bare(t, good) + "</x>",
				"elements in a key": once(t, good, secretNew, "<b>"+secretNew+"</b>"),
				"10 000 levels":     once(t, good, "<authModel>", levels(10_000)+"<authModel>"),
				"65 levels":         once(t, good, "<authModel>", levels(64)+"<authModel>"),
			}
		},
		harmless: func(t *testing.T, good string) map[string]string {
			t.Helper()
			return map[string]string{
				"64 levels":      once(t, good, "<authModel>", levels(63)+"<authModel>"),
				"no declaration": bare(t, good),
				"comments":       once(t, good, "<authModel>", "<!-- hello --><authModel>"),
				"CDATA":          once(t, good, secretNew, "<![CDATA["+secretNew+"]]>"),
				"white space":    strings.ReplaceAll(good, "><", ">\n  <"),
				"a namespace":    once(t, good, "otifyModel>", `otifyModel xmlns="urn:x">`),
			}
		},
		more: func(good string) string {
			return strings.Replace(good, "<authModel>", "<later><a/></later><authModel>", 1)
		},
	}
}

func levels(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
