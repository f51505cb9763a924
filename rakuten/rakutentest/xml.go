package rakutentest

import (
	"bytes"
	"encoding/xml"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// xmlStatus is the head of the answers of the XML families.
type xmlStatus struct {
	InterfaceID  string `xml:"interfaceId"`
	SystemStatus string `xml:"systemStatus"`
	Message      string `xml:"message"`
	RequestID    string `xml:"requestId"`
}

// status is the head of an answer; the request id is in the body.
func (c *call) status(system, text string) xmlStatus {
	name := strings.ReplaceAll(strings.TrimPrefix(c.r.URL.Path, "/es/1.0/"), "/", ".")
	return xmlStatus{InterfaceID: name, SystemStatus: system, Message: text, RequestID: newPair("", "fake")}
}

// readXML decodes an XML body and reports whether it is such a value.
func (c *call) readXML(v any) bool { return xml.Unmarshal(c.body, v) == nil }

// parts reads a multipart body.
func (c *call) parts() map[string][]byte {
	_, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil
	}
	parts := map[string][]byte{}
	reader := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		part, err := reader.NextPart()
		if err != nil {
			return parts
		}
		data, err := io.ReadAll(io.LimitReader(part, 64<<20))
		if err != nil {
			return nil
		}
		parts[part.FormName()] = data
	}
}

// couponRefusal is a refusal of the coupon family.
func (c *call) couponRefusal(status int, code, message string) reply {
	return xmlAnswer(status, couponAnswer{Status: c.status("NG", message), Errors: []couponError{{code, message}}})
}

type couponError struct {
	Code    string `xml:"code"`
	Message string `xml:"message"`
}

// wrongMethod is what the XML families say of a function that they do not know.
func (c *call) wrongMethod() reply {
	return xmlAnswer(http.StatusMethodNotAllowed, struct {
		XMLName xml.Name  `xml:"result"`
		Status  xmlStatus `xml:"status"`
	}{Status: c.status("NG", "Method Not Allowed")})
}
