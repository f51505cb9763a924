package rakuten

import (
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// FuzzErrorBody holds that no body makes the readers of errors panic or give text that no
// log can take.
func FuzzErrorBody(f *testing.F) {
	for _, body := range []string{
		`{"errors":[{"code":"GA0001","message":"Un-Authorised","metadata":{"propertyPath":null}}]}`,
		`{"Results":{"errorCode":"ES04-01","message":"x"}}`,
		`{"MessageModelList":[{"messageType":"ERROR","messageCode":"E","orderNumber":null,"dataNumber":"1"}]}`,
		`{"error":{"code":"IE001","targets":{"a":1,"b":["c"]}}}`,
		`{"resultCode":"E00-001"}`,
		`<result><status><systemStatus>NG</systemStatus></status><errors><error><code>1</code></error></errors></result>`,
		`<shopbiz:r xmlns:shopbiz="x"><resultMessageList><resultMessage><code>1</code>`,
		`<error><code>x`, `<code>x</code>`, `<html>`, `{"errors":`, "",
	} {
		f.Add([]byte(body), 400)
		f.Add([]byte(body), 200)
	}
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		for _, family := range families {
			reply := &api.Reply{Operation: "GET " + family.prefix + "x", StatusCode: status, Body: body}
			verdict := classify(reply)
			err := &shotengai.Error{
				Platform: "rakuten", Operation: reply.Operation, StatusCode: status, Body: body, Kind: verdict.Kind,
				Code: verdict.Code, Message: verdict.Message, Field: verdict.Field, Details: verdict.Details, RequestID: verdict.RequestID,
			}
			if text := err.Error(); !utf8.ValidString(text) || text == "" {
				t.Errorf("text %q", text)
			}
			if status == 200 && verdict.Refused && verdict.Kind == nil {
				t.Error("a refusal without a kind")
			}
		}
	})
}

// FuzzXMLDrift holds that the walk over foreign elements ends.
func FuzzXMLDrift(f *testing.F) {
	type inner struct {
		Code []string `xml:"code"`
	}
	type shape struct {
		Status string  `xml:"status>systemStatus"`
		Items  []inner `xml:"items>item"`
	}
	f.Add([]byte(`<r><status><systemStatus>OK</systemStatus><x/></status><items><item><code>1</code><y/></item></items></r>`))
	f.Add([]byte(`<r><a><b>`))
	f.Fuzz(func(_ *testing.T, data []byte) { xmlFormat.Unknown(data, reflect.TypeFor[*shape]()) })
}
