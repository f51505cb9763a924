package rakuten

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/lenient"
)

// found is an answer with everything that a model may have.
type found struct {
	XMLName struct{} `xml:"result"`
	All     int      `xml:"all"`
	Rows    []struct {
		ID    int64    `xml:"id"`
		Name  string   `xml:"name"`
		Rank  *int     `xml:"rank"`
		Size  float64  `xml:"size"`
		Short bool     `xml:"short"`
		Small int8     `xml:"small"`
		Flag  Flag     `xml:"flag"`
		Date  ItemTime `xml:"date"`
		Terms []struct {
			Value int `xml:"value"`
		} `xml:"terms>term"`
	} `xml:"rows>row" rows:"id"`
}

func decodeFound(t *testing.T, doc string) (found, *api.Notes, error) {
	t.Helper()
	var out found
	notes := new(api.Notes)
	err := xmlFormat.Decode([]byte(doc), &out, notes)
	return out, notes, err
}

func TestXMLRepairsTexts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"a byte that is no UTF-8":       {"a\xffb", "a\uFFFDb"},
		"half of a character":           {"傘\xe5\x82", "傘\uFFFD\uFFFD"},
		"control characters":            {"a\x00\x01\x1fb", "a\uFFFD\uFFFD\uFFFDb"},
		"a character that XML forbids":  {"a\uFFFEb", "a\uFFFDb"},
		"a forbidden reference":         {"a&#0;&#x1;&#xD800;b", "a\uFFFD\uFFFD\uFFFDb"},
		"a reference beyond Unicode":    {"a&#x110000;b", "a\uFFFDb"},
		"entities of HTML":              {"a&nbsp;&yen;&hearts;b&zzz;", "a\u00a0¥♥b&zzz;"},
		"an entity of nobody":           {"&a;", "&a;"},
		"bare ampersands":               {"A&B & C&", "A&B & C&"},
		"a numeric one of nobody":       {"&#x;&#1x;", "&#x;&#1x;"},
		"the end of a block":            {"a]]>b", "a]]>b"},
		"a block is left as it is":      {"<![CDATA[&nbsp;]]>&nbsp;", "&nbsp;\u00a0"},
		"with a broken byte in a block": {"<![CDATA[&a;\xff]]>", "&a;\uFFFD"},
		"sound references stay":         {"&lt;&#x5098;&#20661;&amp;\xff", "<傘債&\uFFFD"},
	} {
		out, notes, err := decodeFound(t, `<?xml version="1.0"?><!-- & --><result><rows><row><name>`+test.text+`</name></row></rows></result>`)
		require.NoError(t, err, name)
		require.Len(t, out.Rows, 1, name)
		assert.Equal(t, test.want, out.Rows[0].Name, name)
		assert.Empty(t, notes.Rows, name)
		assert.Equal(t, []shotengai.Drift{{Path: "result.rows.row[0].name", Kind: shotengai.DriftText}}, notes.Drift, name)
	}
}

func TestXMLReadsOddSpellings(t *testing.T) {
	t.Parallel()
	out, notes, err := decodeFound(t, `<result><all>2.0</all><rows>`+
		`<row><id>7.0</id><rank>--</rank><size>1,5</size></row>`+
		`<row><id> 8 </id><rank> </rank><size> 1.5</size><short>0</short><flag>1.0</flag><date> 2026-01-02T03:04:05+09:00</date><terms><term><value>1e2</value></term></terms></row>`+
		`<row/><row></row><row><id>9</id><rank>3.00</rank><size></size><short/><flag> 1</flag></row></rows></result>`)
	require.NoError(t, err)
	assert.Equal(t, 2, out.All)
	require.Len(t, out.Rows, 2)
	assert.EqualValues(t, 8, out.Rows[0].ID)
	assert.Nil(t, out.Rows[0].Rank)
	assert.InDelta(t, 1.5, out.Rows[0].Size, 0)
	assert.True(t, bool(out.Rows[0].Flag))
	assert.Equal(t, 2026, out.Rows[0].Date.Year())
	assert.Equal(t, 100, out.Rows[0].Terms[0].Value)
	assert.Equal(t, 3, *out.Rows[1].Rank)
	require.Len(t, notes.Rows, 1)
	assert.Equal(t, "7.0", notes.Rows[0].ID)
	var spelt []string
	for _, drift := range notes.Drift {
		assert.Equal(t, shotengai.DriftSpelling, drift.Kind)
		spelt = append(spelt, drift.Path)
	}
	assert.Contains(t, spelt, "result.all")
	assert.Contains(t, spelt, "result.rows.row[1].flag")
}

func TestXMLRowErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, member, path, reason string }{
		{"many", `<rank>many</rank>`, "rank", `"many" is not a whole number`},
		{"half", `<rank>1.5</rank>`, "rank", `"1.5" is not a whole number`},
		{"too large", `<small>128</small>`, "small", `"128" is out of range`},
		{"flag", `<flag>2</flag>`, "flag", `"2" is neither 0 nor 1`},
		{"bool", `<short>2</short>`, "short", `"2" is neither true nor false`},
		{"size", `<size>big</size>`, "size", `"big" is not a number`},
		{"date", `<date>2026/11/30</date>`, "date", `"2026/11/30" is not a time like`},
		{"inner list", `<terms><term><value>1</value></term><term><value>x</value></term></terms>`, "terms.term[1].value", `"x" is not a whole number`},
		{"broken byte", "<rank>\xff</rank>", "rank", "\"\uFFFD\" is not a whole number"},
	} {
		bad := `<row><id>8</id><name>b&amp;c</name>` + test.member + `</row>`
		out, notes, err := decodeFound(t, `<result><all>3</all><rows><row><id>7</id></row>`+bad+`<row><id>9</id></row></rows></result>`)
		require.NoError(t, err, test.name)
		require.Len(t, out.Rows, 2, test.name)
		assert.EqualValues(t, 7, out.Rows[0].ID)
		assert.EqualValues(t, 9, out.Rows[1].ID)
		assert.Equal(t, 3, out.All)
		require.Len(t, notes.Rows, 1, test.name)
		row := notes.Rows[0]
		assert.Equal(t, shotengai.RowError{List: "rows", Index: 1, ID: "8", Path: test.path, Raw: []byte(bad), Err: row.Err}, *row)
		require.ErrorContains(t, row.Err, test.reason)
	}
}

// Where no list has the value, the error names its place.
func TestXMLErrorsNameThePlace(t *testing.T) {
	t.Parallel()
	_, _, err := decodeFound(t, `<result><all>some</all></result>`)
	require.ErrorContains(t, err, `result.all: "some" is not a whole number`)
	_, ok := errors.AsType[*lenient.Error](err)
	assert.True(t, ok)
}

// A reading that failed leaves nothing behind, so that the next attempt does not add to it.
func TestXMLBrokenOffLeavesNothing(t *testing.T) {
	t.Parallel()
	const doc = `<result><rows><row><id>7</id></row><row><id>8</id></row></rows></result>`
	var out found
	require.ErrorIs(t, xmlFormat.Decode([]byte(doc[:len(doc)-12]), &out, new(api.Notes)), io.ErrUnexpectedEOF)
	require.NoError(t, xmlFormat.Decode([]byte(doc), &out, new(api.Notes)))
	assert.Len(t, out.Rows, 2)
	require.ErrorIs(t, xmlFormat.Decode([]byte("<result><rows><row><name>\xff</name>"), &out, new(api.Notes)), io.ErrUnexpectedEOF)
}

func TestXMLOtherCharset(t *testing.T) {
	t.Parallel()
	_, _, err := decodeFound(t, `<?xml version="1.0" encoding="Shift_JIS"?><result/>`)
	require.ErrorIs(t, err, api.ErrCharset)
}

// A refusal is found behind a broken text too.
func TestXMLFailureBehindABrokenText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"\xff", "\x01", "&#0;"} {
		f := parseXMLFailure([]byte(`<result><status><interfaceId>` + text + `</interfaceId><systemStatus>NG</systemStatus><message>no</message></status></result>`))
		assert.True(t, f.refused, "%q", text)
	}
}

// The lenient reading reads what encoding/xml reads, and to the same value.
func FuzzXMLLenient(f *testing.F) {
	for _, doc := range []string{
		`<result><all>2</all><rows><row><id>7</id><rank/><terms><term><value>1</value></term></terms></row><row/></rows></result>`,
		`<result><rows><row><name><![CDATA[a]]>b<!-- c --></name><short>true</short></row></rows><rows><row><id>1</id></row></rows></result>`,
		`<result xmlns="x"><all> 2 </all><rows>text<row a="b"><id>7</id><id>8</id></row></rows></result>`, `<result><rows/></result>`,
	} {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		plain, err := withoutEmpty([]byte(doc))
		var want, got found
		if err != nil || xml.Unmarshal(plain, &want) != nil {
			return
		}
		notes := new(api.Notes)
		require.NoError(t, decodeLenient([]byte(doc), &got, notes))
		assert.Empty(t, notes.Rows)
		assert.Equal(t, want, got)
	})
}

// A list with one row that cannot be read has all others.
func FuzzXMLOneOddRow(f *testing.F) {
	for i, member := range []string{"many", "2026/11/30", "\xff", "<x>", "&a;", "1.5", "]]>", "<rank>x</rank>", "<rank/><rank>7</rank>", "<!-- -->"} {
		f.Add(member, uint8(i))
	}
	elements := []string{"id", "name", "rank", "size", "short", "small", "flag", "date", "terms", "other"}
	f.Fuzz(func(t *testing.T, member string, which uint8) {
		element := elements[int(which)%len(elements)]
		odd := fmt.Sprintf("<row><%s>%s</%s></row>", element, member, element)
		if xml.Unmarshal(cleanXML([]byte(odd)).data, new(struct{})) != nil || strings.Contains(member, "<!") || strings.Contains(member, "<?") {
			return // it breaks the document, and not the row
		}
		rows := []string{"<row><id>1</id></row>", "<row><id>2</id></row>", odd, "<row><id>4</id></row>", "<row><id>5</id></row>"}
		out, notes, err := decodeFound(t, "<result><all>5</all><rows>"+strings.Join(rows, "")+"</rows></result>")
		require.NoError(t, err)
		var ids []int64
		for _, row := range out.Rows {
			ids = append(ids, row.ID)
		}
		require.GreaterOrEqual(t, len(ids), 4)
		assert.Equal(t, []int64{1, 2, 4, 5}, append(ids[:2:2], ids[len(ids)-2:]...))
		if len(notes.Rows) > 0 {
			assert.Equal(t, odd, string(notes.Rows[0].Raw))
			assert.Equal(t, 2, notes.Rows[0].Index)
		}
		assert.Equal(t, 5, out.All)
	})
}

// Unknown elements are found behind a broken text too.
func TestXMLUnknownElementsOfABrokenDocument(t *testing.T) {
	t.Parallel()
	unknown := xmlFormat.Unknown([]byte("<result><all>\x01</all><age>\xff</age></result>"), reflect.TypeFor[*found]())
	assert.Equal(t, []string{"result.age"}, unknown)
}

// A sound document costs what encoding/xml does: the lenient reading is not prepared for.
func TestSoundXMLCostsNothing(t *testing.T) { //nolint:paralleltest // allocations of other tests would be counted
	data := []byte("<result><all>100</all><rows>" + strings.Repeat("<row><id>7</id><name>傘</name><rank/><flag>1</flag></row>", 100) + "</rows></result>")
	notes := new(api.Notes)
	bare := testing.AllocsPerRun(20, func() {
		plain, err := withoutEmpty(data)
		var out found
		if err != nil || xml.Unmarshal(plain, &out) != nil {
			t.Error("the document is sound")
		}
	})
	whole := testing.AllocsPerRun(20, func() {
		var out found
		if xmlFormat.Decode(data, &out, notes) != nil {
			t.Error("the document is sound")
		}
	})
	assert.LessOrEqual(t, whole, bare+1)
	assert.Empty(t, notes.Drift)
}
