package rakutentest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

// xmlStatus is the head of the answers of the XML families.
type xmlStatus struct {
	InterfaceID  string `xml:"interfaceId"`
	SystemStatus string `xml:"systemStatus"`
	Message      string `xml:"message"`
	RequestID    string `xml:"requestId"`
	Requests     echo   `xml:"requests"`
}

// status is the head of an answer; the request id is in the body.
func (c *call) status(system, text string) xmlStatus {
	return xmlStatus{InterfaceID: c.name, SystemStatus: system, Message: text, RequestID: c.id, Requests: echo(c.query)}
}

// echo repeats the parameters of a query, one element each. What the platform repeats of a
// body is not known: the fake repeats nothing of it.
type echo url.Values

var elementName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)

// MarshalXML writes the element also when there is nothing in it.
func (e echo) MarshalXML(out *xml.Encoder, start xml.StartElement) error {
	if err := out.EncodeToken(start); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(e)) {
		if !elementName.MatchString(name) {
			continue
		}
		if err := out.EncodeElement(url.Values(e).Get(name), xml.StartElement{Name: xml.Name{Local: name}}); err != nil {
			return err
		}
	}
	return out.EncodeToken(start.End())
}

// decimal is a number in thousandths, as XML carries it: three decimals and never an
// exponent. Fields of XML answers are whole numbers, texts or decimals, and no floats.
type decimal int64

// kilobytes is a number of bytes in KB.
func kilobytes(n int) decimal { return (decimal(n)*1000 + 512) / 1024 }

// MarshalText writes such as 5108671.439.
func (d decimal) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%d.%03d", d/1000, d%1000), nil
}

// readXML decodes an XML body and reports whether it is such a value.
func (c *call) readXML(v any) bool { return xml.Unmarshal(c.body, v) == nil }

// part is a part of a multipart body.
type part struct {
	name string // of the file; empty for what is none
	data []byte
}

// parts reads a multipart body.
func (c *call) parts() map[string]part {
	_, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil
	}
	parts := map[string]part{}
	reader := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		next, err := reader.NextPart()
		if err != nil {
			return parts
		}
		data, err := io.ReadAll(io.LimitReader(next, 64<<20))
		if err != nil {
			return nil
		}
		parts[next.FormName()] = part{next.FileName(), data}
	}
}

// refuseXML is a refusal of the coupon family. That Cabinet and Product use the same form
// for what concerns no function of theirs is a guess.
func (c *call) refuseXML(status int, code, message string) reply {
	return xmlAnswer(status, struct {
		XMLName xml.Name  `xml:"result"`
		Status  xmlStatus `xml:"status"`
		Code    string    `xml:"errors>error>code"`
		Message string    `xml:"errors>error>message"`
	}{Status: c.status("NG", message), Code: code, Message: message})
}

// wrongMethod is what the XML families say of a function that they do not know.
func (c *call) wrongMethod() reply {
	return c.refuseXML(http.StatusMethodNotAllowed, "405", "Method Not Allowed")
}
