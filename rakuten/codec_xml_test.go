package rakuten

import (
	"encoding/xml"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

type sample struct {
	XMLName struct{} `xml:"result"`
	Number  *int     `xml:"number"`
	Count   int      `xml:"count"`
	Text    string   `xml:"text"`
	Rows    []struct {
		Name string `xml:"Name"`
	} `xml:"rows>row"`
	Models []ShopModel[ShopGoldTop] `xml:",any"`
}

func TestXMLDecode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, doc string
		check     func(*testing.T, sample)
	}{
		{"empty elements are none", `<result><number/><count></count><text/><rows><row><Name/></row></rows></result>`, func(t *testing.T, s sample) {
			assert.Nil(t, s.Number)
			assert.Zero(t, s.Count)
			assert.Len(t, s.Rows, 1)
		}},
		{"comments count as nothing", `<?xml version="1.0" encoding="utf-8"?><!-- a --><result><number><!-- b --></number><count>3</count></result>`, func(t *testing.T, s sample) {
			assert.Nil(t, s.Number)
			assert.Equal(t, 3, s.Count)
		}},
		{"mixed case is distinguished", `<result><rows><row><name>a</name><Name>b</Name></row></rows></result>`, func(t *testing.T, s sample) {
			assert.Equal(t, "b", s.Rows[0].Name)
		}},
		{"entities and blocks", `<result><text>a &amp; &#x5098;<![CDATA[<b>]]></text></result>`, func(t *testing.T, s sample) {
			assert.Equal(t, "a & 傘<b>", s.Text)
		}},
		{"neighbours of empty elements stay", `<result><number/><text>a</text><count></count><rows/><rows><row/><row><Name>b</Name></row></rows></result>`, func(t *testing.T, s sample) {
			assert.Equal(t, "a", s.Text)
			require.Len(t, s.Rows, 1)
			assert.Equal(t, "b", s.Rows[0].Name)
		}},
		{"white space stays", `<result><text> </text></result>`, func(t *testing.T, s sample) { assert.Equal(t, " ", s.Text) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var s sample
			require.NoError(t, xmlFormat.Decode([]byte(test.doc), &s, new(api.Notes)))
			test.check(t, s)
		})
	}
}

func TestXMLDecodeRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, doc, want string }{
		{"another root", `<answer><count>1</count></answer>`, "expected element type <result>"},
		{"a document type", `<!DOCTYPE r [<!ENTITY a "b">]><result><text>&a;</text></result>`, "document type"},
		{"a document type further in", `<result><text><!DOCTYPE r></text></result>`, "document type"},
		{"elements that cross", `<result><text>a</result></text>`, "element <text> closed by </result>"},
		{"an empty element that ends another", `<result><text></count></result>`, "element <text> closed by </count>"},
		{"another encoding", `<?xml version="1.0" encoding="EUC-JP"?><result/>`, "EUC-JP"},
		{"no number", `<result><count>many</count></result>`, "many"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := xmlFormat.Decode([]byte(test.doc), &sample{}, new(api.Notes))
			require.ErrorContains(t, err, test.want)
			assert.NotErrorIs(t, err, io.ErrUnexpectedEOF)
		})
	}
}

func TestXMLBrokenOffAnywhere(t *testing.T) {
	t.Parallel()
	const doc = `<?xml version="1.0"?><result><text a="b">x &amp; y</text><rows><row><Name/></row></rows></result>`
	for i := range len(doc) - 1 {
		require.ErrorIs(t, xmlFormat.Decode([]byte(doc[:i]), &sample{}, new(api.Notes)), io.ErrUnexpectedEOF, doc[:i])
	}
	require.NoError(t, xmlFormat.Decode([]byte(doc), &sample{}, new(api.Notes)))
}

func TestXMLUnknownElements(t *testing.T) {
	t.Parallel()
	type inner struct {
		Deep string `xml:"deep"`
	}
	type known struct {
		inner

		Rows []struct {
			Name string `xml:"name"`
		} `xml:"rows>row"`
		Echo struct {
			Raw string `xml:",innerxml"`
		} `xml:"requests"`
		Day    ItemTime `xml:"day"`
		Hidden string   `xml:"-"`
	}
	tests := []struct {
		name, doc string
		want      []string
	}{
		{"nothing", `<r><deep/><rows><row><name>a</name></row></rows><requests><x/></requests><day/></r>`, nil},
		{"each once", `<r><rows><row><age/></row><row><age/></row></rows></r>`, []string{"r.rows.row.age"}},
		{"between a list and its rows", `<r><rows><count/></rows></r>`, []string{"r.rows.count"}},
		{"inside text", `<r><deep><x/></deep></r>`, []string{"r.deep.x"}},
		{"sorted, whatever is below", `<r><z><y/></z><Hidden/><b/></r>`, []string{"r.Hidden", "r.b", "r.z"}},
		{"another case", `<r><Deep/></r>`, []string{"r.Deep"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, xmlFormat.Unknown([]byte(test.doc), reflect.TypeFor[*known]()))
		})
	}
	assert.Equal(t, []string{"result.anything.else"},
		xmlFormat.Unknown([]byte(`<result><anything><pcRedirect>1</pcRedirect><else/></anything></result>`), reflect.TypeFor[*sample]()))
}

func TestXMLBody(t *testing.T) {
	t.Parallel()
	type request struct {
		XMLName struct{} `xml:"request"`
		Text    string   `xml:"text"`
	}
	body, err := xmlBody(request{Text: "<a>&\n傘"})
	require.NoError(t, err)
	assert.Equal(t, xml.Header+"<request><text>&lt;a&gt;&amp;&#xA;傘</text></request>", string(body.Data))
	assert.Equal(t, "application/xml; charset=utf-8", body.Type)
	for _, text := range []string{"a\x01", "a\xff", "a\x00"} {
		_, err := xmlBody(request{Text: text})
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		require.ErrorContains(t, err, "control character")
	}
}

func FuzzXMLDecode(f *testing.F) {
	for _, doc := range []string{
		`<result><number/><rows><row><Name>a</Name></row></rows></result>`, `<result><goldTop><pcRedirect>1</pcRedirect></goldTop></result>`,
		`<!DOCTYPE r><result/>`, `<result><text>&amp;`, `<a:result xmlns:a="b"><a:count>1</a:count></a:result>`, "<result>\xff</result>", `<?xml?>`,
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var s sample
		unknown := xmlFormat.Unknown(data, reflect.TypeFor[*sample]())
		for _, path := range unknown {
			assert.Contains(t, path, ".")
		}
		parseXMLFailure(data)
		if xmlFormat.Decode(data, &s, new(api.Notes)) != nil {
			return
		}
		again, err := xml.Marshal(s)
		if err != nil {
			return // a name that the reader takes and the writer does not
		}
		var second sample
		require.NoError(t, xmlFormat.Decode(again, &second, new(api.Notes)), string(again))
		assert.Equal(t, s.Number, second.Number)
		assert.Equal(t, s.Count, second.Count)
		assert.Equal(t, strings.ToValidUTF8(s.Text, "\uFFFD"), second.Text)
		assert.Len(t, second.Rows, len(s.Rows))
	})
}

func FuzzXMLFailure(f *testing.F) {
	for _, body := range []string{
		`<result><status><systemStatus>NG</systemStatus><message>Data not found</message></status></result>`,
		`<result><errors><error><code>C1</code><message>no</message></error></errors></result>`,
		`<error>`, `<result><resultCode>3004</resultCode>`, `<requests><error/></requests>`, strings.Repeat("<a>", 100), `</a></a><error><code>x`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got := parseXMLFailure(body)
		assert.False(t, got.refused && succeeds(body))
		assert.Equal(t, got.refused, len(got.details) > 0)
	})
}
