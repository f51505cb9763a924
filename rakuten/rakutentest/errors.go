package rakutentest

import (
	"encoding/xml"
	"net/http"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// object is a JSON object.
type object = map[string]any

// reply is an answer.
type reply struct {
	status      int
	contentType string
	header      http.Header
	body        []byte
}

// Codes of the families that answer with a list of errors.
const (
	codeUnauthorized = "GA0001"
	codeNotFound     = "GE0014"
	codeNumber       = "IE0002"
	codeQuantity     = "IE0003"
	codeTooLong      = "IE0004"
	codeParameter    = "IE0105"
	codeKeys         = "IE0121"
	codeNotPlural    = "IE0128"
	codePath         = "GF0002"
)

// answer is a JSON answer.
func answer(status int, v any) reply {
	return reply{status: status, contentType: "application/json; charset=utf-8", body: fake.JSON(v)}
}

func ok(v any) reply { return answer(http.StatusOK, v) }

// noContent is the answer of a write that succeeded.
func noContent() reply { return reply{status: http.StatusNoContent} }

// apiError is one error of the families with a list of errors.
type apiError struct {
	Code     string    `json:"code"`
	Message  string    `json:"message"`
	Metadata *metadata `json:"metadata,omitempty"`
}

type metadata struct {
	PropertyPath string `json:"propertyPath"`
}

// problem is an error about a member, or about none when path is empty.
func problem(code, message, path string) apiError {
	e := apiError{Code: code, Message: message}
	if path != "" {
		e.Metadata = &metadata{path}
	}
	return e
}

func refuseAll(status int, problems ...apiError) reply {
	return answer(status, object{"errors": problems})
}

func refuse(status int, code, message, path string) reply {
	return refuseAll(status, problem(code, message, path))
}

func notFound() reply { return refuse(http.StatusNotFound, codeNotFound, "not found", "") }

// unauthorized is what all families answer alike, also those of XML.
func unauthorized() reply {
	return refuseAll(http.StatusUnauthorized, problem(codeUnauthorized, "Un-Authorised", ""))
}

// notEnabled is the gateway's answer for a function that is not in use.
func notEnabled() reply {
	return answer(http.StatusForbidden, object{"Results": object{"errorCode": "ES04-01", "message": "The function is not allowed for this license key"}})
}

const xmlType = "text/xml"

// xmlAnswer is an XML answer; v is encoded with its XMLName.
func xmlAnswer(status int, v any) reply {
	body, err := xml.Marshal(v)
	if err != nil {
		panic("rakutentest: encode a reply: " + err.Error())
	}
	return reply{status: status, contentType: xmlType + "; charset=utf-8", body: append([]byte(xml.Header), body...)}
}
