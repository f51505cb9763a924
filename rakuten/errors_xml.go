package rakuten

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// xmlFailure is what an XML answer says of itself.
type xmlFailure struct {
	failure
	refused bool // NG, an error element, or a result code that means no success
}

// parseXMLFailure reads the status of the cabinet, product and coupon families, the error
// elements of the coupon family and the result codes of cabinet and shop. What status
// repeats of the request is not looked at.
func parseXMLFailure(body []byte) xmlFailure {
	f, err := readXMLFailure(body)
	if err != nil { // a broken text may be what it ended at
		f, _ = readXMLFailure(cleanXML(body).data)
	}
	return f
}

// readXMLFailure is parseXMLFailure for a document whose texts are sound. With an error it
// returns what a body said before it broke off.
func readXMLFailure(body []byte) (f xmlFailure, broken error) {
	var status, result shotengai.Detail
	var path []string
	dec := xml.NewDecoder(bytes.NewReader(body))
	dec.Strict = false
	for len(path) < maxXMLDepth {
		token, err := dec.Token()
		if err != nil {
			broken = unlessEnd(err)
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "requests" {
				_ = dec.Skip()
				continue
			}
			path = append(path, t.Name.Local)
			if t.Name.Local == "error" || t.Name.Local == "resultMessage" {
				f.details = append(f.details, shotengai.Detail{})
			}
		case xml.EndElement:
			path = path[:max(len(path)-1, 0)]
		case xml.CharData:
			f.read(strings.Join(path[max(len(path)-2, 0):], "/"), strings.TrimSpace(string(t)), &status, &result)
		}
	}
	if len(f.details) > 0 && !strings.HasPrefix(result.Code, shopOK) {
		f.refused = true
	}
	if f.refused && len(f.details) == 0 {
		f.details = append(f.details, shotengai.Detail{Code: result.Code, Message: status.Message})
	}
	if !f.refused {
		f.details = nil
	}
	return f, broken
}

// unlessEnd is an error of a reader, unless it is the end of what it reads.
func unlessEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// maxXMLDepth bounds the nesting that is looked into.
const maxXMLDepth = 64

// shopOK is the result code of the shop family for success.
const shopOK = "N000"

// read takes the text of one element, named with the one around it.
func (f *xmlFailure) read(element, text string, status, result *shotengai.Detail) {
	if text == "" {
		return
	}
	switch element {
	case "status/systemStatus":
		f.refused = f.refused || text == "NG"
	case "status/message":
		status.Message = text
	case "status/requestId":
		f.requestID = text
	case "error/code", "resultMessage/code":
		f.details[len(f.details)-1].Code = text
	case "error/message", "resultMessage/message":
		f.details[len(f.details)-1].Message = text
	case "resultMessage/fieldId":
		f.details[len(f.details)-1].Field = text
	default:
		if strings.HasSuffix(element, "/resultCode") {
			result.Code = text
			f.refused = f.refused || text != "0" && text != shopOK
		}
	}
}

// refusesByStatus finds a refusal of the XML families in an answer with status 200.
func refusesByStatus(reply *api.Reply) bool {
	return !succeeds(reply.Body) && parseXMLFailure(bytes.TrimSpace(reply.Body)).refused
}

// successes are the elements that decide, by their names, as an answer writes them that is no
// refusal.
var successes = map[string][]string{
	"systemStatus":  {"<systemStatus>OK</systemStatus>"},
	"resultCode":    {"<resultCode>0</resultCode>", "<resultCode>" + shopOK + "</resultCode>"},
	"error":         nil,
	"resultMessage": nil,
}

// succeeds reports whether an answer is no refusal to anyone who reads it, so that it need not
// be: each element that could refuse is a success, letter by letter.
func succeeds(body []byte) bool {
	for name, elements := range successes {
		names := bytes.Count(body, []byte(name))
		for _, element := range elements {
			names -= 2 * bytes.Count(body, []byte(element)) // the start and the end
		}
		if names != 0 {
			return false
		}
	}
	return true
}
