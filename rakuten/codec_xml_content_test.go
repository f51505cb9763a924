package rakuten

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/api"
)

var contentDocuments = []string{
	`<result><all>2</all><rows><row><id>7</id><rank/><name><!-- a --></name></row><row></row></rows></result>`,
	`<?xml version="1.0"?><result xmlns:a="b"><a:all>1</a:all><all a="b"/><rows/></result>`,
	`<result><all>1</all></result><!DOCTYPE r>`, `<result/>`, `<result><all>1</rows></result>`, "<result>\n<all>x</all>\n<rows>\n<row>", `</result>`,
	`<result><all></rows></result>`, `<a:result xmlns:a="b"><a:all/></a:result>`, `<result><rows><row><name><![CDATA[]]></name></row></rows></result>`,
}

func checkContent(t *testing.T, doc string) {
	t.Helper()
	plain, err := withoutEmpty([]byte(doc))
	if err != nil {
		return
	}
	var want, got found
	wrong := xml.Unmarshal(plain, &want)
	err = decodeContent([]byte(doc), &got)
	if wrong != nil {
		require.Error(t, err, doc)
		assert.Equal(t, isBrokenOff(wrong), isBrokenOff(err), "%s: %v, not %v", doc, err, wrong)
		return
	}
	require.NoError(t, err, doc)
	assert.Equal(t, want, got, doc)
}

func TestXMLContent(t *testing.T) {
	t.Parallel()
	for _, doc := range contentDocuments {
		for i := range len(doc) + 1 {
			checkContent(t, doc[:i])
		}
	}
	require.ErrorContains(t, decodeContent([]byte("<result>\n<all>1</all>\n<rows>"), new(found)), "line 3")
}

func FuzzXMLContent(f *testing.F) {
	for _, doc := range contentDocuments {
		f.Add(doc)
	}
	f.Fuzz(checkContent)
}

// The app's own types may keep the source of an element, or read it by themselves.
func TestXMLContentKeepsTheSource(t *testing.T) {
	t.Parallel()
	var out struct {
		Kept struct {
			Source string `xml:",innerxml"`
		} `xml:"kept"`
		Own ownReader `xml:"own"`
	}
	require.NoError(t, xmlFormat.Decode([]byte(`<result><none/><kept><a b="c">d</a></kept><own><e>f</e></own></result>`), &out, new(api.Notes)))
	assert.Equal(t, `<a b="c">d</a>`, out.Kept.Source)
	assert.Equal(t, `<e>f</e>`, string(out.Own))
}

type ownReader string

func (o *ownReader) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	var inner struct {
		Source string `xml:",innerxml"`
	}
	err := d.DecodeElement(&inner, &start)
	*o = ownReader(inner.Source)
	return err
}

// A sound answer is read once: it costs what encoding/xml does with the elements that have content.
func TestSoundXMLIsReadOnce(t *testing.T) { //nolint:paralleltest // allocations of other tests would be counted
	data := []byte("<result><status><systemStatus>OK</systemStatus></status><all>100</all><rows>" +
		strings.Repeat("<row><id>7</id><name>傘</name><flag>1</flag></row>", 100) + "</rows></result>")
	notes, reply := new(api.Notes), &api.Reply{Body: data}
	bare := testing.AllocsPerRun(20, func() {
		if xml.Unmarshal(data, new(found)) != nil {
			t.Error("the document is sound")
		}
	})
	whole := testing.AllocsPerRun(20, func() {
		if refusesByStatus(reply) || xmlFormat.Decode(data, new(found), notes) != nil {
			t.Error("the document is sound")
		}
	})
	assert.LessOrEqual(t, whole, bare+6, "two decoders, one above the other, and no token twice")
	assert.Empty(t, notes.Drift)
}

// An answer is looked into wherever an element of it could be a refusal.
func TestXMLSuccess(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]bool{
		`<result><status><systemStatus>OK</systemStatus></status><a><resultCode>0</resultCode></a></result>`: true,
		`<result><resultCode>N000</resultCode><result><a/></result></result>`:                                true,
		`<result/>`: true,
		`<result><status><systemStatus>NG</systemStatus></status></result>`:                                                            false,
		`<result><status><systemStatus>OK</systemStatus><systemStatus> NG</systemStatus></status></result>`:                            false,
		`<result><status><systemStatus>OK</systemStatus></status><a><resultCode>3004</resultCode></a></result>`:                        false,
		`<result><status><a:systemStatus>NG</a:systemStatus></status></result>`:                                                        false,
		`<result><resultCode x="y">N001</resultCode></result>`:                                                                         false,
		`<result><errors><error><code>C1</code></error></errors></result>`:                                                             false,
		`<result><a><resultMessage><code>C1</code></resultMessage></a></result>`:                                                       false,
		`<result><a><resultCode>0<!-- --></resultCode></a></result>`:                                                                   false,
		fmt.Sprintf(`<result>%s</result>`, strings.Repeat(`<a><resultCode>0</resultCode></a>`, 3)+`<a><resultCode>1</resultCode></a>`): false,
	} {
		assert.Equal(t, want, succeeds([]byte(doc)), doc)
	}
}
